/** A document that is sent again while its content is lost brings it back: who gets a receipt believes that it is kept. R116. */
import type { DocumentRow } from "../store/documents.ts";
import { SealBroken } from "../store/seal.ts";
import type { OpenRecord } from "./access.ts";
import type { Services } from "./services.ts";

/** @param bytes those that came in the first time: their SHA-1 is that of the row */
export async function bringBack(
  { store, log }: Services,
  record: OpenRecord,
  known: Pick<DocumentRow, "blob_id" | "size">,
  bytes: Uint8Array,
): Promise<void> {
  const key = store.keys.unwrap(record.row.wrapped_key);
  const address = { recordId: record.id, blobId: known.blob_id, key };
  const faultNow = async () => {
    try {
      await store.blobs.get(address, { size: known.size, start: 0, end: known.size });
      return undefined;
    } catch (error) {
      if (error instanceof SealBroken) return error;
      throw error;
    }
  };
  if (!(await faultNow())) return;
  // What does not open is of no use to anybody, and nothing is ever written over.
  await store.blobs.remove(address);
  await store.blobs.put(address, bytes).catch(async (error: unknown) => {
    // Another request brought it back meanwhile.
    if (await faultNow()) throw error;
  });
  log.warn({}, "a lost content came back with its document");
}
