/** The documentation site and the playground against the running service, and the code that the playground gives. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningCarnet } from "../support/carnet.ts";
import { launchChromium } from "../support/chromium.ts";
import { hasChromium } from "../support/machine.ts";
import { sharedCarnet } from "../support/shared-carnet.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const looks = [
  { width: 1280, colorScheme: "light" },
  { width: 320, colorScheme: "dark" },
] as const;

/** What is wrong with what stands on the page, in words. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const run = Reflect.get(globalThis, "axe").run as (
      context: Document,
      options: object,
    ) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    const { violations } = await run(document, { resultTypes: ["violations"], selectors: false });
    const found = violations.map(({ id, nodes }) => `${location.pathname} ${id}: ${nodes[0]?.html.slice(0, 160)}`);
    const isWide = document.documentElement.scrollWidth > innerWidth;
    return isWide ? [...found, `${location.pathname} is wider than the window`] : found;
  });
}

describe.skipIf(!hasChromium())("the documentation (needs Chromium and a build)", () => {
  let carnet: RunningCarnet;
  let browser: Browser;

  beforeAll(async () => {
    carnet = await sharedCarnet();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** `bypassCSP` lets the checker in. */
  const newPage = (options: Parameters<Browser["newContext"]>[0]) =>
    browser.newPage({ locale: "fr-FR", bypassCSP: true, ...options });

  it("has no accessibility fault, wide and light or at 320 px in the dark", async () => {
    const found: string[] = [];
    for (const { width, colorScheme } of looks) {
      const page = await newPage({ viewport: { width, height: 800 }, colorScheme });
      // One page of each kind in one look or the other: they share one frame and one style sheet.
      for (const address of width === 320
        ? ["/docs/", "/docs/widget.html"]
        : ["/docs/", "/docs/reference-safety.html"]) {
        await page.goto(`${carnet.origin}${address}`);
        await page.locator("form[role=search]:not([hidden])").waitFor();
        found.push(...(await faultsOf(page)).map((fault) => `${width} ${colorScheme}: ${fault}`));
      }
      await page.context().close();
    }
    expect(found).toEqual([]);
  });

  describe("the playground", () => {
    const snippetOf = (page: Page) => page.locator("#snippet").textContent();
    const choose = (page: Page, name: string, value: string) => page.locator(`[name="${name}"]`).selectOption(value);

    /** What a page says that it should not: errors, refusals of its policy, requests to anybody else. */
    function complaintsOf(page: Page): string[] {
      const found: string[] = [];
      page.on("request", (request) => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== carnet.origin && protocol.startsWith("http")) found.push(`asks ${origin}`);
      });
      page.on("pageerror", (error) => found.push(error.message));
      page.on("console", (message) => message.type() === "error" && found.push(message.text()));
      return found;
    }

    it("sets attributes, changes patient in the same panel and shows events, at 320 px in the dark, in both languages", async () => {
      const page = await newPage({ viewport: { width: 320, height: 900 }, colorScheme: "dark" });
      const complaints = complaintsOf(page);
      await page.goto(`${carnet.origin}/docs/playground`);
      await choose(page, "patient", "patient-camille");
      const panel = page.locator("carnet-summary");
      await panel.getByText("MOREAU").first().waitFor();
      await panel.evaluate((element) => Object.assign(element, { isTheFirst: true }));
      await choose(page, "patient", "patient-louis");
      await panel.getByText("MOREAU").first().waitFor({ state: "detached" });
      expect(await panel.evaluate((element) => "isTheFirst" in element)).toBe(true);
      await choose(page, "theme", "dark");
      await choose(page, "density", "compact");
      expect(await panel.getAttribute("theme")).toBe("dark");
      expect(await snippetOf(page)).toContain('density="compact"');
      await choose(page, "session-end", "4");
      expect(await snippetOf(page)).toContain("panel.sessionEnd = Date.now() + 4 * 60_000;");
      await panel.locator("[data-message]").click();
      await panel.locator("textarea").fill("Bonjour");
      await panel.locator("[data-session=soon] [data-renew]").click();
      await panel.getByText("Session renouvelée").waitFor({ state: "attached" });
      await panel.locator("[data-back]").click();
      await page.getByLabel("La page ouvre elle-même les documents").check();
      await panel.locator("[data-source]").first().click();
      await page.locator('[data-event="carnet-open-document"]', { hasText: "retenu par la page" }).waitFor();
      await choose(page, "locale", "ru-x-pseudo");
      await page.locator('carnet-summary [lang="ru-x-pseudo"]').getByText("⟦", { exact: false }).first().waitFor();
      await page.locator('[data-speak="en"]').click();
      await page.getByRole("heading", { name: "Playground of the panel" }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it("gives a code that shows what is on screen, pasted into an empty page", async () => {
      const permissions = ["clipboard-read", "clipboard-write"];
      const page = await newPage({ bypassCSP: false, permissions });
      const complaints = complaintsOf(page);
      await page.goto(`${carnet.origin}/docs/playground`);
      await choose(page, "patient", "patient-camille");
      await choose(page, "locale", "en");
      await page.locator("#copy").click();
      await page.getByText("Code copié.").waitFor();
      const code = await page.evaluate(() => navigator.clipboard.readText());
      expect(code).toBe(await snippetOf(page));
      await page.route("**/empty-page", (route) =>
        route.fulfill({ contentType: "text/html", body: `<!doctype html><meta charset="utf-8">${code}` }),
      );
      await page.goto(`${carnet.origin}/empty-page`);
      await page.locator('carnet-summary[data-state="ready"][locale="en"]').waitFor();
      await page.locator("carnet-summary").getByText("MOREAU").first().waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });
});
