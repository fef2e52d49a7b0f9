import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");

const guides = ["docs/sdk.md", "docs/cda.md", "docs/safety.md", "sdk/README.md"];

test("every example of the SDK's guides compiles as it stands", { timeout: 60_000 }, async () => {
  const text = guides.map((guide) => readFileSync(join(root, guide), "utf8")).join("\n");
  const examples = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  expect(examples.length).toBeGreaterThan(3);
  const folder = mkdtempSync(join(root, "sdk/examples-"));
  try {
    for (const [index, code] of examples.entries()) writeFileSync(join(folder, `example-${index}.ts`), code);
    const compilerOptions = { composite: false, noEmit: true, rewriteRelativeImportExtensions: false, types: ["node"] };
    const settings = { extends: "../../tsconfig.base.json", compilerOptions, include: ["*.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const run = promisify(execFile)(process.execPath, [tsc, "-p", folder]);
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    // A neighbouring source may be under work: only the examples themselves are judged here.
    expect(stdout.split("\n").filter((line) => line.includes("example-"))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
