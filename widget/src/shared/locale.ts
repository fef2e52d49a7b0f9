/** Languages of the widget. French is the default (contract.md, "Widget"). */
export type Locale = "fr" | "en";

/** The widget's language for a `locale` attribute: everything that is not English is French. */
export function toLocale(value: string | null | undefined): Locale {
  return value?.toLowerCase().startsWith("en") === true ? "en" : "fr";
}

/**
 * A table of user-visible strings. English must have exactly the keys and shapes of French:
 * a missing string is a type error, and a French string identical to the English one fails `strings.test.ts`.
 */
export function defineStrings<T extends StringTable>(tables: { readonly fr: T; readonly en: Widen<T> }): StringsOf<T> {
  return { fr: tables.fr as Widen<T>, en: tables.en };
}

/** A French table whose English one stands in another file, typed by this one, and is fetched when asked for. */
export function french<T extends StringTable>(table: T): Widen<T> {
  return table as Widen<T>;
}

// biome-ignore lint/suspicious/noExplicitAny: the arguments of a message are checked where it is called, by its own type.
type Message = string | ((...values: any[]) => string);
export interface StringTable {
  readonly [key: string]: Message | StringTable;
}
type Widen<T> = {
  readonly [Key in keyof T]: T[Key] extends string ? string : T[Key] extends StringTable ? Widen<T[Key]> : T[Key];
};
export interface StringsOf<T> {
  readonly fr: Widen<T>;
  readonly en: Widen<T>;
}
