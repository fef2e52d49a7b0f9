import type {
  CodeableConcept,
  Observation,
  ObservationComponent,
  ObservationReferenceRange,
} from "../../../../fhir/index.ts";
import { translationUrl } from "../../../read/values.ts";
import { toFrenchDate, toHl7Time } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { decimalText, frenchQuantity, quantityAttributes, wordsOf, writeConcept } from "../codes.ts";

type Valued = Pick<
  Observation & ObservationComponent,
  | "valueQuantity"
  | "valueCodeableConcept"
  | "valueString"
  | "valueTime"
  | "valueBoolean"
  | "valueInteger"
  | "valueRange"
  | "valueRatio"
  | "valueDateTime"
  | "valuePeriod"
  | "dataAbsentReason"
>;

/** `value` of an observation with the HL7 type of its content; `undefined` when it has none. */
export function writeValue(observed: Valued, id: string): XmlPiece | undefined {
  const { valueQuantity, valueRange, valueRatio } = observed;
  if (valueQuantity) return writeQuantity(valueQuantity);
  if (observed.valueCodeableConcept)
    return writeConcept("value", observed.valueCodeableConcept, { type: "CD", reference: id });
  if (observed.valueString !== undefined) return element("value", { "xsi:type": "ST" }, observed.valueString);
  if (observed.valueTime !== undefined) return element("value", { "xsi:type": "ST" }, observed.valueTime);
  if (observed.valueBoolean !== undefined) return element("value", { "xsi:type": "BL", value: observed.valueBoolean });
  if (observed.valueInteger !== undefined) return element("value", { "xsi:type": "INT", value: observed.valueInteger });
  if (observed.valueDateTime)
    return element("value", { "xsi:type": "TS", value: toHl7Time(observed.valueDateTime, "valueDateTime") });
  if (valueRange) return writeInterval("value", valueRange.low, valueRange.high);
  if (valueRatio?.numerator && valueRatio.denominator)
    return element(
      "value",
      { "xsi:type": "RTO_PQ_PQ" },
      element("numerator", quantityAttributes(valueRatio.numerator)),
      element("denominator", quantityAttributes(valueRatio.denominator)),
    );
  if (observed.valuePeriod)
    return element(
      "value",
      { "xsi:type": "IVL_TS" },
      observed.valuePeriod.start
        ? element("low", { value: toHl7Time(observed.valuePeriod.start, "valuePeriod.start") })
        : undefined,
      observed.valuePeriod.end
        ? element("high", { value: toHl7Time(observed.valuePeriod.end, "valuePeriod.end") })
        : undefined,
    );
  if (observed.dataAbsentReason)
    return element("value", { "xsi:type": "ST", nullFlavor: nullFlavorOf(observed.dataAbsentReason) });
  return undefined;
}

type QuantityOf = NonNullable<Valued["valueQuantity"]>;

/** "Less than 5": an interval with one open bound, since PQ has no comparator. */
function writeQuantity(quantity: QuantityOf): XmlPiece | undefined {
  const attributes = quantityAttributes(quantity);
  if (!attributes) return undefined;
  const { comparator } = quantity;
  if (comparator === undefined) return element("value", { "xsi:type": "PQ", ...attributes }, otherUnits(quantity));
  const isUpper = comparator === "<" || comparator === "<=";
  const bound = element(isUpper ? "high" : "low", { ...attributes, inclusive: comparator.endsWith("=") });
  return element("value", { "xsi:type": "IVL_PQ" }, bound);
}

/** The same measure in other units: a number with the code of its unit (PQR). */
function otherUnits({ extension = [] }: QuantityOf): readonly XmlPiece[] {
  return extension.flatMap(({ url, valueQuantity }) => {
    const other = url === translationUrl && valueQuantity ? quantityAttributes(valueQuantity) : undefined;
    if (!other) return [];
    const { value, unit } = other;
    return [element("translation", { value, ...(unit ? { code: unit, codeSystem: "2.16.840.1.113883.6.8" } : {}) })];
  });
}

function writeInterval(name: string, low: QuantityOf | undefined, high: QuantityOf | undefined): XmlPiece {
  const lowAttributes = low && quantityAttributes(low);
  const highAttributes = high && quantityAttributes(high);
  return element(
    name,
    { "xsi:type": "IVL_PQ" },
    lowAttributes && element("low", lowAttributes),
    highAttributes && element("high", highAttributes),
  );
}

/** Range printed beside the value: the document's, never recomputed. */
export function writeReferenceRange(range: ObservationReferenceRange, id: string | undefined): XmlPiece {
  return element(
    "referenceRange",
    { typeCode: "REFV" },
    element(
      "observationRange",
      { classCode: "OBS", moodCode: "EVN.CRT" },
      range.text && id !== undefined ? element("text", {}, element("reference", { value: `#${id}` })) : undefined,
      range.low || range.high ? writeInterval("value", range.low, range.high) : undefined,
      range.low || range.high
        ? element("interpretationCode", { code: "N", displayName: "Normal", codeSystem: "2.16.840.1.113883.5.83" })
        : undefined,
    ),
  );
}

export function valueWords(observed: Valued): string {
  if (observed.valueQuantity) return frenchQuantity(observed.valueQuantity);
  if (observed.valueCodeableConcept) return wordsOf(observed.valueCodeableConcept);
  if (observed.valueString !== undefined) return observed.valueString;
  if (observed.valueTime !== undefined) return observed.valueTime;
  if (observed.valueBoolean !== undefined) return observed.valueBoolean ? "Oui" : "Non";
  if (observed.valueInteger !== undefined) return decimalText(observed.valueInteger);
  if (observed.valueDateTime) return toFrenchDate(observed.valueDateTime);
  if (observed.valueRange) return rangeWords(observed.valueRange);
  if (observed.valueRatio)
    return `${frenchQuantity(observed.valueRatio.numerator)} / ${frenchQuantity(observed.valueRatio.denominator)}`;
  if (observed.valuePeriod)
    return [observed.valuePeriod.start, observed.valuePeriod.end]
      .flatMap((date) => (date ? [toFrenchDate(date)] : []))
      .join(" - ");
  return wordsOf(observed.dataAbsentReason);
}

export function rangeWords(range: { low?: QuantityOf; high?: QuantityOf; text?: string }): string {
  if (range.text) return range.text;
  const [low, high] = [frenchQuantity(range.low), frenchQuantity(range.high)];
  if (low && high) return `${low} - ${high}`;
  return low ? `au moins ${low}` : high ? `au plus ${high}` : "";
}

function nullFlavorOf(reason: CodeableConcept): string {
  const flavors: Readonly<Record<string, string>> = {
    masked: "MSK",
    "not-asked": "NASK",
    "asked-unknown": "ASKU",
    "temp-unknown": "NAV",
    "not-applicable": "NA",
    "not-performed": "NA",
  };
  return flavors[reason.coding?.[0]?.code ?? ""] ?? "UNK";
}
