import { describe, expect, test } from "vitest";
import { professionalName } from "./professional-name.ts";

describe("professionalName", () => {
  test("writes the professional title in place of the civility", () => {
    expect(professionalName({ family: "Martin", given: ["Sophie"], prefix: ["MME"], suffix: ["DR"] })).toBe(
      "Dr Sophie MARTIN",
    );
    expect(professionalName({ family: "MARTIN", given: ["Sophie"], prefix: ["Dr"] })).toBe("Dr Sophie MARTIN");
    expect(professionalName({ family: "MARTIN", prefix: ["M", "PR"] })).toBe("Pr MARTIN");
  });

  test("writes a civility with its French abbreviation", () => {
    expect(professionalName({ family: "Laurent", given: ["Marc"], prefix: ["M"] })).toBe("M. Marc LAURENT");
    expect(professionalName({ family: "Élise", given: ["Anne", "Marie"], prefix: ["MME"] })).toBe(
      "Mme Anne Marie ÉLISE",
    );
  });

  test("keeps a title it does not know, and a name that has no parts", () => {
    expect(professionalName({ family: "Roux", prefix: ["Maître"] })).toBe("Maître ROUX");
    expect(professionalName({ text: "Sophie Martin, infirmière" })).toBe("Sophie Martin, infirmière");
    expect(professionalName({})).toBeUndefined();
  });
});
