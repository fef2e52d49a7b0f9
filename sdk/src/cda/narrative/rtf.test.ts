import { describe, expect, it } from "vitest";
import { findIdentities } from "../../identity/index.ts";
import { rtfToRuns, rtfToText } from "./rtf.ts";

const read = (rtf: string, options?: Parameters<typeof rtfToText>[1]) =>
  rtfToText(new TextEncoder().encode(rtf), options);

describe("the words of an RTF file", () => {
  it("have their accents, in either way of writing them, and leave out what is not the document's", () => {
    const rtf = String.raw`{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator Word;}\pard Op\'e9r\'e9e du c\u339?ur\par{\pict 0102ff}Fin}`;
    expect(read(rtf)).toBe("Opérée du cœur\nFin");
  });

  it.each([
    ["of its own code page", String.raw`{\rtf1\ansi\ansicpg1250 Ko\'9aice, \'8aebek}`, "Košice, Šebek"],
    ["of a Cyrillic one", String.raw`{\rtf1\ansi\ansicpg1251 \'c8\'e2\'e0\'ed}`, "Иван"],
    ["of DOS", String.raw`{\rtf1\pc Op\'82r\'82e \'85 2 \'e6g}`, "Opérée à 2 µg"],
    ["of DOS in Europe", String.raw`{\rtf1\pca N\'82e \'b7 No\'89l}`, "Née À Noël"],
    ["of a Macintosh", String.raw`{\rtf1\mac Op\'8er\'8ee}`, "Opérée"],
    ["of two bytes each", String.raw`{\rtf1\ansicpg932 \'8e\'52\'93c}`, "山田"],
    [
      "of a font, as far as its group",
      String.raw`{\rtf1\ansi{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset238 Arial CE;}}\f0 \'e9{\f1 \'9a\plain\'e8}\'e8}`,
      "éšèè",
    ],
    [
      "of the font of the whole text",
      String.raw`{\rtf1\ansi\deff3{\fonttbl\f3\fcharset204 Times;}\'c8{\u9786\'4a}\'e2}`,
      "И☺в",
    ],
    [
      "of the signs of Symbol, a dose among them",
      String.raw`{\rtf1{\fonttbl{\f2\ftech\fcharset2 Symbol;}}{\f2\'b3} 30 {\f2 m}g, {\f2\u-3919\'b1} 5}`,
      "≥ 30 μg, ± 5",
    ],
  ])("have the letters %s", (_, rtf, words) =>
    expect(rtfToText(Uint8Array.from(rtf, (sign) => sign.charCodeAt(0)))).toBe(words),
  );

  it("have their accents where they stand as bytes, in the code page of the file", () => {
    expect(rtfToText(Uint8Array.from([...new TextEncoder().encode("{\\rtf1\\pca N"), 0x82, 0x65, 0x7d]))).toBe("Née");
  });

  it("lose no letter where a reader without Unicode is given nothing, or more than one sign", () => {
    expect(read(String.raw`{\rtf1\uc0 Zo\u235  et {\uc2 L\u233 \'3f\'3fo} L\u233 a}`)).toBe("Zoë et Léo Léa");
  });

  it("are those of the heads and feet of the pages too when asked for", () => {
    const rtf = String.raw`{\rtf1{\header Patient : TESTARD}{\footerr Page 1}Lettre}`;
    expect(read(rtf)).toBe("Lettre");
    expect(read(rtf, { withMargins: true })).toBe("Patient : TESTARD\nPage 1\nLettre");
  });

  it("keep their signs, their text boxes and what stands behind a backslash", () => {
    const rtf = String.raw`{\rtf1 l\rquote avis \endash  \bullet  a\{b\}\\c {\shp{\*\shpinst{\sp{\sn x}}{\shptxt Encadr\'e9}}{\shprslt{Image}}}}`;
    expect(read(rtf)).toBe("l’avis – • a{b}\\c Encadré");
  });

  it("that were hidden, or taken out by a reviewer, are not told", () => {
    expect(read(String.raw`{\rtf1 A{\v B}{\deleted C}\v D\v0 E}`)).toBe("AE");
  });

  it("tell a reader what is struck through, and what stands side by side", () => {
    const rtf = new TextEncoder().encode(String.raw`{\rtf1 Dose\cell {\strike 5 mg}2 mg\cell\row}`);
    expect(rtfToRuns(rtf)).toEqual([
      { text: "Dose\t", isStruck: false },
      { text: "5 mg", isStruck: true },
      { text: "2 mg\t\n", isStruck: false },
    ]);
  });

  it("name the patient as the letter does", () => {
    const rtf = String.raw`{\rtf1\ansi Nom de naissance : LEF\'c8VRE\par Pr\'e9nom : Am\'e9lie\par N\'e9e le 14 f\'e9vrier 1985\par}`;
    expect(findIdentities(read(rtf))[0]?.traits).toEqual({
      birthName: "LEFÈVRE",
      firstGivenName: "Amélie",
      birthDate: "1985-02-14",
      sex: "female",
    });
  });
});
