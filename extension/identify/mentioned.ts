import { type IdentityTraits, type NameMention, wordsOfName } from "@carnet/sdk/identity";

/** A date that long ago, beside a name, is the day of a birth and not of a letter. */
const yearsOfBirth = 15;
/** A date this near is that of a letter or an examination. */
const yearsOfLetter = 2;

/**
 * Whether words of a document that are no identity by themselves speak of somebody else than the person of the record: another
 * name that is called the patient or stands beside a birth date, a day of birth that is not theirs whatever the century, an age
 * that they have not reached.
 * @param known other names by which the document calls that person
 */
export function isOfSomebodyElse(
  { name, shape, date, shortBirthDate, age, isCalledPatient }: NameMention,
  record: IdentityTraits,
  known: IdentityTraits,
  today: string | undefined,
): boolean {
  const { birthDate } = record;
  if (shortBirthDate !== undefined) return birthDate !== undefined && shortBirthDate !== birthDate.slice(2);
  if (name === undefined) return false;
  const oldest = yearsSince(birthDate, today);
  // A letter may say the birthday that comes.
  if (age !== undefined && oldest !== undefined && age > oldest + 1) return true;
  const { isOwn, isFamilys } = compare(name, record, known);
  const isPerson = shape === "told" || isFamilys;
  if (date !== undefined && birthDate !== undefined) {
    if (date === birthDate) return !isOwn && isPerson;
    const years = yearsSince(date, today) ?? 0;
    if (date < birthDate && years >= (isPerson ? yearsOfLetter : yearsOfBirth)) return true;
    if (isOwn || isFamilys) return years >= yearsOfBirth;
    return isPerson && isCalledPatient && years >= yearsOfLetter;
  }
  return isCalledPatient && !isOwn && (isPerson || shape === "given") && !mayBeMarried(name, record);
}

function yearsSince(date: string | undefined, today: string | undefined): number | undefined {
  if (date === undefined || today === undefined) return undefined;
  const years = Number(today.slice(0, 4)) - Number(date.slice(0, 4));
  return today.slice(5) < date.slice(5) ? years - 1 : years;
}

const namesOf = ({ birthName, usedName, birthGivenNames, firstGivenName, usedGivenName }: IdentityTraits) =>
  [birthName, usedName, ...(birthGivenNames ?? []), firstGivenName, usedGivenName].filter((name) => name !== undefined);

/** Whether all words of a name are the person's, and whether one is of their family name. */
function compare(name: string, record: IdentityTraits, known: IdentityTraits) {
  const names = [...namesOf(record), ...namesOf(known)];
  const own = new Set(names.flatMap(wordsOfName));
  // "ELAMRANI", "Abdelkader": software drops the separators.
  const joined = new Set(names.map((one) => wordsOfName(one).join("")));
  const words = wordsOfName(name).filter((word) => word.length > 1);
  const isSlip = (word: string) => word.length >= 5 && [...own].some((one) => one.length >= 5 && isNear(word, one));
  const rest = words.filter((word) => !own.has(word) && !joined.has(word) && !isSlip(word));
  const family = [record.birthName, record.usedName].flatMap((one) => wordsOfName(one ?? ""));
  return {
    isOwn: rest.length === 0 || joined.has(rest.join("")) || joined.has(words.join("")),
    isFamilys: words.some((word) => (word.length > 2 || family.length === 1) && family.includes(word)),
  };
}

/** One letter apart, as a name is mistyped. */
function isNear(one: string, other: string): boolean {
  return one.length === other.length && [...one].filter((letter, index) => letter !== other[index]).length <= 1;
}

/** A woman's own given name beside a family name that her record does not know may be her husband's. */
function mayBeMarried(name: string, { sex, usedName, firstGivenName, birthGivenNames }: IdentityTraits): boolean {
  if (sex === "male" || usedName !== undefined) return false;
  const given = wordsOfName(firstGivenName ?? birthGivenNames?.[0] ?? "");
  return given.length > 0 && given.every((word) => wordsOfName(name).includes(word));
}
