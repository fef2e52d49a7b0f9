/**
 * One process per data directory. Two processes on one embedded database acknowledge rows that vanish; so the second
 * one must fail at once, with words that say what to do.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, realpathSync, unlinkSync, writeSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { StartRefused } from "../start-refused.ts";

/** The data directory is in use by another process. */
export class DirectoryInUse extends StartRefused {
  constructor(cause?: unknown) {
    super(
      "directory-in-use",
      "the data directory is used by another running service: stop it, or set CARNET_DATA to another directory",
      cause,
    );
  }
}

/** Held until `release()`; the system frees it when the process dies, whatever the way. */
export interface DirectoryLock {
  release(): Promise<void>;
}

/** Takes the lock of `directory`, which must exist. @throws DirectoryInUse */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const name = `carnet-${createHash("sha1").update(realpathSync(directory)).digest("hex")}`;
  if (process.platform === "linux") return lockBySocket(`\0${name}`);
  if (process.platform === "win32") return lockBySocket(`\\\\.\\pipe\\${name}`);
  return lockByFile(join(directory, "lock"));
}

function lockBySocket(address: string): Promise<DirectoryLock> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer((socket) => socket.destroy());
    server.once("error", (cause) => reject(new DirectoryInUse(cause)));
    server.listen(address, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

function lockByFile(path: string): DirectoryLock {
  const take = () => {
    const file = openSync(path, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
  };
  try {
    take();
  } catch (cause) {
    if (isAlive(Number(readFileSync(path, "utf8")))) throw new DirectoryInUse(cause);
    unlinkSync(path);
    take();
  }
  return { release: async () => unlinkSync(path) };
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
