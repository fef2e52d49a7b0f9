/** A secret key in a file of the data folder, readable by its owner only. */
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

const pathOf = (dataDirectory: string, name: string) => join(dataDirectory, "keys", name);

/** Bytes of the key `name`. @returns undefined when there is no such file */
export function readKeyFile(dataDirectory: string, name: string): Buffer | undefined {
  const path = pathOf(dataDirectory, name);
  return existsSync(path) ? Buffer.from(readFileSync(path, "utf8").trim(), "base64") : undefined;
}

/** The key `name`, made of `bytes` random bytes on first use. */
export function readOrMakeKeyFile(dataDirectory: string, name: string, bytes: number): Buffer {
  const known = readKeyFile(dataDirectory, name);
  if (known) return known;
  const folder = join(dataDirectory, "keys");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = randomBytes(bytes);
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
