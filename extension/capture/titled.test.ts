import { expect, it } from "vitest";
import { isTitledOtherwise } from "./titled.ts";

const address = "https://dpi.example/document/courant?n=%C3%A9t%C3%A9";

it.each([
  ["the same", "Compte rendu d’opération", "Compte rendu d’opération"],
  ["the same, and the name of the file (Firefox)", "Compte rendu – courant.pdf", "Compte rendu"],
  ["the same, whose accents were read otherwise", "Compte rendu d'opÃ©ration", "Compte rendu d’opération"],
  ["the address, which stands there until the title is read", "dpi.example/document/courant?n=été", "Compte rendu"],
  ["the end of the address", "courant", "Compte rendu"],
  ["nothing", "", "Compte rendu"],
  ["something, of a PDF without a title", "Compte rendu", ""],
  ["something, of a PDF that says it has none", "Compte rendu", "untitled"],
])("says nothing where the viewer shows %s", (_, title, own) => {
  expect(isTitledOtherwise({ title, address }, own)).toBe(false);
});

it("says nothing of the address that stands there, however long it is", () => {
  const long = `https://dpi.example/document?jeton=${"a1b2".repeat(100)}&fichier=courant.pdf`;
  for (const title of [long.slice("https://".length), "courant.pdf"])
    expect(isTitledOtherwise({ title, address: long }, "Compte rendu")).toBe(false);
});

it("tells another title on screen than that of the PDF that was read", () => {
  expect(isTitledOtherwise({ title: "CR 14 TESTARD Camille", address }, "CR 15 EXEMPLIN Alix")).toBe(true);
  expect(isTitledOtherwise(undefined, "CR 15 EXEMPLIN Alix")).toBe(false);
});
