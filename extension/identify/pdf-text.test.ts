import { PDFDocument, StandardFonts } from "@cantoo/pdf-lib";
import { findIdentities } from "@carnet/sdk/identity";
import type { PDFDocumentProxy } from "pdfjs-dist";
import { getDocument, OPS } from "pdfjs-dist/legacy/build/pdf.mjs";
import { describe, expect, it } from "vitest";
import { pngOf } from "../e2e/fixtures.ts";
import { readText } from "./pdf-text.ts";

const signal = new AbortController().signal;

const letter = ["Nom de naissance : TESTARD", "Prénom : Camille", "Née le : 14/03/1985", "Sortie sans traitement"];

async function blank(pages = 1) {
  const pdf = await PDFDocument.create();
  for (let page = 0; page < pages; page += 1) pdf.addPage([595, 842]);
  return pdf;
}

async function write(pdf: PDFDocument, page: number, lines: readonly string[]) {
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const [index, line] of lines.entries())
    pdf.getPage(page).drawText(line, { x: 60, y: 770 - index * 30, size: 11, font });
}

async function read(pdf: PDFDocument) {
  const task = getDocument({ data: await pdf.save(), verbosity: 0 });
  const text = await readText((await task.promise) as unknown as PDFDocumentProxy, { operators: OPS, signal });
  await task.destroy();
  return text;
}

describe("the words of a PDF", () => {
  it("leave out the pages that are pictures, and say which they are", async () => {
    const pdf = await blank(5);
    await write(pdf, 0, letter);
    // A scan with the stamp of its scanner, the back of a sheet, a drawing, a last page under a line.
    pdf.getPage(1).drawImage(await pdf.embedPng(pngOf(40, 60)), { x: 60, y: 200, width: 400, height: 600 });
    await write(pdf, 1, ["Scan 2/5"]);
    const line = { start: { x: 60, y: 60 }, end: { x: 400, y: 60 } };
    pdf.getPage(3).drawLine(line);
    pdf.getPage(4).drawLine(line);
    await write(pdf, 4, ["Page 5"]);
    expect(await read(pdf)).toMatchObject({ isWhole: true, pictured: [2, 4] });
  });

  it("R40 are not those that a scanner stamps on a picture of a paper, however many and wherever they stand", async () => {
    const stamp = "Numérisé le 12/11/2026 par le service des admissions, page";
    const pdf = await blank(7);
    const font = await pdf.embedFont(StandardFonts.Helvetica);
    const picture = await pdf.embedPng(pngOf(40, 60));
    const write = (page: number, words: string, y: number, size = 9) =>
      pdf.getPage(page).drawText(words, { x: 60, y, size, font });
    const cover = (page: number, height: number) =>
      pdf.getPage(page).drawImage(picture, { x: 30, y: 40, width: 530, height });
    // At the foot, across the middle, and as a banner of the record that it lies in, over a picture cut in strips.
    for (const [page, y] of [30, 400].entries()) {
      cover(page, 780);
      write(page, `${stamp} ${page + 1}/7`, y);
    }
    for (let strip = 0; strip < 10; strip += 1)
      pdf.getPage(2).drawImage(picture, { x: 30, y: 40 + strip * 70, width: 530, height: 70 });
    for (let line = 0; line < 5; line += 1)
      write(2, `${stamp} 3/7, copie conforme au papier du dossier`, 830 - line * 11);
    // A letter on a picture of its letterhead, a scan whose words were recognised, an examination with its image, a logo.
    const lines = Array.from({ length: 6 }, (_, index) => `Le bilan du jour est rassurant, sortie ce jour (${index}).`);
    for (const [page, height] of [780, 780, 250, 60].entries()) {
      cover(page + 3, height);
      for (const [index, line] of lines.entries()) write(page + 3, line, 700 - index * 30);
    }
    expect(await read(pdf)).toMatchObject({ pictured: [1, 2, 3] });
  });

  it("are those that somebody typed in its form too, each behind its label", async () => {
    const pdf = await blank();
    await write(pdf, 0, ["Nom de naissance :", "Prénom :", "Né(e) le :", "Certificat médical initial"]);
    for (const [index, typed] of ["EXEMPLIN", "Alix", "02/06/1970"].entries()) {
      const field = pdf.getForm().createTextField(`field-${index}`);
      field.setText(typed);
      field.addToPage(pdf.getPage(0), { x: 180, y: 764 - index * 30, width: 200, height: 18 });
    }
    const [person] = findIdentities((await read(pdf)).text);
    expect(person?.traits).toMatchObject({ birthName: "EXEMPLIN", firstGivenName: "Alix", birthDate: "1970-06-02" });
  });

  it("are not read of a file that its owner protected, though it opens without a password: the record takes none", async () => {
    const pdf = await blank();
    await write(pdf, 0, letter);
    pdf.encrypt({ ownerPassword: "laboratoire", permissions: { modifying: false } });
    await expect(read(pdf)).rejects.toMatchObject({ code: "pdf-encrypted" });
  });

  it("are not those of a field that nobody sees", async () => {
    const pdf = await blank();
    await write(pdf, 0, letter);
    const field = pdf.getForm().createTextField("hidden");
    field.setText("EXEMPLIN");
    field.addToPage(pdf.getPage(0), { x: 180, y: 764, width: 200, height: 18, hidden: true });
    expect((await read(pdf)).text).not.toContain("EXEMPLIN");
  });
});
