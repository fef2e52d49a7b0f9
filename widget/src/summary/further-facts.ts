import type {
  AllergyIntolerance,
  CodeableConcept,
  Condition,
  Dosage,
  FamilyMemberHistory,
  FhirResource,
  Observation,
  Procedure,
  Quantity,
  Range,
} from "@carnet/sdk/fhir";
import { codesOf, conceptText } from "../facts/concept.ts";
import { flags } from "../facts/observations.ts";
import { formatDate } from "../shared/format-date.ts";
import { formatDose, formatNumber, formatPeriodUnit } from "../shared/format-number.ts";
import { list, num, own, str } from "../shared/guards.ts";
import type { SectionContext } from "./context.ts";
import { factStrings } from "./further-fact-strings.ts";

type Line = string | undefined;
type Loose = Readonly<Record<string, unknown>>;

/**
 * What changes the meaning of a fact, or tells when it holds, and has no place in its row: that a result is provisional, an
 * act interrupted, a disease back, an age instead of a date, how many doses in all.
 */
export function factDetails(context: SectionContext, resource: FhirResource): readonly Line[] {
  const say = factStrings(context.locale);
  return [holdsModifier(resource) ? say.unreadable : undefined, ...ofKind(context, resource)];
}

function ofKind(context: SectionContext, resource: FhirResource): readonly Line[] {
  const say = factStrings(context.locale);
  switch (resource.resourceType) {
    case "Condition":
      return ofCondition(context, resource);
    case "Procedure":
      return ofProcedure(context, resource);
    case "FamilyMemberHistory":
      return ofFamily(context, resource);
    case "AllergyIntolerance":
      return ofAllergy(context, resource);
    case "Immunization":
      return [
        resource.isSubpotent === true ? say.subpotent : undefined,
        ...named(say.reason, resource.subpotentReason),
      ];
    case "MedicationRequest":
      return [
        own(say.intent, resource.status) ?? own(say.intent, resource.intent),
        ...ofDosages(context, resource.dosageInstruction),
      ];
    case "MedicationDispense":
      return ofDosages(context, resource.dosageInstruction);
    case "MedicationStatement":
      return ofDosages(context, resource.dosage);
    case "DiagnosticReport":
      return [own(say.standing, resource.status)];
    case "Observation":
      return ofResult(context, resource);
    default: {
      // A component of a result has no type.
      const { resourceType } = resource as { readonly resourceType?: string };
      return resourceType === undefined ? ofResult(context, resource as unknown as Observation) : [];
    }
  }
}

/** FHIR forbids to process what a modifier nobody knows may negate; where it stands inside the entry, it counts too. */
function holdsModifier(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null || depth > 4) return false;
  if (Array.isArray(value)) return value.some((one) => holdsModifier(one, depth + 1));
  return Object.entries(value).some(([key, inner]) => {
    if (key === "contained") return false;
    const isModifier = key === "implicitRules" || (key === "modifierExtension" && list(inner as object[]).length > 0);
    return isModifier || holdsModifier(inner, depth + 1);
  });
}

function named(
  say: (text: string) => string,
  concepts: CodeableConcept | readonly CodeableConcept[] | undefined,
): Line[] {
  const found = list(concepts as readonly CodeableConcept[] | undefined).map((concept) => conceptText(concept));
  const text = str(found.filter((one) => one !== undefined).join(", "));
  return text === undefined ? [] : [say(text)];
}

function ofResult({ locale }: SectionContext, resource: Observation): readonly Line[] {
  const say = factStrings(locale);
  const hasCurve = Object.keys(resource).some((key) => /^value(SampledData|Attachment)$/.test(key));
  // What the row has an arrow or a word for is not said again.
  const unsaid = list(resource.interpretation).filter((one) => !codesOf(one).some((code) => own(flags, code)));
  const end = str(resource.effectivePeriod?.end);
  return [
    own(say.standing, resource.status),
    ...named(say.interpretation, unsaid),
    hasCurve ? say.elsewhere : undefined,
    ...named(say.method, resource.method),
    end === undefined || end === resource.effectivePeriod?.start ? undefined : say.end(formatDate(end, locale)),
  ];
}

function ofCondition(context: SectionContext, resource: Condition): readonly Line[] {
  const say = factStrings(context.locale);
  const known = (table: Readonly<Record<string, string>>, concept: CodeableConcept | undefined) =>
    codesOf(concept).map((code) => own(table, code))[0];
  return [
    known(say.course, resource.clinicalStatus),
    known(say.certainty, resource.verificationStatus),
    ...ageLines(context, say.start, resource, "onset"),
    ...ageLines(context, say.end, resource, "abatement"),
    ...list(resource.stage).flatMap(({ summary }) => named(say.stage, summary)),
  ];
}

function ofProcedure(context: SectionContext, resource: Procedure): readonly Line[] {
  const { locale } = context;
  const say = factStrings(locale);
  const end = str(resource.performedPeriod?.end);
  return [
    own(say.standing, resource.status),
    ...named(say.reason, resource.statusReason),
    ...ageLines(context, say.start, resource, "performed"),
    end === undefined || end === resource.performedPeriod?.start ? undefined : say.end(formatDate(end, locale)),
    ...named(say.purpose, resource.reasonCode),
    ...named(say.complication, resource.complication),
    ...named(say.followUp, resource.followUp),
  ];
}

function ofFamily(context: SectionContext, resource: FamilyMemberHistory): readonly Line[] {
  const say = factStrings(context.locale);
  const death = ageLines(context, say.died, resource, "deceased");
  const date = str(resource.deceasedDate) ?? str(resource.deceasedString);
  return [
    ...list(resource.condition).flatMap((condition) => [
      ...ageLines(context, say.start, condition, "onset"),
      ...named(say.outcome, condition.outcome),
      condition.contributedToDeath === true ? say.causedDeath : undefined,
    ]),
    ...death,
    date && say.died(formatDate(date, context.locale)),
    resource.deceasedBoolean === true ? say.isDead : undefined,
  ];
}

function ofAllergy(context: SectionContext, resource: AllergyIntolerance): readonly Line[] {
  const { locale } = context;
  const say = factStrings(locale);
  const last = str(resource.lastOccurrence);
  return [
    last && say.lastReaction(formatDate(last, locale)),
    ...ageLines(context, say.start, resource, "onset"),
    ...list(resource.reaction).flatMap((reaction) => {
      const substance = conceptText(reaction.substance);
      const isAnother = substance !== undefined && substance !== conceptText(resource.code);
      const manifestations = list(reaction.manifestation).map((one) => conceptText(one));
      const description = str(reaction.description);
      const described = manifestations.length === 0 || manifestations.includes(description) ? undefined : description;
      return [
        isAnother ? say.reactionTo(substance) : undefined,
        described && say.described(described),
        ...named(say.exposure, reaction.exposureRoute),
        ...list(reaction.note).map(({ text }) => str(text)),
      ];
    }),
  ];
}

/** A time that is an age, or lies between two: rows have room for dates and words alone. */
function ageLines(
  { locale }: SectionContext,
  say: (text: string) => string,
  entry: object,
  field: "onset" | "abatement" | "performed" | "deceased",
): readonly Line[] {
  const words = factStrings(locale);
  const holder = entry as Loose;
  const age = length(holder[`${field}Age`] as Quantity | undefined, locale);
  const { low, high } = (holder[`${field}Range`] ?? {}) as Range;
  const between = lengths(length(low, locale), length(high, locale), locale);
  return [age && say(words.atAge(age)), between && say(words.age(between))];
}

function lengths(low: Line, high: Line, locale: string): Line {
  const words = factStrings(locale);
  if (low !== undefined && high !== undefined) return words.range(low, high);
  return low === undefined ? high && words.atMost(high) : words.atLeast(low);
}

function length(quantity: Quantity | undefined, locale: string): Line {
  const value = num(quantity?.value);
  const unit = str(quantity?.code) ?? str(quantity?.unit);
  if (value === undefined) return undefined;
  const number = formatNumber(value, locale);
  return unit === undefined ? number : `${number}\u00a0${formatPeriodUnit(unit, value, locale)}`;
}

function dose(quantity: Quantity | undefined, locale: string): Line {
  const value = num(quantity?.value);
  return value === undefined ? undefined : formatDose(value, str(quantity?.unit) ?? str(quantity?.code), locale);
}

function ofDosages({ locale }: SectionContext, dosages: readonly Dosage[] | undefined): readonly Line[] {
  const say = factStrings(locale);
  return list(dosages).flatMap((dosage) => {
    const { event, repeat } = dosage.timing ?? {};
    const start = str(repeat?.boundsPeriod?.start);
    const count = num(repeat?.count);
    const most = num(repeat?.countMax);
    const dates = list(event).map((date) => formatDate(date, locale, { time: true }));
    const unit = str(repeat?.durationUnit);
    const each = length({ value: repeat?.duration, code: unit } as Quantity, locale);
    const eachMost = length({ value: repeat?.durationMax, code: unit } as Quantity, locale);
    const lasts = each === undefined || eachMost === undefined ? (each ?? eachMost) : say.range(each, eachMost);
    const within = repeat?.boundsRange;
    const during = lengths(length(within?.low, locale), length(within?.high, locale), locale);
    const perDose = dose(dosage.maxDosePerAdministration, locale);
    const perLife = dose(dosage.maxDosePerLifetime, locale);
    const others = list(dosage.doseAndRate).slice(1);
    return [
      most === undefined ? (count === undefined ? undefined : say.count(count)) : say.atMost(say.count(most)),
      // Of one step alone, the row tells the start.
      start === undefined || list(dosages).length < 2 ? undefined : say.start(formatDate(start, locale)),
      dates.length === 0 ? undefined : say.onDates(dates.join(", ")),
      lasts && say.eachLasts(lasts),
      during && say.during(during),
      perDose && say.perDose(perDose),
      perLife && say.perLife(perLife),
      ...named(say.gesture, dosage.method),
      ...others.map(({ doseQuantity, doseRange }) => {
        const one = dose(doseQuantity, locale);
        const several = lengthsOfDose(doseRange, locale);
        return (one ?? several) && say.otherDose((one ?? several) as string);
      }),
    ];
  });
}

const lengthsOfDose = (range: Range | undefined, locale: string): Line =>
  lengths(dose(range?.low, locale), dose(range?.high, locale), locale);
