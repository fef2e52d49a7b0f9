/** Gives a document of the seed its form: PDF wrapped in CDA level 1, CDA level 3, or FHIR document. */
import { fhirToCda, type WrapInput, wrapInCda } from "@carnet/sdk/cda";
import type { Bundle } from "@carnet/sdk/fhir";
import { findDocumentType } from "@carnet/sdk/terminology";
import type { LetterDocument, SeedDocument, StructuredDocument } from "./document.ts";
import { uniqueIdOf } from "./document.ts";
import { fhirDocument } from "./fhir-document.ts";
import { printLetter } from "./letter/print-letter.ts";
import { typeLetter } from "./letter/type-letter.ts";
import type { Person } from "./people.ts";
import { professionals, type SeedProfessional, type SeedStructure } from "./professionals.ts";

/** A document ready to be deposited. */
export type Content =
  | { readonly kind: "cda"; readonly xml: string; readonly bytes: Uint8Array }
  | { readonly kind: "fhir"; readonly bundle: Bundle; readonly bytes: Uint8Array };

const utf8 = new TextEncoder();

/** The content of a document. Same document, same bytes. */
export async function contentOf(document: SeedDocument): Promise<Content> {
  switch (document.kind) {
    case "letter":
      return cda(await wrapLetter(document));
    case "structured":
      return cda(structuredCda(document));
    case "fhir": {
      const bundle = fhirDocument(document);
      return { kind: "fhir", bundle, bytes: utf8.encode(JSON.stringify(bundle)) };
    }
  }
}

const cda = (xml: string): Content => ({ kind: "cda", xml, bytes: utf8.encode(xml) });

const actOf = (document: SeedDocument) => document.act ?? { start: document.date };

async function wrapLetter(document: LetterDocument): Promise<string> {
  const header = headerOf(document);
  if (document.form === "text")
    return wrapInCda({ content: utf8.encode(typeLetter(document)), contentType: "text/plain", ...header });
  return wrapInCda({ content: await printLetter(document), contentType: "application/pdf", ...header });
}

function structuredCda(document: StructuredDocument): string {
  const { patient, author, replaces } = headerOf(document);
  return fhirToCda(fhirDocument(document), {
    patient,
    author,
    ...(replaces && { replaces }),
    isReferringDoctor: document.author === professionals.martin,
  });
}

/** What the header of any of our documents says. */
export function headerOf(document: SeedDocument): Omit<WrapInput, "content" | "contentType"> {
  const type = findDocumentType(document.type);
  if (!type) throw new Error(`unknown document type ${document.type}`);
  const replaces = document.replaces && uniqueIdOf({ person: document.person, key: document.replaces });
  return {
    title: document.title,
    uniqueId: uniqueIdOf(document),
    ...(replaces && { replaces, setId: replaces, version: 2 }),
    effectiveTime: document.date,
    type: { code: type.code, system: type.system, display: type.display },
    act: actOf(document),
    patient: patientOf(document.person),
    author: authorOf(document.author, document.structure),
  };
}

function patientOf(person: Person): WrapInput["patient"] {
  const { ins, birthName, usedName, firstGivenName, birthGivenNames, sex, birthDate, birthPlaceCode } = person;
  return {
    ins,
    birthName,
    ...(usedName && { usedName }),
    firstGivenName,
    birthGivenNames,
    sex,
    birthDate,
    birthPlaceCode,
  };
}

function authorOf(
  professional: SeedProfessional,
  structure: SeedStructure = professional.structure,
): WrapInput["author"] {
  const { rpps, family, given, prefix, suffix, profession, specialty } = professional;
  const { id, name, facilityType, practiceSetting } = structure;
  return {
    rpps,
    family,
    given,
    prefix,
    ...(suffix && { suffix }),
    profession,
    ...(specialty && { specialty }),
    organization: { id, name, facilityType, practiceSetting },
  };
}
