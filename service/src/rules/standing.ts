/** From the rows of authorisations to the state that software sees. R55 to R62. */
import type { ProfessionalActor } from "./actor.ts";
import type { AuthorisationState, Standing } from "./facts.ts";
import { isDoctor, isOccupationalDoctor } from "./matrix.ts";

export interface Authorisation {
  readonly kind: "access" | "referring" | "block";
  readonly subjectKind: "professional" | "structure";
  readonly subjectId: string;
  readonly expiresAt: Date | null;
  readonly endedAt: Date | null;
}

export const noStanding: Standing = { authorisation: "none", isReferringDoctor: false };

/**
 * Where `actor` stands. A block wins over everything (R59); a referring doctor is authorised by that role, which makes
 * nobody else more than authorised (R62); an authorisation of the structure stands for its professionals (R58).
 */
export function standingOf(actor: ProfessionalActor, authorisations: readonly Authorisation[], now: Date): Standing {
  const mine = authorisations.filter(
    (one) =>
      one.endedAt === null &&
      (one.subjectKind === "professional"
        ? one.subjectId === actor.rpps
        : actor.structure !== undefined && one.subjectId === actor.structure.id),
  );
  if (mine.some((one) => one.kind === "block")) return { authorisation: "forbidden", isReferringDoctor: false };
  const inForce = mine.filter((one) => one.expiresAt === null || one.expiresAt > now);
  const isReferringDoctor =
    isDoctor(actor) &&
    !isOccupationalDoctor(actor) &&
    inForce.some((one) => one.kind === "referring" && one.subjectKind === "professional");
  const authorisation: AuthorisationState = inForce.length > 0 ? "valid" : mine.length > 0 ? "expired" : "none";
  return { authorisation, isReferringDoctor };
}
