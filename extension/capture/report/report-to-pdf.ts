import type { PDFDocument, PDFFont, PDFPage } from "@cantoo/pdf-lib";
import { fromBase64 } from "../../shared/bytes.ts";
import { Problem } from "../../shared/problem.ts";
import { footOf } from "./provenance.ts";
import type { Block, Line, Report, Run } from "./read-report.ts";
import { openTypefaces, piecesOf, type Typefaces, writable } from "./typefaces.ts";

const paper = { width: 595.28, height: 841.89, side: 48, top: 56, bottom: 56 };
const bodySize = 10;
const headingSizes = [16, 14, 12.5, 11.5, 11, 10.5];
const longestDocument = 200;

/** A piece of text that one font writes in one look; what cannot be broken further. */
interface Piece {
  readonly text: string;
  readonly font: PDFFont;
  readonly width: number;
  readonly size: number;
  readonly rise: number;
  readonly isStruck: boolean;
  readonly colour: readonly [number, number, number];
}

/**
 * A page's words as a PDF whose text stays text: headings, paragraphs, lists, tables, what is bold, coloured, struck out,
 * raised; its pictures are drawn after the words that they stand among. It is not the page's picture: it says what the page says.
 * @param provenance one line at the foot of each page: from which tool, when. Never an address beyond its host.
 * @throws Problem `capture-too-large` when the page has no end, `capture-characters` for a sign that cannot be written,
 *   `capture-nothing` when the page says nothing
 */
export async function reportToPdf(reports: readonly Report[], provenance: string): Promise<Uint8Array<ArrayBuffer>> {
  if (reports.some((report) => report.isCut)) throw new Problem("capture-too-large");
  const blocks = reports.flatMap((report) => report.blocks);
  if (blocks.length === 0) throw new Problem("capture-nothing");
  const { PDFDocument } = await import("@cantoo/pdf-lib");
  const document = await PDFDocument.create();
  const faces = await openTypefaces(document);
  const writer = new Writer(document, faces, await colours());
  let rows: Extract<Block, { kind: "row" }>[] = [];
  const endTable = () => {
    if (rows.length > 0) writer.table(rows);
    rows = [];
  };
  for (const block of blocks) {
    if (block.kind === "row") {
      rows.push(block);
      continue;
    }
    endTable();
    if (block.kind === "heading") writer.heading(block.line, block.level);
    if (block.kind === "paragraph") writer.paragraph(block.line, block.indent);
    if (block.kind === "rule") writer.rule();
    if (block.kind === "picture") await writer.picture(block);
  }
  endTable();
  writer.foot(writable(provenance));
  return Uint8Array.from(await document.save());
}

type Rgb = (colour: readonly [number, number, number]) => ReturnType<typeof import("@cantoo/pdf-lib")["rgb"]>;

async function colours(): Promise<Rgb> {
  const { rgb } = await import("@cantoo/pdf-lib");
  return ([red, green, blue]) => rgb(red / 255, green / 255, blue / 255);
}

const black = [20, 20, 20] as const;
const grey = [150, 150, 150] as const;

class Writer {
  readonly #document: PDFDocument;
  readonly #faces: Typefaces;
  readonly #rgb: Rgb;
  #page: PDFPage;
  #y: number;

  constructor(document: PDFDocument, faces: Typefaces, rgb: Rgb) {
    this.#document = document;
    this.#faces = faces;
    this.#rgb = rgb;
    this.#page = document.addPage([paper.width, paper.height]);
    this.#y = paper.height - paper.top;
  }

  heading(line: Line, level: number): void {
    const size = headingSizes[level - 1] ?? bodySize;
    this.#space(size * 0.7);
    // A heading is not left alone at the foot of a page.
    if (this.#y - size * 4 < paper.bottom) this.#turn();
    const bold = line.map((run): Run => ({ ...run, bold: true }));
    for (const row of this.#broken(bold, size, paper.width - 2 * paper.side)) this.#line(row, paper.side, size);
    this.#space(size * 0.2);
  }

  paragraph(line: Line, indent: number): void {
    const left = paper.side + Math.min(indent, 8) * 14;
    for (const row of this.#broken(line, bodySize, paper.width - paper.side - left)) this.#line(row, left, bodySize);
    this.#space(3);
  }

  /** As large as on the page (a CSS pixel is three quarters of a point), made smaller to fit the paper, never cut. */
  async picture({ data, width, height }: Extract<Block, { kind: "picture" }>): Promise<void> {
    const bytes = fromBase64(data.slice(data.indexOf(",") + 1));
    const image = data.startsWith("data:image/jpeg")
      ? await this.#document.embedJpg(bytes)
      : await this.#document.embedPng(bytes);
    const room = { width: paper.width - 2 * paper.side, height: paper.height - paper.top - paper.bottom };
    const scale = Math.min(1, room.width / (width * 0.75), room.height / (height * 0.75));
    const size = { width: width * 0.75 * scale, height: height * 0.75 * scale };
    if (this.#y - size.height < paper.bottom) this.#turn();
    this.#y -= size.height;
    this.#page.drawImage(image, { x: paper.side, y: this.#y, ...size });
    this.#space(bodySize);
  }

  rule(): void {
    this.#space(4);
    this.#stroke(paper.side, paper.width - paper.side, this.#y);
    this.#space(4);
  }

  table(rows: readonly Extract<Block, { kind: "row" }>[]): void {
    const columns = Math.max(...rows.map((row) => row.cells.reduce((sum, cell) => sum + Math.max(1, cell.span), 0)));
    const widths = this.#widths(rows, columns);
    const gap = 6;
    this.#space(3);
    for (const row of rows) {
      let column = 0;
      let left = paper.side;
      const cells = row.cells.map((cell) => {
        const span = Math.max(1, cell.span);
        const width = widths.slice(column, column + span).reduce((sum, one) => sum + one, 0);
        const line = cell.isHeading ? cell.line.map((run): Run => ({ ...run, bold: true })) : cell.line;
        const placed = { left, lines: this.#broken(line, bodySize - 0.5, Math.max(width - gap, 20)) };
        column += span;
        left += width;
        return placed;
      });
      const height = Math.max(1, ...cells.map(({ lines }) => lines.length));
      for (let index = 0; index < height; index += 1) {
        this.#room(bodySize);
        const at = this.#y;
        for (const { left: x, lines } of cells) {
          this.#y = at;
          const line = lines[index];
          if (line !== undefined) this.#draw(line, x);
        }
        this.#y = at - bodySize * 1.35;
      }
      this.#stroke(paper.side, paper.width - paper.side, this.#y + bodySize * 0.75);
      this.#space(3);
    }
    this.#space(4);
  }

  foot(provenance: string): void {
    const pages = this.#document.getPages();
    if (pages.length > longestDocument) throw new Problem("capture-too-large");
    pages.forEach((page, index) => {
      this.#page = page;
      this.#y = paper.bottom - 24;
      const text = footOf(provenance, index + 1, pages.length);
      for (const piece of this.#pieces({ text, colour: [110, 110, 110] }, 8)) this.#draw([piece], paper.side);
    });
  }

  /** Columns share the width by their longest words first, then by how much they say. */
  #widths(rows: readonly Extract<Block, { kind: "row" }>[], columns: number): number[] {
    const available = paper.width - 2 * paper.side;
    const wanted = new Array<number>(columns).fill(20);
    const least = new Array<number>(columns).fill(20);
    for (const row of rows) {
      let column = 0;
      for (const cell of row.cells) {
        const span = Math.max(1, cell.span);
        if (span === 1) {
          const words = cell.line.flatMap((run) => this.#words(run, bodySize - 0.5));
          const width = words.reduce((sum, word) => sum + word.width, 0) + 8;
          wanted[column] = Math.max(wanted[column] ?? 0, Math.min(width, available));
          least[column] = Math.max(least[column] ?? 0, ...words.map((word) => Math.min(word.width + 8, available / 2)));
        }
        column += span;
      }
    }
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    if (sum(wanted) <= available) return wanted;
    const floor = sum(least);
    if (floor >= available) return least.map((value) => (value / floor) * available);
    const extra = wanted.map((value, index) => value - (least[index] ?? 0));
    return least.map((value, index) => value + ((extra[index] ?? 0) / sum(extra)) * (available - floor));
  }

  /** Lines no wider than the width; a word longer than a line is cut, because what does not fit would not be seen. */
  #broken(line: Line, size: number, width: number): Piece[][] {
    const lines: Piece[][] = [];
    let current: Piece[] = [];
    let used = 0;
    const end = () => {
      lines.push(current);
      current = [];
      used = 0;
    };
    for (const run of line) {
      run.text.split("\n").forEach((part, index) => {
        if (index > 0 && current.length > 0) end();
        for (const word of this.#words({ ...run, text: part }, size)) {
          const isBlank = word.text.trim() === "";
          if (isBlank && current.length === 0) continue;
          if (used + word.width > width && !isBlank && current.length > 0) end();
          for (const piece of word.width > width ? this.#cut(word, width) : [word]) {
            if (used + piece.width > width && !isBlank && current.length > 0) end();
            current.push(piece);
            used += piece.width;
          }
        }
      });
    }
    if (current.length > 0) end();
    return lines;
  }

  #cut(word: Piece, width: number): Piece[] {
    const pieces: Piece[] = [];
    let text = "";
    for (const sign of word.text) {
      if (text !== "" && word.font.widthOfTextAtSize(text + sign, word.size) > width) {
        pieces.push({ ...word, text, width: word.font.widthOfTextAtSize(text, word.size) });
        text = "";
      }
      text += sign;
    }
    return [...pieces, { ...word, text, width: word.font.widthOfTextAtSize(text, word.size) }];
  }

  #words(run: Run, size: number): Piece[] {
    return this.#pieces(run, size).flatMap((piece) =>
      (piece.text.match(/\s+|\S+/g) ?? []).map((text) => ({
        ...piece,
        text,
        width: piece.font.widthOfTextAtSize(text, piece.size),
      })),
    );
  }

  #pieces(run: Run, size: number): Piece[] {
    const own = run.raised === undefined ? size : size * 0.72;
    const rise = run.raised === "up" ? size * 0.36 : run.raised === "down" ? -size * 0.16 : 0;
    return piecesOf(writable(run.text).replace(/\n/g, " "), run.bold === true, this.#faces).map(({ text, font }) => ({
      text,
      font,
      width: font.widthOfTextAtSize(text, own),
      size: own,
      rise,
      isStruck: run.struck === true,
      colour: run.colour ?? black,
    }));
  }

  #line(pieces: readonly Piece[], left: number, size: number): void {
    this.#room(size);
    this.#draw(pieces, left);
    this.#y -= size * 1.4;
  }

  #draw(pieces: readonly Piece[], left: number): void {
    let x = left;
    for (const piece of joined(pieces)) {
      const y = this.#y + piece.rise;
      const color = this.#rgb(piece.colour);
      this.#page.drawText(piece.text, { x, y, size: piece.size, font: piece.font, color });
      if (piece.isStruck) {
        const middle = y + piece.size * 0.3;
        this.#page.drawLine({ start: { x, y: middle }, end: { x: x + piece.width, y: middle }, thickness: 0.8, color });
      }
      x += piece.width;
    }
  }

  #stroke(from: number, to: number, y: number): void {
    this.#page.drawLine({ start: { x: from, y }, end: { x: to, y }, thickness: 0.4, color: this.#rgb(grey) });
  }

  #room(size: number): void {
    if (this.#y - size < paper.bottom) this.#turn();
  }

  #turn(): void {
    this.#page = this.#document.addPage([paper.width, paper.height]);
    this.#y = paper.height - paper.top;
  }

  #space(height: number): void {
    this.#y -= height;
  }
}

/** Words of one look are written in one go: what is read again from the PDF keeps its blanks. */
function joined(pieces: readonly Piece[]): Piece[] {
  const whole: Piece[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    const isAlike =
      last !== undefined &&
      last.font === piece.font &&
      last.size === piece.size &&
      last.rise === piece.rise &&
      last.isStruck === piece.isStruck &&
      last.colour.join() === piece.colour.join();
    if (isAlike) whole[whole.length - 1] = { ...last, text: last.text + piece.text, width: last.width + piece.width };
    else whole.push(piece);
  }
  return whole;
}
