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
  /** valueCode, on Patient, to somebody who signs in as a patient: self | representative | carer | heir. */
  relation: `${carnet}relation`,
  /** valueCode, on Patient: provisional | retrieved | validated | qualified, the status of the INS (R37). */
  identityStatus: `${carnet}identity-status`,
  /** valueDateTime, on Patient: since when the operator suspends the record (R18). */
  suspendedSince: `${carnet}suspended-since`,
  /** valueDateTime, on Patient, to the holder's side: when the deletion was asked for (R20). */
  deletionRequested: `${carnet}deletion-requested`,
  /** valueDateTime, on Patient, to the holder's side: when a closed record will be destroyed (R19, R20). */
  destroyedOn: `${carnet}destroyed-on`,
  /** valueDateTime, on RelatedPerson: when the role was certified (R10, R14). In a request: valueBoolean true. */
  attestation: `${carnet}attestation`,
  /** valueUri: uniqueId of one document that states the fact; repeats, one per document. */
  factSource: `${carnet}fact-source`,
  /** valueString: how the coded entry and the narrative, or two documents, disagree. */
  disagreement: `${carnet}disagreement`,
  /** valueString: the narrative text that stands beside a coded entry. */
  narrativeText: `${carnet}narrative-text`,
  /** Any value[x]: a value that the document denies (negationInd). Never to be shown as found. */
  deniedValue: `${carnet}denied-value`,
  /** valueInteger, on the newest value of an analyte in a bounded summary: how many older values were left out. */
  earlierValues: `${carnet}earlier-values`,
  /** valueQuantity: a result in the unit of its analyte's newest value; the original stays as the value. */
  convertedValue: `${carnet}converted-value`,
  /**
   * On a medicine: `status` (valueCode prescribed | dispensed | stopped | unknown), and when several documents speak of
   * the treatment one `event` each, newest first: `kind` (valueCode prescribed | dispensed | reimbursed | stated), `date`,
   * `start`, `end` (valueDateTime), `product` (valueCodeableConcept), `dosage`, `remark` (valueString), `source` (valueUri, repeats);
   * `earlierEvents` (valueInteger): how many older ones were left out.
   */
  treatment: `${carnet}treatment`,
  /** valueInteger, on the section of treatments in a bounded summary: how many older past treatments were left out. */
  earlierTreatments: `${carnet}earlier-treatments`,
} as const;
