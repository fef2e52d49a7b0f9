/** A secret key in a file of the data folder, readable by its owner only. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { reasonOf, StartRefused } from "../start-refused.ts";
import { directoryUnusable } from "./unusable.ts";

const pathOf = (dataDirectory: string, name: string) => join(dataDirectory, "keys", name);

/** Every key in a file has this length. */
export const KEY_BYTES = 32;

/** What to do about a file that is no key, by its name. */
const helpFor: Readonly<Record<string, string>> = {
  "master.key": "put the one of your vault back, for nothing opens without it",
  "previous.key":
    "put the former master key back from your vault, or remove it once npm run rotate-keys leaves nothing",
  "log.key": "put it back from a backup, or remove it and name its public key in LOG_VERIFIER_KEYS: a new one is made",
};

/** A file of a key that a crash, a full disk or a hand left without one. It is never written over: it may be all there is. */
class KeyFileUnusable extends StartRefused {
  constructor(name: string, fault: string, help = helpFor[name] ?? "put it back", cause?: unknown) {
    super("key-file-unusable", `keys/${name} of CARNET_DATA ${fault}: ${help}`, cause);
  }
}

/** Bytes of the key `name`. @returns undefined when there is no such file. @throws StartRefused when it holds no key */
export function readKeyFile(dataDirectory: string, name: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(pathOf(dataDirectory, name), "utf8").trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    const isForeign = error instanceof Error && "code" in error && /^(EACCES|EPERM)$/.test(String(error.code));
    const help = isForeign ? "give the folder, and all that is in it, to the user that runs the service" : undefined;
    throw new KeyFileUnusable(name, `cannot be read (${reasonOf(error)})`, help, error);
  }
  const key = Buffer.from(text, "base64");
  if (text === "") throw new KeyFileUnusable(name, "is empty");
  if (key.length !== KEY_BYTES || !/^[\w+/-]+=*$/.test(text))
    throw new KeyFileUnusable(name, `is damaged, for it does not hold ${KEY_BYTES} bytes in base64`);
  return key;
}

/** The key `name`, made at random on first use. @throws StartRefused when the file holds no key or cannot be written */
export function readOrMakeKeyFile(dataDirectory: string, name: string): Buffer {
  const known = readKeyFile(dataDirectory, name);
  if (known) return known;
  try {
    return makeKeyFile(dataDirectory, name);
  } catch (error) {
    throw directoryUnusable(error);
  }
}

function makeKeyFile(dataDirectory: string, name: string): Buffer {
  const folder = join(dataDirectory, "keys");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = randomBytes(KEY_BYTES);
  const path = pathOf(dataDirectory, name);
  // Whole or not there: a crash while writing under the final name would leave a key that no start accepts.
  const unfinished = `${path}.new`;
  const file = openSync(unfinished, "w", 0o600);
  writeSync(file, `${key.toString("base64")}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(unfinished, path);
  const directory = openSync(folder, "r");
  fsyncSync(directory);
  closeSync(directory);
  return key;
}
