/** A whole service on a free port, with fictitious people, for tests: real HTTP, a real database, real tokens. */
import { createHash, randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { loadConfig } from "../config.ts";
import { type CarnetService, createService } from "../create-service.ts";
import { accounts, records } from "./people.ts";

export interface TestCarnet {
  readonly service: CarnetService;
  readonly base: string;
  /** Moves the clock. */
  travel(milliseconds: number): void;
  now(): Date;
  /** A request as one of the people; `null`: without a token. */
  call(account: string | null, path: string, init?: RequestInit): Promise<Response>;
  token(account: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts on the embedded database or, when `DATABASE_URL` is set, on a database of its own there. */
export async function startCarnet(environment: Readonly<Record<string, string>> = {}): Promise<TestCarnet> {
  const folder = mkdtempSync(join(tmpdir(), "carnet-service-"));
  const data = join(folder, "data");
  const template = await peopleTemplate();
  cpSync(template.folder, data, { recursive: true });
  const database = template.database ? await createDatabase(template.database) : undefined;
  const config = loadConfig({
    CARNET_DEMO: "1",
    CARNET_DATA: data,
    PORT: "0",
    LOG_LEVEL: "error",
    ...(database ? { DATABASE_URL: database.url } : {}),
    ...environment,
  });
  let offset = 0;
  const now = () => new Date(Date.now() + offset);
  const service = await createService(config, { now });
  const origin = await service.listen();
  const tokens = new Map<string, string>();
  const token = async (account: string) => {
    const known = tokens.get(account);
    if (known) return known;
    const response = await fetch(`${origin}/oidc/demo-token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ account }),
    });
    if (!response.ok) throw new Error(`no token for ${account}: ${response.status}`);
    const { access_token }: { access_token: string } = await response.json();
    tokens.set(account, access_token);
    return access_token;
  };
  return {
    service,
    base: `${origin}/fhir`,
    now,
    token,
    travel: (milliseconds) => {
      offset += milliseconds;
      tokens.clear();
    },
    call: async (account, path, init = {}) => {
      const headers = new Headers(init.headers);
      if (account) headers.set("authorization", `Bearer ${await token(account)}`);
      if (init.body && !headers.has("content-type")) headers.set("content-type", "application/fhir+json");
      return fetch(`${origin}/fhir${path}`, { ...init, headers });
    },
    close: async () => {
      await service.close();
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function addPeople(service: CarnetService): Promise<void> {
  for (const account of accounts) await service.accounts.upsert(account);
  for (const { record, setUp } of records) {
    await service.records.open(record);
    await setUp?.(service.records);
  }
}

/** A data folder and, on PostgreSQL, a database that the people are in already. */
interface PeopleTemplate {
  readonly folder: string;
  readonly database?: string;
}

/** Schema and people take seconds to make: they are made once per version of both, and copied. */
async function peopleTemplate(): Promise<PeopleTemplate> {
  const migrations = new URL("../store/migrations/", import.meta.url);
  const hash = createHash("sha1");
  for (const file of readdirSync(migrations).sort()) hash.update(readFileSync(new URL(file, migrations)));
  hash.update(readFileSync(new URL("./people.ts", import.meta.url)));
  const version = hash.digest("hex").slice(0, 12);
  const server = process.env.DATABASE_URL;
  if (!server) {
    const folder = join(tmpdir(), `carnet-people-${version}`);
    if (!existsSync(folder)) await makePeople(folder);
    return { folder };
  }
  const shortHash = (text: string) => createHash("sha1").update(text).digest("hex").slice(0, 8);
  const folder = join(tmpdir(), `carnet-people-${version}-${shortHash(server)}`);
  // The folder has the key that opens the database: who shares the server and not the folder has a database of their own.
  const database = `people_${version}_${shortHash(folder)}`;
  await onServer(server, async (client) => {
    // One test file makes it, the others wait.
    await client.query("select pg_advisory_lock(hashtext($1))", [database]);
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [database]);
    if (rowCount && existsSync(folder)) return;
    await client.query(`drop database if exists ${database} with (force)`);
    rmSync(folder, { recursive: true, force: true });
    await client.query(`create database ${database}`);
    await makePeople(folder, urlOf(server, database));
  });
  return { folder, database };
}

/** The folder gets its name when it is whole. */
async function makePeople(folder: string, databaseUrl?: string): Promise<void> {
  const made = mkdtempSync(join(tmpdir(), "carnet-making-"));
  const service = await createService(
    loadConfig({
      CARNET_DATA: made,
      CARNET_DEMO: "1",
      PORT: "0",
      LOG_LEVEL: "error",
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    }),
  );
  await addPeople(service);
  await service.close();
  try {
    renameSync(made, folder);
  } catch {
    // Another test file made it meanwhile.
    rmSync(made, { recursive: true, force: true });
  }
}

async function onServer(server: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** A copy of the template on the server of `DATABASE_URL`. */
async function createDatabase(template: string): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env.DATABASE_URL ?? "";
  const name = `service_${randomBytes(6).toString("hex")}`;
  const run = (statement: string) =>
    onServer(server, async (client) => {
      await client.query(statement);
    });
  await run(`create database ${name} template ${template}`);
  return { url: urlOf(server, name), drop: () => run(`drop database if exists ${name} with (force)`) };
}
