import { identifierSystem } from "@carnet/sdk/fhir";
import { decodeJwt, exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AccountInput, createAccounts, createTokenVerifier, TokenError } from "./index.ts";
import { openProviderKeys, replaceSigningKey } from "./keys.ts";
import * as application from "./testing/application.ts";
import { Browser, type Page } from "./testing/browser.ts";
import { hasChromium, lookAt } from "./testing/chromium.ts";
import { openTestStore, serve, type TestService, type TestStore } from "./testing/service.ts";

const doctor: AccountInput = {
  id: "dr-fictif",
  login: "8100001",
  secret: "4321",
  email: "dr@example.org",
  isDemo: true,
  claims: {
    kind: "professional",
    name: "Dr Anne Fictif",
    rpps: "810000000001",
    profession: "10",
    structure: { id: "1750000001", name: "Cabinet du Parc", facilityType: "SA07" },
  },
};
const patientOf = (name: string) =>
  ({
    id: `patient-${name}`,
    login: `${name}.legrand`,
    secret: "Carnet-2026!",
    email: `${name}@example.org`,
    isDemo: true,
    claims: {
      kind: "patient",
      name: `${name} LEGRAND`,
      ins: { system: identifierSystem.insTest, value: "285069935104258" },
    },
  }) satisfies AccountInput;

let data: TestStore;
let service: TestService;
let offsetMs = 0;
const now = () => new Date(Date.now() + offsetMs);

beforeAll(async () => {
  data = await openTestStore();
  service = await serve(data, now);
  // A cheap hash: what is tested is the way, not the work factor.
  const accounts = createAccounts(data.store.database, now, { N: 2 ** 8, r: 8, p: 1 });
  for (const input of [
    doctor,
    ...["camille", "lock", "codes", "resend", "cancel", "refresh", "leaving", "guess"].map(patientOf),
  ]) {
    await accounts.upsert(input);
  }
  const { secret: _none, ...minor } = patientOf("minor");
  await accounts.upsert(minor);
}, 120_000);
afterAll(async () => {
  await service.close();
  await data.close();
});

beforeEach(() => {
  offsetMs = 0;
});

const authorisation = (client: string, extra?: Readonly<Record<string, string>>) =>
  application.authorisation(service.url, client, extra);
const post = (path: string, form: Readonly<Record<string, string>>) => application.post(service.url, path, form);
const redeem = (request: application.SignInRequest, page: Page) => application.redeem(service.url, request, page);
const mailedCode = (to: string) => application.mailedCode(service.url, to);

async function signInPatient(browser: Browser, name: string): Promise<application.Tokens> {
  const request = authorisation("carnet-patient");
  const { login, secret } = patientOf(name);
  const codePage = await browser.submit(await browser.get(request.address), "/sign-in", { login, secret });
  return redeem(request, await browser.submit(codePage, "/code", { code: await mailedCode(`${name}@example.org`) }));
}

describe("signing in", () => {
  it("a professional signs in with card and PIN, and the token says who they are (R200)", async () => {
    const browser = new Browser(service.url);
    const request = authorisation("carnet-practice");
    const form = await browser.get(request.address);
    expect(form.html).toContain("Card number");
    const tokens = await redeem(request, await browser.submit(form, "/sign-in", { login: "8100001", secret: "4321" }));
    const verified = await service.verify(tokens.access_token);
    expect(verified.actor).toEqual({ id: "dr-fictif", ...doctor.claims });
    expect(verified.scope).toContain("record");
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: `${service.url}/oidc`,
      aud: `${service.url}/fhir`,
      sub: "dr-fictif",
    });
    expect(decodeJwt(tokens.id_token)).toMatchObject({ name: "Dr Anne Fictif", sub: "dr-fictif" });
  });

  it("a patient signs in with a password and the code received by mail, once (R206)", async () => {
    const browser = new Browser(service.url);
    const request = authorisation("carnet-patient");
    const form = await browser.get(request.address);
    const codePage = await browser.submit(form, "/sign-in", { login: " Camille.Legrand ", secret: "Carnet-2026!" });
    expect(codePage.html).toContain("six-digit code");
    const code = await mailedCode("camille@example.org");
    const wrong = await browser.submit(codePage, "/code", { code: code === "000000" ? "000001" : "000000" });
    expect(wrong.status).toBe(401);
    const tokens = await redeem(
      request,
      await browser.submit(wrong, "/code", { code: ` ${code.slice(0, 3)} ${code.slice(3)}` }),
    );
    expect((await service.verify(tokens.access_token)).actor).toEqual({
      id: "patient-camille",
      ...patientOf("camille").claims,
    });
    const again = await browser.submit(codePage, "/code", { code });
    expect(again.status).toBe(400);
  });

  it("a mail with a code says nothing of health and does not name the person's record", async () => {
    const browser = new Browser(service.url);
    const { login, secret } = patientOf("camille");
    await browser.submit(await browser.get(authorisation("carnet-patient").address), "/sign-in", { login, secret });
    const [mail] = await (await fetch(`${service.url}/mailbox/messages.json?to=camille@example.org`)).json();
    expect(mail.text).not.toMatch(/LEGRAND|2850699|dossier de/);
  });

  it("answers an unknown name, a wrong password and who has none (R9) alike", async () => {
    const bodies = [];
    for (const login of ["camille.legrand", "nobody.at-all", "minor.legrand"]) {
      const browser = new Browser(service.url);
      const form = await browser.get(authorisation("carnet-patient").address);
      const page = await browser.submit(form, "/sign-in", { login, secret: "wrong" });
      bodies.push([page.status, page.html.replaceAll(login, "").replace(/interaction\/[\w-]+/g, "")]);
    }
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[2]).toEqual(bodies[0]);
    expect(bodies[0]?.[0]).toBe(401);
  });

  it("locks after five failures, for 15 minutes, even with the right password", async () => {
    const browser = new Browser(service.url);
    const { login, secret } = patientOf("lock");
    const form = await browser.get(authorisation("carnet-patient").address);
    for (let count = 1; count <= 5; count += 1) {
      const page = await browser.submit(form, "/sign-in", { login, secret: "wrong" });
      expect(page.status).toBe(count < 5 ? 401 : 429);
    }
    expect((await browser.submit(form, "/sign-in", { login, secret })).status).toBe(429);
    offsetMs += 16 * 60_000;
    expect((await browser.submit(form, "/sign-in", { login, secret })).html).toContain("six-digit code");
  });

  it("gives five tries for a code, and ten minutes", async () => {
    const browser = new Browser(service.url);
    const { login, secret } = patientOf("codes");
    const form = await browser.get(authorisation("carnet-patient").address);
    const first = await browser.submit(form, "/sign-in", { login, secret });
    const code = await mailedCode("codes@example.org");
    const wrongCode = code === "111111" ? "111112" : "111111";
    for (let count = 1; count <= 5; count += 1) {
      const page = await browser.submit(first, "/code", { code: wrongCode });
      expect(page.html).toContain(count < 5 ? "not the right code" : "Too many attempts with this code");
    }
    expect((await browser.submit(first, "/code", { code })).status).toBe(401);
    const second = await browser.submit(form, "/sign-in", { login, secret });
    offsetMs += 11 * 60_000;
    const late = await browser.submit(second, "/code", { code: await mailedCode("codes@example.org") });
    expect(late.html).toContain("no longer valid");
  });

  it("a password alone does not open the way to guess codes: begun again, a sign-in counts the wrong ones too", async () => {
    const { login, secret } = patientOf("guess");
    const browser = new Browser(service.url);
    const form = await browser.get(authorisation("carnet-patient").address);
    let guesses = 0;
    let page = await browser.submit(form, "/sign-in", { login, secret });
    for (let round = 0; round < 8 && page.status !== 429; round += 1) {
      for (let count = 0; count < 4 && page.status !== 429; count += 1) {
        const code = await mailedCode("guess@example.org");
        page = await browser.submit(page, "/code", { code: code === "111111" ? "111112" : "111111" });
        guesses += 1;
      }
      if (page.status === 429) break;
      page = await browser.submit(await browser.submit(page, "/restart"), "/sign-in", { login, secret });
    }
    expect([page.status, guesses]).toEqual([429, 10]);
    // No code is sent meanwhile, in another browser either, and the owner knows.
    const other = new Browser(service.url);
    const again = await other.get(authorisation("carnet-patient").address);
    expect((await other.submit(again, "/sign-in", { login, secret })).status).toBe(429);
    const mails: { kind: string }[] = await (
      await fetch(`${service.url}/mailbox/messages.json?to=guess@example.org`)
    ).json();
    expect(mails.filter(({ kind }) => kind === "security")).toHaveLength(1);
    offsetMs += 16 * 60_000;
    expect((await other.submit(again, "/sign-in", { login, secret })).html).toContain("six-digit code");
  });

  it("sends at most two more codes, half a minute apart", async () => {
    const browser = new Browser(service.url);
    const { login, secret } = patientOf("resend");
    const page = await browser.submit(await browser.get(authorisation("carnet-patient").address), "/sign-in", {
      login,
      secret,
    });
    const outcomes = [];
    for (const waitMs of [0, 31_000, 31_000, 31_000]) {
      offsetMs += waitMs;
      outcomes.push((await browser.submit(page, "/resend")).status);
    }
    expect(outcomes).toEqual([429, 200, 200, 429]);
  });

  it("a patient's account does not open the professionals' page, nor the other way round", async () => {
    const browser = new Browser(service.url);
    const form = await browser.get(authorisation("carnet-practice").address);
    const { login, secret } = patientOf("camille");
    expect((await browser.submit(form, "/sign-in", { login, secret })).status).toBe(401);
    await browser.submit(form, "/sign-in", { login: "8100001", secret: "4321" });
    // The professional's session is there: the patient page asks for a patient all the same.
    expect((await browser.get(authorisation("carnet-patient").address)).html).toContain("User name");
    // And the practice's own page needs no second sign-in.
    expect((await browser.get(authorisation("carnet-practice").address)).url).toContain("/practice/?code=");
  });

  it("cancelling goes back to the application with access_denied", async () => {
    const browser = new Browser(service.url);
    const page = await browser.submit(await browser.get(authorisation("carnet-patient").address), "/cancel");
    expect(new URL(page.url).searchParams.get("error")).toBe("access_denied");
  });

  it("refuses a sign-in from another browser, an unknown address to return to, and a request without PKCE", async () => {
    const form = await new Browser(service.url).get(authorisation("carnet-patient").address);
    const { login, secret } = patientOf("camille");
    expect((await new Browser(service.url).submit(form, "/sign-in", { login, secret })).status).toBe(400);
    const elsewhere = authorisation("carnet-patient", { redirect_uri: "https://evil.example/" });
    expect((await new Browser(service.url).get(elsewhere.address)).status).toBe(400);
    const bare = authorisation("carnet-patient", { code_challenge: "", code_challenge_method: "" });
    expect((await new Browser(service.url).get(bare.address)).url).toContain("error=invalid_request");
  });

  it("fills the form with a fictitious account in one click", async () => {
    const browser = new Browser(service.url);
    const form = await browser.get(authorisation("carnet-patient").address);
    const link = /href="([^"]*account=patient-camille[^"]*)"/.exec(form.html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const filled = await browser.get(new URL(link, form.url).href);
    expect(filled.html).toContain('value="camille.legrand"');
    expect(filled.html).not.toContain("Dr Anne Fictif");
  });

  it("the pages run no script and load nothing from elsewhere", async () => {
    const form = await new Browser(service.url).get(authorisation("carnet-patient").address);
    expect(form.headers.get("content-security-policy")).toMatch(/default-src 'none'; style-src 'self'/);
    expect(form.html).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1)|style="/);
  });
});

describe("sessions", () => {
  it("a refresh token is renewed in silence, works once, and its theft ends the session", async () => {
    const tokens = await signInPatient(new Browser(service.url), "refresh");
    const renew = (refresh_token: string) =>
      post("/oidc/token", { grant_type: "refresh_token", client_id: "carnet-patient", refresh_token });
    const renewed = await renew(tokens.refresh_token);
    expect(renewed.status).toBe(200);
    expect((await service.verify(renewed.body.access_token)).actor.id).toBe("patient-refresh");
    expect(renewed.body.refresh_token).not.toBe(tokens.refresh_token);
    expect((await renew(tokens.refresh_token)).status).toBe(400);
    expect((await renew(renewed.body.refresh_token)).status).toBe(400);
  });

  it("the extension's own pages may ask for its tokens; no other page may ask for anybody's", async () => {
    const origins = [
      "chrome-extension://abcdefghijklmnop",
      "moz-extension://0e1b-22",
      "https://evil.example",
      service.url,
    ];
    const answers: Record<string, string[]> = { "carnet-extension": [], "carnet-patient": [] };
    for (const client_id of Object.keys(answers)) {
      for (const origin of origins) {
        const body = new URLSearchParams({ grant_type: "refresh_token", client_id, refresh_token: "unknown" });
        const response = await fetch(`${service.url}/oidc/token`, { method: "POST", body, headers: { origin } });
        const { error } = await response.json();
        if (error === "invalid_grant") answers[client_id]?.push(origin);
      }
    }
    expect(answers).toEqual({
      "carnet-extension": [origins[0], origins[1], service.url],
      "carnet-patient": [service.url],
    });
  });

  it("signing out ends the session and its refresh token", async () => {
    const browser = new Browser(service.url);
    const tokens = await signInPatient(browser, "refresh");
    const query = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: `${service.url}/` });
    const ask = await browser.get(`${service.url}/oidc/session/end?${query}`);
    expect(ask.html).toContain("Sign out?");
    const out = await browser.submit(ask, "/session/end/confirm", { logout: "yes" });
    expect(out.url).toBe(`${service.url}/`);
    const form = { grant_type: "refresh_token", client_id: "carnet-patient", refresh_token: tokens.refresh_token };
    expect((await post("/oidc/token", form)).status).toBe(400);
    expect((await browser.get(authorisation("carnet-patient").address)).html).toContain("User name");
  });

  it("a page of the service signs its own person out, and nobody else", async () => {
    const browser = new Browser(service.url);
    const tokens = await signInPatient(browser, "leaving");
    const form = { grant_type: "refresh_token", client_id: "carnet-patient", refresh_token: tokens.refresh_token };
    const isSignedIn = async () =>
      !(await browser.get(authorisation("carnet-patient").address)).html.includes("User name");
    // Another person's page, in a tab that stayed open: whoever signed in since is not its to send away.
    expect((await browser.post(`${service.url}/oidc/sign-out`, { sub: "patient-camille" })).status).toBe(204);
    expect(await isSignedIn()).toBe(true);
    expect((await browser.post(`${service.url}/oidc/sign-out`, { sub: "patient-leaving" })).status).toBe(204);
    expect(await isSignedIn()).toBe(false);
    expect((await post("/oidc/token", form)).status).toBe(400);
  });

  it("another site signs nobody out", async () => {
    const body = new URLSearchParams({ sub: "patient-camille" });
    const headers = { "sec-fetch-site": "cross-site" };
    expect((await fetch(`${service.url}/oidc/sign-out`, { method: "POST", body, headers })).status).toBe(403);
  });

  it("survives a restart: keys, sessions and refresh tokens stay", async () => {
    const tokens = await signInPatient(new Browser(service.url), "refresh");
    const keys = await openProviderKeys(data.store.database, data.store.keys);
    expect(decodeJwt(tokens.access_token).sub).toBe("patient-refresh");
    expect((await openProviderKeys(data.store.database, data.store.keys)).signing).toEqual(keys.signing);
    const row = await data.store.database
      .selectFrom("oidc_key" as never)
      .selectAll()
      .execute();
    expect(JSON.stringify(row)).not.toContain(String(keys.signing.d));
  });
});

describe("a new signing key", () => {
  const letter = { cardSerialNumber: "1234567890", birthDate: "1985-06-14" };
  const ins = { system: identifierSystem.insTest, value: "285069935104258" };
  const keysNow = () => openProviderKeys(data.store.database, data.store.keys, now);
  /** As a process that starts now would judge it. */
  const judged = (token: string) =>
    createTokenVerifier({ config: data.config, store: data.store, publicUrl: () => service.url, now })(token).then(
      () => "accepted",
      (error: unknown) => (error instanceof TokenError ? error.code : String(error)),
    );

  it("leaves tokens and printed letters as they are, whether a process was started before it or after", async () => {
    const signedIn = await signInPatient(new Browser(service.url), "camille");
    const code = await service.letters.write({ ...letter, ins, name: "Camille LEGRAND" });
    const old = await keysNow();
    const signed = ({ signing }: typeof old) =>
      new SignJWT({ ...decodeJwt(signedIn.access_token), exp: Math.floor(now().getTime() / 1000) + 3 * 86_400 })
        .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: signing.kid })
        .sign(signing);
    const former = await signed(old);
    expect((await service.verify(former)).actor.id).toBe("patient-camille");

    expect(await replaceSigningKey(data.store.database, data.store.keys, true, now())).toBe(true);
    offsetMs += 2000;
    const renewed = await keysNow();
    const fresh = await signed(renewed);
    expect(renewed.signing.kid).not.toBe(old.signing.kid);
    // The process that runs hears of the key by a token of another one; and that one knows what the first has signed.
    expect((await service.verify(fresh)).actor.id).toBe("patient-camille");
    expect(await judged(former)).toBe("accepted");

    // Run again, as after one that was killed when it had done its work: processes sign with the first key all the same.
    await replaceSigningKey(data.store.database, data.store.keys, true, now());
    const last = await keysNow();
    const newest = await signed(last);
    for (const one of [former, fresh, newest]) expect(await judged(one)).toBe("accepted");

    const restarted = await serve(data, now);
    try {
      const published = await (await fetch(`${restarted.url}/oidc/jwks`)).json();
      expect(published.keys.map(({ kid }: { kid: string }) => kid)).toEqual([
        last.signing.kid,
        renewed.signing.kid,
        old.signing.kid,
      ]);
      expect(published.keys.every((key: object) => !("d" in key))).toBe(true);
      expect(await restarted.letters.check({ ...letter, nir: ins.value, code })).toMatchObject({ ins });
    } finally {
      await restarted.close();
    }

    offsetMs += 25 * 3_600_000;
    for (const one of [former, fresh]) expect(await judged(one)).toBe("token-signature");
    expect(await judged(newest)).toBe("accepted");
    // One that leaked is not believed for another day.
    await replaceSigningKey(data.store.database, data.store.keys, false, now());
    expect(await judged(newest)).toBe("token-signature");
    // The processes of the tests that follow sign with the key that they began with.
    await service.close();
    service = await serve(data, now);
  });
});

describe("tokens", () => {
  const demoToken = async (account: string) => {
    const response = await fetch(`${service.url}/oidc/demo-token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ account }),
    });
    return { status: response.status, body: await response.json() };
  };
  const refused = (token: string) =>
    service.verify(token).then(
      () => "accepted",
      (error: unknown) => (error instanceof TokenError ? `${error.status} ${error.code}` : String(error)),
    );

  it("a script gets one in a demonstration, for known accounts only", async () => {
    const { body } = await demoToken("dr-fictif");
    expect((await service.verify(body.access_token)).actor.kind).toBe("professional");
    expect((await demoToken("dr-nobody")).status).toBe(404);
  });

  it("refuses what is expired, tampered with, unsigned, for others, or of another kind", async () => {
    const { body } = await demoToken("dr-fictif");
    const token: string = body.access_token;
    const { signing } = await openProviderKeys(data.store.database, data.store.keys);
    const claims = decodeJwt(token);
    const sign = async (changes: object, header: object = {}, key = signing) =>
      new SignJWT({ ...claims, ...changes })
        .setProtectedHeader({ alg: "ES256", typ: "at+jwt", ...header })
        .sign(await importJWK(key, "ES256"));
    const [head, , signature] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: "dr-other" })).toString("base64url");
    const { privateKey } = await generateKeyPair("ES256", { extractable: true });
    const otherKey = { ...(await exportJWK(privateKey)), kid: signing.kid };

    expect(await refused(await sign({}))).toBe("accepted");
    expect(await refused(await sign({ exp: Math.floor(now().getTime() / 1000) - 60 }))).toBe("401 token-expired");
    expect(await refused(await sign({ aud: `${service.url}/other` }))).toBe("401 token-audience");
    expect(await refused(await sign({ iss: "https://evil.example/oidc" }))).toBe("401 token-audience");
    expect(await refused(await sign({ carnet: { kind: "patient" } }))).toBe("401 token-claims");
    expect(await refused(await sign({}, { typ: "JWT" }))).toBe("401 token-claims");
    expect(await refused(await sign({}, {}, otherKey))).toBe("401 token-signature");
    expect(await refused(`${head}.${forged}.${signature}`)).toBe("401 token-signature");
    expect(await refused(new UnsecuredJWT(claims).encode())).toMatch(/^401 token-/);
    expect(await refused("not a token")).toBe("401 token-malformed");
    expect(await refused("")).toBe("401 token-malformed");
  });

  it("an ID token is not an access token", async () => {
    const { id_token } = await signInPatient(new Browser(service.url), "refresh");
    expect(await refused(id_token)).toMatch(/^401 token-/);
  });

  it("a token that was accepted is refused once it has expired", async () => {
    const { body } = await demoToken("dr-fictif");
    expect(await refused(body.access_token)).toBe("accepted");
    offsetMs += 3600_000 + 60_000;
    expect(await refused(body.access_token)).toBe("401 token-expired");
  });
});

describe("the embedded provider outside a demonstration", () => {
  it("has no demo token and offers no account", async () => {
    const production = await serve(
      { ...data, config: { ...data.config, isDemo: false, smtpUrl: "smtp://127.0.0.1:9" } },
      now,
    );
    const answer = await fetch(`${production.url}/oidc/demo-token`, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(404);
    expect((await fetch(`${production.url}/mailbox`)).status).toBe(404);
    await production.close();
  });

  it("the address in its discovery document is the configured one, whatever the Host header says", async () => {
    const answer = await service.app.inject({
      url: "/oidc/.well-known/openid-configuration",
      headers: { host: "evil.example", "x-forwarded-host": "evil.example" },
    });
    expect(answer.json()).toMatchObject({ issuer: `${service.url}/oidc`, token_endpoint: `${service.url}/oidc/token` });
  });
});

describe.skipIf(!hasChromium)("the pages in Chromium (needs Chromium)", () => {
  it("are accessible, fit 320 px and ask nobody else, in light and dark", async () => {
    const found = await lookAt(async (show, click) => {
      await show(authorisation("carnet-practice").address);
      await show(authorisation("carnet-patient").address);
      await click("button.primary");
      await click("a[href*='patient-cancel']");
      await click("button.primary");
      await show(`${service.url}/mailbox?to=cancel@example.org`);
      await show(`${service.url}/mailbox?to=nobody@example.org`);
      await show(`${service.url}/extension/signed-in`);
    });
    expect(found).toEqual([]);
  }, 120_000);
});
