import type { RecordStatus } from "@carnet/sdk";
import { identifierSystem } from "@carnet/sdk/fhir";
import { html, nothing, type TemplateResult } from "lit";
import type { Identity } from "../facts/identity.ts";
import { ageAt, formatDate } from "../shared/format-date.ts";
import type { SectionContext } from "./context.ts";

/** Too low for all of the traits beside what is read: they scroll (styles.ts), hence take the keyboard's focus. */
const lowWindow = "(max-height: 22rem)";

/**
 * Who this is: always first, always visible, never covered. A trait nobody recorded says "Non renseigné" (STYLE 4, 7).
 * Labels are those of the INS guide.
 */
export function identityStrip(
  context: SectionContext,
  identity: Identity | undefined,
  status: RecordStatus | undefined,
  now: Date,
): TemplateResult {
  const say = context.say.identity;
  const { notRecorded } = context.shared;
  if (identity === undefined || Object.keys(identity).every((key) => key === "ins")) {
    return html`<header class="identity" part="identity" aria-label=${say.strip}>
      <p class="identity-name unknown">${say.nameless} ${recordState(context, status)}</p>
      <dl class="traits">${trait(say.ins, insValue(context, identity), "ins")}</dl>
    </header>`;
  }
  const name = identity.usedName ?? identity.birthName ?? identity.wholeName ?? notRecorded;
  const given = identity.usedGivenName ?? identity.birthGivenNames ?? "";
  const birth = identity.birthDate === undefined ? notRecorded : formatDate(identity.birthDate, context.locale);
  const age =
    identity.deceased === undefined && identity.birthDate !== undefined ? ageAt(identity.birthDate, now) : undefined;
  const sex = identity.sex === undefined ? notRecorded : say[identity.sex];
  return html`<header class="identity" part="identity" aria-label=${say.strip}>
    <p class="identity-name">
      <span class="family">${name}</span> <span class="given">${given}</span>
      ${age === undefined ? nothing : html`<span class="age">${say[age.unit](age.value)}</span>`}
      ${
        identity.deceased === undefined
          ? nothing
          : html`<span class="deceased">${
              identity.deceased === true ? say.deceased : say.deceasedOn(formatDate(identity.deceased, context.locale))
            }</span>`
      }
      ${recordState(context, status)}
    </p>
    <dl class="traits" tabindex=${matchMedia(lowWindow).matches ? 0 : nothing}>
      ${
        identity.wholeName === undefined
          ? html`${trait(say.birthName, identity.birthName ?? notRecorded)}
              ${trait(say.birthGivenNames, identity.birthGivenNames ?? notRecorded)}
              ${trait(say.usedName, identity.usedName ?? notRecorded)}
              ${trait(say.usedGivenName, identity.usedGivenName ?? notRecorded)}`
          : nothing
      }
      ${trait(say.birthDate, birth)} ${trait(say.sex, sex)} ${trait(say.ins, insValue(context, identity), "ins")}
    </dl>
  </header>`;
}

/** The record's state and the reader's place in it, once known (R25, R55, R62). */
function recordState(context: SectionContext, status: RecordStatus | undefined): TemplateResult | typeof nothing {
  if (status === undefined) return nothing;
  const { record, referring } = context.say.identity;
  const { state, authorisation, isReferringDoctor } = status;
  const words =
    state !== "open"
      ? record[state]
      : authorisation === "valid" || authorisation === "forbidden"
        ? record[authorisation]
        : record.consent;
  return html`<span class="age record">${isReferringDoctor ? `${words}, ${referring}` : words}</span>`;
}

function trait(label: string, value: unknown, kind = ""): TemplateResult {
  return html`<div class="trait ${kind}"><dt>${label}</dt><dd>${value}</dd></div>`;
}

function insValue(context: SectionContext, identity: Identity | undefined): unknown {
  const say = context.say.identity;
  if (identity?.ins === undefined) return context.shared.notRecorded;
  const { system, value } = identity.ins;
  const kinds: Record<string, string> = {
    [identifierSystem.insNir]: say.nir,
    [identifierSystem.insNia]: say.nia,
    [identifierSystem.insTest]: say.test,
    [identifierSystem.insDemonstration]: say.demonstration,
  };
  const status = [kinds[system], identity.isQualified === true ? say.qualified : undefined].filter(
    (part) => part !== undefined,
  );
  return html`<span class="matricule">${spaced(value)}</span>
    ${status.length === 0 ? nothing : html`<span class="ins-status">${status.join(", ")}</span>`}`;
}

/** `255069912345678` → "2 55 06 99 123 456 78": read aloud in the groups that people know. */
function spaced(value: string): string {
  const groups = /^(\w)(\w\w)(\w\w)(\w\w)(\w{3})(\w{3})(\w\w)$/.exec(value);
  return groups === null ? value : groups.slice(1).join("\u202f");
}
