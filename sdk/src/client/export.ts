import { InvalidAnswer, type Progress } from "../fhir/http/index.ts";
import { sizeOf } from "../fhir/http/progress.ts";
import type { RecordContext } from "./context.ts";
import type { ExportOptions, RecordArchive } from "./types.ts";
import { assertFile, readPatient } from "./wire.ts";

/** A record of thousands of documents over a slow line. */
const EXPORT_TIMEOUT_MS = 3_600_000;

/** R171: see `RecordHandle.export`. */
async function exportRecord(context: RecordContext, options: ExportOptions = {}): Promise<RecordArchive> {
  const { onProgress, signal, timeoutMs = EXPORT_TIMEOUT_MS } = options;
  const patient = await readPatient(context, { signal });
  let body: ReadableStream<Uint8Array> | undefined;
  let size: number | undefined;
  const answer = await context.http.send({
    method: "POST",
    path: `Patient/${encodeURIComponent(patient.id ?? "")}/$export-record`,
    accept: "application/zip, application/fhir+json;q=0.1",
    // Nothing changes but the log; it is asked again only while no byte has come.
    isIdempotent: true,
    receive: async (response) => {
      body = response.body ?? undefined;
      size = sizeOf(response);
      return new Response();
    },
    signal,
    timeoutMs,
  });
  if (!body) throw new InvalidAnswer(answer.request, "the answer has no content");
  try {
    assertFile(answer);
  } catch (error) {
    await body.cancel();
    throw error;
  }
  // A name for a folder of the caller's: nothing hidden, no path, no stream of a file, and nothing but a ZIP.
  const name = /filename="(\w[\w.-]*\.zip)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1];
  return {
    fileName: name ?? "carnet.zip",
    ...(size === undefined ? {} : { size }),
    body: body.pipeThrough(counted(size, answer.request, onProgress)),
  };
}

/** Tells how much has come, and ends with an error when less came than was said. */
function counted(
  totalBytes: number | undefined,
  request: string,
  tell: ((progress: Progress) => void) | undefined,
): TransformStream<Uint8Array, Uint8Array> {
  let doneBytes = 0;
  const told = () => tell?.({ direction: "receiving", doneBytes, ...(totalBytes === undefined ? {} : { totalBytes }) });
  return new TransformStream({
    start: told,
    transform(chunk, controller) {
      doneBytes += chunk.length;
      controller.enqueue(chunk);
      told();
    },
    flush(controller) {
      if (totalBytes === undefined || doneBytes === totalBytes) return;
      controller.error(new InvalidAnswer(request, "the copy broke off before its end; ask for it again"));
    },
  });
}

export { exportRecord as export };
