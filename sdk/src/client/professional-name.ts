/** Titles as documents carry them (TRE_R11 and free text), as French people write them. */
const titles: Readonly<Record<string, string>> = {
  DR: "Dr",
  DOCTEUR: "Dr",
  PR: "Pr",
  PROFESSEUR: "Pr",
  M: "M.",
  MR: "M.",
  MONSIEUR: "M.",
  MME: "Mme",
  MADAME: "Mme",
  MLLE: "Mlle",
};
const civility = /^M(\.|me|lle)$/;

/** The parts of a FHIR `HumanName` that say how somebody is called. */
export interface NameParts {
  readonly text?: string | undefined;
  readonly family?: string | undefined;
  readonly given?: readonly string[] | undefined;
  readonly prefix?: readonly string[] | undefined;
  readonly suffix?: readonly string[] | undefined;
}

/**
 * A person's name as the French write it: "Dr Sophie MARTIN", "M. Marc LAURENT". A CDA puts the civility (M, MME) in the
 * prefix and the professional title (DR, PR) in the suffix; the title takes the place of the civility.
 *
 * @returns undefined when the name says nothing
 */
export function professionalName(name: NameParts | undefined): string | undefined {
  if (!name) return undefined;
  const family = name.family?.trim();
  const given = (name.given ?? []).filter((part) => part.trim() !== "");
  if (!family && given.length === 0) return name.text?.trim() || undefined;
  const written = [...(name.suffix ?? []), ...(name.prefix ?? [])].flatMap(titleOf);
  const title = written.find((one) => !civility.test(one)) ?? written[0];
  return [title, ...given, family?.toLocaleUpperCase("fr")].filter(Boolean).join(" ");
}

function titleOf(part: string): string[] {
  const plain = part.trim();
  if (plain === "") return [];
  const known = titles[plain.replace(/\.$/, "").toLocaleUpperCase("fr")];
  return [known ?? plain];
}
