import { html, nothing, type TemplateResult } from "lit";
import type { AllergyFact } from "../facts/allergies.ts";
import type { ProblemFact } from "../facts/conditions.ts";
import type { ImmunizationFact } from "../facts/immunizations.ts";
import type { MedicationFact, Strength } from "../facts/medications.ts";
import type { SummaryModel } from "../facts/model.ts";
import { formatDate } from "../shared/format-date.ts";
import { formatDosage } from "../shared/format-dosage.ts";
import { formatDose, spellMicrograms } from "../shared/format-number.ts";
import { own } from "../shared/guards.ts";
import { icon } from "../shared/icons.ts";
import type { SectionContext } from "./context.ts";
import { factSection } from "./frame.ts";
import { underRow } from "./further.ts";
import { sourceButton } from "./source.ts";

const isFullDate = (date: string) => /^\d{4}-\d{2}-\d{2}/.test(date);

/** "depuis le 3 mars 2024", "depuis mars 2024", or the author's words ("à 12 ans"). */
function since(context: SectionContext, date: string): string {
  const words = formatDate(date, context.locale);
  return isFullDate(date) ? context.say.sinceDay(words) : context.say.since(words);
}

/** Non-empty details of a row, one phrase after the other. */
function details(...parts: readonly (string | undefined | false)[]): TemplateResult | typeof nothing {
  const shown = parts.filter((part): part is string => typeof part === "string" && part !== "");
  return shown.length === 0 ? nothing : html`<p class="row-detail">${shown.join(" · ")}</p>`;
}

function recordedBy(context: SectionContext, author: string | undefined, date: string | undefined): string | undefined {
  if (author === undefined) return undefined;
  return date === undefined
    ? context.shared.by(author)
    : `${context.shared.by(author)}, ${formatDate(date, context.locale)}`;
}

/** Allergies: first, never collapsed, dangerous ones marked in words, shape and colour (STYLE 9, 16). */
export function allergiesSection(context: SectionContext, model: SummaryModel): TemplateResult {
  const hasHigh = model.allergies.ok && model.allergies.value.facts.some((fact) => fact.criticality === "high");
  return factSection(context, "allergies", model.allergies, (fact) => allergyRow(context, fact), {
    first: 30,
    ...(hasHigh ? { tone: "danger" as const } : {}),
  });
}

function allergyRow(context: SectionContext, fact: AllergyFact): TemplateResult {
  const { say, shared } = context;
  const title = fact.substance ?? shared.notRecorded;
  const reactions = fact.reactions.map(({ manifestation, severity }) => {
    const words = own(say.severity, severity);
    return words === undefined ? manifestation : `${manifestation} (${words})`;
  });
  return html`<div class="row">
    <div class="row-main">
      <p class="row-title">
        <strong>${title}</strong>
        ${
          fact.criticality === undefined
            ? nothing
            : html`<span class="tag ${fact.criticality === "high" ? "danger" : ""}">
                ${fact.criticality === "high" ? icon("alert") : nothing}${say.criticality[fact.criticality]}
              </span>`
        }
        ${fact.isUnconfirmed ? html`<span class="tag">${say.unconfirmed}</span>` : nothing}
        ${fact.isResolved ? html`<span class="tag">${say.resolved}</span>` : nothing}
      </p>
      <p class="row-text">${reactions.length === 0 ? say.noReaction : reactions.join(", ")}</p>
      ${details(
        fact.type === undefined ? undefined : say.allergyType[fact.type],
        fact.since === undefined ? undefined : since(context, fact.since),
        fact.note,
        recordedBy(context, fact.author, fact.recorded),
      )}
      ${underRow(context, fact, [title, ...reactions].join(", "))}
    </div>
    ${sourceButton(context, fact.sources, title)}
  </div>`;
}

export function problemsSection(
  context: SectionContext,
  model: SummaryModel,
  name: "problems" | "history",
): TemplateResult {
  return factSection(context, name, model[name], (fact) => problemRow(context, fact));
}

function problemRow(context: SectionContext, fact: ProblemFact): TemplateResult {
  const { say, shared, locale } = context;
  const title = fact.text ?? shared.notRecorded;
  const when =
    fact.start === undefined
      ? undefined
      : fact.kind === "condition" && fact.end === undefined
        ? since(context, fact.start)
        : formatDate(fact.start, locale);
  return html`<div class="row">
    <div class="row-main">
      <p class="row-title">
        ${title} ${fact.isUnconfirmed ? html`<span class="tag">${say.unconfirmed}</span>` : nothing}
      </p>
      ${details(
        fact.kind === "condition"
          ? undefined
          : fact.relation === undefined
            ? say.problemKind[fact.kind]
            : say.familyOf(fact.relation),
        when,
        fact.end === undefined ? undefined : say.until(formatDate(fact.end, locale)),
        fact.severity,
        fact.note,
        recordedBy(context, fact.author, fact.recorded),
      )}
      ${underRow(context, fact, title)}
    </div>
    ${sourceButton(context, fact.sources, title)}
  </div>`;
}

export function treatmentsSection(
  context: SectionContext,
  model: SummaryModel,
  name: "currentTreatments" | "pastTreatments",
): TemplateResult | typeof nothing {
  const part = model[name];
  if (name === "pastTreatments" && part.ok && part.value.facts.length === 0) return nothing;
  const earlier = name === "pastTreatments" && model[name].ok ? model[name].value.earlier : 0;
  return factSection(context, name, part, (fact) => treatmentRow(context, fact), { earlier });
}

function strengthText(context: SectionContext, strength: Strength): string {
  const amount = formatDose(strength.value, strength.unit, context.locale);
  if (strength.perUnit === undefined || (strength.perValue === 1 && /^[{[]?1/.test(strength.perUnit))) return amount;
  const per =
    strength.perValue === undefined || strength.perValue === 1
      ? formatDose(1, strength.perUnit, context.locale).replace(/^1\s/, "")
      : formatDose(strength.perValue, strength.perUnit, context.locale);
  return context.say.perStrength(amount, per);
}

/** One medicine, one line of thought: substance in bold, brand, form, dose, route, rhythm. Wraps, never cut (STYLE 10). */
function treatmentRow(context: SectionContext, fact: MedicationFact): TemplateResult {
  const { say, shared, locale } = context;
  const substances = fact.substances
    .map(({ name, strength }) => (strength === undefined ? name : `${name} ${strengthText(context, strength)}`))
    .join(" + ");
  const label = fact.label === undefined ? undefined : spellMicrograms(fact.label, locale);
  const title = substances === "" ? (label ?? shared.notRecorded) : substances;
  const brand = substances === "" ? undefined : label;
  // A dosage that only holds when the treatment runs says nothing beside the steps that say how.
  const all = fact.dosages.map((dosage) => formatDosage(dosage, locale)).filter((said) => Object.keys(said).length > 0);
  const dosages = all.slice(0, 20);
  const spoken = dosages.flatMap(({ dose, route, rhythm }) =>
    [dose, route, rhythm].filter((piece) => piece !== undefined),
  );
  const status = fact.status === "active" ? undefined : say.treatmentStatus[fact.status];
  return html`<div class="row">
    <div class="row-main">
      <p class="row-title">
        <strong>${title}</strong>${brand === undefined ? nothing : html` <span class="brand">${brand}</span>`}
        ${fact.form === undefined || brand?.toLowerCase().includes(fact.form.toLowerCase()) ? nothing : html` <span class="form">${fact.form}</span>`}
        ${status === undefined ? nothing : html` <span class="tag ${fact.status === "forbidden" ? "danger" : ""}">${status}</span>`}
      </p>
      ${
        dosages.length === 0
          ? html`<p class="row-text muted">${say.noDose}</p>`
          : dosages.map(({ dose, route, rhythm, text }) => {
              const coded = [dose, route, rhythm].filter((piece) => piece !== undefined).join(", ");
              return html`<p class="row-text">
                ${coded === "" ? (text ?? say.noDose) : coded}
                ${coded !== "" && text !== undefined ? html`<span class="row-detail written">${say.asWritten(text)}</span>` : nothing}
              </p>`;
            })
      }
      ${all.length > 20 ? html`<p class="cut">${say.shown(20, all.length)}</p>` : nothing}
      ${details(
        fact.start === undefined ? undefined : say.begun(formatDate(fact.start, locale)),
        fact.end === undefined ? undefined : say.until(formatDate(fact.end, locale)),
        fact.reason === undefined ? undefined : say.reason(fact.reason),
        fact.note,
        recordedBy(context, fact.author, fact.recorded),
      )}
      ${underRow(context, fact, [title, ...spoken].join(", "))}
    </div>
    ${sourceButton(context, fact.sources, title)}
  </div>`;
}

export function immunizationsSection(context: SectionContext, model: SummaryModel): TemplateResult {
  return factSection(context, "immunizations", model.immunizations, (fact) => immunizationRow(context, fact));
}

function immunizationRow(context: SectionContext, fact: ImmunizationFact): TemplateResult {
  const { say, shared, locale } = context;
  const title = fact.vaccine ?? shared.notRecorded;
  return html`<div class="row dated">
    <p class="row-date">${fact.date === undefined ? shared.notRecorded : formatDate(fact.date, locale)}</p>
    <div class="row-main">
      <p class="row-title">${title} ${fact.isNotDone ? html`<span class="tag">${say.notDone}</span>` : nothing}</p>
      ${details(
        fact.targets.length === 0 ? fact.kind : say.against(fact.targets.join(", ")),
        fact.dose === undefined ? undefined : say.dose(fact.dose),
        fact.lot === undefined ? undefined : say.lot(fact.lot),
        fact.author,
      )}
      ${underRow(context, fact, title)}
    </div>
    ${sourceButton(context, fact.sources, title)}
  </div>`;
}
