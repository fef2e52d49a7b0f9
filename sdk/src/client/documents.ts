import {
  type CallOptions,
  CarnetError,
  DocumentNotFound,
  type HttpRequest,
  InvalidAnswer,
} from "../fhir/http/index.ts";
import * as identifierSystem from "../fhir/identifier-systems.ts";
import { pages } from "../fhir/pages.ts";
import { isFields } from "../fhir/parse.ts";
import type { RecordContext } from "./context.ts";
import { toDocumentEntry } from "./document-entry.ts";
import type { DocumentEntry, DocumentFilter, DocumentHandle, DocumentList } from "./types.ts";

/**
 * TD3.1: the documents of the record, newest first (ITI-67). Nothing is asked before the first step of the loop,
 * and the next page only when the loop reaches it.
 */
export function listDocuments(
  context: RecordContext,
  filter: DocumentFilter = {},
  options: CallOptions = {},
): DocumentList {
  // A text in its place would be no filter at all.
  if (!isFields(filter)) throw new TypeError("filter: {…}");
  async function* bundles(): ReturnType<DocumentList["pages"]> {
    let isBegun = false;
    try {
      for await (const page of ask()) {
        isBegun = true;
        yield page;
      }
    } catch (error) {
      if (isBegun) throw error;
      await adopt(context, error, options, filter);
      yield* ask();
    }
  }
  async function* ask() {
    // Of no ids there are no documents: without the question, all would come.
    if (filter.id?.length === 0) return;
    const search = filter.text ? await import("./text-search.ts") : undefined;
    const query = toQuery(context, filter);
    const first = search?.asForm("DocumentReference", query);
    for await (const page of pages(context.http, "DocumentReference", query, options, first)) {
      const documents: DocumentEntry[] = [];
      for (const { resource, search: found } of page.entry ?? []) {
        if (resource?.resourceType !== "DocumentReference" || found?.mode === "include") continue;
        const document = toDocumentEntry(resource, "GET DocumentReference");
        assertSamePatient(context, document);
        // Another server may ignore what it does not know: what is withdrawn (R120), replaced or archived (R119), and above
        // all another document than the one that a deposit looks for, are told from the answer.
        const isWanted = filter.uniqueId
          ? document.uniqueId === filter.uniqueId
          : document.isArchived === (filter.isArchived ?? (!!filter.id && document.isArchived));
        if (!isWanted || isInError(resource) || !`${query.status}`.includes(resource.status ?? "")) continue;
        documents.push(search ? { ...document, ...search.excerptsIn(found) } : document);
      }
      const { meta, total } = page;
      yield { documents, total, meta, answeredAt: meta?.lastUpdated };
    }
  }
  async function* each() {
    for await (const page of bundles()) yield* page.documents;
  }
  return {
    [Symbol.asyncIterator]: each,
    pages: bundles,
    async toArray({ limit = 1e9 } = {}) {
      const all: DocumentEntry[] = [];
      if (limit > 0) for await (const document of each()) if (all.push(document) >= limit) break;
      return all;
    },
  };
}

/**
 * A document of somebody else would be shown in the wrong record: stop at once. The INS says whose it is; where a server
 * names its own patient only, that patient's id does.
 */
function assertSamePatient(
  { ins, subject: known, http }: RecordContext,
  { resource: { subject } }: DocumentEntry,
): void {
  const { system, value } = subject?.identifier ?? {};
  // Patient 123 of another server is somebody else.
  const named = subject?.reference?.split("/_history")[0]?.replace(`${http.baseUrl}/`, "");
  const isSame = system === ins.system ? value === ins.value : known.id && named === `Patient/${known.id}`;
  if (!isSame) throw new InvalidAnswer("GET DocumentReference", "may be of another person");
}

/** Withdrawn (R120), or its content declared an error by its author. */
const isInError = ({ status, docStatus }: DocumentEntry["resource"]) =>
  [status, docStatus].includes("entered-in-error");

/** Nothing more is asked of a record service; another FHIR server may want to be asked otherwise. @throws the same error */
async function adopt(
  context: RecordContext,
  error: unknown,
  options: CallOptions,
  filter?: DocumentFilter,
): Promise<void> {
  if (!(error instanceof CarnetError) || context.subject.id) throw error;
  // An answer came: more can be fetched.
  if (!/supported|rejected|record-not|invalid/.test(error.code)) throw error;
  await (await import("./plain-server.ts")).adopt(context, error, options, filter);
}

/** @throws TypeError for a field that is none of a filter: passed over, it would narrow nothing */
function toQuery({ subject }: RecordContext, filter: DocumentFilter): NonNullable<HttpRequest["query"]> {
  const {
    status,
    type,
    category,
    createdFrom,
    createdTo,
    actFrom,
    actTo,
    authorFamily,
    format,
    setting,
    facility,
    securityLabel,
    uniqueId,
    id,
    isArchived,
    text,
    changedSince,
    changed,
    sort,
    pageSize = 50,
    ...unknown
  } = filter;
  for (const name in unknown) throw new TypeError(`filter: ${name}`);
  const list = (value?: string | readonly string[]) => [value].flat().join() || undefined;
  const between = (from?: string, to?: string) => [from && `ge${from}`, to && `le${to}`];
  return {
    ...subject.query,
    status: status === "all" ? "current,superseded" : (status ?? "current"),
    type: list(type),
    category: list(category),
    date: between(createdFrom, createdTo),
    period: between(actFrom, actTo),
    "author.family": authorFamily,
    format,
    setting,
    facility,
    "security-label": securityLabel,
    _id: list(id),
    identifier: uniqueId && `${identifierSystem.uri}|${uniqueId}`,
    // No plain server knows it.
    isArchived: subject.id ? undefined : isArchived?.toString(),
    _lastUpdated: changedSince && `ge${changedSince}`,
    changed,
    _content: text,
    _sort: sort,
    _count: `${Math.max(1, Math.min(pageSize, 200))}`,
  };
}

/**
 * One document: by its logical id, or the entry or receipt that a caller kept. It may come from another person's list: nothing is read
 * or changed by it here. @throws DocumentNotFound, InvalidAnswer
 */
export async function findDocument(
  context: RecordContext,
  document: DocumentHandle,
  options: CallOptions = {},
): Promise<DocumentEntry> {
  let entry = document as DocumentEntry;
  if (!entry?.resource) {
    const path = `DocumentReference/${encodeURIComponent(entry?.id ?? `${document}`)}`;
    const { answer, body } = await context.http.json({ method: "GET", path, ...options });
    entry = toDocumentEntry(body, answer.request);
    // Another server still gives it.
    if (isInError(entry.resource)) throw new DocumentNotFound(answer.request);
  }
  try {
    assertSamePatient(context, entry);
  } catch (error) {
    await adopt(context, error, options);
    assertSamePatient(context, entry);
  }
  return entry;
}
