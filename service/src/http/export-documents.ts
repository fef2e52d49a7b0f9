/** The documents of a copy of the record: files in folders by category, their lines in its first page, their metadata. R171. */
import type { DocumentReference, HumanName } from "@carnet/sdk/fhir";
import { findDocumentClass } from "@carnet/sdk/terminology";
import { sql } from "kysely";
import type { ArchiveFile } from "../export/archive.ts";
import { fileNamePart, type Naming } from "../export/file-names.ts";
import type { ListedDocument, Locale } from "../export/pages.ts";
import { dataCategoryOf, dayOf } from "../rules/index.ts";
import { factsOfRow, type RuleRow, selectRuleColumns } from "../store/documents.ts";
import { sealedSize } from "../store/seal.ts";
import type { OpenRecord } from "./access.ts";
import type { Services } from "./services.ts";
import { withVisibleRelations } from "./visible-relations.ts";

interface ExportRow extends RuleRow {
  readonly resource: string;
  readonly class_code: string;
  readonly content_type: string;
  readonly size: number;
  readonly blob_id: string;
  readonly date: Date;
}

/**
 * Tells whether a content of the record is there whole, by its length: one that is lost must not keep the others back. To be
 * asked after the rows were read, since a content comes before its row.
 */
export async function contentsKept({ store }: Services, { id }: OpenRecord) {
  const lengths = new Map<string, number>();
  for await (const { blobId, bytes } of store.blobs.list(undefined, id)) lengths.set(blobId, bytes);
  return ({ blob_id, size }: Pick<ExportRow, "blob_id" | "size">) => lengths.get(blob_id) === sealedSize(size);
}

/** Every document that the caller may read, archived ones and earlier versions too; decided one by one. */
export async function exportedDocuments(services: Services, record: OpenRecord, locale: Locale, nameFile: Naming) {
  const { database, blobs, keys } = services.store;
  const { rows } = await sql<ExportRow>`
    select ${selectRuleColumns("d")}, d.resource, d.class_code, d.content_type, d.size, d.blob_id, d.date
    from document d where d.record_id = ${record.id} and d.status <> 'entered-in-error'
    order by d.date desc, d.document_id`.execute(database);
  const seen = rows.filter((row) => record.decideOn("read", factsOfRow(row)).permit);
  const resources = await withVisibleRelations(
    database,
    record.id,
    seen.map((row) => row.resource),
    (facts) => record.decideOn("read", facts).permit,
  );
  const isKept = await contentsKept(services, record);
  const key = keys.unwrap(record.row.wrapped_key);
  const contents: ArchiveFile[] = [];
  const listed: ListedDocument[] = [];
  const references: DocumentReference[] = [];
  seen.forEach((row, position) => {
    const reference: DocumentReference = JSON.parse(resources[position] ?? row.resource);
    const type = reference.type?.coding?.[0]?.display ?? "";
    const title = reference.content[0]?.attachment.title?.trim() || type || "Document";
    const category = categoryOf(row.class_code, reference, locale);
    const folder = `documents/${fileNamePart(category)}`;
    const path = isKept(row) ? nameFile(folder, `${dayOf(row.date)} ${title}`, row.content_type) : undefined;
    if (path) {
      const address = { recordId: record.id, blobId: row.blob_id, key };
      const range = { size: row.size, start: 0, end: row.size };
      contents.push({ path, at: row.date, size: row.size, open: () => blobs.get(address, range) });
    }
    listed.push({
      path,
      title,
      category,
      author: authorOf(reference),
      date: row.date,
      isOwn: factsOfRow(row).authorKind === "patient",
      isHidden: row.is_hidden,
      isArchived: row.is_archived,
      isSuperseded: row.status === "superseded",
    });
    references.push(withPath(reference, path));
  });
  return { contents, listed, references, categories: seen.map((row) => dataCategoryOf(row.type_code, row.class_code)) };
}

function categoryOf(classCode: string, reference: DocumentReference, locale: Locale): string {
  const own = reference.category?.[0]?.coding?.[0]?.display;
  return findDocumentClass(classCode)?.display ?? own ?? (locale === "fr" ? "Autres documents" : "Other documents");
}

/** Links lead into the copy, or nowhere: the record's own addresses need a token, and may be gone one day. */
function withPath(reference: DocumentReference, path: string | undefined): DocumentReference {
  const [first, ...others] = reference.content;
  if (!first) return reference;
  const { url: _address, ...attachment } = first.attachment;
  return {
    ...reference,
    content: [{ ...first, attachment: { ...attachment, ...(path && { url: path }) } }, ...others],
  };
}

/** Who wrote it, in words. */
function authorOf(reference: DocumentReference): string {
  const named = (reference.author ?? []).flatMap((author) => {
    const inside = reference.contained?.find(({ id }) => author.reference === `#${id}`);
    if (author.display) return [author.display];
    if (inside?.resourceType === "Practitioner" || inside?.resourceType === "Patient") return nameIn(inside.name?.[0]);
    if (inside?.resourceType === "PractitionerRole") return [inside.practitioner?.display ?? ""];
    if (inside?.resourceType === "Organization") return [inside.name ?? ""];
    if (inside?.resourceType === "Device") return [inside.deviceName?.[0]?.name ?? ""];
    return [];
  });
  return [...new Set(named.filter((name) => name !== ""))].join(", ");
}

function nameIn(name: HumanName | undefined): string[] {
  if (!name) return [];
  return [name.text ?? [...(name.suffix ?? []), ...(name.given ?? []), name.family].filter(Boolean).join(" ")];
}
