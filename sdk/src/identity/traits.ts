import type { Ins } from "./ins.ts";

/** What is known of a person: the number and the five strict traits (R35), and the names in use. */
export interface IdentityTraits {
  readonly ins?: Ins;
  /** Nom de naissance. */
  readonly birthName?: string;
  /** Nom utilisé. */
  readonly usedName?: string;
  /** Liste des prénoms de naissance, in the order of the birth act. */
  readonly birthGivenNames?: readonly string[];
  /** Premier prénom de naissance. */
  readonly firstGivenName?: string;
  /** Prénom utilisé. */
  readonly usedGivenName?: string;
  readonly sex?: "male" | "female" | "unknown";
  /** `YYYY-MM-DD`. */
  readonly birthDate?: string;
  /** Code officiel géographique (COG) of the place of birth. */
  readonly birthPlaceCode?: string;
}
