/** Kinds of actors, as the patient's view of the traces has them in its tabs. R183. */
import { type RawBuilder, sql } from "kysely";
import type { LogLine } from "./access-log.ts";

/** Code system of the kinds. */
export const ACTOR_KIND_SYSTEM = "https://carnet.example/fhir/CodeSystem/actor-kind";

export const actorKinds = [
  "professional",
  "establishment",
  /** Somebody of the operator. */
  "support",
  /** The holder in person. */
  "patient",
  /** Somebody who acts for the holder, or helps them. */
  "representative",
  /** An application of the catalogue (R168). */
  "service",
  /** The record by itself. */
  "system",
  /** The opening of the record, and the making of the account. */
  "enrolment",
] as const;

export type ActorKind = (typeof actorKinds)[number];

export function isActorKind(code: string): code is ActorKind {
  return actorKinds.some((kind) => kind === code);
}

interface Holder {
  readonly system: string;
  readonly value: string;
}

/** Transactions of the record's own acts that belong to an opening, and to the operator. */
const ENROLMENT = ["OPENING", "OPPOSITION"];
const SUPPORT = ["SUSPENSION", "DEATH"];

/** The kind of the actor of one line. */
export function actorKindOf(
  line: Pick<LogLine, "actor_kind" | "actor_id" | "application_id" | "transaction">,
  holder: Holder,
): ActorKind {
  if (line.application_id !== null) return "service";
  switch (line.actor_kind) {
    case "professional":
    case "establishment":
      return line.actor_kind;
    case "patient":
      return line.actor_id === holder.value ? "patient" : "representative";
    case "system":
      if (ENROLMENT.includes(line.transaction)) return "enrolment";
      return SUPPORT.includes(line.transaction) ? "support" : "system";
  }
}

/** The same on the database: lines whose actor is of this kind. */
export function actorKindCondition(kind: ActorKind, holder: Holder): RawBuilder<unknown> {
  switch (kind) {
    case "service":
      return sql`application_id is not null`;
    case "professional":
    case "establishment":
      return sql`(application_id is null and actor_kind = ${kind})`;
    case "patient":
      return sql`(application_id is null and actor_kind = 'patient' and actor_id = ${holder.value})`;
    case "representative":
      return sql`(application_id is null and actor_kind = 'patient' and actor_id <> ${holder.value})`;
    case "enrolment":
      return sql`(actor_kind = 'system' and transaction = any(${ENROLMENT}))`;
    case "support":
      return sql`(actor_kind = 'system' and transaction = any(${SUPPORT}))`;
    case "system":
      return sql`(actor_kind = 'system' and not transaction = any(${[...ENROLMENT, ...SUPPORT]}))`;
  }
}
