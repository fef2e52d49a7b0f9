import { withChecks } from "@carnet/sdk/safety";
import { summarise } from "@carnet/sdk/summary";
import { expect, it } from "vitest";
import { odile, summaryBundle } from "../testing/fixtures.ts";
import { axeViolations, reached, section, summaryElement, textOf } from "../testing/mount.ts";

const subject = { reference: "Patient/p" };
/** Two drugs that the small set below knows, one of them named as an allergen. */
const medicines = [
  ["warfarine", "B01AA03"],
  ["amiodarone", "C01BD01"],
].map(([text = "", code = ""], index) => ({
  resourceType: "MedicationStatement" as const,
  id: `checked-${index}`,
  status: "active" as const,
  subject,
  medicationCodeableConcept: { text, coding: [{ system: "http://www.whocc.no/atc", code }] },
}));
const diabetes = {
  resourceType: "Condition" as const,
  id: "diabetes",
  subject,
  clinicalStatus: { coding: [{ code: "active" }] },
  code: { text: "Diabète de type 2", coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "E11.9" }] },
};
const drugData = {
  format: "carnet-drug-data/1" as const,
  sources: [
    { part: "interactions" as const, title: "Jeu d’essai", date: "2026-11", licence: "essai" },
    { part: "drugs" as const, title: "Jeu d’essai", date: "2026-11", licence: "essai" },
  ],
  entities: [
    ["s", "warfarine"],
    ["s", "amiodarone"],
  ] as ["s", string][],
  interactions: [[0, 1, [["CI", "Saignement."]], ""]] as [number, number, ["CI", string][], string][],
  substances: [
    ["", "warfarine", [0]],
    ["", "amiodarone", [1]],
  ] as [string, string, number[]][],
  aliases: [],
  drugs: {},
  boxes: {},
  atc: { B01AA03: [0], C01BD01: [1] },
};
const bundle = (data?: typeof drugData) =>
  withChecks(summarise([summaryBundle(odile, [...medicines, diabetes])], { now: "2026-11-28T08:00:00Z" }), {
    reader: "professional",
    ...(data ? { drugData: data } : {}),
  });

it("an interaction stands under the allergies, marked in words, with both drugs, its level, source and date", async () => {
  const panel = summaryElement({ bundle: bundle(drugData) });
  await reached(panel, "ready");
  const names = [...(panel.shadowRoot?.querySelectorAll("[data-section]") ?? [])].map((one) =>
    one.getAttribute("data-section"),
  );
  expect(names.slice(0, 2)).toEqual(["allergies", "alerts"]);
  const text = textOf(section(panel, "alerts"));
  expect(text).toMatch(/Grave Interaction médicamenteuse — Contre-indication/);
  expect(text).toMatch(/amiodarone et warfarine.*Jeu d’essai \(novembre 2026\)/);
  expect(section(panel, "alerts").classList.contains("danger")).toBe(true);
  // What the small set does not know is said not to be checked, without a mark of danger.
  expect(text).toMatch(/Non vérifié/);
  expect(await axeViolations(panel)).toEqual([]);
});

it("without drug data the alert line says not checked, and nothing reads as no danger", async () => {
  const panel = summaryElement({ bundle: bundle() });
  await reached(panel, "ready");
  const alerts = section(panel, "alerts");
  expect(textOf(alerts)).toMatch(/Non vérifié : aucune base de référence/);
  expect(alerts.querySelector(".tag.danger")).toBeNull();
  expect(textOf(panel)).not.toMatch(/aucune interaction/i);
});

it("missing follow-up has its own section, with what it rests on, what closes it, its rule and date", async () => {
  const panel = summaryElement({ bundle: bundle(drugData) });
  await reached(panel, "ready");
  const gaps = section(panel, "gaps");
  for (const button of gaps.querySelectorAll<HTMLButtonElement>("[data-more]")) button.click();
  await panel.updateComplete;
  const text = textOf(gaps);
  expect(text).toMatch(/^Suivi à prévoir \d+ éléments D’après les seuls documents que vous pouvez voir/);
  expect(text).toMatch(/Attendu : .* Règle : Guides du diabète de l'adulte.*Haute Autorité de santé, mars 2014/);
  expect(text).toMatch(/Règle : Calendrier des vaccinations 2026/);
  expect(await axeViolations(panel)).toEqual([]);
});

it("in English, its own words are English", async () => {
  const panel = summaryElement({ bundle: bundle(drugData), locale: "en" });
  await reached(panel, "ready");
  await expect
    .poll(() => textOf(section(panel, "gaps")))
    .toMatch(/Follow-up to plan.*From the documents that you may see/);
});
