/** Where contents lie, whatever keeps them: a directory, or an S3 storage. Sealed before they get there. */

/** Where a content lies and how it opens. */
export interface BlobAddress {
  readonly recordId: string;
  readonly blobId: string;
  /** Key of the record, 32 bytes. */
  readonly key: Buffer;
}

export type BlobPlace = Pick<BlobAddress, "recordId" | "blobId">;

export interface KeptBlob extends BlobPlace {
  readonly writtenAt: Date;
  /** As it is kept, sealed. */
  readonly bytes: number;
}

export interface BlobStore {
  readonly kind: "directory" | "s3";
  /** Stores `content`; when the promise resolves it survives a power cut. Never writes over another one. */
  put(address: BlobAddress, content: Uint8Array): Promise<void>;
  /** Bytes `start` to `end` (exclusive) of a content of `size` bytes. @throws SealBroken when it is not there, or not whole */
  get(address: BlobAddress, range: { size: number; start: number; end: number }): Promise<Buffer>;
  /** Removes a content whose row was not committed. */
  remove(address: BlobPlace): Promise<void>;
  /** Can contents be kept and read now? @throws when they cannot */
  check(signal?: AbortSignal): Promise<void>;
  /** Everything that is kept, or what is kept of one record, in no order; what is not ours is passed over. */
  list(signal?: AbortSignal, recordId?: string): AsyncIterable<KeptBlob>;
}

/** Bound into the seal of a content: it opens at its place only. */
export function contextOf({ recordId, blobId }: BlobPlace): string {
  return `${recordId}/${blobId}`;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isPlace({ recordId, blobId }: BlobPlace): boolean {
  return uuid.test(recordId) && uuid.test(blobId);
}
