/** How often and how long the client tries again. */
export interface RetryOptions {
  /** Tries after the first one. Default 3. */
  readonly retries?: number;
  /** Longest pause drawn for the first retry, doubled for each following one, in milliseconds. Default 300. */
  readonly baseDelayMs?: number;
  /** No drawn pause is longer than this, in milliseconds. Default 8 000. A `Retry-After` may be. */
  readonly maxDelayMs?: number;
  /** How to wait; tests give their own. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A number in [0, 1): full jitter draws the whole pause. Default `Math.random`. */
  readonly random?: () => number;
}

/** Statuses that say "later", never "no". */
export function isRetriedStatus(status: number): boolean {
  return /^(429|50[234])$/.test(`${status}`);
}

/** Milliseconds asked for by `Retry-After` (seconds, or an instant by the clock of who answered), or nothing. */
export function readRetryAfter(headers: Headers, now: number = Date.now()): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // One of the two clocks may be hours off: an instant is compared with the answer's own, where the browser shows it.
  const ms = Date.parse(value) - (Date.parse(`${headers.get("date")}`) || now);
  return ms < 0 ? 0 : ms >= 0 ? ms : undefined;
}

/** The pause before retry number `attempt` (0 first). Full jitter: callers that failed together do not come back together. */
export function pauseMs(attempt: number, retryAfterMs: number | undefined, options: RetryOptions = {}): number {
  if (retryAfterMs !== undefined) return retryAfterMs;
  const ceiling = Math.min(options.maxDelayMs ?? 8_000, (options.baseDelayMs ?? 300) * 2 ** attempt);
  return Math.floor((options.random ?? Math.random)() * ceiling);
}

/** Waits, or rejects with the signal's reason. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return orAborted(passed, signal).finally(() => clearTimeout(timer));
}

/** The work's result, or the signal's reason: who leaves leaves alone, and the work goes on for others. */
export function orAborted<T>(work: T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    Promise.resolve(work)
      .finally(() => signal.removeEventListener("abort", stop))
      .then(resolve, reject);
  });
}
