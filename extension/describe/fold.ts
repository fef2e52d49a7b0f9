/** Lower case, no accents, straight apostrophes, single blanks: what the rules are written against. Line ends stay. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[’ʼ]/g, "'")
    .replace(/œ/gi, "oe")
    .replace(/æ/gi, "ae")
    .replace(/[^\S\n]+/g, " ")
    .toLowerCase();
}
