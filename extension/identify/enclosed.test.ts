import { PDFDocument, PDFName, PDFString } from "@cantoo/pdf-lib";
import { findIdentities, findMentions, findOtherSubjects } from "@carnet/sdk/identity";
import type { PDFDocumentProxy } from "pdfjs-dist";
import { getDocument, OPS } from "pdfjs-dist/legacy/build/pdf.mjs";
import { describe, expect, it } from "vitest";
import { alix, camille, cdaOf, holding, letterLines, pdfOf, pngPixel, scanOf } from "../e2e/fixtures.ts";
import { draftOf } from "../ui/new-draft.ts";
import { pageOf } from "../ui/testing/panel-world.ts";
import { chooseRecord, judge } from "./judge.ts";
import type { OpenPdf } from "./pdf.ts";
import { readText } from "./pdf-text.ts";
import { readCda } from "./read-cda.ts";

async function openPdf(bytes: Uint8Array): Promise<OpenPdf> {
  const task = getDocument({ data: bytes.slice(), verbosity: 0 });
  const document = (await task.promise) as unknown as PDFDocumentProxy;
  return {
    pageCount: document.numPages,
    title: async () => "",
    text: (signal) => readText(document, { operators: OPS, signal }),
    draw: async () => undefined,
    pixels: async () => ({ data: new Uint8ClampedArray(4), width: 1, height: 1 }),
    close: () => task.destroy(),
  };
}

/** What the panel makes of this file, read as it reads them. */
async function read(bytes: Uint8Array, kind: "pdf" | "cda" = "pdf") {
  const contentType = kind === "pdf" ? "application/pdf" : "text/xml";
  return draftOf(
    { file: { kind, contentType, bytes: Uint8Array.from(bytes), fileName: "", calledOnPage: "" }, page: pageOf("") },
    {
      identities: async (text) => findIdentities(text),
      others: async (text) => findOtherSubjects(text),
      mentions: async (text) => findMentions(text),
      codes: async () => [],
      cda: async (cda) => readCda(cda),
      wrap: async () => "",
      close: () => undefined,
    },
    {
      openPdf,
      imageToPdf: async (image) => image,
      imagePixels: async () => undefined,
      today: () => "2026-11-22",
      defaultType: undefined,
    },
    new AbortController().signal,
  );
}

async function withFiles(letter: readonly string[], files: Readonly<Record<string, Uint8Array | string>>) {
  const contents = Object.entries(files).map(([name, content]): [string, Uint8Array] => [
    name,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  ]);
  return holding(await pdfOf([letter]), Object.fromEntries(contents));
}

const named = ({ enclosed }: Awaited<ReturnType<typeof read>>) => enclosed.map(({ name, isRead }) => [name, isRead]);

describe("the files within a document", () => {
  it("are told by name, and those about the same person leave it verified", async () => {
    const lab = await pdfOf([letterLines(camille)]);
    const draft = await read(
      await withFiles(letterLines(camille), {
        "bilan.pdf": lab,
        "lettre.xml": cdaOf(camille, lab),
        "note.txt": "Rien à signaler",
      }),
    );
    expect(named(draft)).toEqual([
      ["bilan.pdf", true],
      ["lettre.xml", true],
      ["note.txt", true],
    ]);
    expect(judge(draft.evidence, camille).verdict).toBe("certain");
  });

  it("R40 make it two patients' when one of them is somebody else's, and say which file", async () => {
    for (const [name, content] of [
      ["autre.pdf", await pdfOf([letterLines(alix)])],
      ["autre.xml", cdaOf({ ...camille, ...alix } as unknown as typeof camille, await pdfOf([["Lettre"]]))],
      ["autre.txt", letterLines(alix).join("\n")],
    ] as const) {
      const draft = await read(await withFiles(letterLines(camille), { [name]: content }));
      expect(chooseRecord(draft.evidence)).toEqual({ kind: "refused", why: "several-patients" });
    }
    const draft = await read(
      await withFiles(letterLines(camille), { "autre.pdf": await pdfOf([["", ...letterLines(alix)]]) }),
    );
    expect(draft.places.map(({ file }) => file)).toContain("autre.pdf");
  });

  it("R40 that nobody could read leave it to be confirmed", async () => {
    const letter = letterLines(camille);
    for (const [name, content] of [
      ["photo.png", pngPixel],
      ["scan.pdf", await scanOf()],
      ["archive.zip", "PK\x03\x04"],
      ["facture.xml", "<?xml version='1.0'?><Invoice><Name>Camille</Name></Invoice>"],
      ["boîte.pdf", await withFiles(letter, { "dedans.txt": "Rien" })],
    ] as const) {
      const draft = await read(await withFiles(letter, { [name]: content }));
      expect(named(draft)).toEqual([[name, false]]);
      expect(judge(draft.evidence, camille)).toMatchObject({ verdict: "doubtful", reasons: ["partly-read"] });
    }
  });

  it("are those of a portfolio, whose cover names nobody", async () => {
    const draft = await read(
      await withFiles(["Ouvrez ce document dans un lecteur récent"], { "1.pdf": await pdfOf([letterLines(camille)]) }),
    );
    expect(chooseRecord(draft.evidence)).toMatchObject({ kind: "ins", ins: { value: camille.ins.value } });
    expect(judge(draft.evidence, camille).verdict).toBe("certain");
  });

  it("are those pinned to a page, too", async () => {
    const document = await PDFDocument.load(await pdfOf([letterLines(camille)]));
    const { context } = document;
    const stream = context.register(context.stream(new TextEncoder().encode(letterLines(alix).join("\n"))));
    const pin = context.obj({
      Type: "Annot",
      Subtype: "FileAttachment",
      Rect: [10, 10, 30, 30],
      FS: { Type: "Filespec", F: PDFString.of("pinned.txt"), EF: { F: stream } },
    });
    document.getPage(0).node.set(PDFName.of("Annots"), context.obj([pin]));
    const draft = await read(await document.save());
    expect(named(draft)).toEqual([["pinned.txt", true]]);
    expect(chooseRecord(draft.evidence).kind).toBe("refused");
  });

  it("are seen in the PDF that a CDA carries", async () => {
    const letter = await withFiles(letterLines(camille), { "autre.pdf": await pdfOf([letterLines(alix)]) });
    const draft = await read(new TextEncoder().encode(cdaOf(camille, letter)), "cda");
    expect(named(draft)).toEqual([["autre.pdf", true]]);
    expect(chooseRecord(draft.evidence).kind).toBe("refused");
  });
});
