/** Bytes that users download: minified and gzipped, built here exactly as a vendor's bundler would. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build, type Plugin, type Rolldown } from "vite";
import { checkout, programsForTests } from "../support/machine.ts";
import { figureOf, print } from "./figure.ts";

const entries: Readonly<Record<string, string>> = {
  "sdk: connect, search, read": 'export { connect } from "@carnet/sdk";',
  "sdk: search, read as functions": 'export { createContext, ofRecord, documents, read } from "@carnet/sdk/tasks";',
  "sdk: search, read, status, deposit as functions":
    'export { createContext, ofRecord, documents, read, status, deposit } from "@carnet/sdk/tasks";',
  // Peers for search and read: none repeats a deposit safely, none checks a content against its hash.
  "peer: fhir-kit-client, search, read":
    'import { Client } from "fhir-kit-client"; export const run = async (baseUrl) => { const client = new Client({ baseUrl }); const found = await client.search({ resourceType: "DocumentReference" }); return client.request(found.entry[0].resource.content[0].attachment.url); };',
  "peer: @medplum/core, search, read":
    'import { MedplumClient } from "@medplum/core"; export const run = async (baseUrl) => { const client = new MedplumClient({ baseUrl }); const found = await client.searchResources("DocumentReference"); return client.download(found[0].content[0].attachment.url); };',
  "sdk: CDA reading": 'export { cdaToFhir } from "@carnet/sdk/cda";',
  "sdk: CDA level-1 writing": 'export { wrapInCda } from "@carnet/sdk/cda";',
  "sdk: summary": 'export { summarise } from "@carnet/sdk/summary";',
  "sdk: identity": 'export { parseIns, matchTraits, findIdentities } from "@carnet/sdk/identity";',
};

/** Peers that bring a hundred packages along: measured where they are installed for this alone (docs/house.md). */
const peersElsewhere: Readonly<Record<string, (entry: string) => string>> = {
  "fhirclient/lib/entry/browser.js": (entry) =>
    `import FHIR from ${JSON.stringify(entry)}; export const run = async (serverUrl) => { const client = FHIR.client({ serverUrl }); const found = await client.request("DocumentReference"); return client.request(found.entry[0].resource.content[0].attachment.url); };`,
};

function measured(): readonly (readonly [name: string, source: string])[] {
  const elsewhere = Object.entries(peersElsewhere).flatMap(([path, sourceOf]) => {
    const name = `peer: ${path.split("/")[0]}, search, read`;
    const entry = join(programsForTests(), "node_modules", path);
    if (existsSync(entry)) return [[name, sourceOf(entry)] as const];
    console.error(`${name} is left out: it is not in ${programsForTests()}`);
    return [];
  });
  return [...Object.entries(entries), ...elsewhere];
}

export async function benchSizes(): Promise<void> {
  for (const [name, source] of measured()) {
    const { atOnce, later } = await minified(source);
    print(figureOf(`${name} (minified, gzip)`, "B", [gzipped(atOnce)]));
    if (later.length > 0) print(figureOf(`${name}: loaded at first use (minified, gzip)`, "B", [gzipped(later)]));
  }
  const widget = join(checkout, "widget", "dist");
  const first = readFileSync(join(widget, "carnet.js"));
  const statics = staticImports(widget, "carnet.js");
  const all = Buffer.concat(statics.map((file) => readFileSync(join(widget, file))));
  print(figureOf("widget: entry module alone (minified, gzip)", "B", [gzipped(first)]));
  print(figureOf("widget: JavaScript before first paint (minified, gzip)", "B", [gzipped(all)]));
  print(figureOf("widget: JavaScript before first paint (minified, brotli)", "B", [brotliCompressSync(all).length]));
  const everything = readdirSync(widget, { recursive: true }).filter(
    (file): file is string => typeof file === "string" && file.endsWith(".js"),
  );
  const total = everything.reduce((sum, file) => sum + gzipped(readFileSync(join(widget, file))), 0);
  print(figureOf("widget: every chunk (minified, gzip)", "B", [total]));
}

/** The entry and what it imports statically, followed through. */
function staticImports(folder: string, entry: string, seen = new Set<string>()): string[] {
  if (seen.has(entry)) return [];
  seen.add(entry);
  const code = readFileSync(join(folder, entry), "utf8");
  const imports = [...code.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)].map((match) => match[1] ?? "");
  for (const file of imports) staticImports(folder, join(entry, "..", file), seen);
  return [...seen];
}

const gzipped = (bytes: Uint8Array) => gzipSync(bytes, { level: 9 }).length;

const leaveOutLater: Plugin = {
  name: "leave-out-later",
  enforce: "pre",
  resolveDynamicImport: (specifier) => (typeof specifier === "string" ? { id: specifier, external: true } : null),
};

/**
 * What the entry loads at once, and what it loads by `import()` when a verb is first used.
 *
 * @param following - `false` leaves what is imported later out of the build: else modules that both sides share keep,
 * and load at once, what only a later verb needs of them.
 */
export async function minified(
  source: string,
  following = true,
): Promise<{ readonly atOnce: Uint8Array; readonly later: Uint8Array }> {
  const folder = mkdtempSync(join(checkout, "test", "dist", "size-"));
  try {
    writeFileSync(join(folder, "entry.js"), source);
    const result = await build({
      root: folder,
      logLevel: "silent",
      configFile: false,
      plugins: following ? [] : [leaveOutLater],
      build: {
        write: false,
        minify: true,
        lib: { entry: join(folder, "entry.js"), formats: ["es"] },
        // A library build keeps blanks and comments, which no page that uses it does.
        rolldownOptions: { output: { minify: true } },
      },
    });
    const outputs = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[];
    const chunks = outputs.flatMap((output) => output.output).filter((output) => output.type === "chunk");
    const first = new Set(chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
    // A set grows while it is walked: imports of imports are reached too.
    for (const name of first) {
      for (const imported of chunks.find((chunk) => chunk.fileName === name)?.imports ?? []) first.add(imported);
    }
    const codeOf = (isFirst: boolean) =>
      Buffer.from(
        chunks
          .filter((chunk) => first.has(chunk.fileName) === isFirst)
          .map((chunk) => chunk.code)
          .join("\n"),
      );
    return { atOnce: codeOf(true), later: codeOf(false) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
