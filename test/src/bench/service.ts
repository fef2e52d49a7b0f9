/**
 * Speed of the running service, rules and access log on: start, deposits by 8 clients, search and summary of the record of
 * 2 000 documents, and what requests cost its process.
 */
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { validProvideBundle } from "../support/captured-bundle.ts";
import { type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { demoToken, insOf } from "../support/demo.ts";
import { pdfOf } from "../support/documents.ts";
import { patientOf } from "../support/patients.ts";
import { makeTemplate, removeTemplate, type Template } from "../support/seeded-template.ts";
import { type Figure, figureOf, print, timed } from "./figure.ts";
import { type LeanClient, leanClient } from "./lean-client.ts";

const clients = 8;
const documentsPerRound = 240;
/** A service runs for weeks: its first hundreds of requests, which the engine still compiles for, cost the double. */
const WARMING_ROUNDS = 3;

export async function benchService(database: "embedded" | "postgresql"): Promise<void> {
  const began = performance.now();
  const template = await makeTemplate();
  print(figureOf(`service: first start to ready, seeding (${database})`, "s", [(performance.now() - began) / 1000]));

  const starts: number[] = [];
  for (let at = 0; at < 3; at++) {
    const carnet = await startCarnet(template);
    starts.push(carnet.startedInMs / 1000);
    await carnet.dispose();
  }
  print(figureOf(`service: start to ready, seed in place (${database})`, "s", starts));

  try {
    await benchRunning(template, database);
  } finally {
    await removeTemplate(template);
  }
}

/** What needs no start of its own, on a copy of `template`. */
export async function benchRunning(template: Template, database: "embedded" | "postgresql"): Promise<void> {
  const carnet = await startCarnet(template);
  try {
    const token = await demoToken(carnet.origin, "dr-martin");
    await benchDeposits(carnet, token, database);
    const ins = await insOf(carnet.origin, "patient-jean");
    const identifier = encodeURIComponent(`${ins.system}|${ins.value}`);
    const get = (path: string) => async () => {
      const response = await fetch(`${carnet.origin}/fhir/${path}`, { headers: { authorization: `Bearer ${token}` } });
      const body = await response.arrayBuffer();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${Buffer.from(body).toString().slice(0, 300)}`);
    };
    const search = get(`DocumentReference?patient.identifier=${identifier}&status=current&_count=50`);
    await untilQuiet(carnet);
    print(await repeated(`search: page of 50 in a record of 2 000 documents (${database})`, search, 100));
    const words = get(`DocumentReference?patient.identifier=${identifier}&status=current&_count=50&_content=renale`);
    print(await repeated(`full-text search in that record, its texts being read (${database})`, words, 50));
    const summary = get(`Patient/$summary?identifier=${identifier}`);
    await untilQuiet(carnet);
    print(await repeated(`$summary of a record of 2 000 documents (${database})`, summary, 50));
    await benchCosts(carnet, token, identifier, database);
  } finally {
    await carnet.dispose();
  }
}

/**
 * The words of new documents are read in the background, some seconds of each half minute: a request is measured in
 * between, or that work would be counted as its own.
 */
async function untilQuiet({ pid }: RunningCarnet): Promise<void> {
  for (let quiet = 0, before = processorMsOf(pid); quiet < 2; ) {
    await setTimeout(500);
    const now = processorMsOf(pid);
    quiet = now - before > 20 ? 0 : quiet + 1;
    before = now;
  }
}

async function repeated(name: string, work: () => Promise<void>, times: number): Promise<Figure> {
  for (let at = 0; at < 5; at++) await work();
  const samples: number[] = [];
  for (let at = 0; at < times; at++) samples.push(await timed(work));
  return figureOf(name, "ms", samples);
}

/** Documents of about `size` bytes, wrapped before the clock starts: what is measured is the service. */
async function bodiesOf(carnet: RunningCarnet, count: number, size: number): Promise<Buffer[]> {
  const patient = await patientOf(carnet.origin, "patient-camille");
  const bodies: Buffer[] = [];
  for (let at = 0; at < count; at++) {
    const bundle = await validProvideBundle(patient, { content: pdfOf(`Consultation ${at}`, size) });
    bodies.push(Buffer.from(JSON.stringify(bundle)));
  }
  return bodies;
}

const deposit = (client: LeanClient, bytes: Buffer) =>
  client.send("POST", "", { type: "application/fhir+json", bytes });

async function benchDeposits(carnet: RunningCarnet, token: string, database: string): Promise<void> {
  const client = leanClient(carnet.origin, token, clients);
  await untilQuiet(carnet);
  const rates: number[] = [];
  const costs: number[] = [];
  for (let round = 0; round < 4; round++) {
    const bodies = await bodiesOf(carnet, documentsPerRound, 146_000);
    const before = processorMsOf(carnet.pid);
    const tookMs = await timed(async () => {
      const sender = async () => {
        for (let body = bodies.pop(); body; body = bodies.pop()) await deposit(client, body);
      };
      await Promise.all(Array.from({ length: clients }, sender));
    });
    if (round === 0) continue;
    rates.push((documentsPerRound / tookMs) * 1000);
    costs.push((processorMsOf(carnet.pid) - before) / documentsPerRound);
  }
  client.close();
  print(figureOf(`deposits of 200 kB documents, ${clients} clients (${database})`, "/s", rates));
  print(figureOf(`deposit of a 200 kB document (processor time of the service, ${database})`, "ms", costs));
}

/** What one request costs the service's own process, its threads included: the clock of a shared machine says less. */
async function benchCosts(carnet: RunningCarnet, token: string, identifier: string, database: string): Promise<void> {
  const client = leanClient(carnet.origin, token, 1);
  const costOf = async (name: string, times: number, work: (at: number) => Promise<void>) => {
    const costs: number[] = [];
    await untilQuiet(carnet);
    for (let round = 0; round < WARMING_ROUNDS + 3; round++) {
      const before = processorMsOf(carnet.pid);
      for (let at = 0; at < times; at++) await work(round * times + at);
      if (round >= WARMING_ROUNDS) costs.push((processorMsOf(carnet.pid) - before) / times);
    }
    print(figureOf(`${name} (processor time of the service, ${database})`, "ms", costs));
  };
  const page = `/DocumentReference?patient.identifier=${identifier}&status=current&_count=50`;
  await costOf("search: page of 50 documents", 100, () => client.send("GET", page));
  const unread = (at: number) => client.send("GET", `${page}&date=ge${1000 + at}`);
  await costOf("search: page of 50 documents that the service has not read yet", 100, unread);
  const small = await bodiesOf(carnet, (WARMING_ROUNDS + 3) * 100, 2_000);
  await costOf("deposit of a small document (ITI-65)", 100, (at) => deposit(client, small[at] ?? Buffer.alloc(0)));
  client.close();
}

/** Processor time that a process has used so far, its threads included, in ms. Linux; NaN elsewhere. */
function processorMsOf(pid: number): number {
  if (process.platform !== "linux") return Number.NaN;
  // The name of the program may hold blanks; user and system time are the 14th and 15th field, in hundredths.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
