/** One seeded Carnet per run of the project `whole`, made when the first test asks for it: many need none. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeTemplate, removeTemplate, type Template } from "./seeded-template.ts";

/** Set by the run's global setup; a folder of one's own keeps the seeded data from one run to the next. */
const VARIABLE = "CARNET_TEST_TEMPLATE";
const madeFile = (folder: string) => join(folder, "template.json");

/** Chooses the folder. The result removes what the run made. */
export function beginTemplate(): (() => Promise<void>) | undefined {
  if (process.env[VARIABLE]) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "carnet-template-"));
  process.env[VARIABLE] = folder;
  return async () => {
    const template = readTemplate(folder);
    if (template) await removeTemplate(template);
    rmSync(folder, { recursive: true, force: true });
  };
}

/** The seeded data of this run. The first test file to ask makes it, those that run beside it wait. */
export async function templateOfRun(): Promise<Template> {
  const folder = process.env[VARIABLE];
  if (!folder) throw new Error("no folder for seeded data: run through vitest's project `whole`");
  const known = readTemplate(folder);
  if (known) return known;
  if (!isFirst(folder)) return whenMade(folder);
  const made = await makeTemplate(join(folder, "data"));
  writeFileSync(join(folder, CLAIM, "template.json"), JSON.stringify(made));
  renameSync(join(folder, CLAIM, "template.json"), madeFile(folder));
  return made;
}

/** A folder that only one process manages to make. */
const CLAIM = "being-made";

function isFirst(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    mkdirSync(join(folder, CLAIM));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

const LONGEST_MS = 280_000;

async function whenMade(folder: string): Promise<Template> {
  try {
    const changes = watch(folder, { signal: AbortSignal.timeout(LONGEST_MS) })[Symbol.asyncIterator]();
    // Made between the first look and the watch, perhaps: the watch began with its first step.
    for (let next = changes.next(); ; next = changes.next()) {
      const made = readTemplate(folder);
      if (made) return made;
      await next;
    }
  } catch (cause) {
    throw new Error(`nobody makes the seeded data of ${folder}: remove the folder and run again`, { cause });
  }
}

function readTemplate(folder: string): Template | undefined {
  if (!existsSync(madeFile(folder))) return undefined;
  const { data, database }: { data: string; database?: string } = JSON.parse(readFileSync(madeFile(folder), "utf8"));
  return { data, database };
}
