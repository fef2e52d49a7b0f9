/** The patient page against the running service: every section, by keyboard, on a telephone in the dark, and beyond. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { launchChromium } from "../support/chromium.ts";
import { clientOf, demoToken, insOf } from "../support/demo.ts";
import { hasChromium } from "../support/machine.ts";
import { signInAsPatient } from "./sign-in.ts";

const sections = ["#sante", "#documents", "#acces", "#autorisations", "#messages", "#agenda", "#reglages"] as const;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe.skipIf(!hasChromium())("the patient page (needs Chromium and a build)", () => {
  let carnet: RunningCarnet;
  let browser: Browser;

  beforeAll(async () => {
    carnet = await startCarnet();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await carnet?.dispose();
  });

  type Options = Parameters<Browser["newContext"]>[0];

  /** A person in a browser of their own, signed in. `bypassCSP` lets the checker in. */
  async function personOf(account: string, options: Options = {}): Promise<Page> {
    const context = await browser.newContext({ locale: "fr-FR", bypassCSP: true, ...options });
    const page = await context.newPage();
    await page.goto(`${carnet.origin}/`);
    await page.locator("[data-action=sign-in]").click();
    await signInAsPatient(page, carnet.origin, account);
    await page.locator("[data-action=sign-out]").waitFor();
    return page;
  }

  const open = async (page: Page, address: string) => {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, address);
    await page.locator("main h1:visible").first().waitFor();
    await page.locator(".skeleton").first().waitFor({ state: "detached" });
  };

  /** What is wrong with what stands on the page, in words. */
  async function faultsOf(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const run = Reflect.get(globalThis, "axe").run as () => Promise<{
        violations: { id: string; nodes: { html: string }[] }[];
      }>;
      const { violations } = await run();
      const isWide = document.documentElement.scrollWidth > innerWidth;
      const found = violations.map(({ id, nodes }) => `${location.hash} ${id}: ${nodes[0]?.html.slice(0, 160)}`);
      return isWide ? [...found, `${location.hash} is wider than the window`] : found;
    });
  }

  it("has no accessibility fault in any section, wide and light or at 320 px in the dark, and asks nobody else", async () => {
    const found: string[] = [];
    for (const [width, colorScheme] of [
      [1280, "light"],
      [320, "dark"],
    ] as const) {
      const page = await personOf("patient-camille", { viewport: { width, height: 800 }, colorScheme });
      const elsewhere: string[] = [];
      page.on("request", (request) => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== carnet.origin && protocol.startsWith("http")) elsewhere.push(origin);
      });
      page.on("pageerror", (error) => found.push(`error: ${error.message}`));
      for (const section of sections) {
        await open(page, section);
        found.push(...(await faultsOf(page)).map((fault) => `${width} ${colorScheme}: ${fault}`));
      }
      expect(elsewhere).toEqual([]);
      await page.context().close();
    }
    expect(found).toEqual([]);
  });

  it("lets a document be hidden and shown again with the keyboard alone, and focus comes back", async () => {
    const page = await personOf("patient-camille");
    await open(page, "#documents");
    const hide = page.locator("[data-action=hide]").first();
    await hide.focus();
    await page.keyboard.press("Enter");
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await hide.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)).toBe(
      true,
    );
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Le document est caché aux soignants.").waitFor();
    await page.locator("[data-action=undo]").focus();
    await page.keyboard.press("Enter");
    await page.getByText("Le document est visible pour vos soignants.").waitFor();
    await page.context().close();
  });

  it("R184 shows a parent nothing of a secret access to the record of their child", async () => {
    const ins = await insOf(carnet.origin, "patient-noe");
    const secretly = {
      authorization: `Bearer ${await demoToken(carnet.origin, "dr-martin")}`,
      "x-secret-connection": "true",
    };
    const address = `${carnet.origin}/fhir/DocumentReference?patient.identifier=${ins.system}|${ins.value}&status=current`;
    expect((await fetch(address, { headers: secretly })).status).toBe(200);
    const page = await personOf("patient-camille");
    await page.locator("header select").selectOption({ index: 1 });
    await page.getByText(/que vous représentez/).waitFor();
    await open(page, "#acces");
    await page.getByText("Personne n'a encore ouvert votre carnet.").waitFor();
    expect(await page.locator(".days").count()).toBe(0);
    await open(page, "#reglages");
    await page.getByText("Les directives anticipées sont réservées aux adultes.").waitFor();
    await page.context().close();
  });

  it("R166 answers the doctor's message, and R168 grants an application one purpose", async () => {
    const page = await personOf("patient-camille");
    await open(page, "#messages");
    await page.locator("main [data-action=open]").click();
    await page.locator("textarea").fill("Merci docteur, tout va bien.");
    await page.locator("[data-action=send]").click();
    await page.getByText("Votre message est envoyé.").waitFor();
    const record = clientOf(carnet.origin, "dr-martin").record(await insOf(carnet.origin, "patient-camille"));
    const [newest] = await record.messages();
    expect(newest?.payload?.[0]?.contentString).toBe("Merci docteur, tout va bien.");
    await open(page, "#reglages");
    await page.locator('[data-application="souffle"] [name="read-documents"]').click();
    await page.getByText("Souffle peut faire ce que vous avez choisi.").waitFor();
    await page.locator('[data-application="souffle"] [data-action=stop]').click();
    await page.getByText("Souffle n'a plus aucun accès.").waitFor();
    await page.context().close();
  });

  it("R171 hands over the whole record and the access log as files", async () => {
    const page = await personOf("patient-camille");
    await open(page, "#acces");
    const [log] = await Promise.all([page.waitForEvent("download"), page.locator("[data-action=download]").click()]);
    expect(readFileSync(await log.path(), "utf8")).toContain("Date et heure");
    await open(page, "#reglages");
    const [copy] = await Promise.all([page.waitForEvent("download"), page.locator("[data-action=export]").click()]);
    expect(copy.suggestedFilename()).toMatch(/\.zip$/);
    expect(
      readFileSync(await copy.path())
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
    await page.context().close();
  });

  it("R15, R21 opens a closed record again", async () => {
    const alix = await personOf("patient-alix");
    await alix.getByText("Plus aucun soignant ne peut le lire", { exact: false }).waitFor();
    expect(await faultsOf(alix)).toEqual([]);
    await alix.locator("[data-action=reactivate]").click();
    await alix.locator("dialog [data-action=confirm]").click();
    await alix.getByText("Votre carnet est rouvert").waitFor();
    await alix.locator('nav a[href="#documents"]').waitFor();
    await alix.context().close();
  });

  it("R3, R7 opens the record that was opposed, once the person asks", async () => {
    const sasha = await personOf("patient-sasha");
    await sasha.locator("[data-action=open]").click();
    await sasha.locator('nav a[href="#documents"]').waitFor();
    await sasha.context().close();
  });

  it("R117, R162 keeps one's own directives beside those that a doctor wrote, and changes them as a version", async () => {
    const louis = await personOf("patient-louis");
    await open(louis, "#reglages");
    const row = louis.locator('[data-wish="directives"]');
    // The doctor's text is the doctor's to delete.
    expect(await row.locator("[data-action=remove]").count()).toBe(0);
    for (const text of ["Je veux rester chez moi.", "Je veux rester chez moi, avec mon chien."]) {
      await row.locator("[data-action=write]").click();
      await louis.locator("dialog textarea").fill(text);
      await louis.locator("dialog [data-action=confirm]").click();
      await louis.locator("dialog textarea").waitFor({ state: "detached" });
      await louis.getByText("C'est enregistré", { exact: false }).waitFor();
      await row.locator("[data-action=remove]").waitFor();
    }
    const record = clientOf(carnet.origin, "patient-louis").record(await insOf(carnet.origin, "patient-louis"));
    const written = await record.documents({ type: ["EXPPAT_3"], status: "all" }).toArray({ limit: 20 });
    const states = written.map(({ status }) => status).sort();
    expect(states).toEqual(["current", "current", "superseded"]);
    await louis.context().close();
  });

  it("says that it is offline, keeps what stands, and goes on when the line is back", async () => {
    const page = await personOf("patient-camille");
    await open(page, "#documents");
    const hide = page.locator("[data-action=hide]").first();
    await hide.waitFor();
    await page.context().setOffline(true);
    await hide.click();
    await page.locator("dialog [data-action=confirm]").click();
    await page.getByText("Rien n'a changé : vous êtes hors connexion.").waitFor();
    await page.evaluate(() => {
      location.hash = "#agenda";
    });
    // The section's own message, not the banner above it: once the line is back, nothing is left to try again.
    const retry = page.getByRole("button", { name: "Réessayer" });
    await retry.waitFor();
    await page.getByText("Vous êtes hors connexion").first().waitFor();
    await page.context().setOffline(false);
    await retry.click();
    await page.locator("main h1").first().waitFor();
    await page.context().close();
  });

  it("warns before the session ends, keeps the typed text, and renews in a window of its own", async () => {
    const context = await browser.newContext({ locale: "fr-FR", bypassCSP: true });
    const page = await context.newPage();
    // The first sign-in is said to end in four minutes: the provider's own eight hours are too long to wait.
    let isFirst = true;
    await context.route("**/oidc/token", async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      if (isFirst && body.id_token) {
        const [head, claims, signature] = String(body.id_token).split(".");
        const parsed = JSON.parse(Buffer.from(claims ?? "", "base64url").toString());
        parsed.session_expires_at = Math.floor(Date.now() / 1000) + 240;
        body.id_token = [head, Buffer.from(JSON.stringify(parsed)).toString("base64url"), signature].join(".");
        isFirst = false;
      }
      await route.fulfill({ response: answer, json: body });
    });
    await page.goto(`${carnet.origin}/#messages`);
    await page.locator("[data-action=sign-in]").click();
    await signInAsPatient(page, carnet.origin, "patient-camille");
    const warning = page.locator(".session-end");
    await warning.getByText("Votre session se termine bientôt").waitFor();
    expect(await faultsOf(page)).toEqual([]);
    const [beside] = await Promise.all([context.waitForEvent("page"), warning.locator("[data-action=renew]").click()]);
    await signInAsPatient(beside, carnet.origin, "patient-camille");
    await warning.waitFor({ state: "detached" });
    expect(beside.isClosed()).toBe(true);
    await open(page, "#messages");
    await page.locator("main [data-action=open]").click();
    await page.locator("textarea").fill("Un texte qui n'est pas envoyé");
    await page.locator("[data-action=sign-out]").click();
    await warning.getByText("Vous avez écrit un texte qui n'est pas envoyé").waitFor();
    await warning.locator("[data-action=stay]").click();
    expect(await page.locator("textarea").inputValue()).toBe("Un texte qui n'est pas envoyé");
    await page.locator("[data-action=sign-out]").click();
    await warning.locator("[data-action=leave]").click();
    await page.locator("[data-action=sign-in]").waitFor();
    await context.close();
  });
});
