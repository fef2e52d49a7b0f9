/** Code systems used in metadata. Source: wire.md, "DocumentReference: minimum the record accepts". One export each, so that a bundle holds only those it uses. */

export * from "./clinical-systems.ts";

const nos = (name: string) => `https://mos.esante.gouv.fr/NOS/${name}/FHIR/${name.replaceAll("_", "-")}` as const;

export const documentTypeNational = /* @__PURE__ */ nos("TRE_A05-TypeDocComplementaire");
export const documentClass = /* @__PURE__ */ nos("TRE_A03-ClasseDocument");
export const format = /* @__PURE__ */ nos("TRE_A06-FormatCodeComplementaire");
export const formatIhe = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode";
export const facilityType = /* @__PURE__ */ nos("TRE_R02-SecteurActivite");
export const practiceSetting = /* @__PURE__ */ nos("TRE_A01-CadreExercice");
export const nonProfessionalAuthor = /* @__PURE__ */ nos("TRE_A00-ProducteurDocNonPS");
export const profession = /* @__PURE__ */ nos("TRE_G15-ProfessionSante");
export const visibility = /* @__PURE__ */ nos("TRE_A07-StatutVisibiliteDocument");
export const confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
export const actReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
export const mhdListType = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes";
