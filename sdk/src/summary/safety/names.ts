/** A name without accents, case, ligatures, punctuation and double spaces: "Bêta-lactamines" → "beta lactamines". */
export function normalise(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("œ", "oe")
    .replaceAll("æ", "ae")
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

/** The same, each word without its plural: names of families are written both ways. */
export function singular(name: string): string {
  return normalise(name)
    .split(" ")
    .map((word) => (word.length > 3 ? word.replace(/[sx]$/, "") : word))
    .join(" ");
}
