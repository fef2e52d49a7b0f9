/** Whose document is it? The identity that a document states against the qualified one of the record. R36, R40. */
import type { Patient } from "@carnet/sdk/fhir";
import { type IdentityTraits, isInsSystem, matchTraits } from "@carnet/sdk/identity";
import type { AdmittedDocument } from "../admission/index.ts";
import type { LoadedRecord } from "../store/records.ts";
import { isDocumentBundle, subjectOf } from "./fhir-document.ts";
import { unprocessable } from "./outcome.ts";
import { traitsOf } from "./patient-resource.ts";

/** Every statement of identity in one document: in its content (strict) and in its metadata. */
export interface StatedIdentity {
  /** Header of a CDA, Patient of a FHIR document. */
  readonly content: IdentityTraits | undefined;
  /** `context.sourcePatientInfo`. */
  readonly metadata: IdentityTraits | undefined;
}

export function statedInDocument(admitted: AdmittedDocument, header: IdentityTraits | undefined): StatedIdentity {
  const { resource, content } = admitted;
  const source = resource.context?.sourcePatientInfo?.reference;
  const patient = resource.contained?.find((one) => one.resourceType === "Patient" && `#${one.id}` === source);
  return {
    content: header ?? (content.contentType === "application/fhir+json" ? patientOfBundle(content.bytes) : undefined),
    metadata: patient?.resourceType === "Patient" ? traitsOfPatient(patient) : undefined,
  };
}

/** The strict traits of which none may differ, whatever else agrees. R35. */
const STRICT: ReadonlySet<keyof IdentityTraits> = new Set(["ins", "birthName", "firstGivenName", "birthDate", "sex"]);

/** Names may be spelled in ways that merely resemble each other; a number, a date or a sex is right or wrong. */
const NAMES: ReadonlySet<keyof IdentityTraits> = new Set(["birthName", "firstGivenName"]);

/**
 * Compares each statement with the record. A content without INS is refused (code 903), one with another identity too
 * (904); spellings that merely resemble each other pass.
 * @throws WireError 422
 */
export function compareIdentity(
  stated: StatedIdentity,
  row: LoadedRecord["row"],
  expression: string,
): "certain" | "doubtful" | "wrong" | undefined {
  const expected = traitsOf(row);
  const verdicts: ("certain" | "doubtful" | "wrong")[] = [];
  if (stated.content) {
    if (!stated.content.ins) {
      throw unprocessable("R40", `${expression}.content[0].attachment`, {
        fr: "Le document ne porte pas d'INS : identité du patient absente de son en-tête.",
        en: "The document carries no INS: the patient's identity is missing from its header.",
      });
    }
    verdicts.push(strictVerdict(stated.content, expected));
  }
  if (stated.metadata) verdicts.push(strictVerdict(stated.metadata, expected));
  if (verdicts.includes("wrong")) return "wrong";
  return verdicts.includes("doubtful") ? "doubtful" : verdicts[0];
}

function strictVerdict(found: IdentityTraits, expected: IdentityTraits): "certain" | "doubtful" | "wrong" {
  const { verdict, reasons } = matchTraits(found, expected);
  const contradicts = reasons.some(
    ({ trait, outcome }) =>
      STRICT.has(trait) && (outcome === "different" || (outcome === "close" && !NAMES.has(trait))),
  );
  return contradicts ? "wrong" : verdict;
}

function traitsOfPatient(patient: Patient): IdentityTraits {
  const ins = patient.identifier?.find((one) => one.system !== undefined && isInsSystem(one.system) && one.value);
  const official = patient.name?.find((name) => name.use === "official") ?? patient.name?.[0];
  const given = official?.given;
  return {
    ...(ins?.system && ins.value ? { ins: { system: ins.system, value: ins.value } } : {}),
    ...(official?.family ? { birthName: official.family } : {}),
    ...(given?.[0] ? { firstGivenName: given[0] } : {}),
    ...(patient.gender === "male" || patient.gender === "female" ? { sex: patient.gender } : {}),
    ...(patient.birthDate && /^\d{4}-\d{2}-\d{2}$/.test(patient.birthDate) ? { birthDate: patient.birthDate } : {}),
  };
}

/**
 * The person whom a FHIR document is about. Undefined when the content is not a document Bundle: then it holds no facts
 * either. A document whose subject is not one of its Patients states no identity, and is refused like a CDA without one.
 */
function patientOfBundle(bytes: Uint8Array): IdentityTraits | undefined {
  let bundle: unknown;
  try {
    bundle = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  if (!isDocumentBundle(bundle)) return undefined;
  const patient = subjectOf(bundle);
  return patient ? traitsOfPatient(patient) : {};
}
