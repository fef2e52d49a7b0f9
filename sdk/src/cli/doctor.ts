import { stat } from "node:fs/promises";
import { connect as connectTls } from "node:tls";
import * as v from "valibot";
import { isSignInError } from "../auth/errors.ts";
import { connect } from "../client/connect.ts";
import { isCarnetError, isUnauthorised } from "../fhir/http/index.ts";
import { openAccess, readKey } from "./access.ts";
import type { Io } from "./io.ts";
import type { Settings } from "./settings.ts";
import type { DoctorLine, Strings } from "./strings.ts";

/** One line of the examination. */
export interface Finding {
  readonly check: DoctorLine;
  readonly result: "ok" | "bad" | "skipped";
  /** What was found: a version, a date, a number; never a person's. */
  readonly found: string;
}

/** Beyond this a proof of possession, valid for a minute, may come too early or too late. */
const MOST_SKEW_MS = 30_000;
/** Three weeks: time enough to have a certificate renewed. */
const LEAST_DAYS = 21;
/** Without these the service can still be used. */
const optional: ReadonlySet<DoctorLine> = new Set(["lots", "consents", "summaries"]);

const Metadata = v.object({
  resourceType: v.literal("CapabilityStatement"),
  fhirVersion: v.string(),
  software: v.optional(v.object({ name: v.string(), version: v.optional(v.string()) })),
});

/** Examines from the outside in; what a former failure makes pointless is `skipped`. */
export async function examine(
  settings: Settings,
  ins: string | undefined,
  io: Io,
  strings: Strings,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const add = (check: DoctorLine, isOk: boolean | undefined, found: string) =>
    findings.push({ check, result: isOk === undefined ? "skipped" : isOk ? "ok" : "bad", found });

  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  add("node", major > 20 || (major === 20 && minor >= 19), process.versions.node);

  const base = settings.url.replace(/\/+$/, "");
  const reached = await reach(`${base}/metadata`, io.signal);
  add("connection", typeof reached !== "string", typeof reached === "string" ? reached : `${reached.ms} ms`);
  if (typeof reached === "string") return findings;
  const metadata = v.safeParse(Metadata, reached.json);
  const software = metadata.success ? metadata.output.software : undefined;
  add(
    "server",
    metadata.success && metadata.output.fhirVersion.startsWith("4.0"),
    metadata.success
      ? [software?.name, software?.version, `FHIR ${metadata.output.fhirVersion}`].filter(Boolean).join(" ")
      : "",
  );
  const skew = reached.skewMs;
  add(
    "clock",
    skew === undefined ? undefined : Math.abs(skew) < MOST_SKEW_MS,
    skew === undefined ? "" : `${(skew / 1000).toFixed(1)} s`,
  );
  await addCertificate("certificate", base);

  if (settings.issuer) {
    const issuer = await reach(`${settings.issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`, io.signal);
    const isIssuer = typeof issuer !== "string" && v.is(v.object({ issuer: v.string() }), issuer.json);
    add("issuer", isIssuer, typeof issuer === "string" ? issuer : `${issuer.ms} ms`);
    if (new URL(settings.issuer).host !== new URL(base).host)
      await addCertificate("issuer-certificate", settings.issuer);
  }
  if (settings.keyFile) await addKey(settings.keyFile);
  await addAccess();
  return findings;

  async function addCertificate(check: DoctorLine, address: string) {
    const url = new URL(address);
    if (url.protocol !== "https:") {
      add(check, undefined, url.protocol.replace(":", ""));
      return;
    }
    const certificate = await certificateOf(url);
    if (typeof certificate === "string") add(check, false, certificate);
    else {
      const days = Math.floor((certificate.until.getTime() - Date.now()) / 86_400_000);
      add(check, days >= LEAST_DAYS, `${certificate.until.toISOString().slice(0, 10)} (${days})`);
    }
  }

  async function addKey(path: string) {
    try {
      const { kty } = await readKey(path, strings);
      const { mode } = await stat(path);
      const isPrivate = process.platform === "win32" || (mode & 0o077) === 0;
      add("key", isPrivate, `${kty}, ${(mode & 0o777).toString(8)}`);
    } catch {
      add("key", false, path);
    }
  }

  async function addAccess() {
    const { sourceId, purposeOfUse, reason } = settings;
    let accessToken: Awaited<ReturnType<typeof openAccess>>;
    try {
      accessToken = await openAccess(settings, io, strings);
      await accessToken();
      add("sign-in", true, "");
    } catch (error) {
      add("sign-in", false, isSignInError(error) ? error.code : error instanceof Error ? error.message : "");
      return;
    }
    const client = connect({ baseUrl: base, accessToken, sourceId, purposeOfUse, reason });
    const { signal } = io;
    try {
      // The catalogue is for everybody who is known, and asking for it leaves a line in nobody's record.
      await client.applications({ signal });
      add("token", true, "");
    } catch (error) {
      // Whatever else is answered, the token was known. A 401 is the one answer to a token that is not.
      const isKnown =
        isCarnetError(error) && error.status !== undefined && error.status < 500 && !isUnauthorised(error);
      add("token", isKnown, isKnown ? "" : isCarnetError(error) ? error.code : "");
    }
    if (ins !== undefined) {
      try {
        const { state, authorisation, neverConsults } = await client.record(ins).status({ signal });
        const found = [state, authorisation, neverConsults].filter(Boolean).join(", ");
        add("rights", state === "open" && (authorisation === "valid" || neverConsults !== undefined), found);
      } catch (error) {
        add("rights", false, isCarnetError(error) ? error.code : "");
      }
    }
    try {
      const { hasTransaction, hasLots, hasConsent, hasSummary } = await client.capabilities({ signal });
      for (const [check, has] of [
        ["deposits", hasTransaction],
        ["lots", hasLots],
        ["consents", hasConsent],
        ["summaries", hasSummary],
      ] as const) {
        add(check, has || (optional.has(check) ? undefined : false), "");
      }
    } catch (error) {
      add("deposits", false, isCarnetError(error) ? error.code : "");
    }
  }
}

async function reach(address: string, signal: AbortSignal) {
  try {
    const before = Date.now();
    const response = await fetch(address, {
      headers: { accept: "application/fhir+json, application/json" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
    });
    const after = Date.now();
    const date = Date.parse(response.headers.get("date") ?? "");
    const json: unknown = await response.json().catch(() => undefined);
    if (!response.ok) return `HTTP ${response.status}`;
    // The header counts whole seconds: half of one is taken off.
    const skewMs = Number.isNaN(date) ? undefined : (before + after) / 2 - (date + 500);
    return { ms: after - before, skewMs, json };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "timeout";
  }
}

/** Until when the other side's certificate is valid; a text says why it cannot be trusted. */
function certificateOf(url: URL): Promise<{ readonly until: Date } | string> {
  return new Promise((resolve) => {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const socket = connectTls({ host, port: Number(url.port || 443), servername: host }, () => {
      const { valid_to } = socket.getPeerCertificate();
      socket.end();
      resolve({ until: new Date(valid_to) });
    });
    socket.setTimeout(15_000, () => socket.destroy(new Error("timeout")));
    socket.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
  });
}
