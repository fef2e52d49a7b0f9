/** Forward-only migrations: numbered files of `migrations/`, run once each, in the order of their names. */
import { readdirSync } from "node:fs";
import { type Kysely, type Migration, Migrator, sql } from "kysely";
import type { Tables } from "./tables.ts";

const folder = new URL("./migrations/", import.meta.url);
const MIGRATION_FILE = /^(\d{3}-[a-z0-9-]+)\.(ts|js)$/;

/** Brings the database to the newest version. @throws the first migration's error; earlier ones stay applied. */
export async function migrate(database: Kysely<Tables>): Promise<void> {
  const migrations = readMigrations();
  if (await isAtNewest(database, Object.keys(migrations))) return;
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => migrations },
    // Two rooms number their own ranges (001 to 049, 050 to 099): a new one may come before an applied one.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** Whether exactly these were run: at most starts nothing is to do, and the migrator looks at the whole schema first. */
async function isAtNewest(database: Kysely<Tables>, names: readonly string[]): Promise<boolean> {
  const found = await sql<{ is_there: boolean }>`
    select to_regclass('kysely_migration') is not null as is_there`.execute(database);
  if (!found.rows[0]?.is_there) return false;
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(database);
  return rows.map(({ name }) => name).join() === [...names].sort().join();
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
