/** Contents in a directory and in an S3 storage: the same promises, over real files and real HTTP. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GRACE_MS } from "../jobs/sweep-blobs.ts";
import { deposit, newUniqueId, pdf } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { openBlobDirectory } from "./blob-store.ts";
import type { BlobStore } from "./blobs.ts";
import { openS3Store, readS3Settings, StorageFailed } from "./s3-store.ts";
import { SealBroken, sealedSize } from "./seal.ts";
import { type S3Double, s3Environment, startS3Double } from "./testing/s3-double.ts";

let s3: S3Double;
let folder = "";
const settings = () => {
  const read = readS3Settings(s3Environment(s3));
  if (!read) throw new Error("no storage was configured");
  return read;
};

beforeAll(async () => {
  s3 = await startS3Double();
  folder = mkdtempSync(join(tmpdir(), "carnet-blobs-"));
});
afterAll(async () => {
  await s3.close();
  rmSync(folder, { recursive: true });
});

const place = () => ({ recordId: randomUUID(), blobId: randomUUID(), key: randomBytes(32) });

it.skipIf(process.platform !== "linux")("a directory of contents keeps no file open", async () => {
  const store = openBlobDirectory(folder);
  const at = place();
  await Promise.all([1, 2, 3, 4].map(() => store.put({ ...at, blobId: randomUUID() }, randomBytes(200_000))));
  await store.put(at, Buffer.from("first"));
  await expect(store.put(at, Buffer.from("second"))).rejects.toThrow();
  const open = readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      // The one that listed the others is closed by now.
      return [];
    }
  });
  expect(open.filter((path) => path.startsWith(folder))).toEqual([]);
});

describe.each(["directory", "s3"] as const)("contents in a %s", (kind) => {
  let store: BlobStore;
  beforeAll(() => {
    store = kind === "s3" ? openS3Store(settings()) : openBlobDirectory(folder);
  });

  it("gives back any range of what was kept, and never shows it to the storage", async () => {
    const at = place();
    const content = randomBytes(200_000);
    await store.put(at, content);
    await fc.assert(
      fc.asyncProperty(fc.nat(content.length - 1), fc.nat(content.length), async (start, length) => {
        const end = Math.min(content.length, start + length + 1);
        const range = { size: content.length, start, end };
        expect((await store.get(at, range)).equals(content.subarray(start, end))).toBe(true);
      }),
      { numRuns: 20 },
    );
    for (const { bytes } of s3.objects.values()) expect(bytes.includes(content.subarray(0, 32))).toBe(false);
  });

  it("never writes over another content, and opens with the right key at the right place only", async () => {
    const [at, other] = [place(), place()];
    await store.put(at, Buffer.from("first"));
    await expect(store.put(at, Buffer.from("second"))).rejects.toThrow();
    const range = { size: 5, start: 0, end: 5 };
    expect((await store.get(at, range)).toString()).toBe("first");
    await expect(store.get({ ...at, key: other.key }, range)).rejects.toBeInstanceOf(SealBroken);
  });

  it("lists what it keeps, of one record too, and removes it; what is gone is told as such", async () => {
    const [at, other] = [place(), place()];
    await store.put(at, Buffer.from("to be removed"));
    await store.put(other, Buffer.from("stays"));
    const ids = async (recordId?: string) => {
      const found: [string, number][] = [];
      for await (const { blobId, bytes } of store.list(undefined, recordId)) found.push([blobId, bytes]);
      return found;
    };
    const kept = [at.blobId, sealedSize(13)];
    expect(await ids()).toEqual(expect.arrayContaining([kept, [other.blobId, sealedSize(5)]]));
    expect(await ids(at.recordId)).toEqual([kept]);
    expect(await ids(randomUUID())).toEqual([]);
    await store.remove(at);
    await store.remove(at);
    expect(await ids()).not.toContainEqual(kept);
    expect(await ids(at.recordId)).toEqual([]);
    await expect(store.get(at, { size: 13, start: 0, end: 13 })).rejects.toBeInstanceOf(SealBroken);
    await store.check();
  });
});

describe("an S3 storage", () => {
  it("refuses who signs with another secret, and says no more than the status", async () => {
    const stranger = openS3Store({ ...settings(), secretAccessKey: "another" });
    const refused = stranger.put(place(), Buffer.from("x"));
    await expect(refused).rejects.toThrow("the storage of contents failed to keep (403)");
    await expect(stranger.check()).rejects.toBeInstanceOf(StorageFailed);
  });

  it("that breaks off in the middle of a content has failed: nothing is wrong with the content, nor with the request", async () => {
    const [store, at] = [openS3Store(settings()), place()];
    await store.put(at, Buffer.from("kept"));
    s3.behaviour = "cut";
    try {
      await expect(store.get(at, { size: 4, start: 0, end: 4 })).rejects.toBeInstanceOf(StorageFailed);
      await expect(store.put(place(), Buffer.from("read back"))).rejects.toBeInstanceOf(StorageFailed);
    } finally {
      s3.behaviour = "good";
    }
    expect((await store.get(at, { size: 4, start: 0, end: 4 })).toString()).toBe("kept");
  });

  it("is asked again when it is busy; an answer that was lost leaves one content", async () => {
    const store = openS3Store(settings());
    for (const behaviour of ["busy", "lost"] as const) {
      const at = place();
      s3.behaviour = behaviour;
      await store.put(at, Buffer.from("kept"));
      expect((await store.get(at, { size: 4, start: 0, end: 4 })).toString()).toBe("kept");
    }
  });

  it("that keeps other bytes than it got is found out before the receipt", async () => {
    s3.behaviour = "corrupt";
    await expect(openS3Store(settings()).put(place(), Buffer.from("x".repeat(100)))).rejects.toThrow(StorageFailed);
    s3.behaviour = "good";
  });

  it("reads its settings, or says which variable is wrong", () => {
    const given = { BLOB_ACCESS_KEY_ID: "a", BLOB_SECRET_ACCESS_KEY: "b" };
    const addressOf = (BLOB_URL: string, more = {}) => readS3Settings({ ...given, ...more, BLOB_URL })?.address;
    expect(addressOf("s3://bucket/x", { BLOB_REGION: "eu-west-3" })).toBe(
      "https://s3.eu-west-3.amazonaws.com/bucket/x/",
    );
    expect(addressOf("s3://bucket", { BLOB_ENDPOINT: "https://s3.example.org/" })).toBe(
      "https://s3.example.org/bucket/",
    );
    expect(addressOf("https://s3.example.org/bucket/a/")).toBe("https://s3.example.org/bucket/a/");
    for (const wrong of [
      "http://s3.example.org/bucket",
      "https://s3.example.org",
      "https://u:p@s3.example.org/b",
      "bucket",
    ]) {
      expect(() => addressOf(wrong)).toThrow(/BLOB_URL/);
    }
    expect(() => readS3Settings({ BLOB_URL: "s3://bucket" })).toThrow(/BLOB_ACCESS_KEY_ID/);
    expect(readS3Settings({})).toBeUndefined();
  });
});

describe("a service whose contents are in an S3 storage", () => {
  let carnet: TestCarnet;
  beforeAll(async () => {
    s3.objects.clear();
    carnet = await startCarnet(s3Environment(s3));
  }, 120_000);
  afterAll(() => carnet.close());
  const read = async (id: string) => {
    const response = await carnet.call("gp", `/Binary/${id}`);
    return Buffer.from(await response.arrayBuffer());
  };

  it("keeps deposits there, reads ranges, and says in its readiness where they are", async () => {
    const content = pdf();
    const { id } = await deposit(carnet, { content });
    expect(s3.objects.size).toBe(1);
    expect((await read(id)).equals(Buffer.from(content))).toBe(true);
    const part = await carnet.call("gp", `/Binary/${id}`, { headers: { range: "bytes=2-5" } });
    expect([part.status, await part.text()]).toEqual([206, Buffer.from(content).toString("latin1", 2, 6)]);
    const ready = await fetch(carnet.base.replace(/\/fhir$/, "/readyz"));
    expect(await ready.json()).toMatchObject({ status: "ready", storage: "s3" });
  });

  it("the sweeper removes what no document names after its grace, and never what one does", async () => {
    const { store } = carnet.service;
    const kept = await deposit(carnet, { uniqueId: newUniqueId() });
    const recordId = (await carnet.service.records.idOf(patients.anna.ins)) ?? "";
    // What a crash between the content and its row leaves.
    const orphans = Array.from({ length: 3 }, () => ({ recordId, blobId: randomUUID(), key: randomBytes(32) }));
    for (const orphan of orphans) await store.blobs.put(orphan, Buffer.from("left by a crash"));
    const before = s3.objects.size;
    await carnet.service.runJobs();
    expect(s3.objects.size).toBe(before);
    carnet.travel(GRACE_MS + 60_000);
    await carnet.service.runJobs();
    expect(s3.objects.size).toBe(before - orphans.length);
    expect((await read(kept.id)).length).toBeGreaterThan(0);
    const named = await store.database.selectFrom("document").select(["record_id", "blob_id"]).execute();
    for (const row of named) {
      const isKept = [...s3.objects.keys()].some((key) => key.endsWith(`${row.record_id}/${row.blob_id}`));
      expect(isKept).toBe(true);
    }
  });

  it("a storage that is away fails the deposit, loses nothing, and the same deposit sent again is kept", async () => {
    const document = { content: pdf(), uniqueId: newUniqueId() };
    await deposit(carnet, document);
    s3.behaviour = "corrupt";
    const other = { content: pdf(), uniqueId: newUniqueId() };
    await expect(deposit(carnet, other)).rejects.toThrow(/refused: 503/);
    s3.behaviour = "good";
    const { id } = await deposit(carnet, other);
    expect((await read(id)).equals(Buffer.from(other.content))).toBe(true);
  });
});
