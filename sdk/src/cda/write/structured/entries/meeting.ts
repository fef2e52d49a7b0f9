import type { Appointment, Encounter, Reference } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { toldOf } from "../told/told.ts";
import { writePerformers } from "./people.ts";
import { template, writeComment, writeInterval, writeNotes, writeReasons } from "./shared.ts";

const { ccd, pcc, fr } = template;

/** A meeting that took place (FR-Rencontre). */
export function writeEncounterFact(encounter: Encounter, context: EntryContext, path: string): WrittenEntry {
  const id = context.nextId("rencontre");
  const type = encounter.type?.[0] ?? { coding: [encounter.class], text: encounter.class.display ?? "Rencontre" };
  const { start, end } = encounter.period ?? {};
  const reasons = writeReasons(context, encounter.reasonCode, `${id}-motif`);
  const dates = [start, end].flatMap((date) => (date ? [toFrenchDate(date)] : []));
  const isCancelled = encounter.status === "cancelled";
  const notes = writeNotes(
    toldOf(encounter, context, path).map((text) => ({ text })),
    `${id}-commentaire`,
  );
  return {
    entry: element(
      "encounter",
      { classCode: "ENC", moodCode: encounter.status === "planned" ? "INT" : "EVN" },
      templates(`${ccd}.21`, `${pcc}.14`, `${fr}.58`),
      element("id", { root: context.nextUuid() }),
      writeConcept("code", type, { reference: id }),
      reference(id),
      // The schema knows no negation of a meeting.
      statuses[encounter.status] ? element("statusCode", { code: statuses[encounter.status] }) : undefined,
      writeInterval("effectiveTime", start, end),
      encounter.priority && writeConcept("priorityCode", encounter.priority),
      writePerformers(
        [...(encounter.participant ?? []).map(({ individual }) => individual), encounter.serviceProvider],
        context,
      ),
      (encounter.location ?? []).map(({ location }) => writeLocation(location, context)),
      reasons.entries,
      notes.entries,
    ),
    rows: [
      [
        { column: "Date", text: dates.join(" - ") },
        { column: "Rencontre", text: wordsOf(type), id, ...(isCancelled ? { before: "N'a pas eu lieu : " } : {}) },
        { column: "Lieu", text: (encounter.location ?? []).map(({ location }) => location.display ?? "").join(", ") },
        reasons.cell,
        notes.cell,
      ],
    ],
  };
}

const statuses: Readonly<Record<string, string>> = {
  cancelled: "cancelled",
  arrived: "active",
  triaged: "active",
  "in-progress": "active",
  onleave: "suspended",
};

/** Where it took place. */
function writeLocation(place: Reference, context: EntryContext): XmlPiece | undefined {
  const found = context.resolve(place);
  const name = (found?.resourceType === "Location" ? found.name : undefined) ?? place.display;
  if (!name) return undefined;
  return element(
    "participant",
    { typeCode: "LOC" },
    element(
      "participantRole",
      { classCode: "SDLOC" },
      element("playingEntity", { classCode: "PLC" }, element("name", {}, name)),
    ),
  );
}

/** A meeting to come or to arrange (FR-Rencontre with a mood of request). */
export function writeAppointment(appointment: Appointment, context: EntryContext): WrittenEntry {
  const id = context.nextId("rendez-vous");
  const type = appointment.serviceType?.[0] ?? { text: appointment.description ?? "Rendez-vous" };
  const start = appointment.start ?? appointment.requestedPeriod?.[0]?.start;
  const end = appointment.end ?? appointment.requestedPeriod?.[0]?.end;
  const reasons = writeReasons(context, appointment.reasonCode, `${id}-motif`);
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
      writePerformers(
        (appointment.participant ?? []).flatMap(({ actor }) =>
          actor && context.resolve(actor)?.resourceType !== "Patient" ? [actor] : [],
        ),
        context,
      ),
      reasons.entries,
      commentId && writeComment(commentId),
    ),
    rows: [
      [
        { column: "Date", text: dates.join(" - ") },
        { column: "Rendez-vous", text: wordsOf(type), id, ...(isCancelled ? { before: "Annulé : " } : {}) },
        { column: "Objet", text: appointment.serviceType?.length ? (appointment.description ?? "") : "" },
        reasons.cell,
        { column: "Commentaire", text: appointment.comment ?? "", ...(commentId ? { id: commentId } : {}) },
      ],
    ],
  };
}
