import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { pdfWith } from "../testing/pdf.ts";
import { textOf } from "./document-text.ts";
import { createPdfReader } from "./pdf-text.ts";

const pdf = createPdfReader();
afterAll(() => pdf.close());
const bytes = (text: string) => new TextEncoder().encode(text);

test("reads the text of a PDF, of plain text in either encoding, and of RTF", async () => {
  const read = async (type: string, content: Uint8Array) => textOf(type, content, pdf);
  expect(await read("application/pdf", pdfWith("Embolie pulmonaire traitee"))).toEqual({
    text: "Embolie pulmonaire traitee",
  });
  expect(await read("text/plain", bytes("Sœur opérée\r\n\r\n du   cœur"))).toEqual({ text: "Soeur opérée\ndu coeur" });
  expect(await read("text/plain", Buffer.from("opérée", "latin1"))).toEqual({ text: "opérée" });
  const rtf = String.raw`{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator Word;}\pard Op\'e9r\'e9e du c\u339?ur\par{\pict 0102ff}Fin}`;
  expect(await read("text/rtf", bytes(rtf))).toEqual({ text: "Opérée du coeur\nFin" });
  expect(await read("image/jpeg", bytes("anything"))).toEqual({ text: "" });
});

test("reads the narrative of a CDA, and the file inside one", async () => {
  const cda = (body: string) =>
    bytes(
      `<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.250.1.999.1"/><title>Lettre</title><component>${body}</component></ClinicalDocument>`,
    );
  const narrative = `<structuredBody><component><section><title>Histoire</title><text><paragraph>Angor <content>stable</content></paragraph></text></section></component></structuredBody>`;
  expect(await textOf("text/xml", cda(narrative), pdf)).toEqual({ text: "Lettre\nHistoire\nAngor stable" });
  const inside = Buffer.from(pdfWith("Fracture du radius")).toString("base64");
  const file = `<nonXMLBody><text mediaType="application/pdf" representation="B64">${inside}</text></nonXMLBody>`;
  expect(await textOf("text/xml", cda(file), pdf)).toEqual({ text: "Lettre\nFracture du radius" });
  const long = (word: string) => Buffer.from(`${word} ${"a".repeat(3000)} fin`).toString("base64");
  const longFile = `<nonXMLBody><text mediaType="text/plain" representation="B64">${long("Entorse")}</text></nonXMLBody>`;
  expect(await textOf("text/xml", cda(longFile), pdf)).toEqual({
    text: `Lettre\nEntorse ${"a".repeat(3000)} fin`,
  });
  // A comment is no part of the document, whatever it looks like.
  const remark = `<!-- nonXMLBody representation="B64">${long("Ailleurs")}< -->${file}`;
  expect(await textOf("text/xml", cda(remark), pdf)).toEqual({ text: "Lettre\nFracture du radius" });
  expect(await textOf("text/xml", bytes("<not-cda/>"), pdf)).toHaveProperty("failure");
});

test("gives up a PDF that inflates without end, and reads the next one", async () => {
  const bomb = deflateSync(Buffer.alloc(80_000_000, " "));
  const twice = deflateSync(deflateSync(Buffer.alloc(80_000_000, " ")));
  const read = (content: Uint8Array, filter: string) => textOf("application/pdf", pdfWith(content, filter), pdf);
  // Unreadable as soon as a buffer outgrows its bound; too slow where the machine is.
  expect(await read(bomb, "/Filter /FlateDecode")).toHaveProperty("failure");
  const nested = await read(twice, "/Filter [/FlateDecode /FlateDecode]");
  expect(nested).not.toHaveProperty("text", expect.stringMatching(/\S/));
  expect(await textOf("application/pdf", bytes("%PDF-1.4 broken"), pdf)).toEqual({ failure: "pdf-unreadable" });
  expect(await textOf("application/pdf", pdfWith("Encore en vie"), pdf)).toEqual({ text: "Encore en vie" });
});

test("stops a PDF that takes too long, and reads the next one", async () => {
  const slow = createPdfReader({ maxBytes: 1e7, maxPages: 10, maxCharacters: 1e6, maxMs: 1 });
  try {
    const content = deflateSync(Buffer.from(`BT /F1 12 Tf ${"(a) Tj ".repeat(1_000_000)} ET`));
    expect(await slow.read(pdfWith(content, "/Filter /FlateDecode"))).toEqual({ failure: "pdf-too-slow" });
  } finally {
    await slow.close();
  }
});

test("the thread has no way out: it imports the reader and nothing else", () => {
  const source = readFileSync(new URL("./pdf-worker.js", import.meta.url), "utf8");
  const imported = [...source.matchAll(/(?:from|import\() ?"([^"]+)"/g)].map(([, name]) => name);
  expect(imported).toEqual(["node:worker_threads", "pdfjs-dist/legacy/build/pdf.mjs"]);
});
