import type { IdentityTraits } from "../traits.ts";
import { newborns } from "./kin-words.ts";
import { nameEnders } from "./labels.ts";
import { textOf } from "./person.ts";
import { isAllCapitals, isCapitalised, type Token } from "./tokens.ts";

/** More words with a capital are a heading, or a place with a name behind it. */
const mostFamilyWords = 3;

/**
 * The name that stands right before a birth, without a label or a civility: "DUPONT Léa, née le…", "Léa DUPONT née le…". Capitals
 * tell the family name, and one word beside them the given name: anything else is not told apart, and says nothing.
 */
export function readNameBefore(
  tokens: readonly Token[],
  birth: number,
  floor: number,
): { readonly traits: IdentityTraits; readonly start: number } | undefined {
  const end = tokens[birth - 1]?.text === "," ? birth - 1 : birth;
  let from = end;
  while (from > floor && isNameWord(tokens[from - 1])) from--;
  const words = tokens.slice(from, end);
  const family = words.filter(isAllCapitals);
  const [given, second] = words.filter((word) => !isAllCapitals(word));
  const isTold = family.length > 0 && family.length <= mostFamilyWords && second === undefined;
  const isAtAnEnd = given !== undefined && (given === words[0] || given === words.at(-1));
  const before = tokens[from - 1];
  if (!isTold || !isAtAnEnd || (before?.kind === "word" && !/^(?:L )?ENFANT$/.test(before.folded))) return undefined;
  return { traits: { usedName: textOf(family), firstGivenName: given.text }, start: words[0]?.start ?? 0 };
}

const isNameWord = (token: Token | undefined) =>
  token !== undefined &&
  isCapitalised(token) &&
  token.text.length > 1 &&
  !nameEnders.has(token.folded) &&
  // "Bébé DUPONT né le…": no given name.
  !newborns.has(token.folded);
