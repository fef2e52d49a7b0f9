import type { DetectedIssue, Extension, Reference } from "fhir/r4.js";
import * as extensionUrl from "../../fhir/extension-urls.ts";
import type { CareGap } from "../care/care-gaps.ts";
import type { CareSource } from "../care/rules.ts";
import type { VaccinationDue } from "../care/vaccinations-due.ts";
import { safetySystem } from "../safety/codes.ts";
import { stableUuid } from "../stable-id.ts";
import type { CheckWords } from "./words.ts";

/** Code systems and extensions of missing follow-up. */
export const careSystem = {
  /** `overdue`, `cannot-be-said` and its reasons, `observed`. */
  gap: "https://carnet.example/fhir/CodeSystem/care-gap",
  /** Ids of the rules of the file that the gap comes from. */
  rule: "https://carnet.example/fhir/CodeSystem/care-rule",
  /** Extension, valueString: what would close the gap. */
  closes: "https://carnet.example/fhir/StructureDefinition/closes",
} as const;

export interface CheckContext {
  readonly now: string;
  readonly patient: Reference;
  /** The document that a fact comes from. */
  sourceOf(fact: Reference): string | undefined;
}

/** One missing follow-up as a DetectedIssue: by which rules and source, because of which facts, closed by what. */
export function gapIssue(gap: CareGap, context: CheckContext, words: CheckWords): DetectedIssue {
  return toIssue(
    {
      ...gap,
      title: gap.status === "observed" ? words.consumption : words.gap,
      // `observed` speaks of documents that the summary does not hold: they are named, not pointed at.
      because: gap.status === "observed" ? gap.because.map(named) : gap.because,
      last: gap.last ? [gap.last.fact] : [],
      part: "care-rules",
    },
    context,
  );
}

/** A vaccination of which the record cannot tell whether it is due. */
export function unsaidVaccination(due: VaccinationDue, context: CheckContext, words: CheckWords): DetectedIssue {
  return toIssue(
    {
      ...due,
      rules: due.need ? [due.need] : [],
      title: words.vaccination,
      last: due.given,
      part: "vaccination-schedule",
    },
    context,
  );
}

interface GapInput {
  readonly title: string;
  readonly rules: readonly string[];
  readonly status: string;
  readonly reason?: string;
  readonly text: string;
  readonly closes: string;
  readonly because: readonly Reference[];
  readonly last: readonly Reference[];
  readonly source: CareSource;
  readonly part: "care-rules" | "vaccination-schedule";
}

function toIssue(input: GapInput, { now, patient, sourceOf }: CheckContext): DetectedIssue {
  const { title, rules, status, reason, text, closes, because, last, source, part } = input;
  const documents = [...new Set([...because, ...last].flatMap((one) => sourceOf(one) ?? []))];
  const facts = because.map((one) => one.reference ?? one.identifier?.value ?? "").join(" ");
  return {
    resourceType: "DetectedIssue",
    id: stableUuid(`care gap ${rules.join(" ")} ${status} ${reason ?? ""} ${facts} ${text}`),
    ...(documents[0] ? { meta: { source: documents[0] } } : {}),
    extension: [
      ...documents.map((document) => ({ url: extensionUrl.factSource, valueUri: document })),
      ruleSource(source, part),
      { url: careSystem.closes, valueString: closes },
    ],
    // What the record cannot tell is no finished finding.
    status: status === "cannot-be-said" ? "preliminary" : "final",
    code: {
      coding: [
        { system: careSystem.gap, code: status },
        ...(reason ? [{ system: careSystem.gap, code: reason }] : []),
        ...rules.map((code) => ({ system: careSystem.rule, code })),
      ],
      text: title,
    },
    patient,
    identifiedDateTime: now,
    ...(because.length > 0 ? { implicated: [...because] } : {}),
    ...(last.length > 0 ? { evidence: [{ detail: [...last] }] } : {}),
    detail: text,
    ...(source.url ? { reference: source.url } : {}),
  };
}

function named({ type, display, identifier }: Reference): Reference {
  return { ...(type ? { type } : {}), ...(identifier ? { identifier } : {}), ...(display ? { display } : {}) };
}

/** Title, publisher and date of what a result rests on. */
export function ruleSource({ title, publisher, date, url }: CareSource, part: GapInput["part"]): Extension {
  return {
    url: safetySystem.referenceData,
    extension: [
      { url: "part", valueCode: part },
      { url: "title", valueString: title },
      { url: "publisher", valueString: publisher },
      { url: "date", valueDate: date },
      ...(url ? [{ url: "url", valueUri: url }] : []),
    ],
  };
}
