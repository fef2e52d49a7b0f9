import { describe, expect, it } from "vitest";
import { addTallies, formatTally, slowestFiles, tallyOf } from "./tally.ts";

const report = (...files: unknown[]) => ({ testResults: files });
const file = (...statuses: string[]) => ({
  status: statuses.includes("failed") ? "failed" : "passed",
  assertionResults: statuses.map((status, at) => ({ status, fullName: `test ${at}` })),
});

describe("the closing line of the tests", () => {
  it("counts what passed, failed and was skipped, and names those that did not pass", () => {
    expect(tallyOf(report(file("passed", "failed"), file("pending", "passed")))).toEqual({
      passed: 2,
      failed: 1,
      skipped: 1,
      failedNames: ["test 1"],
      skippedNames: ["test 0"],
    });
  });

  it("counts a file that could not be loaded as a failure", () => {
    const broken = tallyOf(report({ name: "broken.test.ts", status: "failed", assertionResults: [] }));
    expect(broken).toMatchObject({ failed: 1, failedNames: ["broken.test.ts"] });
  });

  it("says nothing of skipped tests when there are none", () => {
    expect(formatTally({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
    expect(formatTally(addTallies({ passed: 3, failed: 0, skipped: 0 }, { passed: 1, failed: 2, skipped: 4 }))).toBe(
      "4 passed, 2 failed, 4 skipped",
    );
  });

  it("names the slowest files, the slowest first", () => {
    const timed = (name: string, startTime: number, endTime: number) => ({ name, startTime, endTime });
    const files = [timed("quick", 100, 1_100), timed("slow", 0, 61_400), timed("middling", 50, 5_050)];
    expect(slowestFiles(report(...files), 2)).toEqual([
      ["slow", 61],
      ["middling", 5],
    ]);
  });
});
