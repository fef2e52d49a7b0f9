import type { Identity } from "../facts/identity.ts";
import { formatDate } from "../shared/format-date.ts";
import type { Locale } from "../shared/locale.ts";
import type { OpenedDocument } from "./open-document.ts";
import { viewerStrings } from "./strings.ts";

/**
 * What the head of each printed page says: whose document this is, and which. A sheet that is lost from its pile must not be
 * filed for somebody else (identitovigilance). `ins` is the record's, where the document names nobody.
 */
export function paperLine(
  opened: OpenedDocument | undefined,
  title: string,
  ins: string | undefined,
  locale: Locale,
): string {
  const { mentions } = viewerStrings(locale);
  const rows = opened?.view?.header ?? [];
  const row = (key: string) => rows.find((one) => one.key === key)?.value;
  const person: Identity = opened?.fhir?.identity ?? {};
  const name = [
    row("usedName") ?? row("birthName") ?? person.usedName ?? person.birthName ?? person.wholeName,
    row("usedGivenName") ?? row("birthGivenNames") ?? person.usedGivenName ?? person.birthGivenNames,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
  const birth = row("birth") ?? (person.birthDate && formatDate(person.birthDate, locale));
  const number = row("ins") ?? person.ins?.value ?? ins;
  return [name, birth && `${mentions.birth}\u00a0: ${birth}`, number && `${mentions.ins}\u00a0: ${number}`, title]
    .filter((part) => part !== undefined && part !== "")
    .join(" · ");
}
