/** Forward-only migrations: numbered files of `migrations/`, run once each, in the order of their names. */
import { readdirSync } from "node:fs";
import { type Kysely, type Migration, Migrator } from "kysely";
import type { Tables } from "./tables.ts";

const folder = new URL("./migrations/", import.meta.url);
const MIGRATION_FILE = /^(\d{3}-[a-z0-9-]+)\.(ts|js)$/;

/** Brings the database to the newest version. @throws the first migration's error; earlier ones stay applied. */
export async function migrate(database: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: readMigrations },
    // Two rooms number their own ranges (001 to 049, 050 to 099): a new one may come before an applied one.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const migrations: Record<string, Migration> = {};
  for (const file of readdirSync(folder).sort()) {
    const name = MIGRATION_FILE.exec(file)?.[1];
    if (!name) continue;
    const module: Pick<Migration, "up"> = await import(new URL(file, folder).href);
    migrations[name] = { up: module.up };
  }
  return migrations;
}
