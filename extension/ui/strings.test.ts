import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dateText, sizeText, textsOf } from "./strings.ts";
import { english } from "./strings-en.ts";
import { french, type StringKey } from "./strings-fr.ts";

const keys = Object.keys(french) as StringKey[];
const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe("the texts", () => {
  it("are complete in both languages, and none was left untranslated", () => {
    expect(Object.keys(english).sort()).toEqual([...keys].sort());
    const same = keys.filter((key) => english[key] === french[key] && french[key].length > 0);
    // Words that both languages write alike.
    expect(same).toEqual(["app.document"]);
  });

  it("take the same values in both languages", () => {
    for (const key of keys) expect([key, places(english[key])]).toEqual([key, places(french[key])]);
  });

  it("keep French marks and units on the line of their word, by a no-break space", () => {
    const locale = readFileSync(new URL("../public/_locales/fr/messages.json", import.meta.url), "utf8");
    const inBrowser = Object.values(JSON.parse(locale) as Record<string, { readonly message: string }>);
    const texts = [...Object.values(french), ...inBrowser.map(({ message }) => message)];
    expect(texts.filter((text) => / [:;?!»]|« |[\d}] (?:Mo|ko|s|%)(?!\p{L})|[\p{L}»][?!;]/u.test(text))).toEqual([]);
  });

  it("fill their places with text", () => {
    expect(textsOf("fr")("send.for", { name: "<b>CAMILLE" })).toBe("Envoyer au dossier de <b>CAMILLE");
  });

  it("write dates and sizes as people do, and complete nothing", () => {
    expect(dateText("fr", "2026-03-04")).toBe("4 mars 2026");
    expect(dateText("fr", "2026-03")).toBe("2026-03");
    expect(sizeText("fr", 1_500_000).replace(/\s/g, " ")).toBe("1,5 Mo");
  });
});
