import { CarnetError, InvalidAnswer, Offline, Timeout } from "./errors.ts";
import { isRetriedStatus, pauseMs, type RetryOptions, readRetryAfter, wait } from "./retry.ts";
import { errorFor } from "./status-error.ts";

/** Gives the bearer token. It is asked before each request, and once more with `renew` after a 401. */
export type AccessToken = (hint?: { readonly renew: boolean }) => string | Promise<string>;

/** What each call accepts. */
export interface CallOptions {
  /** Stops the call; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Deadline of the whole call, retries included, in milliseconds. Default 30 000; 120 000 for contents. */
  readonly timeoutMs?: number | undefined;
}

/** One line about one exchange, for the vendor's log: no query, no identifier, no content. */
export interface ExchangeTrace {
  readonly request: string;
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
  /** Language of the service's messages. Default `fr`. */
  readonly locale?: "fr" | "en" | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Other origins that may serve contents and pages, and may therefore see the token. Default: none. */
  readonly trustedOrigins?: readonly string[] | undefined;
  /** Called after each exchange; never receives health data. */
  readonly onExchange?: ((trace: ExchangeTrace) => void) | undefined;
}

export interface HttpRequest extends CallOptions {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Relative to the base (`Patient`), or an absolute address that the service gave (paging, contents). */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  readonly accept?: string | undefined;
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
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

/** The one place where requests leave the SDK: token, headers, deadline, retries and typed errors. */
export function createHttp(options: HttpOptions): Http {
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const base = new URL(`${baseUrl}/`);
  const origins = new Set([base.origin, ...(options.trustedOrigins ?? [])]);
  const retry = options.retry ?? {};

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    const url = new URL(request.path, base);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      for (const one of Array.isArray(value) ? value : [value])
        if (one !== undefined) url.searchParams.append(name, one);
    }
    const name = nameOf(request.method, url, base);
    if (!origins.has(url.origin)) {
      throw new InvalidAnswer(name, "the service gave an address outside itself; the token is not sent there");
    }
    const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const deadline = AbortSignal.timeout(timeoutMs);
    const endsAt = Date.now() + timeoutMs;
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
    const mayRetry = request.isIdempotent ?? request.method === "GET";
    let isRenewed = false;

    for (let attempt = 0; ; attempt++) {
      const startedAt = Date.now();
      let failure: CarnetError;
      try {
        const token = await options.accessToken(isRenewed ? { renew: true } : undefined);
        signal.throwIfAborted();
        const response = await (options.fetch ?? globalThis.fetch)(url, {
          method: request.method,
          headers: headersOf(request, token),
          ...(request.body === undefined ? {} : { body: request.body }),
          signal,
          credentials: "omit",
          cache: "no-store",
          referrerPolicy: "no-referrer",
        });
        const bytes = new Uint8Array(await response.arrayBuffer());
        trace(name, response, attempt, startedAt);
        if (response.ok || response.status === 304) {
          return { status: response.status, headers: response.headers, bytes, request: name };
        }
        const retryAfterMs = readRetryAfter(response.headers);
        failure = errorFor(name, response.status, parseJson(bytes), response.headers, retryAfterMs);
        if (response.status === 401 && !isRenewed) {
          isRenewed = true;
          continue;
        }
        if (!mayRetry || !isRetriedStatus(response.status) || attempt >= (retry.retries ?? 3)) throw failure;
        const ms = pauseMs(attempt, retryAfterMs, retry);
        // Waiting past the deadline would only turn a clear answer into a timeout.
        if (Date.now() + ms >= endsAt) throw failure;
        await (retry.wait ?? wait)(ms, signal);
      } catch (error) {
        if (request.signal?.aborted) throw request.signal.reason;
        if (deadline.aborted) throw new Timeout(name, { cause: error });
        if (!isNetworkError(error)) throw error;
        const offline = new Offline(name, { cause: error });
        if (!mayRetry || attempt >= (retry.retries ?? 3) || isKnownOffline()) throw offline;
        const ms = pauseMs(attempt, undefined, retry);
        if (Date.now() + ms >= endsAt) throw offline;
        await waitOrSay(ms, signal, request.signal, name);
      }
    }
  }

  async function waitOrSay(ms: number, signal: AbortSignal, own: AbortSignal | undefined, name: string): Promise<void> {
    try {
      await (retry.wait ?? wait)(ms, signal);
    } catch (error) {
      if (own?.aborted) throw own.reason;
      throw new Timeout(name, { cause: error });
    }
  }

  function headersOf(request: HttpRequest, token: string): Record<string, string> {
    return {
      accept: request.accept ?? FHIR_JSON,
      "accept-language": options.locale === "en" ? "en, fr;q=0.5" : "fr, en;q=0.5",
      authorization: `Bearer ${token}`,
      ...(request.body === undefined ? {} : { "content-type": request.contentType ?? FHIR_JSON }),
      ...(options.purposeOfUse ? { "x-purpose-of-use": options.purposeOfUse } : {}),
      // A header holds bytes, not French: "œ" alone would make fetch throw.
      ...(options.reason ? { "x-reason": encodeURIComponent(options.reason) } : {}),
      ...request.headers,
    };
  }

  function trace(request: string, response: Response, attempt: number, startedAt: number): void {
    const requestId = response.headers.get("x-request-id");
    options.onExchange?.({
      request,
      status: response.status,
      attempt,
      durationMs: Date.now() - startedAt,
      ...(requestId ? { requestId } : {}),
    });
  }

  return {
    baseUrl,
    send,
    async json(request) {
      const answer = await send(request);
      if (answer.bytes.length === 0) return { answer, body: undefined };
      const body = parseJson(answer.bytes);
      if (body === undefined)
        throw new InvalidAnswer(answer.request, "the answer is not JSON", { status: answer.status });
      return { answer, body };
    },
  };
}

/** `GET DocumentReference/[id]`: the kind of request only, never an identifier. */
function nameOf(method: string, url: URL, base: URL): string {
  const rest = url.pathname.startsWith(base.pathname) ? url.pathname.slice(base.pathname.length) : "";
  const isWord = (word: string, at: number) => (at === 0 ? /^[A-Za-z]+$/ : /^(\$[a-z-]+|_search|_history)$/).test(word);
  const words = rest.split("/").map((word, at) => (isWord(word, at) ? word : "[id]"));
  return `${method} ${rest === "" ? "transaction" : words.join("/")}`;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Not JSON: a proxy's page, an empty body. The status says enough.
    return undefined;
  }
}

/** fetch reports a broken connection as a TypeError; a body cut half-way too ("terminated" in Node.js). */
function isNetworkError(error: unknown): boolean {
  return !(error instanceof CarnetError) && error instanceof TypeError;
}

function isKnownOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}
