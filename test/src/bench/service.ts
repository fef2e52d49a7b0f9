/** Speed of the running service: start, deposits by 8 clients, search and summary of the record of 2 000 documents. */

import { validProvideBundle } from "../support/captured-bundle.ts";
import { makeTemplate, type RunningCarnet, removeTemplate, startCarnet } from "../support/carnet.ts";
import { demoToken, insOf } from "../support/demo.ts";
import { pdfOf } from "../support/documents.ts";
import { patientOf } from "../support/patients.ts";
import { type Figure, figureOf, print, timed } from "./figure.ts";

const clients = 8;
const documentsPerRound = 240;

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

  const carnet = await startCarnet(template);
  try {
    print(await depositsPerSecond(carnet, database));
    const token = await demoToken(carnet.origin, "dr-martin");
    const ins = await insOf(carnet.origin, "patient-jean");
    const identifier = encodeURIComponent(`${ins.system}|${ins.value}`);
    const get = (path: string) => async () => {
      const response = await fetch(`${carnet.origin}/fhir/${path}`, { headers: { authorization: `Bearer ${token}` } });
      const body = await response.arrayBuffer();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${Buffer.from(body).toString().slice(0, 300)}`);
    };
    const search = get(`DocumentReference?patient.identifier=${identifier}&status=current&_count=50`);
    print(await repeated(`search: page of 50 in a record of 2 000 documents (${database})`, search, 100));
    const summary = get(`Patient/$summary?identifier=${identifier}`);
    print(await repeated(`$summary of a record of 2 000 documents (${database})`, summary, 50));
  } finally {
    await carnet.dispose();
    await removeTemplate(template);
  }
}

async function repeated(name: string, work: () => Promise<void>, times: number): Promise<Figure> {
  for (let at = 0; at < 5; at++) await work();
  const samples: number[] = [];
  for (let at = 0; at < times; at++) samples.push(await timed(work));
  return figureOf(name, "ms", samples);
}

/** Bodies are made before the clock starts: what is measured is the service, not the client's wrapping. */
async function depositsPerSecond(carnet: RunningCarnet, database: string): Promise<Figure> {
  const patient = await patientOf(carnet.origin, "patient-camille");
  const token = await demoToken(carnet.origin, "dr-martin");
  const rates: number[] = [];
  for (let round = 0; round < 4; round++) {
    const bodies: string[] = [];
    for (let at = 0; at < documentsPerRound; at++) {
      bodies.push(
        JSON.stringify(await validProvideBundle(patient, { content: pdfOf(`Consultation ${round}-${at}`, 146_000) })),
      );
    }
    const tookMs = await timed(async () => {
      const sender = async () => {
        for (let body = bodies.pop(); body; body = bodies.pop()) {
          const response = await fetch(`${carnet.origin}/fhir`, {
            method: "POST",
            headers: { "content-type": "application/fhir+json", authorization: `Bearer ${token}` },
            body,
          });
          const text = await response.text();
          if (response.status !== 200) throw new Error(`deposit: ${response.status} ${text.slice(0, 300)}`);
        }
      };
      await Promise.all(Array.from({ length: clients }, sender));
    });
    if (round > 0) rates.push((documentsPerRound / tookMs) * 1000);
  }
  return figureOf(`deposits of 200 kB documents, ${clients} clients (${database})`, "/s", rates);
}
