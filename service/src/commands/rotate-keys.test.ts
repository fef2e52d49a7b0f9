import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openRecordKeys } from "../store/record-keys.ts";
import { deposit, pdf } from "../testing/documents.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { rotateKeys } from "./rotate-keys.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
}, 120_000);
afterAll(() => carnet.close());

it("puts every key under the new master key, can be cut and run again, and the former key opens nothing after", async () => {
  const { config, store } = carnet.service;
  const content = Buffer.from(pdf());
  const { id } = await deposit(carnet, { content });
  // The service made its own key file; what follows is a second master key beside it.
  const { readFileSync } = await import("node:fs");
  const former = readFileSync(`${config.dataDirectory}/keys/master.key`, "utf8").trim();
  const present = randomBytes(32).toString("base64");
  const both = openRecordKeys(config.dataDirectory, { present, previous: former });
  const rows = async () =>
    [...(await store.database.selectFrom("record").select("wrapped_key").execute())].map(({ wrapped_key }) =>
      Buffer.from(wrapped_key),
    );
  const before = (await rows()).map((wrapped) => both.unwrap(wrapped).toString("hex")).sort();

  // Cut after the first: the rest is taken up by the next run.
  let left = 1;
  const cut = {
    ...both,
    rewrap: (wrapped: Buffer) => {
      left -= 1;
      if (left < 0) throw new Error("cut");
      return both.rewrap(wrapped);
    },
  };
  await expect(rotateKeys({ database: store.database, keys: cut })).rejects.toThrow("cut");
  const first = await rotateKeys({ database: store.database, keys: both });
  expect(first.rewrapped).toBe(first.seen - 1);
  expect(await rotateKeys({ database: store.database, keys: both })).toEqual({ seen: first.seen, rewrapped: 0 });

  const alone = openRecordKeys(config.dataDirectory, { present });
  const after = await rows();
  expect(after.map((wrapped) => alone.unwrap(wrapped).toString("hex")).sort()).toEqual(before);
  const formerAlone = openRecordKeys(config.dataDirectory, { present: former });
  for (const wrapped of after) expect(() => formerAlone.unwrap(wrapped)).toThrow();

  // The service, which holds the former key only, opens nothing any more; with its key back in place it does.
  expect((await carnet.call("gp", `/Binary/${id}`)).status).toBe(500);
  const back = openRecordKeys(config.dataDirectory, { present: former, previous: present });
  await rotateKeys({ database: store.database, keys: back });
  const read = await carnet.call("gp", `/Binary/${id}`);
  expect(Buffer.from(await read.arrayBuffer()).equals(content)).toBe(true);
});

it("a key under neither master key stops the rotation and says what to set", () => {
  const { config } = carnet.service;
  const other = openRecordKeys(config.dataDirectory, { present: randomBytes(32).toString("base64") });
  expect(() => other.rewrap(openRecordKeys(config.dataDirectory).create())).toThrow(/CARNET_PREVIOUS_MASTER_KEY/);
});
