/** Opens the database: the embedded one, or the PostgreSQL that `DATABASE_URL` names. Same dialect, same statements. */
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createPgConfig } from "@electric-sql/pglite/node-postgres";
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import pg from "pg";
import { reasonOf, StartRefused } from "../start-refused.ts";
import { lockDirectory } from "./directory-lock.ts";
import { openDurablePglite } from "./durable-pglite.ts";
import type { Tables } from "./tables.ts";
import { databaseDoesNotOpen, directoryUnusable, requireOwn } from "./unusable.ts";

export interface OpenDatabase {
  readonly kysely: Kysely<Tables>;
  readonly engine: "embedded" | "postgresql";
  close(): Promise<void>;
}

export interface DatabaseConfig {
  readonly dataDirectory: string;
  readonly databaseUrl?: string | undefined;
  /** Connections to PostgreSQL. The embedded database has one. */
  readonly databaseConnections?: number;
}

/** @throws StartRefused when the database or its folder cannot be used; DirectoryInUse when another process has it open. */
export async function openDatabase(config: DatabaseConfig): Promise<OpenDatabase> {
  return config.databaseUrl ? openPostgresql(config.databaseUrl, config) : openEmbedded(config.dataDirectory);
}

/** How long a connection is waited for; then the request is answered `503`. */
const CONNECTION_MS = 30_000;

async function openPostgresql(connectionString: string, config: DatabaseConfig): Promise<OpenDatabase> {
  const pool = new pg.Pool({
    connectionString,
    max: config.databaseConnections ?? 10,
    // A server that is cut off answers nothing at all, not even a refusal.
    connectionTimeoutMillis: CONNECTION_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // An idle connection that breaks is replaced by the pool; without a listener the process would end.
  pool.on("error", () => {});
  try {
    (await pool.connect()).release();
  } catch (cause) {
    await pool.end();
    // The reason names the server, the user or the database; never the password.
    throw new StartRefused("database-unusable", `DATABASE_URL cannot be used: ${reasonOf(cause)}`, cause);
  }
  return { kysely: kyselyOn(pool), engine: "postgresql", close: async () => void (await pool.end()) };
}

async function openEmbedded(dataDirectory: string): Promise<OpenDatabase> {
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    accessSync(dataDirectory, constants.W_OK);
  } catch (cause) {
    throw directoryUnusable(cause);
  }
  const lock = await lockDirectory(dataDirectory);
  try {
    const folder = join(dataDirectory, "database");
    if (existsSync(folder)) requireOwn(folder);
    const pglite = await openDurablePglite(folder).catch((cause: unknown) => {
      throw databaseDoesNotOpen(dataDirectory, cause);
    });
    const pool = new pg.Pool({ ...createPgConfig(pglite), max: 1, idleTimeoutMillis: 0 });
    return {
      kysely: kyselyOn(pool),
      engine: "embedded",
      close: async () => {
        await pool.end();
        await pglite.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Statements that are prepared by name: each distinct text once. Beyond this, texts are sent unnamed. */
const MAX_NAMED_STATEMENTS = 400;
const statementNames = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = statementNames.get(text);
  if (known !== undefined || statementNames.size >= MAX_NAMED_STATEMENTS) return known;
  const name = `s${statementNames.size}`;
  statementNames.set(text, name);
  return name;
}

/** Kysely over a pool whose clients send every parametrised statement as a named one. Never uses `pool.query()`. */
function kyselyOn(pool: pg.Pool): Kysely<Tables> {
  const naming: PostgresPool = {
    connect: async () => namedClient(await pool.connect()),
    end: async () => {},
  };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: naming }) });
}

const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>();

function namedClient(client: pg.PoolClient): PostgresPoolClient {
  const existing = wrapped.get(client);
  if (existing) return existing;
  // The pool listens to connections that are idle. One that breaks between two statements of a transaction fails the next
  // one; unheard, it would end the process.
  client.on("error", () => {});
  const query = async (text: unknown, values?: readonly unknown[]) => {
    if (typeof text !== "string") throw new Error("cursors are not used");
    if (!values || values.length === 0) return client.query(text);
    const name = nameOf(text);
    return client.query({ text, values: [...values], ...(name ? { name } : {}) });
  };
  // The interface is overloaded for cursors, which this service does not use.
  const naming = { query, release: () => client.release() } as unknown as PostgresPoolClient;
  wrapped.set(client, naming);
  return naming;
}
