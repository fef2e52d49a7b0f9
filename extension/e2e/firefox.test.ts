import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtForFirefox, type FirefoxWithExtension, launchFirefoxWithExtension } from "./drive-firefox.ts";
import { camille } from "./fixtures.ts";
import { type HospitalServer, startHospital } from "./hospital-server.ts";
import { testHostilePages } from "./hostile-walks.ts";
import type { PanelDriver } from "./panel-driver.ts";
import { pdfTextOf } from "./pdf-text.ts";
import { type RecordServer, startRecord } from "./record-server.ts";
import { sessionOf } from "./sign-in.ts";

const isRunnable = existsSync(process.env.FIREFOX_PATH ?? "/usr/bin/firefox-esr") && existsSync(builtForFirefox);

describe.skipIf(!isRunnable)("the built extension in Firefox (needs Firefox ESR and a build)", () => {
  let hospital: HospitalServer;
  let record: RecordServer;
  let driven: FirefoxWithExtension;
  let panel: PanelDriver;

  beforeAll(async () => {
    [hospital, record] = await Promise.all([startHospital(), startRecord()]);
    driven = await launchFirefoxWithExtension({ serviceUrl: record.url });
    const page = await driven.open(`${hospital.url}/`);
    await driven.clickToolbar(page);
    panel = await driven.panelPage();
    await panel.waitForStage("signed-out");
    await panel.evaluate(`window.browser.storage.session.set(${JSON.stringify({ session: sessionOf(record.url) })})`);
    await panel.waitForStage("choice");
    await page.close();
  });
  afterAll(async () => {
    await driven?.close();
    await hospital?.close();
    await record?.close();
  });

  const show = async (path: string) => {
    const page = await driven.open(`${hospital.url}${path}`);
    await driven.clickToolbar(page);
    return page;
  };

  it("files the PDF that a page frames, to a receipt", async () => {
    const page = await show("/frame");
    await panel.waitForIdentity("certain");
    await panel.waitFor('canvas[data-drawn="true"]');
    // The sidebar is 240 px wide here: nothing of the panel stands beyond its edge.
    expect(await panel.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    await panel.click("#send");
    await panel.waitForRow("sent");
    expect(record.stored.size).toBe(1);
    await page.close();
  });

  it("asks for the address before it reads a PDF of the viewer's tab, then files it", async () => {
    const page = await show("/letter.pdf");
    await panel.waitForText("Autorisation nécessaire");
    await panel.press("#allow");
    await panel.waitForIdentity("certain");
    await page.close();
  });

  it("makes a PDF of a report page, with the words on screen and no other", async () => {
    const page = await show("/report");
    await panel.click('[data-choice="page"]');
    await panel.waitForIdentity("certain");
    await panel.click("#send");
    await panel.waitForRow("sent");
    const [stored] = [...record.stored.values()].slice(-1);
    const { text, pictures } = await pdfTextOf(stored?.content ?? Buffer.alloc(0));
    expect(pictures).toBe(2);
    expect(text).toMatch(/Leucocytes 12,4 10 ?9 ?\/L ↑ Ferritine 120 12 [µμ]g\/L/);
    expect(text).not.toMatch(/MASQUE/);
    await page.close();
  });

  it.each(["/embed", "/blob", "/data", "/viewer-frame", "/shadow-report"])(
    "finds the PDF that the page %s embeds",
    async (path) => {
      const page = await show(path);
      await panel.waitForIdentity("certain");
      await page.close();
    },
  );

  it("reads a download that is still on its way from its address, once the list is allowed", async () => {
    const page = await driven.open(`${hospital.url}/export`);
    await driven.clickToolbar(page);
    await panel.waitForStage("choice");
    await page.press("#export");
    // The list is read at the click: the download may need a moment to be in it.
    await panel.press("#list-downloads");
    while (!(await panel.exists('[data-choice="download"]'))) {
      await panel.waitFor("#downloads");
      await panel.press("#list-downloads");
    }
    await panel.waitForText("Téléchargement en cours");
    await panel.click('[data-choice="download"]');
    // The tool's address may have been allowed by a test above.
    await panel.waitFor('[data-identity="certain"], #allow');
    if (await panel.exists("#allow")) await panel.press("#allow");
    await panel.waitForIdentity("certain");
    await page.close();
  });

  it("checks the tabs of a tool in one go", async () => {
    const one = await driven.open(`${hospital.url}/tab-1.pdf`);
    const two = await driven.open(`${hospital.url}/links`);
    await driven.clickToolbar(two);
    await panel.press("#take-tabs");
    await panel.waitFor('[data-batch="read"]');
    const before = record.stored.size;
    await panel.click("#send-batch");
    await panel.waitFor('[data-item="filed"] + [data-item="failed"]');
    await expect.poll(() => record.stored.size, { timeout: 20_000 }).toBe(before + 1);
    await one.close();
    await two.close();
  });

  it("reads the blob: PDF of a tab through the page that made it, where the address is allowed", async () => {
    const page = await driven.open(`${hospital.allowedUrl}/blob-tab`);
    await page.press("#show");
    const shown = await driven.waitForTab("blob:");
    await driven.clickToolbar(shown);
    await panel.waitForIdentity("certain");
    await shown.close();
    await page.close();
  });

  it("passes a CDA through untouched", async () => {
    const page = await show("/cda.xml");
    await panel.waitForIdentity("certain");
    await panel.click("#send");
    await panel.waitForRow("sent");
    const [stored] = [...record.stored.values()].slice(-1);
    expect(stored?.content.equals(Buffer.from(hospital.cda, "utf8"))).toBe(true);
    await page.close();
  });

  it.each(["/frame-of-another", "/shadow-of-another", "/fields-of-another"])(
    "refuses the document of %s, whose page shows another patient",
    async (path) => {
      const page = await show(path);
      await panel.waitForIdentity("refused");
      expect(await panel.exists("#send:disabled")).toBe(true);
      await page.close();
    },
  );

  it("drops everything when the page is left", async () => {
    const page = await show("/frame");
    await panel.waitForIdentity("certain");
    await page.goto(`${hospital.url}/`);
    await panel.waitForText("La page a changé");
    await page.close();
  });

  testHostilePages(() => ({ hospital, record, panel, show, clickAgain: (page) => driven.clickToolbar(page) }));

  it("sends nothing when a page without navigation has moved to another patient", async () => {
    const page = await show("/spa");
    await panel.waitForIdentity("certain");
    const before = record.attempts;
    await page.press("#next");
    // Nearly the letter of the first test.
    await panel.click('[name="earlier"][value="another"]');
    await panel.click("#send");
    await panel.waitForText("La page a changé");
    expect(record.attempts).toBe(before);
    await page.close();
  });

  it("writes an adapter by pointing at a page, which hears nothing of it", async () => {
    const address = `${hospital.allowedUrl}/tool`;
    const tool = await driven.open(address);
    const options = await driven.openOwn("options.html");
    await options.fill("#adapter-address", address);
    await options.press("#adapter-pages");
    await options.waitFor("#adapter-page");
    await tool.evaluate("heard.length = 0");
    // The page's own names stand in the way of the browser's: asked through the prototype.
    const query = (selector: string) => `Document.prototype.querySelector.call(document, ${JSON.stringify(selector)})`;
    const isPointing = () =>
      options.evaluate(`(async () => {
        const [tab] = await browser.tabs.query({ url: ${JSON.stringify(`${address.replace(/:\d+/, "")}*`)} });
        const func = () => "carnetStopPointing" in globalThis;
        return tab.active && (await browser.scripting.executeScript({ target: { tabId: tab.id }, func }))[0].result;
      })()`);
    for (const [name, selector] of [
      ["birthName", "#record .nom"],
      ["ins", "#record p"],
      ["documents", ".docs a"],
    ] as const) {
      await options.press(`[data-point="${name}"]:enabled`);
      await expect.poll(isPointing, { timeout: 20_000 }).toBe(true);
      const [x, y] = (await tool.evaluate(
        `(({ x, y, width, height }) => [x + width / 2, y + height / 2])(${query(selector)}.getBoundingClientRect())`,
      )) as [number, number];
      await tool.pressAt(x, y);
      await options.waitFor(`[data-point="${name}"]:enabled`);
    }
    const text = await options.text();
    expect(text).toContain(`Lu : ${camille.birthName}`);
    expect(text).toContain(`Lu : ${camille.ins.value}`);
    expect(text).toContain("2 lien(s) ; titre du premier : Compte rendu");
    expect(await tool.evaluate("heard")).toEqual([]);
    expect(await tool.evaluate("document.getAnimations().length")).toBe(0);
    await options.close();
    await tool.close();
  });

  it("keeps the document when the service is down, and sends it later", async () => {
    record.answer = "unavailable";
    const before = record.stored.size;
    const page = await show("/frame");
    await panel.waitForIdentity("certain");
    // The same letter left in the first test.
    await panel.click('[name="earlier"][value="another"]');
    await panel.click("#send");
    await panel.waitForRow("queued");
    record.answer = "store";
    await panel.click(".actions .secondary");
    await panel.waitForRow("sent");
    expect(record.stored.size).toBe(before + 1);
    await page.close();
  });
});
