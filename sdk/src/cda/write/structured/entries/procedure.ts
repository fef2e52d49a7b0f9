import type { Procedure } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element } from "../../xml.ts";
import { reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { template, withRemarks, writeInterval, writeNotes, writeReason, writeTime } from "./shared.ts";

const { ccd, pcc, fr } = template;

/** An act that was done, is under way, or was not done (FR-Acte). */
export function writeProcedure(procedure: Procedure, context: EntryContext): WrittenEntry {
  const id = context.nextId("acte");
  const isNotDone = procedure.status === "not-done";
  const period = procedure.performedPeriod;
  const reason = procedure.reasonCode?.[0];
  const remarks = withRemarks(procedure.note, {
    Complication: (procedure.complication ?? []).map(wordsOf).join(", "),
    Issue: wordsOf(procedure.outcome),
  });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const words = wordsOf(procedure.code);
  const dates = [procedure.performedDateTime ?? period?.start, period?.end].flatMap((date) =>
    date ? [toFrenchDate(date)] : [],
  );
  return {
    entry: element(
      "procedure",
      { classCode: "PROC", moodCode: "EVN", negationInd: isNotDone ? true : undefined },
      templates(`${pcc}.19`, `${ccd}.29`, `${fr}.62`),
      element("id", { root: context.nextUuid() }),
      writeConcept("code", procedure.code, { reference: id }),
      reference(id),
      element("statusCode", { code: statusOf(procedure.status) }),
      period
        ? writeInterval("effectiveTime", period.start, period.end)
        : writeTime("effectiveTime", procedure.performedDateTime),
      (procedure.bodySite ?? []).map((site) => writeConcept("targetSiteCode", site)),
      reason && writeReason(context, reason, `${id}-motif`),
      notes.entries,
    ),
    rows: [
      [
        { column: "Date", text: dates.join(" - ") },
        { column: "Acte", text: words, id, ...(isNotDone ? { before: "Non réalisé : " } : {}) },
        { column: "Localisation", text: (procedure.bodySite ?? []).map(wordsOf).join(", ") },
        { column: "Motif", text: wordsOf(reason), id: `${id}-motif` },
        notes.cell,
      ],
    ],
  };
}

function statusOf(status: Procedure["status"]): string {
  if (status === "in-progress" || status === "preparation" || status === "on-hold") return "active";
  return status === "stopped" ? "aborted" : "completed";
}
