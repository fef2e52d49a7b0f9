import { describe, expect, it } from "vitest";
import { compareSquares } from "./compare.ts";

const width = 80;
/** A white page with a dark block, and letters: every other column grey. */
function picture(block: { readonly x: number; readonly y: number; readonly side: number }, height = 80, grey = 120) {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isIn = x >= block.x && x < block.x + block.side && y >= block.y && y < block.y + block.side;
      const shade = isIn ? 20 : y > 60 && y < 68 && x % 2 === 0 ? grey : 255;
      data.fill(shade, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  return { metadata: { width, height }, data };
}
const block = { x: 10, y: 10, side: 32 };
const compared = (actual: ReturnType<typeof picture>) => compareSquares(picture(block), actual, { createDiff: true });

describe("pictures compared by squares", () => {
  it("are the same when letters are smoothed otherwise, and when a rounded height has a pixel more", () => {
    expect(compared(picture(block))).toMatchObject({ pass: true, diff: null });
    expect(compared(picture(block, 80, 150)).pass).toBe(true);
    expect(compared(picture(block, 81)).pass).toBe(true);
  });

  it("are not when a block has moved, is missing, or the page has another size, and say where", () => {
    for (const other of [
      { ...block, x: 16 },
      { ...block, side: 0 },
    ]) {
      const { pass, diff, message } = compared(picture(other));
      expect(pass).toBe(false);
      expect(message).toMatch(/squares/);
      expect([...(diff ?? [])].filter((value, at) => at % 4 === 1 && value === 0).length).toBeGreaterThan(100);
    }
    expect(compared(picture(block, 90))).toMatchObject({ pass: false, diff: null });
  });
});
