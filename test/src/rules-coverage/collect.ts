/** Which tests speak of which rule: read from the sources, where each such test's name begins with the rule's number. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { checkout } from "../support/machine.ts";

/** A test that shows a rule. */
export interface RuleTest {
  /** From the root of the checkout. */
  readonly file: string;
  readonly name: string;
}

/** Built or fetched, and this room itself: its test quotes names of tests. */
const SKIPPED: ReadonlySet<string> = new Set([
  "rules-coverage",
  "node_modules",
  "dist",
  ".output",
  ".wxt",
  ".git",
  ".carnet",
]);

/**
 * A string that begins with rule numbers: the name of a test, or a row of `test.each`. A `describe` shows nothing by
 * itself.
 */
const NAMED =
  /(\bdescribe(?:\.\w+)*(?:\([^()]*\))?\(\s*)?(["'`])(R\d+(?:(?:, ?| to | and | et |–|-)R?\d+)*):? ((?:(?!\2)[^\\\n]|\\.)+)\2/g;

/** @param known every rule number, for ranges such as "R130–R133" */
export function rulesOf(heading: string, known: readonly string[]): readonly string[] {
  const rules = new Set<string>();
  for (const part of heading.split(/, ?| and | et /)) {
    const [from = "", until] = part.split(/ to |–|-/).map((one) => (one.startsWith("R") ? one : `R${one}`));
    if (until === undefined) rules.add(from);
    else {
      const [first, last] = [Number(from.slice(1)), Number(until.slice(1))];
      for (const rule of known) {
        const number = Number(rule.slice(1));
        if (number >= first && number <= last) rules.add(rule);
      }
    }
  }
  return [...rules];
}

/** The tests of one source text. */
export function testsIn(
  file: string,
  source: string,
  known: readonly string[],
): ReadonlyMap<string, readonly RuleTest[]> {
  const found = new Map<string, RuleTest[]>();
  for (const [, describe, , heading = "", rest = ""] of source.matchAll(NAMED)) {
    if (describe !== undefined) continue;
    const name = `${heading} ${rest}`.replaceAll("\\", "");
    for (const rule of rulesOf(heading, known)) {
      const tests = found.get(rule) ?? [];
      if (!tests.some((one) => one.name === name)) tests.push({ file, name });
      found.set(rule, tests);
    }
  }
  return found;
}

/** The tests of the whole checkout, by rule, in the order of their files. */
export function collectTests(known: readonly string[]): ReadonlyMap<string, readonly RuleTest[]> {
  const all = new Map<string, RuleTest[]>();
  for (const path of testFiles(checkout)) {
    for (const [rule, tests] of testsIn(relative(checkout, path), readFileSync(path, "utf8"), known)) {
      all.set(rule, [...(all.get(rule) ?? []), ...tests]);
    }
  }
  return all;
}

function testFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (SKIPPED.has(entry.name)) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return testFiles(path);
      return /\.test\.tsx?$/.test(entry.name) ? [path] : [];
    });
}
