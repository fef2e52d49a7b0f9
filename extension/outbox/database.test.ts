import "fake-indexeddb/auto";
import { forceCloseDatabase } from "fake-indexeddb";
import { openDB, unwrap } from "idb";
import { expect, it } from "vitest";
import { keepDatabaseOpen } from "./database.ts";
import { enqueue, listFor } from "./outbox.ts";
import { entryOf } from "./testing/entry.ts";

const add = async (database: ReturnType<typeof keepDatabaseOpen>, uniqueId: string) =>
  enqueue(await database(), entryOf({ uniqueId }), 1_000);

it("a queue that the browser closed under us is opened anew, with what waits in it", async () => {
  const database = keepDatabaseOpen("closed-by-the-browser");
  await add(database, "urn:oid:2.25.10");
  forceCloseDatabase(unwrap(await database()) as never);
  await expect.poll(() => add(database, "urn:oid:2.25.11")).toBeTypeOf("string");
  expect((await listFor(await database(), "dr-leroy")).map(({ uniqueId }) => uniqueId)).toHaveLength(2);
});

it("a queue that could not be opened is opened at the next call", async () => {
  // A newer version of the extension has been here, and is gone again with its queue.
  (await openDB("newer", 9)).close();
  const database = keepDatabaseOpen("newer");
  await expect(database()).rejects.toMatchObject({ name: "VersionError" });
  await new Promise((resolve) => {
    indexedDB.deleteDatabase("newer").onsuccess = resolve;
  });
  expect(await add(database, "urn:oid:2.25.10")).toBeTypeOf("string");
});
