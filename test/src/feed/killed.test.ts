import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newUniqueId, type RunningCarnet, startCarnet } from "../support/carnet.ts";
import { clientOf, demoToken, insOf } from "../support/demo.ts";
import { patientOf } from "../support/patients.ts";
import { carnetCommand, type Dropped, documentsIn, drop, droppedCda, droppedPdf, until } from "./folder.ts";

/** `npm run test:long` kills 100 times while 1 000 files go through. */
const kills = Number(process.env.WATCH_KILLS ?? 5);
const files = Number(process.env.WATCH_FILES ?? 72);

describe("`carnet watch` killed again and again", () => {
  let carnet: RunningCarnet;
  let folder: string;
  beforeAll(async () => {
    carnet = await startCarnet();
    folder = mkdtempSync(join(tmpdir(), "carnet-feed-"));
  });
  afterAll(async () => {
    await carnet?.dispose();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it("R116, R117 puts each file in the record exactly once, however often it is killed", {
    timeout: 900_000,
  }, async () => {
    const patient = await patientOf(carnet.origin, "patient-camille");
    const dropped = makeFiles(files, patient);
    const tokenFile = join(folder, "..", `token-${carnet.port}`);
    writeFileSync(tokenFile, await demoToken(carnet.origin, "dr-martin"), { mode: 0o600 });
    const inbox = join(folder, "inbox");
    const environment = { CARNET_URL: `${carnet.origin}/fhir`, CARNET_TOKEN_FILE: tokenFile };
    const words = ["watch", inbox, "--settle", "0.1", "--interval", "0.1", "--parallel", "4", "--json"];

    const share = Math.ceil(files / (kills + 1));
    const waiting = [...dropped];
    let started = 0;
    for (let kill = 0; kill < kills; kill++) {
      for (const one of waiting.splice(0, share)) drop(inbox, one);
      const { child, ended, stdout } = carnetCommand(words, environment);
      // Every other one dies in the middle of the work, however slow the machine; the rest at any time from their birth on.
      if (kill % 2 === 0) await until(() => stdout().includes('"started"'));
      await setTimeout(Math.random() * 1_500);
      child.kill("SIGKILL");
      await ended;
      if (stdout().includes('"started"')) started++;
    }
    expect(started).toBeGreaterThanOrEqual(kills / 2);
    for (const one of waiting) drop(inbox, one);
    const last = await carnetCommand([...words, "--once"], environment).ended;
    expect(last.stderr).toBe("");
    // 6: some were refused.
    expect(last.code).toBe(6);

    const good = dropped.filter(({ isGood }) => isGood);
    expect(documentsIn(inbox)).toEqual([]);
    expect(documentsIn(join(inbox, "sent"))).toEqual(good.map(({ name }) => name).sort());
    expect(documentsIn(join(inbox, "refused"))).toEqual(
      dropped
        .filter(({ isGood }) => !isGood)
        .map(({ name }) => name)
        .sort(),
    );
    expect(readdirSync(join(inbox, ".carnet", "jobs"))).toEqual([]);
    expect(readdirSync(inbox).filter((name) => name.endsWith(".json"))).toEqual([]);

    const times = new Map<string, number>();
    const record = clientOf(carnet.origin, "dr-martin").record(await insOf(carnet.origin, "patient-camille"));
    const superseded = new Set<string>();
    for await (const { uniqueId, status } of record.documents({ status: "all", pageSize: 200 })) {
      times.set(uniqueId, (times.get(uniqueId) ?? 0) + 1);
      if (status === "superseded") superseded.add(uniqueId);
    }
    expect(good.filter(({ uniqueId }) => times.get(uniqueId) !== 1).map(({ name }) => name)).toEqual([]);
    expect(dropped.filter(({ isGood, uniqueId }) => !isGood && times.has(uniqueId))).toEqual([]);
    // Each former version was in the record before the one that replaces it.
    const versions = good.filter(({ name }) => name.includes("version"));
    for (const { name } of versions) {
      const of = good.find((one) => one.name === name.replace("-version", ""));
      expect(superseded.has(of?.uniqueId ?? ""), name).toBe(true);
    }
    for (const { name, uniqueId } of good) {
      const receipt: unknown = JSON.parse(readFileSync(join(inbox, "sent", `${name}.receipt.json`), "utf8"));
      expect(receipt).toMatchObject({ uniqueId });
    }
  });

  it("R116, R117 leaves nothing half filed, at whichever renaming of a file it is killed", {
    timeout: 900_000,
  }, async () => {
    const patient = await patientOf(carnet.origin, "patient-camille");
    const other = { ins: { ...patient.ins, value: `${patient.ins.value.slice(0, 13)}00` } };
    const [tokenFile, hook] = [join(folder, "token-moments"), join(folder, "killer.mjs")];
    writeFileSync(tokenFile, await demoToken(carnet.origin, "dr-martin"), { mode: 0o600 });
    writeFileSync(hook, killer);
    const environment = { CARNET_URL: `${carnet.origin}/fhir`, CARNET_TOKEN_FILE: tokenFile };
    const record = clientOf(carnet.origin, "dr-martin").record(await insOf(carnet.origin, "patient-camille"));

    /** Was the process killed? At a moment after its last renaming it ends by itself. */
    const isKilledAt = async (moment: number): Promise<boolean> => {
      const inbox = join(folder, `moment-${moment}`);
      const sent = droppedPdf("sent", patient);
      drop(inbox, sent);
      // Refused before it is sent, and once it was ready to be.
      drop(inbox, droppedPdf("refused", patient, { patient: { ...patient, ...other } }));
      drop(inbox, droppedPdf("refused-late", patient, { replaces: newUniqueId() }));
      const words = ["watch", inbox, "--once", "--settle", "0.1", "--interval", "0.1", "--parallel", "1", "--json"];
      const hooked = { ...environment, NODE_OPTIONS: `--import=${hook}`, KILL_AT_MOMENT: String(moment) };
      const { code } = await carnetCommand(words, hooked).ended;
      const next = await carnetCommand(words, environment).ended;
      expect(next.stderr, `moment ${moment}`).toBe("");

      const left = readdirSync(inbox, { withFileTypes: true }).filter((entry) => entry.isFile());
      expect(
        left.map(({ name }) => name),
        `moment ${moment}`,
      ).toEqual([]);
      expect(readdirSync(join(inbox, ".carnet", "jobs")), `moment ${moment}`).toEqual([]);
      const files = (name: string, more: string) => [name, `${name}.json`, `${name}.${more}`];
      expect(readdirSync(join(inbox, "sent")).sort(), `moment ${moment}`).toEqual(files("sent.pdf", "receipt.json"));
      expect(readdirSync(join(inbox, "refused")).sort(), `moment ${moment}`).toEqual(
        ["refused-late.pdf", "refused.pdf"].flatMap((name) => files(name, "reason.txt")),
      );
      uniqueIds.push(sent.uniqueId);
      return code === null;
    };

    const uniqueIds: string[] = [];
    let killed = 0;
    for (let first = 0; killed === first; first += 4) {
      const all = await Promise.all([0, 1, 2, 3].map((more) => isKilledAt(first + more)));
      killed += all.filter(Boolean).length;
    }
    const times = new Map<string, number>();
    for await (const { uniqueId } of record.documents({ pageSize: 200 }))
      times.set(uniqueId, (times.get(uniqueId) ?? 0) + 1);
    expect(uniqueIds.filter((uniqueId) => times.get(uniqueId) !== 1)).toEqual([]);
    expect(killed).toBeGreaterThan(12);
  });
});

/**
 * Loaded before the command: kills the process before its n-th renaming of a file. What stands in the folder changes by
 * renaming only, so these are all the moments at which a kill can leave something else behind.
 */
const killer = `
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
const { rename } = fs;
let moment = Number(process.env.KILL_AT_MOMENT);
fs.rename = (from, to) => {
  if (moment-- === 0) process.kill(process.pid, "SIGKILL");
  return rename(from, to);
};
syncBuiltinESMExports();
`;

/** Of ten: five PDFs, three CDAs, a replacement that is dropped before what it replaces, and one that must be refused. */
function makeFiles(count: number, patient: Parameters<typeof droppedPdf>[1]): Dropped[] {
  return Array.from({ length: count / 10 }, (_, ten) => ten * 10).flatMap((at) => {
    const name = (more: number, what = "") => `${String(at + more).padStart(4, "0")}${what}`;
    const former = droppedCda(name(8), patient);
    const version = { ...droppedCda(name(8, "-version"), patient, former.uniqueId) };
    const wrong = { ins: { ...patient.ins, value: `${patient.ins.value.slice(0, 13)}00` } };
    return [
      ...Array.from({ length: 5 }, (_, more) => droppedPdf(name(more), patient)),
      droppedCda(name(5), patient),
      droppedCda(name(6), patient),
      version,
      former,
      { ...droppedPdf(name(9), patient, { patient: { ...patient, ...wrong } }), isGood: false },
    ];
  });
}
