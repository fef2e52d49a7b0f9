import type { Procedure } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element } from "../../xml.ts";
import { reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { writeDevice } from "./device.ts";
import { rangeWords } from "./observation-value.ts";
import { writeEntryAuthor, writePerformer } from "./people.ts";
import {
  ageInWords,
  listed,
  template,
  withRemarks,
  writeInterval,
  writeNotes,
  writeReasons,
  writeTime,
} from "./shared.ts";

const { ccd, pcc, fr } = template;

/** An act that was done, is under way, or was not done (FR-Acte). */
export function writeProcedure(procedure: Procedure, context: EntryContext): WrittenEntry {
  const id = context.nextId("acte");
  const isNotDone = procedure.status === "not-done";
  const period = procedure.performedPeriod;
  // Why an act was not done is the first of its reasons.
  const why = isNotDone && procedure.statusReason ? [procedure.statusReason] : [];
  const reasons = writeReasons(context, [...why, ...(procedure.reasonCode ?? [])], `${id}-motif`);
  const remarks = withRemarks(procedure.note, {
    "Motif d'arrêt": isNotDone ? "" : wordsOf(procedure.statusReason),
    Date:
      procedure.performedString ??
      (procedure.performedRange ? rangeWords(procedure.performedRange) : ageInWords(procedure.performedAge)),
    Lieu: procedure.location?.display,
    Suites: listed(procedure.followUp),
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
      (procedure.performer ?? []).map(({ actor, function: role }) => writePerformer(actor, undefined, context, role)),
      writeEntryAuthor(procedure.recorder ?? procedure.asserter, undefined, context),
      (procedure.usedCode ?? []).map((code) => writeDevice(code)),
      reasons.entries,
      notes.entries,
    ),
    rows: [
      [
        { column: "Date", text: dates.join(" - ") },
        { column: "Acte", text: words, id, ...(isNotDone ? { before: "Non réalisé : " } : {}) },
        { column: "Localisation", text: (procedure.bodySite ?? []).map(wordsOf).join(", ") },
        reasons.cell,
        notes.cell,
      ],
    ],
  };
}

function statusOf(status: Procedure["status"]): string {
  if (status === "in-progress") return "active";
  if (status === "preparation") return "new";
  if (status === "on-hold") return "suspended";
  return status === "stopped" ? "aborted" : "completed";
}
