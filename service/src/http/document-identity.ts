/** Whose document is it? The identity that a document states against the qualified one of the record. R36, R40. */
import type { Patient } from "@carnet/sdk/fhir";
import { type IdentityTraits, isInsSystem, matchTraits } from "@carnet/sdk/identity";
import type { AdmittedDocument } from "../admission/index.ts";
import type { RuleSettings } from "../config.ts";
import { isAcceptedInsSystem, ruleTexts } from "../rules/index.ts";
import type { LoadedRecord } from "../store/records.ts";
import { isDocumentBundle, subjectOf } from "./fhir-document.ts";
import { unprocessable, WireError } from "./outcome.ts";
import { traitsOf } from "./patient-resource.ts";

/** Every statement of identity in one document: in its content (strict) and in its metadata. */
export interface StatedIdentity {
  /** Header of a CDA, Patient of a FHIR document. */
  readonly content: IdentityTraits | undefined;
  /** The content is a CDA, whose header states the whole identity (R36). */
  readonly isHeader: boolean;
  /** `context.sourcePatientInfo`. */
  readonly metadata: IdentityTraits | undefined;
}

export function statedInDocument(admitted: AdmittedDocument, header: IdentityTraits | undefined): StatedIdentity {
  const { resource, content } = admitted;
  const source = resource.context?.sourcePatientInfo?.reference;
  const patient = resource.contained?.find((one) => one.resourceType === "Patient" && `#${one.id}` === source);
  return {
    isHeader: header !== undefined,
    content: header ?? (content.contentType === "application/fhir+json" ? patientOfBundle(content.bytes) : undefined),
    metadata: patient?.resourceType === "Patient" ? traitsOfPatient(patient) : undefined,
  };
}

/** The strict traits of which none may differ, whatever else agrees. R35. */
const STRICT: ReadonlySet<keyof IdentityTraits> = new Set(["ins", "birthName", "firstGivenName", "birthDate", "sex"]);

/** Names may be spelled in ways that merely resemble each other; a number, a date or a sex is right or wrong. */
const NAMES: ReadonlySet<keyof IdentityTraits> = new Set(["birthName", "firstGivenName"]);

/** What a qualified identity has, and so has the header of a CDA. R36. */
const COMPLETE = [
  "birthName",
  "birthGivenNames",
  "firstGivenName",
  "sex",
  "birthDate",
  "birthPlaceCode",
] as const satisfies readonly (keyof IdentityTraits)[];

/**
 * Compares each statement with the record. A content without INS is refused (code 903), one with another identity too
 * (904), and a CDA whose header lacks a trait (905); spellings that merely resemble each other pass.
 * @throws WireError 422
 */
export function compareIdentity(
  stated: StatedIdentity,
  row: LoadedRecord["row"],
  expression: string,
  rules: Pick<RuleSettings, "requiresCompleteTraits" | "acceptsTestIdentities">,
): "certain" | "doubtful" | "wrong" | undefined {
  const expected = traitsOf(row);
  const verdicts: ("certain" | "doubtful" | "wrong")[] = [];
  if (stated.content) {
    if (!stated.content.ins) {
      throw identityError("903", "R40", `${expression}.content[0].attachment`, {
        fr: "Le document ne porte pas d'INS : identité du patient absente de son en-tête.",
        en: "The document carries no INS: the patient's identity is missing from its header.",
      });
    }
    if (!isAcceptedInsSystem(stated.content.ins.system, rules)) {
      throw unprocessable("R31", `${expression}.content[0].attachment`);
    }
    verdicts.push(strictVerdict(stated.content, expected));
  }
  if (stated.metadata) verdicts.push(strictVerdict(stated.metadata, expected));
  if (verdicts.includes("wrong")) {
    throw identityError("904", "R40", `${expression}.subject`, ruleTexts.R40);
  }
  const lacking = stated.isHeader && COMPLETE.find((trait) => !isStated(stated.content?.[trait]));
  if (lacking && rules.requiresCompleteTraits) {
    throw identityError("905", "R36", `${expression}.content[0].attachment`, ruleTexts.R36);
  }
  return verdicts.includes("doubtful") ? "doubtful" : verdicts[0];
}

function isStated(trait: string | readonly string[] | object | undefined): boolean {
  return Array.isArray(trait) ? trait.some(Boolean) : Boolean(trait);
}

/** Why the identity is refused: 902 unknown patient, 903 INS absent, 904 traits different, 905 INS incomplete. R40. */
type IdentityCode = "902" | "903" | "904" | "905";

const IDENTITY_SYSTEM = "https://carnet.example/fhir/CodeSystem/identity-refusal";

function identityError(
  code: IdentityCode,
  rule: "R36" | "R40",
  expression: string,
  text: { readonly fr: string; readonly en: string },
): WireError {
  return new WireError(422, [
    { code: "business-rule", ...text, rule, expression, coding: { system: IDENTITY_SYSTEM, code } },
  ]);
}

/** R44, 902: this INS has no record. Existence is no secret to software (TD0.2). */
export function unknownPatient(expression: string): WireError {
  return new WireError(404, [
    {
      code: "not-found",
      fr: "Aucun dossier n'existe pour ce patient.",
      en: "No record exists for this patient.",
      rule: "R40",
      coding: { system: IDENTITY_SYSTEM, code: "902" satisfies IdentityCode },
      expression,
    },
  ]);
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
