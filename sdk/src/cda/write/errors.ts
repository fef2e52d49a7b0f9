/** Why an input cannot become a CDA document. Stable: switch on it. */
export type CdaInputErrorCode =
  | "cda-input-missing"
  | "cda-input-shape"
  | "cda-input-date"
  | "cda-input-code"
  | "cda-input-identifier"
  | "cda-input-content"
  | "cda-input-unlisted";

const advice: Record<CdaInputErrorCode, string> = {
  "cda-input-missing": "This field is required in the header of a CI-SIS document.",
  "cda-input-shape": "This field does not have the expected shape.",
  "cda-input-date": "Write this date in ISO 8601: YYYY-MM-DD, or with time and zone.",
  "cda-input-code": "This code is not in the value set that the header allows here.",
  "cda-input-identifier": "This identifier is not valid: check its digits at the source.",
  "cda-input-content": "The content is empty, or is not of the content type that is announced.",
  "cda-input-unlisted": "No section of the Composition lists this fact: list it, or leave it out of the Bundle.",
};

/**
 * Thrown when an input cannot become a valid document. The message names the field and never repeats its value.
 *
 * @example
 * try { wrapInCda(input) } catch (error) { if (error instanceof CdaInputError) show(error.path) }
 */
export class CdaInputError extends Error {
  override readonly name = "CdaInputError";
  readonly code: CdaInputErrorCode;
  /** Field at fault: `patient.ins.value`, `Bundle.entry[2].resource.code`. */
  readonly path: string;
  constructor(code: CdaInputErrorCode, path: string) {
    super(`${advice[code]} (${path})`);
    this.code = code;
    this.path = path;
  }
}
