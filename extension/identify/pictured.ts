import type { PDFPageProxy } from "pdfjs-dist";
import type { TextItem } from "pdfjs-dist/types/src/display/api";
import { paintedShare } from "./painted-share.ts";

/** `OPS` of pdf.js. */
export type Operators = Readonly<Record<string, number>>;

/** A page's number, a mark: fewer words than this say nothing of whom a page is about, whatever stands around them. */
const fewestWords = 5;
/** On a page that is a picture, fewer words than this away from its edges are a stamp of whoever scanned it. */
const fewestWordsOnPicture = 25;
/** Of the page's area: from there it is a picture with words on it, no longer words with a picture. */
const pictureShare = 0.5;
/** Of the page's height and width: where scanners and printing software put their stamps and banners. */
const edge = { height: 0.12, width: 0.08 };

/**
 * Whether nobody read what a page shows: a picture or a drawing with no words, or with no more than a scanner stamps on it.
 * "Numérisé le 12/11/2026 par le service des admissions" says nothing of whom the paper under it is about.
 * @param typed what people wrote into the page's forms and notes
 */
export async function isPictured(
  page: PDFPageProxy,
  operators: Operators,
  items: readonly TextItem[],
  typed: readonly string[],
): Promise<boolean> {
  const words = countWords(items, typed);
  const inside = countWords(
    items.filter((item) => !isOnEdge(item, page.view)),
    typed,
  );
  if (words >= fewestWords && inside >= fewestWordsOnPicture) return false;
  try {
    const list = await page.getOperatorList();
    if (words < fewestWords) return isDrawn(list, operators, words > 0);
    return paintedShare(list, operators, page.view) >= pictureShare;
  } catch {
    // A page that cannot be looked at may be painted.
    return words < fewestWords;
  }
}

/** Pieces are put together as they are read: some software writes a word letter by letter. */
function countWords(items: readonly TextItem[], typed: readonly string[]): number {
  const text = items.map(({ str, hasEOL }) => (hasEOL ? `${str}\n` : str)).join("");
  return ([text, ...typed].join("\n").match(/\p{L}{2,}/gu) ?? []).length;
}

function isOnEdge({ transform, width }: TextItem, [left = 0, bottom = 0, right = 0, top = 0]: readonly number[]) {
  const [a, b, , , x, y] = transform.map(Number) as [number, number, number, number, number, number];
  const size = Math.hypot(a, b) || 1;
  // Where the words stand in their middle, along the line that they run on.
  const [across, up] = [x + (width / 2) * (a / size) - left, y + (width / 2) * (b / size) - bottom];
  const [pageWidth, pageHeight] = [right - left, top - bottom];
  const isAtEnd = (at: number, length: number, part: number) => at < length * part || at > length * (1 - part);
  return isAtEnd(up, pageHeight, edge.height) || isAtEnd(across, pageWidth, edge.width);
}

interface OperatorList {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}

/**
 * Whether the page shows something else than the few words that were read: a picture, or, without any, whatever is painted. On
 * the back of a sheet nothing is.
 */
function isDrawn({ fnArray, argsArray }: OperatorList, operators: Operators, hasWords: boolean): boolean {
  const kinds = hasWords
    ? /^paint(Image|InlineImage|SolidColor)/
    : /^(paint(Image|InlineImage|SolidColor)|shadingFill|showText)/;
  const painting = new Set(Object.entries(operators).flatMap(([name, one]) => (kinds.test(name) ? [one] : [])));
  return fnArray.some((operator, index) => {
    if (operator !== operators.constructPath) return painting.has(operator);
    // A path that ends without being drawn is a border for what follows.
    return !hasWords && (argsArray[index] as readonly unknown[] | undefined)?.[0] !== operators.endPath;
  });
}
