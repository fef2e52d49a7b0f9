import { crc32, deflateSync } from "node:zlib";
import { PDFDocument, PDFName, PDFRef, PDFString, StandardFonts } from "@cantoo/pdf-lib";
import { wrapInCda } from "@carnet/sdk/cda";
import { computeInsKey, type IdentityTraits } from "@carnet/sdk/identity";

/** Fictitious people only, under the test system. */
export const testSystem = "urn:oid:1.2.250.1.213.1.4.10";

const insOf = (number: string) => ({ system: testSystem, value: `${number}${computeInsKey(number)}` });

export const camille = {
  ins: insOf("2850378006042"),
  birthName: "TESTARD",
  birthGivenNames: ["CAMILLE", "ROSE"],
  firstGivenName: "CAMILLE",
  sex: "female",
  birthDate: "1985-03-14",
  birthPlaceCode: "78006",
} as const satisfies IdentityTraits;

export const alix = {
  ins: insOf("1700675114201"),
  birthName: "EXEMPLIN",
  birthGivenNames: ["ALIX"],
  firstGivenName: "ALIX",
  sex: "male",
  birthDate: "1970-06-02",
  birthPlaceCode: "75114",
} as const satisfies IdentityTraits;

const french = (date: string) => date.split("-").reverse().join("/");

/** A discharge letter as hospitals write them. */
export function letterLines(patient: typeof camille | typeof alix, options: { withoutIns?: boolean } = {}): string[] {
  return [
    "CENTRE HOSPITALIER DES ESSAIS",
    "Service de cardiologie",
    "",
    "LETTRE DE LIAISON A LA SORTIE",
    "",
    `Nom de naissance : ${patient.birthName}`,
    `Prénom(s) de naissance : ${patient.birthGivenNames.join(", ")}`,
    `Né(e) le : ${french(patient.birthDate)}   Sexe : ${patient.sex === "female" ? "F" : "M"}`,
    ...(options.withoutIns ? [] : [`INS : ${patient.ins.value}`]),
    "",
    "Hospitalisation du 12/10/2026 au 15/10/2026",
    "",
    "Cher confrère,",
    "Votre patient a été hospitalisé pour une douleur thoracique d'effort.",
    "Le bilan est rassurant. La sortie est prononcée ce jour.",
  ];
}

/** A report whose type and date the extension proposes without help. */
export function echoLines(patient: typeof camille | typeof alix): string[] {
  return [
    "COMPTE RENDU D'ECHOGRAPHIE ABDOMINALE",
    "",
    `Nom de naissance : ${patient.birthName}`,
    `Prénom(s) de naissance : ${patient.birthGivenNames.join(", ")}`,
    `Né(e) le : ${french(patient.birthDate)}   Sexe : ${patient.sex === "female" ? "F" : "M"}`,
    `INS : ${patient.ins.value}`,
    "",
    "Examen du 14/10/2026",
    "Foie de taille normale, sans lésion. Voies biliaires fines. Reins sans dilatation.",
  ];
}

export async function pdfOf(pages: readonly (readonly string[])[], title?: string): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  if (title !== undefined) document.setTitle(title);
  const font = await document.embedFont(StandardFonts.Helvetica);
  const bold = await document.embedFont(StandardFonts.HelveticaBold);
  for (const lines of pages) {
    const page = document.addPage([595, 842]);
    lines.forEach((line, index) => {
      const isHeading = line !== "" && line === line.toUpperCase();
      page.drawText(line, { x: 60, y: 770 - index * 22, size: isHeading ? 14 : 11, font: isHeading ? bold : font });
    });
  }
  return document.save();
}

/** A PDF that lost its second page on its way: the tree of pages names an object that is not there. */
export async function withoutSecondPage(bytes: Uint8Array): Promise<Uint8Array> {
  const document = await PDFDocument.load(bytes);
  document.catalog.Pages().Kids().set(1, PDFRef.of(9_999));
  return document.save({ useObjectStreams: false });
}

/** A PDF with everything that acts by itself, each towards this address: scripts, a program to launch, a form, an attached file. */
export async function activePdfOf(lines: readonly string[], address: string): Promise<Uint8Array> {
  const document = await PDFDocument.load(await pdfOf([lines]));
  const script = `app.launchURL("${address}?js", true); this.submitForm("${address}?form"); this.exportDataObject({ cName: "run.js", nLaunch: 2 }); fetch("${address}?fetch");`;
  const { context } = document;
  const run = context.obj({ S: "JavaScript", JS: PDFString.of(script) });
  document.addJavaScript("start", script);
  await document.attach(new TextEncoder().encode(script), "run.js", { mimeType: "text/javascript" });
  document.catalog.set(PDFName.of("OpenAction"), run);
  document.catalog.set(PDFName.of("AA"), context.obj({ WC: run }));
  const page = document.getPage(0);
  page.node.set(
    PDFName.of("AA"),
    context.obj({ O: { S: "Launch", F: PDFString.of("/bin/sh"), Win: { F: PDFString.of("cmd.exe") } } }),
  );
  const link = { Type: "Annot", Subtype: "Link", Rect: [0, 0, 595, 842] };
  const actions = [
    run,
    { S: "URI", URI: PDFString.of(`${address}?uri`) },
    { S: "SubmitForm", F: PDFString.of(`${address}?submit`) },
  ];
  page.node.set(PDFName.of("Annots"), context.obj(actions.map((A) => ({ ...link, A, AA: { PO: run } }))));
  return document.save();
}

/**
 * The INS datamatrix of {@link camille}, a line of modules per word, in hexadecimal. Its message: `IS010000000000000000000000S1285037800604251S21.2.250.1.213.1.4.10S3CAMILLE ROSE<GS>S4TESTARD<GS>S5FS614-03-1985S778006`
 * (GS is the group separator).
 */
const insDatamatrix =
  "aaaaaaaaaaaa ac494fb7f2dd a90a66976036 c1221d84c4b9 e43c668298da 8496f9cd87cd 90ba1abe9e82 921773c6a81b c3ba78e18ff0 c90b13afd1cb 885a38aa900e a13e8ff2ff39 a5c794a6fa20 bede4df8eb97 b624528470d6 b046e5fc3535 8b6f74ad3a98 bcfcdbe92c83 a20d8ade36d2 cc3e57f544fb d12d48c75782 8d1585e025ff e8804ec786d6 ffffffffffff".split(
    " ",
  );

/** A letter with a scan stapled behind it: nobody can tell whom that is about. */
export async function stapledTo(letter: Uint8Array): Promise<Uint8Array> {
  const document = await PDFDocument.load(letter);
  const scan = await document.embedPng(pngOf(400, 560));
  document.addPage([595, 842]).drawImage(scan, { x: 40, y: 40, width: 515, height: 760 });
  return document.save();
}

/** A PDF that holds files of its own, on none of its pages. */
export async function holding(letter: Uint8Array, files: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  const document = await PDFDocument.load(letter);
  for (const [name, content] of Object.entries(files)) await document.attach(content, name);
  return document.save();
}

/** A PDF without a text layer: what a scanner gives of a form with the patient's label, its INS datamatrix. */
export async function scanOf(): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const page = document.addPage([595, 842]);
  page.drawRectangle({ x: 60, y: 500, width: 400, height: 120 });
  const size = 1.4;
  insDatamatrix.forEach((line, row) => {
    const modules = BigInt(`0x${line}`)
      .toString(2)
      .padStart(line.length * 4, "0");
    [...modules].forEach((module, column) => {
      if (module === "0") return;
      page.drawRectangle({ x: 470 + column * size, y: 800 - row * size, width: size, height: size });
    });
  });
  return document.save();
}

export function cdaOf(patient: typeof camille, content: Uint8Array): string {
  return wrapInCda({
    content,
    contentType: "application/pdf",
    title: "Lettre de liaison à la sortie",
    uniqueId: `urn:uuid:${crypto.randomUUID()}`,
    effectiveTime: "2026-10-15T11:00:00+02:00",
    type: { code: "11490-0", system: "http://loinc.org", display: "Lettre de liaison à la sortie" },
    act: { start: "2026-10-12", end: "2026-10-15" },
    patient: { ...patient, birthGivenNames: [...patient.birthGivenNames] },
    author: {
      rpps: "810000000019",
      family: "LEROY",
      given: "Paul",
      profession: "G15_10",
      specialty: "SM04",
      organization: {
        id: "1750000018",
        name: "Centre hospitalier des essais",
        facilityType: "SA01",
        practiceSetting: "ETABLISSEMENT",
      },
    },
  });
}

/** One red pixel, enough for a browser to show an image. */
export const pngPixel = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8Dwn4EIwDiqAAB2rAYBC0mjmAAAAABJRU5ErkJggg=="),
  (character) => character.charCodeAt(0),
);

/** A grey picture of this size: large enough to be taken for a document. */
export function pngOf(width: number, height: number): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body) >>> 0);
    return Buffer.concat([head, body, sum]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  // Eight bits of grey, no interlace.
  size.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, 0xb0);
  for (let row = 0; row < height; row += 1) rows[row * (width + 1)] = 0;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", size),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array()),
  ]);
}
