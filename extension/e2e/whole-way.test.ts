import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@carnet/sdk";
import { type CarnetService, createService, loadConfig } from "@carnet/service";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectAccessible } from "./accessible.ts";
import { builtForChrome, clickToolbar, launchChromiumWithExtension, panelPage } from "./drive-chromium.ts";
import { builtForFirefox, launchFirefoxWithExtension } from "./drive-firefox.ts";
import { camille } from "./fixtures.ts";
import { type HospitalServer, startHospital } from "./hospital-server.ts";
import { drLeroy } from "./sign-in.ts";

/** Asks again until the answer is the wanted one, up to a minute. */
async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const card = { login: "999000000019", secret: "1234" };
const hasChromium = existsSync(process.env.CHROMIUM_PATH ?? "/usr/bin/chromium") && existsSync(builtForChrome);
const hasFirefox = existsSync(process.env.FIREFOX_PATH ?? "/usr/bin/firefox-esr") && existsSync(builtForFirefox);

describe("from a hospital page to the record, on the real service", () => {
  let hospital: HospitalServer;
  let service: CarnetService;
  let url: string;
  let data: string;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), "carnet-e2e-"));
    hospital = await startHospital();
    service = await createService(
      loadConfig({ PORT: "0", CARNET_DATA: join(data, "data"), CARNET_DEMO: "1", LOG_LEVEL: "error" }),
    );
    const clinic = { ...drLeroy, structure: { ...drLeroy.structure, id: "1750000026", name: "Clinique des essais" } };
    await service.accounts.upsert({ id: "dr-leroy", ...card, claims: drLeroy, otherExercises: [clinic], isDemo: true });
    const { ins, ...traits } = camille;
    await service.records.open({ ins, traits });
    await service.records.declareAuthorisation(ins, { subjectId: drLeroy.rpps, subjectName: drLeroy.name });
    url = await service.listen();
  });
  afterAll(async () => {
    await service?.close();
    await hospital?.close();
    await rm(data, { recursive: true, force: true });
  });

  const documents = async () => {
    const answer = await fetch(`${url}/oidc/demo-token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ account: "dr-leroy" }),
    });
    const { access_token } = (await answer.json()) as { access_token: string };
    const client = connect({ baseUrl: `${url}/fhir`, accessToken: () => access_token });
    return client.record(camille.ins).documents().toArray();
  };

  it.skipIf(!hasChromium)(
    "Chromium: signs in, calls the letter back, sends it by keyboard, and the record holds it with the panel closed (needs Chromium and a build)",
    async () => {
      const driven = await launchChromiumWithExtension({ serviceUrl: url, undoSeconds: 10, signIn: "tab" });
      try {
        const page = await driven.context.newPage();
        await page.goto(`${hospital.url}/letter.pdf`);
        await clickToolbar(driven, page);
        const panel = await panelPage(driven);
        await panel.waitForStage("signed-out");
        await expectAccessible(panel);
        const [signIn] = await Promise.all([driven.context.waitForEvent("page"), panel.click("#sign-in-action")]);
        await signIn.fill("#login", card.login);
        await signIn.fill("#secret", card.secret);
        await signIn.click("button.primary");
        await signIn.click("button.primary");
        await panel.waitForIdentity("certain");
        await expect.poll(() => signIn.isClosed()).toBe(true);
        // The one chosen at the sign-in sends, until another is chosen: what was filled in stays.
        await panel.waitForText("Centre hospitalier des essais");
        await panel.fill("#title", "Mon titre");
        // This time in the browser's own window, whose answer no tab is watched for.
        await panel.evaluate(
          "chrome.storage.local.get('settings').then(({ settings }) => chrome.storage.local.set({ settings: { ...settings, signIn: 'window' } }))",
        );
        const [anew] = await Promise.all([driven.context.waitForEvent("page"), panel.click("#change-structure")]);
        await anew.fill("#login", card.login);
        await anew.fill("#secret", card.secret);
        await anew.click("button.primary");
        await anew.click("input[value='1']");
        expect(await panel.evaluate("chrome.storage.session.get('pending-sign-in')")).toEqual({});
        await anew.click("button.primary");
        await panel.waitForText("Clinique des essais");
        expect(await panel.evaluate("document.querySelector('#title').value")).toBe("Mon titre");
        await panel.click("#send");
        await panel.waitFor("[data-grace]");
        await expectAccessible(panel);
        await panel.click('[data-action="undo"]');
        await panel.waitForStage("undone");
        await expectAccessible(panel);

        // From the shortcut (three keys) to sent: two more.
        await clickToolbar(driven, page);
        await panel.waitForIdentity("certain");
        await panel.waitFor("#send:not(:disabled)");
        await panel.pressKey?.("Enter", { isControl: true });
        await panel.waitFor("[data-grace]");
        // The button went with the form: who has no mouse reads on at what became of the document.
        await panel.waitFor(".filed h2:focus");
        await panel.close();
        const arrived = await until(documents, (found) => found.length > 0);
        expect(arrived.map(({ type }) => type.code)).toEqual(["11490-0"]);

        // The record of the patient on screen is read beside the tool, then everything of the person leaves the workstation.
        await page.goto(`${hospital.url}/frame`);
        await clickToolbar(driven, page);
        const again = await panelPage(driven);
        await again.waitForIdentity("certain");
        await again.click(".tabs button:nth-child(2)");
        await again.waitFor('[data-record="certain"] carnet-summary');
        const summaryText = () =>
          again.evaluate("document.querySelector('carnet-summary')?.shadowRoot?.textContent ?? ''").then(String);
        expect(await until(summaryText, (text) => text.includes("TESTARD"))).toContain("TESTARD");
        await expectAccessible(again);
        await again.click(".tabs button:nth-child(3)");
        await again.click("#wipe");
        await expectAccessible(again);
        await again.click("#wipe-now");
        await again.waitForStage("signed-out");
        // Whoever comes next says who they are: the issuer still knows this browser by the one who left.
        const [next] = await Promise.all([driven.context.waitForEvent("page"), again.click("#sign-in-action")]);
        await next.waitForSelector("#login");
      } finally {
        await driven.close();
      }
    },
  );

  it.skipIf(!hasFirefox)("Firefox: the same walk (needs Firefox ESR and a build)", async () => {
    const driven = await launchFirefoxWithExtension({ serviceUrl: url });
    try {
      const page = await driven.open(`${hospital.url}/frame`);
      await driven.clickToolbar(page);
      const panel = await driven.panelPage();
      await panel.waitForStage("signed-out");
      await panel.click("#sign-in-action");
      const signIn = await driven.waitForTab(`${url}/oidc/`);
      await signIn.fill("#login", card.login);
      await signIn.fill("#secret", card.secret);
      await signIn.click("button.primary");
      await signIn.click("input[value='1']");
      await signIn.click("button.primary");
      await panel.waitForIdentity("certain");
      await panel.waitForText("Clinique des essais");
      await panel.click("#send");
      await panel.waitForRow("sent");
      expect((await documents()).map(({ type }) => type.code)).toContain("11490-0");
    } finally {
      await driven.close();
    }
  });
});
