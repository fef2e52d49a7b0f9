/** Opening a record: by the operator, by the opt-out job, by the person. R1, R2, R7, R30, R35, R37. */
import { randomUUID } from "node:crypto";
import { type Ins, parseIns } from "@carnet/sdk/identity";
import * as v from "valibot";
import type { Services } from "../http/services.ts";
import { writeNotice } from "../log/notice.ts";
import { isAcceptedInsSystem, isDay } from "../rules/index.ts";
import { holdPerson, isOpposed } from "../store/insured-persons.ts";
import { findRecordId, type Identity, insertRecord } from "../store/people.ts";
import type { Database } from "../store/store.ts";
import { type Agent, logAct } from "./act.ts";

/** A name or a number. Control characters are in none, and the database refuses some. */
export const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200), v.regex(/^\P{Cc}+$/u));
/** YYYY-MM-DD. */
export const day = v.pipe(v.string(), v.isoDate(), v.check(isDay));
const ins = v.object({ system: text, value: text });

/** The qualified identity of a person (R35, R37) and the state in which their record begins. */
export const newRecord = v.object({
  ins,
  traits: v.object({
    birthName: text,
    birthGivenNames: v.pipe(v.array(text), v.maxLength(30), v.readonly()),
    firstGivenName: v.optional(text),
    usedName: v.optional(text),
    usedGivenName: v.optional(text),
    sex: v.picklist(["male", "female", "unknown"]),
    birthDate: day,
    birthPlaceCode: v.optional(v.pipe(v.string(), v.regex(/^\d[\dAB]\d{3}$/))),
  }),
  /** R37; qualified when absent. */
  identityStatus: v.optional(v.picklist(["provisional", "retrieved", "validated", "qualified"])),
  isAttachedToMes: v.optional(v.boolean()),
  /** R10: the parent to whom a child is attached at the health insurance. */
  attachedTo: v.optional(ins),
  /** R73: the patient's three switches; dispatch and break-glass allowed, masked documents not, by default. */
  allowsDispatch: v.optional(v.boolean()),
  allowsBreakGlass: v.optional(v.boolean()),
  allowsMaskedInEmergency: v.optional(v.boolean()),
});

/** Columns of the five strict traits and the names in use (R35). */
export function identityColumns(traits: v.InferOutput<typeof newRecord>["traits"]): Identity {
  return {
    birth_name: traits.birthName,
    used_name: traits.usedName ?? null,
    birth_given_names: JSON.stringify(traits.birthGivenNames),
    first_given_name: traits.firstGivenName ?? traits.birthGivenNames[0] ?? "",
    used_given_name: traits.usedGivenName ?? null,
    sex: traits.sex,
    birth_date: traits.birthDate,
    birth_place_code: traits.birthPlaceCode ?? null,
  };
}

/** The person said no (R3): there is no record to open. */
export class OpposedToRecord extends Error {
  readonly code = "opposed";
  constructor() {
    super("this person opposed the opening of a record: nothing was opened");
  }
}

/** R31: an identifier that no record may have here. */
export class InsNotAccepted extends Error {
  readonly code = "ins-system";
  constructor() {
    super("a test identity outside a demonstration: set CARNET_DEMO=1, or give the person's INS");
  }
}

/** R30 to R34. @throws InsError, InsNotAccepted */
export function checkedIns(services: Services, given: Ins): Ins {
  const parsed = parseIns(given, { acceptFaultyTestNumbers: services.config.rules.acceptsWrongTestKeys });
  if (!isAcceptedInsSystem(parsed.system, services.config.rules)) throw new InsNotAccepted();
  return parsed;
}

export interface Opening {
  readonly by: Agent;
  readonly through: "opt-out" | "person" | "operator";
  readonly openedAt?: Date | undefined;
  /** No notice and no line in the log: seeds only. */
  readonly isSilent?: boolean;
}

/**
 * Opens a record, or gives the one there is. `before` runs first, in the same transaction.
 * @throws OpposedToRecord, InsError, InsNotAccepted
 */
export async function openRecord(
  services: Services,
  record: v.InferOutput<typeof newRecord>,
  opening: Opening,
  before: (transaction: Database) => Promise<void> = async () => {},
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const { store } = services;
  const { system, value } = checkedIns(services, record.ins);
  const existing = await findRecordId(store.database, { system, value });
  if (existing) return { id: existing, isNew: false };
  const id = randomUUID();
  const now = opening.openedAt ?? services.now();
  await store.transaction(async (transaction) => {
    await holdPerson(transaction, { system, value });
    await before(transaction);
    if (await isOpposed(transaction, { system, value })) throw new OpposedToRecord();
    await insertRecord(transaction, {
      record_id: id,
      ins_system: system,
      ins_value: value,
      state: "open",
      ...identityColumns(record.traits),
      identity_status: record.identityStatus ?? "qualified",
      opened_through: opening.through,
      attached_to_system: record.attachedTo?.system ?? null,
      attached_to_value: record.attachedTo?.value ?? null,
      is_attached_to_mes: record.isAttachedToMes ?? true,
      allows_dispatch: record.allowsDispatch ?? true,
      allows_break_glass: record.allowsBreakGlass ?? true,
      allows_masked_in_emergency: record.allowsMaskedInEmergency ?? false,
      opened_at: now,
      closed_at: null,
      closure_motive: null,
      closure_reason: null,
      updated_at: now,
      wrapped_key: store.keys.create(),
    });
    if (opening.isSilent) return;
    const rule = opening.through === "opt-out" ? "R2" : "R7";
    const line = { transaction: "OPENING", action: "C", rule, detail: opening.through } as const;
    await logAct(transaction, { recordId: id, by: opening.by, line, now });
    await writeNotice(transaction, { recordId: id, key: "opened", kind: "opened", now });
  });
  if (!opening.isSilent) services.onNotice();
  return { id, isNew: true };
}
