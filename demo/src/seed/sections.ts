/** Sections of the structured documents, with the LOINC codes of the French content models. */
import type {
  AllergyIntolerance,
  Condition,
  FamilyMemberHistory,
  Immunization,
  MedicationStatement,
  Observation,
  Procedure,
} from "@carnet/sdk/fhir";
import type { Section } from "./document.ts";

const section = (code: string, title: string, facts: Section["facts"]): Section[] =>
  facts && facts.length > 0 ? [{ code, title, facts }] : [];

/** What a synthesis states; each part may be left out. */
export interface SynthesisFacts {
  readonly problems?: readonly Condition[];
  readonly history?: readonly Condition[];
  readonly surgery?: readonly Procedure[];
  readonly allergies?: readonly AllergyIntolerance[];
  readonly treatments?: readonly MedicationStatement[];
  readonly habits?: readonly Observation[];
  readonly family?: readonly FamilyMemberHistory[];
  readonly vaccinations?: readonly Immunization[];
  readonly vigilance?: string;
}

/** Sections of a medical synthesis (volet de synthèse médicale, VSM). */
export function synthesisSections(facts: SynthesisFacts): readonly Section[] {
  return [
    ...section("11450-4", "Pathologies en cours", facts.problems),
    ...section("11348-0", "Antécédents médicaux", facts.history),
    ...section("47519-4", "Antécédents chirurgicaux", facts.surgery),
    ...section("48765-2", "Allergies et hypersensibilités", facts.allergies),
    ...section("29762-2", "Mode de vie", facts.habits),
    ...section("10157-6", "Antécédents familiaux", facts.family),
    ...(facts.vigilance ? [{ code: "30954-2", title: "Points de vigilance", text: facts.vigilance }] : []),
    ...section("10160-0", "Traitements au long cours", facts.treatments),
    ...section("11369-6", "Vaccinations", facts.vaccinations),
  ];
}

/** One chapter of a laboratory report: LOINC code of the discipline and its results. */
export function laboratorySection(discipline: keyof typeof disciplines, facts: readonly Observation[]): Section {
  const { code, title } = disciplines[discipline];
  return { code, title, facts };
}

const disciplines = {
  chemistry: { code: "18719-5", title: "Biochimie" },
  haematology: { code: "18723-7", title: "Hématologie" },
  serology: { code: "18727-8", title: "Sérologie" },
} as const;

/** Sections of a discharge letter (lettre de liaison de sortie). */
export function dischargeSections(facts: {
  readonly reason: string;
  readonly stay: string;
  readonly treatments: readonly MedicationStatement[];
  readonly followUp: string;
  readonly problems?: readonly Condition[];
  readonly allergies?: readonly AllergyIntolerance[];
  readonly results?: readonly Observation[];
}): readonly Section[] {
  return [
    { code: "42349-1", title: "Motif de l'hospitalisation", text: facts.reason },
    {
      code: "42545-4",
      title: "Synthèse médicale du séjour",
      text: facts.stay,
      facts: [...(facts.problems ?? []), ...(facts.results ?? [])],
    },
    { code: "10183-2", title: "Traitements à la sortie", facts: facts.treatments },
    { code: "18776-5", title: "Suites à donner", text: facts.followUp },
    ...section("48765-2", "Allergies identifiées pendant le séjour", facts.allergies),
  ];
}

export const vaccinationSection = (facts: readonly Immunization[]): Section => ({
  code: "11369-6",
  title: "Historique des vaccinations",
  facts,
});

export const prescriptionSection = (facts: readonly MedicationStatement[]): Section => ({
  code: "57828-6",
  title: "Prescription de médicaments",
  facts,
});
