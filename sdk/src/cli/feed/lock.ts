/**
 * One process per folder. The lock is a file that names its holder and that the holder touches while it lives; a killed
 * holder on this machine is seen at once, one on another machine (a shared drive) after a minute without a touch.
 */
import { randomUUID } from "node:crypto";
import { link, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { isCode, isMissing } from "./durable.ts";

const TOUCH_MS = 10_000;
/** Six touches missed: the holder, or its way to the drive, is gone. */
const STALE_MS = 60_000;

/** Locks of this very process: after a restart in a container the number of a dead holder may be ours. */
const ownNonces = new Set<string>();

const Holder = v.object({ nonce: v.string(), pid: v.number(), host: v.string() });
type Holder = v.InferOutput<typeof Holder>;

/** Another process feeds from this folder, or has taken it over. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
  readonly pid: number;
  readonly host: string;
  constructor({ pid, host }: Pick<Holder, "pid" | "host">) {
    super(`the folder is in use by process ${pid} on ${host}`);
    this.pid = pid;
    this.host = host;
  }
}

export interface FolderLock {
  /**
   * @throws FolderInUse when another process has taken the folder over (this one slept too long); the system's error when the
   * lock is gone, most often with its folder
   */
  assertHeld(): Promise<void>;
  /** Where the folder is away the lock stays: the next start sees that its holder is gone. */
  release(): Promise<void>;
}

/** Takes the folder. @throws FolderInUse */
export async function lockFolder(stateFolder: string): Promise<FolderLock> {
  const path = join(stateFolder, "lock");
  const own: Holder = { nonce: randomUUID(), pid: process.pid, host: hostname() };
  const draft = join(stateFolder, `lock.${own.nonce}`);
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    await claim(path, draft, own);
  } finally {
    await rm(draft, { force: true });
  }
  ownNonces.add(own.nonce);
  const touch = setInterval(() => {
    // A drive that is away for a moment: the next touch comes, and `assertHeld` decides before anything is sent.
    touchLock(path, own).catch(() => undefined);
  }, TOUCH_MS);
  touch.unref();
  return {
    async assertHeld() {
      const holder = await holderOf(path);
      if (holder?.nonce === own.nonce) return;
      if (!holder) await stat(path);
      throw new FolderInUse(holder ?? { pid: 0, host: "?" });
    },
    async release() {
      clearInterval(touch);
      ownNonces.delete(own.nonce);
      const holder = await holderOf(path).catch(() => undefined);
      if (holder?.nonce === own.nonce) await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

/** Written anew in place, so that the time of the touch is the drive's and not this machine's. */
async function touchLock(path: string, own: Holder): Promise<void> {
  if ((await holderOf(path))?.nonce !== own.nonce) return;
  const file = await open(path, "r+");
  try {
    await file.write(JSON.stringify(own), 0);
  } finally {
    await file.close();
  }
}

async function claim(path: string, draft: string, own: Holder): Promise<void> {
  for (;;) {
    try {
      await takeFirst(draft, path);
      return;
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
    }
    const holder = await holderOf(path);
    if (holder && !(await isGone(path, draft, holder))) throw new FolderInUse(holder);
    if (!holder && !(await exists(path))) continue;
    // Of several that take over at once the last one stays; the others see it here, or before they send anything.
    const copy = `${draft}.take`;
    await writeFile(copy, JSON.stringify(own), { mode: 0o600 });
    await rename(copy, path);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = await holderOf(path);
    if (now?.nonce === own.nonce) return;
    if (now) throw new FolderInUse(now);
  }
}

/** Linking is the one step that only one of several can do with the content whole from the start; some shared drives cannot. */
async function takeFirst(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "ENOSYS", "EOPNOTSUPP"].some((code) => isCode(error, code))) throw error;
    await writeFile(path, await readFile(draft), { flag: "wx", mode: 0o600 });
  }
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return v.parse(Holder, JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof v.ValiError) return undefined;
    throw error;
  }
}

async function isGone(path: string, draft: string, holder: Holder): Promise<boolean> {
  if (holder.host === hostname() && !isAlive(holder)) return true;
  // Both times are the drive's own, so that a clock that is wrong here changes nothing. A number reused after a restart of
  // the machine ends here too: nobody touches the lock.
  await writeFile(draft, await readFile(draft));
  const [locked, drafted] = await Promise.all([stat(path).catch(() => undefined), stat(draft)]);
  return locked === undefined || drafted.mtimeMs - locked.mtimeMs > STALE_MS;
}

function isAlive({ pid, nonce }: Holder): boolean {
  if (pid === process.pid) return ownNonces.has(nonce);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, "ESRCH");
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
