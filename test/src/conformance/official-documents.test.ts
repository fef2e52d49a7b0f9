import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readCdaHeader } from "@carnet/sdk/cda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { clientOf } from "../support/demo.ts";
import { hasShared, shared } from "../support/machine.ts";
import { openFictitiousRecord } from "../support/records.ts";

const folder = join(shared, "cda", "open");

describe.skipIf(!hasShared())("official documents through the running service (needs ../shared)", () => {
  let carnet: RunningCarnet;
  beforeAll(async () => {
    carnet = await startCarnet();
  });
  afterAll(() => carnet?.dispose());

  const names = hasShared() ? readdirSync(folder).filter((name) => name.endsWith(".xml")) : [];

  it.each(names)("deposits %s and reads it back byte for byte", async (name) => {
    const bytes = readFileSync(join(folder, name));
    const header = readCdaHeader(bytes.toString("utf8"));
    const ins = await openFictitiousRecord(carnet.origin, header.patient);
    const record = clientOf(carnet.origin, "dr-martin").record(ins);
    await record.authorise();
    const receipt = await record.deposit({ kind: "cda", xml: bytes.toString("utf8") });
    const [document] = await record.documents({ uniqueId: receipt.uniqueId }).toArray();
    expect(document, "found by its uniqueId").toBeDefined();
    if (!document) return;
    const back = await record.read(document);
    expect(Buffer.from(back.bytes).equals(bytes)).toBe(true);
  });
});
