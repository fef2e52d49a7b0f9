import type { Observation, Period, Quantity, Range, Ratio } from "../../fhir/index.ts";
import { codeSystem, extensionUrl } from "../../fhir/systems.ts";
import { frenchUnits, unitInWords } from "../../fhir/unit-words.ts";
import { absentReason, concept } from "./concept.ts";
import { decimal, plainNumber } from "./decimal.ts";
import { lengthOf } from "./entries/time-lengths.ts";
import { filled } from "./filled.ts";
import type { NarrativeReader } from "./references.ts";
import { dateTimeOf, periodOf, recordedTime } from "./times.ts";
import { attribute, child, children, rawText, textOf, type XmlElement } from "./xml.ts";

/** A BL value, which is an xs:boolean (`true`, `1`, `false`, `0`), or `true` and `false` of no declared type. */
export function booleanOf(element: XmlElement | undefined): boolean | undefined {
  const type = attribute(element, "xsi:type");
  const value = attribute(element, "value")?.toLowerCase();
  if (type !== undefined && type !== "BL") return undefined;
  if (value === "true" || (type && value === "1")) return true;
  return value === "false" || (type && value === "0") ? false : undefined;
}

const unitAtom =
  "(?:10\\*-?\\d+|10\\^-?\\d+|\\[[A-Za-z_'/]+\\]|%|(?:m|u|n|p|f|k|c|d|da|h|M|G)?(?:mol|eq|osm|kat|g|L|l|m|s|Pa|Bq|Gy|Sv|V|A|Hz|J|W|N|K|cal|bar|\\[IU\\]|\\[iU\\]|U|m\\[Hg\\])|cm|min|h|d|wk|mo|a|deg|Cel|m\\[Hg\\]|\\[diop\\]|\\[pH\\]|1)";
const ucumUnit = new RegExp(
  `^(?:\\{[^{}\\s]*\\}|(?:/?${unitAtom}-?\\d*(?:\\{[^{}\\s]*\\})?)(?:[./](?:${unitAtom}-?\\d*(?:\\{[^{}\\s]*\\})?|\\{[^{}\\s]*\\}))*|\\{[^{}\\s]*\\}(?:[./](?:${unitAtom}-?\\d*|\\{[^{}\\s]*\\}))*)$`,
);

/** EDQM standard terms that documents count by: eight digits would be read as a part of the number. */
const packages: Readonly<Record<string, string>> = {
  "30001000": "ampoule(s)",
  "30007000": "plaquette(s)",
  "30008000": "flacon(s)",
  "30009000": "boîte(s)",
  "30015500": "récipient(s)",
  "30067000": "tube(s)",
  "30069000": "flacon(s)",
};

/** Unit as FHIR: UCUM where it is UCUM, the EDQM system where it is a package form, else the bare text. */
function unitOf(unit: string | undefined): Pick<Quantity, "unit" | "system" | "code"> {
  if (!unit) return {};
  if (/^\d{8}$/.test(unit))
    return { unit: packages[unit] ?? `(EDQM ${unit})`, system: "http://standardterms.edqm.eu", code: unit };
  return isUcum(unit) ? { unit, system: codeSystem.ucum, code: unit } : { unit };
}

/** A report repeats a few units hundreds of times. */
const judgedUnits = new Map<string, boolean>();

function isUcum(unit: string): boolean {
  let judged = judgedUnits.get(unit);
  if (judged === undefined) {
    judged = ucumUnit.test(unit);
    if (judgedUnits.size > 200) judgedUnits.clear();
    judgedUnits.set(unit, judged);
  }
  return judged;
}

/** PQ (or INT, REAL) as quantity; `undefined` without a number. The unit is as recorded, never converted. */
export function quantity(element: XmlElement | undefined): Quantity | undefined {
  const written = attribute(element, "value");
  if (element?.content.length === 0 && written !== undefined && plainNumber.test(written)) {
    const found: Quantity = { value: Number(written) };
    return Object.assign(found, unitOf(attribute(element, "unit")));
  }
  const [, sign = "", digits] = written?.match(/^([<>]=?|[≤≥])?\s*(.*)$/) ?? [];
  const comparator = { "≤": "<=", "≥": ">=" }[sign] ?? sign;
  const value = decimal(digits);
  const others = children(element, "translation").flatMap((translation) => {
    const other = decimal(attribute(translation, "value"));
    const unit = attribute(translation, "code") ?? attribute(translation, "unit");
    return other === undefined ? [] : [{ value: other, ...unitOf(unit) }];
  });
  // A quantity known in another unit alone is that one.
  if (value === undefined) return others[0];
  const extension = others.map((other) => ({ url: translationUrl, valueQuantity: other }));
  return filled({
    extension,
    value,
    ...(comparator ? { comparator: comparator as "<" } : {}),
    ...unitOf(attribute(element, "unit")),
  });
}

/** The same measure in another unit, as recorded. */
export const translationUrl = "http://hl7.org/fhir/StructureDefinition/iso21090-PQ-translation";

/**
 * Quantity as a bare SimpleQuantity interval. One bound alone becomes a quantity with a comparator; bounds the wrong way
 * round make no range and stay as words; bounds that are excluded make one, and stay as words beside it.
 */
export function interval(
  element: XmlElement | undefined,
  prefix = "",
): { quantity?: Quantity; range?: Range; words?: string } {
  const low = child(element, "low") ?? (prefix ? child(element, `${prefix}low`) : undefined);
  const high = child(element, "high") ?? (prefix ? child(element, `${prefix}high`) : undefined);
  const lowQuantity = quantity(low);
  const highQuantity = quantity(high);
  if (lowQuantity && highQuantity) {
    const [from, to] = [lowQuantity, highQuantity].map((each) => inWords({ valueQuantity: each }));
    if ((lowQuantity.value ?? 0) > (highQuantity.value ?? 0)) return { words: `${from} – ${to}` };
    const range: Range = { low: lowQuantity, high: highQuantity };
    const isLowOut = attribute(low, "inclusive") === "false";
    const isHighOut = attribute(high, "inclusive") === "false";
    if (!isLowOut && !isHighOut) return { range };
    // A range of FHIR holds its bounds: that one of them is left out stands beside it.
    return { range, words: `${isLowOut ? ">" : "≥"} ${from}, ${isHighOut ? "<" : "≤"} ${to}` };
  }
  if (lowQuantity)
    return { quantity: { ...lowQuantity, comparator: attribute(low, "inclusive") === "false" ? ">" : ">=" } };
  if (highQuantity)
    return { quantity: { ...highQuantity, comparator: attribute(high, "inclusive") === "false" ? "<" : "<=" } };
  const center = quantity(child(element, "center")) ?? quantity(element);
  return center ? { quantity: center } : {};
}

/** RTO as ratio; `undefined` when a part has no number. Its parts may be named in another namespace (`pharm:`). */
export function ratio(element: XmlElement | undefined, prefix = ""): Ratio | undefined {
  const part = (name: string) => child(element, name) ?? child(element, prefix + name);
  const numerator = quantity(part("numerator"));
  const denominator = quantity(part("denominator"));
  return numerator && denominator ? { numerator, denominator } : undefined;
}

type ObservationValue = Pick<
  Observation,
  | "valueQuantity"
  | "valueCodeableConcept"
  | "valueString"
  | "valueBoolean"
  | "valueInteger"
  | "valueRange"
  | "valueRatio"
  | "valueDateTime"
  | "valuePeriod"
  | "dataAbsentReason"
>;

/** `value` of an observation in FHIR's form, whichever of the HL7 types it has. */
export function observationValue(element: XmlElement | undefined, reader: NarrativeReader): ObservationValue {
  if (!element) return {};
  const value = typedValue(element, reader);
  if (Object.keys(value).length > 0) return value;
  // A trace is some, of which nobody knows how much.
  if (attribute(element, "nullFlavor") === "TRC") return { valueString: "traces" };
  const reason = absentReason(element);
  return reason
    ? {
        dataAbsentReason: {
          coding: [{ system: "http://terminology.hl7.org/CodeSystem/data-absent-reason", code: reason }],
        },
      }
    : {};
}

function typedValue(element: XmlElement, reader: NarrativeReader): ObservationValue {
  const type = attribute(element, "xsi:type") ?? "";
  const raw = attribute(element, "value");
  switch (type) {
    case "BL": {
      const answer = booleanOf(element);
      return answer === undefined ? {} : { valueBoolean: answer };
    }
    case "INT": {
      const number = decimal(raw);
      if (number === undefined) return raw ? { valueString: raw } : {};
      return Number.isInteger(number) && Math.abs(number) < 2 ** 31
        ? { valueInteger: number }
        : { valueQuantity: { value: number } };
    }
    case "PQ":
    case "REAL":
    case "MO":
    case "PPD_PQ": {
      const found = quantity(element);
      // Of an amount of money alone.
      const currency = attribute(element, "currency");
      if (found && currency)
        return { valueQuantity: { ...found, unit: currency, system: "urn:iso:std:iso:4217", code: currency } };
      if (found) return { valueQuantity: found };
      // What is no number ("1/128", "traces") stays as it is written.
      const words = raw ? `${raw} ${currency ?? attribute(element, "unit") ?? ""}`.trim() : wordsOf(element, reader);
      return words ? { valueString: words } : {};
    }
    case "IVL_PQ":
    case "IVL_INT":
    case "IVL_REAL": {
      const found = interval(element);
      if (found.range && found.words) {
        const extension = [{ url: extensionUrl.recordedForm, valueString: found.words }];
        return { valueRange: { extension, ...found.range } };
      }
      if (found.range) return { valueRange: found.range };
      if (found.quantity) return { valueQuantity: found.quantity };
      const words = found.words ?? wordsOf(element, reader);
      return words ? { valueString: words } : {};
    }
    case "RTO":
    case "RTO_INT_INT":
    case "RTO_PQ_PQ":
    case "RTO_QTY_QTY": {
      const found = ratio(element);
      if (found) return { valueRatio: found };
      const words = wordsOf(element, reader) ?? raw;
      return words ? { valueString: words } : {};
    }
    case "TS":
    case "EIVL_TS": {
      const time = dateTimeOf(raw);
      return time ? { valueDateTime: time } : raw ? { valueString: raw } : {};
    }
    case "IVL_TS": {
      const time = recordedTime(element);
      if (time?.value && !time.low && !time.high) return { valueDateTime: time.value };
      const period: Period | undefined = periodOf(time);
      if (period) return { valuePeriod: period };
      const length = lengthOf(child(element, "width"));
      return length ? { valueQuantity: length } : {};
    }
    case "ST":
    case "ED": {
      if (attribute(element, "representation") === "B64") return {};
      const text =
        (child(element, "reference") ? reader.text(child(element, "reference")) : undefined) ??
        addressOf(element) ??
        rawText(element).replace(/\s+/g, " ").trim();
      return text ? { valueString: text } : {};
    }
    default: {
      const found = concept(element, reader);
      if (found && (found.coding || found.text)) return { valueCodeableConcept: found };
      const number = quantity(element);
      if (number) return { valueQuantity: number };
      const text = textOf(element) ?? raw ?? attribute(element, "extension") ?? attribute(element, "root");
      return text ? { valueString: text } : {};
    }
  }
}

/** Where a value stands outside of the document: its address is what the document tells of it. */
function addressOf(element: XmlElement): string | undefined {
  const address = attribute(child(element, "reference"), "value")?.trim();
  return address && /^https?:\/\/\S+$/.test(address) ? address : undefined;
}

/** Words beside a quantity without number: those of its translations, at either bound. */
function wordsOf(element: XmlElement, reader: NarrativeReader): string | undefined {
  for (const part of [element, ...children(element)])
    for (const each of [part, ...children(part, "translation")]) {
      const text = reader.textOf(child(each, "originalText"));
      if (text) return text;
    }
  return undefined;
}

/** A value as a few words, for remarks. */
export function inWords(value: ObservationValue): string | undefined {
  if (value.valueBoolean !== undefined) return value.valueBoolean ? "oui" : "non";
  if (value.valueCodeableConcept) return value.valueCodeableConcept.text;
  if (value.valueInteger !== undefined) return String(value.valueInteger);
  const { valueQuantity: measure, valueRange: range, valueRatio: ratio, valuePeriod: period } = value;
  const amount = (each: Quantity | undefined) => inWords(each ? { valueQuantity: each } : {});
  if (measure?.value !== undefined) {
    const limit = measure.comparator ? `${measure.comparator} ` : "";
    return `${limit}${String(measure.value).replace(".", ",")} ${unitInWords(measure.unit, measure.value, frenchUnits)}`.trim();
  }
  if (range) return `${amount(range.low)} – ${amount(range.high)}`;
  if (ratio) return `${amount(ratio.numerator)} / ${amount(ratio.denominator)}`;
  if (period) return [period.start, period.end].filter(Boolean).join(" – ");
  return value.valueString ?? value.valueDateTime;
}

/** An answer that its statement denies: "non", and of what. */
export function deniedWords(answer: string | undefined): string {
  return answer === undefined || /^(oui|non)$/.test(answer) ? "non" : `non (${answer})`;
}
