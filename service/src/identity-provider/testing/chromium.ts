/** Looks at pages in a real Chromium: accessibility, overflow, requests to elsewhere. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright";

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

/** What a visit may do beside showing and clicking. */
export interface Looker {
  readonly page: Page;
  /** Looks at the page as it stands, in each light and width. */
  check(): Promise<void>;
  /** Goes to a field or a button with the tabulator alone. @throws Error when it cannot be reached */
  tabTo(selector: string): Promise<void>;
  /** Fills fields and presses Enter, hands off the mouse; looks at what comes. */
  type(fields: Readonly<Record<string, string>>): Promise<void>;
}

/** More stops than any page has. */
const MOST_STOPS = 80;

const desk = { name: "light", width: 1280, colorScheme: "light", rules: undefined } as const;
/** The same pages once more: of their rules, only what colours and widths decide. */
const pocket = {
  name: "dark and narrow",
  width: 320,
  colorScheme: "dark",
  rules: ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"],
} as const;
/** The database behind a page changes nothing of its looks: on PostgreSQL one is enough. */
const looks = process.env.DATABASE_URL ? [desk] : [desk, pocket];

/** What the tabulator can reach: all of it in every width. */
const reachable = () =>
  [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary")].filter(
    (one) => one.tabIndex >= 0 && one.checkVisibility({ checkVisibilityCSS: true }),
  ).length;

/** For who looks more than once: a browser takes longer to start than most pages to look at. */
export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath, args });

/**
 * Walks once, and looks at each stop in light on a desk and in dark at 320 px; gives what was found wrong, as sentences.
 * `given`: a browser to walk in, as somebody new to it; else one is started.
 */
export async function lookAt(
  visit: (
    show: (address: string) => Promise<void>,
    click: (selector: string) => Promise<void>,
    looker: Looker,
  ) => Promise<void>,
  given?: Browser,
): Promise<string[]> {
  const found: string[] = [];
  const source = axe();
  const browser = given ?? (await launchChromium());
  // The policy of the pages refuses even the checker's script: it is let in here only.
  const context = await browser.newContext({ bypassCSP: true, locale: "fr-FR" });
  try {
    const page = await context.newPage();
    const origins = new Set<string>();
    page.on("request", (request) => origins.add(new URL(request.url()).origin));
    const turnTo = async ({ width, colorScheme }: (typeof looks)[number]) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
    };
    await turnTo(desk);
    const check = async () => {
      await page.evaluate(source);
      const title = await page.title();
      const stops = await page.evaluate(reachable);
      for (const look of looks) {
        if (look !== desk) await turnTo(look);
        const { violations, isWide } = await page.evaluate(async (only) => {
          const run = Reflect.get(globalThis, "axe").run as (
            options: object,
          ) => Promise<{ violations: { id: string }[] }>;
          const result = await run({
            resultTypes: ["violations"],
            selectors: false,
            ...(only ? { runOnly: { type: "rule", values: only } } : {}),
          });
          const isWide = document.documentElement.scrollWidth > innerWidth;
          return { violations: result.violations.map((one) => one.id), isWide };
        }, look.rules);
        found.push(...violations.map((id) => `${look.name}: ${title}: ${id}`));
        if (isWide) found.push(`${look.name}: ${title}: wider than the window`);
        if ((await page.evaluate(reachable)) !== stops)
          found.push(`${look.name}: ${title}: other stops than on a desk`);
      }
      if (looks.length > 1) await turnTo(desk);
    };
    const tabTo = async (selector: string) => {
      for (let stop = 0; stop < MOST_STOPS; stop++) {
        await page.keyboard.press("Tab");
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      }
      throw new Error(`${await page.title()}: the tabulator does not reach ${selector}`);
    };
    const looker: Looker = {
      page,
      check,
      tabTo,
      type: async (fields) => {
        for (const [field, text] of Object.entries(fields)) {
          if (!(await page.evaluate((wanted) => document.activeElement?.id === wanted, field)))
            await tabTo(`#${field}`);
          await page.keyboard.press("Control+A");
          await page.keyboard.type(text);
        }
        await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
        await check();
      },
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
      looker,
    );
    if (origins.size > 1) found.push(`requests to ${[...origins].join(", ")}`);
  } finally {
    await context.close();
    if (!given) await browser.close();
  }
  return found;
}
