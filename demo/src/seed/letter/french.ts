/** How French letters write dates and people. */
import type { Person } from "../people.ts";

const long = new Intl.DateTimeFormat("fr-FR", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "Europe/Paris",
});
const short = new Intl.DateTimeFormat("fr-FR", {
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  timeZone: "Europe/Paris",
});

/** `14 mai 2026` */
export const longDate = (iso: string): string => long.format(new Date(iso));
/** `14/05/2026` */
export const shortDate = (iso: string): string => short.format(new Date(iso));

/** `2 88 05 37 261 042 86`, as the Vitale card prints it. */
export function printedIns(value: string): string {
  return value.replace(/^(.)(..)(..)(..)(...)(...)(..)$/, "$1 $2 $3 $4 $5 $6 $7");
}

/** Civility and name, for example `Mme GARNIER Monique`. */
export function civilName(person: Person): string {
  return `${person.sex === "female" ? "Mme" : "M."} ${person.usedName ?? person.birthName} ${person.firstGivenName}`;
}

/** Age in whole years at a date. */
export function ageAt(person: Person, iso: string): number {
  const birth = new Date(person.birthDate);
  const at = new Date(iso);
  const before =
    at.getUTCMonth() < birth.getUTCMonth() ||
    (at.getUTCMonth() === birth.getUTCMonth() && at.getUTCDate() < birth.getUTCDate());
  return at.getUTCFullYear() - birth.getUTCFullYear() - (before ? 1 : 0);
}

/** `38 ans`, or `14 mois` under two years. */
export function printedAge(person: Person, iso: string): string {
  const years = ageAt(person, iso);
  if (years >= 2) return `${years} ans`;
  const birth = new Date(person.birthDate);
  const at = new Date(iso);
  const months =
    (at.getUTCFullYear() - birth.getUTCFullYear()) * 12 +
    at.getUTCMonth() -
    birth.getUTCMonth() -
    (at.getUTCDate() < birth.getUTCDate() ? 1 : 0);
  return `${months} mois`;
}
