import type { Address, ContactPoint } from "../../fhir/index.ts";
import type { Ins } from "../../identity/index.ts";
import type { XmlPiece } from "./xml.ts";

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
  readonly addresses?: readonly Address[] | undefined;
  readonly telecoms?: readonly ContactPoint[] | undefined;
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
  readonly addresses?: readonly Address[] | undefined;
  readonly telecoms?: readonly ContactPoint[] | undefined;
}

/** Who wrote: a professional, or the patient of the document (Mon espace santé). */
export type HeaderAuthor = HeaderProfessional | "patient";

/**
 * What a FHIR document says of its header beyond its patient, its author and its act: elements already written, each for
 * its place in the order of the schema. Where one is missing, the author of the document stands for it.
 */
export interface HeaderParts {
  readonly guardians?: readonly XmlPiece[];
  /** Authors after the first. */
  readonly authors?: readonly XmlPiece[];
  readonly dataEnterer?: XmlPiece | undefined;
  readonly informants?: readonly XmlPiece[];
  readonly custodian?: XmlPiece | undefined;
  readonly recipients?: readonly XmlPiece[];
  readonly legalAuthenticator?: XmlPiece | undefined;
  readonly authenticators?: readonly XmlPiece[];
  readonly participants?: readonly XmlPiece[];
  /** The act where it has several codes, or words of its own. */
  readonly actCode?: XmlPiece | undefined;
  /** Who did the act. */
  readonly performers?: readonly XmlPiece[] | undefined;
  /** Further acts (documentationOf). */
  readonly acts?: readonly XmlPiece[];
  /** What it adds to, or tells in another form. */
  readonly relatedDocuments?: readonly XmlPiece[];
  /** The meeting or stay (encompassingEncounter). */
  readonly encounter?: XmlPiece | undefined;
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
  readonly act: { readonly start: string; readonly end?: string; readonly code?: CdaCode };
  /** Code of the stay or visit (prise en charge) where the content model fixes it. */
  readonly encounterCode?: CdaCode | undefined;
  readonly parts?: HeaderParts | undefined;
}
