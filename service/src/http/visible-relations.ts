/**
 * A document names those that it replaces or completes by their ids. Of these a reader is told the ones that they may see:
 * another id would say that something is hidden, or was deleted (R145).
 */
import type { DocumentReference, DocumentReferenceRelatesTo } from "@carnet/sdk/fhir";
import { sql } from "kysely";
import type { DocumentFacts } from "../rules/index.ts";
import { factsOfRow, type RuleRow, selectRuleColumns } from "../store/documents.ts";
import type { Database } from "../store/store.ts";
import { parseWireId } from "./ids.ts";

const targetOf = ({ target }: DocumentReferenceRelatesTo) =>
  parseWireId(/DocumentReference\/([0-9a-f]{64})(?:\/_history\/\d+)?$/.exec(target.reference ?? "")?.[1] ?? "");

/**
 * The resources as this reader gets them, in the same order. Those without relations, nearly all, are not even parsed.
 * @param resources DocumentReferences of one record, JSON
 */
export async function withVisibleRelations(
  database: Database,
  recordId: string,
  resources: readonly string[],
  isVisible: (document: DocumentFacts) => boolean,
): Promise<readonly string[]> {
  if (!resources.some(hasRelations)) return resources;
  const read = resources.map((text): DocumentReference | undefined =>
    hasRelations(text) ? JSON.parse(text) : undefined,
  );
  const targets = read.flatMap((one) => one?.relatesTo?.flatMap((relation) => targetOf(relation) ?? []) ?? []);
  const ids = targets.filter((target) => target.recordId === recordId).map((target) => target.memberId);
  const { rows } = await sql<RuleRow>`
    select ${selectRuleColumns()} from document
    where record_id = ${recordId} and document_id = any(${ids}::uuid[])`.execute(database);
  const visible = new Set(rows.filter((row) => isVisible(factsOfRow(row))).map((row) => row.document_id));
  return resources.map((text, index) => {
    const resource = read[index];
    if (!resource?.relatesTo) return text;
    const { relatesTo, ...rest } = resource;
    const told = relatesTo.filter((relation) => {
      // One that a sender names by identifier says nothing of what is in the record.
      if (!relation.target.reference) return true;
      const target = targetOf(relation);
      return target?.recordId === recordId && visible.has(target.memberId);
    });
    if (told.length === relatesTo.length) return text;
    return JSON.stringify(told.length > 0 ? { ...rest, relatesTo: told } : rest);
  });
}

/** Whether the JSON of a document names others. */
export const hasRelations = (text: string) => text.includes('"relatesTo"');
