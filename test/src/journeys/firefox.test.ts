import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  builtForFirefox,
  type FirefoxTab,
  type FirefoxWithExtension,
  launchFirefoxWithExtension,
} from "../../../extension/e2e/drive-firefox.ts";
import { type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { clientOf, insOf } from "../support/demo.ts";
import { hasFirefox } from "../support/machine.ts";

const canRun = hasFirefox() && existsSync(builtForFirefox);

/**
 * The same walk in Firefox, as far as it can be driven: its sign-in, its sidebar and its pages are real. What cannot be
 * driven headless, and is left to Chromium: the prompt for a further site's permission (granted by the test profile) and
 * the blob: document of a page whose policy keeps it to itself.
 */
describe.skipIf(!canRun)("the whole way in Firefox (needs Firefox ESR and a build)", () => {
  let carnet: RunningCarnet;
  let driven: FirefoxWithExtension;

  beforeAll(async () => {
    carnet = await startCarnet();
    driven = await launchFirefoxWithExtension({ serviceUrl: carnet.origin });
  });
  afterAll(async () => {
    await driven?.close();
    await carnet?.dispose();
  });

  const chestTitle = /radio|imagerie/i;
  const documents = async () => {
    const record = clientOf(carnet.origin, "dr-martin").record(await insOf(carnet.origin, "patient-camille"));
    return record.documents().toArray();
  };

  /** Waits until the panel of the page reaches one of these states. */
  const waitForSummary = async (tab: FirefoxTab, ...states: readonly string[]): Promise<string> => {
    for (let tries = 0; tries < 400; tries++) {
      const state = await tab.evaluate(`document.querySelector("carnet-summary")?.dataset.state ?? ""`);
      if (typeof state === "string" && states.includes(state)) return state;
      await tab.evaluate("new Promise((resolve) => requestAnimationFrame(() => resolve(true)))");
    }
    throw new Error(`the summary reached none of ${states.join(", ")}`);
  };

  it("sends a letter from the hospital tool after sign-in, with its receipt", async () => {
    const before = await documents();
    const stay = await driven.open(`${carnet.origin}/hospital/patients/26118204`);
    const address = await stay.evaluate(
      `[...document.links].find((link) => /Radiographie du thorax/.test(link.closest("li, tr, article")?.textContent ?? ""))?.href`,
    );
    const letter = await driven.open(String(address));
    await driven.clickToolbar(letter);
    const panel = await driven.panelPage();
    await panel.waitForStage("signed-out");
    await panel.click("#sign-in-action");
    const signIn = await driven.waitForTab(`${carnet.origin}/oidc/`);
    await signIn.click('a[href*="account=dr-leroy"]');
    await signIn.waitFor('#login[value]:not([value=""])');
    await signIn.click("button.primary");
    await panel.waitForIdentity("certain");
    await panel.click("#send");
    await panel.waitForRow("sent");
    const after = await documents();
    expect(after.length).toBe(before.length + 1);
    expect(after.some((document) => chestTitle.test(`${document.title} ${document.type.display}`))).toBe(true);
  });

  it("shows it in the practice software once the patient's consent is declared", async () => {
    const practice = await driven.open(`${carnet.origin}/practice/`);
    await practice.click("#sign-in");
    await practice.waitForText("Se déconnecter");
    await practice.click('[data-account="patient-camille"]');
    if ((await waitForSummary(practice, "ready", "consent-needed")) === "consent-needed") {
      // Its own element asks, fetched once it is needed: its button is waited for, then clicked, in one step.
      const declare = () =>
        practice.evaluate(`(() => {
          const asking = document.querySelector("carnet-summary").shadowRoot.querySelector("carnet-access");
          const buttons = [...(asking?.shadowRoot?.querySelectorAll("button") ?? [])];
          const button = buttons.find((one) => /consent|accord/i.test(one.textContent));
          button?.click();
          return button !== undefined;
        })()`);
      await expect.poll(declare, { timeout: 20_000 }).toBe(true);
      await waitForSummary(practice, "ready");
    }
    const text = String(await practice.evaluate(`document.querySelector("carnet-summary").shadowRoot.textContent`));
    expect(text).toMatch(chestTitle);
    expect(text).toMatch(/amoxicilline/i);
  });
});
