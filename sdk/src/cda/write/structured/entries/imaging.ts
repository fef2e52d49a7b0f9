import type { ImagingStudy } from "../../../../fhir/index.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { fixedCode, reference, templates, wordsOf, writeConcept } from "../codes.ts";
import type { EntryContext, WrittenFact } from "../context.ts";
import type { Cell } from "../narrative.ts";
import { template, withRemarks, writeNotes, writeTime } from "./shared.ts";

const { fr } = template;
const dicom = "1.2.840.10008.2.16.4";

const bare = (uid: string | undefined) => uid?.replace(/^urn:oid:/, "");

/** A DICOM study referred to (FR-DICOM-Examen-imagerie), with its series and images. Without its UID it is told alone. */
export function writeImagingStudy(study: ImagingStudy, context: EntryContext): WrittenFact {
  const id = context.nextId("imagerie");
  const uid = bare(study.identifier?.find(({ system }) => system === "urn:dicom:uid")?.value);
  const modalities = [...new Set((study.series ?? []).map(({ modality }) => modality.display ?? modality.code ?? ""))];
  const row: Cell[] = [
    { column: "Date", text: study.started ? toFrenchDate(study.started) : "" },
    { column: "Examen d'imagerie", text: study.description ?? uid ?? "Examen d'imagerie", id },
    { column: "Modalité", text: modalities.filter((words) => words !== "").join(", ") },
  ];
  const remarks = withRemarks(study.note, { Motif: (study.reasonCode ?? []).map(wordsOf).join(", ") });
  const notes = writeNotes(remarks, `${id}-commentaire`);
  const series = (study.series ?? []).map((one, index) => ({ one, id: `${id}-serie-${index + 1}` }));
  const told = series.flatMap((each) => (each.one.description ? [{ text: each.one.description, id: each.id }] : []));
  row.push(
    {
      column: "Séries",
      text: told.map(({ text }) => text).join(" ; "),
      parts: told.map((each) => ({ column: "", ...each })),
    },
    notes.cell,
  );
  if (!uid) return { rows: [row] };
  return {
    entry: element(
      "act",
      { classCode: "ACT", moodCode: "EVN" },
      templates("1.2.840.10008.9.16", `${fr}.155`),
      element("id", { root: uid }),
      fixedCode("code", "113014", "Examen", dicom),
      reference(id),
      study.started ? writeTime("effectiveTime", study.started) : undefined,
      series.map((each) => writeSeries(each.one, each.id)),
      notes.entries,
    ),
    rows: [row],
  };
}

function writeSeries(series: NonNullable<ImagingStudy["series"]>[number], id: string): XmlPiece {
  return element(
    "entryRelationship",
    { typeCode: "COMP" },
    element(
      "act",
      { classCode: "ACT", moodCode: "EVN" },
      templates("1.2.840.10008.9.17", `${fr}.156`),
      element("id", { root: bare(series.uid) }),
      element(
        "code",
        { code: "113015", displayName: "Séries", codeSystem: dicom },
        element(
          "qualifier",
          {},
          fixedCode("name", "121139", "Modalité", dicom),
          writeConcept("value", { coding: [series.modality] }),
        ),
      ),
      series.description && reference(id),
      series.started && writeTime("effectiveTime", series.started),
      (series.instance ?? []).map((instance) =>
        element(
          "entryRelationship",
          { typeCode: "COMP" },
          element(
            "observation",
            { classCode: "DGIMG", moodCode: "EVN" },
            templates("1.2.840.10008.9.18", `${fr}.157`),
            element("id", { root: bare(instance.uid) }),
            element("code", { code: bare(instance.sopClass.code) ?? "", codeSystem: "1.2.840.10008.2.6.1" }),
          ),
        ),
      ),
    ),
  );
}
