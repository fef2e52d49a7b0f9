import { createHash } from "node:crypto";
import type { DocumentReference, OperationOutcome } from "@carnet/sdk/fhir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { letterAbout } from "../testing/cda-documents.ts";
import {
  deposit,
  documentReference,
  newUniqueId,
  pdf,
  provideBundle,
  receiptOf,
  search,
} from "../testing/documents.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const post = (account: string | null, body: unknown, path = "/") =>
  carnet.call(account, path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });

const outcomeOf = async (response: Response): Promise<{ rule: string | undefined; place: string | undefined }> => {
  const outcome: OperationOutcome = await response.json();
  const [issue] = outcome.issue;
  return { rule: issue?.details?.coding?.[0]?.code, place: issue?.expression?.[0] };
};

const cdaBytes = (xml: string) => new TextEncoder().encode(xml);

describe("a deposit", () => {
  test("R57: needs no authorisation, and gives back the very bytes", async () => {
    const content = pdf("les octets mêmes");
    const receipt = await deposit(carnet, { content, author: "pharmacist" });
    expect(receipt.status).toBe("201 Created");
    const read = await carnet.call("gp", `/Binary/${receipt.id}`, { headers: { accept: "application/pdf" } });
    expect(read.headers.get("content-type")).toBe("application/pdf");
    expect(new Uint8Array(await read.arrayBuffer())).toEqual(content);
  });

  test("the same uniqueId with the same content gives the receipt of the first time", async () => {
    const bundle = provideBundle({ uniqueId: newUniqueId(), content: pdf("une fois") });
    const first = receiptOf(await (await post("gp", bundle)).json());
    const again = receiptOf(await (await post("gp", bundle)).json());
    expect(again).toEqual({ ...first, status: "200 OK" });
  });

  test("ten times at once leaves one document", async () => {
    const uniqueId = newUniqueId();
    const bundle = provideBundle({ uniqueId, content: pdf("dix fois") });
    const responses = await Promise.all(Array.from({ length: 10 }, () => post("gp", bundle)));
    const receipts = await Promise.all(responses.map(async (response) => receiptOf(await response.json())));
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(1);
    const { ids } = await search(carnet, "gp", `identifier=${encodeURIComponent(`urn:ietf:rfc:3986|${uniqueId}`)}`);
    expect(ids).toHaveLength(1);
  });

  test("R116: refuses the uniqueId of another content", async () => {
    const uniqueId = newUniqueId();
    await deposit(carnet, { uniqueId, content: pdf("un") });
    const response = await post("gp", provideBundle({ uniqueId, content: pdf("autre") }));
    expect(response.status).toBe(409);
    expect((await outcomeOf(response)).rule).toBe("R116");
  });

  test("R116: refuses the same set with the same version", async () => {
    const versioned = (uniqueId: string, version: number) =>
      provideBundle({
        uniqueId,
        contentType: "text/xml",
        content: cdaBytes(letterAbout(patients.anna, { uniqueId, setId: "urn:oid:1.2.250.1.999.2.77", version })),
      });
    expect((await post("gp", versioned(newUniqueId(), 1))).status).toBe(200);
    const second = await post("gp", versioned(newUniqueId(), 1));
    expect(second.status).toBe(409);
    expect((await outcomeOf(second)).rule).toBe("R116");
  });

  test("several documents in one lot are all kept, or none", async () => {
    const before = (await search(carnet, "gp", "_count=200")).ids.length;
    const good = { content: pdf("bon"), title: "Bon" };
    const bad = { content: cdaBytes("<ClinicalDocument"), contentType: "text/xml" };
    expect((await post("gp", provideBundle(good, bad))).status).toBe(422);
    expect((await search(carnet, "gp", "_count=200")).ids).toHaveLength(before);
    expect((await post("gp", provideBundle(good, { content: pdf("second") }))).status).toBe(200);
    expect((await search(carnet, "gp", "_count=200")).ids).toHaveLength(before + 2);
  });

  test("ITI-105: one document with its content inside is completed to the profile", async () => {
    const content = pdf("seul");
    const { contained: _c, securityLabel: _s, context: _x, ...rest } = documentReference({ content }, "");
    const { url: _u, ...attachment } = rest.content[0]?.attachment ?? {};
    const simple = {
      ...rest,
      author: [{ identifier: { system: "urn:oid:1.2.250.1.71.4.2.1", value: rppsOf("gp") } }],
      content: [{ attachment: { ...attachment, data: Buffer.from(content).toString("base64") } }],
    };
    const response = await post("gp", simple, "/DocumentReference");
    expect(response.status, await response.clone().text()).toBe(201);
    expect(response.headers.get("location")).toMatch(/\/fhir\/DocumentReference\/[0-9a-f]{64}\/_history\/1$/);
    const kept: DocumentReference = await response.json();
    expect(kept.content[0]?.attachment.hash).toBe(createHash("sha1").update(content).digest("base64"));
    expect(kept.context?.sourcePatientInfo?.reference).toMatch(/^#/);
    expect(kept.securityLabel?.[0]?.coding?.[0]?.code).toBe("N");
  });
});

describe("what is refused leaves nothing", () => {
  test("R15: a closed record answers 410", async () => {
    const response = await post("gp", provideBundle({ patient: patients.clara }));
    expect(response.status).toBe(410);
    expect((await outcomeOf(response)).rule).toBe("R15");
  });

  test.each(["omar", "nobody"] as const)("R3: %s has no record: 404", async (who) => {
    const response = await post("gp", provideBundle({ patient: patients[who] }));
    expect(response.status).toBe(404);
  });

  test("R40: a CDA about somebody else is refused with its place", async () => {
    const bundle = provideBundle({ contentType: "text/xml", content: cdaBytes(letterAbout(patients.bruno)) });
    const response = await post("gp", bundle);
    expect(response.status).toBe(422);
    expect(await outcomeOf(response)).toEqual({ rule: "R40", place: "Bundle.entry[1].resource.subject" });
  });

  test("R40: the right number with the birth date of somebody else is refused", async () => {
    const xml = letterAbout({ ...patients.anna, birthDate: "1985-06-15" });
    const response = await post("gp", provideBundle({ contentType: "text/xml", content: cdaBytes(xml) }));
    expect(response.status).toBe(422);
    expect((await outcomeOf(response)).rule).toBe("R40");
  });

  test("a CDA with a DTD or entities is refused with its place", async () => {
    const xml = letterAbout(patients.anna).replace(
      /<ClinicalDocument/,
      '<!DOCTYPE a [<!ENTITY b "c">]><ClinicalDocument',
    );
    const response = await post("gp", provideBundle({ contentType: "text/xml", content: cdaBytes(xml) }));
    expect(response.status).toBe(422);
    expect((await outcomeOf(response)).place).toBe("Bundle.entry[1].resource.content[0].attachment");
  });

  test("R34: an INS with a wrong key is refused", async () => {
    const { value } = patients.anna.ins;
    const wrong = { ...patients.anna, ins: { ...patients.anna.ins, value: `${value.slice(0, 13)}00` } };
    const response = await post("gp", provideBundle({ patient: wrong }));
    expect([400, 422]).toContain(response.status);
  });

  test("a wrong hash, an unknown type and a body that is not JSON are refused", async () => {
    const damaged = provideBundle({});
    const reference = damaged.entry?.[1]?.resource as DocumentReference;
    Object.assign(reference.content[0]?.attachment ?? {}, { hash: "Ck1VqNd45QIvq3AZd8XYQLvEhtA=" });
    expect((await post("gp", damaged)).status).toBe(422);
    expect((await post("gp", provideBundle({ typeCode: "00000-0" }))).status).toBe(422);
    expect((await post("gp", "{")).status).toBe(400);
    expect((await post(null, provideBundle({}))).status).toBe(401);
  });

  test("R108, R79: an establishment deposits in the name of its structure and consults nothing", async () => {
    const receipt = await deposit(carnet, { author: "cardiologist" }, "secretariat");
    const read = await carnet.call("secretariat", `/Binary/${receipt.id}`);
    expect(read.status).toBe(403);
    expect((await outcomeOf(read)).rule).toBe("R79");
  });

  test("R102: a patient deposits patient documents only", async () => {
    const refused = await post("anna", provideBundle({ author: "anna" }));
    expect(refused.status).toBe(422);
    expect((await outcomeOf(refused)).rule).toBe("R102");
    const own = {
      author: "anna",
      typeCode: "DOCPAT01",
      typeSystem: "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire/FHIR/TRE-A05-TypeDocComplementaire",
      classCode: "11",
    };
    expect((await deposit(carnet, own)).status).toBe("201 Created");
  });
});

describe("a replacement", () => {
  test("R117, R118: supersedes the old version, which stays readable", async () => {
    const old = await deposit(carnet, { content: pdf("v1") });
    const next = await deposit(carnet, { content: pdf("v2"), replaces: old.id });
    const { ids } = await search(carnet, "gp", `_id=${old.id},${next.id}`);
    expect(ids).toEqual([next.id]);
    const superseded: DocumentReference = await (await carnet.call("gp", `/DocumentReference/${old.id}`)).json();
    expect([superseded.status, superseded.meta?.versionId]).toEqual(["superseded", "2"]);
    expect((await carnet.call("gp", `/Binary/${old.id}`)).status).toBe(200);
  });

  test("R116: sent again gives the receipt of the first time, though what it replaces is no longer current", async () => {
    const old = await deposit(carnet, { content: pdf("v1") });
    const bundle = provideBundle({ uniqueId: newUniqueId(), content: pdf("v2"), replaces: old.id });
    const first = receiptOf(await (await post("gp", bundle)).json());
    expect(receiptOf(await (await post("gp", bundle)).json())).toEqual({ ...first, status: "200 OK" });
  });

  test("R117: only the author or the same structure replaces, and only what is current", async () => {
    const old = await deposit(carnet, { content: pdf("v1") });
    const byOther = await post("nurse", provideBundle({ author: "cardiologist", replaces: old.id }));
    expect(byOther.status).toBe(200);
    const next = await deposit(carnet, { content: pdf("v1") });
    const byCardiologist = await post("cardiologist", provideBundle({ author: "cardiologist", replaces: next.id }));
    expect(byCardiologist.status).toBe(403);
    expect((await outcomeOf(byCardiologist)).rule).toBe("R117");
    expect((await post("gp", provideBundle({ replaces: old.id }))).status).toBe(403);
  });

  test("R117, R120: a version whose successor was deleted is replaced again, once", async () => {
    const first = await deposit(carnet, { content: pdf("v1") });
    const second = await deposit(carnet, { content: pdf("v2"), replaces: first.id });
    const rights = async () => (await carnet.call("gp", `/DocumentReference/${first.id}/$rights`)).text();
    expect(await rights()).not.toContain('"replace"');
    const remove = [{ op: "replace", path: "/status", value: "entered-in-error" }];
    const headers = { "content-type": "application/json-patch+json" };
    const deleted = { method: "PATCH", headers, body: JSON.stringify(remove) };
    expect((await carnet.call("gp", `/DocumentReference/${second.id}`, deleted)).status).toBe(200);
    // What it said was corrected: it does not come back by itself.
    const alone: DocumentReference = await (await carnet.call("gp", `/DocumentReference/${first.id}`)).json();
    expect(alone.status).toBe("superseded");
    expect(await rights()).toContain('"replace"');
    const twoAtOnce = await Promise.all(
      ["v3", "v3 bis"].map((words) => post("gp", provideBundle({ content: pdf(words), replaces: first.id }))),
    );
    expect(twoAtOnce.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect(await rights()).not.toContain('"replace"');
    const byOther = await post("cardiologist", provideBundle({ author: "cardiologist", replaces: first.id }));
    expect(byOther.status).toBe(403);
  });

  test("the patch of the old version is held to its ifMatch, and a deposit sent again is not", async () => {
    const old = await deposit(carnet, { content: pdf("v1") });
    const uniqueId = newUniqueId();
    const replacing = (ifMatch: string) => {
      const bundle = provideBundle({ uniqueId, content: pdf("v2"), replaces: old.id });
      const parts = [
        { name: "type", valueCode: "replace" },
        { name: "path", valueString: "DocumentReference.status" },
        { name: "value", valueCode: "superseded" },
      ];
      bundle.entry?.push({
        resource: { resourceType: "Parameters", parameter: [{ name: "operation", part: parts }] },
        request: { method: "PATCH", url: `DocumentReference/${old.id}`, ifMatch },
      });
      return post("gp", bundle);
    };
    expect((await replacing('W/"7"')).status).toBe(412);
    expect((await search(carnet, "gp", `_id=${old.id}`)).ids).toEqual([old.id]);
    expect((await replacing('W/"1"')).status).toBe(200);
    expect((await replacing('W/"1"')).status).toBe(200);
  });

  test("R145: whoever may not read a document is told that it cannot be replaced as if it were unknown", async () => {
    const { id } = await deposit(carnet, { flags: ["MASQUE_PS"] });
    const absent = id.slice(0, 32) + "0".repeat(32);
    const attempt = (replaces: string) => post("pharmacist", provideBundle({ author: "pharmacist", replaces }));
    const [hidden, missing] = [await attempt(id), await attempt(absent)];
    expect([hidden.status, await hidden.text()]).toEqual([missing.status, await missing.text()]);
  });
});

test("a condition on the number of what is deposited is what the record does anyway; any other is refused, not passed over", async () => {
  const uniqueId = newUniqueId();
  const bundle = provideBundle({ uniqueId });
  const deposited = (condition: string, at: number) => {
    const entry = (bundle.entry ?? []).map((one, index) =>
      index === at && one.request ? { ...one, request: { ...one.request, ifNoneExist: condition } } : one,
    );
    return post("gp", { ...bundle, entry });
  };
  const at = (kind: string) => bundle.entry?.findIndex(({ resource }) => resource?.resourceType === kind) ?? -1;
  const own = `identifier=urn:ietf:rfc:3986%7C${uniqueId}`;
  for (const [condition, kind] of [
    ["identifier=urn:oid:1.2.3", "DocumentReference"],
    [`${own}&status=current`, "DocumentReference"],
    ["patient.identifier=1&type=11488-4", "DocumentReference"],
    [own, "Binary"],
  ] as const) {
    const answer = await deposited(condition, at(kind));
    expect([answer.status, await answer.text()], condition).toEqual([422, expect.stringContaining("ifNoneExist")]);
  }
  expect((await search(carnet, "gp", `identifier=${uniqueId}`)).ids).toEqual([]);
  for (const condition of [own, `?identifier=${uniqueId}`, own])
    expect((await deposited(condition, at("DocumentReference"))).status, condition).toBe(200);
  expect((await search(carnet, "gp", `identifier=${uniqueId}`)).ids).toHaveLength(1);
  const alone = await carnet.call("gp", "/DocumentReference", {
    method: "POST",
    headers: { "if-none-exist": "type=11488-4" },
    body: JSON.stringify(documentReference({}, "")),
  });
  expect(await alone.text()).toContain("If-None-Exist");
});

test("a body of 60 MB is refused with 413, and the service lives", async () => {
  const response = await fetch(carnet.base, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await carnet.token("gp")}`,
      "content-type": "application/fhir+json",
    },
    body: new Uint8Array(60 * 1024 * 1024),
  });
  expect(response.status).toBe(413);
  expect((await search(carnet, "gp", `_count=1`)).bundle.resourceType).toBe("Bundle");
});

test("R190, R196: the patient is told once of a new document, without medical content", async () => {
  await carnet.service.sendNotices();
  const rows = await carnet.service.store.database
    .selectFrom("notice")
    .selectAll()
    .where("kind", "=", "new-document")
    .execute();
  expect(rows.length).toBeGreaterThan(0);
  expect(Object.keys(rows[0] ?? {})).not.toContain("title");
});
