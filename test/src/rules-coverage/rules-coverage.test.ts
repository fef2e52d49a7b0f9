import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkout, shared } from "../support/machine.ts";
import { rulesOf, testsIn } from "./collect.ts";
import { coverage, readReasons, readRules } from "./table.ts";

const known = readRules().rules.map(({ rule }) => rule);

describe("the table of rules and tests", () => {
  it("reads rules from the beginning of a test's name, lists and ranges included", () => {
    expect(rulesOf("R59, R77", known)).toEqual(["R59", "R77"]);
    expect(rulesOf("R130–R133", known)).toEqual(["R130", "R131", "R132", "R133"]);
    expect(rulesOf("R87 to R89 and R100", known)).toEqual(["R87", "R88", "R89", "R100"]);
  });

  it("counts tests and rows of test.each, and no title of a group", () => {
    const source = [
      'describe("R71 to R77: emergency", () => {',
      '  test("R71: breaking the glass needs a reason", () => {});',
      '  test.each([["R79: not an establishment", 403, "R79"]])("%s", () => {});',
      "  it.each(faulty)('R34 refuses %s', () => {});",
      "});",
    ].join("\n");
    const found = testsIn("a.test.ts", source, known);
    expect([...found.keys()].sort()).toEqual(["R34", "R71", "R79"]);
  });

  it("is the one that is committed: run `npm run rules-coverage`", () => {
    const { page, idleReasons } = coverage();
    expect(readFileSync(join(checkout, "docs", "rules-coverage.md"), "utf8")).toBe(page);
    expect(idleReasons).toEqual([]);
  });

  it("leaves no rule without a test or a reason", () => expect(coverage().uncovered).toEqual([]));

  it("gives reasons for rules that exist", () =>
    expect(Object.keys(readReasons()).filter((rule) => !known.includes(rule))).toEqual([]));

  const specification = join(shared, "spec/rules.md");
  it.skipIf(!existsSync(specification))("has every number of the specification (needs ../shared)", () => {
    const numbers = [...readFileSync(specification, "utf8").matchAll(/^- \*\*(R\d+)\./gm)].map(([, rule]) => rule);
    expect(known).toEqual(numbers);
  });
});
