/** `docs/rules-coverage.md`: each rule and its tests, or the reason why there is none. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { checkout } from "../support/machine.ts";
import { collectTests } from "./collect.ts";

const ruleNumber = v.pipe(v.string(), v.regex(/^R\d+$/));
const ruleList = v.object({
  sections: v.record(v.string(), v.string()),
  rules: v.array(v.object({ rule: ruleNumber, section: v.string(), title: v.string() })),
});
const reasonList = v.record(ruleNumber, v.pipe(v.string(), v.minLength(10)));

export type RuleList = v.InferOutput<typeof ruleList>;

const read = (file: string): unknown => JSON.parse(readFileSync(join(checkout, "docs", file), "utf8"));

/** The rules, in our own words. */
export function readRules(): RuleList {
  return v.parse(ruleList, read("rules.json"));
}

/** Why a rule has no test. */
export function readReasons(): Readonly<Record<string, string>> {
  return v.parse(reasonList, read("rules-without-test.json"));
}

export interface Coverage {
  /** The page, Markdown. */
  readonly page: string;
  /** Rules that have neither a test nor a reason. */
  readonly uncovered: readonly string[];
  /** Rules whose reason is no longer true: they have tests. */
  readonly idleReasons: readonly string[];
}

/** Reads the tests of the checkout and writes the page. */
export function coverage(): Coverage {
  const { sections, rules } = readRules();
  const reasons = readReasons();
  const tests = collectTests(rules.map(({ rule }) => rule));
  const uncovered = rules.filter(({ rule }) => !tests.has(rule) && !reasons[rule]).map(({ rule }) => rule);
  const tested = rules.filter(({ rule }) => tests.has(rule)).length;
  const lines = [
    "# Rules and their tests",
    "",
    "Made by `npm run rules-coverage` from the names of the tests; do not edit. Titles: `docs/rules.json`. Reasons:",
    "`docs/rules-without-test.json`.",
    "",
    `${rules.length} rules: ${tested} with tests, ${rules.length - tested - uncovered.length} with a reason why not, ${uncovered.length} with neither.`,
  ];
  for (const [section, title] of Object.entries(sections)) {
    lines.push("", `## ${section}. ${title}`, "", "| rule | what | shown by |", "|---|---|---|");
    for (const { rule, title: what } of rules.filter((one) => one.section === section)) {
      const shown = (tests.get(rule) ?? []).map(({ file, name }) => `\`${file}\`: ${cell(name)}`);
      const reason = reasons[rule] ?? "**neither a test nor a reason yet**";
      lines.push(`| ${rule} | ${cell(what)} | ${shown.length > 0 ? shown.join("<br>") : reason} |`);
    }
  }
  return {
    page: `${lines.join("\n")}\n`,
    uncovered,
    idleReasons: rules.map(({ rule }) => rule).filter((rule) => tests.has(rule) && reasons[rule]),
  };
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
