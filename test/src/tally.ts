/** Adds up what test runners report, for the closing line of `npm test` and of `.ci/run`. */

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Sum of two tallies. */
export function addTallies(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The contract's closing line: `N passed, N failed`, then `, N skipped` when some were. */
export function formatTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** A tally that says which tests (or files that could not be loaded) failed, and which were skipped. */
export interface NamedTally extends Tally {
  readonly failedNames: readonly string[];
  readonly skippedNames: readonly string[];
}

/**
 * Reads vitest's JSON report. A file that could not be loaded holds no test and still counts as one failure,
 * so that a broken import cannot pass for an empty suite.
 */
export function tallyOf(report: unknown): NamedTally {
  const tally = { passed: 0, failed: 0, skipped: 0, failedNames: [] as string[], skippedNames: [] as string[] };
  for (const file of list(field(report, "testResults"))) {
    const tests = list(field(file, "assertionResults"));
    if (tests.length === 0 && field(file, "status") === "failed") {
      tally.failed++;
      tally.failedNames.push(String(field(file, "name")));
    }
    for (const test of tests) {
      const status = field(test, "status");
      if (status === "passed") tally.passed++;
      else if (status === "failed") {
        tally.failed++;
        tally.failedNames.push(String(field(test, "fullName")));
      } else {
        tally.skipped++;
        tally.skippedNames.push(String(field(test, "fullName")));
      }
    }
  }
  return tally;
}

/** Where a run spent its time: its slowest files, the slowest first, in seconds with their hooks. */
export function slowestFiles(report: unknown, count: number): readonly (readonly [file: string, seconds: number])[] {
  return list(field(report, "testResults"))
    .map((file) => {
      const seconds = (Number(field(file, "endTime")) - Number(field(file, "startTime"))) / 1000;
      return [String(field(file, "name")), Math.round(seconds)] as const;
    })
    .sort(([, a], [, b]) => b - a)
    .slice(0, count);
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
