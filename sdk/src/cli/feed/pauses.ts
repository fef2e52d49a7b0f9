/** How long to wait before the next try, of what the network or a drive interrupted. */
import { setTimeout } from "node:timers/promises";
import { isSignInError } from "../../auth/errors.ts";
import { isCarnetError, isNotSupported, isTooManyRequests, isUnavailable } from "../../fhir/http/index.ts";

const LONGEST_ASKED_MS = 3_600_000;

/** Milliseconds: doubled at each failure, with jitter, unless the service says how long. @throws what no time heals */
export function pauseAfter(error: unknown, failures: number, longestMs: number): number {
  if (!isSignInError(error) && (!isCarnetError(error) || isNotSupported(error))) throw error;
  const own = ownPause(failures, longestMs);
  const asked = isTooManyRequests(error) || isUnavailable(error) ? (error.retryAfterMs ?? 0) : 0;
  // "At once" would be a storm, and one wrong date the silence of a whole night.
  return Math.min(LONGEST_ASKED_MS, Math.max(own, asked));
}

/** Milliseconds: doubled at each failure, with jitter. */
export const ownPause = (failures: number, longestMs: number) =>
  Math.min(longestMs, 1_000 * 2 ** Math.min(failures, 16)) * (0.5 + Math.random() / 2);

/** Resolves after that time, or once `signal` is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
