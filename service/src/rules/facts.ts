/** What the rules must know of a record, of the caller's standing in it and of a document. No rule reads anything else. */

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
}

/** Parameters of the rules (config). R9, R148, R152. */
export interface RuleParameters {
  readonly announcementDays: number;
  readonly majorityAge: number;
  readonly hasMinorManagement: boolean;
}
