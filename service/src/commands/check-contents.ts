/** `npm run check-contents`: is every content that the database names there, whole and as it came in? */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../config.ts";
import { checkContents } from "../store/check-contents.ts";
import { DirectoryInUse } from "../store/directory-lock.ts";
import { openStore } from "../store/store.ts";

/** Exit codes: all is there; something is not; it could not be looked at. */
const WHOLE = 0;
const LOST = 1;
const UNKNOWN = 2;

/** Findings for a program, one JSON object a line; the verdict for a person. */
export interface CheckOutput {
  out(line: string): void;
  err(text: string): void;
}

/** @returns the exit code */
export async function checkContentsCommand(
  environment: Readonly<Record<string, string | undefined>>,
  output: CheckOutput,
): Promise<number> {
  try {
    const config = loadConfig(environment);
    // Looking must not make a database of its own where there is none.
    if (!config.databaseUrl && !existsSync(join(config.dataDirectory, "database"))) {
      output.err(`no database in ${config.dataDirectory}: set CARNET_DATA or DATABASE_URL as for the service`);
      return UNKNOWN;
    }
    const store = await openStore(config);
    try {
      const { named, unnamed, lost } = await checkContents(store, (finding) => output.out(JSON.stringify(finding)));
      const rest = unnamed > 0 ? `; ${unnamed} that nothing names, which is harmless` : "";
      output.err(
        lost === 0
          ? `all ${named} contents are there as they came in${rest}`
          : `LOST: ${lost} of ${named} contents are not there as they came in: restore these files from a backup${rest}`,
      );
      return lost === 0 ? WHOLE : LOST;
    } finally {
      await store.close();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown error";
    output.err(
      error instanceof DirectoryInUse
        ? "the service is running on this folder: stop it, then check"
        : `not checked: ${reason}`,
    );
    return UNKNOWN;
  }
}
