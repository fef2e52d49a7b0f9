import type { PDFDocumentProxy } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { Problem } from "../shared/problem.ts";
import { type ReadText, readText } from "./pdf-text.ts";
import { type Pixels, pixelsOf } from "./pixels.ts";

/** Pixels: within what Chrome and Firefox draw. */
const longestCanvas = 16_000;

export interface OpenPdf {
  readonly pageCount: number;
  /** As its maker named it; empty when it bears none. */
  title(): Promise<string>;
  /** Words, page after page, form feed between pages; empty for a scan. */
  text(signal: AbortSignal): Promise<ReadText>;
  /** Draw a page at this CSS width; aborted, it leaves the canvas to the next drawing at once. */
  draw(canvas: HTMLCanvasElement, options: DrawOptions): Promise<void>;
  /** A page as pixels, about 200 to the inch on A4: what a code is read from. */
  pixels(page: number): Promise<Pixels>;
  close(): Promise<void>;
}

interface DrawOptions {
  readonly page: number;
  readonly width: number;
  readonly pixelRatio: number;
  readonly signal: AbortSignal;
}

/** Open a PDF with pdf.js: parsing in its worker, no script, no form, no outside request. */
export async function openPdf(bytes: Uint8Array<ArrayBuffer>): Promise<OpenPdf> {
  const pdfjs = await import("pdfjs-dist");
  pdfjs.GlobalWorkerOptions.workerSrc = workerUrl;
  // A copy: pdf.js gives the buffer to its worker, and the original must be filed untouched.
  const task = pdfjs.getDocument({
    data: bytes.slice(),
    enableXfa: false,
    useWasm: false,
    useWorkerFetch: false,
    stopAtErrors: false,
    verbosity: 0,
  });
  let document: PDFDocumentProxy;
  try {
    document = await task.promise;
  } catch (cause) {
    const isEncrypted = cause instanceof Error && cause.name === "PasswordException";
    throw new Problem(isEncrypted ? "pdf-encrypted" : "pdf-unreadable", { cause });
  }
  return {
    pageCount: document.numPages,
    title: async () => {
      const { info } = await document.getMetadata();
      const title = "Title" in info ? info.Title : undefined;
      return typeof title === "string" ? title : "";
    },
    text: (signal) => readText(document, { operators: pdfjs.OPS, signal }),
    draw: async (canvas, { page: number, width, pixelRatio, signal }) => {
      const page = await document.getPage(number);
      signal.throwIfAborted();
      const size = page.getViewport({ scale: 1 });
      // Beyond some length a browser draws nothing on a canvas, and says nothing: a mile of page is drawn smaller.
      const scale = Math.min((width / size.width) * pixelRatio, longestCanvas / size.height);
      const viewport = page.getViewport({ scale });
      canvas.width = Math.ceil(viewport.width);
      canvas.height = Math.ceil(viewport.height);
      const drawing = page.render({ canvas, viewport, annotationMode: pdfjs.AnnotationMode.ENABLE });
      signal.addEventListener("abort", () => drawing.cancel(), { once: true });
      await drawing.promise;
    },
    pixels: async (number) => {
      const page = await document.getPage(number);
      const size = page.getViewport({ scale: 1 });
      // A hostile page can be a mile wide: the scale follows the longer side.
      const viewport = page.getViewport({ scale: 2_200 / Math.max(size.width, size.height) });
      const canvas = globalThis.document.createElement("canvas");
      canvas.width = Math.ceil(viewport.width);
      canvas.height = Math.ceil(viewport.height);
      await page.render({ canvas, viewport, annotationMode: pdfjs.AnnotationMode.DISABLE }).promise;
      return pixelsOf(canvas);
    },
    close: () => task.destroy(),
  };
}
