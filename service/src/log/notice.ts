/** Notices to the patient, written in the transaction of the act and sent later. No medical content. R190 to R192, R196. */
import { randomUUID } from "node:crypto";
import type { Caller } from "../http/caller.ts";
import { dayOf } from "../rules/index.ts";
import { perStore } from "../store/per-store.ts";
import type { Database, Store } from "../store/store.ts";
import type { NoticeKind, NoticeTable } from "../store/tables.ts";
import { type Access, appendAccess } from "./access-log.ts";

interface Notice {
  readonly recordId: string;
  readonly key: string;
  readonly kind: NoticeKind;
  readonly caller?: Caller;
  /** R166, R194: the professional who is told instead of the patient. */
  readonly professionalId?: string;
  readonly now: Date;
  /** When what is told of happened, if not now. */
  readonly occurredAt?: Date;
}

export type NoticeRow = Omit<NoticeTable, "status" | "attempts" | "sent_at">;

const columns = [
  "record_id",
  "notice_id",
  "dedupe_key",
  "kind",
  "occurred_at",
  "actor_name",
  "structure_name",
  "purpose_of_use",
  "next_attempt_at",
  "professional_id",
] as const satisfies readonly (keyof NoticeRow)[];

/** A new notice, with an id of its own. */
export function noticeOf({ recordId, key, kind, caller, professionalId, now, occurredAt = now }: Notice): NoticeRow {
  const structure = caller && caller.actor.kind !== "patient" ? caller.actor.structure : undefined;
  return {
    record_id: recordId,
    notice_id: randomUUID(),
    dedupe_key: key,
    kind,
    occurred_at: occurredAt,
    actor_name: caller?.actor.name ?? null,
    structure_name: structure?.name ?? null,
    purpose_of_use: caller?.purposeOfUse ?? null,
    next_attempt_at: now,
    professional_id: professionalId ?? null,
  };
}

/** The part of a `with` that writes a notice, unless it is there, once `source` has a row. `notice`: placeholder, JSON. */
export function noticePart(source: string, notice: string): string {
  return `told as (
  insert into notice (${columns.join(", ")})
  select ${columns.map((column) => `n.${column}`).join(", ")}
  from ${source}, json_populate_record(null::notice, ${notice}::json) n
  on conflict (record_id, dedupe_key) do nothing
)`;
}

/** Writes a notice unless the same one was written already. @returns whether it is new */
export async function writeNotice(database: Database, notice: Notice): Promise<boolean> {
  const result = await database
    .insertInto("notice")
    .values(noticeOf(notice))
    .onConflict((conflict) => conflict.columns(["record_id", "dedupe_key"]).doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** What was already told by this process: the usual case costs no statement. */
const toldIn = perStore(() => new Set<string>());
const MAX_REMEMBERED = 50_000;

export function wasTold(store: Store, recordId: string, key: string): boolean {
  return toldIn(store).has(`${recordId} ${key}`);
}

/** To be called once the notice is committed. */
export function rememberTold(store: Store, recordId: string, key: string): void {
  const told = toldIn(store);
  if (told.size >= MAX_REMEMBERED) told.clear();
  told.add(`${recordId} ${key}`);
}

interface Telling {
  readonly key: string;
  readonly kind: NoticeKind;
}

/**
 * What the patient is told of a consultation: the first by this professional (R190), each in emergency, once an hour
 * (R191), any other once a day (R192). A deposit is not a consultation.
 */
function tellingsOf(
  { actor, purposeOfUse, isSecret }: Caller,
  now: Date,
): readonly [Telling, ...Telling[]] | undefined {
  // A secret access is told to nobody: the mails of a minor reach the representatives (R184).
  if (actor.kind !== "professional" || isSecret) return undefined;
  const first: Telling = { key: `first-access:${actor.rpps}`, kind: "first-access" };
  return purposeOfUse === "TREAT"
    ? [first, { key: `consultation:${actor.rpps}:${dayOf(now)}`, kind: "consultation" }]
    : [
        first,
        { key: `emergency:${actor.rpps}:${purposeOfUse}:${now.toISOString().slice(0, 13)}`, kind: "emergency-access" },
      ];
}

/** Traces a consultation and tells the patient what is new about it, in one transaction. */
export async function traceConsultation(
  { store, onNotice }: { readonly store: Store; onNotice(): void },
  access: Access,
): Promise<void> {
  const { recordId, caller, recorded: now } = access;
  const tellings = tellingsOf(caller, now);
  const isNews = tellings?.some(({ key }) => !wasTold(store, recordId, key)) ?? false;
  if (!tellings || !isNews) return appendAccess(store.database, access);
  await store.transaction(async (transaction) => {
    await appendAccess(transaction, access);
    const [first, ...others] = tellings;
    const isFirst = await writeNotice(transaction, { recordId, ...first, caller, now });
    for (const { key, kind } of others) {
      // The notice of a first access says that the record was consulted: that day, none says it again.
      const isSaid = kind === "consultation" && (isFirst || (await wasFirstOn(transaction, recordId, first.key, now)));
      if (!isSaid) await writeNotice(transaction, { recordId, key, kind, caller, now });
    }
  });
  for (const { key } of tellings) rememberTold(store, recordId, key);
  onNotice();
}

/** Whether the first access was told on the day of `now`. */
async function wasFirstOn(database: Database, recordId: string, key: string, now: Date): Promise<boolean> {
  const first = await database
    .selectFrom("notice")
    .select("occurred_at")
    .where("record_id", "=", recordId)
    .where("dedupe_key", "=", key)
    .executeTakeFirst();
  return first !== undefined && dayOf(first.occurred_at) === dayOf(now);
}
