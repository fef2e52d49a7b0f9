import { realpath, stat } from "node:fs/promises";
import { isMissing } from "./feed/durable.ts";

/**
 * Where a file that somebody names is put: a link is followed. Undefined for what is no file (a device, a pipe): that is
 * written into, as a file moved there would take its place.
 */
export async function placeOf(file: string): Promise<string | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() || found.isDirectory() ? await realpath(file) : undefined;
  } catch (error) {
    if (isMissing(error)) return file;
    throw error;
  }
}
