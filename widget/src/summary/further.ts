import { html, type TemplateResult } from "lit";
import type { Fact } from "../facts/fact.ts";
import type { Measure } from "../facts/observations.ts";
import type { OtherFact } from "../facts/others.ts";
import type { SectionContext } from "./context.ts";

let parts: typeof import("./fetched-parts.ts") | undefined;

/**
 * Fetches what rows can do without until they are filled, beside the record that fills them. It tells what changes the
 * meaning of a row: without it no row is shown, and the reader is told to try again.
 * @throws an error of code `offline`, when it cannot be fetched
 */
export const fetchFurther = async (): Promise<void> => {
  parts ??= await import("./fetched-parts.ts").catch((cause: unknown) => {
    throw Object.assign(new Error("offline", { cause }), { code: "offline" });
  });
};

/** What stands under a row's own lines: its further details, and what the sources say differently. */
export const underRow = (context: SectionContext, fact: Fact, displayed: string): TemplateResult =>
  html`${parts?.furtherLine(context, fact)} ${parts?.disagreementBlock(context, fact, displayed)}`;

/** The line of a series, named by its last value; the table beside it holds every value (STYLE 17, 22). */
export const drawn = (
  { say }: SectionContext,
  values: readonly Measure[],
  title: string,
  value: string,
  date: string,
) => parts?.sparkline(values, say.sparkline(title, value, date, say.trend[parts.trendOf(values)], values.length));

/** The table of a series. */
export const tableOf = (...named: Parameters<typeof import("./values-table.ts").valuesTable>) =>
  parts?.valuesTable(...named);

/** The row of a value that is alone, and of an entry that has no section of its own kind. */
export const measureRow = (context: SectionContext, measure: Measure) => html`${parts?.measureRow(context, measure)}`;
export const otherRow = (context: SectionContext, fact: OtherFact) => html`${parts?.otherRow(context, fact)}`;
