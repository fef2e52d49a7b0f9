/** The form that names a carer or the other parent, by social security number; the role is attested. R10, R14. */
import type { RelativeInput } from "@carnet/sdk";
import { html, nothing } from "lit";
import { type DialogContent, type Keep, showDialog } from "../../parts/dialog.ts";
import type { SettingsWords } from "./words.ts";

/** Fifteen signs, Corsica's departments included, written with or without spaces. */
export function readNumber(written: unknown): string | undefined {
  const number = String(written ?? "")
    .replace(/[\s.-]/g, "")
    .toUpperCase();
  return /^\d{6}[\dAB]\d{8}$/.test(number) ? number : undefined;
}

/** @returns whom to add; `undefined` when the person changed their mind */
export function askRelative(
  root: DocumentFragment | HTMLElement,
  words: SettingsWords["relatives"],
  cancel: string,
  role: RelativeInput["role"],
  system: string,
  keep: Keep<RelativeInput>,
): Promise<RelativeInput | undefined> {
  const isCarer = role === "carer";
  const title = isCarer ? words.addCarer : words.addParent;
  const content: DialogContent<RelativeInput | undefined> = (finish) => {
    const submit = (event: Event) => {
      event.preventDefault();
      const form = event.currentTarget as HTMLFormElement;
      const data = new FormData(form);
      const name = String(data.get("name") ?? "").trim();
      const value = readNumber(data.get("number"));
      const until = String(data.get("until") ?? "");
      if (name && value && data.get("attested"))
        return finish({ role, name, ins: { system, value }, isAttested: true, ...(until && { until }) });
      const wrong = form.querySelector(".wrong");
      if (wrong) wrong.textContent = words.missing;
      form.querySelector<HTMLElement>(name ? (value ? "[name=attested]" : "[name=number]") : "[name=name]")?.focus();
    };
    return html`<form novalidate @submit=${submit}>
      <h2>${title}</h2>
      <label class="field"><span>${words.name}</span><input type="text" name="name" maxlength="200" autocomplete="off" /></label>
      <label class="field"><span>${words.number}</span><small>${words.numberHelp}</small><input type="text" name="number" inputmode="numeric" maxlength="25" autocomplete="off" /></label>
      ${isCarer ? html`<label class="field"><span>${words.last}</span><input type="date" name="until" min=${new Date().toISOString().slice(0, 10)} /></label>` : nothing}
      <label class="tick"><input type="checkbox" name="attested" />${isCarer ? words.attestCarer : words.attestParent}</label>
      <p class="wrong" role="alert"></p>
      <p class="actions">
        <button type="button" class="button" data-action="cancel" @click=${() => finish(undefined)}>${cancel}</button>
        <button class="button button--main" data-action="confirm">${words.save}</button>
      </p>
    </form>`;
  };
  return showDialog(root, title, content, keep);
}
