/** Lays a letter out on A4: letterhead, identity box, body, signature, page feet. Same letter, same bytes. */
import { type Color, PDFDocument, rgb, StandardFonts } from "@cantoo/pdf-lib";
import { professionalName } from "../professionals.ts";
import { drawBlock } from "./draw-block.ts";
import { civilName, longDate, printedAge, printedIns, shortDate } from "./french.ts";
import type { Accent, Letter } from "./letter.ts";
import { type Fonts, faint, hairline, ink, PageWriter, page } from "./page-writer.ts";
import { printable } from "./text-flow.ts";

const accents: Readonly<Record<Accent, Color>> = {
  blue: rgb(0.11, 0.31, 0.55),
  green: rgb(0.09, 0.42, 0.36),
  plum: rgb(0.42, 0.19, 0.42),
  slate: rgb(0.22, 0.29, 0.38),
  terracotta: rgb(0.62, 0.27, 0.16),
};

/** Bytes of the letter as a PDF with a text layer. */
export async function printLetter(letter: Letter): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const fonts: Fonts = {
    regular: await document.embedFont(StandardFonts.Helvetica),
    bold: await document.embedFont(StandardFonts.HelveticaBold),
  };
  const accent = accents[letter.accent ?? "blue"];
  // Neither the title nor the properties name the patient: a file name or a tab must not either.
  document.setTitle(letter.title);
  document.setLanguage("fr-FR");
  document.setProducer("Carnet");
  document.setCreationDate(new Date(letter.date));
  document.setModificationDate(new Date(letter.date));

  const writer = new PageWriter(document, fonts);
  drawLetterhead(writer, letter, accent);
  drawIdentity(writer, letter);
  writer.space(18);
  writer.write(letter.title, { font: fonts.bold, size: 15, color: accent });
  writer.space(6);
  for (const block of letter.body) drawBlock(writer, block, accent);
  drawSignature(writer, letter);
  drawFeet(document, fonts, letter);
  return document.save({ useObjectStreams: false });
}

function drawLetterhead(writer: PageWriter, letter: Letter, accent: Color): void {
  const { bold } = writer.fonts;
  const structure = letter.structure ?? letter.author.structure;
  const top = page.height - page.margin;
  writer.current.drawRectangle({ x: 0, y: page.height - 10, width: page.width, height: 10, color: accent });
  drawMark(writer, page.margin, top - 34, accent);
  const left = page.margin + 46;
  writer.y = top;
  writer.write(structure.name, { font: bold, size: 12.5, color: accent, x: left, width: 260, leading: 15 });
  if (letter.unit) writer.write(letter.unit, { size: 9, color: ink, x: left, width: 260, leading: 12.5 });
  writer.write(`${structure.address.join(", ")}\nTél. ${structure.phone}`, {
    size: 8.5,
    color: faint,
    x: left,
    width: 260,
    leading: 12,
  });
  const right = page.width - page.margin;
  writer.writeRight(professionalName(letter.author), right, top - 11, { font: bold, size: 10.5 });
  writer.writeRight(letter.author.title, right, top - 24, { size: 8.5, color: faint });
  writer.writeRight(`N° RPPS ${letter.author.rpps.slice(1)}`, right, top - 36, { size: 8.5, color: faint });
  writer.y = Math.min(writer.y, top - 52) - 8;
  writer.line(accent, 0.9);
  writer.space(16);
}

/** A cross in a rounded square: stands for a logo without being anybody's. */
function drawMark(writer: PageWriter, x: number, y: number, accent: Color): void {
  const white = rgb(1, 1, 1);
  writer.current.drawRectangle({ x, y, width: 34, height: 34, color: accent });
  writer.current.drawRectangle({ x: x + 14, y: y + 7, width: 6, height: 20, color: white });
  writer.current.drawRectangle({ x: x + 7, y: y + 14, width: 20, height: 6, color: white });
}

function identityLines(letter: Letter): readonly string[] {
  const { person, date } = letter;
  const born = person.sex === "female" ? "Née" : "Né";
  if (letter.identity === "local") return [`Âge : ${printedAge(person, date)}`, "N° de venue : 26-118 204"];
  return [
    `Nom de naissance : ${person.birthName}`,
    `Prénoms : ${person.birthGivenNames.join(", ")}`,
    `${born} le ${shortDate(person.birthDate)} (${printedAge(person, date)}) à ${person.birthPlace} (${person.birthPlaceCode}) – Sexe : ${person.sex === "female" ? "F" : "M"}`,
    `INS : ${printedIns(person.ins.value)} (NIR de test)`,
  ];
}

function drawIdentity(writer: PageWriter, letter: Letter): void {
  const { bold } = writer.fonts;
  const top = writer.y;
  const width = 300;
  const lines = identityLines(letter);
  const height = 30 + lines.length * 12.5;
  writer.current.drawRectangle({
    x: page.margin,
    y: top - height,
    width,
    height,
    borderColor: hairline,
    borderWidth: 0.8,
    color: rgb(0.975, 0.98, 0.985),
  });
  writer.y = top - 9;
  writer.write(civilName(letter.person), { font: bold, size: 11, x: page.margin + 12, width: width - 24, leading: 16 });
  for (const line of lines)
    writer.write(line, { size: 8.5, color: faint, x: page.margin + 12, width: width - 20, leading: 12.5 });
  const right = page.width - page.margin;
  writer.writeRight(`Le ${longDate(letter.date)}`, right, top - 18, { size: 10 });
  for (const [index, line] of (letter.recipient ?? []).entries())
    writer.writeRight(line, right, top - 38 - index * 12.5, { size: 9, color: faint });
  writer.y = top - height;
}

function drawSignature(writer: PageWriter, letter: Letter): void {
  writer.reserve(70);
  writer.space(20);
  const right = page.width - page.margin;
  writer.writeRight(professionalName(letter.author), right, writer.y - 10, { font: writer.fonts.bold, size: 10.5 });
  writer.writeRight(`Document signé électroniquement le ${shortDate(letter.date)}`, right, writer.y - 24, {
    size: 8.5,
    color: faint,
  });
  writer.space(30);
}

function drawFeet(document: PDFDocument, fonts: Fonts, letter: Letter): void {
  const pages = document.getPages();
  const structure = letter.structure ?? letter.author.structure;
  for (const [index, current] of pages.entries()) {
    const style = { size: 7.5, font: fonts.regular, color: faint };
    const number = `Page ${index + 1} sur ${pages.length}`;
    current.drawLine({
      start: { x: page.margin, y: 54 },
      end: { x: page.width - page.margin, y: 54 },
      thickness: 0.6,
      color: hairline,
    });
    current.drawText(printable(`${structure.name} – personnes et structures fictives, document de démonstration`), {
      x: page.margin,
      y: 40,
      ...style,
    });
    current.drawText(number, {
      x: page.width - page.margin - fonts.regular.widthOfTextAtSize(number, 7.5),
      y: 40,
      ...style,
    });
  }
}
