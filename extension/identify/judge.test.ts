import { computeInsKey, type IdentityTraits } from "@carnet/sdk/identity";
import { describe, expect, it } from "vitest";
import { chooseRecord, type Evidence, judge } from "./judge.ts";

const system = "urn:oid:1.2.250.1.213.1.4.10";
const insOf = (number: string) => ({ system, value: `${number}${computeInsKey(number)}` });

const camille: IdentityTraits = {
  ins: insOf("2850378006042"),
  birthName: "TESTARD",
  birthGivenNames: ["CAMILLE", "ROSE"],
  firstGivenName: "CAMILLE",
  sex: "female",
  birthDate: "1985-03-14",
};
const alix: IdentityTraits = {
  ins: insOf("1700675114201"),
  birthName: "EXEMPLIN",
  firstGivenName: "ALIX",
  sex: "male",
  birthDate: "1970-06-02",
};
const { ins: _ins, ...camilleWithoutIns } = camille;

const evidence = (given: Partial<Evidence>): Evidence => ({ document: [], page: [], typed: undefined, ...given });

describe("a document of which only the beginning was read", () => {
  it("is never certain: what was not read may be about somebody else", () => {
    const whole = { document: [camille], page: [camille] };
    expect(judge(evidence(whole), camille).verdict).toBe("certain");
    expect(judge(evidence({ ...whole, isPartlyRead: true }), camille)).toMatchObject({
      verdict: "doubtful",
      reasons: ["partly-read"],
    });
  });
});

describe("which record to ask for", () => {
  it("takes the number of the document before that of the page", () => {
    expect(chooseRecord(evidence({ document: [camille], page: [camille] }))).toMatchObject({
      kind: "ins",
      source: "document",
    });
  });

  it("takes the page's number for a document that has none", () => {
    expect(chooseRecord(evidence({ document: [camilleWithoutIns], page: [camille] }))).toMatchObject({
      source: "page",
    });
  });

  it("never chooses between two patients of one document", () => {
    expect(chooseRecord(evidence({ document: [camille, alix] }))).toEqual({ kind: "refused", why: "several-patients" });
  });

  it("refuses when the page shows another patient than the document", () => {
    expect(chooseRecord(evidence({ document: [camille], page: [alix] }))).toEqual({
      kind: "refused",
      why: "document-and-page-differ",
    });
  });

  it("does not take a patient from a page that lists several", () => {
    expect(chooseRecord(evidence({ document: [camilleWithoutIns], page: [camille, alix] }))).toEqual({
      kind: "missing",
    });
  });

  it("asks when nothing gives a number, and then takes what was typed", () => {
    expect(chooseRecord(evidence({})).kind).toBe("missing");
    const typed = insOf("2850378006042");
    expect(chooseRecord(evidence({ typed }))).toEqual({ kind: "ins", ins: typed, source: "typed" });
  });
});

describe("the verdict on a document", () => {
  it("is certain when the document itself says the five traits of the record", () => {
    expect(judge(evidence({ document: [camille] }), camille)).toMatchObject({ verdict: "certain", reasons: [] });
  });

  it("is certain without a number when name, given name and birth date are there, and the page agrees", () => {
    expect(judge(evidence({ document: [camilleWithoutIns], page: [camille] }), camille).verdict).toBe("certain");
  });

  it("is doubtful for a scan, even on the right patient's page: nothing in it names anybody", () => {
    expect(judge(evidence({ page: [camille] }), camille)).toMatchObject({
      verdict: "doubtful",
      reasons: ["document-silent"],
    });
  });

  it("is wrong for another person, whatever the typed number", () => {
    const { ins: _alixIns, ...other } = alix;
    expect(judge(evidence({ document: [other], typed: camille.ins }), camille).verdict).toBe("wrong");
  });

  it("is doubtful for one letter of difference, and shows which trait", () => {
    const { verdict, rows } = judge(evidence({ document: [{ ...camille, birthName: "TESTARP" }] }), camille);
    expect(verdict).toBe("doubtful");
    expect(rows.find(({ trait }) => trait === "birthName")).toMatchObject({
      found: "TESTARP",
      expected: "TESTARD",
      outcome: "close",
    });
  });

  it("is doubtful when a second person stands in the document", () => {
    const { ins: _alixIns, ...other } = alix;
    expect(judge(evidence({ document: [camille, other] }), camille)).toMatchObject({
      verdict: "doubtful",
      reasons: ["other-person"],
    });
  });

  it("R40 is doubtful, not wrong, when the record's person stands whole beside somebody else: a couple, a donor", () => {
    const { ins: _alixIns, ...other } = alix;
    const inUse = { usedName: "TESTARD", firstGivenName: "Camille", birthDate: "1985-03-14" };
    for (const own of [camilleWithoutIns, inUse])
      expect(judge(evidence({ document: [{ ...other, birthPlaceCode: "75114" }, own] }), camille)).toMatchObject({
        verdict: "doubtful",
        reasons: expect.arrayContaining(["other-person"]),
      });
    // A name alone, or the number of somebody else, is not enough.
    expect(
      judge(evidence({ document: [other, { usedName: "TESTARD", firstGivenName: "Camille" }] }), camille).verdict,
    ).toBe("wrong");
    expect(judge(evidence({ document: [alix, camilleWithoutIns] }), camille).verdict).toBe("wrong");
  });

  it("is wrong when the page shows another patient's number", () => {
    expect(judge(evidence({ document: [camilleWithoutIns], page: [alix] }), camille).verdict).toBe("wrong");
  });

  it("is doubtful when the page lists other patients only", () => {
    const third = { ...alix, ins: insOf("1600675114201"), birthName: "AUTRE", firstGivenName: "PAUL" };
    expect(judge(evidence({ document: [camille], page: [alix, third] }), camille)).toMatchObject({
      verdict: "doubtful",
      reasons: ["page-shows-others"],
    });
  });
});

describe("a paper that only a label names", () => {
  const today = "2026-11-22";
  const underLabelOf = (
    traits: IdentityTraits,
    given: { words?: readonly IdentityTraits[]; page?: readonly IdentityTraits[]; isOnPicture?: boolean } = {},
  ) => {
    const { words = [], page = [], isOnPicture = true } = given;
    return judge(evidence({ document: words, labels: [{ traits, isOnPicture }], page, today }), traits);
  };
  const grandmother = { ...camille, birthDate: "1940-03-14" };
  const child = { ...camille, birthDate: "2019-03-14" };

  it("is asked about when nothing else says whose it is: it may be a newborn's or a relative's", () => {
    for (const record of [camille, alix, child, grandmother])
      expect(underLabelOf(record)).toMatchObject({ verdict: "doubtful", reasons: ["label-alone"] });
    // A name alone is that of the whole family.
    expect(underLabelOf(alix, { words: [{ usedName: "EXEMPLIN" }], isOnPicture: false }).verdict).toBe("doubtful");
  });

  it("is certain when its own words say two traits of that person", () => {
    const named = { usedName: "TESTARD", firstGivenName: "Camille" };
    expect(underLabelOf(camille, { words: [named] })).toMatchObject({ verdict: "certain", reasons: [] });
    expect(underLabelOf(camille, { words: [{ usedName: "TESTARD", firstGivenName: "Léo" }] }).verdict).toBe("doubtful");
  });

  it("is certain on the page of that person alone, by their number or by names and birth date", () => {
    const { ins: _alixIns, ...named } = alix;
    for (const page of [[alix], [named], [{ ins: alix.ins }]] as const)
      expect(underLabelOf(alix, { page })).toMatchObject({ verdict: "certain", reasons: [] });
    for (const record of [child, grandmother]) expect(underLabelOf(record, { page: [record] }).verdict).toBe("certain");
    expect(underLabelOf(alix, { page: [alix, camille] }).verdict).toBe("doubtful");
    expect(underLabelOf(alix, { page: [{ usedName: "EXEMPLIN" }] }).verdict).toBe("doubtful");
    // Its words name somebody who is not in the record.
    const other = { usedName: "MARTIN", firstGivenName: "Paul" };
    expect(underLabelOf(alix, { words: [other], page: [alix] }).verdict).toBe("doubtful");
  });

  it("is asked about even there when it is a picture under the label of a woman who may be a mother", () => {
    const page = [camille];
    expect(underLabelOf(camille, { page })).toMatchObject({ verdict: "doubtful", reasons: ["label-alone"] });
    // Its words were read, and speak of no child.
    expect(underLabelOf(camille, { page, isOnPicture: false }).verdict).toBe("certain");
    const { sex: _sex, ...unsaid } = camille;
    expect(underLabelOf(unsaid, { page: [unsaid] }).verdict).toBe("doubtful");
  });
});
