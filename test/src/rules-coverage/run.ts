/** `npm run rules-coverage`: writes `docs/rules-coverage.md`; ends with 1 while a rule has neither a test nor a reason. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../support/machine.ts";
import { coverage } from "./table.ts";

const { page, uncovered, idleReasons } = coverage();
writeFileSync(join(checkout, "docs", "rules-coverage.md"), page);
if (idleReasons.length > 0) process.stderr.write(`reasons to remove, there are tests now: ${idleReasons.join(", ")}\n`);
if (uncovered.length > 0) {
  process.stderr.write(`neither a test nor a reason: ${uncovered.join(", ")}\n`);
  process.exitCode = 1;
}
