/// <reference path="./pdfjs.d.ts" />
import * as pdfjs from "pdfjs-dist/legacy/build/pdf.min.mjs";
import { WorkerMessageHandler } from "pdfjs-dist/legacy/build/pdf.worker.min.mjs";

// The worker code runs on the page's own thread: a worker file would need another address allowed by the host's
// Content-Security-Policy, and could not be loaded at all when the widget comes from another origin than the page.
Object.assign(globalThis, { pdfjsWorker: { WorkerMessageHandler } });

/** What came of drawing a page. */
export interface DrawnPage {
  readonly text: string;
  /** False when an image of the page could not be decoded: what is drawn is not all there is. */
  readonly isWhole: boolean;
}

/** A PDF being shown page by page. */
export interface PdfPages {
  readonly count: number;
  /** Draws one page (1 is the first) at the width of its place. */
  draw(page: number, canvas: HTMLCanvasElement, width: number): Promise<DrawnPage>;
  close(): Promise<void>;
}

/** Beyond these, some browsers leave a canvas blank without a word. */
const largestSide = 16_384;
const largestArea = 16_000_000;

/** Pages read for their text; a longer file is cut in both versions alike. */
const pagesRead = 200;

/** The text of a PDF, line by line as it was set; empty for a scan without a text layer. */
export async function readPdfLines(bytes: Uint8Array, signal: AbortSignal): Promise<string[]> {
  const task = pdfjs.getDocument({ data: bytes.slice(), enableXfa: false, verbosity: 0, useWasm: false });
  signal.addEventListener("abort", () => void task.destroy(), { once: true });
  try {
    const file = await task.promise;
    const lines: string[] = [];
    for (let number = 1; number <= Math.min(file.numPages, pagesRead); number++) {
      const { items } = await (await file.getPage(number)).getTextContent();
      const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
      for (const line of text.split("\n")) if (line.trim() !== "") lines.push(line.replace(/\s+/g, " ").trim());
    }
    return lines;
  } finally {
    await task.destroy();
  }
}

/** Fonts and images of a page by name; an image that could not be decoded is `null`. */
const decoded = (objects: unknown) => objects as Iterable<readonly [string, unknown]>;

/** Opens a PDF without its scripts, forms or outside links. Used when the browser has no viewer of its own. */
export async function openPdf(bytes: Uint8Array, signal: AbortSignal): Promise<PdfPages> {
  const task = pdfjs.getDocument({ data: bytes.slice(), enableXfa: false, verbosity: 0, useWasm: false });
  signal.addEventListener("abort", () => void task.destroy(), { once: true });
  const file = await task.promise;
  return {
    count: file.numPages,
    async draw(number, canvas, width) {
      const page = await file.getPage(number);
      const natural = page.getViewport({ scale: 1 });
      const scale = Math.min(
        (width / natural.width) * Math.min(2, devicePixelRatio),
        4,
        largestSide / Math.max(natural.width, natural.height),
        Math.sqrt(largestArea / (natural.width * natural.height)),
      );
      const viewport = page.getViewport({ scale });
      canvas.width = Math.max(1, Math.floor(viewport.width));
      canvas.height = Math.max(1, Math.floor(viewport.height));
      await page.render({ canvas, viewport }).promise;
      const isWhole = ![...decoded(page.objs), ...decoded(page.commonObjs)].some(([, image]) => image === null);
      const text = await page.getTextContent();
      return { text: text.items.map((item) => ("str" in item ? item.str : "")).join(" "), isWhole };
    },
    close: () => task.destroy(),
  };
}
