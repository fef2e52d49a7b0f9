/**
 * Hostile pages, walked in each browser: what they must not make the extension do, nor learn of it. They are served by
 * `hospital-server.ts`.
 */
import { expect, it } from "vitest";
import type { HospitalServer } from "./hospital-server.ts";
import type { PanelDriver } from "./panel-driver.ts";
import type { RecordServer } from "./record-server.ts";

/** A page of the hospital's tool, in whichever browser. */
interface ToolPage {
  evaluate(expression: string): Promise<unknown>;
  goto(address: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface HostileWalk<Page extends ToolPage> {
  readonly hospital: HospitalServer;
  readonly record: RecordServer;
  readonly panel: PanelDriver;
  /** Opens this path of the tool and clicks the button of the extension there. */
  readonly show: (path: string) => Promise<Page>;
  /** Clicks the button of the extension again on a page that `show` gave. */
  readonly clickAgain: (page: Page) => Promise<void>;
  /** Tabs that are open, where the browser's driver tells. */
  readonly tabCount?: () => number;
}

/** The tests that both browsers pass. `walk` is asked within each of them. */
export function testHostilePages<Page extends ToolPage>(walk: () => HostileWalk<Page>): void {
  it("reads a hostile page as it stands, and lets it learn nothing", async () => {
    const { panel, record, show } = walk();
    const page = await show("/hostile");
    const before = record.attempts;
    await panel.waitForStage("choice");
    await page.evaluate("heard.length = 0");
    await panel.click('[data-choice="page"]');
    await panel.waitForIdentity("certain");
    await panel.waitFor('canvas[data-drawn="true"]');
    expect(await page.evaluate("heard")).toEqual([]);
    expect(record.attempts).toBe(before);
    await page.close();
  });

  it("runs nothing of a PDF that would act by itself, and carries it to the record byte for byte", async () => {
    const { panel, record, hospital, show, tabCount } = walk();
    const page = await show("/links-to-active");
    const tabs = tabCount?.();
    await panel.click(".choices li:first-child button");
    await panel.waitForIdentity("certain");
    await panel.waitFor('canvas[data-drawn="true"]');
    await panel.click("#send");
    await panel.waitForRow("sent");
    // Whether it is kept is for the service's own check to say; the extension neither mends nor hides it.
    const stored = [...record.stored.values()].at(-1)?.content.toString("utf8") ?? "";
    expect(stored.replace(/\s/g, "")).toContain(Buffer.from(hospital.active).toString("base64"));
    expect(hospital.ran).toEqual([]);
    expect(tabCount?.()).toBe(tabs);
    await page.close();
  });

  it("says what is too large or left under the reading, sends nothing, and stays alive", async () => {
    const { panel, record, hospital, show, clickAgain } = walk();
    const before = record.attempts;
    let page = await show("/endless");
    await panel.click('[data-choice="page"]');
    await panel.waitForText("Document trop lourd");
    await page.close();

    // Two hundred megabytes, that the tool announces, does not announce, or that another server gives: the reading ends in time.
    page = await show("/links-to-heavy");
    for (const link of [1, 2, 3]) {
      await panel.click(`.choices li:nth-child(${link}) button`);
      await panel.waitForText("Document trop lourd");
      await clickAgain(page);
      await panel.waitForStage("choice");
    }
    expect(hospital.poured()).toBeLessThan(120 * 1024 * 1024);
    await panel.click(".choices li:nth-child(4) button");
    // Sixty of its two thousand pages were read: another patient may stand on the others.
    await panel.waitForIdentity("doubtful");
    await panel.waitForText("Tout le document n’a pas pu être lu");
    await panel.waitForText(/sur 2000/);
    await page.close();

    page = await show("/slow");
    await panel.click(".choices li:first-child button");
    await panel.waitForStage("reading");
    await page.goto(`${hospital.url}/`);
    await panel.waitForText("La page a changé");
    expect(record.attempts).toBe(before);
    await clickAgain(page);
    await panel.waitForStage("choice");
    await page.close();
  });
}
