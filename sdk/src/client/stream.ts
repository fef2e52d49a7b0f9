import { sha1 } from "@noble/hashes/legacy.js";
import { toBase64 } from "../fhir/base64.ts";
import { InvalidAnswer } from "../fhir/http/index.ts";
import type { RecordContext } from "./context.ts";
import { findDocument } from "./documents.ts";
import { CONTENT_TIMEOUT_MS, readDocument } from "./read.ts";
import type { DocumentContent, DocumentEntry, DocumentHandle, DocumentStream, ReadOptions } from "./types.ts";

/** A line that breaks this often without a byte in between is given up. */
const BREAKS = 5;

/** TD3.2: see `RecordHandle.stream`. */
export async function stream(
  context: RecordContext,
  document: DocumentHandle,
  options: ReadOptions = {},
): Promise<DocumentStream> {
  const { signal, timeoutMs = CONTENT_TIMEOUT_MS, onProgress } = options;
  const entry = await findDocument(context, document, { signal });
  const { url, hash, size } = entry.resource.content[0]?.attachment ?? {};
  const { contentType } = entry;
  if (url === undefined || url.startsWith("#")) {
    // It came with the metadata: there is nothing to wait for.
    return whole();
  }
  async function whole(): Promise<DocumentStream> {
    const { bytes } = await readDocument(context, entry, options);
    const { body } = new Response(bytes as Uint8Array<ArrayBuffer>);
    return { contentType, size: bytes.length, body: body as DocumentStream["body"] };
  }
  const digest = sha1.create();
  let etag: string | undefined;
  let givenType = "";
  let doneBytes = 0;
  let breaks = 0;
  const totalBytes = size === undefined ? {} : { totalBytes: size };

  /** From the byte that was reached, and only of the same version. */
  async function open(): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    let body: ReadableStream<Uint8Array> | null = null;
    const isPart = doneBytes > 0 && etag !== undefined;
    const answer = await context.http.send({
      method: "GET",
      path: url ?? "",
      accept: `${contentType}, application/fhir+json;q=0.1`,
      headers: isPart ? { range: `bytes=${doneBytes}-`, "if-range": etag ?? "" } : {},
      receive: async (response) => {
        body = response.body;
        return new Response();
      },
      signal,
      timeoutMs,
    });
    etag ??= answer.headers.get("etag") ?? undefined;
    givenType = answer.headers.get("content-type") ?? "";
    if (!body || (doneBytes > 0 && answer.status !== 206)) {
      throw new InvalidAnswer(answer.request, "the content cannot be taken up where it broke off; read it again");
    }
    return (body as ReadableStream<Uint8Array>).getReader();
  }

  /** The next piece; undefined when the line broke: another one is opened then. */
  async function next(): Promise<ReadableStreamReadResult<Uint8Array> | undefined> {
    try {
      return await reader.read();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (++breaks > BREAKS) throw error;
      return undefined;
    }
  }

  // The first request is made at once, so that a refusal is thrown here and not in the middle of a stream.
  let reader = await open();
  // A plain server that knows contents only as Binary resources gives them in one piece of JSON.
  if (/\bjson\b/.test(givenType) && !/\bjson\b/.test(contentType)) {
    await reader.cancel();
    return whole();
  }
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let piece = await next();
        while (!piece) {
          reader = await open();
          // Nobody reads any more: the new line is not left open.
          if (isCancelled) return reader.cancel();
          piece = await next();
        }
        if (isCancelled) return;
        const { done, value } = piece;
        if (done) {
          const isWhole = hash === undefined || toBase64(digest.digest()) === hash;
          if (isWhole) return controller.close();
          throw new InvalidAnswer("GET Binary/[id]", "the content does not match its hash; do not show it");
        }
        breaks = 0;
        doneBytes += value.length;
        digest.update(value);
        // Given before it is told: what the teller throws must not lose a piece that the hash has counted.
        controller.enqueue(value);
        onProgress?.({ direction: "receiving", doneBytes, ...totalBytes });
      },
      cancel(reason) {
        isCancelled = true;
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  onProgress?.({ direction: "receiving", doneBytes: 0, ...totalBytes });
  return { contentType, ...(size === undefined ? {} : { size }), body };
}

/** TD3.2: see `RecordHandle.readAll`. */
export async function readAll(
  context: RecordContext,
  documents: Iterable<DocumentEntry> | AsyncIterable<DocumentEntry>,
  options: ReadOptions & { readonly parallel?: number } = {},
): Promise<AsyncIterable<{ readonly document: DocumentEntry; readonly content: DocumentContent }>> {
  const list: object = Object(typeof documents === "object" && documents);
  if (!(Symbol.iterator in list || Symbol.asyncIterator in list)) throw new TypeError("documents: a list");
  return each(context, documents, options);
}

async function* each(
  context: RecordContext,
  documents: Iterable<DocumentEntry> | AsyncIterable<DocumentEntry>,
  options: ReadOptions & { readonly parallel?: number },
) {
  const { parallel = 4, ...call } = options;
  const ahead: { readonly document: DocumentEntry; readonly content: ReturnType<typeof readDocument> }[] = [];
  const begin = (document: DocumentEntry) => {
    const content = readDocument(context, document, call);
    // Its turn may come after another one failed: said then, not as an unhandled rejection.
    content.catch(() => {});
    ahead.push({ document, content });
  };
  for await (const document of documents) {
    begin(document);
    const first = ahead.length >= parallel ? ahead.shift() : undefined;
    if (first) yield { document: first.document, content: await first.content };
  }
  for (const { document, content } of ahead) yield { document, content: await content };
}
