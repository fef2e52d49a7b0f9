import { readFileSync } from "node:fs";
import { readCdaHeader } from "@carnet/sdk/cda";
import { matchTraits } from "@carnet/sdk/identity";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Calendar } from "../seed/calendar.ts";
import { uniqueIdOf } from "../seed/document.ts";
import { histories } from "../seed/histories.ts";
import { people } from "../seed/people.ts";
import { folders } from "../serve/folders.ts";
import { papers } from "./papers.ts";
import { registerHospital } from "./routes.ts";
import { stays } from "./stays.ts";

const calendar = new Calendar(new Date("2026-11-22T10:00:00Z"));
const app = Fastify();
let origin = "";
let cookie = "";

const get = (path: string, headers: Record<string, string> = { cookie }) =>
  fetch(`${origin}${path}`, { headers, redirect: "manual" });

beforeAll(async () => {
  const shell = "<title>{{title}}</title><main><!--outlet--></main>";
  registerHospital(app, { calendar, shell, picture: folders.picture });
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  const response = await fetch(`${origin}/hospital/`);
  cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
});
afterAll(() => app.close());

describe("the hospital tool", () => {
  it("gives papers only to the session that its pages opened", async () => {
    expect((await get("/hospital/documents/26118204-1.pdf", {})).status).toBe(401);
    expect((await get("/hospital/documents/26118204-1.pdf", { cookie: "hospital_session=guessed" })).status).toBe(401);
    expect((await get("/hospital/documents/26118204-1.pdf")).status).toBe(200);
  });

  it("shows each kind of paper with its own media type and signature", async () => {
    const expected = {
      "26118204-1.pdf": ["application/pdf", "%PDF"],
      "26118204-5.jpg": ["image/jpeg", "\xff\xd8"],
      "26118204-6.html": ["text/html; charset=utf-8", "<titl"],
      "26118204-7.xml": ["application/xml", "<?xml"],
    } as const;
    for (const [file, [type, start]] of Object.entries(expected)) {
      const response = await get(`/hospital/documents/${file}`);
      expect(response.headers.get("content-type")).toBe(type);
      expect(
        Buffer.from(await response.arrayBuffer())
          .toString("latin1")
          .startsWith(start),
      ).toBe(true);
    }
  });

  it("names nobody in addresses and titles", async () => {
    const body = await (await get("/hospital/patients/26118204")).text();
    const title = /<title>(.*?)<\/title>/.exec(body)?.[1] ?? "";
    expect(title).not.toMatch(/moreau|camille/i);
    expect(
      [...body.matchAll(/(?:href|src|data-blob)="([^"]*)"/g)].some(([, address]) =>
        /moreau|camille|2880/i.test(address ?? ""),
      ),
    ).toBe(false);
  });

  it("allows no script but its own on any page, and no frame of a paper elsewhere", async () => {
    for (const path of ["/hospital/", "/hospital/patients/26118204", "/hospital/documents/26118204-6.html"]) {
      const policy = (await get(path)).headers.get("content-security-policy") ?? "";
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    }
    const paper = await get("/hospital/documents/26118204-1.pdf");
    expect(paper.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  it("says that an unknown stay or paper does not exist", async () => {
    expect((await get("/hospital/patients/1")).status).toBe(404);
    expect((await get("/hospital/documents/26118204-99.pdf")).status).toBe(404);
  });
});

describe("its papers", () => {
  const all = papers(calendar);

  it("are in no record yet: the journey can send them", () => {
    const kept = new Set(histories(calendar).flatMap(({ documents }) => documents.map(uniqueIdOf)));
    for (const { document } of all) if (document) expect(kept.has(uniqueIdOf(document))).toBe(false);
  });

  it("hold one of another patient, one with a poor identity, and a structured one with new facts", async () => {
    const personOf = (stay: string) => stays.find(({ number }) => number === stay)?.person;
    const misfiled = all.filter(({ stay, document }) => document && document.person !== personOf(stay));
    expect(misfiled.map(({ document }) => document?.person)).toEqual([people.gerard]);
    expect(all.filter(({ identity }) => identity === "local")).toHaveLength(1);
    const header = readCdaHeader(await (await get("/hospital/documents/26118204-7.xml")).text());
    expect(matchTraits(header.patient, people.camille).verdict).toBe("certain");
  });
});

it("has the picture that it shows", () => {
  expect(readFileSync(folders.picture).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
});
