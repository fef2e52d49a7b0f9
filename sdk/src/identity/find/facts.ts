import type { IdentityTraits } from "../traits.ts";

/** One thing the text says of somebody, and where. */
export interface Fact {
  readonly start: number;
  readonly end: number;
  readonly traits: IdentityTraits;
  /** The text calls this field by its name ("Nom de naissance :"), and gives no whole person. */
  readonly isField: boolean;
  /** The text calls whom it names its patient. */
  readonly isCalledPatient: boolean;
  /** It goes on with the fact before it, of the same person: "née MARTIN" behind "Mme DURAND". */
  readonly isContinued?: boolean;
}

/** What some tokens say, and the index of the first one after them. */
export interface Reading {
  readonly traits: IdentityTraits;
  readonly next: number;
}
