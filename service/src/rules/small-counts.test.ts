import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { publishOverlapping, publishPartition } from "./small-counts.ts";

const partition = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 5000 })), { minLength: 1, maxLength: 12 })
  .map((counts) => new Map(counts.map((count, index) => [`cell-${index}`, count])));
const threshold = fc.integer({ min: 1, max: 20 });

describe("small counts", () => {
  it("R214 no cell under the threshold is published", () => {
    fc.assert(
      fc.property(partition, threshold, (counts, least) => {
        const all = Math.max(...counts.values()) + 100;
        for (const { cells, total } of [publishPartition(counts, least), publishOverlapping(counts, least, all)]) {
          for (const [cell, count] of cells)
            if (count !== undefined) expect([count, count >= least]).toEqual([counts.get(cell), true]);
          if (total !== undefined) expect(total).toBe([...counts.values()].reduce((sum, count) => sum + count, 0));
        }
      }),
    );
  });

  it("R214 no hidden cell can be computed from the total and the visible ones, nor told within less than the threshold", () => {
    fc.assert(
      fc.property(partition, threshold, (counts, least) => {
        const { cells, total } = publishPartition(counts, least);
        const hidden = [...cells].filter(([, count]) => count === undefined);
        if (total === undefined || hidden.length === 0) return;
        // All that an attacker has: the hidden cells add up to this, and none is negative.
        const together = total - [...cells.values()].reduce<number>((sum, count) => sum + (count ?? 0), 0);
        expect(hidden.length).toBeGreaterThan(1);
        expect(together).toBeGreaterThanOrEqual(least);
      }),
    );
  });

  it("R214 those who are not in a cell are not told either, when they are few", () => {
    const { cells } = publishOverlapping(
      new Map([
        ["fed", 95],
        ["consulted", 40],
        ["open", 100],
      ]),
      11,
      100,
    );
    expect([...cells]).toEqual([
      ["fed", undefined],
      ["consulted", 40],
      ["open", 100],
    ]);
  });

  it("R214 a total that is itself small is hidden", () => {
    expect(
      publishPartition(
        new Map([
          ["a", 3],
          ["b", 4],
        ]),
        11,
      ).total,
    ).toBeUndefined();
    expect(publishPartition(new Map([["a", 300]]), 11)).toEqual({ cells: new Map([["a", 300]]), total: 300 });
  });

  it("R214 what reaches the threshold is published, whatever the order of the cells", () => {
    const cells = (...counts: readonly number[]) => {
      const published = publishPartition(new Map(counts.map((count, at) => [`${at}`, count])), 11);
      return [...published.cells.values(), published.total];
    };
    expect(cells(11, 12)).toEqual([11, 12, 23]);
    expect(cells(900, 40, 3)).toEqual([900, undefined, undefined, 943]);
    // Together they are no fewer than the threshold, and no third one is needed.
    expect(cells(900, 5, 6)).toEqual([900, undefined, undefined, 911]);
    expect(cells(900, 5, 5, 12)).toEqual([900, undefined, undefined, undefined, 922]);
    expect([cells(11), cells(10), cells()]).toEqual([[11, 11], [undefined, undefined], [undefined]]);
    const overlapping = publishOverlapping(
      new Map([
        ["a", 11],
        ["b", 89],
        ["c", 90],
      ]),
      11,
      100,
    );
    expect([...overlapping.cells.values(), overlapping.total]).toEqual([11, 89, undefined, undefined]);
  });

  it("R214 one small cell takes the smallest other one with it, and no more", () => {
    const { cells, total } = publishPartition(
      new Map([
        ["75", 3],
        ["86", 40],
        ["33", 900],
      ]),
      11,
    );
    expect([...cells]).toEqual([
      ["75", undefined],
      ["86", undefined],
      ["33", 900],
    ]);
    expect(total).toBe(943);
  });
});
