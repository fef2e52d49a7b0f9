import type { CodeableConcept, FhirResource, Identifier } from "fhir/r4.js";
import { compareDates } from "./date-order.ts";
import { doseText } from "./dose-text.ts";
import type { Disagreement, MergedFact } from "./merge.ts";
import { labelOf } from "./narrative.ts";
import { earliestOf } from "./safety/time.ts";
import { lastDayOf } from "./treatment-course.ts";
import { splitByForm } from "./treatment-forms.ts";
import { beginOf, endOf, haltsOf, instantOf, isStop } from "./treatment-halts.ts";
import { normalise } from "./words.ts";

export type TreatmentStatus = "prescribed" | "dispensed" | "stopped" | "unknown";

export interface TreatmentEvent {
  readonly kind: "prescribed" | "dispensed" | "reimbursed" | "stated";
  /** When it was prescribed, handed over or stated. */
  readonly date: string;
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly product: CodeableConcept | undefined;
  readonly dosage: string;
  readonly source: string;
  /** What the reader of that document remarked about it. */
  readonly member: MergedFact;
}

/** What all documents say of one treatment. */
export interface Treatment {
  readonly status: TreatmentStatus;
  /** Newest first; empty when one document says it all. */
  readonly events: readonly TreatmentEvent[];
  readonly members: readonly MergedFact[];
}

const KINDS: ReadonlySet<string> = new Set(["MedicationStatement", "MedicationRequest", "MedicationDispense"]);
const ENDED: ReadonlySet<string> = new Set(["completed", "stopped", "not-taken", "cancelled"]);
const CIS = "urn:oid:1.2.250.1.213.2.3.1";
const ATC: ReadonlySet<string> = new Set(["http://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73"]);
/** Codes of one product or presentation: of the medicine base, of the reimbursement history, virtual medicines, UCD. */
const PRODUCT: Readonly<Record<string, string>> = {
  [CIS]: "cis",
  "urn:oid:1.2.250.1.213.2.3.2": "cip",
  "urn:oid:1.2.250.1.215.200.1.1.1": "cip",
  "urn:oid:1.2.250.1.213.2.3.3": "cip",
  "urn:oid:1.2.250.1.213.2.62": "ucd",
  "urn:oid:1.2.250.1.213.2.59": "mv",
};
/** Document type of the reimbursement history of the health insurance (données de remboursement). */
const REIMBURSEMENTS = "REMB";

/**
 * Is the treatment over by its document's own words? A delivery that is "completed" was handed over: it ends with what it
 * lasts.
 */
export function isEnded(resource: FhirResource, now: string): boolean {
  if (!KINDS.has(resource.resourceType) && resource.resourceType !== "MedicationAdministration") return false;
  const status = "status" in resource ? resource.status : undefined;
  if (resource.resourceType !== "MedicationDispense" && typeof status === "string" && ENDED.has(status)) return true;
  const last = lastDayOf(resource);
  return last !== undefined && last < now.slice(0, 10);
}

/**
 * One entry per treatment: prescriptions, deliveries, reimbursements and statements of one medicine (same product code,
 * or same substance by its full ATC code) become events of the newest statement or prescription that still runs.
 * Two lines that one document tells apart (two strengths, two doses) never become one, nor do two routes or releases; what
 * was stopped, or begins later, stays apart.
 */
export function reconcile(facts: readonly MergedFact[], now: string): MergedFact[] {
  const others: MergedFact[] = [];
  const foldable: MergedFact[] = [];
  const stopped: MergedFact[] = [];
  for (const fact of facts) {
    const { resource } = fact.base.fact;
    if (!KINDS.has(resource.resourceType)) others.push(fact);
    else if (isFoldable(resource, now)) foldable.push(fact);
    else stopped.push(fact);
  }
  if (foldable.length + stopped.length === 0) return others;
  const tokens = new Map<MergedFact, readonly string[]>();
  for (const fact of [...foldable, ...stopped]) tokens.set(fact, tokensOf(fact));
  const merged: MergedFact[] = [...others];
  for (const course of split(stopped, courseOf)) {
    for (const part of isToldApart(course) ? course.map((one) => [one]) : [course]) merged.push(foldApart(part, now));
  }
  for (const group of groupByToken(foldable, tokens)) {
    for (const form of splitByForm(group, tokens)) {
      for (const part of tellApart(form)) merged.push(fold(part, stopped, tokens, now));
    }
  }
  return merged;
}

function isFoldable(resource: FhirResource, now: string): boolean {
  // A dose that begins next month is not the one taken today.
  if (isAhead(resource, now)) return false;
  switch (resource.resourceType) {
    case "MedicationStatement":
      // What a letter plans for the next day has begun since.
      return (
        (/^(active|unknown)$/.test(resource.status) || (resource.status === "intended" && beginOf(resource) !== "")) &&
        !isEnded(resource, now)
      );
    case "MedicationRequest":
      return (
        !resource.doNotPerform &&
        // A dose that somebody proposes is not the one that is taken.
        resource.intent !== "proposal" &&
        ["active", "completed", "unknown"].includes(resource.status)
      );
    case "MedicationDispense":
      return ["completed", "in-progress", "preparation", "unknown"].includes(resource.status);
    default:
      return false;
  }
}

function isAhead(resource: FhirResource, now: string): boolean {
  const begins =
    resource.resourceType === "MedicationStatement"
      ? [beginOf(resource)]
      : resource.resourceType === "MedicationRequest"
        ? (resource.dosageInstruction ?? []).map(({ timing }) => timing?.repeat?.boundsPeriod?.start)
        : [];
  return begins.length > 0 && begins.every((begin) => (earliestOf(begin ?? "") ?? "") > now.slice(0, 10));
}

function tokensOf({ tellings }: MergedFact): string[] {
  const tokens = new Set<string>();
  for (const { reading } of tellings) {
    for (const { system = "", code = "" } of reading.concept?.coding ?? []) {
      const product = PRODUCT[system];
      if (product && code) tokens.add(`${product}|${code}`);
      else if (ATC.has(system) && isOneSubstance(code)) tokens.add(`atc|${code}`);
    }
  }
  if (tokens.size === 0) {
    const words = normalise(labelOf(tellings[0]?.reading.concept));
    if (words) tokens.add(`words|${words}`);
  }
  for (const { fact } of tellings)
    for (const { system, value } of prescriptionsOf(fact.resource))
      if (system && value) tokens.add(`prescription|${system}|${value}`);
  return [...tokens];
}

/** The prescription line itself, and the one that a delivery names: what is handed over may bear another name. */
function prescriptionsOf(resource: FhirResource): readonly Identifier[] {
  if (resource.resourceType === "MedicationRequest") return resource.identifier ?? [];
  if (resource.resourceType !== "MedicationDispense") return [];
  return (resource.authorizingPrescription ?? []).flatMap(({ identifier }) => identifier ?? []);
}

/** Fifth level of ATC; its last digits from 20 on name combinations, which differ under one code. */
function isOneSubstance(code: string): boolean {
  return /^[A-Z]\d{2}[A-Z]{2}[01]\d$/.test(code);
}

function groupByToken(
  facts: readonly MergedFact[],
  tokens: ReadonlyMap<MergedFact, readonly string[]>,
): Iterable<MergedFact[]> {
  const groupOf = new Map<string, MergedFact[]>();
  const groups = new Set<MergedFact[]>();
  for (const fact of facts) {
    let own: MergedFact[] = [fact];
    groups.add(own);
    for (const token of tokens.get(fact) ?? []) {
      const known = groupOf.get(token);
      if (!known || known === own) continue;
      // The smaller group joins the larger one, and its tokens with it.
      const [from, into] = known.length > own.length ? [own, known] : [known, own];
      into.push(...from);
      groups.delete(from);
      for (const moved of from) for (const name of tokens.get(moved) ?? []) groupOf.set(name, into);
      own = into;
    }
    for (const token of tokens.get(fact) ?? []) groupOf.set(token, own);
  }
  return groups;
}

/** Splits what one document tells apart: by product, then by dose; in doubt nothing is put together. */
function tellApart(group: readonly MergedFact[]): readonly (readonly MergedFact[])[] {
  if (!isToldApart(group)) return [group];
  return split(group, productOf).flatMap((part) =>
    isToldApart(part)
      ? split(part, doseOf).flatMap((rest) => (isToldApart(rest) ? rest.map((one) => [one]) : [rest]))
      : [part],
  );
}

function isToldApart(group: readonly MergedFact[]): boolean {
  const seen = new Set<string>();
  for (const { base, tellings } of group) {
    const kind = base.fact.resource.resourceType;
    if (kind === "MedicationDispense") continue;
    for (const id of new Set(tellings.map(({ document }) => document.id))) {
      const place = `${kind} ${id}`;
      if (seen.has(place)) return true;
      seen.add(place);
    }
  }
  return false;
}

function split(group: readonly MergedFact[], keyOf: (fact: MergedFact) => string): MergedFact[][] {
  const parts = new Map<string, MergedFact[]>();
  for (const fact of group) {
    const key = keyOf(fact);
    const part = parts.get(key);
    if (part) part.push(fact);
    else parts.set(key, [fact]);
  }
  return [...parts.values()];
}

function productOf({ base }: MergedFact): string {
  const { concept } = base.reading;
  return concept?.coding?.find(({ system }) => system === CIS)?.code ?? normalise(labelOf(concept));
}

const doseOf = ({ base }: MergedFact): string => normalise(doseText(base.fact.resource));

/** One ended course: the same product begun on the same day. Without a beginning nothing says that two are one. */
function courseOf(fact: MergedFact): string {
  const { document, fact: source, reading } = fact.base;
  const day = reading.date.slice(0, 10);
  const own = day.length === 10 ? day : `${document.id} ${source.key}`;
  return `${source.resource.resourceType} ${productOf(fact)} ${own}`;
}

/** What is over, stopped, held, or still to come. */
function foldApart(course: readonly MergedFact[], now: string): MergedFact {
  const members = [...course].sort(newestFirst);
  const [head, ...rest] = members;
  if (!head) throw new RangeError("A course has at least one telling.");
  const own = endOf(head.base.fact.resource);
  const otherEnds = rest.flatMap((one) => {
    const end = endOf(one.base.fact.resource);
    return own && end && own.slice(0, 10) !== end.slice(0, 10) ? [toDisagreement(one, "endDate", end)] : [];
  });
  return {
    ...head,
    disagreements: [...head.disagreements, ...otherEnds],
    treatment: {
      status: members.every((one) => isOver(one.base.fact.resource, now)) ? "stopped" : supplyOf(members),
      events: rest.length > 0 ? members.map(toEvent) : [],
      members: rest,
    },
  };
}

function fold(
  group: readonly MergedFact[],
  stopped: readonly MergedFact[],
  tokens: ReadonlyMap<MergedFact, readonly string[]>,
  now: string,
): MergedFact {
  const members = [...group].sort(newestFirst);
  const running = members.filter(({ base }) => !isEnded(base.fact.resource, now));
  const isSupply = ({ base }: MergedFact) => base.fact.resource.resourceType === "MedicationDispense";
  const head = running.find((one) => !isSupply(one)) ?? running[0] ?? members[0];
  if (!head) throw new RangeError("A treatment has at least one telling.");
  const halts = haltsOf(members, stopped, tokens);
  const rest = members.filter((one) => one !== head);
  return {
    ...head,
    disagreements: [
      ...head.disagreements,
      ...dosesBeside(head, running),
      ...endsSince(head, members, now),
      ...halts.map((one) => toDisagreement(one.fact, one.detail, one.there)),
    ],
    treatment: {
      status: halts.some((one) => one.isStop) ? "stopped" : supplyOf(members),
      events: rest.length > 0 ? members.map(toEvent) : [],
      members: rest,
    },
  };
}

function isOver(resource: FhirResource, now: string): boolean {
  return isStop(resource) || isEnded(resource, now);
}

/** What happened last to the supply: a prescription, or a delivery. Statements alone do not tell. */
function supplyOf(members: readonly MergedFact[]): TreatmentStatus {
  for (const { base } of members) {
    const { resource } = base.fact;
    if (resource.resourceType === "MedicationDispense") return "dispensed";
    if (resource.resourceType === "MedicationRequest" && !resource.doNotPerform && resource.intent !== "proposal")
      return "prescribed";
  }
  return "unknown";
}

/** A prescription written since, which has run out, may have been the last: the older one without an end says nothing of it. */
function endsSince(head: MergedFact, members: readonly MergedFact[], now: string): Disagreement[] {
  return members.slice(0, members.indexOf(head)).flatMap((one) => {
    const { resource } = one.base.fact;
    const end = resource.resourceType === "MedicationRequest" ? lastDayOf(resource) : undefined;
    return end !== undefined && end < now.slice(0, 10) ? [toDisagreement(one, "endDate", end)] : [];
  });
}

/** The newest running telling of each other kind, and those of the same day, may give another dose. */
function dosesBeside(head: MergedFact, running: readonly MergedFact[]): Disagreement[] {
  const own = doseText(head.base.fact.resource);
  const kinds = new Set([head.base.fact.resource.resourceType]);
  const day = instantOf(head).slice(0, 10);
  return running.flatMap((one) => {
    const kind = one.base.fact.resource.resourceType;
    const isOther = !kinds.has(kind) || instantOf(one).slice(0, 10) === day;
    kinds.add(kind);
    const dose = doseText(one.base.fact.resource);
    if (one === head || !isOther || !own || !dose || normalise(own) === normalise(dose)) return [];
    return [toDisagreement(one, "dosage", dose)];
  });
}

function toDisagreement({ base }: MergedFact, detail: string, there: string): Disagreement {
  return { detail, here: "", there, documentId: base.document.id, date: base.document.date };
}

function toEvent(member: MergedFact): TreatmentEvent {
  const { document, fact, reading } = member.base;
  const { resource } = fact;
  return {
    kind: kindOf(member),
    date: instantOf(member),
    start: resource.resourceType === "MedicationStatement" ? reading.date : undefined,
    end: endOf(resource),
    product: reading.concept,
    dosage: doseText(resource),
    source: document.id,
    member,
  };
}

function kindOf({ base }: MergedFact): TreatmentEvent["kind"] {
  switch (base.fact.resource.resourceType) {
    case "MedicationRequest":
      return "prescribed";
    case "MedicationDispense":
      return base.document.typeCode === REIMBURSEMENTS ? "reimbursed" : "dispensed";
    default:
      return "stated";
  }
}

function newestFirst(a: MergedFact, b: MergedFact): number {
  const order = compareDates(instantOf(b), instantOf(a));
  if (order !== 0) return order;
  const [one, two] = [`${a.base.document.id} ${a.base.fact.key}`, `${b.base.document.id} ${b.base.fact.key}`];
  return one < two ? -1 : one > two ? 1 : 0;
}
