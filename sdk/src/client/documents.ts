import { type CallOptions, InvalidAnswer } from "../fhir/http/index.ts";
import * as identifierSystem from "../fhir/identifier-systems.ts";
import { pages } from "../fhir/pages.ts";
import { insToken, type RecordContext } from "./context.ts";
import { toDocumentEntry } from "./document-entry.ts";
import type { DocumentEntry, DocumentFilter, DocumentList } from "./types.ts";

/**
 * TD3.1: the documents of the record, newest first (ITI-67). Nothing is asked before the first step of the loop,
 * and the next page only when the loop reaches it.
 */
export function listDocuments(
  context: RecordContext,
  filter: DocumentFilter = {},
  options: CallOptions = {},
): DocumentList {
  async function* bundles() {
    const search = filter.text === undefined ? undefined : await import("./text-search.ts");
    const query = toQuery(context, filter);
    const first = search?.asForm("DocumentReference", query);
    for await (const page of pages(context.http, "DocumentReference", query, options, first)) {
      const documents: DocumentEntry[] = [];
      for (const { resource, search: found } of page.entry ?? []) {
        if (resource?.resourceType !== "DocumentReference" || found?.mode === "include") continue;
        assertSamePatient(context, resource.subject?.identifier);
        // Another server may ignore `isArchived`; archived documents are out of the default list (R119).
        const document = toDocumentEntry(resource, "GET DocumentReference");
        if (document.isArchived && filter.isArchived === undefined && filter.uniqueId === undefined) continue;
        documents.push(search ? { ...document, ...search.excerptsIn(found) } : document);
      }
      const answeredAt = page.meta?.lastUpdated;
      yield {
        documents,
        ...(page.total === undefined ? {} : { total: page.total }),
        ...(answeredAt && { answeredAt }),
      };
    }
  }
  async function* each() {
    for await (const page of bundles()) yield* page.documents;
  }
  return {
    [Symbol.asyncIterator]: each,
    pages: bundles,
    async toArray({ limit = Number.POSITIVE_INFINITY } = {}) {
      const all: DocumentEntry[] = [];
      if (limit <= 0) return all;
      for await (const document of each()) {
        all.push(document);
        if (all.length >= limit) break;
      }
      return all;
    },
  };
}

/** A document of somebody else in this list would be shown in the wrong record: stop at once. */
function assertSamePatient(context: RecordContext, found?: { system?: string; value?: string }): void {
  if (found?.system === context.ins.system && found.value !== undefined && found.value !== context.ins.value) {
    throw new InvalidAnswer("GET DocumentReference", "the service answered with another person's document");
  }
}

function toQuery(
  context: RecordContext,
  filter: DocumentFilter,
): Record<string, string | readonly string[] | undefined> {
  const list = (value: string | readonly string[] | undefined) =>
    typeof value === "string" ? value : value?.join(",");
  const between = (from: string | undefined, to: string | undefined) => [
    ...(from ? [`ge${from}`] : []),
    ...(to ? [`le${to}`] : []),
  ];
  return {
    "patient.identifier": insToken(context.ins),
    status: filter.status === "all" ? "current,superseded" : (filter.status ?? "current"),
    type: list(filter.type),
    category: list(filter.category),
    creation: between(filter.createdFrom, filter.createdTo),
    period: between(filter.actFrom, filter.actTo),
    "author.family": filter.authorFamily,
    format: filter.format,
    setting: filter.setting,
    facility: filter.facility,
    "security-label": filter.securityLabel,
    identifier: filter.uniqueId === undefined ? undefined : `${identifierSystem.uri}|${filter.uniqueId}`,
    isArchived: filter.isArchived === undefined ? undefined : String(filter.isArchived),
    _lastUpdated: filter.changedSince === undefined ? undefined : `ge${filter.changedSince}`,
    _content: filter.text,
    _sort: filter.sort,
    _count: String(Math.min(200, Math.max(1, filter.pageSize ?? 50))),
  };
}

/** One document by its logical id. */
export async function findDocument(
  context: RecordContext,
  id: string,
  options: CallOptions = {},
): Promise<DocumentEntry> {
  const path = `DocumentReference/${encodeURIComponent(id)}`;
  const { answer, body } = await context.http.json({ method: "GET", path, ...options });
  const document = toDocumentEntry(body, answer.request);
  assertSamePatient(context, document.resource.subject?.identifier);
  return document;
}
