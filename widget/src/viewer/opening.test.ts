import { expect, it } from "vitest";
import { progressWords } from "./opening.ts";

const told = (doneBytes: number, totalBytes?: number) =>
  progressWords(
    { direction: "receiving", doneBytes, ...(totalBytes === undefined ? {} : { totalBytes }) },
    "fr",
  ).replaceAll("\u00a0", " ");

it("tells how much of a document has come in megabytes, and nothing of one that has not a tenth of one", () => {
  expect(told(1_572_864, 52_428_800)).toBe("1,5 Mo sur 50 Mo");
  expect(told(1_572_864)).toBe("1,5 Mo");
  expect(told(1000, 52_428_800)).toBe("0 Mo sur 50 Mo");
  expect(told(8000, 12_000)).toBe("");
  expect(told(8000)).toBe("");
});
