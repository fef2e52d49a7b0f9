/** Closing, re-activating, suspending, deleting, death: what is done to a record that is there. R15 to R22. */
import { randomUUID } from "node:crypto";
import type { Services } from "../http/services.ts";
import { writeNotice } from "../log/notice.ts";
import { archivedUntil, daysAfter } from "../rules/index.ts";
import * as store from "../store/life-cycle.ts";
import type { Database } from "../store/store.ts";
import { type Agent, perform } from "./act.ts";

/** R17: the coded motive and the free-text reason that software is shown. */
export interface ClosureWords {
  readonly motive: string;
  readonly reason?: string | undefined;
}

/** Motives of a closure. The first is the one of TD1.4; the others are this service's. */
export const closureMotives = {
  atRequest: "FERMETURE_DEMANDE_PATIENT",
  opposition: "FERMETURE_OPPOSITION",
  suspension: "FERMETURE_SUSPENSION",
  death: "FERMETURE_DECES",
} as const;

/** Those by which the service says what it did itself: no caller's to give. */
export const ownMotives: ReadonlySet<string> = new Set(
  Object.values(closureMotives).filter((motive) => motive !== closureMotives.atRequest),
);

/** R15, R16: closes, and archives for ten years (R19). @returns false when it was closed already */
export async function close(
  services: Services,
  recordId: string,
  by: Agent,
  words: ClosureWords,
  options: { readonly now?: Date; readonly isSilent?: boolean } = {},
): Promise<boolean> {
  const now = options.now ?? services.now();
  const isByProfessional = typeof by !== "string" && by.actor.kind !== "patient";
  const rule = by === "system" ? "R18" : isByProfessional ? "R16" : "R15";
  return perform(
    services,
    {
      recordId,
      by,
      now,
      notice: "closed",
      isSilent: options.isSilent ?? false,
      line: { transaction: "TD1.4", action: "U", rule, detail: words.motive },
    },
    (transaction) =>
      store.closeRecord(
        transaction,
        recordId,
        { motive: words.motive, reason: words.reason },
        now,
        archivedUntil(now, services.config.rules.archiveYears),
      ),
  );
}

/** R21; R18: a suspension outlives a closure. @returns false when it is not closed, or its destruction began */
export async function reactivate(services: Services, recordId: string, by: Agent): Promise<boolean> {
  const now = services.now();
  const line = { transaction: "TD1.2", action: "U", rule: "R21" } as const;
  const closesAt = daysAfter(now, services.config.rules.suspensionDays);
  const isDone = await perform(services, { recordId, by, now, line }, async (transaction) => {
    const state = await store.reactivateRecord(transaction, recordId, now, closesAt);
    if (!state) return false;
    await writeStateNotice(transaction, recordId, state === "open" ? "reactivated" : "suspended", now);
    return true;
  });
  if (isDone) services.onNotice();
  return isDone;
}

/** What the person is told, where it depends on what became of the record. */
async function writeStateNotice(
  transaction: Database,
  recordId: string,
  kind: "reactivated" | "suspended",
  now: Date,
): Promise<void> {
  await writeNotice(transaction, { recordId, key: `${kind}:${randomUUID()}`, kind, now });
}

/** R20. @returns false when it is not closed, or was asked already */
export async function requestDeletion(services: Services, recordId: string, by: Agent): Promise<boolean> {
  const now = services.now();
  const line = { transaction: "DELETION", action: "U", rule: "R20" } as const;
  const destroyAt = daysAfter(now, services.config.rules.deletionDays);
  return perform(services, { recordId, by, now, notice: "deletion-requested", line }, (transaction) =>
    store.requestDeletion(transaction, recordId, now, destroyAt),
  );
}

/** R18. @returns false when it is not open */
export async function suspend(services: Services, recordId: string, reason: string): Promise<boolean> {
  const now = services.now();
  const closesAt = daysAfter(now, services.config.rules.suspensionDays);
  const line = { transaction: "SUSPENSION", action: "U", rule: "R18", detail: "suspended" } as const;
  return perform(services, { recordId, by: "operator", now, notice: "suspended", line }, (transaction) =>
    store.suspendRecord(transaction, recordId, reason, now, closesAt),
  );
}

/** R18: the holder objects; the closure no longer comes by itself. */
export async function object(services: Services, recordId: string, by: Agent): Promise<boolean> {
  const now = services.now();
  const line = { transaction: "SUSPENSION", action: "U", rule: "R18", detail: "objection" } as const;
  return perform(services, { recordId, by, now, line }, (transaction) =>
    store.objectToSuspension(transaction, recordId, now),
  );
}

/** R18: the operator ends the suspension. */
export async function lift(services: Services, recordId: string): Promise<boolean> {
  const now = services.now();
  const line = { transaction: "SUSPENSION", action: "U", rule: "R18", detail: "lifted" } as const;
  const isDone = await perform(services, { recordId, by: "operator", now, line }, async (transaction) => {
    const state = await store.liftSuspension(transaction, recordId, now);
    if (state === "open") await writeStateNotice(transaction, recordId, "reactivated", now);
    return state !== undefined;
  });
  if (isDone) services.onNotice();
  return isDone;
}

/**
 * R22: a death that was told by mistake. The record comes back as it was before it: open, or suspended (R18); one that the
 * person had closed stays closed. The person is told. @returns false when no death was recorded, or its destruction began
 */
export async function withdrawDeath(services: Services, recordId: string): Promise<boolean> {
  const now = services.now();
  const line = { transaction: "DEATH", action: "U", rule: "R22", detail: "withdrawn" } as const;
  const closesAt = daysAfter(now, services.config.rules.suspensionDays);
  const isDone = await perform(services, { recordId, by: "operator", now, line }, async (transaction) => {
    const closed = await store.withdrawDeath(transaction, recordId, now);
    if (!closed) return false;
    if (closed.motive !== closureMotives.death) return true;
    const state = await store.reactivateRecord(transaction, recordId, now, closesAt);
    if (state) await writeStateNotice(transaction, recordId, state === "open" ? "reactivated" : "suspended", now);
    return true;
  });
  if (isDone) services.onNotice();
  return isDone;
}

/** R22: closes and archives as R19, unless it was closed already. Nobody is told: nobody is there to be. */
export async function recordDeath(services: Services, recordId: string, diedOn: string): Promise<boolean> {
  const now = services.now();
  const line = { transaction: "DEATH", action: "U", rule: "R22" } as const;
  return perform(services, { recordId, by: "operator", now, line }, async (transaction) => {
    const isNew = await store.recordDeath(transaction, recordId, diedOn, now);
    if (!isNew) return false;
    const destroyAt = archivedUntil(now, services.config.rules.archiveYears);
    await store.closeRecord(transaction, recordId, { motive: closureMotives.death, reason: undefined }, now, destroyAt);
    return true;
  });
}
