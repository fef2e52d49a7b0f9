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

export interface RecordFacts {
  readonly state: "open" | "closed";
  readonly ins: Identity;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  /** R73: the three switches of the patient. */
  readonly allowsDispatch: boolean;
  readonly allowsBreakGlass: boolean;
  readonly allowsMaskedInEmergency: boolean;
  /** Representatives in office. R10, R13. */
  readonly representatives: readonly Identity[];
  /** R168: what the holder consented to for the application through which the caller acts; absent: no application. */
  readonly applicationPurposes?: readonly ApplicationPurpose[];
  /** Of the caller; ignored for patients. */
  readonly standing: Standing;
}

export type AuthorKind = "professional" | "patient" | "structure" | "device" | "insurance";

export interface DocumentFacts {
  readonly status: "current" | "superseded" | "entered-in-error";
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
};
