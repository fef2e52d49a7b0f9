import { findIdentities } from "@carnet/sdk/identity";
import { describe, expect, it } from "vitest";
import { wordsOf } from "./words.ts";

const amelie = { birthName: "LEFÈVRE", firstGivenName: "Amélie", birthDate: "1985-02-14", sex: "female" };
const letter = "Nom de naissance : LEFÈVRE\nPrénom : Amélie\nNée le 14 février 1985";
const rtf = String.raw`{\rtf1\ansi{\header Nom de naissance : LEF\'c8VRE\par Pr\'e9nom : Am\'e9lie\par N\'e9e le 14 f\'e9vrier 1985}\pard Lettre\par}`;

describe("the words of a file", () => {
  it.each([
    ["a text", "text/plain", Buffer.from(letter)],
    ["a text of older software", "text/plain", Buffer.from(letter, "latin1")],
    ["an RTF file, at the head of its pages", "text/rtf", Buffer.from(rtf)],
  ])("name the patient as %s writes them", async (_, contentType, bytes) => {
    const { text, isWhole } = await wordsOf({ contentType, bytes });
    expect(findIdentities(text)[0]?.traits).toEqual(amelie);
    expect(isWhole).toBe(true);
  });

  it("are not whole when somebody may be named behind what is looked at", async () => {
    const long = `${letter}\n${"mot ".repeat(50_000)}\nNom de naissance : EXEMPLIN`;
    for (const [contentType, words] of [
      ["text/plain", long],
      ["text/rtf", `{\\rtf1 ${long}}`],
    ] as const)
      expect(await wordsOf({ contentType, bytes: Buffer.from(words) })).toMatchObject({ isWhole: false });
  });
});
