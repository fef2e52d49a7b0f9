import { existsSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  builtForChrome,
  type ChromiumWithExtension,
  clickToolbar,
  launchChromiumWithExtension,
  panelPage,
} from "../../../extension/e2e/drive-chromium.ts";
import { type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { launchChromium } from "../support/chromium.ts";
import { clientOf, insOf } from "../support/demo.ts";
import { hasChromium } from "../support/machine.ts";
import { mailsOf, signInAsPatient, signInAsProfessional } from "./sign-in.ts";

const canRun = hasChromium() && existsSync(builtForChrome);

/** The stay of Camille in the hospital tool, and what it holds that no record has yet. */
const stay = "/hospital/patients/26118204";
const letterLink = "Compte rendu de passage aux urgences";
/** The extension names a letter after its own heading. */
const letterTitle = "Compte rendu de passage aux urgences";
const dischargeTitle = "Lettre de liaison à la sortie";

describe.skipIf(!canRun)("from the hospital page to the practice and the patient (needs Chromium and a build)", () => {
  let carnet: RunningCarnet;
  let driven: ChromiumWithExtension;
  /** The hospital's workstation. The practice and the patient have browsers of their own. */
  let context: BrowserContext;
  let elsewhere: Browser;

  beforeAll(async () => {
    carnet = await startCarnet();
    driven = await launchChromiumWithExtension({ serviceUrl: carnet.origin, viewport: { width: 1360, height: 900 } });
    context = driven.context;
    elsewhere = await launchChromium();
  });
  afterAll(async () => {
    await elsewhere?.close();
    await driven?.close();
    await carnet?.dispose();
  });

  const titles = async () => {
    const record = clientOf(carnet.origin, "dr-martin").record(await insOf(carnet.origin, "patient-camille"));
    return (await record.documents().toArray()).map((document) => document.title);
  };

  /** Follows a link of the stay; the paper opens in the tab that it returns. */
  async function openPaper(title: string): Promise<Page> {
    const list = await context.newPage();
    await list.goto(`${carnet.origin}${stay}`);
    const link = list.getByRole("link", { name: new RegExp(title) }).first();
    const target = await link.getAttribute("target");
    if (target !== "_blank") {
      await link.click();
      return list;
    }
    const [paper] = await Promise.all([context.waitForEvent("page"), link.click()]);
    return paper;
  }

  it("sends a letter shown as PDF after the professional signed in, and shows the receipt", async () => {
    expect(await titles()).not.toContain(letterTitle);
    const paper = await openPaper(letterLink);
    await clickToolbar(driven, paper);
    const panel = await panelPage(driven);
    await panel.waitForStage("signed-out");
    const [signIn] = await Promise.all([context.waitForEvent("page"), panel.click("#sign-in-action")]);
    await signInAsProfessional(signIn, "dr-leroy");
    await panel.waitForStage("review");
    await panel.waitForIdentity("certain");
    await panel.waitForText(/MOREAU/);
    await panel.click("#send");
    await panel.waitForRow("sent");
    expect(await titles()).toContain(letterTitle);
    await paper.close();
  });

  it("sends a structured letter untouched, and its facts join the summary", async () => {
    const paper = await openPaper(dischargeTitle);
    await clickToolbar(driven, paper);
    const panel = await panelPage(driven);
    await panel.waitForStage("review");
    await panel.waitForIdentity("certain");
    await panel.click("#send");
    await panel.waitForRow("sent");
    expect(await titles()).toContain(dischargeTitle);
    await paper.close();
  });

  it("shows both in the practice software: the documents, and the new facts with their source", async () => {
    const practice = await elsewhere.newPage({ locale: "fr-FR", viewport: { width: 1360, height: 900 } });
    await practice.goto(`${carnet.origin}/practice/`);
    await practice
      .getByRole("button", { name: /Se connecter/ })
      .first()
      .click();
    await signInAsProfessional(practice, "dr-martin");
    await practice.getByRole("button", { name: "Se déconnecter" }).waitFor();
    const nobody = practice.getByRole("status").filter({ hasText: "Aucun patient de ce nom" });
    await practice.getByRole("searchbox").fill("zzz");
    await nobody.waitFor();
    await practice.getByRole("searchbox").fill("");
    await nobody.waitFor({ state: "detached" });
    await practice.locator('[data-account="patient-camille"]').click();
    const summary = practice.locator("carnet-summary");
    await practice.locator('carnet-summary[data-state="ready"]').waitFor();
    await summary.getByText(letterTitle).locator("visible=true").first().waitFor();
    await summary.getByText(dischargeTitle).locator("visible=true").first().waitFor();
    const text = await summary.evaluate((element) => element.shadowRoot?.textContent ?? "");
    expect(text).toMatch(/clarithromycine/i);
    expect(text).toMatch(/amoxicilline/i);
    // Letters twice as large on a telephone push nothing aside; forced colours tell whose record is open.
    await practice.setViewportSize({ width: 320, height: 700 });
    await practice.emulateMedia({ forcedColors: "active" });
    const look = await practice.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
      const width = document.documentElement.scrollWidth;
      const lineOf = (entry: Element) => getComputedStyle(entry).borderInlineStartWidth;
      const tell = (list: string) =>
        new Set([...document.querySelectorAll(`${list} button`)].map(lineOf)).size === 2 &&
        [...document.querySelectorAll(`${list} [aria-current="true"]`)].map(({ textContent }) => textContent).join();
      return { width, patients: tell(".patients"), agenda: tell(".agenda") };
    });
    expect(look).toEqual({
      width: 320,
      patients: expect.stringContaining("Camille"),
      agenda: expect.stringMatching(/Camille.*Suivi d'asthme/),
    });
    // A service that went away leaves the page to say that the doctor is signed out, and nothing of anybody.
    await practice.route("**/*", (route) => route.abort());
    await practice.getByRole("button", { name: "Se déconnecter" }).click();
    await practice.getByRole("alert").filter({ hasText: "Vous êtes déconnecté" }).waitFor();
    expect(await practice.getByText(/MARTIN|clarithromycine/i).count()).toBe(0);
    await practice.close();
  });

  it("shows the patient the document and who looked, and tells her by mail of the first access", async () => {
    const patient = await elsewhere.newPage({ locale: "fr-FR", viewport: { width: 1360, height: 900 } });
    await patient.goto(`${carnet.origin}/`);
    await patient
      .getByRole("button", { name: /Me connecter/ })
      .first()
      .click();
    await signInAsPatient(patient, carnet.origin, "patient-camille");
    await patient
      .getByRole("link", { name: /documents/i })
      .first()
      .click();
    await patient.getByText(letterTitle).first().waitFor();
    await patient.locator('a[href="#acces"]').click();
    // Their names stand in the filters too, which nobody has opened.
    const log = patient.locator(".days");
    await log.getByText(/LEROY/).first().waitFor();
    await log
      .getByText(/MARTIN/)
      .first()
      .waitFor();
    await patient.close();

    const mails = await mailsOf(carnet.origin);
    const told = mails.filter(
      (mail) => /premi|consult/i.test(mail.subject + mail.text) && /MARTIN|LEROY/.test(mail.text),
    );
    expect(told.length, mails.map((mail) => mail.subject).join("\n")).toBeGreaterThan(0);
    for (const mail of told) expect(mail.text).not.toMatch(/asthme|urgences|liaison/i);
  });
});
