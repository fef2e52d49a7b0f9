import { compareNames } from "../names.ts";
import type { IdentityTraits } from "../traits.ts";
import type { Fact } from "./facts.ts";
import type { FoundIdentity } from "./index.ts";

interface Candidate {
  traits: IdentityTraits;
  readonly where: { start: number; end: number }[];
  isCalledPatient: boolean;
}

/** Fields of one form stand close together; farther apart a lone field tells nothing about whom it belongs to. */
const reach = 600;
/** The label of the next one stands in between. */
const betweenFields = 40;
/** No letter is about more people: the rest is a list, and a list is not an identity. */
const maximumCandidates = 20;

export function groupFacts(facts: readonly Fact[]): readonly FoundIdentity[] {
  const candidates: Candidate[] = [];
  let current: Candidate | undefined;
  for (const [index, fact] of facts.entries()) {
    const { traits, start, end, isCalledPatient } = fact;
    const said = wholeOf(fact, facts[index + 1]);
    const owner: Candidate | undefined =
      (current && belongs(current, { traits: said, start }) ? current : undefined) ??
      candidates.find((one) => isRecognised(one, said));
    if (owner) {
      owner.traits = merge(owner.traits, traits);
      owner.where.push({ start, end });
      owner.isCalledPatient ||= isCalledPatient;
      current = owner;
    } else if (candidates.length < maximumCandidates) {
      current = { traits, where: [{ start, end }], isCalledPatient };
      candidates.push(current);
    }
  }
  const solid = candidates.filter((one) => weigh(one.traits) > 1 || isPatientByFamilyName(one));
  const kept = solid.length > 0 ? solid : candidates.slice(0, 1);
  return kept
    .map((one, index) => ({ one, index, weight: weigh(one.traits) }))
    .sort((left, right) => right.weight - left.weight || left.index - right.index)
    .map(({ one: { traits, where, isCalledPatient } }) => ({ traits, where, isCalledPatient }));
}

/** "Je vois ce jour M. DURAND": little, and somebody. */
function isPatientByFamilyName({ traits, isCalledPatient }: Candidate): boolean {
  return isCalledPatient && traits.sex !== undefined && (traits.usedName ?? traits.birthName) !== undefined;
}

/**
 * What a name says with what follows it: "Mme DURAND née MARTIN" is not Mme DURAND of another birth name, and the family name of
 * a field is that of the given name in the next one.
 */
function wholeOf({ traits, end, isField }: Fact, next: Fact | undefined): IdentityTraits {
  if (next === undefined || contradicts(traits, next.traits)) return traits;
  const isNextField = isField && next.isField && next.start - end <= betweenFields;
  return next.isContinued === true || isNextField ? merge(traits, next.traits) : traits;
}

/** A fact goes to the person being described unless it says otherwise, or stands too far away to tell. */
function belongs(candidate: Candidate, fact: Pick<Fact, "traits" | "start">): boolean {
  if (contradicts(candidate.traits, fact.traits)) return false;
  if (isRecognised(candidate, fact.traits)) return true;
  return fact.start - (candidate.where.at(-1)?.end ?? 0) <= reach;
}

/** The text repeats something that names this person. */
function isRecognised({ traits }: Candidate, fact: IdentityTraits): boolean {
  if (contradicts(traits, fact)) return false;
  if (traits.ins && traits.ins.value === fact.ins?.value) return true;
  if (traits.birthDate !== undefined && traits.birthDate === fact.birthDate) return true;
  const names = [fact.birthName, fact.usedName].filter((name) => name !== undefined);
  const known = [traits.birthName, traits.usedName].filter((name) => name !== undefined);
  return names.some((name) => known.some((one) => compareNames(name, one) === "same"));
}

function contradicts(traits: IdentityTraits, fact: IdentityTraits): boolean {
  if (traits.ins && fact.ins && traits.ins.value !== fact.ins.value) return true;
  if (traits.birthDate && fact.birthDate && traits.birthDate !== fact.birthDate) return true;
  if (traits.sex && fact.sex && traits.sex !== fact.sex) return true;
  if (areApart(traits.birthName, fact.birthName) || areApart(firstGivenName(traits), firstGivenName(fact))) return true;
  if (areApart(traits.usedGivenName, fact.usedGivenName)) return true;
  if (!areApart(traits.usedName, fact.usedName)) return false;
  // "Mme MARTIN", whose birth name is known, may be called by it further down.
  return areApart(traits.birthName, fact.usedName) || traits.birthName === undefined;
}

function firstGivenName(traits: IdentityTraits): string | undefined {
  return traits.firstGivenName ?? traits.birthGivenNames?.[0];
}

/** Slips count as apart here: a second person with nearly the same name must not disappear in the first. */
function areApart(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const distance = compareNames(one, other);
  return distance === "different" || distance === "typo";
}

/** What is known stays, in its first writing; a longer given name completes a shorter one. */
function merge(traits: IdentityTraits, fact: IdentityTraits): IdentityTraits {
  const isRepeatedBirthName =
    traits.birthName !== undefined &&
    fact.usedName !== undefined &&
    compareNames(traits.birthName, fact.usedName) === "same";
  const { usedName, ...rest } = fact;
  return { ...rest, ...(usedName !== undefined && !isRepeatedBirthName ? { usedName } : {}), ...traits };
}

/** INS 4, birth date 2, given name 1, each family name 1. */
function weigh(traits: IdentityTraits): number {
  return (
    (traits.ins ? 4 : 0) +
    (traits.birthDate ? 2 : 0) +
    (firstGivenName(traits) || traits.usedGivenName ? 1 : 0) +
    (traits.birthName ? 1 : 0) +
    (traits.usedName ? 1 : 0)
  );
}
