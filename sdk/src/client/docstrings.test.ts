import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import * as errors from "../fhir/http/errors.ts";

const root = resolve(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface Verb {
  readonly name: string;
  readonly text: string;
}

/** The methods of an interface, each with the comment right before it. */
function verbsOf(path: string, name: string): readonly Verb[] {
  const [, body = ""] = read(path).split(new RegExp(`export interface ${name} \\{`));
  const end = body.indexOf("\n}");
  const found = body.slice(0, end).matchAll(/(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)? {2}(\w+)\(/g);
  return [...found].map(([, comment = "", verb = ""]) => ({
    name: verb,
    text: comment.replace(/\s*\n\s*\*\s*/g, " "),
  }));
}

/** What is no task of the record. */
const housekeeping = new Set(["record", "capabilities", "forget"]);
const verbs = [
  ...verbsOf("sdk/src/client/record-handle.ts", "RecordHandle"),
  ...verbsOf("sdk/src/client/connect.ts", "CarnetClient").filter(({ name }) => !housekeeping.has(name)),
];
const known = new Set([...read("docs/rules.json").matchAll(/"rule": "(R\d+)"/g)].map(([, rule]) => rule));

describe("what each verb says of itself", () => {
  it("is there for every one of them", () => {
    expect(verbs.length).toBeGreaterThan(50);
    expect(verbs.filter(({ text }) => text === "").map(({ name }) => name)).toEqual([]);
  });

  it("names its task, or its rule, or the standard: those that there are", () => {
    const tasks = read("docs/wire.md");
    const wrong = verbs.flatMap(({ name, text }) => {
      const codes = text.match(/\bTD\d(?:\.\d+)?/g) ?? [];
      const rules = text.match(/\bR\d+\b/g) ?? [];
      if (codes.length + rules.length === 0 && !text.includes("HL7 IPS")) return [`${name}: neither task nor rule`];
      return [
        ...rules.filter((rule) => !known.has(rule)).map((rule) => `${name}: no rule ${rule}`),
        ...codes.filter((code) => !tasks.includes(code)).map((code) => `${name}: no task ${code}`),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it("names the errors it throws, each one that can be caught, or says that there are none", () => {
    const wrong = verbs.flatMap(({ name, text }) => {
      const [, thrown] = /@throws ([\s\S]*)/.exec(text) ?? [];
      if (thrown === undefined) return /Throws nothing/.test(text) ? [] : [`${name}: no errors named`];
      const [, other] = /^as `(\w+)`/.exec(thrown) ?? [];
      if (other !== undefined) return verbs.some((verb) => verb.name === other) ? [] : [`${name}: as ${other}`];
      const classes = thrown.replace(/\([^)]*\)/g, "").match(/\b[A-Z][a-z]+(?:[A-Z][a-z]+)*\b/g) ?? [];
      if (classes.length === 0) return [`${name}: ${thrown}`];
      return classes.filter((one) => !(one in errors)).map((one) => `${name}: no error ${one}`);
    });
    expect(wrong).toEqual([]);
  });

  it("stands in the guide too: no verb is found by hovering alone", () => {
    const guide = read("docs/sdk.md");
    expect(verbs.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(guide)).map(({ name }) => name)).toEqual([]);
  });
});
