import { chmodSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyLogCommand } from "../commands/verify-log.ts";
import { deposit, token } from "../testing/documents.ts";
import { DAY_MS, newcomerWithRecord, operate, YEAR_MS } from "../testing/newcomers.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { chain, type LogLine } from "./access-log.ts";
import { publishedCheckpoints } from "./checkpoint-folder.ts";
import { checkpointFolder, logVerifiers } from "./log-settings.ts";
import { bytesLeafHash, growTree, leafHash } from "./merkle.ts";
import { checkpointText, noteSigner, noteVerifier, openCheckpoint } from "./signed-note.ts";
import { type LogProblem, verifyLog } from "./verify-log.ts";

let carnet: TestCarnet;
let folder: string;
let record: string;
let lines: readonly LogLine[];
beforeAll(async () => {
  carnet = await startCarnet();
  folder = checkpointFolder(carnet.service.config);
  await deposit(carnet);
  for (let count = 0; count < 4; count++) await ask("gp");
  await carnet.service.runJobs();
  for (let count = 0; count < 4; count++) await ask("anna");
  await ask("bruno", patients.bruno);
  await carnet.service.runJobs();
  record = (await carnet.service.records.idOf(patients.anna.ins)) ?? "";
  lines = await database()
    .selectFrom("access_log")
    .selectAll()
    .where("record_id", "=", record)
    .orderBy("sequence")
    .execute();
});
afterAll(() => carnet.close());

const database = () => carnet.service.store.database;
const ask = (account: string, of = patients.anna) => carnet.call(account, `/Patient?identifier=${token(of)}`);
const verify = () =>
  verifyLog({ database: database(), folder, verifiers: logVerifiers(carnet.service.config), now: carnet.now() });

/** What is found after `tamper`, which is then undone: the next test begins with a whole log. */
async function found(tamper: () => Promise<unknown>): Promise<readonly LogProblem[]> {
  const tables = ["access_log", "access_log_head", "log_leaf", "log_checkpoint", "destroyed_record"] as const;
  for (const table of tables)
    await sql`create table kept_${sql.raw(table)} as table ${sql.table(table)}`.execute(database());
  try {
    await tamper();
    return (await verify()).problems;
  } finally {
    for (const table of tables) {
      await sql`delete from ${sql.table(table)}`.execute(database());
      await sql`insert into ${sql.table(table)} select * from kept_${sql.raw(table)}`.execute(database());
      await sql`drop table kept_${sql.raw(table)}`.execute(database());
    }
  }
}

/** As an attacker would who owns the database: the chain written again from `from` on. */
async function writeChainAgain(from: number): Promise<Buffer> {
  const all: readonly LogLine[] = await database()
    .selectFrom("access_log")
    .selectAll()
    .where("record_id", "=", record)
    .orderBy("sequence")
    .execute();
  let hash: Buffer = Buffer.alloc(0);
  let sequence = 0;
  for (const line of all) {
    sequence += 1;
    hash = line.sequence < from ? line.hash : chain(hash, line);
    await database()
      .updateTable("access_log")
      .set({ hash, sequence })
      .where("record_id", "=", record)
      .where("event_id", "=", line.event_id)
      .execute();
  }
  await database().updateTable("access_log_head").set({ hash, sequence }).where("record_id", "=", record).execute();
  return hash;
}

const line = (sequence: number) => sql`record_id = ${record} and sequence = ${sequence}`;

describe("R180 the access log shows what was done to it", () => {
  test("R180 a log that nobody touched is whole, and says how far it is sealed", async () => {
    const report = await verify();
    expect(report.problems).toEqual([]);
    expect(report.checkpoints).toBe(publishedCheckpoints(folder).length);
    expect(report.checkpoints).toBeGreaterThanOrEqual(2);
    expect(report.lines).toBeGreaterThanOrEqual(lines.length);
    await ask("anna");
    expect(await verify()).toMatchObject({ problems: [], unsealed: report.unsealed + 1 });
    await carnet.service.runJobs();
    expect(await verify()).toMatchObject({ problems: [], unsealed: 0 });
  });

  test.each([0, 40])(
    "R180 a checkpoint whose writing was cut after %i bytes, by a crash or a full disk, is published whole",
    async (written) => {
      await ask("anna");
      await carnet.service.runJobs();
      const last = publishedCheckpoints(folder).at(-1) ?? 0;
      const path = join(folder, `${String(last).padStart(9, "0")}.checkpoint`);
      const whole = readFileSync(path, "utf8");
      rmSync(path);
      writeFileSync(path, whole.slice(0, written), { mode: 0o444 });
      expect((await verify()).problems).not.toEqual([]);
      await carnet.service.runJobs();
      expect(readFileSync(path, "utf8")).toBe(whole);
      expect((await verify()).problems).toEqual([]);
    },
  );

  test("R180 a changed line is named", async () => {
    const problems = await found(() =>
      sql`update access_log set actor_name = 'X' where ${line(3)}`.execute(database()),
    );
    expect(problems).toEqual([{ record, line: 3, message: expect.stringContaining("changed") }]);
  });

  test("R184 a secret line made public is a changed line", async () => {
    const problems = await found(() =>
      sql`update access_log set is_secret = true where ${line(2)}`.execute(database()),
    );
    expect(problems).toEqual([{ record, line: 2, message: expect.stringContaining("changed") }]);
  });

  test("R180 a removed line is named", async () => {
    const problems = await found(() => sql`delete from access_log where ${line(3)}`.execute(database()));
    expect(problems[0]).toEqual({ record, line: 3, message: "this line was removed" });
  });

  test("R180 two lines put in each other's place are named", async () => {
    const problems = await found(async () => {
      await sql`update access_log set sequence = 99999 where ${line(2)}`.execute(database());
      await sql`update access_log set sequence = 2 where ${line(3)}`.execute(database());
      await sql`update access_log set sequence = 3 where ${line(99_999)}`.execute(database());
    });
    expect(problems.map((one) => one.line)).toEqual(expect.arrayContaining([2, 3]));
    expect(problems.every((one) => one.record === record)).toBe(true);
  });

  test("R180 lines cut off at the end, head and all, are counted", async () => {
    const last = lines.length;
    const problems = await found(async () => {
      await sql`delete from access_log where record_id = ${record} and sequence > ${last - 2}`.execute(database());
      await sql`update access_log_head set sequence = ${last - 2}, hash = ${lines[last - 3]?.hash} where record_id = ${record}`.execute(
        database(),
      );
    });
    expect(problems).toEqual([{ record, line: last - 1, message: expect.stringContaining("cut off") }]);
  });

  test("R180 the whole log of a record removed is found", async () => {
    const problems = await found(async () => {
      await sql`delete from access_log where record_id = ${record}`.execute(database());
      await sql`delete from access_log_head where record_id = ${record}`.execute(database());
    });
    expect(problems).toEqual([{ record, line: 1, message: expect.stringContaining("whole log") }]);
  });

  test("R180 a line changed with the whole chain written again is found by the sealed heads", async () => {
    const problems = await found(async () => {
      await sql`update access_log set rule = 'R80' where ${line(2)}`.execute(database());
      await writeChainAgain(2);
    });
    expect(problems).toEqual([{ record, line: expect.any(Number), message: expect.stringContaining("written again") }]);
  });

  test("R180 the sealed heads changed too are found by the signed root", async () => {
    const problems = await found(async () => {
      await sql`update access_log set rule = 'R80' where ${line(2)}`.execute(database());
      await writeChainAgain(2);
      await sql`
        update log_leaf f set head_hash = l.hash from access_log l
        where l.record_id = f.record_id and l.sequence = f.sequence`.execute(database());
    });
    expect(problems.map((one) => one.message)).toEqual(
      expect.arrayContaining([expect.stringMatching(/heads sealed by checkpoint \d+ were changed/)]),
    );
  });

  test("R180 checkpoints taken back in the database are found in the folder", async () => {
    const problems = await found(async () => {
      const size = await sql<{
        size: string;
      }>`select tree_size as size from log_checkpoint where checkpoint_number = 1`.execute(database());
      await sql`delete from log_leaf where leaf_index >= ${size.rows[0]?.size}`.execute(database());
      await sql`delete from log_checkpoint where checkpoint_number > 1`.execute(database());
    });
    const messages = problems.map((one) => one.message).join("\n");
    expect(messages).toContain("checkpoint 2 was removed from the database");
    expect(messages).toContain("cut off");
  });

  test("R180 a checkpoint signed by another key, or removed from the folder, is found", async () => {
    const path = join(folder, "000000001.checkpoint");
    const note = readFileSync(path, "utf8");
    const opened = openCheckpoint(note, logVerifiers(carnet.service.config));
    if (!opened) throw new Error("the first checkpoint does not open");
    const rewrite = (text: string) => {
      chmodSync(path, 0o644);
      writeFileSync(path, text);
    };
    try {
      rewrite(noteSigner(Buffer.alloc(32, 7)).sign(checkpointText(opened)));
      expect((await verify()).problems.map((one) => one.message)).toContain(
        "checkpoint 1 is not signed by a key of the log",
      );
      unlinkSync(path);
      expect((await verify()).problems.map((one) => one.message)).toEqual([`checkpoint 1 was removed from ${folder}`]);
    } finally {
      writeFileSync(path, note);
    }
  });
});

describe("R19, R180 a log that is gone", () => {
  const gone = async (of: string) => {
    for (const table of ["access_log", "access_log_head", "log_seal"])
      await sql`delete from ${sql.table(table)} where record_id = ${of}`.execute(database());
  };
  /** What the owner of the database would write to be believed. */
  const excuse = (of: string, destroyedAt: Date, removedAt: Date) =>
    sql`
      insert into destroyed_record (record_id, destroyed_at, cause, log_until, log_removed_at)
      values (${of}, ${destroyedAt}, 'request', ${removedAt}, ${removedAt})
      on conflict (record_id) do update set log_until = excluded.log_until, log_removed_at = excluded.log_removed_at`.execute(
      database(),
    );
  const wholeLog = (of: string) => ({ record: of, line: 1, message: expect.stringContaining("whole log") });
  const ago = (years: number) => new Date(carnet.now().getTime() - years * YEAR_MS);

  test("R19, R180 is no fault after the record's destruction and its own three years; sooner it is, whatever the database says", async () => {
    const person = await newcomerWithRecord(carnet);
    await deposit(carnet, { patient: person.patient });
    expect((await operate(carnet, person.account, `/Patient/${person.id}/$close`)).status).toBe(200);
    await carnet.service.runJobs();
    carnet.travel(10 * YEAR_MS + 5 * DAY_MS);
    await carnet.service.runJobs();
    await carnet.service.runJobs();
    expect(await verify()).toMatchObject({ problems: [], remarks: [] });
    const early = await found(async () => {
      await gone(person.id);
      await excuse(person.id, ago(13), carnet.now());
    });
    expect(early).toEqual([wholeLog(person.id)]);
    const ahead = await found(async () => {
      await gone(person.id);
      await excuse(person.id, ago(0), ago(-4));
    });
    expect(ahead).toEqual([wholeLog(person.id)]);
    carnet.travel(3 * YEAR_MS + 5 * DAY_MS);
    await carnet.service.runJobs();
    const report = await verify();
    expect(report.problems).toEqual([]);
    expect(report.remarks).toEqual([expect.stringMatching(/^the logs of \d+ destroyed records are gone/)]);
    const { rows: left } = await sql`select from access_log where record_id = ${person.id}`.execute(database());
    expect(left).toEqual([]);
  });

  test("R180 of a record that is still there has no excuse, however old; nor has one line of a log that stays", async () => {
    const whole = await found(async () => {
      await gone(record);
      await excuse(record, ago(9), ago(1));
    });
    expect(whole).toEqual([wholeLog(record)]);
    const one = await found(async () => {
      await sql`delete from access_log where ${line(3)}`.execute(database());
      await excuse(record, ago(9), ago(1));
    });
    expect(one[0]).toEqual({ record, line: 3, message: "this line was removed" });
  });
});

describe("npm run verify-log", () => {
  const said: string[] = [];
  const output = { out: (text: string) => void said.push(text), err: (text: string) => void said.push(text) };

  test.skipIf(process.env.DATABASE_URL)(
    "the embedded database: says that the service runs, then that the log is whole, then what was changed",
    async () => {
      const other = await startCarnet();
      const data = other.service.config.dataDirectory;
      await other.call("gp", `/Patient?identifier=${token(patients.anna)}`);
      await other.service.runJobs();
      expect(await verifyLogCommand({ CARNET_DATA: data }, output)).toBe(2);
      expect(said.at(-1)).toBe("the service is running on this folder: stop it, then verify");
      await sql`update access_log set actor_name = 'X' where sequence = 1`.execute(other.service.store.database);
      await other.service.close();
      expect(await verifyLogCommand({ CARNET_DATA: data }, output)).toBe(1);
      expect(said.join("\n")).toMatch(/record [0-9a-f-]{36}, line 1: this line was changed/);
      rmSync(dirname(data), { recursive: true, force: true });
    },
    60_000,
  );

  test("a server: ends with 0 while the service runs; without a key of the log, with 2", async () => {
    // Its own service: the others have lived through years that are still to come for this command's clock.
    const own = await startCarnet();
    try {
      const { config } = own.service;
      if (!config.databaseUrl) return;
      await own.service.runJobs();
      const environment = { CARNET_DATA: config.dataDirectory, DATABASE_URL: config.databaseUrl };
      expect(await verifyLogCommand(environment, output)).toBe(0);
      expect(said.at(-1)).toContain("whole");
      expect(await verifyLogCommand({ ...environment, CARNET_DATA: "/nowhere" }, output)).toBe(2);
      expect(said.at(-1)).toContain("LOG_VERIFIER_KEYS");
    } finally {
      await own.close();
    }
  });

  test("nothing there: says what to set, and makes no database", async () => {
    expect(await verifyLogCommand({ CARNET_DATA: "/nowhere" }, output)).toBe(2);
    expect(said.at(-1)).toContain("CARNET_DATA");
  });
});

describe("checkpoints", () => {
  test("the tree is that of RFC 6962, grown in one go or many", () => {
    // Roots of the example tree of the Certificate Transparency reference implementation.
    const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const roots: string[] = [];
    let tree = growTree();
    for (const leaf of leaves) {
      tree = growTree(tree.size, tree.subtrees());
      tree.append(bytesLeafHash(Buffer.from(leaf, "hex")));
      roots.push(tree.root().toString("hex"));
    }
    expect(roots.at(0)).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    expect(roots.at(2)).toBe("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
    expect(roots.at(7)).toBe("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  });

  test("a leaf says which record, how many lines and which hash", () => {
    const head = { recordId: "a", sequence: 1, hash: Buffer.alloc(32) };
    const hashes = [head, { ...head, recordId: "b" }, { ...head, sequence: 2 }, { ...head, hash: Buffer.alloc(32, 1) }];
    expect(new Set(hashes.map((one) => leafHash(one).toString("hex"))).size).toBe(4);
  });

  test("a note opens with its key and no other, and not when a byte of it changed", () => {
    const signer = noteSigner(Buffer.alloc(32, 1));
    const checkpoint = {
      number: 3,
      size: 5,
      root: Buffer.alloc(32, 9),
      sealedAt: new Date("2026-01-02T03:04:05.006Z"),
    };
    const note = signer.sign(checkpointText(checkpoint));
    const verifier = noteVerifier(signer.verifierKey);
    expect(openCheckpoint(note, [verifier])).toEqual(checkpoint);
    expect(openCheckpoint(note, [noteVerifier(noteSigner(Buffer.alloc(32, 2)).verifierKey)])).toBeUndefined();
    expect(openCheckpoint(note.replace("\n5\n", "\n4\n"), [verifier])).toBeUndefined();
    expect(() => noteVerifier(`${signer.verifierKey}AA`)).toThrow("public key");
  });
});
