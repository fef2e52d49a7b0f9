import type {
  AdverseEvent,
  Appointment,
  CodeableConcept,
  Consent,
  DetectedIssue,
  FhirResource,
  Goal,
  Immunization,
  ImmunizationRecommendation,
  MedicationAdministration,
  Period,
} from "@carnet/sdk/fhir";
import { conceptText, hasCode } from "../facts/concept.ts";
import { formatDate } from "../shared/format-date.ts";
import { formatDose, formatMeasure } from "../shared/format-number.ts";
import { list, num, str } from "../shared/guards.ts";
import type { SectionContext } from "./context.ts";
import { entryStrings } from "./further-entry-strings.ts";

type Line = string | undefined;

/**
 * What entries whose rows hold a title and a date say beside them: that they are refused or over, when they are for, why, how,
 * and what is remarked.
 */
export function entryDetails(context: SectionContext, resource: FhirResource): readonly Line[] {
  const { locale } = context;
  const say = entryStrings(locale);
  switch (resource.resourceType) {
    case "Immunization":
      return [...ofImmunization(context, resource), ...notesOf(resource)];
    case "ServiceRequest":
      return [
        standing(context, resource.status, resource.doNotPerform),
        urgency(context, resource.priority),
        when(context, resource.occurrencePeriod),
        ...named(say.precisely, resource.orderDetail),
        ...named(say.reason, resource.reasonCode),
        ...named(say.site, resource.bodySite),
        ...notesOf(resource),
      ];
    case "DeviceRequest":
      return [
        standing(context, resource.status),
        when(context, resource.occurrencePeriod),
        ...named(say.reason, resource.reasonCode),
        ...notesOf(resource),
      ];
    case "DeviceUseStatement":
      return [
        resource.status === "completed" ? say.removed : standing(context, resource.status),
        when(context, resource.timingPeriod),
        ...named(say.site, resource.bodySite ? [resource.bodySite] : []),
        ...named(say.reason, resource.reasonCode),
        ...notesOf(resource),
      ];
    case "Appointment":
      return [
        standing(context, resource.status),
        when(context, list(resource.requestedPeriod)[0] ?? periodOfAppointment(resource)),
        ...named(say.reason, resource.reasonCode),
        str(resource.comment),
      ];
    case "Goal":
      return [standing(context, resource.lifecycleStatus), ...ofTargets(context, resource), ...notesOf(resource)];
    case "Consent":
      return [
        standing(context, resource.status),
        decision(context, resource),
        when(context, resource.provision?.period),
        str(resource.policyRule?.text),
      ];
    case "ImmunizationRecommendation":
      return ofRecommendation(context, resource);
    case "DetectedIssue":
      return [ruleOf(context, resource)];
    case "AdverseEvent":
      return ofAdverseEvent(context, resource);
    case "MedicationAdministration":
      return [
        resource.status === "completed" ? undefined : standing(context, resource.status),
        ...ofAdministration(context, resource),
        ...notesOf(resource),
      ];
    case "Flag":
      return [standing(context, resource.status), ...notesOf(resource)];
    case "CarePlan":
      return [standing(context, resource.status), ...notesOf(resource)];
    case "Device":
      return [resource.status === "inactive" ? say.removed : undefined];
    case "DocumentReference":
      return [standing(context, resource.status)];
    case "ImagingStudy":
      return notesOf(resource);
    default:
      return [];
  }
}

function notesOf(resource: { note?: readonly { text?: string }[] } | object): readonly Line[] {
  return list((resource as { note?: readonly { text?: string }[] }).note).map(({ text }) => str(text));
}

function named(label: (text: string) => string, concepts: readonly CodeableConcept[] | undefined): readonly Line[] {
  const words = list(concepts).flatMap((one) => conceptText(one) ?? []);
  return words.length === 0 ? [] : [label([...new Set(words)].join(", "))];
}

/** What became of it, where that changes what it means. */
function standing({ locale }: SectionContext, status: string | undefined, doNotPerform?: boolean): Line {
  const { standing: words } = entryStrings(locale);
  if (doNotPerform === true) return words.doNotPerform;
  return status !== undefined && Object.hasOwn(words, status) ? words[status as keyof typeof words] : undefined;
}

function decision({ locale }: SectionContext, { provision }: Consent): Line {
  const say = entryStrings(locale);
  return provision?.type === "deny" ? say.refused : provision?.type === "permit" ? say.accepted : undefined;
}

function urgency({ locale }: SectionContext, priority: string | undefined): Line {
  const { priorities } = entryStrings(locale);
  return priority !== undefined && Object.hasOwn(priorities, priority)
    ? priorities[priority as keyof typeof priorities]
    : undefined;
}

function when({ locale }: SectionContext, period: Period | undefined): Line {
  const say = entryStrings(locale);
  const start = str(period?.start);
  const end = str(period?.end);
  return str(
    [start && say.from(formatDate(start, locale)), end && say.until(formatDate(end, locale))]
      .filter(Boolean)
      .join(", "),
  );
}

function periodOfAppointment({ start, end }: Appointment): Period | undefined {
  return start === undefined && end === undefined
    ? undefined
    : { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
}

function ofTargets({ locale }: SectionContext, { target }: Goal): readonly Line[] {
  const say = entryStrings(locale);
  return list(target).flatMap(({ detailQuantity, detailRange, detailCodeableConcept, detailString, dueDate }) => {
    const measure = (quantity: typeof detailQuantity): Line => {
      const value = num(quantity?.value);
      return value === undefined
        ? undefined
        : formatMeasure(value, str(quantity?.unit) ?? str(quantity?.code), locale, str(quantity?.comparator));
    };
    const [low, high] = [measure(detailRange?.low), measure(detailRange?.high)];
    const aim =
      measure(detailQuantity) ??
      (low !== undefined && high !== undefined
        ? `${low} – ${high}`
        : low !== undefined
          ? say.atLeast(low)
          : high === undefined
            ? undefined
            : say.atMost(high)) ??
      conceptText(detailCodeableConcept) ??
      str(detailString);
    return [aim && say.target(aim), dueDate && say.until(formatDate(dueDate, locale))];
  });
}

function ofImmunization(context: SectionContext, resource: Immunization): readonly Line[] {
  const say = entryStrings(context.locale);
  const amount = num(resource.doseQuantity?.value);
  const unit = str(resource.doseQuantity?.unit) ?? str(resource.doseQuantity?.code);
  const observed = list(resource.contained).flatMap((one) =>
    one.resourceType === "Observation" ? (conceptText(one.valueCodeableConcept) ?? []) : [],
  );
  return [
    amount === undefined ? undefined : say.quantity(formatDose(amount, unit, context.locale)),
    ...named(say.route, resource.route ? [resource.route] : []),
    ...named(say.site, resource.site ? [resource.site] : []),
    ...named(say.reason, resource.reasonCode),
    observed.length === 0 ? undefined : say.reaction(observed.join(", ")),
  ];
}

function ofRecommendation(context: SectionContext, resource: ImmunizationRecommendation): readonly Line[] {
  const { locale } = context;
  const say = entryStrings(locale);
  // Of a vaccination that the schedule finds due, the row tells all but the schedule.
  if (isGap(resource)) return [ruleOf(context, resource)];
  return list(resource.recommendation).flatMap((one) => {
    const dates = list(one.dateCriterion).map(({ code, value }) => {
      const day = formatDate(value, locale);
      return hasCode(code, "30981-5") ? say.from(day) : hasCode(code, "59777-3") ? say.until(day) : day;
    });
    const state = hasCode(one.forecastStatus, "contraindicated") ? say.contraindicated : str(one.forecastStatus?.text);
    const rank = num(one.doseNumberPositiveInt);
    return [
      state,
      ...dates,
      rank === undefined ? undefined : say.rank(rank),
      ...named(say.reason, one.forecastReason),
      ...(str(one.description)?.split("\n") ?? []),
    ];
  });
}

type Ruled = DetectedIssue | ImmunizationRecommendation;
const carnet = "https://carnet.example/fhir/StructureDefinition/";

const isGap = ({ extension }: Ruled) => list(extension).some(({ url }) => url === `${carnet}closes`);

/** Title, publisher and date of the rule or schedule that finds a follow-up missing. */
function ruleOf({ locale }: SectionContext, resource: Ruled): Line {
  if (!isGap(resource)) return undefined;
  const parts = list(list(resource.extension).find(({ url }) => url === `${carnet}reference-data`)?.extension);
  const [title, publisher, date] = ["title", "publisher", "date"].map((name) => {
    const part = parts.find(({ url }) => url === name);
    return str(part?.valueString) ?? str(part?.valueDate);
  });
  const from = [publisher, date && formatDate(date, locale)].filter((word) => word !== undefined && word !== "");
  if (title === undefined) return undefined;
  return entryStrings(locale).byRule(from.length === 0 ? title : `${title} (${from.join(", ")})`);
}

function ofAdverseEvent({ locale }: SectionContext, resource: AdverseEvent): readonly Line[] {
  const say = entryStrings(locale);
  const suspects = list(resource.suspectEntity).flatMap(({ instance, causality }) => {
    const name = str(instance?.display);
    const how = list(causality).flatMap(({ assessment }) => conceptText(assessment) ?? []);
    return name === undefined ? [] : [how.length === 0 ? name : `${name} (${how.join(", ")})`];
  });
  return [
    suspects.length === 0 ? undefined : say.suspect(suspects.join(", ")),
    ...named(say.seriousness, resource.seriousness ? [resource.seriousness] : []),
  ];
}

function ofAdministration({ locale }: SectionContext, { dosage }: MedicationAdministration): readonly Line[] {
  const say = entryStrings(locale);
  const amount = num(dosage?.dose?.value);
  const unit = str(dosage?.dose?.unit) ?? str(dosage?.dose?.code);
  return [
    amount === undefined ? undefined : say.quantity(formatDose(amount, unit, locale)),
    ...named(say.route, dosage?.route ? [dosage.route] : []),
    str(dosage?.text),
  ];
}
