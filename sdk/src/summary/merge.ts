import type { FhirResource } from "fhir/r4.js";
import { isComputed } from "./computed.ts";
import { groupConcepts } from "./concepts.ts";
import { compareDates } from "./date-order.ts";
import { contradictingOf, type Details, detailsOf } from "./details.ts";
import { doseText } from "./dose-text.ts";
import { concernsAnother } from "./others.ts";
import { doubtOf, type FactReading, isReason, readFact, sayings } from "./reading.ts";
import { isBareReport } from "./reports.ts";
import type { SourceDocument, SourceFact } from "./source-document.ts";
import { outlives } from "./treatment-halts.ts";
import type { Treatment } from "./treatments.ts";
import { wordsOf } from "./words.ts";

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
  /** Number of the concept: facts about one thing (one analyte, one medicine) share it. */
  readonly concept: number;
  /** Of a medicine: what all documents say of the treatment. */
  readonly treatment?: Treatment;
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
      if (isComputed(fact.resource) || isBareReport(fact.resource, document) || concernsAnother(fact, document))
        continue;
      const reading = readFact(fact.resource, document.resolve);
      if (reading.standing === "withdrawn") withdrawn++;
      else if (reading.standing === "absence") {
        // "Nothing found" in one examination is no statement about the list of problems.
        if (!isReason(fact.resource, fact.section)) absences.push({ document, fact, reading });
      } else if (reading.standing !== "ignorance") tellings.push({ document, fact, reading });
    }
  }
  const roots = groupConcepts(tellings);
  // By concept (which is of one kind), then by what else makes the fact this one.
  const buckets = new Map<number, Map<string, Telling[]>>();
  for (let index = 0; index < tellings.length; index++) {
    const telling = tellings[index] as Telling;
    const concept = roots[index] as number;
    const own = buckets.get(concept) ?? new Map<string, Telling[]>();
    if (own.size === 0) buckets.set(concept, own);
    const bucket = own.get(telling.reading.identity);
    if (bucket) bucket.push(telling);
    else own.set(telling.reading.identity, [telling]);
  }
  const facts: MergedFact[] = [];
  for (const [concept, own] of buckets) {
    for (const bucket of own.values()) {
      const [only] = bucket;
      if (bucket.length > 1) for (const part of splitByWords(bucket)) mergeBucket(part, concept, facts);
      else if (only?.reading.standing === "fact")
        facts.push({ tellings: bucket, base: only, disagreements: [], concept });
    }
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

function mergeBucket(bucket: readonly Telling[], concept: number, into: MergedFact[]): void {
  const refuted = bucket.filter((telling) => telling.reading.standing === "refuted");
  const variants = new Map<string, Variant>();
  for (const telling of bucket) {
    if (telling.reading.standing === "refuted") continue;
    const signature = signatureOf(detailsIn(telling));
    const variant = variants.get(signature);
    if (variant) variant.tellings.push(telling);
    else variants.set(signature, { tellings: [telling], base: telling });
  }
  const apart = [...variants.values()].flatMap(splitByContent);
  const kept = apart.length > 1 ? absorb(apart) : apart;
  for (const variant of kept) {
    const disagreements: Disagreement[] = [...preferCertain(variant)];
    for (const other of kept) {
      if (other !== variant && !isOneDocument(variant, other)) disagreements.push(...compare(variant.base, other.base));
    }
    for (const telling of refuted) disagreements.push(toDoubt(telling, "refuted"));
    into.push({ tellings: variant.tellings, base: variant.base, disagreements, concept });
  }
}

/** What one document states and another merely suspects is stated; a doubt that came later is told beside it. */
function preferCertain(variant: Variant): Disagreement[] {
  const certain = variant.tellings.find((telling) => doubtOf(telling.fact.resource) === undefined);
  if (!certain || doubtOf(variant.base.fact.resource) === undefined) return [];
  variant.base = certain;
  return variant.tellings.flatMap((telling) => {
    const doubt = doubtOf(telling.fact.resource);
    return doubt && compareDates(telling.document.date, certain.document.date) >= 0 ? [toDoubt(telling, doubt)] : [];
  });
}

function toDoubt({ document }: Telling, there: string): Disagreement {
  return { detail: "verificationStatus", here: "confirmed", there, documentId: document.id, date: document.date };
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
    (a, b) => weight(a.base) - weight(b.base) || variants.indexOf(a) - variants.indexOf(b),
  );
  const gone = new Set<Variant>();
  for (const poor of poorestFirst) {
    const rich = variants.find(
      (other) => other !== poor && !gone.has(other) && !isOneDocument(other, poor) && holds(other.base, poor.base),
    );
    if (!rich) continue;
    rich.tellings = [...rich.tellings, ...poor.tellings];
    gone.add(poor);
  }
  return variants.filter((variant) => !gone.has(variant));
}

function weight(telling: Telling): number {
  const details = detailsIn(telling);
  let sum = 0;
  for (const name of Object.keys(details)) sum += 1000 + (details[name]?.length ?? 0);
  return sum;
}

function holds(rich: Telling, poor: Telling): boolean {
  if (weight(rich) <= weight(poor)) return false;
  // What is only suspected does not take in what is stated.
  if (doubtOf(rich.fact.resource) !== undefined && doubtOf(poor.fact.resource) === undefined) return false;
  if (outlives(poor, rich)) return false;
  const [more, less] = [detailsIn(rich), detailsIn(poor)];
  for (const name of Object.keys(less)) {
    const wanted = less[name] as string;
    const given = more[name];
    if (given === wanted) continue;
    // "2015" and "March 2015" are one date at two precisions.
    if (given === undefined || !name.endsWith("Date") || !given.startsWith(wanted)) return false;
  }
  return true;
}

/** Read once per resource, and only where tellings meet. */
const known = new WeakMap<FhirResource, Details>();

function detailsIn({ fact, document }: Telling): Details {
  const read = known.get(fact.resource);
  if (read) return read;
  const details = detailsOf(fact.resource, document.resolve);
  known.set(fact.resource, details);
  return details;
}

function compare(here: Telling, there: Telling): Disagreement[] {
  const [own, other] = [detailsIn(here), detailsIn(there)];
  // What was found in one sample, or of one germ, says nothing of another.
  if (own.specimen && other.specimen && own.specimen !== other.specimen) return [];
  return contradictingOf(here.fact.resource.resourceType).flatMap((detail) => {
    const [mine, theirs] = [own[detail], other[detail]];
    if (mine === undefined || theirs === undefined || mine === theirs) return [];
    const [dose, words] = detail === "dosage" ? [here, there].map(({ fact }) => doseText(fact.resource)) : [];
    return [
      {
        detail,
        here: mine,
        there: words && words !== dose ? words : theirs,
        documentId: there.document.id,
        date: there.document.date,
      },
    ];
  });
}

function signatureOf(details: Details): string {
  let signature = "";
  for (const name of Object.keys(details)) signature += `${name}=${details[name]}\n`;
  return signature;
}
