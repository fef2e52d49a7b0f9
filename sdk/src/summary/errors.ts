export type SummaryErrorCode = "several-patients" | "not-a-document";

const explanations: Record<SummaryErrorCode, string> = {
  "several-patients": "These documents are about different persons: give the documents of one person only.",
  "not-a-document": "One of the inputs is not a FHIR Bundle with entries: give what cdaToFhir or the record returns.",
};

/** Why no summary was made. The message never holds a patient's data. */
export class SummaryError extends Error {
  override readonly name = "SummaryError";
  readonly code: SummaryErrorCode;
  constructor(code: SummaryErrorCode) {
    super(explanations[code]);
    this.code = code;
  }
}
