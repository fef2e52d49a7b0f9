import type {
  Bundle,
  BundleEntry,
  CompositionSection,
  Device,
  Extension,
  FhirResource,
  Patient,
  Quantity,
  Reference,
} from "fhir/r4.js";
import { dateInWords } from "../fhir/date-words.ts";
import { extensionUrl, identifierSystem, profileUrl } from "../fhir/systems.ts";
import { boundHistory, type Placed } from "./bound.ts";
import { conformMembers, conformPatient, ips } from "./conform.ts";
import { compareDates } from "./date-order.ts";
import { newestDate, toEntry, toRefutation } from "./entry.ts";
import { type MergedFact, mergeFacts } from "./merge.ts";
import { labelOf, rowDetail, toNarrative, toText } from "./narrative.ts";
import { assertOnePatient, composePatient } from "./patients.ts";
import type { ReferenceMap } from "./rewrite.ts";
import { onceInSocialHistory, requiredSections, type SectionName, sectionOf, sectionRules } from "./sections.ts";
import { convertSeries } from "./series-units.ts";
import { readSourceDocument, type SourceDocument } from "./source-document.ts";
import { stableUuid } from "./stable-id.ts";
import { copyStatement, statementsFor, toUnknown } from "./statements.ts";
import { toldInWords } from "./told-in-words.ts";
import { isEnded, reconcile } from "./treatments.ts";
import { currentDocuments } from "./versions.ts";
import { forgetWords } from "./words.ts";

export interface SummariseOptions {
  /** Instant of the summary, ISO 8601. Default: date of the newest document, so that the same input gives the same output. */
  readonly now?: string;
  /** Language of titles and narratives. Default `fr`. */
  readonly locale?: "fr" | "en";
  /** The person, when the caller knows better than the documents. Checked against them. */
  readonly patient?: Patient;
  /**
   * How many values of each analyte (and events of each treatment) are kept, the newest first; the number left out is
   * told by `extensionUrl.earlierValues` on the newest. Default: all.
   */
  readonly valuesPerAnalyte?: number;
  /** How many past treatments are kept, the newest first; `extensionUrl.earlierTreatments` on the section. Default: all. */
  readonly pastTreatments?: number;
}

interface Entered extends Placed {
  readonly url: string;
}

const words = {
  fr: {
    title: "Synthèse médicale",
    empty: "Aucune information dans les documents",
    uncoded: "Aucune information codée dans les documents ; en mots :",
    unknown: "Aucune information",
    unnamed: "Non renseigné",
    stated: "Aucun(e) connu(e), déclaré le",
    noneKnown: "Aucun(e) connu(e)",
    saidThen: "déclaré à cette date",
    contradicted: "un autre document dit autre chose",
    past: "passé",
    older: "plus anciens dans les documents",
    olderTreatments: "traitements passés plus anciens dans les documents",
    author: "Carnet",
    says: "dit",
  },
  en: {
    title: "Patient summary",
    empty: "No information in the documents",
    uncoded: "No coded information in the documents; in words:",
    unknown: "No information",
    unnamed: "Not recorded",
    stated: "None known, stated on",
    noneKnown: "None known",
    saidThen: "stated on that date",
    contradicted: "another document says otherwise",
    past: "past",
    older: "older ones in the documents",
    olderTreatments: "older past treatments in the documents",
    author: "Carnet",
    says: "says",
  },
} as const;

/**
 * One patient summary (HL7 IPS 2.0 document Bundle) out of any number of documents.
 *
 * The same fact in several documents is one entry: `meta.source` is the uniqueId of the newest document that states it,
 * `extensionUrl.factSource` names the others. Newer versions replace older ones; what was refuted or entered in error
 * vanishes with its document; contradictions stay side by side and carry `extensionUrl.disagreement`. Nothing is
 * inferred: "none known" appears only when a document says it, else "no information".
 *
 * @param bundles document Bundles of one person, in any order (from `cdaToFhir`, or FHIR documents of others)
 * @throws SummaryError `several-patients`, `not-a-document`
 * @example
 * const summary = summarise([cdaToFhir(letter), cdaToFhir(laboratoryReport)], { locale: "fr" });
 */
export function summarise(bundles: readonly Bundle[], options: SummariseOptions = {}): Bundle {
  const steps = compose(bundles, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The same summary, composed in steps of some 20 ms on a record of 2 000 documents, so that a server or a page answers
 * others meanwhile.
 *
 * @param pause awaited between steps: `setImmediate` of `node:timers/promises` on a server, `scheduler.yield` in a page.
 *   When it rejects (an aborted caller), composing stops with its reason.
 * @throws SummaryError `several-patients`, `not-a-document`
 */
export async function summariseInSteps(
  bundles: readonly Bundle[],
  options: SummariseOptions,
  pause: () => PromiseLike<unknown>,
): Promise<Bundle> {
  const steps = compose(bundles, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await pause();
  }
}

const READ_AT_ONCE = 500;
const WRITTEN_AT_ONCE = 1000;

function* compose(bundles: readonly Bundle[], options: SummariseOptions): Generator<undefined, Bundle, undefined> {
  const all: SourceDocument[] = [];
  for (const bundle of bundles) {
    all.push(readSourceDocument(bundle));
    if (all.length % READ_AT_ONCE === 0) yield;
  }
  const documents = currentDocuments(all);
  const given = options.patient ? [options.patient] : [];
  const patients = [...given, ...documents.flatMap((document) => document.patient ?? [])];
  assertOnePatient([...given, ...all.flatMap((document) => document.patient ?? [])]);
  const locale = options.locale ?? "fr";
  const text = words[locale];
  const now = toInstant(options.now ?? documents[0]?.date ?? "");

  yield;
  const { facts, absences } = mergeFacts(documents);
  yield;
  const patient = conformPatient(composePatient(patients));
  const patientId = stableUuid(
    `Patient ${(patient.identifier ?? []).map((one) => `${one.system}|${one.value}`).sort()[0] ?? ""}`,
  );
  const patientUrl = `urn:uuid:${patientId}`;
  const author = toAuthor();

  const valuesPerAnalyte = Math.max(1, options.valuesPerAnalyte ?? Number.POSITIVE_INFINITY);
  // At least one: a section that says nothing would deny what is there.
  const pastTreatments = Math.max(1, options.pastTreatments ?? Number.POSITIVE_INFINITY);
  const bounded = boundHistory(placeFacts(facts, now), { valuesPerAnalyte, pastTreatments });
  yield;
  const marks = toMarks(bounded.earlier, convertSeries(bounded.kept));
  const placed = bounded.kept.map((one): Entered => {
    const { base } = one.fact;
    const url = `urn:uuid:${stableUuid(`${base.document.id} ${base.fact.key}`)}`;
    return { fact: one.fact, section: one.section, date: one.date, label: one.label, isPast: one.isPast, url };
  });
  const map: ReferenceMap = {
    patientUrl,
    ...factUrls(documents, placed),
    supports: new Map(),
    supportUrls: new Map(),
  };

  const told = toldInWords(documents, new Set(all.map(({ id }) => id)), locale);
  const vigilance = told.filter(({ isVigilance }) => isVigilance).map(({ section }) => section);
  const sections: CompositionSection[] = [];
  const entries: BundleEntry[] = [];
  const bySection = groupBySection(placed);
  for (const name of Object.keys(sectionRules) as SectionName[]) {
    // Points of vigilance stand behind the alerts, before all else.
    if (name === "allergies") sections.push(...vigilance);
    const members = membersOf(name, bySection);
    const stated = statementsFor(name, absences);
    const rule = sectionRules[name];
    const section: CompositionSection = {
      title: rule[locale],
      code: { coding: [{ system: "http://loinc.org", code: rule.code }] },
    };
    if (members.length === 0) {
      const filler = stated[0]
        ? copyStatement(stated, map, author.reference)
        : name in requiredSections
          ? toUnknown(name as keyof typeof requiredSections, patientUrl, text.unknown)
          : undefined;
      if (!filler) continue;
      entries.push(filler);
      const title = told.find(({ code }) => code === rule.code)?.section.title;
      const silence = title === undefined ? text.empty : `${text.uncoded} ${title}`;
      section.text = toText(stated[0] ? `${text.stated} ${dateInWords(stated[0].document.date, locale)}` : silence);
      section.entry = [{ reference: filler.fullUrl as string }];
      sections.push(section);
      continue;
    }
    const refutations = stated.map((one) => toRefutation(one));
    section.entry = members.map((member) => ({ reference: member.url }));
    // "Takes none", said after all that is past here, still holds; said before, it was overtaken.
    const [newest] = stated;
    const isStillSo =
      newest !== undefined &&
      members.every(({ fact, isPast }) => isPast && compareDates(newestDate(fact), newest.document.date) <= 0);
    if (isStillSo) {
      const filler = copyStatement(stated, map, author.reference);
      entries.push(filler);
      section.entry.unshift({ reference: filler.fullUrl as string });
    }
    const isContradicted = (fact: MergedFact) =>
      fact.disagreements.length > 0 || refutations.some((one) => compareDates(one.date, newestDate(fact)) >= 0);
    const rows = members.map(({ date, label, fact, isPast }) => ({
      date: dateInWords(date, locale),
      label: label || text.unnamed,
      detail: join(
        rowDetail(fact.base.fact.resource, locale),
        [isPast ? text.past : "", isContradicted(fact) ? text.contradicted : ""].filter(Boolean).join(" — "),
        olderThan(bounded.earlier, fact, text.older),
      ),
    }));
    if (name === "medications" && bounded.earlierTreatments > 0) {
      section.extension = [{ url: extensionUrl.earlierTreatments, valueInteger: bounded.earlierTreatments }];
      rows.push({ date: "", label: `+ ${bounded.earlierTreatments} ${text.olderTreatments}`, detail: "" });
    }
    if (newest)
      rows.push({
        date: dateInWords(newest.document.date, locale),
        label: labelOf(newest.reading.concept) || text.noneKnown,
        detail: text.saidThen,
      });
    section.text = toNarrative(rows, text.empty);
    const context = { map, author: author.reference, refutations, says: text.says, maxEvents: valuesPerAnalyte };
    // "Takes none" contradicts nothing that is past.
    const ofPast = { ...context, refutations: [] };
    for (const member of members) {
      entries.push(toEntry(member, member.isPast ? ofPast : context, marks.get(member.fact)));
      if (entries.length % WRITTEN_AT_ONCE === 0) yield;
    }
    sections.push(section);
  }

  sections.push(...told.filter(({ isVigilance }) => !isVigilance).map(({ section }) => section));

  conformMembers(entries, author.reference);

  const bundleId = stableUuid(`Bundle ${patientId} ${now} ${documents.map((document) => document.id).join(" ")}`);
  const compositionId = stableUuid(`Composition ${bundleId}`);
  const supports: BundleEntry[] = [...map.supports.values()].map(({ url, resource }) => ({ fullUrl: url, resource }));
  return {
    resourceType: "Bundle",
    id: bundleId,
    meta: { profile: [profileUrl.ipsBundle] },
    language: options.locale === "en" ? "en" : "fr-FR",
    identifier: { system: identifierSystem.uri, value: `urn:uuid:${bundleId}` },
    type: "document",
    timestamp: now,
    entry: [
      {
        fullUrl: `urn:uuid:${compositionId}`,
        resource: {
          resourceType: "Composition",
          id: compositionId,
          meta: { profile: [ips("Composition")] },
          status: "final",
          type: { coding: [{ system: "http://loinc.org", code: "60591-5" }] },
          subject: { reference: patientUrl },
          date: now,
          author: [author.reference],
          title: text.title,
          text: toText(text.title),
          section: sections,
        },
      },
      {
        fullUrl: patientUrl,
        resource: { ...patient, id: patientId, meta: { profile: [ips("Patient")] } },
      },
      { fullUrl: author.reference.reference as string, resource: author.device },
      ...entries,
      ...supports,
    ],
  };
}

function toAuthor(): { readonly reference: Reference; readonly device: Device } {
  const id = stableUuid("Device Carnet");
  return {
    reference: { reference: `urn:uuid:${id}` },
    device: {
      resourceType: "Device",
      id,
      deviceName: [{ name: "Carnet", type: "user-friendly-name" }],
      type: { text: "Logiciel de synthèse" },
    },
  };
}

/** Facts with their places, treatments reconciled. */
function placeFacts(facts: readonly MergedFact[], now: string): Placed[] {
  const placed: Placed[] = [];
  for (const fact of reconcile(facts, now)) {
    const { reading, fact: source } = fact.base;
    placed.push({
      fact,
      section: sectionOf(fact),
      date: reading.date,
      label: labelOf(reading.concept),
      isPast: isEnded(source.resource, now),
    });
  }
  forgetWords();
  return placed;
}

/** What the summary itself says of some facts: how many older ones there are, the value in another unit. */
function toMarks(
  earlier: ReadonlyMap<MergedFact, number>,
  converted: ReadonlyMap<MergedFact, Quantity>,
): ReadonlyMap<MergedFact, readonly Extension[]> {
  const marks = new Map<MergedFact, readonly Extension[]>();
  for (const [fact, valueQuantity] of converted) marks.set(fact, [{ url: extensionUrl.convertedValue, valueQuantity }]);
  for (const [fact, valueInteger] of earlier) {
    marks.set(fact, [...(marks.get(fact) ?? []), { url: extensionUrl.earlierValues, valueInteger }]);
  }
  return marks;
}

/** Where facts went. Read only when a reference is followed: most point at nobody but the patient. */
function factUrls(
  documents: readonly SourceDocument[],
  placed: readonly Entered[],
): Pick<ReferenceMap, "factUrl" | "isFact"> {
  let known: Set<FhirResource> | undefined;
  let urls: Map<FhirResource, string> | undefined;
  return {
    isFact: (resource) => {
      known ??= new Set(documents.flatMap((document) => document.facts.map((fact) => fact.resource)));
      return known.has(resource);
    },
    factUrl: (resource) => {
      urls ??= new Map(
        placed.flatMap(({ fact, url }) =>
          [fact, ...(fact.treatment?.members ?? [])].flatMap(({ tellings }) =>
            tellings.map((telling) => [telling.fact.resource, url] as const),
          ),
        ),
      );
      return urls.get(resource);
    },
  };
}

function join(detail: string, mark: string, older: string): string {
  return mark || older ? [detail, mark, older].filter(Boolean).join(" — ") : detail;
}

/** "+ 432 older ones": readers without our extensions must know too. */
function olderThan(earlier: ReadonlyMap<MergedFact, number>, fact: MergedFact, word: string): string {
  const count = earlier.size > 0 ? earlier.get(fact) : undefined;
  return count === undefined ? "" : `+ ${count} ${word}`;
}

/** The facts of a section in reading order; IPS lets one tobacco and one alcohol use stand there: older ones follow last. */
function membersOf(name: SectionName, bySection: Map<SectionName, Entered[]>): Entered[] {
  const members = (bySection.get(name) ?? []).sort(displayOrder);
  if (name !== "socialHistory") return members;
  const seen = new Set<string>();
  return members.filter((member) => {
    const slice = onceInSocialHistory(member.fact.base.fact.resource);
    if (slice === undefined) return true;
    if (!seen.has(slice)) return seen.add(slice);
    bySection.set("other", [...(bySection.get("other") ?? []), member]);
    return false;
  });
}

/** Current treatments before past ones (status, then end of the period); then the newest; then by words. */
function displayOrder(a: Entered, b: Entered): number {
  if (a.isPast !== b.isPast) return a.isPast ? 1 : -1;
  const order = compareDates(b.date, a.date);
  if (order !== 0) return order;
  if (a.label !== b.label) return a.label < b.label ? -1 : 1;
  return a.url < b.url ? -1 : 1;
}

function groupBySection(placed: readonly Entered[]): Map<SectionName, Entered[]> {
  const groups = new Map<SectionName, Entered[]>();
  for (const one of placed) {
    const group = groups.get(one.section);
    if (group) group.push(one);
    else groups.set(one.section, [one]);
  }
  return groups;
}

/** IPS wants an instant; a document date may be a day, a month or a year. */
function toInstant(date: string): string {
  const parsed = Date.parse(date);
  if (Number.isNaN(parsed)) return "1970-01-01T00:00:00.000Z";
  return /T\d{2}:\d{2}:\d{2}/.test(date) && /(Z|[+-]\d{2}:\d{2})$/.test(date) ? date : new Date(parsed).toISOString();
}
