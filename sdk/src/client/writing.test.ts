import type { Consent } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { codeSystem } from "../fhir/systems.ts";
import {
  connect,
  type DepositInput,
  isConflict,
  isDocumentRejected,
  isIdentityMismatch,
  type Receipt,
  type RecordHandle,
} from "./index.ts";
import { ins, metadata, pdf, recordOfEachTest } from "./test-support.ts";

const { record, service, open, deposit } = recordOfEachTest();

describe("deposit (TD2) and replacement (TD2.1)", () => {
  test("a lost answer and a repeat give the same receipt, and one document", async () => {
    record.state.loseNextDepositAnswer = true;
    const first = await deposit(1);
    const again = await deposit(1);
    expect(again).toMatchObject({ id: first.id, submissionSetId: first.submissionSetId, alreadyInRecord: true });
    expect(record.state.documents.size).toBe(1);
  });

  test("the same uniqueId with other content is a conflict", async () => {
    await deposit(1);
    const error = await deposit(1, new TextEncoder().encode("%PDF other")).catch((thrown: unknown) => thrown);
    expect(isConflict(error)).toBe(true);
  });

  test("R40: a document of somebody else never leaves the machine", async () => {
    const stranger = { ...metadata, patient: { ...metadata.patient, ins: { ...ins, value: "185057800608491" } } };
    const error = await open()
      .deposit({ kind: "raw", content: pdf, contentType: "application/pdf", metadata: stranger })
      .catch((thrown: unknown) => thrown);
    expect(isIdentityMismatch(error)).toBe(true);
    expect(record.state.requests).toEqual([]);
  });

  /** A letter of this record, as a CDA of our own making. */
  const letter = {
    content: pdf,
    contentType: "application/pdf" as const,
    title: "Lettre de sortie à relire",
    uniqueId: "urn:oid:1.2.250.1.999.1.1.77",
    effectiveTime: "2026-03-02T09:30:00+01:00",
    type: { code: "11488-4", system: codeSystem.loinc, display: "Compte rendu de consultation" },
    act: { start: "2026-03-02T09:00:00+01:00" },
    patient: {
      ins,
      birthName: "MARTIN",
      firstGivenName: "CAMILLE",
      birthGivenNames: ["CAMILLE"],
      sex: "female" as const,
      birthDate: "1979-03-12",
      birthPlaceCode: "51215",
    },
    author: {
      rpps: "810000000001",
      family: "LEROY",
      given: "ANNE",
      prefix: "MME",
      suffix: "DR",
      profession: "G15_10",
      specialty: "SM04",
      organization: { id: "1750000001", name: "CHU", facilityType: "SA01", practiceSetting: "ETABLISSEMENT" },
    },
  };

  test("a PDF wrapped in a CDA takes its metadata from the CDA", async () => {
    const { wrapInCda } = await import("../cda/write/index.ts");
    const receipt = await open().deposit({ kind: "wrap", input: letter });
    expect(receipt.uniqueId).toBe(letter.uniqueId);
    const content = await open().read(receipt.id);
    expect(new TextDecoder().decode(content.bytes)).toBe(wrapInCda(letter));
    const [document] = await open().documents().toArray();
    expect(document).toMatchObject({
      title: letter.title,
      contentType: "text/xml",
      authors: [{ name: "Dr ANNE LEROY", rpps: "810000000001", profession: "10" }],
    });
  });

  test("a CDA travels in the encoding that it declares, or as the file it came from", async () => {
    const { wrapInCda } = await import("../cda/write/index.ts");
    const declaring = (encoding: string) =>
      wrapInCda(letter).replace(/<\?xml[^>]*\?>/, `<?xml version="1.0" encoding="${encoding}"?>`);
    const latin = declaring("ISO-8859-1");
    const { id } = await open().deposit({ kind: "cda", xml: latin });
    expect(new TextDecoder("iso-8859-1").decode((await open().read(id)).bytes)).toBe(latin);
    const odd = { kind: "cda", xml: declaring("UTF-16") } as const;
    const error = await open()
      .deposit(odd)
      .catch((thrown: unknown) => thrown);
    expect(isDocumentRejected(error)).toBe(true);
  });

  test("a CDA that is not well formed is refused here, before anything is sent", async () => {
    const error = await open()
      .deposit({ kind: "cda", xml: "<ClinicalDocument><id" })
      .catch((thrown: unknown) => thrown);
    expect(isDocumentRejected(error)).toBe(true);
    expect(record.state.requests).toEqual([]);
  });

  test("a letter with a wrong field is refused here, with the field as its place", async () => {
    const wrong = [
      ["type.code", { ...letter, type: { ...letter.type, code: "none" } }],
      ["effectiveTime", { ...letter, effectiveTime: "yesterday" }],
      ["content", { ...letter, content: new Uint8Array() }],
    ] as const;
    for (const [place, input] of wrong) {
      const deposited = open().deposit({ kind: "wrap", input });
      await expect(deposited).rejects.toMatchObject({ code: "document-rejected", place });
    }
    expect(record.state.requests).toEqual([]);
  });

  test("what is forgotten, or given in another form, is refused here, with the field as its place", async () => {
    const raw = { kind: "raw", content: pdf, contentType: "application/pdf", metadata };
    const without = (field: string) => ({ ...raw, metadata: { ...metadata, [field]: undefined } });
    const wrong: readonly [place: string, input: unknown][] = [
      ["kind", undefined],
      ["kind", { xml: "<ClinicalDocument/>" }],
      ["kind", { kind: "toString" }],
      ["xml", { kind: "cda", content: pdf }],
      ["content", { ...raw, content: pdf.buffer }],
      ["content", { kind: "cda", xml: "<a/>", content: "<a/>" }],
      ["content", { kind: "wrap", input: { ...letter, content: pdf.buffer } }],
      ["contentType", { ...raw, contentType: undefined }],
      ["bundle", { kind: "fhir", bundle: "{}", metadata }],
      ["metadata", { ...raw, metadata: undefined }],
      ...["uniqueId", "title", "type", "date", "act", "patient", "authors", "facilityType", "practiceSetting"]
        .map((field) => [`metadata.${field}`, without(field)] as const)
        .map(([place, input]): [string, unknown] => [place, input]),
    ];
    for (const [place, input] of wrong) {
      const deposited = open().deposit(input as DepositInput);
      await expect(deposited, place).rejects.toMatchObject({ code: "document-rejected", place });
    }
    expect(record.state.requests).toEqual([]);
  });

  test("an unknown type is refused here, with its place", async () => {
    const error = await open()
      .deposit({
        kind: "raw",
        content: pdf,
        contentType: "application/pdf",
        metadata: { ...metadata, type: { code: "?" } },
      })
      .catch((thrown: unknown) => thrown);
    expect(isDocumentRejected(error) && error.place).toBe("DocumentReference.type");
  });

  test("the new version replaces, the old one stays as superseded", async () => {
    const first = await deposit(1);
    const second = await open().replace(first, {
      kind: "raw",
      content: pdf,
      contentType: "application/pdf",
      metadata: { ...metadata, uniqueId: "urn:oid:1.2.250.1.999.1.1.2" },
    });
    const all = await open().documents({ status: "all" }).toArray();
    expect(all.map(({ id, status }) => [id, status])).toEqual([
      [first.id, "superseded"],
      [second.id, "current"],
    ]);
  });
});

describe("attributes (TD3.3)", () => {
  test("hide, show and visibility add up and leave the confidentiality alone", async () => {
    const receipt = await deposit(1);
    const handle = open();
    const hidden = await handle.hide(receipt);
    expect(hidden.isHidden).toBe(true);
    const both = await handle.setPatientVisibility(hidden, { patient: false, representatives: false });
    expect(both).toMatchObject({ isHidden: true, isInvisibleToPatient: true, isInvisibleToRepresentatives: true });
    const misspelt: object = { representative: false };
    await expect(handle.setPatientVisibility(both, misspelt)).rejects.toThrow(TypeError);
    const shown = await handle.show(both);
    expect(shown).toMatchObject({ isHidden: false, isInvisibleToPatient: true });
    expect(shown.resource.securityLabel?.[0]?.coding?.[0]?.code).toBe("N");
  });

  test("a change made on a stale version is made again on the new one, and no flag is lost", async () => {
    const receipt = await deposit(1);
    const handle = open();
    const stale = await handle.documents().toArray();
    await handle.setPatientVisibility(receipt, { patient: false });
    const hidden = await handle.hide(stale[0] ?? receipt);
    expect(hidden).toMatchObject({ isHidden: true, isInvisibleToPatient: true });
  });

  test("archived documents leave the default list and come back; removed ones are gone", async () => {
    const receipt = await deposit(1);
    const handle = open();
    await handle.archive(receipt);
    expect(await handle.documents().toArray()).toEqual([]);
    expect(await handle.documents({ isArchived: true }).toArray()).toHaveLength(1);
    await handle.unarchive(receipt);
    expect(await handle.documents().toArray()).toHaveLength(1);
    await handle.remove(receipt);
    expect(await handle.documents({ status: "all" }).toArray()).toEqual([]);
  });
});

describe("what is taken away", () => {
  const removing = (answers: readonly (number | "lost")[]) => {
    const left = [...answers];
    const line: typeof fetch = async () => {
      const next = left.shift();
      if (next === "lost") throw new TypeError("fetch failed");
      return new Response(undefined, { status: next ?? 404 });
    };
    return connect({ baseUrl: service.baseUrl, accessToken: () => "t", fetch: line, retry: { wait: async () => {} } });
  };
  const removals = [
    (handle: RecordHandle, document: Receipt) => handle.remove(document),
    (handle: RecordHandle) => handle.removeFolder("f1"),
    (handle: RecordHandle) => handle.removeRelative("r1"),
    (handle: RecordHandle) => handle.removeAppointment("a1"),
  ];

  test("is gone, and no error, when the answer that said so was lost and asked for again", async () => {
    const receipt = await deposit(1);
    for (const remove of removals) {
      await remove(removing(["lost", 404]).record(ins), receipt);
      await remove(removing([503, "lost", 404]).record(ins), receipt);
    }
  });

  test("and was not there is an error still", async () => {
    const receipt = await deposit(1);
    for (const remove of removals) {
      await expect(remove(removing([404]).record(ins), receipt)).rejects.toMatchObject({ code: "document-not-found" });
      await expect(remove(removing([401, 404]).record(ins), receipt)).rejects.toMatchObject({
        code: "document-not-found",
      });
      await expect(remove(removing(["lost", 403]).record(ins), receipt)).rejects.toMatchObject({
        code: "access-refused",
      });
    }
  });
});

test("nobody, and nothing, is named as the argument that is missing: neither is the caller taken, nor is it done", async () => {
  const handle = open();
  const nobody = {} as { rpps?: string };
  const nothing = { resourceType: "Consent" } as Consent;
  for (const [name, call] of [
    // Not the caller's own agreement, which names neither.
    ["who", () => handle.authorise({ rpps: undefined })],
    ["who", () => handle.authorise({ structure: "", asReferringDoctor: true })],
    ["who", () => handle.block(nobody)],
    ["who", () => handle.unblock({ rpps: undefined })],
    ["who", () => handle.withhold("d1", nobody)],
    ["who", () => handle.setReferringDoctor(nobody)],
    ["who", () => handle.setCareRole(nobody, "referring-midwife")],
    ["consent", () => handle.withdraw(nothing)],
    ["consent", () => handle.withdraw("")],
    ["consent", () => handle.endAuthorisation(nothing, undefined)],
    ["document", () => handle.withhold("", { rpps: "810000000001" })],
    ["previous", () => handle.replace("", { kind: "raw", content: pdf, contentType: "application/pdf", metadata })],
    ["folder", () => handle.removeFolder("")],
    ["documents", () => handle.pin([""])],
  ] as const) {
    await expect(call(), String(call)).rejects.toThrow(`${name}: `);
  }
  expect(record.state.requests).toEqual([]);
});

test("a file that a message does not have is not found", async () => {
  const message = { resourceType: "Communication", status: "completed" } as const;
  await expect(open().readAttachment(message, 0)).rejects.toMatchObject({ code: "document-not-found" });
});

test("a page of the way (a portal, a proxy) in place of an answer is never taken for done, nor for a file", async () => {
  const page = async () => new Response("<html>Connectez-vous</html>", { headers: { "content-type": "text/html" } });
  const record = connect({ baseUrl: "http://record.test/fhir", accessToken: () => "t", fetch: page }).record(ins);
  const receipt = {
    id: "d",
    uniqueId: "urn:oid:1.2.250.1.999.1.1.78",
    location: "DocumentReference/d",
    submissionSetId: "urn:oid:1.2.250.1.999.1.1.79",
    receivedAt: "2026-03-02T10:00:00Z",
    alreadyInRecord: false,
  };
  const file = { contentAttachment: { url: "Communication/m/attachment/1", contentType: "application/pdf" } };
  for (const verb of [
    () => record.remove(receipt),
    () => record.withdraw("c"),
    () => record.endAuthorisation("c", "2026-12-31"),
    () => record.removeFolder("l"),
    () => record.removeAppointment("a"),
    () => record.removeRelative("r"),
    () => record.markMessageRead("m"),
    () => record.endExchange("m"),
    () => record.downloadAccessLog(),
    () => record.readAttachment({ resourceType: "Communication", status: "completed", payload: [file] }, 0),
  ]) {
    await expect(verb(), String(verb)).rejects.toMatchObject({ code: "invalid-answer" });
  }
  const patient = { resourceType: "Patient", id: "p", identifier: [ins] };
  const found = { resourceType: "Bundle", type: "searchset", entry: [{ resource: patient }] };
  const late: typeof fetch = async (_, init) => (init?.method === "POST" ? page() : Response.json(found));
  const copy = connect({ baseUrl: "http://record.test/fhir", accessToken: () => "t", fetch: late })
    .record(ins)
    .export();
  await expect(copy).rejects.toMatchObject({ code: "invalid-answer" });
});
