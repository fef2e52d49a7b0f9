import type { Goal, ImmunizationRecommendation, Quantity, ServiceRequest } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import {
  actCodeOid,
  frenchQuantity,
  quantityAttributes,
  reference,
  templates,
  wordsOf,
  writeConcept,
} from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import type { Row } from "../narrative.ts";
import { codeWords } from "../told/labels.ts";
import { lines, toldOf } from "../told/told.ts";
import { timingInWords } from "../told/value-words.ts";
import { writeRank } from "./immunization.ts";
import { writeValue } from "./observation-value.ts";
import { writeEntryAuthor, writePerformers } from "./people.ts";
import { writeProduct } from "./product.ts";
import {
  listed,
  template,
  withRemarks,
  writeComment,
  writeInterval,
  writeNotes,
  writeReasons,
  writeTime,
} from "./shared.ts";

const { ccd, pcc, fr } = template;

const priorities = {
  routine: { code: "R", displayName: "Normal" },
  urgent: { code: "UR", displayName: "Urgent" },
  asap: { code: "A", displayName: "Dès que possible" },
  stat: { code: "S", displayName: "Immédiat" },
} as const;

/** An act or examination asked for (FR-Acte with a mood of request). */
export function writeServiceRequest(request: ServiceRequest, context: EntryContext): WrittenEntry {
  const id = context.nextId("demande");
  const condition = request.asNeededBoolean ? "si besoin" : wordsOf(request.asNeededCodeableConcept);
  const remarks = withRemarks(request.note, {
    Statut: requestStatuses[request.status],
    Précision: listed(request.orderDetail),
    Quand: request.occurrenceTiming && timingInWords(request.occurrenceTiming),
    Condition: condition,
    "Au patient": request.patientInstruction,
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const reasons = writeReasons(context, request.reasonCode, `${id}-motif`);
  const period = request.occurrencePeriod;
  const when = request.occurrenceDateTime;
  const priority = request.priority && priorities[request.priority];
  const words = wordsOf(request.code);
  const dates = [when ?? period?.start, period?.end].flatMap((date) => (date ? [toFrenchDate(date)] : []));
  return {
    entry: element(
      "procedure",
      { classCode: "PROC", moodCode: moodOf(request.intent), negationInd: request.doNotPerform ? true : undefined },
      templates(`${ccd}.25`, `${pcc}.19`, `${fr}.62`),
      element("id", { root: context.nextUuid() }),
      writeConcept("code", request.code, { reference: id }),
      reference(id),
      element("statusCode", {
        code: request.status === "revoked" ? "aborted" : request.status === "on-hold" ? "suspended" : "active",
      }),
      period ? writeInterval("effectiveTime", period.start, period.end) : writeTime("effectiveTime", when),
      priority && element("priorityCode", { ...priority, codeSystem: "2.16.840.1.113883.5.7" }),
      (request.bodySite ?? []).map((site) => writeConcept("targetSiteCode", site)),
      writePerformers(request.performer ?? [], context),
      writeEntryAuthor(request.requester, request.authoredOn, context),
      reasons.entries,
      notes.entries,
    ),
    rows: [
      [
        { column: "Date prévue", text: dates.join(" - ") },
        {
          column: "Acte ou examen demandé",
          text: words,
          id,
          ...(request.doNotPerform ? { before: "À ne pas faire : " } : {}),
        },
        { column: "Priorité", text: priority?.displayName ?? "" },
        reasons.cell,
        notes.cell,
      ],
    ],
  };
}

const requestStatuses: Readonly<Record<string, string>> = {
  completed: "réalisé",
  draft: "brouillon",
  unknown: "inconnu",
};

function moodOf(intent: ServiceRequest["intent"]): string {
  if (intent === "proposal") return "PRP";
  return intent === "plan" || intent === "directive" ? "INT" : "RQO";
}

/** Vaccines to come (FR-Vaccin-recommande), one entry each. */
export function writeRecommendations(
  recommendation: ImmunizationRecommendation,
  context: EntryContext,
  path: string,
): { entries: readonly XmlPiece[]; rows: readonly Row[] } {
  const { date, recommendation: all, ...around } = recommendation;
  const isOther = date && date.slice(0, 10).replaceAll("-", "") !== context.header.effectiveTime.slice(0, 8);
  const given = isOther ? [`Recommandé le : ${toFrenchDate(date)}`] : [];
  const common = toldOf({ ...around, date, recommendation: [] }, context, path);
  const written = all.map((one, index) => {
    // Each is told alone, in its place.
    const alone = all.map((each) => (each === one ? each : { forecastStatus: {} }));
    const { resourceType, patient } = recommendation;
    const own = toldOf({ resourceType, patient, date, recommendation: alone }, context, path);
    const told = [...(index === 0 ? [...given, ...common] : []), ...aboutOf(one), ...own];
    return writeRecommendation(told.length > 0 ? { ...one, description: lines(one.description, told) } : one, context);
  });
  return { entries: written.map(({ entry }) => entry), rows: written.flatMap(({ rows }) => rows) };
}

const dates: Readonly<Record<string, string>> = {
  "30981-5": "Au plus tôt",
  "30980-7": "Date recommandée",
  "59777-3": "Au plus tard",
  "59778-1": "En retard après",
};

/** Dates that the interval does not hold, a state other than due, and the illness beside a vaccine. */
function aboutOf(one: ImmunizationRecommendation["recommendation"][number]): readonly string[] {
  const { start, end } = intervalOf(one);
  const others = (one.dateCriterion ?? []).flatMap((criterion) => {
    if (criterion === start || criterion === end) return [];
    const code = criterion.code.coding?.find((coding) => coding.code)?.code ?? "";
    return [`${dates[code] ?? (wordsOf(criterion.code) || "Date")} : ${toFrenchDate(criterion.value)}`];
  });
  const state = one.forecastStatus.coding?.find((coding) => coding.code)?.code;
  const words = /^(due|contraindicated)$/.test(state ?? "") ? "" : stateInWords(one, state);
  const disease = one.vaccineCode?.length ? wordsOf(one.targetDisease) : "";
  return [...others, ...(words ? [`Statut : ${words}`] : []), ...(disease ? [`Maladie visée : ${disease}`] : [])];
}

function stateInWords(one: ImmunizationRecommendation["recommendation"][number], state: string | undefined): string {
  if (state) return codeWords[state] ?? wordsOf(one.forecastStatus);
  return stateOf(one) === "active" ? wordsOf(one.forecastStatus) : "";
}

/** The dates that the interval of the entry holds. */
function intervalOf({ dateCriterion = [] }: ImmunizationRecommendation["recommendation"][number]) {
  const dateOf = (code: string) =>
    dateCriterion.find((criterion) => criterion.code.coding?.some((coding) => coding.code === code));
  const end = dateOf("59777-3");
  const start = dateOf("30981-5") ?? dateOf("30980-7") ?? dateCriterion.find((criterion) => criterion !== end);
  return { start, end };
}

/** A recommendation called off or held says so in words alone. */
function stateOf({ forecastStatus }: ImmunizationRecommendation["recommendation"][number]): string {
  const words = forecastStatus.coding?.length ? "" : (forecastStatus.text ?? "");
  return /^annul/i.test(words) ? "cancelled" : /^suspend/i.test(words) ? "suspended" : "active";
}

function writeRecommendation(
  one: ImmunizationRecommendation["recommendation"][number],
  context: EntryContext,
): WrittenEntry {
  const id = context.nextId("vaccin-recommande");
  const interval = intervalOf(one);
  const [start, end] = [interval.start?.value, interval.end?.value];
  const vaccine = one.vaccineCode?.[0] ?? one.targetDisease;
  const isContraindicated = one.forecastStatus.coding?.some((coding) => coding.code === "contraindicated") === true;
  const noteId = one.description ? `${id}-commentaire` : undefined;
  const reasons = writeReasons(context, one.forecastReason, `${id}-motif`);
  const rank = one.doseNumberPositiveInt;
  const rankId = rank === undefined && one.doseNumberString ? `${id}-rang` : undefined;
  const days = [start, end].flatMap((date) => (date ? [toFrenchDate(date)] : []));
  return {
    entry: element(
      "substanceAdministration",
      { classCode: "SBADM", moodCode: "INT", negationInd: isContraindicated ? true : undefined },
      templates(`${ccd}.24`, `${pcc}.12.2`, `${fr}.47`),
      element("id", { root: context.nextUuid() }),
      element("code", { code: "IMMUNIZ", codeSystem: actCodeOid, codeSystemName: "HL7:ActCode" }),
      reference(id),
      element("statusCode", { code: stateOf(one) }),
      writeInterval("effectiveTime", start, end, "IVL_TS"),
      writeProduct(vaccine, id),
      rank === undefined && rankId === undefined ? undefined : writeRank(rank, rankId),
      reasons.entries,
      noteId && writeComment(noteId),
    ),
    rows: [
      [
        { column: "À faire", text: days.join(" - ") },
        {
          column: "Vaccin recommandé",
          text: wordsOf(vaccine),
          id,
          ...(isContraindicated ? { before: "Contre-indiqué : " } : {}),
        },
        {
          column: "Rang",
          text: rank === undefined ? (one.doseNumberString ?? "") : String(rank),
          ...(rankId ? { id: rankId } : {}),
        },
        reasons.cell,
        { column: "Commentaire", text: one.description ?? "", ...(noteId ? { id: noteId } : {}) },
      ],
    ],
  };
}

/** A goal agreed with the patient (observation of mood GOL). */
export function writeGoal(goal: Goal, context: EntryContext): WrittenEntry {
  const id = context.nextId("objectif");
  const target = goal.target?.[0];
  const targetId = `${id}-cible`;
  const value = target && writeTarget(target, targetId);
  const remarks = withRemarks(goal.note, {
    Statut: goal.lifecycleStatus === "completed" ? "atteint" : "",
    "Autre cible": (goal.target ?? []).slice(1).map(targetInWords).filter(Boolean).join(", "),
    Mesure: otherMeasures(goal),
    Début: goal.startDate ? toFrenchDate(goal.startDate) : wordsOf(goal.startCodeableConcept),
    Priorité: wordsOf(goal.priority),
    Avancement: wordsOf(goal.achievementStatus),
    "Exprimé par": goal.expressedBy?.display,
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  return {
    entry: element(
      "observation",
      { classCode: "OBS", moodCode: "GOL", negationInd: goal.lifecycleStatus === "rejected" ? true : undefined },
      templates(`${pcc}.13`, `${fr}.48`),
      element("id", { root: context.nextUuid() }),
      writeConcept("code", goal.description, { reference: id }),
      reference(id),
      element("statusCode", { code: goalStatuses[goal.lifecycleStatus] ?? "completed" }),
      writeTime("effectiveTime", target?.dueDate),
      value,
      notes.entries,
    ),
    rows: [
      [
        { column: "Objectif", text: wordsOf(goal.description), id },
        { column: "Cible", text: targetWords(target), id: targetId },
        { column: "Échéance", text: target?.dueDate ? toFrenchDate(target.dueDate) : "" },
        notes.cell,
      ],
    ],
  };
}

const goalStatuses: Readonly<Record<string, string>> = { cancelled: "cancelled", "on-hold": "suspended" };

type Target = NonNullable<Goal["target"]>[number];

function writeTarget(target: Target, id: string): XmlPiece | undefined {
  const bound = (name: string, quantity: Quantity | undefined) => {
    const attributes = quantity && quantityAttributes(quantity);
    return attributes && element(name, attributes);
  };
  // "At most 7 %": an interval with one bound, as of any other value.
  if (target.detailQuantity) return writeValue({ valueQuantity: target.detailQuantity }, id);
  if (target.detailRange)
    return element(
      "value",
      { "xsi:type": "IVL_PQ" },
      bound("low", target.detailRange.low),
      bound("high", target.detailRange.high),
    );
  if (target.detailCodeableConcept)
    return writeConcept("value", target.detailCodeableConcept, { type: "CD", reference: id });
  if (target.detailString !== undefined) return element("value", { "xsi:type": "ST" }, target.detailString);
  if (target.detailBoolean !== undefined) return element("value", { "xsi:type": "BL", value: target.detailBoolean });
  return target.detailInteger === undefined
    ? undefined
    : element("value", { "xsi:type": "INT", value: target.detailInteger });
}

/** What is measured, where it is not what the goal itself names. */
function otherMeasures({ target, description }: Goal): string {
  const words = (target ?? []).map(({ measure }) => wordsOf(measure));
  return [...new Set(words)].filter((each) => each !== "" && each !== wordsOf(description)).join(", ");
}

function targetInWords(target: Target): string {
  const due = target.dueDate ? `avant le ${toFrenchDate(target.dueDate)}` : "";
  return [targetWords(target), due].filter(Boolean).join(" ");
}

function targetWords(target: Target | undefined): string {
  if (!target) return "";
  if (target.detailQuantity) return frenchQuantity(target.detailQuantity);
  if (target.detailRange)
    return [frenchQuantity(target.detailRange.low), frenchQuantity(target.detailRange.high)]
      .filter((part) => part !== "")
      .join(" - ");
  if (target.detailCodeableConcept) return wordsOf(target.detailCodeableConcept);
  if (target.detailBoolean !== undefined) return target.detailBoolean ? "Oui" : "Non";
  return target.detailString ?? (target.detailInteger === undefined ? "" : String(target.detailInteger));
}
