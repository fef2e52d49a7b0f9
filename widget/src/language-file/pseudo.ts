import type { Written, WrittenTable } from "./template.ts";

const letters: Readonly<Record<string, string>> = Object.fromEntries(
  [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((letter, at) => [
    letter,
    [..."αƀčδēƒǧħĩĵķłɱňōƥɋŕşŧūνωχŷžÅƁČĐĒƑǴĦĨĴĶĹṀŃŌƤɊŔŞŦŪṼŴẌŶŽ"][at] ?? letter,
  ]),
);

/**
 * A language that nobody speaks, to see a panel in: each message of ours stands in brackets, in letters that neither French
 * nor English has, and is a third longer. What stands outside brackets is not ours, or was forgotten.
 */
export function pseudoOf(template: WrittenTable, language: string, plurals: readonly string[]): WrittenTable {
  const visit = (table: WrittenTable): WrittenTable =>
    Object.fromEntries(
      Object.entries(table).map(([key, value]) => {
        if (typeof value === "string") return [key, strange(value)];
        return [key, isPlural(value) ? forms(value) : visit(value)];
      }),
    );
  const forms = (value: Readonly<Record<string, string>>): Written => {
    const exact = Object.entries(value).filter(([form]) => form.startsWith("="));
    const other = value.other ?? "";
    return Object.fromEntries([
      ...exact.map(([form, text]) => [form, strange(text)] as const),
      ...plurals.map((form) => [form, strange(value[form] ?? other)] as const),
    ]);
  };
  const { language: _language, base: _base, ...tables } = template;
  return { language, base: "en", ...visit(tables) };
}

const isPlural = (value: Written | WrittenTable): value is Readonly<Record<string, string>> =>
  typeof value === "object" &&
  typeof value.other === "string" &&
  Object.keys(value).every((key) => /^=|^(one|other)$/.test(key));

function strange(text: string): string {
  const inner = text
    .split(/(\{[A-Za-z]+\})/)
    .map((piece) => (piece.startsWith("{") ? piece : [...piece].map((letter) => letters[letter] ?? letter).join("")))
    .join("");
  return `⟦${inner}${"·".repeat(Math.ceil(inner.length / 3))}⟧`;
}
