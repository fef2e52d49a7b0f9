/** ITI-66: lots of a record, and `GET List/[id]`. A lot shows only the documents that the caller may see. R114, R132. */
import type { List } from "@carnet/sdk/fhir";
import { codeSystem, identifierSystem } from "@carnet/sdk/fhir";
import type { FastifyInstance } from "fastify";
import { type RawBuilder, sql } from "kysely";
import { traceConsultation } from "../log/notice.ts";
import { factsOfRow, type RuleRow, selectRuleColumns } from "../store/documents.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { searchSetText } from "./bundle.ts";
import { actorKey, type Caller, callerOf } from "./caller.ts";
import { type Cursor, decodeCursor, encodeCursor } from "./cursor.ts";
import { type DateCriterion, parseDate } from "./dates.ts";
import { readCount } from "./document-query.ts";
import { parseWireId, wireId } from "./ids.ts";
import { badRequest, notFound, WireError } from "./outcome.ts";
import { parametersOf, patientOf, queryText } from "./parameters.ts";
import { sendFhir, sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";

interface LotRow {
  readonly submission_set_id: string;
  readonly unique_id: string;
  readonly received_at: Date;
  readonly date: Date;
  readonly source_id: string | null;
  readonly resource: string;
}

const KNOWN: ReadonlySet<string> = new Set([
  "patient",
  "patient.identifier",
  "patient:identifier",
  "subject",
  "subject.identifier",
  "code",
  "status",
  "date",
  "identifier",
  "designationType",
  "source.given",
  "source.family",
  "_id",
  "_count",
  "_cursor",
  "_format",
  "_lastUpdated",
  "_sort",
]);

export function registerFindLists(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;

  const search = async (caller: Caller, parameters: URLSearchParams): Promise<string> => {
    const conditions = readConditions(parameters);
    const count = readCount(parameters);
    const locator = patientOf(parameters, services.config.rules.acceptsWrongTestKeys);
    const trace = { transaction: "ITI-66", action: "E", objectType: "List", query: queryText(parameters) } as const;
    const record = await openRecord(services, caller, locator, "search", trace);
    const lots: List[] = [];
    let cursor = parameters.has("_cursor") ? decodeCursor(parameters.get("_cursor") ?? "") : undefined;
    let lastShown: Cursor | undefined;
    let next: string | undefined;
    for (let isEnd = false; !isEnd && next === undefined; ) {
      const after: RawBuilder<unknown>[] = cursor
        ? [sql`(date, submission_set_id) < (${cursor.position}, ${cursor.id}::uuid)`]
        : [];
      const { rows } = await sql<LotRow>`
        select submission_set_id, unique_id, received_at, date, source_id, resource from submission_set
        where ${sql.join([sql`record_id = ${record.id}`, ...conditions, ...after], sql` and `)}
        order by date desc, submission_set_id desc limit ${count + 1}`.execute(services.store.database);
      isEnd = rows.length <= count;
      // A page is filled with visible lots and its cursor names the last of them: a lot that is not shown leaves neither
      // a gap nor a page after the last one (R145).
      for (const { lot, row } of await visibleLots(services, record, rows)) {
        if (lots.length === count && lastShown) {
          next = encodeCursor(lastShown);
          break;
        }
        lots.push(lot);
        lastShown = cursorAt(row);
      }
      const last = rows.at(-1);
      if (last) cursor = cursorAt(last);
    }
    await traceConsultation(services, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: "granted",
      rule: "R80",
    });
    const nextParameters = new URLSearchParams(parameters);
    if (next) nextParameters.set("_cursor", next);
    return searchSetText({
      profile: "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-find-lists-response",
      lastUpdated: record.now,
      total: next || parameters.has("_cursor") ? await countLots(services, record, conditions) : lots.length,
      self: `${base}/List?${parameters.toString()}`,
      next: next ? `${base}/List?${nextParameters.toString()}` : undefined,
      entries: lots.map((lot) => ({
        fullUrl: `${base}/List/${lot.id}`,
        resource: JSON.stringify(lot),
        mode: "match",
      })),
    });
  };
  fhir.get("/List", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );
  fhir.post("/List/_search", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );

  fhir.get<{ Params: { id: string } }>("/List/:id", async (request, reply) => {
    const caller = callerOf(request);
    const member = parseWireId(request.params.id);
    if (!member) throw notFound();
    const trace = { transaction: "ITI-66", action: "R", objectType: "List", objectId: request.params.id } as const;
    const record = await openRecord(services, caller, { id: member.recordId }, "search", trace);
    const { rows } = await sql<LotRow>`
      select submission_set_id, unique_id, received_at, date, source_id, resource from submission_set
      where record_id = ${record.id} and submission_set_id = ${member.memberId}`.execute(services.store.database);
    const lot = (await visibleLots(services, record, rows))[0]?.lot;
    await traceConsultation(services, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: lot ? "granted" : "refused",
      rule: lot ? "R80" : "none",
      isConcealed: !lot,
    });
    if (!lot) throw notFound();
    return sendFhir(reply, 200, lot);
  });
}

/** How many lots the caller may see in all: those with a visible document. */
async function countLots(
  services: Services,
  record: OpenRecord,
  conditions: readonly RawBuilder<unknown>[],
): Promise<number> {
  const { rows } = await sql<RuleRow & { submission_set_id: string }>`
    select ${selectRuleColumns()}, submission_set_id
    from document where record_id = ${record.id} and submission_set_id in (
      select submission_set_id from submission_set
      where ${sql.join([sql`record_id = ${record.id}`, ...conditions], sql` and `)}
    )`.execute(services.store.database);
  const visible = rows.filter((row) => record.decideOn("search", factsOfRow(row)).permit);
  return new Set(visible.map((row) => row.submission_set_id)).size;
}

const cursorAt = (row: LotRow): Cursor => ({ position: row.date, id: row.submission_set_id });

/** The lots that hold at least one document the caller may see, with those only. */
async function visibleLots(
  services: Services,
  record: OpenRecord,
  rows: readonly LotRow[],
): Promise<readonly { readonly lot: List; readonly row: LotRow }[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.submission_set_id);
  const { rows: members } = await sql<RuleRow & { submission_set_id: string }>`
    select ${selectRuleColumns()}, submission_set_id
    from document where record_id = ${record.id} and submission_set_id = any(${ids}::uuid[])
    order by received_at, document_id`.execute(services.store.database);
  const visible = members.filter((member) => record.decideOn("search", factsOfRow(member)).permit);
  return rows.flatMap((row) => {
    const own = visible.filter((member) => member.submission_set_id === row.submission_set_id);
    return own.length === 0
      ? []
      : [
          {
            row,
            lot: listResource(
              record,
              row,
              own.map((member) => member.document_id),
            ),
          },
        ];
  });
}

/**
 * A lot as its readers get it. The sender's own words (title, notes, narrative) speak of every document of the lot, the
 * hidden ones too, so nobody but the sender gets them; a lot without a hidden document looks the same (R145).
 */
function listResource(record: OpenRecord, row: LotRow, documentIds: readonly string[]): List {
  const kept: List = JSON.parse(row.resource);
  const { note: _note, text: _text, encounter: _encounter, ...shown } = kept;
  const sent: List = row.source_id === actorKey(record.caller.actor) ? kept : { ...shown, title: "Lot de soumission" };
  return {
    ...sent,
    id: wireId(record.id, row.submission_set_id),
    meta: { ...sent.meta, versionId: "1", lastUpdated: row.received_at.toISOString() },
    identifier: [
      { use: "usual", system: identifierSystem.uri, value: row.unique_id },
      { use: "official", system: identifierSystem.uri, value: `urn:uuid:${row.submission_set_id}` },
    ],
    subject: {
      reference: `Patient/${record.id}`,
      type: "Patient",
      identifier: { system: record.row.ins_system, value: record.row.ins_value },
    },
    entry: documentIds.map((id) => ({ item: { reference: `DocumentReference/${wireId(record.id, id)}` } })),
  };
}

function readConditions(parameters: URLSearchParams): RawBuilder<unknown>[] {
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
  const code = parameters.get("code");
  const wanted = code?.split(",").map((one) => one.slice(one.indexOf("|") + 1)) ?? ["submissionset"];
  if (code?.includes("|") && !code.includes(`${codeSystem.mhdListType}|`)) {
    throw badRequest("Système de code inconnu.", "Unknown code system.", "code");
  }
  const conditions: RawBuilder<unknown>[] = wanted.includes("submissionset") ? [] : [sql`false`];
  const status = parameters.get("status");
  if (status && !status.split(",").includes("current")) conditions.push(sql`false`);
  for (const [name, value] of parameters) {
    const plain = value.slice(value.indexOf("|") + 1);
    if (name === "date") conditions.push(instant(sql`date`, parseDate(value, name)));
    else if (name === "_lastUpdated") conditions.push(instant(sql`received_at`, parseDate(value, name)));
    else if (name === "designationType") conditions.push(sql`designation_type = ${plain}`);
    else if (name === "identifier") {
      const uuid = /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(plain)?.[1];
      conditions.push(
        uuid ? sql`(unique_id = ${plain} or submission_set_id = ${uuid}::uuid)` : sql`unique_id = ${plain}`,
      );
    } else if (name === "_id") {
      const members = value.split(",").flatMap((one) => parseWireId(one)?.memberId ?? []);
      conditions.push(sql`submission_set_id = any(${members}::uuid[])`);
    } else if (name === "source.family") conditions.push(sql`lower(source_family) = lower(${value})`);
    else if (name === "source.given") conditions.push(sql`lower(source_given) = lower(${value})`);
  }
  return conditions;
}

function instant(column: RawBuilder<unknown>, { prefix, from, until }: DateCriterion): RawBuilder<unknown> {
  switch (prefix) {
    case "gt":
    case "sa":
      return sql`${column} >= ${until}`;
    case "lt":
    case "eb":
      return sql`${column} < ${from}`;
    case "ge":
      return sql`${column} >= ${from}`;
    case "le":
      return sql`${column} < ${until}`;
    case "ne":
      return sql`(${column} < ${from} or ${column} >= ${until})`;
    default:
      return sql`(${column} >= ${from} and ${column} < ${until})`;
  }
}
