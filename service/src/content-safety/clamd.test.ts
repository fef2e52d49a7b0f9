import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
