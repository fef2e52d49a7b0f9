import type { Bundle, BundleEntry, Composition, CompositionSection } from "fhir/r4.js";
import { identifierSystem } from "../../fhir/systems.ts";
import { type CareGapOptions, careGaps, isFor } from "../care/care-gaps.ts";
import { type CareAudience, frenchCareRules } from "../care/rules.ts";
import { frenchVaccinationSchedule } from "../care/schedule.ts";
import { vaccinationsDue } from "../care/vaccinations-due.ts";
import { checkSectionSystem } from "../computed.ts";
import { checkSafety } from "../safety/check-safety.ts";
import type { DrugData } from "../safety/drug-data.ts";
import { sortIssues } from "../safety/issue.ts";
import { isDeceased, SummaryFacts } from "../safety/summary-facts.ts";
import { sectionRules } from "../sections.ts";
import { stableUuid } from "../stable-id.ts";
import { type CheckContext, gapIssue, unsaidVaccination } from "./gap-issue.ts";
import { gapNarrative, planNarrative, safetyNarrative } from "./narratives.ts";
import { toRecommendation } from "./recommendation.ts";
import { unheardIssues } from "./unheard.ts";
import { checkWords } from "./words.ts";

export interface CheckOptions extends Pick<CareGapOptions, "documents" | "prescriptions"> {
  /** Instant of the checks, ISO 8601. Default: the timestamp of the summary. */
  readonly now?: string;
  /** Default `fr`. */
  readonly locale?: "fr" | "en";
  /** Reference data of medicines; without it the summary says "not checked". */
  readonly drugData?: DrugData;
  /** Who reads: decides which gaps are there at all. Default `all`, the least: a patient. */
  readonly reader?: CareAudience;
}

/**
 * The summary with what Carnet checked in it: a section `safety` (allergies against treatments, interactions,
 * duplicates, and what could not be checked), a section `care-gaps` (missing follow-up), and the vaccinations that are
 * due as `ImmunizationRecommendation` in the plan of care. Both sections are always there, so that silence is never read
 * as "checked". The summary given is not changed. Where they stand: docs/safety.md, "In the summary".
 *
 * @param summary from `summarise`
 * @example
 * const checked = withChecks(summarise(bundles), { drugData, reader: "professional" });
 */
export function withChecks(summary: Bundle, options: CheckOptions = {}): Bundle {
  const { locale = "fr", reader = "all", drugData } = options;
  const now = options.now ?? summary.timestamp ?? new Date().toISOString();
  const [first, ...rest] = summary.entry ?? [];
  const composition = first?.resource;
  if (composition?.resourceType !== "Composition") return summary;

  const common = { now, locale, ...(drugData ? { drugData } : {}) };
  const context = toContext(summary, composition, now);
  const { documents, prescriptions } = options;
  const facts = new SummaryFacts(summary);
  const checked = checkSafety(summary, drugData, { now, locale });
  // Without data nothing was compared at all, and that is said already.
  const unheard = drugData
    ? unheardIssues({ documents, bundles: prescriptions }, { facts, now, locale, sources: drugData.sources })
    : [];
  const issues = sortIssues([...checked, ...unheard]);
  const { meta, rules } = frenchCareRules();
  const own = { meta, rules: rules.filter(({ audience }) => isFor(audience, reader)) };
  const gaps = careGaps(summary, own, {
    ...common,
    ...(documents ? { documents } : {}),
    ...(prescriptions ? { prescriptions } : {}),
  });
  const hasDied = isDeceased(facts, now);
  const due = vaccinationsDue(summary, frenchVaccinationSchedule(), common);
  const unsaid = due.filter((one) => one.status === "cannot-be-said");
  const recommended = due.filter((one) => one.status !== "cannot-be-said");

  const safety = issues.map(toEntry);
  const care = [
    ...gaps.map((gap) => gapIssue(gap, context, checkWords[locale])),
    ...unsaid.map((one) => unsaidVaccination(one, context, checkWords[locale])),
  ].map(toEntry);
  const plan = recommended.map((one) => toEntry(toRecommendation(one, context, checkWords[locale])));

  const sections = insertSections(composition.section ?? [], locale, {
    safety: { text: safetyNarrative(issues, summary, common), entry: references(safety) },
    care: {
      text: gapNarrative(gaps, [...recommended, ...unsaid], locale, hasDied),
      entry: references([...care, ...plan]),
    },
    plan: plan.length > 0 ? { rows: recommended, entry: references(plan) } : undefined,
  });
  const added = [...safety, ...care, ...plan];
  // Another content is another document: it does not go by the name of the summary without checks.
  const id = stableUuid(
    `${summary.id} checked ${now} ${JSON.stringify(sections)} ${added.map((one) => one.fullUrl).join(" ")}`,
  );
  return {
    ...summary,
    id,
    identifier: { system: identifierSystem.uri, value: `urn:uuid:${id}` },
    entry: [{ ...first, resource: { ...composition, section: sections } }, ...rest, ...added],
  };
}

function toContext(summary: Bundle, composition: Composition, now: string): CheckContext {
  const sources = new Map<string, string>();
  for (const { fullUrl, resource } of summary.entry ?? []) {
    if (fullUrl && resource?.meta?.source) sources.set(fullUrl, resource.meta.source);
  }
  return {
    now,
    patient: composition.subject ?? { display: "?" },
    sourceOf: ({ reference, identifier }) => identifier?.value ?? sources.get(reference ?? ""),
  };
}

interface Part {
  readonly text: CompositionSection["text"];
  readonly entry: CompositionSection["entry"];
}

/** Safety stands behind the treatments that it is about, the plan in the plan's own place, the gaps behind it. */
function insertSections(
  given: readonly CompositionSection[],
  locale: "fr" | "en",
  parts: {
    readonly safety: Part;
    readonly care: Part;
    readonly plan:
      | { readonly rows: Parameters<typeof planNarrative>[0]; readonly entry: CompositionSection["entry"] }
      | undefined;
  },
): CompositionSection[] {
  const words = checkWords[locale];
  const own = (code: "safety" | "care-gaps", title: string, { text, entry }: Part): CompositionSection => ({
    title,
    code: { coding: [{ system: checkSectionSystem, code, display: title }] },
    ...(text ? { text } : {}),
    ...(entry?.length ? { entry } : {}),
  });
  const sections = [...given];
  const at = (code: string) => sections.findIndex((one) => one.code?.coding?.some((coding) => coding.code === code));
  sections.splice(
    at(sectionRules.medications.code) + 1 || sections.length,
    0,
    own("safety", words.safety, parts.safety),
  );
  const planCode = sectionRules.carePlan.code;
  if (parts.plan) {
    const place = at(planCode);
    const known = sections[place];
    const plan: CompositionSection = known ?? {
      title: sectionRules.carePlan[locale],
      code: { coding: [{ system: "http://loinc.org", code: planCode }] },
    };
    const text = planNarrative(parts.plan.rows, known?.text, locale);
    sections.splice(known ? place : sections.length, known ? 1 : 0, {
      ...plan,
      text,
      entry: [...(plan.entry ?? []), ...(parts.plan.entry ?? [])],
    });
  }
  sections.splice(at(planCode) + 1 || sections.length, 0, own("care-gaps", words.gaps, parts.care));
  return sections;
}

function toEntry(resource: NonNullable<BundleEntry["resource"]>): BundleEntry {
  return { fullUrl: `urn:uuid:${resource.id}`, resource };
}

function references(entries: readonly BundleEntry[]): NonNullable<CompositionSection["entry"]> {
  return entries.map(({ fullUrl }) => ({ reference: fullUrl as string }));
}
