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
  writeReason,
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
    Quand: wordsOf(request.occurrenceTiming?.code),
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
): { entries: readonly XmlPiece[]; rows: readonly Row[] } {
  const written = recommendation.recommendation.map((one) => writeRecommendation(one, context));
  return { entries: written.map(({ entry }) => entry), rows: written.flatMap(({ rows }) => rows) };
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
  const dateOf = (code: string) =>
    one.dateCriterion?.find((criterion) => criterion.code.coding?.some((coding) => coding.code === code))?.value;
  const start = dateOf("30981-5") ?? dateOf("30980-7") ?? one.dateCriterion?.[0]?.value;
  const end = dateOf("59777-3");
  const vaccine = one.vaccineCode?.[0] ?? one.targetDisease;
  const isContraindicated = one.forecastStatus.coding?.some((coding) => coding.code === "contraindicated") === true;
  const noteId = one.description ? `${id}-commentaire` : undefined;
  const reason = one.forecastReason?.[0];
  const rank = one.doseNumberPositiveInt;
  const dates = [start, end].flatMap((date) => (date ? [toFrenchDate(date)] : []));
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
      rank === undefined ? undefined : writeRank(rank),
      reason && writeReason(context, reason, `${id}-motif`),
      noteId && writeComment(noteId),
    ),
    rows: [
      [
        { column: "À faire", text: dates.join(" - ") },
        {
          column: "Vaccin recommandé",
          text: wordsOf(vaccine),
          id,
          ...(isContraindicated ? { before: "Contre-indiqué : " } : {}),
        },
        { column: "Maladies visées", text: one.vaccineCode?.length ? wordsOf(one.targetDisease) : "" },
        { column: "Rang", text: rank === undefined ? "" : String(rank) },
        { column: "Motif", text: wordsOf(reason), id: `${id}-motif` },
        { column: "Commentaire", text: one.description ?? "", ...(noteId ? { id: noteId } : {}) },
      ],
    ],
  };
}

/** A goal agreed with the patient (observation of mood GOL). */
export function writeGoal(goal: Goal, context: EntryContext): WrittenEntry {
  const id = context.nextId("objectif");
  const target = goal.target?.[0];
  const value = target && writeTarget(target, id);
  const remarks = withRemarks(goal.note, {
    Statut: goal.lifecycleStatus === "completed" ? "atteint" : "",
    "Autre cible": (goal.target ?? []).slice(1).map(targetWords).filter(Boolean).join(", "),
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
        { column: "Cible", text: targetWords(target) },
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
