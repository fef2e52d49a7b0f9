/**
 * Starts the whole of Carnet as `npm start` does, on a free port, with a data folder (and, with `DATABASE_URL`, a
 * database) of its own. Seeding happens once per run: every later start begins from a copy of what the first one made.
 */
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { launch, type RunningCarnet } from "./launch-carnet.ts";
import { createDatabase } from "./postgres.ts";
import type { Template } from "./seeded-template.ts";
import { templateOfRun } from "./template-of-run.ts";

export type { RunningCarnet } from "./launch-carnet.ts";

/** Starts Carnet from a copy of the seeded template. */
export async function startCarnet(given?: Template): Promise<RunningCarnet> {
  const template = given ?? (await templateOfRun());
  const data = join(mkdtempSync(join(tmpdir(), "carnet-run-")), "data");
  copyData(template.data, data);
  const database = template.database ? await createDatabase(template.database) : undefined;
  return launch({ data, database, port: await freePort() });
}

/** Contents of documents are written once and never changed: two thousand of them are shared rather than copied. */
function copyData(from: string, to: string): void {
  const contents = join(from, "blobs");
  cpSync(from, to, { recursive: true, filter: (path) => path !== contents });
  if (existsSync(contents)) linkTree(contents, join(to, "blobs"));
}

function linkTree(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else linkSync(source, target);
  }
}

/** Starts Carnet on an empty folder: the first start of a newcomer, seeding included. */
export async function startCarnetAfresh(): Promise<RunningCarnet> {
  const database = process.env.DATABASE_URL ? await createDatabase() : undefined;
  return launch({ data: mkdtempSync(join(tmpdir(), "carnet-fresh-")), database, port: await freePort() });
}

/** A random document identifier under the test arc, as a producer would make one. */
export function newUniqueId(): string {
  return `urn:oid:1.2.250.1.999.1.1.${BigInt(`0x${randomBytes(8).toString("hex")}`)}`;
}
