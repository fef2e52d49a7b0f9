/** Settings of the checkpoints: the signing key, where checkpoints are published, how often. Read from the environment. */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServiceConfig } from "../config.ts";
import { integer } from "../setting-values.ts";
import { SettingInvalid } from "../start-refused.ts";
import { KEY_BYTES, readKeyFile, readOrMakeKeyFile } from "../store/key-file.ts";
import { type NoteSigner, type NoteVerifier, noteSigner, noteVerifier } from "./signed-note.ts";

type LogConfig = Pick<ServiceConfig, "dataDirectory" | "environment">;

const KEY_FILE = "log.key";
const DAY_SECONDS = 86_400;

/** The key that signs checkpoints: `CARNET_LOG_KEY`, or a file of the data folder. Never in the database. */
export function logSigner({ dataDirectory, environment }: LogConfig): NoteSigner {
  const given = environment.CARNET_LOG_KEY;
  const seed = given ? Buffer.from(given, "base64") : readOrMakeKeyFile(dataDirectory, KEY_FILE);
  if (seed.length !== KEY_BYTES) throw new SettingInvalid("CARNET_LOG_KEY must be 32 bytes in base64");
  return noteSigner(seed);
}

/**
 * The keys that checkpoints are verified with: `LOG_VERIFIER_KEYS` (several, separated by spaces: an auditor's own copy,
 * or former keys), and the signing key's own where it is at hand.
 * @throws Error when there is none
 */
export function logVerifiers({ dataDirectory, environment }: LogConfig): readonly NoteVerifier[] {
  const named = (environment.LOG_VERIFIER_KEYS ?? "").split(/\s+/).filter((text) => text !== "");
  const hasSigner = environment.CARNET_LOG_KEY || readKeyFile(dataDirectory, KEY_FILE);
  const own = hasSigner ? [logSigner({ dataDirectory, environment }).verifierKey] : [];
  const all = [...new Set([...named, ...own])].map(noteVerifier);
  if (all.length === 0) {
    throw new SettingInvalid(
      "no key to verify with: set LOG_VERIFIER_KEYS, or CARNET_DATA to the folder of the service",
    );
  }
  return all;
}

/** Folder in which checkpoints are published: `CHECKPOINT_URL` (a folder or a `file:` address), else in the data folder. */
export function checkpointFolder({ dataDirectory, environment }: LogConfig): string {
  const given = environment.CHECKPOINT_URL;
  if (!given) return join(dataDirectory, "checkpoints");
  const isFile = URL.canParse(given) && new URL(given).protocol === "file:";
  if (isFile && new URL(given).host === "") return fileURLToPath(given);
  if (isFile || /^[a-z][a-z0-9+.-]+:/i.test(given))
    throw new SettingInvalid("CHECKPOINT_URL must be a folder, or a file: address");
  return resolve(given);
}

/** How often the log is sealed, in milliseconds: `CHECKPOINT_SECONDS`, 60 by default. */
export function sealEveryMs({ environment }: Pick<LogConfig, "environment">): number {
  return integer(environment, "CHECKPOINT_SECONDS", 60, 1, DAY_SECONDS) * 1000;
}
