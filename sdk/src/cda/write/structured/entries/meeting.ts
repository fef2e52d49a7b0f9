import type { Appointment, Encounter } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element } from "../../xml.ts";
import { reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { template, writeComment, writeInterval, writeReason } from "./shared.ts";

const { ccd, pcc, fr } = template;

/** A meeting that took place (FR-Rencontre). */
export function writeEncounterFact(encounter: Encounter, context: EntryContext): WrittenEntry {
  const id = context.nextId("rencontre");
  const type = encounter.type?.[0] ?? { coding: [encounter.class], text: encounter.class.display ?? "Rencontre" };
  const { start, end } = encounter.period ?? {};
  const reason = encounter.reasonCode?.[0];
  const dates = [start, end].flatMap((date) => (date ? [toFrenchDate(date)] : []));
  const isCancelled = encounter.status === "cancelled";
  return {
    entry: element(
      "encounter",
      { classCode: "ENC", moodCode: "EVN" },
      templates(`${ccd}.21`, `${pcc}.14`, `${fr}.58`),
      element("id", { root: context.nextUuid() }),
      writeConcept("code", type, { reference: id }),
      reference(id),
      // The schema knows no negation of a meeting.
      isCancelled ? element("statusCode", { code: "cancelled" }) : undefined,
      writeInterval("effectiveTime", start, end),
      reason && writeReason(context, reason, `${id}-motif`),
    ),
    rows: [
      [
        { column: "Date", text: dates.join(" - ") },
        { column: "Rencontre", text: wordsOf(type), id, ...(isCancelled ? { before: "N'a pas eu lieu : " } : {}) },
        { column: "Motif", text: wordsOf(reason), id: `${id}-motif` },
      ],
    ],
  };
}

/** A meeting to come or to arrange (FR-Rencontre with a mood of request). */
export function writeAppointment(appointment: Appointment, context: EntryContext): WrittenEntry {
  const id = context.nextId("rendez-vous");
  const type = appointment.serviceType?.[0] ?? { text: appointment.description ?? "Rendez-vous" };
  const start = appointment.start ?? appointment.requestedPeriod?.[0]?.start;
  const end = appointment.end ?? appointment.requestedPeriod?.[0]?.end;
  const reason = appointment.reasonCode?.[0];
  const isCancelled = appointment.status === "cancelled";
  const commentId = appointment.comment ? `${id}-commentaire` : undefined;
  const dates = [start, end].flatMap((date) => (date ? [toFrenchDate(date)] : []));
  return {
    entry: element(
      "encounter",
      {
        classCode: "ENC",
        moodCode: appointment.status === "booked" ? "APT" : "ARQ",
      },
      templates(`${ccd}.21`, `${ccd}.25`, `${pcc}.14`, `${fr}.58`),
      element("id", { root: context.nextUuid() }),
      writeConcept("code", type, { reference: id }),
      reference(id),
      isCancelled ? element("statusCode", { code: "cancelled" }) : undefined,
      writeInterval("effectiveTime", start, end),
      reason && writeReason(context, reason, `${id}-motif`),
      commentId && writeComment(commentId),
    ),
    rows: [
      [
        { column: "Date", text: dates.join(" - ") },
        { column: "Rendez-vous", text: wordsOf(type), id, ...(isCancelled ? { before: "Annulé : " } : {}) },
        { column: "Objet", text: appointment.serviceType?.length ? (appointment.description ?? "") : "" },
        { column: "Motif", text: wordsOf(reason), id: `${id}-motif` },
        { column: "Commentaire", text: appointment.comment ?? "", ...(commentId ? { id: commentId } : {}) },
      ],
    ],
  };
}
