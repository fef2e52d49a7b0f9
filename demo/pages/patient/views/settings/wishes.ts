/** What the person wants, as documents of their own: the trusted person, and the advance directives. R161, R162. */

export const wishTypes = { trusted: "EXPPAT_1", directives: "EXPPAT_3" } as const;
export type Wish = keyof typeof wishTypes;

export interface TrustedPerson {
  readonly name: string;
  readonly link: string;
  readonly phone: string;
  readonly address: string;
}

/** The text that professionals read, in French: they are the ones who need it. */
export function trustedPersonText({ name, link, phone, address }: TrustedPerson, day: string): string {
  const lines = [
    "PERSONNE DE CONFIANCE",
    "",
    `Nom : ${name}`,
    ...(link ? [`Lien : ${link}`] : []),
    `Téléphone : ${phone}`,
    ...(address ? [`Adresse : ${address}`] : []),
    "",
    `Désignée par le patient lui-même le ${day}, avec l'accord de cette personne.`,
  ];
  return lines.join("\n");
}

export const directivesText = (text: string, day: string): string =>
  ["DIRECTIVES ANTICIPÉES", "", text, "", `Écrites par le patient lui-même le ${day}.`].join("\n");

/** Title under which professionals find it. */
export const wishTitles = { trusted: "Personne de confiance", directives: "Directives anticipées" } as const;

/** Whole years at a day. */
export function ageOn(birthDate: string | undefined, now: Date): number | undefined {
  const [year = Number.NaN, month = 1, day = 1] = (birthDate ?? "").split("-").map(Number);
  if (Number.isNaN(year)) return undefined;
  const isBefore = now.getMonth() + 1 < month || (now.getMonth() + 1 === month && now.getDate() < day);
  return now.getFullYear() - year - (isBefore ? 1 : 0);
}
