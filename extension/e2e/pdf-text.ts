import { readCdaBody } from "@carnet/sdk/cda";
import { getDocument, OPS } from "pdfjs-dist/legacy/build/pdf.mjs";

/** The words of the PDF that a deposited CDA carries, and its numbers of pages and pictures. */
export async function pdfTextOf(
  cda: Buffer,
): Promise<{ readonly text: string; readonly pages: number; readonly pictures: number }> {
  const body = readCdaBody(cda.toString("utf8"));
  if (body.level !== 1) throw new Error("the document carries no file");
  const pdf = await getDocument({ data: body.bytes.slice(), verbosity: 0 }).promise;
  const texts: string[] = [];
  let pictures = 0;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const { fnArray } = await page.getOperatorList();
    pictures += fnArray.filter((operation) => operation === OPS.paintImageXObject).length;
    texts.push(items.map((item) => ("str" in item ? item.str : "")).join(" "));
  }
  const pages = pdf.numPages;
  await pdf.destroy();
  return { text: texts.join("\n").replace(/\s+/g, " "), pages, pictures };
}
