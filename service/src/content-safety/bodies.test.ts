import { expect, test } from "vitest";
import { filesInCda } from "./bodies.ts";

const file = Buffer.from("%PDF-1.4 essai");
const base64 = file.toString("base64");
const found = (xml: string) => filesInCda(Buffer.from(xml)).map(({ contentType, bytes }) => [contentType, `${bytes}`]);
const pdf = [["application/pdf", `${file}`]];

test.each([
  ["as the guides write it", `<text mediaType="application/pdf" representation="B64">${base64}</text>`],
  [
    "with a prefix, other quotes and blanks",
    `<v3:text representation = 'B64'  mediaType = 'application/pdf' >${base64}</v3:text>`,
  ],
  [
    "with references to characters",
    `<text mediaType="application/&#112;df" representation="&#66;&#x36;4">${base64}</text>`,
  ],
  [
    "with line breaks in the base64",
    `<text mediaType="application/pdf" representation="B64">\n${base64.slice(0, 8)}\n${base64.slice(8)}</text>`,
  ],
  ["with parameters of its type", `<value mediaType="Application/PDF; x=1" representation="B64">${base64}</value>`],
])("a file in a CDA is found, written %s", (_how, element) => {
  expect(found(`<ClinicalDocument><title>representation</title>${element}</ClinicalDocument>`)).toEqual(pdf);
});

test("every file is found, and plain text is none", () => {
  const text = '<text mediaType="text/plain" representation="TXT">representation</text>';
  const one = `<text mediaType="application/pdf" representation="B64">${base64}</text>`;
  expect(found(`<a>${text}${one}<b/>${one}</a>`)).toEqual([...pdf, ...pdf]);
});

test("an image that is called another kind of image is judged as what it is, and nothing else is", () => {
  const png = Buffer.from("89504e470d0a1a0a0000000d", "hex").toString("base64");
  const types = (stated: string, content: string) =>
    filesInCda(Buffer.from(`<value mediaType="${stated}" representation="B64">${content}</value>`)).map(
      ({ contentType }) => contentType,
    );
  expect(types("image/jpeg", png)).toEqual(["image/png"]);
  expect(types("application/pdf", png)).toEqual(["application/pdf"]);
  expect(types("image/jpeg", base64)).toEqual(["image/jpeg"]);
});
