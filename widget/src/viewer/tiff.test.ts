import { describe, expect, it } from "vitest";
import { tiffOf } from "../testing/tiff.ts";
import { readTiff } from "./tiff.ts";
import { tiffToPdf } from "./tiff-to-pdf.ts";

const page = { width: 16, height: 2, data: "abcd" };
const pdfOf = (bytes: Uint8Array) => new TextDecoder("latin1").decode(tiffToPdf(bytes));

describe("the pages of a TIFF", () => {
  it("are read with their packed bytes; a small copy of a page is none", () => {
    const pages = readTiff(tiffOf([page, { ...page, subfile: 1 }, { ...page, width: 8, data: "xy" }]));
    expect(pages.map(({ width, parts }) => [width, new TextDecoder().decode(parts[0]?.bytes)])).toEqual([
      [16, "abcd"],
      [8, "xy"],
    ]);
  });

  it("are the pages of a PDF, with what they are packed with under its own name", () => {
    const pdf = pdfOf(tiffOf([page, { ...page, compression: 4, photometric: 0 }, { ...page, compression: 32773 }]));
    expect(pdf).toContain("/Count 3");
    expect(pdf).toContain("/CCITTFaxDecode/DecodeParms<</K -1/Columns 16/Rows 2/EndOfBlock false>>");
    expect(pdf).toContain("/RunLengthDecode");
    expect(pdf.match(/stream\nabcd\nendstream/g)).toHaveLength(3);
  });

  it("that are white at nought are turned, faxes the other way round", () => {
    const isTurned = (more: object) => pdfOf(tiffOf([{ ...page, ...more }])).includes("/Decode[1 0]");
    expect([{ photometric: 0 }, { photometric: 1 }].map(isTurned)).toEqual([true, false]);
    const fax = [0, 1].map((photometric) => isTurned({ compression: 4, photometric }));
    expect(fax).toEqual([false, true]);
  });

  it("packed or coloured as no page is drawn here are not taken for damaged ones", () => {
    for (const more of [{ compression: 6 }, { photometric: 8 }, { bits: 32 }, { bits: 16, compression: 5 }]) {
      expect(() => pdfOf(tiffOf([{ ...page, ...more }]))).toThrow(expect.objectContaining({ name: "UnknownTiff" }));
    }
  });

  it("cut short anywhere, or in a chain without an end, are damaged", () => {
    const whole = tiffOf([page, page]);
    for (let length = 8; length < whole.length; length++) {
      expect(() => tiffToPdf(whole.slice(0, length))).toThrow(RangeError);
    }
    const endless = tiffOf([page]);
    new DataView(endless.buffer).setUint32(8 + 2 + 12 * 8, 8, true);
    expect(() => tiffToPdf(endless)).toThrow(RangeError);
  });
});
