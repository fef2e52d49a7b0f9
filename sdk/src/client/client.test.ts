import type { Consent } from "fhir/r4.js";
import { describe, expect, test, vi } from "vitest";
import { identifierSystem } from "../fhir/systems.ts";
import { connect, isAccessRefused, isInvalidAnswer, type Receipt } from "./index.ts";
import { documentOf, ins, laboratoryResult, metadata, pdf, recordOfEachTest } from "./test-support.ts";

const { record, service, open, deposit } = recordOfEachTest();

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
    const staying = client.capabilities({ timeoutMs: Number.POSITIVE_INFINITY });
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

  test("what was deposited is read by its receipt, and what is no document is not found", async () => {
    const receipt = await deposit(1);
    expect(await open().read(receipt)).toMatchObject({ bytes: pdf });
    const { body } = await open().stream(receipt);
    expect(new Uint8Array(await new Response(body).arrayBuffer())).toEqual(pdf);
    for (const nothing of [undefined, null, {}] as unknown as Receipt[]) {
      await expect(open().read(nothing)).rejects.toMatchObject({ code: "document-not-found" });
      await expect(open().hide(nothing)).rejects.toMatchObject({ code: "document-not-found" });
    }
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

  test("a cursor of another person's record is refused: what is older than it would be missed", async () => {
    const { cursor } = await open().changes();
    const client = connect({ baseUrl: service.baseUrl, accessToken: () => "t" });
    const other = client.record({ ...ins, value: "279035121518888" });
    await expect(other.changes(cursor)).rejects.toMatchObject({ code: "invalid-answer" });
    // One that a former version gave says nothing of whose it is.
    const { of, ...former } = JSON.parse(atob(cursor));
    expect(of).toHaveLength(3);
    expect((await open().changes(btoa(JSON.stringify(former)))).added).toEqual([]);
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
