import type { FhirResource } from "fhir/r4.js";
import { clinicalStates, statusCode } from "../fhir/status-code.ts";
import { isVitalSign } from "./conform.ts";
import type { MergedFact } from "./merge.ts";
import { isReason } from "./reading.ts";

export type SectionName =
  | "alerts"
  | "allergies"
  | "problems"
  | "medications"
  | "immunizations"
  | "results"
  | "vitalSigns"
  | "history"
  | "procedures"
  | "devices"
  | "socialHistory"
  | "pregnancy"
  | "functionalStatus"
  | "familyHistory"
  | "carePlan"
  | "advanceDirectives"
  | "contacts"
  | "other";

interface SectionRule {
  /** LOINC code of IPS; outside IPS, of the document section that says the same. */
  readonly code: string;
  readonly fr: string;
  readonly en: string;
}

/** The sections of a summary in the order in which they are read. */
export const sectionRules: Readonly<Record<SectionName, SectionRule>> = {
  alerts: { code: "104605-1", fr: "Alertes", en: "Alerts" },
  allergies: { code: "48765-2", fr: "Allergies et intolérances", en: "Allergies and intolerances" },
  problems: { code: "11450-4", fr: "Problèmes en cours", en: "Active problems" },
  medications: { code: "10160-0", fr: "Traitements", en: "Medications" },
  immunizations: { code: "11369-6", fr: "Vaccinations", en: "Immunizations" },
  results: { code: "30954-2", fr: "Résultats", en: "Results" },
  vitalSigns: { code: "8716-3", fr: "Constantes et mesures", en: "Vital signs" },
  history: { code: "11348-0", fr: "Antécédents", en: "Past problems" },
  procedures: { code: "47519-4", fr: "Actes et interventions", en: "Procedures" },
  devices: { code: "46264-8", fr: "Dispositifs médicaux", en: "Medical devices" },
  socialHistory: { code: "29762-2", fr: "Mode de vie et facteurs de risque", en: "Social history and risk factors" },
  pregnancy: { code: "10162-6", fr: "Grossesses", en: "Pregnancies" },
  functionalStatus: { code: "47420-5", fr: "Autonomie et handicap", en: "Functional status" },
  familyHistory: { code: "10157-6", fr: "Antécédents familiaux", en: "Family history" },
  carePlan: { code: "18776-5", fr: "Plan de soins", en: "Plan of care" },
  advanceDirectives: { code: "42348-3", fr: "Directives anticipées et consentements", en: "Advance directives" },
  contacts: { code: "85847-2", fr: "Personnes à contacter et équipe de soins", en: "Contacts and care team" },
  other: { code: "51899-3", fr: "Autres informations", en: "Other information" },
};

/** Sections that IPS requires, with the statement that says "nobody wrote anything". */
export const requiredSections = {
  problems: "no-problem-info",
  allergies: "no-allergy-info",
  medications: "no-medication-info",
} as const;

const PAST: ReadonlySet<string> = new Set(["inactive", "resolved", "remission"]);
/** Pregnancy observations: those of IPS, by LOINC, and the status by SNOMED CT. */
const PREGNANCY: ReadonlySet<string> = new Set([
  // SNOMED CT: pregnancy status.
  "364320009",
  "82810-3",
  "11778-8",
  "11779-6",
  "11780-4",
  "11636-8",
  "11637-6",
  "11638-4",
  "11639-2",
  "11640-0",
  "11612-9",
  "11613-7",
  "11614-5",
  "33065-4",
  "69043-8",
]);
const ONCE_IN_SOCIAL: ReadonlySet<string> = new Set(["72166-2", "74013-4"]);
const LOINC_SOCIAL: ReadonlySet<string> = new Set(["72166-2", "74013-4", "11367-0", "11331-6"]);
/** Sections of French and IPS documents that say what an observation or a condition is about. */
const SECTION_BY_CODE: Readonly<Record<string, SectionName>> = {
  "11348-0": "history",
  "29762-2": "socialHistory",
  "46467-8": "socialHistory",
  "8716-3": "vitalSigns",
  "47420-5": "functionalStatus",
  "10162-6": "pregnancy",
  "10157-6": "familyHistory",
  "57207-5": "familyHistory",
  // What a document says of itself, of meetings, plans and reasons, is no result.
  "11329-0": "other",
  "18776-5": "other",
  "21874-3": "other",
  "29554-3": "other",
  "33557-0": "other",
  "34895-3": "other",
  "35510-7": "other",
  "42349-1": "other",
  "46006-3": "functionalStatus",
  "46240-8": "other",
  "46264-8": "other",
  "GEN-168": "other",
  "GEN-369": "other",
};
/** The section about a birth: what it says without a date was so then, and is no measure of today. */
const BIRTH = "57075-4";

/** LOINC code of tobacco or alcohol use, of which IPS takes one each. */
export function onceInSocialHistory(resource: FhirResource): string | undefined {
  if (resource.resourceType !== "Observation") return undefined;
  return resource.code?.coding?.find((one) => ONCE_IN_SOCIAL.has(one.code ?? ""))?.code;
}

/** What `cdaToFhir` says of a product given for an examination. */
const EXAMINATION_PRODUCT = /^(Produit de contraste|Radiopharmaceutique)$/;

/** The section of a fact: by its kind, then by what it says, then by the section its document put it in. */
export function sectionOf(fact: MergedFact): SectionName {
  const { resource, section } = fact.base.fact;
  switch (resource.resourceType) {
    case "AllergyIntolerance":
      return "allergies";
    case "Condition": {
      if (section === "47420-5") return "functionalStatus";
      if (isReason(resource, section)) return sectionOfReason(fact);
      const status = statusCode(resource.clinicalStatus, clinicalStates);
      if (status !== undefined) return PAST.has(status) ? "history" : "problems";
      return section === "11348-0" || resource.abatementDateTime ? "history" : "problems";
    }
    case "MedicationStatement":
    case "MedicationRequest":
    case "MedicationDispense":
      return "medications";
    case "MedicationAdministration":
      // A contrast medium is given for an examination: nobody is treated with it.
      return EXAMINATION_PRODUCT.test(resource.category?.text ?? "") ? "other" : "medications";
    case "Immunization":
      return "immunizations";
    case "DiagnosticReport":
      return "results";
    case "Observation":
      return sectionOfObservation(resource, section);
    case "Procedure":
      return "procedures";
    case "DeviceUseStatement":
      return "devices";
    case "CarePlan":
    case "ImmunizationRecommendation":
      return "carePlan";
    case "Flag":
      return "alerts";
    case "Consent":
      return "advanceDirectives";
    case "ClinicalImpression":
      return "functionalStatus";
    case "FamilyMemberHistory":
      return "familyHistory";
    case "RelatedPerson":
    case "CareTeam":
      return "contacts";
    default:
      return "other";
  }
}

/** A reason that another document lists as a problem is a problem; alone it is none. */
function sectionOfReason({ tellings }: MergedFact): SectionName {
  const listed = tellings.find(({ fact }) => !isReason(fact.resource, fact.section));
  if (listed?.fact.resource.resourceType !== "Condition") return "other";
  return listed.fact.section === "11348-0" || listed.fact.resource.abatementDateTime ? "history" : "problems";
}

function sectionOfObservation(
  observation: Extract<FhirResource, { resourceType: "Observation" }>,
  section: string | undefined,
): SectionName {
  const codes = observation.code.coding ?? [];
  const loinc = codes.find((one) => one.system === "http://loinc.org")?.code ?? "";
  if (codes.some((one) => PREGNANCY.has(one.code ?? ""))) return "pregnancy";
  const isOfBirth = observation.category?.some((one) => one.coding?.some(({ code: name }) => name === BIRTH));
  if (isOfBirth && !observation.effectiveDateTime && !observation.effectivePeriod) return "other";
  if (LOINC_SOCIAL.has(loinc)) return "socialHistory";
  if (isVitalSign(loinc)) return "vitalSigns";
  for (const category of observation.category ?? []) {
    for (const { code: name } of category.coding ?? []) {
      if (name === "vital-signs") return "vitalSigns";
      if (name === "social-history") return "socialHistory";
      if (name === "laboratory" || name === "imaging") return "results";
    }
  }
  const from = section === undefined ? undefined : SECTION_BY_CODE[section];
  if (from === "history" || from === "familyHistory") return from === "familyHistory" ? "familyHistory" : "other";
  // IPS lets only conditions and impressions into the functional status.
  return from === "functionalStatus" ? "other" : (from ?? "results");
}
