import { findIdentities } from "@carnet/sdk/identity";
import { expect, it } from "vitest";
import { placesOf } from "./places.ts";
import { records } from "./testing/identity-pairs.ts";

const line = (index: number) => {
  const one = records[index];
  return `INS : ${one?.ins?.value}\nNom de naissance : ${one?.birthName}\nPrénom : ${one?.firstGivenName}\nDate de naissance : ${one?.birthDate?.split("-").reverse().join("/")}\n`;
};

it("marks the page and the words of each patient of a document about two", () => {
  const text = `${line(2)}Compte rendu\n\f\nDeux pages plus loin\n\f\n${line(3)}`;
  const places = placesOf(text, findIdentities(text));
  expect(places.map(({ page }) => page)).toEqual([1, 3]);
  expect(places[0]?.words).toContain("TESTARD");
  expect(places[1]?.words).toContain("EXEMPLIN");
  expect(places[0]?.words).not.toContain("EXEMPLIN");
});

it("tells two patients without numbers apart by where their births stand", () => {
  const text = "Madame Rose TESTARD, née le 14/03/1985\n\f\nMonsieur Paul EXEMPLIN, né le 02/06/1970";
  expect(placesOf(text, findIdentities(text)).map(({ page }) => page)).toEqual([1, 2]);
});
