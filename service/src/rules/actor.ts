/**
 * Who is asking: what the access token proves about the caller, and nothing else.
 * Source: rules.md R83 (matrix column), R200 to R206 (authentication).
 */

/** Purpose of use: normal (`TREAT`), break the glass (bris de glace, `BTG`), dispatch centre (centre 15, `ETREAT`). R70. */
export type PurposeOfUse = "TREAT" | "BTG" | "ETREAT";

/**
 * How a caller proved who they are (R200): a card, CPS or CPE (`direct`); the establishment's certificate (`indirect`);
 * Pro Santé Connect (authentification indirecte renforcée, AIR, `reinforced-indirect`). Rights differ (R201).
 */
export type Authentication = "direct" | "indirect" | "reinforced-indirect";

/** A structure of care (structure d'exercice). `id` is the national identifier with its prefix (1 FINESS, 3 SIRET). */
export interface Structure {
  readonly id: string;
  readonly name: string;
  /** TRE_R02 code, for example `SA07`. */
  readonly facilityType?: string;
  /** TRE_A01 code, for example `AMBULATOIRE`. */
  readonly practiceSetting?: string;
}

/** A professional, identified in person (CPS card, e-CPS through Pro Santé Connect). */
export interface ProfessionalActor {
  readonly kind: "professional";
  /** Account id at the issuer (`sub`). */
  readonly id: string;
  readonly name: string;
  /** `8` + 11 digits of the RPPS. */
  readonly rpps: string;
  /** TRE_G15 code, for example `10` for a doctor. */
  readonly profession: string;
  /** Specialty (savoir-faire) code, for example `SM04`. */
  readonly specialty?: string;
  /** Role code (for example `316`, `317` for pharmacy technicians). */
  readonly role?: string;
  /** Activity kind (GENR01 to GENR12). */
  readonly activityKind?: string;
  readonly structure?: Structure;
  /** True when the issuer says that the person works in a dispatch centre. */
  readonly dispatchCentre?: boolean;
  /** `direct` when absent. */
  readonly authentication?: Authentication;
}

/** A patient, or a legal representative acting for one. */
export interface PatientActor {
  readonly kind: "patient";
  readonly id: string;
  readonly name: string;
  readonly ins: { readonly system: string; readonly value: string };
  /** R168: an application of the catalogue acts for the patient, within what they consented to. Absent: in person. */
  readonly application?: { readonly id: string; readonly name: string };
}

/** An establishment's software or secretary: deposits in the name of the structure, never consults (R58, R79). */
export interface EstablishmentActor {
  readonly kind: "establishment";
  readonly id: string;
  readonly name: string;
  readonly structure: Structure;
  /** `direct` when absent: a secretary's card (CPE). `indirect`: the software itself. */
  readonly authentication?: Authentication;
}

export type Actor = ProfessionalActor | PatientActor | EstablishmentActor;

/**
 * Claims of an access token beside the registered ones (`iss`, `aud`, `sub`, `exp`).
 * They stand under the single claim `carnet`, so that an outside issuer's claims never collide with ours.
 */
export type ActorClaims = Actor extends infer Kind ? (Kind extends Actor ? Omit<Kind, "id"> : never) : never;
