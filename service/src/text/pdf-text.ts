/** The text layer of PDFs, read in a thread apart and bounded in pages, time and memory: files come from anybody. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import * as v from "valibot";

/** What was read, or why not: `pdf-encrypted`, `pdf-unreadable`, `pdf-too-slow`, `pdf-too-large`. Never a value of the file. */
export type PdfText = { readonly text: string } | { readonly failure: string };

export interface PdfReader {
  read(bytes: Uint8Array): Promise<PdfText>;
  /** Ends the thread. */
  close(): Promise<void>;
}

export interface PdfLimits {
  readonly maxBytes: number;
  readonly maxPages: number;
  readonly maxCharacters: number;
  /** For one file. The thread's start is not counted. */
  readonly maxMs: number;
}

export const PDF_LIMITS: PdfLimits = {
  maxBytes: 30 * 1024 * 1024,
  maxPages: 100,
  maxCharacters: 150_000,
  maxMs: 10_000,
};

const answer = v.union([v.object({ text: v.string() }), v.object({ failure: v.string() })]);

/** One thread, started with the first file and kept for the next ones. */
export function createPdfReader(limits: PdfLimits = PDF_LIMITS): PdfReader {
  let worker: Worker | undefined;
  let running: Promise<unknown> = Promise.resolve();

  async function start(): Promise<Worker> {
    const started = new Worker(new URL("./pdf-worker.js", import.meta.url), {
      workerData: limits,
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
      // Whatever pdf.js has to say stays in the thread: standard output carries the `ready` line only.
      stdout: true,
      stderr: true,
    });
    started.unref();
    await once(started, "online");
    // A fault between two files ends the thread; the next file then starts another.
    started.once("error", () => {
      if (worker === started) worker = undefined;
    });
    return started;
  }

  async function readOne(bytes: Uint8Array): Promise<PdfText> {
    if (bytes.length > limits.maxBytes) return { failure: "pdf-too-large" };
    worker ??= await start();
    const asked = worker;
    const outcome = await new Promise<PdfText>((resolve) => {
      const settle = (found: PdfText) => {
        clearTimeout(timer);
        asked.off("message", onMessage).off("error", onError);
        resolve(found);
      };
      const timer = setTimeout(() => settle({ failure: "pdf-too-slow" }), limits.maxMs);
      const onMessage = (message: unknown) => settle(v.parse(answer, message));
      // Out of memory, or a fault of pdf.js that nothing caught.
      const onError = () => settle({ failure: "pdf-too-large" });
      asked.on("message", onMessage).on("error", onError);
      // A copy: the thread takes the buffer.
      const copy = bytes.slice();
      asked.postMessage(copy, [copy.buffer]);
    });
    const isStopped =
      "failure" in outcome && (outcome.failure === "pdf-too-slow" || outcome.failure === "pdf-too-large");
    if (isStopped) {
      worker = undefined;
      await asked.terminate();
    }
    return outcome;
  }

  return {
    read(bytes) {
      const result = running.then(() => readOne(bytes));
      running = result.catch(() => undefined);
      return result;
    },
    async close() {
      await running;
      await worker?.terminate();
      worker = undefined;
    },
  };
}
