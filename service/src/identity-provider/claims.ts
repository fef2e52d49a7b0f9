/** The claim `carnet` of an access token, written from an account and parsed back into an actor. */
import * as v from "valibot";
import type { Actor, ActorClaims } from "../rules/actor.ts";

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(300));

/** A structure of care, as tokens carry it. */
export const structureClaims = v.object({
  id: text,
  name: text,
  facilityType: v.exactOptional(text),
  practiceSetting: v.exactOptional(text),
});

/** R200: how the person or the structure proved who they are. */
const authentication = v.picklist(["direct", "indirect", "reinforced-indirect"]);

const actorClaims = v.variant("kind", [
  v.object({
    kind: v.literal("professional"),
    name: text,
    rpps: v.pipe(v.string(), v.regex(/^\d{9,20}$/)),
    profession: text,
    specialty: v.exactOptional(text),
    role: v.exactOptional(text),
    activityKind: v.exactOptional(text),
    structure: v.exactOptional(structureClaims),
    dispatchCentre: v.exactOptional(v.boolean()),
    authentication: v.exactOptional(authentication),
  }),
  v.object({ kind: v.literal("patient"), name: text, ins: v.object({ system: text, value: text }) }),
  v.object({
    kind: v.literal("establishment"),
    name: text,
    structure: structureClaims,
    authentication: v.exactOptional(authentication),
  }),
]);

/** Parses claims into an actor. @returns undefined when they are not ours. */
export function readActor(accountId: unknown, claims: unknown): Actor | undefined {
  const id = v.safeParse(text, accountId);
  const parsed = v.safeParse(actorClaims, claims);
  return id.success && parsed.success ? { ...parsed.output, id: id.output } : undefined;
}

/** Parses the claims of an account. @throws Error when they cannot stand in a token */
export function parseActorClaims(claims: unknown): ActorClaims {
  const parsed = v.safeParse(actorClaims, claims);
  if (parsed.success) return parsed.output;
  const path = v.getDotPath(parsed.issues[0]) ?? "kind";
  throw new Error(`an account cannot have these claims: check ${path}`);
}
