import {
  type CodeableConcept,
  type Dosage,
  extensionUrl,
  type Medication,
  type MedicationDispense,
  type MedicationRequest,
  type MedicationStatement,
} from "@carnet/sdk/fhir";
import { newestFirst } from "../shared/format-date.ts";
import { list, num, str } from "../shared/guards.ts";
import { absenceOf, sectionAbsence, statementOf } from "./absence.ts";
import type { BundleIndex } from "./bundle-index.ts";
import { conceptText } from "./concept.ts";
import { type Absence, baseOf, type Fact, type FactSection, notes } from "./fact.ts";
import { firstName } from "./people.ts";

export interface Strength {
  readonly value: number;
  readonly unit?: string;
  readonly perValue?: number;
  readonly perUnit?: string;
}

export interface MedicationFact extends Fact {
  /** Active substances; in bold, first (STYLE 10). */
  readonly substances: readonly { readonly name: string; readonly strength?: Strength }[];
  /** Brand, or the whole label when substances are not given apart. */
  readonly label?: string;
  readonly form?: string;
  readonly dosages: readonly Dosage[];
  readonly status:
    | "active"
    | "on-hold"
    | "stopped"
    | "completed"
    | "intended"
    | "unknown"
    | "dispensed"
    | "forbidden"
    | "not-taken"
    | "declined"
    | "cancelled";
  readonly start?: string;
  readonly end?: string;
  readonly reason?: string;
  readonly note?: string;
}

export interface Medications {
  readonly current: FactSection<MedicationFact>;
  /** `earlier`: older past treatments that a bounded summary left out (`extensionUrl.earlierTreatments`). */
  readonly past: FactSection<MedicationFact> & { readonly earlier: number };
}

type MedicationResource = MedicationStatement | MedicationRequest | MedicationDispense;

/** Treatments: current and past apart, each with its dates (STYLE 13). `now` decides what a passed end date means. */
export function readMedications(index: BundleIndex, now: Date): Medications {
  const current: MedicationFact[] = [];
  const past: MedicationFact[] = [];
  const absences: Absence[] = sectionAbsence(["10160-0"], index);
  for (const resource of index.resources) {
    if (
      resource.resourceType !== "MedicationStatement" &&
      resource.resourceType !== "MedicationRequest" &&
      resource.resourceType !== "MedicationDispense"
    )
      continue;
    if (resource.status === "entered-in-error") continue;
    // A prohibition that was called off is no treatment that was.
    if ((resource as MedicationRequest).doNotPerform && resource.status === "cancelled") continue;
    const concept = medicationConcept(resource, index);
    const statement = statementOf(concept);
    if (statement === "no-information") continue;
    if (statement !== "fact") {
      absences.push(absenceOf(resource, concept, recordedOn(resource), authorOf(resource, index), index));
      continue;
    }
    const fact = readMedication(resource, index);
    const over = isOver(resource) ?? (isRenewable(resource as MedicationRequest) ? false : undefined);
    (isPast(fact, over, now) ? past : current).push(fact);
  }
  const pastTreatments = newestFirst(past, ({ end, start, recorded }) => end ?? start ?? recorded);
  return {
    current: { facts: current, absences },
    past: { facts: pastTreatments, absences: [], earlier: earlierOf(index) },
  };
}

function earlierOf(index: BundleIndex): number {
  return list(index.composition?.section)
    .flatMap((section) => list(section.extension))
    .reduce(
      (sum, { url, valueInteger }) => sum + (url === extensionUrl.earlierTreatments ? (num(valueInteger) ?? 0) : 0),
      0,
    );
}

/** What Carnet's own summary found, of lengths, renewals and deliveries; another maker's says nothing. */
function isOver({ extension }: MedicationResource): boolean | undefined {
  return list(list(extension).find(({ url }) => url === extensionUrl.treatment)?.extension).find(
    ({ url }) => url === "over",
  )?.valueBoolean;
}

/** Its renewals go on after the end that is written: until when, only our own summary has counted. */
function isRenewable({ dispenseRequest }: Partial<MedicationRequest>): boolean {
  const { numberOfRepeatsAllowed, _numberOfRepeatsAllowed } = (dispenseRequest ?? {}) as Readonly<
    Record<string, unknown>
  >;
  return Boolean(numberOfRepeatsAllowed ?? _numberOfRepeatsAllowed);
}

function isPast(fact: MedicationFact, over: boolean | undefined, now: Date): boolean {
  if (/^(stopped|completed|not-taken|declined|cancelled)$/.test(fact.status)) return true;
  return over ?? (fact.end !== undefined && endOf(fact.end) < now.getTime());
}

/** An end date counts until the end of its day, month or year: "2024" is over in 2025. */
function endOf(date: string): number {
  const [year, month, day] = date.slice(0, 10).split("-").map(Number);
  if (year === undefined || Number.isNaN(year)) return Number.POSITIVE_INFINITY;
  if (month === undefined) return Date.UTC(year + 1, 0, 1);
  return day === undefined ? Date.UTC(year, month, 1) : Date.UTC(year, month - 1, day + 1);
}

function medicationOf(resource: MedicationResource, index: BundleIndex): Medication | undefined {
  const found = index.resolve(resource.medicationReference, resource);
  return found?.resourceType === "Medication" ? found : undefined;
}

function medicationConcept(resource: MedicationResource, index: BundleIndex): CodeableConcept | undefined {
  return resource.medicationCodeableConcept ?? medicationOf(resource, index)?.code;
}

function recordedOn(resource: MedicationResource): string | undefined {
  if (resource.resourceType === "MedicationStatement") return str(resource.dateAsserted);
  return resource.resourceType === "MedicationRequest" ? str(resource.authoredOn) : str(resource.whenHandedOver);
}

function authorOf(resource: MedicationResource, index: BundleIndex): string | undefined {
  if (resource.resourceType === "MedicationStatement") return firstName([resource.informationSource], index, resource);
  if (resource.resourceType === "MedicationRequest")
    return firstName([resource.requester, resource.recorder], index, resource);
  return firstName(
    list(resource.performer).map((performer) => performer.actor),
    index,
    resource,
  );
}

function substancesOf(medication: Medication | undefined, index: BundleIndex): MedicationFact["substances"] {
  return list(medication?.ingredient)
    .filter((ingredient) => ingredient.isActive !== false)
    .flatMap((ingredient) => {
      const referenced = index.resolve(ingredient.itemReference, medication);
      const name =
        conceptText(ingredient.itemCodeableConcept) ??
        (referenced?.resourceType === "Substance" || referenced?.resourceType === "Medication"
          ? conceptText(referenced.code)
          : str(ingredient.itemReference?.display));
      if (name === undefined) return [];
      const value = num(ingredient.strength?.numerator?.value);
      if (value === undefined) return [{ name }];
      const unit = str(ingredient.strength?.numerator?.unit) ?? str(ingredient.strength?.numerator?.code);
      const perValue = num(ingredient.strength?.denominator?.value);
      const perUnit = str(ingredient.strength?.denominator?.unit) ?? str(ingredient.strength?.denominator?.code);
      const strength: Strength = {
        value,
        ...(unit === undefined ? {} : { unit }),
        ...(perValue === undefined ? {} : { perValue }),
        ...(perUnit === undefined ? {} : { perUnit }),
      };
      return [{ name, strength }];
    });
}

/** Level 5 of the ATC names a substance; above it stands a class, which is not what is taken. */
function substanceOfAtc(concept: CodeableConcept | undefined, label: string | undefined): { name: string }[] {
  for (const coding of list(concept?.coding)) {
    const name = str(coding.display);
    if (name === undefined || name === label || !atcSystems.has(coding.system ?? "")) continue;
    if (/^[A-Z]\d\d[A-Z]{2}\d\d$/.test(coding.code ?? "")) return [{ name }];
  }
  return [];
}

const atcSystems = new Set(["http://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73"]);

function periodOf(resource: MedicationResource): { start?: string; end?: string } {
  if (resource.resourceType === "MedicationStatement") {
    const start = str(resource.effectivePeriod?.start) ?? str(resource.effectiveDateTime);
    const end = str(resource.effectivePeriod?.end);
    return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
  }
  const bounds = list(resource.dosageInstruction)
    .map((dosage) => dosage.timing?.repeat?.boundsPeriod)
    .find((period) => period !== undefined);
  const start = str(bounds?.start) ?? recordedOn(resource);
  const end = str(bounds?.end);
  return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
}

function statusOf(resource: MedicationResource): MedicationFact["status"] {
  const { status } = resource;
  if (resource.resourceType === "MedicationDispense") {
    if (/^(preparation|in-progress)$/.test(status)) return "intended";
    if (/^(declined|cancelled)$/.test(status)) return "declined";
    // "completed" was handed over: that says nothing about the end of the treatment.
    return /^(stopped|on-hold)$/.test(status) ? (status as MedicationFact["status"]) : "dispensed";
  }
  if ((resource as MedicationRequest).doNotPerform) return "forbidden";
  // What is checked for dangers counts it; the line under the row says that nobody has prescribed it yet.
  if (status === "draft") return "intended";
  return /^(active|on-hold|stopped|completed|intended|not-taken|cancelled)$/.test(status)
    ? (status as MedicationFact["status"])
    : "unknown";
}

function readMedication(resource: MedicationResource, index: BundleIndex): MedicationFact {
  const medication = medicationOf(resource, index);
  const concept = medicationConcept(resource, index);
  const label = conceptText(concept) ?? str(resource.medicationReference?.display);
  const ingredients = substancesOf(medication, index);
  const substances = ingredients.length > 0 ? ingredients : substanceOfAtc(concept, label);
  const form = conceptText(medication?.form);
  const recorded = recordedOn(resource);
  const author = authorOf(resource, index);
  const reason = list(resource.resourceType === "MedicationDispense" ? undefined : resource.reasonCode)
    .map((concept) => conceptText(concept))
    .filter((text) => text !== undefined)
    .join(", ");
  return {
    ...baseOf(resource, index),
    substances,
    ...(label === undefined ? {} : { label }),
    ...(form === undefined ? {} : { form }),
    dosages: list(resource.resourceType === "MedicationStatement" ? resource.dosage : resource.dosageInstruction),
    status: statusOf(resource),
    ...periodOf(resource),
    ...(reason === "" ? {} : { reason }),
    ...notes(resource),
    ...(author === undefined ? {} : { author }),
    ...(recorded === undefined ? {} : { recorded }),
  };
}
