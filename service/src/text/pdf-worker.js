/**
 * Reads the text layer of one PDF after the other, in a thread of its own. JavaScript, so that Node.js runs it from the
 * sources in tests too. A hostile file can inflate to any size: no buffer grows beyond MAX_BUFFER_BYTES, and the thread that
 * asks ends this one when it takes too long (pdf-text.ts).
 */
import { parentPort, workerData } from "node:worker_threads";

/** Decoded streams and fonts; pdf.js doubles its buffers, so twice as much may be held for a moment. */
const MAX_BUFFER_BYTES = 32 * 1024 * 1024;

// Without the platform's inflater pdf.js uses its own, which grows one buffer: the one that is bounded here.
delete globalThis.DecompressionStream;
const Native = Uint8Array;
globalThis.Uint8Array = new Proxy(Native, {
  construct(target, [first, ...rest], asked) {
    if (typeof first === "number" && first > MAX_BUFFER_BYTES) throw new RangeError("buffer too large");
    return Reflect.construct(target, [first, ...rest], asked === globalThis.Uint8Array ? target : asked);
  },
});

const pdfjs = await import("pdfjs-dist/legacy/build/pdf.mjs");
const { maxPages, maxCharacters } = workerData;

async function read(data) {
  const task = pdfjs.getDocument({
    data,
    enableXfa: false,
    useWasm: false,
    useWorkerFetch: false,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    verbosity: 0,
  });
  try {
    const document = await task.promise;
    let text = "";
    for (let number = 1; number <= Math.min(document.numPages, maxPages) && text.length < maxCharacters; number++) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      for (const item of items) {
        if ("str" in item) text += item.str + (item.hasEOL ? "\n" : "");
        if (text.length >= maxCharacters) break;
      }
      text += "\n";
      page.cleanup();
    }
    return { text: text.slice(0, maxCharacters) };
  } catch (error) {
    return { failure: error?.name === "PasswordException" ? "pdf-encrypted" : "pdf-unreadable" };
  } finally {
    await task.destroy();
  }
}

parentPort.on("message", async (bytes) => parentPort.postMessage(await read(bytes)));
