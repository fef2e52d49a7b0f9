/**
 * `npm test`: every suite, one closing line. The last line, alone, is `N passed, N failed` (`, N skipped` may follow):
 * contract.md, "Two commands".
 *
 * `node test/dist/run.js [--suite fast --suite service --suite browser --suite whole] [filter…]` runs some of them.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { chromiumPath } from "./support/machine.ts";
import { addTallies, formatTally, slowestFiles, type Tally, tallyOf } from "./tally.ts";

const suites = ["fast", "service", "browser", "whole"] as const;
type Suite = (typeof suites)[number];

const arguments_ = process.argv.slice(2);
const chosen = suites.filter((suite) =>
  arguments_.some((word, at) => word === suite && arguments_[at - 1] === "--suite"),
);
const filters = arguments_.filter((word, at) => word !== "--suite" && arguments_[at - 1] !== "--suite");

let total: Tally = { passed: 0, failed: 0, skipped: 0 };
for (const suite of chosen.length > 0 ? chosen : suites) {
  if (suite === "browser" && !existsSync(chromiumPath())) {
    console.log(`skipped: suite "browser" (no Chromium at ${chromiumPath()}; set CHROMIUM_PATH)`);
    total = addTallies(total, { passed: 0, failed: 0, skipped: 1 });
    continue;
  }
  total = addTallies(total, await runSuite(suite));
}
console.log(formatTally(total));
process.exitCode = total.failed > 0 ? 1 : 0;

/** Runs one vitest project, its report on screen and its figures in a file. A runner that dies counts as one failure. */
async function runSuite(suite: Suite): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "carnet-test-"));
  const report = join(folder, "report.json");
  try {
    const code = await new Promise<number>((resolve) => {
      const reporter = process.stdout.isTTY ? "default" : "dot";
      const words = [
        "vitest",
        "run",
        "--project",
        suite,
        `--reporter=${reporter}`,
        "--reporter=json",
        `--outputFile.json=${report}`,
      ];
      const child = spawn("npx", [...words, ...filters], { stdio: ["ignore", "inherit", "inherit"] });
      child.on("close", (exit) => resolve(exit ?? 1));
      child.on("error", () => resolve(1));
    });
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
    const said: unknown = JSON.parse(readFileSync(report, "utf8"));
    const tally = tallyOf(said);
    const slowest = slowestFiles(said, 6).map(([file, seconds]) => `${relative(process.cwd(), file)} ${seconds} s`);
    console.log(`slowest of ${suite}: ${slowest.join(", ")}`);
    for (const name of tally.skippedNames) console.log(`skipped: ${name}`);
    for (const name of tally.failedNames) console.log(`failed: ${name}`);
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
