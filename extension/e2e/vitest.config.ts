import { defineConfig } from "vitest/config";

/** The built extension in real browsers: `npm run e2e -w extension` after `npm run build -w extension`. */
export default defineConfig({
  resolve: { conditions: ["carnet-source", "node", "module", "import", "default"] },
  ssr: { resolve: { conditions: ["carnet-source", "node", "module", "import", "default"] } },
  test: {
    name: "extension",
    root: new URL(".", import.meta.url).pathname,
    include: ["*.test.ts"],
    environment: "node",
    testTimeout: 90_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
