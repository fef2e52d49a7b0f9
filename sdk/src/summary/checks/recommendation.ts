import type { ImmunizationRecommendation } from "fhir/r4.js";
import * as extensionUrl from "../../fhir/extension-urls.ts";
import { codeSystem } from "../../fhir/systems.ts";
import type { VaccinationDue } from "../care/vaccinations-due.ts";
import { stableUuid } from "../stable-id.ts";
import { type CheckContext, careSystem, ruleSource } from "./gap-issue.ts";
import type { CheckWords } from "./words.ts";

/** LOINC "Earliest date to give": since when the dose is due. */
const DUE_SINCE = "30981-5";

/** One vaccination that is due by the schedule, in IPS's own form for it. */
export function toRecommendation(
  due: VaccinationDue,
  { now, patient, sourceOf }: CheckContext,
  words: CheckWords,
): ImmunizationRecommendation {
  const { need = "", label = need, status, text, since, dose, obligation, because, given, closes, source } = due;
  const documents = [...new Set([...because, ...given].flatMap((one) => sourceOf(one) ?? []))];
  return {
    resourceType: "ImmunizationRecommendation",
    id: stableUuid(`vaccination due ${need} ${status} ${dose?.number ?? ""} ${patient.reference ?? ""}`),
    ...(documents[0] ? { meta: { source: documents[0] } } : {}),
    extension: [
      ...documents.map((document) => ({ url: extensionUrl.factSource, valueUri: document })),
      ruleSource(source, "vaccination-schedule"),
      { url: careSystem.closes, valueString: closes },
    ],
    patient,
    date: now,
    authority: { display: source.publisher },
    recommendation: [
      {
        targetDisease: { coding: [{ system: careSystem.rule, code: need }], text: label },
        forecastStatus: {
          coding: [
            { system: "http://terminology.hl7.org/CodeSystem/immunization-recommendation-status", code: status },
          ],
        },
        ...(since
          ? { dateCriterion: [{ code: { coding: [{ system: codeSystem.loinc, code: DUE_SINCE }] }, value: since }] }
          : {}),
        description: [text, ...(obligation ? [words.obligation[obligation]] : [])].join(" "),
        series: source.title,
        ...(dose ? { doseNumberPositiveInt: dose.number, seriesDosesPositiveInt: dose.of } : {}),
        ...(given.length > 0 ? { supportingImmunization: [...given] } : {}),
        ...(because.length > 0 ? { supportingPatientInformation: [...because] } : {}),
      },
    ],
  };
}
