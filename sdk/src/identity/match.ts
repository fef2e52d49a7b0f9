import { checkInsKey, type Ins } from "./ins.ts";
import { compareNames, isOneSlip, type NameDistance, wordsOfName } from "./names.ts";
import type { IdentityTraits } from "./traits.ts";

export type TraitOutcome = "same" | "close" | "different" | "missing";

export interface TraitReason {
  readonly trait: keyof IdentityTraits;
  readonly outcome: TraitOutcome;
}

export interface IdentityMatch {
  /**
   * `certain`: may be filed. `doubtful`: ask a person. `wrong`: must not be filed (R40).
   */
  readonly verdict: "certain" | "doubtful" | "wrong";
  readonly reasons: readonly TraitReason[];
}

/** A slip is a difference that typing explains; a part is a name that holds the other. Two slips are two people. */
interface Comparison {
  readonly outcome: TraitOutcome;
  readonly isSlip?: boolean;
}

const missing: Comparison = { outcome: "missing" };
const same: Comparison = { outcome: "same" };
const slip: Comparison = { outcome: "close", isSlip: true };
const part: Comparison = { outcome: "close" };
const different: Comparison = { outcome: "different" };

const byDistance: Record<NameDistance, Comparison> = { same, part, typo: slip, different };

/**
 * Compares the traits read from a document or a page with those of the record (identitovigilance; R35, R40).
 *
 * - `certain` needs birth name + first given name + birth date, or the INS + one more trait, and nothing that disagrees.
 * - `wrong`: two different INS with right keys; another given name (twins), birth date or birth name; two slips at once.
 * - anything between is `doubtful`; a number alone too, since a child's letter may carry the parent's number.
 */
export function matchTraits(found: IdentityTraits, expected: IdentityTraits): IdentityMatch {
  const given = compareGivenNames(found, expected);
  const compared = unswap(found, expected, {
    ins: compareIns(found.ins, expected.ins),
    birthName: compareBirthNames(found, expected),
    usedName: compareUsedNames(found, expected),
    birthGivenNames: given.list,
    firstGivenName: given.first,
    usedGivenName: given.used,
    sex: compareSex(found, expected),
    birthDate: compareDates(found.birthDate, expected.birthDate),
    birthPlaceCode: compareCodes(found.birthPlaceCode, expected.birthPlaceCode),
  });
  const traits: readonly (keyof Compared)[] = [
    "ins",
    "birthName",
    "usedName",
    "birthGivenNames",
    "firstGivenName",
    "usedGivenName",
    "sex",
    "birthDate",
    "birthPlaceCode",
  ];
  const reasons = traits.map((trait) => ({ trait, outcome: compared[trait].outcome }));
  return { verdict: verdictOf(compared, found, expected), reasons };
}

type Compared = Record<keyof IdentityTraits, Comparison>;

function verdictOf(compared: Compared, found: IdentityTraits, expected: IdentityTraits): IdentityMatch["verdict"] {
  const is = (trait: keyof Compared, outcome: TraitOutcome) => compared[trait].outcome === outcome;
  if (is("ins", "different")) return "wrong";

  const isGivenDifferent =
    is("firstGivenName", "different") || (is("firstGivenName", "missing") && is("usedGivenName", "different"));
  const isNameDifferent = is("birthName", "different") || (is("birthName", "missing") && is("usedName", "different"));
  const contradictions = [isGivenDifferent, isNameDifferent, is("birthDate", "different")].filter(Boolean).length;
  const slips = Object.values(compared).filter((one) => one.isSlip === true).length + (is("sex", "different") ? 1 : 0);

  if (is("ins", "same")) {
    // The number of the insured parent on a child's letter: same number, another given name, another birth date.
    if (contradictions >= 2) return "wrong";
    const isAtEase = contradictions === 0 && slips === 0 && !hasDisagreement(compared);
    return isAtEase && hasAgreementBesideIns(compared) ? "certain" : "doubtful";
  }

  if (isNameDifferent && contradictions === 1 && slips === 0 && mayBeMarriedName(compared, found, expected))
    return "doubtful";
  if (contradictions > 0 || slips >= 2) return "wrong";
  const isComplete = is("birthName", "same") && is("firstGivenName", "same") && is("birthDate", "same");
  return isComplete && slips === 0 && !hasDisagreement(compared) ? "certain" : "doubtful";
}

/** Any trait that is not equal, names in use apart: they change in life, and the strict traits decide. */
function hasDisagreement(compared: Compared): boolean {
  return Object.entries(compared).some(
    ([trait, { outcome }]) =>
      trait !== "usedName" && trait !== "usedGivenName" && (outcome === "different" || outcome === "close"),
  );
}

function hasAgreementBesideIns(compared: Compared): boolean {
  return (["birthName", "usedName", "firstGivenName", "usedGivenName", "birthDate"] as const).some(
    (trait) => compared[trait].outcome === "same",
  );
}

/** A name that no label calls a birth name, where the record knows no used name: perhaps taken by marriage. */
function mayBeMarriedName(compared: Compared, found: IdentityTraits, expected: IdentityTraits): boolean {
  return (
    found.birthName === undefined &&
    expected.usedName === undefined &&
    expected.sex !== "male" &&
    compared.firstGivenName.outcome === "same" &&
    compared.birthDate.outcome === "same"
  );
}

function compareIns(found: Ins | undefined, expected: Ins | undefined): Comparison {
  if (!found || !expected) return missing;
  const [one, other] = [found.value.replace(/\s/g, "").toUpperCase(), expected.value.replace(/\s/g, "").toUpperCase()];
  if (one === other) return same;
  // A wrong key means a number misread: with a right key the number is somebody else's.
  return !checkInsKey(one) && isOneSlip(one, other) ? slip : different;
}

function compareBirthNames(found: IdentityTraits, expected: IdentityTraits): Comparison {
  if (!found.birthName || !expected.birthName) return missing;
  const comparison = byDistance[compareNames(found.birthName, expected.birthName)];
  if (comparison === different && expected.usedName && compareNames(found.birthName, expected.usedName) === "same")
    return part;
  return comparison;
}

/** A name in use may be the birth name too, or both side by side. */
function compareUsedNames(found: IdentityTraits, expected: IdentityTraits): Comparison {
  if (!found.usedName) return missing;
  const { usedName, birthName } = expected;
  const both = usedName && birthName ? [`${birthName} ${usedName}`, `${usedName} ${birthName}`] : [];
  const candidates = [usedName, birthName, ...both].filter((name) => name !== undefined);
  return closest(candidates.map((name) => byDistance[compareNames(found.usedName ?? "", name)]));
}

function compareGivenNames(
  found: IdentityTraits,
  expected: IdentityTraits,
): { list: Comparison; first: Comparison; used: Comparison } {
  const expectedFirst = expected.firstGivenName ?? expected.birthGivenNames?.[0];
  const foundFirst = found.firstGivenName ?? found.birthGivenNames?.[0];
  const expectedWords = (expected.birthGivenNames ?? []).flatMap(wordsOfName);
  return {
    list: compareGivenLists(found.birthGivenNames, expected.birthGivenNames),
    first: compareGivenName(foundFirst, expectedFirst, expectedWords, expected.usedGivenName),
    used: !found.usedGivenName
      ? missing
      : closest([
          compareGivenName(found.usedGivenName, expected.usedGivenName, expectedWords, undefined),
          compareGivenName(found.usedGivenName, expectedFirst, expectedWords, undefined),
        ]),
  };
}

function compareGivenName(
  found: string | undefined,
  expected: string | undefined,
  expectedWords: readonly string[],
  expectedUsed: string | undefined,
): Comparison {
  if (!found || !expected) return missing;
  const comparison = byDistance[compareNames(found, expected)];
  if (comparison !== different) return comparison;
  // Another name of the birth act, or the name in use: the order of first names is often lost. Never "same".
  const isOtherGivenName = wordsOfName(found).every((word) => expectedWords.includes(word));
  const isUsed = expectedUsed !== undefined && compareNames(found, expectedUsed) === "same";
  return isOtherGivenName || isUsed ? part : different;
}

/** A shorter list with the same beginning is the same: many letters give the first name only. */
function compareGivenLists(found: readonly string[] | undefined, expected: readonly string[] | undefined): Comparison {
  if (!found?.length || !expected?.length) return missing;
  const one = found.flatMap(wordsOfName);
  const other = expected.flatMap(wordsOfName);
  const shorter = Math.min(one.length, other.length);
  if (one.slice(0, shorter).join(" ") === other.slice(0, shorter).join(" ")) return same;
  return one.some((word) => other.includes(word)) ? part : byDistance[compareNames(one.join(" "), other.join(" "))];
}

function compareSex(found: IdentityTraits, expected: IdentityTraits): Comparison {
  const isKnown = (sex: IdentityTraits["sex"]) => sex === "male" || sex === "female";
  if (!isKnown(found.sex) || !isKnown(expected.sex)) return missing;
  return found.sex === expected.sex ? same : different;
}

function compareDates(found: string | undefined, expected: string | undefined): Comparison {
  if (!found || !expected) return missing;
  if (found === expected) return same;
  const [year, month, day] = found.split("-");
  const isSwapped = `${year}-${day}-${month}` === expected;
  return isSwapped || isOneSlip(found, expected) ? slip : different;
}

function compareCodes(found: string | undefined, expected: string | undefined): Comparison {
  if (!found || !expected) return missing;
  return found.trim().toUpperCase() === expected.trim().toUpperCase() ? same : different;
}

function closest(comparisons: readonly Comparison[]): Comparison {
  return [same, part, slip, different].find((rank) => comparisons.includes(rank)) ?? missing;
}

/** "JEAN DUPONT" in capitals may be read as name JEAN, given name DUPONT: ask, do not refuse. */
function unswap(found: IdentityTraits, expected: IdentityTraits, compared: Compared): Compared {
  const family = found.birthName ?? found.usedName;
  const given = found.firstGivenName ?? found.usedGivenName;
  const expectedGiven = expected.firstGivenName ?? expected.birthGivenNames?.[0];
  if (!family || !given || !expectedGiven) return compared;
  const isSwapped =
    compareNames(family, expectedGiven) === "same" &&
    [expected.birthName, expected.usedName].some((name) => name && compareNames(name, given) === "same");
  if (!isSwapped) return compared;
  return {
    ...compared,
    firstGivenName: part,
    birthGivenNames: missing,
    ...(found.birthName ? { birthName: part } : { usedName: part }),
  };
}
