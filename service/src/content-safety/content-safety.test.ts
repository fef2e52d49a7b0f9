import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { faultOfContent } from "./check.ts";
import { sniff } from "./sniff.ts";

const rules = { limits: { patient: 100, professional: 10_000_000, establishment: 1000 }, isStrict: true } as const;
const judge = (contentType: string, bytes: Uint8Array) => faultOfContent(contentType, bytes, "professional", rules);
const latin = (text: string) => Buffer.from(text, "latin1");

/** A whole PDF of one page, with one more object; in the file itself, or in a compressed object stream. */
function letter(object = "<< /S /GoTo /D /page1 >>", isCompressed = false): Buffer {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    isCompressed ? objectStream(object) : object,
  ];
  let text = "%PDF-1.7\n";
  const places = objects.map((body, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const start = text.length;
  text += `xref\n0 5\n0000000000 65535 f \n${places.join("")}trailer\n<< /Size 5 /Root 1 0 R >>\n`;
  return latin(`${text}startxref\n${start}\n%%EOF\n`);
}

function objectStream(object: string): string {
  const packed = deflateSync(latin(`4 0 ${object}`)).toString("latin1");
  return `<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length ${packed.length} >>\nstream\n${packed}\nendstream`;
}

function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer, crc: string) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, "latin1");
    return Buffer.concat([head, data, latin(crc)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    latin("\x89PNG\r\n\x1a\n"),
    chunk("IHDR", header, "\0\0\0\0"),
    chunk("IDAT", deflateSync(Buffer.alloc(width > 1000 ? 10 : (width + 1) * height)), "\0\0\0\0"),
    chunk("IEND", Buffer.alloc(0), "\xae\x42\x60\x82"),
  ]);
}

const jpeg = (width: number, height: number) => {
  const frame = Buffer.alloc(10);
  frame.writeUInt16BE(0xffc0, 0);
  frame.writeUInt16BE(11, 2);
  frame[4] = 8;
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([latin("\xff\xd8\xff\xe0\0\x04ab"), frame, latin("\x01\x11\0\xff\xda\0\x02xx\xff\xd9")]);
};

const tiff = (width: number, height: number) => {
  const bytes = Buffer.alloc(8 + 2 + 24 + 4);
  bytes.write("II*\0", "latin1");
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(2, 8);
  for (const [index, [tag, value]] of [[256, width] as const, [257, height] as const].entries()) {
    const at = 10 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(4, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  return bytes;
};

describe("content safety", () => {
  it("R103 tells the types of the record apart by their bytes, and keeps programs, archives and pages out", () => {
    const samples: readonly (readonly [string, string])[] = [
      ["%PDF-1.7\n", "pdf"],
      ["\xff\xd8\xff\xe0", "jpeg"],
      ["\x89PNG\r\n\x1a\n", "png"],
      ["II*\0", "tiff"],
      ["MM\0*", "tiff"],
      ["{\\rtf1", "rtf"],
      ["\xef\xbb\xbf<?xml version='1.0'?>", "xml"],
      ["\xff\xfe<\0C\0", "xml"],
      [' {"resourceType"', "json"],
      ["Bonjour", "text"],
      ["MZ\x90\0", "unknown"],
      ["\x7fELF", "unknown"],
      ["PK\x03\x04", "unknown"],
      ["<!DOCTYPE html><p>", "unknown"],
      ["#!/bin/sh", "unknown"],
      ["a\0b", "unknown"],
    ];
    for (const [head, kind] of samples) expect([head, sniff(latin(head))]).toEqual([head, kind]);
    expect(judge("application/pdf", jpeg(10, 10))).toBe("content-type-differs");
    expect(judge("text/plain", latin("MZ program"))).toBe("content-type-differs");
    expect(judge("application/pdf", latin(""))).toBe("content-empty");
  });

  it("R123 each kind of depositor has a limit of its own", () => {
    const bytes = latin("a".repeat(500));
    const judgeAs = (who: "patient" | "professional" | "establishment") =>
      faultOfContent("text/plain", bytes, who, rules);
    expect(judgeAs("patient")).toBe("content-too-large");
    expect(judgeAs("establishment")).toBeUndefined();
    expect(judgeAs("professional")).toBeUndefined();
  });

  it("R103 a PDF is kept when it is whole; not when it is cut, protected, or goes on after its end", () => {
    const whole = letter();
    expect(judge("application/pdf", whole)).toBeUndefined();
    expect(judge("application/pdf", letter(undefined, true))).toBeUndefined();
    expect(judge("application/pdf", whole.subarray(0, whole.length - 40))).toBe("pdf-broken");
    expect(judge("application/pdf", Buffer.concat([whole, latin("PK\x03\x04 an archive")]))).toBe("pdf-polyglot");
    expect(judge("application/pdf", Buffer.concat([whole, latin("\r\n\r\n")]))).toBeUndefined();
    const text = whole.toString("latin1");
    expect(judge("application/pdf", latin(text.replace("trailer\n<<", "trailer\n<< /Encrypt 9 0 R")))).toBe(
      "pdf-encrypted",
    );
    expect(judge("application/pdf", latin("%PDF-1.4\n% no object\n%%EOF"))).toBe("pdf-broken");
  });

  it("R103 a PDF that acts by itself is refused, wherever the action hides; one that opens at a page is not", () => {
    const acts = [
      "<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
      "<< /S /Launch /F (cmd.exe) >>",
      "<< /S /J#61vaScript /#4aS (x) >>",
      "<< /S /SubmitForm /F (https://elsewhere.example) >>",
    ];
    for (const act of acts) {
      for (const isCompressed of [false, true]) {
        expect([act, isCompressed, judge("application/pdf", letter(act, isCompressed))]).toEqual([
          act,
          isCompressed,
          "pdf-active",
        ]);
      }
    }
    expect(judge("application/pdf", letter("<< /Title (A word on /JavaScriptless forms) /S /GoTo >>"))).toBeUndefined();
  });

  it("R103 a PDF with few streams or thousands of them is searched between all of them, and in none", () => {
    const inStream = "<< /Length 9 >>\nstream\n/JS /Launch\nendstream";
    for (const count of [1, 3000]) {
      const before = `${inStream}\n`.repeat(count);
      expect(judge("application/pdf", letter(`${before}<< /S /GoTo >>`))).toBeUndefined();
      expect(judge("application/pdf", letter(`${before}<< /S /Launch >>\n${before}`))).toBe("pdf-active");
      expect(judge("application/pdf", letter(`${before}<< /S /L#61unch >>\n${before}`))).toBe("pdf-active");
      expect(judge("application/pdf", letter(`${before}<< /Encrypt 9 0 R >>\n${before}`))).toBe("pdf-encrypted");
    }
  });

  it("R103 an image that asks for gigabytes, is cut, or carries something else is refused", () => {
    expect(judge("image/png", png(40, 30))).toBeUndefined();
    expect(judge("image/jpeg", jpeg(4000, 3000))).toBeUndefined();
    expect(judge("image/tiff", tiff(5000, 7000))).toBeUndefined();
    expect(judge("image/png", png(60_000, 60_000))).toBe("image-too-large");
    expect(judge("image/jpeg", jpeg(65_000, 65_000))).toBe("image-too-large");
    expect(judge("image/tiff", tiff(2_000_000, 10))).toBe("image-too-large");
    expect(judge("image/png", png(0, 10))).toBe("image-broken");
    expect(judge("image/png", png(40, 30).subarray(0, 60))).toBe("image-broken");
    expect(judge("image/jpeg", Buffer.concat([jpeg(40, 30), latin("<script>")]))).toBe("image-polyglot");
    expect(judge("image/png", Buffer.concat([png(40, 30), png(40, 30)]))).toBe("image-polyglot");
  });

  it("R103 whatever the bytes, the judgement ends without an exception", () => {
    const types = ["application/pdf", "image/png", "image/jpeg", "image/tiff", "text/xml", "text/plain"];
    const heads = ["%PDF-1.4\n1 0 obj", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "II*\0", "MM\0*", ""];
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.constantFrom(...heads),
        fc.uint8Array({ maxLength: 300 }),
        (type, head, rest) => {
          judge(type, Buffer.concat([latin(head), rest]));
        },
      ),
      { numRuns: 500 },
    );
  });
});
