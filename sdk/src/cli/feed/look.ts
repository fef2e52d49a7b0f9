import { link, readdir, rm, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { heldCode, isMissing } from "./durable.ts";

/** A document that nobody writes any more, with the file beside it. */
export interface Found {
  readonly name: string;
  readonly sideName?: string;
  /** Other documents of the folder could mean the same side file: nobody can tell whose it is. */
  readonly isSideShared?: boolean;
  /** Milliseconds since it was first seen here, by a clock that never jumps. */
  readonly ageMs: number;
  /** Another one when it, or the file beside it, was changed or may be read by others. */
  readonly print: string;
}

interface Seen {
  /** Size, time of change, file number and who may read it: compared with themselves only, so that no clock need be right. */
  readonly print: string;
  readonly firstAt: number;
  readonly sameSince: number;
}

/** Names that programs give to files under work. */
const underWork = /^[.~]|[~]$|\.(tmp|part|partial|filepart|crdownload|swp|lock)$/i;
const documentEndings = new Set([".xml", ".cda", ".pdf"]);

/**
 * Looks at a folder again and again, and tells which documents have not changed for `settleMs`. Listing is what works
 * everywhere: shared drives, where hospitals drop their files, send no change events.
 */
export function createLook(folder: string, settleMs: number, now: () => number = () => performance.now()) {
  let seen = new Map<string, Seen>();
  return async (): Promise<{ readonly settled: readonly Found[]; readonly unsettled: number }> => {
    let names = await filesIn(folder);
    // The sign for what is no character: such a file could not even be opened by this name.
    if (names.some((name) => name.includes("\uFFFD")) && (await renameUnreadable(folder)))
      names = await filesIn(folder);
    const at = now();
    const next = new Map<string, Seen>();
    for (const name of names) {
      const print = await printOf(join(folder, name));
      if (print === undefined) continue;
      const before = seen.get(name);
      next.set(name, {
        print,
        firstAt: before?.firstAt ?? at,
        sameSince: before?.print === print ? before.sameSince : at,
      });
    }
    seen = next;
    const isSettled = (name: string) => at - (next.get(name)?.sameSince ?? at) >= settleMs;
    const documents = [...next.keys()].filter((name) => documentEndings.has(extname(name).toLowerCase())).sort();
    const sideOf = (name: string) => sideNamesOf(name).find((side) => next.has(side));
    const beside = new Map<string, string[]>();
    for (const name of documents) {
      const sideName = sideOf(name);
      if (sideName) beside.set(sideName, [...(beside.get(sideName) ?? []), name]);
    }
    const settled: Found[] = [];
    for (const name of documents) {
      const sideName = sideOf(name);
      const together = sideName ? [sideName, ...(beside.get(sideName) ?? [])] : [name];
      if (!together.every(isSettled)) continue;
      const side = sideName ? { sideName, ...(together.length > 2 ? { isSideShared: true } : {}) } : {};
      const print = [name, ...(sideName ? [sideName] : [])].map((one) => next.get(one)?.print).join();
      settled.push({ name, ...side, ageMs: at - (next.get(name)?.firstAt ?? at), print });
    }
    return { settled, unsettled: documents.length - settled.length };
  };
}

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && !underWork.test(entry.name))
    .map((entry) => entry.name);
}

/**
 * Older programs write names in Windows' own alphabet. They are written anew in UTF-8, over nothing that is there.
 *
 * @returns whether there was one
 */
async function renameUnreadable(folder: string): Promise<boolean> {
  let isAny = false;
  for (const bytes of await readdir(folder, { encoding: "buffer" })) {
    if (Buffer.from(bytes.toString()).equals(bytes)) continue;
    const name = new TextDecoder("windows-1252").decode(bytes);
    if (underWork.test(name)) continue;
    const from = Buffer.concat([Buffer.from(`${folder}/`), bytes]);
    // A link is never made over another file, as a rename is.
    const isLinked = await link(from, join(folder, name)).then(
      () => true,
      () => false,
    );
    if (isLinked) await rm(from);
    isAny ||= isLinked;
  }
  return isAny;
}

/** `letter.pdf.json`, or `letter.json`. */
function sideNamesOf(name: string): readonly string[] {
  return [`${name}.json`, `${name.slice(0, -extname(name).length)}.json`];
}

async function printOf(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs, ino, mode, uid, gid } = await stat(path);
    return `${size} ${mtimeMs} ${ino} ${mode} ${uid} ${gid}`;
  } catch (error) {
    if (isMissing(error)) return undefined;
    // It is there: passed over in silence it would never be sent, nor refused.
    const code = heldCode(error);
    if (code) return code;
    throw error;
  }
}
