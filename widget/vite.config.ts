import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { pdfDecoders } from "./pdf-decoders.ts";

interface ModuleLinks {
  readonly importedIds: readonly string[];
  readonly dynamicallyImportedIds: readonly string[];
}

const entry = fileURLToPath(new URL("src/index.ts", import.meta.url));

/** Fetched by the SDK when first called; the panel calls them at once, so waiting for them would cost a journey more. */
const calledAtOnce = /\/sdk\/(src|dist)\/client\/(status|documents|summary|capabilities)\.(ts|js)$/;

/** Reached through the list of all addresses, of which a first paint asks for extensions and identifiers alone. */
const askedForLater = /\/sdk\/(src|dist)\/fhir\/(clinical-systems|code-systems|profile-urls)\.(ts|js)$/;

/** Modules that the entry needs at once, found by following its static imports. */
function atOnce(getModuleInfo: (id: string) => ModuleLinks | null): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (id: string) => {
    if (found.has(id) || askedForLater.test(id)) return;
    found.add(id);
    const links = getModuleInfo(id);
    for (const next of links?.importedIds ?? []) follow(next);
    for (const next of links?.dynamicallyImportedIds ?? []) if (calledAtOnce.test(next)) follow(next);
  };
  follow(entry);
  return found;
}

/** Style sheets without comments and without the blanks that mean nothing. */
const dense = (css: string) =>
  css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};]) ?/g, "$1")
    .replace(/(?<=[;{][\w-]+): /g, ":")
    .replaceAll(";}", "}");

/** Templates are indented for readers; browsers need neither the spaces nor their bytes. */
const withoutIndent: Plugin = {
  name: "carnet-without-indent",
  enforce: "pre",
  transform: (code, id) =>
    id.includes("/widget/src/")
      ? {
          code: code.replace(/css`[^`$]*`/g, dense).replace(/\n[ \t]+/g, "\n"),
          map: null,
        }
      : undefined,
};

const PRELOAD_HELPER = "\0vite/preload-helper.js";

/** The bundler wraps each `import()` for style sheets and links that there are none of: 1.2 kB of the first paint. */
const plainImports: Plugin = {
  name: "carnet-plain-imports",
  enforce: "pre",
  load: (id) => (id === PRELOAD_HELPER ? "export const __vitePreload = (load) => load();" : undefined),
};

const output = fileURLToPath(new URL("dist", import.meta.url));

/** `dist/types` belongs to the compiler; the rest is made anew, so that no chunk of a former build is ever served. */
const freshOutput: Plugin = {
  name: "carnet-fresh-output",
  apply: "build",
  buildStart() {
    if (!existsSync(output)) return;
    for (const file of readdirSync(output)) if (/\.js(\.map)?$/.test(file)) rmSync(join(output, file));
  },
  generateBundle(_options, bundle) {
    // All of the entry's code is in the group below; what the bundler leaves for the entry only re-exports it.
    delete bundle["carnet-entry.js"];
    const core = bundle["carnet.js"];
    if (core?.type !== "chunk") return;
    // The bundler's helper of four lines would be a file of its own, and one more journey before the first paint.
    core.code = core.code.replace(
      /import\{__exportAll as (\w+)\}from"\.\/carnet-rolldown-runtime[^"]*";/,
      (_whole, name: string) =>
        `const ${name}=(from)=>{const all={};for(const key of Object.keys(from))Object.defineProperty(all,key,{get:from[key],enumerable:true});return all};`,
    );
    if (/(\bfrom|import)"\.\//.test(core.code)) this.error("carnet.js must hold all that a first paint needs");
  },
};

/** What a first paint may cost the page that embeds the panel, compressed as servers send it. */
const budgetBytes = 45_000;

/** The build fails rather than let the first paint grow: a heavier panel is taken out of pages. */
const withinBudget: Plugin = {
  name: "carnet-within-budget",
  apply: "build",
  writeBundle(_options, bundle) {
    const core = bundle["carnet.js"];
    if (core?.type !== "chunk") this.error("carnet.js was not built");
    const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    const size = brotliCompressSync(core.code, { params: quality }).length;
    if (size > budgetBytes) this.error(`carnet.js is ${size} bytes in brotli; ${budgetBytes} are allowed`);
    this.info(`carnet.js: ${size} bytes in brotli, of ${budgetBytes}`);
  },
};

const languages = fileURLToPath(new URL("languages", import.meta.url));

/** The files that a translator begins with are served beside the widget. */
const languageFiles: Plugin = {
  name: "carnet-language-files",
  apply: "build",
  generateBundle() {
    for (const file of readdirSync(languages)) {
      const source = readFileSync(join(languages, file));
      this.emitFile({ type: "asset", fileName: `languages/${file}`, source });
    }
  },
};

let core: ReadonlySet<string> | undefined;

/**
 * One ES module entry, `dist/carnet.js`, holding all that a first paint needs: no waterfall of small files. What is
 * fetched later stands beside it. There is no style sheet, no font, no image.
 */
export default defineConfig({
  // The folder is served under any path: what stands beside a module is named from it.
  base: "./",
  worker: { format: "es", rolldownOptions: { output: { entryFileNames: "carnet-[name]-[hash].js" } } },
  plugins: [freshOutput, pdfDecoders, withoutIndent, plainImports, languageFiles, withinBudget],
  resolve: { conditions: ["carnet-source", "browser", "module", "import", "default"] },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: false,
    sourcemap: true,
    minify: true,
    modulePreload: false,
    chunkSizeWarningLimit: 2500,
    rolldownOptions: {
      input: { carnet: entry },
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: "carnet-entry.js",
        chunkFileNames: ({ name }) => (name === "carnet" ? "carnet.js" : "carnet-[name]-[hash].js"),
        // The first paint names some twenty files: of letters of both cases they weighed 40 bytes more, or not, by chance.
        hashCharacters: "hex",
        minifyInternalExports: false,
        codeSplitting: {
          groups: [
            {
              debugName: "carnet",
              name: (id, context) => {
                core ??= atOnce((module) => context.getModuleInfo(module));
                if (core.has(id) || id.includes("rolldown/runtime")) return "carnet";
                return askedForLater.test(id) ? "addresses" : null;
              },
            },
          ],
        },
      },
    },
  },
});
