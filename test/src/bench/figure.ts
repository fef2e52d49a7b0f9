import { existsSync, readFileSync } from "node:fs";

/** One line of `npm run bench` (contract.md): the spread of a measure, as JSON. */
export interface Figure {
  readonly name: string;
  readonly unit: "ms" | "µs" | "s" | "/s" | "B" | "nodes" | "frames";
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
}

/** Median, smallest and largest of samples. */
export function figureOf(name: string, unit: Figure["unit"], samples: readonly number[]): Figure {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (index: number) => round(sorted[index] ?? Number.NaN);
  const middle = sorted.length / 2;
  const median =
    sorted.length % 2 === 1 ? at(Math.floor(middle)) : round(((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2);
  return { name, unit, median, min: at(0), max: at(sorted.length - 1), n: sorted.length };
}

const round = (value: number) => Math.round(value * 100) / 100;

export function print(figure: Figure): void {
  console.log(JSON.stringify(figure));
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const ticks = "/proc/thread-self/schedstat";
const hasTicks = existsSync(ticks);

/**
 * Processor time that this thread has used so far, in ms: a shared machine gives a process only part of the clock, and
 * what the runtime collects and compiles meanwhile on another core keeps nobody waiting. Linux; elsewhere, that of the
 * whole process.
 */
export function threadMs(): number {
  if (hasTicks) return Number(readFileSync(ticks, "utf8").split(" ")[0]) / 1e6;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
