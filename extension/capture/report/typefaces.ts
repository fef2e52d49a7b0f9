import type { PDFDocument, PDFFont } from "@cantoo/pdf-lib";
import { Problem } from "../../shared/problem.ts";

/** The fonts that every PDF reader has: nothing is embedded, and the text stays text. */
export interface Typefaces {
  readonly regular: PDFFont;
  readonly bold: PDFFont;
  readonly symbol: PDFFont;
  readonly dingbats: PDFFont;
}

/** Signs that those fonts do not have, in a writing that says the same. */
const spelled: Readonly<Record<string, string>> = {
  "⁰": "^0",
  "⁴": "^4",
  "⁵": "^5",
  "⁶": "^6",
  "⁷": "^7",
  "⁸": "^8",
  "⁹": "^9",
  "⁻": "^-",
  "⁺": "^+",
  "₀": "0",
  "₁": "1",
  "₂": "2",
  "₃": "3",
  "₄": "4",
  "‑": "-",
  "‐": "-",
  "−": "-",
  "⚠": "(!)",
  "☐": "[ ]",
  "☑": "[x]",
  "☒": "[x]",
  "⩾": "≥",
  "⩽": "≤",
  μ: "µ",
  ﬁ: "fi",
  ﬂ: "fl",
};

export async function openTypefaces(document: PDFDocument): Promise<Typefaces> {
  const { StandardFonts } = await import("@cantoo/pdf-lib");
  const [regular, bold, symbol, dingbats] = await Promise.all(
    [StandardFonts.Helvetica, StandardFonts.HelveticaBold, StandardFonts.Symbol, StandardFonts.ZapfDingbats].map(
      (name) => document.embedFont(name),
    ),
  );
  if (regular === undefined || bold === undefined || symbol === undefined || dingbats === undefined) {
    throw new Error("a standard font is missing");
  }
  return { regular, bold, symbol, dingbats };
}

/** Invisible signs (joiners, marks of direction, soft hyphens) and the private signs of icon fonts carry no words. */
const silent = /\u00ad|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u2069]|\ufe0e|\ufe0f|\ufeff|[\ue000-\uf8ff]/gu;

/** Text as it can be written: composed, one kind of blank, signs spelled where no font has them. */
export function writable(text: string): string {
  const composed = text
    .normalize("NFC")
    .replace(silent, "")
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]/gu, " ");
  return [...composed].map((sign) => spelled[sign] ?? sign).join("");
}

/**
 * Cut into pieces that one font can write.
 * @throws Problem `capture-characters` for a sign that none has: a text with holes is never filed.
 */
export function piecesOf(text: string, isBold: boolean, faces: Typefaces): readonly { text: string; font: PDFFont }[] {
  const usual = isBold ? faces.bold : faces.regular;
  const pieces: { text: string; font: PDFFont }[] = [];
  for (const sign of text) {
    const font = [usual, faces.symbol, faces.dingbats].find((one) => has(one, sign));
    if (font === undefined) throw new Problem("capture-characters", { detail: sign });
    const last = pieces.at(-1);
    if (last?.font === font) last.text += sign;
    else pieces.push({ text: sign, font });
  }
  return pieces;
}

const signs = new WeakMap<PDFFont, ReadonlySet<number>>();

function has(font: PDFFont, sign: string): boolean {
  let known = signs.get(font);
  if (known === undefined) {
    known = new Set(font.getCharacterSet());
    signs.set(font, known);
  }
  return known.has(sign.codePointAt(0) ?? 0);
}
