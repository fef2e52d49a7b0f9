import type { Address, ContactPoint } from "../../fhir/index.ts";
import type { Ins } from "../../identity/index.ts";

/** A coded value ready for CDA: the system is an OID. */
export interface CdaCode {
  readonly code: string;
  readonly oid: string;
  readonly display: string;
}

/** An HL7 identifier. */
export interface CdaId {
  readonly root: string;
  readonly extension?: string;
}

export interface HeaderPatient {
  readonly ins: Ins;
  readonly birthName: string;
  readonly firstGivenName: string;
  readonly birthGivenNames: readonly string[];
  readonly usedName?: string;
  readonly usedGivenName?: string;
  readonly sex: "male" | "female" | "unknown";
  /** `YYYYMMDD`. */
  readonly birthTime: string;
  readonly birthPlaceCode: string;
  /** What the header may say beyond the strict traits. */
  readonly more?: HeaderPatientDetails;
}

export interface HeaderPatientDetails {
  /** Numbers that others gave (IPP). */
  readonly ids: readonly CdaId[];
  readonly addresses: readonly Address[];
  readonly telecoms: readonly ContactPoint[];
  readonly isDeceased?: boolean | undefined;
  /** HL7 time. */
  readonly deceasedTime?: string | undefined;
  readonly birthOrder?: number | undefined;
}

export interface HeaderOrganization {
  /** National structure identifier with its prefix. */
  readonly id: string;
  readonly name: string;
  readonly facilityType: CdaCode;
  readonly practiceSetting: CdaCode;
}

export interface HeaderProfessional {
  /** `8` + RPPS, or another prefixed national identifier. */
  readonly id: string;
  readonly family: string;
  readonly given: string;
  readonly prefix?: string;
  readonly suffix?: string;
  /** Code of JDV_J01. */
  readonly specialty?: CdaCode;
  /** `PCP` when the author is the referring doctor. */
  readonly isReferringDoctor?: boolean;
  readonly organization: HeaderOrganization;
}

/** Who wrote: a professional, or the patient of the document (Mon espace santé). */
export type HeaderAuthor = HeaderProfessional | "patient";

/** Someone to call: emergency contact (ECON) or trusted person (NOK). */
export interface HeaderContact {
  readonly kind: "ECON" | "NOK";
  readonly family: string;
  readonly given?: string;
  readonly relationship?: CdaCode;
  readonly phone?: string;
}

/** Everything a CI-SIS header says, checked and in the forms of CDA. Times are HL7 timestamps. */
export interface HeaderData {
  /** The conformance templates after the two that every French document carries. */
  readonly templateIds: readonly CdaId[];
  readonly id: CdaId;
  readonly type: CdaCode;
  readonly title: string;
  readonly effectiveTime: string;
  readonly confidentiality: CdaCode;
  readonly language: string;
  readonly setId: CdaId;
  readonly version: number;
  readonly replaces?: CdaId;
  readonly patient: HeaderPatient;
  readonly author: HeaderAuthor;
  readonly contacts?: readonly HeaderContact[];
  readonly act: { readonly start: string; readonly end?: string; readonly code?: CdaCode };
  /** The stay or visit (prise en charge); by default the dates of the act. */
  readonly encounter?: { readonly code?: CdaCode; readonly start: string; readonly end?: string };
}
