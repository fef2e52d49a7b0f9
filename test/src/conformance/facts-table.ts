/**
 * `npm run conformance`: how much of the official samples `cdaToFhir` reads, file by file and kind by kind, against the
 * facts written down in `../shared/cda/expected`. Ends with 1 under the floors.
 *
 * recall ≥ 0.99, precision ≥ 0.99 and detail ≥ 0.98 over all; recall and precision also for each kind; `mustNot` 0.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cdaToFhir } from "@carnet/sdk/cda";
import type { Bundle } from "@carnet/sdk/fhir";
import { shared } from "../support/machine.ts";
import { judge, type MustNot } from "./must-not.ts";

const floors = { recall: 0.99, precision: 0.99, detail: 0.98 };

interface Expected {
  readonly facts: Readonly<Record<string, readonly unknown[]>>;
  readonly mustNot?: readonly MustNot[];
}
interface Measure {
  readonly perKind: Readonly<Record<string, { readonly expected: number; readonly found: number }>>;
  readonly yielded: number;
  readonly checks: number;
  readonly agreed: number;
  readonly missed: readonly { readonly kind: string; readonly fact?: unknown }[];
  readonly wrong: readonly { readonly kind: string; readonly fact?: unknown; readonly field: string }[];
  readonly extra: readonly { readonly type: string; readonly code: readonly string[]; readonly text?: string }[];
}
type Compare = (bundle: Bundle, expected: Expected) => Measure;

interface Row {
  expected: number;
  found: number;
  extra: number;
  checks: number;
  agreed: number;
}

/** The kind under which a resource that no expected fact explains is counted. */
const kindOf: Readonly<Record<string, string>> = {
  Condition: "problems",
  AllergyIntolerance: "allergies",
  AdverseEvent: "adverseReactions",
  FamilyMemberHistory: "familyHistory",
  MedicationStatement: "medications",
  MedicationRequest: "medications",
  MedicationDispense: "medications",
  MedicationAdministration: "medications",
  Immunization: "immunizations",
  ImmunizationRecommendation: "immunizations",
  Procedure: "procedures",
  ServiceRequest: "carePlan",
  Goal: "carePlan",
  DeviceUseStatement: "devices",
  DeviceRequest: "devices",
  ImagingStudy: "imaging",
};

const ratio = (part: number, whole: number) => (whole === 0 ? 1 : part / whole);
const blank = (): Row => ({ expected: 0, found: 0, extra: 0, checks: 0, agreed: 0 });

async function main(): Promise<number> {
  const folder = join(shared, "cda", "expected");
  const tool = join(shared, "tools", "compare-facts.mjs");
  if (!existsSync(folder) || !existsSync(tool)) {
    console.error(`conformance needs ../shared: ${folder} and ${tool} are not there`);
    return 1;
  }
  const { compare } = (await import(pathToFileURL(tool).href)) as { compare: Compare };
  const all = new Map<string, Row>();
  const troubles: string[] = [];
  let [yielded, extra, hits, asked] = [0, 0, 0, 0];
  console.log(line("file", "kind", ["expected", "found", "missed", "extra", "detail"]));
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()) {
    const name = file.slice(0, -".json".length);
    const expected = JSON.parse(readFileSync(join(folder, file), "utf8")) as Expected;
    const bundle = cdaToFhir(readFileSync(join(shared, "cda", "open", `${name}.xml`), "utf8"));
    const { rows, measure } = rowsOf(compare, bundle, expected);
    yielded += measure.yielded;
    extra += measure.extra.length;
    for (const [kind, row] of rows) {
      console.log(line(name, kind, cells(row)));
      const sum = all.get(kind) ?? blank();
      for (const key of Object.keys(row) as (keyof Row)[]) sum[key] += row[key];
      all.set(kind, sum);
    }
    for (const each of measure.missed) troubles.push(`${name}: missed ${each.kind} ${each.fact ?? ""}`);
    for (const each of measure.wrong) troubles.push(`${name}: differs ${each.kind} ${each.fact ?? ""} (${each.field})`);
    for (const each of measure.extra)
      troubles.push(`${name}: extra ${each.type} ${each.code.join(" ")} ${each.text ?? ""}`);
    for (const each of judge(name, bundle, expected.mustNot ?? [])) {
      asked += 1;
      if (each.hits === undefined) troubles.push(`${name}: nobody judges mustNot "${each.what}"`);
      if (each.hits !== 0) hits += 1;
      if (each.hits) troubles.push(`${name}: mustNot ${each.what} (${each.hits})`);
    }
  }
  console.log("");
  for (const [kind, row] of [...all].sort()) console.log(line("all files", kind, cells(row)));
  const total = blank();
  for (const row of all.values()) for (const key of Object.keys(row) as (keyof Row)[]) total[key] += row[key];
  const figures = {
    recall: ratio(total.found, total.expected),
    precision: ratio(yielded - extra, yielded),
    detail: ratio(total.agreed, total.checks),
  };
  for (const trouble of troubles) console.log(trouble);
  console.log(
    `\nrecall ${figures.recall.toFixed(4)} (${total.found}/${total.expected}), precision ${figures.precision.toFixed(4)} (${extra} extra of ${yielded}), detail ${figures.detail.toFixed(4)} (${total.agreed}/${total.checks}), mustNot ${hits} of ${asked}`,
  );
  const under = [
    ...(Object.keys(floors) as (keyof typeof floors)[]).filter((name) => figures[name] < floors[name]),
    ...[...all]
      .filter(([, row]) => ratio(row.found, row.expected) < floors.recall)
      .map(([kind]) => `recall of ${kind}`),
    ...[...all]
      .filter(([, row]) => ratio(row.found, row.found + row.extra) < floors.precision)
      .map(([kind]) => `precision of ${kind}`),
    ...(hits > 0 ? ["mustNot"] : []),
  ];
  if (under.length > 0) console.error(`under the floor: ${under.join(", ")}`);
  return under.length > 0 ? 1 : 0;
}

function rowsOf(compare: Compare, bundle: Bundle, expected: Expected): { rows: Map<string, Row>; measure: Measure } {
  const measure = compare(bundle, expected);
  const rows = new Map<string, Row>();
  for (const [kind, { expected: wanted, found }] of Object.entries(measure.perKind)) {
    // The tool counts fields for a whole document: asked about one kind alone it counts those of the kind.
    const { checks } = compare(bundle, { ...expected, facts: { [kind]: expected.facts[kind] ?? [] } });
    const wrong = measure.wrong.filter((each) => each.kind === kind).length;
    rows.set(kind, { expected: wanted, found, extra: 0, checks, agreed: checks - wrong });
  }
  for (const { type } of measure.extra) {
    const kind = kindOf[type] ?? (rows.has("results") ? "results" : "observations");
    const row = rows.get(kind) ?? blank();
    rows.set(kind, { ...row, extra: row.extra + 1 });
  }
  return { rows, measure };
}

function cells(row: Row): readonly string[] {
  const detail = row.checks === 0 ? "-" : `${row.agreed}/${row.checks}`;
  return [`${row.expected}`, `${row.found}`, `${row.expected - row.found}`, `${row.extra}`, detail];
}

function line(file: string, kind: string, figures: readonly string[]): string {
  return `${file.padEnd(42)} ${kind.padEnd(18)}${figures.map((figure) => figure.padStart(10)).join("")}`;
}

process.exitCode = await main();
