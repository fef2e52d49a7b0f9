/**
 * Compares two pictures as somebody would from a step away: by the mean colour of small squares. Letters smoothed otherwise
 * leave those means where they are; what is moved, missing or of another colour does not.
 */
interface Picture {
  readonly metadata: { readonly width: number; readonly height: number };
  readonly data: Uint8Array | Uint8ClampedArray;
}

interface Compared {
  readonly pass: boolean;
  readonly diff: Uint8Array | null;
  readonly message: string | null;
}

/**
 * Side of a square in pixels of the picture. Measured on the pictures: without hinting, LCD smoothing and subpixel positions,
 * no mean of this size moves by more than 20; a count that is hidden or an accent of another colour moves 40 squares by more.
 */
const side = 8;
/** How far a mean may lie from that of the reference, of 255, before the square counts as another. */
const tolerance = 22;
/** Squares that may be others: an icon or a native field that another version draws anew. */
const mostSquares = 3;
/** A line more is another picture; the last pixel of a rounded height is not. */
const mostPixelsOfHeight = 2;

/** Registered as `squares` in `vitest.config.ts`. */
export function compareSquares(
  reference: Picture,
  actual: Picture,
  { createDiff }: { readonly createDiff: boolean },
): Compared {
  const { width, height } = reference.metadata;
  const sizes = `${width} × ${height} px, now ${actual.metadata.width} × ${actual.metadata.height}`;
  if (width !== actual.metadata.width || Math.abs(height - actual.metadata.height) > mostPixelsOfHeight)
    return { pass: false, diff: null, message: `The picture was ${sizes}.` };
  // Short of the lower edge, which such a pixel moves.
  const common = Math.min(height, actual.metadata.height) - mostPixelsOfHeight;
  const others: (readonly [x: number, y: number])[] = [];
  for (let y = 0; y + side <= common; y += side)
    for (let x = 0; x < width; x += side) {
      const [before, now] = [reference, actual].map((picture) => mean(picture, x, y, common));
      if (before?.some((value, channel) => Math.abs(value - (now?.[channel] ?? 0)) > tolerance)) others.push([x, y]);
    }
  const pass = others.length <= mostSquares;
  return {
    pass,
    diff: createDiff && !pass ? marked(actual, others) : null,
    message: pass ? null : `${others.length} squares of ${side} px are not what they were; ${mostSquares} may differ.`,
  };
}

function mean({ metadata: { width }, data }: Picture, left: number, top: number, height: number): readonly number[] {
  const sums = [0, 0, 0];
  let pixels = 0;
  for (let y = top; y < Math.min(top + side, height); y++)
    for (let x = left; x < Math.min(left + side, width); x++) {
      for (const channel of [0, 1, 2])
        sums[channel] = (sums[channel] ?? 0) + (data[(y * width + x) * 4 + channel] ?? 0);
      pixels++;
    }
  return sums.map((sum) => sum / pixels);
}

/** The picture, paler, with the squares in red. */
function marked(
  { metadata: { width, height }, data }: Picture,
  squares: readonly (readonly [number, number])[],
): Uint8Array {
  const drawn = Uint8Array.from(data, (value, at) => (at % 4 === 3 ? 255 : 128 + value / 2));
  for (const [left, top] of squares)
    for (let y = top; y < Math.min(top + side, height); y++)
      for (let x = left; x < Math.min(left + side, width); x++) drawn.set([220, 0, 0], (y * width + x) * 4);
  return drawn;
}
