import type { BundleEntry, CodeableConcept, Extension, FhirResource, Reference } from "fhir/r4.js";
import { extensionUrl } from "../fhir/systems.ts";
import { conform } from "./conform.ts";
import { compareDates } from "./date-order.ts";
import type { Disagreement, MergedFact, Telling } from "./merge.ts";
import { labelOf } from "./narrative.ts";
import { copyResource, type ReferenceMap, supportUrl } from "./rewrite.ts";
import type { SourceDocument } from "./source-document.ts";
import { toTreatmentExtension } from "./treatment-extension.ts";

export interface EntryContext {
  readonly map: ReferenceMap;
  readonly author: Reference;
  readonly refutations: readonly Refutation[];
  /** "says" in the summary's language. */
  readonly says: string;
  /** How many events of a treatment are told. */
  readonly maxEvents: number;
}

/** One fact as an entry of the summary: its resource, its sources, and what contradicts it. */
export function toEntry(
  { url, fact, isPast }: { readonly url: string; readonly fact: MergedFact; readonly isPast: boolean },
  { map, author, refutations, says, maxEvents }: EntryContext,
  marks: readonly Extension[] | undefined,
): BundleEntry {
  const { base, tellings, disagreements, treatment } = fact;
  const resource = copyResource(base.fact.resource, base.document, map);
  const profile = conform(resource, map.patientUrl, () => documentAuthor(base.document, map) ?? author);
  const sources = sourcesOf(treatment ? [...tellings, ...treatment.members.flatMap((one) => one.tellings)] : tellings);
  if (sources.length > 1 || refutations.length > 0) addOthers(resource, fact, sources, refutations, says);
  else if (disagreements.length > 0) addDisagreements(resource, uniqueDisagreements(disagreements, says));
  if (treatment) addExtensions(resource, [toTreatmentExtension(treatment, isPast, maxEvents)]);
  if (marks) addExtensions(resource, marks);
  if (tellings.length > 1) {
    addCodes(resource, tellings);
    addParts(resource, fact, map);
  }
  resource.id = url.slice("urn:uuid:".length);
  resource.meta = { source: sources[0] as string, ...(profile ? { profile: [profile] } : {}) };
  return { fullUrl: url, resource };
}

function addDisagreements(resource: FhirResource, lines: readonly string[]): void {
  addExtensions(
    resource,
    lines.map((line) => ({ url: extensionUrl.disagreement, valueString: line })),
  );
}

/** What other documents say of the fact: that they state it, deny it, word it otherwise. */
function addOthers(
  resource: FhirResource,
  fact: MergedFact,
  sources: readonly string[],
  refutations: readonly Refutation[],
  says: string,
): void {
  // Only a later "none known" contradicts: an older one was simply overtaken.
  const newest = newestDate(fact);
  const denied = refutations.filter((one) => compareDates(one.date, newest) >= 0 && !sources.includes(one.source));
  addExtensions(
    resource,
    sources.slice(1).map((source) => ({ url: extensionUrl.factSource, valueUri: source })),
  );
  addDisagreements(resource, [
    ...uniqueDisagreements(fact.disagreements, says),
    ...denied.map((one) => `${one.source} (${one.date.slice(0, 10)}) ${says} "${one.label}"`),
  ]);
  addExtensions(
    resource,
    otherWordings(fact).map((line) => ({ url: extensionUrl.narrativeText, valueString: line })),
  );
  addExtensions(resource, remarksOfOthers(fact));
}

/** Date of the newest document that speaks of a fact. */
export function newestDate(fact: MergedFact): string {
  let newest = "";
  for (const { tellings } of [fact, ...(fact.treatment?.members ?? [])]) {
    for (const { document } of tellings) if (compareDates(document.date, newest) > 0) newest = document.date;
  }
  return newest;
}

/** uniqueIds of the documents that state the fact, newest first. */
export function sourcesOf(tellings: readonly Telling[]): string[] {
  if (tellings.length === 1) return [tellings[0]?.document.id ?? ""];
  const newestFirst = [...tellings].sort(
    (a, b) => compareDates(b.document.date, a.document.date) || (a.document.id < b.document.id ? -1 : 1),
  );
  return [...new Set(newestFirst.map((telling) => telling.document.id))];
}

export function documentAuthor(document: SourceDocument, map: ReferenceMap): Reference | undefined {
  const { reference, display } = document.author ?? {};
  const target = reference ? document.resolve(reference) : undefined;
  switch (target?.resourceType) {
    case "Practitioner":
    case "PractitionerRole":
    case "Organization":
      return { reference: supportUrl(target, document, map) };
    default:
      return display ? { display } : undefined;
  }
}

function uniqueDisagreements(disagreements: readonly Disagreement[], says: string): string[] {
  const lines = disagreements.map(
    (one) => `${one.documentId} (${one.date.slice(0, 10)}) ${says} ${one.detail}: ${plain(one.there)}`,
  );
  return [...new Set(lines)].sort();
}

/** `system|code` reads as the code alone; a structured dose as its text. */
function plain(value: string): string {
  if (value.startsWith("[") || value.startsWith("{")) return /"text":"((?:[^"\\]|\\.)*)"/.exec(value)?.[1] ?? value;
  return value.replace(/^(?:https?|urn):[^|]*\|/, "");
}

function otherWordings({ base, tellings }: MergedFact): string[] {
  if (tellings.length === 1) return [];
  const own = labelOf(base.reading.concept).toLowerCase();
  const others = new Map<string, string>();
  for (const { reading } of tellings) {
    const text = reading.concept?.text;
    if (text && text.toLowerCase() !== own) others.set(text.toLowerCase(), text);
  }
  return [...others.values()].sort();
}

export function addExtensions(resource: FhirResource, extensions: readonly Extension[]): void {
  if (extensions.length === 0) return;
  const holder = resource as { extension?: Extension[] };
  holder.extension = [...(holder.extension ?? []), ...extensions];
}

/** What the reader of each document remarked (a narrative that disagrees with its code) stays on the merged fact. */
function remarksOfOthers({ base, tellings }: MergedFact): Extension[] {
  const own = new Set((extensionsOf(base.fact.resource) ?? []).map((one) => `${one.url} ${one.valueString}`));
  const found = new Map<string, Extension>();
  for (const telling of tellings) {
    if (telling === base) continue;
    for (const one of extensionsOf(telling.fact.resource) ?? []) {
      const key = `${one.url} ${one.valueString}`;
      const isRemark = one.url === extensionUrl.disagreement || one.url === extensionUrl.narrativeText;
      if (isRemark && !own.has(key)) found.set(key, one);
    }
  }
  return [...found.keys()].sort().map((key) => found.get(key) as Extension);
}

function extensionsOf(resource: FhirResource): readonly Extension[] | undefined {
  return "extension" in resource ? resource.extension : undefined;
}

/** Reactions and notes of other tellings join those of the entry; each once. */
function addParts(resource: FhirResource, { base, tellings }: MergedFact, map: ReferenceMap): void {
  const holder = resource as unknown as Record<string, unknown>;
  for (const field of ["reaction", "note"]) {
    const parts = new Map<string, unknown>();
    for (const { fact, document } of [base, ...tellings.filter((telling) => telling !== base)]) {
      if (!(field in fact.resource)) continue;
      const copy = copyResource(fact.resource, document, map) as unknown as Record<string, unknown>;
      const list = copy[field];
      for (const part of Array.isArray(list) ? list : []) parts.set(JSON.stringify(part), part);
    }
    if (parts.size > 0) holder[field] = [...parts.values()];
  }
}

/** Codes that other documents give for the same thing join those of the entry. */
function addCodes(resource: FhirResource, tellings: readonly Telling[]): void {
  const holder = resource as unknown as Record<string, unknown>;
  const field = ["code", "vaccineCode", "medicationCodeableConcept"].find((name) => isConcept(holder[name]));
  if (!field) return;
  const concept = holder[field] as CodeableConcept;
  const coding = [...(concept.coding ?? [])];
  const known = new Set(coding.map((one) => `${one.system ?? ""}|${one.code ?? ""}`));
  for (const { reading } of tellings) {
    for (const one of reading.concept?.coding ?? []) {
      const name = `${one.system ?? ""}|${one.code ?? ""}`;
      if (!known.has(name)) coding.push(one);
      known.add(name);
    }
  }
  if (coding.length > 0) holder[field] = { ...concept, coding };
}

function isConcept(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && ("coding" in value || "text" in value);
}

/** A document that says "none known" where others state facts. */
export interface Refutation {
  readonly source: string;
  readonly date: string;
  readonly label: string;
}

export function toRefutation({ document, reading }: Telling): Refutation {
  return { source: document.id, date: document.date, label: labelOf(reading.concept) };
}
