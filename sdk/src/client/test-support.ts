import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Bundle, Consent, DocumentReference, FhirResource, Observation } from "fhir/r4.js";
import { afterEach, beforeEach } from "vitest";
import { extensionUrl, identifierSystem } from "../fhir/systems.ts";
import { connect, type DocumentMetadata } from "./index.ts";

export const ins = { system: identifierSystem.insTest, value: "279035121518989" };
export const pdf = new TextEncoder().encode("%PDF-1.4\n% courrier\n");

export const metadata: DocumentMetadata = {
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

export const laboratoryResult = (at: number): Observation => ({
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
export function documentOf(identifier: string, facts: readonly FhirResource[]): Bundle {
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

/** A record of its own for each test of a file, and the client's handle of it. */
export function recordOfEachTest() {
  let current: TestRecord & Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => {
    const made = createRecord();
    current = { ...made, ...(await serve(made)) };
  });
  afterEach(() => current.close());

  const open = () =>
    connect({ baseUrl: current.baseUrl, accessToken: () => "t", retry: { wait: async () => {} } }).record(ins);
  const deposit = (number: number, content = pdf) =>
    open().deposit({
      kind: "raw",
      content,
      contentType: "application/pdf",
      metadata: { ...metadata, uniqueId: `urn:oid:1.2.250.1.999.1.1.${number}` },
    });
  return {
    record: {
      get state() {
        return current.state;
      },
      add: (...given: Parameters<TestRecord["add"]>) => current.add(...given),
    },
    service: {
      get baseUrl() {
        return current.baseUrl;
      },
    },
    open,
    deposit,
  };
}
