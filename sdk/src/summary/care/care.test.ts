import fc from "fast-check";
import type { Bundle, FhirResource } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import * as extensionUrl from "../../fhir/extension-urls.ts";
import { cis, statement, summaryOf } from "../safety/test-support.ts";
import { type CareGapOptions, CareRulesError, careGaps, frenchCareRules, parseCareRules } from "./index.ts";

const now = "2026-11-22T09:00:00Z";
const rules = frenchCareRules();
const subject = { reference: "urn:uuid:patient" };

const condition = (id: string, code: string, more: object = {}): FhirResource => ({
  resourceType: "Condition",
  id,
  subject,
  code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code }], text: id },
  ...more,
});
const result = (id: string, loinc: string, effectiveDateTime: string | undefined, more: object = {}): FhirResource => ({
  resourceType: "Observation",
  id,
  status: "final",
  category: [{ coding: [{ code: "laboratory" }] }],
  code: { coding: [{ system: "http://loinc.org", code: loinc }] },
  valueQuantity: { value: 7 },
  ...(effectiveDateTime ? { effectiveDateTime } : {}),
  ...more,
});
const atc = (code: string) => ({ text: code, coding: [{ system: "http://www.whocc.no/atc", code }] });
const procedure: FhirResource = {
  resourceType: "Procedure",
  id: "act",
  status: "completed",
  subject,
  code: { text: "Appendicectomie" },
};
const other = result("other", "718-7", "2026-11-01");

const gaps = (facts: readonly FhirResource[], options: Partial<CareGapOptions> = {}) =>
  careGaps(summaryOf(...facts), rules, { now, ...options });
const about = (rule: string, facts: readonly FhirResource[], options: Partial<CareGapOptions> = {}) =>
  gaps(facts, options).filter((one) => one.rules.includes(rule));

describe("follow-up", () => {
  test("a gliflozin or a GLP-1 analogue is no proof of diabetes: the heart, the kidney or the weight may be its reason", () => {
    for (const code of ["A10BK03", "A10BJ06"]) {
      expect(about("diabetes-hba1c", [condition("coeur", "I50.0"), statement("m", atc(code)), other])).toEqual([]);
    }
  });

  test("a recent report that is a picture may hold the result: nothing is said to be missing", () => {
    const facts = [condition("diabète", "E11.9"), other];
    const report = (date: string, isRead: boolean, code = "11502-2") => [{ type: { code }, date, isRead }];
    const status = (documents: CareGapOptions["documents"]) =>
      about("diabetes-hba1c", facts, documents ? { documents } : {}).map((one) => one.reason ?? one.status);
    expect(status(report("2026-09-01", false))).toEqual(["unread-document"]);
    expect(status(report("2026-09-01", true))).toEqual(["overdue"]);
    expect(status(report("2025-09-01", false))).toEqual(["overdue"]);
    expect(status(report("2026-09-01", false, "11488-4"))).toEqual(["overdue"]);
    const eye = { documents: report("2026-03-01", false, "78513-9") };
    expect(about("diabetes-eye", [...facts, procedure], eye)[0]?.reason).toBe("unread-document");
  });

  test("no HbA1c for six months in diabetes: with its reason, its last value, what closes it, and the source", () => {
    const facts = [condition("diabète", "E11.9"), result("old", "4548-4", "2026-03-01"), other];
    expect(about("diabetes-hba1c", facts)).toEqual([
      {
        rules: ["diabetes-hba1c"],
        status: "overdue",
        audience: "all",
        text: "Diabète : aucune HbA1c dans le dossier depuis 6 mois",
        closes: "Un dosage d'HbA1c, ou le dépôt de son résultat",
        because: [{ reference: "urn:uuid:diabète", type: "Condition", display: "diabète" }],
        last: { date: "2026-03-01", fact: { reference: "urn:uuid:old", type: "Observation", display: "4548-4" } },
        source: expect.objectContaining({ publisher: "Haute Autorité de santé", date: "2014-03" }),
      },
    ]);
    expect(about("diabetes-hba1c", [...facts, result("new", "59261-8", "2026-06-01")])).toEqual([]);
  });

  test("an imaging report says nothing of whether laboratories' results reach the record; another report does", () => {
    const report = (code: string): FhirResource => ({
      resourceType: "DiagnosticReport",
      id: "report",
      status: "final",
      category: [{ coding: [{ code }] }],
      code: { text: "Compte rendu" },
      conclusion: "Sans particularité",
    });
    const status = (code: string) => about("diabetes-hba1c", [condition("d", "E11.9"), report(code)])[0]?.status;
    expect([status("RAD"), status("LAB")]).toEqual(["cannot-be-said", "overdue"]);
  });

  test("a treatment of diabetes is enough to expect it, by ATC code or by name", () => {
    for (const medicine of [atc("A10BA02"), { text: "Metformine" }]) {
      expect(about("diabetes-hba1c", [statement("m", medicine), other])[0]?.status).toBe("overdue");
    }
  });

  test("a diabetes that is only suspected expects nothing, coded or not", () => {
    for (const code of ["unconfirmed", "provisional", "differential"]) {
      const verificationStatus = { coding: [{ code }] };
      const suspected = condition("d", "E11.9", { verificationStatus });
      const words = condition("x", "", { verificationStatus, code: { text: "Diabète ?" } });
      expect(about("diabetes-hba1c", [suspected, words, other])).toEqual([]);
    }
    const confirmed = condition("d", "E11.9", { verificationStatus: { coding: [{ code: "confirmed" }] } });
    expect(about("diabetes-hba1c", [confirmed, other])).toHaveLength(1);
  });

  test("insulin in gestational diabetes, or metformin for polycystic ovaries, is no proof of diabetes", () => {
    const over = { clinicalStatus: { coding: [{ code: "resolved" }] } };
    const treated = (...conditions: FhirResource[]) =>
      about("diabetes-hba1c", [...conditions, statement("i", atc("A10AB05")), statement("m", atc("A10BA02")), other]);
    expect(treated(condition("g", "O24.4"))).toEqual([]);
    expect(treated(condition("o", "E28.2"))).toEqual([]);
    expect(treated(condition("g", "", { code: { text: "Diabète gestationnel" } }))).toEqual([]);
    // Neither a diabetes that is named beside it, nor a treatment after it is over, is explained by it.
    expect(treated(condition("g", "O24.4"), condition("d", "E11"))).toHaveLength(1);
    expect(treated(condition("g", "O24.4", over))).toHaveLength(1);
  });

  test("what guides say of adults is not expected of a child", () => {
    const at = (birthDate: string) => {
      const summary = summaryOf(condition("d", "E10"), condition("k", "N18"), other);
      Object.assign(summary.entry?.[0]?.resource as object, { birthDate });
      return careGaps(summary, rules, { now, documents: [] }).flatMap((one) => one.rules);
    };
    expect(at("2015-03-01")).toEqual(["synthesis"]);
    expect(at("2008-11-22")).toContain("diabetes-hba1c");
    // A year alone: one of its days makes an adult.
    expect(at("2008")).toContain("chronic-kidney-disease-creatinine");
  });

  test("an INR is expected each month with a vitamin K antagonist, with a week of grace", () => {
    const facts = (date: string) => [statement("w", atc("B01AA03")), result("inr", "6301-6", date)];
    expect(about("vitamin-k-antagonist-inr", facts("2026-10-16"))).toEqual([]);
    expect(about("vitamin-k-antagonist-inr", facts("2026-10-14"))[0]?.status).toBe("overdue");
  });

  test("the reason of one act makes no rule apply, and is no list of diseases, until somebody lists it as a problem", () => {
    const reason = condition("d", "E11", { category: [{ coding: [{ code: "encounter-diagnosis" }] }] });
    const unsaid = (facts: FhirResource[]) => about("diabetes-hba1c", facts).map((one) => one.reason ?? one.status);
    expect(unsaid([reason, other])).toEqual(["no-condition-information"]);
    expect(unsaid([reason, condition("i", "I10"), other])).toEqual([]);
    const words = { ...reason, code: { text: "Contrôle" } } as FhirResource;
    expect(unsaid([words, condition("i", "I10"), other])).toEqual([]);
    const summary = summaryOf(reason, other);
    const section = [{ code: { coding: [{ code: "11450-4" }] }, entry: [{ reference: "urn:uuid:d" }] }];
    summary.entry?.unshift({ resource: { resourceType: "Composition", section } as unknown as FhirResource });
    expect(careGaps(summary, rules, { now }).some((one) => one.rules.includes("diabetes-hba1c"))).toBe(true);
    expect(careGaps(summary, rules, { now }).find((one) => one.rules.includes("diabetes-hba1c"))?.status).toBe(
      "overdue",
    );
  });

  test("creatinine yearly in chronic kidney disease; eye examination in diabetes, from acts too", () => {
    expect(about("chronic-kidney-disease-creatinine", [condition("mrc", "N18.3"), other])[0]?.status).toBe("overdue");
    const act: FhirResource = {
      resourceType: "Procedure",
      id: "eye",
      status: "completed",
      subject,
      code: { coding: [{ system: "urn:oid:1.2.250.1.213.2.5", code: "BGQP002" }] },
      performedDateTime: "2025-02",
    };
    expect(about("diabetes-eye", [condition("d", "E10"), act])).toEqual([]);
    expect(about("diabetes-eye", [condition("d", "E10"), { ...act, performedDateTime: "2023-02" }])).toHaveLength(1);
  });

  test("a resolved condition expects nothing; a result that is cancelled, empty, denied or planned closes nothing", () => {
    const resolved = { clinicalStatus: { coding: [{ code: "resolved" }] } };
    expect(about("diabetes-hba1c", [condition("d", "E11", resolved), other])).toEqual([]);
    for (const [date, more] of [
      ["2026-11-01", { status: "cancelled" }],
      ["2027-01-01", { status: "registered" }],
      ["2026-11-01", { valueQuantity: undefined, dataAbsentReason: { text: "hémolyse" } }],
      ["2026-11-01", { extension: [{ url: extensionUrl.deniedValue, valueString: "7" }] }],
    ] as const) {
      const facts = [condition("d", "E11"), other, JSON.parse(JSON.stringify(result("r", "4548-4", date, more)))];
      expect(about("diabetes-hba1c", facts)[0]?.status).toBe("overdue");
    }
  });
});

describe("dates and persons that make no sense", () => {
  test("a final result, or a synthesis, dated ahead leaves the rule open: its date is wrong, and it may be recent", () => {
    const facts = [condition("d", "E11"), other, result("h", "4548-4", "2027-01-01")];
    expect(about("diabetes-hba1c", facts).map((one) => one.reason)).toEqual(["future-date"]);
    const documents = [{ type: { code: "60591-5" }, date: "2031-01-01" }];
    expect(about("synthesis", [], { documents }).map((one) => one.reason)).toEqual(["future-date"]);
  });

  test("nothing is expected of a person who has died, unless the date of death lies ahead", () => {
    const died = (deceased: object) => {
      const summary = summaryOf(condition("d", "E11"), other);
      Object.assign(summary.entry?.[0]?.resource as object, deceased);
      return careGaps(summary, rules, { now, documents: [] }).length;
    };
    expect(died({ deceasedDateTime: "2026-11-01" })).toBe(0);
    expect(died({ deceasedBoolean: true })).toBe(0);
    expect(died({ deceasedBoolean: false })).toBeGreaterThan(0);
    expect(died({ deceasedDateTime: "2031" })).toBeGreaterThan(0);
  });

  test("a condition is over by any of its codes, and by the end of a period", () => {
    const statuses = { clinicalStatus: { coding: [{ code: "local" }, { code: "resolved" }] } };
    expect(about("diabetes-hba1c", [condition("d", "E11", statuses), other])).toEqual([]);
    expect(about("diabetes-hba1c", [condition("d", "E11", { abatementPeriod: { end: "2020" } }), other])).toEqual([]);
    expect(about("diabetes-hba1c", [condition("d", "E11", { abatementDateTime: "2026" }), other])).not.toEqual([]);
  });
});

describe("what the record cannot tell", () => {
  const reason = (rule: string, facts: readonly FhirResource[], options: Partial<CareGapOptions> = {}) =>
    about(rule, facts, options).map((one) => [one.status, one.reason]);

  test("conditions written without a code: one of them may be the one that is meant", () => {
    const uncoded = condition("x", "", { code: { text: "Diabète découvert pendant un voyage" } });
    expect(reason("diabetes-hba1c", [uncoded, other])).toEqual([["cannot-be-said", "uncoded-conditions"]]);
    expect(reason("diabetes-hba1c", [condition("i", "I10"), other])).toEqual([]);
  });

  test("no word about conditions, no result at all, no date, a vague date", () => {
    expect(reason("diabetes-hba1c", [other])).toEqual([["cannot-be-said", "no-condition-information"]]);
    expect(reason("diabetes-hba1c", [condition("d", "E11")])).toEqual([["cannot-be-said", "nothing-of-this-kind"]]);
    const undated = result("r", "4548-4", undefined);
    expect(reason("diabetes-hba1c", [condition("d", "E11"), undated])).toEqual([["cannot-be-said", "undated"]]);
    const vague = result("r", "4548-4", "2026");
    expect(reason("diabetes-hba1c", [condition("d", "E11"), vague])).toEqual([["cannot-be-said", "imprecise-date"]]);
  });

  test("what stops every rule about conditions is said once, with the rules that it leaves open", () => {
    const [gap, ...others] = gaps([other]).filter((one) => one.reason === "no-condition-information");
    expect(others).toEqual([]);
    expect(gap?.rules).toHaveLength(6);
    expect(gap?.text).toBe(
      "À vérifier — 6 suivis n'ont pas pu être examinés dans le dossier. Il ne dit rien des maladies.",
    );
  });

  test("treatments whose class is unknown, documents that were not given", () => {
    expect(reason("vitamin-k-antagonist-inr", [statement("w", cis(1))])).toEqual([
      ["cannot-be-said", "unread-treatments"],
    ]);
    expect(reason("synthesis", [])).toEqual([["cannot-be-said", "documents-not-given"]]);
  });

  test("known to have no condition: nothing is expected of a condition", () => {
    const none = condition("none", "");
    const system = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    const facts = [{ ...none, code: { coding: [{ system, code: "no-known-problems" }] } }] as FhirResource[];
    expect(reason("diabetes-hba1c", facts)).toEqual([]);
  });
});

test("a synthesis is expected each year, of the professional only", () => {
  const documents = (date: string) => [{ type: { code: "60591-5" }, date }];
  expect(about("synthesis", [], { documents: documents("2026-01-05") })).toEqual([]);
  const [gap] = about("synthesis", [], { documents: documents("2025-01-05"), locale: "en" });
  expect(gap).toMatchObject({ status: "overdue", audience: "professional" });
  expect(gap?.text).toBe("No medical synthesis in the record for a year");
});

describe("abnormal consumption", () => {
  const prescription = (id: string, authoredOn: string, who: string, code = "N05BA12"): FhirResource => ({
    resourceType: "MedicationRequest",
    id,
    status: "active",
    intent: "order",
    subject,
    authoredOn,
    requester: { display: who },
    medicationCodeableConcept: atc(code),
  });
  const three = [
    prescription("a", "2026-09-01", "Dr Un"),
    prescription("b", "2026-10-01", "Dr Deux", "N05BA06"),
    prescription("c", "2026-11-01", "Dr Trois"),
  ];

  test("one class by three persons in three months is told to prescribers only", () => {
    const [gap] = about("several-prescribers", three);
    expect(gap).toMatchObject({ status: "observed", audience: "prescriber" });
    expect(gap?.because.map((one) => one.reference)).toEqual(["urn:uuid:a", "urn:uuid:b", "urn:uuid:c"]);
  });

  test("two persons, another class, or a longer time are not told", () => {
    const [a, b] = three as [FhirResource, FhirResource];
    expect(about("several-prescribers", [a, b, prescription("c", "2026-11-01", "Dr Un")])).toEqual([]);
    expect(about("several-prescribers", [a, b, prescription("c", "2026-11-01", "Dr Trois", "C10AA01")])).toEqual([]);
    expect(about("several-prescribers", [a, b, prescription("c", "2026-12-20", "Dr Trois")])).toEqual([]);
  });

  test("what is only planned, proposed or drafted was prescribed by nobody", () => {
    const [a, b, c] = three as [FhirResource, FhirResource, FhirResource];
    for (const more of [{ intent: "plan" }, { intent: "proposal" }, { status: "draft" }]) {
      expect(about("several-prescribers", [a, b, { ...c, ...more } as FhirResource])).toEqual([]);
    }
  });

  test("one person under two numbers of the register, or under a name too, is one", () => {
    const by = (id: string, authoredOn: string, who: object): FhirResource[] => [
      { ...prescription(id, authoredOn, ""), requester: { reference: `urn:uuid:p${id}` } } as FhirResource,
      { resourceType: "Practitioner", id: `p${id}`, ...who },
    ];
    const name = [{ family: "DUPONT", given: ["Jean"] }];
    const list = [
      ...by("a", "2026-09-01", { identifier: [{ system: "rpps", value: "810001234567" }], name }),
      ...by("b", "2026-10-01", { identifier: [{ system: "cnam", value: "10001234567" }] }),
      prescription("c", "2026-11-01", "Dr Jean Dupont"),
    ];
    expect(about("several-prescribers", list)).toEqual([]);
  });

  test("a prescription whose class nobody knows may make the number: that is said", () => {
    const [a, b] = three as [FhirResource, FhirResource];
    const unknown = { ...prescription("c", "2026-11-01", "Dr Trois"), medicationCodeableConcept: { text: "Zzz" } };
    const [gap] = about("several-prescribers", [a, b, unknown as FhirResource]);
    expect(gap).toMatchObject({ status: "cannot-be-said", reason: "unread-prescriptions", audience: "prescriber" });
    expect(gap?.because.map((one) => one.reference)).toEqual(["urn:uuid:c"]);
  });

  test("is counted over the documents' own prescriptions, since a summary puts renewals together", () => {
    const story = {
      url: extensionUrl.treatment,
      extension: ["1", "2", "3"].map(() => ({
        url: "event",
        extension: [{ url: "kind", valueCode: "prescribed" }],
      })),
    };
    const folded = { ...three[2], extension: [story] } as FhirResource;
    expect(about("several-prescribers", [folded]).map((one) => one.reason)).toEqual(["folded-prescriptions"]);
    const prescriptions = three.map(
      (one, at): Bundle => ({
        ...summaryOf(one),
        identifier: { system: "urn:ietf:rfc:3986", value: `urn:oid:1.2.${at}` },
      }),
    );
    const [gap, ...others] = about("several-prescribers", [folded], { prescriptions });
    expect(others).toEqual([]);
    expect(gap?.because.map((one) => one.identifier?.value)).toEqual([
      "urn:oid:1.2.0",
      "urn:oid:1.2.1",
      "urn:oid:1.2.2",
    ]);
  });
});

describe("as rules", () => {
  const facts = [
    condition("d", "E11"),
    condition("k", "N18"),
    statement("w", atc("B01AA03")),
    other,
    result("h", "4548-4", "2026-10-01"),
    result("c", "2160-0", "2024-10-01"),
  ];

  test("the order of entries does not matter", () => {
    const expected = gaps(facts);
    fc.assert(
      fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), (shuffled) => {
        expect(gaps(shuffled)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test("a record that says less never looks better: taking facts away leaves no rule unspoken", () => {
    const spoken = (list: readonly FhirResource[]) => new Set(gaps(list).flatMap((one) => one.rules));
    fc.assert(
      fc.property(fc.subarray(facts.slice(3)), (results) => {
        const less = spoken([...facts.slice(0, 3), ...results]);
        for (const rule of spoken(facts)) expect(less).toContain(rule);
      }),
      { numRuns: 30 },
    );
    expect(spoken([])).toEqual(new Set([...rules.rules].map((one) => one.id).filter((id) => !/inr|several/.test(id))));
  });
});

test("rules that name an unknown source or condition are refused, with the place", () => {
  const rule = {
    id: "x",
    audience: "all",
    wording: { fr: "a", en: "a" },
    closes: { fr: "a", en: "a" },
    everyMonths: 1,
  };
  const file = {
    format: "carnet-care-rules/1",
    meta: { title: "t", date: "2026" },
    sources: { s: { title: "t", publisher: "p", date: "2026" } },
  };
  const followUp = { ...rule, kind: "follow-up", source: "s", when: { use: "nowhere" }, expects: { loinc: ["1"] } };
  expect(() => parseCareRules({ ...file, rules: [followUp] })).toThrow(/x\.when: "nowhere"/);
  expect(() => parseCareRules({ ...file, rules: [{ ...followUp, source: "constructor" }] })).toThrow(CareRulesError);
  expect(() => parseCareRules({ ...file, rules: [{ ...rule, kind: "other" }] })).toThrow(CareRulesError);
  // A misspelt key would be a rule that never applies, and says nothing.
  const own = { ...followUp, when: { icd10: ["E10"] } };
  expect(() => parseCareRules({ ...file, rules: [own] })).not.toThrow();
  for (const fault of [
    { when: { icd: ["E10"] } },
    { when: {} },
    { when: { icd10: ["E10"], use: "nowhere" } },
    { expects: { loink: ["1"] } },
    { graceDay: 3 },
    { everyMonths: "6" },
  ]) {
    expect(() => parseCareRules({ ...file, rules: [{ ...own, ...fault }] })).toThrow(/at "rules\.0/);
  }
  expect(() => parseCareRules({ ...file, rules: [own, own] })).toThrow(/"x" stands twice/);
  expect(() => parseCareRules({ ...file, meta: { title: "t", date: "mars 2026" }, rules: [] })).toThrow(/meta\.date/);
});
