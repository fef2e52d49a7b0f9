/** Texts of documents: which are to be read, what was read, and the search in them. French stems, no extension needed. */
import { type RawBuilder, sql } from "kysely";
import type { DocumentRow } from "./documents.ts";
import { fold, foldedInPlace } from "./folded.ts";
import type { Database } from "./store.ts";
import type { DocumentTextColumns } from "./tables.ts";

export type UnreadRow = Pick<
  DocumentRow,
  "record_id" | "document_id" | "blob_id" | "size" | "content_type" | "resource" | "author_families" | "author_givens"
> & { readonly wrapped_key: Buffer };

/** Documents that nobody read yet, of any record. */
export async function unreadTexts(database: Database, limit: number): Promise<readonly UnreadRow[]> {
  const { rows } = await sql<UnreadRow>`
    select d.record_id, d.document_id, d.blob_id, d.size, d.content_type, d.resource, d.author_families, d.author_givens,
      r.wrapped_key
    from document_fact f
    join document d on d.record_id = f.record_id and d.document_id = f.document_id
    join record r on r.record_id = f.record_id
    where f.text_version = 0 limit ${limit}`.execute(database);
  return rows;
}

export interface ReadText {
  readonly title: string;
  readonly authors: string;
  readonly body: string;
  readonly failure: string | null;
}

/** Keeps what was read. A document that went away meanwhile is no fault. */
export async function keepText(
  database: Database,
  { record_id: recordId, document_id: documentId }: Pick<UnreadRow, "record_id" | "document_id">,
  text: ReadText,
  version: DocumentTextColumns["text_version"],
): Promise<void> {
  await sql`
    update document_fact set text_version = ${version}, text_failure = ${text.failure}, body = ${text.body},
      words = setweight(to_tsvector('french', ${fold(text.title)}), 'A')
        || setweight(to_tsvector('french', ${fold(text.authors)}), 'B')
        || setweight(to_tsvector('french', ${fold(text.body)}), 'C')
    where record_id = ${recordId} and document_id = ${documentId}`.execute(database);
}

/** A condition on the documents of a record: their words match. `query` is the text of a `tsquery`. */
export function matchesText(recordId: string, query: string): RawBuilder<unknown> {
  return sql`document_id in (
    select t.document_id from document_fact t
    where t.record_id = ${recordId} and t.words @@ to_tsquery('french', ${query})
  )`;
}

/** Marks around a matched word in {@link headlines}: characters that no text holds. */
export const MARKS = { start: "\u0001", stop: "\u0002", gap: "\u0003" } as const;

/** Only this much of a text is looked through for an excerpt. */
const SEARCHED_CHARACTERS = 30_000;

/** The body of each document and its matching places, folded character for character. */
export async function headlines(
  database: Database,
  recordId: string,
  documentIds: readonly string[],
  query: string,
): Promise<readonly { readonly document_id: string; readonly body: string; readonly headline: string }[]> {
  if (documentIds.length === 0) return [];
  const options = `StartSel=${MARKS.start}, StopSel=${MARKS.stop}, FragmentDelimiter=${MARKS.gap}, MaxFragments=2, MaxWords=20, MinWords=8`;
  const body = sql`left(body, ${SEARCHED_CHARACTERS}::int)`;
  const { rows } = await sql<{ document_id: string; body: string; headline: string }>`
    select document_id, ${body} as body,
      ts_headline('french', ${foldedInPlace(body)}, to_tsquery('french', ${query}), ${options}) as headline
    from document_fact
    where record_id = ${recordId} and document_id = any(${[...documentIds]}::uuid[]) and body <> ''`.execute(database);
  return rows;
}

/** Documents of the record that are not read yet. */
export async function unreadIds(database: Database, recordId: string): Promise<readonly string[]> {
  const { rows } = await sql<{ document_id: string }>`
    select document_id from document_fact where record_id = ${recordId} and text_version = 0`.execute(database);
  return rows.map(({ document_id }) => document_id);
}
