import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import type { Binary, Bundle, CapabilityStatement, DocumentReference } from "fhir/r4.js";
import { afterEach, describe, expect, test } from "vitest";
import { identifierSystem } from "../fhir/systems.ts";
import { connect, type DocumentMetadata, isConflict, isInvalidAnswer, isRecordNotFound } from "./index.ts";

const ins = { system: identifierSystem.insTest, value: "279035121518989" };
const bytesOf = (text: string) => Buffer.from(text);
const sha1 = (bytes: Uint8Array) => createHash("sha1").update(bytes).digest("base64");

/** How servers of other makers differ, as one may meet them. */
interface Shape {
  readonly references: "relative" | "absolute" | "versioned";
  readonly contents: "relative" | "absolute" | "inline" | "contained" | "binary-json";
  readonly next: "relative" | "absolute" | "query-only";
  readonly hasTotal: boolean;
  /** What an unknown search parameter does. */
  readonly unknown: "ignored" | "refused";
  readonly summary: "none" | "type" | "instance";
  readonly hasLots: boolean;
  readonly hasTransaction: boolean;
  readonly says: "everything" | "nothing";
}

const usual: Shape = {
  references: "relative",
  contents: "relative",
  next: "absolute",
  hasTotal: true,
  unknown: "ignored",
  summary: "none",
  hasLots: false,
  hasTransaction: false,
  says: "everything",
};
const shapes: fc.Arbitrary<Shape> = fc.record({
  references: fc.constantFrom("relative", "absolute", "versioned"),
  contents: fc.constantFrom("relative", "absolute", "inline", "contained", "binary-json"),
  next: fc.constantFrom("relative", "absolute", "query-only"),
  hasTotal: fc.boolean(),
  unknown: fc.constantFrom("ignored", "refused"),
  summary: fc.constantFrom("none", "type", "instance"),
  hasLots: fc.constant(false),
  hasTransaction: fc.constant(false),
  says: fc.constantFrom("everything", "nothing"),
});

const known = [
  "status",
  "type",
  "category",
  "date",
  "period",
  "identifier",
  "patient",
  "_lastUpdated",
  "_count",
  "_id",
  "_sort",
  "page",
];
const outcome = { resourceType: "OperationOutcome", issue: [{ severity: "error", code: "invalid" }] };

/** A R4 server with two people on it: ours, and one whom nobody asked for. */
async function start(shape: Shape, ignored: readonly string[] = []) {
  const documents = new Map<string, DocumentReference & { id: string }>();
  const binaries = new Map<string, Binary>();
  const state = { shape, requests: [] as string[], loseNextAnswer: false, count: 0 };
  let base = "";
  const reference = (path: string) =>
    shape.references === "absolute"
      ? `${base}/${path}`
      : shape.references === "versioned"
        ? `${path}/_history/1`
        : path;

  function add(text: string, patient = "mine", more: Partial<DocumentReference> = {}): string {
    const id = `d${++state.count}`;
    const bytes = bytesOf(text);
    const data = bytes.toString("base64");
    const contentType = more.content?.[0]?.attachment.contentType ?? "text/plain";
    const binary: Binary = { resourceType: "Binary", id: `b${id}`, contentType, data };
    binaries.set(binary.id ?? "", binary);
    const isContained = shape.contents === "contained";
    const attachment =
      shape.contents === "inline"
        ? { data }
        : { url: isContained ? "#content" : shape.contents === "absolute" ? `${base}/Binary/b${id}` : `Binary/b${id}` };
    documents.set(id, {
      resourceType: "DocumentReference",
      status: "current",
      ...more,
      id,
      meta: { lastUpdated: new Date(Date.UTC(2026, 2, 2, 10, state.count)).toISOString() },
      masterIdentifier: { system: identifierSystem.uri, value: `urn:oid:1.2.250.1.999.1.${state.count}` },
      subject: more.subject ?? { reference: reference(`Patient/${patient}`) },
      ...(isContained ? { contained: [{ ...binary, id: "content" }] } : {}),
      content: [{ attachment: { contentType, hash: sha1(bytes), size: bytes.length, ...attachment } }],
    });
    return id;
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "", base);
      const path = url.pathname.replace(/^\/r4\/?/, "");
      state.requests.push(`${request.method} ${path}`);
      const send = (status: number, body?: unknown, headers: Record<string, string> = {}) => {
        response.writeHead(status, { "content-type": "application/fhir+json", ...headers });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      };
      const searchset = (entry: Bundle["entry"] = [], more: Partial<Bundle> = {}) =>
        send(200, {
          resourceType: "Bundle",
          type: "searchset",
          ...(shape.hasTotal ? { total: entry.length } : {}),
          ...more,
          entry,
        });
      const [kind = "", id = ""] = path.split("/");
      if (path === "metadata") {
        if (shape.says === "nothing") return send(404, outcome);
        const operation = shape.summary === "none" ? [] : [{ name: "summary", definition: "x" }];
        const statement: Partial<CapabilityStatement> = {
          resourceType: "CapabilityStatement",
          rest: [
            {
              mode: "server",
              interaction: [{ code: "search-system" }],
              resource: [
                { type: "Patient", operation },
                { type: "DocumentReference", searchParam: known.map((name) => ({ name, type: "token" as const })) },
                { type: "Binary" },
              ],
            },
          ],
        };
        return send(200, statement);
      }
      if (path === "Patient/$summary" && shape.summary === "type")
        return send(200, { resourceType: "Bundle", type: "document" });
      if (path === "Patient/mine/$summary" && shape.summary === "instance")
        return send(200, { resourceType: "Bundle", type: "document" });
      if (path.includes("$summary")) return send(404, outcome);
      if (kind === "Patient") {
        const isOurs = url.searchParams.get("identifier") === `${ins.system}|${ins.value}`;
        return searchset(isOurs ? [{ resource: { resourceType: "Patient", id: "mine", identifier: [ins] } }] : []);
      }
      if (kind === "Binary") {
        const binary = binaries.get(id);
        if (!binary) return send(404, outcome);
        if (shape.contents === "binary-json") return send(200, binary);
        response.writeHead(200, { "content-type": binary.contentType });
        return response.end(Buffer.from(binary.data ?? "", "base64"));
      }
      if (kind === "DocumentReference" && request.method === "POST") {
        const sent = JSON.parse(Buffer.concat(chunks).toString()) as DocumentReference;
        const text = Buffer.from(sent.content[0]?.attachment.data ?? "", "base64").toString();
        const made = add(text, "mine", { ...sent });
        const kept = documents.get(made);
        if (kept) kept.masterIdentifier = sent.masterIdentifier ?? {};
        if (state.loseNextAnswer) {
          state.loseNextAnswer = false;
          return request.socket.destroy();
        }
        return send(201, undefined, { location: `${base}/DocumentReference/${made}/_history/1` });
      }
      if (kind === "DocumentReference" && request.method === "PATCH") {
        const found = documents.get(id);
        if (found) found.status = "superseded";
        return send(200, found);
      }
      if (kind === "DocumentReference" && id)
        return documents.has(id) ? send(200, documents.get(id)) : send(404, outcome);
      if (kind === "DocumentReference") {
        const names = [...url.searchParams.keys()];
        if (shape.unknown === "refused" && names.some((name) => !known.includes(name))) return send(400, outcome);
        for (const name of ignored) url.searchParams.delete(name);
        const patient = url.searchParams.get("patient");
        const identifier = url.searchParams.get("identifier")?.split("|")[1];
        const since = url.searchParams.get("_lastUpdated")?.slice(2) ?? "";
        const ids = url.searchParams.get("_id")?.split(",");
        const statuses = url.searchParams.get("status")?.split(",") ?? ["current"];
        const all = [...documents.values()].filter(
          (one) =>
            (patient === null || one.subject?.reference?.includes(`Patient/${patient}`)) &&
            (identifier === undefined || one.masterIdentifier?.value === identifier) &&
            (ids === undefined || ids.includes(one.id)) &&
            (one.meta?.lastUpdated ?? "") >= since &&
            (ignored.includes("status") || statuses.includes(one.status)),
        );
        const at = Number(url.searchParams.get("page") ?? 0);
        url.searchParams.set("page", String(at + 2));
        const next = {
          absolute: `${base}/${path}${url.search}`,
          relative: `${path}${url.search}`,
          "query-only": url.search,
        };
        const link = at + 2 < all.length ? [{ relation: "next", url: next[shape.next] }] : [];
        return searchset(
          all.slice(at, at + 2).map((resource) => ({ resource })),
          { link, ...(shape.hasTotal ? { total: all.length } : {}) },
        );
      }
      return send(404, outcome);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/r4`;
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = connect({ baseUrl: base, accessToken: () => "t", retry: { wait: async () => {} } });
  return { state, documents, add, record: client.record(ins), client };
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

describe("a plain FHIR R4 server", () => {
  test("lists and reads the documents of this person and of nobody else, whatever the shape of its answers", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const server = await start(shape);
        const texts = ["premier", "deuxième", "troisième", "quatrième", "cinquième"];
        const mine = texts.map((text) => server.add(text));
        server.add("d'une autre personne", "other");
        const found = await server.record.documents().toArray();
        expect(found.map(({ id }) => id).sort()).toEqual([...mine].sort());
        const contents = await Promise.all(found.map((one) => server.record.read(one)));
        expect(contents.map(({ bytes }) => Buffer.from(bytes).toString()).sort()).toEqual([...texts].sort());
        const streams = await Promise.all(found.map((one) => server.record.stream(one)));
        const streamed = await Promise.all(streams.map(({ body }) => new Response(body).text()));
        expect(streamed.sort()).toEqual([...texts].sort());
        // Its own access control decides at each request; one that says nothing promises nothing.
        const authorisation = shape.says === "everything" ? "valid" : "none";
        expect(await server.record.status()).toMatchObject({ state: "open", authorisation });
      }),
      { numRuns: 30 },
    );
  });

  test("somebody whom it does not know has no record; another's document asked for by id is never given", async () => {
    const server = await start(usual);
    const other = server.add("d'une autre personne", "other");
    const stranger = server.client.record({ ...ins, value: "185057800608491" });
    expect(
      isRecordNotFound(
        await stranger
          .documents()
          .toArray()
          .catch((error: unknown) => error),
      ),
    ).toBe(true);
    const error = await server.record.read(other).catch((thrown: unknown) => thrown);
    expect(isInvalidAnswer(error)).toBe(true);
  });

  test("a document that names the same number at another server is another person's", async () => {
    const server = await start(usual);
    server.add("d'une autre personne", "mine", { subject: { reference: "https://other.example/fhir/Patient/mine" } });
    await expect(server.record.documents().toArray()).rejects.toMatchObject({ code: "invalid-answer" });
  });

  test("what it ignores of a question is sorted out here: replaced and withdrawn documents are in no list, and withdrawn ones are not given by their id", async () => {
    const server = await start(usual, ["status", "identifier"]);
    const kept = server.add("à jour");
    server.add("remplacé", "mine", { status: "superseded" });
    const withdrawn = server.add("erreur", "mine", { status: "entered-in-error" });
    const inError = server.add("contenu en erreur", "mine", { docStatus: "entered-in-error" });
    expect((await server.record.documents().toArray()).map(({ id }) => id)).toEqual([kept]);
    expect(await server.record.documents({ status: "all" }).toArray()).toHaveLength(2);
    expect(await server.record.documents({ uniqueId: "urn:oid:1.2.250.1.999.404" }).toArray()).toEqual([]);
    for (const wrong of [withdrawn, inError]) {
      expect(await server.record.documents({ id: wrong }).toArray()).toEqual([]);
      for (const give of [server.record.read, server.record.stream, server.record.hide]) {
        await expect(give(wrong)).rejects.toMatchObject({ code: "document-not-found" });
      }
    }
  });

  test("a summary that cannot read a document reads none of those that follow", async () => {
    const server = await start(usual);
    const content = [{ attachment: { contentType: "text/xml" } }];
    for (let number = 0; number < 20; number++) server.add(`<a${number}/>`, "mine", { content });
    let asked = 0;
    let release = () => {};
    const refused = new Promise<void>((resolve) => {
      release = resolve;
    });
    const refusing = connect({
      baseUrl: server.client.baseUrl,
      accessToken: () => "t",
      fetch: async (input, init) => {
        if (!String(input).includes("/Binary/")) return fetch(input, init);
        if (asked++ === 0) return new Response(undefined, { status: 403 });
        await refused;
        return fetch(input, init);
      },
    });
    await expect(refusing.record(ins).summary()).rejects.toMatchObject({ code: "access-refused" });
    release();
    // Time enough for the others to go on.
    for (let round = 0; round < 5; round++) await refusing.record(ins).documents().toArray();
    expect(asked).toBeLessThanOrEqual(4);
  });

  test("changes follow _lastUpdated where there are no lots", async () => {
    for (const unknown of ["ignored", "refused"] as const) {
      const server = await start({ ...usual, unknown });
      const first = server.add("premier");
      const start1 = await server.record.changes();
      expect(start1.added.map(({ id }) => id)).toEqual([first]);
      const second = server.add("deuxième");
      const next = await server.record.changes(start1.cursor);
      expect([...next.added, ...next.changed].map(({ id }) => id)).toEqual([second]);
      expect((await server.record.changes(next.cursor, { held: [first, second, "gone"] })).gone).toEqual(["gone"]);
    }
  });

  test("changes go by dates again where a record service, which gave its position, was there before", async () => {
    for (const unknown of ["ignored", "refused"] as const) {
      const server = await start({ ...usual, unknown });
      server.add("premier");
      const { cursor } = await server.record.changes();
      const positioned = btoa(JSON.stringify({ ...JSON.parse(atob(cursor)), at: "A".repeat(43) }));
      const second = server.add("deuxième");
      const next = await server.record.changes(positioned);
      expect([...next.added, ...next.changed].map(({ id }) => id)).toEqual([second]);
      expect(JSON.parse(atob(next.cursor))).not.toHaveProperty("at");
    }
  });

  test("a summary is its own, of the type or of the person, or is composed of its documents", async () => {
    for (const summary of ["type", "instance"] as const) {
      const server = await start({ ...usual, summary });
      expect(await server.record.summary()).toMatchObject({ resourceType: "Bundle", type: "document" });
      expect(server.state.requests).not.toContain("GET DocumentReference");
    }
    const server = await start(usual);
    const fact = {
      resourceType: "AllergyIntolerance",
      id: "a",
      patient: { reference: "Patient/p" },
      code: { text: "Arachide" },
    };
    const document = {
      resourceType: "Bundle",
      type: "document",
      timestamp: "2026-03-02T10:00:00Z",
      entry: [{ resource: { resourceType: "Patient", id: "p", identifier: [ins] } }, { resource: fact }].map((one) => ({
        fullUrl: `http://x/${one.resource.id}`,
        ...one,
      })),
    };
    server.add(JSON.stringify(document), "mine", {
      content: [{ attachment: { contentType: "application/fhir+json" } }],
    });
    expect(JSON.stringify(await server.record.summary())).toContain("Arachide");
  });
});

const metadata: DocumentMetadata = {
  uniqueId: "urn:oid:1.2.250.1.999.9.1",
  title: "Compte rendu",
  type: { code: "11488-4" },
  date: "2026-03-02T09:30:00+01:00",
  act: { start: "2026-03-02T09:00:00+01:00" },
  patient: { ins, birthName: "MARTIN", birthGivenNames: ["CAMILLE"], sex: "female", birthDate: "1979-03-12" },
  authors: [{ rpps: "810000000001", family: "LEROY", given: "ANNE" }],
  facilityType: { code: "SA01" },
  practiceSetting: { code: "ETABLISSEMENT" },
};
const input = (text: string, uniqueId = metadata.uniqueId) => ({
  kind: "raw" as const,
  content: bytesOf(text),
  contentType: "text/plain",
  metadata: { ...metadata, uniqueId },
});

describe("deposits on a server without transactions", () => {
  test("are there once, also when an answer was lost, and replace", async () => {
    const server = await start({ ...usual, contents: "inline" });
    server.state.loseNextAnswer = true;
    const receipt = await server.record.deposit(input("une lettre"));
    expect(await server.record.deposit(input("une lettre"))).toMatchObject({ id: receipt.id, alreadyInRecord: true });
    expect(server.documents.size).toBe(1);
    expect(Buffer.from((await server.record.read(receipt.id)).bytes).toString()).toBe("une lettre");
    const next = await server.record.replace(receipt, input("corrigée", "urn:oid:1.2.250.1.999.9.2"));
    const all = await server.record.documents({ status: "all" }).toArray();
    expect(all.map(({ id, status }) => [id, status])).toEqual([
      [receipt.id, "superseded"],
      [next.id, "current"],
    ]);
  });

  test("a version whose former one was not superseded before the line broke is finished when it is sent again", async () => {
    const server = await start(usual);
    const former = await server.record.deposit(input("une lettre"));
    // What stands there when the client died between the two requests.
    const version = input("corrigée", "urn:oid:1.2.250.1.999.9.2");
    const next = await server.record.deposit(version);
    expect(await server.record.replace(former, version)).toMatchObject({ id: next.id, alreadyInRecord: true });
    const all = await server.record.documents({ status: "all" }).toArray();
    expect(all.map(({ id, status }) => [id, status])).toEqual([
      [former.id, "superseded"],
      [next.id, "current"],
    ]);
  });

  test("another document in the answer is no receipt: a server that ignores the uniqueId gets the document", async () => {
    const server = await start(usual, ["identifier"]);
    server.add("une lettre");
    const receipt = await server.record.deposit(input("une lettre"));
    expect(receipt.alreadyInRecord).toBe(false);
    expect(server.documents.get(receipt.id)?.masterIdentifier?.value).toBe(metadata.uniqueId);
    expect(await server.record.deposit(input("une lettre"))).toMatchObject({ id: receipt.id, alreadyInRecord: true });
  });

  test("the same uniqueId with other content is a conflict", async () => {
    const server = await start(usual);
    await server.record.deposit(input("une lettre"));
    expect(isConflict(await server.record.deposit(input("une autre")).catch((error: unknown) => error))).toBe(true);
  });
});
