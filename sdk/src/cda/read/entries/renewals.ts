import { dateInWords } from "../../../fhir/date-words.ts";
import { renewalPeriod } from "../../../fhir/extension-urls.ts";
import type { Extension } from "../../../fhir/index.ts";
import type { DispenseRequest } from "../../../fhir/renewals.ts";
import { absentExtension, absentReason } from "../concept.ts";
import { decimal } from "../decimal.ts";
import { filled } from "../filled.ts";
import { fr, relatedTemplate } from "../statements.ts";
import { lengthLeft, recordedTime } from "../times.ts";
import { at, attribute, child, type XmlElement } from "../xml.ts";
import { lengthInWords } from "./time-lengths.ts";

type Renewed = Pick<DispenseRequest, "extension" | "numberOfRepeatsAllowed" | "_numberOfRepeatsAllowed">;

/**
 * Renewals of a prescription: their number, told by one of these statements, and the time within which they may be delivered
 * (FR-Periode-de-renouvellement). `undefined` when the document says nothing of them.
 */
export function renewals(
  prescription: XmlElement,
  supply: XmlElement | undefined,
  isPrescription: boolean,
): Renewed | undefined {
  const said = [prescription, supply].flatMap((each) => repeatsOf(each, isPrescription) ?? []);
  const number = said.find((each) => typeof each === "number") ?? said[0];
  const extension = periodOf(prescription);
  if (number === undefined && extension.length === 0) return undefined;
  return filled<Renewed>({
    extension,
    ...(typeof number === "number" ? { numberOfRepeatsAllowed: number } : {}),
    ...(typeof number === "string" ? { _numberOfRepeatsAllowed: { extension: [absentExtension(number)] } } : {}),
  });
}

/** The number of renewals in words: of what has no such place in FHIR. */
export function renewalWords(statement: XmlElement | undefined): { text: string }[] {
  const said = repeatsOf(statement, false);
  const words = typeof said === "number" ? said : unnumbered[said ?? ""];
  return words === undefined ? [] : [{ text: `Renouvellements : ${words}` }];
}

/** How often, and within what time, what is no prescription may be delivered again. */
export function renewalRemarks(treatment: XmlElement): { text: string }[] {
  const within = periodOf(treatment).flatMap(({ valuePeriod: { start, end } = {}, valueDuration: length }) => [
    ...(start ? [`du ${dateInWords(start, "fr")}`] : []),
    ...(end ? [`jusqu'au ${dateInWords(end, "fr")}`] : []),
    ...(length ? [`pendant ${lengthInWords(length)}`] : []),
  ]);
  const told = within.length > 0 ? [{ text: `Renouvellement possible : ${within.join(", ")}` }] : [];
  return [...renewalWords(treatment), ...told];
}

const unnumbered: Readonly<Record<string, string>> = {
  "positive-infinity": "sans limite de nombre",
  masked: "masqué",
};

/**
 * A number of renewals, or why there is none (a `data-absent-reason` code). Of an interval (IVL_INT) its end counts: one
 * that has a beginning alone, or ends where nobody knows, does not end there. In a French prescription "no information"
 * (NI) says that renewals are not limited; elsewhere only an infinite number does.
 */
function repeatsOf(statement: XmlElement | undefined, isPrescription: boolean): number | string | undefined {
  const whole = child(statement, "repeatNumber");
  if (!whole) return undefined;
  const isInterval = child(whole, "low") ?? child(whole, "high");
  const end = isInterval ? child(whole, "high") : whole;
  const number = decimal(attribute(end, "value"));
  if (number !== undefined && Number.isInteger(number) && number >= 0) return number;
  const flavor = attribute(end, "nullFlavor");
  if (flavor === "PINF" || (flavor === "NI" && isPrescription)) return "positive-infinity";
  return absentReason(end) ?? "unknown";
}

function periodOf(prescription: XmlElement): Extension[] {
  const time = at(relatedTemplate(prescription, fr("88"), "1.3.6.1.4.1.19376.1.9.1.3.15"), "effectiveTime");
  const { low, high } = recordedTime(time) ?? {};
  const length = lengthLeft(time);
  return [
    ...(low || high ? [{ url: renewalPeriod, valuePeriod: filled({ start: low, end: high }) }] : []),
    ...(length ? [{ url: renewalPeriod, valueDuration: length }] : []),
  ];
}
