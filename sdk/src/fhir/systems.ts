/**
 * The identifier systems, code systems and extension addresses that the record speaks (wire.md, "Identifiers").
 * Written once here so that no other file spells an OID.
 */

export { extensionUrl } from "./extension-urls.ts";
export { identifierSystem } from "./identifier-systems.ts";

const nos = (name: string) => `https://mos.esante.gouv.fr/NOS/${name}/FHIR/${name.replaceAll("_", "-")}` as const;

/** Code systems used in metadata. Source: wire.md, "DocumentReference: minimum the record accepts". */
export const codeSystem = {
  loinc: "http://loinc.org",
  snomed: "http://snomed.info/sct",
  ucum: "http://unitsofmeasure.org",
  documentTypeNational: nos("TRE_A05-TypeDocComplementaire"),
  documentClass: nos("TRE_A03-ClasseDocument"),
  format: nos("TRE_A06-FormatCodeComplementaire"),
  formatIhe: "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode",
  facilityType: nos("TRE_R02-SecteurActivite"),
  practiceSetting: nos("TRE_A01-CadreExercice"),
  nonProfessionalAuthor: nos("TRE_A00-ProducteurDocNonPS"),
  profession: nos("TRE_G15-ProfessionSante"),
  visibility: nos("TRE_A07-StatutVisibiliteDocument"),
  confidentiality: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
  actReason: "http://terminology.hl7.org/CodeSystem/v3-ActReason",
  mhdListType: "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes",
} as const;

const pdsm = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/";

/** PDSm, MHD and IPS profile addresses. */
export const profileUrl = {
  comprehensiveDocumentReference: `${pdsm}pdsm-comprehensive-document-reference`,
  simplifiedPublish: `${pdsm}pdsm-simplified-publish`,
  provideBundle: `${pdsm}pdsm-comprehensive-provide-document-bundle`,
  submissionSet: `${pdsm}pdsm-submissionset-comprehensive`,
  folder: `${pdsm}pdsm-folder-comprehensive`,
  findDocumentReferencesResponse: `${pdsm}pdsm-find-documentreferences-comprehensive-response`,
  ipsBundle: "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips",
} as const;
