/** Exchanges of messages in a record. R166. */
import { type Selectable, sql } from "kysely";
import type { Database } from "./store.ts";
import type { ExchangeTable, MessageAttachmentTable, MessageTable } from "./tables.ts";

export type ExchangeRow = Selectable<ExchangeTable>;
export type AttachmentRow = Selectable<MessageAttachmentTable>;

/** A message with what its exchange says of it. */
export interface MessageRow extends Selectable<MessageTable> {
  readonly professional_id: string;
  readonly professional_name: string;
  readonly ended_at: Date | null;
}

/** Where a page begins: after this message, in the order of the list. */
export interface MessagePosition {
  readonly position: Date;
  readonly id: string;
}

export async function findExchange(
  database: Database,
  recordId: string,
  exchangeId: string,
): Promise<ExchangeRow | undefined> {
  return database
    .selectFrom("exchange")
    .selectAll()
    .where("record_id", "=", recordId)
    .where("exchange_id", "=", exchangeId)
    .executeTakeFirst();
}

/** @param professionalId only the messages exchanged with this professional */
export async function listMessages(
  database: Database,
  recordId: string,
  {
    professionalId,
    after,
    limit,
    id,
  }: {
    readonly professionalId?: string | undefined;
    readonly after?: MessagePosition | undefined;
    readonly limit: number;
    readonly id?: string;
  },
): Promise<readonly MessageRow[]> {
  const conditions = [
    sql`m.record_id = ${recordId}`,
    ...(professionalId === undefined ? [] : [sql`e.professional_id = ${professionalId}`]),
    ...(after === undefined ? [] : [sql`(m.sent_at, m.message_id) < (${after.position}, ${after.id}::uuid)`]),
    ...(id === undefined ? [] : [sql`m.message_id = ${id}::uuid`]),
  ];
  const { rows } = await sql<MessageRow>`
    select m.*, e.professional_id, e.professional_name, e.ended_at
    from message m join exchange e on e.record_id = m.record_id and e.exchange_id = m.exchange_id
    where ${sql.join(conditions, sql` and `)}
    order by m.sent_at desc, m.message_id desc limit ${limit}`.execute(database);
  return rows;
}

export async function listAttachments(
  database: Database,
  recordId: string,
  messageIds: readonly string[],
): Promise<readonly AttachmentRow[]> {
  if (messageIds.length === 0) return [];
  return database
    .selectFrom("message_attachment")
    .selectAll()
    .where("record_id", "=", recordId)
    .where("message_id", "in", [...messageIds])
    .orderBy("message_id")
    .orderBy("position")
    .execute();
}

/**
 * R166: the pharmacists whom the patient has been to: they acted in the record. Secret accesses do not count for anybody
 * but the holder.
 */
export async function pharmacistVisited(
  database: Database,
  recordId: string,
  professionalId: string,
  seesSecrets: boolean,
): Promise<{ readonly name: string } | undefined> {
  const { rows } = await sql<{ actor_name: string }>`
    select actor_name from access_log
    where record_id = ${recordId} and actor_id = ${professionalId} and actor_kind = 'professional' and outcome = 'granted'
      and actor_profession in ('21', 'G15_21') and (${seesSecrets} or not is_secret)
    order by sequence desc limit 1`.execute(database);
  return rows[0] ? { name: rows[0].actor_name } : undefined;
}
