import { type CarnetClient, connect } from "@carnet/sdk";
import {
  type Bundle,
  type DocumentReference,
  extensionUrl,
  type FhirResource,
  identifierSystem,
} from "@carnet/sdk/fhir";
import { letter, summaryBundle, type TestPerson } from "./fixtures.ts";

/** One document that the test service holds. */
export interface TestDocument {
  readonly uniqueId: string;
  readonly title: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly date?: string;
  readonly author?: string;
  readonly category?: string;
  readonly type?: string;
  /** National id of the author. */
  readonly rpps?: string;
  /** When the record received it, ISO instant. */
  readonly received?: string;
  readonly isInvisibleToPatient?: boolean;
  readonly isSuperseded?: boolean;
  /** The former version that this one replaces. */
  readonly replaces?: TestDocument;
  isHidden?: boolean;
  isArchived?: boolean;
  /** What `$rights` answers. Default: the server has no such operation. */
  readonly rights?: (document: TestDocument) => readonly string[];
}

export interface TestRecord {
  readonly person: TestPerson;
  readonly state?: "open" | "closed";
  authorisation: "valid" | "none" | "expired" | "forbidden" | "never";
  readonly summary?: Bundle;
  readonly documents?: readonly TestDocument[];
}

type Answer = Response | undefined | Promise<Response | undefined>;

/** A record service of a test: what it holds, what it was asked, and how it is made to fail. */
export interface TestService {
  readonly records: Map<string, TestRecord>;
  readonly requests: string[];
  /** Called first for each request; what it returns, or throws, is the answer. */
  intercept: ((request: Request, path: string) => Answer) | undefined;
  readonly fetch: typeof globalThis.fetch;
  client(): CarnetClient;
}

const base = "https://record.test/fhir";
const visibilitySystem =
  "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument";
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/fhir+json" } });

export function refusal(status: number, rule: string): Response {
  return json(
    {
      resourceType: "OperationOutcome",
      issue: [
        { severity: "error", code: "forbidden", details: { coding: [{ code: rule }], text: rule }, diagnostics: rule },
      ],
    },
    status,
  );
}

/** A service that speaks wire.md to the real client, in the page's own memory: no network, no mock of our own code. */
export function startService(records: readonly TestRecord[]): TestService {
  const service: TestService = {
    records: new Map(records.map((record) => [record.person.ins, record])),
    requests: [],
    intercept: undefined,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const path = request.url.slice(base.length);
      service.requests.push(`${request.method} ${path}`);
      const intercepted = await service.intercept?.(request, path);
      request.signal.throwIfAborted();
      return intercepted ?? answer(service, request, path);
    },
    client: () =>
      connect({
        baseUrl: base,
        accessToken: () => "test-token",
        fetch: service.fetch,
        retry: { retries: 0 },
      }),
  };
  return service;
}

async function answer(service: TestService, request: Request, path: string): Promise<Response> {
  const url = new URL(request.url);
  const token = url.searchParams.get("identifier") ?? url.searchParams.get("patient.identifier") ?? "";
  const ins = token.split("|").at(-1) ?? "";
  if (path.startsWith("/Binary/")) return binary(service, path);
  if (path.startsWith("/Consent")) return consent(service, request);
  if (path.includes("/$rights")) return rights(service, path);
  if (request.method === "PATCH") return patch(service, url, await request.json());
  if (path.startsWith("/DocumentReference/_search")) return textSearch(service, await request.text());
  if (path.startsWith("/DocumentReference")) {
    const patient = (url.searchParams.get("patient.identifier") ?? "").split("|").at(-1) ?? "";
    return documents(service.records.get(patient), url);
  }
  if (path === "/" || path === "") return deposit(await request.json());
  if (path.startsWith("/metadata")) return metadata();
  const record = service.records.get(ins);
  if (path.startsWith("/Patient/$summary")) {
    if (record === undefined)
      return json({ resourceType: "OperationOutcome", issue: [{ severity: "error", code: "not-found" }] }, 404);
    return json(record.summary ?? summaryBundle(record.person));
  }
  if (path.startsWith("/Patient")) return status(record);
  return json({ resourceType: "OperationOutcome", issue: [{ severity: "error", code: "not-supported" }] }, 404);
}

/** What the service offers: without it the client takes a server for one that has no authorisations. */
function metadata(): Response {
  return json({
    resourceType: "CapabilityStatement",
    status: "active",
    kind: "instance",
    fhirVersion: "4.0.1",
    format: ["json"],
    rest: [
      {
        mode: "server",
        resource: [
          {
            type: "Patient",
            operation: [{ name: "summary", definition: "http://hl7.org/fhir/uv/ips/OperationDefinition/summary" }],
          },
          { type: "Consent", interaction: [{ code: "create" }, { code: "delete" }, { code: "search-type" }] },
          { type: "DocumentReference", interaction: [{ code: "search-type" }] },
        ],
      },
    ],
  });
}

function status(record: TestRecord | undefined): Response {
  const entries: { resource: FhirResource; search: { mode: "match" | "include" | "outcome" } }[] = [];
  if (record !== undefined) {
    const { person } = record;
    const closure = "https://interop.esante.gouv.fr/ig/fhir/dmp/StructureDefinition/dmp-fermeture";
    entries.push({
      search: { mode: "match" },
      resource: {
        resourceType: "Patient",
        id: `record-${person.ins}`,
        active: record.state !== "closed",
        identifier: [{ system: identifierSystem.insTest, value: person.ins }],
        name: [{ use: "official", family: person.family, given: [person.given] }],
        gender: "female",
        birthDate: person.birthDate,
        ...(record.state === "closed"
          ? {
              extension: [
                {
                  url: closure,
                  extension: [
                    { url: "dateFermeture", valueDateTime: "2026-02-11" },
                    { url: "raisonFermeture", valueString: "À la demande du titulaire" },
                  ],
                },
              ],
            }
          : {}),
      },
    });
    if (record.authorisation === "never") {
      const details = { coding: [{ system: "https://carnet.example/fhir/CodeSystem/rule", code: "R79" }] };
      const issue = [{ severity: "information" as const, code: "forbidden" as const, details }];
      entries.push({ search: { mode: "outcome" }, resource: { resourceType: "OperationOutcome", issue } });
    } else if (record.authorisation !== "none") {
      entries.push({
        search: { mode: "include" },
        resource: {
          resourceType: "Consent",
          id: "c",
          status: record.authorisation === "expired" ? "inactive" : "active",
          scope: {},
          category: [],
          patient: { identifier: { system: identifierSystem.insTest, value: person.ins } },
          provision: {
            type: record.authorisation === "forbidden" ? "deny" : "permit",
            ...(record.authorisation === "expired" ? { period: { end: "2020-01-01" } } : {}),
          },
        },
      });
    }
  }
  return json({ resourceType: "Bundle", type: "searchset", total: record === undefined ? 0 : 1, entry: entries });
}

async function consent(service: TestService, request: Request): Promise<Response> {
  if (request.method === "POST") {
    const body = (await request.json()) as { patient?: { identifier?: { value?: string } } };
    const record = service.records.get(body.patient?.identifier?.value ?? "");
    if (record !== undefined) record.authorisation = "valid";
    return json({ resourceType: "Consent", ...body, id: "1" }, 201);
  }
  return json({ resourceType: "Bundle", type: "searchset", entry: [] });
}

const ids = new WeakMap<TestDocument, string>();
let next = 1;
function idOf(document: TestDocument): string {
  const id = ids.get(document) ?? String(next++);
  ids.set(document, id);
  return id;
}

function reference(document: TestDocument, person: TestPerson): DocumentReference {
  const id = idOf(document);
  return {
    resourceType: "DocumentReference",
    id,
    meta: { versionId: "1", ...(document.received === undefined ? {} : { lastUpdated: document.received }) },
    masterIdentifier: { system: identifierSystem.uri, value: document.uniqueId },
    status: document.isSuperseded ? "superseded" : "current",
    ...(document.replaces === undefined
      ? {}
      : { relatesTo: [{ code: "replaces", target: { reference: `DocumentReference/${idOf(document.replaces)}` } }] }),
    type: {
      coding: [{ system: "http://loinc.org", code: "11490-0", display: document.type ?? "CR ou lettre de sortie" }],
    },
    category: [{ coding: [{ code: "10", display: document.category ?? "Comptes rendus" }] }],
    subject: { identifier: { system: identifierSystem.insTest, value: person.ins } },
    date: document.date ?? "2026-11-03T10:30:00+01:00",
    contained: [
      {
        resourceType: "Practitioner",
        id: "author",
        name: [{ text: document.author ?? "Dr Inès MODÈLE" }],
        ...(document.rpps === undefined
          ? {}
          : { identifier: [{ system: identifierSystem.professional, value: document.rpps }] }),
      },
    ],
    author: [{ reference: "#author" }],
    securityLabel: [
      ...(document.isHidden ? ["MASQUE_PS"] : []),
      ...(document.isInvisibleToPatient ? ["INVISIBLE_PATIENT"] : []),
    ].map((code) => ({ coding: [{ system: visibilitySystem, code }] })),
    ...(document.isArchived === undefined
      ? {}
      : { extension: [{ url: extensionUrl.isArchived, valueBoolean: document.isArchived }] }),
    content: [
      {
        attachment: {
          contentType: document.contentType,
          url: `${base}/Binary/${id}`,
          title: document.title,
          size: document.bytes.length,
        },
      },
    ],
  };
}

function documents(record: TestRecord | undefined, url: URL): Response {
  const wanted = url.searchParams.get("identifier")?.split("|").at(-1);
  const wantedId = url.searchParams.get("_id");
  const isAny = url.searchParams.get("status") !== "current";
  const all = (record?.documents ?? []).filter(
    (document) =>
      (wanted === undefined || document.uniqueId === wanted) &&
      (wantedId === null || idOf(document) === wantedId) &&
      (isAny || document.isSuperseded !== true),
  );
  const count = Number(url.searchParams.get("_count") ?? 50);
  const start = Number(url.searchParams.get("_start") ?? 0);
  const page = all.slice(start, start + count);
  const following = new URL(url);
  following.searchParams.set("_start", String(start + count));
  return json({
    resourceType: "Bundle",
    type: "searchset",
    total: all.length,
    link: start + count < all.length ? [{ relation: "next", url: following.href }] : [],
    entry:
      record === undefined
        ? []
        : page.map((document) => ({ resource: reference(document, record.person), search: { mode: "match" } })),
  });
}

/** Documents whose text has the words, each with the place of the first. */
function textSearch(service: TestService, form: string): Response {
  const asked = new URLSearchParams(form);
  const record = service.records.get((asked.get("patient.identifier") ?? "").split("|").at(-1) ?? "");
  const words = asked.get("_content") ?? "";
  const entry = (record?.documents ?? []).flatMap((document) => {
    const text = new TextDecoder().decode(document.bytes).replace(/<[^>]*>/g, " ");
    const at = text.indexOf(words);
    if (record === undefined || at < 0) return [];
    const begin = Math.max(0, at - 20);
    const place = [
      { url: "start", valueInteger: at - begin },
      { url: "end", valueInteger: at - begin + words.length },
    ];
    const extension = [
      { url: "excerpt", valueString: text.slice(begin, at + words.length + 20) },
      { url: "match", extension: place },
    ];
    const search = {
      mode: "match",
      extension: [{ url: "https://carnet.example/fhir/StructureDefinition/text-match", extension }],
    };
    return [{ resource: reference(document, record.person), search }];
  });
  return json({ resourceType: "Bundle", type: "searchset", total: entry.length, entry });
}

function* held(service: TestService): Iterable<{ readonly document: TestDocument; readonly record: TestRecord }> {
  for (const record of service.records.values())
    for (const document of record.documents ?? []) yield { document, record };
}

const absent = () => json({ resourceType: "OperationOutcome", issue: [{ severity: "error", code: "not-found" }] }, 404);

function rights(service: TestService, path: string): Response {
  const id = path.split("/")[2];
  for (const { document } of held(service)) {
    if (idOf(document) !== id || document.rights === undefined) continue;
    const parameter = document.rights(document).map((code) => ({ name: "right", valueCode: code }));
    return json({ resourceType: "Parameters", ...(parameter.length > 0 ? { parameter } : {}) });
  }
  return absent();
}

/** Metadata change of one document (TD3.3): the labels, the archived mark, the status. */
function patch(service: TestService, url: URL, steps: readonly { path: string; value: unknown }[]): Response {
  const uniqueId = url.searchParams.get("identifier")?.split("|").at(-1);
  for (const { document, record } of held(service)) {
    if (document.uniqueId !== uniqueId) continue;
    for (const { path, value } of steps) {
      if (path === "/securityLabel") document.isHidden = JSON.stringify(value).includes("MASQUE_PS");
      else if (path.startsWith("/extension")) document.isArchived = JSON.stringify(value).includes("true");
      else if (path === "/status")
        service.records.set(record.person.ins, {
          ...record,
          documents: record.documents?.filter((one) => one !== document) ?? [],
        });
    }
    return json(reference(document, record.person));
  }
  return absent();
}

function binary(service: TestService, path: string): Response {
  for (const record of service.records.values()) {
    for (const document of record.documents ?? []) {
      if (path === `/Binary/${idOf(document)}`)
        return new Response(document.bytes.slice(), { headers: { "content-type": document.contentType } });
    }
  }
  return json({ resourceType: "OperationOutcome", issue: [{ severity: "error", code: "not-found" }] }, 404);
}

function deposit(body: { entry?: { resource?: { resourceType?: string } }[] }): Response {
  return json({
    resourceType: "Bundle",
    type: "transaction-response",
    entry: (body.entry ?? []).map(({ resource }, position) => ({
      response: {
        status: "201",
        location: `${resource?.resourceType}/new-${position}`,
        lastModified: "2026-11-22T08:00:00Z",
      },
    })),
  });
}

/** A document with text content. */
export function testDocument(text: string | Uint8Array, more: Partial<TestDocument> = {}): TestDocument {
  return {
    uniqueId: letter,
    title: "Lettre de sortie du service de cardiologie",
    contentType: "text/xml",
    bytes: typeof text === "string" ? new TextEncoder().encode(text) : text,
    ...more,
  };
}
