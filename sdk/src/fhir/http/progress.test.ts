import { afterEach, expect, test, vi } from "vitest";
import type { Progress } from "./http.ts";
import { fetchTelling, receiveWithProgress } from "./progress.ts";

afterEach(() => vi.unstubAllGlobals());

test("in a page, the caller's own fetch is given the text itself, which not every browser can stream", async () => {
  vi.stubGlobal("XMLHttpRequest", class {});
  const sent: unknown[] = [];
  const own: typeof fetch = async (_, init) => {
    sent.push(init?.body);
    return new Response();
  };
  const told: Progress[] = [];
  await fetchTelling((one) => told.push(one), own)("http://record.test/fhir", { method: "POST", body: "été" });
  expect(sent).toEqual(["été"]);
  expect(told.map(({ doneBytes, totalBytes }) => [doneBytes, totalBytes])).toEqual([
    [0, 5],
    [5, 5],
  ]);
});

test("more than was announced is never told as more than all", async () => {
  // What a page sees of a compressed answer of another origin: its length, without the word that it was compressed.
  const answer = new Response("a long text, unpacked", { headers: { "content-length": "5" } });
  const told: Progress[] = [];
  const text = await receiveWithProgress(answer, (one) => told.push(one)).text();
  expect(told.at(-1)).toEqual({ direction: "receiving", doneBytes: text.length });
});
