import { readCdaBody } from "@carnet/sdk/cda";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

/** The words of the PDF that a deposited CDA carries, and its number of pages. */
export async function pdfTextOf(cda: Buffer): Promise<{ readonly text: string; readonly pages: number }> {
  const body = readCdaBody(cda.toString("utf8"));
  if (body.level !== 1) throw new Error("the document carries no file");
  const pdf = await getDocument({ data: body.bytes.slice(), verbosity: 0 }).promise;
  const texts: string[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    texts.push(items.map((item) => ("str" in item ? item.str : "")).join(" "));
  }
  const pages = pdf.numPages;
  await pdf.destroy();
  return { text: texts.join("\n").replace(/\s+/g, " "), pages };
}
