/** ITI-66: lots, folders and pinned documents of a record, and `GET List/[id]`. R114, R132, R169. */
import type { List } from "@carnet/sdk/fhir";
import type { FastifyInstance } from "fastify";
import { type RawBuilder, sql } from "kysely";
import { traceConsultation } from "../log/notice.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { type SearchEntry, searchSet } from "./bundle.ts";
import { type Caller, callerOf } from "./caller.ts";
import { type Cursor, decodeCursor, encodeCursor } from "./cursor.ts";
import { folderResource, visibleFolders } from "./folders.ts";
import { parseWireId } from "./ids.ts";
import { includedDocuments } from "./includes.ts";
import { type ListQuery, readListQuery } from "./list-query.ts";
import { countLots, type LotRow, lotResource, readLots, visibleLots } from "./lots.ts";
import { notFound } from "./outcome.ts";
import { parametersOf, patientOf, queryText } from "./parameters.ts";
import { changedConditions, positionOf } from "./position.ts";
import { sendFhir, sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";

const FIND_LISTS_RESPONSE = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-find-lists-response";

export function registerFindLists(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;

  const search = async (caller: Caller, parameters: URLSearchParams): Promise<Buffer> => {
    const asked = readListQuery(parameters);
    const from = parameters.has("_cursor") ? decodeCursor(parameters.get("_cursor") ?? "") : undefined;
    const locator = patientOf(parameters, services.config.rules.acceptsWrongTestKeys);
    const trace = { transaction: "ITI-66", action: "E", objectType: "List", query: queryText(parameters) } as const;
    const record = await openRecord(services, caller, locator, "search", trace);
    const since = changedConditions(services, record, parameters, "received_at");
    const query = { ...asked, lots: [...asked.lots, ...since] };
    const folders = await foundFolders(services, record, query);
    const lots = query.kinds.has("submissionset") ? await foundLots(services, record, query, from) : [];
    // Both are in order: a page is the beginning of the two together, and its cursor names the last one shown.
    const found = [...folders.filter((one) => isAfter(one.at, from, query)), ...lots].sort((one, other) =>
      isAfter(other.at, one.at, query) ? -1 : 1,
    );
    const page = found.slice(0, query.count);
    const last = page.at(-1);
    const next = found.length > query.count && last ? encodeCursor(last.at) : undefined;
    const isWhole = query.count > 0 && !next && !from;
    const lotCount = isWhole || !query.kinds.has("submissionset") ? 0 : await countLots(services, record, query.lots);
    const documentIds = query.includesItems ? page.flatMap((one) => one.documentIds) : [];
    const included = await includedDocuments(services, record, documentIds);
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
    const lists = page.map(({ resource }) => resource());
    // A folder that the patient made states less than the profile of lists asks: the answer must not claim it.
    const isOfProfile = lists.every(({ meta }) => meta?.profile !== undefined);
    return searchSet({
      ...(isOfProfile ? { profile: FIND_LISTS_RESPONSE } : {}),
      lastUpdated: record.now,
      position: positionOf(services, record, parameters),
      total: isWhole ? page.length : lotCount + folders.length,
      self: `${base}/List?${parameters.toString()}`,
      next: next ? `${base}/List?${nextParameters.toString()}` : undefined,
      entries: [
        ...lists.map(
          (list): SearchEntry => ({
            fullUrl: `${base}/List/${list.id}`,
            resource: JSON.stringify(list),
            mode: "match",
          }),
        ),
        ...included,
      ],
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
    const list = await findList(services, record, member.memberId);
    await traceConsultation(services, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: list ? "granted" : "refused",
      rule: list ? "R80" : "none",
      isConcealed: !list,
    });
    if (!list) throw notFound();
    if (list.meta?.versionId) reply.header("etag", `W/"${list.meta.versionId}"`);
    return sendFhir(reply, 200, list);
  });
}

async function findList(services: Services, record: OpenRecord, id: string): Promise<List | undefined> {
  const rows = await readLots(services, record, [sql`submission_set_id = ${id}`], sql`date`, 1);
  const lot = (await visibleLots(services, record, rows))[0];
  if (lot) return lotResource(record, lot);
  const folder = (await visibleFolders(services, record)).find(({ row }) => row.folder_id === id);
  return folder && folderResource(record, folder);
}

/** A list of the answer, and where it stands in the order. */
interface Found {
  readonly at: Cursor;
  readonly documentIds: readonly string[];
  readonly resource: () => List;
}

/** Does `one` come after `other` in the order that was asked for? */
function isAfter(one: Cursor, other: Cursor | undefined, { sort }: ListQuery): boolean {
  if (!other) return true;
  const difference = one.position.getTime() - other.position.getTime();
  const isGreater = difference === 0 ? one.id > other.id : difference > 0;
  return isGreater !== sort.isDescending && (difference !== 0 || one.id !== other.id);
}

async function foundFolders(services: Services, record: OpenRecord, query: ListQuery): Promise<readonly Found[]> {
  if (!query.kinds.has("folder") && !query.kinds.has("pinned")) return [];
  const folders = await visibleFolders(services, record);
  return folders
    .filter((folder) => query.kinds.has(folder.row.kind) && query.folders(folder))
    .map((folder) => ({
      at: { position: query.sort.by === "date" ? folder.row.date : folder.lastUpdated, id: folder.row.folder_id },
      documentIds: folder.documentIds,
      resource: () => folderResource(record, folder),
    }));
}

/**
 * Lots after `from`, one more than a page. Filled with visible ones only: a lot that is not shown leaves neither a gap
 * nor a page after the last one (R145).
 */
async function foundLots(
  services: Services,
  record: OpenRecord,
  query: ListQuery,
  from: Cursor | undefined,
): Promise<readonly Found[]> {
  const column = sql.ref(query.sort.by === "date" ? "date" : "received_at");
  const direction = query.sort.isDescending ? sql`desc` : sql`asc`;
  const order = sql`${column} ${direction}, submission_set_id ${direction}`;
  const wanted = query.count + 1;
  const atOf = (row: LotRow): Cursor => ({
    position: query.sort.by === "date" ? row.date : row.received_at,
    id: row.submission_set_id,
  });
  const found: Found[] = [];
  for (let cursor = from; ; ) {
    const after: RawBuilder<unknown>[] = cursor
      ? [
          sql`(${column}, submission_set_id) ${query.sort.isDescending ? sql`<` : sql`>`} (${cursor.position}, ${cursor.id}::uuid)`,
        ]
      : [];
    const rows = await readLots(services, record, [...query.lots, ...after], order, wanted);
    for (const lot of await visibleLots(services, record, rows)) {
      found.push({
        at: atOf(lot.row),
        documentIds: lot.documentIds,
        resource: () => lotResource(record, lot),
      });
    }
    const last = rows.at(-1);
    if (!last || rows.length < wanted || found.length >= wanted) return found.slice(0, wanted);
    cursor = atOf(last);
  }
}
