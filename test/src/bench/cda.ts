/**
 * Reading clinical documents: characters per second of processor time on the biggest official samples, a laboratory
 * report of 100 kB, and what reading adds to the client's download.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { cdaToFhir, documentBundle, fhirToCda } from "@carnet/sdk/cda";
import type { FhirResource } from "@carnet/sdk/fhir";
import { newUniqueId } from "../support/carnet.ts";
import { shared } from "../support/machine.ts";
import { figureOf, print, threadMs } from "./figure.ts";
import { minified } from "./sizes.ts";

const warmUp = 60;
const samples = 15;
const sampleMs = 200;

export async function benchCda(): Promise<void> {
  const report = laboratoryReport();
  const size = Math.round(report.length / 1000);
  print(figureOf(`cdaToFhir: laboratory report of ${size} kB (processor time)`, "ms", costs(report)));

  const folder = join(shared, "cda", "open");
  if (existsSync(folder)) {
    const biggest = readdirSync(folder)
      .map((name) => ({ name, bytes: statSync(join(folder, name)).size }))
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, 4);
    for (const { name } of biggest) {
      const xml = readFileSync(join(folder, name), "utf8");
      const speeds = costs(xml).map((ms) => (xml.length / ms) * 1000);
      print(figureOf(`cdaToFhir: characters of ${name} per second of processor time`, "/s", speeds));
    }
  } else console.error(`no ${folder}: the speed on the official samples is left out (needs ../shared)`);

  const client = 'export { connect } from "@carnet/sdk";';
  const reading = 'export { cdaToFhir } from "@carnet/sdk/cda";';
  const [alone, both] = await Promise.all([client, client + reading].map(async (source) => gzipped(source)));
  print(figureOf("sdk: CDA reading beyond the client (minified, gzip)", "B", [(both ?? 0) - (alone ?? 0)]));
}

async function gzipped(source: string): Promise<number> {
  return gzipSync((await minified(source, false)).atOnce, { level: 9 }).length;
}

/**
 * Milliseconds of processor time for one reading: each sample reads so often that it lasts, since Linux counts a thread's
 * time in ticks of some milliseconds.
 */
function costs(xml: string): readonly number[] {
  const began = threadMs();
  for (let run = 0; run < warmUp; run += 1) cdaToFhir(xml);
  const readings = Math.max(1, Math.round(sampleMs / ((threadMs() - began) / warmUp)));
  return Array.from({ length: samples }, () => {
    const before = threadMs();
    for (let run = 0; run < readings; run += 1) cdaToFhir(xml);
    return (threadMs() - before) / readings;
  });
}

/** A fictitious report with as many results as make about 100 kB. */
function laboratoryReport(): string {
  const result = (index: number): FhirResource => ({
    resourceType: "Observation",
    status: "final",
    category: [
      { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] },
    ],
    code: {
      coding: [{ system: "http://loinc.org", code: `${10_000 + index}-${index % 10}`, display: `Dosage ${index}` }],
    },
    effectiveDateTime: "2026-01-12T08:00:00+01:00",
    valueQuantity: { value: index / 10, unit: "mmol/L", system: "http://unitsofmeasure.org", code: "mmol/L" },
    referenceRange: [{ low: { value: 1, unit: "mmol/L" }, high: { value: 9, unit: "mmol/L" } }],
  });
  return fhirToCda(
    documentBundle({
      uniqueId: newUniqueId(),
      type: "11502-2",
      title: "Compte rendu d'examens biologiques",
      date: "2026-01-15T10:30:00+01:00",
      patient: {
        ins: { system: "urn:oid:1.2.250.1.213.1.4.10", value: "279035121518989" },
        birthName: "EXEMPLE",
        firstGivenName: "DOMINIQUE",
        birthGivenNames: ["DOMINIQUE"],
        sex: "female",
        birthDate: "1979-03-28",
        birthPlaceCode: "51215",
      },
      author: {
        rpps: "810002909371",
        family: "MARTIN",
        given: "Claire",
        profession: "G15_10",
        specialty: "SM26",
        organization: { id: "1750300915", name: "Laboratoire", facilityType: "SA07", practiceSetting: "AMBULATOIRE" },
      },
      sections: [
        { code: "18719-5", title: "Biochimie", facts: Array.from({ length: 90 }, (_, index) => result(index + 1)) },
      ],
    }),
  );
}
