import { namesNothing } from "../fhir/other-codes.ts";
import { isCoarse } from "./coarse-codes.ts";
import type { Telling } from "./merge.ts";
import { normalise, wordsOf } from "./words.ts";

/** For each telling, the number of its concept: tellings of one thing share it, directly or through others. */
export function groupConcepts(tellings: readonly Telling[]): number[] {
  const parent: number[] = tellings.map((_, index) => index);
  const find = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] as number;
    parent[index] = root;
    return root;
  };
  const leads = new Map<string, number>();
  const seconds: { readonly token: string; readonly index: number }[] = [];
  const textOnly: number[] = [];
  for (let index = 0; index < tellings.length; index++) {
    const { fact, reading } = tellings[index] as Telling;
    let isCoded = false;
    for (const coding of reading.concept?.coding ?? []) {
      if (!coding.code || !isSpecific(coding.code, coding.system)) continue;
      const kind = fact.resource.resourceType;
      const words = isCoarse(kind, coding) ? `|${wordsOf(reading.concept)}` : "";
      const token = `${kind}|${coding.system ?? ""}|${coding.code}${words}`;
      if (isCoded) {
        seconds.push({ token, index });
        continue;
      }
      isCoded = true;
      const first = leads.get(token);
      if (first === undefined) leads.set(token, index);
      else parent[find(index)] = find(first);
    }
    if (!isCoded) textOnly.push(index);
  }
  joinTranslations(tellings, leads, seconds, parent, find);
  if (textOnly.length > 0) joinByWords(tellings, textOnly, parent, find);
  return parent.map((_, index) => find(index));
}

/**
 * A code after the first is a translation, or a qualifier: "left" stands on a fracture and on an arthroplasty. So it
 * joins the facts led by that code only when their words agree, or when one of them has none.
 */
function joinTranslations(
  tellings: readonly Telling[],
  leads: ReadonlyMap<string, number>,
  seconds: readonly { readonly token: string; readonly index: number }[],
  parent: number[],
  find: (index: number) => number,
): void {
  for (const { token, index } of seconds) {
    const lead = leads.get(token);
    if (lead === undefined) continue;
    const [own, other] = [wordsOf(tellings[index]?.reading.concept), wordsOf(tellings[lead]?.reading.concept)];
    if (own === "" || other === "" || own === other) parent[find(index)] = find(lead);
  }
}

const NULL_FLAVORS: ReadonlySet<string> = new Set([
  "NI",
  "UNK",
  "NA",
  "N/A",
  "OTH",
  "NASK",
  "ASKU",
  "NAV",
  "MSK",
  "NINF",
  "PINF",
  "OTHER",
  "UNKNOWN",
]);

const LONGEST_FLAVOR = 7;
const SIGN = /[\p{L}\p{N}]/u;

/** SNOMED CT concepts that name a kind (an allergy, a disease, "other"), not the thing: the words name it. */
const KINDS: ReadonlySet<string> = new Set([
  "416098002",
  "419511003",
  "59037007",
  "609398007",
  "609397002",
  "609396006",
  "414285001",
  "418471000",
  "235719002",
  "426232007",
  "232347008",
  "419199007",
  "420134006",
  "418038007",
  "418634005",
  "106190000",
  "55607006",
  "64572001",
  "404684003",
  "418799008",
  "409586006",
  "248536006",
  "282291009",
  "71388002",
  "74964007",
  "261665006",
  "105590001",
  "138875005",
]);

/** "-", "UNK", "OTH", "food allergy" name nothing: two allergies that share them are not one allergy. */
function isSpecific(code: string, system: string | undefined): boolean {
  if (system === "http://terminology.hl7.org/CodeSystem/v3-NullFlavor" || KINDS.has(code) || namesNothing(code))
    return false;
  return SIGN.test(code) && (code.length > LONGEST_FLAVOR || !NULL_FLAVORS.has(code.toUpperCase()));
}

/** Words alone join words; they join a code only when no other code is called so. */
function joinByWords(
  tellings: readonly Telling[],
  textOnly: readonly number[],
  parent: number[],
  find: (index: number) => number,
): void {
  const isTextOnly = new Set(textOnly);
  const wanted = new Map<string, Set<number>>();
  const tokenOf = (index: number, words: string) => `${tellings[index]?.fact.resource.resourceType}|${words}`;
  for (const index of textOnly) {
    const words = wordsOf(tellings[index]?.reading.concept);
    if (words) wanted.set(tokenOf(index, words), new Set());
  }
  for (let index = 0; index < tellings.length; index++) {
    if (isTextOnly.has(index)) continue;
    const concept = tellings[index]?.reading.concept;
    const join = (text: string | undefined) => {
      if (text) wanted.get(tokenOf(index, normalise(text)))?.add(find(index));
    };
    join(concept?.text);
    for (const coding of concept?.coding ?? []) if (coding.display !== concept?.text) join(coding.display);
  }
  const firstOf = new Map<string, number>();
  for (const index of textOnly) {
    const words = wordsOf(tellings[index]?.reading.concept);
    if (!words) continue;
    const token = tokenOf(index, words);
    const coded = wanted.get(token);
    const target = coded?.size === 1 ? [...coded][0] : firstOf.get(token);
    if (target === undefined) firstOf.set(token, index);
    else parent[find(index)] = find(target);
  }
}
