/** A server with the identity provider, the mailbox and nothing else, on a database of its own, for tests. */
import { createHash, randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import pg from "pg";
import { loadConfig, type ServiceConfig } from "../../config.ts";
import { createMailer, type Mailer, registerMailbox } from "../../notices/index.ts";
import { openStore, type Store } from "../../store/store.ts";
import {
  type Accounts,
  createTokenVerifier,
  type EnrolmentLetters,
  type MachineClients,
  registerIdentityProvider,
  type VerifyToken,
} from "../index.ts";

export interface TestStore {
  readonly config: ServiceConfig;
  readonly store: Store;
  close(): Promise<void>;
}

/** The embedded database in a new folder, or a new database on the PostgreSQL that `DATABASE_URL` names. */
export async function openTestStore(environment: Readonly<Record<string, string>> = {}): Promise<TestStore> {
  const folder = mkdtempSync(join(tmpdir(), "carnet-gate-"));
  const server = process.env.DATABASE_URL;
  if (!server) cpSync(await emptyTemplate(), folder, { recursive: true });
  const name = `gate_${randomBytes(6).toString("hex")}`;
  const onServer = async (statement: string) => {
    if (!server) return;
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await onServer(`create database ${name}`);
  const url = server ? new URL(server) : undefined;
  if (url) url.pathname = `/${name}`;
  const config = loadConfig({
    CARNET_DEMO: "1",
    CARNET_DATA: folder,
    PORT: "0",
    LOG_LEVEL: "silent",
    ...(url ? { DATABASE_URL: url.href } : {}),
    ...environment,
  });
  const store = await openStore(config);
  return {
    config,
    store,
    async close() {
      await store.close();
      await onServer(`drop database ${name} with (force)`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A new embedded database takes seconds to make: it is made once per version of the schema, and copied. */
async function emptyTemplate(): Promise<string> {
  const migrations = new URL("../../store/migrations/", import.meta.url);
  const hash = createHash("sha1");
  for (const file of readdirSync(migrations).sort()) hash.update(readFileSync(new URL(file, migrations)));
  const template = join(tmpdir(), `carnet-empty-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(template)) return template;
  const made = mkdtempSync(join(tmpdir(), "carnet-making-"));
  await (await openStore(loadConfig({ CARNET_DATA: made, CARNET_DEMO: "1" }))).close();
  try {
    renameSync(made, template);
  } catch {
    // Another test file made it meanwhile.
    rmSync(made, { recursive: true, force: true });
  }
  return template;
}

export interface TestService {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly accounts: Accounts;
  readonly letters: EnrolmentLetters;
  readonly machineClients: MachineClients;
  readonly verify: VerifyToken;
  readonly mailer: Mailer;
  close(): Promise<void>;
}

/** Serves on a free port. Time is the test's. */
export async function serve(
  { config, store }: Pick<TestStore, "config" | "store">,
  now: () => Date,
): Promise<TestService> {
  const app = Fastify();
  let url = "";
  const publicUrl = () => url;
  const mailer = createMailer(config, store.database, now);
  const { accounts, letters, machineClients } = await registerIdentityProvider(app, {
    config,
    store,
    mailer,
    publicUrl,
    now,
  });
  if (config.isDemo) await registerMailbox(app, store.database);
  url = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    url,
    app,
    accounts,
    letters,
    machineClients,
    mailer,
    verify: createTokenVerifier({ config, store, publicUrl, now }),
    close: async () => {
      await app.close();
      mailer.close();
    },
  };
}
