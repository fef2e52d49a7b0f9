import { describe, expect, test } from "vitest";
import { summarise } from "./index.ts";
import {
  delivery,
  disagreementsOf,
  factsOf,
  letter,
  paracetamol,
  prescription,
  sourcesOf,
  statement,
  storyOf,
} from "./test-support.ts";

const now = "2026-02-01T00:00:00Z";
const at = (day: string) => ({ date: `${day}T10:00:00Z` });
const treatmentsOf = (...documents: Parameters<typeof summarise>[0]) => {
  const summary = summarise(documents, { now });
  return ["MedicationStatement", "MedicationRequest", "MedicationDispense"]
    .flatMap((kind) => factsOf(summary, kind))
    .filter((one) => one.meta?.source !== undefined);
};
const dose = (text: string) => ({ dosageInstruction: [{ text }] });

describe("one treatment", () => {
  test("prescribed, dispensed under another name and stated is one entry with its story", () => {
    const [only, ...others] = treatmentsOf(
      letter("urn:oid:1.1", [prescription("x", "2026-01-01", dose("1 le soir"))], at("2026-01-01")),
      letter("urn:oid:1.2", [delivery("x", "2026-01-03")], at("2026-01-03")),
      letter("urn:oid:1.3", [statement("x", { dosage: [{ text: "1 le soir" }] })], at("2026-01-02")),
    );
    expect(others).toEqual([]);
    expect(only).toMatchObject({ resourceType: "MedicationStatement", dosage: [{ text: "1 le soir" }] });
    expect(JSON.stringify(only && "medicationCodeableConcept" in only && only.medicationCodeableConcept)).not.toContain(
      "MYLAN",
    );
    expect(sourcesOf(only)).toEqual(["urn:oid:1.2", "urn:oid:1.3", "urn:oid:1.1"]);
    expect(storyOf(only).status).toBe("dispensed");
    expect(storyOf(only).events.map(({ kind }) => kind)).toEqual(["dispensed", "stated", "prescribed"]);
    expect(disagreementsOf(only)).toEqual([]);
  });

  test.each([
    ["CIP of both tables", "1.2.250.1.213.2.3.2", "1.2.250.1.213.2.3.3"],
    ["CIP and that of the reimbursement history", "1.2.250.1.213.2.3.3", "1.2.250.1.215.200.1.1.1"],
    ["UCD", "1.2.250.1.213.2.62", "1.2.250.1.213.2.62"],
  ])("is known by its box, under other words: %s", (_, one, other) => {
    const box = (oid: string, text: string) => ({
      medicationCodeableConcept: { coding: [{ system: `urn:oid:${oid}`, code: "3400900000017" }], text },
    });
    const found = treatmentsOf(
      letter("urn:oid:1.1", [prescription("x", "2026-01-01", box(one, "FICTIMAB 5 mg"))], at("2026-01-01")),
      letter(
        "urn:oid:1.2",
        [delivery("y", "2026-01-03", box(other, "Fictimab générique, 30 comprimés"))],
        at("2026-01-03"),
      ),
    );
    expect(found).toHaveLength(1);
    expect(storyOf(found[0]).events.map(({ kind }) => kind)).toEqual(["dispensed", "prescribed"]);
  });

  test("keeps the dose of the newest prescription, and older ones in its story", () => {
    const [only] = treatmentsOf(
      letter("urn:oid:1.1", [prescription("x", "2025-01-01", dose("1 le soir"))], at("2025-01-01")),
      letter("urn:oid:1.2", [prescription("x", "2026-01-01", dose("2 le soir"))], at("2026-01-01")),
    );
    expect(only).toMatchObject({ dosageInstruction: [{ text: "2 le soir" }] });
    expect(JSON.stringify(storyOf(only).events.map(({ date }) => date))).toBe('["2026-01-01","2025-01-01"]');
    expect(disagreementsOf(only)).toEqual([]);
  });

  test("with two doses side by side tells both, with dates", () => {
    const [only] = treatmentsOf(
      letter("urn:oid:1.1", [prescription("x", "2026-01-01", dose("2 le soir"))], at("2026-01-01")),
      letter("urn:oid:1.2", [statement("x", { dosage: [{ text: "1 le soir" }] })], at("2026-01-02")),
    );
    expect(disagreementsOf(only)).toEqual(["urn:oid:1.1 (2026-01-01) dit dosage: 2 le soir"]);
  });

  test("stopped later by another document says so; the stop stays an entry of its own", () => {
    const facts = treatmentsOf(
      letter("urn:oid:1.1", [prescription("x", "2026-01-01")], at("2026-01-01")),
      letter("urn:oid:1.2", [statement("x", { status: "stopped" })], at("2026-01-10")),
    );
    expect(facts.map((one) => storyOf(one).status)).toEqual(["stopped", "stopped"]);
    expect(facts.flatMap(disagreementsOf)).toEqual(["urn:oid:1.2 (2026-01-10) dit status: stopped"]);
  });

  test("that is over, told twice with the same beginning, is one; other ends are told", () => {
    const course = (status: "active" | "completed", end: string) =>
      statement("x", { status, effectivePeriod: { start: "2025-01-01", end } });
    const [only, ...others] = treatmentsOf(
      letter("urn:oid:1.1", [course("active", "2025-03-01")], at("2025-01-01")),
      letter("urn:oid:1.2", [course("completed", "2025-02-01")], at("2025-03-02")),
    );
    expect(others).toEqual([]);
    expect(only).toMatchObject({ status: "completed", meta: { source: "urn:oid:1.2" } });
    expect(storyOf(only).status).toBe("stopped");
    expect(disagreementsOf(only)).toEqual(["urn:oid:1.1 (2025-01-01) dit endDate: 2025-03-01"]);
  });

  test("stopped once and prescribed again is running", () => {
    const facts = treatmentsOf(
      letter("urn:oid:1.1", [prescription("x", "2026-01-01")], at("2026-01-01")),
      letter("urn:oid:1.2", [statement("x", { status: "stopped" })], at("2020-01-10")),
    );
    expect(facts.map((one) => storyOf(one).status).sort()).toEqual(["prescribed", "stopped"]);
    expect(facts.flatMap(disagreementsOf)).toEqual([]);
  });
});

describe("two treatments", () => {
  test("that one document tells apart, by strength or by dose, never become one", () => {
    const strengths = [
      prescription("x", "2026-01-01"),
      prescription("y", "2026-01-01", { medicationCodeableConcept: paracetamol.strong }),
    ];
    expect(treatmentsOf(letter("urn:oid:1.1", strengths))).toHaveLength(2);
    const doses = (id: string, day: string) =>
      letter(id, [prescription("x", day, dose("1 le matin")), prescription("y", day, dose("2 le soir"))], at(day));
    const both = treatmentsOf(doses("urn:oid:1.1", "2025-01-01"), doses("urn:oid:1.2", "2026-01-01"));
    expect(both.map((one) => storyOf(one).events.length)).toEqual([2, 2]);
  });

  test("of a combination whose code covers several substances stay apart", () => {
    const combined = (text: string) => ({
      medicationCodeableConcept: { coding: [{ system: "http://www.whocc.no/atc", code: "N02BE51" }], text },
    });
    const facts = treatmentsOf(
      letter("urn:oid:1.1", [statement("x", combined("paracétamol caféine"))]),
      letter("urn:oid:1.2", [prescription("x", "2026-01-01", combined("paracétamol tramadol"))]),
    );
    expect(facts).toHaveLength(2);
  });

  test("a delivery never ends a treatment, and no end is made up", () => {
    const [only] = treatmentsOf(letter("urn:oid:1.1", [delivery("x", "2015-01-01")], at("2015-01-01")));
    expect(storyOf(only).status).toBe("dispensed");
    expect(JSON.stringify(only)).not.toContain('"end"');
  });
});
