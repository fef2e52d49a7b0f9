import "fake-indexeddb/auto";
import { forceCloseDatabase } from "fake-indexeddb";
import { openDB, unwrap } from "idb";
import { expect, it } from "vitest";
import { keepDatabaseOpen } from "./database.ts";
import { enqueue, listFor } from "./outbox.ts";

const add = async (database: ReturnType<typeof keepDatabaseOpen>, uniqueId: string) =>
  enqueue(
    await database(),
    {
      owner: "dr-leroy",
      serviceUrl: "https://dossier.example",
      uniqueId,
      parcel: {
        ins: { system: "urn:oid:1.2.250.1.213.1.4.10", value: "285037800604297" },
        xml: "<ClinicalDocument/>",
        visibility: { hiddenFromProfessionals: false, invisibleToPatient: false },
        submissionSetId: "urn:oid:2.25.1",
      },
      label: { title: "Lettre", typeDisplay: "Lettre", patientName: "CAMILLE TESTARD" },
    },
    1_000,
  );

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
