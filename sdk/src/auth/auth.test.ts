import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  completeRedirect,
  createSignIn,
  createTokenSource,
  isSignInError,
  proSanteConnect,
  type Session,
  signInByPopup,
} from "./index.ts";

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const digest = async (text: string) =>
  base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));

/** An issuer of forty lines: it checks PKCE as a real one does. */
async function startIssuer() {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const state = {
    challenge: "",
    nonce: "",
    acr: "eidas1",
    refreshes: 0,
    isRefusing: false,
    requests: [] as URLSearchParams[],
  };
  let issuer = "";
  const idToken = async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer,
      aud: "client",
      sub: "dr-martin",
      iat: now,
      exp: now + 60,
      nonce: state.nonce,
      acr: state.acr,
      name: "Dr Martin",
    };
    const body = [{ alg: "ES256" }, claims].map((part) => base64url(Buffer.from(JSON.stringify(part)))).join(".");
    const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.privateKey, Buffer.from(body));
    return `${body}.${base64url(new Uint8Array(signature))}`;
  };
  const server = createServer(async (request, response) => {
    const send = (status: number, json: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(json));
    };
    if (request.url?.startsWith("/oidc/.well-known/")) {
      return send(200, {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        id_token_signing_alg_values_supported: ["ES256"],
        response_types_supported: ["code"],
      });
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    state.requests.push(form);
    if (state.isRefusing) return send(400, { error: "invalid_grant" });
    if (form.get("grant_type") === "refresh_token") {
      state.refreshes++;
      return send(200, { access_token: `access-${state.refreshes}`, token_type: "Bearer", expires_in: 60 });
    }
    if ((await digest(form.get("code_verifier") ?? "")) !== state.challenge)
      return send(400, { error: "invalid_grant" });
    return send(200, {
      access_token: "access-0",
      token_type: "Bearer",
      expires_in: 60,
      refresh_token: "refresh",
      id_token: await idToken(),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oidc`;
  return {
    issuer,
    state,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

let provider: Awaited<ReturnType<typeof startIssuer>>;
beforeEach(async () => {
  provider = await startIssuer();
});
afterEach(() => provider.close());

const redirectUri = "http://127.0.0.1/practice/";
const start = (options: object = {}) =>
  createSignIn({ issuer: provider.issuer, clientId: "client", redirectUri, ...options });

/** The person's part: goes to the address, comes back with a code. */
async function signInAs(options: object = {}): Promise<Session> {
  const signIn = start(options);
  const { url, pending } = await signIn.begin();
  const asked = new URL(url).searchParams;
  provider.state.challenge = asked.get("code_challenge") ?? "";
  provider.state.nonce = asked.get("nonce") ?? "";
  return signIn.complete(`${redirectUri}?code=code&state=${asked.get("state")}`, pending);
}

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("sign-in", () => {
  test("asks for a code with PKCE, the scope and the resource", async () => {
    const { url } = await start({ resource: "https://carnet.example/fhir", acrValues: "eidas1" }).begin({
      prompt: "login",
    });
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      response_type: "code",
      code_challenge_method: "S256",
      scope: "openid profile record",
      resource: "https://carnet.example/fhir",
      acr_values: "eidas1",
      prompt: "login",
    });
  });

  test("gives a session whose claims come from the ID token", async () => {
    const session = await signInAs({ resource: "https://carnet.example/fhir" });
    expect(session).toMatchObject({ accessToken: "access-0", refreshToken: "refresh", claims: { sub: "dr-martin" } });
    expect(session.expiresAt).toBeGreaterThan(Date.now());
    expect(provider.state.requests[0]?.get("resource")).toBe("https://carnet.example/fhir");
  });

  test("an answer with another state is refused before the issuer is asked", async () => {
    const { pending } = await start().begin();
    const error = await errorOf(start().complete(`${redirectUri}?code=c&state=other`, pending));
    expect(isSignInError(error, "sign-in-failed")).toBe(true);
    expect(provider.state.requests).toEqual([]);
  });

  test("a person who refuses is told apart from a failure", async () => {
    const { pending } = await start().begin();
    const back = `${redirectUri}?error=access_denied&state=${pending.state}`;
    expect(isSignInError(await errorOf(start().complete(back, pending)), "sign-in-refused")).toBe(true);
  });

  test("R204: a level other than the one asked for is refused", async () => {
    provider.state.acr = "eidas0";
    expect(isSignInError(await errorOf(signInAs({ acrValues: "eidas1" })), "level-too-low")).toBe(true);
  });

  test("http is for this machine only", () => {
    expect(() => createSignIn({ issuer: "http://carnet.example/oidc", clientId: "c", redirectUri })).toThrow(
      expect.objectContaining({ code: "issuer-insecure" }),
    );
  });

  test("an issuer that does not answer is unreachable, and is asked again the next time", async () => {
    let isUp = false;
    const flaky: typeof fetch = (input, init) => (isUp ? fetch(input, init) : Promise.reject(new TypeError("down")));
    const signIn = start({ fetch: flaky });
    expect(isSignInError(await errorOf(signIn.begin()), "issuer-unreachable")).toBe(true);
    isUp = true;
    expect((await signIn.begin()).url).toContain("/oidc/auth");
  });

  test("one who gives up while the issuer is looked for takes nobody else along", async () => {
    const leaving = new AbortController();
    const slow: typeof fetch = async (input, init) => {
      leaving.abort(new Error("left the page"));
      init?.signal?.throwIfAborted();
      return fetch(input, init);
    };
    const signIn = start({ fetch: slow });
    const [left, staying] = await Promise.all([errorOf(signIn.begin({ signal: leaving.signal })), signIn.begin()]);
    expect(left).toBe(leaving.signal.reason);
    expect(staying.url).toContain("/oidc/auth");
  });

  test("an issuer that takes a request and never answers is unreachable", async () => {
    const hanging: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    const signIn = start({ fetch: hanging, timeoutMs: 20 });
    expect(isSignInError(await errorOf(signIn.begin()), "issuer-unreachable")).toBe(true);
  });

  test("R203: Pro Santé Connect has its own place for metadata, its level and its hosts", async () => {
    const asked: string[] = [];
    const preset = proSanteConnect({
      clientId: "c",
      redirectUri,
      environment: "sandbox",
      fetch: async (input) => {
        asked.push(String(input));
        throw new TypeError("no network in tests");
      },
    });
    await errorOf(createSignIn(preset).begin());
    expect(asked[0]).toMatch(/bas.*\/auth\/realms\/esante-wallet\/\.well-known\/wallet-openid-configuration$/);
    expect(preset.acrValues).toBe("eidas1");
  });
});

describe("sign-in in a page", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("a window that is closed while the issuer is still looked for is a refusal, and no endless wait", async () => {
    const popup = { closed: false, location: { replace: () => expect.fail("sent into a closed window") }, close() {} };
    vi.stubGlobal("open", () => popup);
    const slow: typeof fetch = async (...asked) => {
      popup.closed = true;
      return fetch(...asked);
    };
    const error = await errorOf(signInByPopup(start({ fetch: slow }), { signal: AbortSignal.timeout(5_000) }));
    expect(isSignInError(error, "sign-in-refused")).toBe(true);
  });

  /** A window that is to open: where it was sent, and how the page that opened it sees it from then on. */
  function windowToOpen() {
    const sight = { href: "about:blank" as string | undefined, closed: false };
    let tell: (address: URL) => void = () => undefined;
    const sentTo = new Promise<URL>((resolve) => {
      tell = resolve;
    });
    vi.stubGlobal("open", () => ({
      get closed() {
        return sight.closed;
      },
      location: {
        get href() {
          if (sight.href === undefined) throw new DOMException("of another origin", "SecurityError");
          return sight.href;
        },
        replace: (address: string) => tell(new URL(address)),
      },
      close: () => undefined,
    }));
    return { sight, sentTo };
  }

  test.each([
    ["before it is looked at", 0],
    ["a moment after it was seen there", 300],
  ])(
    "a slow issuer that cuts the link to its opener, %s, is not taken for a window that the person closed",
    async (_, seenFor) => {
      vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
      try {
        const { sight, sentTo } = windowToOpen();
        const session = signInByPopup(start());
        const early = errorOf(session);
        const asked = (await sentTo).searchParams;
        // Five seconds of an empty window, then its answer.
        await vi.advanceTimersByTimeAsync(5_000);
        sight.href = undefined;
        await vi.advanceTimersByTimeAsync(seenFor);
        sight.closed = true;
        await vi.advanceTimersByTimeAsync(5_000);
        provider.state.challenge = asked.get("code_challenge") ?? "";
        provider.state.nonce = asked.get("nonce") ?? "";
        const state = asked.get("state");
        const back = new BroadcastChannel("carnet-sign-in");
        back.postMessage({ state, url: `${redirectUri}?code=code&state=${state}` });
        expect(await early).toBeUndefined();
        expect((await session).accessToken).toBe("access-0");
        back.close();
      } finally {
        vi.useRealTimers();
      }
    },
  );

  test("a window that the person closes at the issuer is a refusal", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
    try {
      const { sight, sentTo } = windowToOpen();
      const error = errorOf(signInByPopup(start()));
      await sentTo;
      sight.href = undefined;
      await vi.advanceTimersByTimeAsync(2_000);
      sight.closed = true;
      await vi.advanceTimersByTimeAsync(1_000);
      expect(isSignInError(await error, "sign-in-refused")).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a window that comes back waits for a busy page that opened it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const opener = new BroadcastChannel("carnet-sign-in");
    try {
      vi.stubGlobal("location", new URL(`${redirectUri}?code=code&state=state`));
      vi.stubGlobal("history", { state: null, replaceState: () => undefined });
      vi.stubGlobal("sessionStorage", { getItem: () => null });
      const closed = new Promise<string>((resolve) => vi.stubGlobal("close", () => resolve("closed")));
      const handedOver = new Promise<unknown>((resolve) => {
        opener.onmessage = ({ data }) => resolve(data);
      });
      const error = errorOf(completeRedirect(start()));
      expect(await handedOver).toMatchObject({ state: "state" });
      await vi.advanceTimersByTimeAsync(4_000);
      opener.postMessage({ heard: "state" });
      expect(await Promise.race([closed, error])).toBe("closed");
    } finally {
      opener.close();
      vi.useRealTimers();
    }
  });

  test("an answer that comes back where the browser keeps nothing does not belong to a sign-in", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      vi.stubGlobal("location", new URL(`${redirectUri}?code=code&state=state`));
      vi.stubGlobal("history", { state: null, replaceState: () => undefined });
      const blocked = () => {
        throw new DOMException("blocked", "SecurityError");
      };
      vi.stubGlobal("sessionStorage", { getItem: blocked, setItem: blocked, removeItem: blocked });
      const error = errorOf(completeRedirect(start()));
      await vi.advanceTimersByTimeAsync(10_000);
      expect(isSignInError(await error, "sign-in-failed")).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("token source", () => {
  test("renews once for all callers, shortly before the end or when the service refused", async () => {
    const session = await signInAs();
    let now = Date.now();
    const seen: string[] = [];
    const source = createTokenSource(session, {
      signIn: start(),
      now: () => now,
      onSession: (one) => seen.push(one.accessToken),
    });
    expect(await source()).toBe("access-0");
    now = session.expiresAt - 1000;
    expect(await Promise.all([source(), source(), source()])).toEqual(["access-1", "access-1", "access-1"]);
    expect(await source({ renew: true })).toBe("access-2");
    expect(seen).toEqual(["access-1", "access-2"]);
    now = Date.now();
    // Refusals that come late are of a token that has a successor by now.
    for (const refused of ["access-0", "access-1"]) expect(await source({ renew: true, refused })).toBe("access-2");
    expect(await source({ renew: true, refused: "access-2" })).toBe("access-3");
    expect(seen).toEqual(["access-1", "access-2", "access-3"]);
  });

  test("while the issuer is away the token serves until its very end, unless the service refused it", async () => {
    const session = await signInAs();
    let now = session.expiresAt - 1000;
    const away: typeof fetch = () => Promise.reject(new TypeError("down"));
    const source = createTokenSource(session, { signIn: start({ fetch: away }), now: () => now });
    expect(await source()).toBe("access-0");
    expect(isSignInError(await errorOf(source({ renew: true })), "issuer-unreachable")).toBe(true);
    now = session.expiresAt;
    expect(isSignInError(await errorOf(source()), "issuer-unreachable")).toBe(true);
  });

  test("a session that cannot be renewed ends with its token", async () => {
    const session = await signInAs();
    const ended = createTokenSource(session, { now: () => session.expiresAt });
    expect(isSignInError(await errorOf(ended()), "sign-in-expired")).toBe(true);
    provider.state.isRefusing = true;
    const refused = createTokenSource(session, { signIn: start(), now: () => session.expiresAt });
    expect(isSignInError(await errorOf(refused()), "sign-in-expired")).toBe(true);
  });
});
