/** Results that wait for their announcement (R148): what is due for them, and when. The one question that spans records. */
import { sql } from "kysely";
import type { Database } from "./store.ts";
import type { AnnouncementTable } from "./tables.ts";

export async function planAnnouncements(database: Database, rows: readonly AnnouncementTable[]): Promise<void> {
  if (rows.length === 0) return;
  await database
    .insertInto("announcement")
    .values([...rows])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Takes the step that is due first, away from other processes. To be called in the transaction that does it. */
export async function takeDueAnnouncement(database: Database, now: Date): Promise<AnnouncementTable | undefined> {
  const { rows } = await sql<AnnouncementTable>`
    delete from announcement where (record_id, document_id, step) = (
      select record_id, document_id, step from announcement where due_at <= ${now}
      order by due_at limit 1 for update skip locked
    ) returning *`.execute(database);
  return rows[0];
}
