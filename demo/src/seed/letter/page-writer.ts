/** A pen that moves down A4 pages and opens the next one when the page is full. */
import { type Color, type PDFDocument, type PDFFont, type PDFPage, rgb } from "@cantoo/pdf-lib";
import { breakLines, printable } from "./text-flow.ts";

export const page = { width: 595.28, height: 841.89, margin: 56, bottom: 84 } as const;
export const ink = rgb(0.11, 0.13, 0.17);
export const faint = rgb(0.4, 0.44, 0.5);
export const hairline = rgb(0.84, 0.86, 0.89);

export interface Fonts {
  readonly regular: PDFFont;
  readonly bold: PDFFont;
}

interface TextStyle {
  readonly font?: PDFFont;
  readonly size?: number;
  readonly color?: Color;
  readonly leading?: number;
  readonly x?: number;
  readonly width?: number;
}

export class PageWriter {
  readonly document: PDFDocument;
  readonly fonts: Fonts;
  current: PDFPage;
  y: number;

  constructor(document: PDFDocument, fonts: Fonts) {
    this.document = document;
    this.fonts = fonts;
    this.current = document.addPage([page.width, page.height]);
    this.y = page.height - page.margin;
  }

  /** Makes sure that `height` points are left on the page, or turns it. */
  reserve(height: number): void {
    if (this.y - height >= page.bottom) return;
    this.current = this.document.addPage([page.width, page.height]);
    this.y = page.height - page.margin;
  }

  /** Writes wrapped text at the pen and moves it below. */
  write(value: string, style: TextStyle = {}): void {
    const { font = this.fonts.regular, size = 10.5, color = ink, leading = size * 1.45, x = page.margin } = style;
    const width = style.width ?? page.width - page.margin - x;
    for (const line of breakLines(value, font, size, width)) {
      this.reserve(leading);
      this.current.drawText(line, { x, y: this.y - size, size, font, color });
      this.y -= leading;
    }
  }

  /** Writes one line whose end stands at `right`, without moving the pen. */
  writeRight(value: string, right: number, y: number, style: TextStyle = {}): void {
    const { font = this.fonts.regular, size = 10.5, color = ink } = style;
    const text = printable(value);
    this.current.drawText(text, { x: right - font.widthOfTextAtSize(text, size), y, size, font, color });
  }

  line(color: Color = hairline, thickness = 0.6): void {
    this.current.drawLine({
      start: { x: page.margin, y: this.y },
      end: { x: page.width - page.margin, y: this.y },
      thickness,
      color,
    });
  }

  space(points: number): void {
    this.y -= points;
  }
}
