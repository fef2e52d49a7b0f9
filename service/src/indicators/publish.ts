/** From counts to what may be published (R214), as JSON and CSV. */
import { publishOverlapping, publishPartition } from "../rules/small-counts.ts";
import { readCounts } from "../store/indicators.ts";
import type { Database } from "../store/store.ts";
import { type Indicator, indicators } from "./definitions.ts";

export interface PublishedTable {
  readonly id: Indicator;
  /** `partition`: each thing in one cell, with a total; `overlapping`: cells that share members. */
  readonly kind: "partition" | "overlapping";
  /** `null`: fewer than the threshold, or hidden so that another one stays so. */
  readonly cells: readonly { readonly id: string; readonly count: number | null }[];
  readonly total: number | null;
}

export interface Publication {
  readonly countedAt: Date;
  readonly threshold: number;
  readonly tables: readonly PublishedTable[];
}

/** @returns undefined before the first count */
export async function publish(database: Database, threshold: number): Promise<Publication | undefined> {
  const kept = await readCounts(database);
  if (!kept) return undefined;
  const isAll = ({ indicator, cell }: { indicator: string; cell: string }) =>
    indicator === "beneficiaries" && cell === "open";
  const all = kept.counts.find(isAll)?.count ?? 0;
  const tables = (Object.keys(indicators) as Indicator[]).map((id): PublishedTable => {
    const kind = indicators[id];
    const own = kept.counts.filter(({ indicator }) => indicator === id);
    const counts = new Map(own.map(({ cell, count }) => [cell, count]));
    const published =
      kind === "partition" ? publishPartition(counts, threshold) : publishOverlapping(counts, threshold, all);
    const { cells, total } = published;
    return {
      id,
      kind,
      cells: [...cells].map(([cell, count]) => ({ id: cell, count: count ?? null })),
      total: total ?? null,
    };
  });
  return { countedAt: kept.countedAt, threshold, tables };
}

/** One line per cell; an empty count is a hidden one. */
export function csvOf({ tables }: Publication): string {
  const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (...values: readonly (string | number | null)[]) =>
    values.map((one) => quote(String(one ?? ""))).join(",");
  const lines = tables.flatMap(({ id, kind, cells, total }) => [
    ...cells.map((cell) => line(id, cell.id, cell.count)),
    ...(kind === "partition" ? [line(id, "total", total)] : []),
  ]);
  return `${["indicator,cell,count", ...lines].join("\r\n")}\r\n`;
}
