import { type CarnetError, DocumentRejected, isDocumentRejected } from "../fhir/http/index.ts";
import type { DocumentFilter } from "./types.ts";

/** Parameters of the search, and the fields of the filter that they are made from. */
const fieldsOf: Readonly<Record<string, readonly (keyof DocumentFilter)[]>> = {
  date: ["createdFrom", "createdTo"],
  period: ["actFrom", "actTo"],
  "author.family": ["authorFamily"],
  "security-label": ["securityLabel"],
  identifier: ["uniqueId"],
  _id: ["id"],
  _lastUpdated: ["changedSince"],
  _content: ["text"],
  _sort: ["sort"],
  _count: ["pageSize"],
};

/** A refused search names its parameter: who gave an `actFrom` knows of no `period`. */
export function inCallersWords(refusal: CarnetError, filter: DocumentFilter = {}): CarnetError {
  const given = (fieldsOf[refusal.place ?? ""] ?? []).filter((field) => filter[field] !== undefined);
  if (!isDocumentRejected(refusal) || given.length === 0) return refusal;
  const wrong = given.filter((field) => !/^\d{4}(-\d\d(-\d\d(T\S+)?)?)?$/.test(`${filter[field]}`));
  const place = (wrong.length > 0 ? wrong : given).join(", ");
  const { status, rule, requestId, retryAfterMs, outcome } = refusal;
  const request = refusal.message.replace(/:.*/s, "");
  return new DocumentRejected(request, { status, rule, place, requestId, retryAfterMs, outcome });
}
