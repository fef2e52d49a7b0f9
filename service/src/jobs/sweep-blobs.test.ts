/** What a sweep removes, whatever it finds and wherever it is cut. */
import { randomBytes, randomUUID } from "node:crypto";
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import type { Communication } from "@carnet/sdk/fhir";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deposit, pdf } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { recordIdOf } from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { GRACE_MS, sweepBlobsJob } from "./sweep-blobs.ts";

let carnet: TestCarnet;
let recordId = "";
/** Contents of documents, by the id that they are read under. */
const documents = new Map<string, { readonly bytes: Uint8Array; readonly blobId: string }>();

beforeAll(async () => {
  carnet = await startCarnet();
  recordId = await recordIdOf(carnet, patients.anna);
  for (let at = 0; at < 4; at++) {
    const bytes = pdf(`document ${at}`);
    const { id } = await deposit(carnet, { content: bytes });
    const known = [...documents.values()].map(({ blobId }) => blobId);
    const rows = await carnet.service.store.database.selectFrom("document").select("blob_id").execute();
    const blobId = rows.map((row) => row.blob_id).find((one) => !known.includes(one)) ?? "";
    documents.set(id, { bytes, blobId });
  }
});
afterAll(() => carnet.close());

/** The process dies, or is told to stop, at the removal of this number. */
interface Cut {
  readonly at: number;
  readonly how: "killed" | "stopped";
}

async function sweep(now: Date, cut: Cut | undefined): Promise<void> {
  const { store } = carnet.service;
  const stopping = new AbortController();
  let removals = 0;
  const blobs = {
    ...store.blobs,
    remove: async (place: Parameters<typeof store.blobs.remove>[0]) => {
      if (removals++ === cut?.at) {
        if (cut.how === "killed") throw new Error("the process died here");
        stopping.abort();
      }
      await store.blobs.remove(place);
    },
  };
  const job = sweepBlobsJob({ store: { ...store, blobs } });
  await job.run(now, stopping.signal).catch((error: unknown) => {
    if (!String(error).includes("the process died here")) throw error;
  });
}

async function listed(): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { blobId } of carnet.service.store.blobs.list()) ids.add(blobId);
  return ids;
}

const age = fc.integer({ min: 0, max: 3 * GRACE_MS }).filter((ms) => Math.abs(ms - GRACE_MS) > 60_000);
const cuts = fc.option(fc.record({ at: fc.nat(6), how: fc.constantFrom("killed" as const, "stopped" as const) }));

test("the sweeper removes what a crash left and no document names, after its grace, and nothing else, wherever it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(age, { maxLength: 8 }),
      fc.array(age, { minLength: 4, maxLength: 4 }),
      fc.array(cuts, { maxLength: 3 }),
      async (orphanAges, documentAges, cutSweeps) => {
        const now = new Date();
        const writtenSince = async (blobId: string, ms: number) => {
          const path = join(carnet.service.config.dataDirectory, "blobs", recordId.slice(0, 2), recordId, blobId);
          const then = new Date(now.getTime() - ms);
          await utimes(path, then, then);
        };
        for (const [at, { blobId }] of [...documents.values()].entries())
          await writtenSince(blobId, documentAges[at] ?? 0);
        const orphans = orphanAges.map((ms) => ({ ms, recordId, blobId: randomUUID(), key: randomBytes(32) }));
        for (const orphan of orphans) {
          await carnet.service.store.blobs.put(orphan, Buffer.from("left by a crash"));
          await writtenSince(orphan.blobId, orphan.ms);
        }
        for (const cut of cutSweeps) await sweep(now, cut ?? undefined);
        await sweep(now, undefined);
        const kept = await listed();
        for (const { ms, blobId } of orphans) expect(kept.has(blobId), `written ${ms} ms ago`).toBe(ms < GRACE_MS);
        for (const { blobId } of documents.values()) expect(kept.has(blobId)).toBe(true);
        for (const orphan of orphans) await carnet.service.store.blobs.remove(orphan);
      },
    ),
    { numRuns: 25 },
  );
  for (const [id, { bytes }] of documents) {
    const read = await carnet.call("gp", `/Binary/${id}`);
    expect(Buffer.from(await read.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
  }
});

test("R166 the files of a message stay, however old the message is", async () => {
  const file = pdf("une pièce jointe");
  const sent = await carnet.call("cardiologist", "/Communication", {
    method: "POST",
    body: JSON.stringify({
      resourceType: "Communication",
      status: "completed",
      category: [{ coding: [{ code: "message" }] }],
      subject: { type: "Patient", identifier: { ...patients.anna.ins } },
      payload: [
        {
          contentAttachment: {
            contentType: "application/pdf",
            data: Buffer.from(file).toString("base64"),
            title: "Plan",
          },
        },
      ],
    }),
  });
  const message: Communication = await sent.json();
  const path = message.payload?.[0]?.contentAttachment?.url?.replace(carnet.base, "") ?? "";
  carnet.travel(3 * GRACE_MS);
  await carnet.service.runJobs();
  const read = await carnet.call("anna", path);
  expect(read.status).toBe(200);
  expect(Buffer.from(await read.arrayBuffer()).equals(Buffer.from(file))).toBe(true);
});
