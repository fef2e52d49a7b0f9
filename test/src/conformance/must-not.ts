/**
 * What the official samples must not be read as. The reference folder says it in words; here each word is a question
 * put to the Bundle, named by document and by position in its list, so that a new one cannot pass unasked.
 */
import type { Bundle, FhirResource } from "@carnet/sdk/fhir";

type Question = (resources: readonly FhirResource[]) => readonly FhirResource[];

/** Whether a resource holds one of the words anywhere. */
function says(resource: FhirResource, ...words: readonly string[]): boolean {
  const text = JSON.stringify(resource).toLowerCase();
  return words.some((word) => text.includes(word.toLowerCase()));
}

const ofType =
  (type: FhirResource["resourceType"], ...words: readonly string[]): Question =>
  (resources) =>
    resources.filter((each) => each.resourceType === type && (words.length === 0 || says(each, ...words)));
const either =
  (...questions: readonly Question[]): Question =>
  (resources) =>
    questions.flatMap((question) => question(resources));

/** Observations with one of the codes that do not say "no". */
const affirmed =
  (...codes: readonly string[]): Question =>
  (resources) =>
    resources.filter(
      (each) =>
        each.resourceType === "Observation" &&
        (each.code.coding ?? []).some((coding) => codes.includes(coding.code ?? "")) &&
        each.valueBoolean !== false &&
        !/^(aucun|non)/i.test(each.valueString ?? ""),
    );

/** Results dated as the document's own day although the document cites them as earlier ones. */
const earlierAsCurrent =
  (day: string): Question =>
  (resources) =>
    resources.filter(
      (each) =>
        each.resourceType === "Observation" &&
        (each.note ?? []).some(({ text }) => text.startsWith("Résultat antérieur")) &&
        each.effectiveDateTime?.startsWith(day),
    );

/** More results of one code on one day than the document reports: an earlier one has lost its date. */
const repeated =
  (...codes: readonly string[]): Question =>
  (resources) => {
    const seen = new Set<string>();
    return resources.filter((each) => {
      if (each.resourceType !== "Observation") return false;
      const code = each.code.coding?.[0]?.code;
      if (!code || !codes.includes(code)) return false;
      const key = `${code} ${each.effectiveDateTime}`;
      if (seen.has(key)) return true;
      seen.add(key);
      return false;
    });
  };

const treatments = (...words: readonly string[]): Question =>
  either(ofType("MedicationStatement", ...words), ofType("MedicationRequest", ...words));

const currentTreatments =
  (...words: readonly string[]): Question =>
  (resources) =>
    ofType(
      "MedicationStatement",
      ...words,
    )(resources).filter((each) => each.resourceType === "MedicationStatement" && each.status === "active");

const questions: Readonly<Record<string, readonly Question[]>> = {
  "BIO-CR-BIO_2024.01_DEP-CCU-tout-structuré": [
    (resources) => resources.filter((each) => each.resourceType === "Immunization" && each.status !== "not-done"),
    (resources) =>
      resources.filter(
        (each) => each.resourceType === "Condition" && says(each, '"B97.7"') && each.clinicalStatus !== undefined,
      ),
    either(earlierAsCurrent("2024"), repeated("77379-6", "10524-7")),
  ],
  "BIO-CR-BIO_2024.01_Electrophorese": [earlierAsCurrent("2024")],
  "CNAM-HR_2021.01": [
    either(ofType("Observation", "T.S.H.", "GLUCOSE"), ofType("DiagnosticReport")),
    (resources) =>
      resources.filter((each) => each.resourceType === "Immunization" && each.occurrenceDateTime !== undefined),
    either(ofType("DeviceUseStatement"), ofType("Device", "Stimulateur cardiaque")),
  ],
  "CSE-CS24_2024.01": [
    (resources) =>
      resources.filter(
        (each) =>
          each.resourceType === "Condition" &&
          ["NF0A.4", "NE2Z", "NE61"].includes(each.code?.coding?.[0]?.code ?? "") &&
          each.verificationStatus?.coding?.[0]?.code !== "refuted",
      ),
    affirmed("MED-181"),
  ],
  "DLU-EHPAD-DLU_2022.01": [
    (resources) =>
      resources.filter((each) => each.resourceType === "Procedure" && (each.code?.coding ?? []).length === 0),
    (resources) =>
      resources.filter(
        (each) =>
          (each.resourceType === "ServiceRequest" && says(each, '"103735009"') && each.doNotPerform !== true) ||
          (each.resourceType === "Procedure" && says(each, '"103735009"') && each.status !== "not-done"),
      ),
    affirmed("288575003", "62476001", "248046000", "249492002", "U83.71"),
  ],
  "IMG_CR_IMG_2024.01": [treatments("XENETIX", "111In")],
  "IPS-FR_2024.01": [
    (resources) =>
      resources.filter(
        (each) =>
          each.resourceType === "Observation" &&
          (each.code.coding ?? []).some(({ code }) =>
            ["75789-8", "75787-2", "77352-3", "75779-9", "42348-3"].includes(code ?? ""),
          ),
      ),
    ofType("MedicationStatement", "ROSUVASTATINE"),
    ofType("Immunization", "J07AN"),
    treatments("AMOXICILLINE"),
  ],
  "LDL-SES_2022.01": [
    (resources) => ofType("AllergyIntolerance")(resources).filter((each) => !says(each, '"no-known-allergies"')),
    currentTreatments("SOLIAN"),
    affirmed("MED-145", "MED-146", "MED-147", "MED-148"),
  ],
  "VSM_1.4_2022.01": [(resources) => ofType("AllergyIntolerance")(resources).slice(1)],
  "eDISP-MED_2024.01": [treatments()],
};

export interface MustNot {
  readonly category: string;
  readonly what: string;
}

export interface Judged {
  readonly what: string;
  /** `undefined`: nobody has put this one as a question yet. */
  readonly hits: number | undefined;
}

/** Puts to a Bundle what its document must not be read as. `document` is the file's name without `.xml`. */
export function judge(document: string, bundle: Bundle, mustNot: readonly MustNot[]): readonly Judged[] {
  const resources = (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
  return mustNot.map(({ category, what }, at) => {
    const question = questions[document.normalize("NFC")]?.[at];
    return { what: `${category}: ${what}`, hits: question ? question(resources).length : undefined };
  });
}
