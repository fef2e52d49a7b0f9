/** Pixels of a page or image, four bytes each. */
export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

const longestSide = 3_000;

export function pixelsOf(canvas: HTMLCanvasElement): Pixels {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no 2d canvas");
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  return { data: data as Uint8ClampedArray<ArrayBuffer>, width, height };
}

/** A picture that the browser can draw, as pixels; undefined for the others (TIFF) and for broken ones. */
export async function imagePixels(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<Pixels | undefined> {
  try {
    const bitmap = await createImageBitmap(new Blob([bytes], { type: contentType }));
    const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return pixelsOf(canvas);
  } catch {
    return undefined;
  }
}
