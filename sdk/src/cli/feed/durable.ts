/** Files that are there whole or not at all, also after a power cut. */
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

let written = 0;

/**
 * Writes elsewhere, flushes, then renames: a reader sees the former content or the new one, never a part.
 *
 * @param scratch - folder of the same file system for what is being written; a kill may leave something there. Beside the
 *   file unless given.
 */
export async function writeDurably(path: string, data: string | Uint8Array, scratch = dirname(path)): Promise<void> {
  const beside = join(scratch, `${basename(path)}.${process.pid}.${written++}.tmp`);
  const file = await open(beside, "w", 0o600);
  try {
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    // A part of a document, that nobody would look for; and a disk that is full has its room back.
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Moves a file within one file system, and flushes both folders. False when there was nothing to move. */
export async function moveDurably(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  await syncFolder(dirname(to));
  if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
  return true;
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

/** Is this the error of a file that is not there? */
export function isMissing(error: unknown): boolean {
  return isCode(error, "ENOENT");
}

/** Is this an error of the operating system with this code? */
export function isCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
