import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Bundle, Consent, DocumentReference, FhirResource, Observation } from "fhir/r4.js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { codeSystem, extensionUrl, identifierSystem } from "../fhir/systems.ts";
import {
  connect,
  type DocumentMetadata,
  isAccessRefused,
  isConflict,
  isDocumentRejected,
  isIdentityMismatch,
  isInvalidAnswer,
  type Receipt,
  type RecordHandle,
} from "./index.ts";

const ins = { system: identifierSystem.insTest, value: "279035121518989" };
const pdf = new TextEncoder().encode("%PDF-1.4\n% courrier\n");

const metadata: DocumentMetadata = {
  uniqueId: "urn:oid:1.2.250.1.999.1.1.1",
  title: "Compte rendu de consultation",
  type: { code: "11488-4" },
  date: "2026-03-02T09:30:00+01:00",
  act: { start: "2026-03-02T09:00:00+01:00" },
  patient: { ins, birthName: "MARTIN", birthGivenNames: ["CAMILLE"], sex: "female", birthDate: "1979-03-12" },
  authors: [
    {
      rpps: "810000000001",
      family: "LEROY",
      given: "ANNE",
      profession: "10",
      organization: { id: "1750000001", name: "CHU fictif" },
    },
  ],
  facilityType: { code: "SA01" },
  practiceSetting: { code: "ETABLISSEMENT" },
};

/** A record service of thirty lines that speaks the wire: enough to see what the client asks and how it reads. */
function createRecord() {
  const documents = new Map<string, DocumentReference & { id: string }>();
  const contents = new Map<string, { data: Buffer; contentType: string }>();
  const state = {
    documents,
    contents,
    consents: [] as Consent[],
    requests: [] as string[],
    pageSize: 2,
    hasSummary: true,
    loseNextDepositAnswer: false,
    /** A longer content breaks off after so many bytes. */
    cutAfter: Number.POSITIVE_INFINITY,
    closed: false,
  };
  const add = (reference: DocumentReference, data: Buffer, contentType: string) => {
    const known = [...documents.values()].find(
      (one) => one.masterIdentifier?.value === reference.masterIdentifier?.value,
    );
    if (known) {
      return {
        id: known.id,
        status: known.content[0]?.attachment.hash === reference.content[0]?.attachment.hash ? 200 : 409,
      };
    }
    const id = `d${documents.size + 1}`;
    contents.set(id, { data, contentType });
    const attachment = { ...reference.content[0]?.attachment, url: `Binary/${id}` };
    const lastUpdated = new Date(Date.UTC(2026, 2, 2, 10, documents.size)).toISOString();
    documents.set(id, {
      ...reference,
      id,
      meta: { versionId: "1", lastUpdated },
      content: [{ ...reference.content[0], attachment }],
    });
    return { id, status: 201 };
  };
  return { state, add };
}

type TestRecord = ReturnType<typeof createRecord>;

const laboratoryResult = (at: number): Observation => ({
  resourceType: "Observation",
  id: `o${at}`,
  status: "final",
  category: [
    { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] },
  ],
  code: { coding: [{ system: "http://loinc.org", code: "2823-3" }] },
  effectiveDateTime: `2026-01-${String(at + 1).padStart(2, "0")}`,
  valueQuantity: { value: 4, unit: "mmol/L" },
});

/** A FHIR document that calls itself otherwise than the record does. */
function documentOf(identifier: string, facts: readonly FhirResource[]): Bundle {
  const patient = { resourceType: "Patient" as const, id: "p", identifier: [ins] };
  return {
    resourceType: "Bundle",
    type: "document",
    identifier: { value: identifier },
    timestamp: metadata.date,
    entry: [patient, ...facts].map((resource) => ({ fullUrl: `http://x/${resource.id}`, resource })),
  };
}

async function serve({ state, add }: TestRecord): Promise<{ baseUrl: string; close: () => void }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://x");
      const path = url.pathname.replace(/^\/fhir\/?/, "");
      const body: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
      state.requests.push(`${request.method} ${path}`);
      const send = (status: number, json?: unknown, headers: Record<string, string> = {}) => {
        response.writeHead(status, { "content-type": "application/fhir+json", ...headers });
        response.end(json === undefined ? undefined : JSON.stringify(json));
      };
      const kind = path.split("/")[0];
      const id = path.split("/")[1];
      if (request.method === "GET" && path === "metadata") {
        const operation = state.hasSummary ? [{ name: "summary", definition: "x" }] : [];
        return send(200, {
          resourceType: "CapabilityStatement",
          rest: [{ mode: "server", resource: [{ type: "Consent" }, { type: "Patient", operation }] }],
        });
      }
      if (path === "Patient/$summary") {
        return state.hasSummary ? send(200, { resourceType: "Bundle", type: "document" }) : send(404);
      }
      if (request.method === "GET" && kind === "Patient") {
        const fermeture = { url: "motifFermeture", valueCode: "FERMETURE_DEMANDE_PATIENT" };
        const patient = {
          resourceType: "Patient",
          id: "p1",
          active: !state.closed,
          identifier: [ins],
          name: [{ use: "official", family: "MARTIN", given: ["CAMILLE"] }],
          extension: [
            { url: extensionUrl.referringDoctor, valueBoolean: true },
            ...(state.closed ? [{ url: extensionUrl.closure, extension: [fermeture] }] : []),
          ],
        };
        const included = state.consents.map((resource) => ({ resource, search: { mode: "include" } }));
        return send(200, { resourceType: "Bundle", type: "searchset", entry: [{ resource: patient }, ...included] });
      }
      if (kind === "Consent") {
        if (request.method === "POST") {
          const consent = { ...(body as Consent), id: `c${state.consents.length + 1}` };
          state.consents.push(consent);
          return send(201, consent);
        }
        if (request.method === "DELETE") state.consents = state.consents.filter((one) => one.id !== id);
        const entry = state.consents.map((resource) => ({ resource }));
        return send(200, { resourceType: "Bundle", type: "searchset", entry });
      }
      if (kind === "List") return send(200, { resourceType: "Bundle", type: "searchset", entry: [] });
      if (kind === "Binary") {
        const content = state.contents.get(id ?? "");
        if (!content) return send(404);
        const etag = `"${createHash("sha1").update(content.data).digest("hex")}"`;
        if (request.headers["if-none-match"] === etag) return send(304);
        const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
        const part = content.data.subarray(from);
        const { cutAfter } = state;
        const headers = { "content-type": content.contentType, etag, "content-length": String(part.length) };
        response.writeHead(from > 0 && request.headers["if-range"] === etag ? 206 : 200, headers);
        if (part.length <= cutAfter) return response.end(part);
        response.write(part.subarray(0, cutAfter));
        return setTimeout(() => request.socket.destroy(), 50);
      }
      if (kind === "DocumentReference" && request.method === "PATCH") {
        const uniqueId = url.searchParams.get("identifier")?.split("|")[1];
        const found = [...state.documents.values()].find((one) => one.masterIdentifier?.value === uniqueId);
        if (!found) return send(404);
        const wanted = request.headers["if-match"];
        if (wanted && wanted !== `W/"${found.meta?.versionId}"`) return send(412);
        for (const step of body as { path: string; value: never }[]) {
          if (step.path === "/status") found.status = step.value;
          else if (step.path === "/securityLabel") found.securityLabel = step.value;
          else if (step.path === "/extension") found.extension = step.value;
          else if (step.path.endsWith("/valueBoolean"))
            found.extension = [{ url: extensionUrl.isArchived, valueBoolean: step.value }];
          else return send(405);
        }
        found.meta = {
          ...found.meta,
          versionId: String(Number(found.meta?.versionId) + 1),
          lastUpdated: "2026-03-03T00:00:00Z",
        };
        return send(200, found);
      }
      if (kind === "DocumentReference" && id)
        return state.documents.has(id) ? send(200, state.documents.get(id)) : send(404);
      if (kind === "DocumentReference") {
        const statuses = url.searchParams.get("status")?.split(",") ?? [];
        const since = url.searchParams.get("_lastUpdated")?.slice(2) ?? "";
        const ids = url.searchParams.get("_id")?.split(",");
        const all = [...state.documents.values()].filter(
          (one) =>
            (ids?.includes(one.id) ?? true) && statuses.includes(one.status) && (one.meta?.lastUpdated ?? "") >= since,
        );
        const start = Number(url.searchParams.get("page") ?? 0);
        const next = new URL(url.href.replace("http://x", `http://${request.headers.host}`));
        next.searchParams.set("page", String(start + state.pageSize));
        return send(200, {
          resourceType: "Bundle",
          type: "searchset",
          total: all.length,
          link: start + state.pageSize < all.length ? [{ relation: "next", url: next.href }] : [],
          entry: all.slice(start, start + state.pageSize).map((resource) => ({ resource })),
        });
      }
      if (request.method === "POST" && path === "") {
        const bundle = body as Bundle;
        const reference = bundle.entry?.[1]?.resource as DocumentReference;
        const binary = bundle.entry?.[2]?.resource as { data: string; contentType: string };
        const { id: added, status } = add(reference, Buffer.from(binary.data, "base64"), binary.contentType);
        if (status === 409) return send(409);
        const previous = reference.relatesTo?.[0]?.target.reference?.split("/")[1];
        const superseded = state.documents.get(previous ?? "");
        if (superseded) superseded.status = "superseded";
        if (state.loseNextDepositAnswer) {
          state.loseNextDepositAnswer = false;
          return request.socket.destroy();
        }
        const locations = ["List/l1", `DocumentReference/${added}/_history/1`, `Binary/${added}`];
        return send(200, {
          resourceType: "Bundle",
          type: "transaction-response",
          entry: locations.map((location) => ({ response: { status: `${status} X`, location } })),
        });
      }
      return send(404);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/fhir`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

let record: TestRecord;
let service: Awaited<ReturnType<typeof serve>>;
beforeEach(async () => {
  record = createRecord();
  service = await serve(record);
});
afterEach(() => service.close());

const open = () =>
  connect({ baseUrl: service.baseUrl, accessToken: () => "t", retry: { wait: async () => {} } }).record(ins);
const deposit = (number: number, content = pdf) =>
  open().deposit({
    kind: "raw",
    content,
    contentType: "application/pdf",
    metadata: { ...metadata, uniqueId: `urn:oid:1.2.250.1.999.1.1.${number}` },
  });

describe("capabilities", () => {
  test("are asked for once; a caller who leaves, or who waits less long, takes nobody else along", async () => {
    let letThrough = () => {};
    const isOpen = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    const client = connect({
      baseUrl: service.baseUrl,
      accessToken: () => "t",
      fetch: async (input, init) => {
        await isOpen;
        return fetch(input, init);
      },
    });
    const leaving = new AbortController();
    const left = client.capabilities({ signal: leaving.signal });
    const impatient = client.capabilities({ timeoutMs: 1 });
    const staying = client.capabilities();
    leaving.abort(new Error("left the page"));
    await expect(left).rejects.toThrow("left the page");
    await expect(impatient).rejects.toMatchObject({ code: "timeout" });
    letThrough();
    expect(await staying).toMatchObject({ hasConsent: true });
    expect(record.state.requests).toEqual(["GET metadata"]);
  });
});

describe("status (TD0.2)", () => {
  test("says open, by whom it may be read, and the traits to compare", async () => {
    expect(await open().status()).toMatchObject({
      state: "open",
      authorisation: "none",
      isReferringDoctor: true,
      isAttachedToMes: false,
      traits: { birthName: "MARTIN", ins },
      patientId: "p1",
    });
    await open().authorise();
    expect(await open().status()).toMatchObject({ authorisation: "valid" });
    await open().renounce();
    expect(await open().status()).toMatchObject({ authorisation: "none" });
  });

  test("R59: a block wins over an authorisation; an authorisation past its end is expired", async () => {
    const valid: Consent = {
      resourceType: "Consent",
      status: "active",
      scope: {},
      category: [],
      provision: { type: "permit", period: { end: "2020-01-01" } },
    };
    record.state.consents = [valid];
    expect(await open().status()).toMatchObject({ authorisation: "expired" });
    record.state.consents = [
      { ...valid, provision: { type: "permit" } },
      { ...valid, provision: { type: "deny" } },
    ];
    expect(await open().status()).toMatchObject({ authorisation: "forbidden" });
  });

  test("R17: a closed record says why; an unknown person is no error", async () => {
    record.state.closed = true;
    expect(await open().status()).toMatchObject({ state: "closed", closure: { motive: "FERMETURE_DEMANDE_PATIENT" } });
    const stranger = { system: identifierSystem.insTest, value: "185057800608491" };
    const other = connect({ baseUrl: service.baseUrl, accessToken: () => "t" }).record(stranger);
    expect(await other.status()).toMatchObject({ state: "none", authorisation: "none" });
  });
});

describe("documents (TD3.1) and contents (TD3.2)", () => {
  test("a page is asked for only when the loop reaches it", async () => {
    for (let number = 1; number <= 5; number++) await deposit(number);
    record.state.requests.length = 0;
    const list = open().documents();
    expect(record.state.requests).toEqual([]);
    const seen: string[] = [];
    for await (const document of list) {
      seen.push(document.uniqueId);
      if (seen.length === 3) break;
    }
    expect(record.state.requests).toEqual(["GET DocumentReference", "GET DocumentReference"]);
    expect(await list.toArray()).toHaveLength(5);
    expect(await list.toArray({ limit: 2 })).toHaveLength(2);
  });

  test("an entry shows title, type, author and profession", async () => {
    await deposit(1);
    const [document] = await open().documents().toArray();
    expect(document).toMatchObject({
      title: "Compte rendu de consultation",
      type: { code: "11488-4" },
      category: { code: "10" },
      authors: [{ name: "ANNE LEROY", rpps: "810000000001", profession: "10", organization: "CHU fictif" }],
      contentType: "application/pdf",
      status: "current",
      isHidden: false,
      size: pdf.length,
    });
  });

  test("asked for by their ids, documents come archived or not, and none of no ids", async () => {
    const first = await deposit(1);
    await deposit(2);
    await open().archive(first);
    expect(
      (
        await open()
          .documents({ id: [first.id] })
          .toArray()
      ).map(({ id }) => id),
    ).toEqual([first.id]);
    expect(await open().documents({ id: first.id, isArchived: false }).toArray()).toEqual([]);
    expect(await open().documents({ id: [] }).toArray()).toEqual([]);
  });

  test("the bytes come back as they were sent; read again, they cost a 304", async () => {
    const receipt = await deposit(1);
    const handle = open();
    const first = await handle.read(receipt.id);
    expect(first).toMatchObject({ bytes: pdf, contentType: "application/pdf" });
    expect(await handle.read(receipt.id)).toEqual(first);
  });

  test("what a caller does with the bytes of a content changes nothing of what is read next", async () => {
    const receipt = await deposit(1);
    const handle = open();
    // Moved to a worker, they leave an empty array behind.
    const move = ({ bytes }: { bytes: Uint8Array }) => structuredClone(bytes, { transfer: [bytes.buffer] });
    for (let time = 1; time <= 3; time++) expect(move(await handle.read(receipt.id))).toEqual(pdf);
  });

  test("a content that does not match its hash is never given", async () => {
    const { id } = await deposit(1);
    record.state.contents.set(id, { data: Buffer.from("another letter"), contentType: "application/pdf" });
    expect(
      isInvalidAnswer(
        await open()
          .read(id)
          .catch((error: unknown) => error),
      ),
    ).toBe(true);
  });

  test("a server that gives contents only as Binary resources, or inside the reference, is read too", async () => {
    const { id } = await deposit(1);
    const data = Buffer.from(pdf).toString("base64");
    const binary = JSON.stringify({ resourceType: "Binary", contentType: "application/pdf", data });
    record.state.contents.set(id, { data: Buffer.from(binary), contentType: "application/fhir+json" });
    expect(await open().read(id)).toMatchObject({ bytes: pdf, contentType: "application/pdf" });
    const document = record.state.documents.get(id);
    if (document) document.content = [{ attachment: { contentType: "application/pdf", data } }];
    expect(await open().read(id)).toEqual({ bytes: pdf, contentType: "application/pdf" });
  });

  test("streamed, a content comes in pieces, is taken up where the line broke, and its hash is checked at the end", async () => {
    const content = new Uint8Array(300_000).map((_, at) => at % 251);
    const receipt = await deposit(1, content);
    record.state.cutAfter = 100_000;
    const told: number[] = [];
    const handle = open();
    const { size, contentType, body } = await handle.stream(receipt.id, {
      onProgress: ({ doneBytes }) => told.push(doneBytes),
    });
    expect([size, contentType]).toEqual([content.length, "application/pdf"]);
    expect(new Uint8Array(await new Response(body).arrayBuffer())).toEqual(content);
    expect(told[0]).toBe(0);
    expect(told.at(-1)).toBe(content.length);
    expect(record.state.requests.filter((one) => one.startsWith("GET Binary/"))).toHaveLength(3);
    record.state.contents.set(receipt.id, { data: Buffer.from("another letter"), contentType: "application/pdf" });
    const wrong = await handle.stream(receipt.id);
    await expect(new Response(wrong.body).text()).rejects.toThrow();
  });

  test("a caller's error while a stream is told of ends it: no piece is left out of what passes for whole", async () => {
    const content = new Uint8Array(300_000).map((_, at) => at % 251);
    const { id } = await deposit(1, content);
    const isStill = { until: 100_000 };
    const { body } = await open().stream(id, {
      onProgress: ({ doneBytes }) => {
        if (doneBytes < isStill.until) return;
        isStill.until = Number.POSITIVE_INFINITY;
        throw new Error("the bar is gone");
      },
    });
    await expect(new Response(body).arrayBuffer()).rejects.toThrow();
  });

  test("a stream that is given up while its line is taken up again leaves no line open", async () => {
    const { id } = await deposit(1, new Uint8Array(300_000));
    record.state.cutAfter = 100_000;
    let isCancelled = false;
    const cancelling = connect({
      baseUrl: service.baseUrl,
      accessToken: () => "t",
      fetch: async (input, init) => {
        if (!new Headers(init?.headers).has("range")) return fetch(input, init);
        await reader.cancel();
        const cancel = () => {
          isCancelled = true;
        };
        return new Response(new ReadableStream({ cancel }), { status: 206 });
      },
    });
    const reader = (await cancelling.record(ins).stream(id)).body.getReader();
    while (!(await reader.read()).done);
    await vi.waitUntil(() => isCancelled);
  });

  test("many contents come in the order asked for, a few read ahead", async () => {
    for (let number = 1; number <= 6; number++) await deposit(number, new TextEncoder().encode(`%PDF ${number}`));
    const handle = open();
    const read: string[] = [];
    for await (const { content } of await handle.readAll(handle.documents(), { parallel: 3 })) {
      read.push(new TextDecoder().decode(content.bytes));
    }
    expect(read).toEqual([1, 2, 3, 4, 5, 6].map((number) => `%PDF ${number}`));
  });

  test("R40: an entry of another person's list is neither read nor changed here", async () => {
    await deposit(1);
    const [document] = await open().documents().toArray();
    if (!document) throw new Error("no document");
    const subject = { identifier: { ...ins, value: "185057800608491" } };
    const theirs = { ...document, resource: { ...document.resource, subject } };
    record.state.requests.length = 0;
    for (const verb of ["read", "stream", "hide", "archive", "remove"] as const) {
      const error = await open()
        [verb](theirs)
        .catch((thrown: unknown) => thrown);
      expect(isInvalidAnswer(error)).toBe(true);
    }
    expect(record.state.requests.filter((one) => /Binary|PATCH/.test(one))).toEqual([]);
  });

  test("another person's document in the answer stops the list", async () => {
    const { id } = await deposit(1);
    const document = record.state.documents.get(id);
    if (document) document.subject = { identifier: { ...ins, value: "185057800608491" } };
    await expect(open().documents().toArray()).rejects.toThrow(/another person/);
  });
});

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

describe("changes (R130 to R133)", () => {
  test("R130, R132: first everything recent, then only what is new, replaced or masked, and nothing twice", async () => {
    const first = await deposit(1);
    const handle = open();
    const start = await handle.changes();
    expect(start.added.map((one) => one.id)).toEqual([first.id]);
    const quiet = await handle.changes(start.cursor);
    expect([quiet.added, quiet.changed, quiet.replaced]).toEqual([[], [], []]);
    const second = await deposit(2);
    await handle.hide(first);
    const next = await handle.changes(quiet.cursor);
    expect(next.added.map((one) => one.id)).toEqual([second.id]);
    expect(next.changed.map((one) => one.id)).toEqual([first.id]);
    const after = await handle.changes(next.cursor);
    expect([after.added, after.changed]).toEqual([[], []]);
  });

  test("R132: a version that replaces one already told says which", async () => {
    const first = await deposit(1);
    const handle = open();
    const start = await handle.changes();
    const second = await handle.replace(first, {
      kind: "raw",
      content: pdf,
      contentType: "application/pdf",
      metadata: { ...metadata, uniqueId: "urn:oid:1.2.250.1.999.1.1.2" },
    });
    const next = await handle.changes(start.cursor);
    expect(next.added).toEqual([]);
    expect(next.replaced).toMatchObject([{ previousId: first.id, document: { id: second.id } }]);
  });

  test("a document archived since is told as changed", async () => {
    const receipt = await deposit(1);
    const handle = open();
    const start = await handle.changes();
    await handle.archive(receipt);
    const next = await handle.changes(start.cursor);
    expect(next.changed).toMatchObject([{ id: receipt.id, isArchived: true }]);
  });

  test("R133: a document that already came by secure mail is left out", async () => {
    const receipt = await deposit(1);
    const { added } = await open().changes(undefined, { isKnown: (uniqueId) => uniqueId === receipt.uniqueId });
    expect(added).toEqual([]);
  });

  test("a cursor of another kind is refused", async () => {
    expect(
      isInvalidAnswer(
        await open()
          .changes("eyJ2Ijo5fQ")
          .catch((error: unknown) => error),
      ),
    ).toBe(true);
  });
});

describe("summary", () => {
  test("comes from the service, or is composed here where the server has none", async () => {
    expect(await open().summary()).toMatchObject({ type: "document" });
    record.state.hasSummary = false;
    await deposit(1);
    const composed = await open().summary();
    expect(composed.entry?.[0]?.resource?.resourceType).toBe("Composition");
  });

  test("composed here, it is bounded as the service bounds it, and names documents as the record does", async () => {
    const values = Array.from({ length: 30 }, (_, at) => laboratoryResult(at));
    await open().deposit({ kind: "fhir", bundle: documentOf("urn:oid:9.9", values), metadata });
    record.state.hasSummary = false;
    const composed = await open().summary();
    const kept = (composed.entry ?? []).flatMap(({ resource }) =>
      resource?.resourceType === "Observation" ? [resource] : [],
    );
    expect(kept).toHaveLength(24);
    expect(new Set(kept.map(({ meta }) => meta?.source))).toEqual(new Set([metadata.uniqueId]));
    expect(kept.flatMap(({ extension }) => extension?.map(({ valueInteger }) => valueInteger) ?? [])).toEqual([6]);
  });

  test("composing stops for a caller who has gone, with the reason given", async () => {
    await open().deposit({ kind: "fhir", bundle: documentOf("urn:oid:9.9", [laboratoryResult(1)]), metadata });
    record.state.hasSummary = false;
    const gone = new AbortController();
    const leaving = connect({
      baseUrl: service.baseUrl,
      accessToken: () => "t",
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        if (!String(input instanceof Request ? input.url : input).includes("Binary/")) return answer;
        // The last content is there in full: what follows is composing.
        const content = new Response(await answer.arrayBuffer(), answer);
        setTimeout(() => gone.abort(new Error("left the page")));
        return content;
      },
    });
    await expect(leaving.record(ins).summary({ signal: gone.signal })).rejects.toThrow("left the page");
  });

  test("a refusal stays a refusal", async () => {
    const refusing = connect({
      baseUrl: service.baseUrl,
      accessToken: () => "t",
      fetch: async () => new Response("{}", { status: 403 }),
    });
    expect(
      isAccessRefused(
        await refusing
          .record(ins)
          .summary()
          .catch((error: unknown) => error),
      ),
    ).toBe(true);
  });
});
