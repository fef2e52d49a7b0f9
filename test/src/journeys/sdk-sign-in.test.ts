import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { launchChromium } from "../support/chromium.ts";
import { insOf } from "../support/demo.ts";
import { checkout, hasChromium } from "../support/machine.ts";
import { signInAsProfessional } from "./sign-in.ts";

/** What a vendor writes, on an origin of their own: two buttons, and what came of it. */
const vendorCode = `
import { connect } from "@carnet/sdk";
import { completeRedirect, createSignIn, createTokenSource, signInByPopup, signInByRedirect } from "@carnet/sdk/auth";
const { origin: service, ins } = JSON.parse(document.querySelector("#settings").textContent);
const signIn = createSignIn({ issuer: service + "/oidc", clientId: "vendor-page", redirectUri: location.origin + "/back", isBound: true });
const say = (text) => { document.querySelector("#said").textContent = text; };
async function use(session) {
  const record = connect({ baseUrl: service + "/fhir", accessToken: createTokenSource(session, { signIn }) }).record(ins);
  window.stolen = session.accessToken;
  say(session.claims.name + " " + (await record.status()).state);
}
const tell = (error) => say("error " + error.code);
document.querySelector("#popup").onclick = () => signInByPopup(signIn).then(use).catch(tell);
document.querySelector("#redirect").onclick = () => signInByRedirect(signIn).catch(tell);
completeRedirect(signIn).then((session) => session && use(session)).catch(tell);
`;

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(checkout, "test", "dist", "vendor-"));
  try {
    writeFileSync(join(folder, "page.js"), vendorCode);
    const built = await build({
      root: folder,
      configFile: false,
      logLevel: "silent",
      build: { write: false, minify: true, lib: { entry: join(folder, "page.js"), formats: ["es"], fileName: "page" } },
    });
    const outputs = (Array.isArray(built) ? built : [built]) as Rolldown.RolldownOutput[];
    const files = outputs.flatMap(({ output }) => output);
    return new Map(files.flatMap((file) => (file.type === "chunk" ? [[`/${file.fileName}`, file.code] as const] : [])));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(!hasChromium())("signing in with the SDK on a vendor's page (needs Chromium)", () => {
  let carnet: RunningCarnet;
  let browser: Browser;
  let context: BrowserContext;
  let address = "";
  const server = createServer();

  beforeAll(async () => {
    const files = await bundle();
    const entry = [...files.keys()].find((name) => /^\/page\./.test(name));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const former = process.env.OIDC_CLIENTS;
    const client = { client_id: "vendor-page", audience: "professional", redirect_uris: [`${address}/back`] };
    process.env.OIDC_CLIENTS = JSON.stringify([client]);
    try {
      carnet = await startCarnet();
    } finally {
      if (former === undefined) delete process.env.OIDC_CLIENTS;
      else process.env.OIDC_CLIENTS = former;
    }
    const settings = JSON.stringify({ origin: carnet.origin, ins: await insOf(carnet.origin, "patient-camille") });
    const html = `<!doctype html><meta charset="utf-8"><title>Vendor</title>
<button id="popup">popup</button><button id="redirect">redirect</button><p id="said"></p>
<script type="application/json" id="settings">${settings}</script><script type="module" src="${entry}"></script>`;
    server.on("request", (request, response) => {
      const code = files.get(new URL(request.url ?? "/", address).pathname);
      response.writeHead(200, { "content-type": code === undefined ? "text/html" : "text/javascript" });
      response.end(code ?? html);
    });
    browser = await launchChromium();
    context = await browser.newContext({ locale: "fr-FR" });
  });
  afterAll(async () => {
    await browser?.close();
    server.closeAllConnections();
    server.close();
    await carnet?.dispose();
  });

  const said = async (page: Page, pattern: RegExp) => {
    await page.locator("#said", { hasText: pattern }).waitFor();
    return page.locator("#said").textContent();
  };
  /** All that the browser keeps of the page. */
  const kept = (page: Page) =>
    page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie, location.href]));

  it("opens a window, reads the record with a bound token, and keeps nothing", async () => {
    const page = await context.newPage();
    await page.goto(`${address}/`);
    const [popup] = await Promise.all([context.waitForEvent("page"), page.click("#popup")]);
    const gone = popup.waitForEvent("close");
    await signInAsProfessional(popup, "dr-martin");
    expect(await said(page, /open|error/)).toMatch(/Martin open$/i);
    await gone;
    const token = await page.evaluate(() => (window as unknown as { stolen: string }).stolen);
    expect(await kept(page)).not.toContain(token.slice(-20));
    const stolen = await fetch(`${carnet.origin}/fhir/Patient`, { headers: { authorization: `Bearer ${token}` } });
    expect(stolen.status).toBe(401);
    await page.close();
  });

  it("goes to the issuer and comes back: the code leaves the address, the pending sign-in the storage", async () => {
    const page = await context.newPage();
    await page.goto(`${address}/`);
    await page.click("#redirect");
    // The session of the first test may still hold: then nobody is asked again.
    await page.waitForURL(/\/back|\/oidc\//);
    if (page.url().includes("/oidc/")) await signInAsProfessional(page, "dr-martin");
    expect(await said(page, /open|error/)).toMatch(/Martin open$/i);
    expect(page.url()).toBe(`${address}/back`);
    expect(await kept(page)).not.toMatch(/code|state|nonce/i);
    await page.close();
  });

  it("says that the person gave up in the window", async () => {
    const other = await browser.newContext({ locale: "fr-FR" });
    const page = await other.newPage();
    await page.goto(`${address}/`);
    const [popup] = await Promise.all([other.waitForEvent("page"), page.click("#popup")]);
    await popup.locator("form.actions button").click();
    expect(await said(page, /error/)).toBe("error sign-in-refused");
    await other.close();
  });
});
