/** The built script inside host pages that make it hard: two copies, a taken name, a strict policy, an application that never stops. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Browser, CDPSession, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cdaLetter, marcel, odile, summaryBundle } from "../../../widget/src/testing/fixtures.ts";
import { launchChromium } from "../support/chromium.ts";
import { checkout, hasChromium } from "../support/machine.ts";

const host = "http://host.example";
const require = createRequire(import.meta.url);
const bundles = { odile: summaryBundle(odile), marcel: summaryBundle(marcel) };

/** The words of each page of a PDF. */
async function pagesOf(bytes: Uint8Array): Promise<string[]> {
  const file = await getDocument({ data: Uint8Array.from(bytes), verbosity: 0 }).promise;
  const texts: string[] = [];
  for (let number = 1; number <= file.numPages; number++) {
    const { items } = await (await file.getPage(number)).getTextContent();
    texts.push(items.map((item) => ("str" in item ? item.str : "")).join(" "));
  }
  return texts;
}

describe.skipIf(!hasChromium())("in a host page that makes it hard (needs Chromium and a build)", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium("--js-flags=--expose-gc");
  });
  afterAll(() => browser?.close());

  /** A page of the host, with the built widget beside it; nothing else is reachable. */
  async function open(html: string, policy?: string): Promise<{ page: Page; console: string[] }> {
    const page = await browser.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(`error: ${error.message}`));
    await page.route("**/*", async (route) => {
      const { pathname } = new URL(route.request().url());
      const script = (body: string) => route.fulfill({ contentType: "text/javascript", body });
      if (pathname === "/") {
        const headers: Record<string, string> = policy === undefined ? {} : { "content-security-policy": policy };
        await route.fulfill({
          contentType: "text/html",
          body: `<!doctype html><meta charset="utf-8"><title>Hôte</title>${html}`,
          headers,
        });
      } else if (pathname.startsWith("/bundles/")) {
        await route.fulfill({ json: Reflect.get(bundles, pathname.slice("/bundles/".length)) });
      } else if (/^\/(widget|copy)\/[\w.-]+\.js$/.test(pathname)) {
        await script(readFileSync(join(checkout, "widget", "dist", pathname.split("/").at(-1) ?? ""), "utf8"));
      } else if (pathname === "/app.js") await script(application);
      else if (pathname === "/show.js") await script(show);
      else if (pathname === "/preact.js")
        await script(readFileSync(require.resolve("preact").replace(/\.js$/, ".mjs"), "utf8"));
      else await route.fulfill({ status: 404, body: "" });
    });
    await page.goto(`${host}/`);
    return { page, console: said };
  }

  /** Gives every panel of the page Odile's summary. */
  const show = `
    const bundle = await (await fetch("/bundles/odile")).json();
    for (const panel of document.querySelectorAll("carnet-summary")) panel.bundle = bundle;`;

  const ready = (page: Page) => page.locator('carnet-summary[data-state="ready"]').first().waitFor();

  it("shows no row without what changes its meaning, and tries again", async () => {
    const { page } = await open(
      `<carnet-summary></carnet-summary><script type="module" src="/widget/carnet.js"></script>`,
    );
    await page.route("**/carnet-fetched-parts-*.js", (route) => route.abort());
    await page.addScriptTag({ type: "module", content: show });
    await page.locator('carnet-summary[data-state="offline"]').waitFor();
    expect(await page.getByText("Pénicilline").count()).toBe(0);
    await page.unroute("**/carnet-fetched-parts-*.js");
    await page.getByRole("button", { name: "Réessayer" }).click();
    await ready(page);
    expect(await page.getByText("Pénicilline").count()).toBeGreaterThan(0);
    await page.close();
  });

  it("renders whole under script-src 'self'; style-src 'self'; require-trusted-types-for 'script'", async () => {
    const { page, console } = await open(
      `<carnet-summary></carnet-summary><script type="module" src="/widget/carnet.js"></script><script type="module" src="/show.js"></script>`,
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html",
    );
    await ready(page);
    await page.locator("carnet-summary").getByText("Pénicilline").first().waitFor();
    const border = await page
      .locator("carnet-summary [data-section=problems]")
      .evaluate((section) => getComputedStyle(section).borderTopWidth);
    expect(border).toBe("1px");
    expect(console).toEqual([]);
    await page.close();
  });

  it("on paper, every page says whose it is: a long summary, and a long document shown alone", async () => {
    const long = summaryBundle(
      odile,
      Array.from({ length: 120 }, (_, position) => ({
        resourceType: "Condition" as const,
        id: `long${position}`,
        clinicalStatus: { coding: [{ code: "active" }] },
        subject: { reference: "Patient/p" },
        code: { text: `Problème ancien numéro ${position}` },
      })),
    );
    const letter = cdaLetter(odile).replace(
      /(<text>)([\s\S]*?<\/text>)/,
      `$1${"<paragraph>Une ligne de la lettre.</paragraph>".repeat(150)}$2`,
    );
    for (const [html, given] of [
      ["<carnet-summary></carnet-summary>", { bundle: long }],
      ["<carnet-document></carnet-document>", { letter }],
    ] as const) {
      const { page } = await open(`${html}<script type="module" src="/widget/carnet.js"></script>`);
      await page.evaluate((content: { bundle?: unknown; letter?: string }) => {
        const element = document.querySelector("carnet-summary, carnet-document");
        if (content.letter === undefined) Object.assign(element as object, { bundle: content.bundle });
        else {
          const bytes = new TextEncoder().encode(content.letter);
          Object.assign(element as object, { content: { bytes, contentType: "text/xml" } });
        }
      }, given);
      await page
        .getByText(/Problème ancien numéro 0|Une ligne de la lettre/)
        .first()
        .waitFor();
      // Five rows, then fifty, then fifty more.
      const more = page.locator("[data-more=problems]");
      for (let press = 0; press < 3 && (await more.count()) > 0; press++) await more.click();
      const pages = await pagesOf(await page.pdf({ format: "A4" }));
      expect(pages.length).toBeGreaterThan(2);
      for (const text of pages) expect(text).toMatch(/TESTARD/);
      await page.close();
    }
  });

  it("warns and works when a second copy of the script stands on the page", async () => {
    const { page, console } = await open(
      `<carnet-summary></carnet-summary><carnet-documents></carnet-documents>
       <script type="module" src="/widget/carnet.js"></script><script type="module" src="/copy/carnet.js"></script>
       <script type="module" src="/show.js"></script>`,
    );
    await ready(page);
    await page.locator("carnet-summary").getByText("Pénicilline").first().waitFor();
    await page.waitForFunction(() => customElements.get("carnet-documents") !== undefined);
    expect(console).toContain("warning: Carnet: <carnet-summary> was already defined; the first definition is kept.");
    expect(console.filter((line) => line.startsWith("error"))).toEqual([]);
    await page.close();
  });

  it("works in a page that gives every object and list something of its own", async () => {
    const { page, console } = await open(
      `<carnet-summary></carnet-summary>
       <script>Object.prototype.ofThePage = 1; Array.prototype.ofThePage = function () {};</script>
       <script type="module" src="/widget/carnet.js"></script><script type="module" src="/show.js"></script>`,
    );
    await ready(page);
    await page.locator("carnet-summary").getByText("Pénicilline").first().waitFor();
    expect(console).toEqual([]);
    await page.close();
  });

  it("leaves a page that owns the name its element, and the rest of the family works", async () => {
    const { page, console } = await open(
      `<carnet-summary></carnet-summary><carnet-document></carnet-document>
       <script>customElements.define("carnet-summary", class extends HTMLElement { connectedCallback() { this.textContent = "à moi"; } });</script>
       <script type="module" src="/widget/carnet.js"></script>`,
    );
    await page.waitForFunction(() => customElements.get("carnet-document") !== undefined);
    expect(await page.locator("carnet-summary").textContent()).toBe("à moi");
    await page.locator("carnet-document").getByText("Aucun document choisi.").waitFor();
    expect(console).toEqual(["warning: Carnet: <carnet-summary> was already defined; the first definition is kept."]);
    await page.close();
  });

  /** An application in the manner of React (Preact: the same components and life), with one patient after the other. */
  const application = `
    import { h, render } from "/preact.js";
    const bundles = await Promise.all(["odile", "marcel"].map(async (name) => (await fetch("/bundles/" + name)).json()));
    const place = document.querySelector("#app");
    const settled = (panel) => new Promise((resolve) => {
      if (panel.dataset.state === "ready") return resolve();
      panel.addEventListener("carnet-ready", resolve, { once: true });
    });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    globalThis.turn = async (rounds) => {
      for (let round = 0; round < rounds; round++) {
        const panel = (bundle) => h("main", null, h("carnet-summary", { bundle, locale: round % 2 ? "fr" : "en" }));
        render(panel(bundles[0]), place);
        await settled(place.querySelector("carnet-summary"));
        render(panel(bundles[1]), place);
        await place.querySelector("carnet-summary").updateComplete;
        render(null, place);
        await frame();
      }
    };`;

  interface Held {
    readonly heap: number;
    readonly listeners: number;
    readonly nodes: number;
  }

  async function held(session: CDPSession): Promise<Held> {
    // What one collection finds may hold what the next one frees.
    for (let times = 0; times < 3; times++) await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { heap: value("JSHeapUsedSize"), listeners: value("JSEventListeners"), nodes: value("Nodes") };
  }

  it("mounted, given another patient and taken out a hundred times: heap back within 5 %, no listener, no node, no patient", async () => {
    const { page, console } = await open(
      `<div id="app"></div><script type="module" src="/widget/carnet.js"></script><script type="module" src="/app.js"></script>`,
    );
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    await page.waitForFunction(() => "turn" in globalThis);
    const turn = (rounds: number) =>
      page.evaluate((count) => (Reflect.get(globalThis, "turn") as (rounds: number) => Promise<void>)(count), rounds);
    // Words, styles and compiled code are kept for good: they are there after the first rounds (measured: the heap grows
    // by 6 % from the 20th to the 120th, 3 % from the 120th to the 220th, 0.6 % from the 320th to the 420th).
    await turn(100);
    const before = await held(session);
    await turn(100);
    const after = await held(session);
    expect(after.heap / before.heap).toBeLessThan(1.05);
    expect(after.listeners).toBeLessThanOrEqual(before.listeners);
    expect(after.nodes).toBeLessThanOrEqual(before.nodes);
    expect(await page.locator("#app").innerHTML()).toBe("");
    expect(console).toEqual([]);
    await page.close();
  });
});
