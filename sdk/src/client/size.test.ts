import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

/** What a page downloads before the first verb: minified, gzip, with what the entry imports at once. */
async function bytesOf(source: string): Promise<number> {
  const folder = mkdtempSync(join(import.meta.dirname, "size-"));
  try {
    writeFileSync(join(folder, "entry.js"), source);
    const result = await build({
      root: folder,
      configFile: false,
      logLevel: "silent",
      build: {
        write: false,
        lib: { entry: join(folder, "entry.js"), formats: ["es"] },
        rolldownOptions: { output: { minify: true } },
      },
    });
    const outputs = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[];
    const chunks = outputs.flatMap(({ output }) => output).filter((output) => output.type === "chunk");
    const first = new Set(chunks.filter(({ isEntry }) => isEntry));
    // A set grows while it is walked: imports of imports are reached too.
    for (const { imports } of first) for (const chunk of chunks) if (imports.includes(chunk.fileName)) first.add(chunk);
    return gzipSync([...first].map(({ code }) => code).join("\n"), { level: 9 }).length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("searching and reading stay within 8 kB, whatever other verbs there are", { timeout: 60_000 }, async () => {
  expect(await bytesOf('export { connect } from "../../index.ts";')).toBeLessThanOrEqual(8 * 1024);
});

test("search, read, status and deposit as functions stay within 12 kB", { timeout: 60_000 }, async () => {
  const names = "createContext, ofRecord, documents, read, status, deposit";
  expect(await bytesOf(`export { ${names} } from "../tasks.ts";`)).toBeLessThanOrEqual(12 * 1024);
});
