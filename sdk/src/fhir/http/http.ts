import { type CarnetError, InvalidAnswer, Offline, Timeout, Unauthorised } from "./errors.ts";
import { createGate } from "./gate.ts";
import { isRetriedStatus, orAborted, pauseMs, type RetryOptions, readRetryAfter, wait } from "./retry.ts";
import { errorFor } from "./status-error.ts";

/** A token that only its holder can use: every request carries a fresh proof of the holder's key (DPoP, RFC 9449). */
export interface BoundToken {
  readonly token: string;
  /** The `DPoP` header for this request. */
  prove(method: string, url: string): Promise<string>;
  /** Reads the service's nonce and clock in an answer. True when a refused request is worth one more proof. */
  see(headers: Headers): boolean;
}

/**
 * Gives the token. It is asked before each request, and once more with `renew` after a 401: `refused` is the token that got
 * it, so that of several late refusals only the first need renew anything.
 */
export type AccessToken = (hint?: {
  readonly renew: boolean;
  readonly refused?: string;
}) => string | BoundToken | Promise<string | BoundToken>;

/** How far a body is. Told at the start, at least every 64 KiB, and at the end; begins again when the request is retried. */
export interface Progress {
  readonly direction: "sending" | "receiving";
  readonly doneBytes: number;
  /** Absent when the other side does not say. */
  readonly totalBytes?: number;
}

/** What each call accepts. */
export interface CallOptions {
  /** Stops the call; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Deadline of the whole call, retries included, in milliseconds: `Infinity` is eleven days. Default 30 000; 120 000 for contents. */
  readonly timeoutMs?: number | undefined;
}

/** One line about one exchange, for the vendor's log: no query, no identifier, no content. */
export interface ExchangeTrace {
  readonly request: string;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly attempt: number;
  readonly durationMs: number;
  readonly requestId?: string;
}

export interface HttpOptions {
  /** Address of the FHIR service, for example `https://carnet.example/fhir`. */
  readonly baseUrl: string;
  readonly accessToken: AccessToken;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Mode of access: `TREAT` (default of the service), `BTG` break the glass, `ETREAT` dispatch centre (R70). */
  readonly purposeOfUse?: "TREAT" | "BTG" | "ETREAT" | undefined;
  /** Why the glass is broken; required with `BTG` (R71). Sent percent-encoded. */
  readonly reason?: string | undefined;
  /** The minor keeps these acts from the legal representatives (R11, R12). Default false. */
  readonly isSecret?: boolean | undefined;
  /** Language of the service's messages. Default `fr`. */
  readonly locale?: "fr" | "en" | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Requests under way at once; the others wait their turn. Default 6. */
  readonly maxParallel?: number | undefined;
  /**
   * Other origins that may serve contents and pages, and may therefore see the token (`https://contents.example`). Default:
   * none. One without its scheme is a TypeError.
   */
  readonly trustedOrigins?: readonly string[] | undefined;
  /** Called after each exchange, also when no answer came; never receives health data. */
  readonly onExchange?: ((trace: ExchangeTrace) => void) | undefined;
}

export interface HttpRequest extends CallOptions {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Relative to the base (`Patient`), or an absolute address that the service gave (paging, contents). */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly (string | undefined)[] | undefined>> | undefined;
  readonly accept?: string | undefined;
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** Another way to send, given the client's own `fetch`. */
  readonly through?: ((own: typeof globalThis.fetch | undefined) => typeof globalThis.fetch) | undefined;
  /** Takes the answer's body, and gives what is read whole in its place. */
  readonly receive?: ((response: Response) => Promise<Response>) | undefined;
  /** Asked by nobody: no token is sent. */
  readonly isPublic?: boolean | undefined;
  /** The same request may be sent twice without a second effect. Default: true for GET only. */
  readonly isIdempotent?: boolean | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** What was asked, without values: for error messages. */
  readonly request: string;
}

export interface Http {
  readonly baseUrl: string;
  /** Sends, retries, and resolves for 2xx and 304 only; rejects with a {@link CarnetError} or the signal's reason. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Same, with the body read as JSON (`undefined` when empty). */
  json(request: HttpRequest): Promise<{ readonly answer: HttpAnswer; readonly body: unknown }>;
}

const FHIR_JSON = "application/fhir+json";
const DEFAULT_TIMEOUT_MS = 30_000;
/** No answer of a record is as long: one without end, or that unpacks to one, would fill the memory. */
const MOST_BYTES = 2 ** 28;

/** The one place where requests leave the SDK: token, headers, deadline, retries and typed errors. */
export function createHttp(options: HttpOptions): Http {
  const baseUrl = `${options?.baseUrl}`.replace(/\/+$/, "");
  // Told here: later, a relative address would read as one elsewhere, and a text for a function as a broken line.
  if (!/^[\w-]+:\/\/[^?#]+$/.test(baseUrl) || typeof options.accessToken !== "function") {
    throw new TypeError("give baseUrl as https://…/fhir, accessToken as a function");
  }
  const base = new URL(`${baseUrl}/`);
  const origins = [base.href, ...(options.trustedOrigins ?? [])].map((one) => new URL(one).origin);
  const { retry = {}, locale, purposeOfUse, reason, onExchange } = options;
  const accessToken = options.accessToken.bind(options);
  // A loop over two thousand documents must not open as many connections.
  const inTurn = createGate(options.maxParallel ?? 6);

  async function exchange(
    request: HttpRequest,
    url: URL,
    name: string,
    signal: AbortSignal,
    attempt: number,
    hint: Hint,
  ) {
    const startedAt = Date.now();
    let response: Response | undefined;
    try {
      // An issuer that hangs holds neither the call beyond its deadline nor the places of others.
      const asked = request.isPublic ? "" : accessToken(hint);
      const token = await orAborted(asked, signal);
      const isBound = typeof token === "object";
      // Read from a file it may end with a line; and what no header can hold, the error of `fetch` would quote whole.
      const text = `${isBound ? token.token : (token ?? "")}`.trim();
      if (/[^!-~]/.test(text)) throw new Unauthorised(name);
      const { method, body } = request;
      const headers = {
        accept: request.accept ?? FHIR_JSON,
        "accept-language": locale === "en" ? "en, fr;q=0.5" : "fr, en;q=0.5",
        ...(text && { authorization: `${isBound ? "DPoP" : "Bearer"} ${text}` }),
        ...(isBound && { dpop: await token.prove(method, url.origin + url.pathname) }),
        ...(body !== undefined && { "content-type": request.contentType ?? FHIR_JSON }),
        ...(purposeOfUse && { "x-purpose-of-use": purposeOfUse }),
        // A header holds bytes, not French: "œ" alone would make fetch throw.
        ...(reason && { "x-reason": encodeURIComponent(reason) }),
        ...(options.isSecret && { "x-secret-connection": "true" }),
        ...request.headers,
      };
      response = await (request.through?.(options.fetch) ?? options.fetch ?? fetch)(url, {
        method,
        headers,
        body: body ?? null,
        signal,
        credentials: "omit",
        cache: "no-store",
        // Elsewhere it would take the document, and the reason of an emergency.
        redirect: "manual",
        referrerPolicy: "no-referrer",
      });
      const bytes = await readWhole((response.ok && (await request.receive?.(response))) || response, name);
      return [response, bytes, text, isBound && token.see(response.headers)] as const;
    } finally {
      const requestId = response?.headers.get("x-request-id");
      onExchange?.({
        request: name,
        ...(response && { status: response.status }),
        attempt,
        durationMs: Date.now() - startedAt,
        ...(requestId && { requestId }),
      });
    }
  }

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    // An address of the server's that cannot be read is one elsewhere.
    const url = new URL(URL.canParse(request.path, base) ? request.path : "x:", base);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      for (const one of [value].flat()) if (one !== undefined) url.searchParams.append(name, one);
    }
    const name = nameOf(request.method, url, base);
    // All addresses without a host have the same origin, "null".
    if (!origins.includes(url.host && url.origin)) {
      throw new InvalidAnswer(name, "an address elsewhere");
    }
    const timeoutMs = timerMs(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const deadline = AbortSignal.timeout(timeoutMs);
    const endsAt = Date.now() + timeoutMs;
    const own = request.signal;
    const signal = own ? AbortSignal.any([own, deadline]) : deadline;
    const mayRetry = request.isIdempotent ?? request.method === "GET";
    let isProved = false;
    // Since the service refused a token.
    let hint: Hint;
    let pause: Promise<void> | undefined;

    for (let attempt = 0; ; attempt++) {
      let failure: CarnetError;
      let retryAfterMs: number | undefined;
      try {
        await pause;
        const [response, bytes, text, mayProve] = await inTurn(signal, () =>
          exchange(request, url, name, signal, attempt, hint),
        );
        const { status, headers, ok } = response;
        if (ok || status === 304) return { status, headers, bytes, request: name };
        retryAfterMs = readRetryAfter(headers);
        failure = errorFor(name, status, parseJson(bytes), headers, retryAfterMs);
        if (status === 401) {
          // The token may be good and only its proof too old: the service's nonce or clock is known now.
          if (mayProve && !isProved) isProved = true;
          else if (!hint) hint = { renew: true, refused: text };
          else throw failure;
          continue;
        }
        if (!isRetriedStatus(status)) throw failure;
      } catch (error) {
        if (own?.aborted) throw own.reason;
        if (deadline.aborted) throw new Timeout(name, { cause: error });
        // fetch reports a broken connection as a TypeError; a body cut half-way too ("terminated" in Node.js).
        if (!(error instanceof TypeError)) throw error;
        failure = new Offline(name, { cause: error });
        if (globalThis.navigator?.onLine === false) throw failure;
      }
      const ms = pauseMs(attempt, retryAfterMs, retry);
      // Waiting past the deadline would only turn a clear answer into a timeout.
      if (!mayRetry || attempt >= (retry.retries ?? 3) || Date.now() + ms >= endsAt) throw failure;
      pause = (retry.wait ?? wait)(ms, signal);
    }
  }

  return {
    baseUrl,
    send,
    async json(request) {
      const answer = await send(request);
      const body = parseJson(answer.bytes);
      if (body === undefined && answer.bytes.length)
        throw new InvalidAnswer(answer.request, "not JSON", { status: answer.status });
      return { answer, body };
    },
  };
}

/** Timers want whole numbers, and end at once above 25 days: eleven are as good as `Infinity`. */
export function timerMs(ms: number): number {
  return Math.max(0, Math.min(ms, 1e9)) | 0;
}

type Hint = Parameters<AccessToken>[0];

/** @throws InvalidAnswer when it is too long */
async function readWhole({ body }: Response, name: string): Promise<Uint8Array> {
  let left = MOST_BYTES;
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, out) {
      left -= part.length;
      if (left < 0) out.error();
      else out.enqueue(part);
    },
  });
  try {
    return new Uint8Array(await new Response(body?.pipeThrough(bounded)).arrayBuffer());
  } catch (error) {
    // Chromium hands on any error as that of a broken line: the answer would be asked for again.
    throw left < 0 ? new InvalidAnswer(name, "too long") : error;
  }
}

/** `GET DocumentReference/[id]`: the kind of request only, never an identifier. */
function nameOf(method: string, url: URL, base: URL): string {
  const rest = url.pathname.startsWith(base.pathname) ? url.pathname.slice(base.pathname.length) : "";
  const words = rest
    .split("/")
    .map((word, at) =>
      (at ? /^(\$[a-z-]+|_search|_history|attachment)$/ : /^\$?[a-z-]*$/i).test(word) ? word : "[id]",
    );
  return `${method} ${words.join("/") || "transaction"}`;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Not JSON: a proxy's page, an empty body. The status says enough.
    return undefined;
  }
}
