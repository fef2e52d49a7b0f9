import type { Http } from "../fhir/http/index.ts";
import type { Ins } from "../identity/index.ts";
import type { Capabilities } from "./capabilities.ts";
import type { ContentCache } from "./content-cache.ts";

/** What every task of one client shares. */
export interface ClientContext {
  readonly http: Http;
  readonly locale: "fr" | "en";
  /** Identifier of the depositing software, `urn:oid:…`; default: the author's structure. */
  readonly sourceId?: string | undefined;
  readonly contents: ContentCache;
  readonly capabilities: (options?: { readonly signal?: AbortSignal | undefined }) => Promise<Capabilities>;
}

/** What every task on one record shares. */
export interface RecordContext extends ClientContext {
  readonly ins: Ins;
}

/** The INS as a FHIR token: `system|value`. */
export function insToken(ins: Ins): string {
  return `${ins.system}|${ins.value}`;
}
