import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const repository = new URL("../../../", import.meta.url).pathname;

let folder: string;
let neighbour: Server;
let takenPort: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "carnet-start-"));
  await writeFile(join(folder, "file"), "");
  neighbour = createServer();
  await new Promise<void>((resolve) => neighbour.listen(0, "127.0.0.1", resolve));
  const address = neighbour.address();
  takenPort = typeof address === "object" && address ? address.port : 0;
});
afterAll(async () => {
  neighbour.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  /** Standard error, without what libraries print when they load. */
  readonly said: string;
}

function start(program: string, settings: Readonly<Record<string, string>>): Promise<Ended> {
  const { PATH = "" } = process.env;
  const environment = { PATH, PORT: "0", CARNET_DATA: join(folder, "data"), CARNET_DEMO: "1", ...settings };
  const path = resolve(repository, program);
  return new Promise((done) => {
    const child = spawn(process.execPath, [path], { env: environment });
    let [out, said] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
      child.kill();
    });
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    child.on("close", (code) => done({ code, out, said: said.replace(/^oidc-provider .*\n/m, "") }));
  });
}

describe("what keeps the service from starting is said in one line that names it, with no stack and no password", () => {
  const service = "service/dist/main.js";
  it.each([
    ["a port that another program has", "demo/dist/start.js", () => ({ PORT: String(takenPort) }), /set PORT/],
    ["an address of no interface here", service, () => ({ HOST: "192.0.2.7", PORT: "8787" }), /set HOST and PORT/],
    ["a port that is no number", service, () => ({ PORT: "http" }), /^PORT must be/],
    ["a public address that is none", service, () => ({ PUBLIC_URL: "carnet.example" }), /^PUBLIC_URL must be/],
    ["an answer that is not offered", service, () => ({ CLAMD_UNAVAILABLE: "maybe" }), /^CLAMD_UNAVAILABLE must be/],
    ["a folder that is a file", service, () => ({ CARNET_DATA: join(folder, "file") }), /^CARNET_DATA cannot be used/],
    ["no way to send mail", service, () => ({ CARNET_DEMO: "0" }), /set SMTP_URL/],
    [
      "a database that does not answer",
      service,
      () => ({ DATABASE_URL: "postgres://carnet:secret@127.0.0.1:1/carnet" }),
      /^DATABASE_URL cannot be used: .*ECONNREFUSED/,
    ],
  ])("%s", async (_what, program, settings, expected) => {
    const { code, out, said } = await start(program, settings());
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(said).toMatch(/^cannot start: .*\n$/);
    expect(said.slice("cannot start: ".length)).toMatch(expected);
    expect(said).not.toContain("secret");
  });

  it("before anything is written, where the port is taken", async () => {
    await start("demo/dist/start.js", { PORT: String(takenPort), CARNET_DATA: join(folder, "untouched") });
    expect(await readdir(folder)).not.toContain("untouched");
  });
});

describe("what nobody foresaw ends the process with its place in the program, and with no value that a database quotes", () => {
  const quoted = `Object.assign(new Error("invalid input: MOREAU\\n    at MOREAU"), { code: "23505", detail: "Key (name)=(MOREAU)" })`;
  it.each([
    ["while it starts", `create: async () => { throw ${quoted}; }`, /^cannot start: /],
    [
      "while it is prepared",
      `create: async () => service, prepare: async () => { throw ${quoted}; }`,
      /^cannot start: /,
    ],
    ["while it runs", `create: async () => { setTimeout(() => { throw ${quoted}; }); return service; }`, /^ended: /],
    [
      "while it runs, unheard",
      `create: async () => { setTimeout(() => Promise.reject(${quoted})); return service; }`,
      /^ended: /,
    ],
  ])("%s", async (_when, program, expected) => {
    const path = join(folder, "program.mjs");
    const runProgram = JSON.stringify(join(repository, "service/dist/run-program.js"));
    const service = "{ listen: () => new Promise(() => setInterval(() => {}, 1000)), close: async () => {} }";
    await writeFile(
      path,
      `import { runProgram } from ${runProgram};\nconst service = ${service};\nawait runProgram({ ${program} });`,
    );
    const { code, out, said } = await start(path, {});
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(said).toMatch(expected);
    expect(said).toMatch(/23505.*\n +at .*program\.mjs/);
    expect(said).not.toContain("MOREAU");
  });
});
