import { defineConfig } from "vitest/config";

const source = { conditions: ["carnet-source", "node", "module", "default"] };

/** `npm run bench -w extension` after a build: the figures, one JSON line each. */
export default defineConfig({
  resolve: source,
  ssr: { resolve: source },
  test: {
    name: "extension-bench",
    root: new URL(".", import.meta.url).pathname,
    include: ["*.bench.ts"],
    environment: "node",
    testTimeout: 600_000,
  },
});
