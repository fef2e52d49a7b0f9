import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identifierSystem } from "../fhir/systems.ts";
import { computeInsKey } from "./ins.ts";
import { matchTraits } from "./match.ts";
import type { IdentityTraits } from "./traits.ts";

const ins = (number: string) => ({ system: identifierSystem.insTest, value: number + computeInsKey(number) });

const camille: IdentityTraits = {
  ins: ins("2850578006084"),
  birthName: "Leprêtre-D'Ormesson",
  usedName: "Martin",
  birthGivenNames: ["Camille", "Louise"],
  firstGivenName: "Camille",
  usedGivenName: "Camille",
  sex: "female",
  birthDate: "1985-05-12",
  birthPlaceCode: "78006",
};
const { ins: _number, ...withoutIns } = camille;
const verdict = (found: IdentityTraits, expected: IdentityTraits = camille) => matchTraits(found, expected).verdict;
const outcome = (found: IdentityTraits, trait: keyof IdentityTraits) =>
  matchTraits(found, camille).reasons.find((reason) => reason.trait === trait)?.outcome;

describe("R40: the same person", () => {
  it("is certain when every trait agrees", () => {
    expect(verdict(camille)).toBe("certain");
    expect(verdict(withoutIns)).toBe("certain");
  });

  it("is certain whatever the case, accents, hyphens and apostrophes", () => {
    for (const birthName of ["LEPRETRE D’ORMESSON", "leprêtre-d'ormesson", "LEPRÊTRE DORMESSON", "Leprêtre D Ormesson"])
      expect(verdict({ birthName, firstGivenName: "CAMILLE", birthDate: "1985-05-12" })).toBe("certain");
  });

  it("is certain for letters that the civil register writes in plain ones", () => {
    const read = { birthName: "Đorđević", firstGivenName: "Þór", birthDate: "1985-05-12" };
    expect(matchTraits(read, { ...read, birthName: "DORDEVIC", firstGivenName: "THOR" }).verdict).toBe("certain");
  });

  it("is certain with the INS and one more trait, whatever the name in use", () => {
    expect(verdict({ ins: camille.ins, usedName: "MARTIN", firstGivenName: "Camille" })).toBe("certain");
    expect(verdict({ ins: camille.ins, birthDate: "1985-05-12" })).toBe("certain");
  });

  it("is certain with the INS and any one of the names, and without it whatever the names in use", () => {
    const { ins: number, birthName, usedName, firstGivenName, usedGivenName } = camille;
    for (const one of [{ birthName }, { usedName }, { firstGivenName }, { usedGivenName }])
      expect(verdict({ ins: number, ...one })).toBe("certain");
    expect(verdict({ ...withoutIns, usedName: "Durand", usedGivenName: "Zoé" })).toBe("certain");
    const known = { ...camille, usedGivenName: "Zoé" };
    for (const given of ["Zoé", "Camille"])
      expect(verdict({ ins: number, usedGivenName: given }, known)).toBe("certain");
  });

  it("is certain though the record has no number, no sex and no birth place", () => {
    const { sex: _sex, birthPlaceCode: _place, ...known } = withoutIns;
    expect(verdict(camille, known)).toBe("certain");
  });

  it("takes an INS as the same whatever its blanks and the case of a Corsican department", () => {
    const corsican = ins("280032A004001");
    const written = { system: corsican.system, value: corsican.value.replace("2A", " 2a ") };
    for (const [found, expected] of [
      [written, corsican],
      [corsican, written],
    ])
      expect(verdict({ ...camille, ins: found }, { ...camille, ins: expected })).toBe("certain");
  });

  it("reads the first given name from the list where it stands nowhere else", () => {
    const { firstGivenName: _first, usedGivenName: _used, ...listed } = withoutIns;
    expect(verdict(listed)).toBe("certain");
    expect(verdict(withoutIns, listed)).toBe("certain");
    expect(verdict({ ...listed, birthGivenNames: ["Lucie"] })).toBe("wrong");
  });

  it("takes a shorter list of first names as the same, and one that shares a name as close", () => {
    expect(outcome({ birthGivenNames: ["CAMILLE"] }, "birthGivenNames")).toBe("same");
    expect(outcome({ birthGivenNames: ["Camille", "Louise", "Zoé"] }, "birthGivenNames")).toBe("same");
    expect(outcome({ birthGivenNames: ["Camille", "Zoé"] }, "birthGivenNames")).toBe("close");
    expect(outcome({ birthGivenNames: ["Zoé", "Lucie"] }, "birthGivenNames")).toBe("different");
  });

  it("takes a birth place as the same whatever its case and blanks", () => {
    const corsican = { ...withoutIns, birthPlaceCode: "2A004" };
    expect(verdict({ ...withoutIns, birthPlaceCode: " 2a004 " }, corsican)).toBe("certain");
    expect(verdict(corsican, { ...withoutIns, birthPlaceCode: " 2a004 " })).toBe("certain");
  });
});

describe("R40: a doubt is asked about", () => {
  it.each<[string, IdentityTraits]>([
    ["nothing known", {}],
    ["a number alone: perhaps the insured parent's", { ins: camille.ins }],
    ["no birth date", { birthName: camille.birthName, firstGivenName: "Camille" }],
    [
      "a name that nobody called a birth name",
      { usedName: "Martin", firstGivenName: "Camille", birthDate: "1985-05-12" },
    ],
    [
      "the name in use under the label of the birth name",
      { birthName: "Martin", firstGivenName: "Camille", birthDate: "1985-05-12" },
    ],
    ["half of a compound name", { ...withoutIns, birthName: "Leprêtre" }],
    [
      "first names in another order",
      { ...withoutIns, firstGivenName: "Louise", birthGivenNames: ["Louise", "Camille"] },
    ],
    ["one digit of the birth date", { ...withoutIns, birthDate: "1985-05-13" }],
    ["day and month exchanged", { ...withoutIns, birthDate: "1985-12-05" }],
    ["one letter of the name", { ...withoutIns, birthName: "Leprètra-d'Ormesson" }],
    ["another sex", { ...withoutIns, sex: "male" }],
    [
      "one digit of the INS, hence a wrong key",
      { ...camille, ins: { system: identifierSystem.insTest, value: `${camille.ins?.value.slice(0, 14)}0` } },
    ],
    [
      "name and given name exchanged in capitals",
      { usedName: "CAMILLE", firstGivenName: "MARTIN", birthDate: "1985-05-12" },
    ],
    ["the INS with another birth date", { ...camille, birthDate: "1958-05-21" }],
    [
      "the INS with a name in use that is nobody's",
      { ins: camille.ins, usedName: "Durand", firstGivenName: "Camille" },
    ],
    ["the INS with a slip in the name in use", { ins: camille.ins, usedName: "Martim", birthDate: "1985-05-12" }],
    ["the INS with half of the birth name", { ...camille, birthName: "Leprêtre" }],
    ["the INS with another birth place", { ...camille, birthPlaceCode: "75114" }],
    ["no given name", { birthName: camille.birthName, birthDate: "1985-05-12" }],
    ["another birth place", { ...withoutIns, birthPlaceCode: "75114" }],
    ["a slip in the name in use", { ...withoutIns, usedName: "Martim" }],
    ["half of the name in use, and no birth name", { usedName: "Ormesson", firstGivenName: "Camille" }],
    ["a slip in the name in use, and no birth name", { usedName: "Martim", firstGivenName: "Camille" }],
    ["a birth name beside the name in use", { ...withoutIns, birthName: "Leprêtre-d'Ormesson Martin" }],
    [
      "birth name and given name exchanged",
      { ...withoutIns, birthName: "Camille", firstGivenName: "Leprêtre d'Ormesson", birthGivenNames: ["Leprêtre"] },
    ],
    [
      "name in use and given name in use exchanged",
      { usedName: "CAMILLE", usedGivenName: "MARTIN", birthDate: "1985-05-12" },
    ],
  ])("%s", (_, found) => {
    expect(verdict(found)).toBe("doubtful");
  });

  it("whether another name in use came by marriage, where the record knows of none and all else is hers", () => {
    const { usedName: _used, ...unmarried } = withoutIns;
    const found = { usedName: "Durand", firstGivenName: "Camille", birthDate: "1985-05-12" };
    expect(verdict(found, unmarried)).toBe("doubtful");
    for (const other of [
      { ...found, birthName: "Durand" },
      { ...found, firstGivenName: "Louise" },
      { ...found, firstGivenName: "Zoé" },
      { ...found, birthDate: "1985-05-13" },
      { ...found, birthDate: undefined },
      { ...found, sex: "male" as const },
    ])
      expect(verdict(other, unmarried)).toBe("wrong");
    expect(verdict(found, { ...unmarried, sex: "male" })).toBe("wrong");
  });

  it("whether the given name in use was written for the first one", () => {
    const known = { ...withoutIns, usedGivenName: "Zoé" };
    expect(verdict({ ...withoutIns, firstGivenName: "Zoé", birthGivenNames: undefined }, known)).toBe("doubtful");
  });

  it.each(["Durnad", "Duran", "Durande", "Adurand", "Durond"])("one slip of a key: %s for Durand", (birthName) => {
    const durand = { ...withoutIns, birthName: "Durand", usedName: undefined };
    expect(verdict({ ...durand, birthName }, durand)).toBe("doubtful");
  });

  it.each(["Duronde", "Dunard", "Drunad", "Darund", "Durandes", "Duxxnd"])(
    "but two of them are another name: %s",
    (birthName) => {
      const durand = { ...withoutIns, birthName: "Durand", usedName: undefined };
      expect(verdict({ ...durand, birthName }, durand)).toBe("wrong");
    },
  );

  it("a letter of a name of five, none of four", () => {
    const named = (birthName: string) => ({ ...withoutIns, birthName, usedName: undefined });
    expect(verdict(named("Petot"), named("Petit"))).toBe("doubtful");
    expect(verdict(named("Roux"), named("Roue"))).toBe("wrong");
    expect(verdict(named("Rouxe"), named("Roux"))).toBe("wrong");
  });

  it("half of a name that is two letters long, not of one that is an initial", () => {
    const named = (birthName: string) => ({ ...withoutIns, birthName, usedName: undefined });
    expect(verdict(named("Ly"), named("Ly Nguyen"))).toBe("doubtful");
    expect(verdict(named("N"), named("Ly N"))).toBe("wrong");
  });
});

describe("R40: another person is refused", () => {
  it.each<[string, IdentityTraits]>([
    [
      "a twin: same name and birth date, another given name",
      { ...withoutIns, firstGivenName: "Lucie", birthGivenNames: ["Lucie"] },
    ],
    ["a twin with a number of their own", { ...camille, ins: ins("2850578006085") }],
    ["a homonym born another day", { ...withoutIns, birthDate: "1962-11-30" }],
    ["another birth name", { ...withoutIns, birthName: "Durand" }],
    ["another sex and one digit of the birth date", { ...withoutIns, sex: "male", birthDate: "1985-05-13" }],
    ["two slips at once", { ...withoutIns, birthName: "Leprètra-d'Ormesson", birthDate: "1985-05-13" }],
    [
      "a child's letter under the number of the parent",
      { ins: camille.ins, birthName: "Martin", firstGivenName: "Noé", birthDate: "2015-02-03" },
    ],
    ["a name in use that is nobody's", { usedName: "Durand", firstGivenName: "Camille", birthDate: "1985-05-12" }],
    ["a given name in use that is nobody's", { birthName: camille.birthName, usedGivenName: "Zoé" }],
    ["one of the given names beside another's", { ...withoutIns, firstGivenName: "Louise Zoé" }],
    [
      "the given name as a name, beside somebody else's",
      { ...withoutIns, birthName: "Camille", firstGivenName: "Paul" },
    ],
    [
      "the name as a given name, beside somebody else's",
      { ...withoutIns, birthName: "Durand", firstGivenName: "Martin" },
    ],
    [
      "a number with a wrong key and more than one digit apart",
      { ...camille, ins: { system: identifierSystem.insTest, value: "285057800691200" } },
    ],
  ])("%s", (_, found) => {
    expect(verdict(found)).toBe("wrong");
  });

  it("keeps apart names of another alphabet, and what is no name at all", () => {
    const named = (birthName: string, firstGivenName: string) => ({
      birthName,
      firstGivenName,
      birthDate: "1985-05-12",
    });
    expect(verdict(named("Иванов", "Пётр"), named("Петров", "Иван"))).toBe("wrong");
    expect(verdict(named("Đỗ", "Ông"), named("Þỗ", "Ông"))).toBe("wrong");
    expect(verdict(named("?", "-"), named("-", "?"))).toBe("wrong");
    expect(verdict(named("Иванов", "Пётр"), named("ИВАНОВ", "ПЕТР"))).toBe("certain");
  });

  it("keeps Léa and Léo apart, and Louis from Louise", () => {
    const twin: IdentityTraits = { birthName: "Petit", firstGivenName: "Léa", birthDate: "2020-01-01", sex: "female" };
    expect(verdict({ ...twin, firstGivenName: "Léo" }, twin)).toBe("wrong");
    expect(verdict({ ...twin, firstGivenName: "Louis", sex: "male" }, { ...twin, firstGivenName: "Louise" })).toBe(
      "wrong",
    );
  });
});

describe("R35: whatever is compared", () => {
  const word = fc.constantFrom(
    "Martin",
    "MARTIN",
    "Durand",
    "Le Goff",
    "LEGOFF",
    "Léa",
    "Léo",
    "Noa",
    "Jean-Pierre",
    "Jean",
  );
  const traits: fc.Arbitrary<IdentityTraits> = fc.record(
    {
      ins: fc.constantFrom(ins("2850578006084"), ins("1850578006084"), {
        system: identifierSystem.insNir,
        value: "285057800608400",
      }),
      birthName: word,
      usedName: word,
      firstGivenName: word,
      birthGivenNames: fc.array(word, { maxLength: 3 }),
      usedGivenName: word,
      sex: fc.constantFrom("male", "female", "unknown"),
      birthDate: fc.constantFrom("1985-05-12", "1985-05-13", "1962-11-30"),
      birthPlaceCode: fc.constantFrom("78006", "2A004"),
    },
    { requiredKeys: [] },
  );

  it("certain always rests on name, given name and birth date, or on the INS without contradiction", () => {
    fc.assert(
      fc.property(traits, traits, (found, expected) => {
        const match = matchTraits(found, expected);
        if (match.verdict !== "certain") return;
        const is = (trait: string, value: string) =>
          match.reasons.some((one) => one.trait === trait && one.outcome === value);
        const rests = is("birthName", "same") && is("firstGivenName", "same") && is("birthDate", "same");
        expect(rests || is("ins", "same")).toBe(true);
        for (const trait of ["ins", "birthName", "firstGivenName", "birthDate", "sex", "birthPlaceCode"])
          expect(is(trait, "different")).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("two different numbers with right keys are two people", () => {
    fc.assert(
      fc.property(traits, traits, (found, expected) => {
        expect(verdict({ ...found, ins: ins("2850578006084") }, { ...expected, ins: ins("2850578006085") })).toBe(
          "wrong",
        );
      }),
    );
  });
});
