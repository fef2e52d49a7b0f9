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
  /** From now on a server that falls silent is given up: called once the schema is right, which may take its time. */
  limitStatements(): void;
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

/**
 * How long one statement is waited for: of a connection that fell silent (a failover, a firewall that forgot it) the system
 * says so after a quarter of an hour at best, and each holds a request and a place of the pool. Longer than any statement of ours
 * takes; `query_timeout` in `DATABASE_URL`, in milliseconds, is another.
 */
const STATEMENT_MS = 120_000;

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
  const hasOwnLimit = new URL(connectionString).searchParams.has("query_timeout");
  const limit: StatementLimit = {};
  return {
    kysely: kyselyOn(pool, limit),
    engine: "postgresql",
    limitStatements: () => {
      if (!hasOwnLimit) limit.ms = STATEMENT_MS;
    },
    close: async () => void (await pool.end()),
  };
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
      limitStatements: () => {},
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

/** The server does not answer on a connection, which is given up. What the statement did there is not known. */
class ConnectionSilent extends Error {
  /** SQLSTATE of a connection that failed, as other losses of one have. */
  readonly code = "08006";
  constructor(cause?: unknown) {
    super("the database does not answer on this connection", { cause });
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

/** How long a statement is waited for, in milliseconds; for ever when absent. */
interface StatementLimit {
  ms?: number;
}

/** Kysely over a pool whose clients send every parametrised statement as a named one. Never uses `pool.query()`. */
function kyselyOn(pool: pg.Pool, limit: StatementLimit = {}): Kysely<Tables> {
  const naming: PostgresPool = {
    connect: async () => namedClient(await pool.connect(), limit),
    end: async () => {},
  };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: naming }) });
}

const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>();

function namedClient(client: pg.PoolClient, limit: StatementLimit): PostgresPoolClient {
  const existing = wrapped.get(client);
  if (existing) return existing;
  // The pool listens to connections that are idle. One that breaks between two statements of a transaction fails the next
  // one; unheard, it would end the process.
  client.on("error", () => {});
  let isSilent = false;
  const ask = (text: string, values: readonly unknown[] = []) => {
    const name = values.length > 0 ? nameOf(text) : undefined;
    return client.query({
      text,
      ...(values.length > 0 ? { values: [...values] } : {}),
      ...(name ? { name } : {}),
      ...(limit.ms ? { query_timeout: limit.ms } : {}),
    });
  };
  const query = async (text: unknown, values?: readonly unknown[]) => {
    if (typeof text !== "string") throw new Error("cursors are not used");
    // What is asked on a silent connection waits behind what has no answer: the end of its transaction, too.
    if (isSilent) throw new ConnectionSilent();
    try {
      return await ask(text, values);
    } catch (error) {
      if (!(error instanceof Error && error.message === "Query read timeout")) throw error;
      isSilent = true;
      throw new ConnectionSilent(error);
    }
  };
  // The interface is overloaded for cursors, which this service does not use.
  const naming = { query, release: () => client.release(isSilent) } as unknown as PostgresPoolClient;
  wrapped.set(client, naming);
  return naming;
}
