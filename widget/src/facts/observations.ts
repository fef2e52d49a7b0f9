import {
  type Extension,
  extensionUrl,
  type Observation,
  type ObservationComponent,
  type ObservationReferenceRange,
  type Quantity,
} from "@carnet/sdk/fhir";
import { newestFirst } from "../shared/format-date.ts";
import { list, num, own, str } from "../shared/guards.ts";
import { sectionAbsence } from "./absence.ts";
import type { BundleIndex } from "./bundle-index.ts";
import { codesOf, conceptKey, conceptText, hasCode } from "./concept.ts";
import { baseOf, type Fact, type FactSection, notes } from "./fact.ts";
import { firstName, nameOf } from "./people.ts";

export type Flag = "low" | "high" | "critical-low" | "critical-high" | "abnormal" | "normal";

export interface Range {
  readonly low?: number;
  readonly high?: number;
  readonly text?: string;
}

/** A value as it was given: at most one of its kinds is there. */
export interface Value {
  readonly value?: number;
  readonly comparator?: string;
  readonly unit?: string;
  /** The value when it is not a number. */
  readonly text?: string;
  /** The value when it is yes or no. */
  readonly isTrue?: boolean;
  /** The value when it is itself a date. */
  readonly when?: string;
  /** The value when it lies between two others, or on one side of one. */
  readonly between?: readonly [low: Value, high: Value];
  /** The value when it is a ratio, a titre: "1 : 128". */
  readonly ratio?: readonly Value[];
  readonly isMasked?: boolean;
}

export interface Measure extends Fact, Value {
  readonly name?: string;
  readonly date?: string;
  readonly range?: Range;
  readonly flag?: Flag;
  /** True when we compared value and range ourselves: shown as "calculé" (STYLE 15). */
  readonly isFlagComputed: boolean;
  readonly note?: string;
  /** Where on the body it was measured (the right eye, the left one), or of which germ. */
  readonly site?: string;
  /** Whom or what it is about, when that is not the patient: "Nouveau-né", a relative. */
  readonly about?: string;
  /** The value that the document denies: told as ruled out, never as found. */
  readonly denied?: Value;
  /** The value as its report gives it, when `value` was converted to the unit of the newest one (STYLE 14). */
  readonly original?: { readonly value: number; readonly unit?: string; readonly comparator?: string };
}

/** Results of one analyte in one unit, the newest first: two units never share a series (STYLE 14). */
export interface Series {
  readonly key: string;
  readonly name?: string;
  readonly unit?: string;
  readonly values: readonly Measure[];
  /** Older values that a bounded summary left out (`extensionUrl.earlierValues`). */
  readonly earlier: number;
}

export interface Observations {
  readonly results: { readonly series: readonly Series[] } & Pick<FactSection<Measure>, "absences">;
  readonly vitalSigns: { readonly series: readonly Series[] };
  /** Risk factors, way of life (facteurs de risque, mode de vie). */
  readonly risks: FactSection<Measure>;
  /** What is no result of the patient: a test that was called off, what a document says of itself. */
  readonly others: readonly Measure[];
}

const vitalSections = new Set(["8716-3"]);
const riskSections = new Set(["29762-2", "10162-6", "46467-1"]);
/** What stands apart from results: "Autres informations" of our summaries, and what a document says of itself (statut). */
const otherSections = new Set(["51899-3", "33557-0"]);

type Group = "results" | "vitals" | "risks" | "others";

function groupOf(resource: Observation, index: BundleIndex): Group {
  // A test that was called off gave no value: at the head of its series it would hide the last one that did.
  if (resource.status === "cancelled") return "others";
  const section = index.sectionOf(resource)?.code ?? "";
  if (otherSections.has(section)) return "others";
  if (vitalSections.has(section)) return "vitals";
  if (riskSections.has(section)) return "risks";
  const categories = list(resource.category).flatMap((category) => [...codesOf(category)]);
  if (categories.includes("vital-signs")) return "vitals";
  if (categories.includes("social-history") || categories.includes("exam")) return "risks";
  return "results";
}

export function readObservations(index: BundleIndex): Observations {
  const measures: Record<Group, Placed[]> = { results: [], vitals: [], risks: [], others: [] };
  for (const resource of index.resources) {
    if (resource.resourceType !== "Observation") continue;
    if (resource.status === "entered-in-error") continue;
    const group = groupOf(resource, index);
    const measure = readMeasure(resource, index);
    const components = list(resource.component).map((component, position) =>
      readComponent(component, resource, measure, position),
    );
    // A panel whose values are all in its components has nothing of its own to show.
    const isEmptyPanel =
      measure.denied === undefined &&
      Object.keys(readValue(resource)).length === 0 &&
      (components.length > 0 || (list(resource.hasMember).length > 0 && measure.note === undefined));
    const earlier = num(extensionOf(resource, extensionUrl.earlierValues)?.valueInteger) ?? 0;
    // What has no code and no name is alone of its kind.
    const key = conceptKey(resource.code) || measure.key;
    if (!isEmptyPanel) measures[group].push({ measure, key, earlier });
    for (const [position, one] of components.entries()) {
      const own = conceptKey(list(resource.component)[position]?.code) || one.key;
      // Beside a value of its own (a germ), what is in it (its antibiogram) is of that value alone.
      measures[group].push({ measure: one, key: measure.text === undefined ? own : `${own} ${measure.key}`, earlier });
    }
  }
  const alone = (group: Group) =>
    newestFirst(
      measures[group].map(({ measure }) => measure),
      ({ date }) => date,
    );
  const absences = sectionAbsence(["30954-2"], index);
  return {
    results: { series: toSeries(measures.results, ({ site }) => site), absences },
    vitalSigns: { series: toSeries(measures.vitals, () => undefined) },
    risks: { facts: alone("risks"), absences: [] },
    others: alone("others"),
  };
}

interface Placed {
  readonly measure: Measure;
  readonly key: string;
  readonly earlier: number;
}

/** What is about somebody else, or a result of another side, never shares a series with the rest. */
function toSeries(measures: readonly Placed[], siteOf: (measure: Measure) => string | undefined): Series[] {
  const series = new Map<string, Placed[]>();
  for (const placed of measures) {
    const { measure, key } = placed;
    const place = `${key} ${measure.unit ?? ""} ${measure.about ?? ""} ${siteOf(measure) ?? ""}`;
    const values = series.get(place);
    if (values === undefined) series.set(place, [placed]);
    else values.push(placed);
  }
  const all = [...series].map(([key, placed]): Series => {
    const values = newestFirst(
      placed.map(({ measure }) => measure),
      ({ date }) => date,
    );
    const [newest] = values;
    const site = newest && siteOf(newest);
    const name = newest?.name !== undefined && site ? `${newest.name} (${site})` : newest?.name;
    return {
      key,
      values,
      earlier: placed.reduce((sum, { earlier }) => sum + earlier, 0),
      ...(name === undefined ? {} : { name }),
      ...(newest?.unit === undefined ? {} : { unit: newest.unit }),
    };
  });
  return newestFirst(all, ({ values }) => values[0]?.date);
}

type Valued = Pick<
  Observation & ObservationComponent,
  | "valueQuantity"
  | "valueString"
  | "valueCodeableConcept"
  | "valueBoolean"
  | "valueInteger"
  | "valueDateTime"
  | "valueTime"
  | "valueRange"
  | "valueRatio"
  | "valuePeriod"
  | "dataAbsentReason"
>;

function unitOf(quantity: Quantity | undefined): string | undefined {
  return str(quantity?.unit) ?? str(quantity?.code);
}

/** A value of any kind, of an entry or of a part of it. */
export function readValue(valued: Valued): Value {
  const value = num(valued.valueQuantity?.value) ?? num(valued.valueInteger);
  if (value !== undefined) {
    const unit = unitOf(valued.valueQuantity);
    const comparator = str(valued.valueQuantity?.comparator);
    return { value, ...(unit === undefined ? {} : { unit }), ...(comparator === undefined ? {} : { comparator }) };
  }
  if (typeof valued.valueBoolean === "boolean") return { isTrue: valued.valueBoolean };
  const when = str(valued.valueDateTime);
  if (when !== undefined) return { when };
  const text = str(valued.valueString) ?? conceptText(valued.valueCodeableConcept) ?? str(valued.valueTime);
  if (text !== undefined) return { text };
  const { start, end } = valued.valuePeriod ?? {};
  // A time that goes on, or whose start nobody knows.
  const open: Value = { text: "…" };
  if (start ?? end) return { between: [start ? { when: start } : open, end ? { when: end } : open] };
  const [low, high] = [quantity(valued.valueRange?.low), quantity(valued.valueRange?.high)];
  if (isThere(low) && isThere(high)) return { between: [low, high] };
  // One bound alone is no value.
  if (isThere(low)) return { ...low, comparator: ">=" };
  if (isThere(high)) return { ...high, comparator: "<=" };
  const ratio = [valued.valueRatio?.numerator, valued.valueRatio?.denominator].map(quantity).filter(isThere);
  if (ratio.length > 0) return { ratio };
  const reason = str(valued.dataAbsentReason?.text);
  if (reason !== undefined) return { text: reason };
  // A value that is withheld never reads as one that nobody recorded; other reasons are told beside the row.
  return hasCode(valued.dataAbsentReason, "masked") ? { isMasked: true } : {};
}

const isThere = ({ value }: Value) => value !== undefined;
const quantity = (valueQuantity: Quantity | undefined): Value =>
  num(valueQuantity?.value) === undefined ? {} : readValue({ valueQuantity } as Valued);

/** Codes of HL7's interpretation that the row tells by an arrow or a word. */
export const flags: Readonly<Record<string, Flag>> = {
  L: "low",
  LL: "critical-low",
  "<": "low",
  LU: "low",
  H: "high",
  HH: "critical-high",
  ">": "high",
  HU: "high",
  A: "abnormal",
  AA: "abnormal",
  N: "normal",
};

/** True when both bounds are, or may be, in this unit. */
export function isInUnit({ low, high }: ObservationReferenceRange, unit: string | undefined): boolean {
  return [low, high].every((bound) => {
    const boundUnit = unitOf(bound);
    return boundUnit === undefined || unit === undefined || boundUnit === unit || str(bound?.code) === unit;
  });
}

function readRange(resource: Pick<Observation, "referenceRange">, unit: string | undefined): Range | undefined {
  const [normal, another] = list(resource.referenceRange).filter(
    (range) => range.type === undefined || codesOf(range.type).includes("normal"),
  );
  // Of several ranges nobody knows here which is the patient's: all are told beside the row, for whom each holds.
  if (normal === undefined || another !== undefined) return undefined;
  const low = num(normal.low?.value);
  const high = num(normal.high?.value);
  // A range in another unit than its value cannot be compared: it is told beside the row, with its unit.
  const sameUnit = isInUnit(normal, unit);
  const text = str(normal.text);
  if (!sameUnit) return text === undefined ? undefined : { text };
  if (low === undefined && high === undefined && text === undefined) return undefined;
  return {
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(text === undefined ? {} : { text }),
  };
}

function flagOf(
  resource: Pick<Observation, "interpretation">,
  { value, comparator }: Value,
  range: Range | undefined,
): { flag?: Flag; isFlagComputed: boolean } {
  for (const code of list(resource.interpretation).flatMap((concept) => [...codesOf(concept)])) {
    const flag = own(flags, code);
    if (flag !== undefined) return { flag, isFlagComputed: false };
  }
  if (value === undefined || comparator !== undefined || range === undefined) return { isFlagComputed: false };
  if (range.low !== undefined && value < range.low) return { flag: "low", isFlagComputed: true };
  if (range.high !== undefined && value > range.high) return { flag: "high", isFlagComputed: true };
  return { isFlagComputed: false };
}

function extensionOf(resource: Observation, url: string): Extension | undefined {
  return list(resource.extension).find((extension) => extension.url === url);
}

/** The value to show: in the unit of the analyte's newest one where the summary could convert it safely. */
function ownValue(resource: Observation): Value & Pick<Measure, "original" | "denied"> {
  const denied = extensionOf(resource, extensionUrl.deniedValue);
  if (denied !== undefined) return { denied: readValue(denied as Valued) };
  const value = readValue(resource);
  const quantity = extensionOf(resource, extensionUrl.convertedValue)?.valueQuantity;
  if (quantity === undefined || value.value === undefined) return value;
  const { value: given, unit: _, ...rest } = value;
  return {
    ...rest,
    ...readValue({ valueQuantity: quantity }),
    original: { ...value, value: given },
  };
}

/** Whom it is about, when that is neither the patient nor unsaid. */
function aboutOf(resource: Observation, index: BundleIndex): string | undefined {
  for (const focus of list(resource.focus)) {
    const target = index.resolve(focus, resource);
    if (target?.resourceType === "Patient") continue;
    const relation =
      target?.resourceType === "RelatedPerson"
        ? list(target.relationship)
            .map((concept) => conceptText(concept))
            .find((words) => words !== undefined)
        : undefined;
    return nameOf(focus, index, resource) ?? relation ?? "";
  }
  return undefined;
}

/** The germ that a result is about, or the sample of which something is remarked: `cdaToFhir` remarks so of a germ grown. */
function germOf(resource: Observation, index: BundleIndex): string | undefined {
  const sample = index.resolve(resource.specimen, resource);
  if (sample?.resourceType === "Specimen" && sample.note) return conceptText(sample.type);
  // What was measured during an act or a meeting is a result as any other.
  return resource.partOf || resource.encounter ? undefined : notes(resource).note?.match(/Précise : (.+)/)?.[1];
}

function readMeasure(resource: Observation, index: BundleIndex): Measure {
  const value = ownValue(resource);
  const name = conceptText(resource.code);
  const { effectivePeriod: period, effectiveTiming: timing } = resource;
  const date =
    str(resource.effectiveDateTime) ??
    str(period?.start) ??
    str(resource.effectiveInstant) ??
    str(timing?.event?.[0]) ??
    str(timing?.repeat?.boundsPeriod?.start) ??
    str(period?.end);
  const issued = str(resource.issued);
  const range = readRange(resource, value.unit);
  const author = firstName(list(resource.performer), index, resource);
  const about = aboutOf(resource, index);
  const site = conceptText(resource.bodySite) ?? germOf(resource, index);
  return {
    ...baseOf(resource, index),
    ...(name === undefined ? {} : { name }),
    ...value,
    ...(site === undefined ? {} : { site }),
    ...(about === undefined ? {} : { about }),
    ...((date ?? issued) === undefined ? {} : { date: (date ?? issued) as string }),
    ...(range === undefined ? {} : { range }),
    ...flagOf(resource, value, range),
    ...(author === undefined ? {} : { author }),
    ...notes(resource),
  };
}

function readComponent(
  component: ObservationComponent,
  { status, method, modifierExtension }: Observation,
  own: Measure,
  position: number,
): Measure {
  const value = readValue(component);
  const given = conceptText(component.code);
  const isOfValue = own.text !== undefined && own.name !== undefined && given !== undefined;
  const name = isOfValue ? `${own.name} (${own.text}) : ${given}` : given;
  const range = readRange(component, value.unit);
  return {
    resource: { status, method, modifierExtension, ...component },
    key: `${own.key}/${position}`,
    sources: own.sources,
    disagreements: [],
    ...(name === undefined ? {} : { name }),
    ...value,
    ...(own.site === undefined ? {} : { site: own.site }),
    ...(own.date === undefined ? {} : { date: own.date }),
    ...(range === undefined ? {} : { range }),
    ...flagOf(component, value, range),
    ...(own.author === undefined ? {} : { author: own.author }),
    ...(own.about === undefined ? {} : { about: own.about }),
    ...(own.note === undefined ? {} : { note: own.note }),
  };
}
