/**
 * Starts the whole of Carnet as `npm start` does, on a free port, with a data folder (and, with `DATABASE_URL`, a
 * database) of its own. Seeding happens once per run: every later start begins from a copy of what the first one made.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.ts";
import { checkout } from "./machine.ts";
import { createDatabase, dropDatabase } from "./postgres.ts";
import { templateOfRun } from "./template-of-run.ts";

export interface RunningCarnet {
  readonly origin: string;
  readonly port: number;
  /** Id of the process that serves. */
  readonly pid: number;
  readonly data: string;
  /** Its own database on the server of `DATABASE_URL`; `undefined` for the embedded one. */
  readonly database: string | undefined;
  /** Milliseconds from spawn to the `ready` line. */
  readonly startedInMs: number;
  /** Everything written to standard output and standard error so far. */
  output(): string;
  /** `kill -9`: nothing is given a chance to finish. Data stays. */
  kill(): Promise<void>;
  /** Ends politely, keeping the data for another start. */
  stop(): Promise<void>;
  /** Starts again on the same port, data and database. */
  restart(): Promise<RunningCarnet>;
  /** Stops and removes data and database. */
  dispose(): Promise<void>;
}

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

interface Launch {
  readonly data: string;
  readonly database: string | undefined;
  readonly port: number;
}

async function launch({ data, database, port }: Launch): Promise<RunningCarnet> {
  const entry = join(checkout, "demo", "dist", "start.js");
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run "npm run build" first`);
  const began = performance.now();
  const { DATABASE_URL: _shared, CARNET_TEST_TEMPLATE: _template, ...env } = process.env;
  const child = spawn(process.execPath, [entry], {
    env: { ...env, PORT: String(port), CARNET_DATA: data, ...(database ? { DATABASE_URL: database } : {}) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const origin = await readyLine(child, (line) => {
    output += `${line}\n`;
  }).catch((cause: unknown) => {
    throw new Error(`Carnet did not start:\n${output.slice(-4000)}`, { cause });
  });
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
  const signal = async (name: NodeJS.Signals) => {
    child.kill(name);
    await ended;
  };
  return {
    origin,
    port,
    pid: child.pid ?? Number.NaN,
    data,
    database,
    startedInMs: performance.now() - began,
    output: () => output,
    kill: () => signal("SIGKILL"),
    stop: () => signal("SIGTERM"),
    restart: async () => {
      await signal("SIGTERM");
      return launch({ data, database, port });
    },
    dispose: async () => {
      await signal("SIGKILL");
      rmSync(data, { recursive: true, force: true });
      if (database) await dropDatabase(database);
    },
  };
}

/** Waits for `ready http://…` on standard output (contract.md). */
function readyLine(child: ChildProcess, seen: (line: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) return reject(new Error("no standard output"));
    createInterface({ input: child.stdout }).on("line", (line) => {
      seen(line);
      const ready = /^ready (http:\/\/\S+)$/.exec(line);
      if (ready?.[1]) resolve(ready[1]);
    });
    child.once("exit", (code, name) => reject(new Error(`ended with ${code ?? name}`)));
    child.once("error", reject);
  });
}

/** A random document identifier under the test arc, as a producer would make one. */
export function newUniqueId(): string {
  return `urn:oid:1.2.250.1.999.1.1.${BigInt(`0x${randomBytes(8).toString("hex")}`)}`;
}
