/** The SDK's sign-in against this service's provider: bound tokens, silent renewal, wrong clocks, machines. */
import { connect, isUnauthorised } from "@carnet/sdk";
import { createMachineTokenSource, createSignIn, createTokenSource, type Session } from "@carnet/sdk/auth";
import { exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../identity-provider/testing/browser.ts";
import { hospital, patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
let url = "";
beforeAll(async () => {
  carnet = await startCarnet();
  url = carnet.base.replace(/\/fhir$/, "");
});
afterAll(() => carnet.close());

const { anna } = patients;

/** A patient's whole way through the provider's pages. */
async function signInAsAnna() {
  const signIn = createSignIn({
    issuer: `${url}/oidc`,
    clientId: "carnet-patient",
    redirectUri: `${url}/`,
    resource: carnet.base,
    isBound: true,
  });
  const { url: address, pending } = await signIn.begin();
  const browser = new Browser(url);
  const codePage = await browser.submit(await browser.get(address), "/sign-in", {
    login: "anna.essai",
    secret: "Essai-2026!",
  });
  const mails: { text: string }[] = await (await fetch(`${url}/mailbox/messages.json?to=anna@mail.example`)).json();
  const code = mails.map(({ text }) => /^[^\n]*: (\d{6})\r?$/m.exec(text)?.[1]).find(Boolean) ?? "";
  const back = await browser.submit(codePage, "/code", { code });
  return { signIn, session: await signIn.complete(back.url, pending) };
}

const record = (accessToken: Parameters<typeof connect>[0]["accessToken"]) =>
  connect({ baseUrl: carnet.base, accessToken }).record(anna.ins);

describe("a person's bound session", () => {
  let signedIn: Awaited<ReturnType<typeof signInAsAnna>>;
  let session: Session;
  beforeAll(async () => {
    signedIn = await signInAsAnna();
    session = signedIn.session;
  });

  test("reads with proofs, and the token alone is worth nothing", async () => {
    expect(await record(createTokenSource(session)).status()).toMatchObject({ state: "open" });
    const stolen = await record(() => session.accessToken)
      .status()
      .catch((error: unknown) => error);
    expect(isUnauthorised(stolen)).toBe(true);
    const { keys: _keys, ...unbound } = session;
    const withoutKey = await record(createTokenSource(unbound))
      .status()
      .catch((error: unknown) => error);
    expect(isUnauthorised(withoutKey)).toBe(true);
  });

  test("keeps a key that cannot be taken out", async () => {
    expect(session.keys?.privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("jwk", session.keys?.privateKey as CryptoKey)).rejects.toThrow();
  });

  test("is renewed silently with the same key, once for all callers, and ends at the issuer", async () => {
    const { signIn } = signedIn;
    const seen: Session[] = [];
    const ending = { ...session, expiresAt: Date.now() + 1_000 };
    const accessToken = createTokenSource(ending, { signIn, onSession: (one) => seen.push(one) });
    const read = record(accessToken);
    expect((await Promise.all([read.status(), read.status(), read.status()])).map(({ state }) => state)).toEqual([
      "open",
      "open",
      "open",
    ]);
    expect(seen).toHaveLength(1);
    const [renewed] = seen;
    if (!renewed) throw new Error("not renewed");
    expect(renewed.keys).toBe(session.keys);
    await signIn.end(renewed);
    await expect(signIn.refresh(renewed)).rejects.toMatchObject({ code: "sign-in-expired" });
  });
});

const keys = generateKeyPair("ES256", { extractable: true });
async function machineSource() {
  const { publicKey, privateKey } = await keys;
  const clientId = "chu-laboratory";
  await carnet.service.machineClients.register({
    clientId,
    structure: hospital,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: "one" }] },
  });
  const jwk = { ...(await exportJWK(privateKey)), kid: "one" };
  return createMachineTokenSource({
    issuer: `${url}/oidc`,
    clientId,
    key: { privateKey: jwk as JsonWebKey },
    resource: carnet.base,
  });
}
const connectMachine = (accessToken: Parameters<typeof connect>[0]["accessToken"]) =>
  connect({ baseUrl: carnet.base, accessToken });

test("R200 an establishment's software signs in with its key, gets bound tokens and renews them", async () => {
  const source = await machineSource();
  const first = await source();
  expect(typeof first).toBe("object");
  expect(await source()).toBe(first);
  expect(await source({ renew: true })).not.toBe(first);
  expect(await connectMachine(source).record(anna.ins).status()).toMatchObject({ state: "open" });
});

test("a key of no accepted kind is said before anything is sent", async () => {
  const source = createMachineTokenSource({
    issuer: `${url}/oidc`,
    clientId: "chu-laboratory",
    key: { privateKey: { kty: "oct", k: "AAAA" } },
  });
  await expect(source()).rejects.toMatchObject({ code: "client-key" });
});
