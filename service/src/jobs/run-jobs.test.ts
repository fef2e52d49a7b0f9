import { sql } from "kysely";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { takeTurn } from "../store/job-turns.ts";
import { deposit } from "../testing/documents.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { type Job, startJobs } from "./run-jobs.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const HOUR_MS = 3_600_000;
const silent = { error: () => undefined };

it("gives a turn to one of those who ask for it, and again when it is due", async () => {
  const { database } = carnet.service.store;
  const now = carnet.now();
  const asked = await Promise.all([1, 2, 3].map(() => takeTurn(database, "test-turn", HOUR_MS, now)));
  expect(asked.filter(Boolean)).toHaveLength(1);
  expect(await takeTurn(database, "test-turn", HOUR_MS, new Date(now.getTime() + HOUR_MS - 1))).toBe(false);
  expect(await takeTurn(database, "test-turn", HOUR_MS, new Date(now.getTime() + HOUR_MS))).toBe(true);
});

it("a clock that ran ahead and was set right keeps no job away until then; clocks a little apart share the turns", async () => {
  const { database } = carnet.service.store;
  const now = carnet.now();
  const at = (milliseconds: number) => new Date(now.getTime() + milliseconds);
  expect(await takeTurn(database, "ahead", HOUR_MS, at(365 * 24 * HOUR_MS))).toBe(true);
  expect(await takeTurn(database, "ahead", HOUR_MS, now)).toBe(true);
  expect(await takeTurn(database, "ahead", HOUR_MS, at(-60_000))).toBe(false);
  expect(await takeTurn(database, "ahead", HOUR_MS, at(60_000))).toBe(false);
  // A period that was made shorter counts from the next look on.
  expect(await takeTurn(database, "ahead", 60_000, at(120_000))).toBe(true);
});

it("runs the other jobs when one fails, and says which failed", async () => {
  const ran: string[] = [];
  const job = (name: string, fails = false): Job => ({
    name,
    everyMs: HOUR_MS,
    run: async () => {
      ran.push(name);
      if (fails) throw new Error(name);
    },
  });
  const runner = startJobs({ database: carnet.service.store.database, log: silent, now: carnet.now }, [
    job("first"),
    job("second", true),
    job("third"),
  ]);
  await expect(runner.runAll()).rejects.toThrow("1 of 3 jobs failed");
  await runner.stop();
  expect(ran).toEqual(["first", "second", "third"]);
});

it("says in the log why a job failed, by the database's code and the place, and quotes no value", async () => {
  const run = async () => {
    throw Object.assign(new Error("disk full at MOREAU"), { code: "53100", detail: "Key (name)=(MOREAU)" });
  };
  const said: unknown[] = [];
  const log = { error: (...details: readonly unknown[]) => void said.push(details) };
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const deps = { database: carnet.service.store.database, log, now: carnet.now };
    const runner = startJobs(deps, [{ name: "full", everyMs: HOUR_MS, run }]);
    await vi.advanceTimersByTimeAsync(30_000);
    await runner.stop();
  } finally {
    vi.useRealTimers();
  }
  const place: unknown = expect.stringContaining("run-jobs.test.ts");
  expect(said).toEqual([[{ job: "full", kind: "Error", code: "53100", stack: place }, "job failed"]]);
  expect(JSON.stringify(said)).not.toContain("MOREAU");
});

it("tells a running job that the service stops, and waits for it", async () => {
  let wasTold = false;
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const runner = startJobs({ database: carnet.service.store.database, log: silent, now: carnet.now }, [
    {
      name: "long",
      everyMs: HOUR_MS,
      run: (_now, signal) =>
        new Promise((resolve) => {
          begin();
          signal.addEventListener("abort", () => {
            wasTold = true;
            resolve();
          });
        }),
    },
  ]);
  const all = runner.runAll();
  await begun;
  await runner.stop();
  await all;
  expect(wasTold).toBe(true);
});

it("reads the words of documents for half a minute at most in one turn: what seals the log does not wait for the rest", async () => {
  for (let count = 0; count < 6; count++) await deposit(carnet);
  const { database } = carnet.service.store;
  const unread = async () =>
    (await sql`select from document_fact where text_version = 0`.execute(database)).rows.length;
  // Documents each of which takes as long as a slow one may; the service's own turn may come meanwhile, and reads one too.
  const now = performance.now.bind(performance);
  let asked = 0;
  const slow = vi.spyOn(performance, "now").mockImplementation(() => now() + 20_000 * asked++);
  try {
    await sql`update document_fact set text_version = 0`.execute(database);
    await carnet.service.runJobs();
    expect(await unread()).toBeGreaterThan(0);
    expect(await unread()).toBeLessThan(6);
  } finally {
    slow.mockRestore();
  }
  await carnet.service.runJobs();
  expect(await unread()).toBe(0);
});
