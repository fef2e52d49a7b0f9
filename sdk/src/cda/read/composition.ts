import type {
  CodeableConcept,
  Composition,
  CompositionAttester,
  CompositionSection,
  Encounter,
  EncounterParticipant,
  Reference,
} from "../../fhir/index.ts";
import { versionNumberUrl } from "../../fhir/version-number.ts";
import { narrativeToXhtml } from "../narrative/html.ts";
import { narrativeTree } from "../narrative/tree.ts";
import { actor, organizationOf } from "./actors.ts";
import { absentReason } from "./concept.ts";
import { type Contact, contacts } from "./contacts.ts";
import type { Conversion } from "./conversion.ts";
import { filled } from "./filled.ts";
import { codingOf, type DocumentItself, identifierUri } from "./header.ts";
import { addresses, identifiers } from "./names.ts";
import { dateTimeOf, periodOf, recordedTime } from "./times.ts";
import { at, attribute, child, children, readEach, textOf, type XmlElement } from "./xml.ts";

/** A section already converted: what Composition needs of it. */
export interface ConvertedSection {
  readonly element: XmlElement;
  /** Its own authors, when they are others than the document's. */
  readonly authors: readonly Reference[];
  readonly entries: readonly Reference[];
  readonly sections: readonly ConvertedSection[];
}

/** Builds the Composition of the document, its Encounter and every actor of the header. */
export function compositionOf(
  conversion: Conversion,
  root: XmlElement,
  header: DocumentItself,
  sections: readonly ConvertedSection[],
  files: readonly Reference[] = [],
): Composition {
  const authors = readEach(root, "author", (author) => actor(conversion, child(author, "assignedAuthor")));
  const custodian = organizationOf(
    conversion,
    at(root, "custodian", "assignedCustodian", "representedCustodianOrganization"),
  );
  const attesters = attestersOf(conversion, root);
  const people = contacts(conversion, root);
  const encounter = encounterOf(conversion, root, people);
  const events = eventsOf(conversion, root);
  const unseen = people
    .filter((each) => !encounter || !individuals.has(each.reference.type ?? ""))
    .map((each) => each.reference);
  if (unseen.length > 0) events.push({ detail: unseen });
  const confidentiality = header.confidentiality;
  const type = conversion.concept(child(root, "code")) ?? { text: header.title || "document" };
  const converted = sections.flatMap((section) => sectionOf(conversion, section) ?? []);
  const version = attribute(child(root, "versionNumber"), "value");
  if (files.length > 0) converted.push({ title: header.title || "Document", entry: [...files] });
  return filled({
    resourceType: "Composition",
    // By it a summary takes the newest of a set: what a document says to replace may be named otherwise than it was.
    extension: version ? [{ url: versionNumberUrl, valueString: version }] : [],
    language: header.language,
    identifier: identifierOf(header.setId ?? header.uniqueId),
    status: "final",
    type,
    subject: conversion.patient,
    encounter,
    date: header.effectiveTime || "1900",
    author: authors.length > 0 ? authors : [custodian ?? { display: "auteur inconnu" }],
    title: header.title || type.text || "document",
    ...(confidentiality === "N" || confidentiality === "R" || confidentiality === "V" ? { confidentiality } : {}),
    attester: attesters,
    custodian,
    relatesTo: relationsOf(root),
    event: events,
    section: converted,
  });
}

/** What the document does to others: it replaces them, adds to them, or tells them in another form. */
const relations: Readonly<Record<string, "appends" | "replaces" | "transforms">> = {
  APND: "appends",
  RPLC: "replaces",
  XFRM: "transforms",
};

function relationsOf(root: XmlElement): NonNullable<Composition["relatesTo"]> {
  return children(root, "relatedDocument").flatMap((each) => {
    const code = relations[attribute(each, "typeCode") ?? ""];
    const target = identifierUri(at(each, "parentDocument", "id"));
    return code && target ? [{ code, targetIdentifier: identifierOf(target) }] : [];
  });
}

export function identifierOf(uri: string): { system: string; value: string } {
  return { system: "urn:ietf:rfc:3986", value: uri };
}

function attestersOf(conversion: Conversion, root: XmlElement): CompositionAttester[] {
  const attesters: CompositionAttester[] = [];
  for (const [name, mode] of [
    ["legalAuthenticator", "legal"],
    ["authenticator", "professional"],
  ] as const)
    for (const signer of children(root, name)) {
      const party = actor(conversion, child(signer, "assignedEntity"));
      const time = dateTimeOf(attribute(child(signer, "time"), "value"));
      attesters.push(filled({ mode, time, party }));
    }
  return attesters;
}

const individuals = new Set(["Practitioner", "PractitionerRole", "RelatedPerson"]);

function eventsOf(conversion: Conversion, root: XmlElement): NonNullable<Composition["event"]> {
  return children(root, "documentationOf").flatMap((documented) => {
    const service = child(documented, "serviceEvent");
    const code = conversion.concept(child(service, "code"));
    const period = periodOf(recordedTime(child(service, "effectiveTime")));
    const detail = readEach(service, "performer", (performer) => actor(conversion, child(performer, "assignedEntity")));
    if (!code && !period && detail.length === 0) return [];
    return [
      filled({
        ...(code ? { code: [code] } : {}),
        period,
        detail,
      }),
    ];
  });
}

function encounterOf(conversion: Conversion, root: XmlElement, people: readonly Contact[]): Reference | undefined {
  const element = at(root, "componentOf", "encompassingEncounter");
  if (!element) return undefined;
  const code = codingOf(child(element, "code"));
  const type = conversion.concept(child(element, "code"));
  const period = periodOf(recordedTime(child(element, "effectiveTime")));
  const responsible = actor(conversion, at(element, "responsibleParty", "assignedEntity"));
  const facility = at(element, "location", "healthCareFacility");
  const place = child(facility, "location");
  const name = textOf(child(place, "name"));
  const address = addresses(place)[0];
  const facilityType = conversion.concept(child(facility, "code"));
  const location =
    name || address || facilityType
      ? conversion.add(
          filled({
            resourceType: "Location",
            identifier: identifiers(facility),
            name,
            ...(facilityType ? { type: [facilityType] } : {}),
            address,
          }),
        )
      : undefined;
  const dischargeDisposition = conversion.concept(child(element, "dischargeDispositionCode"));
  const participants: EncounterParticipant[] = responsible
    ? [{ type: [participationType("ATND")], individual: responsible }]
    : [];
  for (const participant of children(element, "encounterParticipant")) {
    const individual = actor(conversion, child(participant, "assignedEntity"));
    const kind = attribute(participant, "typeCode");
    const type = kind ? [participationType(kind)] : [];
    const time = periodOf(recordedTime(child(participant, "time")));
    if (individual) participants.push(filled({ type, period: time, individual }));
  }
  for (const { types, period: time, reference } of people)
    participants.push(filled({ type: types, period: time, individual: reference }));
  const participant = participants.filter((each) => individuals.has(each.individual?.type ?? ""));
  const encounter = filled<Encounter>({
    resourceType: "Encounter",
    identifier: identifiers(element),
    status: period?.end ? "finished" : "unknown",
    class: code ?? { display: type?.text ?? "inconnu" },
    ...(type ? { type: [type] } : {}),
    subject: conversion.patient,
    participant,
    period,
    ...(dischargeDisposition ? { hospitalization: { dischargeDisposition } } : {}),
    serviceProvider: organizationOf(conversion, child(facility, "serviceProviderOrganization")),
    ...(location ? { location: [{ location: name ? { ...location, display: name } : location }] } : {}),
  });
  return conversion.add(encounter);
}

function participationType(code: string): CodeableConcept {
  return { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code }] };
}

function sectionOf(conversion: Conversion, section: ConvertedSection): CompositionSection | undefined {
  const { element } = section;
  const title = textOf(child(element, "title")) ?? attribute(child(element, "code"), "displayName");
  const code: CodeableConcept | undefined = conversion.concept(child(element, "code"));
  const block = child(element, "text");
  const div = block ? narrativeToXhtml(narrativeTree(block)).trim() : "";
  const text = div
    ? { status: "additional" as const, div: `<div xmlns="http://www.w3.org/1999/xhtml">${div}</div>` }
    : undefined;
  // A character that is no blank, outside of tags: `<` and `>` stand for themselves in these alone.
  const hasWords = text !== undefined && /(?:^|>)[^<]*[^<\s]/.test(div);
  const nested = section.sections.flatMap((each) => sectionOf(conversion, each) ?? []);
  const isEmpty = !hasWords && section.entries.length === 0 && nested.length === 0;
  const reason = absentReason(block) ?? absentReason(element);
  return filled<CompositionSection>({
    title,
    code,
    author: [...section.authors],
    ...(hasWords && text ? { text } : {}),
    entry: [...section.entries],
    ...(isEmpty
      ? {
          text: {
            status: "empty",
            div: `<div xmlns="http://www.w3.org/1999/xhtml">${reason === "masked" ? "Masqué" : "Section vide"}</div>`,
          },
          emptyReason: {
            coding: [
              {
                system: "http://terminology.hl7.org/CodeSystem/list-empty-reason",
                code: reason === "masked" ? "withheld" : "unavailable",
              },
            ],
          },
        }
      : {}),
    section: nested,
  });
}
