/** Traces as AuditEvents: the patient and the referring doctor read all, anybody else their own. R180 to R185; BALP, ITI-81. */
import type { FastifyInstance } from "fastify";
import { type RawBuilder, sql } from "kysely";
import { appendAccess, type LogLine } from "../log/access-log.ts";
import { openRecord } from "./access.ts";
import { readAuditQuery } from "./audit-query.ts";
import { auditViewOf } from "./audit-view.ts";
import { searchSet } from "./bundle.ts";
import { type Caller, callerOf } from "./caller.ts";
import { parametersOf, patientOf, queryText } from "./parameters.ts";
import { sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";

export function registerAudit(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;

  const search = async (caller: Caller, parameters: URLSearchParams): Promise<Buffer> => {
    const query = readAuditQuery(parameters);
    const locator = patientOf(parameters, services.config.rules.acceptsWrongTestKeys);
    const trace = {
      transaction: "TRACES",
      action: "E",
      objectType: "AuditEvent",
      query: queryText(parameters),
    } as const;
    const record = await openRecord(services, caller, locator, "trace", trace);
    const view = await auditViewOf(services, record);
    const conditions = [
      sql`record_id = ${record.id}`,
      ...view.conditions,
      ...query.conditions(record.facts.ins),
      ...(query.entity === undefined ? [] : [view.naming(query.entity)]),
      // Numbers of lines would count those of others: a cursor names the line itself.
      ...(query.cursor === undefined
        ? []
        : [
            sql`sequence < (select b.sequence from access_log b where b.record_id = ${record.id} and b.event_id = ${query.cursor}::uuid)`,
          ]),
    ];
    const { rows } = await sql<LogLine>`
      select * from access_log where ${sql.join(conditions, sql` and `)}
      order by sequence desc limit ${query.count + 1}`.execute(services.store.database);
    const total = query.count === 0 ? await countLines(services, conditions) : undefined;
    await appendAccess(services.store.database, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: "granted",
      rule: "R181",
    });
    const page = rows.slice(0, query.count);
    const last = page.at(-1);
    const next = new URLSearchParams(parameters);
    if (last) next.set("_cursor", last.event_id);
    return searchSet({
      lastUpdated: record.now,
      ...(total === undefined ? {} : { total }),
      self: `${base}/AuditEvent?${parameters.toString()}`,
      next: rows.length > query.count && last ? `${base}/AuditEvent?${next.toString()}` : undefined,
      entries: page.map((row) => {
        const event = view.event(row);
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

/** Lines that the reader is shown, asked for as a count alone. */
async function countLines(services: Services, conditions: readonly RawBuilder<unknown>[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from access_log where ${sql.join(conditions, sql` and `)}`.execute(
    services.store.database,
  );
  return rows[0]?.count ?? 0;
}
