import type { Bundle } from "@carnet/sdk/fhir";
import { list, str } from "../shared/guards.ts";
import { type AllergyFact, readAllergies } from "./allergies.ts";
import { type BundleIndex, indexBundle } from "./bundle-index.ts";
import { type ProblemFact, readProblems } from "./conditions.ts";
import { type ContactFact, readContacts } from "./contacts.ts";
import { baseOf, type Fact, type FactSection, type FactSource } from "./fact.ts";
import { type Identity, identityOfPatient } from "./identity.ts";
import { type ImmunizationFact, readImmunizations } from "./immunizations.ts";
import { type MedicationFact, type Medications, readMedications } from "./medications.ts";
import { narrativeBlocks, type TextBlock } from "./narratives.ts";
import { type Measure, readObservations, type Series } from "./observations.ts";
import { type OtherFact, readOthers, supporting } from "./others.ts";
import { firstName } from "./people.ts";

/** A section that only its author's words can tell: points of vigilance (points de vigilance), care plan, directives… */
export interface NarrativeFact {
  readonly key: string;
  readonly title?: string;
  readonly code?: string;
  readonly blocks: readonly TextBlock[];
  readonly sources: readonly FactSource[];
}

/** A part that could not be read does not empty the others. */
export type Part<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** What the panel shows of one Bundle. Pure data, no words of ours. */
export interface SummaryModel {
  readonly identity?: Identity;
  /** True when the document was entered in error: it then holds no facts. */
  readonly isWithdrawn: boolean;
  readonly author?: string;
  readonly date?: string;
  readonly alerts: Part<readonly OtherFact[]>;
  readonly allergies: Part<FactSection<AllergyFact>>;
  readonly problems: Part<FactSection<ProblemFact>>;
  readonly history: Part<FactSection<ProblemFact>>;
  readonly currentTreatments: Part<FactSection<MedicationFact>>;
  readonly pastTreatments: Part<Medications["past"]>;
  readonly immunizations: Part<FactSection<ImmunizationFact>>;
  readonly results: Part<{ readonly series: readonly Series[] } & Pick<FactSection<Fact>, "absences">>;
  readonly vitalSigns: Part<{ readonly series: readonly Series[] }>;
  readonly risks: Part<FactSection<Measure>>;
  readonly contacts: Part<readonly ContactFact[]>;
  readonly narratives: Part<readonly NarrativeFact[]>;
  /** Vaccines due, acts asked for, appointments, goals: what is to come. */
  readonly plan: Part<readonly OtherFact[]>;
  /** Suivi à prévoir: what rules find missing in what the reader may see. */
  readonly gaps: Part<readonly OtherFact[]>;
  readonly devices: Part<readonly OtherFact[]>;
  /** Advance directives and consents (directives anticipées). */
  readonly directives: Part<readonly OtherFact[]>;
  readonly others: Part<readonly OtherFact[]>;
  /** Tests that were called off, and what documents say of themselves: told among the others, never as results. */
  readonly otherMeasures: Part<readonly Measure[]>;
}

function part<T>(read: () => T): Part<T> {
  try {
    return { ok: true, value: read() };
  } catch {
    // The Bundle is somebody else's: a shape we did not foresee fails this section alone, which then says so.
    return { ok: false };
  }
}

function map<T, U>(from: Part<T>, read: (value: T) => U): Part<U> {
  return from.ok ? { ok: true, value: read(from.value) } : from;
}

/** Reads an IPS document (or any Bundle of clinical resources) into what the panel shows. */
export function readSummary(bundle: Bundle, now: Date): SummaryModel {
  const reading = readSummaryByParts(bundle, now);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
  }
}

/** The same, one part at each step: who reads a long record lets the page answer its user between two. */
export function* readSummaryByParts(bundle: Bundle, now: Date): Generator<undefined, SummaryModel> {
  const index = indexBundle(bundle);
  yield;
  const problems = part(() => readProblems(index));
  yield;
  const medications = part(() => readMedications(index, now));
  yield;
  const observations = part(() => readObservations(index));
  yield;
  const others = part(() => readOthers(index));
  yield;
  const allergies = part(() => readAllergies(index));
  yield;
  const immunizations = part(() => readImmunizations(index));
  yield;
  const identity = part(() => (index.patient === undefined ? undefined : identityOfPatient(index.patient)));
  const author = firstName(list(index.composition?.author), index, index.composition);
  const date = str(index.composition?.date);
  return {
    ...(identity.ok && identity.value !== undefined ? { identity: identity.value } : {}),
    isWithdrawn: index.isWithdrawn,
    ...(author === undefined ? {} : { author }),
    ...(date === undefined ? {} : { date }),
    alerts: map(others, (value) => value.alerts),
    allergies,
    problems: map(problems, (value) => value.current),
    history: map(problems, (value) => value.history),
    currentTreatments: map(medications, (value) => value.current),
    pastTreatments: map(medications, (value) => value.past),
    immunizations,
    results: map(observations, (value) => value.results),
    vitalSigns: map(observations, (value) => value.vitalSigns),
    risks: map(observations, (value) => value.risks),
    contacts: part(() => readContacts(index)),
    narratives: part(() => readNarratives(index)),
    plan: map(others, (value) => value.plan),
    gaps: map(others, (value) => value.gaps),
    devices: map(others, (value) => value.devices),
    directives: map(others, (value) => value.directives),
    others: map(others, (value) => value.others),
    otherMeasures: map(observations, (value) => value.others),
  };
}

/** Sections of which an entry is missing, or none is shown as a fact: their own words tell what is left. */
function readNarratives(index: BundleIndex): readonly NarrativeFact[] {
  return index.sections.flatMap(({ section, code, title }, position): NarrativeFact[] => {
    if (section.emptyReason !== undefined) return [];
    const entries = list(section.entry).map((reference) => index.resolve(reference, index.composition));
    const isMissing = entries.includes(undefined);
    const isTold = entries.some((entry) => entry !== undefined && !supporting.has(entry.resourceType));
    if (isTold && !isMissing) return [];
    const blocks = narrativeBlocks(section.text?.div);
    if (blocks.length === 0 && !isMissing) return [];
    return [
      {
        key: `section/${position}`,
        blocks,
        sources: sectionSources(section, index, code),
        ...(code === undefined ? {} : { code }),
        ...(title === undefined ? {} : { title }),
      },
    ];
  });
}

function sectionSources(section: Parameters<typeof list>[0] | object, index: BundleIndex, code: string | undefined) {
  const holder = section as { extension?: never[] };
  const found = baseOf(
    { resourceType: "Composition", id: "section", extension: list(holder.extension) } as never,
    index,
  ).sources;
  return found.map((source) => (code === undefined ? source : { ...source, section: code }));
}
