/** Each page of the provider, gone through with the keyboard alone; axe, 320 px and the dark at every stop. R200, R206. */
import { identifierSystem } from "@carnet/sdk/fhir";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AccountInput, createAccounts } from "./index.ts";
import * as application from "./testing/application.ts";
import { hasChromium, launchChromium, lookAt } from "./testing/chromium.ts";
import { openTestStore, serve, type TestService, type TestStore } from "./testing/service.ts";

const password = "Carnet-2026!";
const structure = (id: string, name: string) => ({ id, name, facilityType: "SA07" });
const claims = { kind: "professional", name: "Dr Anne Fictif", rpps: "810000000001", profession: "10" } as const;
const doctor: AccountInput = {
  id: "dr-two-places",
  login: "8100001",
  secret: "4321",
  claims: { ...claims, structure: structure("1750000001", "Cabinet du Parc") },
  otherExercises: [{ ...claims, structure: structure("1750000002", "Clinique du Lac") }],
};
const insOf = (value: string) => ({ system: identifierSystem.insTest, value });
const patient = (name: string): AccountInput => ({
  id: name,
  login: `${name}.legrand`,
  secret: password,
  email: `${name}@example.org`,
  birthDate: "1985-06-14",
  claims: { kind: "patient", name: `${name} LEGRAND`, ins: insOf("285069935104258") },
});

let data: TestStore;
let service: TestService;
let browser: Browser;
beforeAll(async () => {
  if (hasChromium) browser = await launchChromium();
  data = await openTestStore();
  service = await serve(data, () => new Date());
  // A cheap hash: what is tested is the way, not the work factor.
  const accounts = createAccounts(data.store.database, () => new Date(), { N: 2 ** 8, r: 8, p: 1 });
  for (const input of [doctor, patient("account"), patient("recovery")]) await accounts.upsert(input);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await service.close();
  await data.close();
});

const begin = (client: string) => application.authorisation(service.url, client).address;
const codeFor = (to: string) => application.mailedCode(service.url, to);

describe.skipIf(!hasChromium)("the provider's pages by keyboard (needs Chromium)", () => {
  it("R200 a professional signs in after a wrong code, and chooses the place", async () => {
    const found = await lookAt(async (show, _click, { type, tabTo, page, check }) => {
      await show(begin("carnet-practice"));
      await type({ login: "8100001", secret: "0000" });
      await type({ login: "8100001", secret: "4321" });
      expect(await page.textContent("main")).toContain("Clinique du Lac");
      // What is not chosen is said beside the choice.
      await tabTo("[name=exercise]");
      await page.keyboard.press("ArrowDown");
      await check();
    }, browser);
    expect(found).toEqual([]);
  }, 120_000);

  it("R206 a patient signs in with a wrong code first, then looks after devices and password", async () => {
    const found = await lookAt(async (show, _click, { type, tabTo, page, check }) => {
      await show(begin("carnet-patient"));
      await type({ login: "account.legrand", secret: password });
      await type({ code: "12345" });
      await tabTo("#code");
      await page.keyboard.type(await codeFor("account@example.org"));
      await page.keyboard.press("Enter");
      await page.waitForURL(/code=/);
      await show(`${service.url}/oidc/account`);
      expect(await page.locator("h1").count()).toBe(1);
      await tabTo(".devices button");
      await tabTo("input[type=password]");
      await check();
    }, browser);
    expect(found).toEqual([]);
  }, 120_000);

  it("R206 a forgotten password is set anew, faults said beside their fields", async () => {
    const found = await lookAt(async (show, _click, { type, page }) => {
      await show(`${service.url}/oidc/recover`);
      await type({ login: "recovery.legrand" });
      const code = await codeFor("recovery@example.org");
      await type({ code, birthDate: "14/06/1985", password: "faible", repeat: "autre" });
      expect(await page.locator("[aria-invalid=true]").count()).toBeGreaterThan(0);
      await type({ code, birthDate: "14/06/1985", password: "Nouveau-2026?", repeat: "Nouveau-2026?" });
      expect(await page.locator("input").count()).toBe(0);
    }, browser);
    expect(found).toEqual([]);
  }, 120_000);

  it("R206 a person enrols with the letter's code, after a wrong one", async () => {
    const nir = "285069935104237";
    const found = await lookAt(async (show, _click, { type, page }) => {
      const letter = {
        ins: insOf(nir),
        name: "NIL INCONNU",
        cardSerialNumber: "800012345678",
        birthDate: "1991-02-06",
      };
      const code = await service.letters.write(letter);
      const said = { nir, card: "8000 1234 5678", birthDate: "06/02/1991" };
      await show(`${service.url}/oidc/enrol`);
      await type({ ...said, code: "AAAAA-BBBBB" });
      await type({ ...said, code });
      const email = "nil@example.org";
      await type({ login: "nil", email, password: "x", repeat: "y" });
      await type({ login: "nil.inconnu", email, password: "Nouveau-2026?", repeat: "Nouveau-2026?" });
      await type({ code: await codeFor(email) });
      expect(await page.locator("[role=alert]").count()).toBe(0);
    }, browser);
    expect(found).toEqual([]);
  }, 120_000);
});
