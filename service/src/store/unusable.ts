/** What keeps the data from being opened, said by what an operator can change: a folder, a disk, a database, its rights. */
import { statfsSync } from "node:fs";
import { reasonOf, StartRefused } from "../start-refused.ts";

/** With less, the embedded database finds no room for the log that it writes ahead (segments of 16 MB). */
const LEAST_ROOM_BYTES = 32 * 1024 * 1024;

interface Place {
  readonly dataDirectory: string;
  readonly databaseUrl?: string | undefined;
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
    return code === "ENOSPC" || code === "EDQUOT"
      ? noRoom(error)
      : new StartRefused("directory-unusable", `CARNET_DATA cannot be used: ${reasonOf(error)}`, error);
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
