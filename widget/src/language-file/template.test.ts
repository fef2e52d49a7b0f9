/** Files that a translator begins with, and that the playground shows: written by `npm run words -w widget`. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { StringTable } from "../shared/locale.ts";
import { makeLanguage } from "./language.ts";
import { namesOf, type Placeholders, placeholders } from "./placeholders.ts";
import { pseudoOf } from "./pseudo.ts";
import { baseTables } from "./tables.ts";
import { templateOf, type WrittenTable } from "./template.ts";

const folder = join(import.meta.dirname, "..", "..", "languages");
const json = (table: WrittenTable) => `${JSON.stringify(table, null, 2)}\n`;
const russian = ["one", "few", "many", "other"];

describe("the files of languages/", () => {
  it("hold every word of the widget, as it is said today", async () => {
    await expect(json(templateOf("en"))).toMatchFileSnapshot(join(folder, "template.en.json"));
    await expect(json(pseudoOf(templateOf("en"), "ru-x-pseudo", russian))).toMatchFileSnapshot(
      join(folder, "pseudo.json"),
    );
  });

  it.each(["en", "fr"] as const)("say in %s, read back from the file, what the widget says by itself", (tag) => {
    const { language, flaws } = makeLanguage({ ...templateOf(tag), language: `${tag}-x-copy` });
    expect(flaws).toEqual([]);
    const said = { ...language.elements, shared: language.shared, summary: language.summary, rows: language.rows };
    const { dosage: _dosage, writing: _writing, ...tables } = baseTables[tag];
    const compare = (here: StringTable, there: StringTable, names: Placeholders, path: string): void => {
      for (const [key, model] of Object.entries(there)) {
        const inner = names[key];
        const own = here[key];
        if (typeof model === "object")
          compare(own as StringTable, model, (inner ?? {}) as Placeholders, `${path}${key}.`);
        else if (typeof model === "string" || typeof own !== "function") expect(own, path + key).toBe(model);
        else
          for (const n of [0, 1, 2, 5, 21]) {
            const values = namesOf(model, inner).map((name) => (name.startsWith("#") ? n : `value ${n}`));
            expect(own(...values), `${path}${key} with ${n}`).toBe(model(...values));
          }
      }
    };
    compare(said as unknown as StringTable, tables as unknown as StringTable, placeholders, "");
  });

  it("keep French marks on the line of their word, by a no-break space", () => {
    const written = JSON.stringify(templateOf("fr"));
    expect(written.match(/[^"]{0,30}(?: [:;?!»](?![\p{L}:?])|« )[^"]{0,20}/gu)).toBeNull();
  });

  it("name every argument of every message, and one number at most", () => {
    const visit = (table: StringTable, names: Placeholders, path: string): void => {
      for (const [key, model] of Object.entries(table)) {
        const inner = names[key];
        if (typeof model === "object") visit(model, (inner ?? {}) as Placeholders, `${path}${key}.`);
        else if (typeof model === "function") {
          const own = namesOf(model, inner);
          expect(own.filter((name) => name.startsWith("#")).length, path + key).toBeLessThan(2);
          expect(own.length, path + key).toBeGreaterThanOrEqual(model.length);
          expect(new Set(own).size, path + key).toBe(own.length);
        }
      }
    };
    visit(baseTables.fr as unknown as StringTable, placeholders, "");
    visit(baseTables.en as unknown as StringTable, placeholders, "");
  });
});
