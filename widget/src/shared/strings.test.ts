import { describe, expect, it } from "vitest";
import { baseTables, type FileTables } from "../language-file/tables.ts";

/** Words that are the same in both languages; each was looked at. */
const same = new Set([
  "Source",
  "Dose",
  "Observations",
  "INS-NIR",
  "INS-NIA",
  "1 document\n2 documents",
  "sachet\nsachets",
  "minute\nminutes",
]);

const tableOf = (tag: "fr" | "en", name: string) => baseTables[tag][name as keyof FileTables];

function leaves(table: object, path = ""): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, value] of Object.entries(table)) {
    if (typeof value === "object" && value !== null)
      for (const [inner, leaf] of leaves(value, `${path}${key}.`)) found.set(inner, leaf);
    else found.set(path + key, value);
  }
  return found;
}

/** A message with sample arguments: texts for texts, and both numbers for plurals. */
function said(leaf: unknown): string {
  if (typeof leaf === "string") return leaf;
  if (typeof leaf !== "function") return "";
  const message = leaf as (...values: unknown[]) => string;
  return [1, 2].map((value) => message(...Array.from({ length: message.length }, () => value))).join("\n");
}

const tables = Object.keys(baseTables.fr).map((name) => [name, tableOf("fr", name), tableOf("en", name)] as const);

describe("user-visible strings", () => {
  for (const [name, fr, en] of tables) {
    it(`${name}: every French string has its English one, and none is left untranslated`, () => {
      const french = leaves(fr);
      const english = leaves(en);
      expect([...french.keys()].sort()).toEqual([...english.keys()].sort());
      const untranslated = [...french].filter(([key, leaf]) => {
        const words = said(leaf);
        // A message made of its arguments and signs alone has nothing to translate.
        return /\p{L}{2}/u.test(words) && words === said(english.get(key)) && !same.has(words);
      });
      expect(untranslated.map(([key]) => key)).toEqual([]);
      expect([...french, ...english].filter(([, leaf]) => said(leaf).trim() === "").map(([key]) => key)).toEqual([]);
    });

    it(`${name}: French is typeset as French`, () => {
      const wrong = [...leaves(fr)].filter(([, leaf]) =>
        /'|\.\.\.|"|\S[:;?!](\s|$)/.test(said(leaf).replace(/\s[:;?!]/g, "")),
      );
      expect(wrong.map(([key]) => key)).toEqual([]);
    });
  }
});
