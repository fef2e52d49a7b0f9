/** Words as they are compared: without case, accents and marks between words. The same in the program and in the database. */
import { type RawBuilder, sql } from "kysely";

/** `Éléonore L’Œuvre` → `eleonore l oeuvre`. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replaceAll("œ", "oe")
    .replaceAll("æ", "ae")
    .replace(/[-'’\s]+/g, " ");
}

/** {@link fold} of a column, in the database; no extension is needed. */
export function folded(column: RawBuilder<unknown>): RawBuilder<unknown> {
  const bare = sql`lower(regexp_replace(normalize(${column}, NFD), '[\\u0300-\\u036f]', '', 'g'))`;
  return sql`regexp_replace(replace(replace(${bare}, 'œ', 'oe'), 'æ', 'ae'), '[-''’\\s]+', ' ', 'g')`;
}

/** A condition: the folded column begins with what is written. */
export function beginsWith(column: RawBuilder<unknown>, written: string): RawBuilder<unknown> {
  const pattern = `${fold(written).replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return sql`${folded(column)} like ${pattern}`;
}

const FROM = "áàâäãåçéèêëíìîïñóòôöõúùûüýÿ-'’";
const TO = "aaaaaaceeeeiiiinooooouuuuyy   ";
const folding = new Map(Array.from(FROM, (sign, index) => [sign, TO[index] ?? " "] as const));

/** As {@link fold}, but character for character, so that a place in the one is a place in the other. */
export function foldInPlace(text: string): string {
  return text.toLowerCase().replace(/[^\x20-\x7e]|[-']/g, (sign) => folding.get(sign) ?? sign);
}

/** {@link foldInPlace} in the database. */
export function foldedInPlace(column: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`translate(lower(${column}), ${FROM}, ${TO})`;
}
