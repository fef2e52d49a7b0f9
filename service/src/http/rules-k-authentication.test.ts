/** Section K of the rules: who signs in, how, and what the way changes. Real HTTP, and a double of Pro Santé Connect. */
import { identifierSystem } from "@carnet/sdk/fhir";
import fc from "fast-check";
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LOGIN_MIN, loginFaults, PASSWORD_MIN, passwordFaults } from "../identity-provider/credential-policy.ts";
import { accountLock, addressLock, createSignInGuard } from "../identity-provider/login-attempts.ts";
import * as application from "../identity-provider/testing/application.ts";
import { Browser, type Page } from "../identity-provider/testing/browser.ts";
import {
  CLIENT,
  doctorOfTwoPlaces,
  type ProSanteConnectDouble,
  startProSanteConnect,
} from "../identity-provider/testing/pro-sante-connect.ts";
import { serve } from "../identity-provider/testing/service.ts";
import { decideDeposit, type Question } from "../rules/index.ts";
import { provideBundle, token } from "../testing/documents.ts";
import { hospital, patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
let psc: ProSanteConnectDouble;
let url = "";

beforeAll(async () => {
  psc = await startProSanteConnect(() => `${url}/oidc/outside`);
  carnet = await startCarnet({
    OIDC_PRESET: "pro-sante-connect",
    OIDC_ISSUER: psc.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
  });
  url = carnet.base.replace(/\/fhir$/, "");
}, 120_000);
afterAll(async () => {
  await carnet.close();
  await psc.close();
});
beforeEach(() => {
  psc.level = "eidas1";
  psc.claims = doctorOfTwoPlaces;
});

/** The mails to somebody, newest first. */
async function mailsTo(to: string): Promise<readonly { text: string }[]> {
  return (await fetch(`${url}/mailbox/messages.json?to=${encodeURIComponent(to)}`)).json();
}

/** The newest mail for somebody whose text matches. */
async function mailTo(to: string, pattern: RegExp): Promise<string> {
  const found = (await mailsTo(to)).find(({ text }) => pattern.test(text));
  if (!found) throw new Error(`no mail ${pattern} for ${to}`);
  return found.text;
}
const codeOf = (text: string) => /^[^\n]*: (\d{6})\r?$/m.exec(text)?.[1] ?? "";

async function signIn(browser: Browser, login: string, secret: string, email: string): Promise<application.Tokens> {
  const request = application.authorisation(url, "carnet-patient");
  const codePage = await browser.submit(await browser.get(request.address), "/sign-in", { login, secret });
  expect(codePage.html).toContain("six-digit code");
  const code = codeOf(await mailTo(email, /code to sign in|code de connexion/));
  return application.redeem(url, request, await browser.submit(codePage, "/code", { code }));
}

const anna = { login: "anna.essai", secret: "Essai-2026!", email: "anna@mail.example" } as const;
const bruno = { login: "bruno.essai", secret: "Essai-2026!", email: "bruno@mail.example" } as const;
const search = `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current`;

describe("professionals", () => {
  it("R203 R205 a professional signs in with Pro Santé Connect and chooses the exercise, which the token keeps", async () => {
    const browser = new Browser(url);
    const request = application.authorisation(url, "carnet-practice");
    const form = await browser.get(request.address);
    expect(form.html).toContain("Pro Santé Connect");
    const choice = await throughOutside(browser, form);
    expect(choice.html).toContain("CABINET DU PARC");
    expect(choice.html).toContain("CLINIQUE DU LAC");
    expect((await browser.submit(choice, "/exercise", { exercise: "7" })).status).toBe(422);
    const tokens = await application.redeem(url, request, await browser.submit(choice, "/exercise", { exercise: "1" }));
    const renewed = await application.post(url, "/oidc/token", {
      grant_type: "refresh_token",
      client_id: "carnet-practice",
      refresh_token: tokens.refresh_token,
    });
    for (const { access_token } of [tokens, renewed.body]) {
      expect(decodeJwt(access_token)).toMatchObject({
        sub: "899900000011",
        carnet: {
          rpps: "899900000011",
          profession: "10",
          specialty: "SM26",
          authentication: "reinforced-indirect",
          structure: { id: "1750999982", name: "CLINIQUE DU LAC" },
        },
      });
    }
  });

  it("R204 a sign-in at another level than eidas1 opens nothing", async () => {
    psc.level = "low";
    psc.claims = { ...doctorOfTwoPlaces, sub: "f:x:899900000012", SubjectNameID: "899900000012" };
    const browser = new Browser(url);
    const form = await browser.get(application.authorisation(url, "carnet-practice").address);
    const back = await throughOutside(browser, form);
    expect([401, 403]).toContain(back.status);
    expect(back.html).toContain("The identification did not work");
    expect(await carnet.service.accounts.find("899900000012")).toBeUndefined();
  });

  it("R205 an identity without a health profession is told so and gets no token", async () => {
    psc.claims = { sub: "f:x:899900000013", SubjectNameID: "899900000013", given_name: "PAUL", family_name: "FICTIF" };
    const browser = new Browser(url);
    const form = await browser.get(application.authorisation(url, "carnet-practice").address);
    const back = await throughOutside(browser, form);
    expect(back.status).toBe(403);
    expect(back.html).toContain("no health profession");
  });

  it("R203 an answer of the issuer that is replayed, or comes in another browser, opens nothing", async () => {
    const browser = new Browser(url);
    const form = await browser.get(application.authorisation(url, "carnet-practice").address);
    const address = await outsideAnswer(browser, form);
    expect((await new Browser(url).get(address)).status).toBe(400);
    expect((await browser.get(address)).html).toContain("CABINET DU PARC");
    expect((await browser.get(address)).status).toBe(400);
  });

  it("R205 a token of Pro Santé Connect that names no exercise needs X-Structure", async () => {
    const bearer = await outsideToken();
    const ask = (headers: Readonly<Record<string, string>>) =>
      fetch(`${carnet.base}/Patient?identifier=${token(patients.anna)}`, {
        headers: { authorization: `Bearer ${bearer}`, ...headers },
      });
    expect((await ask({})).status).toBe(403);
    expect((await ask({ "x-structure": "1750000000" })).status).toBe(403);
    expect((await ask({ "x-structure": "1750999981" })).status).toBe(200);
  });

  it("R201 the reinforced indirect mode has no TD2.1, the direct one has", async () => {
    const bearer = await outsideToken();
    const deposit = await fetch(carnet.base, {
      method: "POST",
      headers: {
        authorization: `Bearer ${bearer}`,
        "x-structure": "1750999981",
        "content-type": "application/fhir+json",
      },
      body: JSON.stringify(provideBundle({})),
    });
    expect(deposit.status).toBe(403);
    expect(await deposit.text()).toContain("R201");
    const direct = await carnet.call("gp", "", { method: "POST", body: JSON.stringify(provideBundle({})) });
    expect(direct.status).toBe(200);
    const question = {
      actor: {
        kind: "professional",
        id: "x",
        name: "X",
        rpps: "899900000011",
        profession: "10",
        authentication: "reinforced-indirect",
      },
      purposeOfUse: "TREAT",
      record: { state: "open", standing: { authorisation: "valid", isReferringDoctor: true } },
    } as unknown as Omit<Question, "act" | "document">;
    const letter = { typeCode: "11490-0", classCode: "10", contentType: "application/pdf", size: 1 };
    expect(decideDeposit(question, letter)).toEqual({ permit: false, rule: "R201", refusal: "forbidden" });
  });

  it("R207 outside a demonstration no professional comes in with a card number and a PIN", async () => {
    const { config, store } = carnet.service;
    const production = await serve(
      { config: { ...config, isDemo: false, smtpUrl: "smtp://127.0.0.1:9", environment: {} }, store },
      carnet.now,
    );
    const origin = production.url;
    const browser = new Browser(origin);
    const form = await browser.get(application.authorisation(origin, "carnet-practice").address);
    expect(form.html).not.toContain('name="secret"');
    const forged: Page = { ...form, html: `<form action="${new URL(form.url).pathname}/sign-in"></form>` };
    const answer = await browser.submit(forged, "/sign-in", { login: "card-gp", secret: "0000" });
    expect(answer.status).toBe(403);
    await production.close();
  });
});

/** Follows the button to the double and back, as a browser does. */
async function outsideAnswer(browser: Browser, form: Page): Promise<string> {
  const away = await browser.submit(form, "/outside");
  const psBrowser = new Browser(new URL(psc.issuer).origin, "/auth/");
  const answer = await psBrowser.get(away.url);
  expect(answer.url).toContain(`${url}/oidc/outside?`);
  return answer.url;
}

async function throughOutside(browser: Browser, form: Page): Promise<Page> {
  return browser.get(await outsideAnswer(browser, form));
}

/** An access token of the double, as a vendor's software holds one. */
async function outsideToken(): Promise<string> {
  const { createSignIn } = await import("@carnet/sdk/auth");
  const signing = createSignIn({
    issuer: psc.issuer,
    discoveryUrl: psc.discoveryUrl,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    redirectUri: `${url}/oidc/outside`,
    scope: "openid scope_all",
    acrValues: "eidas1",
  });
  const { url: address, pending } = await signing.begin();
  const back = await new Browser(new URL(psc.issuer).origin, "/auth/").get(address);
  return (await signing.complete(back.url, pending)).accessToken;
}

describe("software of establishments", () => {
  const structure = { ...hospital, id: "1750999995", name: "Hôpital d'essai" };
  const clientId = "chu-depot";
  const assertion = async (key: CryptoKey, changes: object = {}) =>
    new SignJWT({ ...changes })
      .setProtectedHeader({ alg: "ES256", kid: "one" })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(`${url}/oidc`)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime("1m")
      .sign(key);
  const ask = async (client_assertion: string) =>
    application.post(url, "/oidc/token", {
      grant_type: "client_credentials",
      client_id: clientId,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion,
      scope: "record",
    });

  it("R200 R201 deposits in the name of its structure with its own key, consults nothing, and ends when it is revoked", async () => {
    const keys = await generateKeyPair("ES256", { extractable: true });
    const other = await generateKeyPair("ES256", { extractable: true });
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: "one" };
    const register = (jwks: unknown) => carnet.service.machineClients.register({ clientId, structure, jwks });
    await expect(register({ keys: [{ ...(await exportJWK(keys.privateKey)), kid: "one" }] })).rejects.toThrow(/public/);
    await register({ keys: [jwk] });

    expect((await ask(await assertion(other.privateKey))).status).toBe(401);
    const signed = await assertion(keys.privateKey);
    const { status, body } = await ask(signed);
    expect(status).toBe(200);
    // The same assertion is not taken twice.
    expect((await ask(signed)).status).toBe(401);
    const claims = decodeJwt(body.access_token);
    expect(claims).toMatchObject({
      sub: clientId,
      carnet: { kind: "establishment", authentication: "indirect", structure },
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(600);

    const headers = { authorization: `Bearer ${body.access_token}`, "content-type": "application/fhir+json" };
    const deposit = await fetch(carnet.base, { method: "POST", headers, body: JSON.stringify(provideBundle({})) });
    expect(deposit.status).toBe(200);
    const consultation = await fetch(`${carnet.base}${search}`, { headers });
    expect(consultation.status).toBe(403);
    expect(await consultation.text()).toContain("R79");

    await carnet.service.machineClients.revoke(clientId);
    expect((await ask(await assertion(keys.privateKey))).status).toBe(401);
  });
});

describe("tokens bound to a key", () => {
  it("R200 a token that was asked for with a proof is worth nothing without one for this very request", async () => {
    const keys = await generateKeyPair("ES256", { extractable: true });
    const thief = await generateKeyPair("ES256", { extractable: true });
    const proof = async (method: string, target: string, changes: object = {}, by = keys, accessToken?: string) => {
      const ath = accessToken && Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(accessToken)));
      return new SignJWT({ htm: method, htu: target, ...(ath ? { ath: ath.toString("base64url") } : {}), ...changes })
        .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: await exportJWK(by.publicKey) })
        .setJti(crypto.randomUUID())
        .setIssuedAt("iat" in changes ? Number(changes.iat) : undefined)
        .sign(by.privateKey);
    };
    const browser = new Browser(url);
    const request = application.authorisation(url, "carnet-practice");
    const form = await browser.get(request.address);
    const back = await browser.submit(form, "/sign-in", { login: "card-gp", secret: "0000" });
    const answer = await fetch(`${url}/oidc/token`, {
      method: "POST",
      headers: { dpop: await proof("POST", `${url}/oidc/token`) },
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: request.client,
        code: new URL(back.url).searchParams.get("code") ?? "",
        redirect_uri: request.redirectUri,
        code_verifier: request.verifier,
      }),
    });
    const tokens: { access_token: string; token_type: string } = await answer.json();
    expect(tokens.token_type).toBe("DPoP");
    const jkt = await calculateJwkThumbprint(await exportJWK(keys.publicKey));
    expect(decodeJwt(tokens.access_token)).toMatchObject({ cnf: { jkt } });

    const target = `${carnet.base}/DocumentReference`;
    const send = async (dpop: string | undefined, scheme = "DPoP", bearer = tokens.access_token) => {
      const response = await fetch(`${carnet.base}${search}`, {
        headers: { authorization: `${scheme} ${bearer}`, ...(dpop ? { dpop } : {}) },
      });
      return response.status;
    };
    const good = (changes: object = {}, by = keys) => proof("GET", target, changes, by, tokens.access_token);
    const once = await good();
    expect(await send(once)).toBe(200);
    expect(await send(once), "replayed").toBe(401);
    expect(await send(undefined), "without a proof").toBe(401);
    expect(await send(await good(), "Bearer"), "as a bearer token").toBe(401);
    expect(await send(await good({}, thief)), "another key").toBe(401);
    expect(await send(await good({ htm: "POST" })), "another method").toBe(401);
    expect(await send(await good({ htu: `${carnet.base}/Patient` })), "another address").toBe(401);
    expect(await send(await good({ ath: "x" })), "another token").toBe(401);
    expect(await send(await good({ iat: Math.floor(Date.now() / 1000) - 120 })), "too old").toBe(401);
    const bearer = await carnet.token("gp");
    expect(await send(await proof("GET", target, {}, keys, bearer), "DPoP", bearer), "not bound").toBe(401);
  });
});

describe("patients", () => {
  it("R206 a user name has 8 characters and a password 9, of four kinds", () => {
    expect(loginFaults("camille")).toEqual(["login-short"]);
    expect(passwordFaults("Aa1!aaaa", "")).toEqual(["password-short"]);
    const kinds = {
      "password-lower": fc.constantFrom(..."abcdefg"),
      "password-upper": fc.constantFrom(..."ABCDEFG"),
      "password-digit": fc.constantFrom(..."0123456"),
      "password-special": fc.constantFrom(..."!-_;:?"),
    } as const;
    const names = Object.keys(kinds) as (keyof typeof kinds)[];
    fc.assert(
      fc.property(
        fc.subarray(names, { minLength: 1 }),
        fc.integer({ min: 1, max: 20 }),
        fc.infiniteStream(fc.nat()),
        (chosen, length, picks) => {
          const letters = {
            "password-lower": "b",
            "password-upper": "B",
            "password-digit": "7",
            "password-special": "!",
          };
          const own = [...picks.take(length)].map((pick) => letters[chosen[pick % chosen.length] ?? "password-lower"]);
          const password = [...chosen.map((name) => letters[name]), ...own].join("");
          const expected = [
            ...([...password].length < PASSWORD_MIN ? ["password-short"] : []),
            ...names.filter((name) => !chosen.includes(name)),
          ];
          expect(passwordFaults(password, "")).toEqual(expected);
        },
      ),
    );
    expect(LOGIN_MIN).toBe(8);
  });

  it("R206 an account with a weak password is not made", async () => {
    const claims = { kind: "patient", name: "X Y", ins: patients.nobody.ins } as const;
    const make = (login: string, secret: string) =>
      carnet.service.accounts.upsert({ id: "weak", login, secret, claims, email: "weak@mail.example" });
    await expect(make("weak.person", "password")).rejects.toThrow(/password-upper/);
    await expect(make("weak", "Essai-2026!")).rejects.toThrow(/login-short/);
    expect(await carnet.service.accounts.find("weak")).toBeUndefined();
  });

  it("R206 the code comes by mail, and a new device is told once", async () => {
    const browser = new Browser(url);
    await signIn(browser, anna.login, anna.secret, anna.email);
    expect(await mailTo(anna.email, /appareil nouveau/)).not.toMatch(/FICTIVE|2850699/);
    const tellings = async () => (await mailsTo(anna.email)).filter(({ text }) => /appareil nouveau/.test(text)).length;
    const told = await tellings();
    await browser.get(`${url}/oidc/session/end`);
    const again = new Browser(url, "/oidc/", browser.cookies(["carnet_device"]));
    await signIn(again, anna.login, anna.secret, anna.email);
    expect(await tellings()).toBe(told);
  });

  it("R206 known devices are listed, renamed and removed; removing one ends its session", async () => {
    const [here, there] = [new Browser(url), new Browser(url)];
    await signIn(here, bruno.login, bruno.secret, bruno.email);
    const tokens = await signIn(there, bruno.login, bruno.secret, bruno.email);
    const list = await here.get(`${url}/oidc/account`);
    expect(list.html.match(/class="tag"/g)).toHaveLength(1);
    const items = [...list.html.matchAll(/<li><h3>[\s\S]*?<\/li>/g)].map(([item]) => item);
    expect(items).toHaveLength(2);
    const other = items.find((item) => !item.includes('class="tag"')) ?? "";
    const device = /name="device" value="([^"]+)"/.exec(other)?.[1] ?? "";
    const renamed = await here.submit(list, "/account/rename", { device, name: "Tablette <b>du salon</b>" });
    expect(renamed.html).toContain("Tablette &lt;b&gt;du salon&lt;/b&gt;");
    // A form without the page's own token is not taken, nor is another person's device.
    expect((await here.submit(list, "/account/remove", { device, token: "x" })).status).toBe(400);
    await here.submit(renamed, "/account/remove", { device });
    const form = { grant_type: "refresh_token", client_id: "carnet-patient", refresh_token: tokens.refresh_token };
    expect((await application.post(url, "/oidc/token", form)).status).toBe(400);
    expect((await there.get(application.authorisation(url, "carnet-patient").address)).html).toContain("User name");
    expect((await here.get(`${url}/oidc/account`)).html).toContain("Known devices");
  });

  it("R206 recovery does not tell whether an account exists, and a right code sets a new password and unlocks", async () => {
    const begin = async (login: string) => {
      const browser = new Browser(url);
      const page = await browser.submit(await browser.get(`${url}/oidc/recover?lang=en`), "/oidc/recover", { login });
      return { browser, page };
    };
    const bare = ({ page }: { page: Page }) => page.html.replace(/recover\/[\w-]{32}/g, "recover/ID");
    const [known, unknown] = [await begin("clara.essai"), await begin("nobody.at-all")];
    expect(bare(known)).toBe(bare(unknown));
    expect(known.page.status).toBe(unknown.page.status);
    const chosen = { password: "Nouveau-2026?", repeat: "Nouveau-2026?", birthDate: "11/04/1960" };
    const wrong = await unknown.browser.submit(unknown.page, new URL(unknown.page.url).pathname, {
      code: "123456",
      ...chosen,
    });
    expect(wrong.status).toBe(401);

    const browser = new Browser(url);
    const form = await browser.get(application.authorisation(url, "carnet-patient").address);
    for (let count = 0; count < 5; count += 1) {
      await browser.submit(form, "/sign-in", { login: "clara.essai", secret: "wrong" });
    }
    const locked = await browser.submit(form, "/sign-in", { login: "clara.essai", secret: "Essai-2026!" });
    expect(locked.status).toBe(429);
    expect(await mailTo("clara@mail.example", /bloqu/)).toContain("/oidc/recover");

    const code = codeOf(await mailTo("clara@mail.example", /valable 15 minutes/));
    const path = new URL(known.page.url).pathname;
    const weak = await known.browser.submit(known.page, path, {
      code,
      ...chosen,
      password: "faible",
      repeat: "faible",
    });
    expect(weak.status).toBe(422);
    const done = await known.browser.submit(known.page, path, { code, ...chosen });
    expect(done.html).toContain("Password changed");
    const after = await browser.submit(form, "/sign-in", { login: "clara.essai", secret: chosen.password });
    expect(after.html).toContain("six-digit code");
    // The code served once.
    expect((await known.browser.submit(known.page, path, { code, ...chosen })).status).toBe(401);
  });

  it("R206 the birth date is asked for when it is known, and five wrong codes end a recovery", async () => {
    await carnet.service.accounts.upsert({
      id: "dora",
      login: "dora.essai",
      secret: "Essai-2026!",
      email: "dora@mail.example",
      birthDate: "1970-02-03",
      claims: {
        kind: "patient",
        name: "DORA FICTIVE",
        ins: { system: identifierSystem.insTest, value: "270027505607782" },
      },
    });
    const browser = new Browser(url);
    const page = await browser.submit(await browser.get(`${url}/oidc/recover`), "/oidc/recover", {
      login: "dora.essai",
    });
    const path = new URL(page.url).pathname;
    const code = codeOf(await mailTo("dora@mail.example", /valable 15 minutes/));
    const chosen = { password: "Nouveau-2026?", repeat: "Nouveau-2026?" };
    for (let count = 0; count < 5; count += 1) {
      expect((await browser.submit(page, path, { code, ...chosen, birthDate: "04/02/1970" })).status).toBe(401);
    }
    expect((await browser.submit(page, path, { code, ...chosen, birthDate: "03/02/1970" })).status).toBe(401);
  });

  it("R206 strangers who lock an account do not lock its owner out of a known device", async () => {
    const owner = new Browser(url);
    await signIn(owner, anna.login, anna.secret, anna.email);
    const stranger = new Browser(url);
    const form = await stranger.get(application.authorisation(url, "carnet-patient").address);
    for (let count = 0; count < 5; count += 1)
      await stranger.submit(form, "/sign-in", { login: anna.login, secret: "wrong" });
    expect((await stranger.submit(form, "/sign-in", { login: anna.login, secret: anna.secret })).status).toBe(429);
    const again = new Browser(url, "/oidc/", owner.cookies(["carnet_device"]));
    await signIn(again, anna.login, anna.secret, anna.email);
  });

  it("R206 R9 the letter's code, the card and the birth date enrol a person once, a minor never", async () => {
    // What the tests before tried from this address is forgotten.
    carnet.travel(16 * 60_000);
    const ins = patients.nobody.ins;
    const letter = { ins, name: "NIL INCONNU", cardSerialNumber: "800012345678", birthDate: "1991-02-06" };
    const provisional = await carnet.service.letters.write(letter);
    const browser = new Browser(url);
    const first = await browser.get(`${url}/oidc/enrol?lang=en`);
    const said = { nir: ins.value, card: "8000 1234 5678", birthDate: "06/02/1991", code: provisional.toLowerCase() };
    for (const wrong of [
      { code: "AAAAA-BBBBB" },
      { card: "1" },
      { birthDate: "07/02/1991" },
      { nir: patients.anna.ins.value },
    ]) {
      expect((await browser.submit(first, "/oidc/enrol", { ...said, ...wrong })).status).toBe(401);
    }
    const second = await browser.submit(first, "/oidc/enrol", said);
    const path = new URL(second.url).pathname;
    const chosen = {
      login: "nil.inconnu",
      password: "Nouveau-2026?",
      repeat: "Nouveau-2026?",
      email: "nil@mail.example",
    };
    const bad = await browser.submit(second, path, { ...chosen, login: "nil", password: "x", email: "nil" });
    expect(bad.status).toBe(422);
    const taken = await browser.submit(second, path, { ...chosen, login: anna.login });
    expect(taken.html).toContain("This user name is taken");
    const third = await browser.submit(second, path, chosen);
    const code = codeOf(await mailTo("nil@mail.example", /\d{6}/));
    expect((await browser.submit(third, "/confirm", { code: code === "000000" ? "1" : "000000" })).status).toBe(401);
    expect((await browser.submit(third, "/confirm", { code })).html).toContain("Your access is ready");
    const tokens = await signIn(new Browser(url), chosen.login, chosen.password, chosen.email);
    expect(decodeJwt(tokens.access_token)).toMatchObject({ carnet: { kind: "patient", ins } });
    expect((await browser.submit(first, "/oidc/enrol", said)).status).toBe(401);

    const minor = await carnet.service.letters.write({
      ins: patients.leo.ins,
      name: "LEO FICTIVE",
      cardSerialNumber: "8",
      birthDate: patients.leo.birthDate,
    });
    const child = { nir: patients.leo.ins.value, card: "8", birthDate: "20/06/2017", code: minor };
    expect((await browser.submit(first, "/oidc/enrol", child)).status).toBe(403);
  });

  it("R206 the ID token says when the session ends, so that a page can warn before", async () => {
    const { id_token } = await signIn(new Browser(url), bruno.login, bruno.secret, bruno.email);
    const { session_expires_at, iat } = decodeJwt(id_token);
    expect(Number(session_expires_at) - (iat ?? 0)).toBeGreaterThan(7 * 3600);
  });

  it("R206 one network address that fails for many names is made to wait", async () => {
    const guard = createSignInGuard(carnet.service.store.database, (text) => `test ${text}`, carnet.now);
    const from = (login: string, address = "192.0.2.1") => ({ login, address, deviceId: undefined });
    for (let count = 0; count < addressLock.failures; count += 1) {
      expect(await guard.isLocked(from(`nobody-${count}`))).toBe(false);
      await guard.fail(from(`nobody-${count}`));
    }
    expect(await guard.isLocked(from("somebody-else"))).toBe(true);
    expect(await guard.isLocked(from("somebody-else", "192.0.2.2"))).toBe(false);

    const browser = new Browser(url);
    const page = await browser.get(`${url}/oidc/recover`);
    let status = 0;
    for (let count = 0; count < 20 && status !== 429; count += 1) {
      status = (await browser.submit(page, "/oidc/recover", { login: `nobody-${count}` })).status;
    }
    expect(status).toBe(429);
    carnet.travel(16 * 60_000);
    expect(await guard.isLocked(from("somebody-else"))).toBe(false);
    // Locked under a clock that ran ahead, nobody waits until that day; a new count begins.
    carnet.travel(30 * 86_400_000);
    for (let count = 0; count < accountLock.failures; count += 1) await guard.fail(from("early", "192.0.2.3"));
    expect(await guard.isLocked(from("early", "192.0.2.3"))).toBe(true);
    carnet.travel(-30 * 86_400_000);
    expect(await guard.isLocked(from("early", "192.0.2.3"))).toBe(false);
    for (let count = 1; count < accountLock.failures; count += 1) await guard.fail(from("early", "192.0.2.3"));
    expect(await guard.isLocked(from("early", "192.0.2.3"))).toBe(false);
    await guard.fail(from("early", "192.0.2.3"));
    expect(await guard.isLocked(from("early", "192.0.2.3"))).toBe(true);
    expect((await browser.submit(page, "/oidc/recover", { login: "nobody-1" })).status).toBe(200);
  });
});
