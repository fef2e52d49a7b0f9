/** Fields of forms: a label, the input, what is expected, what is wrong; tied together for screen readers. WCAG 3.3. */
import { type Html, html } from "../html.ts";
import type { Strings } from "./strings.ts";

export interface Field {
  readonly name: string;
  readonly label: string;
  /** Attributes of the input, its type first. */
  readonly attributes: Html;
  readonly value?: string | undefined;
  /** Said before anything goes wrong. */
  readonly hint?: string | undefined;
  /** What is wrong with this field, in sentences. */
  readonly faults?: readonly string[] | undefined;
  /** Part of what was refused as a whole, such as a name and its password. */
  readonly isInvalid?: boolean | undefined;
}

export function field({ name, label, attributes, value, hint, faults = [], isInvalid = false }: Field): Html {
  const describedBy = [...(hint ? [`${name}-rule`] : []), ...(faults.length > 0 ? [`${name}-hint`] : [])].join(" ");
  return html`<div><label for="${name}">${label}</label>${
    hint !== undefined && html`<p class="rule" id="${name}-rule">${hint}</p>`
  }<input id="${name}" name="${name}" required value="${value ?? ""}" ${attributes}${
    isInvalid || faults.length > 0 ? html` aria-invalid="true"` : html``
  }${describedBy !== "" ? html` aria-describedby="${describedBy}"` : html``}>${
    faults.length > 0 && html`<p class="hint" id="${name}-hint">${faults.join(" ")}</p>`
  }</div>`;
}

/** Something to say above a form: an error is announced at once, a notice politely. */
export function message(text: string | undefined, isBad: boolean, strings: Strings): Html | undefined {
  if (!text) return undefined;
  return isBad
    ? html`<p class="message bad" role="alert"><span class="visually-hidden">${strings.errorPrefix} </span>${text}</p>`
    : html`<p class="message" role="status">${text}</p>`;
}

/** Types of inputs that several pages have. */
export const inputs = {
  login: html`type="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="80"`,
  password: html`type="password" autocomplete="current-password" maxlength="200"`,
  newPassword: html`type="password" autocomplete="new-password" maxlength="200"`,
  code: html`class="code" type="text" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxlength="12"`,
  birthDate: html`type="text" inputmode="numeric" autocomplete="bday" maxlength="10"`,
  email: html`type="email" autocomplete="email" maxlength="200"`,
  number: html`type="text" inputmode="numeric" autocomplete="off" spellcheck="false" maxlength="40"`,
  text: html`type="text" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="60"`,
} as const;

/** A date as people write it, `14/06/1985` or `1985-06-14`, as `YYYY-MM-DD`. @returns undefined when it is none */
export function dateTyped(text: string): string | undefined {
  const parts =
    /^\s*(?<d>\d{1,2})[/.\s-](?<m>\d{1,2})[/.\s-](?<y>\d{4})\s*$/.exec(text)?.groups ??
    /^\s*(?<y>\d{4})-(?<m>\d{2})-(?<d>\d{2})\s*$/.exec(text)?.groups;
  if (!parts) return undefined;
  const iso = `${parts.y}-${parts.m?.padStart(2, "0")}-${parts.d?.padStart(2, "0")}`;
  return Number.isNaN(Date.parse(iso)) ? undefined : iso;
}
