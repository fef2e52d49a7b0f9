import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provideBundle } from "../testing/documents.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { type OpenDatabase, openDatabase } from "./database.ts";
import { durability } from "./durable-pglite.ts";
import { type SharedCommits, type SharedWork, shareCommits } from "./shared-commits.ts";

describe("commits that come at the same time (embedded database)", () => {
  const folder = mkdtempSync(join(tmpdir(), "carnet-commits-"));
  let opened: OpenDatabase;
  let commits: SharedCommits;
  beforeAll(async () => {
    opened = await openDatabase({ dataDirectory: folder });
    await sql`create table kept (value int primary key)`.execute(opened.kysely);
    commits = shareCommits(opened.kysely);
  });
  afterAll(async () => {
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const keep =
    (value: number): SharedWork<number> =>
    async (database, isConfirmedLater) => {
      await sql`
        with row as (insert into kept values (${value}))
        select set_config('synchronous_commit', ${isConfirmedLater ? "off" : "on"}, true)`.execute(database);
      return value;
    };
  const values = async () => {
    const { rows } = await sql<{ value: number }>`select value from kept order by value`.execute(opened.kysely);
    return rows.map(({ value }) => value);
  };

  test("wait for the disk once, and none is told before", async () => {
    const before = durability.fsyncs;
    const seen = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((value) => commits.commit(keep(value)).then(() => durability.fsyncs)),
    );
    expect(durability.fsyncs - before).toBeLessThan(6);
    for (const fsyncs of seen) expect(fsyncs).toBeGreaterThan(before);
    expect(await values()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("a later commit waits for the disk itself", async () => {
    const before = durability.fsyncs;
    await sql`insert into kept values (${7})`.execute(opened.kysely);
    expect(durability.fsyncs).toBeGreaterThan(before);
    await commits.commit(keep(8));
    expect(durability.fsyncs - before).toBeGreaterThanOrEqual(2);
  });

  test("one that fails takes nothing from the others", async () => {
    const outcomes = await Promise.allSettled([11, 1, 12, 2, 13].map((value) => commits.commit(keep(value))));
    expect(outcomes.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await values()).toEqual(expect.arrayContaining([11, 12, 13]));
  });

  test("nobody else reads what is not on disk yet", async () => {
    const before = durability.fsyncs;
    const read: Promise<number>[] = [];
    const keepAndLook =
      (value: number): SharedWork<number> =>
      async (database, isConfirmedLater) => {
        const kept = await keep(value)(database, isConfirmedLater);
        read.push(values().then(() => durability.fsyncs));
        return kept;
      };
    await Promise.all([21, 22].map((value) => commits.commit(keepAndLook(value))));
    for (const fsyncs of await Promise.all(read)) expect(fsyncs).toBeGreaterThan(before);
  });

  test("when the disk was not reached, none of them is told that it is kept", async () => {
    const spoil: SharedWork<void> = async (database) => {
      await sql`begin`.execute(database);
      await sql`select 1 / 0`.execute(database).catch(() => undefined);
    };
    const outcomes = await Promise.allSettled([commits.commit<unknown>(keep(31)), commits.commit<unknown>(spoil)]);
    await sql`rollback`.execute(opened.kysely);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await commits.commit(keep(32))).toBe(32);
  });

  test("one that is near is waited for", async () => {
    const patient = shareCommits(opened.kysely, 3_600_000);
    const before = durability.fsyncs;
    const near = async (value: number) => {
      await patient.near(async () => {
        for (let turn = 0; turn < 5; turn++) await setImmediate();
      });
      return patient.commit(keep(value));
    };
    await Promise.all([patient.commit(keep(41)), near(42)]);
    expect(durability.fsyncs - before).toBeLessThan(2);
  });

  test("one that never comes is not waited for", async () => {
    void commits.near(() => new Promise<void>(() => {}));
    expect(await commits.commit(keep(51))).toBe(51);
    await Promise.all([52, 53].map((value) => commits.commit(keep(value))));
    expect(await values()).toEqual(expect.arrayContaining([51, 52, 53]));
  });
});

describe.skipIf(process.env.DATABASE_URL)("a deposit", () => {
  let carnet: TestCarnet;
  beforeAll(async () => {
    carnet = await startCarnet();
  });
  afterAll(() => carnet.close());

  test("that is confirmed later does not wait for the disk itself", async () => {
    const store: { commits: SharedCommits } = carnet.service.store;
    const waits: number[] = [];
    store.commits = {
      near: (work) => work(),
      commit: (work) =>
        carnet.service.store.database.connection().execute(async (connection) => {
          const before = durability.fsyncs;
          const kept = await work(connection, true);
          waits.push(durability.fsyncs - before);
          return kept;
        }),
    };
    await carnet.call("gp", "/", { method: "POST", body: JSON.stringify(provideBundle({})) });
    expect(waits).toEqual([0]);
  });
});
