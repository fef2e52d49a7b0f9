/** Who acts for or beside a person: representatives, heirs, carers. R10, R13, R14, R22. */
import { randomUUID } from "node:crypto";
import type { Ins } from "@carnet/sdk/identity";
import { wireId } from "../http/ids.ts";
import type { Services } from "../http/services.ts";
import type { RepresentativeKind } from "../rules/index.ts";
import * as store from "../store/relations.ts";
import type { CarerTable } from "../store/tables.ts";
import { type Agent, perform } from "./act.ts";

export interface RepresentativeToName {
  readonly ins: Ins;
  readonly name: string;
  readonly kind: RepresentativeKind;
  readonly isOpener: boolean;
  /** When the parent certified their role (R10). */
  readonly attestedAt: Date | null;
  /** Since when; with a date, the past is being told. Now when absent. */
  readonly startedAt?: Date | undefined;
  readonly endedAt: Date | null;
  /** So many of this kind in office at once, at most; any number when absent. */
  readonly most?: number | undefined;
}

const ruleOfKind = { parent: "R10", tutor: "R13", curator: "R13", mandatary: "R13", heir: "R22" } as const;

/** @returns its id, or why nobody was named: this person is one of this kind already, or there are as many as may be */
export async function nameRepresentative(
  services: Services,
  recordId: string,
  by: Agent,
  wanted: RepresentativeToName,
): Promise<{ readonly id: string } | "already" | "too-many"> {
  const now = services.now();
  const representativeId = randomUUID();
  const line = {
    transaction: "RELATION",
    action: "C",
    rule: ruleOfKind[wanted.kind],
    objectType: "RelatedPerson",
    objectId: wireId(recordId, representativeId),
    detail: wanted.kind,
  } as const;
  const row = {
    record_id: recordId,
    representative_id: representativeId,
    ins_system: wanted.ins.system,
    ins_value: wanted.ins.value,
    name: wanted.name,
    kind: wanted.kind,
    started_at: wanted.startedAt ?? now,
    ended_at: wanted.endedAt,
    is_opener: wanted.isOpener,
    attested_at: wanted.attestedAt,
    added_by: typeof by === "string" ? by : by.actor.id,
  };
  let outcome: Awaited<ReturnType<typeof store.addRepresentative>> = "already";
  await perform(
    services,
    { recordId, by, now, notice: "representative-added", line, isSilent: wanted.startedAt !== undefined },
    async (transaction) => {
      outcome = await store.addRepresentative(transaction, row, wanted.most);
      return outcome === "added";
    },
  );
  // Written in a callback, which the compiler does not follow.
  const told = outcome as Awaited<ReturnType<typeof store.addRepresentative>>;
  return told === "added" ? { id: representativeId } : told;
}

/** The person concerned no longer acts. @returns whether they did until now */
export async function endRepresentation(services: Services, by: Agent, row: store.RepresentativeRow): Promise<boolean> {
  const now = services.now();
  const objectId = wireId(row.record_id, row.representative_id);
  const rule = ruleOfKind[row.kind];
  const line = { transaction: "RELATION", action: "D", rule, objectType: "RelatedPerson", objectId } as const;
  return perform(services, { recordId: row.record_id, by, now, line }, (transaction) =>
    store.endRepresentative(transaction, row, now),
  );
}

export interface CarerToAdd {
  readonly ins: Ins;
  readonly name: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

export type CarerOutcome = CarerTable | "already" | "too-many-carers" | "too-many-people";

/** R14: at most three per holder, five people per carer, with a first and a last day. */
export async function addCarer(
  services: Services,
  recordId: string,
  by: Agent,
  wanted: CarerToAdd,
): Promise<CarerOutcome> {
  const now = services.now();
  const row: CarerTable = {
    record_id: recordId,
    carer_id: randomUUID(),
    ins_system: wanted.ins.system,
    ins_value: wanted.ins.value,
    name: wanted.name,
    starts_at: wanted.startsAt,
    ends_at: wanted.endsAt,
    ended_at: null,
    attested_at: now,
    added_by: typeof by === "string" ? by : by.actor.id,
  };
  const line = {
    transaction: "RELATION",
    action: "C",
    rule: "R14",
    objectType: "RelatedPerson",
    objectId: wireId(recordId, row.carer_id),
    detail: "carer",
  } as const;
  let outcome: CarerOutcome = row;
  await perform(services, { recordId, by, now, notice: "carer-added", line }, async (transaction) => {
    const added = await store.addCarer(transaction, row, services.config.rules, now);
    outcome = added === "added" ? row : added;
    return added === "added";
  });
  return outcome;
}

/** R14: revoked by the holder, or given up by the carer. @returns whether their time was running */
export async function endCarer(services: Services, by: Agent, row: CarerTable): Promise<boolean> {
  const now = services.now();
  const objectId = wireId(row.record_id, row.carer_id);
  const line = { transaction: "RELATION", action: "D", rule: "R14", objectType: "RelatedPerson", objectId } as const;
  return perform(services, { recordId: row.record_id, by, now, line }, (transaction) =>
    store.endCarer(transaction, row, now),
  );
}
