// npm run load-drug-data -- FILE_OR_FOLDER…   Writes CARNET_DATA/drug-data.json from the operator's files (docs/safety.md).
// The old file is replaced in one step, and only when the new one reads well.
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { compileDrugData, parseDrugData, SafetyDataError } from "../dist/summary/safety/index.js";

const inputs = process.argv.slice(2);
if (inputs.length === 0) fail("usage: npm run load-drug-data -- FILE_OR_FOLDER…");

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** A folder stands for its JSON files. */
function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => join(path, name));
}

function parse(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) fail(`${basename(path)}: not JSON, or cut. Get the file again.`);
    throw error;
  }
}

try {
  // npm runs scripts at the root of the workspace: paths are those of the caller.
  const from = process.env.INIT_CWD ?? process.cwd();
  const files = inputs.flatMap((input) => filesOf(resolve(from, input)));
  const parsed = files.map((path) => ({ name: basename(path), json: parse(path) }));
  const { data, ignored, refusedLinks } = compileDrugData(parsed);
  parseDrugData(data);
  const folder = resolve(from, process.env.CARNET_DATA || ".carnet");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const target = join(folder, "drug-data.json");
  const text = JSON.stringify(data);
  writeFileSync(`${target}.new`, text);
  renameSync(`${target}.new`, target);
  console.log(`${target}: ${(text.length / 1e6).toFixed(1)} MB`);
  for (const { part, title, date, licence, warning } of data.sources) {
    console.log(`  ${part}: ${title} — ${date} — ${licence}${warning ? ` — ${warning}` : ""}`);
  }
  console.log(
    `  ${Object.keys(data.drugs).length} drugs, ${data.substances.length} substances, ${data.interactions.length} interactions`,
  );
  if (ignored.length > 0) console.log(`  not drug data, left out: ${ignored.join(", ")}`);
  if (refusedLinks.length > 0) {
    console.log(
      `  ${refusedLinks.length} links to the thesaurus refused (another salt): ${refusedLinks.slice(0, 5).join(", ")}…`,
    );
  }
} catch (error) {
  if (error instanceof SafetyDataError || error?.code === "ENOENT") fail(error.message);
  throw error;
}
