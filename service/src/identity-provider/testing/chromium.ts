/** Looks at pages in a real Chromium: accessibility, overflow, requests to elsewhere. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright";

export const chromiumPath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
export const hasChromium = existsSync(chromiumPath);

const axe = () => readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const args = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Runs `visit` in light on a desk and in dark at 320 px; gives what was found wrong, as sentences. */
export async function lookAt(
  visit: (show: (address: string) => Promise<void>, click: (selector: string) => Promise<void>) => Promise<void>,
): Promise<string[]> {
  const found: string[] = [];
  const source = axe();
  const browser = await chromium.launch({ executablePath: chromiumPath, args });
  try {
    for (const [name, width, colorScheme] of [
      ["light", 1280, "light"],
      ["dark and narrow", 320, "dark"],
    ] as const) {
      // The policy of the pages refuses even the checker's script: it is let in here only.
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        colorScheme,
        bypassCSP: true,
        locale: "fr-FR",
      });
      const page = await context.newPage();
      const origins = new Set<string>();
      page.on("request", (request) => origins.add(new URL(request.url()).origin));
      const check = async () => {
        await page.evaluate(source);
        const { violations, isWide, title } = await page.evaluate(async () => {
          const run = Reflect.get(globalThis, "axe").run as () => Promise<{ violations: { id: string }[] }>;
          const result = await run();
          const isWide = document.documentElement.scrollWidth > innerWidth;
          return { violations: result.violations.map((one) => one.id), isWide, title: document.title };
        });
        found.push(...violations.map((id) => `${name}: ${title}: ${id}`));
        if (isWide) found.push(`${name}: ${title}: wider than the window`);
      };
      await visit(
        async (address) => {
          await page.goto(address);
          await check();
        },
        async (selector) => {
          await page.click(selector);
          await page.waitForLoadState();
          await check();
        },
      );
      if (origins.size > 1) found.push(`${name}: requests to ${[...origins].join(", ")}`);
      await context.close();
    }
  } finally {
    await browser.close();
  }
  return found;
}
