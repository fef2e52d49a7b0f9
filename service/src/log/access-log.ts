/**
 * The access log (traces): one line per answer, refusals too, in the transaction of the act. Lines of a record are
 * numbered without a hole and chained by SHA-256, so that a removed or changed line shows. R180, R185.
 */
import { createHash, randomUUID } from "node:crypto";
import { CompiledQuery, type Selectable } from "kysely";
import type { Caller } from "../http/caller.ts";
import { actorKey } from "../http/caller.ts";
import type { DataCategory, Rule, Verdict } from "../rules/index.ts";
import type { Database } from "../store/store.ts";
import type { AccessLogTable } from "../store/tables.ts";

export interface Access {
  readonly recordId: string;
  readonly caller: Caller;
  /** Transaction of the DMP: `TD3.1`, `TD2.1`… */
  readonly transaction: string;
  readonly action: AccessLogTable["action"];
  readonly outcome: AccessLogTable["outcome"];
  readonly rule: Rule | "none";
  readonly isConcealed?: boolean;
  readonly objectType: string;
  /** Id on the wire of what was touched or asked for. */
  readonly objectId?: string | undefined;
  /** Search parameters as asked. */
  readonly query?: string | undefined;
  readonly detail?: string | undefined;
  /** R184: hidden from the legal representatives. That of the caller's connection (R12) when absent. */
  readonly isSecret?: boolean | undefined;
  /** Categories of the documents shown; of a list, without those that the patient may not see yet (R148). */
  readonly dataCategories?: readonly DataCategory[] | undefined;
  readonly recorded: Date;
}

/** A line as it is read: every column is there. */
export type LogLine = Selectable<AccessLogTable>;

/** A line before it has its number and its place in the chain. */
export type UnchainedLine = Omit<LogLine, "sequence" | "hash">;

/** The form in which lines are hashed now. */
const FORM = 2;

/** What a verdict says in the log. */
export function outcomeOf(verdict: Verdict): Pick<Access, "outcome" | "rule" | "isConcealed"> {
  return verdict.permit
    ? { outcome: "granted", rule: verdict.rule }
    : { outcome: "refused", rule: verdict.rule, isConcealed: verdict.refusal === "concealed" };
}

/** Text whose hash goes into the chain. A change breaks the check of old lines: it needs a new form beside the old ones. */
export function canonicalLine(line: UnchainedLine): string {
  const added =
    line.form === 1 ? [] : [line.is_secret, line.data_categories, line.application_id, line.application_name];
  return JSON.stringify([
    line.form,
    line.record_id,
    line.event_id,
    line.recorded.toISOString(),
    line.transaction,
    line.action,
    line.outcome,
    line.rule,
    line.is_concealed,
    line.actor_kind,
    line.actor_id,
    line.actor_name,
    line.actor_profession,
    line.structure_id,
    line.structure_name,
    line.purpose_of_use,
    line.reason,
    line.object_type,
    line.object_id,
    line.query,
    line.detail,
    ...added,
  ]);
}

/** The hash of a line after `previous` (nothing for the first one). */
export function chain(previous: Uint8Array, line: UnchainedLine): Buffer {
  const digest = createHash("sha256").update(canonicalLine(line)).digest();
  return createHash("sha256").update(previous).update(digest).digest();
}

/** Hash of a line alone, before it is chained; hexadecimal. */
export function digestOf(line: UnchainedLine): string {
  return createHash("sha256").update(canonicalLine(line)).digest("hex");
}

const columns = [
  "record_id",
  "event_id",
  "recorded",
  "transaction",
  "action",
  "outcome",
  "rule",
  "is_concealed",
  "actor_kind",
  "actor_id",
  "actor_name",
  "actor_profession",
  "structure_id",
  "structure_name",
  "purpose_of_use",
  "reason",
  "object_type",
  "object_id",
  "query",
  "detail",
  "form",
  "is_secret",
  "data_categories",
  "application_id",
  "application_name",
] as const satisfies readonly (keyof UnchainedLine)[];

/**
 * The parts of a `with` that append one line once `source` (a part with a `record_id`) has a row. `digest` and `line` are
 * placeholders: {@link digestOf}, and the line as JSON.
 */
export function lineParts(source: string, digest: string, line: string): string {
  return `head as (
  insert into access_log_head as h (record_id, sequence, hash)
  select ${source}.record_id, 1, sha256(decode(${digest}, 'hex')) from ${source}
  on conflict (record_id) do update set sequence = h.sequence + 1, hash = sha256(h.hash || decode(${digest}, 'hex'))
  returning sequence, hash
), line as (
  insert into access_log (sequence, hash, ${columns.join(", ")})
  select head.sequence, head.hash, ${columns.map((column) => `l.${column}`).join(", ")}
  from head, json_populate_record(null::access_log, ${line}::json) l
)`;
}

const appendStatement = `with act as (select $1::uuid as record_id), ${lineParts("act", "$2", "$3")} select from act`;

/** Appends one line. Use the handle of the act's transaction. */
export async function appendAccess(database: Database, access: Access): Promise<void> {
  await appendLine(database, lineOf(access));
}

/** Appends a line that is written already. */
export async function appendLine(database: Database, line: UnchainedLine): Promise<void> {
  const values = [line.record_id, digestOf(line), JSON.stringify(line)];
  await database.executeQuery(CompiledQuery.raw(appendStatement, values));
}

/** A new line, with an id of its own. */
export function lineOf(access: Access): UnchainedLine {
  const { actor, purposeOfUse, reason } = access.caller;
  const structure = actor.kind === "patient" ? undefined : actor.structure;
  const application = actor.kind === "patient" ? actor.application : undefined;
  return {
    record_id: access.recordId,
    event_id: randomUUID(),
    recorded: access.recorded,
    transaction: access.transaction,
    action: access.action,
    outcome: access.outcome,
    rule: access.rule,
    is_concealed: access.isConcealed ?? false,
    actor_kind: actor.kind,
    actor_id: actorKey(actor),
    actor_name: actor.name,
    actor_profession: actor.kind === "professional" ? actor.profession : null,
    structure_id: structure?.id ?? null,
    structure_name: structure?.name ?? null,
    purpose_of_use: purposeOfUse,
    reason: reason ?? null,
    object_type: access.objectType,
    object_id: access.objectId ?? null,
    query: access.query ?? null,
    detail: access.detail ?? null,
    form: FORM,
    is_secret: access.isSecret ?? access.caller.isSecret ?? false,
    data_categories: access.dataCategories?.length ? [...new Set(access.dataCategories)].sort().join(" ") : null,
    application_id: application?.id ?? null,
    application_name: application?.name ?? null,
  };
}

/** A new line of what the service does by itself, or its operator: no caller stands behind it. */
export function systemLineOf(access: Omit<Access, "caller">, actor: { id: string; name: string }): UnchainedLine {
  const nobody: Caller = {
    actor: { kind: "patient", ...actor, ins: { system: "", value: "" } },
    purposeOfUse: "TREAT",
  };
  return { ...lineOf({ ...access, caller: nobody }), actor_kind: "system", actor_id: actor.id };
}
