import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { discard, enqueue, listFor } from "./outbox.ts";
import { measureRoom } from "./room.ts";
import { entryOf } from "./testing/entry.ts";

/** What the browser says of the disk. */
const disk = (estimate: StorageEstimate | Error) =>
  vi.stubGlobal("navigator", {
    storage: {
      estimate: async () => {
        if (estimate instanceof Error) throw estimate;
        return estimate;
      },
    },
  });

let name = 0;
let database: Database;
beforeEach(async () => {
  name += 1;
  database = await openDatabase(`room-${name}`);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const add = (instead?: string) => enqueue(database, entryOf(instead === undefined ? {} : { instead }), 1_000);

describe("the room on the workstation", () => {
  it("is told to be low while ten large documents still enter, and not guessed when the browser is silent", async () => {
    disk({ quota: 10_000_000_000, usage: 9_800_000_000 });
    expect(await measureRoom()).toEqual({ freeBytes: 200_000_000, isLow: true });
    disk({ quota: 10_000_000_000, usage: 1_000_000 });
    expect((await measureRoom()).isLow).toBe(false);
    disk({});
    expect(await measureRoom()).toEqual({ freeBytes: undefined, isLow: false });
    disk(new Error("not here"));
    expect(await measureRoom()).toEqual({ freeBytes: undefined, isLow: false });
  });

  it("refuses what does not fit, and keeps what waits", async () => {
    const first = await add();
    disk({ quota: 1_000, usage: 999 });
    await expect(add()).rejects.toMatchObject({ code: "outbox-full" });
    expect((await listFor(database, "dr-leroy")).map(({ id }) => id)).toEqual([first]);
    // Giving a document up is how room is made: it needs none.
    expect(await discard(database, first)).toBe(true);
  });

  it("is the disk's own word at last: a write that does not fit changes nothing, the repaired document stays", async () => {
    const refused = await add();
    const full = new DOMException("disk", "QuotaExceededError");
    const write = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(() => {
      throw full;
    });
    await expect(add(refused)).rejects.toMatchObject({ code: "outbox-full" });
    write.mockRestore();
    expect((await listFor(database, "dr-leroy")).map(({ id }) => id)).toEqual([refused]);
  });
});
