import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { type Delivery, drain } from "./drain.ts";
import { findEarlier } from "./earlier.ts";
import { enqueue } from "./outbox.ts";
import { likenessOf, sketchOf } from "./sketch.ts";

const report = (values: string) =>
  `Laboratoire des Essais. Compte rendu d'examens de biologie médicale demandé par le docteur Leroy. ${values}
   Le prélèvement a été reçu ce jour à huit heures et validé par le biologiste responsable du site, qui reste à disposition.`;
const first = report("Hémoglobine 13,2 g/dL ; leucocytes 6,1 G/L ; plaquettes 240 G/L ; créatinine 68 µmol/L.");
const corrected = report("Hémoglobine 13,2 g/dL ; leucocytes 6,4 G/L ; plaquettes 240 G/L ; créatinine 68 µmol/L.");
const other =
  "Cher confrère, j'ai vu votre patiente en consultation pour une gêne du genou droit apparue après une marche prolongée. L'examen est calme, sans épanchement ni laxité. Je propose du repos et une radiographie si la gêne persiste dans un mois.";

const sender = { owner: "dr-leroy", serviceUrl: "https://dossier.example" };
const patient = "285037800604297";
let database: Database;
let name = 0;

beforeEach(async () => {
  name += 1;
  database = await openDatabase(`earlier-${name}`);
});

const taken: Delivery = {
  kind: "receipt",
  receipt: { documentId: "d1", submissionSetId: "s1", receivedAt: "", alreadyInRecord: false },
};

async function send(
  given: { content?: string; text?: string; owner?: string; uniqueId?: string; outcome?: Delivery; at?: number } = {},
) {
  const { content = "aa", text = first, owner = sender.owner, uniqueId = "urn:oid:2.25.1" } = given;
  const { outcome = taken, at = 1_000 } = given;
  const parcel = {
    ins: { system: "urn:oid:1.2.250.1.213.1.4.10", value: patient },
    xml: "<ClinicalDocument/>",
    visibility: { hiddenFromProfessionals: false, invisibleToPatient: false },
    submissionSetId: "urn:oid:2.25.3",
  };
  const trace = { patient, content, sketch: sketchOf(text), setId: uniqueId, version: 1 };
  const label = { title: "", typeDisplay: "", patientName: "" };
  await enqueue(database, { ...sender, owner, uniqueId, parcel, label, trace }, at);
  await drain({
    database,
    owner: async () => owner,
    deliver: async () => outcome,
    now: () => 9_000,
    random: () => 1,
    changed: async () => undefined,
  });
}

const compared = (given: {
  content?: string;
  text?: string;
  patient?: string;
  uniqueId?: string;
  replaces?: string;
}) => ({
  patient: given.patient ?? patient,
  content: given.content ?? "bb",
  sketch: sketchOf(given.text ?? other),
  uniqueId: given.uniqueId,
  replaces: given.replaces,
});

describe("a document sent before", () => {
  it.each([
    ["the same file", { content: "aa" }, "same"],
    ["the same identifier", { uniqueId: "urn:oid:2.25.1" }, "same"],
    ["a corrected version of its text", { text: corrected }, "near"],
    ["a document that says it replaces it", { replaces: "urn:oid:2.25.1" }, "near"],
  ] as const)("is recognised in %s, and can be replaced in the record", async (_, given, likeness) => {
    await send();
    expect(await findEarlier(database, sender, compared(given))).toMatchObject({
      likeness,
      documentId: "d1",
      version: 1,
    });
  });

  it("is not taken for another document, nor for the same of another patient, sender or service", async () => {
    await send();
    expect(await findEarlier(database, sender, compared({ text: other }))).toBeUndefined();
    expect(
      await findEarlier(database, sender, compared({ content: "aa", patient: "170067511420134" })),
    ).toBeUndefined();
    expect(await findEarlier(database, { ...sender, owner: "dr-martin" }, compared({ content: "aa" }))).toBeUndefined();
    const elsewhere = { ...sender, serviceUrl: "https://autre.example" };
    expect(await findEarlier(database, elsewhere, compared({ content: "aa" }))).toBeUndefined();
  });

  it("is the one most alike of several, by number, by content, by what it says it replaces, then the newest", async () => {
    for (const at of [1, 2, 3, 4])
      await send({ content: `file-${at}`, uniqueId: `urn:oid:2.25.${at}`, at: at * 1_000 });
    const found = async (given: Parameters<typeof compared>[0]) =>
      (await findEarlier(database, sender, compared(given)))?.uniqueId;
    const near = { text: first, replaces: "urn:oid:2.25.1" };
    expect(await found({ ...near, content: "file-2", uniqueId: "urn:oid:2.25.3" })).toBe("urn:oid:2.25.3");
    expect(await found({ ...near, content: "file-2" })).toBe("urn:oid:2.25.2");
    expect(await found(near)).toBe("urn:oid:2.25.1");
    expect(await findEarlier(database, sender, compared({ text: first }))).toEqual({
      likeness: "near",
      documentId: "d1",
      uniqueId: "urn:oid:2.25.4",
      setId: "urn:oid:2.25.4",
      version: 1,
      sentAt: 4_000,
    });
  });

  it("is none that left no trace, or whose trace was altered on disk", async () => {
    await send();
    await send({ content: "cc", uniqueId: "urn:oid:2.25.2", text: other });
    const [one, two] = await database.getAll("outbox");
    if (one === undefined || two === undefined) throw new Error("two rows");
    const { trace: _trace, ...without } = one;
    await database.put("outbox", without);
    await database.put("outbox", { ...two, trace: one.trace });
    for (const content of ["aa", "cc"])
      expect(await findEarlier(database, sender, compared({ content, text: first }))).toBeUndefined();
  });

  it("is not one that the record refused: nothing of it is there to be replaced", async () => {
    await send({ outcome: { kind: "refused", code: "document-rejected" } });
    expect(await findEarlier(database, sender, compared({ content: "aa" }))).toBeUndefined();
  });

  it("leaves nothing to read on disk: neither its words nor its patient", async () => {
    await send();
    const [row] = await database.getAll("outbox");
    expect(
      JSON.stringify({ ...row, trace: Buffer.from(row?.trace?.data ?? new ArrayBuffer(0)).toString("latin1") }),
    ).not.toMatch(/285037800604297|aa"|Hémoglobine/);
    expect(row?.trace?.data.byteLength).toBeGreaterThan(100);
  });
});

describe("a sketch", () => {
  it("is alike for versions of one text, different for two texts, and says nothing of a few words", () => {
    expect(likenessOf(sketchOf(first), sketchOf(corrected))).toBeGreaterThan(0.6);
    expect(likenessOf(sketchOf(first), sketchOf(other))).toBeLessThan(0.1);
    expect(likenessOf(sketchOf("Vu ce jour."), sketchOf("Vu ce jour."))).toBe(0);
  });
});
