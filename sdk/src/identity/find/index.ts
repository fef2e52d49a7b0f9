import type { IdentityTraits } from "../traits.ts";
import { groupFacts } from "./group.ts";
import { findInsFacts } from "./numbers.ts";
import { scanFacts } from "./scan.ts";
import { maximumLength } from "./tokens.ts";

export { findMentions, type NameMention } from "./mentions.ts";
export { findOtherSubjects, type OtherSubject } from "./subjects.ts";
export { maximumLength as longestIdentityText } from "./tokens.ts";

/** A person the text speaks of as a patient. */
export interface FoundIdentity {
  readonly traits: IdentityTraits;
  /** Where the text says so: offsets in UTF-16 units, in order. */
  readonly where: readonly { readonly start: number; readonly end: number }[];
  /** It calls them its patient, by a label, a birth or such words as "je vois"; a name alone may be that of anybody in a letter. */
  readonly isCalledPatient: boolean;
}

/**
 * Reads who a French text is about: INS, names, birth date, sex, code of the birth place.
 *
 * The best supported person comes first; a text about two patients gives two. Doctors, recipients, relatives and contacts
 * are left out. A name that no label calls a birth name is given as `usedName`: `matchTraits` then asks rather than
 * assumes. An INS whose key is wrong is given as the text has it when the text calls it an INS, so that a slip is seen:
 * check it with `parseIns` before using it. Its system is INS-NIR or INS-NIA: a text never says "test". Only the first 200 000 characters (`longestIdentityText`) are read; the time grows with the length of the text, not faster.
 *
 * @example
 * findIdentities("Mme Marie MARTIN née DURAND le 12/03/1980")
 * // [{ traits: { usedName: "MARTIN", firstGivenName: "Marie", sex: "female", birthName: "DURAND", birthDate: "1980-03-12" }, where: […], isCalledPatient: true }]
 */
export function findIdentities(text: string): readonly FoundIdentity[] {
  const start = text.slice(0, maximumLength);
  const { facts, relatives } = scanFacts(start);
  return groupFacts([...facts, ...findInsFacts(start, relatives)].sort((one, other) => one.start - other.start));
}
