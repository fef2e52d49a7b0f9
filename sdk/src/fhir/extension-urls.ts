/**
 * Extension addresses. Source: wire.md, "Transactions"; Carnet's own ones are described in docs/wire.md. One export each, so
 * that a bundle holds only those it uses.
 */

const dmp = "https://interop.esante.gouv.fr/ig/fhir/dmp/StructureDefinition/";
const mhd = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/";
/** Carnet's own extensions: only where no guide has one. */
const carnet = "https://carnet.example/fhir/StructureDefinition/";

export const closure = `${dmp}dmp-fermeture`;
export const attachedToMes = `${dmp}dmp-rattachement-mes`;
export const referringDoctor = `${dmp}dmp-medecin-traitant`;
/** Whether a document is archived (R119); read by its end alone (`document-entry.ts`). */
export const isArchived = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived";
export const designationType = `${mhd}ihe-designationType`;
export const sourceId = `${mhd}ihe-sourceId`;
/** valueCode, on Patient, to somebody who signs in as a patient: self | representative | carer | heir. */
export const relation = `${carnet}relation`;
/** valueCode, on Patient: provisional | retrieved | validated | qualified, the status of the INS (R37). */
export const identityStatus = `${carnet}identity-status`;
/** valueDateTime, on Patient: since when the operator suspends the record (R18). */
export const suspendedSince = `${carnet}suspended-since`;
/** valueDateTime, on Patient, to the holder's side: when the deletion was asked for (R20). */
export const deletionRequested = `${carnet}deletion-requested`;
/** valueDateTime, on Patient, to the holder's side: when a closed record will be destroyed (R19, R20). */
export const destroyedOn = `${carnet}destroyed-on`;
/** valueDateTime, on RelatedPerson: when the role was certified (R10, R14). In a request: valueBoolean true. */
export const attestation = `${carnet}attestation`;
/** valueString, on the Bundle of a search: where the record stood; what changes later is found with it (`changed`, R132). */
export const position = `${carnet}position`;
/** valueUri: uniqueId of one document that states the fact; repeats, one per document. */
export const factSource = `${carnet}fact-source`;
/** valueString: how the coded entry and the narrative, or two documents, disagree. */
export const disagreement = `${carnet}disagreement`;
/** valueString: the narrative text that stands beside a coded entry. */
export const narrativeText = `${carnet}narrative-text`;
/**
 * valueString: what a document records and FHIR has no room for, in signs of no language: a time of day without zone
 * (`2018-09-23T20:30`, `2018-09-23T20` when only the hour is recorded), a length without an end (`P3M`, `PT1.5H`), bounds that
 * are excluded (`> 1 g/L, < 9 g/L`).
 */
export const recordedForm = `${carnet}recorded-form`;
/** Any value[x]: a value that the document denies (negationInd). Never to be shown as found. */
export const deniedValue = `${carnet}denied-value`;
/** valueInteger, on the newest value of an analyte in a bounded summary: how many older values were left out. */
export const earlierValues = `${carnet}earlier-values`;
/** valueQuantity: a result in the unit of its analyte's newest value; the original stays as the value. */
export const convertedValue = `${carnet}converted-value`;
/**
 * On a medicine: `status` (valueCode prescribed | dispensed | stopped | unknown), `over` (valueBoolean: its end, its length
 * with the renewals, or what was handed over lies before the summary), and when several documents speak of
 * the treatment one `event` each, newest first: `kind` (valueCode prescribed | dispensed | reimbursed | stated), `date`,
 * `start`, `end` (valueDateTime), `product` (valueCodeableConcept), `dosage`, `remark` (valueString), `source` (valueUri, repeats);
 * `earlierEvents` (valueInteger): how many older ones were left out.
 */
export const treatment = `${carnet}treatment`;
/** valueInteger, on the section of treatments in a bounded summary: how many older past treatments were left out. */
export const earlierTreatments = `${carnet}earlier-treatments`;
/**
 * On `MedicationRequest.dispenseRequest`: the time during which a prescription may be delivered again
 * (FR-Periode-de-renouvellement). valuePeriod: its first and last day; valueDuration: its length, from the start of that
 * period, else from the start of the prescription. FHIR has no place for it: `dispenseInterval` is the least time between
 * two deliveries, `validityPeriod` holds the first one too.
 */
export const renewalPeriod = `${carnet}renewal-period`;
