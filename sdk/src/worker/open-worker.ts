import { type Remote, releaseProxy, transfer, wrap } from "comlink";
import type { Bundle } from "fhir/r4.js";
import { SummaryError, type SummaryErrorCode } from "../summary/errors.ts";
import type { ComposeOptions, SourceContent, SummaryComposer } from "./composer.ts";

/** A composer on a thread of its own. */
export interface SummaryWorker extends SummaryComposer {
  /** Stops it at once, whatever it does. */
  close(): void;
}

/** The composer as the worker offers it. Between threads an error loses its class and its code: a refusal is an answer. */
export interface RemoteComposer extends Pick<SummaryComposer, "add"> {
  compose(options: ComposeOptions): Promise<Bundle | { readonly refused: SummaryErrorCode }>;
}

export interface SummaryWorkerOptions {
  /** Makes the worker: for pages whose bundler or policy needs another way. Default: the module beside this one. */
  readonly createWorker?: () => Worker;
  /** How long a worker may take to say that it runs, in milliseconds. Default 10 000. */
  readonly timeoutMs?: number;
}

/**
 * Starts a worker that reads documents and composes their summary off the page's thread.
 *
 * @returns `undefined` where none can run: Node.js, a page whose Content-Security-Policy forbids it or asks for trusted
 *   types, a script from another origin. `createComposer` then does the same in steps.
 * @example
 * const composer = (await openSummaryWorker()) ?? createComposer(() => scheduler.yield());
 */
export async function openSummaryWorker(options: SummaryWorkerOptions = {}): Promise<SummaryWorker | undefined> {
  const worker = start(options);
  if (!worker) return undefined;
  const remote = wrap<RemoteComposer>(worker);
  if (!(await isRunning(worker, remote, options.timeoutMs ?? 10_000))) {
    worker.terminate();
    return undefined;
  }
  let stop: (reason: Error) => void = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = reject;
  });
  stopped.catch(() => undefined);
  worker.addEventListener("error", () => stop(new Error("The summary worker failed.")));
  return {
    async add({ uniqueId, contentType, bytes }: SourceContent) {
      // A copy is moved: the caller may keep the bytes, to show the document.
      const own = bytes.slice();
      return Promise.race([stopped, remote.add(transfer({ uniqueId, contentType, bytes: own }, [own.buffer]))]);
    },
    async compose(composing: ComposeOptions) {
      const composed = await Promise.race([stopped, remote.compose(composing)]);
      if ("refused" in composed) throw new SummaryError(composed.refused);
      return composed;
    },
    close() {
      remote[releaseProxy]();
      worker.terminate();
      stop(new Error("The summary worker was closed."));
    },
  };
}

function start({ createWorker }: SummaryWorkerOptions): Worker | undefined {
  if (typeof Worker === "undefined") return undefined;
  try {
    // Written out whole: bundlers find the worker's module by this form.
    return createWorker?.() ?? new Worker(new URL("./summary-worker.js", import.meta.url), { type: "module" });
  } catch {
    // Another origin (SecurityError) or trusted types (TypeError): said to the caller by `undefined`.
    return undefined;
  }
}

/** A policy that forbids workers tells of it by an event, later: only an answer shows that it runs. */
function isRunning(worker: Worker, remote: Remote<RemoteComposer>, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), timeoutMs);
    const settle = (value: boolean) => {
      clearTimeout(timer);
      resolve(value);
    };
    worker.addEventListener("error", () => settle(false), { once: true });
    const probe: SourceContent = { uniqueId: "", contentType: "text/xml", bytes: new Uint8Array() };
    remote.add(probe).then(
      () => settle(true),
      () => settle(false),
    );
  });
}
