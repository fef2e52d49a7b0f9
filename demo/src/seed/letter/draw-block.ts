/** Draws one piece of a letter's body. */
import type { Color } from "@cantoo/pdf-lib";
import type { LetterBlock } from "./letter.ts";
import { faint, hairline, ink, type PageWriter, page } from "./page-writer.ts";
import { breakLines } from "./text-flow.ts";

const contentWidth = page.width - 2 * page.margin;

export function drawBlock(writer: PageWriter, block: LetterBlock, accent: Color): void {
  switch (block.kind) {
    case "heading":
      writer.reserve(48);
      writer.space(12);
      writer.write(block.text, { font: writer.fonts.bold, size: 11.5, color: accent });
      writer.space(2);
      return;
    case "text":
      writer.write(block.text);
      writer.space(5);
      return;
    case "list":
      for (const item of block.items) {
        writer.reserve(16);
        writer.current.drawCircle({ x: page.margin + 5, y: writer.y - 7, size: 1.6, color: accent });
        writer.write(item, { x: page.margin + 16 });
      }
      writer.space(5);
      return;
    case "table":
      drawTable(writer, block.columns, block.rows);
  }
}

/** First column takes what the others leave: 40 % at least. */
function columnWidths(count: number): readonly number[] {
  if (count === 1) return [contentWidth];
  const first = count === 2 ? 0.45 : 0.4;
  return Array.from({ length: count }, (_, index) => contentWidth * (index === 0 ? first : (1 - first) / (count - 1)));
}

function drawTable(writer: PageWriter, columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = columnWidths(columns.length);
  writer.reserve(40);
  writer.space(4);
  drawRow(writer, columns, widths, true);
  for (const row of rows) drawRow(writer, row, widths, false);
  writer.space(8);
}

function drawRow(writer: PageWriter, cells: readonly string[], widths: readonly number[], isHead: boolean): void {
  const font = isHead ? writer.fonts.bold : writer.fonts.regular;
  const size = isHead ? 8.5 : 9.5;
  const leading = 13;
  const wrapped = cells.map((cell, index) => breakLines(cell, font, size, (widths[index] ?? 0) - 8));
  const height = Math.max(...wrapped.map((lines) => lines.length)) * leading + 6;
  writer.reserve(height);
  let x = page.margin;
  for (const [index, lines] of wrapped.entries()) {
    for (const [row, line] of lines.entries())
      writer.current.drawText(line, {
        x: x + 2,
        y: writer.y - size - 3 - row * leading,
        size,
        font,
        color: isHead ? faint : ink,
      });
    x += widths[index] ?? 0;
  }
  writer.y -= height;
  writer.line(hairline, isHead ? 0.9 : 0.5);
}
