import type { IdentityTraits } from "../traits.ts";

/** One thing the text says of somebody, and where. */
export interface Fact {
  readonly start: number;
  readonly end: number;
  readonly traits: IdentityTraits;
  /** The text calls this field by its name ("Nom de naissance :"), and gives no whole person. */
  readonly isField: boolean;
}

/** What some tokens say, and the index of the first one after them. */
export interface Reading {
  readonly traits: IdentityTraits;
  readonly next: number;
}
