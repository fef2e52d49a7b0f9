import { existsSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { pdfDecoders } from "./widget/pdf-decoders.ts";
import { compareSquares } from "./widget/src/pictures/compare.ts";

declare module "vitest/browser" {
  interface BrowserCommands {
    /** Gives the tests' page a window of this size: a larger `page.viewport` is scaled down into it. */
    readonly makeRoom: (width: number, height: number) => Promise<void>;
    /** What a reader's system asks for; without a value, as before. */
    readonly prefer: (media: {
      readonly forcedColors?: "active" | "none";
      readonly reducedMotion?: "reduce" | "no-preference";
    }) => Promise<void>;
  }
}
declare module "@vitest/browser/context" {
  interface ScreenshotComparatorRegistry {
    readonly squares: Record<string, unknown>;
  }
}

/** Workspaces are tested from their sources: no build stands between an edit and its test. */
const source = { conditions: ["carnet-source", "browser", "module", "import", "default"] };
// Without "import": Node.js adds it to imports itself, and CommonJS packages that require each other must not get it.
const nodeSource = { conditions: ["carnet-source", "node", "module", "default"] };

export const chromiumPath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/** Those that ask the outside validator, and documents of 50 MB: they take as long as all the others of their room. */
const longTests = ["sdk/src/**/conformance.test.ts", "sdk/src/cda/read/hostile.test.ts"];
const browserTests = ["{sdk,widget,demo}/src/**/*.browser.test.ts"];
const inBrowser = (files: string) => (existsSync(chromiumPath) ? [files] : []);
/** Counts what stays in memory: nothing may have been in its page before. */
const hostTests = "widget/src/summary/host.browser.test.ts";

/** No database, no server: what one runs while writing. */
const fastTests = [
  "{sdk,widget}/src/**/*.test.ts",
  "service/src/{rules,admission,content-safety,text}/**/*.test.ts",
  "demo/src/{hospital,pages}/**/*.test.ts",
  "extension/{capture,identify,describe,outbox,adapters,ui,platform,shared}/**/*.test.{ts,tsx}",
];
const neverTests = ["**/node_modules/**", "**/dist/**"];
/** A busy machine takes more than the usual second to show what a test waits for: nothing is timed by it. */
const poll = { timeout: 15_000 };

export default defineConfig({
  test: {
    // Left alone, a machine of two cores runs one file at a time.
    maxWorkers: 2,
    projects: [
      {
        resolve: nodeSource,
        ssr: { resolve: nodeSource },
        test: {
          name: "fast",
          expect: { poll },
          include: fastTests,
          exclude: [...browserTests, ...longTests, ...neverTests],
          environment: "node",
          // To load the modules takes longer than most files' tests: a worker loads them once. No file leaves globals behind.
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        resolve: nodeSource,
        ssr: { resolve: nodeSource },
        test: {
          name: "service",
          expect: { poll },
          include: ["{service,demo}/src/**/*.test.ts"],
          exclude: [...browserTests, ...fastTests, ...neverTests],
          environment: "node",
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: source,
        plugins: [pdfDecoders],
        // Made ready beforehand, it would not pass through the plugin.
        optimizeDeps: { exclude: ["pdfjs-dist"] },
        // Test material of others beside the checkout (`../shared`), where it is there.
        server: { fs: { allow: [".", "../shared"] } },
        test: {
          name: "browser",
          expect: { poll },
          // As above: a page loads the modules once. No file leaves anything in it behind.
          isolate: false,
          testTimeout: 30_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: chromiumPath,
                args: [
                  "--no-sandbox",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--no-first-run",
                ],
              },
            }),
            // The demo has elements of its own under names of the widget's (`carnet-access`).
            instances: [
              {
                browser: "chromium",
                name: "browser (panels)",
                include: inBrowser("{sdk,widget}/src/**/*.browser.test.ts"),
                exclude: [hostTests],
              },
              { browser: "chromium", name: "browser (host)", include: inBrowser(hostTests) },
              { browser: "chromium", name: "browser (pages)", include: inBrowser("demo/src/**/*.browser.test.ts") },
            ],
            commands: {
              makeRoom: ({ page }, width: number, height: number) => page.setViewportSize({ width, height }),
              prefer: ({ page }, media: Parameters<typeof page.emulateMedia>[0]) => page.emulateMedia(media),
            },
            expect: {
              toMatchScreenshot: {
                comparators: { squares: compareSquares },
                comparatorName: "squares",
                resolveScreenshotPath: ({ root, testFileDirectory, arg, ext }) =>
                  `${root}/${testFileDirectory}/baselines/${arg}${ext}`,
              },
            },
          },
        },
      },
      {
        resolve: nodeSource,
        ssr: { resolve: nodeSource },
        test: {
          name: "whole",
          expect: { poll },
          include: ["test/src/**/*.test.ts", "extension/e2e/**/*.test.ts", ...longTests],
          environment: "node",
          // As above; a worker's files also share one running Carnet where they can.
          isolate: false,
          globalSetup: ["test/src/support/global-setup.ts"],
          testTimeout: 120_000,
          // The first hook of a run seeds.
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
