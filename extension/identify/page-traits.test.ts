import { describe, expect, it } from "vitest";
import { traitsOfAdapted } from "./page-traits.ts";

describe("what an adapter's selectors give", () => {
  it("reads a number written in groups, with words beside it", () => {
    expect(traitsOfAdapted({ ins: "2 79 03 51 215 189 89 (NIR de test)" })?.ins?.value).toBe("279035121518989");
  });
  it("takes no number with a wrong key, and none that is part of a longer one", () => {
    expect(traitsOfAdapted({ ins: "279035121518988" })).toBeUndefined();
    expect(traitsOfAdapted({ ins: "2790351215189891" })).toBeUndefined();
  });
  it("takes a name of DICOM apart", () => {
    expect(traitsOfAdapted({ birthName: "TESTARD^CAMILLE ROSE^^Mme" })).toEqual({
      birthName: "TESTARD",
      firstGivenName: "CAMILLE ROSE",
    });
  });
  it("reads French and ISO dates, and the sex in words", () => {
    expect(traitsOfAdapted({ birthDate: "né le 14/03/1985", sex: "Féminin" })).toEqual({
      birthDate: "1985-03-14",
      sex: "female",
    });
    expect(traitsOfAdapted({ birthDate: "1985-03-14", sex: "M" })).toEqual({ birthDate: "1985-03-14", sex: "male" });
  });
  it.each([
    "14/03/1985",
    "14-03-1985",
    "14.3.1985",
    "14 03 1985",
    "14031985",
    "1985-03-14",
    "14 mars 1985",
    "né le jeudi 14 mars 1985 (41 ans)",
    "14 MARS 1985",
  ])("reads a birth date written %j", (birthDate) => {
    expect(traitsOfAdapted({ birthDate })).toEqual({ birthDate: "1985-03-14" });
  });
  it("reads the first of a month in words, and every abbreviation of a month", () => {
    expect(traitsOfAdapted({ birthDate: "1er févr. 1985" })).toEqual({ birthDate: "1985-02-01" });
    expect(traitsOfAdapted({ birthDate: "2 sept. 1985" })).toEqual({ birthDate: "1985-09-02" });
  });
  it.each(["31/02/1985", "14/03/85", "14/03/1985 – 15/03/1985", "1985"])("takes no date from %j", (birthDate) => {
    expect(traitsOfAdapted({ birthDate })).toBeUndefined();
  });
  it("says nothing when the selectors found nothing", () => {
    expect(traitsOfAdapted({ ins: "", birthName: "" })).toBeUndefined();
  });
});
