/** "Ma santé": no line says more, or something else, than the record does. */
import { extensionUrl, type FhirResource } from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import { decimalFormat, writtenDate } from "../../pages/patient/dates.ts";
import { strings } from "../../pages/patient/strings.ts";
import { plainSummary, type Speech } from "../../pages/patient/views/health/plain-summary.ts";

const speech = {
  ...strings.fr.health.values,
  decimal: decimalFormat("fr"),
  date: (iso: string) => writtenDate(iso, "fr"),
};
const now = new Date("2026-11-22T10:00:00Z");
const summaryOf = (...resources: object[]) => summaryIn(speech, ...resources);
const summaryIn = (spoken: Speech, ...resources: object[]) =>
  plainSummary(
    {
      resourceType: "Bundle",
      type: "document",
      entry: resources.map((resource, at) => ({ fullUrl: `urn:x:${at}`, resource: resource as FhirResource })),
    },
    spoken,
    now,
  );
const code = (value: string) => ({ coding: [{ code: value }] });

describe("treatments in plain words", () => {
  const order = (more: object) => ({
    resourceType: "MedicationRequest",
    status: "active",
    medicationCodeableConcept: { text: "KARDEGIC 75 mg" },
    ...more,
  });
  const medicines = (...all: object[]) => summaryOf(...all).medicines;

  it("mark what must not be taken, and what is on hold", () => {
    expect(medicines(order({ doNotPerform: true }))).toEqual([{ title: "KARDEGIC 75 mg", marks: ["forbidden"] }]);
    expect(medicines(order({ status: "on-hold" }))).toEqual([{ title: "KARDEGIC 75 mg", marks: ["paused"] }]);
  });

  it("tell from what is taken what is only proposed, and what begins later, with its day", () => {
    const marksOf = (more: object) => medicines(order(more))[0]?.marks;
    expect(marksOf({ intent: "order" })).toBeUndefined();
    expect(marksOf({ intent: "proposal" })).toEqual(["proposed"]);
    expect(marksOf({ intent: "plan" })).toEqual(["proposed"]);
    const planned = (more: object) =>
      medicines({ ...order({ status: "intended", ...more }), resourceType: "MedicationStatement" });
    const later = { title: "KARDEGIC 75 mg", marks: ["planned"] };
    expect(planned({})).toEqual([later]);
    expect(planned({ effectivePeriod: { start: "2026-12-01" } })).toEqual([{ ...later, date: "2026-12-01" }]);
    // What a letter planned for the next day has begun since.
    expect(planned({ effectivePeriod: { start: "2026-11-02" } })).toEqual([{ title: "KARDEGIC 75 mg" }]);
    const bounds = { timing: { repeat: { boundsPeriod: { start: "2026-12" } } }, text: "1 le soir" };
    expect(medicines(order({ dosageInstruction: [bounds] }))[0]).toMatchObject({ ...later, date: "2026-12" });
  });

  it("say every step of a dosage, and send to the document for one that is only coded", () => {
    const dosageInstruction = [{ text: "2 le matin pendant 3 jours" }, { text: "puis 1 le matin" }];
    expect(medicines(order({ dosageInstruction }))[0]?.detail).toBe("2 le matin pendant 3 jours ; puis 1 le matin");
    const coded = [{ text: "1 le soir" }, { timing: { repeat: { frequency: 2, period: 1, periodUnit: "d" } } }];
    expect(medicines(order({ dosageInstruction: coded }))[0]?.detail).toBe(
      "1 le soir ; comment le prendre : voir le document",
    );
  });

  it("follow what the summary found of lengths, renewals and deliveries", () => {
    const found = (over: boolean) => ({
      extension: [{ url: extensionUrl.treatment, extension: [{ url: "over", valueBoolean: over }] }],
    });
    const ended = [{ timing: { repeat: { boundsPeriod: { end: "2026-01-31" } } } }];
    expect(medicines(order(found(true)))).toEqual([]);
    expect(medicines(order({ ...found(false), dosageInstruction: ended }))).toHaveLength(1);
    const delivery = (more: object) => ({ ...order(more), resourceType: "MedicationDispense", status: "completed" });
    expect(medicines(delivery(found(false)))).toHaveLength(1);
    expect(medicines(delivery({}))).toEqual([]);
  });
});

describe("the past in plain words", () => {
  it("holds no act that was not done or only prepared, and marks one that was interrupted", () => {
    const act = (status: string) => ({ resourceType: "Procedure", status, code: { text: status } });
    const { history } = summaryOf(...["not-done", "entered-in-error", "preparation", "stopped", "completed"].map(act));
    expect(history).toEqual([{ title: "stopped", marks: ["interrupted"] }, { title: "completed" }]);
  });

  it("holds the problem that ended, or that a document lists as past, when nothing says that it goes on", () => {
    const problem = (text: string, more: object = {}) => ({ resourceType: "Condition", code: { text }, ...more });
    const composition = {
      resourceType: "Composition",
      section: [{ code: code("11348-0"), entry: [{ reference: "urn:x:1" }, { reference: "urn:x:2" }] }],
    };
    const { problems, history } = summaryOf(
      composition,
      problem("Angine"),
      problem("Asthme", { clinicalStatus: code("active") }),
      problem("Zona", { abatementDateTime: "2020" }),
      problem("Diabète"),
    );
    expect(problems.map(({ title }) => title)).toEqual(["Asthme", "Diabète"]);
    expect(history.map(({ title }) => title)).toEqual(["Angine", "Zona"]);
  });
});

describe("allergies, problems and vaccines in plain words", () => {
  it("mark what nobody has confirmed, and what is over", () => {
    const allergy = (more: object) => ({ resourceType: "AllergyIntolerance", code: { text: "Iode" }, ...more });
    const marks = (more: object) => summaryOf(allergy(more)).allergies[0]?.marks;
    expect(marks({ verificationStatus: code("unconfirmed") })).toEqual(["unconfirmed"]);
    expect(marks({ clinicalStatus: code("resolved") })).toEqual(["former"]);
    expect(marks({ verificationStatus: code("confirmed") })).toBeUndefined();
    const problem = {
      resourceType: "Condition",
      code: { text: "Asthme" },
      verificationStatus: code("provisional"),
    };
    expect(summaryOf(problem).problems[0]?.marks).toEqual(["unconfirmed"]);
  });

  it("name every disease that a vaccine protects from", () => {
    const vaccine = {
      resourceType: "Immunization",
      status: "completed",
      vaccineCode: { text: "REVAXIS" },
      protocolApplied: [{ targetDisease: [{ text: "diphtérie" }, { text: "tétanos" }, { text: "poliomyélite" }] }],
    };
    expect(summaryOf(vaccine).vaccines[0]?.detail).toBe("diphtérie, tétanos, poliomyélite");
  });
});

describe("results in plain words", () => {
  const result = (more: object) => ({
    resourceType: "Observation",
    status: "final",
    category: [code("laboratory")],
    code: { text: "Analyse" },
    ...more,
  });
  const details = (...all: object[]) => summaryOf(...all.map(result)).results.map(({ detail }) => detail);

  it("keep every digit of a small value, and say bounds in words", () => {
    expect(details({ valueQuantity: { value: 0.0004, unit: "g/L" } })).toEqual(["0,0004 g/L"]);
    expect(details({ valueQuantity: { value: 0.01, comparator: "<", unit: "mg/L" } })).toEqual(["moins de 0,01 mg/L"]);
  });

  it("print units as the reader's language does", () => {
    const tsh = { valueQuantity: { value: 2.1, unit: "mUI/L", code: "m[IU]/L" } };
    const filtration = { valueQuantity: { value: 84, code: "mL/min/{1.73_m2}" } };
    const english = { ...speech, ...strings.en.health.values, decimal: decimalFormat("en") };
    const said = (in_: Speech, more: object) => summaryIn(in_, result(more)).results[0]?.detail;
    expect(said(english, tsh)).toBe("2.1 mIU/L");
    expect(said(english, filtration)).toBe("84 mL/min/1.73 m²");
    expect(said(speech, tsh)).toBe("2,1 mUI/L");
    expect(said(speech, filtration)).toBe("84 mL/min/1,73 m²");
  });

  it("say titres, ranges and answers of yes or no", () => {
    expect(details({ valueRatio: { numerator: { value: 1 }, denominator: { value: 128, comparator: ">" } } })).toEqual([
      "1 : plus de 128",
    ]);
    const low = { value: 1.5, unit: "g/L" };
    expect(details({ valueRange: { low } })).toEqual(["au moins 1,5 g/L"]);
    expect(details({ valueRange: { low, high: { value: 3, unit: "g/L" } } })).toEqual(["de 1,5 g/L à 3 g/L"]);
    expect(details({ valueBoolean: false })).toEqual(["Non"]);
  });

  it("say days and times that are an answer in words, at their precision", () => {
    expect(details({ valueDateTime: "2026-03-03" })).toEqual(["3 mars 2026"]);
    expect(details({ valuePeriod: { start: "2026-03-03", end: "2026-04" } })).toEqual(["3 mars 2026 – avril 2026"]);
    expect(details({ valuePeriod: { start: "2026-03-03" } })).toEqual(["3 mars 2026 – …"]);
    expect(details({ valueTime: "14:05:00" })).toEqual(["14:05"]);
  });

  it("leave out what was entered in error or cancelled, and mark what is provisional", () => {
    const value = { valueString: "positif" };
    expect(details({ status: "entered-in-error", ...value }, { status: "cancelled", ...value })).toEqual([]);
    expect(summaryOf(result({ status: "preliminary", ...value })).results[0]?.marks).toEqual(["provisional"]);
  });

  it("keep each side of the body, and the newest of each", () => {
    const eye = (text: string, value: number, date: string) => ({
      bodySite: { text },
      valueQuantity: { value },
      effectivePeriod: { start: date },
    });
    const { results } = summaryOf(
      ...[eye("œil droit", 3, "2026"), eye("œil gauche", 1, "2025-06"), eye("œil droit", 2, "2024-01-02")].map(result),
    );
    expect(results.map(({ title, detail }) => [title, detail])).toEqual([
      ["Analyse (œil droit)", "3"],
      ["Analyse (œil gauche)", "1"],
    ]);
  });
});
