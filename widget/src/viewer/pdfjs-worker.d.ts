/** The worker half of pdf.js, loaded on the page's own thread. The package ships no types for it. */
declare module "pdfjs-dist/legacy/build/pdf.worker.mjs" {
  export const WorkerMessageHandler: unknown;
}
