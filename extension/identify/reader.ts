import { type Remote, releaseProxy, wrap } from "comlink";
import type { Reader } from "./reader.worker.ts";

export interface OpenReader {
  readonly reader: Remote<Reader>;
  close(): void;
}

/** Start the reading worker. Close it with the capture it was opened for: nothing of a patient outlives it. */
export function openReader(): OpenReader {
  const worker = new Worker(new URL("./reader.worker.ts", import.meta.url), { type: "module", name: "carnet-reader" });
  const reader = wrap<Reader>(worker);
  return {
    reader,
    close() {
      reader[releaseProxy]();
      worker.terminate();
    },
  };
}
