import type { Progress } from "./http.ts";

type Told = (progress: Progress) => void;
/** Told at least once per this many bytes. */
const SLICE = 64 * 1024;

/** The same answer, telling how much of its body has come. */
export function receiveWithProgress(response: Response, tell: Told): Response {
  const totalBytes = sizeOf(response);
  let doneBytes = 0;
  const told = () => {
    // From another origin a page sees the length of what was compressed, and not that it was.
    const isTrue = totalBytes !== undefined && doneBytes <= totalBytes;
    tell({ direction: "receiving", doneBytes, ...(isTrue ? { totalBytes } : {}) });
  };
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    start: told,
    transform(part, out) {
      doneBytes += part.length;
      out.enqueue(part);
      told();
    },
  });
  return new Response(response.body?.pipeThrough(counted));
}

/** Bytes that will come, unless the way compresses them. */
export function sizeOf(response: Response): number | undefined {
  const length = response.headers.get("content-length");
  return length === null || response.headers.has("content-encoding") ? undefined : Number(length);
}

/**
 * A `fetch` that tells how much of a text body has left: by `XMLHttpRequest` in pages (their fetch cannot stream over
 * HTTP/1.1, and some send the stream's name in its place), as a stream elsewhere. The caller's own `fetch` in a page, and
 * that of a service worker, are given the body whole: its start and its end are told.
 */
export function fetchTelling(tell: Told, given: typeof globalThis.fetch | undefined): typeof globalThis.fetch {
  const isPage = typeof XMLHttpRequest !== "undefined";
  const isWhole = isPage || "ServiceWorkerGlobalScope" in globalThis;
  return async (input, init = {}) => {
    const bytes = new TextEncoder().encode(typeof init.body === "string" ? init.body : "");
    const totalBytes = bytes.length;
    const told = (doneBytes: number) => tell({ direction: "sending", doneBytes, totalBytes });
    told(0);
    if (isPage && !given) return sendByXhr(String(input), init, bytes, told);
    if (!isWhole) return (given ?? fetch)(input, streamed(init, bytes, told));
    const answer = await (given ?? fetch)(input, init);
    told(totalBytes);
    return answer;
  };
}

function streamed(init: RequestInit, bytes: Uint8Array, told: (doneBytes: number) => void): RequestInit {
  let at = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (at > 0) told(at);
        if (at >= bytes.length) return controller.close();
        const next = Math.min(at + SLICE, bytes.length);
        controller.enqueue(bytes.slice(at, next));
        at = next;
      },
    },
    // Nothing is taken ahead of the network, so that what is told is what has left.
    { highWaterMark: 0 },
  );
  const headers = { ...init.headers, "content-length": String(bytes.length) };
  return { ...init, headers, body, duplex: "half" } as RequestInit;
}

function sendByXhr(
  url: string,
  init: RequestInit,
  bytes: Uint8Array,
  told: (doneBytes: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const { signal } = init;
    const stop = () => xhr.abort();
    const end = () => signal?.removeEventListener("abort", stop);
    xhr.open(init.method ?? "POST", url);
    xhr.responseType = "arraybuffer";
    for (const [name, value] of new Headers(init.headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded }) => told(loaded);
    xhr.onload = () => {
      end();
      const headers = new Headers();
      for (const line of xhr.getAllResponseHeaders().trim().split(/\r?\n/)) {
        const colon = line.indexOf(":");
        if (colon > 0) headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
      }
      const hasBody = ![204, 205, 304].includes(xhr.status);
      resolve(new Response(hasBody ? xhr.response : null, { status: xhr.status, headers }));
    };
    xhr.onerror = () => {
      end();
      reject(new TypeError("network error"));
    };
    xhr.onabort = () => {
      end();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) return stop();
    xhr.send(bytes as Uint8Array<ArrayBuffer>);
  });
}
