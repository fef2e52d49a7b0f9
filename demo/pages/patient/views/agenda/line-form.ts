/** The form of one line of the agenda. */
import type { AppointmentInput } from "@carnet/sdk";
import { html } from "lit";
import { type DialogContent, type Keep, showDialog } from "../../parts/dialog.ts";
import { type AgendaLine, leadOf, readLine } from "./lines.ts";
import type { AgendaWords } from "./words.ts";

const two = (value: number) => String(value).padStart(2, "0");
const dayOf = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** @returns what to keep; `undefined` when the person changed their mind */
export function askLine(
  root: DocumentFragment | HTMLElement,
  words: AgendaWords,
  buttons: { readonly cancel: string; readonly save: string },
  line: Partial<AgendaLine>,
  keep: Keep<AppointmentInput>,
): Promise<AppointmentInput | undefined> {
  const { form } = words;
  const title = line.id ? form.editTitle : form.addTitle;
  const start = line.start ? new Date(line.start) : undefined;
  const lead = line.start ? leadOf({ start: line.start, ...line }) : "day";
  const content: DialogContent<AppointmentInput | undefined> = (finish) => {
    const submit = (event: Event) => {
      event.preventDefault();
      const element = event.currentTarget as HTMLFormElement;
      const read = readLine(new FormData(element));
      if (typeof read !== "string") return finish(read);
      const wrong = element.querySelector(".wrong");
      if (wrong) wrong.textContent = form[read];
      element.querySelector<HTMLElement>(read === "past" ? "[name=remind]" : "[name=description]")?.focus();
    };
    const options = (all: Readonly<Record<string, string>>, current: string) =>
      Object.entries(all).map(
        ([value, label]) => html`<option value=${value} ?selected=${value === current}>${label}</option>`,
      );
    return html`<form novalidate @submit=${submit}>
      <h2>${title}</h2>
      <label class="field"><span>${form.kind}</span><select name="kind">${options(words.kinds, line.kind ?? "appointment")}</select></label>
      <label class="field"><span>${form.what}</span><small>${form.whatHelp}</small><input type="text" name="description" maxlength="200" autocomplete="off" .defaultValue=${line.description ?? ""} /></label>
      <label class="field"><span>${form.day}</span><input type="date" name="day" .defaultValue=${start ? dayOf(start) : ""} /></label>
      <label class="field"><span>${form.time}</span><input type="time" name="time" .defaultValue=${start ? `${two(start.getHours())}:${two(start.getMinutes())}` : ""} /></label>
      <label class="field"><span>${form.comment}</span><textarea name="comment" maxlength="2000" .defaultValue=${line.comment ?? ""}></textarea></label>
      <label class="field"><span>${form.remind}</span><select name="remind">${options(form.reminds, lead)}</select></label>
      <p class="wrong" role="alert"></p>
      <p class="actions">
        <button type="button" class="button" data-action="cancel" @click=${() => finish(undefined)}>${buttons.cancel}</button>
        <button class="button button--main" data-action="confirm">${buttons.save}</button>
      </p>
    </form>`;
  };
  return showDialog(root, title, content, keep);
}
