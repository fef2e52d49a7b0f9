import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../config.ts";
import { createService } from "../create-service.ts";
import { logSigner } from "../log/log-settings.ts";
import { StartRefused } from "../start-refused.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { openBlobDirectory } from "./blob-store.ts";
import { tablesWithoutRecord } from "./destroy.ts";
import { DirectoryInUse, lockDirectory } from "./directory-lock.ts";
import { durability } from "./durable-pglite.ts";
import { readKeyFile } from "./key-file.ts";
import { migrate } from "./migrate.ts";
import { openRecordKeys } from "./record-keys.ts";
import { HEADER_BYTES, openRange, SealBroken, seal, sealedRange, sealedSize } from "./seal.ts";
import { keepStatistics } from "./statistics.ts";
import { openStore } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "carnet-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Root reads and writes everything: does it as somebody whom permissions hold. */
async function asSomebody(folders: readonly string[], work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work();
  for (const one of folders) chownSync(one, 65534, 65534);
  process.seteuid?.(65534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("sealing", () => {
  const key = randomBytes(32);
  const open = (sealed: Buffer, size: number, start: number, end: number, context = "r/b") => {
    const { from, to } = sealedRange(size, start, end);
    return openRange(key, context, sealed.subarray(0, HEADER_BYTES), sealed.subarray(from, to), { size, start, end });
  };

  test("gives back any range of any content", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000 }), fc.nat(), fc.nat(), (size, one, other) => {
        const content = Buffer.alloc(size, "carnet");
        const [start, end] = [one % (size + 1), other % (size + 1)].sort((a, b) => a - b) as [number, number];
        const sealed = seal(key, "r/b", content);
        expect(sealed).toHaveLength(sealedSize(size));
        expect(open(sealed, size, start, end).equals(content.subarray(start, end))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("refuses what was altered, cut, exchanged or moved to another record", () => {
    const content = randomBytes(150_000);
    const sealed = seal(key, "r/b", content);
    const altered = Buffer.from(sealed);
    altered[70_000] = (altered[70_000] ?? 0) ^ 1;
    expect(() => open(altered, 150_000, 0, 150_000)).toThrow(SealBroken);
    expect(() => open(sealed, 150_000, 0, 10, "other/b")).toThrow(SealBroken);
    expect(() => open(sealed.subarray(0, HEADER_BYTES + 65_552), 65_536, 0, 65_536)).toThrow(SealBroken);
    const swapped = Buffer.concat([
      sealed.subarray(0, HEADER_BYTES),
      sealed.subarray(HEADER_BYTES + 65_552, HEADER_BYTES + 131_104),
      sealed.subarray(HEADER_BYTES, HEADER_BYTES + 65_552),
      sealed.subarray(HEADER_BYTES + 131_104),
    ]);
    expect(() => open(swapped, 150_000, 0, 10)).toThrow(SealBroken);
  });

  test("a first start cut short while it wrote the master key leaves nothing that the next one refuses", () => {
    const data = join(folder, "cut");
    mkdirSync(join(data, "keys"), { recursive: true });
    writeFileSync(join(data, "keys", "master.key.new"), "");
    const wrapped = openRecordKeys(data).create();
    expect(openRecordKeys(data).unwrap(wrapped)).toHaveLength(32);
    expect(readdirSync(join(data, "keys"))).toEqual(["master.key"]);
  });

  test("a key file that is empty, cut or no file is refused by its name with what to do, and is left alone", () => {
    const data = join(folder, "spoilt");
    const keys = join(data, "keys");
    mkdirSync(keys, { recursive: true });
    const whole = `${randomBytes(32).toString("base64")}\n`;
    const signer = () => logSigner({ dataDirectory: data, environment: {} });
    const files: readonly [string, () => unknown, RegExp][] = [
      ["previous.key", () => openRecordKeys(data, { present: whole }), /vault.*remove it/],
      ["master.key", () => openRecordKeys(data), /vault/],
      ["log.key", signer, /LOG_VERIFIER_KEYS/],
    ];
    for (const [name, open, help] of files) {
      for (const spoilt of ["", whole.slice(0, 30), `-- ${whole}`]) {
        writeFileSync(join(keys, name), spoilt);
        expect(open, spoilt).toThrow(StartRefused);
        expect(open).toThrow(new RegExp(`^keys/${name} .*${help.source}`));
        expect(readFileSync(join(keys, name), "utf8")).toBe(spoilt);
      }
      rmSync(join(keys, name));
      mkdirSync(join(keys, name));
      expect(open).toThrow(StartRefused);
      expect(open).toThrow(new RegExp(`^keys/${name} .*EISDIR`));
      rmSync(join(keys, name), { recursive: true });
    }
  });

  test("nothing of a content is on disk in clear, and a record's key is useless without the master key", async () => {
    const directory = join(folder, "blobs");
    const blobs = openBlobDirectory(directory);
    const keys = openRecordKeys(join(folder, "one"));
    const wrapped = keys.create();
    const address = { recordId: "0a0b0c0d-0000-4000-8000-000000000001", blobId: "b1", key: keys.unwrap(wrapped) };
    const content = Buffer.from("Hémoglobine glyquée 7,2 %".repeat(4000));
    await blobs.put(address, content);
    expect((await blobs.get(address, { size: content.length, start: 0, end: content.length })).equals(content)).toBe(
      true,
    );
    const path = join(directory, "0a", address.recordId, "b1");
    expect(readFileSync(path).includes("glyqu")).toBe(false);
    expect(() => openRecordKeys(join(folder, "two")).unwrap(wrapped)).toThrow();
    expect(openRecordKeys(join(folder, "one")).unwrap(wrapped).equals(address.key)).toBe(true);
    writeFileSync(path, readFileSync(path).subarray(0, 1000));
    await expect(blobs.get(address, { size: content.length, start: 0, end: content.length })).rejects.toThrow(
      SealBroken,
    );
    await blobs.remove(address);
    expect(readdirSync(join(directory, "0a", address.recordId))).toEqual([]);
  });
});

test("one process per data directory: the second is told so, and the lock ends with its holder", async () => {
  const lock = await lockDirectory(folder);
  await expect(lockDirectory(folder)).rejects.toThrow(DirectoryInUse);
  await lock.release();
  await (await lockDirectory(folder)).release();
  expect(readdirSync(folder).filter((name) => name.endsWith(".socket"))).toEqual([]);
});

test.skipIf(process.platform !== "linux")(
  "one process per data directory, though the other one be in a container, where names of the network are others",
  async () => {
    const shared = mkdtempSync(join(folder, "shared-"));
    // What such a process shares with this one: the folder, and the socket that it made there.
    const socket = (digit: string) => join(shared, `lock-${digit.repeat(16)}.socket`);
    const other = createServer().listen(socket("a"));
    await once(other, "listening");
    await expect(lockDirectory(shared)).rejects.toThrow(DirectoryInUse);
    other.close();
    await once(other, "close");
    // One that was killed keeps nobody out, and leaves nothing.
    const program = `require("node:net").createServer().listen(${JSON.stringify(socket("b"))}, () => process.kill(process.pid, "SIGKILL"))`;
    spawnSync(process.execPath, ["-e", program]);
    expect(readdirSync(shared)).toHaveLength(1);
    const lock = await lockDirectory(shared);
    expect(readdirSync(shared)).toHaveLength(1);
    expect(readdirSync(shared)).not.toContain(`lock-${"b".repeat(16)}.socket`);
    await lock.release();
    expect(readdirSync(shared)).toEqual([]);
  },
);

describe("the database", () => {
  let carnet: TestCarnet;
  beforeAll(async () => {
    carnet = await startCarnet();
  });
  afterAll(() => carnet.close());

  test.skipIf(process.env.DATABASE_URL)(
    "embedded: every commit reaches the disk before it is acknowledged",
    async () => {
      const { database } = carnet.service.store;
      const before = durability.fsyncs;
      for (let row = 0; row < 20; row++) {
        await database
          .insertInto("opposition")
          .values({ ins_system: "test", ins_value: String(row), opposed_at: new Date() })
          .execute();
      }
      expect(durability.fsyncs - before).toBeGreaterThanOrEqual(20);
    },
  );

  test.skipIf(process.env.DATABASE_URL)(
    "embedded: a start takes over the statistics of the last one, and makes new ones for what has outgrown them",
    async () => {
      const { database } = carnet.service.store;
      const write = (count: number) =>
        sql`
        insert into record_identity (record_id, ins_system, ins_value)
        select gen_random_uuid(), 'grown', gen_random_uuid() from generate_series(1, ${count}::int)`.execute(database);
      const known = async () => {
        await keepStatistics(database);
        const { rows } = await sql<{ reltuples: number }>`
          select reltuples from pg_class where relname = 'record_identity'`.execute(database);
        return rows[0]?.reltuples ?? -1;
      };
      await write(3000);
      const grown = await known();
      expect(grown).toBeGreaterThanOrEqual(3000);
      await write(10);
      expect(await known()).toBe(grown);
    },
  );

  test("a schema of a later version is refused, an unchanged one is left alone", async () => {
    const { database } = carnet.service.store;
    await migrate(database);
    await sql`insert into kysely_migration values ('999-later', '2099-01-01')`.execute(database);
    const refused: unknown = await migrate(database).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StartRefused);
    expect(String(refused)).toMatch(/a later version of this service \(999-later\)/);
    await sql`delete from kysely_migration where name = '999-later'`.execute(database);
  });

  const refusalOf = async (settings: Readonly<Record<string, string>>) => {
    const refused: unknown = await openStore(loadConfig({ CARNET_DEMO: "1", ...settings })).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(StartRefused);
    return String(refused);
  };

  test("that does not open is refused with what to do", async () => {
    const data = join(folder, "damaged");
    mkdirSync(join(data, "database"), { recursive: true });
    writeFileSync(join(data, "database", "PG_VERSION"), "9\n");
    expect(await refusalOf({ CARNET_DATA: data })).toMatch(/the database in CARNET_DATA does not open.*restore/);
    // Whoever mends it may start again in the same process.
    await (await lockDirectory(data)).release();
  });

  test.skipIf(process.platform === "win32")(
    "or its contents or keys that another user left, as root does, is refused by that, and not as damaged",
    async () => {
      const data = mkdtempSync(join(tmpdir(), "carnet-owner-"));
      const settings = { CARNET_DATA: data, DATABASE_URL: "" };
      const owned = /CARNET_DATA .*EACCES.*: give the folder, and all that is in it, to the user that runs the service/;
      mkdirSync(join(data, "database", "base"), { recursive: true });
      mkdirSync(join(data, "keys"));
      for (const file of ["database/base/1259", "keys/master.key"]) writeFileSync(join(data, file), "", { mode: 0 });
      const folders = [data, join(data, "database"), join(data, "database", "base"), join(data, "keys")];
      await asSomebody(folders, async () => {
        expect(await refusalOf(settings)).toMatch(owned);
        expect(() => readKeyFile(data, "master.key")).toThrow(owned);
        mkdirSync(join(data, "blobs"), { mode: 0 });
        const created = createService(loadConfig({ CARNET_DEMO: "1", PORT: "0", ...settings }));
        await expect(created).rejects.toThrow(/EACCES.*blobs.*: give the folder/);
      });
      rmSync(data, { recursive: true });
    },
  );

  test.skipIf(!process.env.DATABASE_URL)("whose user may create no table is refused by what is missing", async () => {
    const { database } = carnet.service.store;
    const reader = `reader_${randomBytes(6).toString("hex")}`;
    await sql`create role ${sql.id(reader)} login`.execute(database);
    try {
      const address = new URL(carnet.service.config.databaseUrl ?? "");
      address.username = reader;
      expect(await refusalOf({ CARNET_DATA: join(folder, "reader"), DATABASE_URL: address.href })).toMatch(
        /DATABASE_URL cannot be used: .*its user must own the database/,
      );
    } finally {
      await sql`drop role ${sql.id(reader)}`.execute(database);
    }
  });

  test("every key and unique index of a record's table begins with the record", async () => {
    const { rows } = await sql<{ table: string; definition: string }>`
      select t.relname as table, pg_get_indexdef(i.indexrelid) as definition
      from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
      where n.nspname = 'public' and i.indisunique`.execute(carnet.service.store.database);
    // Small tables that answer a question across records, and those that belong to none.
    const across: ReadonlySet<string> = new Set([
      ...tablesWithoutRecord,
      ...["record_identity", "representative_of", "carer_of", "person_lookup", "log_leaf"],
    ]);
    const wrong = rows.filter(
      ({ table, definition }) =>
        !across.has(table) && !table.startsWith("kysely_") && !/\(record_id\b/.test(definition),
    );
    expect(wrong).toEqual([]);
  });
});
