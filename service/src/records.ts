/**
 * Records from inside the process: announce, open, close, oppose, representatives, authorisations, and deposits without
 * HTTP. Used by the seed of the demonstration, by the operator's routes and programs; no record route leads here.
 */
import { randomUUID } from "node:crypto";
import type { Ins } from "@carnet/sdk/identity";
import type * as v from "valibot";
import { admitProvideBundle } from "./admission/index.ts";
import type { Caller } from "./http/caller.ts";
import { depositSubmission } from "./http/deposit.ts";
import { submissionOf } from "./http/provide.ts";
import type { Services } from "./http/services.ts";
import type { SubmissionReceipt } from "./http/submission.ts";
import { type Announcement, announce, type InsuredPerson, oppose } from "./life-cycle/announce.ts";
import { checkedIns, identityColumns, type newRecord, openRecord } from "./life-cycle/open.ts";
import { nameRepresentative } from "./life-cycle/relations.ts";
import * as states from "./life-cycle/states.ts";
import type { Actor, IdentityStatus, RepresentativeKind } from "./rules/index.ts";
import { grantAuthorisation } from "./store/authorisations.ts";
import { changeIdentity, changeIdentityStatus, findRecordId } from "./store/people.ts";
import type { CareRole } from "./store/tables.ts";

export { InsNotAccepted, OpposedToRecord } from "./life-cycle/open.ts";

/** The qualified identity of a person (R35, R37), the state in which their record begins, and how it is opened. */
export type NewRecord = v.InferOutput<typeof newRecord> & {
  readonly openedAt?: Date;
  /** R7: by the person, at a counter. By the operator when absent. */
  readonly through?: "person" | "operator";
};

export interface NewRepresentative {
  readonly ins: Ins;
  readonly name: string;
  readonly kind: RepresentativeKind;
  /** When it ends by itself; never when absent. */
  readonly until?: Date;
  /** Since when; with a date, the past is being told, and nobody is told of it again. Now when absent. */
  readonly since?: Date;
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

export interface Records {
  /** R2: tells the person; the record opens six weeks later unless opposed. @throws InsError, InsNotAccepted, ParentMissing */
  announce(person: InsuredPerson): Promise<Announcement>;
  /** Opens a record, or gives the one there is. @throws OpposedToRecord, InsError, InsNotAccepted */
  open(record: NewRecord): Promise<{ readonly id: string; readonly isNew: boolean }>;
  /** Puts a newly qualified identity, or one that no longer is, in place (R37, R39). The INS and the documents stay. */
  requalify(ins: Ins, traits: NewRecord["traits"], status?: IdentityStatus): Promise<void>;
  /** R37: what is known of the identity changes, the identity does not. */
  setIdentityStatus(ins: Ins, status: IdentityStatus): Promise<void>;
  /** R15, R17. */
  close(
    ins: Ins,
    closure: { readonly motive: string; readonly reason?: string; readonly closedAt?: Date },
  ): Promise<void>;
  /** R3: no record, now or later; one that is there is closed. */
  oppose(ins: Ins): Promise<void>;
  /** R18. */
  suspend(ins: Ins, reason: string): Promise<void>;
  /** R18: ends a suspension. */
  lift(ins: Ins): Promise<void>;
  /** R22. @param diedOn YYYY-MM-DD */
  recordDeath(ins: Ins, diedOn: string): Promise<void>;
  /** R22: a death told by mistake: the record comes back as it was, heirs' access ends. @returns false when none was told */
  withdrawDeath(ins: Ins): Promise<boolean>;
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

export function createRecords(services: Services): Records {
  const { store } = services;
  const idOf = (ins: Ins) => findRecordId(store.database, ins);
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
    announce: (person) => announce(services, person),
    // Of a record with a date of its own, the past is being told: nobody is to be told of it again.
    open: ({ openedAt, through = "operator", ...record }) =>
      openRecord(services, record, { by: "operator", through, openedAt, isSilent: openedAt !== undefined }),
    async requalify(ins, traits, status = "qualified") {
      const recordId = await requireId(ins);
      await store.transaction((transaction) =>
        changeIdentity(transaction, recordId, { ...identityColumns(traits), identity_status: status }, services.now()),
      );
    },
    async setIdentityStatus(ins, status) {
      await changeIdentityStatus(store.database, await requireId(ins), status, services.now());
    },
    async close(ins, { closedAt, ...words }) {
      const options = closedAt ? { now: closedAt, isSilent: true } : {};
      await states.close(services, await requireId(ins), "operator", words, options);
    },
    async oppose(ins) {
      await oppose(services, ins, "operator", true);
    },
    async suspend(ins, reason) {
      await states.suspend(services, await requireId(ins), reason);
    },
    async lift(ins) {
      await states.lift(services, await requireId(ins));
    },
    async recordDeath(ins, diedOn) {
      await states.recordDeath(services, await requireId(ins), diedOn);
    },
    async withdrawDeath(ins) {
      return states.withdrawDeath(services, await requireId(ins));
    },
    async addRepresentative(ins, { ins: given, until, since, ...representative }) {
      const recordId = await requireId(ins);
      await nameRepresentative(services, recordId, "operator", {
        ...representative,
        ins: checkedIns(services, given),
        // R10: whom the operator names is the parent of attachment.
        isOpener: representative.kind === "parent",
        attestedAt: null,
        startedAt: since,
        endedAt: until ?? null,
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
            is_secret: false,
          },
          true,
        ),
      );
    },
  };
}
