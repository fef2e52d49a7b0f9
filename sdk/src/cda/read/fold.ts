/** Words as they are compared: without accents, case, doubled blanks and the typographic apostrophe. */
export const fold = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[\s\u00a0]+/g, " ")
    .replaceAll("’", "'")
    .toLowerCase()
    .trim();
