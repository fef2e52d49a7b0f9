/** The worker's own module: a composer behind comlink. It ends with its summary, so that two patients never meet in one. */
import { expose } from "comlink";
import { SummaryError } from "../summary/errors.ts";
import { createComposer } from "./composer.ts";
import type { RemoteComposer } from "./open-worker.ts";

// Alone on its thread: nobody waits for a turn.
const { add, compose } = createComposer(() => Promise.resolve());
const remote: RemoteComposer = {
  add,
  async compose(options) {
    try {
      return await compose(options);
    } catch (error) {
      if (error instanceof SummaryError) return { refused: error.code };
      throw error;
    }
  },
};
expose(remote);
