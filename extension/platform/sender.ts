import { browser, chromeOnly } from "./browser.ts";

const page = "offscreen.html";

/**
 * The hidden page that sends. Never the service worker: Chrome cuts its requests at 30 seconds, and each alarm would
 * start the same deposit again. Firefox has no offscreen page, but its event page has a DOM: a hidden frame does the same.
 */
export async function openSender(): Promise<void> {
  // Two wake-ups at once wait for one page: it is there before it hears.
  opening ??= openOnce().finally(() => {
    opening = undefined;
  });
  await opening;
}

let opening: Promise<void> | undefined;

async function openOnce(): Promise<void> {
  const { offscreen, runtime } = chromeOnly();
  if (offscreen === undefined) return openFrame();
  const open = await runtime.getContexts?.({ contextTypes: ["OFFSCREEN_DOCUMENT"] });
  if (open !== undefined && open.length > 0) return;
  try {
    await offscreen.createDocument({
      url: browser.runtime.getURL(page),
      reasons: ["WORKERS", "BLOBS"],
      justification: "Sends the documents that wait in the sealed outbox to the record service.",
    });
  } catch (error) {
    // Two wake-ups raced: the page is there, which is what was wanted.
    if (!String(error).includes("single offscreen")) throw error;
  }
}

/** Close it when nothing waits: memory goes back and decrypted content with it. */
export async function closeSender(): Promise<void> {
  const { offscreen } = chromeOnly();
  if (offscreen === undefined) {
    globalThis.document?.getElementById("carnet-sender")?.remove();
    return;
  }
  await offscreen.closeDocument().catch(() => {
    // Already closed.
  });
}

async function openFrame(): Promise<void> {
  if (document.getElementById("carnet-sender") !== null) return;
  const frame = document.createElement("iframe");
  frame.id = "carnet-sender";
  frame.src = browser.runtime.getURL(page);
  const loaded = new Promise<void>((resolve) => frame.addEventListener("load", () => resolve(), { once: true }));
  document.body.append(frame);
  await loaded;
}
