/** When an authorisation ends: a day the person chooses, within the usual year, or the usual length again. R56. */
import { html } from "lit";
import { showDialog } from "../../parts/dialog.ts";
import type { PeopleWords } from "./words.ts";

const dayMs = 86_400_000;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** @returns the end chosen (`until` absent: the usual length), `undefined` when nothing was chosen */
export function askEnd(
  root: DocumentFragment | HTMLElement,
  words: PeopleWords,
  cancel: string,
  { name, until }: { readonly name: string; readonly until?: string | undefined },
): Promise<{ readonly until?: string } | undefined> {
  const now = Date.now();
  return showDialog<{ readonly until?: string } | undefined>(root, words.endTitle(name), (finish) => {
    const submit = (event: Event) => {
      event.preventDefault();
      const day = String(new FormData(event.currentTarget as HTMLFormElement).get("day") ?? "");
      // The whole last day counts, here where the person is.
      if (day) finish({ until: new Date(`${day}T23:59:59`).toISOString() });
    };
    return html`<form @submit=${submit}>
      <h2>${words.endTitle(name)}</h2><p>${words.endText}</p>
      <label class="field"><span>${words.endLabel}</span><input type="date" name="day" required min=${dayOf(now)} max=${dayOf(now + 363 * dayMs)} .value=${(until ?? dayOf(now + 90 * dayMs)).slice(0, 10)} /></label>
      <p class="meta">${words.endUsualText}</p>
      <p class="actions">
        <button type="button" class="button" data-action="cancel" @click=${() => finish(undefined)}>${cancel}</button>
        <button type="button" class="button" data-action="usual" @click=${() => finish({})}>${words.endUsual}</button>
        <button class="button button--main" data-action="confirm">${words.endSave}</button>
      </p>
    </form>`;
  });
}
