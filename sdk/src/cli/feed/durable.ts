/** Files that are there whole or not at all, also after a power cut. */
import { chmod, copyFile, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

let written = 0;
const draftOf = (path: string, place: string) => join(place, `${basename(path)}.${process.pid}.${written++}.tmp`);

/** Beside what comes from another file system, until it is whole; a kill may leave something there. */
export const landing = ".landing";

/**
 * Writes elsewhere, flushes, then renames: a reader sees the former content or the new one, never a part.
 *
 * @param scratch - folder for what is being written; a kill may leave something there. Beside the file unless given.
 */
export async function writeDurably(path: string, data: string | Uint8Array, scratch = dirname(path)): Promise<void> {
  const beside = draftOf(path, scratch);
  const file = await open(beside, "w", 0o600);
  try {
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameOrCopy(beside, path);
  } catch (error) {
    // A part of a document, that nobody would look for; and a disk that is full has its room back.
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Moves a file, and flushes both folders. False when there was nothing to move. */
export async function moveDurably(from: string, to: string): Promise<boolean> {
  try {
    await renameOrCopy(from, to);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  await syncFolder(dirname(to));
  if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
  return true;
}

/**
 * A folder may lie on another drive than the one beside it, and no rename goes from one to the other: there the file is copied,
 * is on disk under its name, and only then leaves the place that it comes from. A kill in between leaves both.
 */
async function renameOrCopy(from: string, to: string): Promise<void> {
  try {
    return await rename(from, to);
  } catch (error) {
    if (!isCode(error, "EXDEV")) throw error;
  }
  const place = join(dirname(to), landing);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const draft = draftOf(to, place);
  const before = await stat(from);
  try {
    await copyFile(from, draft);
    // The copy of a file that nobody may write would not open for that either.
    await chmod(draft, 0o600);
    const file = await open(draft, "r+");
    try {
      await file.utimes(before.atime, before.mtime);
      await file.chmod(before.mode & 0o777);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, to);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(to));
  // Another file that took the name meanwhile stays: it is not the one that was copied.
  const after = await stat(from);
  if (after.ino === before.ino && after.size === before.size && after.mtimeMs === before.mtimeMs) await rm(from);
}

/** A rename lasts only once its folder is flushed. Windows opens no folder and needs none of this. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Another program holds the file; or this one may not read it or take it away; or its drive does not give it. */
const heldCodes = ["EACCES", "EPERM", "EBUSY", "EIO", "EREMOTEIO", "ESTALE", "UNKNOWN"];

/** @returns the system's code when this is the error of one file that is held, while others may well be read and moved */
export function heldCode(error: unknown): string | undefined {
  return heldCodes.find((code) => isCode(error, code));
}

/** A folder, or what it lies on, is gone, does not answer, takes nothing more or lets nobody in: time may mend each. */
const awayCodes = [
  ...heldCodes,
  ..."ENOENT ENOTDIR ENODEV ENXIO ENOTCONN ENETUNREACH EHOSTDOWN EHOSTUNREACH ETIMEDOUT ENOSPC EDQUOT EROFS".split(" "),
];

/** @returns the system's code when this is the error of a drive, or of a folder, that may come back */
export function awayCode(error: unknown): string | undefined {
  const isOfSystem = typeof error === "object" && error !== null && "syscall" in error;
  return isOfSystem ? awayCodes.find((code) => isCode(error, code)) : undefined;
}

/** Is this the error of a file that is not there? */
export function isMissing(error: unknown): boolean {
  return isCode(error, "ENOENT");
}

/** Is this an error of the operating system with this code? */
export function isCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
