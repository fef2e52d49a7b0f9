/** What rows can do without: fetched beside the record, in one file, so that the first paint has room for the rest. */
export { disagreementBlock } from "./disagreement.ts";
export { furtherLine } from "./further-details.ts";
export { measureRow, otherRow } from "./single-rows.ts";
export { sparkline, trendOf } from "./sparkline.ts";
export { valuesTable } from "./values-table.ts";
