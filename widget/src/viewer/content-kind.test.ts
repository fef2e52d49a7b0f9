import { describe, expect, it } from "vitest";
import { decodeText, sniffContent } from "./content-kind.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("what a document's bytes are", () => {
  it("is told from the bytes, whatever their declared type", () => {
    expect(sniffContent(bytes("%PDF-1.7"), "text/html").kind).toBe("pdf");
    expect(sniffContent(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "application/pdf")).toEqual({
      kind: "image",
      contentType: "image/jpeg",
    });
    expect(sniffContent(bytes("<html><script>"), "application/pdf").kind).toBe("other");
    expect(sniffContent(bytes("<svg onload='x'>"), "image/svg+xml").kind).toBe("cda");
    expect(sniffContent(bytes("\ufeff<?xml version='1.0'?><ClinicalDocument/>"), "application/octet-stream").kind).toBe(
      "cda",
    );
    expect(sniffContent(bytes('{"resourceType":"Bundle"}'), "application/fhir+json").kind).toBe("fhir");
    expect(sniffContent(bytes("bonjour"), "text/plain; charset=utf-8").kind).toBe("text");
    expect(sniffContent(bytes("bonjour"), "text/html").kind).toBe("other");
  });

  it("text is decoded as it says, and as Latin-1 when it lies", () => {
    expect(decodeText(bytes("é"))).toBe("é");
    expect(decodeText(Uint8Array.of(0xe9))).toBe("é");
    expect(decodeText(Uint8Array.of(...bytes("<?xml version='1.0' encoding='ISO-8859-1'?>"), 0xe9))).toContain("é");
  });
});
