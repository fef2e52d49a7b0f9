import type { Dosage } from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import { english } from "./english.ts";
import { formatDosage } from "./format-dosage.ts";
import { learn } from "./languages.ts";

learn(english);

const words = (dosage: Dosage, locale: "fr" | "en" = "fr") => {
  const { dose, route, rhythm, text } = formatDosage(dosage, locale);
  return [dose, route, rhythm, text].map((piece) => piece?.replace(/[\u00a0\u202f]/g, " "));
};

describe("dosages", () => {
  it("say dose, route and rhythm in words", () => {
    const dosage: Dosage = {
      route: { text: "voie orale" },
      doseAndRate: [{ doseQuantity: { value: 0.5, unit: "comprimé" } }],
      timing: { repeat: { frequency: 3, period: 1, periodUnit: "d", boundsDuration: { value: 7, code: "d" } } },
    };
    expect(words(dosage)).toEqual(["0,5 comprimé", "voie orale", "3 fois par jour, pendant 7 jours", undefined]);
    expect(words(dosage, "en")).toEqual(["0.5 tablets", "voie orale", "3 times daily, for 7 days", undefined]);
  });

  it("say intervals, moments, days and need", () => {
    expect(words({ timing: { repeat: { frequency: 1, period: 8, periodUnit: "h" } } })[2]).toBe("toutes les 8 heures");
    expect(words({ timing: { repeat: { frequency: 1, period: 2, periodUnit: "d" } } })[2]).toBe("tous les 2 jours");
    expect(words({ timing: { repeat: { frequency: 1, period: 1, periodUnit: "wk", dayOfWeek: ["mon"] } } })[2]).toBe(
      "1 fois par semaine, le lundi",
    );
    expect(words({ timing: { repeat: { when: ["MORN", "EVE"] } } })[2]).toBe("le matin et le soir");
    expect(words({ timing: { code: { coding: [{ code: "BID" }] } }, asNeededBoolean: true })[2]).toBe(
      "2 fois par jour, si besoin",
    );
    expect(words({ asNeededCodeableConcept: { text: "douleur" } })[2]).toBe("si besoin (douleur)");
    expect(words({ asNeededCodeableConcept: { text: "Si besoin" } })[2]).toBe("si besoin");
    expect(words({ timing: { repeat: { timeOfDay: ["08:00:00", "20:00:00"] } } })[2]).toBe("à 08 h 00 et 20 h 00");
  });

  it("keep the author's own words beside the coded ones, and alone when nothing is coded", () => {
    expect(words({ text: "1 le matin si besoin" })).toEqual([undefined, undefined, undefined, "1 le matin si besoin"]);
    const both: Dosage = { text: "2 par jour", timing: { repeat: { frequency: 1, period: 1, periodUnit: "d" } } };
    expect(words(both)).toEqual([undefined, undefined, "1 fois par jour", "2 par jour"]);
  });

  it("say a range of doses once, with its unit", () => {
    const dosage: Dosage = {
      doseAndRate: [{ doseRange: { low: { value: 1, unit: "sachet" }, high: { value: 2, unit: "sachet" } } }],
    };
    expect(words(dosage)[0]).toBe("1 à 2 sachets");
  });

  it("say both units of a range that has two, and one bound alone as a bound", () => {
    const [low, high] = [
      { value: 500, unit: "mg" },
      { value: 1, unit: "g" },
    ];
    const range = (doseRange: object) => words({ doseAndRate: [{ doseRange }] })[0];
    expect(range({ low, high })).toBe("500 mg à 1 g");
    expect(range({ high })).toBe("inférieur ou égal à 1 g");
    expect(range({ low })).toBe("supérieur ou égal à 500 mg");
  });

  it("say the longest time between two doses beside the shortest", () => {
    const repeat = { frequency: 1, period: 4, periodMax: 6, periodUnit: "h" as const };
    expect(words({ timing: { repeat } })[2]).toBe("toutes les 4 à 6 heures");
    expect(words({ timing: { repeat: { ...repeat, period: 1, periodMax: 2 } } })[2]).toBe("toutes les 1 à 2 heures");
  });
});
