import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { clientOf, demoToken, insOf } from "../support/demo.ts";
import type { PatientOfDocument } from "../support/documents.ts";
import { checkout } from "../support/machine.ts";
import { patientOf } from "../support/patients.ts";
import { carnetCommand, documentsIn, drop, droppedCda, droppedPdf, until } from "./folder.ts";

describe("the command line against the running service", () => {
  let carnet: RunningCarnet;
  let home: string;
  let patient: PatientOfDocument;
  let ins: string;
  let environment: Readonly<Record<string, string>>;
  let folders = 0;
  const quick = ["--settle", "0.1", "--interval", "0.1", "--json"];
  const newFolder = () => join(home, `inbox-${folders++}`);
  const recordOf = async () =>
    clientOf(carnet.origin, "dr-martin").record(await insOf(carnet.origin, "patient-camille"));
  const run = (words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    carnetCommand(words, { ...environment, ...more }).ended;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "carnet-cli-"));
    carnet = await startCarnet();
    patient = await patientOf(carnet.origin, "patient-camille");
    ins = `${patient.ins.system}|${patient.ins.value}`;
    const tokenFile = join(home, "token");
    writeFileSync(tokenFile, await demoToken(carnet.origin, "dr-martin"), { mode: 0o600 });
    environment = { CARNET_URL: `${carnet.origin}/fhir`, CARNET_TOKEN_FILE: tokenFile };
  });
  afterAll(async () => {
    await carnet?.dispose();
    if (home) rmSync(home, { recursive: true, force: true });
  });

  it("says in refused/ what to correct and where, and never a value of the file", async () => {
    const inbox = newFolder();
    const cda = droppedCda("traits", patient);
    drop(
      inbox,
      droppedPdf("key", patient, { patient: { ...patient, ins: { ...patient.ins, value: "279035121518900" } } }),
    );
    drop(inbox, droppedPdf("field", patient, { act: {} }));
    drop(inbox, { ...droppedPdf("json", patient), side: '{\n  "title": "x",\n  oops' });
    drop(inbox, droppedPdf("type", patient, { type: { code: "0-0", system: "http://loinc.org" } }));
    drop(inbox, { ...cda, side: JSON.stringify({ patient: { ...patient, birthName: "DURAND" } }) });
    drop(inbox, { name: "cut.pdf", uniqueId: "", document: "%PDF-1.4\nno end", side: "{}", isGood: false });
    writeFileSync(join(inbox, "alone.pdf"), droppedPdf("alone", patient).document);
    const { code, stdout, stderr } = await run(["watch", inbox, "--once", ...quick]);
    expect({ code, stderr }).toEqual({ code: 6, stderr: "" });
    const reason = (name: string) => readFileSync(join(inbox, "refused", `${name}.reason.txt`), "utf8");
    expect(reason("key.pdf")).toMatch(/Motif : ins-wrong\nOù : patient\.ins\nRègle : R33/);
    expect(reason("field.pdf")).toMatch(/side-file-shape\nOù : act\.start/);
    expect(reason("json.pdf")).toMatch(/side-file-json\nOù : 3:3/);
    expect(reason("type.pdf")).toMatch(/type-unknown\nOù : type/);
    expect(reason("traits.xml")).toMatch(/traits-differ\nOù : patient\.birthName\nRègle : R40/);
    expect(reason("cut.pdf")).toMatch(/file-incomplete/);
    expect(reason("alone.pdf")).toMatch(/side-file-missing/);
    expect(documentsIn(join(inbox, "refused"))).toHaveLength(7);
    for (const value of ["DURAND", "279035121518900", patient.birthDate]) {
      expect(stdout).not.toContain(value);
      expect(reason("traits.xml") + reason("key.pdf")).not.toContain(value);
    }
  });

  it("R116 sends a file dropped twice only once, and refuses other content under the same number", async () => {
    const inbox = newFolder();
    const first = droppedCda("first", patient);
    drop(inbox, first);
    expect((await run(["watch", inbox, "--once", ...quick])).code).toBe(0);
    drop(inbox, first);
    drop(inbox, { ...droppedPdf("other", patient, { uniqueId: first.uniqueId }) });
    const again = await run(["watch", inbox, "--once", ...quick]);
    expect(again.code).toBe(6);
    expect(again.stdout).toContain('"alreadyInRecord":true');
    expect(again.stdout).toContain("already-sent-otherwise");
    expect(documentsIn(join(inbox, "sent"))).toHaveLength(2);
    expect(await (await recordOf()).documents({ uniqueId: first.uniqueId, status: "all" }).toArray()).toHaveLength(1);
  });

  it("waits for a file that is still being written, and for a side file that comes later", async () => {
    const inbox = newFolder();
    mkdirSync(inbox);
    const { child, ended, stdout } = carnetCommand(["watch", inbox, ...quick], environment);
    const late = droppedPdf("late", patient);
    const text = droppedCda("slow", patient);
    const whole = String(text.document);
    writeFileSync(join(inbox, "late.pdf"), late.document);
    writeFileSync(join(inbox, "slow.xml"), whole.slice(0, 500));
    await until(() => stdout().includes("started"));
    // What came later has settled and gone: those two did not wait for their time, only for what they miss.
    drop(inbox, droppedCda("later", patient));
    await until(() => existsSync(join(inbox, "sent", "later.xml")));
    expect(documentsIn(inbox)).toEqual(["late.pdf", "slow.xml"]);
    appendFileSync(join(inbox, "slow.xml"), whole.slice(500));
    writeFileSync(join(inbox, "late.json"), late.side ?? "");
    await until(() => existsSync(join(inbox, "sent", "late.pdf")) && existsSync(join(inbox, "sent", "slow.xml")));
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
    expect(stdout()).toContain('{"event":"stopped","sent":3,"refused":0}');
  });

  it("lets one process alone feed from a folder, and the next one at once after a kill", async () => {
    const inbox = newFolder();
    const first = carnetCommand(["watch", inbox, ...quick], environment);
    await until(() => first.stdout().includes("started"));
    const second = await run(["watch", inbox, ...quick]);
    expect(second.code).toBe(9);
    expect(second.stderr).toContain("folder-in-use");
    first.child.kill("SIGKILL");
    await first.ended;
    drop(inbox, droppedCda("after", patient));
    expect((await run(["watch", inbox, "--once", ...quick])).code).toBe(0);
    expect(documentsIn(join(inbox, "sent"))).toEqual(["after.xml"]);
  });

  it("backs off while the service does not answer, then continues; a lost answer leaves one document", async () => {
    const inbox = newFolder();
    const proxy = await openFaultyProxy(carnet.port);
    const files = Array.from({ length: 6 }, (_, at) => droppedCda(`fault-${at}`, patient));
    for (const one of files) drop(inbox, one);
    const { child, ended, stdout } = carnetCommand(["watch", inbox, ...quick], {
      ...environment,
      CARNET_URL: `http://127.0.0.1:${proxy.port}/fhir`,
    });
    await until(() => stdout().includes('"waiting"'));
    expect(documentsIn(join(inbox, "sent"))).toEqual([]);
    proxy.heal();
    await until(() => documentsIn(join(inbox, "sent")).length === files.length);
    child.kill("SIGTERM");
    expect((await ended).code).toBe(0);
    expect(stdout()).toContain('"resumed"');
    proxy.close();
    const record = await recordOf();
    for (const { uniqueId } of files) {
      expect(await record.documents({ uniqueId, status: "all" }).toArray()).toHaveLength(1);
    }
  });

  it("R200, R201 feeds as a machine client by its key, and doctor says what is right and what is not", async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
      "sign",
      "verify",
    ]);
    const keyFile = join(home, "key.json");
    writeFileSync(keyFile, JSON.stringify({ ...(await crypto.subtle.exportKey("jwk", privateKey)), kid: "one" }), {
      mode: 0o600,
    });
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
    const jwk = { kty, crv, x, y, kid: "one" };
    writeFileSync(join(home, "jwks.json"), JSON.stringify({ keys: [jwk] }));
    const structure = { id: "1750300915", name: "Cabinet du docteur Martin", facilityType: "SA07" };
    writeFileSync(join(home, "structure.json"), JSON.stringify(structure));
    await carnet.stop();
    await registerMachine(carnet, ["register", "chu-depot", join(home, "structure.json"), join(home, "jwks.json")]);
    carnet = await carnet.restart();

    const machine = {
      CARNET_TOKEN_FILE: "",
      CARNET_KEY_FILE: keyFile,
      CARNET_ISSUER: `${carnet.origin}/oidc`,
      CARNET_CLIENT_ID: "chu-depot",
    };
    const inbox = newFolder();
    drop(inbox, droppedPdf("machine", patient));
    const fed = await run(["watch", inbox, "--once", ...quick], machine);
    expect(fed).toMatchObject({ code: 0, stderr: "" });

    const well = await run(["doctor", "--ins", ins, "--lang", "en"], machine);
    const lines = well.stdout
      .trim()
      .split("\n")
      .map((line): { check: string; result: string; found?: string } => JSON.parse(line));
    expect(lines.filter(({ result }) => result === "bad")).toEqual([]);
    expect(lines.map(({ check }) => check)).toEqual([
      "node",
      "connection",
      "server",
      "clock",
      "certificate",
      "issuer",
      "key",
      "sign-in",
      "token",
      "rights",
      "deposits",
      "lots",
      "consents",
      "summaries",
    ]);
    expect(well.code).toBe(0);

    const foreign = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    writeFileSync(
      keyFile,
      JSON.stringify({ ...(await crypto.subtle.exportKey("jwk", foreign.privateKey)), kid: "one" }),
    );
    const unwell = await run(["doctor", "--lang", "en"], machine);
    expect(unwell.code).toBe(8);
    expect(unwell.stdout).toMatch(/"check":"sign-in","result":"bad".*registered/);
  });

  it("does each task of a record, JSON lines when piped, and tells the shell how it went", async () => {
    const status = await run(["status", ins]);
    expect(JSON.parse(status.stdout)).toMatchObject({ state: "open", authorisation: "valid" });
    expect(status.stdout).not.toContain(patient.birthName);

    const cda = droppedCda("by-hand", patient);
    const file = join(home, "by-hand.xml");
    writeFileSync(file, cda.document);
    const receipt: { id: string } = JSON.parse((await run(["deposit", ins, file])).stdout);
    const version = join(home, "version.xml");
    writeFileSync(version, droppedCda("version", patient, cda.uniqueId).document);
    const next: { id: string } = JSON.parse((await run(["replace", ins, receipt.id, version])).stdout);

    const listed = (await run(["list", ins, "--limit", "3"])).stdout
      .trim()
      .split("\n")
      .map((line): { id: string } => JSON.parse(line));
    expect(listed).toHaveLength(3);
    const out = join(home, "out.xml");
    expect((await run(["read", ins, next.id, "-o", out])).code).toBe(0);
    expect(readFileSync(out, "utf8")).toBe(readFileSync(version, "utf8"));
    expect(JSON.parse((await run(["summary", ins])).stdout)).toMatchObject({
      resourceType: "Bundle",
      type: "document",
    });

    const cursor = join(home, "cursor");
    expect((await run(["changes", ins, "--cursor-file", cursor])).stdout).toContain('"added"');
    expect((await run(["changes", ins, "--cursor-file", cursor])).stdout).toBe("");
    expect((await run(["log", ins])).stdout).toContain('"AuditEvent"');
    const asPatient = { CARNET_TOKEN_FILE: "", CARNET_TOKEN: await demoToken(carnet.origin, "patient-camille") };
    const hidden = await run(["hide", ins, next.id], asPatient);
    expect(JSON.parse(hidden.stdout)).toMatchObject({ id: next.id, isHidden: true });
    const zip = join(home, "record.zip");
    expect((await run(["export", ins, "-o", zip], asPatient)).code).toBe(0);
    expect(readFileSync(zip).subarray(0, 2).toString()).toBe("PK");

    expect((await run(["read", ins, "unknown"])).code).toBe(5);
    expect((await run(["export", ins, "-o", zip])).code).toBe(4);
    expect((await run(["status", "1 23"])).code).toBe(2);
    expect((await run(["status", ins], { CARNET_TOKEN_FILE: "", CARNET_TOKEN: "wrong" })).code).toBe(3);
    const wrong = await run(["lst", "--lang", "en"]);
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toContain("Unknown command: lst");
  });
});

it("`carnet` ends as interrupted at a signal that comes while it is loading, or when its terminal is closed", async () => {
  const ended = ["SIGTERM", "SIGHUP"].map(async (signal) => {
    const NODE_OPTIONS = signalledWhileLoading(signal);
    const environment = { CARNET_URL: "http://127.0.0.1:9/fhir", CARNET_TOKEN: "t", NODE_OPTIONS };
    const { code, stderr } = await carnetCommand(["export", "279035121518989"], environment).ended;
    return { signal, code, stderr };
  });
  expect(await Promise.all(ended)).toEqual([
    { signal: "SIGTERM", code: 130, stderr: "" },
    { signal: "SIGHUP", code: 130, stderr: "" },
  ]);
});

const inData = (module: string) => `data:text/javascript,${encodeURIComponent(module)}`;

/** Loaded before the command: the process gets a signal when the command's words are to be read. */
function signalledWhileLoading(signal: string): string {
  const hook = `export async function load(url, context, next) {
    if (url.endsWith("/cli/program.js")) process.kill(process.pid, "${signal}");
    return next(url, context);
  }`;
  return `--import ${inData(`import { register } from "node:module"; register(${JSON.stringify(inData(hook))});`)}`;
}

/** The operator's command, on the data of a stopped service (or on its database). */
async function registerMachine({ data, database }: RunningCarnet, words: readonly string[]): Promise<void> {
  const entry = join(checkout, "service", "dist", "commands", "run-machine-client.js");
  const env = { ...process.env, CARNET_DATA: data, DATABASE_URL: database ?? "" };
  const child = spawn(process.execPath, [entry, ...words], { env, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`not registered: ${stderr}`);
}

/** Until healed: passes every request on and cuts the connection instead of giving the answer. */
async function openFaultyProxy(port: number): Promise<{ readonly port: number; heal(): void; close(): void }> {
  let isHealed = false;
  const server: Server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = httpRequest({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
      if (!isHealed) {
        answer.resume();
        outgoing.destroy();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    heal: () => {
      isHealed = true;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
