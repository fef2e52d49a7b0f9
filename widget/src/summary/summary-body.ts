import type { DocumentEntry } from "@carnet/sdk";
import { html, nothing, type TemplateResult } from "lit";
import type { SummaryModel } from "../facts/model.ts";
import { formatDate } from "../shared/format-date.ts";
import { icon } from "../shared/icons.ts";
import type { SectionContext, SectionName } from "./context.ts";
import { failedSection, loadingSection } from "./frame.ts";
import type { PanelData } from "./load.ts";
import { allergiesSection, immunizationsSection, problemsSection, treatmentsSection } from "./sections-clinical.ts";
import {
  alertsSection,
  contactsSection,
  documentsSection,
  narrativesSection,
  othersSection,
} from "./sections-other.ts";
import { resultsSection, risksSection } from "./sections-results.ts";

interface Actions {
  openDocument(document: DocumentEntry): void;
  showAll(): void;
  deposit(): void;
  readonly message: (() => void) | undefined;
  reload(): void;
}

/** Sections that have a place from the first frame, so that nothing jumps when the data comes. */
const left: readonly SectionName[] = ["problems", "currentTreatments", "history"];
const right: readonly SectionName[] = ["results", "immunizations", "risks"];

export function summaryBody(context: SectionContext, data: PanelData, actions: Actions): TemplateResult {
  const { summary, documents } = data;
  const documentPart = context.canOpen ? documentsSection(context, documents, actions) : nothing;
  if (summary.state !== "ready") {
    const place = (name: SectionName) =>
      summary.state === "loading"
        ? loadingSection(context, name)
        : failedSection(context, name, summary.problem, "summary");
    // One failure is told once, on the section that matters most, and by name on the others.
    return html`${place("allergies")}
      <div class="columns">
        <div class="column">${left.map(place)} ${documentPart}</div>
        <div class="column">${right.map(place)}</div>
      </div>`;
  }
  const model = summary.value;
  return html`${allergiesSection(context, model)} ${alertsSection(context, model)}
    <div class="columns">
      <div class="column">
        ${problemsSection(context, model, "problems")} ${treatmentsSection(context, model, "currentTreatments")}
        ${problemsSection(context, model, "history")} ${treatmentsSection(context, model, "pastTreatments")}
        ${documentPart}
      </div>
      <div class="column">
        ${resultsSection(context, model, "results")} ${resultsSection(context, model, "vitalSigns")}
        ${immunizationsSection(context, model)} ${othersSection(context, model, "gaps")} ${risksSection(context, model)}
      </div>
    </div>
    <div class="columns">
      <div class="column">
        ${narrativesSection(context, model)} ${othersSection(context, model, "plan")} ${contactsSection(context, model)}
      </div>
      <div class="column">
        ${othersSection(context, model, "directives")} ${othersSection(context, model, "devices")}
        ${othersSection(context, model, "others")}
      </div>
    </div>
    ${foot(context, model, actions)}`;
}

function foot(context: SectionContext, model: SummaryModel, actions: Actions): TemplateResult {
  const date = model.date === undefined ? undefined : formatDate(model.date, context.locale, { time: true });
  return html`<footer class="foot" part="foot">
    <span>
      ${
        date === undefined
          ? nothing
          : model.author === undefined
            ? context.say.compositionOn(date)
            : context.say.compositionBy(model.author, date)
      }
    </span>
    ${
      context.canOpen
        ? html`<span class="actions">
            <slot name="actions"></slot>
            <button class="button" data-deposit @click=${() => actions.deposit()}>${icon("add")}${context.say.deposit}</button>
            ${actions.message === undefined ? nothing : html`<button class="button" data-message @click=${actions.message}>${context.say.message}</button>`}
            <button class="button" data-reload @click=${() => actions.reload()}>${icon("reload")}${context.say.reload}</button>
          </span>`
        : nothing
    }
  </footer>`;
}
