import type { HealthcareService, Patient } from "fhir/r4.js";
import type { CallOptions } from "../fhir/http/index.ts";
import type { Ins } from "../identity/ins.ts";
import type { Capabilities } from "./capabilities.ts";
import { type ConnectOptions, createContext, ofRecord } from "./context.ts";
import { createRecordHandle } from "./record.ts";
import type { RecordHandle } from "./record-handle.ts";
import type { Indicators, ProfessionalInformation } from "./types.ts";

export interface CarnetClient {
  readonly baseUrl: string;
  /** One person's record. Nothing is asked until a verb is called. @throws InsError when this is not an INS */
  record(ins: Ins | string): RecordHandle;
  /** What the service offers (`GET metadata`), read once. */
  capabilities(options?: CallOptions): Promise<Capabilities>;
  /** Forgets every content held in memory, in every mode: call it at sign-out or when the patient changes. */
  forget(): void;
  /**
   * TD0.5: a person without INS, by family name, given name and birth date (`YYYY-MM-DD`): only the dispatch centre, connected
   * with `purposeOfUse: "ETREAT"` (R43); at most ten. @throws AccessRefused, DocumentRejected (too many, or a trait is missing)
   */
  findPatients(
    traits: { readonly family: string; readonly given: string; readonly birthDate: string },
    options?: CallOptions,
  ): Promise<Patient[]>;
  /**
   * TD0.4. For a patient: their own record, and those of the people whom they represent or help (R9, R14). For a
   * professional or structure: "my patients", the open records of those who agreed, last acted on first (R60), or with
   * `sortBy: "lastDocument"` by the last document that nobody is kept from. Every page is fetched, and each record shown
   * keeps a line of it. Throws nothing but the common errors: who has none gets none.
   */
  myRecords(options?: CallOptions & { readonly sortBy?: "lastDocument" }): Promise<Patient[]>;
  /** R168: the catalogue of applications, with the purposes of each. Throws nothing but the common errors. */
  applications(options?: CallOptions): Promise<HealthcareService[]>;
  /** R194: the types of documents that a professional follows; with `types`, these from now on. @throws AccessRefused */
  documentAlerts(types?: readonly string[], options?: CallOptions): Promise<string[]>;
  /** R68: what a professional must have understood; `isUnderstood: true` says so. @throws AccessRefused */
  professionalInformation(
    options?: CallOptions & { readonly isUnderstood?: boolean },
  ): Promise<ProfessionalInformation>;
  /** R212, R214: the operator's published figures; no token is sent. @throws Unavailable before the first count */
  indicators(options?: CallOptions): Promise<Indicators>;
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
  const context = createContext(options);
  // Written once for all of them: what spans records is fetched at its first use.
  const across = spanning.map((name) => [
    name,
    async (...rest: never[]) =>
      ((await import("./across.ts"))[name] as (...all: unknown[]) => unknown)(context, ...rest),
  ]);
  return {
    baseUrl: context.http.baseUrl,
    record: (ins) => createRecordHandle(ofRecord(context, ins)),
    capabilities: context.capabilities,
    forget: () => context.contents.clear(),
    ...(Object.fromEntries(across) as Pick<CarnetClient, (typeof spanning)[number]>),
  };
}

const spanning = [
  "findPatients",
  "myRecords",
  "applications",
  "documentAlerts",
  "professionalInformation",
  "indicators",
] as const;
