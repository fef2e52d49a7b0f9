import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectAccessible } from "./accessible.ts";
import { builtForChrome, type ChromiumWithExtension, launchChromiumWithExtension } from "./drive-chromium.ts";
import { camille } from "./fixtures.ts";
import { type HospitalServer, startHospital } from "./hospital-server.ts";
import { canManageChromium, managedChromium } from "./managed-chromium.ts";

const isRunnable = existsSync(process.env.CHROMIUM_PATH ?? "/usr/bin/chromium") && existsSync(builtForChrome);

describe.skipIf(!isRunnable)("the extension's own pages in Chromium (needs Chromium and a build)", () => {
  let hospital: HospitalServer;
  let driven: ChromiumWithExtension;

  beforeAll(async () => {
    hospital = await startHospital();
    driven = await launchChromiumWithExtension();
  });
  afterAll(async () => {
    await driven?.close();
    await hospital?.close();
  });

  it("has accessible first steps, privacy and settings, narrow and wide, that ask nobody for anything", async () => {
    const page = await driven.context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    for (const name of ["welcome", "privacy", "options"]) {
      await page.goto(`chrome-extension://${driven.extensionId}/${name}.html`);
      await page.waitForSelector("main h1");
      await expectAccessible({ evaluate: (expression) => page.evaluate(expression) });
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      if (process.env.CARNET_PICTURES) await page.screenshot({ path: `${process.env.CARNET_PICTURES}/${name}.png` });
      await page.setViewportSize({ width: 1100, height: 800 });
    }
    expect(asked.filter((url) => !url.startsWith("chrome-extension://"))).toEqual([]);
    await page.close();
  });

  it("writes an adapter by pointing at a page, which learns nothing and is left as it was", async () => {
    const tool = await driven.context.newPage();
    await tool.goto(`${hospital.allowedUrl}/tool`);
    const options = await openOptions(driven);
    await options.fill("#adapter-id", "Outil d’essai");
    await options.fill("#adapter-address", `${hospital.allowedUrl}/tool`);
    await options.click("#adapter-pages");
    await options.waitForSelector("#adapter-page");
    await tool.evaluate("heard.length = 0");

    const point = async (name: string, choose: () => Promise<unknown>) => {
      await press(options, `[data-point="${name}"]:enabled`);
      await expect.poll(() => isShown(tool)).toBe(true);
      await expect.poll(() => isPointing(driven, tool)).toBe(true);
      await choose();
      await expect.poll(() => isShown(options)).toBe(true);
      await options.waitForSelector(`[data-point="${name}"]:enabled`);
    };
    const clicked = (selector: string) => async () => {
      const box = await tool.locator(selector).boundingBox();
      if (box === null) throw new Error(`${selector} is not shown`);
      await tool.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await tool.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    };
    await point("birthName", clicked("#record .nom"));
    await point("givenName", clicked("#record i"));
    await point("birthDate", clicked("#record dd:nth-of-type(1)"));
    await point("ins", clicked("#record p"));
    await point("documents", clicked(".docs li:first-child a"));
    // Given up, then by keyboard alone: from the body down to the words under "Sexe", and not the button beside them.
    await point("sex", () => tool.keyboard.press("Escape"));
    expect(await options.textContent("#adapter-note")).toBe("Rien n’a été désigné.");
    await point("sex", async () => {
      for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"])
        await tool.keyboard.press(key);
      await tool.keyboard.press("Enter");
    });

    const found = await options
      .locator("[data-found]")
      .evaluateAll((all) => all.map((one) => one.textContent?.replaceAll("\u00a0", " ")));
    expect(found).toEqual([
      `Lu : ${camille.birthName}`,
      `Lu : ${camille.firstGivenName}`,
      "Lu : 14 mars 1985",
      "Lu : Féminin",
      `Lu : ${camille.ins.value}`,
      "2 lien(s) ; titre du premier : Compte rendu",
    ]);
    const written = JSON.parse(await options.inputValue("#adapter-json")) as Record<string, unknown>;
    expect(written).toMatchObject({
      id: "outil-d-essai",
      identity: { birthName: "#record span.nom", ins: "[data-number] @data-number", sex: '[data-field="sex"]' },
    });
    // Nothing of the patient is in it, and nothing came to the page.
    expect(JSON.stringify(written)).not.toMatch(/TESTARD|CAMILLE|2850/i);
    expect(await tool.evaluate("heard")).toEqual([]);
    expect(await tool.evaluate("document.getAnimations().length")).toBe(0);
    await tool.bringToFront();
    await tool.click("#erase");
    expect(await tool.evaluate("heard")).toContain("click");

    await options.bringToFront();
    const shown = await driven.context.newCDPSession(options);
    await expectAccessible({
      evaluate: (expression) => options.evaluate(expression),
      setColours: async (value) => {
        await shown.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
        await picture(options, `adapter-${value}`);
      },
    });
    await options.setViewportSize({ width: 320, height: 900 });
    expect(await options.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await picture(options, "adapter-320");
    await options.setViewportSize({ width: 1100, height: 800 });

    // Kept on this computer, and taken for the page from then on; a slip of the pen is named by its place.
    await press(options, "#adapter-save:enabled");
    await options.waitForSelector('[data-remove="outil-d-essai"]');
    expect(await options.getAttribute("#adapter-export", "download")).toBe("outil-d-essai.json");
    await options.evaluate(() => document.querySelector("details")?.setAttribute("open", ""));
    await options.fill("#adapter-json", JSON.stringify({ ...written, identity: { birtName: "b" } }));
    await options.waitForSelector('[data-error="identity.birtName"]');
    expect(await options.locator("#adapter-save").isDisabled()).toBe(true);
    const again = await openOptions(driven);
    await again.waitForSelector('[data-remove="outil-d-essai"]');
    for (const page of [tool, options, again]) await page.close();
  });
});

it.skipIf(!isRunnable || !canManageChromium())(
  "takes the hospital's policy before what was set by hand, and leaves both in place (needs Chromium, a build and mount namespaces)",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "carnet-policy-"));
    const adapter = { id: "du-centre", version: 1, match: ["https://dpi.example"], identity: { ins: "#ins" } };
    const policy = { serviceUrl: "https://dossier.example", adapters: [adapter], defaults: { locale: "en" } };
    const executable = await managedChromium(folder, policy);
    const driven = await launchChromiumWithExtension({
      executable,
      profile: join(folder, "profile"),
      serviceUrl: "https://by-hand.example",
      locale: "fr",
    });
    try {
      const options = await openOptions(driven);
      expect(await options.evaluate(() => document.documentElement.lang)).toBe("en");
      expect(await options.inputValue("#service")).toBe("https://dossier.example");
      expect(await options.locator("#service").isDisabled()).toBe(true);
      expect(await options.textContent("form .note")).toContain("fixed by your organisation");
      // Adapters come from the hospital: one made here is only saved as a file.
      expect(await options.locator("#adapter-save").count()).toBe(0);
      expect(await options.locator("#adapter-export").count()).toBe(1);
      expect(await options.evaluate("chrome.storage.managed.get(null)")).toEqual(policy);
      // Saved here, the language takes nothing with it of what was set by hand: it counts again when the policy goes.
      await press(options, 'form [type="submit"]');
      await options.waitForSelector("form [role=status]:not(:empty)");
      expect(await options.evaluate("chrome.storage.local.get('settings')")).toEqual({
        settings: { serviceUrl: "https://by-hand.example", defaults: { locale: "en", undoSeconds: 0 } },
      });
    } finally {
      await driven.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);

async function openOptions(driven: ChromiumWithExtension): Promise<Page> {
  const page = await driven.context.newPage();
  await page.goto(`chrome-extension://${driven.extensionId}/options.html`);
  await page.waitForSelector("#adapter");
  return page;
}

/** A click by the element itself, in a person's gesture. */
const press = (page: Page, selector: string) => page.locator(selector).dispatchEvent("click");

const isShown = (page: Page) => page.evaluate(() => document.visibilityState === "visible");

/** The extension waits in this page, in its own world: the page itself cannot see it. */
async function isPointing(driven: ChromiumWithExtension, page: Page): Promise<boolean> {
  const worker = driven.context.serviceWorkers()[0] ?? (await driven.context.waitForEvent("serviceworker"));
  return worker.evaluate(async (url) => {
    const { chrome } = globalThis as unknown as {
      chrome: {
        tabs: { query(query: object): Promise<{ id: number; url?: string }[]> };
        scripting: { executeScript(options: object): Promise<{ result: unknown }[]> };
      };
    };
    const tab = (await chrome.tabs.query({})).find((one) => one.url === url);
    const [answer] = await chrome.scripting.executeScript({
      target: { tabId: tab?.id },
      func: () => "carnetStopPointing" in globalThis,
    });
    return answer?.result === true;
  }, page.url());
}

async function picture(page: Page, name: string): Promise<void> {
  if (process.env.CARNET_PICTURES)
    await page.screenshot({ path: `${process.env.CARNET_PICTURES}/${name}.png`, fullPage: true });
}
