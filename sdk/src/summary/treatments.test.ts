import type { CodeableConcept, FhirResource } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import {
  at,
  delivery,
  disagreementsOf,
  letter,
  paracetamol,
  prescription,
  sourcesOf,
  statement,
  storyOf,
  treatmentsOf,
} from "./test-support.ts";

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

  test("stopped later is so by the instant, in whatever zone either is written", () => {
    const facts = (stoppedAt: string) =>
      treatmentsOf(
        letter("urn:oid:1.1", [prescription("x", "2026-01-10T09:00:00+01:00")], at("2026-01-10")),
        letter("urn:oid:1.2", [statement("x", { status: "stopped", dateAsserted: stoppedAt })], at("2026-01-10")),
      ).map((one) => storyOf(one).status);
    // Nine in Paris is eight in London.
    expect(facts("2026-01-10T08:30:00Z")).toEqual(["stopped", "stopped"]);
    expect(facts("2026-01-10T09:30:00+02:00").sort()).toEqual(["prescribed", "stopped"]);
  });

  test("said to be over by a later document says so, unless that is another course of it", () => {
    const running = letter("urn:oid:1.1", [prescription("x", "2025-06-01")], at("2025-06-01"));
    const told = (start: string, end: string, section = "10160-0") =>
      treatmentsOf(
        running,
        letter("urn:oid:1.2", [statement("x", { status: "completed", effectivePeriod: { start, end } })], {
          ...at("2026-01-15"),
          section,
        }),
      ).flatMap((one) => (one.resourceType === "MedicationRequest" ? [storyOf(one).status, disagreementsOf(one)] : []));
    expect(told("2024-01-10", "2026-01-10")).toEqual(["stopped", ["urn:oid:1.2 (2026-01-15) dit endDate: 2026-01-10"]]);
    // A week of it since, which may not have been the one prescribed: told, not settled.
    expect(told("2026-01-03", "2026-01-10")).toEqual([
      "prescribed",
      ["urn:oid:1.2 (2026-01-15) dit endDate: 2026-01-10"],
    ]);
    // One of long ago, and what was given during a stay, end nothing.
    expect(told("2020-01-03", "2020-01-10")).toEqual(["prescribed", []]);
    expect(told("2024-01-10", "2026-01-10", "18610-6")).toEqual(["prescribed", []]);
  });

  test("prescribed again since for a time that is over says so, where the older one has no end", () => {
    const lasting = (boundsDuration: object) => ({ dosageInstruction: [{ timing: { repeat: { boundsDuration } } }] });
    const again = (day: string, length: object) =>
      treatmentsOf(
        letter("urn:oid:1.1", [prescription("x", "2023-06-01")], at("2023-06-01")),
        letter("urn:oid:1.2", [prescription("x", day, lasting(length))], at(day)),
      );
    const [over, ...others] = again("2025-09-01", { value: 3, unit: "mo" });
    expect(others).toEqual([]);
    expect(disagreementsOf(over)).toEqual(["urn:oid:1.2 (2025-09-01) dit endDate: 2025-12-01"]);
    // One that still runs takes the older one's place; one written before it ends nothing.
    expect(again("2025-12-01", { value: 3, unit: "mo" }).flatMap(disagreementsOf)).toEqual([]);
    expect(again("2023-01-01", { value: 3, unit: "mo" }).flatMap(disagreementsOf)).toEqual([]);
  });

  test("told as going on after the end that an older document gave goes on; told before it, it ends then", () => {
    const since = (rest: object, end?: string) =>
      statement("x", { effectivePeriod: { start: "2025-01-01", ...(end ? { end } : {}) }, ...rest });
    const words = { dosage: [{ text: "1 le matin" }] };
    const forHalfAYear = { dosage: [{ timing: { repeat: { boundsDuration: { value: 6, code: "mo" } } } }] };
    const running = (older: FhirResource, newer: FhirResource) =>
      treatmentsOf(letter("urn:oid:1.1", [older], at("2025-03-01")), letter("urn:oid:1.2", [newer], at("2025-12-01")))
        .filter((one) => storyOf(one).over === false)
        .map(sourcesOf);
    expect(running(since(words, "2025-06-01"), since(words))).toEqual([["urn:oid:1.2"]]);
    expect(running(since(forHalfAYear), since({}))).toEqual([["urn:oid:1.2"]]);
    expect(running(since(words), since(words, "2025-06-01"))).toEqual([]);
    // An end that was still ahead, and that the newer one leaves out, may have been put off.
    expect(running(since(words, "2026-01-15"), since(words))).toEqual([["urn:oid:1.2"]]);
    expect(running(since(words, "2026-06-01"), since(words))).toEqual([["urn:oid:1.2", "urn:oid:1.1"]]);
  });

  test("of one dose, with and without its end, is one; of two doses in figures says each once, in words", () => {
    const daily = (value: number, end?: string) => {
      const effectivePeriod = { start: "2025-01-01", ...(end ? { end } : {}) };
      const timing = { repeat: { boundsPeriod: effectivePeriod, frequency: 1, period: 1, periodUnit: "d" as const } };
      return statement("x", {
        effectivePeriod,
        dosage: [{ timing, doseAndRate: [{ doseQuantity: { value, unit: "mg" } }] }],
      });
    };
    const told = (one: FhirResource, other: FhirResource) =>
      treatmentsOf(letter("urn:oid:1.1", [one], at("2025-03-01")), letter("urn:oid:1.2", [other], at("2025-12-01")));
    expect(told(daily(5), daily(5, "2027-01-01")).map((one) => [sourcesOf(one).length, disagreementsOf(one)])).toEqual([
      [2, []],
    ]);
    expect(told(daily(5), daily(10)).flatMap(disagreementsOf)).toEqual([
      "urn:oid:1.1 (2025-03-01) dit dosage: 5 mg 1×/d",
    ]);
  });

  test("stopped long before it was prescribed again is not said to be stopped, whoever recalls it", () => {
    const [running] = treatmentsOf(
      letter("urn:oid:1.1", [prescription("x", "2025-06-01")], at("2025-06-01")),
      letter("urn:oid:1.2", [statement("x", { status: "stopped", effectivePeriod: { end: "2019-03-01" } })], {
        ...at("2026-01-15"),
      }),
    ).filter((one) => one.resourceType === "MedicationRequest");
    expect(storyOf(running).status).toBe("prescribed");
    expect(disagreementsOf(running)).toEqual([]);
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

  test("a delivery makes up no end, and is past once what was handed over is used up", () => {
    const handedOver = (day: string, rest: object = {}) => {
      const [only] = treatmentsOf(letter("urn:oid:1.1", [delivery("x", day, rest)], at(day)));
      expect(storyOf(only).status).toBe("dispensed");
      expect(JSON.stringify(only)).not.toContain('"end"');
      return storyOf(only).over;
    };
    expect(handedOver("2015-01-01")).toBe(true);
    // Three months, unless the delivery says what it lasts.
    expect([handedOver("2025-11-03"), handedOver("2025-11-02")]).toEqual([false, true]);
    expect(handedOver("2026-01-20", { daysSupply: { value: 7, code: "d" } })).toBe(true);
    expect(handedOver("2025-06-01", { daysSupply: { value: 1, code: "a" } })).toBe(false);
    // Delivered again since, or stated without an end: it goes on.
    const again = letter("urn:oid:1.2", [delivery("y", "2026-01-15")], at("2026-01-15"));
    const old = letter("urn:oid:1.1", [delivery("x", "2019-01-01")], at("2019-01-01"));
    expect(treatmentsOf(old, again).map((one) => storyOf(one).over)).toEqual([false]);
    const stated = letter("urn:oid:1.3", [statement("z")], at("2018-01-01"));
    expect(treatmentsOf(old, stated).map((one) => storyOf(one).over)).toEqual([false]);
  });
});

describe("what goes on, and was stopped by a document that names it by another code or in words alone", () => {
  const code = (system: string, value: string) => ({ coding: [{ system, code: value }] });
  const names = {
    code: { ...code("urn:oid:1.2.250.1.213.2.3.1", "61000001"), text: "BISOPROLOL ARROW 5 mg" },
    substance: {
      coding: [{ system: "http://www.whocc.no/atc", code: "C07AB07", display: "Bisoprolol" }],
      text: "Bisoprolol Arrow 5 mg",
    },
    words: { text: "Bisoprolol Arrow 5 mg" },
    "name of the substance": { text: "bisoprolol" },
  };
  const told = (running: keyof typeof names, stop: FhirResource) => {
    const goesOn = prescription("x", "2025-06-01", { medicationCodeableConcept: names[running] });
    const found = treatmentsOf(
      letter("urn:oid:1.1", [goesOn], at("2025-06-01")),
      letter("urn:oid:1.2", [stop], at("2026-01-01")),
    );
    return disagreementsOf(found.find((one) => one.meta?.source === "urn:oid:1.1"));
  };
  const stoppedBy = (medicationCodeableConcept: CodeableConcept) =>
    statement("y", { medicationCodeableConcept, status: "stopped" });

  test.each([
    ["code", "words"],
    ["words", "code"],
    ["code", "substance"],
    ["substance", "words"],
    ["substance", "name of the substance"],
  ] as const)("(%s, then %s) says so", (running, stopped) => {
    expect(told(running, stoppedBy(names[stopped]))).toEqual(["urn:oid:1.2 (2026-01-01) dit status: stopped"]);
  });

  test("unless the code is another of the same system, whatever it is called", () => {
    const another = { ...names.code, ...code("urn:oid:1.2.250.1.213.2.3.1", "61000002") };
    expect(told("code", stoppedBy(another))).toEqual([]);
    expect(told("words", stoppedBy({ text: "Bisoprolol 2,5 mg" }))).toEqual([]);
  });

  test.each([
    ["a later order not to take it says so", {}, ["urn:oid:1.2 (2026-01-01) dit doNotPerform: true"]],
    ["one that was called off does not", { status: "cancelled" }, []],
    ["nor does one that is only proposed", { intent: "proposal" }, []],
    ["nor one that is held", { status: "on-hold" }, []],
  ] as const)("%s", (_, rest, said) => {
    const ban = { medicationCodeableConcept: names.code, doNotPerform: true, ...rest };
    expect(told("code", prescription("y", "2026-01-01", ban))).toEqual(said);
  });
});

test("an order not to take a medicine never becomes the order to take it", () => {
  const order = (doNotPerform: boolean) => prescription("x", "2026-01-01", { doNotPerform });
  const found = treatmentsOf(
    letter("urn:oid:1.1", [order(false)], at("2026-01-01")),
    letter("urn:oid:1.2", [order(true)], at("2026-01-02")),
  );
  expect(found.map((one) => [sourcesOf(one), "doNotPerform" in one && one.doNotPerform])).toEqual(
    expect.arrayContaining([
      [["urn:oid:1.1"], false],
      [["urn:oid:1.2"], true],
    ]),
  );
});

describe("a prescription has run its course", () => {
  const length = (value: number, code: string) => ({ timing: { repeat: { boundsDuration: { value, code } } } });
  const between = (start: string, end: string) => ({ timing: { repeat: { boundsPeriod: { start, end } } } });
  const isOver = (day: string, rest: Parameters<typeof prescription>[2]) =>
    storyOf(treatmentsOf(letter("urn:oid:1.1", [prescription("x", day, rest)], at(day)))[0]).over;

  // Now is the 1st of February 2026.
  test.each([
    ["seven days, seven years ago", "2019-04-10", { dosageInstruction: [length(7, "d")] }, true],
    ["seven days that end today", "2026-01-25", { dosageInstruction: [length(7, "d")] }, false],
    ["seven days that ended yesterday", "2026-01-24", { dosageInstruction: [length(7, "d")] }, true],
    ["a month", "2026-01-01", { dosageInstruction: [length(1, "mo")] }, false],
    ["steps, one after the other", "2026-01-12", { dosageInstruction: [length(2, "wk"), length(1, "wk")] }, false],
    ["steps that are all over", "2026-01-01", { dosageInstruction: [length(1, "wk"), length(1, "wk")] }, true],
    ["a length on one line only", "2019-04-10", { dosageInstruction: [length(7, "d"), { text: "si besoin" }] }, false],
    ["no length", "2019-04-10", { dosageInstruction: [{ text: "1 le soir" }] }, false],
    ["a unit that is no time", "2019-04-10", { dosageInstruction: [length(7, "{box}")] }, false],
    [
      "renewed so often that it still runs",
      "2025-09-01",
      { dosageInstruction: [length(1, "mo")], dispenseRequest: { numberOfRepeatsAllowed: 5 } },
      false,
    ],
    [
      "an end, with renewals after it",
      "2025-12-01",
      {
        dosageInstruction: [between("2025-12-01", "2025-12-31")],
        dispenseRequest: { numberOfRepeatsAllowed: 2 },
      },
      false,
    ],
    [
      "an end on one line, none on the other",
      "2025-12-01",
      { dosageInstruction: [between("2025-12-01", "2025-12-31"), { text: "puis 1 le soir" }] },
      false,
    ],
    [
      "an end in the year on one line, in January on the other",
      "2025-12-01",
      { dosageInstruction: [between("2025-12-01", "2026"), between("2025-12-01", "2026-01-15")] },
      false,
    ],
    ["an end without renewals", "2025-12-01", { dosageInstruction: [between("2025-12-01", "2025-12-31")] }, true],
    [
      "begun later than it was written",
      "2025-12-01",
      { dosageInstruction: [length(2, "wk")], dispenseRequest: { validityPeriod: { start: "2026-01-25" } } },
      false,
    ],
  ])("%s", (_, day, rest, over) => {
    expect(isOver(day, rest)).toBe(over);
  });

  test("so has a treatment that is stated with a length", () => {
    const old = statement("x", {
      effectivePeriod: { start: "2019-04-10" },
      dosage: [length(7, "d")],
    });
    const [only] = treatmentsOf(letter("urn:oid:1.1", [old], at("2019-04-10")));
    expect(storyOf(only)).toMatchObject({ status: "stopped", over: true });
  });
});
