/**
 * Removes contents that nothing names: a crash between a content and its row leaves one (blob first, then the commit).
 * One that a document or a message names is never removed, and a young one may be about to be named.
 */
import type { Services } from "../http/services.ts";
import type { BlobPlace } from "../store/blobs.ts";
import { findNamedBlobs } from "../store/documents.ts";
import type { Job } from "./run-jobs.ts";

const EVERY_MS = 24 * 3_600_000;
/** Longer than any deposit, retried commit included, and than clocks differ. */
export const GRACE_MS = 24 * 3_600_000;
const BATCH = 500;

export function sweepBlobsJob({ store }: Pick<Services, "store">): Job {
  /** Asked again just before the removal: what is named now stays. */
  async function sweep(batch: readonly BlobPlace[]): Promise<void> {
    const named = await findNamedBlobs(store.database, batch);
    for (const place of batch) if (!named.has(place.blobId)) await store.blobs.remove(place);
  }
  return {
    name: "sweep-blobs",
    everyMs: EVERY_MS,
    async run(now, signal) {
      let batch: BlobPlace[] = [];
      for await (const { recordId, blobId, writtenAt } of store.blobs.list(signal)) {
        if (signal.aborted) return;
        if (now.getTime() - writtenAt.getTime() < GRACE_MS) continue;
        batch.push({ recordId, blobId });
        if (batch.length < BATCH) continue;
        await sweep(batch);
        batch = [];
      }
      await sweep(batch);
    },
  };
}
