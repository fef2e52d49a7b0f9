/** What the person may decide about one document, each with its consequence; what is chosen is asked about next. */
import type { DocumentEntry, DocumentRight } from "@carnet/sdk";
import { html, nothing, type TemplateResult } from "lit";
import { showDialog } from "../../parts/dialog.ts";
import type { KnownCare } from "../../parts/known-care.ts";
import type { Restrictions } from "./restrictions.ts";
import type { DocumentWords } from "./words.ts";

export type DocumentChoice =
  | { readonly name: "hide" | "show" | "withhold" | "never" | "archive" | "unarchive" | "delete" | "report" }
  | { readonly name: "hide-from-representatives" | "show-to-representatives" }
  | { readonly name: "give-back"; readonly who: KnownCare; readonly consentId: string };

export interface Decidable {
  readonly document: DocumentEntry;
  readonly restrictions: Restrictions;
  /** What the record lets this person change of it; `undefined` where it does not say. */
  readonly rights: readonly DocumentRight[] | undefined;
  /** Somebody acts for the person: only then is there anybody to keep it from. */
  readonly hasRepresentatives: boolean;
}

/** @returns `undefined` when nothing is to change */
export function askChoice(
  root: DocumentFragment | HTMLElement,
  words: DocumentWords,
  close: string,
  { document, restrictions, rights, hasRepresentatives }: Decidable,
): Promise<DocumentChoice | undefined> {
  const may = (right: DocumentRight) => rights?.includes(right) ?? false;
  return showDialog<DocumentChoice | undefined>(root, words.choices, (finish) => {
    const choice = (one: DocumentChoice, [title, text]: readonly string[], isDanger = false): TemplateResult =>
      html`<li><button class=${isDanger ? "pick pick--danger" : "pick"} data-choice=${one.name} @click=${() => finish(one)}><strong>${title}</strong><span>${text}</span></button></li>`;
    const { picks } = words;
    return html`
      <h2>${document.title}</h2>
      <p class="quiet">${words.seenBy(document.isHidden, restrictions.isNeverInEmergency)}</p>
      ${
        restrictions.withheld.length === 0
          ? nothing
          : html`<p class="quiet">${words.withheldFrom}</p><ul class="rows">${restrictions.withheld.map(
              ({ who, consentId }) =>
                html`<li><span class="who">${who.name}</span><button class="button" data-choice="give-back" @click=${() => finish({ name: "give-back", who, consentId })}>${words.giveBack}<span class="visually-hidden"> : ${who.name}</span></button></li>`,
            )}</ul>`
      }
      <ul class="picks">
        ${choice({ name: document.isHidden ? "show" : "hide" }, document.isHidden ? picks.show : picks.hide)}
        ${choice({ name: "withhold" }, picks.withhold)}
        ${hasRepresentatives && may("hide-from-representatives") ? choice({ name: "hide-from-representatives" }, picks.hideFromRepresentatives) : nothing}
        ${hasRepresentatives && may("show-to-representatives") ? choice({ name: "show-to-representatives" }, picks.showToRepresentatives) : nothing}
        ${restrictions.isNeverInEmergency ? nothing : choice({ name: "never" }, picks.never, true)}
        ${may("archive") ? choice({ name: "archive" }, picks.archive) : nothing}
        ${may("unarchive") ? choice({ name: "unarchive" }, picks.unarchive) : nothing}
        ${choice({ name: "report" }, picks.report)}
        ${may("delete") ? choice({ name: "delete" }, picks.delete, true) : nothing}
      </ul>
      <p class="actions"><button class="button" data-action="cancel" autofocus @click=${() => finish(undefined)}>${close}</button></p>`;
  });
}
