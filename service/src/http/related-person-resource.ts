/** Representatives and carers as FHIR RelatedPersons. TD1.3a; R10, R13, R14, R22. */
import type { CodeableConcept, Extension, RelatedPerson } from "@carnet/sdk/fhir";
import { extensionUrl } from "@carnet/sdk/fhir";
import type { RepresentativeKind } from "../rules/index.ts";
import type { RepresentativeRow } from "../store/relations.ts";
import { isRunning } from "../store/relations.ts";
import type { CarerTable } from "../store/tables.ts";
import { wireId } from "./ids.ts";

const ROLE = "https://mos.esante.gouv.fr/NOS/TRE_R260-HL7RoleClass/FHIR/TRE-R260-HL7RoleClass";
const PROTECTION = "https://mos.esante.gouv.fr/NOS/TRE_R217-ProtectionJuridique/FHIR/TRE-R217-ProtectionJuridique";
const V3_ROLE = "http://terminology.hl7.org/CodeSystem/v3-RoleClass";

/** Codes of the relations that a request may name. */
export const GUARDIAN = "GUARD";
export const CAREGIVER = "CAREGIVER";

const codings = {
  parent: { system: ROLE, code: GUARDIAN, display: "Responsable légal" },
  tutor: { system: PROTECTION, code: "TUTEUR", display: "Tuteur" },
  curator: { system: PROTECTION, code: "CURATEUR", display: "Curateur" },
  mandatary: { system: PROTECTION, code: "MSVG", display: "Mandataire de sauvegarde" },
  heir: { system: V3_ROLE, code: "NOK", display: "Ayant droit" },
} as const satisfies Readonly<Record<RepresentativeKind, object>>;

/** Codes of relations that only the operator records: a court or the law decides them. */
export const courtCodes: ReadonlySet<string> = new Set(["TUTEUR", "CURATEUR", "MSVG", "NOK"]);

interface View {
  /** The number is for the holder's side alone: software needs the name. */
  readonly showsIns: boolean;
  readonly now: Date;
}

export function representativeResource(row: RepresentativeRow, view: View): RelatedPerson {
  const isActive = row.ended_at === null || row.ended_at > view.now;
  return relatedPerson(row, row.representative_id, view, {
    isActive,
    relationship: { coding: [codings[row.kind]] },
    attestedAt: row.attested_at,
    start: row.started_at,
    end: row.ended_at,
  });
}

export function carerResource(row: CarerTable, view: View): RelatedPerson {
  return relatedPerson(row, row.carer_id, view, {
    isActive: isRunning(row, view.now),
    relationship: { coding: [{ system: ROLE, code: CAREGIVER, display: "Aidant" }] },
    attestedAt: row.attested_at,
    start: row.starts_at,
    end: row.ended_at ?? row.ends_at,
  });
}

interface Relation {
  readonly isActive: boolean;
  readonly relationship: CodeableConcept;
  readonly attestedAt: Date | null;
  readonly start: Date;
  readonly end: Date | null;
}

function relatedPerson(
  row: Pick<CarerTable, "record_id" | "ins_system" | "ins_value" | "name">,
  memberId: string,
  { showsIns }: View,
  { isActive, relationship, attestedAt, start, end }: Relation,
): RelatedPerson {
  const attestation: Extension[] = attestedAt
    ? [{ url: extensionUrl.attestation, valueDateTime: attestedAt.toISOString() }]
    : [];
  return {
    resourceType: "RelatedPerson",
    id: wireId(row.record_id, memberId),
    ...(attestation.length > 0 ? { extension: attestation } : {}),
    ...(showsIns ? { identifier: [{ system: row.ins_system, value: row.ins_value }] } : {}),
    active: isActive,
    patient: { reference: `Patient/${row.record_id}`, type: "Patient" },
    relationship: [relationship],
    name: [{ text: row.name }],
    period: { start: start.toISOString(), ...(end ? { end: end.toISOString() } : {}) },
  };
}
