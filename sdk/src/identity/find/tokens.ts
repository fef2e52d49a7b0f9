import { foldName } from "../names.ts";

/** A piece of text that cannot be taken apart: a word, digits, a line break or a sign. */
export interface Token {
  readonly kind: "word" | "number" | "newline" | "sign";
  readonly text: string;
  /** Upper case, without accents; apostrophes and hyphens kept as one blank. */
  readonly folded: string;
  readonly start: number;
  readonly end: number;
}

/** Identity stands on the first pages: what comes after this many characters (UTF-16 units) is not read. */
export const maximumLength = 200_000;

/** The alternatives begin with different characters, so the scan is linear whatever the text. */
const tokenPattern =
  /[\p{L}\p{M}][\p{L}\p{M}\p{Cf}]*(?:['’ʼ`‐‑-][\p{L}\p{M}\p{Cf}]+)*(?:\((?:e|s|es)\))?|\d+|\r?\n|[^\s\p{L}\p{M}\p{Cf}\d]/giu;
/** Places where a word may be broken, marks of direction: nobody sees them, and the word is one. */
const invisible = /\p{Cf}/gu;

export function tokenise(text: string): readonly Token[] {
  return joinSpaced(cut(text), text);
}

function cut(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.slice(0, maximumLength).matchAll(tokenPattern)) {
    const piece = match[0].replace(invisible, "");
    const kind = kindOf(piece);
    tokens.push({
      kind,
      text: piece,
      // "né(e)" and "prénom(s)" are read as their longer form.
      folded: kind === "word" ? foldName(piece.replace(/[()]/g, "")) : piece,
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return tokens;
}

/** Shorter runs are initials, or the letters of a list. */
const fewest = { word: 3, number: 6 };

/** "C O M P T E  R E N D U", "1 2 0 3 1 9 8 0": headings are spaced and forms have boxes. Single signs, one blank apart, are one word. */
function joinSpaced(tokens: readonly Token[], text: string): readonly Token[] {
  const joined: Token[] = [];
  for (let at = 0; at < tokens.length; ) {
    const first = tokens[at];
    if (first === undefined) break;
    let end = at + 1;
    if ((first.kind === "word" || first.kind === "number") && first.text.length === 1)
      while (isNextSpaced(tokens[end - 1], tokens[end], text)) end++;
    const run = tokens.slice(at, end);
    const last = run.at(-1) ?? first;
    const isWord = run.length >= (first.kind === "word" ? fewest.word : fewest.number);
    if (run.length > 1 && isWord) joined.push(joinedOf(first, last, run));
    else joined.push(...run);
    at = end;
  }
  return joined;
}

function isNextSpaced(one: Token | undefined, next: Token | undefined, text: string): boolean {
  return (
    one !== undefined &&
    next?.kind === one.kind &&
    next.text.length === 1 &&
    next.start === one.end + 1 &&
    /[ \u00a0\u202f]/.test(text.charAt(one.end))
  );
}

function joinedOf(first: Token, last: Token, run: readonly Token[]): Token {
  const text = run.map((token) => token.text).join("");
  return {
    kind: first.kind,
    text,
    folded: first.kind === "word" ? foldName(text) : text,
    start: first.start,
    end: last.end,
  };
}

function kindOf(piece: string): Token["kind"] {
  if (piece.endsWith("\n")) return "newline";
  if (/^\d/.test(piece)) return "number";
  return /^[\p{L}\p{M}]/u.test(piece) ? "word" : "sign";
}

/** Whether the word is written as a name: with a capital first. */
export function isCapitalised(token: Token): boolean {
  return token.kind === "word" && /^\p{Lu}/u.test(token.text);
}

/** Whether every letter is a capital (at least two letters). */
export function isAllCapitals(token: Token): boolean {
  return token.kind === "word" && /\p{Lu}.*\p{Lu}/u.test(token.text) && !/\p{Ll}/u.test(token.text);
}
