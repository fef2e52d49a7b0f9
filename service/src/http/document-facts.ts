/**
 * What is read in a document when it is admitted: the header (to compare identities) and, once, the facts. A structured
 * document whose facts cannot be read is kept all the same, and says so.
 */
import { CdaError, type CdaHeader, cdaToFhir, readCdaHeader } from "@carnet/sdk/cda";
import type { Bundle } from "@carnet/sdk/fhir";
import { hasFacts } from "@carnet/sdk/summary";
import type { AdmittedContent } from "../admission/index.ts";
import { isFileInCda } from "./cda-text.ts";
import { aboutSubjectOnly, isDocumentBundle } from "./fhir-document.ts";
import { WireError } from "./outcome.ts";

/** Raise it when the reader changes: the job `read-again` then reads the documents of older readers again. */
export const READER_VERSION = 17;

export interface ReadFacts {
  readonly state: "read" | "none" | "failed";
  /** JSON text of the document Bundle. */
  readonly facts: string | null;
  readonly failure: string | null;
}

const NO_FACTS: ReadFacts = { state: "none", facts: null, failure: null };
const CDA_TYPES: ReadonlySet<string> = new Set(["text/xml", "application/xml", "application/hl7-cda+xml"]);

export function isCda(contentType: string): boolean {
  return CDA_TYPES.has(contentType);
}

/** Header of a CDA. @throws WireError 422 with the place when it is not a sound CDA (DTD, entities, malformed) */
export function headerOf(xml: string, expression: string): CdaHeader {
  try {
    return readCdaHeader(xml);
  } catch (error) {
    if (!(error instanceof CdaError)) throw error;
    throw new WireError(422, [
      {
        code: "structure",
        fr: `Ce n'est pas un document CDA R2 acceptable (${error.code}).`,
        en: `This is not an acceptable CDA R2 document (${error.code}).`,
        expression: `${expression}.content[0].attachment`,
      },
    ]);
  }
}

/** The facts of a content; `xml` is the text of a CDA. Never throws: a document is not lost for what is in it. */
export function factsOf(content: AdmittedContent, xml: string | undefined): ReadFacts {
  try {
    if (xml !== undefined) return isFileInCda(xml) ? NO_FACTS : keptFacts(cdaToFhir(xml));
    if (content.contentType === "application/fhir+json") return fhirFacts(content.bytes);
    return NO_FACTS;
  } catch (error) {
    const code =
      error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unreadable";
    return { state: "failed", facts: null, failure: code };
  }
}

function keptFacts(bundle: Bundle): ReadFacts {
  return hasFacts(bundle) ? { state: "read", facts: JSON.stringify(bundle), failure: null } : NO_FACTS;
}

function fhirFacts(bytes: Uint8Array): ReadFacts {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const bundle: unknown = JSON.parse(text);
  if (!isDocumentBundle(bundle)) return { state: "failed", facts: null, failure: "not-a-document" };
  const own = aboutSubjectOnly(bundle);
  return { state: "read", facts: own === bundle ? text : JSON.stringify(own), failure: null };
}
