/** Asks for a few sentences. */
import { html } from "lit";
import { type DialogContent, type Keep, showDialog } from "./dialog.ts";

export interface TextQuestion {
  readonly title: string;
  readonly text: string;
  readonly label: string;
  readonly action: string;
  readonly cancel: string;
  /** Default 2000. */
  readonly maxLength?: number;
}

/** @returns the text, never empty; `undefined` when the person changed their mind */
export function askText(
  root: DocumentFragment | HTMLElement,
  question: TextQuestion,
  keep: Keep<string>,
): Promise<string | undefined> {
  const { title, text, label, action, cancel, maxLength = 2000 } = question;
  const content: DialogContent<string | undefined> = (finish) => {
    const submit = (event: Event) => {
      event.preventDefault();
      const written = String(new FormData(event.currentTarget as HTMLFormElement).get("text") ?? "").trim();
      if (written) finish(written);
    };
    return html`<form @submit=${submit}>
      <h2>${title}</h2><p>${text}</p>
      <label class="field"><span>${label}</span><textarea name="text" required maxlength=${maxLength}></textarea></label>
      <p class="wrong" role="alert"></p>
      <p class="actions">
        <button type="button" class="button" data-action="cancel" @click=${() => finish(undefined)}>${cancel}</button>
        <button class="button button--main" data-action="confirm">${action}</button>
      </p>
    </form>`;
  };
  return showDialog(root, title, content, keep);
}
