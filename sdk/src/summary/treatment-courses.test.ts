import type { Dosage, FhirResource, MedicationDispense, MedicationRequest, MedicationStatement } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { renewalPeriod } from "../fhir/extension-urls.ts";
import type { DispenseRequest } from "../fhir/renewals.ts";
import { summarise } from "./index.ts";
import {
  at,
  delivery,
  disagreementsOf,
  factsOf,
  letter,
  prescription,
  sectionOf,
  sourcesOf,
  statement,
  storyOf,
  treatmentsOf,
} from "./test-support.ts";

describe("two treatments with one substance", () => {
  const product = (cis: string, atc: string, text: string) => ({
    medicationCodeableConcept: {
      coding: [
        { system: "urn:oid:1.2.250.1.213.2.3.1", code: cis },
        { system: "http://www.whocc.no/atc", code: atc },
      ],
      text,
    },
  });
  const route = (code: string): Partial<MedicationRequest> => ({
    dosageInstruction: [{ route: { coding: [{ system: "urn:oid:0.4.0.127.0.16.1.1.2.1", code }] } }],
  });
  const patch = product("61111111", "N02AB03", "FENTAPATCH 25 microgrammes/h");
  const tablet = product("62222222", "N02AB03", "FENTALINGUE 100 microgrammes");
  const names = (...documents: Parameters<typeof summarise>[0]) =>
    treatmentsOf(...documents).map((one) => [
      "medicationCodeableConcept" in one && one.medicationCodeableConcept?.text,
      sourcesOf(one).length,
    ]);

  test("by two routes, in two documents, are two; a delivery goes with its product", () => {
    expect(
      names(
        letter("urn:oid:1.1", [prescription("x", "2026-01-01", { ...patch, ...route("20070000") })], at("2026-01-01")),
        letter("urn:oid:1.2", [prescription("x", "2026-01-10", { ...tablet, ...route("20067000") })], at("2026-01-10")),
        letter("urn:oid:1.3", [delivery("x", "2026-01-11", patch)], at("2026-01-11")),
      ).sort(),
    ).toEqual([
      ["FENTALINGUE 100 microgrammes", 1],
      ["FENTAPATCH 25 microgrammes/h", 2],
    ]);
  });

  test("by two routes: the end of one is not the end of the other", () => {
    const found = treatmentsOf(
      letter("urn:oid:1.1", [prescription("x", "2026-01-01", { ...tablet, ...route("20067000") })], at("2026-01-01")),
      letter(
        "urn:oid:1.2",
        [statement("x", { ...patch, status: "stopped", dosage: route("20070000").dosageInstruction })],
        at("2026-01-10"),
      ),
    );
    expect(found.map((one) => [one.resourceType, storyOf(one).status])).toEqual([
      ["MedicationStatement", "stopped"],
      ["MedicationRequest", "prescribed"],
    ]);
  });

  test("released slowly and at once, in two documents, are two; a generic of the same release is one", () => {
    const slow = product("63333333", "N02AA01", "FICTIMORPH LP 10 mg");
    const generic = product("63333334", "N02AA01", "MORPHINE EXEMPLE 10 mg, libération prolongée");
    const rescue = product("64444444", "N02AA01", "FICTIVITE 5 mg");
    const told = (...products: (typeof slow)[]) =>
      treatmentsOf(
        ...products.map((one, index) =>
          letter(`urn:oid:1.${index}`, [prescription("x", `2026-01-0${index + 1}`, one)], at(`2026-01-0${index + 1}`)),
        ),
      ).length;
    expect(told(slow, rescue)).toBe(2);
    expect(told(slow, generic)).toBe(1);
    expect(told(slow, rescue, generic)).toBe(2);
  });
});

describe("a dose that begins later", () => {
  test("stands beside the one that is taken today, and is not said to be stopped", () => {
    const from = (start: string, text: string) => statement("x", { effectivePeriod: { start }, dosage: [{ text }] });
    const found = treatmentsOf(
      letter("urn:oid:1.1", [from("2025-01-01", "1 par jour")], at("2025-01-01")),
      letter("urn:oid:1.2", [from("2026-03-01", "2 par jour")], at("2026-01-20")),
    );
    expect(
      found
        .map((one) => [(one as MedicationStatement).dosage?.[0]?.text, storyOf(one).status, storyOf(one).over])
        .sort(),
    ).toEqual([
      ["1 par jour", "unknown", false],
      ["2 par jour", "unknown", false],
    ]);
  });

  test("nor does what is only proposed take the place of what is taken, nor read as prescribed", () => {
    const taken = letter("urn:oid:1.1", [statement("x", { dosage: [{ text: "5 mg" }] })], at("2026-01-01"));
    const proposed = letter(
      "urn:oid:1.2",
      [prescription("x", "2026-01-20", { intent: "proposal", dosageInstruction: [{ text: "3 mg" }] })],
      at("2026-01-20"),
    );
    const found = treatmentsOf(taken, proposed);
    expect(found.map((one) => [one?.resourceType, storyOf(one).status]).sort()).toEqual([
      ["MedicationRequest", "unknown"],
      ["MedicationStatement", "unknown"],
    ]);
    const summary = summarise([taken, proposed], { now: "2026-02-01T09:00:00Z", locale: "fr" });
    expect(sectionOf(summary, "10160-0")?.text?.div).toContain("proposé, non prescrit — 3 mg");
  });

  test("one that a letter plans for the next day is, once begun, the one that others tell as taken", () => {
    const planned = letter(
      "urn:oid:1.1",
      [statement("x", { status: "intended", effectivePeriod: { start: "2026-01-02" } })],
      at("2026-01-01"),
    );
    const taken = letter(
      "urn:oid:1.2",
      [statement("x", { status: "active", effectivePeriod: { start: "2026-01-02" } })],
      at("2026-01-10"),
    );
    const [only, ...others] = treatmentsOf(planned, taken);
    expect([only && "status" in only && only.status, others]).toEqual(["active", []]);
    const rows = (document: typeof planned) =>
      sectionOf(summarise([document], { now: "2026-02-01T09:00:00Z", locale: "fr" }), "10160-0")?.text?.div ?? "";
    expect(rows(planned)).toContain("prévu");
    expect(rows(planned)).not.toContain("à venir");
  });

  test("nor is one that is intended or held said to be stopped; that it is held stands beside what went on", () => {
    const [going, held] = treatmentsOf(
      letter("urn:oid:1.1", [statement("x")], at("2026-01-01")),
      letter("urn:oid:1.2", [statement("x", { status: "on-hold" })], at("2026-01-20")),
    ).sort((a, b) => (sourcesOf(a).join() < sourcesOf(b).join() ? -1 : 1));
    expect(disagreementsOf(going)).toEqual(["urn:oid:1.2 (2026-01-20) dit status: on-hold"]);
    expect([storyOf(going).status, storyOf(held).status, storyOf(held).over]).toEqual(["unknown", "unknown", false]);
    const [intended] = treatmentsOf(letter("urn:oid:1.1", [statement("x", { status: "intended" })], at("2026-01-01")));
    expect([storyOf(intended).status, storyOf(intended).over]).toEqual(["unknown", false]);
  });
});

describe("the last day of a treatment", () => {
  const dosage = (...repeats: readonly object[]) => repeats.map((repeat) => ({ timing: { repeat } }));
  const lasting = (value: number, code: string) => ({ boundsDuration: { value, code } });
  const until = (end: string) => ({ boundsPeriod: { end } });
  const ordered = (dosageInstruction: Dosage[], dispenseRequest?: MedicationRequest["dispenseRequest"]) =>
    prescription("x", "2026-01-10", { dosageInstruction, ...(dispenseRequest ? { dispenseRequest } : {}) });
  const given = (rest: Partial<MedicationDispense>) => delivery("x", "2026-01-10", rest);
  const days = (value: number, code: string) => ({ daysSupply: { value, code } });
  const renewed = (valuePeriod: object) => [{ url: renewalPeriod, ...valuePeriod }];
  const unlimited: DispenseRequest = {
    _numberOfRepeatsAllowed: {
      extension: [
        { url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "positive-infinity" },
      ],
    },
  };

  test.each<[what: string, FhirResource, lastDay: string | undefined]>([
    ["ordered until a day", ordered(dosage(until("2026-01-19"))), "2026-01-19"],
    ["until the later of two", ordered(dosage(until("2026-02-19"), until("2026-01-19"))), "2026-02-19"],
    ["one step without an end", ordered(dosage(until("2026-01-19"), {})), undefined],
    ["for days", ordered(dosage(lasting(10, "d"))), "2026-01-20"],
    ["for weeks", ordered(dosage(lasting(2, "wk"))), "2026-01-24"],
    ["for months", ordered(dosage(lasting(3, "mo"))), "2026-04-10"],
    ["for a year", ordered(dosage(lasting(1, "a"))), "2027-01-10"],
    ["for hours", ordered(dosage(lasting(2, "h"))), "2026-01-12"],
    ["one step after another", ordered(dosage(lasting(10, "d"), lasting(1, "wk"))), "2026-01-27"],
    ["a step of no length", ordered(dosage(lasting(10, "d"), lasting(0, "d"))), undefined],
    ["of a length that nobody can count", ordered(dosage(lasting(10, "{cure}"))), undefined],
    ["renewed twice", ordered(dosage(lasting(10, "d")), { numberOfRepeatsAllowed: 2 }), "2026-02-09"],
    ["renewed twice, until a day", ordered(dosage(until("2026-01-19")), { numberOfRepeatsAllowed: 2 }), "2026-02-08"],
    ["valid until a day", ordered([], { validityPeriod: { end: "2026-01-31" } }), "2026-01-31"],
    [
      "renewed without a number, until a day and one length more",
      ordered(dosage(lasting(10, "d")), { extension: renewed({ valuePeriod: { end: "2026-03-01" } }) }),
      "2026-03-11",
    ],
    [
      "renewed without a number, for a time and one length more",
      ordered(dosage(until("2026-01-19")), { extension: renewed({ valueDuration: { value: 2, code: "mo" } }) }),
      "2026-03-20",
    ],
    ["renewed without a limit", ordered(dosage(until("2026-01-19")), unlimited), undefined],
    [
      "stated until a month",
      statement("x", { effectivePeriod: { start: "2026-01-01", end: "2026-02" } }),
      "2026-02-28",
    ],
    ["stated until a year", statement("x", { effectivePeriod: { end: "2026" } }), "2026-12-31"],
    [
      "stated for days",
      statement("x", { effectiveDateTime: "2026-01-10", dosage: dosage(lasting(5, "d")) }),
      "2026-01-15",
    ],
    ["stated", statement("x", { effectiveDateTime: "2020-01-10" }), undefined],
    ["handed over for days", given(days(30, "d")), "2026-02-09"],
    ["handed over for weeks", given(days(2, "wk")), "2026-01-24"],
    ["handed over for a month, be it a long one", given(days(1, "mo")), "2026-02-10"],
    ["handed over for a year, be it a leap one", given(days(1, "a")), "2027-01-11"],
    ["handed over, for how long nobody says", given({}), "2026-04-10"],
    ["handed over for no time", given(days(0, "d")), "2026-04-10"],
    ["handed over for boxes", given(days(2, "{boîte}")), "2026-04-10"],
    ["handed over, to be taken until a day", given({ dosageInstruction: dosage(until("2026-01-12")) }), "2026-01-12"],
  ])("%s", (_, treatment, lastDay) => {
    const isOver = (day: string) => {
      const summary = summarise([letter("urn:oid:1.1", [treatment], at("2026-01-10"))], { now: `${day}T12:00:00Z` });
      return storyOf(factsOf(summary, treatment.resourceType).find((one) => one.meta?.source)).over;
    };
    if (lastDay === undefined) return expect(isOver("2096-01-01")).toBe(false);
    const dayAfter = new Date(Date.parse(lastDay) + 86_400_000).toISOString().slice(0, 10);
    expect([isOver(lastDay), isOver(dayAfter)]).toEqual([false, true]);
  });
});
