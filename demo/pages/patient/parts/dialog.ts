/** One dialog at a time over a view: the browser's own, so that focus, Escape and what lies behind are its concern. */
import { html, nothing, render, type TemplateResult } from "lit";

/** Draws the dialog's content; `finish` closes it with an answer. */
export type DialogContent<T> = (finish: (answer: T) => void) => TemplateResult;

/** Does with an answer what it is for. @returns in words why it could not: the dialog stays, with what was written */
export type Keep<T> = (answer: T) => Promise<string | undefined>;

/**
 * Shows a dialog until it is answered. Focus goes back to what had it.
 *
 * @param root the view's shadow root, whose styles the dialog takes
 * @param label what the dialog is about, for those who listen
 * @param keep for a form: it closes once this is done; its `.wrong` says why it does not
 * @returns the answer; `undefined` when it was left with Escape
 */
export function showDialog<T>(
  root: DocumentFragment | HTMLElement,
  label: string,
  content: DialogContent<T>,
  keep?: Keep<NonNullable<T>>,
): Promise<T | undefined> {
  const holder = document.createElement("div");
  root.append(holder);
  return new Promise((resolve) => {
    let answer: T | undefined;
    const dialog = () => holder.querySelector("dialog");
    let isBeingKept = false;
    const keepOpen = async (given: NonNullable<T>, keep: Keep<NonNullable<T>>) => {
      const place = holder.querySelector(".wrong");
      if (place) place.textContent = "";
      isBeingKept = true;
      dialog()?.setAttribute("aria-busy", "true");
      const failure = await keep(given);
      isBeingKept = false;
      dialog()?.removeAttribute("aria-busy");
      if (failure === undefined) return close(given);
      if (place) place.textContent = failure;
    };
    const close = (given: T) => {
      answer = given;
      dialog()?.close();
    };
    const finish = (given: T) => {
      // Who gives up while it is on its way is let go; a second press of the button sends nothing twice.
      if (given === undefined || given === null || !keep) return close(given);
      if (!isBeingKept) void keepOpen(given, keep);
    };
    const closed = () => {
      holder.remove();
      resolve(answer);
    };
    render(html`<dialog class="sheet" aria-label=${label} @close=${closed}>${content(finish)}</dialog>`, holder);
    dialog()?.showModal();
  });
}

export interface Question {
  readonly title: string;
  /** The consequence, one paragraph each. */
  readonly text: readonly string[];
  /** What is about to happen, on the button. */
  readonly action: string;
  readonly cancel: string;
  readonly isDanger?: boolean;
  /** A sentence to tick before the button does anything: for what cannot be undone. */
  readonly understood?: string;
}

/** Says the consequence of an act, and asks. @returns true when the person wants it */
export async function ask(root: DocumentFragment | HTMLElement, question: Question): Promise<boolean> {
  const { title, text, action, cancel, isDanger, understood } = question;
  const answer = await showDialog<boolean>(root, title, (finish) => {
    const submit = (event: Event) => {
      event.preventDefault();
      finish(true);
    };
    return html`<form @submit=${submit}>
      <h2>${title}</h2>
      ${text.map((paragraph) => html`<p>${paragraph}</p>`)}
      ${understood ? html`<label class="tick"><input type="checkbox" name="understood" required />${understood}</label>` : nothing}
      <p class="actions">
        <button type="button" class="button" data-action="cancel" autofocus @click=${() => finish(false)}>${cancel}</button>
        <button class=${isDanger ? "button button--danger" : "button button--main"} data-action="confirm">${action}</button>
      </p>
    </form>`;
  });
  return answer === true;
}
