import type { Ins } from "../../identity/index.ts";

/** A code as FHIR writes it. */
export interface WrapCoding {
  readonly code: string;
  /** FHIR uri: `http://loinc.org`, `https://mos.esante.gouv.fr/NOS/…`, `urn:oid:…`. */
  readonly system: string;
  readonly display?: string;
}

export interface WrapPatient {
  /** Qualified INS with a right key (R37). */
  readonly ins: Ins;
  /** Nom de naissance. */
  readonly birthName: string;
  /** Premier prénom de naissance. */
  readonly firstGivenName: string;
  /** Every first name of the birth act, in order. */
  readonly birthGivenNames: readonly string[];
  readonly usedName?: string;
  readonly usedGivenName?: string;
  readonly sex: "male" | "female" | "unknown";
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
  /** Code officiel géographique of the place of birth: 5 characters. */
  readonly birthPlaceCode: string;
}

export interface WrapOrganization {
  /** National structure identifier with its prefix: 1 FINESS, 2 SIREN, 3 SIRET, 4 RPPS-rank. */
  readonly id: string;
  readonly name: string;
  /** Secteur d'activité: `SA07`. */
  readonly facilityType: string;
  /** Cadre d'exercice: `AMBULATOIRE`. */
  readonly practiceSetting: string;
}

export interface WrapAuthor {
  /** The 11 digits of the RPPS, or the national identifier with its prefix (`8` + RPPS). */
  readonly rpps: string;
  readonly family: string;
  readonly given: string;
  /** Civility: `M`, `MME`. */
  readonly prefix?: string;
  /** Professional title: `DR`, `PR`. */
  readonly suffix?: string;
  /** `G15_10`. */
  readonly profession: string;
  /** `SM26`; omit it for professions without one. */
  readonly specialty?: string;
  readonly organization: WrapOrganization;
}

/** A document that the patient writes: the same, `"patient"` in the place of the author. */
export interface WrapPatientInput extends Omit<WrapInput, "author"> {
  readonly author: "patient";
}

/** What `wrapInCda` needs: a file and the metadata of its CI-SIS header. Dates are ISO 8601. */
export interface WrapInput {
  readonly content: Uint8Array;
  /** `application/pdf`, `image/jpeg`, `image/tiff`, `text/rtf` or `text/plain` (R103); parameters are ignored. */
  readonly contentType: string;
  readonly title: string;
  /** `urn:oid:…` or `urn:uuid:…`, never used before (R116). */
  readonly uniqueId: string;
  /** Shared by all versions. Default: `replaces`, else `uniqueId`: give it from the third version on. */
  readonly setId?: string;
  /** Default: 2 when the document replaces another, else 1. */
  readonly version?: number;
  /** uniqueId of the document this one replaces (R117). */
  readonly replaces?: string;
  /** A time of day with its zone: without one it is written as it stands, and the record counts its day alone (from midnight UTC). */
  readonly effectiveTime: string;
  /** Default `fr-FR`. */
  readonly language?: string;
  /** `N` (default), `R` or `V`. */
  readonly confidentiality?: string;
  /** Type of the document, in JDV_J07 (R100). */
  readonly type: WrapCoding;
  /** Main act documented. */
  readonly act: { readonly start: string; readonly end?: string; readonly code?: WrapCoding };
  readonly patient: WrapPatient;
  readonly author: WrapAuthor;
}
