const first = 30_000;
/** No attempt is put off for longer. Milliseconds. */
export const longest = 30 * 60_000;

/**
 * Milliseconds before the next attempt: doubling from 30 seconds to 30 minutes, drawn at random between nothing and that
 * (full jitter), so that a ward whose network returns does not knock all at once. The service's own wish comes first.
 */
export function delayBefore(tries: number, retryAfterMs: number | undefined, random: () => number): number {
  if (retryAfterMs !== undefined) return Math.min(Math.max(retryAfterMs, 1_000), longest);
  const ceiling = Math.min(first * 2 ** Math.max(0, tries - 1), longest);
  return Math.max(1_000, Math.floor(random() * ceiling));
}
