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
  /**
   * Signed in once: the way in is walked by the others. What each test leaves of it, another section or light, the next
   * sets; the last two sign her out.
   */
  let camille: Page;

  beforeAll(async () => {
    carnet = await startCarnet();
    browser = await launchChromium();
    camille = await personOf("patient-camille");
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
    await signIn(page, account);
    return page;
  }

  /** The browser may know the person already: it asks nothing then. */
  async function signIn(page: Page, account: string): Promise<void> {
    await page.goto(`${carnet.origin}/`);
    await page.locator("[data-action=sign-in]").click();
    const isIn = page.locator("[data-action=sign-out]");
    const asked = page.locator(`a[href*="account=${account}"]`);
    await isIn.or(asked).waitFor();
    if (await asked.isVisible()) await signInAsPatient(page, carnet.origin, account);
    await isIn.waitFor();
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
      const run = Reflect.get(globalThis, "axe").run as (
        context: Document,
        options: object,
      ) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      const { violations } = await run(document, { resultTypes: ["violations"], selectors: false });
      const { style } = document.documentElement;
      const isWide = ["", "200%"].some((size) => {
        style.fontSize = size;
        return document.documentElement.scrollWidth > innerWidth;
      });
      style.fontSize = "";
      const found = violations.map(({ id, nodes }) => `${location.hash} ${id}: ${nodes[0]?.html.slice(0, 160)}`);
      return isWide
        ? [...found, `${location.hash} is wider than the window, or is with letters twice as large`]
        : found;
    });
  }

  it("has no accessibility fault in any section, wide and light or at 320 px in the dark, and asks nobody else", async () => {
    const found: string[] = [];
    const elsewhere: string[] = [];
    camille.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== carnet.origin && protocol.startsWith("http")) elsewhere.push(origin);
    });
    camille.on("pageerror", (error) => found.push(`error: ${error.message}`));
    for (const [width, colorScheme] of [
      [320, "dark"],
      [1280, "light"],
    ] as const) {
      await camille.setViewportSize({ width, height: 800 });
      await camille.emulateMedia({ colorScheme });
      for (const section of sections) {
        await open(camille, section);
        found.push(...(await faultsOf(camille)).map((fault) => `${width} ${colorScheme}: ${fault}`));
      }
    }
    expect(elsewhere).toEqual([]);
    expect(found).toEqual([]);
  });

  it("prints whose record it is, and of which day; an open document whole, once, and alone", async () => {
    await open(camille, "#sante");
    await camille.emulateMedia({ media: "print" });
    await camille.getByText(/^Carnet de Camille MOREAU\. Naissance\s: 14 mai 1988\. Imprimé le \d+/).waitFor();
    // A long section kept whole leaves a sheet empty; an allergy apart from its heading reads as a medicine.
    const breaks = ["medicines", "allergies"].map((name) =>
      camille.locator(`[data-section=${name}]`).evaluate((section) => getComputedStyle(section).breakInside),
    );
    expect(await Promise.all(breaks)).toEqual(["auto", "avoid"]);
    await camille.locator("header select").selectOption({ index: 1 }, { force: true });
    await camille.getByText(/^Carnet de Noé MOREAU\. Naissance\s: /).waitFor();
    await camille.locator("header select").selectOption({ index: 0 }, { force: true });
    await camille.emulateMedia({ media: null });
    expect(await camille.locator(".printed").isVisible()).toBe(false);
    await open(camille, "#documents");
    await camille.locator("[data-action=open]").first().click();
    await camille.locator("carnet-document-actions button").first().waitFor();
    await camille.emulateMedia({ media: "print" });
    const sheet = await camille.evaluate(() => {
      const page = document.querySelector("mon-carnet")?.shadowRoot;
      const dialog = page?.querySelector("dialog");
      const actions = page?.querySelector("carnet-document")?.shadowRoot?.querySelector("carnet-document-actions");
      return {
        // What is fixed is cut at the foot of a sheet, and comes back on each.
        isFixed: dialog && getComputedStyle(dialog).position === "fixed",
        isBehindVisible: page?.querySelector("main")?.checkVisibility(),
        hasButtons: actions?.checkVisibility() || dialog?.querySelector(".button")?.checkVisibility(),
      };
    });
    expect(sheet).toEqual({ isFixed: false, isBehindVisible: false, hasButtons: false });
    await camille.emulateMedia({ media: null });
    await camille.keyboard.press("Escape");
  });

  it("grows with the reader's letters, and tells the current section in forced colours", async () => {
    await camille.emulateMedia({ forcedColors: "active" });
    const look = await camille.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
      const size = getComputedStyle(document.body).fontSize;
      document.documentElement.style.fontSize = "";
      const tabs = [...(document.querySelector("mon-carnet")?.shadowRoot?.querySelectorAll(".tabs a") ?? [])];
      const lines = tabs.map((tab) => getComputedStyle(tab).borderBottomColor);
      return { size, lines: new Set(lines).size };
    });
    await camille.emulateMedia({ forcedColors: null });
    expect(look).toEqual({ size: "32px", lines: 2 });
  });

  it("lets a document be hidden and shown again with the keyboard alone, and focus comes back", async () => {
    await open(camille, "#documents");
    const hide = camille.locator("[data-action=hide]").first();
    await hide.focus();
    await camille.keyboard.press("Enter");
    const dialog = camille.locator("dialog[open]");
    await dialog.waitFor();
    await camille.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await hide.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)).toBe(
      true,
    );
    await camille.keyboard.press("Enter");
    await camille.keyboard.press("Tab");
    await camille.keyboard.press("Enter");
    await camille.getByText("Le document est caché aux soignants.").waitFor();
    await camille.locator("[data-action=undo]").focus();
    await camille.keyboard.press("Enter");
    await camille.getByText("Le document est visible pour vos soignants.").waitFor();
  });

  it("leaves a document when the person goes back, rather than hold it over another section", async () => {
    await open(camille, "#agenda");
    await open(camille, "#documents");
    await camille.locator("[data-action=open]").first().click();
    const viewer = camille.locator("dialog[open] carnet-document");
    await viewer.waitFor();
    await camille.goBack();
    await viewer.waitFor({ state: "detached" });
    await camille.locator("carnet-agenda").waitFor();
  });

  it("R184 shows a parent nothing of a secret access to the record of their child", async () => {
    const ins = await insOf(carnet.origin, "patient-noe");
    const secretly = {
      authorization: `Bearer ${await demoToken(carnet.origin, "dr-martin")}`,
      "x-secret-connection": "true",
    };
    const address = `${carnet.origin}/fhir/DocumentReference?patient.identifier=${ins.system}|${ins.value}&status=current`;
    expect((await fetch(address, { headers: secretly })).status).toBe(200);
    await camille.locator("header select").selectOption({ index: 1 });
    await camille.getByText(/que vous représentez/).waitFor();
    await open(camille, "#acces");
    await camille.getByText("Personne d'autre n'a ouvert ce carnet ces 12 derniers mois.").waitFor();
    expect(await camille.locator(".days").count()).toBe(0);
    await open(camille, "#reglages");
    await camille.getByText("Les directives anticipées sont réservées aux adultes.").waitFor();
    await camille.locator("header select").selectOption({ index: 0 });
  });

  it("R166 answers the doctor's message, and R168 grants an application one purpose", async () => {
    await open(camille, "#messages");
    await camille.locator("main [data-action=open]").click();
    await camille.locator("textarea").fill("Merci docteur, tout va bien.");
    await camille.locator("[data-action=send]").click();
    await camille.getByText("Votre message est envoyé.").waitFor();
    const record = clientOf(carnet.origin, "dr-martin").record(await insOf(carnet.origin, "patient-camille"));
    const [newest] = await record.messages();
    expect(newest?.payload?.[0]?.contentString).toBe("Merci docteur, tout va bien.");
    await open(camille, "#reglages");
    await camille.locator('[data-application="souffle"] [name="read-documents"]').click();
    await camille.getByText("Souffle peut faire ce que vous avez choisi.").waitFor();
    await camille.locator('[data-application="souffle"] [data-action=stop]').click();
    await camille.getByText("Souffle n'a plus aucun accès.").waitFor();
  });

  it("R171 hands over the whole record and the access log as files", async () => {
    await open(camille, "#acces");
    const [log] = await Promise.all([
      camille.waitForEvent("download"),
      camille.locator("[data-action=download]").click(),
    ]);
    expect(readFileSync(await log.path(), "utf8")).toContain("Date et heure");
    await open(camille, "#reglages");
    const [copy] = await Promise.all([
      camille.waitForEvent("download"),
      camille.locator("[data-action=export]").click(),
    ]);
    expect(copy.suggestedFilename()).toMatch(/\.zip$/);
    expect(
      readFileSync(await copy.path())
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
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

  it("shows the person chosen last, though the records are still being read again after a change of another's", async () => {
    const page = camille;
    const choice = page.locator("header select");
    await choice.selectOption({ index: 1 });
    await page.getByText(/que vous représentez/).waitFor();
    await open(page, "#reglages");
    await page.locator("[data-action=close]").waitFor();
    // The settings read the state of the record first, in two questions; then the page reads whose records there are.
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let asked = 0;
    const isAsked = new Promise<void>((resolve) => {
      void page.route(/\/fhir\/Patient(\?|$)/, async (route) => {
        asked += 1;
        if (asked === 3) {
          resolve();
          await held;
        }
        await route.continue();
      });
    });
    await page.locator("[data-action=close]").click();
    await page.locator("dialog [name=understood]").check();
    await page.locator("dialog [data-action=confirm]").click();
    await isAsked;
    await choice.selectOption({ index: 0 });
    await page.getByText(/que vous représentez/).waitFor({ state: "detached" });
    const isAnswered = page.waitForResponse(/\/fhir\/Patient(\?|$)/);
    letGo();
    await isAnswered;
    // Their records are read: the page takes the focus back to its content.
    await page.locator("main:focus").waitFor();
    expect(await page.getByText(/que vous représentez/).count()).toBe(0);
    expect(await choice.evaluate((select: HTMLSelectElement) => select.selectedIndex)).toBe(0);
    await page.locator('nav a[href="#documents"]').waitFor();
    await choice.selectOption({ index: 1 });
    await page.locator("[data-action=reactivate]").click();
    await page.locator("dialog [data-action=confirm]").click();
    await page.locator('nav a[href="#documents"]').waitFor();
    await page.unrouteAll();
    await choice.selectOption({ index: 0 });
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
    await open(camille, "#documents");
    const hide = camille.locator("[data-action=hide]").first();
    await hide.waitFor();
    await camille.context().setOffline(true);
    await hide.click();
    await camille.locator("dialog [data-action=confirm]").click();
    await camille.getByText("Rien n'a changé : vous êtes hors connexion.").waitFor();
    await camille.evaluate(() => {
      location.hash = "#agenda";
    });
    // The section's own message, not the banner above it: once the line is back, nothing is left to try again.
    const retry = camille.getByRole("button", { name: "Réessayer" });
    await retry.waitFor();
    await camille.getByText("Vous êtes hors connexion").first().waitFor();
    await camille.context().setOffline(false);
    await retry.click();
    await camille.locator("main h1").first().waitFor();
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
    // The window closes itself once it has told the page, which may hear of it first.
    await expect.poll(() => beside.isClosed()).toBe(true);
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

  it("asks the person to sign in again when the session ends within a form, and keeps the form", async () => {
    const page = camille;
    // The name of the page leads to its first section: it signs nobody out.
    await page.locator(".brand").click();
    await open(page, "#agenda");
    await page.locator("[data-action=add]").click();
    await page.locator("dialog [name=description]").fill("Dr Martin");
    await page.locator("dialog [name=day]").fill(`${new Date().getFullYear() + 1}-06-01`);
    await page.locator("dialog [name=time]").fill("09:30");
    const over = { status: 400, json: { error: "invalid_grant" } };
    await page.route("**/oidc/token", (route) => route.fulfill(over));
    await page.route("**/fhir/Appointment", (route) => route.fulfill({ status: 401, json: {} }));
    await page.locator("dialog [data-action=confirm]").click();
    await page.locator(".session-end").getByText("Votre session est terminée").waitFor();
    await page.unrouteAll();
    const [beside] = await Promise.all([
      page.context().waitForEvent("page"),
      page.locator(".session-end [data-action=renew]").click(),
    ]);
    await signInAsPatient(beside, carnet.origin, "patient-camille");
    await page.locator(".session-end").waitFor({ state: "detached" });
    await page.locator("dialog [data-action=confirm]").click();
    await page.getByText("C'est dans votre agenda.").waitFor();
  });

  it("keeps what one person wrote, and hides the record, when the same person signs out in another tab", async () => {
    const page = camille;
    await open(page, "#messages");
    await page.locator("main [data-action=open]").click();
    await page.locator("textarea").fill("Un texte qui n'est pas envoyé");
    const second = await page.context().newPage();
    await second.goto(`${carnet.origin}/`);
    await second.locator("[data-action=sign-in]").click();
    await second.locator("[data-action=sign-out]").click();
    await page.locator(".session-end").getByText("Votre session est terminée").waitFor();
    const behind = await page
      .locator(".session-end")
      .evaluate((d) => getComputedStyle(d, "::backdrop").backgroundColor);
    expect(behind).toMatch(/^rgb\(/);
    const [beside] = await Promise.all([
      page.context().waitForEvent("page"),
      page.locator(".session-end [data-action=renew]").click(),
    ]);
    await signInAsPatient(beside, carnet.origin, "patient-camille");
    await page.locator(".session-end").waitFor({ state: "detached" });
    await page.locator("[data-action=send]").click();
    await page.getByText("Votre message est envoyé.").waitFor();
    await second.close();
  });

  it("lets nobody back in without a password once the person has signed out, in whichever tab", async () => {
    const page = camille;
    const second = await page.context().newPage();
    await second.goto(`${carnet.origin}/`);
    await second.locator("[data-action=sign-in]").click();
    await second.locator("[data-action=sign-out]").waitFor();
    await page.locator("[data-action=sign-out]").click();
    await page.locator("[data-action=sign-in]").waitFor();
    // The other tab of the same person does not stay behind on a shared computer.
    await second.locator("[data-action=sign-in]").waitFor();
    await page.locator("[data-action=sign-in]").click();
    await page.locator("button.primary").waitFor();
    // Nor does any other page of the service know them.
    await second.goto(`${carnet.origin}/oidc/account`);
    await second.locator("button.primary").waitFor();
    await second.close();
  });

  it("asks who one is again after a sign-out that the service could not be told of", async () => {
    const page = camille;
    await signIn(page, "patient-camille");
    // The page stays, empty, and says so: the browser's own error page would not.
    await page.route("**/*", (route) => route.abort());
    await page.locator("[data-action=sign-out]").click();
    const told = page.getByRole("alert").filter({ hasText: "Vous êtes déconnecté" });
    await told.waitFor();
    expect(await page.getByText(/MOREAU/).count()).toBe(0);
    await page.unroute("**/*");
    await told.getByRole("button").click();
    await page.locator("[data-action=sign-in]").click();
    await page.locator("button.primary").waitFor();
  });
});
