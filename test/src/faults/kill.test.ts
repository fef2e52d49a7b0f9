import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { clientOf, insOf } from "../support/demo.ts";
import { consultationReport } from "../support/documents.ts";
import { patientOf } from "../support/patients.ts";

describe("the service killed in the middle of deposits", () => {
  let carnet: RunningCarnet;
  beforeAll(async () => {
    carnet = await startCarnet();
  });
  afterAll(() => carnet?.dispose());

  it("keeps each acknowledged document once, and takes each other one again, once", async () => {
    const ins = await insOf(carnet.origin, "patient-camille");
    const patient = await patientOf(carnet.origin, "patient-camille");
    const inputs = Array.from({ length: 200 }, (_, at) =>
      consultationReport(patient, { title: `Consultation ${at + 1}` }),
    );
    const acknowledged = new Set<string>();

    const waiting = [...inputs];
    const stopAfter = 60 + Math.floor(Math.random() * 80);
    const sender = async () => {
      const record = clientOf(carnet.origin, "dr-martin").record(ins);
      for (let input = waiting.shift(); input; input = waiting.shift()) {
        const receipt = await record
          .deposit({ kind: "wrap", input }, { signal: AbortSignal.timeout(20_000) })
          .catch(() => undefined);
        if (receipt) acknowledged.add(receipt.uniqueId);
        if (acknowledged.size === stopAfter) await carnet.kill();
        if (!receipt) return;
      }
    };
    await Promise.all(Array.from({ length: 8 }, sender));
    expect(acknowledged.size).toBeGreaterThanOrEqual(stopAfter);
    expect(acknowledged.size).toBeLessThan(200);

    carnet = await carnet.restart();
    const record = clientOf(carnet.origin, "dr-martin").record(ins);
    const times = async (uniqueId: string) => {
      let count = 0;
      for await (const _document of record.documents({ uniqueId: uniqueId })) count++;
      return count;
    };
    for (const uniqueId of acknowledged) expect(await times(uniqueId), `acknowledged ${uniqueId}`).toBe(1);

    for (const input of inputs) {
      const receipt = await record.deposit({ kind: "wrap", input });
      expect(receipt.uniqueId).toBe(input.uniqueId);
      if (acknowledged.has(input.uniqueId)) expect(receipt.alreadyInRecord).toBe(true);
    }
    for (const input of inputs) expect(await times(input.uniqueId)).toBe(1);
  });
});
