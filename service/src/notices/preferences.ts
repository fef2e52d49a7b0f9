/**
 * Which notices a person wants by mail. Each can be switched off but those of security: who opened the record, in which
 * mode, and what was done to it. A notice that is switched off is still there to be read on the patient page. R193.
 */
import type { Kysely } from "kysely";
import type { AnyDatabase } from "../identity-provider/tables.ts";
import type { NoticeKind, NoticeTable, Tables } from "../store/tables.ts";

/** The kinds that a person may switch off. */
export const optionalNotices = [
  "consultation",
  "new-document",
  "message",
  "appointment",
  "service",
  "examination",
] as const satisfies readonly NoticeKind[];

export type OptionalNotice = (typeof optionalNotices)[number];

export function isOptionalNotice(kind: string): kind is OptionalNotice {
  return optionalNotices.some((one) => one === kind);
}

/** Whether a notice leaves as a mail. What concerns a professional is not the patient's to switch. */
export async function wantsNotice(
  database: AnyDatabase,
  notice: Pick<NoticeTable, "record_id" | "kind" | "professional_id">,
): Promise<boolean> {
  if (notice.professional_id !== null || !isOptionalNotice(notice.kind)) return true;
  const tables: Kysely<Tables> = database;
  const row = await tables
    .selectFrom("notice_preference")
    .select("is_wanted")
    .where("record_id", "=", notice.record_id)
    .where("kind", "=", notice.kind)
    .executeTakeFirst();
  return row?.is_wanted ?? true;
}
