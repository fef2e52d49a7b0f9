/** Breaks text into lines that fit a width, for the fonts that every PDF reader has (WinAnsi characters only). */
import type { PDFFont } from "@cantoo/pdf-lib";

const replacements: readonly (readonly [RegExp, string])[] = [
  [/\u202f|\u2009/g, "\u00a0"],
  [/\u2011/g, "-"],
  [/≥/g, ">="],
  [/≤/g, "<="],
  [/→/g, "-"],
  [/⁹/g, "9"],
];

/** The text with the characters that WinAnsi lacks replaced by their usual spelling. */
export function printable(value: string): string {
  return replacements.reduce((text, [pattern, by]) => text.replace(pattern, by), value);
}

/** Lines of at most `width` points. Words are never cut; explicit line breaks are kept. */
export function breakLines(value: string, font: PDFFont, size: number, width: number): readonly string[] {
  return printable(value)
    .split("\n")
    .flatMap((paragraph) => breakParagraph(paragraph, font, size, width));
}

function breakParagraph(paragraph: string, font: PDFFont, size: number, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && font.widthOfTextAtSize(longer, size) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  lines.push(line);
  return lines;
}
