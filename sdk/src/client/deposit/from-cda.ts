import { type CdaHeader, readCdaBody, readCdaHeader } from "../../cda/index.ts";
import { CarnetError, DocumentRejected } from "../../fhir/http/index.ts";
import { findFormatByBody, findFormatByTemplate } from "../../terminology/formats.ts";
import type { AuthorMetadata, Code, DocumentMetadata } from "../types.ts";

const FORMAT_IHE = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode";

/** A CDA's own metadata: what the record shows is what the document says (R104). @throws DocumentRejected when a required part is missing */
export function metadataOfCda(xml: string): DocumentMetadata {
  try {
    return toMetadata(xml, readCdaHeader(xml));
  } catch (cause) {
    if (cause instanceof CarnetError) throw cause;
    const place = cause instanceof Error && "place" in cause && typeof cause.place === "string" ? cause.place : "";
    throw new DocumentRejected("deposit", { place: place || "ClinicalDocument", cause });
  }
}

function toMetadata(xml: string, header: CdaHeader): DocumentMetadata {
  const actStart = header.act?.start ?? header.effectiveTime;
  return {
    uniqueId: header.uniqueId,
    title: header.title || required(header.type.display, "title"),
    type: toCode(header.type, "code"),
    date: required(header.effectiveTime, "effectiveTime"),
    act: {
      start: required(actStart, "documentationOf"),
      ...(header.act?.end ? { end: header.act.end } : {}),
      ...(header.act?.code?.code ? { code: toCode(header.act.code, "documentationOf") } : {}),
    },
    patient: header.patient,
    authors: header.authors.map(toAuthor),
    ...(header.custodian ? { custodian: header.custodian } : {}),
    facilityType: toCode(header.facilityType, "componentOf/encompassingEncounter/location/healthCareFacility/code"),
    practiceSetting: toCode(header.practiceSetting, "documentationOf/serviceEvent/performer/assignedEntity/code"),
    format: formatOf(xml, header),
    ...(header.confidentiality ? { confidentiality: header.confidentiality } : {}),
    ...(header.language ? { language: header.language } : {}),
  };
}

function required(value: string | undefined, place: string): string {
  if (!value) throw new DocumentRejected("deposit", { place: `ClinicalDocument/${place}` });
  return value;
}

function toCode(coding: { code?: string; system?: string; display?: string } | undefined, place: string): Code {
  return {
    code: required(coding?.code, place),
    ...(coding?.system ? { system: coding.system } : {}),
    ...(coding?.display ? { display: coding.display } : {}),
  };
}

function toAuthor(author: CdaHeader["authors"][number]): AuthorMetadata {
  const organization = author.organization ? { organization: author.organization } : {};
  if (author.kind === "device")
    return { deviceName: author.deviceName ?? author.family ?? "Automate", ...organization };
  if (author.kind === "patient") return { isPatient: true };
  const id = author.id ?? (author.rpps ? `8${author.rpps}` : undefined);
  return {
    ...(id ? { rpps: id } : {}),
    ...(author.family ? { family: author.family } : {}),
    ...(author.given ? { given: author.given } : {}),
    ...(author.prefix ? { prefix: author.prefix } : {}),
    ...(author.suffix ? { suffix: author.suffix } : {}),
    ...(author.professionCode ? { profession: author.professionCode } : {}),
    ...(author.specialtyCode ? { specialty: author.specialtyCode } : {}),
    ...organization,
  };
}

/** Format of the level (R103): the body's media type for level 1, the most precise template for level 3. */
function formatOf(xml: string, header: CdaHeader): Code {
  const structured = findFormatByTemplate([...header.templateIds].reverse());
  if (structured) return { code: structured.code, system: structured.system };
  const body = readCdaBody(xml);
  const found = body.level === 1 ? findFormatByBody(body.contentType) : undefined;
  if (found) return { code: found.code, system: found.system };
  return { code: "urn:ihe:pcc:xphr:2007", system: FORMAT_IHE };
}
