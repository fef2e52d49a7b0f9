import { getDocument, OPS } from "pdfjs-dist/legacy/build/pdf.mjs";
import { describe, expect, it } from "vitest";
import { provenanceOf, withoutProvenance } from "./provenance.ts";
import type { Block, Line, Report } from "./read-report.ts";
import { reportToPdf } from "./report-to-pdf.ts";

const line = (...texts: readonly string[]): Line => texts.map((text) => ({ text }));
const paragraph = (...texts: readonly string[]): Block => ({ kind: "paragraph", line: line(...texts), indent: 0 });
const row = (...cells: readonly string[]): Block => ({
  kind: "row",
  cells: cells.map((text) => ({ line: line(text), span: 1, isHeading: false })),
});
const reportOf = (...blocks: readonly Block[]): Report => ({
  title: "",
  blocks,
  isCut: false,
  pictures: 0,
  closedFrames: 0,
  isClosedFrame: false,
});

/** What a reader finds again in the file: the words of each page, and how they stand. */
async function readBack(bytes: Uint8Array) {
  const pdf = await getDocument({ data: bytes.slice(), verbosity: 0, useSystemFonts: false }).promise;
  const pages: { text: string; items: { str: string; x: number; y: number; height: number }[] }[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    const placed = items.flatMap((item) =>
      "str" in item && item.str.trim() !== ""
        ? [
            {
              str: item.str,
              x: Number(item.transform[4]),
              y: Number(item.transform[5]),
              height: Number(item.transform[3]),
            },
          ]
        : [],
    );
    pages.push({
      items: placed,
      text: placed
        .map(({ str }) => str)
        .join(" ")
        .replace(/\s+/g, " "),
    });
  }
  await pdf.destroy();
  return pages;
}

describe("a page made a PDF", () => {
  it("keeps its words as text, in order, with where they come from at the foot", async () => {
    const report = reportOf(
      { kind: "heading", level: 1, line: line("Compte rendu d’analyses") },
      paragraph("Ferritine : 12 µg/L (≥ 15) ↓ ", "α-fœtoprotéine < 5 ; œdème, 38 °C, 3 €"),
    );
    const [page] = await readBack(await reportToPdf([report], "Page de outil.example, le 28 novembre 2026"));
    expect(page?.text).toMatch(
      /Compte rendu d’analyses.*Ferritine : 12 [µμ]g\/L \( ?≥ ?15\) ?↓ ?α ?-fœtoprotéine < 5 ; œdème, 38 °C, 3 €/,
    );
    expect(page?.text).toContain("Page de outil.example, le 28 novembre 2026 – 1/1");
  });

  it("is the same document a minute later, on another server: its foot is not among its words", async () => {
    const report = reportOf(paragraph("Ferritine : 12 µg/L ; fer sérique bas.", "Contrôle à trois mois."));
    const read = async (host: string, minute: number) => {
      const now = new Date(2026, 10, 28, 10, minute);
      const [page] = await readBack(await reportToPdf([report], provenanceOf({ host, now })));
      expect(page?.text).toContain(`Page de ${host}, mise en PDF le 28 novembre 2026 à 10:${minute} – 1/1`);
      return withoutProvenance(page?.text ?? "").trim();
    };
    const text = await read("outil.example:8443", 12);
    expect(text).toMatch(/^Ferritine.*trois mois\.$/);
    expect(await read("ce poste", 47)).toBe(text);
  });

  it("keeps the columns of a table: each value on the line of its name", async () => {
    const report = reportOf(row("Analyse", "Résultat"), row("Hémoglobine", "13,2 g/dL"), row("Plaquettes", "240 G/L"));
    const [page] = await readBack(await reportToPdf([report], "x"));
    const at = (text: string) => page?.items.find(({ str }) => str === text);
    expect(at("13,2 g/dL")?.y).toBe(at("Hémoglobine")?.y);
    expect(at("240 G/L")?.y).toBe(at("Plaquettes")?.y);
    expect(at("240 G/L")?.x).toBe(at("13,2 g/dL")?.x);
    expect(at("Plaquettes")?.y).toBeLessThan(at("Hémoglobine")?.y ?? 0);
  });

  it("raises an exponent, so that a thousand million is not read a hundred and nine", async () => {
    const report = reportOf({
      kind: "paragraph",
      indent: 0,
      line: [{ text: "6,1 10" }, { text: "9", raised: "up" }, { text: "/L" }],
    });
    const [page] = await readBack(await reportToPdf([report], "x"));
    const [base, exponent] = page?.items ?? [];
    expect(exponent?.str).toBe("9");
    expect(exponent?.y).toBeGreaterThan((base?.y ?? 0) + 2);
    expect(exponent?.height).toBeLessThan(base?.height ?? 0);
  });

  it("loses no word of a long report, of a long cell, nor of a word longer than the page is wide", async () => {
    const words = Array.from({ length: 3_000 }, (_, index) => `mot${index}`);
    const long = "x".repeat(400);
    const pages = await readBack(
      await reportToPdf(
        [
          reportOf(
            paragraph(words.slice(0, 1_500).join(" ")),
            row("Texte", words.slice(1_500).join(" ")),
            paragraph(long),
          ),
        ],
        "pied",
      ),
    );
    expect(pages.length).toBeGreaterThan(2);
    const found = pages.map(({ text }) => text).join(" ");
    expect(found.match(/mot\d+/g)).toEqual(words);
    expect(found.match(/x{2,}/g)?.join("").length).toBe(400);
  });

  it("is refused whole when its end is missing, when a sign cannot be written, or when it says nothing", async () => {
    const code = (expected: string) => expect.objectContaining({ code: expected });
    await expect(reportToPdf([{ ...reportOf(paragraph("début")), isCut: true }], "x")).rejects.toEqual(
      code("capture-too-large"),
    );
    await expect(reportToPdf([reportOf(paragraph("血液検査"))], "x")).rejects.toEqual(code("capture-characters"));
    await expect(reportToPdf([reportOf()], "x")).rejects.toEqual(code("capture-nothing"));
  });

  it("draws the pictures of the page in their place, whole, smaller when the paper is", async () => {
    const onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const picture = { kind: "picture", data: `data:image/png;base64,${onePixel}`, width: 2_000, height: 400 } as const;
    const bytes = await reportToPdf([reportOf(paragraph("Avant"), picture, paragraph("Après"))], "x");
    const [page] = await readBack(bytes);
    const yOf = (text: string) => page?.items.find(({ str }) => str === text)?.y ?? 0;
    // 2 000 by 400 pixels are made as wide as the text, 499 points, hence 100 points high.
    expect(yOf("Avant") - yOf("Après")).toBeGreaterThan(100);
    expect(yOf("Avant") - yOf("Après")).toBeLessThan(140);
    const pdf = await getDocument({ data: bytes.slice(), verbosity: 0, useSystemFonts: false }).promise;
    const { fnArray } = await (await pdf.getPage(1)).getOperatorList();
    expect(fnArray.filter((operation) => operation === OPS.paintImageXObject).length).toBe(1);
    await pdf.destroy();
  });
});
