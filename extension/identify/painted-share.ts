/** As PDF writes it: a, b, c, d, e, f. */
type Matrix = readonly [number, number, number, number, number, number];

interface OperatorList {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}

const upright: Matrix = [1, 0, 0, 1, 0, 0];

/**
 * How much of a page images cover, from 0. A scan is one image, or many strips; where images lie on each other (the layers of a
 * compressed scan) it may be more than 1.
 * @param operators `OPS` of pdf.js
 * @param view the page's box: left, bottom, right, top
 */
export function paintedShare(
  { fnArray, argsArray }: OperatorList,
  operators: Readonly<Record<string, number>>,
  view: readonly number[],
): number {
  const names = new Map(Object.entries(operators).map(([name, operator]) => [operator, name]));
  const [left = 0, bottom = 0, right = 0, top = 0] = view;
  const saved: Matrix[] = [];
  let current = upright;
  let area = 0;
  for (const [index, operator] of fnArray.entries()) {
    const given = (argsArray[index] ?? []) as readonly unknown[];
    switch (names.get(operator)) {
      case "save":
        saved.push(current);
        break;
      case "restore":
        current = saved.pop() ?? current;
        break;
      case "transform":
        current = within(current, given);
        break;
      case "paintFormXObjectBegin":
        saved.push(current);
        current = within(current, given[0]);
        break;
      case "beginAnnotation":
        // What is pinned to a page begins from the page itself.
        saved.push(current);
        current = within(within(upright, given[2]), given[3]);
        break;
      case "paintFormXObjectEnd":
      case "endAnnotation":
        current = saved.pop() ?? current;
        break;
      case "paintImageXObject":
      case "paintInlineImageXObject":
      case "paintImageMaskXObject":
        area += areaOf(current, view);
        break;
      // Many pieces at once: pdf.js puts together the strips and tiles that follow each other.
      case "paintImageXObjectRepeat":
        for (const [x, y] of placesIn(given[3]))
          area += areaOf(within(current, [given[1], 0, 0, given[2], x, y]), view);
        break;
      case "paintImageMaskXObjectRepeat":
        for (const [x, y] of placesIn(given[5]))
          area += areaOf(within(current, [given[1], given[2], given[3], given[4], x, y]), view);
        break;
      case "paintInlineImageXObjectGroup":
        for (const piece of piecesIn(given[1])) area += areaOf(within(current, piece), view);
        break;
      case "paintImageMaskXObjectGroup":
        for (const piece of piecesIn(given[0])) area += areaOf(within(current, piece), view);
        break;
    }
  }
  return area / Math.max(1, (right - left) * (top - bottom));
}

/** The matrix of what is drawn by `inner` where `outer` holds. What is no matrix changes nothing. */
function within(outer: Matrix, inner: unknown): Matrix {
  const numbers = isListed(inner) ? Array.from(inner, Number) : [];
  if (numbers.length < 6 || !numbers.every(Number.isFinite)) return outer;
  const [a, b, c, d, e, f] = numbers as [number, number, number, number, number, number];
  const [oa, ob, oc, od, oe, of] = outer;
  return [
    oa * a + oc * b,
    ob * a + od * b,
    oa * c + oc * d,
    ob * c + od * d,
    oa * e + oc * f + oe,
    ob * e + od * f + of,
  ];
}

/** An image is drawn on the unit square: the part of the box around it that lies on the page. */
function areaOf([a, b, c, d, e, f]: Matrix, [left = 0, bottom = 0, right = 0, top = 0]: readonly number[]): number {
  const across = [e, e + a, e + c, e + a + c];
  const up = [f, f + b, f + d, f + b + d];
  const width = Math.min(right, Math.max(...across)) - Math.max(left, Math.min(...across));
  const height = Math.min(top, Math.max(...up)) - Math.max(bottom, Math.min(...up));
  return Math.max(0, width) * Math.max(0, height);
}

function placesIn(positions: unknown): readonly (readonly [number, number])[] {
  const numbers = isListed(positions) ? Array.from(positions, Number) : [];
  return numbers.flatMap((x, index) => (index % 2 === 0 ? [[x, numbers[index + 1] ?? 0] as const] : []));
}

function piecesIn(pieces: unknown): readonly unknown[] {
  return Array.isArray(pieces) ? pieces.map((piece: { readonly transform?: unknown }) => piece.transform) : [];
}

const isListed = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || ArrayBuffer.isView(value);
