/**
 * Examinations that the French programmes recommend at an age (R167): organised screenings and prevention check-ups. Ages
 * and intervals are those of the national programmes; what a person has had done is not known here.
 */
import { ageInYears } from "./lifecycle.ts";

export interface RecommendedExamination {
  readonly code: string;
  readonly fr: string;
  readonly en: string;
  /** Years between two; absent: once in the span of ages. */
  readonly everyYears?: number;
}

interface Programme extends RecommendedExamination {
  readonly ages: readonly (readonly [from: number, to: number])[];
  readonly sex?: "female";
}

const programmes: readonly Programme[] = [
  {
    code: "breast-screening",
    fr: "Dépistage organisé du cancer du sein",
    en: "Organised breast cancer screening",
    ages: [[50, 74]],
    sex: "female",
    everyYears: 2,
  },
  {
    code: "colorectal-screening",
    fr: "Dépistage organisé du cancer colorectal",
    en: "Organised bowel cancer screening",
    ages: [[50, 74]],
    everyYears: 2,
  },
  {
    code: "cervical-screening",
    fr: "Dépistage organisé du cancer du col de l’utérus",
    en: "Organised cervical cancer screening",
    ages: [[25, 65]],
    sex: "female",
    everyYears: 3,
  },
  {
    code: "prevention-check-up",
    fr: "Bilan de prévention",
    en: "Prevention check-up",
    ages: [
      [18, 25],
      [45, 50],
      [60, 65],
      [70, 75],
    ],
  },
];

/** What is recommended to somebody of this age and sex. @param birthDate YYYY-MM-DD */
export function recommendedExaminations(
  birthDate: string,
  sex: "male" | "female" | "unknown",
  now: Date,
): readonly RecommendedExamination[] {
  const age = ageInYears(birthDate, now);
  if (age === undefined) return [];
  return programmes
    .filter(
      (one) => (one.sex === undefined || one.sex === sex) && one.ages.some(([from, to]) => age >= from && age <= to),
    )
    .map(({ code, fr, en, everyYears }) => ({ code, fr, en, ...(everyYears === undefined ? {} : { everyYears }) }));
}
