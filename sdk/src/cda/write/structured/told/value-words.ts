import type {
  Address,
  Annotation,
  Attachment,
  CodeableConcept,
  Coding,
  FhirResource,
  HumanName,
  Identifier,
  Money,
  Period,
  Quantity,
  Range,
  Ratio,
  Reference,
  Timing,
} from "../../../../fhir/index.ts";
import { type TimeUnit, timeUnitWords } from "../../../read/entries/time-lengths.ts";
import { toFrenchDate } from "../../times.ts";
import { decimalText, frenchQuantity, wordsOf } from "../codes.ts";
import type { Resolve } from "../context.ts";
import { rangeWords, valueWords } from "../entries/observation-value.ts";
import { describePosology, unplacedInWords } from "../entries/posology.ts";
import { codeWords, labels } from "./labels.ts";

type Members = Readonly<Record<string, unknown>>;

/** Where a value stands: its fact, and the other resources of the Bundle. */
export interface ValueContext {
  readonly fact: FhirResource;
  readonly resolve: Resolve;
}

/** Any value of FHIR in words; empty when it has none (a file, a reference to nothing). */
export function valueInWords(value: unknown, context: ValueContext): string {
  if (typeof value === "string") return stringInWords(value);
  if (typeof value === "number") return decimalText(value).replace(".", ",");
  if (typeof value === "boolean") return value ? "Oui" : "Non";
  if (Array.isArray(value)) return joined(value.map((each) => valueInWords(each, context)));
  return typeof value === "object" && value !== null
    ? objectInWords(value as Members, context).replaceAll("\u00a0", " ")
    : "";
}

const joined = (parts: readonly (string | undefined)[], sign = ", ") => parts.filter(Boolean).join(sign);

function stringInWords(text: string): string {
  const [, date, time] = /^(\d{4}-\d\d(?:-\d\d)?)(?:T(\d\d(?::\d\d)?).*)?$/.exec(text) ?? [];
  if (date)
    return time
      ? `${toFrenchDate(date)} à ${time.replace(":", " h ")}${/:/.test(time) ? "" : " h"}`
      : toFrenchDate(date);
  return Object.hasOwn(codeWords, text) ? (codeWords[text] ?? text) : text;
}

/** FHIR's types are told apart by their members: what a resource holds bears no other name of its type. */
function objectInWords(value: Members, context: ValueContext): string {
  const has = (...names: readonly string[]) => names.some((name) => name in value);
  const isText = (...names: readonly string[]) => names.some((name) => typeof value[name] === "string");
  if (isText("reference", "display") && !has("code", "system")) return referenceInWords(value as Reference, context);
  if (has("coding")) return stringInWords(wordsOf(value as CodeableConcept));
  if (isText("text")) return annotationInWords(value as unknown as Annotation);
  if (has("start", "end")) return periodInWords(value as Period);
  if (has("low", "high")) return rangeWords(value as Range);
  if (has("numerator", "denominator")) {
    const { numerator, denominator } = value as Ratio;
    return joined([frenchQuantity(numerator), frenchQuantity(denominator)], " / ");
  }
  if (has("repeat") || isTexts(value.event)) return timingInWords(value as Timing);
  if (isText("contentType", "url", "data", "title") && !has("uid", "sopClass")) return fileInWords(value as Attachment);
  if (has("family", "given")) return nameInWords(value as HumanName);
  if (has("line", "city", "postalCode")) return addressInWords(value as Address);
  if (typeof value.value === "number") {
    const { currency } = value as Money;
    return currency ? `${decimalText(value.value)} ${currency}` : amountInWords(value as Quantity);
  }
  if (isText("value") && !has("code")) return (value as Identifier).value ?? "";
  if (isText("code", "display") && Object.keys(value).every((name) => codingMembers.has(name)))
    return (value as Coding).display ?? stringInWords((value as Coding).code ?? "");
  return partsInWords(value, context);
}

/** A length of time in words, as "3 jour(s)"; anything else with its unit. */
function amountInWords(amount: Quantity): string {
  const unit = timeUnitWords[(amount.code ?? amount.unit) as TimeUnit];
  return unit && amount.value !== undefined
    ? `${decimalText(amount.value).replace(".", ",")} ${unit}`
    : frenchQuantity(amount);
}

const isTexts = (value: unknown) => Array.isArray(value) && typeof value[0] === "string";

const codingMembers: ReadonlySet<string> = new Set(["system", "version", "code", "display", "userSelected"]);

/** A group of elements: each under its name. */
function partsInWords(value: Members, context: ValueContext): string {
  const parts = Object.entries(value).flatMap(([name, part]) => {
    if (name === "id" || name === "extension" || name.startsWith("_")) return [];
    const words = valueInWords(part, context);
    const label = labels[name];
    return words && label ? [`${label.toLowerCase()} : ${words}`] : [];
  });
  return joined(parts);
}

function annotationInWords({ text, authorString, authorReference, time }: Annotation): string {
  return joined([text, authorString ?? authorReference?.display, time && toFrenchDate(time)]);
}

/** "du 03/02/2020 au 04/03/2020". */
export function periodInWords({ start, end }: Period): string {
  if (start && end) return `du ${toFrenchDate(start)} au ${toFrenchDate(end)}`;
  return start ? `à partir du ${toFrenchDate(start)}` : end ? `jusqu'au ${toFrenchDate(end)}` : "";
}

/** When something is done again and again. */
export function timingInWords(timing: Timing): string {
  const { boundsPeriod, boundsRange, countMax, durationMax, durationUnit, when, offset } = timing.repeat ?? {};
  return joined([
    describePosology({ timing }),
    (when ?? []).join(", "),
    offset === undefined ? "" : `décalage de ${offset} min`,
    boundsPeriod && periodInWords(boundsPeriod),
    boundsRange && `pendant ${rangeWords(boundsRange)}`,
    countMax ? `au plus ${countMax} fois en tout` : "",
    durationMax ? `au plus ${decimalText(durationMax)} ${durationUnit ?? ""}`.trim() : "",
    ...unplacedInWords({ timing }),
  ]);
}

/** A file that is elsewhere; one that is here has no words. */
function fileInWords({ data, title, url, contentType }: Attachment): string {
  return data === undefined ? joined([title, contentType, url]) : "";
}

function nameInWords({ text, prefix, given, family, suffix }: HumanName): string {
  return text ?? joined([...(prefix ?? []), ...(given ?? []), family, ...(suffix ?? [])], " ");
}

function addressInWords({ text, line, postalCode, city, country }: Address): string {
  return text ?? joined([...(line ?? []), joined([postalCode, city], " "), country]);
}

/** Whom or what a reference means: by the words beside it, else by the name of what it finds. */
export function referenceInWords(reference: Reference, { resolve, fact }: ValueContext): string {
  if (reference.display) return reference.display;
  const found = resolve(reference, fact);
  const named = found && resourceInWords(found, { fact: found, resolve });
  // An address on the web may be opened by whoever reads it; any other says nothing.
  const address = /^https?:/.test(reference.reference ?? "") ? reference.reference : undefined;
  return named || reference.identifier?.value || address || "";
}

const naming = [
  "name",
  "code",
  "vaccineCode",
  "medicationCodeableConcept",
  "medicationReference",
  "practitioner",
  "title",
  "description",
  "deviceName",
  "type",
  "class",
  "identifier",
] as const;

/** What a resource is called; a finding, with what was found. */
function resourceInWords(resource: FhirResource, context: ValueContext): string {
  if (resource.resourceType === "Observation") {
    const found = valueWords(resource);
    return joined([wordsOf(resource.code), found === "" ? "" : found], " : ");
  }
  const members = resource as unknown as Members;
  for (const name of naming) {
    const value = members[name];
    const first: unknown = Array.isArray(value) ? value[0] : value;
    const words = first === undefined ? "" : valueInWords(first, context);
    if (words) return words;
  }
  return "";
}
