/** Deposits are given to an antivirus before anything of them is kept. R103. How its daemon is asked: content-safety. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClamdDouble, eicar, startClamdDouble } from "../content-safety/testing/clamd-double.ts";
import { letterAbout } from "../testing/cda-documents.ts";
import { provideBundle, search } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

describe("deposits with an antivirus", () => {
  let clamd: ClamdDouble;
  let carnet: TestCarnet;
  beforeAll(async () => {
    clamd = await startClamdDouble();
    carnet = await startCarnet({ CLAMD_URL: clamd.url, CLAMD_TIMEOUT_SECONDS: "1", MAX_MB_PROFESSIONAL: "0.2" });
  });
  afterAll(async () => {
    await carnet.close();
    await clamd.close();
  });
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
    const inside = await send(
      Buffer.from(letterAbout(patients.anna, { content: eicar, contentType: "text/plain" })),
      "text/xml",
    );
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
