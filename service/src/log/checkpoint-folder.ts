/**
 * Where signed checkpoints are published: one file each, written once and never again. The operator may put the folder
 * where the service's own machine cannot rewrite it (another machine, a write-once share).
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const FILE = /^(\d{9})\.checkpoint$/;
const nameOf = (number: number) => `${String(number).padStart(9, "0")}.checkpoint`;

/** A published checkpoint says something else than the one of that number in the database. */
export class CheckpointDiffers extends Error {
  readonly code = "checkpoint-differs";
  constructor(number: number) {
    super(`checkpoint ${number} was published with another text: run npm run verify-log before anything else`);
    this.name = "CheckpointDiffers";
  }
}

/** Whether a crash or a full disk cut the writing of this note short. */
function isCutShort(path: string, note: string): boolean {
  const text = readFileSync(path, "utf8");
  return text.length < note.length && note.startsWith(text);
}

/**
 * Publishes a checkpoint, on disk when it returns. Publishing the same one again changes nothing, and makes whole what was
 * cut short. @throws CheckpointDiffers
 */
export function publishCheckpoint(folder: string, number: number, note: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const path = join(folder, nameOf(number));
  let file: number;
  try {
    file = openSync(path, "wx", 0o444);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    if (isCutShort(path, note)) {
      unlinkSync(path);
      publishCheckpoint(folder, number, note);
      return;
    }
    if (readFileSync(path, "utf8") !== note) throw new CheckpointDiffers(number);
    return;
  }
  try {
    writeFileSync(file, note);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const directory = openSync(folder, "r");
  fsyncSync(directory);
  closeSync(directory);
}

/** Numbers of what is published, ascending; none when the folder is not there. */
export function publishedCheckpoints(folder: string): readonly number[] {
  try {
    return readdirSync(folder)
      .flatMap((name) => FILE.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** The last that is published whole, of those that the database has too. @param noteOf its text in the database */
export async function lastWhole(
  folder: string,
  noteOf: (number: number) => Promise<string | undefined>,
): Promise<number> {
  const last = publishedCheckpoints(folder).at(-1) ?? 0;
  const note = last > 0 ? await noteOf(last) : undefined;
  return note !== undefined && isCutShort(join(folder, nameOf(last)), note) ? last - 1 : last;
}

export function readCheckpoint(folder: string, number: number): string {
  return readFileSync(join(folder, nameOf(number)), "utf8");
}
