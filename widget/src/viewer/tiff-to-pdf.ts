import { readTiff, type TiffPage, type TiffPart, UnknownTiff } from "./tiff.ts";

/** Compressions of TIFF 6.0 that PDF has under another name (ISO 32000, 7.4). */
const none = 1;
const fax = new Set([2, 3, 4]);
const jpeg = 7;
const packBits = 32773;
const filters: Readonly<Record<number, string>> = {
  2: "CCITTFaxDecode",
  3: "CCITTFaxDecode",
  4: "CCITTFaxDecode",
  5: "LZWDecode",
  [jpeg]: "DCTDecode",
  8: "FlateDecode",
  32946: "FlateDecode",
  [packBits]: "RunLengthDecode",
};
/** Of these, packed rows follow one another: strips are one image, without a seam. */
const joinable = new Set([none, packBits]);
/** PDF turns a page, and does not mirror it. */
const turns: Readonly<Record<number, number>> = { 1: 0, 3: 180, 6: 90, 8: 270 };

const colours: Readonly<Record<number, string>> = { 1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK" };
const photometrics: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3 };

/**
 * The pages of a TIFF as a PDF: what browsers cannot draw becomes what their own viewer, or the panel's drawing, shows with
 * all of its means. The images stay packed as they are: a scan of 40 MB is neither decoded nor packed again.
 *
 * @throws RangeError - the file is damaged
 * @throws UnknownTiff - it holds what is not drawn here
 */
export function tiffToPdf(bytes: Uint8Array): Uint8Array {
  const pages = readTiff(bytes);
  const objects: (readonly (string | Uint8Array)[])[] = [];
  const add = (...parts: readonly (string | Uint8Array)[]) => objects.push(parts);
  const catalog = add("<</Type/Catalog/Pages 2 0 R>>");
  add("");
  const kids = pages.map((page) => {
    const parts = joinable.has(page.compression) && isOneColumn(page) ? [joined(page)] : page.parts;
    const images = parts.map((part) => add(...imageOf(page, part)));
    const content = parts.map((part, at) => placed(page, part, at)).join("\n");
    const contents = add(`<</Length ${content.length}>>\nstream\n${content}\nendstream`);
    const names = images.map((number, at) => `/I${at} ${number} 0 R`).join("");
    const turn = turns[page.orientation];
    if (turn === undefined) throw new UnknownTiff();
    return add(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${page.points.map(decimal).join(" ")}]/Rotate ${turn}` +
        `/Contents ${contents} 0 R/Resources<</XObject<<${names}>>>>>>`,
    );
  });
  objects[1] = [`<</Type/Pages/Kids[${kids.map((number) => `${number} 0 R`).join(" ")}]/Count ${kids.length}>>`];
  return written(objects, catalog);
}

/** PDF knows no exponents: a hair beside nought would be none. */
const decimal = (value: number) => value.toFixed(4);

const isOneColumn = ({ parts, width }: TiffPage) => parts.every((part) => part.x === 0 && part.width === width);

function joined({ parts, width, height }: TiffPage): TiffPart {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part.bytes, at);
    at += part.bytes.length;
  }
  return { x: 0, y: 0, width, height, bytes };
}

/** Where a part stands on its page; it reaches one row under the next, which is drawn over it, so that no seam shows. */
function placed({ width, height, points }: TiffPage, part: TiffPart, at: number): string {
  const [across, down] = [points[0] / width, points[1] / height];
  const overlap = part.y + part.height < height ? 1 : 0;
  const size = [part.width * across, (part.height + overlap) * down].map(decimal).join(" 0 0 ");
  const place = [part.x * across, (height - part.y - part.height - overlap) * down].map(decimal).join(" ");
  return `q ${size} ${place} cm /I${at} Do Q`;
}

function imageOf(page: TiffPage, part: TiffPart): readonly (string | Uint8Array)[] {
  const { compression, photometric, bits, samples } = page;
  const filter = filters[compression];
  const components = photometrics[photometric];
  if (
    (filter === undefined && compression !== none) ||
    components !== samples ||
    (photometric === 6 && compression !== jpeg) ||
    (photometric === 3 && page.palette === undefined) ||
    ![1, 2].includes(page.predictor)
  )
    throw new UnknownTiff();
  const bytes = compression === jpeg ? withTables(part.bytes, page.jpegTables) : part.bytes;
  // A fax is white where nothing is written, unless its colours are turned; all else is black at nought.
  const isTurned = fax.has(compression) ? photometric === 1 : photometric === 0;
  const colour =
    page.palette === undefined || photometric !== 3
      ? colours[samples]
      : `[/Indexed/DeviceRGB ${page.palette.length / 3 - 1}<${hex(page.palette)}>]`;
  const dictionary =
    `<</Type/XObject/Subtype/Image/Width ${part.width}/Height ${part.height}/BitsPerComponent ${bits}` +
    `/ColorSpace${colour}${isTurned ? "/Decode[1 0]" : ""}${filter === undefined ? "" : `/Filter/${filter}`}` +
    `${parametersOf(page, part)}/Length ${bytes.length}>>`;
  return [`${dictionary}\nstream\n`, bytes, "\nendstream"];
}

function parametersOf({ compression, faxOptions, predictor, photometric, samples, bits }: TiffPage, part: TiffPart) {
  if (fax.has(compression)) {
    const isTwoDimensional = (faxOptions & 1) !== 0;
    const k = compression === 4 ? -1 : compression === 3 && isTwoDimensional ? 1 : 0;
    const aligned = compression === 2 ? "/EncodedByteAlign true" : "";
    return `/DecodeParms<</K ${k}/Columns ${part.width}/Rows ${part.height}/EndOfBlock false${aligned}>>`;
  }
  // Red, green and blue as they are: without a word a decoder takes three colours for a television's.
  if (compression === jpeg) return photometric === 2 ? "/DecodeParms<</ColorTransform 0>>" : "";
  return predictor === 2
    ? `/DecodeParms<</Predictor 2/Colors ${samples}/BitsPerComponent ${bits}/Columns ${part.width}>>`
    : "";
}

/** The tables that strips of a JPEG share go into each of them, after its first mark. */
function withTables(bytes: Uint8Array, tables: Uint8Array | undefined): Uint8Array {
  if (tables === undefined || tables.length <= 4) return bytes;
  const shared = tables.subarray(2, -2);
  const whole = new Uint8Array(bytes.length + shared.length);
  whole.set(bytes.subarray(0, 2));
  whole.set(shared, 2);
  whole.set(bytes.subarray(2), 2 + shared.length);
  return whole;
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The file: its objects, where each of them begins, and which is the first. */
function written(objects: readonly (readonly (string | Uint8Array)[])[], catalog: number): Uint8Array {
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const write = (part: string | Uint8Array) => {
    const bytes = typeof part === "string" ? encoder.encode(part) : part;
    chunks.push(bytes);
    length += bytes.length;
  };
  write("%PDF-1.4\n");
  const places = objects.map((parts, at) => {
    const place = length;
    write(`${at + 1} 0 obj\n`);
    for (const part of parts) write(part);
    write("\nendobj\n");
    return place;
  });
  const table = length;
  write(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`);
  for (const place of places) write(`${String(place).padStart(10, "0")} 00000 n \n`);
  write(`trailer\n<</Size ${objects.length + 1}/Root ${catalog} 0 R>>\nstartxref\n${table}\n%%EOF`);
  const file = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}
