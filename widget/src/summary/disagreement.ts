import { html, nothing, type TemplateResult } from "lit";
import type { Disagreement } from "../facts/disagreement.ts";
import type { Fact } from "../facts/fact.ts";
import { formatDate } from "../shared/format-date.ts";
import { formatMeasure } from "../shared/format-number.ts";
import { own } from "../shared/guards.ts";
import { icon } from "../shared/icons.ts";
import type { SectionContext } from "./context.ts";
import { disagreementStrings } from "./disagreement-strings.ts";

type Told = Extract<Disagreement, { kind: "document" }>;

/**
 * What the sources say differently: each side with its document and date, in words, side by side; never averaged, never
 * hidden, never an identifier or a code of the wire.
 */
export function disagreementBlock(
  context: SectionContext,
  fact: Fact,
  displayed: string,
): TemplateResult | typeof nothing {
  if (fact.disagreements.length === 0) return nothing;
  const say = disagreementStrings(context.locale);
  const shown = fact.disagreements.slice(0, 6);
  const documents = shown.filter((one): one is Told => one.kind === "document");
  if (documents.length > 0 && context.canOpen) {
    // Their titles are asked for once, after this rendering: an answer renders again.
    queueMicrotask(() =>
      context.describe([...fact.sources.slice(0, 1), ...documents.map(({ uniqueId }) => ({ uniqueId }))]),
    );
  }
  const sentences = shown.flatMap((one) => (one.kind === "sentence" ? [plainSentence(context, one.text)] : []));
  const sides = [...ownSides(context, fact, documents, displayed), ...documents.map((one) => otherSide(context, one))];
  return html`<div class="disagreement" role="note">
    <p class="disagreement-title">${icon("alert")} ${say.disagreement}</p>
    ${sides.length === 0 ? nothing : html`<dl>${sides}</dl>`}
    ${sentences.map((text) => html`<p>${text}</p>`)}
    ${
      fact.narrative === undefined
        ? nothing
        : html`<dl>
            <div><dt>${say.says}</dt><dd>${displayed}</dd></div>
            <div><dt>${say.saysText}</dt><dd>${fact.narrative.replaceAll(" | ", " · ")}</dd></div>
          </dl>`
    }
    ${
      fact.disagreements.length > shown.length
        ? html`<p class="cut">${context.say.shown(shown.length, fact.disagreements.length)}</p>`
        : nothing
    }
  </div>`;
}

/** What this entry says of the details in question, with the newest document that says it. */
function ownSides(
  context: SectionContext,
  fact: Fact,
  others: readonly Told[],
  displayed: string,
): readonly TemplateResult[] {
  const [source] = fact.sources;
  const where =
    source === undefined
      ? disagreementStrings(context.locale).says
      : documentLabel(context, source.uniqueId, undefined);
  const details = new Map(others.map((one) => [one.detail, one]));
  return [...details.values()].map((one) => {
    const words = one.here === undefined ? displayed : valueWords(context, one.here);
    return side(where, one.here === undefined ? words : detailWords(context, one.detail, words));
  });
}

function otherSide(context: SectionContext, one: Told): TemplateResult {
  const words =
    one.detail === undefined ? disagreementStrings(context.locale).quoted(one.there) : valueWords(context, one.there);
  return side(documentLabel(context, one.uniqueId, one.date), detailWords(context, one.detail, words));
}

function side(where: string, words: string): TemplateResult {
  return html`<div><dt>${where}</dt><dd>${words}</dd></div>`;
}

/** "Synthèse médicale, 16 octobre 2026"; the date alone tells documents apart while their titles are on the way. */
function documentLabel(context: SectionContext, uniqueId: string, date: string | undefined): string {
  const document = context.documentOf(uniqueId);
  const title = document === undefined || document.title === "" ? undefined : document.title;
  const when = date ?? document?.date;
  const say = disagreementStrings(context.locale);
  const name = title ?? (date === undefined ? say.thisDocument : say.otherDocument);
  return when === undefined || when === "" ? name : `${name}, ${formatDate(when.slice(0, 10), context.locale)}`;
}

function detailWords(context: SectionContext, detail: string | undefined, words: string): string {
  const name = own(disagreementStrings(context.locale).details, detail);
  return name === undefined ? words : context.say.detail(name, words);
}

/** A coded value in words; what has none is called another value rather than shown as a code. */
function valueWords(context: SectionContext, value: string): string {
  const { shared, locale } = context;
  const say = disagreementStrings(locale);
  const words = own(say.values, value);
  if (words !== undefined) return words;
  if (value.startsWith("absent ")) return shared.notRecorded.toLocaleLowerCase(locale);
  if (value === "true" || value === "false") return value === "true" ? shared.yes : shared.no;
  if (/^\d{4}(-\d\d){1,2}(T|$)/.test(value)) return formatDate(value.slice(0, 10), locale);
  const quantity = /^([<>]=?)?(-?\d+(?:\.\d+)?) (\S*)$/.exec(value);
  if (quantity !== null)
    return formatMeasure(Number(quantity[2]), quantity[3] === "" ? undefined : quantity[3], locale, quantity[1]);
  const isCode = /^[[{]/.test(value) || value.startsWith("denied ") || /^(?=.*\d)[A-Z0-9.+-]{4,}$/.test(value);
  return isCode ? say.otherValue : value;
}

/** Sentences may name documents by their identifier and dates as coded: said here as people say them. */
function plainSentence(context: SectionContext, text: string): string {
  return text
    .replace(
      /urn:(?:oid|uuid):[\w.-]+/g,
      (uniqueId) => context.documentOf(uniqueId)?.title ?? disagreementStrings(context.locale).otherDocument,
    )
    .replace(/\b\d{4}-\d{2}-\d{2}\b/g, (date) => formatDate(date, context.locale));
}
