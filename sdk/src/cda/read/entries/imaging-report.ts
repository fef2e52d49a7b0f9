import type { DiagnosticReport, Reference } from "../../../fhir/index.ts";
import { codeSystem } from "../../../fhir/systems.ts";
import { performersOf } from "../actors.ts";
import type { Conversion } from "../conversion.ts";
import { filled } from "../filled.ts";
import { instantOf, recordedTime } from "../times.ts";
import { attribute, child, children, rootOf, type XmlElement } from "../xml.ts";
import { effective } from "./observations.ts";

/** Section of an imaging report that concludes (LOINC "Radiology Imaging study [Impression]"). */
export const conclusionSection = "19005-8";

/** Each is about all studies of its document: a document made of conclusions would cost their square. */
const mostReports = 20;
const reported = new WeakMap<Conversion, number>();

/** LOINC, CCAM. */
const actSystems = new Set([codeSystem.loinc, "urn:oid:1.2.250.1.215.300.1", "urn:oid:1.2.250.1.213.2.5"]);

/**
 * The conclusion of an imaging report, which stands in words alone, as the report that it concludes: the acts and who did
 * them from the header, the DICOM studies read so far.
 */
export function imagingReport(conversion: Conversion, section: XmlElement): Reference[] {
  const words = conversion.reader.textOf(child(section, "text"));
  const count = reported.get(conversion) ?? 0;
  if (!words || count === mostReports) return [];
  reported.set(conversion, count + 1);
  const root = rootOf(section);
  const acts = children(root, "documentationOf").flatMap((each) => {
    const act = child(each, "serviceEvent");
    const code = conversion.concept(child(act, "code"));
    return code ? [{ act, code }] : [];
  });
  // The header names the reason and the urgency as well.
  const imaged = acts.filter(({ code }) => code.coding?.some((each) => actSystems.has(each.system ?? "")));
  const names = [...new Set(imaged.flatMap(({ code }) => code.text ?? []))].join(" ; ");
  const type = conversion.concept(child(root, "code"));
  const times = imaged.flatMap(({ act }) => recordedTime(child(act, "effectiveTime")) ?? []);
  const doers = imaged.flatMap(({ act }) => performersOf(conversion, act as XmlElement, "performer"));
  const authors = performersOf(conversion, root, "author");
  const studies = conversion.entries.flatMap(({ fullUrl, resource }) =>
    fullUrl && resource?.resourceType === "ImagingStudy" ? [{ reference: fullUrl, type: resource.resourceType }] : [],
  );
  const report = filled<DiagnosticReport>({
    resourceType: "DiagnosticReport",
    status: "final",
    category: [
      {
        coding: [
          { system: codeSystem.loinc, code: "LP29684-5", display: "Radiology" },
          { system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "RAD" },
        ],
      },
    ],
    code: { ...type, text: names || type?.text || "Imagerie" },
    subject: conversion.patient,
    ...effective(times[0] ?? (conversion.date ? { value: conversion.date } : undefined)),
    issued: instantOf(attribute(child(root, "effectiveTime"), "value")),
    performer: unique(doers),
    resultsInterpreter: unique(authors),
    imagingStudy: studies,
    conclusion: words,
  });
  return [conversion.add(report)];
}

function unique(people: readonly Reference[]): Reference[] {
  return [...new Map(people.map((each) => [each.reference, each])).values()];
}
