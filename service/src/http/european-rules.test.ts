/**
 * Regulation (EU) 2025/327 on the European Health Data Space, articles 3 to 11: what a person may do with their own record,
 * and what professionals must not learn of it. One test or more per article; the French rule that carries it stands beside.
 */
import { connect } from "@carnet/sdk";
import type { AuditEvent, Bundle, Communication, DocumentReference } from "@carnet/sdk/fhir";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deposit, pdf, search, token } from "../testing/documents.ts";
import { DAY_MS, newcomerWithRecord, YEAR_MS } from "../testing/newcomers.ts";
import { patients, rppsOf } from "../testing/people.ts";
import { breakGlass, declare, json, labels, patch, permitTo, post, recordIdOf, withhold } from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna, leo } = patients;
const national =
  "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaireCISIS/FHIR/TRE-A05-TypeDocComplementaireCISIS";
const ownDocument = { author: "anna", typeCode: "DOCPAT08", typeSystem: national, classCode: "11" } as const;

const copyOf = async (account: string, of = anna) => {
  const response = await post(carnet, account, `/Patient/${await recordIdOf(carnet, of)}/$export-record`, {});
  expect(response.status).toBe(200);
  return unzipSync(new Uint8Array(await response.arrayBuffer()));
};
const events = async (account: string, of = anna, query = ""): Promise<readonly AuditEvent[]> => {
  const path = `/AuditEvent?patient.identifier=${token(of)}&_count=200${query}`;
  const bundle = await json<Bundle<AuditEvent>>(carnet.call(account, path));
  return (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
};
/** What a caller gets of a document that may be hidden: status and body, and all that surrounds it. */
const looksOf = async (account: string, id: string) => {
  const record = `patient.identifier=${token(anna)}`;
  const paths = [
    `/DocumentReference/${id}`,
    `/Binary/${id}`,
    `/DocumentReference?${record}&status=current&_id=${id}`,
    `/DocumentReference?${record}&status=current&_summary=count`,
    `/Patient?identifier=${token(anna)}`,
    `/Patient/$summary?identifier=${token(anna)}`,
  ];
  const answers = await Promise.all(paths.map((path) => carnet.call(account, path)));
  // The instant and the answer's own id differ from one answer to the next.
  const ofAnswer = /\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  return Promise.all(
    answers.map(async (answer) => [
      answer.status,
      (await answer.text()).replaceAll(id, "ID").replace(ofAnswer, "ANSWER"),
    ]),
  );
};

describe("article 3: access to one's own data", () => {
  test("EU 2025/327 art. 3(1) R78 the person reads a document as soon as it is deposited, and pays nothing", async () => {
    const content = pdf("radio");
    const { id } = await deposit(carnet, { content, author: "cardiologist" });
    expect((await search(carnet, "anna")).ids).toContain(id);
    const read = await carnet.call("anna", `/Binary/${id}`);
    expect(Buffer.from(await read.arrayBuffer())).toEqual(Buffer.from(content));
    expect([...read.headers.keys()].join()).not.toMatch(/payment|price/i);
  });

  test("EU 2025/327 art. 3(2) R171 and takes a copy away: documents as they are, and the summary in an exchange format", async () => {
    const files = await copyOf("anna");
    const summary: Bundle = JSON.parse(new TextDecoder().decode(files["synthese.json"]));
    expect(summary.entry?.[0]?.resource?.resourceType).toBe("Composition");
    expect(Object.keys(files).some((path) => path.startsWith("documents/"))).toBe(true);
  });

  test("EU 2025/327 art. 3(3) R148 a result that must first be explained is kept from the person for a limited time only", async () => {
    const person = await newcomerWithRecord(carnet);
    await deposit(carnet, { patient: person.patient, flags: ["INVISIBLE_PATIENT"] });
    expect((await search(carnet, person.account, "", person.patient)).ids).toEqual([]);
    carnet.travel(32 * DAY_MS);
    await carnet.service.runJobs();
    expect((await search(carnet, person.account, "", person.patient)).ids).toHaveLength(1);
    carnet.travel(-32 * DAY_MS);
  });
});

test("EU 2025/327 art. 4 R10, R13 those who represent a person have the same services; nobody else has", async () => {
  expect(Object.keys(await copyOf("anna", leo))).toContain("index.html");
  expect((await events("anna", leo)).length).toBeGreaterThan(0);
  expect((await carnet.call("bruno", `/AuditEvent?patient.identifier=${token(leo)}`)).status).toBe(404);
  const foreign = await post(carnet, "bruno", `/Patient/${await recordIdOf(carnet, leo)}/$export-record`, {});
  expect(foreign.status).toBe(404);
});

describe("article 5: information that the person adds", () => {
  test("EU 2025/327 art. 5 R101 is told apart from what professionals wrote, wherever it is read", async () => {
    const { id } = await deposit(carnet, { ...ownDocument, title: "Mes allergies" }, "anna");
    const seen = await json<DocumentReference>(carnet.call("gp", `/DocumentReference/${id}`));
    const author = seen.contained?.find((one) => seen.author?.[0]?.reference === `#${one.id}`);
    expect(author?.resourceType).toBe("Patient");
    const index = new TextDecoder().decode((await copyOf("anna"))["index.html"]);
    expect(index).toMatch(/Mes allergies<\/bdi><\/a><br><span class="mark">ajouté par vous/);
  });

  test("EU 2025/327 art. 5 R102 does not pass for a professional's, nor change one", async () => {
    const forged = await deposit(carnet, { author: "gp" }, "anna").catch((error: unknown) => String(error));
    expect(forged).toMatch(/4\d\d/);
    const { id } = await deposit(carnet, { author: "gp" });
    const erased = [{ op: "replace", path: "/status", value: "entered-in-error" }];
    expect((await patch(carnet, "anna", `/DocumentReference/${id}`, erased)).status).toBe(403);
  });
});

test("EU 2025/327 art. 6 R166, R186 the person asks online for a correction, and sees that it was received", async () => {
  const { id } = await deposit(carnet, { author: "gp" });
  const sent = await post(carnet, "anna", "/Communication", {
    resourceType: "Communication",
    status: "completed",
    category: [{ coding: [{ code: "report" }] }],
    subject: { type: "Patient", identifier: { ...anna.ins } },
    about: [{ reference: `DocumentReference/${id}` }],
    payload: [{ contentString: "La date de l’opération est fausse." }],
  });
  expect(sent.status).toBe(201);
  const path = `/Communication?patient.identifier=${token(anna)}&category=report`;
  const mine = await json<Bundle<Communication>>(carnet.call("anna", path));
  expect(mine.entry?.some(({ resource }) => resource?.about?.[0]?.reference === `DocumentReference/${id}`)).toBe(true);
});

describe("article 7: portability", () => {
  test("EU 2025/327 art. 7 R51 giving access to another professional takes effect at once, in the format of exchange", async () => {
    const person = await newcomerWithRecord(carnet);
    await deposit(carnet, { patient: person.patient });
    await expect(search(carnet, "nurse", "", person.patient)).rejects.toThrow("403");
    expect((await declare(carnet, person.account, permitTo("nurse"), person.patient)).status).toBe(201);
    expect((await search(carnet, "nurse", "", person.patient)).ids).toHaveLength(1);
    const record = connect({ baseUrl: carnet.base, accessToken: () => carnet.token("nurse") }).record(person.ins);
    expect((await record.summary()).type).toBe("document");
  });
});

describe("article 8: restriction", () => {
  test("EU 2025/327 art. 8 R142, R145 a document that the person hides is to professionals as if it were not there", async () => {
    const { id } = await deposit(carnet, { author: "gp" });
    const never = await looksOf("nurse", "f".repeat(64));
    expect(await looksOf("nurse", id)).not.toEqual(never);
    expect((await patch(carnet, "anna", `/DocumentReference/${id}`, labels("N", "MASQUE_PS"))).status).toBe(200);
    const hidden = await looksOf("nurse", id);
    expect(hidden.slice(0, 3)).toEqual(never.slice(0, 3));
    expect(JSON.stringify(hidden)).not.toMatch(/MASQUE|masqu|hidden|restrict/i);
  });

  test("EU 2025/327 art. 8 from one professional or structure alone: the others read on", async () => {
    const { id } = await deposit(carnet, { author: "gp" });
    expect((await declare(carnet, "anna", withhold(id, "nurse"), anna)).status).toBe(201);
    expect((await carnet.call("nurse", `/Binary/${id}`)).status).toBe(404);
    expect((await carnet.call("cardiologist", `/Binary/${id}`)).status).toBe(200);
  });

  test("EU 2025/327 art. 8, 11(5) R71, R73 a vital interest opens the record where the person did not object, and they are told", async () => {
    const person = await newcomerWithRecord(carnet);
    const { id } = await deposit(carnet, { patient: person.patient });
    expect((await carnet.call("cardiologist", `/Binary/${id}`)).status).toBe(403);
    expect((await carnet.call("cardiologist", `/Binary/${id}`, { headers: breakGlass })).status).toBe(200);
    const lines = await events(person.account, person.patient);
    expect(lines.some((event) => JSON.stringify(event).includes('"BTG"'))).toBe(true);
    const notices = `/Communication?patient.identifier=${token(person.patient)}&category=notice`;
    const told = await json<Bundle<Communication>>(carnet.call(person.account, notices));
    expect(JSON.stringify(told)).toMatch(/urgence/i);
  });
});

describe("article 9: who accessed what", () => {
  test("EU 2025/327 art. 9 R180 organisation and person, when, which categories of data; shown at once and free", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist" });
    await carnet.call("cardiologist", `/Binary/${id}`);
    const [event] = await events("anna", anna, "&_sort=-date");
    const requestor = event?.agent.find((agent) => agent.requestor);
    expect(requestor?.who?.identifier?.value).toBe(rppsOf("cardiologist"));
    expect(JSON.stringify(event)).toContain("Hôpital");
    expect(Math.abs(Date.parse(event?.recorded ?? "") - carnet.now().getTime())).toBeLessThan(60_000);
    const details = event?.entity?.flatMap((entity) => entity.detail ?? []) ?? [];
    expect(details.some(({ type, valueString }) => /categor/i.test(type) && (valueString ?? "") !== "")).toBe(true);
  });

  test("EU 2025/327 art. 9 R190 the first access of a professional is told without being asked for", async () => {
    const person = await newcomerWithRecord(carnet);
    await deposit(carnet, { patient: person.patient });
    await declare(carnet, person.account, permitTo("pharmacist"), person.patient);
    await search(carnet, "pharmacist", "", person.patient);
    const path = `/Communication?patient.identifier=${token(person.patient)}&category=notice`;
    const told = await json<Bundle<Communication>>(carnet.call(person.account, path));
    expect(JSON.stringify(told)).toMatch(/pharmacist/);
  });

  test("EU 2025/327 art. 9 R183 a line is still there after three years, in a closed record too", async () => {
    const person = await newcomerWithRecord(carnet);
    await deposit(carnet, { patient: person.patient });
    carnet.travel(3 * YEAR_MS + DAY_MS);
    await carnet.service.runJobs();
    const lines = await events(person.account, person.patient, `&date=lt${carnet.now().getFullYear() - 1}-01-01`);
    carnet.travel(-3 * YEAR_MS - DAY_MS);
    expect(lines.length).toBeGreaterThan(0);
  });
});

test("EU 2025/327 art. 10 R15, R21 the person opts out, nobody reads any more, and they come back", async () => {
  const person = await newcomerWithRecord(carnet);
  await deposit(carnet, { patient: person.patient });
  await declare(carnet, person.account, permitTo("nurse"), person.patient);
  const record = connect({ baseUrl: carnet.base, accessToken: () => carnet.token(person.account) }).record(person.ins);
  await record.close();
  await expect(search(carnet, "nurse", "", person.patient)).rejects.toThrow("410");
  await record.reactivate();
  expect((await search(carnet, person.account, "", person.patient)).ids).toHaveLength(1);
});

test("EU 2025/327 art. 11 R80 a professional reaches the categories of their profession, never more", async () => {
  const { id } = await deposit(carnet, { author: "gp" });
  expect((await carnet.call("nurse", `/Binary/${id}`)).status).toBe(200);
  expect((await carnet.call("optician", `/Binary/${id}`)).status).toBe(404);
});
