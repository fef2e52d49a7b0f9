import type { Bundle, CarePlan, Reference } from "../../fhir/index.ts";
import { performersOf } from "./actors.ts";
import { type ConvertedSection, compositionOf, identifierOf } from "./composition.ts";
import { type Conversion, type Place, startConversion } from "./conversion.ts";
import { attachment } from "./entries/attachments.ts";
import { convertEntry } from "./entries/dispatch.ts";
import { conclusionSection, imagingReport } from "./entries/imaging-report.ts";
import { aboutSubject, motherOf, saysPatient } from "./entries/subjects.ts";
import { CdaError } from "./errors.ts";
import { checkOnePatient, codingOf, documentItself } from "./header.ts";
import { addPatient } from "./patient.ts";
import { instantOf } from "./times.ts";
import { at, attribute, child, children, parseCda, textOf, type XmlElement } from "./xml.ts";

/** Sections that hold a plan of care: what they list is also gathered in a CarePlan. */
const carePlanSections = new Set(["18776-5"]);

/** Sections about a pregnancy: its history, its course, the tests made during it, labour. */
const pregnancySections = new Set(["10162-6", "57073-9", "57074-7", "57078-8"]);
/** The section about a birth, the patient's own or that of a child of hers. */
const birthSection = "57075-4";

/**
 * Converts a French CDA document to a FHIR R4 document Bundle: Composition with nested sections and safe narrative,
 * patient, actors, and one resource for each fact. Codes stay as recorded, dates keep their precision, denials never
 * become facts, masked values say that they are withheld, and where coded entry and narrative disagree both are kept
 * (`extensionUrl.narrativeText`, `extensionUrl.disagreement`).
 *
 * @param xml - The document, decoded to a string.
 * @returns `Bundle.identifier` is the document's uniqueId; every resource names it in `meta.source`.
 * @throws CdaError
 * @example
 * const bundle = cdaToFhir(new TextDecoder().decode(bytes));
 */
export function cdaToFhir(xml: string): Bundle {
  const parsed = parseCda(xml);
  const header = documentItself(parsed.root);
  checkOnePatient(parsed.root);
  const conversion = startConversion(parsed, header.uniqueId, header.effectiveTime);
  const composition = conversion.reserve("Composition");
  addPatient(conversion, parsed.root);
  const body = at(parsed.root, "component", "structuredBody");
  const file = at(parsed.root, "component", "nonXMLBody", "text");
  if (!body && !file) throw new CdaError("cda-no-body", "/ClinicalDocument/component");
  const files = file ? attachment(conversion, file, { sectionCode: "", sectionTitle: header.title }) : [];
  const sections = sectionsOf(conversion, body, { sectionCode: "", sectionTitle: "" });
  composition.add(compositionOf(conversion, parsed.root, header, sections, files));
  const entries = conversion.entries.filter((entry) => entry.resource !== undefined);
  const first = entries.findIndex((entry) => entry.resource?.resourceType === "Composition");
  entries.unshift(...entries.splice(first, 1));
  const timestamp = instantOf(attribute(child(parsed.root, "effectiveTime"), "value"));
  return {
    resourceType: "Bundle",
    identifier: identifierOf(header.uniqueId),
    type: "document",
    ...(timestamp ? { timestamp } : {}),
    entry: entries,
  };
}

function sectionsOf(conversion: Conversion, parent: XmlElement | undefined, around: Place): ConvertedSection[] {
  return children(parent, "component").flatMap((component) => {
    const element = child(component, "section");
    if (!element) return [];
    const authors = performersOf(conversion, element, "author");
    const own = codingOf(child(element, "code"));
    const title = textOf(child(element, "title")) ?? own?.display;
    const section = own ? { coding: [own], ...(title ? { text: title } : {}) } : around.section;
    const isOfMother = conversion.isChild && pregnancySections.has(own?.code ?? "") && !saysPatient(element);
    const { focus = isOfMother ? motherOf(conversion) : undefined } = aboutSubject(conversion, element, around);
    const birth = own?.code === birthSection ? section : around.birth;
    const place: Place = {
      ...(focus ? { focus } : {}),
      ...(birth ? { birth, groupCodes: [birth] } : {}),
      ...(section ? { section } : {}),
      ...(authors.length > 0 ? { authors } : around.authors ? { authors: around.authors } : {}),
      sectionCode: own?.code ?? around.sectionCode,
      sectionTitle: title ?? around.sectionTitle,
    };
    const entries = children(element, "entry").flatMap((entry) => convertEntry(conversion, entry, place));
    if (carePlanSections.has(place.sectionCode)) entries.push(...carePlan(conversion, place, entries));
    const sections = sectionsOf(conversion, element, place);
    if (own?.code === conclusionSection && !focus) entries.push(...imagingReport(conversion, element));
    return [{ element, authors, entries, sections }];
  });
}

const activities = new Set(["Appointment", "DeviceRequest", "MedicationRequest", "ServiceRequest"]);

/** The plan that a section makes: none where nothing is planned in it, be its title that of a care which was refused. */
function carePlan(conversion: Conversion, place: Place, entries: readonly Reference[]): Reference[] {
  const activity = entries.filter((each) => activities.has(each.type ?? "")).map((reference) => ({ reference }));
  const goals = entries.filter((each) => each.type === "Goal");
  if (activity.length === 0 && goals.length === 0) return [];
  const resource: CarePlan = {
    resourceType: "CarePlan",
    status: "active",
    intent: "plan",
    title: place.sectionTitle,
    subject: conversion.patient,
    ...(conversion.date ? { created: conversion.date } : {}),
    ...(goals.length > 0 ? { goal: goals } : {}),
    ...(activity.length > 0 ? { activity } : {}),
  };
  return [conversion.add(resource)];
}
