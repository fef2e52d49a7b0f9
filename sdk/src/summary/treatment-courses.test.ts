import type { MedicationRequest, MedicationStatement } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { summarise } from "./index.ts";
import {
  at,
  delivery,
  disagreementsOf,
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
