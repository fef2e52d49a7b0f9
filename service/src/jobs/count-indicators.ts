/** Counts what is published (R212), four times a day, into tables of its own. */
import type { Services } from "../http/services.ts";
import {
  authorKindOf,
  authorKinds,
  channels,
  consultantOf,
  consultants,
  departmentOf,
  type Indicator,
} from "../indicators/definitions.ts";
import * as counting from "../store/indicators.ts";
import type { Job } from "./run-jobs.ts";

const EVERY_MS = 6 * 3_600_000;
const MONTHS = 12;

/** The last twelve months, this one included, as `YYYY-MM`. */
function lastMonths(now: Date): readonly string[] {
  return Array.from({ length: MONTHS }, (_, index) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (MONTHS - 1 - index), 1)).toISOString().slice(0, 7),
  );
}

/** Adds counts up by cell; the cells that are always there come first, at nothing. */
function tally(cells: readonly string[] = []) {
  const sums = new Map<string, number>(cells.map((cell) => [cell, 0]));
  return {
    sums,
    add: (cell: string, count: number) => sums.set(cell, (sums.get(cell) ?? 0) + count),
  };
}

export function countIndicatorsJob({ store }: Pick<Services, "store">): Job {
  return {
    name: "count-indicators",
    everyMs: EVERY_MS,
    async run(now, signal) {
      const { database } = store;
      const counts: { indicator: Indicator; cell: string; count: number }[] = [];
      const keep = (indicator: Indicator, sums: ReadonlyMap<string, number>) => {
        for (const [cell, count] of sums) counts.push({ indicator, cell, count });
      };
      const months = lastMonths(now);
      const from = new Date(`${months[0]}-01T00:00:00Z`);

      keep("beneficiaries", new Map(Object.entries(await counting.countBeneficiaries(database))));
      if (signal.aborted) return;

      const departments = tally();
      for (const { structureId, count } of await counting.countRecordsByStructure(database)) {
        departments.add(departmentOf(structureId), count);
      }
      keep("records-by-department", departments.sums);

      const opened = tally(channels);
      for (const { channel, count } of await counting.countRecordsByChannel(database)) opened.add(channel, count);
      keep("records-by-channel", opened.sums);
      if (signal.aborted) return;

      const authors = tally(authorKinds);
      const groups = await counting.countDocumentsByAuthor(database);
      for (const { authorKind, facility, count } of groups) authors.add(authorKindOf(authorKind, facility), count);
      keep("documents-by-author", authors.sums);
      const fed = tally();
      for (const kind of authorKinds) {
        const own = groups.filter(({ authorKind, facility }) => authorKindOf(authorKind, facility) === kind);
        fed.add(kind, await counting.countRecordsFedBy(database, own));
        if (signal.aborted) return;
      }
      keep("records-fed-by", fed.sums);

      const byMonth = tally(months);
      for (const { month, count } of await counting.countDocumentsByMonth(database, from)) byMonth.add(month, count);
      keep("documents-by-month", byMonth.sums);
      if (signal.aborted) return;

      const [professions, consultations] = [tally(consultants), tally(months)];
      for (const { month, profession, count } of await counting.countConsultations(database, from)) {
        professions.add(consultantOf(profession), count);
        consultations.add(month, count);
      }
      keep("consultations-by-profession", professions.sums);
      keep("consultations-by-month", consultations.sums);

      await counting.keepCounts(database, counts, now);
    },
  };
}
