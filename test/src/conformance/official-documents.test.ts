import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readCdaHeader } from "@carnet/sdk/cda";
import { identifierSystem } from "@carnet/sdk/fhir";
import { checkInsKey } from "@carnet/sdk/identity";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { clientOf } from "../support/demo.ts";
import { hasShared, shared } from "../support/machine.ts";
import { openFictitiousRecord } from "../support/records.ts";

const folder = join(shared, "cda", "open");

function hasSoundIns(name: string): boolean {
  const { ins } = readCdaHeader(readFileSync(join(folder, name), "utf8")).patient;
  return ins !== undefined && (ins.system === identifierSystem.insTest || checkInsKey(ins.value));
}

describe.skipIf(!hasShared())("official documents through the running service (needs ../shared)", () => {
  let carnet: RunningCarnet;
  beforeAll(async () => {
    carnet = await startCarnet();
  });
  afterAll(() => carnet?.dispose());

  const all = hasShared() ? readdirSync(folder).filter((name) => name.endsWith(".xml")) : [];
  /** Five samples give a real-INS number whose key is wrong: R34 has them refused, and they are. */
  const [sound, faulty] = [all.filter((name) => hasSoundIns(name)), all.filter((name) => !hasSoundIns(name))];

  it.each(faulty)("R34: refuses %s, whose INS has a wrong key, before it leaves", async (name) => {
    const xml = readFileSync(join(folder, name), "utf8");
    const { ins } = readCdaHeader(xml).patient;
    const record = () => clientOf(carnet.origin, "dr-martin").record(ins ?? { system: "", value: "" });
    await expect((async () => record().deposit({ kind: "cda", xml }))()).rejects.toMatchObject({ code: "ins-key" });
  });

  it.each(sound)("deposits %s and reads it back byte for byte", async (name) => {
    const bytes = readFileSync(join(folder, name));
    const header = readCdaHeader(bytes.toString("utf8"));
    const ins = await openFictitiousRecord(carnet.origin, header.patient);
    const record = clientOf(carnet.origin, "dr-martin").record(ins);
    await record.authorise();
    const receipt = await record.deposit({ kind: "cda", xml: bytes.toString("utf8") }, { acknowledgeSensitive: true });
    const [document] = await record.documents({ uniqueId: receipt.uniqueId }).toArray();
    expect(document, "found by its uniqueId").toBeDefined();
    if (!document) return;
    const back = await record.read(document);
    expect(Buffer.from(back.bytes).equals(bytes)).toBe(true);
  });
});
