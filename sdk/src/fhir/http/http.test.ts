import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  type AccessToken,
  createHttp,
  type HttpOptions,
  isAccessRefused,
  isCarnetError,
  isConsentRequired,
  isContentLost,
  isDocumentNotFound,
  isDocumentRejected,
  isIdentityMismatch,
  isInvalidAnswer,
  isNotSupported,
  isOffline,
  isRecordNotFound,
  isTimeout,
  isTooManyRequests,
  isUnauthorised,
  isUnavailable,
  pauseMs,
  readRetryAfter,
} from "./index.ts";
import { errorFor } from "./status-error.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, call: number, body: string) => void;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(handler: Handler): Promise<string> {
  let call = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => handler(request, response, call++, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;
}

function answer(response: ServerResponse, status: number, body?: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/fhir+json", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

const outcome = (text: string, rest: object = {}) => ({
  resourceType: "OperationOutcome",
  issue: [{ severity: "error", code: "forbidden", details: { text }, ...rest }],
});

/** A client that notes its pauses instead of waiting. */
function client(baseUrl: string, options: Partial<HttpOptions> = {}) {
  const pauses: number[] = [];
  const http = createHttp({
    baseUrl,
    accessToken: () => "token-1",
    retry: {
      random: () => 0.5,
      wait: async (ms) => {
        pauses.push(ms);
      },
    },
    ...options,
  });
  return { http, pauses };
}

describe("requests", () => {
  test("carry the token, the purpose of use, the reason as bytes and the language", async () => {
    const seen: IncomingMessage["headers"][] = [];
    const baseUrl = await serve((request, response) => {
      seen.push(request.headers);
      answer(response, 200, {});
    });
    const { http } = client(baseUrl, { purposeOfUse: "BTG", reason: "inconscient, œdème", locale: "en" });
    await http.json({ method: "GET", path: "Patient" });
    expect(seen[0]).toMatchObject({
      authorization: "Bearer token-1",
      "x-purpose-of-use": "BTG",
      "x-reason": encodeURIComponent("inconscient, œdème"),
      "accept-language": "en, fr;q=0.5",
    });
  });

  test("after a 401 ask for the token once again, then give up", async () => {
    const baseUrl = await serve((request, response) =>
      request.headers.authorization === "Bearer new" ? answer(response, 200, {}) : answer(response, 401),
    );
    const hints: unknown[] = [];
    const renewing: AccessToken = (hint) => {
      hints.push(hint);
      return hint?.renew ? "new" : "old";
    };
    await client(baseUrl, { accessToken: renewing }).http.send({ method: "POST", path: "Consent", body: "{}" });
    expect(hints).toEqual([undefined, { renew: true, refused: "old" }]);
    const stuck = client(baseUrl, { accessToken: () => "old" }).http.send({ method: "GET", path: "Patient" });
    expect(isUnauthorised(await stuck.catch((error: unknown) => error))).toBe(true);
  });

  test("never take the token outside the service", async () => {
    let asked = 0;
    const elsewhere = await serve((_, response) => {
      asked++;
      answer(response, 200, {});
    });
    const baseUrl = await serve((_, response) => answer(response, 200, {}));
    const error = await client(baseUrl)
      .http.send({ method: "GET", path: `${elsewhere}/Binary/1` })
      .catch((thrown: unknown) => thrown);
    expect(isInvalidAnswer(error)).toBe(true);
    expect(asked).toBe(0);
  });

  test("take the token to an origin that is trusted, however it is written, and to no other for a mistake in it", async () => {
    const elsewhere = await serve((_, response) => answer(response, 200, {}));
    const { host, origin } = new URL(elsewhere);
    const read = (trusted: string, path: string) =>
      client("https://record.test/fhir", { trustedOrigins: [trusted] }).http.send({ method: "GET", path });
    for (const trusted of [origin, `${origin}/`, `HTTP://${host}/contents`]) {
      expect(await read(trusted, `${origin}/Binary/1`)).toMatchObject({ status: 200 });
    }
    expect(() => read("record.test", `${origin}/Binary/1`)).toThrow(TypeError);
    // Without its scheme, the name before the port is one.
    for (const path of ["https://[", `${origin}/Binary/1`, "data:,x"]) {
      expect(isInvalidAnswer(await read("record.test:443", path).catch((thrown: unknown) => thrown))).toBe(true);
    }
  });

  test("never follow the service elsewhere: neither a document nor the reason of an emergency goes there", async () => {
    let asked = 0;
    const elsewhere = await serve((_, response) => {
      asked++;
      answer(response, 200, {});
    });
    const baseUrl = await serve((_, response) => answer(response, 307, undefined, { location: elsewhere }));
    const { http } = client(baseUrl, { purposeOfUse: "BTG", reason: "inconscient" });
    for (const method of ["GET", "POST"] as const) {
      const body = method === "POST" ? { body: "{}" } : {};
      const error = await http.send({ method, path: "Patient", ...body }).catch((thrown: unknown) => thrown);
      expect(isInvalidAnswer(error)).toBe(true);
    }
    expect(asked).toBe(0);
  });

  test("that the server sends to an address that cannot be read are its answer's fault", async () => {
    const error = await client("http://127.0.0.1:9/fhir")
      .http.send({ method: "GET", path: "https://[" })
      .catch((thrown: unknown) => thrown);
    expect(isInvalidAnswer(error)).toBe(true);
  });
});

describe("answers", () => {
  test.each([200, 503])(
    "one without an end, or that unpacks to one, is refused once and its line closed: %i",
    async (status) => {
      const piece = new Uint8Array(2 ** 24);
      let asked = 0;
      let isClosed = false;
      const endless = () => {
        asked++;
        const body = new ReadableStream({
          pull: (controller) => controller.enqueue(piece),
          cancel: () => {
            isClosed = true;
          },
        });
        return Promise.resolve(new Response(body, { status }));
      };
      const error = await client("http://record.test/fhir", { fetch: endless })
        .http.send({ method: "GET", path: "Patient", timeoutMs: 10_000 })
        .catch((thrown: unknown) => thrown);
      expect(isInvalidAnswer(error)).toBe(true);
      expect([asked, isClosed]).toEqual([1, true]);
    },
  );
});

describe("tokens", () => {
  test("a text in place of what gives one is told at once, not as a broken line", () => {
    const accessToken = "token-1" as unknown as AccessToken;
    expect(() => createHttp({ baseUrl: "http://record.test/fhir", accessToken })).toThrow("accessToken as a function");
  });

  test("an address that is not whole is told at once, with how it is written; one as a URL is one", () => {
    const accessToken = () => "t";
    for (const baseUrl of [
      "/fhir",
      "record.test/fhir",
      "localhost:8787/fhir",
      "https://record.test/fhir?tenant=1",
      undefined,
    ])
      expect(() => createHttp({ baseUrl: baseUrl as string, accessToken }), baseUrl).toThrow(
        "give baseUrl as https://",
      );
    const url = new URL("http://record.test/fhir/") as unknown as string;
    expect(createHttp({ baseUrl: url, accessToken }).baseUrl).toBe("http://record.test/fhir");
    expect(createHttp({ baseUrl: "capacitor://record/fhir", accessToken }).baseUrl).toBe("capacitor://record/fhir");
  });

  test("one that never comes holds neither the call beyond its deadline nor the places of others", async () => {
    const baseUrl = await serve((_, response) => answer(response, 200, {}));
    let asked = 0;
    const accessToken = () => (asked++ === 0 ? new Promise<string>(() => {}) : "t");
    const { http } = client(baseUrl, { accessToken, maxParallel: 1 });
    const first = http.send({ method: "GET", path: "Patient", timeoutMs: 50 }).catch((error: unknown) => error);
    const second = await http.send({ method: "GET", path: "Patient" });
    expect([isTimeout(await first), second.status]).toEqual([true, 200]);
  });

  test("none is asked for by a call that was given up before it began", async () => {
    let asked = 0;
    const accessToken = () => `${asked++}`;
    const { http } = client("http://127.0.0.1:9/fhir", { accessToken });
    const signal = AbortSignal.abort(new Error("gone"));
    await expect(http.send({ method: "GET", path: "Patient", signal })).rejects.toThrow("gone");
    expect(asked).toBe(0);
  });

  test("one that a file ended with a line is used; one that no header can hold is quoted nowhere", async () => {
    const seen: (string | undefined)[] = [];
    const baseUrl = await serve((request, response) => {
      seen.push(request.headers.authorization);
      answer(response, 200, {});
    });
    await client(baseUrl, { accessToken: () => "token\n" }).http.send({ method: "GET", path: "Patient" });
    const error = await client(baseUrl, { accessToken: () => "jeton-SECRET\r\nsuite" })
      .http.send({ method: "GET", path: "Patient" })
      .catch((thrown: unknown) => thrown);
    const { inspect } = await import("node:util");
    expect(isUnauthorised(error)).toBe(true);
    expect(inspect(error)).not.toContain("SECRET");
    expect(seen).toEqual(["Bearer token"]);
  });
});

describe("retries", () => {
  test("a search refused with 503 is asked again after Retry-After", async () => {
    const baseUrl = await serve((_, response, call) =>
      call < 2 ? answer(response, 503, undefined, { "retry-after": "2" }) : answer(response, 200, { ok: true }),
    );
    const { http, pauses } = client(baseUrl);
    expect((await http.json({ method: "GET", path: "DocumentReference" })).body).toEqual({ ok: true });
    expect(pauses).toEqual([2000, 2000]);
  });

  test("a write that is not idempotent is sent once", async () => {
    let calls = 0;
    const baseUrl = await serve((_, response) => {
      calls++;
      answer(response, 503);
    });
    const { http } = client(baseUrl);
    const error = await http.send({ method: "POST", path: "Consent", body: "{}" }).catch((thrown: unknown) => thrown);
    expect(isUnavailable(error)).toBe(true);
    expect(calls).toBe(1);
  });

  test("a content that the service lost is told apart from a service that does not answer, and asked for once", async () => {
    const system = "https://carnet.example/fhir/CodeSystem/service-fault";
    const details = { coding: [{ system, code: "content-lost" }], text: "Ce contenu manque" };
    const ofCode = (given: object) => ({
      resourceType: "OperationOutcome",
      issue: [{ severity: "error", code: "exception", ...given }],
    });
    let calls = 0;
    const baseUrl = await serve((_, response) => {
      calls++;
      answer(response, 500, ofCode(calls === 1 ? { details } : {}));
    });
    const { http } = client(baseUrl);
    const ask = () => http.json({ method: "GET", path: "Binary/[id]" }).catch((thrown: unknown) => thrown);
    expect(isContentLost(await ask())).toBe(true);
    expect(calls).toBe(1);
    expect(isUnavailable(await ask())).toBe(true);
  });

  test("a deposit whose answer was lost is sent again with the very same bytes", async () => {
    const bodies: string[] = [];
    const baseUrl = await serve((request, response, call, body) => {
      bodies.push(body);
      if (call === 0) request.socket.destroy();
      else answer(response, 200, {});
    });
    const { http } = client(baseUrl);
    await http.json({ method: "POST", path: "", body: '{"a":1}', isIdempotent: true });
    expect(bodies).toEqual(['{"a":1}', '{"a":1}']);
  });

  test("a body cut half-way counts as no answer", async () => {
    const baseUrl = await serve((request, response, call) => {
      if (call > 0) return answer(response, 200, { whole: true });
      response.writeHead(200, { "content-length": "1000" });
      response.write('{"half":');
      setImmediate(() => request.socket.destroy());
    });
    expect((await client(baseUrl).http.json({ method: "GET", path: "Patient" })).body).toEqual({ whole: true });
  });

  test("what says 'later', and a broken line, is asked again three times, where once more changes nothing", async () => {
    type Asked = Pick<HttpOptions, "retry"> & { readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" };
    const tries = async (status: number, { method = "GET", ...options }: Asked = {}, rest: object = {}) => {
      let calls = 0;
      const pauses: number[] = [];
      const retry = { random: () => 0.5, wait: async (ms: number) => void pauses.push(ms), ...options.retry };
      const answers = async () => {
        calls++;
        if (status === 0) throw new TypeError("fetch failed");
        return new Response(null, { status });
      };
      const { http } = client("http://record.test/fhir", { fetch: answers, retry });
      const outcome = await http.send({ method, path: "Patient", ...rest }).catch((thrown: unknown) => thrown);
      return { calls, pauses, outcome };
    };
    for (const status of [0, 429, 502, 503, 504]) {
      expect(await tries(status)).toMatchObject({ calls: 4, pauses: [150, 300, 600] });
      expect((await tries(status, { method: "POST" }, { isIdempotent: true })).calls).toBe(4);
      for (const method of ["POST", "PUT", "PATCH", "DELETE"] as const)
        expect((await tries(status, { method })).calls).toBe(1);
      expect((await tries(status, {}, { isIdempotent: false })).calls).toBe(1);
      expect((await tries(status, { retry: { retries: 1 } })).calls).toBe(2);
      expect((await tries(status, { retry: { retries: 0 } })).calls).toBe(1);
    }
    expect(isOffline((await tries(0)).outcome)).toBe(true);
    for (const status of [408, 413, 425, 500, 501, 505]) expect((await tries(status)).calls).toBe(1);
    expect(await tries(304)).toMatchObject({ calls: 1, outcome: { status: 304 } });
    const { pauses } = await tries(503, { retry: { retries: 9, baseDelayMs: 100, maxDelayMs: 1000 } });
    expect(pauses).toEqual([50, 100, 200, 400, 500, 500, 500, 500, 500]);
  });

  test("400, 403, 404, 409, 410 and 422 are never asked again", async () => {
    for (const status of [400, 403, 404, 409, 410, 422]) {
      let calls = 0;
      const baseUrl = await serve((_, response) => {
        calls++;
        answer(response, status);
      });
      await expect(client(baseUrl).http.send({ method: "GET", path: "List" })).rejects.toMatchObject({ status });
      expect(calls).toBe(1);
    }
  });

  test("a Retry-After beyond the deadline is told at once, with the time to wait", async () => {
    const baseUrl = await serve((_, response) => answer(response, 429, undefined, { "retry-after": "3600" }));
    const { http, pauses } = client(baseUrl);
    const error = await http.send({ method: "GET", path: "Patient" }).catch((thrown: unknown) => thrown);
    expect(isTooManyRequests(error) && error.retryAfterMs).toBe(3_600_000);
    expect(pauses).toEqual([]);
    const soon = client("http://record.test/fhir", {
      fetch: async () => new Response(null, { status: 503, headers: { "retry-after": "20" } }),
    });
    await soon.http.send({ method: "GET", path: "Patient" }).catch(() => undefined);
    expect(soon.pauses).toEqual([20_000, 20_000, 20_000]);
    const short = soon.http.send({ method: "GET", path: "Patient", timeoutMs: 19_000 });
    expect(isUnavailable(await short.catch((thrown: unknown) => thrown))).toBe(true);
    expect(soon.pauses).toHaveLength(3);
  });

  test("no server at all is Offline", async () => {
    const error = await client("http://127.0.0.1:9/fhir")
      .http.send({ method: "GET", path: "Patient" })
      .catch((thrown: unknown) => thrown);
    expect(isOffline(error)).toBe(true);
  });

  test("the pause is within full jitter of a doubling ceiling, and is what Retry-After says when it speaks", () => {
    fc.assert(
      fc.property(fc.nat(12), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const pause = pauseMs(attempt, undefined, { random: () => random });
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(Math.min(8000, 300 * 2 ** attempt));
      }),
    );
    const date = new Headers({ "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" });
    expect(readRetryAfter(date, Date.UTC(2026, 0, 1))).toBe(5000);
    expect(readRetryAfter(date, Date.UTC(2026, 0, 2))).toBe(0);
    expect(readRetryAfter(new Headers({ "retry-after": " 120 " }))).toBe(120_000);
    expect(readRetryAfter(new Headers({ "retry-after": "soon" }))).toBeUndefined();
    expect(readRetryAfter(new Headers())).toBeUndefined();
    // A service three hours ahead of this machine asks for five seconds, not for three hours.
    const ahead = { date: "Thu, 01 Jan 2026 03:00:00 GMT", "retry-after": "Thu, 01 Jan 2026 03:00:05 GMT" };
    expect(readRetryAfter(new Headers(ahead), Date.UTC(2026, 0, 1))).toBe(5000);
  });
});

describe("abort and deadline", () => {
  test("an aborted call rejects with the caller's reason, even while it waits to try again", async () => {
    const controller = new AbortController();
    const baseUrl = await serve((_, response) => answer(response, 503));
    const http = createHttp({
      baseUrl,
      accessToken: () => "t",
      retry: {
        wait: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason), { once: true });
            controller.abort(new Error("patient changed"));
          }),
      },
    });
    const sent = http.send({ method: "GET", path: "Patient", signal: controller.signal });
    await expect(sent).rejects.toThrow("patient changed");
  });

  test("a service that never ends its answer is a Timeout", async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(200);
      response.write("{");
    });
    const error = await client(baseUrl)
      .http.send({ method: "GET", path: "Patient", timeoutMs: 50 })
      .catch((thrown: unknown) => thrown);
    expect(isTimeout(error)).toBe(true);
  });

  test("any length of time is one: without an end, longer than a timer knows, a part of a millisecond, or over already", async () => {
    const baseUrl = await serve((_, response) => answer(response, 200, {}));
    const { http } = client(baseUrl);
    for (const timeoutMs of [Number.POSITIVE_INFINITY, 2 ** 31, 20_000.5]) {
      expect(await http.send({ method: "GET", path: "Patient", timeoutMs })).toMatchObject({ status: 200 });
    }
    const late = http.send({ method: "GET", path: "Patient", timeoutMs: -1 });
    expect(isTimeout(await late.catch((thrown: unknown) => thrown))).toBe(true);
  });
});

describe("errors", () => {
  const headers = new Headers();
  test("name the rule, in an extension or in the details", () => {
    const inExtension = outcome("non", { extension: [{ url: "https://x/rule", valueCode: "R59" }] });
    expect(errorFor("GET DocumentReference", 403, inExtension, headers, undefined)).toMatchObject({ rule: "R59" });
    const inText = errorFor("GET DocumentReference", 403, outcome("Refusé (R59) / Refused"), headers, undefined);
    expect(isAccessRefused(inText) && inText.rule).toBe("R59");
    expect(isConsentRequired(errorFor("GET Patient", 403, outcome("R51"), headers, undefined))).toBe(true);
    expect(isIdentityMismatch(errorFor("POST", 422, outcome("R40"), headers, undefined))).toBe(true);
  });

  test("say where a document was refused", () => {
    const place = "Bundle.entry[1].resource.type";
    const error = errorFor("POST transaction", 422, outcome("type", { expression: [place] }), headers, undefined);
    expect(isDocumentRejected(error) && error.place).toBe(place);
  });

  test("never show a patient's data, a value or a token: not in the message, not when printed", async () => {
    const baseUrl = await serve((_, response) => answer(response, 403, outcome("Monsieur SECRET, 279035121518989")));
    const error = await client(baseUrl, { accessToken: () => "jeton-SECRET" })
      .http.send({ method: "GET", path: "Patient/SECRET-1", query: { identifier: "urn|SECRET" } })
      .catch((thrown: unknown) => thrown);
    expect(isCarnetError(error)).toBe(true);
    const { inspect } = await import("node:util");
    expect(`${inspect(error)} ${JSON.stringify(error)}`).not.toMatch(/SECRET|279035121518989/);
    expect(isCarnetError(error) && error.outcome?.issue[0]?.details?.text).toContain("SECRET");
  });

  test("404 of a web server that is no FHIR server never reads as 'no record': it says to check the address", () => {
    for (const body of [undefined, { error: "not found" }]) {
      const error = errorFor("GET Patient", 404, body, headers, undefined);
      expect(isNotSupported(error)).toBe(true);
      expect(error.message).toContain("baseUrl");
    }
  });

  test("404 is no record for a search, no document for a read", () => {
    const said = { resourceType: "OperationOutcome", issue: [{ severity: "error", code: "not-found" }] };
    expect(isRecordNotFound(errorFor("GET DocumentReference", 404, said, headers, undefined))).toBe(true);
    expect(isRecordNotFound(errorFor("POST transaction", 404, said, headers, undefined))).toBe(true);
    expect(isDocumentNotFound(errorFor("GET Binary/[id]", 404, undefined, headers, undefined))).toBe(true);
    expect(isDocumentNotFound(errorFor("PATCH DocumentReference", 404, undefined, headers, undefined))).toBe(true);
  });

  test("every status from 400 to 599 becomes a typed error with its status, however its outcome is written", () => {
    const part = fc.oneof(fc.anything(), fc.array(fc.record({ code: fc.anything(), valueCode: fc.anything() })));
    const details = fc.oneof(fc.anything(), fc.record({ coding: part, text: fc.anything() }));
    const issue = fc.record({ code: part, extension: part, details, expression: part, location: part });
    const amiss = fc.record({
      resourceType: fc.constant("OperationOutcome"),
      issue: fc.array(fc.oneof(fc.anything(), issue)),
    });
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), fc.oneof(fc.anything(), amiss), (status, body) => {
        const error = errorFor("GET Patient", status, body, headers, undefined);
        expect(isCarnetError(error)).toBe(true);
        expect(error.status).toBe(status);
      }),
    );
  });
});
