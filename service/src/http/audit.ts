/** Traces as AuditEvents: the patient and the referring doctor read all, anybody else their own. R180 to R185; BALP, ITI-81. */
import type { FastifyInstance } from "fastify";
import { type RawBuilder, sql } from "kysely";
import { appendAccess, type LogLine } from "../log/access-log.ts";
import { auditEvent } from "../log/audit-event.ts";
import { type DocumentFacts, decide } from "../rules/index.ts";
import { factsOfRow, type RuleRow, selectRuleColumns } from "../store/documents.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { searchSetText } from "./bundle.ts";
import { actorKey, type Caller, callerOf } from "./caller.ts";
import { parseDate } from "./dates.ts";
import { readCount } from "./document-query.ts";
import { isUuid, wireId } from "./ids.ts";
import { badRequest, WireError } from "./outcome.ts";
import { parametersOf, patientOf, queryText } from "./parameters.ts";
import { sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";

const KNOWN: ReadonlySet<string> = new Set([
  "patient",
  "patient.identifier",
  "patient:identifier",
  "date",
  "_count",
  "_cursor",
  "_sort",
  "_format",
]);

export function registerAudit(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;

  const search = async (caller: Caller, parameters: URLSearchParams): Promise<string> => {
    for (const name of parameters.keys()) {
      if (!KNOWN.has(name)) {
        throw new WireError(400, [
          {
            code: "not-supported",
            fr: "Paramètre de recherche inconnu.",
            en: "Unknown search parameter.",
            expression: "parameter",
          },
        ]);
      }
    }
    const count = readCount(parameters);
    const before = readCursor(parameters.get("_cursor"));
    const dates = parameters.getAll("date").map((text) => parseDate(text, "date"));
    const locator = patientOf(parameters, services.config.rules.acceptsWrongTestKeys);
    const trace = {
      transaction: "TRACES",
      action: "E",
      objectType: "AuditEvent",
      query: queryText(parameters),
    } as const;
    const record = await openRecord(services, caller, locator, "trace", trace);
    const isWhole = caller.actor.kind === "patient" || record.facts.standing.isReferringDoctor;
    const concealed = caller.actor.kind === "patient" ? await concealedIds(services, record) : [];
    const conditions: RawBuilder<unknown>[] = [
      sql`record_id = ${record.id}`,
      ...(isWhole ? [] : [sql`actor_id = ${actorKey(caller.actor)}`]),
      // Numbers of lines would count those of others: a cursor names the line itself.
      ...(before === undefined
        ? []
        : [
            sql`sequence < (select b.sequence from access_log b where b.record_id = ${record.id} and b.event_id = ${before}::uuid)`,
          ]),
      // That a secret document came in or was changed is told when it shows (R148, R151, R184).
      ...(concealed.length === 0
        ? []
        : [sql`(object_id is null or action in ('R', 'E') or not object_id = any(${concealed}))`]),
      ...dates.map(({ prefix, from, until }) =>
        prefix === "ge"
          ? sql`recorded >= ${from}`
          : prefix === "gt" || prefix === "sa"
            ? sql`recorded >= ${until}`
            : prefix === "le"
              ? sql`recorded < ${until}`
              : prefix === "lt" || prefix === "eb"
                ? sql`recorded < ${from}`
                : sql`(recorded >= ${from} and recorded < ${until})`,
      ),
    ];
    const { rows } = await sql<LogLine>`
      select * from access_log where ${sql.join(conditions, sql` and `)}
      order by sequence desc limit ${count + 1}`.execute(services.store.database);
    await appendAccess(services.store.database, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: "granted",
      rule: "R181",
    });
    const page = rows.slice(0, count);
    const last = page.at(-1);
    const next = new URLSearchParams(parameters);
    if (last) next.set("_cursor", last.event_id);
    return searchSetText({
      lastUpdated: record.now,
      self: `${base}/AuditEvent?${parameters.toString()}`,
      next: rows.length > count && last ? `${base}/AuditEvent?${next.toString()}` : undefined,
      entries: page.map((row) => {
        // Who looked is told; at which secret document is not. What a reader asked for themselves, they know.
        const isUnnamed = concealed.includes(row.object_id ?? "") && row.actor_id !== actorKey(caller.actor);
        const event = auditEvent(
          isUnnamed ? { ...row, object_id: null, detail: null } : row,
          services.config.publicUrl,
          record.row,
          isWhole && caller.actor.kind === "patient",
        );
        return { fullUrl: `${base}/AuditEvent/${event.id}`, resource: JSON.stringify(event), mode: "match" };
      }),
    });
  };
  fhir.get("/AuditEvent", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );
  fhir.post("/AuditEvent/_search", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );
}

/** Wire ids of what this patient or representative must not learn of yet. */
async function concealedIds(services: Services, record: OpenRecord): Promise<readonly string[]> {
  const { rows } = await sql<RuleRow>`
    select ${selectRuleColumns()} from document
    where record_id = ${record.id} and (is_invisible_to_patient or is_invisible_to_representatives)`.execute(
    services.store.database,
  );
  return rows.flatMap((row) => {
    // A closed record keeps its secrets as an open one does; what the patient deleted is none.
    const facts: DocumentFacts = { ...factsOfRow(row), status: "current" };
    const question = { ...record.question, record: { ...record.facts, state: "open" as const } };
    const verdict = decide({ ...question, act: "read", document: facts });
    return verdict.permit ? [] : [wireId(record.id, row.document_id)];
  });
}

function readCursor(text: string | null): string | undefined {
  if (text === null) return undefined;
  if (!isUuid(text)) throw badRequest("Reprenez la recherche depuis le début.", "Start the search again.", "_cursor");
  return text;
}
