/** The forms of the wishes; each gives the bytes that are kept. */
import { html } from "lit";
import { type DialogContent, type Keep, showDialog } from "../../parts/dialog.ts";
import { accepted, kindOf, unfitness } from "../documents/own-document.ts";
import { directivesText, trustedPersonText, type Wish } from "./wishes.ts";
import type { SettingsWords } from "./words.ts";

export interface Written {
  readonly content: Uint8Array;
  readonly contentType: string;
}

type Words = SettingsWords["wishes"];

const plain = (text: string): Written => ({ content: new TextEncoder().encode(text), contentType: "text/plain" });
const today = () => new Intl.DateTimeFormat("fr-FR", { dateStyle: "long" }).format(new Date());

/** What the form says; or what is wrong, and where. */
type Read = Written | { readonly wrong: string; readonly field: string };

function readTrusted(data: FormData, words: Words): Read {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const person = { name: text("name"), link: text("link"), phone: text("phone"), address: text("address") };
  const field = person.name ? (person.phone ? "agreed" : "phone") : "name";
  if (!person.name || !person.phone || !data.get("agreed")) return { wrong: words.missingPerson, field };
  return plain(trustedPersonText(person, today()));
}

async function readDirectives(data: FormData, words: Words): Promise<Read> {
  const text = String(data.get("text") ?? "").trim();
  const file = data.get("file");
  if (file instanceof File && file.name !== "") {
    const contentType = kindOf(file.name);
    if (!contentType || unfitness(file)) return { wrong: words.unfit, field: "file" };
    return { content: new Uint8Array(await file.arrayBuffer()), contentType };
  }
  return text ? plain(directivesText(text, today())) : { wrong: words.missingText, field: "text" };
}

/** @returns what to keep; `undefined` when the person changed their mind */
export function askWish(
  root: DocumentFragment | HTMLElement,
  words: Words,
  cancel: string,
  wish: Wish,
  keep: Keep<Written>,
): Promise<Written | undefined> {
  const isTrusted = wish === "trusted";
  const content: DialogContent<Written | undefined> = (finish) => {
    const submit = async (event: Event) => {
      event.preventDefault();
      const form = event.currentTarget as HTMLFormElement;
      const data = new FormData(form);
      const read = isTrusted ? readTrusted(data, words) : await readDirectives(data, words);
      if (!("wrong" in read)) return finish(read);
      const wrong = form.querySelector(".wrong");
      if (wrong) wrong.textContent = read.wrong;
      form.querySelector<HTMLElement>(`[name=${read.field}]`)?.focus();
    };
    const field = (name: string, label: string, type = "text") =>
      html`<label class="field"><span>${label}</span><input type=${type} name=${name} maxlength="200" autocomplete="off" /></label>`;
    const trusted = () =>
      html`${field("name", words.person)}${field("link", words.link)}${field("phone", words.phone, "tel")}${field("address", words.address)}
        <label class="tick"><input type="checkbox" name="agreed" />${words.agreed}</label>`;
    const directives = () =>
      html`<label class="field"><span>${words.text}</span><small>${words.textHelp}</small><textarea name="text" maxlength="20000"></textarea></label>
        <label class="field"><span>${words.or}</span><input type="file" name="file" accept=${accepted} /></label>`;
    return html`<form novalidate @submit=${submit}>
      <h2>${words[wish]}</h2><p>${isTrusted ? words.trustedText : words.directivesText}</p>
      ${isTrusted ? trusted() : directives()}
      <p class="wrong" role="alert"></p>
      <p class="actions">
        <button type="button" class="button" data-action="cancel" @click=${() => finish(undefined)}>${cancel}</button>
        <button class="button button--main" data-action="confirm">${words.save}</button>
      </p>
    </form>`;
  };
  return showDialog(root, words[wish], content, keep);
}
