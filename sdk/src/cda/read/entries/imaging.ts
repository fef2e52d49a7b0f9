import type { ImagingStudy, MedicationAdministration, Reference } from "../../../fhir/index.ts";
import { performersOf } from "../actors.ts";
import { absentExtension, codings, qualifierCodings } from "../concept.ts";
import { type Conversion, narrativeExtensions, notes, type Place } from "../conversion.ts";
import { filled } from "../filled.ts";
import { fr, isNegated, related, statusOf } from "../statements.ts";
import { recordedTime } from "../times.ts";
import { interval } from "../values.ts";
import { attribute, child, hasTemplate, type XmlElement } from "../xml.ts";
import { product } from "./products.ts";

/** CI-SIS, C-CDA and DICOM PS3.20 each have their own. */
const studyTemplates = [fr("155"), "2.16.840.1.113883.10.20.6.2.6", "1.2.840.10008.9.16"];
const contrastTemplates = [fr("151"), fr("173"), "1.2.840.10008.9.13"];
/** How an examination was done: what is given there is given for it. */
const techniqueSections = new Set(["55111-9", "73569-6"]);
const isRadioactive = (statement: XmlElement, { sectionCode }: Place) =>
  hasTemplate(statement, fr("173")) || sectionCode === "73569-6";

/** A DICOM study: by its template, else by its code (DCM 113014). */
export const isStudy = (act: XmlElement) =>
  hasTemplate(act, ...studyTemplates) || attribute(child(act, "code"), "code") === "113014";

/** Something given for an examination: by its template, else by the section it stands in. */
export const isContrast = (statement: XmlElement, place: Place) =>
  hasTemplate(statement, ...contrastTemplates) || techniqueSections.has(place.sectionCode);

const uid = (statement: XmlElement) =>
  attribute(child(statement, "id"), "root") ?? attribute(child(statement, "id"), "extension");

/** A DICOM study referred to: its series and images by their UIDs. Addresses of image servers are not kept. */
export function imagingStudy(conversion: Conversion, act: XmlElement, place: Place): Reference[] {
  const studyUid = uid(act);
  if (!studyUid) return [];
  const started = recordedTime(child(act, "effectiveTime")) ?? place.groupTime;
  const series = related(act)
    .filter((each) => each.statement.name === "act")
    .flatMap(({ statement }) => {
      const seriesUid = uid(statement);
      if (!seriesUid) return [];
      const modality = qualifierCodings(child(statement, "code"))[0] ?? { extension: [absentExtension("unknown")] };
      const words = conversion.reader.textOf(child(statement, "text"));
      const instance = related(statement)
        .filter((each) => each.statement.name === "observation")
        .flatMap((each) => {
          const instanceUid = uid(each.statement);
          const sop = codings(child(each.statement, "code"))[0]?.code;
          return instanceUid && sop
            ? [{ uid: instanceUid, sopClass: { system: "urn:ietf:rfc:3986", code: `urn:oid:${sop}` } }]
            : [];
        });
      const time = recordedTime(child(statement, "effectiveTime"));
      const began = time?.value ?? time?.low;
      return [
        filled({
          uid: seriesUid,
          modality,
          description: words,
          started: began,
          instance,
        }),
      ];
    });
  const start = started?.value ?? started?.low;
  const resource = filled<ImagingStudy>({
    resourceType: "ImagingStudy",
    identifier: [{ system: "urn:dicom:uid", value: `urn:oid:${studyUid}` }],
    status: "available",
    subject: conversion.patient,
    started: start,
    ...notes(conversion, act),
    description: conversion.reader.textOf(child(act, "text")),
    series,
  });
  return [conversion.add(resource)];
}

/** Contrast medium or radiopharmaceutical given for an examination: never a treatment of the patient. */
export function contrast(conversion: Conversion, statement: XmlElement, place: Place): Reference[] {
  const found = product(conversion, statement);
  const time = recordedTime(child(statement, "effectiveTime")) ?? place.groupTime;
  const { range, quantity: one } = interval(child(statement, "doseQuantity"));
  const dose = one ? { ...one } : (range?.low ?? range?.high);
  if (dose) delete (dose as { comparator?: unknown }).comparator;
  const route = conversion.concept(child(statement, "routeCode"));
  const performers = performersOf(conversion, statement, "performer", "author");
  const when = time?.value ?? time?.low;
  const resource = filled<MedicationAdministration>({
    resourceType: "MedicationAdministration",
    ...narrativeExtensions(conversion, statement),
    status: isNegated(statement) ? "not-done" : (givenStatuses[statusOf(statement) ?? ""] ?? "completed"),
    category: { text: isRadioactive(statement, place) ? "Radiopharmaceutique" : "Produit de contraste" },
    ...found.medication,
    subject: conversion.patient,
    ...(when ? { effectiveDateTime: when } : { _effectiveDateTime: { extension: [absentExtension("unknown")] } }),
    performer: performers.map((each) => ({ actor: each })),
    ...notes(conversion, statement),
    ...(dose || route ? { dosage: filled({ route, dose }) } : {}),
  });
  return [conversion.add(resource)];
}

const givenStatuses: Readonly<Record<string, MedicationAdministration["status"]>> = {
  active: "in-progress",
  suspended: "on-hold",
  held: "on-hold",
  aborted: "stopped",
  cancelled: "not-done",
};
