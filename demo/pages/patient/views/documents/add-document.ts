/** The form with which the person adds a document of their own; the limits are said before, and checked before it leaves. */
import type { DepositInput } from "@carnet/sdk";
import type { IdentityTraits } from "@carnet/sdk/identity";
import { html } from "lit";
import { type DialogContent, type Keep, showDialog } from "../../parts/dialog.ts";
import { accepted, kindOf, type OwnType, ownDeposits, ownTypes, unfitness } from "./own-document.ts";
import type { DocumentWords } from "./words.ts";

/** @returns what to deposit, `undefined` when the person changed their mind */
export function askOwnDocument(
  root: DocumentFragment | HTMLElement,
  words: DocumentWords,
  cancel: string,
  patient: IdentityTraits,
  keep: Keep<DepositInput>,
): Promise<DepositInput | undefined> {
  const { add } = words;
  const depositOf = ownDeposits();
  const content: DialogContent<DepositInput | undefined> = (finish) => {
    const say = (form: HTMLFormElement, text: string, field: string) => {
      const place = form.querySelector(".wrong");
      if (place) place.textContent = text;
      form.querySelector<HTMLElement>(`[name=${field}]`)?.focus();
    };
    const submit = async (event: Event) => {
      event.preventDefault();
      const form = event.currentTarget as HTMLFormElement;
      const data = new FormData(form);
      const file = data.get("file");
      const title = String(data.get("title") ?? "").trim();
      if (!(file instanceof File) || file.name === "") return say(form, add.missingFile, "file");
      const unfit = unfitness(file);
      const contentType = kindOf(file.name);
      if (unfit || !contentType) return say(form, add.unfit[unfit ?? "kind"], "file");
      if (!title) return say(form, add.missingTitle, "title");
      const bytes = new Uint8Array(await file.arrayBuffer());
      const typeCode = ownTypes[String(data.get("type")) as OwnType] ?? ownTypes.other;
      const day = String(data.get("date") ?? "") || new Date().toISOString().slice(0, 10);
      finish(depositOf({ typeCode, title, date: `${day}T12:00:00Z`, content: bytes, contentType, patient }));
    };
    const kinds = Object.entries(add.types) as [OwnType, string][];
    return html`<form novalidate @submit=${submit}>
      <h2>${add.title}</h2><p>${add.text}</p>
      <label class="field"><span>${add.file}</span><small>${add.limits}</small><input type="file" name="file" accept=${accepted} /></label>
      <label class="field"><span>${add.name}</span><small>${add.nameHelp}</small><input type="text" name="title" maxlength="120" autocomplete="off" /></label>
      <label class="field"><span>${add.type}</span><select name="type">${kinds.map(([kind, label]) => html`<option value=${kind}>${label}</option>`)}</select></label>
      <label class="field"><span>${add.date}</span><input type="date" name="date" max=${new Date().toISOString().slice(0, 10)} /></label>
      <p class="wrong" role="alert"></p>
      <p class="actions">
        <button type="button" class="button" data-action="cancel" @click=${() => finish(undefined)}>${cancel}</button>
        <button class="button button--main" data-action="confirm">${add.send}</button>
      </p>
    </form>`;
  };
  return showDialog(root, add.title, content, keep);
}
