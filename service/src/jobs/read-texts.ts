/** Reads the words of new documents, after their receipt, so that a deposit stays quick. One after the other, at leisure. */
import { setTimeout } from "node:timers/promises";
import type { DocumentReference } from "@carnet/sdk/fhir";
import type { Services } from "../http/services.ts";
import { keepText, type UnreadRow, unreadTexts } from "../store/document-texts.ts";
import { type DocumentText, TEXT_VERSION, textOf } from "../text/document-text.ts";
import { createPdfReader, type PdfReader } from "../text/pdf-text.ts";
import type { Job } from "./run-jobs.ts";

const EVERY_MS = 30_000;
const AT_ONCE = 20;
/** Documents of one turn, and its time: the other jobs, the one that seals the access log among them, wait no longer than that. */
const DOCUMENTS_PER_TURN = 250;
const TURN_MS = 30_000;
/** After each document the job rests this many times as long as it took: whoever asks the record comes first. */
const REST = 3;
const MAX_REST_MS = 200;

export function readTextsJob(services: Services): Job {
  return {
    name: "read-texts",
    everyMs: EVERY_MS,
    async run(_now, signal) {
      const pdf = createPdfReader();
      const end = performance.now() + TURN_MS;
      try {
        for (let read = 0; read < DOCUMENTS_PER_TURN; ) {
          const rows = await unreadTexts(services.store.database, AT_ONCE);
          if (rows.length === 0) return;
          read += rows.length;
          for (const row of rows) {
            if (signal.aborted) return;
            const began = performance.now();
            await readText(services, row, pdf);
            await setTimeout(Math.min(MAX_REST_MS, (performance.now() - began) * REST), undefined, { ref: false });
            if (performance.now() > end) return;
          }
        }
      } finally {
        await pdf.close();
      }
    },
  };
}

async function readText(services: Services, row: UnreadRow, pdf: PdfReader): Promise<void> {
  const { store } = services;
  const resource: DocumentReference = JSON.parse(row.resource);
  const title = [
    resource.content[0]?.attachment.title,
    resource.description,
    resource.type?.coding?.[0]?.display,
    resource.custodian?.display,
  ];
  const read = await contentText(services, row, pdf);
  const text = {
    title: title.join(" "),
    authors: [...row.author_givens, ...row.author_families].join(" "),
    body: "text" in read ? read.text : "",
    failure: "failure" in read ? read.failure : null,
  };
  try {
    await keepText(store.database, row, text, TEXT_VERSION);
  } catch (error) {
    // More words than the database indexes: the title and the authors are found all the same.
    if (!(error instanceof Error && "code" in error && error.code === "54000")) throw error;
    await keepText(store.database, row, { ...text, body: "", failure: "too-many-words" }, TEXT_VERSION);
  }
}

/** A content that cannot be opened is another matter than this job's: it is not tried again and again. */
async function contentText(services: Services, row: UnreadRow, pdf: PdfReader): Promise<DocumentText> {
  try {
    const key = services.store.keys.unwrap(row.wrapped_key);
    const address = { recordId: row.record_id, blobId: row.blob_id, key };
    const bytes = await services.store.blobs.get(address, { size: row.size, start: 0, end: row.size });
    return await textOf(row.content_type, bytes, pdf);
  } catch {
    return { failure: "unreadable" };
  }
}
