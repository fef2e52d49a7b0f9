import { defineConfig } from "vitest/config";

/** The built extension in real browsers: `npm run e2e -w extension` after `npm run build -w extension`. */
// Without "import": Node.js adds it itself, and CommonJS packages that require each other must not get it.
const source = { conditions: ["carnet-source", "node", "module", "default"] };

export default defineConfig({
  test: {
    projects: [
      {
        resolve: source,
        ssr: { resolve: source },
        test: {
          name: "extension",
          root: new URL(".", import.meta.url).pathname,
          include: ["*.test.ts"],
          environment: "node",
          testTimeout: 90_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
