import type { Condition, Dosage, FhirResource, MedicationStatement, Observation, Quantity } from "fhir/r4.js";
import * as extensionUrl from "../fhir/extension-urls.ts";
import { code, concepts, type Resolve, sayings, targetOf } from "./reading.ts";
import { normalise } from "./words.ts";

/** Details that two tellings of one fact may leave out or contradict. Names ending in `Date` compare by precision. */
export type Details = Readonly<Record<string, string>>;

/** Reads them only when two tellings meet: most facts are told once. */
export function detailsOf(resource: FhirResource, resolve: Resolve): Details {
  switch (resource.resourceType) {
    case "AllergyIntolerance":
      return pick({
        clinicalStatus: code(resource.clinicalStatus),
        criticality: resource.criticality,
        type: resource.type,
      });
    case "Condition":
      return pick({
        clinicalStatus: code(resource.clinicalStatus),
        severity: code(resource.severity),
        onsetDate: onsetOf(resource),
        abatementDate: resource.abatementDateTime ?? resource.abatementPeriod?.start ?? resource.abatementString,
      });
    case "MedicationStatement":
      return pick({
        dosage: ownDosages(resource),
        endDate: resource.effectivePeriod?.end,
        reason: concepts(resource.reasonCode),
      });
    case "MedicationRequest":
      return pick({
        dosage: dosages(resource.dosageInstruction),
        supply: resource.dispenseRequest ? JSON.stringify(resource.dispenseRequest) : undefined,
        status: resource.status,
      });
    case "MedicationDispense":
      return pick({
        quantity: quantity(resource.quantity),
        dosage: dosages(resource.dosageInstruction),
        status: resource.status,
      });
    case "MedicationAdministration":
      return pick({
        dosage: resource.dosage ? JSON.stringify(resource.dosage) : undefined,
        status: resource.status,
      });
    case "Immunization":
      return pick({
        status: resource.status,
        lot: resource.lotNumber,
        dose: resource.protocolApplied?.map((one) => one.doseNumberPositiveInt ?? one.doseNumberString).join("+"),
        site: concepts(resource.site ? [resource.site] : undefined),
      });
    case "Observation":
      return pick({
        value: textOfValue(resource),
        interpretation: concepts(resource.interpretation),
        range: rangeOf(resource),
        specimen: specimenOf(resource, resolve),
        status: STANDING[resource.status],
      });
    case "Procedure":
      return pick({ status: resource.status, outcome: code(resource.outcome) });
    case "DeviceUseStatement": {
      const device = targetOf(resource, resource.device.reference, resolve);
      const serial = device?.resourceType === "Device" ? (device.serialNumber ?? device.lotNumber) : undefined;
      return pick({ status: resource.status, serial });
    }
    default:
      return pick({ content: contentOf(resource, resolve) });
  }
}

/** Who wrote, where, and about whom: two tellings of one fact come from two writers. */
const CIRCUMSTANCES: ReadonlySet<string> = new Set([
  "Patient",
  "Practitioner",
  "PractitionerRole",
  "Organization",
  "Location",
  "Encounter",
  "Device",
]);

/** What a fact of any other kind points at, where that is its content: the text of a directive, the results of a report. */
function contentOf(resource: FhirResource, resolve: Resolve): string {
  const found: string[] = [];
  JSON.stringify(resource, (key, value: unknown) => {
    if (key !== "reference" || typeof value !== "string") return value;
    const target = targetOf(resource as { contained?: FhirResource[] }, value, resolve);
    if (target && !CIRCUMSTANCES.has(target.resourceType)) found.push(sayings(target));
    // A team is its members.
    else if (target && resource.resourceType === "CareTeam" && "name" in target && target.resourceType !== "Patient")
      found.push(JSON.stringify(target.name));
    return value;
  });
  return found.join("\n");
}

/** What is not final yet is a poorer telling of what is; what was cancelled is none. */
const STANDING: Readonly<Partial<Record<Observation["status"], string>>> = {
  final: "final",
  amended: "final",
  corrected: "final",
  cancelled: "cancelled",
};

/** Names of details that cannot both be right, by kind. */
const CONTRADICTING: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ["clinicalStatus", "criticality", "type"],
  Condition: ["clinicalStatus", "severity"],
  MedicationStatement: ["dosage", "endDate"],
  MedicationRequest: ["dosage", "supply", "status"],
  MedicationDispense: ["quantity", "dosage", "status"],
  MedicationAdministration: ["dosage", "status"],
  Immunization: ["status", "lot", "dose"],
  Observation: ["value", "interpretation", "status"],
  Procedure: ["status", "outcome"],
  DeviceUseStatement: ["status", "serial"],
};

/** Names of the details of this kind that cannot both be right. */
export function contradictingOf(resourceType: string): readonly string[] {
  return CONTRADICTING[resourceType] ?? [];
}

/** The sample, or the germ grown from it, that a result was found in: by its code, else in words. */
function specimenOf(observation: Observation, resolve: Resolve): string | undefined {
  const { reference, display = "" } = observation.specimen ?? {};
  const target = targetOf(observation, reference, resolve);
  const type = target?.resourceType === "Specimen" ? target.type : undefined;
  return code(type) ?? normalise(type?.text ?? display);
}

function textOfValue(observation: Observation): string | undefined {
  const components = observation.component
    ?.map((one) => `${code(one.code) ?? one.code.text}=${textOfOneValue(one)}`)
    .join(";");
  // "Does not smoke" is no poorer telling of "smokes": a denied value is a value of its own.
  const denied = observation.extension?.find((one) => one.url === extensionUrl.deniedValue);
  return textOfOneValue(observation) ?? components ?? (denied ? `denied ${JSON.stringify(denied)}` : undefined);
}

/** One value as text: number with unit, code, words, or why there is none. */
function textOfOneValue(from: Partial<Observation>): string | undefined {
  if (from.valueQuantity) return quantity(from.valueQuantity);
  if (from.valueCodeableConcept) return code(from.valueCodeableConcept) ?? from.valueCodeableConcept.text;
  if (from.valueString !== undefined) return from.valueString;
  if (from.valueBoolean !== undefined) return String(from.valueBoolean);
  if (from.valueInteger !== undefined) return String(from.valueInteger);
  if (from.valueDateTime) return from.valueDateTime;
  const rest = from.valueRange ?? from.valueRatio ?? from.valueSampledData ?? from.valuePeriod ?? from.valueTime;
  if (rest !== undefined) return JSON.stringify(rest);
  return from.dataAbsentReason ? `absent ${code(from.dataAbsentReason) ?? ""}` : undefined;
}

function rangeOf(observation: Observation): string | undefined {
  return observation.referenceRange?.map((one) => one.text ?? `${quantity(one.low)}–${quantity(one.high)}`).join(";");
}

function quantity(value: Quantity | undefined): string | undefined {
  if (value?.value === undefined) return undefined;
  return `${value.comparator ?? ""}${value.value} ${value.code ?? value.unit ?? ""}`;
}

function dosages(list: readonly Dosage[] | undefined): string | undefined {
  return list?.length ? JSON.stringify(list) : undefined;
}

/** How it is taken, without the time that it is taken in: that is told by the treatment itself, and may be left out. */
function ownDosages({ dosage, effectivePeriod }: MedicationStatement): string | undefined {
  const whole = JSON.stringify(effectivePeriod);
  const own = JSON.stringify(dosage ?? [], (key, value: unknown) =>
    key === "boundsPeriod" && JSON.stringify(value) === whole ? undefined : value,
  ).replaceAll('{"timing":{"repeat":{}}}', "{}");
  return /^[[\]{},]*$/.test(own) ? undefined : own;
}

function onsetOf(condition: Condition): string | undefined {
  return (
    condition.onsetDateTime ?? condition.onsetPeriod?.start ?? condition.onsetString ?? quantity(condition.onsetAge)
  );
}

function pick(details: Record<string, string | undefined>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of Object.keys(details)) {
    const value = details[name];
    if (value !== undefined && value !== "") kept[name] = value;
  }
  return kept;
}
