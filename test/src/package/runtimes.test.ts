/** The packed SDK in every runtime it promises: the same program against the running service, with the same result. */
import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newUniqueId, type RunningCarnet } from "../support/carnet.ts";
import { demoToken } from "../support/demo.ts";
import { consultationReport } from "../support/documents.ts";
import { programPath } from "../support/machine.ts";
import { consumerProject } from "../support/packed-sdk.ts";
import { patientOf } from "../support/patients.ts";
import { sharedCarnet } from "../support/shared-carnet.ts";

const run = promisify(execFile);

/** What a vendor does in an afternoon, in plain JavaScript. Orders come by the environment, what it saw goes out as JSON. */
const program = `
import { connect } from "@carnet/sdk";
import { cdaToFhir } from "@carnet/sdk/cda";
import { parseIns } from "@carnet/sdk/identity";
import { summarise } from "@carnet/sdk/summary";

const { ORIGIN, TOKEN, INPUT } = process.env;
const { content, ...said } = JSON.parse(INPUT);
const input = { ...said, content: Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)) };
const ins = parseIns(input.patient.ins, { acceptFaultyTestNumbers: true });
const recordAs = (token) => connect({ baseUrl: ORIGIN + "/fhir", accessToken: () => token }).record(ins);

const record = recordAs(TOKEN);
const { state } = await record.status();
const first = await record.deposit({ kind: "wrap", input });
const again = await record.deposit({ kind: "wrap", input });
const [document] = await record.documents().toArray({ limit: 1 });
const { bytes } = await record.read(document);
const bundle = cdaToFhir(new TextDecoder().decode(bytes));
const { name } = await recordAs("none").status().catch((error) => error);
console.log(JSON.stringify({
  state,
  isKeptOnce: first.id === again.id && again.alreadyInRecord,
  title: bundle.entry[0].resource.title,
  composed: summarise([bundle]).type,
  summary: (await record.summary()).type,
  refusal: name,
}));
`;

const runtimes = [
  { name: "Node.js", path: process.execPath, words: [] },
  { name: "Bun", path: programPath("bun"), words: ["run"] },
  { name: "Deno", path: programPath("deno"), words: ["run", "--quiet", "--allow-net", "--allow-env", "--allow-read"] },
];

describe("the packed SDK in a project of somebody else", () => {
  let carnet: RunningCarnet;
  let home: string;
  beforeAll(async () => {
    carnet = await sharedCarnet();
    ({ home } = await consumerProject());
    writeFileSync(join(home, "program.mjs"), program);
  });
  afterAll(async () => {
    rmSync(home, { recursive: true, force: true });
  });

  for (const { name, path, words } of runtimes) {
    test.skipIf(path === undefined)(`reads, deposits, converts and composes in ${name}`, async () => {
      const patient = await patientOf(carnet.origin, "patient-camille");
      const { content, ...said } = consultationReport(patient, { uniqueId: newUniqueId(), title: `Essai de ${name}` });
      const { stdout } = await run(path ?? "", [...words, join(home, "program.mjs")], {
        cwd: home,
        env: {
          ...process.env,
          ORIGIN: carnet.origin,
          TOKEN: await demoToken(carnet.origin, "dr-martin"),
          INPUT: JSON.stringify({ ...said, content: Buffer.from(content).toString("base64") }),
        },
      });
      expect(JSON.parse(stdout)).toEqual({
        state: "open",
        isKeptOnce: true,
        title: `Essai de ${name}`,
        composed: "document",
        summary: "document",
        refusal: "Unauthorised",
      });
    });
  }
});
