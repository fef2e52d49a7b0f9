import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadConfig } from "../config.ts";
import { createService } from "../create-service.ts";
import { openDatabase } from "../store/database.ts";
import { openRecordKeys } from "../store/record-keys.ts";
import { deposit, pdf } from "../testing/documents.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { machineClientCommand } from "./machine-client.ts";
import { openExistingStore } from "./offline.ts";
import { rotateKeys, rotateKeysCommand } from "./rotate-keys.ts";
import { rotateSigningKeyCommand } from "./rotate-signing-key.ts";

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

it("a database whose master key is missing, or another one, is not opened, and no new key is made for it", async () => {
  const { config } = carnet.service;
  const wrapped = openRecordKeys(config.dataDirectory).create();
  const restored = mkdtempSync(join(tmpdir(), "carnet-restored-"));
  expect(() => openRecordKeys(restored, {}, [wrapped])).toThrow(/^the master key is missing: .*CARNET_MASTER_KEY/);
  expect(readdirSync(restored)).toEqual([]);
  const other = randomBytes(32).toString("base64");
  expect(() => openRecordKeys(restored, { present: other }, [wrapped])).toThrow(/is not the one of this database/);
  // While keys are rotated: the new one is made, for the former one opens what is there.
  const former = readFileSync(join(config.dataDirectory, "keys/master.key"), "utf8");
  expect(openRecordKeys(restored, { previous: former }, [wrapped]).unwrap(wrapped)).toHaveLength(32);
  expect(readdirSync(join(restored, "keys"))).toEqual(["master.key"]);
  rmSync(restored, { recursive: true });
});

/** Every command that opens the data of a service. None of them makes a record. */
const commandsOn = (environment: Readonly<Record<string, string>>) => [
  () => rotateKeysCommand(environment),
  () => rotateSigningKeyCommand(environment, []),
  () => machineClientCommand(environment, ["list"]),
  () => machineClientCommand(environment, ["revoke", "chu-depot"]),
  // What `check-contents` opens.
  () => openExistingStore(loadConfig(environment)),
];

it("a folder without a database has no keys made, nor is it said that nothing is left of the former one", async () => {
  const misspelt = mkdtempSync(join(tmpdir(), "carnet-misspelt-"));
  for (const command of commandsOn({ CARNET_DATA: misspelt }))
    await expect(command()).rejects.toThrow(/^no database in .*: set CARNET_DATA or DATABASE_URL/);
  expect(readdirSync(misspelt)).toEqual([]);
  // One that a first start did not come to fill.
  mkdirSync(join(misspelt, "database"));
  await expect(rotateKeysCommand({ CARNET_DATA: misspelt })).rejects.toThrow(/^no database in /);
  rmSync(misspelt, { recursive: true });
});

it.skipIf(!process.env.DATABASE_URL)("nor does a database of PostgreSQL that no service ever used", async () => {
  const folder = mkdtempSync(join(tmpdir(), "carnet-misspelt-"));
  const name = `empty_${randomBytes(6).toString("hex")}`;
  const url = new URL(carnet.service.config.databaseUrl ?? "");
  await sql`create database ${sql.ref(name)}`.execute(carnet.service.store.database);
  url.pathname = `/${name}`;
  const settings = { CARNET_DATA: folder, DATABASE_URL: url.href };
  for (const command of commandsOn(settings))
    await expect(command()).rejects.toThrow(
      /^nothing of a record in the database .*: set DATABASE_URL as for the service/,
    );
  expect(readdirSync(folder)).toEqual([]);
  const { kysely, close } = await openDatabase({ dataDirectory: folder, databaseUrl: url.href });
  const { rows } = await sql`select 1 from pg_tables where schemaname = 'public'`.execute(kysely);
  expect(rows).toEqual([]);
  await close();
  await sql`drop database ${sql.ref(name)} with (force)`.execute(carnet.service.store.database);
  rmSync(folder, { recursive: true });
});

it("a key under neither master key stops the rotation and says what to set", () => {
  const { config } = carnet.service;
  const other = openRecordKeys(config.dataDirectory, { present: randomBytes(32).toString("base64") });
  expect(() => other.rewrap(openRecordKeys(config.dataDirectory).create())).toThrow(/CARNET_PREVIOUS_MASTER_KEY/);
});

it("a service whose database is under another master key does not start", async () => {
  const { config } = carnet.service;
  await carnet.service.close();
  const masterKey = randomBytes(32).toString("base64");
  await expect(createService({ ...config, port: 0, masterKey })).rejects.toThrow(/^the master key is not the one/);
});
