/** A page of a TIFF of a test; what is left out is as the format says (one black and white sample, not packed). */
export interface TestPage {
  readonly width: number;
  readonly height: number;
  readonly bits?: number;
  readonly compression?: number;
  readonly photometric?: number;
  /** Bit 0: a small copy of another page. */
  readonly subfile?: number;
  readonly data: string;
}

/** A TIFF of these pages, one strip each, the least significant byte first. */
export function tiffOf(pages: readonly TestPage[]): Uint8Array {
  const bytes: number[] = [0x49, 0x49, 42, 0];
  const put = (value: number, size: number) => {
    for (let at = 0; at < size; at++) bytes.push((value >>> (8 * at)) & 0xff);
  };
  put(8, 4);
  pages.forEach((page, at) => {
    const { width, height, bits = 1, compression = 1, photometric = 1, subfile = 0, data } = page;
    const fields = [
      [254, subfile],
      [256, width],
      [257, height],
      [258, bits],
      [259, compression],
      [262, photometric],
      [273, bytes.length + 2 + 12 * 8 + 4],
      [279, data.length],
    ] as const;
    put(fields.length, 2);
    for (const [tag, value] of fields) {
      put(tag, 2);
      put(4, 2);
      put(1, 4);
      put(value, 4);
    }
    put(at === pages.length - 1 ? 0 : bytes.length + 4 + data.length, 4);
    for (const character of data) bytes.push(character.charCodeAt(0));
  });
  return Uint8Array.from(bytes);
}
