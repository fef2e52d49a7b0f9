/** The text of a CDA, with its file and without. */
import { readCdaHeader } from "@carnet/sdk/cda";
import { expect, test } from "vitest";
import { readCdaText } from "./cda-text.ts";

const textOfCda = (bytes: Uint8Array) => readCdaText(bytes).text;
const encode = (xml: string) => Buffer.from(xml, "utf8");
const file = Buffer.alloc(150_000, "fichier ").toString("base64");
const levelOne = (body: string, encoding = "UTF-8") =>
  `<?xml version="1.0" encoding="${encoding}"?><ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.3"/><title>Été</title><component><nonXMLBody><text mediaType="application/pdf" representation="B64">${body}</text></nonXMLBody></component></ClinicalDocument>`;

test("a file of level 1 is cut short, and the header reads the same", () => {
  const whole = levelOne(file);
  const text = textOfCda(encode(whole));
  expect(text.length).toBeLessThan(1000);
  expect(readCdaHeader(text)).toEqual(readCdaHeader(whole));
  expect(textOfCda(Buffer.from(levelOne(file, "ISO-8859-1"), "latin1"))).toContain("Été");
});

test("a file that is cut short is given decoded, with its place; one that stays is not", () => {
  const whole = encode(levelOne(file));
  expect(readCdaText(whole).file).toMatchObject({ at: whole.indexOf(file), bytes: Buffer.from(file, "base64") });
  expect(readCdaText(encode(levelOne(`${file}&x;`))).file).toBeUndefined();
});

test("what is no file alone between two tags stays whole", () => {
  for (const body of [`${file}&x;`, `${file.slice(0, 4000)}\n${file.slice(4000)}`, `${file.slice(1)}`, `${file}]]>`]) {
    expect(textOfCda(encode(levelOne(body)))).toBe(levelOne(body));
  }
});

test("a structured document stays whole", () => {
  const whole = levelOne(file).replace("</component>", "<structuredBody/></component>");
  expect(textOfCda(encode(whole))).toBe(whole);
});
