/** Seeded data that starts are copied from: seeding takes half a minute. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { launch } from "./launch-carnet.ts";
import { createDatabase, dropDatabase } from "./postgres.ts";

/** A seeded data folder (and database) that starts are copied from. */
export interface Template {
  readonly data: string;
  readonly database: string | undefined;
}

/** Seeds once, into a new folder or the one that is given. The caller ends with {@link removeTemplate}. */
export async function makeTemplate(data = mkdtempSync(join(tmpdir(), "carnet-template-"))): Promise<Template> {
  const database = process.env.DATABASE_URL ? await createDatabase() : undefined;
  const carnet = await launch({ data, database, port: await freePort() });
  await carnet.stop();
  return { data, database };
}

export async function removeTemplate(template: Template): Promise<void> {
  rmSync(template.data, { recursive: true, force: true });
  if (template.database) await dropDatabase(template.database);
}
