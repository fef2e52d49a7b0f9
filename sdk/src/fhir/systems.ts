/**
 * The identifier systems, code systems and extension addresses that the record speaks (wire.md, "Identifiers").
 * Written once here so that no other file spells an OID.
 */

/** Identifier systems of patients (INS), professionals (RPPS) and structures (FINESS, SIRET). Source: wire.md; R31. */
export const identifierSystem = {
  /** INS-NIR, the usual national health identity. */
  insNir: "urn:oid:1.2.250.1.213.1.4.8",
  /** INS-NIA, temporary national number. */
  insNia: "urn:oid:1.2.250.1.213.1.4.9",
  /** Test INS: fictitious patients only. */
  insTest: "urn:oid:1.2.250.1.213.1.4.10",
  /** Demonstration INS: fictitious patients only. */
  insDemonstration: "urn:oid:1.2.250.1.213.1.4.11",
  /** Professionals: `8` followed by the 11 digits of the RPPS. */
  professional: "urn:oid:1.2.250.1.71.4.2.1",
  /** Structures: prefix `1` FINESS, `3` SIRET. */
  structure: "urn:oid:1.2.250.1.71.4.2.2",
  /** Identifiers that are themselves URIs (`urn:oid:…`, `urn:uuid:…`). */
  uri: "urn:ietf:rfc:3986",
} as const;

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

const dmp = "https://interop.esante.gouv.fr/ig/fhir/dmp/StructureDefinition/";
const pdsm = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/";
const mhd = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/";
/** Carnet's own extensions: only where no guide has one. */
const carnet = "https://carnet.example/fhir/StructureDefinition/";

/** Extension addresses. Source: wire.md, "Transactions"; Carnet's own ones are described in docs/wire.md. */
export const extensionUrl = {
  closure: `${dmp}dmp-fermeture`,
  attachedToMes: `${dmp}dmp-rattachement-mes`,
  referringDoctor: `${dmp}dmp-medecin-traitant`,
  isArchived: `${pdsm}pdsm-ext-is-archived`,
  designationType: `${mhd}ihe-designationType`,
  sourceId: `${mhd}ihe-sourceId`,
  /** valueUri: uniqueId of one document that states the fact; repeats, one per document. */
  factSource: `${carnet}fact-source`,
  /** valueString: how the coded entry and the narrative, or two documents, disagree. */
  disagreement: `${carnet}disagreement`,
  /** valueString: the narrative text that stands beside a coded entry. */
  narrativeText: `${carnet}narrative-text`,
  /** Any value[x]: a value that the document denies (negationInd). Never to be shown as found. */
  deniedValue: `${carnet}denied-value`,
} as const;

/** PDSm, MHD and IPS profile addresses. */
export const profileUrl = {
  comprehensiveDocumentReference: `${pdsm}pdsm-comprehensive-document-reference`,
  simplifiedPublish: `${pdsm}pdsm-simplified-publish`,
  provideBundle: `${pdsm}pdsm-comprehensive-provide-document-bundle`,
  submissionSet: `${pdsm}pdsm-submissionset-comprehensive`,
  findDocumentReferencesResponse: `${pdsm}pdsm-find-documentreferences-comprehensive-response`,
  ipsBundle: "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips",
} as const;
