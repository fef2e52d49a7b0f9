import type { CodeableConcept, DeviceUseStatement } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element } from "../../xml.ts";
import { reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenEntry } from "../context.ts";
import { notesText, template, writeComment, writeInterval } from "./shared.ts";

/** A device that the patient bears or uses (FR-Dispositif-medical). */
export function writeDeviceUse(use: DeviceUseStatement, context: EntryContext): WrittenEntry {
  const id = context.nextId("dispositif");
  const device = context.resolve(use.device, use);
  const name = device?.resourceType === "Device" ? device.deviceName?.[0]?.name : undefined;
  const type: CodeableConcept | undefined =
    device?.resourceType === "Device"
      ? { ...device.type, text: name ?? wordsOf(device.type) }
      : use.device.display
        ? { text: use.device.display }
        : undefined;
  const start = use.timingPeriod?.start ?? use.timingDateTime;
  const end = use.timingPeriod?.end;
  const note = notesText(use.note);
  const noteId = note ? `${id}-commentaire` : undefined;
  return {
    entry: element(
      "supply",
      { classCode: "SPLY", moodCode: "EVN" },
      templates(`${template.ccd}.34`, `${template.fr}.20`),
      element("id", { root: context.nextUuid() }),
      reference(id),
      writeInterval("effectiveTime", start, end, "IVL_TS"),
      element(
        "participant",
        { typeCode: "DEV" },
        element(
          "participantRole",
          { classCode: "MANU" },
          element("id", { nullFlavor: "UNK" }),
          element(
            "playingDevice",
            { classCode: "DEV", determinerCode: "INSTANCE" },
            writeConcept("code", type, { reference: id }),
          ),
        ),
      ),
      noteId && writeComment(noteId),
    ),
    rows: [
      [
        { column: "Début", text: start ? toFrenchDate(start) : "" },
        { column: "Fin", text: end ? toFrenchDate(end) : "" },
        { column: "Dispositif", text: wordsOf(type), id },
        { column: "Commentaire", text: note, ...(noteId ? { id: noteId } : {}) },
      ],
    ],
  };
}
