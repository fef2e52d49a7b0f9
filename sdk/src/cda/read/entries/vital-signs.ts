import type { Observation, Quantity } from "../../../fhir/index.ts";
import { codeSystem } from "../../../fhir/systems.ts";
import { absentExtension } from "../concept.ts";
import { translationUrl } from "../values.ts";

/** LOINC codes that FHIR reserves for its vital signs profiles. */
const vitalSigns = new Set([
  "85353-1",
  "9279-1",
  "8867-4",
  "2708-6",
  "59408-5",
  "8310-5",
  "8302-2",
  "9843-4",
  "8287-5",
  "29463-7",
  "39156-5",
  "85354-9",
  "8480-6",
  "8462-4",
]);
const lengths = new Set(["8302-2", "9843-4", "8287-5"]);
const toCentimetres: Readonly<Record<string, number>> = { m: 2, mm: -1 };
const categorySystem = "http://terminology.hl7.org/CodeSystem/observation-category";

/**
 * FHIR fixes category, date and units of vital signs. A unit in the words of people has its code beside it. A length in metres is given in centimetres, the recorded one
 * beside it: a shift of the decimal point, nothing else. A missing date says that it is missing.
 */
export function asVitalSign(observation: Observation): Observation {
  const code = observation.code.coding?.find(
    (each) => each.system === codeSystem.loinc && vitalSigns.has(each.code ?? ""),
  )?.code;
  const isVital = observation.category?.some((each) => each.coding?.[0]?.code === "vital-signs");
  if (!code) return observation;
  const result = { ...observation };
  if (!isVital)
    result.category = [{ coding: [{ system: categorySystem, code: "vital-signs" }] }, ...(observation.category ?? [])];
  if (!result.effectiveDateTime && !result.effectivePeriod)
    result._effectiveDateTime ??= { extension: [absentExtension("unknown")] };
  if (result.valueQuantity) result.valueQuantity = withUnitCode(result.valueQuantity);
  if (lengths.has(code) && result.valueQuantity) result.valueQuantity = inCentimetres(result.valueQuantity);
  return result;
}

/** Units as people write them, of which UCUM has one code: a vital sign of FHIR must bear it. */
const unitCodes: Readonly<Record<string, string>> = { "°C": "Cel", mmHg: "mm[Hg]", "kg/m²": "kg/m2" };

function withUnitCode(quantity: Quantity): Quantity {
  const code = quantity.code === undefined ? unitCodes[quantity.unit ?? ""] : undefined;
  return code ? { ...quantity, system: codeSystem.ucum, code } : quantity;
}

function inCentimetres(quantity: Quantity): Quantity {
  const shift = toCentimetres[quantity.unit ?? ""];
  if (shift === undefined || quantity.value === undefined) return quantity;
  const { extension, ...recorded } = quantity;
  return {
    extension: [...(extension ?? []), { url: translationUrl, valueQuantity: recorded }],
    value: Number(`${quantity.value}e${shift}`),
    unit: "cm",
    system: codeSystem.ucum,
    code: "cm",
  };
}
