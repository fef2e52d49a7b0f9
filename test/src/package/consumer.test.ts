import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkout } from "../support/machine.ts";
import { consumerProject } from "../support/packed-sdk.ts";

const run = promisify(execFile);
const sdk = join(checkout, "sdk");
const Package = v.object({ exports: v.record(v.string(), v.unknown()), version: v.string() });
const { exports, version } = v.parse(Package, JSON.parse(readFileSync(join(sdk, "package.json"), "utf8")));
const subpaths = Object.keys(exports).filter((path) => path !== "./package.json");
const entries = subpaths.map((path) => `@carnet/sdk${path.slice(1)}`);

/** What a vendor writes first: every entry, and types that must come through. */
const consumerCode = `${entries.map((entry, at) => `import * as part${at} from "${entry}";`).join("\n")}
import { connect, isConsentRequired, type RecordHandle } from "@carnet/sdk";
export const parts = [${entries.map((_, at) => `part${at}`).join(", ")}];
export const record: RecordHandle = connect({ baseUrl: "https://carnet.example/fhir", accessToken: () => "" }).record("1");
export const titles: Promise<string[]> = record.documents().toArray().then((all) => all.map(({ title }) => title));
export const summary: Promise<import("fhir/r4.js").Bundle["type"]> = record.summary().then((bundle) => bundle.type);
// @ts-expect-error: an INS is not a number
export const wrong = connect({ baseUrl: "", accessToken: () => "" }).record(1);
export const isAsked = (error: unknown) => isConsentRequired(error) && error.rule;
`;

describe("the packed SDK in a project of somebody else", () => {
  let home: string;
  let files: readonly string[];

  beforeAll(async () => {
    ({ home, files } = await consumerProject());
    writeFileSync(join(home, "consumer.ts"), consumerCode);
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it("holds what runs and its types, and neither tests nor sources nor caches", () => {
    expect(files).toEqual(
      expect.arrayContaining(["package.json", "README.md", "dist/index.js", "dist/index.d.ts", "dist/cli/main.js"]),
    );
    expect(files.filter((path) => /\.test\.|test-support|^src\/|\.map$|tsbuildinfo|^api\//.test(path))).toEqual([]);
    // A module that names a map which is not there makes bundlers and debuggers complain, once for each.
    const scripts = files.filter((path) => path.endsWith(".js"));
    const inPackage = (path: string) => readFileSync(join(home, "node_modules/@carnet/sdk", path), "utf8");
    expect(scripts.filter((path) => inPackage(path).includes("sourceMappingURL"))).toEqual([]);
  });

  for (const [module, moduleResolution] of [
    ["esnext", "bundler"],
    ["node16", "node16"],
  ] as const) {
    it(`type-checks strictly under moduleResolution ${moduleResolution}`, async () => {
      const compilerOptions = {
        target: "es2022",
        lib: ["es2023", "dom", "dom.iterable"],
        module,
        moduleResolution,
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        types: [],
      };
      writeFileSync(join(home, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
      const tsc = join(checkout, "node_modules", "typescript", "bin", "tsc");
      const { stdout } = await run(process.execPath, [tsc, "-p", home]).catch((error: { stdout: string }) => error);
      expect(stdout).toBe("");
    });
  }

  it("imports every entry in Node.js, and installs the command", async () => {
    const code = `for (const entry of ${JSON.stringify(entries)}) if (Object.keys(await import(entry)).length === 0 && !entry.endsWith("/fhir")) throw new Error(entry);`;
    writeFileSync(join(home, "import.mjs"), code);
    await run(process.execPath, [join(home, "import.mjs")]);
    const { stdout } = await run(join(home, "node_modules", ".bin", "carnet"), ["--version"]);
    expect(stdout.trim()).toBe(version);
  });
});

describe("the public interface of the SDK", () => {
  it("is the one of the reports in sdk/api and of the reference: a change is seen (npm run api-report -w sdk)", {
    timeout: 300_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "carnet-api-"));
    try {
      await run(process.execPath, [join(sdk, "scripts", "api-report.mjs"), folder]);
      for (const entry of subpaths) {
        const name = entry === "." ? "sdk" : entry.slice(2);
        for (const path of [`sdk/api/${name}.api.md`, `docs/reference/${name}.md`]) {
          expect(readFileSync(join(checkout, path), "utf8"), path).toBe(readFileSync(join(folder, path), "utf8"));
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
