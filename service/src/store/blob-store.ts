/** Contents of documents in a directory, sealed. A content is durable before its row is committed; never the reverse. */
import { closeSync, fdatasync, fsync, mkdirSync, open as openFile, openSync, writev } from "node:fs";
import { access, constants, type FileHandle, mkdir, open, readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BlobAddress, type BlobStore, contextOf, isPlace } from "./blobs.ts";
import { HEADER_BYTES, openRange, SealBroken, sealedRange, sealInParts } from "./seal.ts";

/** What the largest deposit takes, and a little: with less, one could be refused. */
const LEAST_ROOM_BYTES = 64 * 1024 * 1024;

/** The disk of contents has hardly any room left. */
export class StorageFull extends Error {}

export function openBlobDirectory(directory: string): BlobStore {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const folderOf = (recordId: string) => join(directory, recordId.slice(0, 2), recordId);
  const pathOf = ({ recordId, blobId }: Pick<BlobAddress, "recordId" | "blobId">) => join(folderOf(recordId), blobId);
  const known = new Set<string>();
  const syncs = sharedSyncs();

  const prepareFolder = async (recordId: string) => {
    if (known.has(recordId)) return;
    const folder = folderOf(recordId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await fsyncDirectory(join(folder, ".."));
    await fsyncDirectory(directory);
    known.add(recordId);
  };

  return {
    kind: "directory",
    async put(address, content) {
      await prepareFolder(address.recordId);
      const sealed = sealInParts(address.key, contextOf(address), content);
      // Nobody reads under this name before its row is committed: what a crash leaves half written stays unread.
      const file = await system.open(pathOf(address), "wx", 0o600);
      const named = syncs.after(folderOf(address.recordId));
      const written = writeAll(file, sealed)
        .then(() => system.fdatasync(file))
        // What is on disk closes without waiting for it.
        .finally(() => closeSync(file));
      const failed = (await Promise.allSettled([named, written])).find((one) => one.status === "rejected");
      if (!failed) return;
      // No row will name it; on a disk that is full, what is half written takes the room of what comes next.
      await rm(pathOf(address), { force: true }).catch(() => {});
      throw failed.reason;
    },
    async get(address, range) {
      const file = await openKept(pathOf(address));
      try {
        const { from, to } = sealedRange(range.size, range.start, range.end);
        const header = await readExactly(file, 0, HEADER_BYTES);
        const sealed = await readExactly(file, from, to);
        return openRange(address.key, contextOf(address), header, sealed, range);
      } finally {
        await file.close();
      }
    },
    async remove(address) {
      await rm(pathOf(address), { force: true });
    },
    async check(signal) {
      signal?.throwIfAborted();
      await access(directory, constants.R_OK | constants.W_OK);
      const { bavail, bsize } = await statfs(directory);
      if (bavail * bsize < LEAST_ROOM_BYTES) throw new StorageFull();
    },
    async *list(_signal, only) {
      for (const shard of only ? [only.slice(0, 2)] : await readdir(directory)) {
        for (const recordId of only ? [only] : await readdir(join(directory, shard)).catch(() => [])) {
          for (const blobId of await readdir(join(directory, shard, recordId)).catch(() => [])) {
            if (!isPlace({ recordId, blobId })) continue;
            const found = await stat(pathOf({ recordId, blobId })).catch(() => undefined);
            if (found?.isFile()) yield { recordId, blobId, writtenAt: found.mtime, bytes: found.size };
          }
        }
      }
    },
  };
}

/** @throws SealBroken when it is not there */
async function openKept(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    throw cause instanceof Error && "code" in cause && cause.code === "ENOENT" ? new SealBroken(cause) : cause;
  }
}

/** Most parts that one call of the system takes (`IOV_MAX`). */
const MAX_PARTS = 1024;

/** Calls that may wait for the disk. Each costs a trip to another thread and back, so what never waits is called at once. */
const system = {
  open: promisify(openFile),
  writev: promisify(writev),
  fdatasync: promisify(fdatasync),
  fsync: promisify(fsync),
};

async function writeAll(file: number, parts: readonly Buffer[]): Promise<void> {
  let left = parts;
  while (left.length > 0) {
    const { bytesWritten } = await system.writev(file, left.slice(0, MAX_PARTS));
    left = after(left, bytesWritten);
  }
}

/** What is left of `parts` after their first `count` bytes: a disk may take less than it is given. */
function after(parts: readonly Buffer[], count: number): readonly Buffer[] {
  let left = count;
  const next = parts.findIndex((part) => {
    if (left < part.length) return true;
    left -= part.length;
    return false;
  });
  return next < 0 ? [] : [...parts.slice(next, next + 1).map((part) => part.subarray(left)), ...parts.slice(next + 1)];
}

async function readExactly(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
  if (bytesRead !== bytes.length) throw new SealBroken();
  return bytes;
}

/** fsync of directories, shared: files that come while one is under way wait together for the next. */
function sharedSyncs() {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<void>>();
  const run = (path: string): Promise<void> => {
    waiting.delete(path);
    const sync = fsyncDirectory(path).finally(() => {
      if (running.get(path) === sync) running.delete(path);
    });
    running.set(path, sync);
    return sync;
  };
  return {
    /** Resolves after a sync that begins now or later: names made before the call are on disk then. */
    after(path: string): Promise<void> {
      const before = running.get(path);
      if (!before) return run(path);
      const next =
        waiting.get(path) ??
        before.then(
          () => run(path),
          () => run(path),
        );
      waiting.set(path, next);
      return next;
    },
  };
}

async function fsyncDirectory(path: string): Promise<void> {
  // Windows has no such thing as the fsync of a directory.
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  try {
    await system.fsync(directory);
  } finally {
    closeSync(directory);
  }
}
