import { type CallOptions, createHttp, type HttpOptions } from "../fhir/http/index.ts";
import { type Ins, parseIns } from "../identity/ins.ts";
import type { Capabilities } from "./capabilities.ts";
import { createContentCache } from "./content-cache.ts";
import type { ClientContext } from "./context.ts";
import { createRecordHandle } from "./record.ts";
import type { RecordHandle } from "./types.ts";

export interface ConnectOptions extends HttpOptions {
  /** Identifier of the depositing software (`urn:oid:…`), written in each lot. Default: the author's structure. */
  readonly sourceId?: string | undefined;
}

export interface CarnetClient {
  readonly baseUrl: string;
  /** One person's record. Nothing is asked until a verb is called. @throws InsError when this is not an INS */
  record(ins: Ins | string): RecordHandle;
  /** What the service offers (`GET metadata`), read once. */
  capabilities(options?: CallOptions): Promise<Capabilities>;
  /** Forgets every content held in memory: call it at sign-out or when the patient changes. */
  forget(): void;
}

/**
 * Connects to a record service.
 *
 * @example
 * const client = connect({ baseUrl: "https://carnet.example/fhir", accessToken: () => session.accessToken });
 * const record = client.record({ system: "urn:oid:1.2.250.1.213.1.4.10", value: ins });
 * for await (const document of record.documents()) console.log(document.type.display);
 */
export function connect(options: ConnectOptions): CarnetClient {
  const http = createHttp(options);
  const contents = createContentCache();
  let known: Promise<Capabilities> | undefined;
  const readOnce = async (call?: CallOptions) => (await import("./capabilities.ts")).readCapabilities(http, call);
  const capabilities = (call?: CallOptions) => {
    known ??= readOnce(call).catch((error: unknown) => {
      // A failure is not remembered: the next caller asks again.
      known = undefined;
      throw error;
    });
    return known;
  };
  const context: ClientContext = {
    http,
    contents,
    capabilities,
    locale: options.locale ?? "fr",
    sourceId: options.sourceId,
  };
  return {
    baseUrl: http.baseUrl,
    record: (ins) => createRecordHandle({ ...context, ins: parseIns(ins, { acceptFaultyTestNumbers: true }) }),
    capabilities,
    forget: () => contents.clear(),
  };
}
