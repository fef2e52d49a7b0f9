/** Which section a fact stands in, and when it holds. */
import type { Bundle } from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import { readSummary, type SummaryModel } from "./model.ts";

const now = new Date("2026-11-22T08:00:00Z");
const read = (...resources: object[]): SummaryModel =>
  readSummary(
    { resourceType: "Bundle", type: "document", entry: resources.map((resource) => ({ resource })) } as Bundle,
    now,
  );

function value<T>(part: { ok: true; value: T } | { ok: false }): T {
  if (!part.ok) throw new Error("the part could not be read");
  return part.value;
}

describe("a fact", () => {
  it("is past when it ended, whatever the end is told by", () => {
    for (const abatement of [{ abatementAge: { value: 9, code: "a" } }, { abatementString: "à 9 ans" }]) {
      const model = read({ resourceType: "Condition", code: { text: "Asthme" }, ...abatement });
      expect(value(model.history).facts).toHaveLength(1);
      expect(value(model.problems).facts).toEqual([]);
    }
  });

  it("of the family does not bear the day it was noted as the day it began", () => {
    const condition = [{ code: { text: "Diabète" } }, { code: { text: "Goutte" }, onsetString: "à 50 ans" }];
    const { facts } = value(read({ resourceType: "FamilyMemberHistory", date: "2026-02-03", condition }).history);
    expect(facts.map(({ text, start, recorded }) => [text, start, recorded]).sort()).toEqual([
      ["Diabète", undefined, "2026-02-03"],
      ["Goutte", "à 50 ans", "2026-02-03"],
    ]);
  });

  it("ruled out or entered in error is not told, however its status is written", () => {
    for (const verificationStatus of [{ text: "Refuted" }, "refuted", "entered-in-error"]) {
      const disease = { resourceType: "Condition", code: { text: "Asthme" }, verificationStatus };
      const allergy = { resourceType: "AllergyIntolerance", code: { text: "Latex" }, verificationStatus };
      const model = read(disease, allergy);
      expect([...value(model.problems).facts, ...value(model.allergies).facts]).toEqual([]);
    }
    const goal = { resourceType: "Goal", lifecycleStatus: "entered-in-error", description: { text: "Marcher" } };
    const paper = { resourceType: "DocumentReference", status: "current", docStatus: "entered-in-error" };
    const model = read(goal, paper);
    expect([...value(model.plan), ...value(model.others)]).toEqual([]);
  });

  it("of a document that was entered in error is not told, and the next one is read by its own sections", () => {
    const composition = (status: string, id: string) => ({
      resourceType: "Composition",
      status,
      section: [{ title: id, text: { div: `<div>${id}</div>` } }],
    });
    const disease = { resourceType: "Condition", code: { text: "Asthme" } };
    const withdrawn = read(composition("entered-in-error", "Conclusion"), disease);
    expect([...value(withdrawn.problems).facts, ...value(withdrawn.narratives)]).toEqual([]);
    const next = read(composition("entered-in-error", "Conclusion"), composition("final", "Suite"), disease);
    expect(value(next.problems).facts).toHaveLength(1);
    expect(value(next.narratives).map(({ title }) => title)).toEqual(["Suite"]);
  });

  it("is dated by the only day that is told, be it the last or one of several", () => {
    const dateOf = (times: object) => {
      const { results } = read({ resourceType: "Observation", status: "final", code: { text: "Analyse" }, ...times });
      return value(results).series[0]?.values[0]?.date;
    };
    expect(dateOf({ effectivePeriod: { end: "2026-02-03" } })).toBe("2026-02-03");
    expect(dateOf({ effectiveTiming: { event: ["2026-02-01", "2026-02-03"] } })).toBe("2026-02-01");
    expect(dateOf({ effectiveTiming: { repeat: { boundsPeriod: { start: "2026-02-01" } } } })).toBe("2026-02-01");
  });

  it("is past when its status is words alone", () => {
    const model = read({ resourceType: "Condition", code: { text: "Asthme" }, clinicalStatus: { text: "Resolved" } });
    expect(value(model.history).facts).toHaveLength(1);
    expect(value(model.problems).facts).toEqual([]);
  });

  it("of which only a summary or an outcome is written is told by it", () => {
    const impression = { resourceType: "ClinicalImpression", status: "completed", summary: "Va mieux" };
    const risk = { resourceType: "RiskAssessment", status: "final", prediction: [{ outcome: { text: "Chute" } }] };
    expect(value(read(impression, risk).others).map(({ text }) => text)).toEqual(["Va mieux", "Chute"]);
  });

  it("is not handed over while the pharmacist makes it ready, nor when this was stopped", () => {
    const statusOf = (status: string) => {
      const model = read({ resourceType: "MedicationDispense", status, medicationCodeableConcept: { text: "X" } });
      return [...value(model.currentTreatments).facts, ...value(model.pastTreatments).facts].map((one) => one.status);
    };
    expect(["preparation", "on-hold", "stopped", "completed"].flatMap(statusOf)).toEqual([
      "intended",
      "on-hold",
      "stopped",
      "dispensed",
    ]);
  });

  it("that the patient did not take, or was called off or not handed over, is told among the past ones and not left out", () => {
    const told = (resourceType: string, status: string, more: object = {}) => {
      const model = read({ resourceType, status, medicationCodeableConcept: { text: "Warfarine" }, ...more });
      expect(value(model.currentTreatments).facts).toEqual([]);
      return value(model.pastTreatments).facts.map((one) => one.status);
    };
    expect(told("MedicationStatement", "not-taken")).toEqual(["not-taken"]);
    expect(told("MedicationRequest", "cancelled")).toEqual(["cancelled"]);
    expect(told("MedicationDispense", "declined")).toEqual(["declined"]);
    expect(told("MedicationDispense", "cancelled")).toEqual(["declined"]);
    expect(told("MedicationStatement", "entered-in-error")).toEqual([]);
    expect(told("MedicationRequest", "cancelled", { doNotPerform: true })).toEqual([]);
  });

  it("that an act was not done is told among the other entries, and not among what was done", () => {
    const act = { resourceType: "Procedure", status: "not-done", code: { text: "Mammographie" } };
    const model = read(act, { ...act, status: "completed" });
    expect(value(model.history).facts.map(({ text }) => text)).toEqual(["Mammographie"]);
    const others = value(model.others);
    expect(others.map(({ type, text, isRefuted }) => [type, text, isRefuted])).toEqual([
      ["Procedure", "Mammographie", true],
    ]);
    const none = { ...act, code: { coding: [{ code: "no-known-procedures" }] } };
    expect(value(read(none, { ...act, status: "entered-in-error" }).others)).toEqual([]);
  });

  it("that nothing of its kind is known is no vaccination, treatment, act, problem or allergy", () => {
    const system = "http://snomed.info/sct";
    const code = (value: string) => ({ coding: [{ system, code: value }] });
    const none = read(
      { resourceType: "AllergyIntolerance", code: code("716186003") },
      { resourceType: "Condition", code: code("160245001") },
      { resourceType: "MedicationStatement", status: "unknown", medicationCodeableConcept: code("787481004") },
      { resourceType: "Immunization", status: "not-done", vaccineCode: code("787482006") },
      { resourceType: "Procedure", status: "completed", code: code("787480003") },
    );
    const { allergies, problems, currentTreatments, immunizations, history } = none;
    for (const part of [allergies, problems, currentTreatments, immunizations, history]) {
      const { facts, absences } = value<{ facts: readonly unknown[]; absences: readonly { kind: string }[] }>(part);
      expect([facts.length, absences.map(({ kind }) => kind)]).toEqual([0, ["known-absent"]]);
    }
  });

  it("tells every reason of a treatment", () => {
    const reasonCode = [{ text: "Fièvre" }, { text: "Douleur" }];
    const model = read({
      resourceType: "MedicationStatement",
      status: "active",
      medicationCodeableConcept: { text: "X" },
      reasonCode,
    });
    expect(value(model.currentTreatments).facts[0]?.reason).toBe("Fièvre, Douleur");
  });

  it("to come is on the day of the meeting, not on the day it was made", () => {
    const [meeting] = value(
      read({ resourceType: "Appointment", status: "booked", created: "2026-01-05", start: "2026-12-24T09:00:00Z" })
        .plan,
    );
    expect(meeting?.date).toBe("2026-12-24T09:00:00Z");
  });

  it("that is no longer an alert is not among the alerts", () => {
    const model = read({ resourceType: "Flag", status: "inactive", code: { text: "Isolement" } });
    expect(value(model.alerts)).toEqual([]);
    expect(value(model.others).map(({ text }) => text)).toEqual(["Isolement"]);
  });
});

describe("a section", () => {
  const section = (references: readonly string[], div?: string) => ({
    resourceType: "Composition",
    section: [
      {
        title: "Plan",
        code: { coding: [{ code: "18776-5" }] },
        entry: references.map((reference) => ({ reference })),
        ...(div === undefined ? {} : { text: { div } }),
      },
    ],
  });
  const words = "<div>Revoir dans un mois</div>";
  const narratives = (...all: object[]) =>
    value(read(...all).narratives).map(({ title, blocks }) => [title, blocks.length]);
  const goal = { resourceType: "Goal", id: "g", description: { text: "Marcher" } };

  it("of which an entry is missing is told by its own words, or said not to be read", () => {
    expect(narratives(section(["Goal/g", "Goal/gone"], words), goal)).toEqual([["Plan", 1]]);
    expect(narratives(section(["Goal/g", "Goal/gone"]), goal)).toEqual([["Plan", 0]]);
    expect(narratives(section(["Goal/g"], words), goal)).toEqual([]);
  });

  it("whose entries are no facts of their own is told by its own words", () => {
    expect(narratives(section(["Encounter/e"], words), { resourceType: "Encounter", id: "e" })).toEqual([["Plan", 1]]);
  });
});

describe("an allergy", () => {
  const allergy = (rest: object) => ({ resourceType: "AllergyIntolerance", code: { text: "Latex" }, ...rest });
  const status = (code: string) => ({ coding: [{ code }] });
  const one = (rest: object) => value(read(allergy(rest)).allergies).facts[0];

  it("that is grave comes first, one that is over last, whatever its gravity", () => {
    const named = (text: string, rest: object) => allergy({ code: { text }, ...rest });
    const { facts } = value(
      read(
        named("passée", { clinicalStatus: status("resolved"), criticality: "high" }),
        named("légère", { criticality: "low" }),
        named("inconnue", {}),
        named("inactive", { clinicalStatus: status("inactive") }),
        named("grave", { clinicalStatus: status("active"), criticality: "high" }),
      ).allergies,
    );
    expect(facts.map(({ substance, isResolved }) => [substance, isResolved])).toEqual([
      ["grave", false],
      ["légère", false],
      ["inconnue", false],
      ["passée", true],
      ["inactive", true],
    ]);
  });

  it("tells its doubt, kind, gravity and reactions as they are recorded, and makes up none", () => {
    for (const doubt of ["unconfirmed", "presumed"])
      expect(one({ verificationStatus: status(doubt) })?.isUnconfirmed).toBe(true);
    expect([one({})?.isUnconfirmed, one({ verificationStatus: status("confirmed") })?.isUnconfirmed]).toEqual([
      false,
      false,
    ]);
    for (const criticality of ["high", "low", "unable-to-assess"])
      expect(one({ criticality })).toMatchObject({ criticality });
    for (const type of ["allergy", "intolerance"]) expect(one({ type })).toMatchObject({ type });
    const bare = one({ criticality: "grave", type: "x", clinicalStatus: {} });
    for (const field of ["criticality", "type", "since", "author", "recorded"]) expect(bare).not.toHaveProperty(field);
    const told = one({
      code: undefined,
      onsetPeriod: { start: "2019" },
      recordedDate: "2020-02-03",
      asserter: { display: "Dr A" },
      recorder: { display: "Dr B" },
      reaction: [
        { manifestation: [{ coding: [{}] }], description: "Gêne", severity: "severe" },
        { substance: { text: "Gants" }, manifestation: [{ text: "Urticaire" }], description: "Plaques" },
      ],
    });
    expect(told).toMatchObject({ substance: "Gants", since: "2019", recorded: "2020-02-03", author: "Dr A" });
    expect(told?.reactions).toEqual([{ manifestation: "Gêne", severity: "severe" }, { manifestation: "Urticaire" }]);
    expect(one({ recorder: { display: "Dr B" } })?.author).toBe("Dr B");
  });
});

describe("an absence", () => {
  const said = (code: string, emptyReason: object) => {
    const section = [{ title: "x", code: { coding: [{ system: "http://loinc.org", code }] }, emptyReason }];
    return read({ resourceType: "Composition", date: "2026-02-03", author: [{ display: "Dr A" }], section });
  };
  const reason = (code: string) => ({ coding: [{ code }] });
  const everyPart = (model: SummaryModel) =>
    [model.allergies, model.problems, model.history, model.currentTreatments, model.immunizations].map(
      (part) => value<{ absences: readonly object[] }>(part).absences,
    );

  it("of a section is of that section alone, be it known, withheld or not to be had", () => {
    for (const [code, at] of [
      ["48765-2", 0],
      ["11450-4", 1],
      ["11348-0", 2],
      ["47519-4", 2],
      ["10160-0", 3],
      ["11369-6", 4],
    ] as const) {
      const known = everyPart(said(code, reason("nilknown")));
      expect(known[at]).toEqual([{ kind: "known-absent", sources: [], author: "Dr A", date: "2026-02-03" }]);
      expect(known.flat()).toHaveLength(1);
      for (const kind of ["withheld", "unavailable"])
        expect(everyPart(said(code, reason(kind))).flat()).toEqual([{ kind }]);
      // Nobody asked, nothing begun: nothing is said.
      for (const other of ["notasked", "notstarted", "closed"])
        expect(everyPart(said(code, reason(other))).flat()).toEqual([]);
    }
  });

  it("of one kind of allergy is no absence of all; that nobody knows is none at all", () => {
    const coded = (code: string, text?: string) =>
      value(read({ resourceType: "AllergyIntolerance", code: { coding: [{ code }], text } }).allergies);
    const food = coded("429625007", "Pas d’allergie alimentaire");
    expect([food.facts, food.absences]).toMatchObject([
      [],
      [{ kind: "known-absent", isPartial: true, text: "Pas d’allergie alimentaire" }],
    ]);
    const [all] = coded("716186003", "Aucune allergie").absences;
    expect(all).toEqual({ kind: "known-absent", sources: [] });
    expect(coded("no-allergy-info")).toEqual({ facts: [], absences: [] });
  });
});
