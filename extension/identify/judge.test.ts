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

  it("names nobody more for it", () => {
    const judgement = judge(evidence({ page: [camille], isPartlyRead: true }), camille);
    expect(judgement).toMatchObject({ reasons: ["document-silent"], readOn: "page" });
  });
});

it("is asked about when another document was on screen, whoever the one that was read is about", () => {
  const read = evidence({ document: [camille], page: [camille], isTitledOtherwise: true });
  expect(judge(read, camille)).toMatchObject({ verdict: "doubtful", reasons: ["titled-otherwise"] });
});

describe("which record to ask for", () => {
  it("takes the number of the document before that of the page", () => {
    expect(chooseRecord(evidence({ document: [camille], page: [camille] }))).toMatchObject({
      kind: "ins",
      source: "document",
    });
  });

  it("takes the page's number for a document that has none", () => {
    expect(chooseRecord(evidence({ document: [camilleWithoutIns], page: [camille] }))).toEqual({
      kind: "ins",
      ins: camille.ins,
      source: "page",
    });
  });

  it("takes the number of the document though the page lists others", () => {
    const third = { ...alix, ins: insOf("1600675114201") };
    expect(chooseRecord(evidence({ document: [camille, camille], page: [alix, third] }))).toMatchObject({
      ins: camille.ins,
      source: "document",
    });
  });

  it("R34 takes no number that was misread: its key is wrong", () => {
    const misread = { ...camille, ins: { system, value: "285037800604200" } };
    expect(chooseRecord(evidence({ document: [misread] }))).toEqual({ kind: "missing" });
    expect(chooseRecord(evidence({ document: [misread], page: [camille] }))).toMatchObject({ source: "page" });
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

  it("is doubtful when the page shows one other person without a number: perhaps who is signed in", () => {
    const { ins: _alixIns, ...other } = alix;
    expect(judge(evidence({ document: [camille], page: [other] }), camille)).toMatchObject({
      verdict: "doubtful",
      reasons: ["page-differs"],
    });
  });

  it("is certain when the page lists the patient among others, by all that is known or by a part of it", () => {
    for (const own of [camille, { ins: camille.ins }])
      expect(judge(evidence({ document: [camille], page: [alix, own] }), camille)).toMatchObject({
        verdict: "certain",
        reasons: [],
      });
  });

  it("is doubtful for too little, and says that nothing is against it", () => {
    expect(judge(evidence({ document: [{ birthName: "TESTARD" }] }), camille)).toMatchObject({
      verdict: "doubtful",
      reasons: ["traits-incomplete"],
    });
    for (const birthName of ["TESTARP", "AUTRE"])
      expect(judge(evidence({ document: [{ birthName }] }), camille).reasons).toEqual(["traits-differ"]);
  });

  it("is certain beside a name alone, and beside another number it is not", () => {
    expect(
      judge(evidence({ document: [camille, { birthName: "AUTRE", firstGivenName: "PAUL" }] }), camille),
    ).toMatchObject({ verdict: "certain", reasons: [] });
    expect(judge(evidence({ document: [camille, { ins: alix.ins }] }), camille).reasons).toEqual(["other-person"]);
  });

  it("is doubtful when the page lists other patients only", () => {
    const third = { ...alix, ins: insOf("1600675114201"), birthName: "AUTRE", firstGivenName: "PAUL" };
    expect(judge(evidence({ document: [camille], page: [alix, third] }), camille)).toMatchObject({
      verdict: "doubtful",
      reasons: ["page-shows-others"],
    });
  });
});

describe("what is shown side by side", () => {
  const shown = (given: Partial<Evidence>, record: IdentityTraits = camille) => judge(evidence(given), record).rows;

  it("is every trait that either of them has, and how they compare", () => {
    expect(shown({ document: [{ usedName: "TESTARD", birthGivenNames: ["CAMILLE"] }] })).toEqual([
      { trait: "birthName", found: "", expected: "TESTARD", outcome: "missing" },
      // Not the same as the nothing beside it: as the name of birth.
      { trait: "usedName", found: "TESTARD", expected: "", outcome: "same", comparedWith: "birthName" },
      { trait: "firstGivenName", found: "CAMILLE", expected: "CAMILLE", outcome: "same" },
      { trait: "birthGivenNames", found: "CAMILLE", expected: "CAMILLE ROSE", outcome: "same" },
      { trait: "birthDate", found: "", expected: "1985-03-14", outcome: "missing" },
      { trait: "sex", found: "", expected: "female", outcome: "missing" },
      { trait: "ins", found: "", expected: camille.ins?.value, outcome: "missing" },
    ]);
    const both = { firstGivenName: "ROSE", birthGivenNames: ["CAMILLE", "ROSE"] };
    expect(shown({ document: [both] })).toContainEqual(
      expect.objectContaining({ trait: "firstGivenName", found: "ROSE" }),
    );
  });

  it("is the page's one patient for a document that names nobody, and nobody of a page that lists several", () => {
    const found = (page: readonly IdentityTraits[]) =>
      shown({ page }).find(({ trait }) => trait === "birthName")?.found;
    expect(found([camille])).toBe("TESTARD");
    expect(found([camille, alix])).toBe("");
    expect(found([])).toBe("");
  });

  it("is the person of whom most is said, or who has a number", () => {
    const found = (document: readonly IdentityTraits[]) =>
      shown({ document }).find(({ trait }) => trait === "firstGivenName")?.found;
    const { ins, ...others } = alix;
    expect(found([{ firstGivenName: "PAUL" }, others])).toBe("ALIX");
    expect(found([others, { firstGivenName: "PAUL" }])).toBe("ALIX");
    expect(found([others, { ins, firstGivenName: "PAUL" }])).toBe("PAUL");
    expect(found([{ ins, firstGivenName: "PAUL" }, others])).toBe("PAUL");
    // As much is said of both: the first, unless the other one is the record's person, whole.
    const paul = { birthName: "AUTRE", firstGivenName: "PAUL", birthDate: "1960-01-01" };
    const anne = { birthName: "AUTRE", firstGivenName: "ANNE", birthDate: "1961-01-01" };
    expect(found([paul, anne])).toBe("PAUL");
    expect(found([paul, { birthName: "TESTARD", firstGivenName: "CAMILLE", birthDate: "1985-03-14" }])).toBe("CAMILLE");
    for (const part of [
      { birthName: "TESTARD", firstGivenName: "LUCIE", birthDate: "1985-03-14" },
      { birthName: "TESTARD", firstGivenName: "CAMILLE", birthDate: "1985-03-15" },
      { firstGivenName: "CAMILLE", birthDate: "1985-03-14", sex: "female" as const },
      { birthName: "TESTARD", birthDate: "1985-03-14" },
    ])
      expect(found([paul, part])).toBe("PAUL");
  });
});

describe("words about somebody else than the person who is named", () => {
  const today = "2026-11-22";
  const reasons = (relation: "child" | "twin" | "other", record: IdentityTraits, givenName?: string, on = today) =>
    judge(evidence({ document: [record], others: [{ relation, givenName, start: 0, end: 0 }], today: on }), record);

  it("are asked about, by what they say of them", () => {
    for (const [relation, reason] of [
      ["child", "about-child"],
      ["twin", "about-twin"],
      ["other", "about-relative"],
    ] as const)
      for (const givenName of [undefined, "Léo"])
        expect(reasons(relation, camille, givenName)).toMatchObject({ verdict: "doubtful", reasons: [reason] });
  });

  it("are about that person when they call them by a given name of theirs", () => {
    const { firstGivenName: _first, ...listed } = camille;
    for (const record of [camille, { ...camille, usedGivenName: "Zoé" }, listed])
      for (const relation of ["twin", "other"] as const)
        expect(reasons(relation, record, "Camille").verdict).toBe("certain");
    expect(reasons("other", { ...camille, usedGivenName: "Zoé" }, "ZOE").verdict).toBe("certain");
    expect(reasons("twin", alix, "ALIX").verdict).toBe("certain");
    // Of age, the mother may bear the name that her child is called by.
    expect(reasons("child", camille, "Camille").reasons).toEqual(["about-child"]);
  });

  it("are about a child of under twelve, and until eighteen when they call them by name", () => {
    const born = (birthDate: string) => ({ ...camille, birthDate });
    expect(reasons("child", born("2014-11-23")).verdict).toBe("certain");
    expect(reasons("child", born("2014-11-22")).reasons).toEqual(["about-child"]);
    for (const birthDate of ["2014-03-14", "2013-12-01"])
      expect(reasons("child", born(birthDate)).reasons).toEqual(["about-child"]);
    expect(reasons("child", born("2008-11-23"), "Camille").verdict).toBe("certain");
    expect(reasons("child", born("2008-11-22"), "Camille").reasons).toEqual(["about-child"]);
    expect(reasons("child", born("2008-11-23"), "Léo").reasons).toEqual(["about-child"]);
    const { birthDate: _birthDate, ...unsaid } = camille;
    expect(reasons("child", unsaid, "Camille").reasons).toEqual(["about-child"]);
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
    expect(judge(evidence({ labels: [{ traits: alix, isOnPicture: true }], today }), camille)).toMatchObject({
      verdict: "wrong",
      reasons: ["traits-differ"],
    });
    // A name alone is that of the whole family.
    expect(underLabelOf(alix, { words: [{ usedName: "EXEMPLIN" }], isOnPicture: false }).verdict).toBe("doubtful");
  });

  it("is certain when its own words say two traits of that person", () => {
    const named = { usedName: "TESTARD", firstGivenName: "Camille" };
    expect(underLabelOf(camille, { words: [named] })).toMatchObject({ verdict: "certain", reasons: [] });
    for (const words of [
      { birthName: "TESTARD", birthDate: "1985-03-14" },
      { firstGivenName: "Camille", birthDate: "1985-03-14" },
      { firstGivenName: "Camille", ins: camille.ins },
    ])
      expect(underLabelOf(camille, { words: [words] })).toMatchObject({ verdict: "certain", reasons: [] });
    expect(underLabelOf(camille, { words: [{ usedName: "TESTARD", firstGivenName: "Léo" }] }).verdict).toBe("doubtful");
    // A twin has two of them as well.
    const twin = { usedName: "TESTARD", firstGivenName: "Léo", birthDate: "1985-03-14" };
    expect(underLabelOf(camille, { words: [twin] }).reasons).toContain("label-alone");
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
    const born = (birthDate: string) => ({ ...camille, birthDate });
    for (const birthDate of ["2014-11-22", "1966-11-23"])
      expect(underLabelOf(born(birthDate), { page: [born(birthDate)] }).verdict).toBe("doubtful");
    for (const birthDate of ["2014-11-23", "1966-11-22"])
      expect(underLabelOf(born(birthDate), { page: [born(birthDate)] }).verdict).toBe("certain");
    const { birthDate: _birthDate, ...undated } = camille;
    expect(underLabelOf(undated, { page: [undated] }).verdict).toBe("doubtful");
    // One of several labels on a picture is enough.
    const labels = [false, true].map((isOnPicture) => ({ traits: camille, isOnPicture }));
    expect(judge(evidence({ labels, page, today }), camille).verdict).toBe("doubtful");
  });
});
