/** What one question to the rules costs: microseconds of processor time for each document of a search. */
import { type DocumentFacts, decide, defaultParameters, type Question } from "@carnet/service/rules";
import { figureOf, print } from "./figure.ts";

const count = 2000;
const warmUp = 20;
const samples = 30;

export function benchRules(): void {
  const documents = Array.from({ length: count }, (_, at) => document(at));
  const costs: number[] = [];
  for (let run = 0; run < warmUp + samples; run += 1) {
    const before = process.cpuUsage();
    let permitted = 0;
    for (const one of documents) if (decide({ ...question, document: one }).permit) permitted += 1;
    const { user, system } = process.cpuUsage(before);
    // A verdict that is the same for every document would measure a short cut.
    if (permitted === 0 || permitted === count) throw new Error(`${permitted} of ${count} documents permitted`);
    if (run >= warmUp) costs.push((user + system) / count);
  }
  print(figureOf(`decide: one document of ${count} (processor time)`, "µs", costs));
}

const question: Question = {
  act: "search",
  actor: {
    kind: "professional",
    id: "dr-martin",
    rpps: "810002909371",
    name: "Claire MARTIN",
    profession: "10",
    structure: { id: "1750300915", name: "Cabinet" },
  },
  purposeOfUse: "TREAT",
  record: {
    state: "open",
    ins: { system: "urn:oid:1.2.250.1.213.1.4.10", value: "279035121518989" },
    birthDate: "1979-03-28",
    allowsDispatch: true,
    allowsBreakGlass: true,
    allowsMaskedInEmergency: false,
    isAttachedToMes: true,
    identityStatus: "qualified",
    isDeceased: false,
    representatives: [],
    carers: [],
    standing: { authorisation: "valid", isReferringDoctor: false },
  },
  now: new Date("2026-11-28T08:00:00Z"),
  parameters: defaultParameters,
};

function document(at: number): DocumentFacts {
  return {
    status: "current",
    typeCode: ["11502-2", "11488-4", "60591-5", "57833-6"][at % 4] ?? "11502-2",
    isHidden: at % 7 === 0,
    isInvisibleToPatient: at % 11 === 0,
    isInvisibleToRepresentatives: false,
    isArchived: false,
    receivedAt: new Date(Date.UTC(2016, 0, 1) + at * 86_400_000),
    authorKind: "professional",
    authorIds: ["899900000017"],
    authorStructureIds: ["1750000001"],
    depositorKind: "professional",
    depositorId: "899900000017",
    depositorStructureId: "1750000001",
    withheldFrom: [],
    isNeverInEmergency: false,
    patientSeesFrom: null,
  };
}
