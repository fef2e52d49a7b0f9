import { describe, expect, it } from "vitest";
import { admit, fileNameOf } from "./admit.ts";
import { maximumBytes } from "./fetch-document.ts";
import { sniff } from "./sniff.ts";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const pdf = bytes("%PDF-1.7\n…");
const code = (expected: string) => expect.objectContaining({ code: expected });

describe("what is taken", () => {
  it.each([
    ["pdf", "%PDF-1.4", "application/pdf"],
    ["jpeg", "\xff\xd8\xff\xe0", "image/jpeg"],
    ["tiff", "II*\0", "image/tiff"],
    ["rtf", "{\\rtf1", "text/rtf"],
    ["image", "\x89PNG\r\n\x1a\n", "image/png"],
    ["cda", "<?xml version='1.0'?><ClinicalDocument/>", "text/xml"],
    ["text", "Bonjour", "text/plain"],
  ])("%s, known by its first bytes", (kind, start, contentType) => {
    expect(admit(bytes(start), [], "x")).toMatchObject({ kind, contentType });
  });

  it("a PDF served without a telling type", () => {
    expect(admit(pdf, ["application/octet-stream", ""], "").kind).toBe("pdf");
  });

  it("finds a PDF behind a few bytes of junk", () => {
    expect(sniff(bytes(`\n\n${"x".repeat(500)}%PDF-1.4`))).toBe("pdf");
  });
});

describe("what is not taken, and why", () => {
  it("another thing than what was on screen", () => {
    expect(() => admit(bytes("<!doctype html><p>session"), ["application/pdf", "text/html"], "")).toThrow(
      code("capture-type-changed"),
    );
    expect(() => admit(bytes("gone"), ["application/pdf"], "")).toThrow(code("capture-type-changed"));
    expect(() => admit(pdf, ["text/plain"], "")).toThrow(code("capture-type-changed"));
    expect(() => admit(bytes("Session expirée"), ["text/plain"], "lettre.pdf")).toThrow(code("capture-type-changed"));
  });
  it("DICOM, which has its own way", () => {
    expect(() => admit(bytes(`${"\0".repeat(128)}DICM`), [], "")).toThrow(code("capture-dicom"));
  });
  it.each(["PK\x03\x04", "\x00\x01\x02", "<!doctype html>"])("what the record has no place for", (start) => {
    expect(() => admit(bytes(start), [], "")).toThrow(code("capture-unknown-type"));
  });
  it("nothing, or too much", () => {
    expect(() => admit(bytes(""), [], "")).toThrow(code("capture-empty"));
    expect(() => admit(new Uint8Array(maximumBytes + 1), [], "")).toThrow(code("capture-too-large"));
  });
});

describe("a FHIR answer", () => {
  const base64 = (data: Uint8Array) => Buffer.from(data).toString("base64");
  const fhir = (resource: object) => admit(bytes(JSON.stringify(resource)), ["application/fhir+json"], "Binary");
  const attached = { contentType: "application/pdf", data: base64(pdf), title: "Compte rendu" };

  it.each([
    ["Binary", { resourceType: "Binary", contentType: "application/pdf", data: base64(pdf) }],
    ["DocumentReference", { resourceType: "DocumentReference", content: [{ attachment: attached }] }],
    ["DiagnosticReport", { resourceType: "DiagnosticReport", presentedForm: [attached] }],
    [
      "Bundle",
      {
        resourceType: "Bundle",
        entry: [
          { resource: { resourceType: "Patient" } },
          { resource: { resourceType: "DocumentReference", content: [{ attachment: attached }] } },
        ],
      },
    ],
  ])("%s gives the document it carries, byte for byte", (_, resource) => {
    const file = fhir(resource);
    expect(file.kind).toBe("pdf");
    expect(file.bytes).toEqual(pdf);
  });

  it("gives a CDA untouched", () => {
    const cda = bytes("<?xml version='1.0'?><ClinicalDocument/>");
    const file = fhir({ resourceType: "Binary", contentType: "application/xml", data: base64(cda) });
    expect(file).toMatchObject({ kind: "cda", bytes: cda });
  });

  it.each([
    ["no document", { resourceType: "Patient" }],
    ["only an address", { resourceType: "DocumentReference", content: [{ attachment: { url: "Binary/1" } }] }],
    ["two documents", { resourceType: "DiagnosticReport", presentedForm: [attached, attached] }],
    ["a broken content", { resourceType: "Binary", contentType: "application/pdf", data: "%%%" }],
    [
      "FHIR within FHIR",
      { resourceType: "Binary", contentType: "application/json", data: base64(bytes('{"resourceType":"Binary"}')) },
    ],
  ])("with %s is refused in words", (_, resource) => {
    expect(() => fhir(resource)).toThrow(code("capture-fhir-document"));
  });

  it("is not what it says when the carried bytes are of another kind", () => {
    const resource = { resourceType: "Binary", contentType: "application/pdf", data: base64(bytes("<!doctype html>")) };
    expect(() => fhir(resource)).toThrow(code("capture-type-changed"));
  });

  it("is told from JSON that is not FHIR, which is never filed as a text", () => {
    expect(() => admit(bytes('{"a":1}'), ["application/json"], "")).toThrow(code("capture-unknown-type"));
    expect(() => admit(bytes('{"a":'), [], "")).toThrow(code("capture-unknown-type"));
  });
});

describe("the file name", () => {
  it("comes from the last part of the address, never from a blob", () => {
    expect(fileNameOf("https://outil.example/a/Lettre%20de%20sortie.pdf?s=1")).toBe("Lettre de sortie.pdf");
    expect(fileNameOf("https://outil.example/%E0%A4%A")).toBe("%E0%A4%A");
    expect(fileNameOf("blob:https://outil.example/1-2")).toBe("");
  });
});
