import { StorageFailed } from "../store/s3-store.ts";
import type { WireIssue } from "./outcome.ts";

/** What around the service fails for a while: nothing was changed, and the same request may succeed later. */
export interface Outage {
  readonly name: "unavailable" | "full";
  /** For the operator's log. */
  readonly cause: "database unavailable" | "document store unavailable" | "no room left";
  /** Seconds before it is worth asking again. */
  readonly retryAfter: number;
  readonly issue: WireIssue;
}

const databaseAway: Outage = {
  name: "unavailable",
  cause: "database unavailable",
  retryAfter: 5,
  issue: { code: "transient", fr: "Service momentanément indisponible.", en: "Service unavailable for the moment." },
};
// To the caller it is the same: what keeps the service from answering is the operator's business.
const storageAway: Outage = { ...databaseAway, cause: "document store unavailable" };
const full: Outage = {
  name: "full",
  cause: "no room left",
  retryAfter: 60,
  issue: {
    code: "no-store",
    fr: "Plus de place pour le moment : rien n'a été enregistré. Réessayez plus tard.",
    en: "No room left for the moment: nothing was kept. Try again later.",
  },
};

/** What the system says of a machine that is not there, or whose name is not known for the moment. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** What the system says of a disk, or of the share that it is on: a database would not say it in these words. */
const DISK_AWAY = /^(EROFS|EIO|EREMOTEIO|ESTALE|ENOTCONN|EHOSTDOWN)$/;

/**
 * Connection lost or refused, the database shutting down or out of what it needs (classes 08, 57 and 53 of SQLSTATE), the
 * storage of contents away, or no room left on a disk. Undefined for what is a fault of ours.
 */
export function outageOf(error: unknown): Outage | undefined {
  if (error instanceof StorageFailed) return storageAway;
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error ? String(error.code) : "";
  if (/^(ENOSPC|EDQUOT|53100)$/.test(code)) return full;
  if (DISK_AWAY.test(code)) return storageAway;
  if (/^(08|57P|53)/.test(code) || UNREACHABLE.has(code)) return databaseAway;
  return /connection terminated|timeout exceeded|not queryable/i.test(error.message) ? databaseAway : undefined;
}
