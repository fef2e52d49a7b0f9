import type { Database } from "./database.ts";
import type { OutboxRow, Trace } from "./row.ts";
import { outboxKey, unseal } from "./seal.ts";
import { likenessOf } from "./sketch.ts";

/** Above it, two texts about one patient are taken for two versions of a document, and the person is asked. */
const nearEnough = 0.5;

/** A document of the same patient, sent from this workstation, that this one seems to be or to come after. */
export interface Earlier {
  readonly likeness: "same" | "near";
  /** In the record, where it can be replaced; undefined while it still waits here. */
  readonly documentId: string | undefined;
  readonly uniqueId: string;
  readonly setId: string;
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

/** What is compared: see {@link Trace}. `replaces`: the document that the CDA itself says it replaces. */
export interface Compared extends Pick<Trace, "patient" | "content" | "sketch"> {
  readonly uniqueId: string | undefined;
  readonly replaces: string | undefined;
}

/** The most alike of what this person sent for this patient to this service; the latest among equals. */
export async function findEarlier(
  database: Database,
  sender: { readonly owner: string; readonly serviceUrl: string },
  compared: Compared,
): Promise<Earlier | undefined> {
  const key = await outboxKey(database);
  const rows = (await database.getAll("outbox")).filter(
    (row) => row.owner === sender.owner && row.serviceUrl === sender.serviceUrl && row.state !== "refused",
  );
  const found: { score: number; row: OutboxRow; trace: Trace }[] = [];
  for (const row of rows) {
    if (row.trace === undefined) continue;
    const trace = await unseal(key, row.trace, row.id, row.owner).catch((): undefined => undefined);
    // Another patient's document is never brought up, however alike.
    if (trace === undefined || (trace as Trace).patient !== compared.patient) continue;
    const score = scoreOf(row, trace as Trace, compared);
    if (score >= nearEnough) found.push({ score, row, trace: trace as Trace });
  }
  const [best] = found.sort((one, other) => other.score - one.score || other.row.createdAt - one.row.createdAt);
  if (best === undefined) return undefined;
  return {
    likeness: best.score >= 2 ? "same" : "near",
    documentId: best.row.receipt?.documentId,
    uniqueId: best.row.uniqueId,
    setId: best.trace.setId,
    version: best.trace.version,
    sentAt: best.row.createdAt,
  };
}

function scoreOf(row: OutboxRow, trace: Trace, compared: Compared): number {
  if (row.uniqueId === compared.uniqueId) return 4;
  if (row.uniqueId === compared.replaces) return 1.5;
  if (trace.content === compared.content) return 2;
  return likenessOf(trace.sketch, compared.sketch);
}
