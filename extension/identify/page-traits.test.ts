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
  it("reads French and ISO dates, and the sex in words", () => {
    expect(traitsOfAdapted({ birthDate: "né le 14/03/1985", sex: "Féminin" })).toEqual({
      birthDate: "1985-03-14",
      sex: "female",
    });
    expect(traitsOfAdapted({ birthDate: "1985-03-14", sex: "M" })).toEqual({ birthDate: "1985-03-14", sex: "male" });
  });
  it("says nothing when the selectors found nothing", () => {
    expect(traitsOfAdapted({ ins: "", birthName: "" })).toBeUndefined();
  });
});
