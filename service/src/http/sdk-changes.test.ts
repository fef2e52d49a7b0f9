/** R130 to R133 with the SDK against this service: however a history is cut into openings, the picture is that of one reading. */
import { connect, type DocumentEntry, type RecordChanges, type RecordHandle } from "@carnet/sdk";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startClamdDouble } from "../content-safety/testing/clamd-double.ts";
import { tablesWith } from "../store/destroy.ts";
import { deposit, newUniqueId } from "../testing/documents.ts";
import { type Newcomer, newcomerWithRecord } from "../testing/newcomers.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const as = (account: string, { ins }: Newcomer): RecordHandle =>
  connect({ baseUrl: carnet.base, accessToken: () => carnet.token(account), locale: "fr" }).record(ins);

/** A new record that the author of its documents and a nurse may read. */
async function newRecord(): Promise<Newcomer> {
  const person = await newcomerWithRecord(carnet);
  await as("gp", person).authorise();
  await as("nurse", person).authorise();
  return person;
}

/** A document of the GP. @returns its id */
const add = async ({ patient }: Newcomer, replaces?: string): Promise<string> =>
  (await deposit(carnet, { patient, ...(replaces ? { replaces } : {}) })).id;

/** What a vendor's software keeps, by the words of the guide. */
type Picture = Map<string, DocumentEntry>;

function apply(picture: Picture, { added, replaced, changed, gone }: RecordChanges): void {
  const set = (document: DocumentEntry) => {
    if (document.isArchived) picture.delete(document.id);
    else picture.set(document.id, document);
  };
  for (const id of gone) picture.delete(id);
  for (const { previousId, document } of replaced) {
    picture.delete(previousId);
    set(document);
  }
  for (const document of [...added, ...changed]) set(document);
}

const linesOf = (documents: Iterable<DocumentEntry>) =>
  [...documents]
    .map(
      ({ id, versionId, isHidden, isInvisibleToPatient }) => `${id} ${versionId} ${isHidden} ${isInvisibleToPatient}`,
    )
    .sort();

const acts = ["replace", "hide", "show", "archive", "unarchive", "remove"] as const;
type Step = { readonly kind: "deposit" | "vaccination" | "look" | (typeof acts)[number]; readonly at: number };

/** Looks and deposits come as often as all changes together. */
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("deposit", "deposit", "vaccination", "look", "look", "look", ...acts),
  at: fc.nat(9),
});

const RUNS = Number(process.env.CHANGES_RUNS ?? 6);

test("R130–R133 any history cut at any openings gives the picture of one reading, to author, reader and patient", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const person = await newRecord();
      const readers = ["gp", "nurse", person.account].map((account) => ({
        record: as(account, person),
        picture: new Map() as Picture,
        cursor: undefined as string | undefined,
      }));
      const look = async () => {
        for (const reader of readers) {
          const found = await reader.record.changes(reader.cursor, { held: [...reader.picture.keys()] });
          const told = [...found.added, ...found.changed, ...found.replaced.map(({ document }) => document)];
          expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
          apply(reader.picture, found);
          reader.cursor = found.cursor;
        }
      };
      const author = as("gp", person);
      const made: string[] = [];
      for (const one of steps) {
        if (one.kind === "look") await look();
        else if (one.kind === "deposit") made.push((await deposit(carnet, { patient: person.patient })).id);
        else if (one.kind === "vaccination") {
          const old = { date: "2003-05-06T08:00:00Z", actStart: "2003-05-06T08:00:00Z" };
          const code = { typeCode: "11369-6", classCode: "52" };
          made.push((await deposit(carnet, { patient: person.patient, ...old, ...code })).id);
        } else {
          const id = made[one.at % Math.max(1, made.length)];
          if (id === undefined) continue;
          // What is superseded or gone already refuses: that changes nothing.
          const act =
            one.kind === "replace"
              ? deposit(carnet, { patient: person.patient, replaces: id }).then((receipt) => made.push(receipt.id))
              : author[one.kind](id);
          await act.catch(() => undefined);
        }
      }
      await look();
      for (const { record, picture } of readers) {
        expect(linesOf(picture.values())).toEqual(linesOf((await record.changes()).added));
      }
      const again = readers.map(({ record, cursor, picture }) => record.changes(cursor, { held: [...picture.keys()] }));
      const quiet = await Promise.all(again);
      for (const { added, replaced, changed } of quiet) expect([...added, ...replaced, ...changed]).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

test("R130, R131 the first opening has two years of acts and every vaccination; R132 later ones what came since", async () => {
  const person = await newRecord();
  const nurse = as("nurse", person);
  const years = (count: number) => {
    const date = new Date(carnet.now());
    date.setUTCFullYear(date.getUTCFullYear() - count);
    return { date: date.toISOString(), actStart: date.toISOString() };
  };
  const recent = await deposit(carnet, { patient: person.patient, ...years(1) });
  await deposit(carnet, { patient: person.patient, ...years(3) });
  const note = { typeCode: "87273-9", classCode: "52" };
  const vaccine = await deposit(carnet, { patient: person.patient, ...years(20), ...note });
  carnet.travel(60_000);
  const first = await nurse.changes();
  expect(first.added.map(({ id }) => id)).toEqual([recent.id, vaccine.id]);
  const late = await deposit(carnet, { patient: person.patient, ...years(3) });
  const next = await nurse.changes(first.cursor);
  expect(next.added.map(({ id }) => id)).toEqual([late.id]);
});

test("R132 a chain of replacements is followed to its last version; what began since is simply new", async () => {
  const person = await newRecord();
  const nurse = as("nurse", person);
  const known = await deposit(carnet, { patient: person.patient });
  const oldest = await deposit(carnet, { patient: person.patient, replaces: known.id });
  const { cursor } = await nurse.changes();
  // Out of the overlap, so that nothing but the chain tells.
  carnet.travel(60_000);
  const middle = await deposit(carnet, { patient: person.patient, replaces: oldest.id });
  const last = await deposit(carnet, { patient: person.patient, replaces: middle.id });
  const start = await deposit(carnet, { patient: person.patient });
  const end = await deposit(carnet, { patient: person.patient, replaces: start.id });
  const next = await nurse.changes(cursor);
  expect(next.replaced.map(({ previousId, document }) => [previousId, document.id])).toEqual([[oldest.id, last.id]]);
  expect(next.added.map(({ id }) => id)).toEqual([end.id]);
});

test("R132, R145 a change of confidentiality is told as such to who still sees the document, as gone to others", async () => {
  const person = await newRecord();
  const { id } = await deposit(carnet, { patient: person.patient });
  const [author, nurse] = [as("gp", person), as("nurse", person)];
  const [toAuthor, toNurse] = [await author.changes(), await nurse.changes()];
  await author.hide(id);
  expect((await author.changes(toAuthor.cursor)).changed).toMatchObject([{ id, isHidden: true }]);
  const { added, changed, replaced } = await nurse.changes(toNurse.cursor);
  expect([added, changed, replaced]).toEqual([[], [], []]);
  const without = await nurse.changes(toNurse.cursor, { held: [id] });
  expect(without.gone).toEqual([id]);
  await author.show(id);
  expect((await nurse.changes(without.cursor, { held: [] })).added.map((one) => one.id)).toEqual([id]);
});

test("R133 what came by secure mail with the same uniqueId is shown once", async () => {
  const person = await newRecord();
  const uniqueId = newUniqueId();
  await deposit(carnet, { patient: person.patient, uniqueId });
  const isKnown = (one: string) => one === uniqueId;
  const first = await as("nurse", person).changes(undefined, { isKnown });
  expect(first.added).toEqual([]);
  await deposit(carnet, { patient: person.patient });
  expect((await as("nurse", person).changes(first.cursor, { isKnown })).added).toHaveLength(1);
});

test("the cursor of a large import stays small once its minute is over", async () => {
  const person = await newRecord();
  for (let count = 0; count < 40; count++) await deposit(carnet, { patient: person.patient });
  const { cursor: large } = await as("nurse", person).changes();
  expect(large.length).toBeLessThan(2_000);
  carnet.travel(120_000);
  const { added, cursor: small } = await as("nurse", person).changes(large);
  expect(added).toEqual([]);
  expect(small.length).toBeLessThan(200);
});

test("R132 what came in after the service's clock was set back is told, once; also what was hidden, replaced or removed", async () => {
  const person = await newRecord();
  const [author, nurse] = [as("gp", person), as("nurse", person)];
  const hour = 3_600_000;
  carnet.travel(hour);
  const [kept, hidden, old, gone] = [await add(person), await add(person), await add(person), await add(person)];
  const first = await nurse.changes();
  expect(first.added).toHaveLength(4);
  carnet.travel(-hour);
  const late = await add(person);
  const next = await add(person, old);
  await author.archive(kept);
  await author.hide(hidden);
  await author.remove(gone);
  const second = await nurse.changes(first.cursor, { held: first.added.map(({ id }) => id) });
  expect(second.added.map(({ id }) => id)).toEqual([late]);
  expect(second.replaced.map(({ previousId, document }) => [previousId, document.id])).toEqual([[old, next]]);
  expect(second.changed.map(({ id }) => id)).toEqual([kept]);
  expect([...second.gone].sort()).toEqual([hidden, gone].sort());
  const last = await add(person);
  const third = await nurse.changes(second.cursor);
  expect([third.added, third.replaced, third.changed].flat().map((one) => "id" in one && one.id)).toEqual([last]);
  carnet.travel(2 * hour);
  const quiet = await nurse.changes(third.cursor);
  expect([quiet.added, quiet.replaced, quiet.changed]).toEqual([[], [], []]);
});

test("a cursor of a former version goes on, and from then on no clock matters", async () => {
  const person = await newRecord();
  const nurse = as("nurse", person);
  await add(person);
  const { cursor } = await nurse.changes();
  const { at, ...former } = JSON.parse(Buffer.from(cursor, "base64url").toString());
  expect(at).toMatch(/^[\w-]{43}$/);
  const late = await add(person);
  const next = await nurse.changes(btoa(JSON.stringify(former)));
  expect(next.added.map(({ id }) => id)).toEqual([late]);
  carnet.travel(-600_000);
  const later = await add(person);
  expect((await nurse.changes(next.cursor)).added.map(({ id }) => id)).toEqual([later]);
  // Where nothing but dates is known, that day is read again: what was told and is not remembered is told twice, nothing missed.
  const again = await nurse.changes(btoa(JSON.stringify(former)));
  expect(new Set(again.added.map(({ id }) => id))).toEqual(new Set([late, later]));
  carnet.travel(600_000);
});

/** A backup of everything that the database has of a record. @returns what puts it back in the place of what came since */
async function backUp(recordId: string): Promise<() => Promise<void>> {
  const { database, transaction } = carnet.service.store;
  const backup = new Map<string, string>();
  for (const name of await tablesWith(database, "record_id")) {
    const { rows } = await sql<{ all: string }>`
      select coalesce(json_agg(t), '[]')::text as all from ${sql.table(name)} t where record_id = ${recordId}`.execute(
      database,
    );
    backup.set(name, rows[0]?.all ?? "[]");
  }
  return () =>
    transaction(async (one) => {
      for (const [name, rows] of backup) {
        await sql`delete from ${sql.table(name)} where record_id = ${recordId}`.execute(one);
        await sql`insert into ${sql.table(name)}
          select * from json_populate_recordset(null::${sql.table(`public.${name}`)}, ${rows}::text::json)`.execute(
          one,
        );
      }
    });
}

test("R132 after a restore to an older moment, what comes in is told once to cursors from before and after it, and what was lost is gone", async () => {
  const person = await newcomerWithRecord(carnet);
  for (const account of ["gp", "nurse"]) await as(account, person).authorise();
  const nurse = as("nurse", person);
  const [old, archived] = [await add(person), await add(person)];
  const picture: Picture = new Map();
  const opened = await nurse.changes();
  apply(picture, opened);
  const restore = await backUp(person.id);
  const uniqueId = newUniqueId();
  const lost = [
    (await deposit(carnet, { patient: person.patient, uniqueId })).id,
    await add(person),
    await add(person),
  ];
  // Out of the overlap, so that nothing but the cursor tells.
  carnet.travel(60_000);
  const beyond = await nurse.changes(opened.cursor, { held: [...picture.keys()] });
  apply(picture, beyond);
  expect([...picture.keys()].sort()).toEqual([old, archived, ...lost].sort());

  await restore();
  carnet.travel(60_000);
  const restored = await nurse.changes(beyond.cursor, { held: [...picture.keys()] });
  expect([restored.added, restored.replaced, restored.changed]).toEqual([[], [], []]);
  expect([...restored.gone].sort()).toEqual([...lost].sort());
  apply(picture, restored);

  // Its author sends one of the lost again; the record passes the position that it had before.
  const { id: sentAgain } = await deposit(carnet, { patient: person.patient, uniqueId });
  await as("gp", person).archive(archived);
  for (const cursor of [opened.cursor, beyond.cursor, restored.cursor]) {
    const found = await nurse.changes(cursor, { held: [old, archived] });
    expect(found.added.map(({ id }) => id)).toEqual([sentAgain]);
    expect(found.changed.map(({ id }) => id)).toEqual([archived]);
  }
  const next = await nurse.changes(restored.cursor);
  apply(picture, next);
  const added = [await add(person), await add(person), await add(person, old)];
  const last = await nurse.changes(next.cursor, { held: [...picture.keys()] });
  expect(last.added.map(({ id }) => id).sort()).toEqual(added.slice(0, 2).sort());
  expect(last.replaced.map(({ previousId, document }) => [previousId, document.id])).toEqual([[old, added[2]]]);
  apply(picture, last);
  expect(linesOf(picture.values())).toEqual(linesOf((await nurse.changes()).added));
});

test("R15, R21 a cursor outlives a closure: refused while the record is closed, it goes on where it was", async () => {
  const person = await newRecord();
  const [nurse, holder] = [as("nurse", person), as(person.account, person)];
  const [kept, gone] = [await add(person), await add(person)];
  const { cursor } = await nurse.changes();
  const late = await add(person);
  await as("gp", person).remove(gone);
  await holder.close();
  await expect(nurse.changes(cursor)).rejects.toMatchObject({ code: "record-closed" });
  await holder.reactivate();
  const next = await nurse.changes(cursor, { held: [kept, gone] });
  expect([next.added.map(({ id }) => id), next.changed, next.replaced, next.gone]).toEqual([[late], [], [], [gone]]);
});

test("a cursor that is cut short is refused", async () => {
  const person = await newRecord();
  const { cursor } = await as("nurse", person).changes();
  const refusal = { code: "invalid-answer", place: "cursor" };
  for (const length of [1, 20, cursor.length - 2])
    await expect(as("nurse", person).changes(cursor.slice(0, length)), `${length}`).rejects.toMatchObject(refusal);
});

test("a cursor whose position was altered looks by dates, and misses nothing", async () => {
  const person = await newRecord();
  const nurse = as("nurse", person);
  const { cursor } = await nurse.changes();
  const late = await add(person);
  const written = JSON.parse(Buffer.from(cursor, "base64url").toString());
  const otherEnd = `${written.at.slice(0, 42)}${written.at.endsWith("A") ? "E" : "A"}`;
  for (const at of ["A".repeat(43), otherEnd, "", "ge1900"]) {
    const { added } = await nurse.changes(btoa(JSON.stringify({ ...written, at })));
    expect(
      added.map(({ id }) => id),
      at,
    ).toEqual([late]);
  }
});

test("R132, R145 a position tells nothing of what is hidden, and is of one record", async () => {
  const [person, other] = [await newRecord(), await newRecord()];
  const search = async (of: Newcomer, query: string) => {
    const address = `patient.identifier=${encodeURIComponent(`${of.ins.system}|${of.ins.value}`)}&status=current`;
    return carnet.call("nurse", `/DocumentReference?${address}${query}`);
  };
  const positionOf = async (of: Newcomer) =>
    JSON.stringify(await (await search(of, "&_lastUpdated=ge1900-01-01")).json()).match(
      /position","valueString":"([\w-]{43})"/,
    )?.[1];
  const [first, second] = [await positionOf(person), await positionOf(person)];
  expect(first).not.toBe(second);
  // Who asks otherwise is answered with nothing that differs from one time to the next.
  expect(await (await search(person, "")).text()).not.toContain("/position");
  await as("gp", person).hide(await add(person));
  const late = await add(person);
  for (const position of [first, second]) {
    const found = await (await search(person, `&changed=${position}`)).json();
    expect(found.entry.map(({ resource }: { resource: { id: string } }) => resource.id)).toEqual([late]);
  }
  expect((await search(other, `&changed=${first}`)).status).toBe(400);
  expect((await search(person, "&changed=soon")).status).toBe(400);
});

test.skipIf(!process.env.DATABASE_URL)(
  "R132 no opening passes over a document whose transaction was opened first and ends last",
  async () => {
    const person = await newRecord();
    const nurse = as("nurse", person);
    const { database } = carnet.service.store;
    const uniqueId = newUniqueId();
    const run = (statement: string) => sql.raw(statement).execute(database);
    await run(`create function hold() returns trigger language plpgsql as
      'begin perform pg_advisory_xact_lock(4132); return null; end'`);
    await run(`create constraint trigger hold after insert on document deferrable initially deferred
      for each row when (new.unique_id = '${uniqueId}') execute function hold()`);
    /** Until so many wait for a lock, or what began is done: whether it waits is the database's business. */
    const waitingOr = async (count: number, work: Promise<unknown>) => {
      let isDone = false;
      work.finally(() => {
        isDone = true;
      });
      const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      while (!isDone && (await waiting.execute(database)).rows.length < count) await new Promise(setImmediate);
    };
    const [deposited, found] = await carnet.service.store
      .transaction(async (holder) => {
        await sql`select pg_advisory_xact_lock(4132)`.execute(holder);
        // Written, it waits at its commit until this transaction ends.
        const first = deposit(carnet, { patient: person.patient, uniqueId });
        await waitingOr(1, first);
        // By its date, nobody who looks from now on would find it.
        carnet.travel(120_000);
        const second = deposit(carnet, { patient: person.patient });
        await waitingOr(2, second);
        const looked = nurse.changes();
        await waitingOr(3, looked);
        return [
          Promise.all([first, second]),
          looked.then(async (one) => [one, await nurse.changes(one.cursor)]),
        ] as const;
      })
      .then((begun) => Promise.all([...begun]));
    const told = found.flatMap(({ added }) => added.map(({ id }) => id));
    expect(told.sort()).toEqual(deposited.map(({ id }) => id).sort());
    await run("drop function hold cascade");
  },
);

test("R132 a document that took long to judge is in the opening after the one that was too early for it", async () => {
  const clamd = await startClamdDouble();
  const slow = await startCarnet({ CLAMD_URL: clamd.url });
  try {
    const record = connect({ baseUrl: slow.base, accessToken: () => slow.token("gp") }).record(patients.anna.ins);
    const held = clamd.holdNext();
    const deposited = deposit(slow, { author: "cardiologist" });
    const { answer } = await held;
    slow.travel(120_000);
    // What began after it is in the record before it.
    const sooner = await deposit(slow, { author: "cardiologist" });
    const { added, cursor } = await record.changes();
    expect(added.map((document) => document.id)).toEqual([sooner.id]);
    answer();
    const { id } = await deposited;
    expect((await record.changes(cursor)).added.map((document) => document.id)).toEqual([id]);
  } finally {
    await slow.close();
    await clamd.close();
  }
});
