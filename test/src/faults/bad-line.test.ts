/** Deposits over a line that loses, cuts, repeats and refuses: none lost, none twice, and the progress told is true. */
import { connect, type ExchangeTrace, isCarnetError, type Progress, type RecordHandle } from "@carnet/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newUniqueId, type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { clientOf, demoToken, insOf } from "../support/demo.ts";
import { pdfOf } from "../support/documents.ts";
import { patientOf } from "../support/patients.ts";
import { type FaultProxy, faults, startFaultProxy } from "./fault-proxy.ts";

/** Enough to meet every fault; `npm run test:long` makes a thousand. */
const DEPOSITS = Number(process.env.LINE_DEPOSITS ?? 100);
const SENDERS = 8;
/** Given again, the line behaves the same way: `FAULT_SEED=…`. */
const seed = Number(process.env.FAULT_SEED ?? Math.floor(Math.random() * 2 ** 31));
const HOUR_MS = 3_600_000;

describe(`a bad line (FAULT_SEED=${seed})`, () => {
  let carnet: RunningCarnet;
  let line: FaultProxy;
  let record: RecordHandle;
  const traces: ExchangeTrace[] = [];
  const deposited = new Map<string, Uint8Array>();

  beforeAll(async () => {
    carnet = await startCarnet();
    line = await startFaultProxy({ target: carnet.origin, seed, rate: 0.25, skewMs: 3 * HOUR_MS });
    const token = await demoToken(carnet.origin, "dr-martin");
    record = connect({
      baseUrl: `${line.origin}/fhir`,
      accessToken: () => token,
      retry: { baseDelayMs: 5, maxDelayMs: 40, retries: 5 },
      onExchange: (trace) => traces.push(trace),
    }).record(await insOf(carnet.origin, "patient-camille"));
  });
  afterAll(async () => {
    await line?.close();
    await carnet?.dispose();
  });

  const inRecord = async () => {
    const found = clientOf(carnet.origin, "dr-martin").record(record.ins).documents({ status: "all", pageSize: 200 });
    return (await found.toArray()).map(({ uniqueId }) => uniqueId);
  };

  it("loses no deposit, doubles none, and tells how far each one is", async () => {
    const patient = await patientOf(carnet.origin, "patient-camille");
    const before = new Set(await inRecord());
    const file = pdfOf("Compte rendu de consultation", 70_000);
    const author = {
      rpps: "810002909371",
      family: "MARTIN",
      given: "Claire",
      profession: "G15_10",
      organization: { id: "1750300915", name: "Cabinet du docteur Martin" },
    };
    const now = new Date().toISOString();
    const waiting = Array.from({ length: DEPOSITS }, (_, at) => ({
      kind: "raw" as const,
      // Each tenth is large enough to be told in several steps.
      content: at % 10 === 0 ? file : pdfOf(`Consultation ${at}`, 800),
      contentType: "application/pdf",
      metadata: {
        uniqueId: newUniqueId(),
        title: `Consultation ${at}`,
        type: { code: "11488-4" },
        date: now,
        act: { start: now },
        patient,
        authors: [author],
        facilityType: { code: "SA07" },
        practiceSetting: { code: "AMBULATOIRE" },
      },
    }));
    const wrong: string[] = [];
    const sender = async () => {
      for (let input = waiting.shift(); input; input = waiting.shift()) {
        const told: Progress[] = [];
        const { uniqueId } = input.metadata;
        const receipt = await record.deposit(input, { onProgress: (one) => told.push(one) }).catch((error: unknown) => {
          if (!isCarnetError(error) || !["offline", "unavailable", "too-many-requests"].includes(error.code))
            throw error;
        });
        // Every try failed: it is said, and the same deposit is simply made again.
        if (!receipt) waiting.push(input);
        else {
          if (receipt.uniqueId !== uniqueId || deposited.has(uniqueId)) wrong.push(`receipt ${uniqueId}`);
          deposited.set(uniqueId, input.content);
          if (!isTrue(told)) wrong.push(`progress ${told.map(({ doneBytes }) => doneBytes).join(" ")}`);
        }
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    expect(wrong).toEqual([]);

    const after = (await inRecord()).filter((uniqueId) => !before.has(uniqueId));
    expect(after.length, "documents").toBe(DEPOSITS);
    expect(new Set(after)).toEqual(new Set(deposited.keys()));
    for (const fault of faults) expect(line.counts[fault], fault).toBeGreaterThan(0);
  });

  it("reads the list page by page and the contents, whole, over the same line", async () => {
    const listed = new Map<string, string>();
    for await (const { id, uniqueId } of record.documents({ pageSize: 100 })) {
      if (deposited.has(uniqueId)) listed.set(uniqueId, id);
    }
    expect(listed.size).toBe(DEPOSITS);
    const some = [...deposited].filter((_, at) => at % 10 === 0);
    await Promise.all(
      some.map(async ([uniqueId, content]) => {
        const told: Progress[] = [];
        const { bytes } = await record.read(listed.get(uniqueId) ?? "", { onProgress: (one) => told.push(one) });
        expect(Buffer.from(bytes).equals(Buffer.from(content))).toBe(true);
        expect(told.at(-1)).toMatchObject({ direction: "receiving", doneBytes: content.length });
      }),
    );
  });

  it("tells the vendor's log of every exchange, and nothing of a patient", () => {
    expect(traces.length).toBeGreaterThan(DEPOSITS);
    expect(traces.some(({ status }) => status === undefined)).toBe(true);
    expect(traces.some(({ attempt }) => attempt > 0)).toBe(true);
    const log = JSON.stringify(traces);
    expect(log).not.toContain(record.ins.value);
    expect(new Set(traces.map(({ request }) => request))).toEqual(
      new Set(["POST transaction", "GET DocumentReference", "GET DocumentReference/[id]", "GET Binary/[id]"]),
    );
  });
});

/** Each try begins at 0 and only grows; the last one ends with all of it. */
function isTrue(told: readonly Progress[]): boolean {
  const last = told.at(-1);
  if (told[0]?.doneBytes !== 0 || last === undefined || last.doneBytes !== last.totalBytes) return false;
  return told.every(({ doneBytes, totalBytes }, at) => {
    const before = told[at - 1]?.doneBytes ?? 0;
    return totalBytes === last.totalBytes && (doneBytes >= before || doneBytes === 0);
  });
}
