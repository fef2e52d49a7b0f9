/** Makes the rows of a document that is being deposited, or says why it may not be. R57, R59, R84, R102, R116 to R118. */
import { v7 as timeOrderedId } from "uuid";
import type { AdmittedDocument } from "../admission/index.ts";
import { decideDeposit, type Rule } from "../rules/index.ts";
import type { DocumentRow } from "../store/documents.ts";
import { frameOf, type OpenRecord } from "./access.ts";
import { type FileInCda, readCdaText } from "./cda-text.ts";
import { requireDocumentMadeBefore } from "./creation-date.ts";
import { findReplaced } from "./deposit-replacement.ts";
import { rowOf } from "./deposit-rows.ts";
import { visibilityOfDeposit } from "./deposit-visibility.ts";
import { authorsOf } from "./document-authors.ts";
import { factsOf, headerOf, isCda, type ReadFacts } from "./document-facts.ts";
import { compareIdentity, type StatedIdentity, statedInDocument } from "./document-identity.ts";
import { keptDocumentReference } from "./document-resource.ts";
import { wireId } from "./ids.ts";
import { refusalError, unprocessable, type WireError } from "./outcome.ts";
import type { Services } from "./services.ts";

/** A document that is ready to be kept. */
export interface Prepared {
  readonly admitted: AdmittedDocument;
  readonly row: DocumentRow;
  readonly facts: ReadFacts;
  readonly superseded: DocumentRow | undefined;
}

/**
 * Everything that can be refused is refused here, before anything is stored.
 * @returns the file that a CDA carries beside it, to be checked: the lot does not hold on to it
 */
export async function prepareDocument(
  services: Services,
  record: OpenRecord,
  sent: AdmittedDocument,
  now: Date,
): Promise<{ readonly prepared: Prepared; readonly file: FileInCda | undefined }> {
  const { expression, content } = sent;
  const cda = isCda(content.contentType) ? readCdaText(content.bytes) : undefined;
  const xml = cda?.text;
  const header = xml === undefined ? undefined : headerOf(xml, expression);
  const stated: StatedIdentity = statedInDocument(sent, header?.patient);
  const identity = compareIdentity(stated, record.row, expression, services.config.rules);
  const verdict = decideDeposit(frameOf(services, record.caller, record, record.now), {
    typeCode: sent.type.code,
    classCode: sent.category.code,
    contentType: content.contentType,
    size: content.bytes.length,
    identity,
  });
  if (!verdict.permit) throw depositRefusal(verdict.rule, verdict.refusal, expression);
  requireDocumentMadeBefore(services.now(), sent, header);
  const superseded = await findReplaced(services, record, sent);
  const { visibility, restrictions } = visibilityOfDeposit(record, sent, superseded, now, services.config.rules);
  const admitted = { ...sent, visibility };
  // In the order of arrival, which settles the order of documents made in the same second.
  const documentId = timeOrderedId();
  const kept = keptDocumentReference(admitted, {
    record,
    documentId,
    actor: record.caller.actor,
    now,
    replaces: superseded ? wireId(record.id, superseded.document_id) : undefined,
  });
  const authors = authorsOf(kept);
  if (record.caller.actor.kind === "patient" && (authors.kind !== "patient" || authors.ids.length > 0)) {
    throw unprocessable("R102", `${expression}.author`);
  }
  const row = rowOf(record, admitted, kept, {
    documentId,
    now,
    replaces: superseded?.document_id ?? null,
    restrictions,
    setId: header?.setId ?? null,
    setVersion: header?.version ?? null,
  });
  return { prepared: { admitted, superseded, facts: factsOf(content, xml), row }, file: cda?.file };
}

/** What is wrong with the document is a 422; what is wrong with the caller a 403. */
function depositRefusal(rule: Rule, refusal: "forbidden" | "concealed" | "closed", expression: string): WireError {
  const place: Partial<Record<Rule, string>> = {
    R40: `${expression}.subject`,
    R84: `${expression}.type`,
    R102: `${expression}.category`,
    R123: `${expression}.content[0].attachment`,
  };
  if (refusal === "forbidden" && place[rule]) return unprocessable(rule, place[rule]);
  return refusalError({ permit: false, rule, refusal }, expression);
}
