/** A process that serves the whole of Carnet, as `npm start` does, on data that exists or will be seeded. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { checkout } from "./machine.ts";
import { dropDatabase } from "./postgres.ts";

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

interface Launch {
  readonly data: string;
  readonly database: string | undefined;
  readonly port: number;
}

/** Starts on this data; an empty folder (and database) is seeded first. */
export async function launch({ data, database, port }: Launch): Promise<RunningCarnet> {
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
