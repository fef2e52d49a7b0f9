/** The record's holder as FHIR: identity, state of the record, and the caller's standing. TD0.2, R25. */
import { createHash } from "node:crypto";
import type { Extension, HumanName, Patient } from "@carnet/sdk/fhir";
import { extensionUrl, identifierSystem } from "@carnet/sdk/fhir";
import type { IdentityTraits } from "@carnet/sdk/identity";
import {
  type Actor,
  archivedUntil,
  daysAfter,
  type RuleParameters,
  relationOf,
  type TermParameters,
} from "../rules/index.ts";
import type { LoadedRecord } from "../store/records.ts";

const BIRTH_PLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace";
const INSEE_CODE = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code";
const COG = "https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM";
const BIRTH_GIVEN_NAMES = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name";
const V2_IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203";

type Row = LoadedRecord["row"];

export function birthGivenNames(row: Pick<Row, "birth_given_names">): readonly string[] {
  const names: unknown = JSON.parse(row.birth_given_names);
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

/** The qualified traits of the record, to compare a document with. R35, R40. */
export function traitsOf(row: Row): IdentityTraits {
  return {
    ins: { system: row.ins_system, value: row.ins_value },
    birthName: row.birth_name,
    birthGivenNames: birthGivenNames(row),
    firstGivenName: row.first_given_name,
    sex: row.sex,
    birthDate: row.birth_date,
    ...(row.used_name ? { usedName: row.used_name } : {}),
    ...(row.used_given_name ? { usedGivenName: row.used_given_name } : {}),
    ...(row.birth_place_code ? { birthPlaceCode: row.birth_place_code } : {}),
  };
}

/** The identity alone; also the `sourcePatientInfo` of a document that states none. */
export function identityResource(row: Row): Patient {
  return {
    resourceType: "Patient",
    ...(row.birth_place_code ? { extension: [birthPlace(row.birth_place_code)] } : {}),
    identifier: [
      {
        use: "official",
        type: {
          coding: [{ system: V2_IDENTIFIER_TYPE, code: row.ins_system === identifierSystem.insNir ? "NH" : "NI" }],
        },
        system: row.ins_system,
        value: row.ins_value,
      },
    ],
    name: namesOf(row),
    gender: row.sex,
    birthDate: row.birth_date,
  };
}

function namesOf(row: Row): HumanName[] {
  const official: HumanName = {
    use: "official",
    extension: [{ url: BIRTH_GIVEN_NAMES, valueString: birthGivenNames(row).join(" ") }],
    family: row.birth_name,
    given: [row.first_given_name],
  };
  if (!row.used_name && !row.used_given_name) return [official];
  const usual: HumanName = {
    use: "usual",
    family: row.used_name ?? row.birth_name,
    given: [row.used_given_name ?? row.first_given_name],
  };
  return [official, usual];
}

function birthPlace(code: string): Extension {
  return {
    url: BIRTH_PLACE,
    valueAddress: { extension: [{ url: INSEE_CODE, valueCoding: { system: COG, code } }] },
  };
}

/** For whom a Patient is written. */
export interface PatientView {
  readonly actor: Actor;
  readonly now: Date;
  readonly parameters: RuleParameters & TermParameters;
}

/**
 * Patient of TD0.2: identity, open or closed and why, attached to Mon espace santé, am I referring doctor; to the holder's
 * side also what becomes of a closed record. R5, R17, R18, R20, R25, R37.
 */
export function patientResource(record: LoadedRecord, view: PatientView): Patient {
  const { row, facts } = record;
  const identity = identityResource(row);
  const patient: Patient = {
    ...identity,
    id: record.id,
    extension: [
      ...(identity.extension ?? []),
      { url: extensionUrl.attachedToMes, valueBoolean: row.is_attached_to_mes },
      { url: extensionUrl.referringDoctor, valueBoolean: facts.standing.isReferringDoctor },
      { url: extensionUrl.identityStatus, valueCode: row.identity_status },
      ...(row.closed_at ? [closure(row, row.closed_at)] : []),
      ...(row.state === "suspended" && row.suspended_at
        ? [dateTime(extensionUrl.suspendedSince, row.suspended_at)]
        : []),
      ...forTheirSide(record, view),
    ],
    active: row.state === "open",
    ...(row.died_on ? { deceasedDateTime: row.died_on } : {}),
  };
  // Not the record's own version and date: those move with every document, the hidden ones too (R145).
  const versionId = createHash("sha256").update(JSON.stringify(patient)).digest("hex").slice(0, 16);
  return { ...patient, meta: { versionId } };
}

function dateTime(url: string, at: Date): Extension {
  return { url, valueDateTime: at.toISOString() };
}

/** What the holder, and those who act for or beside them, are told beyond what software is. */
function forTheirSide({ row, facts }: LoadedRecord, { actor, now, parameters }: PatientView): Extension[] {
  if (actor.kind !== "patient") return [];
  const relation = { url: extensionUrl.relation, valueCode: relationOf(actor, facts, now, parameters) };
  const asked = row.deletion_requested_at;
  const end = asked
    ? daysAfter(asked, parameters.deletionDays)
    : row.closed_at && archivedUntil(row.closed_at, parameters.archiveYears);
  return [
    relation,
    ...(asked ? [dateTime(extensionUrl.deletionRequested, asked)] : []),
    ...(end ? [dateTime(extensionUrl.destroyedOn, end)] : []),
  ];
}

function closure(row: Row, closedAt: Date): Extension {
  return {
    url: extensionUrl.closure,
    extension: [
      { url: "dateFermeture", valueDateTime: closedAt.toISOString() },
      ...(row.closure_motive ? [{ url: "motifFermeture", valueString: row.closure_motive }] : []),
      ...(row.closure_reason ? [{ url: "raisonFermeture", valueString: row.closure_reason }] : []),
    ],
  };
}
