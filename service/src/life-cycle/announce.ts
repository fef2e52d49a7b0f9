/** Before a record is there: the announcement, the opposition, the opening by the person or by time. R2, R3, R7, R8, R10. */
import { randomUUID } from "node:crypto";
import type { Ins } from "@carnet/sdk/identity";
import * as v from "valibot";
import type { Caller } from "../http/caller.ts";
import { pretendedRecordId } from "../http/ids.ts";
import type { Services } from "../http/services.ts";
import { writeNotice } from "../log/notice.ts";
import { writeAnnouncement } from "../notices/announcement-text.ts";
import { keepMail } from "../notices/outbox.ts";
import { archivedUntil, daysAfter, isMinor, type PatientActor } from "../rules/index.ts";
import * as insured from "../store/insured-persons.ts";
import { closeRecord } from "../store/life-cycle.ts";
import { findRecordId } from "../store/people.ts";
import { loadRecord } from "../store/records.ts";
import type { InsuredPersonTable } from "../store/tables.ts";
import { type Agent, logAct } from "./act.ts";
import { checkedIns, newRecord, OpposedToRecord, openRecord } from "./open.ts";
import { nameRepresentative } from "./relations.ts";
import { closureMotives } from "./states.ts";

/** A line of the operator's stream: who, and how they are told. */
export const insuredPerson = v.object({
  ...newRecord.entries,
  /** Printed on the health insurance card. */
  cardSerialNumber: v.pipe(v.string(), v.regex(/^[0-9A-Z]{6,20}$/)),
  /** Without one, the operator sends the letter that comes back. */
  email: v.optional(v.pipe(v.string(), v.email(), v.maxLength(200))),
  locale: v.optional(v.picklist(["fr", "en"])),
});

export type InsuredPerson = v.InferOutput<typeof insuredPerson>;

/** What became of an announcement. The letter, when there is one, holds the code: print it, do not keep it. */
export interface Announcement {
  readonly state: "announced" | "already-announced" | "has-record" | "opposed";
  readonly opensAt?: Date;
  readonly letter?: { readonly subject: string; readonly text: string };
}

/** A child needs the parent to whom it is attached: nobody else could open the record (R10). */
export class ParentMissing extends Error {
  readonly code = "parent-missing";
  constructor() {
    super("a minor needs attachedTo, the INS of the parent to whom the child is attached");
  }
}

/** R2: tells the person at once; the record opens after six weeks. @throws InsError, InsNotAccepted, ParentMissing */
export async function announce(services: Services, person: InsuredPerson): Promise<Announcement> {
  const { cardSerialNumber, email, locale = "fr", ...record } = person;
  const ins = checkedIns(services, record.ins);
  const { database } = services.store;
  const now = services.now();
  const isForChild = isMinor(record.traits.birthDate, services.config.rules.majorityAge, now);
  if (isForChild && !record.attachedTo) throw new ParentMissing();
  if (await findRecordId(database, ins)) return { state: "has-record" };
  if (await insured.isOpposed(database, ins)) return { state: "opposed" };
  // Another letter would make the code of the first one worthless.
  if (await insured.findAnnouncement(database, ins)) return { state: "already-announced" };
  const opensAt = daysAfter(now, services.config.rules.oppositionDays);
  const { traits } = record;
  const name = [
    traits.usedGivenName ?? traits.firstGivenName ?? traits.birthGivenNames[0],
    traits.usedName ?? traits.birthName,
  ];
  const provisionalCode = await services.letters.write({
    ins,
    name: name.join(" "),
    cardSerialNumber,
    birthDate: traits.birthDate,
  });
  const words = writeAnnouncement(
    { opensAt, provisionalCode, isForChild, link: `${services.config.publicUrl}/` },
    locale,
  );
  const row: InsuredPersonTable = {
    ins_system: ins.system,
    ins_value: ins.value,
    record: JSON.stringify({ ...record, ins }),
    announced_at: now,
    opens_at: opensAt,
  };
  const isNew = await services.store.transaction(async (transaction) => {
    if (!(await insured.keepAnnouncement(transaction, row))) return false;
    const recordId = pretendedRecordId(ins.system, ins.value);
    const line = { transaction: "OPENING", action: "C", rule: "R2", detail: "announced" } as const;
    await logAct(transaction, { recordId, by: "operator", line, now });
    if (!email) return true;
    const mail = { dedupeKey: `announcement-${recordId}`, to: email, kind: "announcement", locale, ...words } as const;
    await keepMail(transaction, mail, services.config.smtpUrl ? "pending" : "kept", now);
    return true;
  });
  if (!isNew) return { state: "already-announced" };
  services.onNotice();
  return { state: "announced", opensAt, ...(email ? {} : { letter: words }) };
}

/**
 * R3: no record, now or later. A record that is there is closed, once the person confirmed that it shall be.
 * @returns `unconfirmed`: nothing was done, since a record is there
 */
export async function oppose(
  services: Services,
  given: Ins,
  by: Agent,
  isConfirmed: boolean,
): Promise<"opposed" | "unconfirmed"> {
  const ins = checkedIns(services, given);
  const now = services.now();
  const state = await services.store.transaction(async (transaction) => {
    await insured.holdPerson(transaction, ins);
    const recordId = await findRecordId(transaction, ins);
    if (recordId && !isConfirmed) return "unconfirmed";
    const isNew = await insured.keepOpposition(transaction, ins, now);
    if (recordId) {
      const words = { motive: closureMotives.opposition, reason: undefined };
      const destroyAt = archivedUntil(now, services.config.rules.archiveYears);
      // Whoever holds the letter, or the session, may not be the person: a record never closes without a word.
      if (await closeRecord(transaction, recordId, words, now, destroyAt))
        await writeNotice(transaction, { recordId, key: `closed:${randomUUID()}`, kind: "closed", now });
    }
    if (isNew) {
      const line = { transaction: "OPPOSITION", action: "C", rule: "R3" } as const;
      await logAct(transaction, { recordId: recordId ?? pretendedRecordId(ins.system, ins.value), by, line, now });
    }
    return "opposed";
  });
  services.onNotice();
  return state;
}

/**
 * R7: the person who was told opens at once, an earlier opposition notwithstanding.
 * @returns undefined when nobody told us who this person is
 */
export async function openByPerson(
  services: Services,
  given: Ins,
  by: Agent,
): Promise<{ readonly id: string; readonly isNew: boolean } | undefined> {
  const ins = checkedIns(services, given);
  const existing = await findRecordId(services.store.database, ins);
  if (existing) return { id: existing, isNew: false };
  const announced = await insured.findAnnouncement(services.store.database, ins);
  if (!announced) return undefined;
  return openRecord(services, recordOf(announced), { by, through: "person" }, async (transaction) => {
    await insured.liftOpposition(transaction, ins);
    await insured.removeAnnouncement(transaction, ins);
  });
}

/**
 * What is known of a person whose record is to open, to `asker`: to the person, and to the parent to whom a child is
 * attached. `other`: somebody else's; undefined: nobody told us of them, and the asker is the person.
 */
export async function announcedTo(
  services: Services,
  ins: Ins,
  asker: Ins,
): Promise<v.InferOutput<typeof newRecord> | "other" | undefined> {
  const announced = await insured.findAnnouncement(services.store.database, ins);
  const isSame = (one: Ins | undefined) => one?.system === asker.system && one.value === asker.value;
  if (!announced) return isSame(ins) ? undefined : "other";
  const record = recordOf(announced);
  return isSame(ins) || isSame(record.attachedTo) ? record : "other";
}

/**
 * R10: the parent to whom the child is attached certifies the role and opens the record, or takes charge of the one that
 * opened by time. @returns undefined to anybody else
 */
export async function openForChild(
  services: Services,
  given: Ins,
  parent: Caller & { readonly actor: PatientActor },
  isAttested: boolean,
): Promise<{ readonly id: string; readonly isNew: boolean } | "unattested" | undefined> {
  const ins = checkedIns(services, given);
  const { actor } = parent;
  const now = services.now();
  const existing = await loadRecord(services.store.database, { ins }, actor, now);
  const child = existing
    ? {
        parent: { system: existing.row.attached_to_system, value: existing.row.attached_to_value },
        birthDate: existing.row.birth_date,
      }
    : await announcedChild(services, ins);
  if (child?.parent?.system !== actor.ins.system || child.parent.value !== actor.ins.value) return undefined;
  if (!isMinor(child.birthDate, services.config.rules.majorityAge, now)) return undefined;
  if (!isAttested) return "unattested";
  const opened = existing ? { id: existing.id, isNew: false } : await openByPerson(services, ins, parent);
  if (!opened) return undefined;
  await nameRepresentative(services, opened.id, parent, {
    ins: actor.ins,
    name: actor.name,
    kind: "parent",
    isOpener: true,
    attestedAt: now,
    endedAt: null,
  });
  return opened;
}

async function announcedChild(services: Services, ins: Ins) {
  const announced = await insured.findAnnouncement(services.store.database, ins);
  const record = announced && recordOf(announced);
  return record && { parent: record.attachedTo, birthDate: record.traits.birthDate };
}

/** R2: the six weeks are over. @returns whether a record was opened */
export async function openByTime(services: Services, announced: InsuredPersonTable): Promise<boolean> {
  const ins = { system: announced.ins_system, value: announced.ins_value };
  try {
    const opened = await openRecord(
      services,
      recordOf(announced),
      { by: "system", through: "opt-out" },
      (transaction) => insured.removeAnnouncement(transaction, ins),
    );
    // The operator opened one meanwhile: the announcement has nothing left to say.
    if (!opened.isNew) await insured.removeAnnouncement(services.store.database, ins);
    return opened.isNew;
  } catch (error) {
    if (error instanceof OpposedToRecord) return false;
    throw error;
  }
}

export function recordOf(announced: InsuredPersonTable): v.InferOutput<typeof newRecord> {
  return v.parse(newRecord, JSON.parse(announced.record));
}
