import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wrapInCda } from "@carnet/sdk/cda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newUniqueId, provideBundle, search } from "../testing/documents.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { createClamdScanner, readClamdAddress } from "./clamd.ts";
import { hasClamd, startClamd } from "./testing/clamd-daemon.ts";
import { type ClamdDouble, eicar, startClamdDouble } from "./testing/clamd-double.ts";

let clamd: ClamdDouble;
beforeAll(async () => {
  clamd = await startClamdDouble();
});
afterAll(() => clamd.close());

describe("the antivirus hook", () => {
  it("R103 sends the whole document and understands the answer, over TCP and over a socket file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "carnet-clamd-"));
    const local = await startClamdDouble(join(folder, "clamd.ctl"));
    for (const double of [clamd, local]) {
      const scanner = createClamdScanner(double.url, 5000);
      const document = randomBytes(300_001);
      expect(await scanner.scan(document)).toBe("clean");
      expect(double.received.equals(document)).toBe(true);
      expect(await scanner.scan(Buffer.concat([Buffer.from("letter "), eicar]))).toBe("infected");
      expect(await scanner.scan(new Uint8Array())).toBe("clean");
      expect(await scanner.ping()).toBe(true);
    }
    await local.close();
    rmSync(folder, { recursive: true });
  });

  it("R103 a daemon that is away, hangs or gives up is unavailable, never a judgement", async () => {
    expect(await createClamdScanner("tcp://127.0.0.1:9", 2000).scan(eicar)).toBe("unavailable");
    const scanner = createClamdScanner(clamd.url, 100);
    clamd.behaviour = "hang";
    expect(await scanner.scan(eicar)).toBe("unavailable");
    expect(await scanner.ping()).toBe(false);
    clamd.behaviour = "full";
    expect(await scanner.scan(eicar)).toBe("unavailable");
    clamd.behaviour = "scan";
    expect(await scanner.scan(eicar, AbortSignal.abort())).toBe("unavailable");
  });

  it("R103 an address that nobody can read stops the start", () => {
    expect(() => readClamdAddress("http://clamd")).toThrow(/CLAMD_URL/);
    expect(readClamdAddress("tcp://[::1]")).toEqual({ host: "::1", port: 3310 });
  });

  it.skipIf(!hasClamd)("R103 ClamAV's own daemon finds the EICAR file (needs Debian's clamav-daemon)", async () => {
    const daemon = await startClamd(1);
    try {
      const scanner = createClamdScanner(daemon.url, 30_000);
      expect(await scanner.ping()).toBe(true);
      expect(await scanner.scan(eicar)).toBe("infected");
      // Across two of the parts that are sent.
      expect(await scanner.scan(Buffer.concat([Buffer.alloc(65_500, "a"), eicar, randomBytes(90_000)]))).toBe(
        "infected",
      );
      expect(await scanner.scan(Buffer.from("Bonjour"))).toBe("clean");
      expect(await scanner.scan(randomBytes(700_000))).toBe("clean");
      // Over the daemon's own limit: nobody looked at it, so nobody judged it.
      expect(await scanner.scan(randomBytes(2_000_000))).toBe("unavailable");
      expect(await scanner.scan(Buffer.from("Bonjour"))).toBe("clean");
    } finally {
      await daemon.close();
    }
    expect(await createClamdScanner(daemon.url, 2000).ping()).toBe(false);
  });
});

/** A level 1 document of the test patient around these bytes, as plain text. */
function cdaAround(content: Uint8Array): Uint8Array {
  const { ins, birthName, given, sex, birthDate } = patients.anna;
  const xml = wrapInCda({
    content,
    contentType: "text/plain",
    title: "Courrier fictif",
    uniqueId: newUniqueId(),
    effectiveTime: "2026-03-02T09:30:00Z",
    type: { code: "11490-0", system: "http://loinc.org", display: "Lettre de liaison" },
    act: { start: "2026-03-02T09:30:00Z" },
    patient: {
      ins,
      birthName,
      firstGivenName: given,
      birthGivenNames: [given],
      sex,
      birthDate,
      birthPlaceCode: "75056",
    },
    author: {
      rpps: rppsOf("gp"),
      family: "GP",
      given: "Camille",
      profession: "G15_10",
      specialty: "SM26",
      organization: { id: "1750999991", name: "Cabinet d'essai", facilityType: "SA07", practiceSetting: "AMBULATOIRE" },
    },
  });
  return Buffer.from(xml);
}

describe("deposits with an antivirus", () => {
  let carnet: TestCarnet;
  beforeAll(async () => {
    carnet = await startCarnet({ CLAMD_URL: clamd.url, CLAMD_TIMEOUT_SECONDS: "1", MAX_MB_PROFESSIONAL: "0.2" });
  }, 120_000);
  afterAll(() => carnet.close());
  const send = async (content: Uint8Array, contentType = "text/plain") => {
    const body = JSON.stringify(provideBundle({ content, contentType }));
    return carnet.call("gp", "", { method: "POST", body });
  };
  const origin = () => carnet.base.replace(/\/fhir$/, "");

  it("R103 an infected document is refused by name of its place, and so is one inside a CDA; nothing is kept", async () => {
    const refused = await send(Buffer.concat([Buffer.from("Bonjour "), eicar]));
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain("Bundle.entry[1].resource.content[0].attachment");
    expect((await search(carnet, "gp")).ids).toEqual([]);
    const inside = await send(cdaAround(eicar), "text/xml");
    expect(inside.status).toBe(422);
    expect(await inside.text()).toContain("Malicious");
    expect((await send(Buffer.from("Bonjour"))).status).toBe(200);
    expect((await send(Buffer.from("a program inside\0"), "text/plain")).status).toBe(422);
    expect((await send(Buffer.alloc(300_000, "a"))).status).toBe(413);
  });

  it("R103 while the antivirus is away deposits wait, and readiness says so", async () => {
    clamd.behaviour = "hang";
    const waiting = await send(Buffer.from("Bonjour encore"));
    expect([waiting.status, waiting.headers.get("retry-after")]).toEqual([503, "30"]);
    const notReady = await fetch(`${origin()}/readyz`);
    expect(notReady.status).toBe(503);
    expect(await notReady.json()).toMatchObject({ virusScan: "unavailable", storage: "directory" });
    clamd.behaviour = "scan";
    expect(await (await fetch(`${origin()}/readyz`)).json()).toMatchObject({ status: "ready", virusScan: "ready" });
    expect((await send(Buffer.from("Bonjour encore"))).status).toBe(200);
  });
});
