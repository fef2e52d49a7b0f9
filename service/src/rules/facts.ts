/** What the rules must know of a record, of the caller's standing in it and of a document. No rule reads anything else. */

import type { ApplicationPurpose } from "./application.ts";

export type AuthorisationState = "valid" | "none" | "expired" | "forbidden";

/** Where a professional stands in one record. R55, R62. */
export interface Standing {
  readonly authorisation: AuthorisationState;
  readonly isReferringDoctor: boolean;
}

export interface Identity {
  readonly system: string;
  readonly value: string;
}

/**
 * Legal relation of a representative: parent of a minor (R10), tutor, curator, protection mandatary of an adult (R13).
 * `heir`: after the holder's death, for reading only (R22).
 */
export type RepresentativeKind = "parent" | "tutor" | "curator" | "mandatary" | "heir";

export interface Representative extends Identity {
  readonly kind: RepresentativeKind;
  /** R10: the parent to whom the child is attached at the health insurance, who opened the record. */
  readonly isOpener: boolean;
}

/** The four statuses of an INS (provisoire, récupérée, validée, qualifiée). R37. */
export type IdentityStatus = "provisional" | "retrieved" | "validated" | "qualified";

export interface RecordFacts {
  /** `suspended`: by the operator, for fraud or malfunction (R18). */
  readonly state: "open" | "suspended" | "closed";
  readonly ins: Identity;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  /** R73: the three switches of the patient. */
  readonly allowsDispatch: boolean;
  readonly allowsBreakGlass: boolean;
  readonly allowsMaskedInEmergency: boolean;
  /** R5: attached to Mon espace santé, where the person manages the record. */
  readonly isAttachedToMes: boolean;
  readonly identityStatus: IdentityStatus;
  readonly isDeceased: boolean;
  /** Representatives in office. R10, R13, R22. */
  readonly representatives: readonly Representative[];
  /** Carers (proches aidants) whose access runs now. R14. */
  readonly carers: readonly Identity[];
  /** R168: what the holder consented to for the application through which the caller acts; absent: no application. */
  readonly applicationPurposes?: readonly ApplicationPurpose[];
  /** Of the caller; ignored for patients. */
  readonly standing: Standing;
}

export type AuthorKind = "professional" | "patient" | "structure" | "device" | "insurance";

export interface DocumentFacts {
  readonly status: "current" | "superseded" | "entered-in-error";
  /** Superseded, and every version that replaced it was deleted since. Read where a replacement is decided only. */
  readonly isLastLeft?: boolean;
  readonly typeCode: string;
  readonly isHidden: boolean;
  readonly isInvisibleToPatient: boolean;
  readonly isInvisibleToRepresentatives: boolean;
  readonly isArchived: boolean;
  readonly receivedAt: Date;
  readonly authorKind: AuthorKind;
  /** RPPS of the authors who are professionals. */
  readonly authorIds: readonly string[];
  readonly authorStructureIds: readonly string[];
  readonly depositorKind: "professional" | "patient" | "establishment";
  /** RPPS, INS value or structure id of who deposited it. */
  readonly depositorId: string;
  readonly depositorStructureId: string | null;
  /** RPPS and structure ids from which the patient withholds this one document. Beyond the DMP. */
  readonly withheldFrom: readonly string[];
  /** The patient said so once and for all: read in no emergency mode, by anybody. Beyond the DMP. */
  readonly isNeverInEmergency: boolean;
  /** When a document that waits for its announcement shows by itself, if earlier than the usual delay. R148. */
  readonly patientSeesFrom: Date | null;
}

/** R141 (cumul): whether a document may be hidden from professionals and from the patient at once. */
export type Cumulation =
  /** As long as somebody beside the author may read it within a month. */
  "bounded" | "always" | "never";

/** Parameters of the rules (config): what rules.md leaves open or marks as a parameter. */
export interface RuleParameters {
  /** R148, in days. */
  readonly announcementDays: number;
  /** R9, in years. */
  readonly majorityAge: number;
  /** R152. */
  readonly hasMinorManagement: boolean;
  /** R77: whether a blocked professional may break the glass. */
  readonly blockedMayBreakGlass: boolean;
  /** R85: whether the matrix closes an author's own documents to them. */
  readonly matrixLimitsAuthors: boolean;
  /** R86: whether the matrix holds in emergency too. */
  readonly matrixHoldsInEmergency: boolean;
  /** R141. */
  readonly cumulation: Cumulation;
  /** R22: whether heirs whom the operator let in may read the record of the dead. */
  readonly allowsHeirs: boolean;
}

/** Terms of the life of a record, in days and years. R19, R20. */
export interface TermParameters {
  /** R20: days after which a deletion that was asked for is carried out; at most 90. */
  readonly deletionDays: number;
  /** R19: years for which a closed record is kept. */
  readonly archiveYears: number;
}

/** The proposals of rules.md. */
export const defaultParameters: RuleParameters = {
  announcementDays: 30,
  majorityAge: 18,
  hasMinorManagement: true,
  blockedMayBreakGlass: false,
  matrixLimitsAuthors: false,
  matrixHoldsInEmergency: true,
  cumulation: "bounded",
  allowsHeirs: true,
};
