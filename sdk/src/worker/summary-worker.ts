/** The worker's own module: a composer behind comlink. It ends with its summary, so that two patients never meet in one. */
import { expose } from "comlink";
import { createComposer } from "./composer.ts";

// Alone on its thread: nobody waits for a turn.
expose(createComposer(() => Promise.resolve()));
