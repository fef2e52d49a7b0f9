/** Who may read which missing follow-up (issue C, point 6): from the token's proof of the caller, never from a wish. */
import type { Actor } from "./actor.ts";
import { professionCode } from "./matrix.ts";

/** `all`: patients and relatives; `professional`; `prescriber`: unusual consumption too. */
export type CareReader = "all" | "professional" | "prescriber";

/** @param prescribing codes of TRE_G15 whose holders prescribe medicines */
export function careReaderOf(actor: Actor, prescribing: readonly string[]): CareReader {
  if (actor.kind !== "professional") return "all";
  return prescribing.includes(professionCode(actor.profession)) ? "prescriber" : "professional";
}
