/**
 * Reads kept documents again when the reader is a newer one than theirs. A summary keeps the old facts of a document
 * until the new ones are there; the record's bytes are never touched.
 */
import { setImmediate } from "node:timers/promises";
import { readCdaText } from "../http/cda-text.ts";
import { factsOf, isCda, READER_VERSION } from "../http/document-facts.ts";
import type { Services } from "../http/services.ts";
import {
  advanceReading,
  finishReading,
  keepReading,
  nextRecord,
  type ReadAgain,
  readingPlace,
  type UnreadDocument,
  unreadDocuments,
} from "../store/reading.ts";
import type { Job } from "./run-jobs.ts";

/** Documents of one transaction: a stop loses the reading of so many at most. */
const AT_ONCE = 25;
/** Documents, and records looked at, of one turn: the other jobs wait no longer than that. */
const DOCUMENTS_PER_TURN = 500;
const RECORDS_PER_TURN = 5000;

/** @param version of the reader that the documents should have been read with */
export function readAgainJob(services: Services, version = READER_VERSION): Job {
  return {
    name: "read-again",
    everyMs: 60_000,
    async run(now, signal) {
      const { database } = services.store;
      const place = await readingPlace(database, version);
      if (!place) return;
      let { after } = place;
      let documents = 0;
      for (let records = 0; records < RECORDS_PER_TURN; records++) {
        const recordId = await nextRecord(database, after);
        if (recordId === undefined) return finishReading(database, version, now);
        for (;;) {
          if (signal.aborted || documents >= DOCUMENTS_PER_TURN) return;
          const unread = await unreadDocuments(database, recordId, version, AT_ONCE);
          if (unread.length === 0) break;
          await readBatch(services, recordId, version, unread);
          documents += unread.length;
        }
        await advanceReading(database, version, recordId);
        after = recordId;
      }
    },
  };
}

async function readBatch(
  services: Services,
  recordId: string,
  version: number,
  documents: readonly UnreadDocument[],
): Promise<void> {
  const read: ReadAgain[] = [];
  const unopened: string[] = [];
  for (const document of documents) {
    const bytes = await contentOf(services, recordId, document);
    if (bytes) read.push({ document_id: document.document_id, ...readFacts(document, bytes) });
    else unopened.push(document.document_id);
    // One document takes milliseconds: whoever asks meanwhile is answered between two.
    await setImmediate();
  }
  if (unopened.length > 0)
    services.log.warn({ count: unopened.length }, "contents that could not be opened keep the facts read before");
  await services.store.transaction((transaction) => keepReading(transaction, recordId, version, read, unopened));
}

async function contentOf(services: Services, recordId: string, document: UnreadDocument): Promise<Buffer | undefined> {
  try {
    const key = services.store.keys.unwrap(document.wrapped_key);
    const { blob_id: blobId, size } = document;
    return await services.store.blobs.get({ recordId, blobId, key }, { size, start: 0, end: size });
  } catch {
    // Key destroyed, file gone or broken: reading the document says so to whoever opens it; here its facts stay.
    return undefined;
  }
}

function readFacts({ content_type: contentType, sha1 }: UnreadDocument, bytes: Buffer): Omit<ReadAgain, "document_id"> {
  return factsOf({ contentType, bytes, sha1 }, isCda(contentType) ? readCdaText(bytes).text : undefined);
}
