/**
 * Admission: is what came in FHIR R4, the French profile, and sound in itself? Pure functions; whether the record,
 * the caller and the identity agree is decided afterwards, in `rules`.
 */
export { type AdmittedCoding, type AdmittedVisibility, isLabel } from "./codes.ts";
export type { AdmittedContent } from "./content.ts";
export type { AdmittedDocument, ReplacedDocument } from "./document-reference.ts";
export { decodeBase64Bytes, EncodedContent } from "./encoded-content.ts";
export { type AdmittedFolder, type AdmittedOwnList, admitOwnList, type FolderItem } from "./folder.ts";
export { AdmissionError, type AdmissionIssue, type IssueCode } from "./issue.ts";
export type { StatusPatch } from "./patch.ts";
export { decodeBase64 } from "./primitives.ts";
export { type AdmittedSubmission, admitProvideBundle, type SubmissionEntry } from "./provide-bundle.ts";
export { type AdmittedPublication, admitDocumentReference } from "./simplified-publish.ts";
export type { PatientReference } from "./subject.ts";
export type { AdmittedSubmissionSet } from "./submission-set.ts";
