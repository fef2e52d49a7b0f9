import { expect, test } from "vitest";
import { connect } from "./index.ts";
import { ins, pdf, recordOfEachTest } from "./test-support.ts";

const { record, service, deposit } = recordOfEachTest();

/** A client, and the statuses of what it read: 304 when the content was still held. */
function watched(fetch = globalThis.fetch) {
  const statuses: (number | undefined)[] = [];
  const client = connect({
    baseUrl: service.baseUrl,
    accessToken: () => "t",
    fetch,
    onExchange: ({ request, status }) => request.startsWith("GET Binary") && statuses.push(status),
  });
  return { client, statuses };
}

test("are forgotten in every mode, also those of a mode within a mode", async () => {
  const { id } = await deposit(1);
  const { client, statuses } = watched();
  const usual = client.record(ins);
  const urgent = usual.inMode({ purposeOfUse: "BTG", reason: "inconscient" });
  const again = urgent.inMode({ purposeOfUse: "ETREAT" });
  for (const handle of [usual, urgent, again, usual, urgent, again]) await handle.read(id);
  expect(statuses).toEqual([200, 200, 200, 304, 304, 304]);
  client.forget();
  for (const handle of [usual, urgent, again]) await handle.read(id);
  expect(statuses.slice(6)).toEqual([200, 200, 200]);
});

test("a read that was under way when all was forgotten leaves nothing behind", async () => {
  const { id } = await deposit(1);
  let forget = () => {};
  const { client, statuses } = watched(async (...asked) => {
    const answer = await fetch(...asked);
    forget();
    return answer;
  });
  forget = () => client.forget();
  const handle = client.record(ins);
  expect((await handle.read(id)).bytes).toEqual(pdf);
  forget = () => {};
  await handle.read(id);
  await handle.read(id);
  expect(statuses).toEqual([200, 200, 304]);
});

test("one that has not changed, or came with the entry, is told as whole: a bar reaches its end", async () => {
  const { id } = await deposit(1);
  const { client } = watched();
  const handle = client.record(ins);
  await handle.read(id);
  const read = async () => {
    const told: unknown[] = [];
    await handle.read(id, { onProgress: (progress) => told.push(progress) });
    return told;
  };
  const whole = { direction: "receiving", doneBytes: pdf.length, totalBytes: pdf.length };
  expect(await read()).toEqual([whole]);
  const document = record.state.documents.get(id);
  const data = Buffer.from(pdf).toString("base64");
  if (document) document.content = [{ attachment: { contentType: "application/pdf", data } }];
  expect(await read()).toEqual([whole]);
});
