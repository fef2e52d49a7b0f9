import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as oauth from "oauth4webapi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../client/index.ts";
import { createMachineTokenSource, type MachineOptions } from "./index.ts";

const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64url");
const ins = { system: "urn:oid:1.2.250.1.213.1.4.10", value: "279035121518989" };

/** An issuer and a service of one machine, whose clock may be wrong for ours and which may want nonces (RFC 9449). */
async function start() {
  const signing = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const state = { skewMs: 0, issuerNonce: "", serviceNonce: "", refusals: 0, asked: 0 };
  let url = "";
  const now = () => Math.floor((Date.now() + state.skewMs) / 1000);
  const proofOf = (header: unknown) => {
    const [head = "", body = ""] = String(header ?? "").split(".");
    const read = (part: string) =>
      JSON.parse(Buffer.from(part, "base64url").toString() || "{}") as Record<string, unknown>;
    return { jwk: read(head).jwk as JsonWebKey | undefined, claims: read(body) };
  };
  const tokenFor = async (jwk: JsonWebKey | undefined) => {
    const canonical = JSON.stringify({ crv: jwk?.crv, kty: jwk?.kty, x: jwk?.x, y: jwk?.y });
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical));
    const jkt = base64url(new Uint8Array(digest));
    const claims = {
      iss: url,
      aud: `${url}/fhir`,
      sub: "a",
      client_id: "a",
      jti: crypto.randomUUID(),
      iat: now(),
      exp: now() + 600,
    };
    const text = [
      { alg: "ES256", typ: "at+jwt" },
      { ...claims, ...(jwk ? { cnf: { jkt } } : {}) },
    ]
      .map((part) => base64url(JSON.stringify(part)))
      .join(".");
    const signature = await crypto.subtle.sign(
      { name: "ECDSA", hash: "SHA-256" },
      signing.privateKey,
      Buffer.from(text),
    );
    return `${text}.${base64url(new Uint8Array(signature))}`;
  };
  const server = createServer(async (request, response) => {
    const send = (status: number, json: unknown, headers: Record<string, string> = {}) => {
      response.sendDate = false;
      response.writeHead(status, {
        "content-type": "application/json",
        date: new Date(Date.now() + state.skewMs).toUTCString(),
        ...headers,
      });
      response.end(JSON.stringify(json));
    };
    if (request.url === "/keys") {
      const jwk = await crypto.subtle.exportKey("jwk", signing.publicKey);
      return send(200, { keys: [{ ...jwk, alg: "ES256", use: "sig" }] });
    }
    const metadata = { issuer: url, token_endpoint: `${url}/token`, jwks_uri: `${url}/keys` };
    if (request.url?.startsWith("/.well-known")) return send(200, metadata);
    const { jwk, claims } = proofOf(request.headers.dpop);
    if (request.url === "/token") {
      if (state.issuerNonce && claims.nonce !== state.issuerNonce) {
        return send(400, { error: "use_dpop_nonce" }, { "dpop-nonce": state.issuerNonce });
      }
      if (Math.abs(Number(claims.iat) - now()) > 60) return send(400, { error: "invalid_dpop_proof" });
      return send(200, { access_token: await tokenFor(jwk), token_type: "DPoP", expires_in: 600 });
    }
    state.asked++;
    try {
      const asked = new Request(`${url}${request.url}`, {
        method: request.method ?? "GET",
        headers: request.headers as Record<string, string>,
      });
      await oauth.validateJwtAccessToken(metadata, asked, `${url}/fhir`, {
        requireDPoP: true,
        [oauth.clockSkew]: Math.round(state.skewMs / 1000),
        [oauth.clockTolerance]: 60,
        [oauth.allowInsecureRequests]: true,
      });
      if (state.serviceNonce && claims.nonce !== state.serviceNonce) throw new Error("nonce");
      send(200, { resourceType: "Bundle", type: "searchset" });
    } catch {
      state.refusals++;
      send(401, {}, state.serviceNonce ? { "dpop-nonce": state.serviceNonce } : {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const source = (more: Partial<MachineOptions> = {}) =>
    createMachineTokenSource({ issuer: url, clientId: "a", key: { privateKey: keys.privateKey }, ...more });
  return {
    state,
    status: (accessToken = source()) =>
      connect({ baseUrl: `${url}/fhir`, accessToken })
        .record(ins)
        .status(),
    source,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

let world: Awaited<ReturnType<typeof start>>;
beforeEach(async () => {
  world = await start();
});
afterEach(() => world.close());

describe("proofs of possession", () => {
  test("hold for the method, the address and the token, as another library judges them", async () => {
    expect(await world.status()).toMatchObject({ state: "none" });
    expect(world.state).toMatchObject({ asked: 1, refusals: 0 });
  });

  test("take up the nonces that the issuer and the service ask for, and keep them", async () => {
    world.state.issuerNonce = "n-issuer";
    world.state.serviceNonce = "n-service";
    const source = world.source();
    await world.status(source);
    expect(world.state).toMatchObject({ asked: 2, refusals: 1 });
    await world.status(source);
    expect(world.state).toMatchObject({ asked: 3, refusals: 1 });
    world.state.serviceNonce = "n-next";
    await world.status(source);
    expect(world.state).toMatchObject({ asked: 5, refusals: 2 });
  });

  test("go by the other side's clock when this one is wrong by ten minutes, either way", async () => {
    for (const skewMs of [600_000, -600_000]) {
      world.state.skewMs = skewMs;
      world.state.refusals = 0;
      expect(await world.status()).toMatchObject({ state: "none" });
      expect(world.state.refusals).toBe(0);
    }
  });

  test("follow a clock that is set right meanwhile", async () => {
    const source = world.source();
    await world.status(source);
    world.state.skewMs = 450_000;
    expect(await world.status(source)).toMatchObject({ state: "none" });
    expect(world.state.refusals).toBe(1);
  });
});

test("a machine's token is renewed once, however many late refusals there are of the former one", async () => {
  const source = world.source({ isBound: false });
  const [first, ...others] = [await source(), await source()].map(String);
  expect(others).toEqual([first]);
  const second = await source({ renew: true, refused: first ?? "" });
  expect(second).not.toBe(first);
  expect(await source({ renew: true, refused: first ?? "" })).toBe(second);
});

test("a machine's token serves until its very end while the issuer is away, unless the service refused it", async () => {
  let isAway = false;
  const line: typeof fetch = (input, init) => (isAway ? Promise.reject(new TypeError("down")) : fetch(input, init));
  // A margin longer than the token lives: it is renewed each time.
  const source = world.source({ fetch: line, marginMs: 3_600_000, isBound: false });
  const first = await source();
  isAway = true;
  expect(await source()).toBe(first);
  await expect(source({ renew: true })).rejects.toMatchObject({ code: "issuer-unreachable" });
});
