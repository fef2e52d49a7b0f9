import { type CallOptions, createHttp, type Http, type HttpOptions } from "../fhir/http/http.ts";
import { type Ins, parseIns } from "../identity/ins.ts";
import type { Capabilities } from "./capabilities.ts";
import { type ContentCache, createContentCache } from "./content-cache.ts";

/** In which mode a record is read (R70): `BTG` breaks the glass, for a reason that is kept and told (R71); `ETREAT` is the dispatch centre (R72). */
export type AccessMode =
  | { readonly purposeOfUse: "TREAT" | "ETREAT" }
  | { readonly purposeOfUse: "BTG"; readonly reason: string };

export interface ConnectOptions extends HttpOptions {
  /** Identifier of the depositing software (`urn:oid:…`), written in each lot. Default: the author's structure. */
  readonly sourceId?: string | undefined;
}

/** What every task of one client shares. */
export interface ClientContext {
  readonly http: Http;
  readonly locale: "fr" | "en";
  /** Identifier of the depositing software, `urn:oid:…`; default: the author's structure. */
  readonly sourceId?: string | undefined;
  /** Shared with the same connection in other modes. */
  readonly contents: ContentCache;
  /** What is read in one mode is not taken for read in another. */
  readonly mode?: string | undefined;
  readonly capabilities: (options?: CallOptions) => Promise<Capabilities>;
  /** The same connection in another mode. */
  readonly inMode: (mode: AccessMode) => ClientContext;
}

/** What every task on one record shares. */
export interface RecordContext extends ClientContext {
  readonly ins: Ins;
  /** The same as a FHIR token: `system|value`. */
  readonly insToken: string;
  /** How searches name the person: by INS, or by the id that a plain FHIR server gave (see `plain-server.ts`). */
  readonly subject: { query: Readonly<Record<string, string>>; id?: string };
}

/** What the tasks of one client share; nothing is asked yet. */
export function createContext(options: ConnectOptions): ClientContext {
  return openContext(options, createContentCache());
}

function openContext(options: ConnectOptions, contents: ContentCache): ClientContext {
  const http = createHttp(options);
  return {
    http,
    contents,
    mode: options.purposeOfUse,
    capabilities: async (call) => (await import("./capabilities.ts")).capabilitiesOf(http, call),
    inMode(mode) {
      // Passed over, a mode in other words would leave a doctor in the ordinary one, sure to have broken the glass.
      if (!mode?.purposeOfUse) throw new TypeError("mode: { purposeOfUse, … }");
      return openContext({ ...options, reason: undefined, ...mode }, contents);
    },
    locale: options.locale ?? "fr",
    sourceId: options.sourceId,
  };
}

/** The tasks of one person's record. @throws InsError when this is not an INS */
export function ofRecord(context: ClientContext, ins: Ins | string): RecordContext {
  const parsed = parseIns(ins, { acceptFaultyTestNumbers: true });
  const insToken = `${parsed.system}|${parsed.value}`;
  return { ...context, ins: parsed, insToken, subject: { query: { "patient.identifier": insToken } } };
}
