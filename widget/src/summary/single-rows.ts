import { html, nothing, type TemplateResult } from "lit";
import type { Measure } from "../facts/observations.ts";
import type { OtherFact } from "../facts/others.ts";
import { formatDate } from "../shared/format-date.ts";
import { own } from "../shared/guards.ts";
import { icon } from "../shared/icons.ts";
import type { SectionContext } from "./context.ts";
import { disagreementBlock } from "./disagreement.ts";
import { furtherLine } from "./further-details.ts";
import { aboutTag, aboutWords, convertedMark, flagMark, measureText, rangeText } from "./measure-words.ts";
import { sourceButton } from "./source.ts";

/** An entry that has no section of its own kind. */
export function otherRow(context: SectionContext, fact: OtherFact): TemplateResult {
  const types = context.say.resourceTypes;
  const text = fact.text ?? context.shared.notRecorded;
  const words = fact.isRefuted ? context.say.not(text) : text;
  const title = fact.about === undefined ? words : aboutWords(context, fact.about);
  const type = own(types, fact.type) ?? types.other;
  const mark = fact.severity;
  return html`<div class="row">
    <div class="row-main">
      <p class="row-title">
        ${mark === undefined ? nothing : html`<span class="tag ${mark === "high" ? "danger" : ""}">${icon("alert")}${context.say.gravity[mark]}</span>`}
        ${title}
      </p>
      ${fact.narrative === undefined ? nothing : html`<p class="row-text">${fact.narrative.replaceAll(" | ", " · ")}</p>`}
      <p class="row-detail">${
        fact.closes === undefined
          ? html`${type}${fact.date === undefined ? nothing : html` · ${formatDate(fact.date, context.locale)}`}`
          : context.say.closedBy(fact.closes)
      }</p>
      ${furtherLine(context, fact)} ${disagreementBlock(context, fact, title)}
    </div>
    ${sourceButton(context, fact.sources, title)}
  </div>`;
}

/** A value that is alone: no series, no curve. */
export function measureRow(context: SectionContext, measure: Measure): TemplateResult {
  const title = measure.name ?? context.shared.notRecorded;
  const value = measureText(context, measure);
  return html`<div class="row">
    <div class="row-main">
      <p class="row-title">${title}${aboutTag(context, measure)}</p>
      <p class="row-text">${value}${convertedMark(context, measure)} ${flagMark(context, measure)}</p>
      <p class="row-detail">${[
        measure.date === undefined ? undefined : formatDate(measure.date, context.locale),
        measure.range === undefined ? undefined : context.say.range(rangeText(context, measure.range)),
        measure.author,
        measure.note,
      ]
        .filter((one) => one !== undefined)
        .join(" · ")}</p>
      ${furtherLine(context, measure)} ${disagreementBlock(context, measure, value)}
    </div>
    ${sourceButton(context, measure.sources, title)}
  </div>`;
}
