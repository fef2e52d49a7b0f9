import type { CodeableConcept } from "fhir/r4.js";
import { type FactReading, readFact, sayings } from "./reading.ts";
import type { SourceDocument, SourceFact } from "./source-document.ts";

/** One telling of a fact in one document. */
export interface Telling {
  readonly document: SourceDocument;
  readonly fact: SourceFact;
  readonly reading: FactReading;
}

/** One fact of the summary: its tellings, the newest and richest first, and what contradicts it. */
export interface MergedFact {
  readonly tellings: Telling[];
  readonly base: Telling;
  readonly disagreements: readonly Disagreement[];
}

export interface Disagreement {
  readonly detail: string;
  readonly here: string;
  readonly there: string;
  readonly documentId: string;
  readonly date: string;
}

interface Variant {
  tellings: Telling[];
  base: Telling;
}

export interface MergeResult {
  readonly facts: readonly MergedFact[];
  /** Statements "none known", by kind of resource. */
  readonly absences: readonly Telling[];
  /** Every telling that stands behind an entry or was set aside for a reason. */
  readonly withdrawn: number;
}

/**
 * Puts together the tellings of the same fact. Two tellings are of one fact when they share a code (or, without any
 * code, the same words) and what identifies the fact (day, site…). They become one entry when neither contradicts the
 * other; otherwise each stays, and says with whom it disagrees. The result does not depend on the order of documents.
 *
 * @param documents newest first
 */
export function mergeFacts(documents: readonly SourceDocument[]): MergeResult {
  const tellings: Telling[] = [];
  const absences: Telling[] = [];
  let withdrawn = 0;
  for (const document of documents) {
    for (const fact of document.facts) {
      const reading = readFact(fact.resource, document.resolve);
      if (reading.standing === "withdrawn") withdrawn++;
      else if (reading.standing === "absence") absences.push({ document, fact, reading });
      else if (reading.standing !== "ignorance") tellings.push({ document, fact, reading });
    }
  }
  const roots = groupConcepts(tellings);
  const buckets = new Map<string, Telling[]>();
  for (let index = 0; index < tellings.length; index++) {
    const telling = tellings[index] as Telling;
    const key = `${telling.fact.resource.resourceType}|${roots[index]}|${telling.reading.identity}`;
    const bucket = buckets.get(key);
    if (bucket) bucket.push(telling);
    else buckets.set(key, [telling]);
  }
  const facts: MergedFact[] = [];
  for (const bucket of buckets.values()) {
    if (bucket.length === 1) {
      const [only] = bucket;
      if (only && only.reading.standing === "fact") facts.push({ tellings: bucket, base: only, disagreements: [] });
      continue;
    }
    for (const part of splitByWords(bucket)) mergeBucket(part, facts);
  }
  return { facts, absences, withdrawn };
}

/**
 * A document that uses one code for two things called differently ("other", a code too coarse) means two facts: then
 * words decide for the whole bucket. Two documents may well word one fact differently.
 */
function splitByWords(bucket: readonly Telling[]): readonly (readonly Telling[])[] {
  const wordsInDocument = new Map<SourceDocument, string>();
  let isAmbiguous = false;
  const words = bucket.map(({ document, reading }) => {
    const own = wordsOf(reading.concept);
    const known = wordsInDocument.get(document);
    if (known !== undefined && known !== own) isAmbiguous = true;
    wordsInDocument.set(document, own);
    return own;
  });
  if (!isAmbiguous) return [bucket];
  const parts = new Map<string, Telling[]>();
  bucket.forEach((telling, index) => {
    const own = words[index] as string;
    const part = parts.get(own);
    if (part) part.push(telling);
    else parts.set(own, [telling]);
  });
  return [...parts.values()];
}

function mergeBucket(bucket: readonly Telling[], into: MergedFact[]): void {
  const refuted = bucket.filter((telling) => telling.reading.standing === "refuted");
  const variants = new Map<string, Variant>();
  for (const telling of bucket) {
    if (telling.reading.standing === "refuted") continue;
    const signature = signatureOf(telling.reading.details);
    const variant = variants.get(signature);
    if (variant) variant.tellings.push(telling);
    else variants.set(signature, { tellings: [telling], base: telling });
  }
  const apart = [...variants.values()].flatMap(splitByContent);
  const kept = apart.length > 1 ? absorb(apart) : apart;
  for (const variant of kept) {
    const disagreements: Disagreement[] = [];
    for (const other of kept) {
      if (other !== variant && !isOneDocument(variant, other)) disagreements.push(...compare(variant.base, other.base));
    }
    for (const telling of refuted) {
      disagreements.push({
        detail: "verificationStatus",
        here: "confirmed",
        there: "refuted",
        documentId: telling.document.id,
        date: telling.document.date,
      });
    }
    into.push({ tellings: variant.tellings, base: variant.base, disagreements });
  }
}

/**
 * What a document says twice, with any difference at all, are two facts (right eye and left eye, with equal values).
 * Only word-for-word repetitions are one; other documents then join the telling that says just the same.
 */
function splitByContent(variant: Variant): Variant[] {
  const documents = new Set(variant.tellings.map((telling) => telling.document));
  if (documents.size === variant.tellings.length) return [variant];
  const keys = contentKeys(variant.tellings);
  const keyOf = new Map<SourceDocument, string>();
  const isTwofold = variant.tellings.some(({ document }, index) => {
    const key = keys[index] as string;
    const first = keyOf.get(document) ?? key;
    keyOf.set(document, first);
    return first !== key;
  });
  if (!isTwofold) return [variant];
  const parts = new Map<string, Variant>();
  variant.tellings.forEach((telling, index) => {
    const key = keys[index] as string;
    const part = parts.get(key);
    if (part) part.tellings.push(telling);
    else parts.set(key, { tellings: [telling], base: telling });
  });
  return [...parts.values()];
}

/**
 * What each telling says, and which of its document it is: two panels that differ only by their members point at
 * different resources, and references compare within one document only.
 */
function contentKeys(tellings: readonly Telling[]): string[] {
  const seen = new Map<SourceDocument, Map<string, string[]>>();
  return tellings.map(({ document, fact }) => {
    const content = sayings(fact.resource);
    const whole = sayings(fact.resource, true);
    const contents = seen.get(document) ?? new Map<string, string[]>();
    seen.set(document, contents);
    const wholes = contents.get(content) ?? [];
    contents.set(content, wholes);
    if (!wholes.includes(whole)) wholes.push(whole);
    return `${wholes.indexOf(whole)} ${content}`;
  });
}

/** A document that gives both values means two measures (left and right, before and after), not a contradiction. */
function isOneDocument(a: Variant, b: Variant): boolean {
  const documents = new Set(a.tellings.map((telling) => telling.document));
  return b.tellings.some((telling) => documents.has(telling.document));
}

/** A telling that leaves details out joins the telling that gives them; with a choice, the newest (tellings come newest first). */
function absorb(variants: Variant[]): Variant[] {
  const poorestFirst = [...variants].sort(
    (a, b) => weight(a.base.reading) - weight(b.base.reading) || variants.indexOf(a) - variants.indexOf(b),
  );
  const gone = new Set<Variant>();
  for (const poor of poorestFirst) {
    const rich = variants.find(
      (other) =>
        other !== poor &&
        !gone.has(other) &&
        !isOneDocument(other, poor) &&
        holds(other.base.reading, poor.base.reading),
    );
    if (!rich) continue;
    rich.tellings = [...rich.tellings, ...poor.tellings];
    gone.add(poor);
  }
  return variants.filter((variant) => !gone.has(variant));
}

function weight(reading: FactReading): number {
  let sum = 0;
  for (const name in reading.details) sum += 1000 + (reading.details[name]?.length ?? 0);
  return sum;
}

function holds(rich: FactReading, poor: FactReading): boolean {
  if (weight(rich) <= weight(poor)) return false;
  for (const name in poor.details) {
    const wanted = poor.details[name] as string;
    const given = rich.details[name];
    if (given === wanted) continue;
    // "2015" and "March 2015" are one date at two precisions.
    if (given === undefined || !name.endsWith("Date") || !given.startsWith(wanted)) return false;
  }
  return true;
}

function compare(here: Telling, there: Telling): Disagreement[] {
  return here.reading.contradicting.flatMap((detail) => {
    const [mine, theirs] = [here.reading.details[detail], there.reading.details[detail]];
    if (mine === undefined || theirs === undefined || mine === theirs) return [];
    return [{ detail, here: mine, there: theirs, documentId: there.document.id, date: there.document.date }];
  });
}

function signatureOf(details: Readonly<Record<string, string>>): string {
  let signature = "";
  for (const name in details) signature += `${name}=${details[name]}\n`;
  return signature;
}

/** For each telling, the number of its concept: tellings of one thing share it, directly or through others. */
function groupConcepts(tellings: readonly Telling[]): number[] {
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
      const token = `${fact.resource.resourceType}|${coding.system ?? ""}|${coding.code}`;
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
  if (system === "http://terminology.hl7.org/CodeSystem/v3-NullFlavor" || KINDS.has(code)) return false;
  return /[\p{L}\p{N}]/u.test(code) && !NULL_FLAVORS.has(code.toUpperCase());
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
    for (const text of [concept?.text, ...(concept?.coding ?? []).map((coding) => coding.display)]) {
      if (text) wanted.get(tokenOf(index, normalise(text)))?.add(find(index));
    }
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

function wordsOf(concept: CodeableConcept | undefined): string {
  return normalise(concept?.text ?? concept?.coding?.[0]?.display ?? "");
}

function normalise(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
