import { randomUUID } from "node:crypto";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Communication, OperationOutcome } from "@carnet/sdk/fhir";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseWireId } from "../http/ids.ts";
import { checkContents } from "../store/check-contents.ts";
import { deposit, newUniqueId, pdf } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { json, post } from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { checkContentsCommand } from "./check-contents.ts";
import { lookOffline } from "./offline.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
}, 120_000);
afterAll(() => carnet.close());

/** Where the content of a document, or of the one file of a message, lies. */
async function fileOf(documentId?: string): Promise<string> {
  const { dataDirectory } = carnet.service.config;
  const { database } = carnet.service.store;
  const rows = documentId
    ? await database.selectFrom("document").selectAll().execute()
    : await database.selectFrom("message_attachment").selectAll().execute();
  const member = documentId && parseWireId(documentId)?.memberId;
  const row = rows.find((one) => !("document_id" in one) || one.document_id === member);
  if (!row) throw new Error("no such content");
  return join(dataDirectory, "blobs", row.record_id.slice(0, 2), row.record_id, row.blob_id);
}

/** What the command says while the service is stopped, as the embedded database wants it. */
async function check(environment: Readonly<Record<string, string>> = {}) {
  const { config } = carnet.service;
  const [out, err]: [string[], string[]] = [[], []];
  const code = await checkContentsCommand(
    {
      CARNET_DEMO: "1",
      CARNET_DATA: config.dataDirectory,
      ...(config.databaseUrl ? { DATABASE_URL: config.databaseUrl } : {}),
      ...environment,
    },
    { out: (line) => out.push(line), err: (text) => err.push(text) },
  );
  return { code, findings: out.map((line) => JSON.parse(line)), said: err.join("\n") };
}

it("a fault of the database is told by its code, and what the database quotes is not", async () => {
  const { config, store } = carnet.service;
  const said: string[] = [];
  const output = { out: (text: string) => void said.push(text), err: (text: string) => void said.push(text) };
  const { dataDirectory: CARNET_DATA, databaseUrl: DATABASE_URL } = config;
  const environment = { CARNET_DEMO: "1", CARNET_DATA, DATABASE_URL };
  const code = await lookOffline(environment, output, { verb: "check", done: "checked" }, async () => {
    await sql`select ${"MOREAU"}::text::date`.execute(store.database);
    return 0;
  });
  expect(code).toBe(2);
  expect(said.join("\n")).toMatch(/^not checked: .*22007/);
  expect(said.join("\n")).not.toContain("MOREAU");
});

it("names each content that is missing or damaged, and what nothing names; its exit code tells them apart", async () => {
  const kept = await deposit(carnet);
  const [missing, damaged] = [await deposit(carnet), await deposit(carnet)];
  const file = { contentType: "application/pdf", data: Buffer.from(pdf()).toString("base64"), title: "Plan" };
  const sent = await post(carnet, "gp", "/Communication", {
    resourceType: "Communication",
    status: "completed",
    category: [{ coding: [{ code: "message" }] }],
    subject: { type: "Patient", identifier: { ...patients.anna.ins } },
    payload: [{ contentString: "Voici." }, { contentAttachment: file }],
  });
  const message = await json<Communication>(sent);
  const attachment = message.payload?.[1]?.contentAttachment?.url?.replace(carnet.base, "") ?? "";

  rmSync(await fileOf());
  rmSync(await fileOf(missing.id));
  const bad = await fileOf(damaged.id);
  const bytes = readFileSync(bad);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(bad, bytes);
  cpSync(await fileOf(kept.id), join(bad, "..", randomUUID()));

  // Who asks for one of them is told what it is, whom to tell, and nothing of where it was.
  for (const path of [`/Binary/${missing.id}`, `/Binary/${damaged.id}`, attachment]) {
    const answered = await carnet.call("anna", path);
    expect(answered.status).toBe(500);
    const { issue } = await json<OperationOutcome>(answered);
    expect(issue).toHaveLength(1);
    expect(issue[0]?.details?.coding?.[0]?.code).toBe("content-lost");
    expect(issue[0]?.details?.text).toMatch(/exploitant.* \/ .*operator/);
  }
  expect((await carnet.call("nurse", `/Binary/${kept.id}`)).status).toBe(200);

  // Its author sends it again, the same bytes under the same identifier: one document still, and its content is back.
  for (const fault of ["missing", "damaged"] as const) {
    const document = { uniqueId: newUniqueId(), content: pdf() };
    const { id } = await deposit(carnet, document);
    if (fault === "missing") rmSync(await fileOf(id));
    else writeFileSync(await fileOf(id), "something else");
    expect((await carnet.call("anna", `/Binary/${id}`)).status).toBe(500);
    expect((await deposit(carnet, document)).id).toBe(id);
    const read = await carnet.call("anna", `/Binary/${id}`);
    expect(Buffer.from(await read.arrayBuffer()).equals(Buffer.from(document.content)), fault).toBe(true);
  }

  // A content that the disk does not give is told as the damaged one is, and the others are looked at.
  const { blobs } = carnet.service.store;
  const told: string[] = [];
  const get: typeof blobs.get = async (address, range) => {
    if (join(bad, "..", address.blobId) === bad) throw Object.assign(new Error("i/o error"), { code: "EIO" });
    return blobs.get(address, range);
  };
  await checkContents({ ...carnet.service.store, blobs: { ...blobs, get } }, ({ fault }) => told.push(fault));
  expect(told.sort()).toEqual(["damaged", "missing", "missing", "unnamed"]);

  await carnet.service.close();
  const { code, findings, said } = await check();
  expect(code).toBe(1);
  expect(findings.map(({ fault }) => fault).sort()).toEqual(["damaged", "missing", "missing", "unnamed"]);
  expect(said).toMatch(/^LOST: 3 of 6 contents .*; 1 that nothing names/);
  const recordId = findings[0]?.record;
  expect(findings.every(({ record }) => record === recordId)).toBe(true);
  const ids = [missing, damaged].map(({ id }) => parseWireId(id)?.memberId);
  expect(findings.flatMap(({ document }) => document ?? []).sort()).toEqual(ids.sort());
  expect(findings.filter(({ attachment }) => attachment)).toHaveLength(1);

  expect(
    (await check({ DATABASE_URL: "", CARNET_DATA: join(carnet.service.config.dataDirectory, "nowhere") })).code,
  ).toBe(2);
});
