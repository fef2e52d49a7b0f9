/** A page that was asked before is answered from what is remembered of the record: never with what is no longer so. R89, R145. */
import type { AddressInfo } from "node:net";
import type { Bundle, Consent } from "@carnet/sdk/fhir";
import { extensionUrl } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createService } from "../create-service.ts";
import { deposit, token } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { consents, declare, json, labels, patch, withhold } from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna } = patients;

/** Asks the same page twice, of the process that is served at `base`: what was read the first time is there the second. */
async function askTwice(base = carnet.base): Promise<{ status: number; ids: readonly string[]; total?: number }> {
  const address = `${base}/DocumentReference?patient.identifier=${token(anna)}&status=current&_count=20`;
  const headers = { authorization: `Bearer ${await carnet.token("nurse")}` };
  const ask = async () => {
    const response = await fetch(address, { headers });
    const bundle: Bundle = await response.json();
    const ids = (bundle.entry ?? []).flatMap(({ resource }) => resource?.id ?? []);
    return { status: response.status, ids, ...(bundle.total === undefined ? {} : { total: bundle.total }) };
  };
  const first = await ask();
  expect(await ask()).toEqual(first);
  return first;
}

const change = async (account: string, id: string, operations: unknown) => {
  const response = await patch(carnet, account, `/DocumentReference/${id}`, operations);
  expect(response.status, await response.clone().text()).toBe(200);
};

const archived = [{ op: "add", path: "/extension", value: [{ url: extensionUrl.isArchived, valueBoolean: true }] }];
const deleted = [{ op: "replace", path: "/status", value: "entered-in-error" }];

/** Everything that takes a document from a reader's page, and what gives it back. */
async function liveThroughChanges(base?: string): Promise<void> {
  const shown = async () => (await askTwice(base)).ids;
  const before = await shown();
  const { id } = await deposit(carnet, { author: "gp" });
  expect(await shown()).toEqual(expect.arrayContaining([id, ...before]));

  await change("anna", id, labels("N", "MASQUE_PS"));
  expect(await shown(), "hidden").not.toContain(id);
  await change("anna", id, labels("N"));
  expect(await shown(), "shown").toContain(id);

  const consent = await json<Consent>(declare(carnet, "anna", withhold(id, "nurse"), anna));
  expect(await shown(), "withheld").not.toContain(id);
  expect((await carnet.call("anna", `/Consent/${consent.id}`, { method: "DELETE" })).status).toBe(204);
  expect(await shown(), "given back").toContain(id);

  const next = await deposit(carnet, { author: "gp", replaces: id });
  expect(await shown(), "replaced").not.toContain(id);
  expect(await shown(), "the new version").toContain(next.id);
  await change("gp", next.id, archived);
  expect(await shown(), "archived").not.toContain(next.id);

  const other = await deposit(carnet, { author: "gp" });
  expect(await shown()).toContain(other.id);
  await change("gp", other.id, deleted);
  expect(await shown(), "deleted").toEqual(before);
}

test("R145: a page that was asked before shows each change at once, and counts it", async () => {
  await liveThroughChanges();
  expect((await askTwice()).total).toBe(0);
});

test.skipIf(!process.env.DATABASE_URL)(
  "R89: what one process changes shows at once in the pages of another one of the same database, and a right withdrawn counts there",
  async () => {
    const other = await createService({ ...carnet.service.config, port: 0 }, { now: carnet.now });
    try {
      await other.listen();
      const { port } = other.app.server.address() as AddressInfo;
      const base = `http://127.0.0.1:${port}/fhir`;
      await liveThroughChanges(base);
      await deposit(carnet, { author: "gp" });
      expect((await askTwice(base)).total).toBe(1);
      const own = (await consents(carnet, "anna", anna)).find((one) => JSON.stringify(one).includes("nurse"));
      expect((await carnet.call("anna", `/Consent/${own?.id}`, { method: "DELETE" })).status).toBe(204);
      expect((await askTwice(base)).status).toBe(403);
    } finally {
      await other.close();
    }
  },
);
