import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bundle, DocumentReference } from "fhir/r4.js";
import { afterAll, expect, it } from "vitest";
import { carnet, ins, letter, letterId, serve } from "./test-support.ts";

const home = mkdtempSync(join(tmpdir(), "carnet-deposit-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Deposits a second version, whose header says which it replaces, into a record with these documents. */
async function deposit(known: readonly object[]) {
  const sent: Bundle[] = [];
  const origin = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === "POST") sent.push(JSON.parse(Buffer.concat(chunks).toString()));
    const status = { status: "201 Created", location: "DocumentReference/d2/_history/1" };
    const entry = request.method === "POST" ? [{ response: status }] : known.map((resource) => ({ resource }));
    const type = request.method === "POST" ? "transaction-response" : "searchset";
    response.writeHead(200, { "content-type": "application/fhir+json" });
    response.end(JSON.stringify({ resourceType: "Bundle", type, entry }));
  });
  const file = join(home, "letter.xml");
  writeFileSync(file, letter(2, 1));
  const words = ["deposit", `${ins.system}|${ins.value}`, file, "--url", `${origin}/fhir`];
  const { code, stderr } = await carnet(words, { CARNET_TOKEN: "t", LANG: "en" });
  const references = sent.flatMap(({ entry = [] }) => entry.map(({ resource }) => resource));
  const reference = references.find((one): one is DocumentReference => one?.resourceType === "DocumentReference");
  return { code, stderr, isSent: sent.length > 0, relations: reference?.relatesTo };
}

it("a document that says what it replaces is a new version of that one, and never stands beside it", async () => {
  const document = {
    resourceType: "DocumentReference",
    id: "d1",
    status: "current",
    masterIdentifier: { value: letterId(1) },
    subject: { identifier: ins },
    content: [{ attachment: {} }],
  };
  expect(await deposit([document])).toMatchObject({
    code: 0,
    relations: [{ code: "replaces", target: { reference: "DocumentReference/d1" } }],
  });
  const { code, stderr, isSent } = await deposit([]);
  expect({ code, isSent }).toEqual({ code: 6, isSent: false });
  expect(stderr).toContain("former-unknown");
});
