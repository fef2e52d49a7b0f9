/** Throw-away databases on the server that `DATABASE_URL` names. */
import { randomBytes } from "node:crypto";
import pg from "pg";

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Creates a database, empty or copied from another, and gives its URL. */
export async function createDatabase(copyOf?: string): Promise<string> {
  const name = `carnet_${randomBytes(6).toString("hex")}`;
  const template = copyOf ? ` TEMPLATE "${new URL(copyOf).pathname.slice(1)}"` : "";
  await onServer(`CREATE DATABASE "${name}"${template}`);
  const url = new URL(process.env.DATABASE_URL ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

/** Drops a database made by {@link createDatabase}, whoever is still connected. */
export async function dropDatabase(url: string): Promise<void> {
  await onServer(`DROP DATABASE IF EXISTS "${new URL(url).pathname.slice(1)}" WITH (FORCE)`);
}
