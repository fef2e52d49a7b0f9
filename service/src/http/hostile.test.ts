/**
 * What comes from outside, at its worst: no 5xx, no stack, no long wait, and a service that lives.
 * `FUZZ_REQUESTS=20000` makes the walk long, `FUZZ_SEED` another one.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deposit, documentReference, pdf, provideBundle, token } from "../testing/documents.ts";
import { type FuzzRequest, nextRequest, randomFrom } from "../testing/fuzz.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const requests = Number(process.env.FUZZ_REQUESTS ?? 240);
const seed = Number(process.env.FUZZ_SEED ?? 20_261_122);
const isAlive = async () =>
  expect((await carnet.call("gp", `/Patient?identifier=${token(patients.anna)}`)).status).toBe(200);

test(`${requests} requests made of every parameter, header and body: no 5xx, no stack, none longer than a second`, {
  timeout: 3_600_000,
}, async () => {
  const random = randomFrom(seed);
  const ids = [(await deposit(carnet)).id, (await deposit(carnet, { flags: ["MASQUE_PS"] })).id];
  const faults: string[] = [];
  const ask = async ({ account, path, init }: FuzzRequest) => {
    const at = performance.now();
    const response = await carnet.call(account, path, init);
    const text = await response.text();
    const took = performance.now() - at;
    const hasStack = /\n\s+at |node_modules|SQLSTATE|syntax error/.test(text);
    const isSlow = process.env.FUZZ_REQUESTS !== undefined && took > 1000;
    if (response.status >= 500 || hasStack || isSlow) {
      faults.push(
        `${response.status} ${Math.round(took)} ms ${init.method ?? "GET"} ${path} ${String(init.body).slice(0, 2000)} ${JSON.stringify(init.headers)}`,
      );
    }
  };
  for (let count = 0; count < requests; count += 4) {
    await Promise.all([1, 2, 3, 4].map(() => ask(nextRequest(random, ids))));
  }
  expect(faults).toEqual([]);
  await isAlive();
});

test("R125: a system without a code, where systems are not kept, is refused, not passed on", async () => {
  for (const name of ["facility", "setting"]) {
    const path = `/DocumentReference?patient.identifier=${token(patients.anna)}&status=current&${name}=a|`;
    expect((await carnet.call("gp", path)).status).toBe(400);
  }
});

describe("a body that is made to exhaust", () => {
  const post = (body: string, path = "/") => carnet.call("gp", path, { method: "POST", body });
  const parts = () => {
    const bundle = provideBundle({});
    const reference = documentReference({}, "");
    const attachment = reference.content[0]?.attachment;
    for (const name of ["url", "size", "hash", "creation"] as const) delete attachment?.[name];
    if (attachment) attachment.data = Buffer.from(pdf()).toString("base64");
    return { bundle, reference };
  };

  test.each([
    ["nested arrays", "[".repeat(200_000) + "]".repeat(200_000)],
    ["nested objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
    [
      "nested extensions",
      `{"resourceType":"Bundle","type":"transaction","entry":${'[{"extension":'.repeat(20_000)}[]${"}]".repeat(20_000)}}`,
    ],
    ["a truncated string", '{"resourceType":"'],
    ["half a character", '{"resourceType":"Bundle","id":"\\ud800"}'],
    ["a NUL", '{"resourceType":"Bundle","id":"a\\u0000"}'],
  ])("%s", async (_name, body) => {
    for (const path of ["/", "/DocumentReference", "/Consent"]) {
      const response = await post(body, path);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    }
    await isAlive();
  });

  test("thousands of contained resources, of labels and of entries", async () => {
    const { bundle, reference } = parts();
    const many = <T>(one: T, count = 5000): T[] => Array.from({ length: count }, () => one);
    const bodies = [
      { ...reference, contained: many({ resourceType: "Practitioner", id: "a" }) },
      { ...reference, securityLabel: many({ coding: [{ system: "x", code: "N" }] }) },
      { ...reference, author: many({ reference: "#author" }) },
      { ...bundle, entry: many({ fullUrl: "urn:uuid:0", resource: { resourceType: "List" } }) },
    ];
    for (const body of bodies) {
      const isBundle = body.resourceType === "Bundle";
      const response = await post(JSON.stringify(body), isBundle ? "/" : "/DocumentReference");
      expect(response.status).toBeLessThan(500);
      expect((await response.text()).length).toBeLessThan(200_000);
    }
    await isAlive();
  });
});
