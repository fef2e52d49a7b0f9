/** One seeded Carnet per run of the project `whole`, made when the first test asks for it: many need none. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeTemplate, removeTemplate, type Template } from "./carnet.ts";

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

/** The seeded data of this run. Test files run one after the other: the first to ask makes it. */
export async function templateOfRun(): Promise<Template> {
  const folder = process.env[VARIABLE];
  if (!folder) throw new Error("no folder for seeded data: run through vitest's project `whole`");
  const known = readTemplate(folder);
  if (known) return known;
  const made = await makeTemplate(join(folder, "data"));
  writeFileSync(madeFile(folder), JSON.stringify(made));
  return made;
}

function readTemplate(folder: string): Template | undefined {
  if (!existsSync(madeFile(folder))) return undefined;
  const { data, database }: { data: string; database?: string } = JSON.parse(readFileSync(madeFile(folder), "utf8"));
  return { data, database };
}
