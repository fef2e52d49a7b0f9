import { GlobalWorkerOptions } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";

/**
 * Stands in for the copy of pdf.js's worker that the widget carries for pages whose policy allows no worker file: ours
 * do, and a second copy would weigh more than all the rest of the panel. Without a handler, pdf.js starts the file.
 */
GlobalWorkerOptions.workerSrc = workerUrl;

export const WorkerMessageHandler = undefined;
