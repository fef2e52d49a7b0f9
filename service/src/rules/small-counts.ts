/**
 * No small counts (R214): a cell under the threshold is hidden, and so are as many others as it takes that no hidden cell
 * can be computed from the total. Pure.
 */

/** Counts of a partition: every counted thing is in exactly one cell. */
export type Counts = ReadonlyMap<string, number>;

export interface PublishedCounts {
  /** `undefined`: hidden. In the order given. */
  readonly cells: ReadonlyMap<string, number | undefined>;
  readonly total: number | undefined;
}

/**
 * Hides what must not be known. What the hidden cells hold together is the total less the visible ones: it stays at or over
 * the threshold, and is shared by two cells at least, so that each may be anything from nothing to that sum.
 */
export function publishPartition(counts: Counts, threshold: number): PublishedCounts {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const hidden = new Set([...counts].filter(([, count]) => count < threshold).map(([cell]) => cell));
  const visible = [...counts].filter(([cell]) => !hidden.has(cell)).sort(([, one], [, other]) => one - other);
  const sumOfHidden = () => [...hidden].reduce((sum, cell) => sum + (counts.get(cell) ?? 0), 0);
  const isTold = () => hidden.size > 0 && (hidden.size === 1 || sumOfHidden() < threshold);
  while (isTold()) {
    const next = visible.shift();
    if (!next) break;
    hidden.add(next[0]);
  }
  const cells = new Map([...counts].map(([cell, count]) => [cell, hidden.has(cell) ? undefined : count] as const));
  // Nothing left to hide behind: the total itself is the small count, or that of one cell.
  return { cells, total: isTold() || total < threshold ? undefined : total };
}

/**
 * Counts that overlap: a person may be in several cells. A cell is hidden too when those who are not in it are few among
 * `all`, whose number is known.
 */
export function publishOverlapping(counts: Counts, threshold: number, all: number): PublishedCounts {
  const isSmall = (count: number) => count < threshold || (all > count && all - count < threshold);
  const cells = [...counts].map(([cell, count]) => [cell, isSmall(count) ? undefined : count] as const);
  return { cells: new Map(cells), total: undefined };
}
