import {
  type CodeableConcept,
  type Condition,
  type Dosage,
  type Element,
  type Extension,
  extensionUrl,
  type FhirResource,
  type Identifier,
  type MedicationRequest,
  type Observation,
  type ObservationReferenceRange,
  type Quantity,
  type Range,
  type Ratio,
  type Reference,
} from "@carnet/sdk/fhir";
import { html, nothing, type TemplateResult } from "lit";
import { conceptText, hasCode } from "../facts/concept.ts";
import type { Fact } from "../facts/fact.ts";
import { isInUnit, readValue } from "../facts/observations.ts";
import { formatDate } from "../shared/format-date.ts";
import { formatDosage } from "../shared/format-dosage.ts";
import { formatDose, formatMeasure, formatNumber, formatPeriodUnit } from "../shared/format-number.ts";
import { list, num, str } from "../shared/guards.ts";
import type { SectionContext } from "./context.ts";
import { entryDetails } from "./further-entries.ts";
import { factDetails } from "./further-facts.ts";
import { furtherStrings } from "./further-strings.ts";
import { measureText } from "./measure-words.ts";

/**
 * What an entry says that its row has no place for, one phrase after the other: why a treatment stopped, how much is handed over,
 * renewals, the greatest dose, for whom a range holds, the kind of a problem, times and bounds as they were noted. Fetched beside the record: the
 * first paint does without.
 */
export function furtherDetails(context: SectionContext, resource: object | undefined): string {
  if (resource === undefined) return "";
  const parts = [factDetails, ofResource, entryDetails, absences, recordedForms];
  const found = parts.flatMap((read) => {
    try {
      return read(context, resource as FhirResource);
    } catch {
      // The Bundle is somebody else's: a shape we did not foresee takes nothing from the other parts.
      return [];
    }
  });
  return [...new Set(found.filter((line) => line !== undefined && line !== ""))].join(" · ");
}

/** The same as a line of a row, or nothing. */
export function furtherLine(context: SectionContext, { resource }: Fact): TemplateResult | typeof nothing {
  const line = furtherDetails(context, resource);
  return line ? html`<p class="row-detail">${line}</p>` : nothing;
}

type Line = string | undefined;

function ofResource(context: SectionContext, resource: FhirResource): readonly Line[] {
  const say = furtherStrings(context.locale);
  switch (resource.resourceType) {
    case "MedicationStatement": {
      const reason = words(resource.statusReason);
      const why = resource.status === "stopped" || resource.status === "completed" ? say.stopReason : say.statusReason;
      return [reason && why(reason), ...ofDosages(context, resource.dosage)];
    }
    case "MedicationRequest": {
      const reason = words(resource.statusReason);
      return [
        reason && (resource.status === "stopped" ? say.stopReason : say.statusReason)(reason),
        ...ofDosages(context, resource.dosageInstruction),
        ...ofSupply(
          context,
          say.toHandOver,
          resource.dispenseRequest?.quantity,
          resource.dispenseRequest?.expectedSupplyDuration,
        ),
        ...ofRenewals(context, resource),
        isRefused(resource) ? say.substitutionRefused : undefined,
      ];
    }
    case "MedicationDispense": {
      const reason = words(resource.statusReasonCodeableConcept);
      const prescriptions = list(resource.authorizingPrescription).flatMap(prescriptionWords);
      return [
        reason && say.statusReason(reason),
        ...ofDosages(context, resource.dosageInstruction),
        ...ofSupply(context, say.handedOver, resource.quantity, resource.daysSupply),
        ...prescriptions.map(say.prescription),
        resource.substitution?.wasSubstituted === true ? say.substituted : undefined,
      ];
    }
    case "Immunization": {
      const reason = words(resource.statusReason);
      return [reason && say.statusReason(reason)];
    }
    case "Condition":
      return ofCondition(context, resource);
    case "Procedure": {
      const site = siteOf(resource);
      const outcome = words(resource.outcome);
      return [site && say.site(site), outcome && say.outcome(outcome)];
    }
    case "Observation": {
      const site = siteOf(resource);
      return [site && say.site(site), ...ofRanges(context, resource)];
    }
    default:
      // A component of a measure has ranges of its own.
      return ofRanges(context, resource as Pick<Observation, "referenceRange" | "valueQuantity">);
  }
}

/** Where on the body, unless the name of the entry says so: "fracture du genou droit". */
function siteOf({ code, bodySite }: { code?: CodeableConcept; bodySite?: CodeableConcept | CodeableConcept[] }): Line {
  const name = conceptText(code)?.toLowerCase() ?? "";
  return words(
    list(bodySite as CodeableConcept[]).filter((one) => !name.includes(conceptText(one)?.toLowerCase() ?? " ")),
  );
}

/** Words of one concept or of several. */
function words(concepts: CodeableConcept | readonly CodeableConcept[] | undefined): Line {
  const found = list(concepts as readonly CodeableConcept[] | undefined).map((concept) => conceptText(concept));
  return str(found.filter((one) => one !== undefined).join(", "));
}

/** The prescription behind a delivery, as the pharmacist finds it: its own words or its number, no address. */
function prescriptionWords(reference: Reference): string[] {
  const identifier: Identifier | undefined = reference.identifier;
  const found = str(reference.display) ?? str(identifier?.value);
  return found === undefined || found.startsWith("urn:") ? [] : [found];
}

/** "N" of HL7's substanceAdminSubstitution: none. */
function isRefused({ substitution }: Pick<MedicationRequest, "substitution">): boolean {
  return substitution?.allowedBoolean === false || hasCode(substitution?.allowedCodeableConcept, "N");
}

/** How much is, or was, handed over, and how long it lasts. */
function ofSupply(
  { locale }: SectionContext,
  name: (amount: string) => string,
  amount: Quantity | undefined,
  lasts: Quantity | undefined,
): readonly Line[] {
  const [much, length] = [dose(amount, locale), duration(lasts, locale)];
  return [much && name(much), length && furtherStrings(locale).lasting(length)];
}

function ofRenewals({ locale }: SectionContext, { dispenseRequest }: MedicationRequest): readonly Line[] {
  const say = furtherStrings(locale);
  const periods = list(dispenseRequest?.extension).filter(({ url }) => url === extensionUrl.renewalPeriod);
  const within = periods.find(({ valuePeriod }) => valuePeriod !== undefined)?.valuePeriod;
  const lasting = periods.find(({ valueDuration }) => valueDuration !== undefined)?.valueDuration;
  const noCount = absenceOf(dispenseRequest);
  const often =
    noCount === undefined
      ? undefined
      : noCount === "positive-infinity"
        ? say.unlimited
        : noCount === "masked"
          ? say.renewalsMasked
          : say.renewalsUnknown;
  const known = num(dispenseRequest?.numberOfRepeatsAllowed);
  const start = str(within?.start);
  const end = str(within?.end);
  const length = duration(lasting, locale);
  return [
    known === undefined ? often : known === 0 ? say.notRenewable : say.renewable(known),
    start && say.renewableFrom(formatDate(start, locale)),
    end && say.renewableUntil(formatDate(end, locale)),
    length && say.renewableDuring(length),
  ];
}

/** Why no number of renewals is given (`data-absent-reason`): FHIR's types leave out what stands beside a number. */
function absenceOf(request: object | undefined): Line {
  const { _numberOfRepeatsAllowed: beside } = (request ?? {}) as { _numberOfRepeatsAllowed?: Element };
  return list(beside?.extension).map(({ valueCode }) => str(valueCode))[0];
}

function duration(length: Quantity | undefined, locale: string): Line {
  const value = num(length?.value);
  const unit = str(length?.code) ?? str(length?.unit);
  return value === undefined || unit === undefined
    ? undefined
    : `${formatNumber(value, locale)}\u00a0${formatPeriodUnit(unit, value, locale)}`;
}

/** The greatest dose, the rate, the place and the instructions: what the line of the posology leaves out. */
function ofDosages({ locale }: SectionContext, dosages: readonly Dosage[] | undefined): readonly Line[] {
  const say = furtherStrings(locale);
  return list(dosages).flatMap((dosage) => {
    const [given] = list(dosage.doseAndRate);
    const rate =
      ratio(given?.rateRatio, locale) ?? dose(given?.rateQuantity, locale) ?? range(given?.rateRange, locale);
    const site = words(dosage.site);
    const numerator = dose(dosage.maxDosePerPeriod?.numerator, locale);
    const period = duration(dosage.maxDosePerPeriod?.denominator, locale);
    const shown = formatDosage(dosage, locale).text;
    const apart = num(dosage.timing?.repeat?.offset);
    const minutes = apart === undefined ? undefined : duration({ value: apart, code: "min" }, locale);
    // FHIR counts from an event onwards, but before what is named as before (AC, ACM…).
    const isBefore = list(dosage.timing?.repeat?.when).some((code) => code.startsWith("AC"));
    const instructions = [words(dosage.additionalInstruction), str(dosage.patientInstruction)];
    return [
      minutes && (isBefore ? say.before : say.after)(minutes),
      numerator && period && say.maximum(numerator, period),
      rate && say.rate(rate),
      site && say.site(site),
      ...instructions.map((text) => (text === undefined || text === shown ? undefined : say.instruction(text))),
    ];
  });
}

function dose(quantity: Quantity | undefined, locale: string): Line {
  const value = num(quantity?.value);
  return value === undefined ? undefined : formatDose(value, str(quantity?.unit) ?? str(quantity?.code), locale);
}

function range({ low, high }: Range = {}, locale: string): Line {
  return str([dose(low, locale), dose(high, locale)].filter((one) => one !== undefined).join(" – "));
}

function ratio({ numerator, denominator }: Ratio = {}, locale: string): Line {
  const [above, below] = [dose(numerator, locale), dose(denominator, locale)];
  return above === undefined ? undefined : [above, below].filter((one) => one !== undefined).join(" : ");
}

/** Kinds of problem that say more than "problem" or "diagnosis": SNOMED CT, then LOINC. */
const kindCodes = {
  symptom: ["418799008", "75325-1"],
  complaint: ["409586006", "75322-8"],
  finding: ["404684003", "75321-0"],
  limitation: ["248536006", "75324-4"],
  cognition: ["75319-4"],
} as const;

function ofCondition(context: SectionContext, resource: Condition): readonly Line[] {
  const say = furtherStrings(context.locale);
  const kind = (Object.keys(kindCodes) as (keyof typeof kindCodes)[]).find((name) =>
    list(resource.category).some((category) => hasCode(category, ...kindCodes[name])),
  );
  const site = siteOf(resource);
  const described = list(resource.contained).flatMap((each) =>
    each.resourceType === "Observation" ? detailOf(context, each) : [],
  );
  return [kind && say.kinds[kind], site && say.site(site), ...described];
}

/** What a problem is described with: "Stade : II". */
function detailOf(context: SectionContext, observation: Observation): Line[] {
  const name = conceptText(observation.code);
  const denied = list(observation.extension).find(({ url }) => url === extensionUrl.deniedValue);
  const value = readValue((denied ?? observation) as Parameters<typeof readValue>[0]);
  if (name === undefined || Object.keys(value).length === 0) return [];
  const told = measureText(context, value);
  return [context.say.detail(name, denied === undefined ? told : context.say.denied(told))];
}

/** Every range of a result that the row does not show whole: several ones, one of another kind or unit, one that holds for some. */
function ofRanges(
  context: SectionContext,
  { referenceRange, valueQuantity }: Pick<Observation, "referenceRange" | "valueQuantity">,
): readonly Line[] {
  const ranges = list(referenceRange);
  const unit = str(valueQuantity?.unit) ?? str(valueQuantity?.code);
  const isShown = (one: ObservationReferenceRange) =>
    ranges.length === 1 &&
    words(one.appliesTo) === undefined &&
    one.age === undefined &&
    isNormal(one) &&
    isInUnit(one, unit) &&
    (str(one.text) === undefined || !hasBounds(one) || saysBounds(one));
  return ranges.flatMap((one) => (isShown(one) ? [] : [rangeLine(context, one)]));
}

const hasBounds = ({ low, high }: Range) => num(low?.value) !== undefined || num(high?.value) !== undefined;

/** The report's own words for the range are its bounds and no more: "13,0 - 17,0". */
function saysBounds({ text, low, high }: ObservationReferenceRange): boolean {
  const numbers = [...(text ?? "").replaceAll(",", ".").matchAll(/\d+(?:\.\d+)?/g)].map(Number);
  const bounds = [num(low?.value), num(high?.value)].filter((one) => one !== undefined);
  return numbers.length === bounds.length && numbers.every((one, at) => one === bounds[at]);
}

const isNormal = ({ type }: ObservationReferenceRange) => type === undefined || hasCode(type, "normal");

function rangeLine({ say, locale }: SectionContext, one: ObservationReferenceRange): Line {
  const own = furtherStrings(locale);
  const bounds = boundsWords(say, one, (bound) => {
    const value = num(bound?.value);
    return value === undefined ? undefined : formatMeasure(value, str(bound?.unit) ?? str(bound?.code), locale);
  });
  const values = str(one.text) ?? bounds;
  if (values === undefined) return undefined;
  const age = boundsWords(say, one.age ?? {}, (bound) => duration(bound, locale));
  const whom = [words(one.appliesTo), age && own.age(age)].filter((part) => part !== undefined && part !== "");
  const named = isNormal(one) ? say.range(values) : say.detail(words(one.type) ?? "", values);
  return whom.length === 0 ? named : `${named} (${whom.join(", ")})`;
}

function boundsWords(
  say: SectionContext["say"],
  { low, high }: Range,
  toWords: (bound: Quantity | undefined) => Line,
): Line {
  const [least, most] = [toWords(low), toWords(high)];
  if (least !== undefined && most !== undefined) return say.rangeBetween(least, most);
  if (most !== undefined) return say.rangeUpTo(most);
  return least === undefined ? undefined : say.rangeFrom(least);
}

/** Why a value is not there, and that a date is withheld: no date there never reads as none recorded. */
function absences({ locale }: SectionContext, resource: object): readonly Line[] {
  const say = furtherStrings(locale);
  const known: Readonly<Record<string, string>> = say.reasons;
  const why = list((resource as Partial<Observation>).dataAbsentReason?.coding).map(({ code }) =>
    code !== undefined && Object.hasOwn(known, code) ? known[code] : undefined,
  );
  const isDateMasked = Object.entries(resource).some(
    ([key, beside]) =>
      /^_.*(DateTime|Period)$/.test(key) &&
      list((beside as Element).extension).some(({ valueCode }) => valueCode === "masked"),
  );
  return [...why, isDateMasked ? say.dateMasked : undefined];
}

/** Units of an ISO 8601 duration, by their letter: `M` is a month before `T`, a minute behind it. */
const lengthUnits: Readonly<Record<string, string>> = {
  Y: "a",
  M: "mo",
  W: "wk",
  D: "d",
  TH: "h",
  TM: "min",
  TS: "s",
};

/** Times of day without zone, lengths without an end and bounds that are excluded, of the entry, of its value and of its ranges. */
function recordedForms({ locale }: SectionContext, resource: object): readonly Line[] {
  const say = furtherStrings(locale);
  const { extension, valueRange, referenceRange } = resource as Partial<Observation> & { extension?: Extension[] };
  const holders = [{ extension }, valueRange, ...list(referenceRange)];
  return holders.flatMap((holder) =>
    list(holder?.extension).flatMap(({ url, valueString }) => {
      const form = url === extensionUrl.recordedForm ? str(valueString) : undefined;
      if (form === undefined) return [];
      const [, isTime = "", amount, letter = ""] = /^P(T?)(\d+(?:\.\d+)?)([YMWDHS])$/.exec(form) ?? [];
      const code = lengthUnits[isTime + letter];
      if (code) return [say.length(duration({ value: Number(amount), code }, locale) ?? form)];
      const [, date, hour, minute] = /^(\d{4}-\d\d-\d\d)T(\d\d)(?::(\d\d))?$/.exec(form) ?? [];
      if (date === undefined || hour === undefined) return [say.bounds(boundsInWords(form, locale))];
      if (minute !== undefined) return [say.time(formatDate(form, locale, { time: true }))];
      return [say.time(`${formatDate(date, locale)}, ${Number(hour)}\u00a0h`)];
    }),
  );
}

/** "> 1 g/L, < 9 g/L" → "supérieur à 1 g/L, inférieur à 9 g/L": the signs are misread. */
function boundsInWords(form: string, locale: string): string {
  return form.replace(
    /([<>]=?)\s*(-?\d+(?:\.\d+)?)(?:\s+([^\s,]+))?/g,
    (_whole, sign: string, value: string, unit?: string) => formatMeasure(Number(value), unit, locale, sign),
  );
}
