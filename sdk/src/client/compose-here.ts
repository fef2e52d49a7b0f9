import type { Bundle } from "fhir/r4.js";
import type { CallOptions } from "../fhir/http/index.ts";
import type { SummaryComposer } from "../worker/composer.ts";
import { openSummaryWorker } from "../worker/open-worker.ts";
import type { RecordContext } from "./context.ts";
import { listDocuments } from "./documents.ts";
import { readDocument } from "./read.ts";
import type { DocumentEntry } from "./types.ts";

/** Contents read at the same time. */
const PARALLEL = 4;
/** As the service keeps them: a screen shows the newest, and says how many there are. */
const KEPT = { valuesPerAnalyte: 24, pastTreatments: 60 } as const;
const STRUCTURED = new Set(["text/xml", "application/xml", "application/hl7-cda+xml", "application/fhir+json"]);

/**
 * The summary of a server that composes none: every document that the caller may see is read and composed in a worker,
 * or in short steps where no worker may run, with long series bounded as the service bounds them. It is checked without
 * drug data ("not checked"), for the widest readers.
 */
export async function composeHere(context: RecordContext, options: CallOptions): Promise<Bundle> {
  const { signal } = options;
  const worker = await openSummaryWorker();
  const stop = () => worker?.close();
  signal?.addEventListener("abort", stop);
  try {
    signal?.throwIfAborted();
    return await composeWith(worker ?? (await composerHere(signal)), context, options);
  } catch (error) {
    // A worker that was closed says so; the caller's own reason says more.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
}

/** Fetched only where no worker runs: reading and composing are most of the library. */
async function composerHere(signal: AbortSignal | undefined): Promise<SummaryComposer> {
  const { createComposer } = await import("../worker/composer.ts");
  return createComposer(() => nextTask(signal));
}

async function composeWith(composer: SummaryComposer, context: RecordContext, options: CallOptions): Promise<Bundle> {
  const entries = await listDocuments(context, {}, options).toArray();
  const isRead = new Map<DocumentEntry, boolean>();
  const queue = entries.filter((one) => STRUCTURED.has(one.contentType));
  const work = async () => {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      const { bytes } = await readDocument(context, entry, options);
      const { uniqueId, contentType } = entry;
      isRead.set(entry, await composer.add({ uniqueId, contentType, bytes }));
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, work));
  } finally {
    // After a failure nothing more is read: each reading is a line in the person's log.
    queue.length = 0;
  }
  const documents = entries.map((entry) => ({
    type: entry.type,
    date: entry.date,
    isRead: isRead.get(entry) ?? false,
  }));
  return composer.compose({ ...KEPT, locale: context.locale, documents });
}

/** The page answers others between two steps; an aborted caller stops here. */
async function nextTask(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}
