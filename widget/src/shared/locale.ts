/** A language whose words are at hand: `fr`, `en`, or the tag of one that came as a file (BCP 47). */
export type Locale = string;

/**
 * A table of user-visible strings, typed by its French words: English must have exactly its keys and shapes. A missing
 * string is a type error, and a French string identical to the English one fails `strings.test.ts`.
 */
export function table<T extends StringTable>(words: T): Widen<T> {
  return words as Widen<T>;
}

// biome-ignore lint/suspicious/noExplicitAny: the arguments of a message are checked where it is called, by its own type.
export type Message = string | ((...values: any[]) => string);
export interface StringTable {
  readonly [key: string]: Message | StringTable;
}
export type Widen<T> = {
  readonly [Key in keyof T]: T[Key] extends string ? string : T[Key] extends StringTable ? Widen<T[Key]> : T[Key];
};
