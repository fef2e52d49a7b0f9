/** Why a CDA document cannot be read. Stable: switch on it. */
export type CdaErrorCode =
  | "cda-malformed"
  | "cda-doctype"
  | "cda-entity"
  | "cda-too-deep"
  | "cda-too-large"
  | "cda-not-clinical-document"
  | "cda-no-identifier"
  | "cda-several-patients"
  | "cda-no-body"
  | "cda-encoding";

const advice: Record<CdaErrorCode, string> = {
  "cda-malformed": "The document is not well-formed XML: ask its producer for a valid file.",
  "cda-doctype": "The document declares a document type (DOCTYPE), which CDA never needs: it is refused.",
  "cda-entity": "The document uses an entity that XML does not predefine: it is refused.",
  "cda-too-deep": "The document nests its elements too deeply: it is refused.",
  "cda-too-large": "The document, or one part of it, is larger than this reader accepts.",
  "cda-not-clinical-document": "The file holds no ClinicalDocument of HL7 CDA (namespace urn:hl7-org:v3).",
  "cda-no-identifier": "The document has no usable identifier (ClinicalDocument/id).",
  "cda-several-patients":
    "The document names several patients (recordTarget), so that nobody can say whose its facts are: ask its producer for one document each.",
  "cda-no-body": "The document has neither a structured body nor an embedded file.",
  "cda-encoding": "The bytes are not in the encoding that the document declares, or its embedded file is not base64.",
};

/**
 * Thrown for every document that cannot be read. The message says what to do and never holds a word of the document.
 *
 * @example
 * try { readCdaHeader(xml) } catch (error) { if (error instanceof CdaError && error.code === "cda-doctype") refuse() }
 */
export class CdaError extends Error {
  readonly code: CdaErrorCode;
  /** Path of the element at fault, without values: `/ClinicalDocument/component/structuredBody`. */
  readonly place?: string;

  constructor(code: CdaErrorCode, place?: string) {
    super(place ? `${advice[code]} (${place})` : advice[code]);
    this.name = "CdaError";
    this.code = code;
    if (place !== undefined) this.place = place;
  }
}
