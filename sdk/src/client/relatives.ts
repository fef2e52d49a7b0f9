import type { RelatedPerson } from "fhir/r4.js";
import type { CallOptions } from "../fhir/http/index.ts";
import { extensionUrl } from "../fhir/systems.ts";
import type { RecordContext } from "./context.ts";
import type { RelativeInput } from "./types.ts";
import { erase, given, idOf, searchRecord, toSubject, write } from "./wire.ts";

const ROLE = "https://mos.esante.gouv.fr/NOS/TRE_R260-HL7RoleClass/FHIR/TRE-R260-HL7RoleClass";

/** TD1.3a (R13, R14): see `RecordHandle.relatives`. */
export function relatives(context: RecordContext, options: CallOptions = {}): Promise<RelatedPerson[]> {
  return searchRecord(context, "RelatedPerson", {}, options);
}

/** R10, R14: see `RecordHandle.addRelative`. */
export function addRelative(
  context: RecordContext,
  relative: RelativeInput,
  options: CallOptions = {},
): Promise<RelatedPerson> {
  const code = given(relative, "relative: { role, ins, name, … }").role === "carer" ? "CAREGIVER" : "GUARD";
  return write(
    context,
    "RelatedPerson",
    {
      extension: [{ url: extensionUrl.attestation, valueBoolean: relative.isAttested }],
      patient: toSubject(context.ins),
      identifier: [{ ...relative.ins }],
      relationship: [{ coding: [{ system: ROLE, code }] }],
      name: [{ text: relative.name }],
      ...(relative.until ? { period: { end: relative.until } } : {}),
    } satisfies Omit<RelatedPerson, "resourceType">,
    options,
  );
}

/** R10, R14: see `RecordHandle.removeRelative`. */
export function removeRelative(
  context: RecordContext,
  relative: RelatedPerson | string,
  options: CallOptions = {},
): Promise<void> {
  return erase(context, "RelatedPerson", idOf(relative, "relative"), options);
}
