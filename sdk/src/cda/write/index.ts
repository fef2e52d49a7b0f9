/** Writing CDA: files wrapped at level 1, structured documents at level 3. */
export { CdaInputError, type CdaInputErrorCode } from "./errors.ts";
export { type DocumentInput, type DocumentSection, documentBundle } from "./structured/document-bundle.ts";
export { type FhirToCdaOptions, fhirToCda } from "./structured/fhir-to-cda.ts";
export { wrapInCda } from "./wrap.ts";
export type {
  WrapAuthor,
  WrapCoding,
  WrapInput,
  WrapOrganization,
  WrapPatient,
  WrapPatientInput,
} from "./wrap-input.ts";
