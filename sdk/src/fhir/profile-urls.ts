/** PDSm, MHD and IPS profile addresses. */

const pdsm = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/";

export const comprehensiveDocumentReference = `${pdsm}pdsm-comprehensive-document-reference`;
export const simplifiedPublish = `${pdsm}pdsm-simplified-publish`;
export const provideBundle = `${pdsm}pdsm-comprehensive-provide-document-bundle`;
export const submissionSet = `${pdsm}pdsm-submissionset-comprehensive`;
export const folder = `${pdsm}pdsm-folder-comprehensive`;
export const findDocumentReferencesResponse = `${pdsm}pdsm-find-documentreferences-comprehensive-response`;
export const ipsBundle = "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips";
