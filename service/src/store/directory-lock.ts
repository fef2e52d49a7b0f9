/**
 * One process per data directory. Two processes on one embedded database acknowledge rows that vanish; so the second
 * one must fail at once, with words that say what to do.
 */
import { createHash, randomBytes } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, realpathSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
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
  if (process.platform === "linux") {
    const ofMachine = await lockBySocket(`\0${name}`);
    try {
      const ofFolder = await lockInFolder(directory);
      return { release: () => Promise.all([ofFolder.release(), ofMachine.release()]).then(() => {}) };
    } catch (error) {
      await ofMachine.release();
      throw error;
    }
  }
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

const FOLDER_LOCK = /^lock-[0-9a-f]{16}\.socket$/;

/**
 * The name above is known within one network namespace: containers that share a folder do not see each other's. A socket in
 * the folder itself is seen by both. Each process makes its own before it looks for others, so that of two that start
 * at once one at least sees the other, whatever is left of those that died.
 */
async function lockInFolder(directory: string): Promise<DirectoryLock> {
  // By its descriptor: the address of a socket is short, a folder's path may be long.
  const folder = openSync(directory, "r");
  const pathOf = (name: string) => `/proc/self/fd/${folder}/${name}`;
  const own = `lock-${randomBytes(8).toString("hex")}.socket`;
  const server = await listenOn(pathOf(own));
  const release = async () => {
    // Its name goes with it, by the descriptor.
    if (server) await new Promise<void>((done) => server.close(() => done()));
    closeSync(folder);
  };
  // A file system that knows no sockets: the lock of the machine is what there is.
  if (!server) return { release };
  for (const name of readdirSync(directory)) {
    if (name === own || !FOLDER_LOCK.test(name)) continue;
    if (await isListening(pathOf(name))) {
      await release();
      throw new DirectoryInUse();
    }
    rmSync(join(directory, name), { force: true });
  }
  return { release };
}

function listenOn(path: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", () => resolve(undefined));
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    // Nobody, or nothing: whoever made it has died.
    socket.once("error", () => resolve(false));
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
