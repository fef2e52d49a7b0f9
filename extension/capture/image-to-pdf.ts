import { Problem } from "../shared/problem.ts";

const a4 = { width: 595.28, height: 841.89 };

export interface Image {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** An image that the record does not take (PNG, GIF, WebP) on one PDF page, without loss for PNG. */
export function imageToPdf(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<Uint8Array<ArrayBuffer>> {
  return imagesToPdf([{ bytes, contentType }]);
}

/**
 * Images as one PDF, a page each, in their order. JPEG and PNG keep their own pixels. The library is loaded only here.
 * @throws Problem `capture-unknown-type` for an image that the browser cannot draw (TIFF)
 */
export async function imagesToPdf(images: readonly Image[]): Promise<Uint8Array<ArrayBuffer>> {
  const { PDFDocument } = await import("@cantoo/pdf-lib");
  const document = await PDFDocument.create();
  for (const { bytes, contentType } of images) {
    const isJpeg = contentType === "image/jpeg" && !isTurned(bytes);
    const png = contentType === "image/png" || isJpeg ? bytes : await redrawAsPng(bytes, contentType);
    const image = await (isJpeg ? document.embedJpg(bytes) : document.embedPng(png)).catch((cause: unknown) => {
      throw new Problem("capture-unknown-type", { cause });
    });
    // Fitted on A4, upright or lying, never enlarged beyond one point per pixel.
    const isWide = image.width > image.height;
    const paper = isWide ? { width: a4.height, height: a4.width } : a4;
    const scale = Math.min(paper.width / image.width, paper.height / image.height, 1);
    const size = { width: image.width * scale, height: image.height * scale };
    const page = document.addPage([paper.width, paper.height]);
    page.drawImage(image, { x: (paper.width - size.width) / 2, y: paper.height - size.height, ...size });
  }
  return Uint8Array.from(await document.save());
}

/** A telephone writes how it was held in an Exif part, which PDF readers ignore: drawn by the browser, the photograph stands upright. */
function isTurned(bytes: Uint8Array<ArrayBuffer>): boolean {
  return String.fromCharCode(...bytes.subarray(0, 4096)).includes("Exif\0\0");
}

async function redrawAsPng(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const bitmap = await createImageBitmap(new Blob([bytes], { type: contentType }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw new Problem("capture-unknown-type", { cause });
  }
}
