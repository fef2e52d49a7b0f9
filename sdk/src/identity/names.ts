const ligatures: Record<string, string> = {
  œ: "oe",
  Œ: "OE",
  æ: "ae",
  Æ: "AE",
  ß: "ss",
  ø: "o",
  Ø: "O",
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
  ð: "d",
  Ð: "D",
  þ: "th",
  Þ: "TH",
  ħ: "h",
  Ħ: "H",
};

/** Upper case without accents; ligatures taken apart; hyphens, apostrophes and blanks all become one blank. */
export function foldName(name: string): string {
  return bare(name)
    .replace(/[^A-Z0-9]+/g, " ")
    .trim();
}

/** The words as they are compared: letters of other alphabets count, or all names written in one would be the same. */
export function wordsOfName(name: string): readonly string[] {
  return bare(name).match(/[\p{Lu}\p{Lo}\p{Nd}]+/gu) ?? [];
}

function bare(name: string): string {
  return name
    .slice(0, 200)
    .replace(/[œŒæÆßøØłŁđĐðÐþÞħĦ]/g, (letter) => ligatures[letter] ?? letter)
    .normalize("NFD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .toUpperCase();
}

/** How far two names are: `part` = one holds the other's words, `typo` = one letter or two neighbours swapped. */
export type NameDistance = "same" | "part" | "typo" | "different";

export function compareNames(one: string, other: string): NameDistance {
  const left = wordsOfName(one);
  const right = wordsOfName(other);
  const joinedLeft = left.join("");
  const joinedRight = right.join("");
  // "LE GOFF" and "LEGOFF", "D'ARTAGNAN" and "DARTAGNAN" are one name: software drops the separators.
  if (joinedLeft === joinedRight) return joinedLeft === "" ? "different" : "same";
  if (holdsAll(left, right) || holdsAll(right, left)) return "part";
  // Under five letters one letter is a different name: Léa and Léo can be twins.
  return Math.min(joinedLeft.length, joinedRight.length) >= 5 && isOneSlip(joinedLeft, joinedRight)
    ? "typo"
    : "different";
}

function holdsAll(words: readonly string[], wanted: readonly string[]): boolean {
  return wanted.length > 0 && wanted.every((word) => words.includes(word)) && wanted.join("").length >= 2;
}

/** One character added, left out, replaced, or two neighbours swapped. */
export function isOneSlip(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  let endOne = one.length;
  let endOther = other.length;
  while (endOne > start && endOther > start && one[endOne - 1] === other[endOther - 1]) {
    endOne--;
    endOther--;
  }
  const left = one.slice(start, endOne);
  const right = other.slice(start, endOther);
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
