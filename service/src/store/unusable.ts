/** What keeps the data from being opened, said by what an operator can change: a folder, a disk, a database, its rights. */
import { accessSync, closeSync, constants, openSync, readdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { reasonOf, StartRefused } from "../start-refused.ts";

/** With less, the embedded database finds no room for the log that it writes ahead (segments of 16 MB). */
const LEAST_ROOM_BYTES = 32 * 1024 * 1024;

interface Place {
  readonly dataDirectory: string;
  readonly databaseUrl?: string | undefined;
}

/** What an operator does about the system's word for a folder. */
const helpFor: Readonly<Record<string, string>> = {
  EACCES: ": give the folder, and all that is in it, to the user that runs the service",
  EPERM: ": give the folder, and all that is in it, to the user that runs the service",
  EROFS: ": let its disk be written to",
};

/** The folder of the data cannot be read or written, for the reason that the system gives. */
export function directoryUnusable(cause: unknown): StartRefused {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const message = `CARNET_DATA cannot be used: ${reasonOf(cause)}${helpFor[code] ?? ""}`;
  return new StartRefused("directory-unusable", message, cause);
}

/**
 * A command or a restore that another user ran, root mostly, leaves files that this one may not touch: of the database that
 * would look like damage, or be met only once a file is needed.
 * @throws StartRefused naming the first of them
 */
export function requireOwn(folder: string): void {
  requireWritable(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) requireOwn(path);
    else if (entry.isFile()) orUnusable(() => closeSync(openSync(path, "r+")));
  }
}

/** @throws StartRefused when the folder cannot be listed, or nothing can be written into it */
export function requireWritable(folder: string): void {
  orUnusable(() => {
    readdirSync(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  });
}

function orUnusable(look: () => void): void {
  try {
    look();
  } catch (cause) {
    throw directoryUnusable(cause);
  }
}

/** The embedded database did not open. What it says itself is a stack of its own and no reason. */
export function databaseDoesNotOpen(dataDirectory: string, cause: unknown): StartRefused {
  return hasNoRoom(dataDirectory)
    ? noRoom(cause)
    : new StartRefused(
        "database-unusable",
        "the database in CARNET_DATA does not open: it is damaged, or another version of the embedded database made it; keep the folder aside and restore CARNET_DATA from its backup",
        cause,
      );
}

/** @returns the refusal to start that `error` amounts to; `error` itself when it is a fault of ours */
export function refusalToStart(error: unknown, { dataDirectory, databaseUrl }: Place): unknown {
  if (error instanceof StartRefused || !(error instanceof Error) || !("code" in error)) return error;
  const code = String(error.code);
  if ("syscall" in error && !UNREACHABLE.test(code))
    return code === "ENOSPC" || code === "EDQUOT" ? noRoom(error) : directoryUnusable(error);
  // Of a database only what speaks of itself: other messages may quote a value.
  if (!ABOUT_THE_DATABASE.test(code) && !UNREACHABLE.test(code)) return error;
  if (!databaseUrl) return hasNoRoom(dataDirectory) ? noRoom(error) : error;
  const help = MISSING_RIGHT.test(code) ? ": its user must own the database, or the tables that are in it" : "";
  return new StartRefused("database-unusable", `DATABASE_URL cannot be used: ${reasonOf(error)}${help}`, error);
}

/** SQLSTATE of a lost connection, of what the server lacks or is doing, of a standby, of a right or a schema that is missing. */
const ABOUT_THE_DATABASE = /^(08|53|57|25006|42501|3F000)/;
const UNREACHABLE = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_|ENOTFOUND)/;
const MISSING_RIGHT = /^(42501|3F000)/;

function noRoom(cause: unknown): StartRefused {
  return new StartRefused(
    "directory-unusable",
    "CARNET_DATA cannot be used: hardly any room is left on its disk; make room and start again, nothing that was acknowledged is lost",
    cause,
  );
}

function hasNoRoom(directory: string): boolean {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize < LEAST_ROOM_BYTES;
}
