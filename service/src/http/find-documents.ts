/** ITI-67: documents of a record (TD3.1). Every row is decided one by one; the page is filled with what may be seen. */
import { profileUrl } from "@carnet/sdk/fhir";
import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import { appendAccess } from "../log/access-log.ts";
import { traceConsultation } from "../log/notice.ts";
import { dataCategoryOf } from "../rules/index.ts";
import { matchesText } from "../store/document-texts.ts";
import { factsOfRow, type RuleRow } from "../store/documents.ts";
import { perStore } from "../store/per-store.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { type SearchEntry, searchSet } from "./bundle.ts";
import { type Caller, callerOf } from "./caller.ts";
import { type Cursor, decodeCursor, encodeCursor } from "./cursor.ts";
import { type DocumentQuery, readDocumentQuery } from "./document-query.ts";
import { type FoundDocument, findAlike, findDocuments } from "./found-documents.ts";
import { excerptsOf, openWords, readWords, sealWords, unreadRemark } from "./full-text.ts";
import { parseWireId, wireId } from "./ids.ts";
import { includedDocuments, listsHolding, replacedBy } from "./includes.ts";
import { notFound, refusalError } from "./outcome.ts";
import { parametersOf, patientOf, queryText, TEXT_PARAMETERS } from "./parameters.ts";
import { changedConditions, positionOf } from "./position.ts";
import { sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";
import { withVisibleRelations } from "./visible-relations.ts";

export function registerFindDocuments(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;

  const search = async (caller: Caller, parameters: URLSearchParams): Promise<Buffer> => {
    const asked = readDocumentQuery(parameters);
    const cursor = parameters.has("_cursor") ? decodeCursor(parameters.get("_cursor") ?? "") : undefined;
    const locator = patientOf(parameters, services.config.rules.acceptsWrongTestKeys);
    const trace = {
      transaction: asked.isByIdentifier ? "TD3.1b" : "TD3.1a",
      action: "E",
      objectType: "DocumentReference",
      query: queryText(parameters),
    } as const;
    const act = asked.isByIdentifier ? "reference" : "search";
    const record = await openRecord(services, caller, locator, act, trace);
    const since = changedConditions(services, record, parameters, "updated_at");
    const narrowed = { ...asked, conditions: [...asked.conditions, ...since] };
    const { query, words, links } = withText(services, record, narrowed, parameters);
    const { documents, next } = await findPage(services, record, query, parameters, cursor);
    // One page that holds everything is its own count.
    const total =
      next || cursor || query.count === 0 ? await countVisible(services, record, query, links) : documents.length;
    const access = {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: "granted",
      rule: "R80",
      dataCategories: documents
        .filter(({ facts }) => !facts.isInvisibleToPatient && !facts.isInvisibleToRepresentatives)
        .map(({ facts, classCode }) => dataCategoryOf(facts.typeCode, classCode)),
    } as const;
    // TD3.1b gives a technical id, for a later change or deletion: it shows no content.
    if (act === "search") await traceConsultation(services, access);
    else await appendAccess(services.store.database, access);
    const related = documents.filter((document) => document.hasRelations);
    const rewritten = await withVisibleRelations(
      services.store.database,
      record.id,
      related.map((document) => document.resource.toString()),
      (facts) => record.decideOn(act, facts).permit,
    );
    const told = new Map(related.map(({ id }, index) => [id, rewritten[index]]));
    const shown = documents.map((document) => document.id);
    const replaced = query.includes.has("_include=DocumentReference:relatesto")
      ? await replacedBy(services, record, shown)
      : [];
    const excerpts = words === "" ? undefined : await excerptsOf(services, record, shown, words);
    const included = [
      ...(words === "" ? [] : await unreadRemark(services, record)),
      ...(await includedDocuments(services, record, replaced)),
      ...(query.includes.has("_revinclude=List:item") ? await listsHolding(services, record, shown) : []),
    ];
    return searchSet({
      profile: profileUrl.findDocumentReferencesResponse,
      lastUpdated: record.now,
      position: positionOf(services, record, parameters),
      total,
      self: `${base}/DocumentReference?${links.toString()}`,
      next: next ? `${base}/DocumentReference?${withCursor(links, next)}` : undefined,
      entries: [
        ...documents.map(
          ({ id, resource }): SearchEntry => ({
            fullUrl: `${base}/DocumentReference/${wireId(record.id, id)}`,
            resource: told.get(id) ?? resource,
            mode: "match",
            extension: excerpts?.get(id),
          }),
        ),
        ...included,
      ],
    });
  };

  fhir.get("/DocumentReference", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );
  fhir.post("/DocumentReference/_search", async (request, reply) =>
    sendFhirText(reply, 200, await search(callerOf(request), parametersOf(request))),
  );

  fhir.get<{ Params: { id: string } }>("/DocumentReference/:id", async (request, reply) => {
    const caller = callerOf(request);
    const member = parseWireId(request.params.id);
    if (!member) throw notFound();
    const trace = {
      transaction: "TD3.1",
      action: "R",
      objectType: "DocumentReference",
      objectId: request.params.id,
    } as const;
    const act = caller.actor.kind === "establishment" ? "reference" : "read";
    const record = await openRecord(services, caller, { id: member.recordId }, act, trace);
    const { rows } = await sql<RuleRow & { resource: string; class_code: string; version: number; updated_at: Date }>`
      select *, updated_at as position from document
      where record_id = ${record.id} and document_id = ${member.memberId}`.execute(services.store.database);
    const row = rows[0];
    const verdict = row ? record.decideOn(act, factsOfRow(row)) : undefined;
    const dataCategories = row && verdict?.permit ? [dataCategoryOf(row.type_code, row.class_code)] : undefined;
    const access = { ...trace, recordId: record.id, caller, recorded: record.now, dataCategories };
    if (!row || !verdict?.permit) {
      await appendAccess(services.store.database, {
        ...access,
        outcome: "refused",
        rule: verdict?.rule ?? "none",
        isConcealed: true,
      });
      throw verdict && !verdict.permit ? refusalError(verdict) : notFound();
    }
    await traceConsultation(services, { ...access, outcome: "granted", rule: verdict.rule });
    reply.header("etag", `W/"${row.version}"`).header("last-modified", row.updated_at.toUTCString());
    const [shown = row.resource] = await withVisibleRelations(
      services.store.database,
      record.id,
      [row.resource],
      (facts) => record.decideOn(act, facts).permit,
    );
    return sendFhirText(reply, 200, shown);
  });
}

/** The search with its words as a condition, and its parameters for links, where the words are sealed. */
function withText(services: Services, record: OpenRecord, asked: DocumentQuery, parameters: URLSearchParams) {
  if (asked.texts.length === 0) return { query: asked, words: "", links: parameters };
  const key = services.store.keys.unwrap(record.row.wrapped_key);
  const texts = asked.texts.map((text) => openWords(key, text));
  const words = texts.map((text) => readWords(text, "_content")).join(" & ");
  const links = new URLSearchParams(parameters);
  for (const name of TEXT_PARAMETERS) links.delete(name);
  for (const text of texts) links.append("_content", sealWords(key, text));
  return { query: { ...asked, conditions: [...asked.conditions, matchesText(record.id, words)] }, words, links };
}

/** Documents read beyond what the page still lacks: one that shows a next page, and two that may turn out to be hidden. */
const MARGIN = 3;
/** Where so many are hidden that the page was not filled at once. */
const FURTHER_MARGIN = 50;

/** One page, newest first by default. Keyset paging: a cursor names the last document that was looked at. */
async function findPage(
  services: Services,
  record: OpenRecord,
  query: DocumentQuery,
  asked: URLSearchParams,
  from: Cursor | undefined,
): Promise<{ documents: readonly FoundDocument[]; next: Cursor | undefined }> {
  const visible: FoundDocument[] = [];
  if (query.count === 0) return { documents: visible, next: undefined };
  const act = query.isByIdentifier ? "reference" : "search";
  for (let cursor = from; ; ) {
    const limit = query.count - visible.length + (cursor === from ? MARGIN : FURTHER_MARGIN);
    const found = await findDocuments(services, record, query, asked, cursor, limit);
    for (const document of found) {
      if (!record.decideOn(act, document.facts).permit) continue;
      const last = visible.at(-1);
      // One more than the page is there: the page ends with the document before.
      if (visible.length === query.count && last) return { documents: visible, next: last };
      visible.push(document);
    }
    const end = found.at(-1);
    if (found.length < limit || !end) return { documents: visible, next: undefined };
    cursor = end;
  }
}

/** Counts of this version of the record as one caller sees it: the same search, page after page, counts once. */
const countsIn = perStore(() => new Map<string, number>());
const MAX_COUNTS = 5000;
const COUNT_MS = 60_000;

/** How many documents the caller may see in all. What is hidden is not counted. */
async function countVisible(
  services: Services,
  record: OpenRecord,
  query: DocumentQuery,
  parameters: URLSearchParams,
): Promise<number> {
  const asked = new URLSearchParams(parameters);
  for (const name of ["_cursor", "_count", "_sort"]) asked.delete(name);
  const { caller, now } = record;
  const view = JSON.stringify([caller.actor, caller.purposeOfUse, record.facts, Math.floor(now.getTime() / COUNT_MS)]);
  const key = `${record.id} ${record.row.version} ${view} ${asked}`;
  const counts = countsIn(services.store);
  const known = counts.get(key);
  if (known !== undefined) return known;
  const act = query.isByIdentifier ? "reference" : "search";
  const alike = await findAlike(services, record, query);
  const visible = alike.filter(({ facts }) => record.decideOn(act, facts).permit);
  const count = visible.reduce((sum, kind) => sum + kind.count, 0);
  if (counts.size >= MAX_COUNTS) counts.clear();
  counts.set(key, count);
  return count;
}

function withCursor(parameters: URLSearchParams, cursor: Cursor): string {
  const next = new URLSearchParams(parameters);
  next.set("_cursor", encodeCursor(cursor));
  return next.toString();
}
