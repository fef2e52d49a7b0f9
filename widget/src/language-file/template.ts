import type { Message, StringTable } from "../shared/locale.ts";
import { namesOf, type Placeholders, placeholders } from "./placeholders.ts";
import { baseTables } from "./tables.ts";

/** The words of a message as a language file writes them: text, or one text for each form. */
export type Written = string | { readonly [form: string]: string };
export interface WrittenTable {
  readonly [key: string]: Written | WrittenTable;
}

/** Numbers that are in no word of ours, so that they can be found again in a message. */
const [several, others] = [70_707, 80_808] as const;

/** A language file that says in full what the widget says in this language: what a translator begins with. */
export function templateOf(tag: "fr" | "en"): WrittenTable {
  const visit = (table: StringTable, names: Placeholders): WrittenTable =>
    Object.fromEntries(
      Object.entries(table).map(([key, model]) => {
        const inner = names[key];
        if (typeof model === "object") return [key, visit(model, inner === undefined ? {} : (inner as Placeholders))];
        return [key, written(model, namesOf(model, inner))];
      }),
    );
  return { language: tag, base: tag, ...visit(baseTables[tag] as unknown as StringTable, placeholders) };
}

function written(model: Message, names: readonly string[]): Written {
  if (typeof model === "string") return model;
  const counting = names.findIndex((name) => name.startsWith("#"));
  // With `#` alone, the number stands as text in the first place.
  const shownAt = names[counting] === "#" ? (names.length > 1 ? 0 : -1) : counting;
  const say = (n: number) => {
    const values = names.map((name, position) =>
      position === counting ? n : position === shownAt ? String(n) : `{${name.replace("#", "")}}`,
    );
    const text = model(...values);
    const name = shownAt < 0 ? undefined : names[shownAt]?.replace("#", "");
    return name === undefined ? text : text.replaceAll(new RegExp(`(?<!\\d)${n}(?!\\d)`, "g"), `{${name}}`);
  };
  if (counting < 0) return say(0);
  const other = say(several);
  if (other !== say(others)) throw new Error("a message depends on its number in a way that a file cannot say");
  const written = names[shownAt]?.replace("#", "");
  const forms: Record<string, string> = {};
  for (const n of [0, 1, 2]) {
    const text = say(n);
    if (text === other) continue;
    const isNumberSaid = written === undefined || text.includes(`{${written}}`);
    // One is its own form; that 0 or 2 go with one is for the language's own rules to say.
    if (n === 1 && isNumberSaid) forms.one = text;
    else if (!isNumberSaid) forms[`=${n}`] = text;
  }
  return Object.keys(forms).length === 0
    ? other
    : { ...forms, ...(forms.one === undefined ? { one: other } : {}), other };
}
