import { sha1Base64 } from "../fhir/base64.ts";
import { type HttpAnswer, InvalidAnswer } from "../fhir/http/index.ts";
import type { RecordContext } from "./context.ts";
import { findDocument } from "./documents.ts";
import type { DocumentContent, DocumentEntry, DocumentHandle, ReadOptions } from "./types.ts";

/** Contents are large and lines are slow. */
export const CONTENT_TIMEOUT_MS = 120_000;
const FHIR_JSON = "application/fhir+json";

/**
 * TD3.2: the bytes of a document (ITI-68). They are compared with the SHA-1 of the metadata, so that a damaged or
 * exchanged content is never shown. Read again, an unchanged document costs one small question (`ETag`).
 *
 * @param document its entry, its receipt, or its logical id
 * @throws DocumentNotFound, ConsentRequired, AccessRefused, RecordClosed, InvalidAnswer (damaged content, or an entry of
 *   another person's list)
 */
export async function readDocument(
  context: RecordContext,
  document: DocumentHandle,
  options?: ReadOptions,
): Promise<DocumentContent> {
  const { onProgress, signal, timeoutMs = CONTENT_TIMEOUT_MS } = options ?? {};
  const entry = await findDocument(context, document, { signal });
  const { url, hash } = entry.resource.content[0]?.attachment ?? {};
  if (!url || url.startsWith("#")) {
    // It came with the metadata, inline or contained, or not at all.
    return (await import("./binary.ts")).heldContent(entry, onProgress);
  }
  const { known, keep } = context.contents.look(`${context.mode} ${url}`);
  const answer = await context.http.send({
    method: "GET",
    path: url,
    // A FHIR document (`Bundle/…`) is its own media type; a plain server may only know Binary as JSON.
    accept: entry.contentType === FHIR_JSON ? FHIR_JSON : `${entry.contentType}, ${FHIR_JSON};q=0.1`,
    headers: known?.etag ? { "if-none-match": known.etag } : {},
    receive:
      onProgress &&
      (async (response) => (await import("../fhir/http/progress.ts")).receiveWithProgress(response, onProgress)),
    signal,
    timeoutMs,
  });
  if (answer.status === 304) return (await import("./binary.ts")).unchangedContent(answer, known, onProgress);
  const content = await toContent(entry, answer);
  if (hash && entry.contentType !== FHIR_JSON) {
    const actual = await sha1Base64(content.bytes);
    if (actual && actual !== hash) {
      throw new InvalidAnswer(answer.request, "the content does not match its hash");
    }
  }
  // Their own copies: a caller may move the bytes to a worker, or write on them.
  if (content.etag) keep({ ...content, bytes: content.bytes.slice() });
  return content;
}

async function toContent(entry: DocumentEntry, answer: HttpAnswer): Promise<DocumentContent> {
  const etag = answer.headers.get("etag");
  const contentType = (answer.headers.get("content-type") ?? entry.contentType).replace(/\s*;.*/, "");
  // A plain FHIR server may know contents only as Binary resources.
  const isWrapped = contentType !== entry.contentType && /^application\/(fhir\+)?json$/.test(contentType);
  const content = isWrapped ? (await import("./binary.ts")).readBinary(answer) : { bytes: answer.bytes, contentType };
  return { ...content, ...(etag && { etag }) };
}
