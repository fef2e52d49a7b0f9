/**
 * Records from inside the process: open, close, oppose, representatives, authorisations, and deposits without HTTP.
 * Used by the seed of the demonstration and by the operator's own jobs; no route leads here.
 */
import { randomUUID } from "node:crypto";
import { type Ins, parseIns } from "@carnet/sdk/identity";
import { admitProvideBundle } from "./admission/index.ts";
import type { Caller } from "./http/caller.ts";
import { depositSubmission, type SubmissionReceipt } from "./http/deposit.ts";
import { submissionOf } from "./http/provide.ts";
import type { Services } from "./http/services.ts";
import type { Actor } from "./rules/index.ts";
import { grantAuthorisation } from "./store/authorisations.ts";
import type { CareRole } from "./store/tables.ts";

/** The qualified identity of a person (R35, R37) and the state in which their record begins. */
export interface NewRecord {
  readonly ins: Ins;
  readonly traits: {
    readonly birthName: string;
    readonly birthGivenNames: readonly string[];
    readonly firstGivenName?: string;
    readonly usedName?: string;
    readonly usedGivenName?: string;
    readonly sex: "male" | "female" | "unknown";
    /** YYYY-MM-DD. */
    readonly birthDate: string;
    readonly birthPlaceCode?: string;
  };
  readonly isAttachedToMes?: boolean;
  /** R73: the patient's three switches; dispatch and break-glass allowed, masked documents not, by default. */
  readonly allowsDispatch?: boolean;
  readonly allowsBreakGlass?: boolean;
  readonly allowsMaskedInEmergency?: boolean;
  readonly openedAt?: Date;
}

export interface NewRepresentative {
  readonly ins: Ins;
  readonly name: string;
  readonly kind: "parent" | "tutor" | "curator" | "mandatary";
}

export interface NewAuthorisation {
  /** `8` + RPPS, or a structure's national id. */
  readonly subjectId: string;
  readonly subjectName: string;
  readonly subjectKind?: "professional" | "structure";
  readonly kind?: "access" | "referring" | "block";
  /** R63, R69: shown beside the name; opens nothing by itself. */
  readonly careRole?: CareRole;
  readonly grantedAt?: Date;
  readonly expiresAt?: Date;
}

/** The person said no (R3): there is no record to open. */
export class OpposedToRecord extends Error {
  readonly code = "opposed";
  constructor() {
    super("this person opposed the opening of a record: nothing was opened");
  }
}

export interface Records {
  /** Opens a record, or gives the one there is. @throws OpposedToRecord, InsError */
  open(record: NewRecord): Promise<{ readonly id: string; readonly isNew: boolean }>;
  /** Puts a newly qualified identity in place of the former one (R37, R39). The INS and the documents stay. */
  requalify(ins: Ins, traits: NewRecord["traits"]): Promise<void>;
  /** R15, R17. */
  close(
    ins: Ins,
    closure: { readonly motive: string; readonly reason?: string; readonly closedAt?: Date },
  ): Promise<void>;
  /** R3: no record, now or later. */
  oppose(ins: Ins): Promise<void>;
  addRepresentative(ins: Ins, representative: NewRepresentative): Promise<void>;
  /** TD0.3 without the professional's software. */
  declareAuthorisation(ins: Ins, authorisation: NewAuthorisation): Promise<void>;
  idOf(ins: Ins): Promise<string | undefined>;
  /** Number of records, for a seed that runs once. */
  isEmpty(): Promise<boolean>;
}

export interface InProcessDeposit {
  /** No notice and no line in the log: seeds only. */
  readonly silent?: boolean;
  /** When the record received it; now when absent. */
  readonly receivedAt?: Date;
}

/** Deposits an ITI-65 Bundle as `actor`: same checks and same receipt as over HTTP. */
export async function depositInProcess(
  services: Services,
  actor: Actor,
  bundle: unknown,
  options: InProcessDeposit = {},
): Promise<SubmissionReceipt> {
  const caller: Caller = { actor, purposeOfUse: "TREAT" };
  return depositSubmission(services, caller, submissionOf(admitProvideBundle(bundle)), {
    acknowledged: "all",
    ...(options.silent ? { isSilent: true } : {}),
    ...(options.receivedAt ? { receivedAt: options.receivedAt } : {}),
  });
}

/** Columns of the five strict traits and the names in use (R35). */
const columnsOf = (traits: NewRecord["traits"]) => ({
  birth_name: traits.birthName,
  used_name: traits.usedName ?? null,
  birth_given_names: JSON.stringify(traits.birthGivenNames),
  first_given_name: traits.firstGivenName ?? traits.birthGivenNames[0] ?? "",
  used_given_name: traits.usedGivenName ?? null,
  sex: traits.sex,
  birth_date: traits.birthDate,
  birth_place_code: traits.birthPlaceCode ?? null,
});

export function createRecords(services: Services): Records {
  const { store } = services;
  const checkedIns = (ins: Ins) =>
    parseIns(ins, { acceptFaultyTestNumbers: services.config.rules.acceptsWrongTestKeys });

  const idOf = async (ins: Ins): Promise<string | undefined> => {
    const found = await store.database
      .selectFrom("record_identity")
      .select("record_id")
      .where("ins_system", "=", ins.system)
      .where("ins_value", "=", ins.value)
      .executeTakeFirst();
    return found?.record_id;
  };
  const requireId = async (ins: Ins): Promise<string> => {
    const id = await idOf(ins);
    if (!id) throw new Error("no record for this INS: open it first");
    return id;
  };

  return {
    idOf,
    async isEmpty() {
      const any = await store.database.selectFrom("record").select("record_id").limit(1).executeTakeFirst();
      return any === undefined;
    },
    async open(record) {
      const ins = checkedIns(record.ins);
      const existing = await idOf(ins);
      if (existing) return { id: existing, isNew: false };
      const opposed = await store.database
        .selectFrom("opposition")
        .select("opposed_at")
        .where("ins_system", "=", ins.system)
        .where("ins_value", "=", ins.value)
        .executeTakeFirst();
      if (opposed) throw new OpposedToRecord();
      const id = randomUUID();
      const { traits } = record;
      const openedAt = record.openedAt ?? services.now();
      await store.transaction(async (transaction) => {
        await transaction
          .insertInto("record_identity")
          .values({ ins_system: ins.system, ins_value: ins.value, record_id: id })
          .execute();
        await transaction
          .insertInto("record")
          .values({
            record_id: id,
            ins_system: ins.system,
            ins_value: ins.value,
            state: "open",
            ...columnsOf(traits),
            is_attached_to_mes: record.isAttachedToMes ?? true,
            allows_dispatch: record.allowsDispatch ?? true,
            allows_break_glass: record.allowsBreakGlass ?? true,
            allows_masked_in_emergency: record.allowsMaskedInEmergency ?? false,
            opened_at: openedAt,
            closed_at: null,
            closure_motive: null,
            closure_reason: null,
            updated_at: openedAt,
            wrapped_key: store.keys.create(),
          })
          .execute();
      });
      return { id, isNew: true };
    },
    async requalify(ins, traits) {
      await store.database
        .updateTable("record")
        .set((eb) => ({ ...columnsOf(traits), updated_at: services.now(), version: eb("version", "+", 1) }))
        .where("record_id", "=", await requireId(ins))
        .execute();
    },
    async close(ins, { motive, reason, closedAt }) {
      const now = closedAt ?? services.now();
      await store.database
        .updateTable("record")
        .set((eb) => ({
          state: "closed" as const,
          closed_at: now,
          closure_motive: motive,
          closure_reason: reason ?? null,
          updated_at: now,
          version: eb("version", "+", 1),
        }))
        .where("record_id", "=", await requireId(ins))
        .execute();
    },
    async oppose(ins) {
      const { system, value } = checkedIns(ins);
      await store.database
        .insertInto("opposition")
        .values({ ins_system: system, ins_value: value, opposed_at: services.now() })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async addRepresentative(ins, representative) {
      const recordId = await requireId(ins);
      const { system, value } = checkedIns(representative.ins);
      await store.transaction(async (transaction) => {
        const added = await transaction
          .insertInto("representative_of")
          .values({ ins_system: system, ins_value: value, record_id: recordId })
          .onConflict((conflict) => conflict.doNothing())
          .returning("record_id")
          .executeTakeFirst();
        if (!added) return;
        await transaction
          .insertInto("representative")
          .values({
            record_id: recordId,
            representative_id: randomUUID(),
            ins_system: system,
            ins_value: value,
            name: representative.name,
            kind: representative.kind,
            started_at: services.now(),
            ended_at: null,
          })
          .execute();
      });
    },
    async declareAuthorisation(ins, wanted) {
      const recordId = await requireId(ins);
      const kind = wanted.kind ?? "access";
      const grantedAt = wanted.grantedAt ?? services.now();
      const days = services.config.rules.authorisationDays;
      const expiresAt = wanted.expiresAt ?? new Date(grantedAt.getTime() + days * 86_400_000);
      await store.transaction((transaction) =>
        grantAuthorisation(
          transaction,
          {
            record_id: recordId,
            authorisation_id: randomUUID(),
            kind,
            subject_kind: wanted.subjectKind ?? "professional",
            subject_id: wanted.subjectId,
            subject_name: wanted.subjectName,
            granted_at: grantedAt,
            granted_by: "operator",
            ...(wanted.careRole ? { care_role: wanted.careRole } : {}),
            expires_at: kind === "access" ? expiresAt : null,
            ended_at: null,
            last_action_at: grantedAt,
          },
          true,
        ),
      );
    },
  };
}
