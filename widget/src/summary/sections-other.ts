import type { DocumentEntry } from "@carnet/sdk";
import { html, nothing, type TemplateResult } from "lit";
import { documentRow } from "../documents/document-row.ts";
import type { ContactFact } from "../facts/contacts.ts";
import type { NarrativeFact, Part, SummaryModel } from "../facts/model.ts";
import type { Measure } from "../facts/observations.ts";
import type { OtherFact } from "../facts/others.ts";
import { own } from "../shared/guards.ts";
import { textBlocks } from "../shared/text-blocks.ts";
import type { Loadable, SectionContext } from "./context.ts";
import { failedSection, firstRows, frame, loadingSection, nothingLine, rows } from "./frame.ts";
import { measureRow, otherRow } from "./further.ts";
import { sourceButton } from "./source.ts";

/** Flags of the record: shown under the allergies, never collapsed. */
export function alertsSection(context: SectionContext, model: SummaryModel): TemplateResult | typeof nothing {
  return otherSection(context, "alerts", model.alerts, [], 30);
}

/** What is to come, devices, directives, and all that has no other place; absent when there is nothing of the kind. */
export function othersSection(
  context: SectionContext,
  model: SummaryModel,
  name: "plan" | "gaps" | "devices" | "directives" | "others",
): TemplateResult | typeof nothing {
  const measures = name === "others" && model.otherMeasures.ok ? model.otherMeasures.value : [];
  return otherSection(context, name, model[name], measures);
}

function otherSection(
  context: SectionContext,
  name: "alerts" | "plan" | "gaps" | "devices" | "directives" | "others",
  part: Part<readonly OtherFact[]>,
  measures: readonly Measure[],
  first?: number,
): TemplateResult | typeof nothing {
  if (!part.ok) return failedSection(context, name, undefined, "summary");
  const facts = [...part.value, ...measures];
  if (facts.length === 0) return nothing;
  const list = rows(
    context,
    name,
    facts,
    ({ key }) => key,
    (fact) => ("type" in fact ? otherRow(context, fact) : measureRow(context, fact)),
    first,
  );
  return frame(context, {
    name,
    count: facts.length,
    ...(part.value.some(({ severity }) => severity === "high") ? { tone: "danger" as const } : {}),
    // What the list rests on comes first: nobody may take it for the whole truth.
    body: name === "gaps" ? html`<p class="row-detail note">${context.say.gapsBasis}</p>${list}` : list,
  });
}

export function contactsSection(context: SectionContext, model: SummaryModel): TemplateResult {
  const part = model.contacts;
  if (!part.ok) return failedSection(context, "contacts", undefined, "summary");
  if (part.value.length === 0) return frame(context, { name: "contacts", body: nothingLine(context, "contacts") });
  return frame(context, {
    name: "contacts",
    count: part.value.length,
    body: rows(
      context,
      "contacts",
      part.value,
      ({ key }) => key,
      (fact) => contactRow(context, fact),
    ),
  });
}

function contactRow(context: SectionContext, fact: ContactFact): TemplateResult {
  const { say, shared } = context;
  const title = fact.name ?? shared.notRecorded;
  const roles = fact.roles.map((role) => own(say.roles, role) ?? role);
  const role =
    roles.length === 0 ? (fact.group === "relative" ? say.emergencyContact : say.careMember) : roles.join(", ");
  return html`<div class="row">
    <div class="row-main">
      <p class="row-title">${title}</p>
      <p class="row-detail">${[role, ...fact.telecoms, fact.address].filter((piece) => piece !== undefined).join(" · ")}</p>
    </div>
    ${sourceButton(context, fact.sources, title)}
  </div>`;
}

/** Points of vigilance and other sections that only their author's words tell. */
export function narrativesSection(context: SectionContext, model: SummaryModel): TemplateResult | typeof nothing {
  const part = model.narratives;
  if (!part.ok) return failedSection(context, "narratives", undefined, "summary");
  if (part.value.length === 0) return nothing;
  return frame(context, {
    name: "narratives",
    count: part.value.length,
    body: rows(
      context,
      "narratives",
      part.value,
      ({ key }) => key,
      (fact) => narrativeRow(context, fact),
    ),
  });
}

function narrativeRow(context: SectionContext, fact: NarrativeFact): TemplateResult {
  const title = fact.title ?? context.shared.notRecorded;
  const limit = context.limit(`text-${fact.key}`);
  const all = limit > 0;
  const shown = fact.blocks.slice(0, limit || 8);
  return html`<div class="row">
    <div class="row-main">
      <p class="row-title">${title}</p>
      <div class="narrative">${shown.length === 0 ? context.say.failedHint : textBlocks(shown)}</div>
      ${
        shown.length < fact.blocks.length
          ? html`<p class="cut">
              ${context.say.shown(shown.length, fact.blocks.length)}
              ${all ? nothing : html`<button class="button quiet" @click=${() => context.setLimit(`text-${fact.key}`, 200)}>${context.say.showAll(fact.blocks.length)}</button>`}
            </p>`
          : nothing
      }
    </div>
    ${sourceButton(context, fact.sources, title)}
  </div>`;
}

/** What the panel knows of the documents before the full list is asked for. */
export interface DocumentHead {
  readonly documents: readonly DocumentEntry[];
  /** Number of documents the caller may see; `undefined` when the service did not count. */
  readonly total?: number;
}

export function documentsSection(
  context: SectionContext,
  documents: Loadable<DocumentHead>,
  actions: { openDocument(document: DocumentEntry): void; showAll(): void },
): TemplateResult {
  if (documents.state === "loading") return loadingSection(context, "documents", 5);
  if (documents.state === "failed") return failedSection(context, "documents", documents.problem, "documents");
  const { documents: list, total } = documents.value;
  const shown = list.slice(0, firstRows);
  const count = total ?? list.length;
  const isCut = count > shown.length;
  return frame(context, {
    name: "documents",
    body:
      shown.length === 0
        ? nothingLine(context, "documents")
        : html`<ul class="rows" role="list">
              ${shown.map((entry) => html`<li>${documentRow(entry, context.locale, () => actions.openDocument(entry), { isNew: context.isNew(entry) })}</li>`)}
            </ul>
            ${
              isCut
                ? html`<div class="more">
                    <span class="cut">${context.say.shown(shown.length, count)}</span>
                    <button class="button quiet" data-more="documents" @click=${() => actions.showAll()}>
                      ${context.say.showAll(count)}
                    </button>
                  </div>`
                : nothing
            }`,
    ...(shown.length === 0 ? {} : { count }),
  });
}
