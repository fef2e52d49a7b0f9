import { html, type TemplateResult } from "lit";
import type { SummaryModel } from "../facts/model.ts";
import type { Locale } from "../shared/locale.ts";
import { sharedStrings } from "../shared/strings.ts";
import type { SectionContext } from "../summary/context.ts";
import { identityStrip } from "../summary/identity-strip.ts";
import {
  allergiesSection,
  immunizationsSection,
  problemsSection,
  treatmentsSection,
} from "../summary/sections-clinical.ts";
import { alertsSection, contactsSection, narrativesSection, othersSection } from "../summary/sections-other.ts";
import { resultsSection, risksSection } from "../summary/sections-results.ts";
import { summaryStrings } from "../summary/strings.ts";

/** A FHIR document, shown whole with the panel's own sections: whose it is, then those it has something for. */
export function fhirBody(model: SummaryModel, locale: Locale): TemplateResult {
  const context: SectionContext = {
    say: summaryStrings(locale),
    shared: sharedStrings(locale),
    locale,
    headingLevel: 4,
    limit: () => Number.POSITIVE_INFINITY,
    setLimit: () => undefined,
    canOpen: false,
    isNew: () => false,
    open: () => undefined,
    documentOf: () => undefined,
    describe: () => undefined,
    retry: () => undefined,
  };
  const has = (part: { ok: boolean; value?: unknown }) => {
    if (!part.ok) return true;
    const value = part.value as
      | { facts?: readonly unknown[]; series?: readonly unknown[]; absences?: readonly unknown[] }
      | readonly unknown[];
    if (Array.isArray(value)) return value.length > 0;
    const section = value as { facts?: readonly unknown[]; series?: readonly unknown[]; absences?: readonly unknown[] };
    return (section.facts?.length ?? 0) > 0 || (section.series?.length ?? 0) > 0 || (section.absences?.length ?? 0) > 0;
  };
  return html`${model.identity === undefined ? "" : identityStrip(context, model.identity, undefined, new Date())}
    ${has(model.allergies) ? allergiesSection(context, model) : ""} ${alertsSection(context, model)}
    ${has(model.problems) ? problemsSection(context, model, "problems") : ""}
    ${has(model.history) ? problemsSection(context, model, "history") : ""}
    ${has(model.currentTreatments) ? treatmentsSection(context, model, "currentTreatments") : ""}
    ${treatmentsSection(context, model, "pastTreatments")}
    ${has(model.immunizations) ? immunizationsSection(context, model) : ""}
    ${has(model.results) ? resultsSection(context, model, "results") : ""} ${resultsSection(context, model, "vitalSigns")}
    ${has(model.risks) ? risksSection(context, model) : ""} ${has(model.contacts) ? contactsSection(context, model) : ""}
    ${narrativesSection(context, model)} ${(["plan", "gaps", "directives", "devices", "others"] as const).map((name) => othersSection(context, model, name))}`;
}
