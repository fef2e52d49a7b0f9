/** A token that ends in the middle of long work: renewed once and gone on, or a typed error; nothing is told or kept twice. */
import { describe, expect, test } from "vitest";
import { type ConnectOptions, connect } from "./index.ts";
import { ins, metadata, recordOfEachTest } from "./test-support.ts";

const { record, service, deposit } = recordOfEachTest();

/** A client whose token ends after so many requests: the service refuses it from then on, whatever else the answer would be. */
function endingAfter(requests: number, isRenewed = true) {
  const seen = { renewals: 0, refusals: 0 };
  let left = requests;
  const options: ConnectOptions = {
    baseUrl: service.baseUrl,
    accessToken: (hint) => {
      if (hint?.renew && isRenewed) seen.renewals++;
      return `t${seen.renewals}`;
    },
    fetch: (input, init) => {
      const isFormer = new Headers(init?.headers).get("authorization") === "Bearer t0";
      if (!isFormer || left-- > 0) return fetch(input, init);
      seen.refusals++;
      return Promise.resolve(new Response('{"resourceType":"OperationOutcome","issue":[]}', { status: 401 }));
    },
    retry: { wait: async () => {} },
  };
  return { record: connect(options).record(ins), seen };
}

const once = { renewals: 1, refusals: 1 };
const letter = new Uint8Array(60_000).map((_, at) => at % 251);

describe("a token that ends midway", () => {
  test("in a list of many pages: each document once", async () => {
    for (let number = 1; number <= 5; number++) await deposit(number);
    const ending = endingAfter(1);
    const ids = (await ending.record.documents().toArray()).map(({ id }) => id);
    expect(ids).toEqual(["d1", "d2", "d3", "d4", "d5"]);
    expect(ending.seen).toEqual(once);
  });

  test("in a look for changes: nothing missed, nothing twice, then quiet", async () => {
    for (let number = 1; number <= 5; number++) await deposit(number);
    for (let requests = 0; requests < 5; requests++) {
      const ending = endingAfter(requests);
      const { added, cursor } = await ending.record.changes(undefined, { firstYears: 99 });
      expect(added.map(({ id }) => id).sort()).toEqual(["d1", "d2", "d3", "d4", "d5"]);
      expect(ending.seen).toEqual(once);
      const next = await endingAfter(1).record.changes(cursor);
      expect([next.added, next.changed, next.replaced]).toEqual([[], [], []]);
    }
  });

  test("while a broken stream is taken up again: the content is whole", async () => {
    const { id } = await deposit(1, letter);
    record.state.cutAfter = 25_000;
    const ending = endingAfter(2);
    const { body } = await ending.record.stream(id);
    expect(new Uint8Array(await new Response(body).arrayBuffer())).toEqual(letter);
    expect(ending.seen).toEqual(once);
  });

  test.each([false, true])("at a deposit (told of its progress: %s): sent once more, there once", async (isTold) => {
    const ending = endingAfter(0);
    const told: number[] = [];
    const receipt = await ending.record.deposit(
      { kind: "raw", content: letter, contentType: "application/pdf", metadata },
      isTold ? { onProgress: ({ doneBytes }) => told.push(doneBytes) } : {},
    );
    expect(receipt).toMatchObject({ id: "d1", alreadyInRecord: false });
    expect([...record.state.documents.keys()]).toEqual(["d1"]);
    expect(record.state.contents.get("d1")?.data.length).toBe(letter.length);
    expect(ending.seen).toEqual(once);
    expect(told.at(-1) ?? 0).toBe(Math.max(...told, 0));
  });

  test("before the copy of a record: it comes whole, and is asked for once", async () => {
    const copies: string[] = [];
    const zip = new TextEncoder().encode("PK\u0003\u0004 a copy");
    let token = "t0";
    const copied = connect({
      baseUrl: service.baseUrl,
      accessToken: (hint) => {
        if (hint?.renew) token = "t1";
        return token;
      },
      fetch: async (input, init) => {
        if (!`${input}`.endsWith("/$export-record")) return fetch(input, init);
        copies.push(`${new Headers(init?.headers).get("authorization")}`);
        if (copies.length === 1) return new Response(null, { status: 401 });
        return new Response(zip, { headers: { "content-type": "application/zip", "content-length": `${zip.length}` } });
      },
    });
    const { body, size } = await copied.record(ins).export();
    expect([new Uint8Array(await new Response(body).arrayBuffer()), size]).toEqual([zip, zip.length]);
    expect(copies).toEqual(["Bearer t0", "Bearer t1"]);
  });

  test("and that nobody renews: a typed error, after what was told before it", async () => {
    for (let number = 1; number <= 5; number++) await deposit(number);
    const ended = endingAfter(1, false);
    const ids: string[] = [];
    const listing = async () => {
      for await (const { id } of ended.record.documents()) ids.push(id);
    };
    await expect(listing()).rejects.toMatchObject({ code: "unauthorised", status: 401 });
    expect([ids, ended.seen]).toEqual([["d1", "d2"], { renewals: 0, refusals: 2 }]);
    const input = { kind: "raw", content: letter, contentType: "application/pdf", metadata } as const;
    const others = [() => ended.record.changes(), () => ended.record.export(), () => ended.record.deposit(input)];
    for (const other of others) await expect(other()).rejects.toMatchObject({ code: "unauthorised" });
    expect(record.state.documents.size).toBe(5);
  });
});
