/** What the patient is told of a deposit: at once, or when a result that waits for its announcement is due. R148, R151, R193. */
import type { RuleSettings } from "../config.ts";
import { wasTold } from "../log/notice.ts";
import { announcedBy, dayOf, isMinor, represents } from "../rules/index.ts";
import { type DocumentRow, factsOfRow } from "../store/documents.ts";
import type { Store } from "../store/store.ts";
import type { AnnouncementTable } from "../store/tables.ts";
import type { OpenRecord } from "./access.ts";
import { actorKey } from "./caller.ts";

/** R148: the notice without content, then the day on which a result shows by itself. */
export function announcementsOf(row: DocumentRow, rules: RuleSettings): readonly AnnouncementTable[] {
  if (!row.is_invisible_to_patient) return [];
  const shownAt = announcedBy(factsOfRow(row), rules);
  const toldAt = new Date(row.received_at.getTime() + rules.announcementNoticeDays * 86_400_000);
  const of = { record_id: row.record_id, document_id: row.document_id };
  return [
    ...(toldAt < shownAt ? [{ ...of, step: "notice" as const, due_at: toldAt }] : []),
    { ...of, step: "show", due_at: shownAt },
  ];
}

/**
 * R193: a new document is told once a day per depositor, so that a hospital's twenty results are one mail. R151: a result
 * that waits for its announcement is not told, nor, where representatives read the mails, what is secret to them (R11,
 * R152); nor is what patients deposit themselves.
 */
export function noticeKeyOf(
  store: Store,
  record: OpenRecord,
  rows: readonly DocumentRow[],
  receivedAt: Date,
): string | undefined {
  const { actor } = record.caller;
  const isOfMinor = isMinor(record.facts.birthDate, record.question.parameters.majorityAge, record.now);
  const isRepresented = record.facts.representatives.some(({ kind }) => represents(kind, isOfMinor));
  const isUntold = (row: DocumentRow) =>
    row.is_invisible_to_patient || (isRepresented && row.is_invisible_to_representatives);
  if (actor.kind === "patient" || rows.every(isUntold)) return undefined;
  const key = `new-document:${actorKey(actor)}:${dayOf(receivedAt)}`;
  return wasTold(store, record.id, key) ? undefined : key;
}
