/** Forward-only migrations: numbered files of `migrations/`, run once each, in the order of their names. */
import { readdirSync } from "node:fs";
import { type Kysely, type Migration, Migrator, sql } from "kysely";
import { StartRefused } from "../start-refused.ts";
import type { Tables } from "./tables.ts";

const folder = new URL("./migrations/", import.meta.url);
const MIGRATION_FILE = /^(\d{3}-[a-z0-9-]+)\.(ts|js)$/;

/**
 * Brings the database to the newest version.
 * @throws StartRefused when a later version was there; the first migration's error, and earlier ones stay applied
 */
export async function migrate(database: Kysely<Tables>): Promise<void> {
  const migrations = readMigrations();
  const done = await namesOfDone(database);
  const later = done.find((name) => !(name in migrations));
  if (later !== undefined) {
    const told = `the database was brought up to date by a later version of this service (${later}), and there is no way back`;
    throw new StartRefused("database-unusable", `${told}: start that version, or restore the backup made before it`);
  }
  if (done.length === Object.keys(migrations).length) return;
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => migrations },
    // Two rooms number their own ranges (001 to 049, 050 to 099): a new one may come before an applied one.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** Was no service ever started on this database? */
export async function isUnused(database: Kysely<Tables>): Promise<boolean> {
  return (await namesOfDone(database)).length === 0;
}

/** Those that were run: at most starts nothing is to do, and the migrator looks at the whole schema first. */
async function namesOfDone(database: Kysely<Tables>): Promise<readonly string[]> {
  const found = await sql<{ is_there: boolean }>`
    select to_regclass('kysely_migration') is not null as is_there`.execute(database);
  if (!found.rows[0]?.is_there) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(database);
  return rows.map(({ name }) => name);
}

/** A file is read when its turn comes: a database that is up to date reads none. */
function readMigrations(): Record<string, Migration> {
  const migrations: Record<string, Migration> = {};
  for (const file of readdirSync(folder).sort()) {
    const name = MIGRATION_FILE.exec(file)?.[1];
    if (!name) continue;
    migrations[name] = {
      async up(database) {
        const { up }: Pick<Migration, "up"> = await import(new URL(file, folder).href);
        await up(database);
      },
    };
  }
  return migrations;
}
