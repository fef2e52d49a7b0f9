import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

interface ModuleLinks {
  readonly importedIds: readonly string[];
}

const entry = fileURLToPath(new URL("src/index.ts", import.meta.url));

/** Modules that the entry needs at once, found by following its static imports. */
function atOnce(getModuleInfo: (id: string) => ModuleLinks | null): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (id: string) => {
    if (found.has(id)) return;
    found.add(id);
    for (const next of getModuleInfo(id)?.importedIds ?? []) follow(next);
  };
  follow(entry);
  return found;
}

/** Templates are indented for readers; browsers need neither the spaces nor their bytes. */
const withoutIndent: Plugin = {
  name: "carnet-without-indent",
  enforce: "pre",
  transform: (code, id) =>
    id.includes("/widget/src/") ? { code: code.replace(/\n[ \t]+/g, "\n"), map: null } : undefined,
};

let core: ReadonlySet<string> | undefined;

/**
 * One ES module entry, `dist/carnet.js`, holding all that a first paint needs: no waterfall of small files. What is
 * fetched later stands beside it. There is no style sheet, no font, no image.
 */
export default defineConfig({
  plugins: [withoutIndent],
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
        // All of the entry's code is in the group below; what the bundler leaves beside it only re-exports.
        entryFileNames: "carnet-entry.js",
        chunkFileNames: ({ name }) => (name === "carnet" ? "carnet.js" : "carnet-[name]-[hash].js"),
        minifyInternalExports: false,
        codeSplitting: {
          groups: [
            {
              debugName: "carnet",
              name: (id, context) => {
                core ??= atOnce((module) => context.getModuleInfo(module));
                return core.has(id) ? "carnet" : null;
              },
            },
          ],
        },
      },
    },
  },
});
