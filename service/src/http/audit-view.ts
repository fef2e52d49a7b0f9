/** Which lines of the log a caller reads, and what of each. R181, R182, R184, R145, R148. */
import type { AuditEvent } from "@carnet/sdk/fhir";
import { type RawBuilder, sql } from "kysely";
import type { LogLine } from "../log/access-log.ts";
import { auditEvent } from "../log/audit-event.ts";
import { type DocumentFacts, decide, relationOf } from "../rules/index.ts";
import { factsOfRow, type RuleRow, selectRuleColumns } from "../store/documents.ts";
import type { OpenRecord } from "./access.ts";
import { actorKey } from "./caller.ts";
import { wireId } from "./ids.ts";
import type { Services } from "./services.ts";

/** Detail of a line about a document that was asked for by its identifier, whatever the record, and not shown. */
export const LOOKED_FOR = "by-identifier";

const DAY_MS = 86_400_000;

/** The log of one record, as one caller reads it. */
export interface AuditView {
  /** Conditions that every line shown fulfils. */
  readonly conditions: readonly RawBuilder<unknown>[];
  /** Lines that name this object, among those shown: asking by the id of what is concealed finds none of others' lines. */
  naming(objectId: string): RawBuilder<unknown>;
  /** A line without what this caller may not learn. */
  shown(line: LogLine): LogLine;
  event(line: LogLine): AuditEvent;
}

export async function auditViewOf(services: Services, record: OpenRecord): Promise<AuditView> {
  const { actor } = record.caller;
  const isPatient = actor.kind === "patient";
  const isWhole = isPatient || record.facts.standing.isReferringDoctor;
  const concealed = isWhole ? await concealedIds(services, record) : [];
  const own = sql`actor_id = ${actorKey(actor)}`;
  const filters: RawBuilder<unknown>[] = [
    ...(isWhole ? [] : [own]),
    // R184: what a minor did without the parents is not told to those who act for them.
    ...(isForHolder(record) ? [] : [sql`not is_secret`]),
    // That a secret document came in or was changed is told when it shows (R148, R151).
    // Asked for by an identifier alone, what is hidden left a line in this record and what is absent none anywhere (R145).
    sql`not (is_concealed and detail is not distinct from ${LOOKED_FOR} and actor_id = ${actorKey(actor)})`,
    ...(concealed.length === 0
      ? []
      : [
          sql`(object_id is null or action in ('R', 'E') or not object_id = any(${concealed})
            ${isPatient ? sql`` : sql`or ${own}`})`,
        ]),
    // That the patient withholds something, from whomever, no professional learns. Regulation 2025/327, article 8.
    ...(isPatient ? [] : [sql`(detail is null or detail not in ('withheld', 'never-in-emergency') or ${own})`]),
  ];
  const shown = (line: LogLine): LogLine => {
    // Who looked is told; at which secret document is not. What a reader asked for themselves, they know.
    const isUnnamed = concealed.includes(line.object_id ?? "") && line.actor_id !== actorKey(actor);
    return isUnnamed ? { ...line, object_id: null, detail: null, data_categories: null } : line;
  };
  return {
    conditions: [...filters, ...(isPatient ? [] : windowOf(services, record, filters))],
    naming: (objectId) =>
      concealed.includes(objectId) ? sql`(object_id = ${objectId} and ${own})` : sql`object_id = ${objectId}`,
    shown,
    event: (line) => auditEvent(shown(line), services.config.publicUrl, record.row, isPatient),
  };
}

/** Whether secret accesses may show: to the holder in person, and to professionals (their own, or all to the referring one). */
function isForHolder({ caller: { actor }, facts, now, question }: OpenRecord): boolean {
  return actor.kind !== "patient" || relationOf(actor, facts, now, question.parameters) === "self";
}

/** R182: professionals read a year back, and a hundred lines. */
function windowOf(
  { config }: Services,
  record: OpenRecord,
  filters: readonly RawBuilder<unknown>[],
): readonly RawBuilder<unknown>[] {
  const { traceWindowDays: days, traceWindowLines: lines } = config.rules;
  const mine = sql.join([sql`l.record_id = ${record.id}`, ...filters], sql` and `);
  return [
    ...(days === 0 ? [] : [sql`recorded >= ${new Date(record.now.getTime() - days * DAY_MS)}`]),
    ...(lines === 0
      ? []
      : [sql`sequence in (select l.sequence from access_log l where ${mine} order by l.sequence desc limit ${lines})`]),
  ];
}

/**
 * Wire ids of what somebody who reads the whole log must not learn of: a patient or representative what waits for its
 * announcement or is secret, a referring doctor what the patient withholds from them (R144).
 */
async function concealedIds(services: Services, record: OpenRecord): Promise<readonly string[]> {
  const { rows } = await sql<RuleRow>`
    select ${selectRuleColumns()} from document
    where record_id = ${record.id} and (is_invisible_to_patient or is_invisible_to_representatives
      or is_hidden or is_never_in_emergency or cardinality(withheld_from) > 0)`.execute(services.store.database);
  return rows.flatMap((row) => {
    // A closed record keeps its secrets as an open one does; what the patient deleted is none.
    const facts: DocumentFacts = { ...factsOfRow(row), status: "current" };
    const question = { ...record.question, record: { ...record.facts, state: "open" as const } };
    const verdict = decide({ ...question, act: "read", document: facts });
    return verdict.permit ? [] : [wireId(record.id, row.document_id)];
  });
}
