import type { Token } from "./tokens.ts";

/** Where a label of these words ends, when it begins at this token. */
export function endOfLabel(tokens: readonly Token[], from: number, words: readonly string[]): number | undefined {
  let at = from;
  let matched = 0;
  while (matched < words.length) {
    const token = tokens[at];
    if (token?.kind === "word") {
      for (const word of token.folded.split(" ")) if (word !== words[matched++]) return undefined;
    } else if (!token || !/^[/&,+-]$/.test(token.text)) return undefined;
    at++;
  }
  return matched === words.length ? at : undefined;
}

/** "Prénom(s) (état civil)". */
export function skipParenthesis(tokens: readonly Token[], from: number): number {
  if (tokens[from]?.text !== "(") return from;
  for (let at = from + 1; at < from + 10; at++) if (tokens[at]?.text === ")") return at + 1;
  return from;
}
