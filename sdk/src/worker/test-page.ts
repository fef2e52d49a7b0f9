/** What the page of the worker's tests runs, in Chromium: composes in a worker where one runs, else in steps. */
import { SummaryError } from "../summary/index.ts";
import { createComposer, openSummaryWorker, type SourceContent } from "./index.ts";

interface Asked {
  readonly documents: readonly { uniqueId: string; contentType: string; text: string }[];
  readonly options: Parameters<ReturnType<typeof createComposer>["compose"]>[0];
}

/** The summary as JSON, and where it was composed. */
export async function composeInPage({ documents, options }: Asked): Promise<{ where: string; summary: string }> {
  const worker = await openSummaryWorker();
  const composer = worker ?? createComposer(() => new Promise((resolve) => setTimeout(resolve)));
  const read: boolean[] = [];
  const sizes: number[] = [];
  for (const { uniqueId, contentType, text } of documents) {
    const content: SourceContent = { uniqueId, contentType, bytes: new TextEncoder().encode(text) };
    read.push(await composer.add(content));
    sizes.push(content.bytes.byteLength);
  }
  // Documents are shown from the same bytes: the worker must have left them.
  if (sizes.some((size) => size === 0)) throw new Error("the bytes were taken from the page");
  const summary = await composer.compose(options);
  worker?.close();
  return { where: worker ? "worker" : "page", summary: JSON.stringify({ summary, read }) };
}

/** How documents of two people, and a document after the end, are refused where the page composes and in a worker. */
export async function refusals({ documents, options }: Asked): Promise<unknown[]> {
  const [first = "", second = ""] = documents.map(({ text }) => text);
  const found: unknown[] = [];
  for (const composer of [createComposer(() => Promise.resolve()), await openSummaryWorker()]) {
    if (!composer) continue;
    const other = second.replaceAll("279035121518989", "279035121518888");
    for (const text of [first, other]) {
      await composer.add({
        uniqueId: `urn:oid:1.2.${text.length}`,
        contentType: "application/fhir+json",
        bytes: new TextEncoder().encode(text),
      });
    }
    await composer.compose(options).catch((error: unknown) => {
      found.push(error instanceof SummaryError && error.code);
    });
  }
  const worker = await openSummaryWorker();
  worker?.close();
  const late = worker?.add({ uniqueId: "", contentType: "text/xml", bytes: new Uint8Array() });
  await late?.catch((error: unknown) => found.push(error instanceof Error));
  return found;
}

/** How a closed worker answers what was asked of it. */
export async function closeWhileComposing({ documents, options }: Asked): Promise<string> {
  const worker = await openSummaryWorker();
  if (!worker) return "no worker";
  for (const { text, ...one } of documents) await worker.add({ ...one, bytes: new TextEncoder().encode(text) });
  const composing = worker.compose(options);
  worker.close();
  return composing.then(
    () => "composed",
    (error: unknown) => (error instanceof Error ? error.message : "?"),
  );
}
