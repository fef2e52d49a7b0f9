import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { type Delivery, type DrainContext, drain } from "./drain.ts";
import { acknowledge, countQueue, discard, enqueue, listFor, openRefused, retryNow, wipeOwner } from "./outbox.ts";
import { receiptFileOf } from "./receipt-file.ts";
import type { Parcel } from "./row.ts";

const parcel: Parcel = {
  ins: { system: "urn:oid:1.2.250.1.213.1.4.10", value: "285037800604297" },
  xml: "<ClinicalDocument>contenu</ClinicalDocument>",
  visibility: { hiddenFromProfessionals: false, invisibleToPatient: false },
  submissionSetId: "urn:oid:2.25.1",
};
const label = { title: "Lettre de liaison", typeDisplay: "Lettre de liaison", patientName: "CAMILLE TESTARD" };

let name = 0;
let databaseName = "";
let database: Database;
beforeEach(async () => {
  name += 1;
  databaseName = `outbox-${name}`;
  database = await openDatabase(databaseName);
});

const add = (owner = "dr-leroy", uniqueId = "urn:oid:2.25.10", now = 1_000) =>
  enqueue(database, { owner, serviceUrl: "https://dossier.example", uniqueId, parcel, label }, now);

const receipt: Delivery = {
  kind: "receipt",
  receipt: { documentId: "d1", submissionSetId: "s1", receivedAt: "2026-11-22T08:00:00Z", alreadyInRecord: false },
};

const contextOf = (deliver: DrainContext["deliver"], given: Partial<DrainContext> = {}): DrainContext => ({
  database,
  owner: async () => "dr-leroy",
  deliver,
  now: () => 5_000,
  random: () => 1,
  changed: async () => undefined,
  ...given,
});

const only = async (owner = "dr-leroy") => (await listFor(database, owner))[0];

describe("a clock that was ahead, and is set right", () => {
  it("does not keep a document waiting until the day that it had shown", async () => {
    const ahead = 400 * 24 * 3_600_000;
    await add("dr-leroy", "urn:oid:2.25.10", ahead);
    let tries = 0;
    await drain(
      contextOf(async () => (++tries === 1 ? { kind: "later", code: "offline" } : receipt), { now: () => ahead }),
    );
    await drain(contextOf(async () => receipt));
    expect((await only())?.state).toBe("sent");
  });
});

describe("a document that may be called back", () => {
  const inGrace = () =>
    enqueue(
      database,
      { owner: "dr-leroy", serviceUrl: "https://dossier.example", uniqueId: "urn:oid:2.25.10", parcel, label },
      1_000,
      10_000,
    );
  const sent = async (now: number) => {
    let count = 0;
    await drain(
      contextOf(
        async () => {
          count += 1;
          return receipt;
        },
        { now: () => now },
      ),
    );
    return count;
  };

  it("does not leave before its time, whoever rings, and leaves then", async () => {
    await inGrace();
    expect(await sent(10_999)).toBe(0);
    expect((await countQueue(database, "dr-leroy")).nextAttemptAt).toBe(11_000);
    expect(await sent(11_000)).toBe(1);
  });

  it("is gone when it is called back in time, and cannot be once it is on its way", async () => {
    const id = await inGrace();
    expect(await discard(database, id)).toBe(true);
    expect(await database.count("parcels")).toBe(0);
    expect(await discard(database, id)).toBe(false);
    expect(await sent(20_000)).toBe(0);
    const next = await inGrace();
    let isCalledBack: boolean | undefined;
    const late = async () => {
      isCalledBack = await discard(database, next);
      return receipt;
    };
    await drain(contextOf(late, { now: () => 20_000 }));
    expect(isCalledBack).toBe(false);
  });

  it("keeps that time when it waits for a sign-in as well", async () => {
    await inGrace();
    await drain(contextOf(async () => receipt, { owner: async () => undefined, now: () => 2_000 }));
    expect(await sent(5_000)).toBe(0);
    expect(await sent(11_000)).toBe(1);
  });

  it("leaves at once when the person does not want to wait", async () => {
    await retryNow(database, await inGrace(), 2_000);
    expect(await sent(2_000)).toBe(1);
  });
});

describe("a refused document", () => {
  const refuse = async () => {
    const id = await add();
    await drain(contextOf(async () => ({ kind: "refused", code: "document-rejected" })));
    return id;
  };

  it("is opened for repair by its owner only, and leaves the queue in the step that brings the repaired one in", async () => {
    const id = await refuse();
    expect(await openRefused(database, id, "dr-martin")).toBeUndefined();
    expect(await openRefused(database, id, "dr-leroy")).toEqual(parcel);
    const entry = {
      owner: "dr-leroy",
      serviceUrl: "https://dossier.example",
      uniqueId: "urn:oid:2.25.11",
      parcel,
      label,
    };
    await enqueue(database, { ...entry, instead: id }, 2_000);
    expect((await database.getAll("outbox")).map(({ uniqueId }) => uniqueId)).toEqual(["urn:oid:2.25.11"]);
    expect(await database.getAllKeys("parcels")).toEqual(await database.getAllKeys("outbox"));
  });

  it("is said to be lost, and opens no more, when the browser cleared its content", async () => {
    const id = await add();
    await database.clear("parcels");
    await drain(contextOf(async () => receipt));
    expect(await only()).toMatchObject({ state: "refused", lastError: "content-lost", opened: label });
    expect(await openRefused(database, id, "dr-leroy")).toBeUndefined();
  });

  it("stays when somebody else's document, or one on its way, is named in its place", async () => {
    const id = await add();
    const entry = { serviceUrl: "https://dossier.example", uniqueId: "urn:oid:2.25.11", parcel, label, instead: id };
    await enqueue(database, { ...entry, owner: "dr-leroy" }, 2_000);
    expect((await database.getAll("outbox")).length).toBe(2);
    expect(await openRefused(database, id, "dr-leroy")).toBeUndefined();
  });
});

describe("a shared workstation", () => {
  it("keeps nothing of a person who wipes it, and everything of the others", async () => {
    await add("dr-leroy", "urn:oid:2.25.1");
    await add("dr-martin", "urn:oid:2.25.2");
    expect(await wipeOwner(database, "dr-leroy")).toBe(true);
    expect((await database.getAll("outbox")).map(({ owner }) => owner)).toEqual(["dr-martin"]);
    expect(await database.count("parcels")).toBe(1);
  });

  it("is not wiped while a document is on its way, beside others that wait: its receipt would be missing", async () => {
    await add();
    await add("dr-leroy", "urn:oid:2.25.11", 2_000);
    const wiped: boolean[] = [];
    const during = async () => {
      wiped.push(await wipeOwner(database, "dr-leroy"));
      return receipt;
    };
    await drain(contextOf(during));
    expect(wiped).toEqual([false, false]);
    expect((await listFor(database, "dr-leroy")).map(({ state }) => state)).toEqual(["sent", "sent"]);
  });

  it("counts what waits and what was refused of the person signed in, and everybody's while nobody is", async () => {
    await add("dr-leroy", "urn:oid:2.25.1");
    await drain(contextOf(async () => ({ kind: "refused", code: "access-refused" })));
    await add("dr-leroy", "urn:oid:2.25.2", 2_000);
    await add("dr-leroy", "urn:oid:2.25.3", 3_000);
    await add("dr-martin", "urn:oid:2.25.4", 1_500);
    const own = { waiting: 2, sendable: 2, refused: 1, needsSignIn: false };
    expect(await countQueue(database, "dr-leroy")).toEqual({ ...own, nextAttemptAt: 2_000 });
    // A colleague's refused document is nothing that they could do anything about.
    const theirs = { waiting: 1, sendable: 1, refused: 0, needsSignIn: false, nextAttemptAt: 1_500 };
    expect(await countQueue(database, "dr-martin")).toEqual(theirs);
    const everybodys = { waiting: 3, sendable: 0, refused: 1, needsSignIn: false, nextAttemptAt: undefined };
    expect(await countQueue(database, undefined)).toEqual(everybodys);
    let during: unknown;
    const look = async (): Promise<Delivery> => {
      during ??= await countQueue(database, "dr-leroy");
      return receipt;
    };
    await drain(contextOf(look));
    expect(during).toMatchObject(own);
  });
});

describe("an exported receipt", () => {
  it("proves the arrival and says nothing of the patient or the document", async () => {
    await add();
    expect(receiptFileOf((await only()) as never)).toBeUndefined();
    await drain(contextOf(async () => receipt));
    const file = receiptFileOf((await only()) as never);
    expect(JSON.parse(file?.text ?? "")).toEqual({
      kind: "carnet-receipt",
      service: "https://dossier.example",
      documentId: "d1",
      uniqueId: "urn:oid:2.25.10",
      submissionSetId: "s1",
      sentAt: "1970-01-01T00:00:01.000Z",
      receivedAt: "2026-11-22T08:00:00Z",
      alreadyInRecord: false,
    });
    expect(`${file?.name}${file?.text}`).not.toMatch(/TESTARD|Lettre|2850378/);
  });
});

describe("the outbox", () => {
  it("brings what waited under its first form, content within the row, and sends it once", async () => {
    const id = await add();
    const key = await database.get("keys", "outbox-1");
    const [row] = await database.getAll("outbox");
    const sealed = await database.get("parcels", id);
    if (key === undefined) throw new Error("no key");
    const former = `former-${name}`;
    const first = await openDB(former, 1, {
      upgrade(old) {
        old.createObjectStore("outbox", { keyPath: "id" });
        old.createObjectStore("keys");
      },
    });
    await first.put("outbox", { ...row, parcel: sealed });
    await first.put("keys", key, "outbox-1");
    first.close();

    database = await openDatabase(former);
    expect(await database.getAll("outbox")).toEqual([row]);
    const sent: Parcel[] = [];
    await drain(
      contextOf(async (given) => {
        sent.push(given);
        return receipt;
      }),
    );
    expect(sent).toEqual([parcel]);
  });

  it("keeps the receipt and destroys the content once the record has the document", async () => {
    await add();
    await drain(contextOf(async () => receipt));
    const [row] = await database.getAll("outbox");
    expect(row).toMatchObject({ state: "sent", receipt: { documentId: "d1" }, label: undefined });
    expect(await database.count("parcels")).toBe(0);
  });

  it("writes nothing readable on disk: neither the content nor the patient", async () => {
    await add();
    const [row] = await database.getAll("outbox");
    const [sealed] = await database.getAll("parcels");
    const bytes = Buffer.concat([
      Buffer.from(sealed?.data ?? new ArrayBuffer(0)),
      Buffer.from(row?.label?.data ?? new ArrayBuffer(0)),
    ]).toString("latin1");
    expect(bytes).not.toContain("contenu");
    expect(JSON.stringify(row)).not.toMatch(/TESTARD|285037800604297|Lettre/);
    const key = await database.get("keys", "outbox-1");
    expect(key?.extractable).toBe(false);
  });

  it("shows the others beside one whose label was altered on disk", async () => {
    await add();
    await add("dr-leroy", "urn:oid:2.25.11", 2_000);
    const [first, second] = await database.getAll("outbox");
    if (first === undefined || second === undefined) throw new Error("two rows");
    await database.put("outbox", { ...first, label: second.label });
    const opened = (await listFor(database, "dr-leroy")).map((row) => row.opened?.title);
    expect(opened.toSorted()).toEqual([label.title, undefined]);
  });

  it("refuses to send a content that was moved from another row", async () => {
    await add();
    await add("dr-leroy", "urn:oid:2.25.11", 2_000);
    const [first, second] = await database.getAll("outbox");
    if (first === undefined || second === undefined) throw new Error("two rows");
    const other = await database.get("parcels", second.id);
    if (other !== undefined) await database.put("parcels", other, first.id);
    const sent: string[] = [];
    await drain(
      contextOf(async (_parcel, row) => {
        sent.push(row.uniqueId);
        return receipt;
      }),
    );
    const rows = await listFor(database, "dr-leroy");
    expect(sent).toEqual([second.uniqueId]);
    expect(rows.find((row) => row.uniqueId === first.uniqueId)).toMatchObject({
      state: "refused",
      lastError: "content-unreadable",
    });
  });

  it("tries again later after a fault of the network, never before the delay", async () => {
    await add();
    const faults: Delivery[] = [{ kind: "later", code: "offline" }];
    await drain(contextOf(async () => faults.shift() ?? receipt));
    expect(await only()).toMatchObject({ state: "queued", tries: 1, lastError: "offline", nextAttemptAt: 35_000 });
    await drain(contextOf(async () => receipt, { now: () => 34_999 }));
    expect(await only()).toMatchObject({ state: "queued" });
    await drain(contextOf(async () => receipt, { now: () => 35_000 }));
    expect(await only()).toMatchObject({ state: "sent", tries: 2 });
  });

  it("remembers an attempt without an answer when the record refuses the next one: the first may have been kept", async () => {
    await add();
    const answers: Delivery[] = [
      { kind: "later", code: "offline" },
      { kind: "refused", code: "consent-required", rule: "R51" },
    ];
    await drain(contextOf(async () => answers.shift() ?? receipt));
    await drain(contextOf(async () => answers.shift() ?? receipt, { now: () => 35_000 }));
    expect(await only()).toMatchObject({ state: "refused", rule: "R51", mayBeThere: true });

    await add("dr-martin");
    answers.push(
      { kind: "later", code: "too-many-requests", retryAfterMs: 1_000 },
      { kind: "refused", code: "conflict" },
    );
    const ofMartin = { owner: async () => "dr-martin" };
    await drain(contextOf(async () => answers.shift() ?? receipt, ofMartin));
    await drain(contextOf(async () => answers.shift() ?? receipt, { ...ofMartin, now: () => 9_000 }));
    expect(await only("dr-martin")).toMatchObject({ state: "refused" });
    expect((await only("dr-martin"))?.mayBeThere).toBeUndefined();
  });

  it("waits as long as the service asks", async () => {
    await add();
    await drain(contextOf(async () => ({ kind: "later", code: "too-many-requests", retryAfterMs: 120_000 })));
    expect((await only())?.nextAttemptAt).toBe(125_000);
  });

  it("keeps a refused document sealed until the person tries again or gives up", async () => {
    const id = await add();
    await drain(contextOf(async () => ({ kind: "refused", code: "access-refused", rule: "R59" })));
    expect(await only()).toMatchObject({ state: "refused", rule: "R59", opened: label });
    await retryNow(database, id, 6_000);
    expect(await only()).toMatchObject({ state: "queued", lastError: undefined, rule: undefined });
    expect(await discard(database, id)).toBe(true);
    expect(await only()).toBeUndefined();
  });

  it("a sensitive document waits for the person's word, and leaves once with it", async () => {
    const id = await add();
    const asked: (boolean | undefined)[] = [];
    const record = contextOf(async (_parcel, row) => {
      asked.push(row.isAcknowledged);
      return row.isAcknowledged ? receipt : { kind: "refused", code: "acknowledgement-required", rule: "R59" };
    });
    await drain(record);
    expect(await only()).toMatchObject({ state: "refused", lastError: "acknowledgement-required", opened: label });
    await acknowledge(database, id, 4_000);
    expect(await only()).toMatchObject({
      state: "queued",
      lastError: undefined,
      rule: undefined,
      nextAttemptAt: 4_000,
    });
    await drain(record);
    await drain(record);
    expect(asked).toEqual([undefined, true]);
    expect(await only()).toMatchObject({ state: "sent" });
    expect(await acknowledge(database, id, 7_000)).toBeUndefined();
  });

  it("sends only the documents of the person who is signed in, and shows nobody else's", async () => {
    await add("dr-leroy");
    await add("dr-martin", "urn:oid:2.25.12");
    await drain(contextOf(async () => receipt));
    expect(await only("dr-leroy")).toMatchObject({ state: "sent" });
    expect(await only("dr-martin")).toMatchObject({ state: "queued" });
    expect((await listFor(database, "ide-petit")).length).toBe(0);
  });

  it("sends nothing when nobody is signed in, and says so", async () => {
    await add();
    await drain(
      contextOf(
        async () => {
          throw new Error("must not be called");
        },
        { owner: async () => undefined },
      ),
    );
    expect(await only()).toMatchObject({ state: "queued", needsSignIn: true, tries: 0 });
    expect(await countQueue(database, undefined)).toMatchObject({ waiting: 1, sendable: 0, needsSignIn: true });
  });

  it("leaves with the sign-in that it waited for, however far the next attempt was, and keeps the time to call it back", async () => {
    const [late, callable] = [await add("dr-leroy", "urn:oid:2.25.1"), await add("dr-leroy", "urn:oid:2.25.2")];
    const other = await add("dr-martin", "urn:oid:2.25.3");
    const rows = new Map((await database.getAll("outbox")).map((row) => [row.id, row]));
    const put = async (id: string, change: object) => database.put("outbox", { ...rows.get(id), ...change } as never);
    await put(late, { nextAttemptAt: 1_800_000, lastError: "offline", tries: 7 });
    await put(callable, { nextAttemptAt: 15_000, graceUntil: 15_000 });
    await put(other, { nextAttemptAt: 1_800_000 });
    await drain(contextOf(async () => receipt, { owner: async () => undefined }));

    const sent: string[] = [];
    const deliver: DrainContext["deliver"] = async (_parcel, row) => {
      sent.push(row.uniqueId);
      return receipt;
    };
    await drain(contextOf(deliver));
    expect(sent).toEqual(["urn:oid:2.25.1"]);
    expect(await database.get("outbox", callable)).toMatchObject({ needsSignIn: false, nextAttemptAt: 15_000 });
    expect(await database.get("outbox", other)).toMatchObject({ needsSignIn: true, nextAttemptAt: 1_800_000 });
    expect((await countQueue(database, "dr-leroy")).needsSignIn).toBe(false);
    expect((await countQueue(database, "dr-martin")).needsSignIn).toBe(true);
  });

  it("stops at the sign-in that expired in the middle, and the document stays", async () => {
    await add();
    await drain(contextOf(async () => ({ kind: "sign-in" })));
    expect(await only()).toMatchObject({ state: "queued", needsSignIn: true });
  });

  it("cannot give up a document that is on its way", async () => {
    const id = await add();
    await drain(
      contextOf(async () => {
        expect(await discard(database, id)).toBe(false);
        return receipt;
      }),
    );
    expect(await only()).toMatchObject({ state: "sent" });
  });
});

describe("a browser that dies between any two steps", () => {
  /** The record of a service that knows a uniqueId again. */
  class Record {
    readonly held = new Map<string, number>();
    deposit(uniqueId: string): Delivery {
      this.held.set(uniqueId, (this.held.get(uniqueId) ?? 0) + 1);
      return receipt;
    }
  }

  /** Runs a drain that dies at its `step`th contact with the disk or the service; every later contact fails too. */
  async function drainUntil(step: number, record: Record): Promise<boolean> {
    let contacts = 0;
    let isDead = false;
    const contact = () => {
      contacts += 1;
      if (isDead || contacts > step) {
        isDead = true;
        throw new Error("died");
      }
    };
    const dying = new Proxy(database, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => {
          contact();
          return (value as (...args: unknown[]) => unknown).apply(target, given);
        };
      },
    });
    const context = contextOf(
      async (_parcel, row) => {
        contact();
        const answer = record.deposit(row.uniqueId);
        // Dying here is the worst: the record holds the document and nobody knows.
        contact();
        return answer;
      },
      { database: dying },
    );
    await drain(context).catch(() => undefined);
    return !isDead;
  }

  it("loses no document and keeps no content that the record acknowledged", async () => {
    let hasEnded = false;
    for (let step = 0; !hasEnded; step += 1) {
      expect(step).toBeLessThan(100);
      databaseName = `crash-${step}`;
      database = await openDatabase(databaseName);
      const record = new Record();
      await add("dr-leroy", "urn:oid:2.25.1");
      await add("dr-leroy", "urn:oid:2.25.2", 1_001);
      hasEnded = await drainUntil(step, record);
      // The next browser: same disk, new process.
      database.close();
      database = await openDatabase(databaseName);
      await drain(contextOf(async (_parcel, row) => record.deposit(row.uniqueId), { now: () => 10 ** 9 }));
      const rows = await database.getAll("outbox");
      expect(rows.map((row) => row.state)).toEqual(["sent", "sent"]);
      expect(await database.count("parcels")).toBe(0);
      expect([...record.held.keys()].sort()).toEqual(["urn:oid:2.25.1", "urn:oid:2.25.2"]);
    }
  });
});
