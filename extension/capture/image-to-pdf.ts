import { Problem } from "../shared/problem.ts";

const a4 = { width: 595.28, height: 841.89 };

/**
 * An image that the record does not take (PNG, GIF, WebP) on one PDF page, without loss for PNG.
 * The library is loaded only here.
 */
export async function imageToPdf(
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { PDFDocument } = await import("@cantoo/pdf-lib");
  const png = contentType === "image/png" ? bytes : await redrawAsPng(bytes, contentType);
  const document = await PDFDocument.create();
  const image = await document.embedPng(png);
  // Fitted on A4, upright or lying, never enlarged beyond one point per pixel.
  const isWide = image.width > image.height;
  const paper = isWide ? { width: a4.height, height: a4.width } : a4;
  const scale = Math.min(paper.width / image.width, paper.height / image.height, 1);
  const size = { width: image.width * scale, height: image.height * scale };
  const page = document.addPage([paper.width, paper.height]);
  page.drawImage(image, { x: (paper.width - size.width) / 2, y: paper.height - size.height, ...size });
  return Uint8Array.from(await document.save());
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
