/** Whom? A dialog that lists those whom the record has met, and takes the number of somebody else. */
import type { RecordHandle } from "@carnet/sdk";
import { html, nothing } from "lit";
import type { Locale } from "../strings.ts";
import { showDialog } from "./dialog.ts";
import { type KnownCare, knownCare } from "./known-care.ts";

const words = {
  fr: {
    cancel: "Annuler",
    who: "Qui ?",
    choose: "Choisissez dans la liste",
    professionals: "Soignants",
    structures: "Établissements et cabinets",
    other: "Quelqu'un d'autre : son numéro professionnel (RPPS)",
    otherHelp: "Onze chiffres, écrits sur ses ordonnances.",
    otherName: "Son nom",
    missing: "Choisissez une personne, ou écrivez son numéro et son nom.",
  },
  en: {
    cancel: "Cancel",
    who: "Who?",
    choose: "Choose from the list",
    professionals: "Professionals",
    structures: "Hospitals and practices",
    other: "Somebody else: their professional number (RPPS)",
    otherHelp: "Eleven digits, written on their prescriptions.",
    otherName: "Their name",
    missing: "Choose somebody, or write their number and their name.",
  },
} as const;

export interface Choice {
  readonly title: string;
  /** The consequence. */
  readonly text: string;
  readonly action: string;
  /** Whole structures may be chosen too. */
  readonly withStructures: boolean;
  readonly isDanger?: boolean;
}

/** Those whom this record has met. What cannot be read adds nobody: a number can always be written. */
export async function readKnownCare(record: RecordHandle, signal: AbortSignal): Promise<readonly KnownCare[]> {
  const or = <T>(answer: Promise<readonly T[]>) => answer.catch((): readonly T[] => []);
  const [consents, documents, accesses] = await Promise.all([
    or(record.consents({ signal })),
    or(record.documents({ pageSize: 200 }, { signal }).toArray({ limit: 400 })),
    or(record.accessLog({ signal })),
  ]);
  signal.throwIfAborted();
  return knownCare(consents, documents, accesses);
}

/** Asks. @returns `undefined` when the person changes their mind */
export async function chooseCare(
  root: DocumentFragment | HTMLElement,
  known: readonly KnownCare[],
  locale: Locale,
  { title, text, action, withStructures, isDanger }: Choice,
): Promise<KnownCare | undefined> {
  const say = words[locale];
  const of = (kind: KnownCare["kind"]) => known.filter((one) => one.kind === kind);
  const options = (kind: KnownCare["kind"]) =>
    of(kind).map(({ id, name }) => html`<option value=${id}>${name}</option>`);
  return showDialog<KnownCare | undefined>(root, title, (finish) => {
    const submit = (event: Event) => {
      event.preventDefault();
      const form = event.currentTarget as HTMLFormElement;
      const data = new FormData(form);
      const chosen = known.find(({ id }) => id === data.get("known"));
      const number = String(data.get("number") ?? "").replace(/\s/g, "");
      const name = String(data.get("name") ?? "").trim();
      if (chosen) finish(chosen);
      else if (/^8?\d{11}$/.test(number) && name)
        // The national identifier of a professional is an 8, then the eleven digits.
        finish({ kind: "professional", id: number.length === 11 ? `8${number}` : number, name });
      else {
        const place = form.querySelector(".wrong");
        if (place) place.textContent = say.missing;
        form.querySelector<HTMLElement>("select, input")?.focus();
      }
    };
    return html`<form novalidate @submit=${submit}>
      <h2>${title}</h2><p>${text}</p>
      <label class="field"><span>${say.who}</span><select name="known">
        <option value="">${say.choose}</option>
        ${withStructures ? html`<optgroup label=${say.professionals}>${options("professional")}</optgroup><optgroup label=${say.structures}>${options("structure")}</optgroup>` : options("professional")}
      </select></label>
      <details class="help"><summary>${say.other}</summary>
        <label class="field"><span>${say.other}</span><small>${say.otherHelp}</small><input name="number" inputmode="numeric" autocomplete="off" maxlength="16" /></label>
        <label class="field"><span>${say.otherName}</span><input name="name" autocomplete="off" maxlength="100" /></label>
      </details>
      <p class="wrong" role="alert">${nothing}</p>
      <p class="actions">
        <button type="button" class="button" data-action="cancel" @click=${() => finish(undefined)}>${say.cancel}</button>
        <button class=${isDanger ? "button button--danger" : "button button--main"} data-action="confirm">${action}</button>
      </p>
    </form>`;
  });
}
