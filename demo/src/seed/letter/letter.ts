/** What a letter says, before it is laid out. */
import type { Person } from "../people.ts";
import type { SeedProfessional, SeedStructure } from "../professionals.ts";

/** One piece of the body of a letter. */
export type LetterBlock =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "table"; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** A letter, report or prescription printed on a letterhead. */
export interface Letter {
  readonly title: string;
  readonly author: SeedProfessional;
  readonly structure?: SeedStructure;
  /** Service or unit printed under the structure. */
  readonly unit?: string;
  readonly person: Person;
  /** Prints the five traits; `local` prints a local number instead, as papers with a poor identity do. */
  readonly identity?: "full" | "local";
  /** ISO date of the act or of the letter. */
  readonly date: string;
  readonly recipient?: readonly string[];
  readonly body: readonly LetterBlock[];
  readonly accent?: Accent;
}

/** Colour of the letterhead. */
export type Accent = "blue" | "green" | "plum" | "slate" | "terracotta";

export const heading = (text: string): LetterBlock => ({ kind: "heading", text });
export const text = (value: string): LetterBlock => ({ kind: "text", text: value });
export const list = (...items: string[]): LetterBlock => ({ kind: "list", items });
export const table = (columns: readonly string[], ...rows: (readonly string[])[]): LetterBlock => ({
  kind: "table",
  columns,
  rows,
});
