/** Tags of TIFF 6.0 that tell how a page is laid out and packed. */
const tag = {
  subfile: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  faxOptions: 292,
  resolutionUnit: 296,
  predictor: 317,
  colours: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  jpegTables: 347,
} as const;

/** A strip or a tile of a page, as it is packed in the file. */
export interface TiffPart {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** One page of a TIFF: what its parts are packed with, and how large it is on paper. */
export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly samples: number;
  readonly compression: number;
  readonly photometric: number;
  readonly predictor: number;
  /** Options of CCITT group 3. */
  readonly faxOptions: number;
  readonly orientation: number;
  /** Red, green and blue of each colour of a palette, one byte each. */
  readonly palette?: Uint8Array;
  readonly jpegTables?: Uint8Array;
  /** Size on paper, in points (1/72 inch). */
  readonly points: readonly [width: number, height: number];
  readonly parts: readonly TiffPart[];
}

/** What the file holds is not drawn here, though it is no damage: another packing, another colour. */
export class UnknownTiff extends Error {
  override readonly name = "UnknownTiff";
}

/** Bytes of a value of each type of field: BYTE, ASCII, SHORT, LONG, RATIONAL. */
const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 };
/** More pages than any fax has: a chain of directories that never ends is damage. */
const maximumPages = 2_000;
/** Of a page whose resolution is not told, or cannot be. */
const a4Width = 595;
const longestSide = 14_400;

type Fields = ReadonlyMap<number, readonly number[]>;

/**
 * The pages of a TIFF (6.0), still packed: nothing is decoded here.
 *
 * @throws RangeError - the file is cut short or points outside itself
 * @throws UnknownTiff - it is packed in a way that is not drawn
 */
export function readTiff(bytes: Uint8Array): TiffPage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = view.getUint8(0) === 0x49;
  if (view.getUint16(2, isLittle) !== 42) throw new UnknownTiff();
  const pages: TiffPage[] = [];
  const seen = new Set<number>();
  for (let at = view.getUint32(4, isLittle); at !== 0; ) {
    if (seen.has(at) || seen.size >= maximumPages) throw new RangeError();
    seen.add(at);
    const count = view.getUint16(at, isLittle);
    const fields = readFields(view, at + 2, count, isLittle);
    // A small copy of another page is no page.
    if (((fields.get(tag.subfile)?.[0] ?? 0) & 1) === 0) pages.push(readPage(bytes, fields, isLittle));
    at = view.getUint32(at + 2 + count * 12, isLittle);
  }
  if (pages.length === 0) throw new RangeError();
  return pages;
}

function readFields(view: DataView, start: number, count: number, isLittle: boolean): Fields {
  const fields = new Map<number, readonly number[]>();
  const wanted = new Set<number>(Object.values(tag));
  for (let at = start; at < start + count * 12; at += 12) {
    const name = view.getUint16(at, isLittle);
    const type = view.getUint16(at + 2, isLittle);
    const length = view.getUint32(at + 4, isLittle);
    const size = sizes[type];
    if (!wanted.has(name) || size === undefined) continue;
    const place = length * size <= 4 ? at + 8 : view.getUint32(at + 8, isLittle);
    if (place + length * size > view.byteLength) throw new RangeError();
    const read = (index: number) => {
      const from = place + index * size;
      if (size === 1) return view.getUint8(from);
      if (size === 2) return view.getUint16(from, isLittle);
      const value = view.getUint32(from, isLittle);
      return size === 4 ? value : value / view.getUint32(from + 4, isLittle);
    };
    fields.set(
      name,
      Array.from({ length }, (_, index) => read(index)),
    );
  }
  return fields;
}

function readPage(bytes: Uint8Array, fields: Fields, isLittle: boolean): TiffPage {
  const one = (name: number, otherwise: number) => fields.get(name)?.[0] ?? otherwise;
  const [width, height] = [one(tag.width, 0), one(tag.height, 0)];
  if (width === 0 || height === 0) throw new RangeError();
  const samples = one(tag.samples, 1);
  const bits = one(tag.bits, 1);
  const compression = one(tag.compression, 1);
  const isWide = bits === 16 && isLittle;
  if (
    ![1, 2, 4, 8, 16].includes(bits) ||
    (fields.get(tag.bits) ?? []).some((each) => each !== bits) ||
    (samples > 1 && one(tag.planar, 1) !== 1) ||
    // Two bytes in this order can be turned only where they are not packed.
    (isWide && (compression !== 1 || one(tag.predictor, 1) !== 1))
  )
    throw new UnknownTiff();
  const isReversed = one(tag.fillOrder, 1) === 2;
  const orderly = (part: Uint8Array) => (isReversed ? reversed(part) : isWide ? swapped(part) : part);
  const palette = fields.get(tag.colours);
  const tables = fields.get(tag.jpegTables);
  return {
    width,
    height,
    bits,
    samples,
    compression,
    photometric: one(tag.photometric, 1),
    predictor: one(tag.predictor, 1),
    faxOptions: one(tag.faxOptions, 0),
    orientation: one(tag.orientation, 1),
    points: pointsOf(fields, width, height),
    parts: partsOf(bytes, fields, width, height).map((part) => ({ ...part, bytes: orderly(part.bytes) })),
    ...(palette === undefined ? {} : { palette: paletteOf(palette) }),
    ...(tables === undefined ? {} : { jpegTables: Uint8Array.from(tables) }),
  };
}

function partsOf(bytes: Uint8Array, fields: Fields, width: number, height: number): TiffPart[] {
  const isTiled = fields.has(tag.tileOffsets);
  const offsets = fields.get(isTiled ? tag.tileOffsets : tag.stripOffsets) ?? [];
  const lengths = fields.get(isTiled ? tag.tileBytes : tag.stripBytes) ?? [];
  const partWidth = isTiled ? (fields.get(tag.tileWidth)?.[0] ?? 0) : width;
  const rows = isTiled
    ? (fields.get(tag.tileHeight)?.[0] ?? 0)
    : Math.min(height, fields.get(tag.rowsPerStrip)?.[0] ?? height);
  if (partWidth === 0 || rows === 0) throw new RangeError();
  const across = Math.ceil(width / partWidth);
  if (offsets.length < across * Math.ceil(height / rows)) throw new RangeError();
  return offsets.map((offset, index): TiffPart => {
    // Some writers of single strips leave their length out: it goes to the end of the file.
    const length = lengths[index] ?? bytes.length - offset;
    if (offset + length > bytes.length || length < 0) throw new RangeError();
    const y = Math.floor(index / across) * rows;
    return {
      x: (index % across) * partWidth,
      y,
      width: partWidth,
      // The last strip holds what is left; a tile is always whole.
      height: isTiled ? rows : Math.min(rows, height - y),
      bytes: bytes.subarray(offset, offset + length),
    };
  });
}

function pointsOf(fields: Fields, width: number, height: number): readonly [number, number] {
  const unit = fields.get(tag.resolutionUnit)?.[0] ?? 2;
  const perInch = (name: number) => {
    const given = fields.get(name)?.[0];
    return given === undefined || unit === 1 ? Number.NaN : unit === 3 ? given * 2.54 : given;
  };
  const points: [number, number] = [(width / perInch(tag.xResolution)) * 72, (height / perInch(tag.yResolution)) * 72];
  const isSane = points.every((side) => side >= 3 && side <= longestSide);
  return isSane ? points : [a4Width, Math.min(longestSide, (a4Width * height) / width)];
}

/** All reds, then all greens, then all blues, two bytes each → one byte each, by colour. */
function paletteOf(values: readonly number[]): Uint8Array {
  const count = Math.floor(values.length / 3);
  return Uint8Array.from({ length: count * 3 }, (_, at) => (values[(at % 3) * count + Math.floor(at / 3)] ?? 0) >> 8);
}

const mirror = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number.parseInt(byte.toString(2).padStart(8, "0").split("").reverse().join(""), 2),
);
const reversed = (bytes: Uint8Array) => bytes.map((byte) => mirror[byte] ?? 0);
const swapped = (bytes: Uint8Array) => bytes.map((_, at) => bytes[at ^ 1] ?? 0);
