import type {
  AllergyIntolerance,
  Bundle,
  CodeableConcept,
  Coding,
  Condition,
  DeviceUseStatement,
  FhirResource,
  Observation,
  Procedure,
} from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { summarise } from "./index.ts";
import {
  allergy,
  clinical,
  codeOf,
  coding,
  condition,
  conditionsOf,
  disagreementsOf,
  factsOf,
  letter,
  result,
  sectionOf,
  sourcesOf,
  statement,
  subject,
} from "./test-support.ts";

const now = "2026-02-01T00:00:00Z";

describe("what several documents say", () => {
  test("in words alone is told apart by the sign that says how a test came out, a bound or a doubt", () => {
    const count = (...texts: string[]) => {
      const told = (text: string, at: number) => letter(`urn:oid:1.${at}`, [condition("x", "", { code: { text } })]);
      return conditionsOf(summarise(texts.map(told))).length;
    };
    for (const [one, other] of [
      ["Ag HBs +", "Ag HBs -"],
      ["Cancer du sein RE+ HER2-", "Cancer du sein RE+ HER2+"],
      ["HLA-B27 (+)", "HLA-B27 (-)"],
      ["PAS > 140", "PAS < 140"],
      ["Asthme ?", "Asthme"],
    ] as const)
      expect([one, count(one, other)]).toEqual([one, 2]);
    expect(count("Hernie hiatale", "hernie-hiatale", "Hernie - hiatale", "HERNIE + HIATALE")).toBe(1);
  });

  test("under a code of a whole kind is one only in the same words", () => {
    const concept = (code: Coding, text: string) => ({ coding: [code], text });
    const icd = (code: string): Coding => ({ system: "http://hl7.org/fhir/sid/icd-10", code });
    const atc = (code: string): Coding => ({ system: "http://www.whocc.no/atc", code });
    const vaccination = (code: CodeableConcept): FhirResource => ({
      resourceType: "Immunization",
      id: "x",
      status: "completed",
      vaccineCode: code,
      patient: subject,
      occurrenceDateTime: "2024-05-06",
    });
    const tellings: readonly [string, Coding, string, string, (code: CodeableConcept) => FhirResource][] = [
      ["analgesics", icd("Z88.6"), "Aspirine", "Paracétamol", (code) => ({ ...allergy("x", ""), code })],
      ["other diseases", icd("K63.8"), "Mélanose colique", "Dolichocôlon", (code) => condition("x", "", { code })],
      [
        "a class of medicines",
        atc("C09AA"),
        "Ramipril",
        "Périndopril",
        (code) => statement("x", { medicationCodeableConcept: code }),
      ],
      [
        "combinations",
        atc("N02BE51"),
        "PARACÉTAMOL CODÉINE",
        "ACTIFED RHUME",
        (code) => statement("x", { medicationCodeableConcept: code }),
      ],
      ["a class of vaccines", atc("J07B"), "Rougeole", "Poliomyélite", vaccination],
    ];
    for (const [name, code, one, other, fact] of tellings) {
      const left = (...texts: string[]) => {
        const documents = texts.map((text, at) => letter(`urn:oid:1.${at}`, [fact(concept(code, text))]));
        return factsOf(summarise(documents, { now }), fact({}).resourceType).filter(
          (resource) => !codeOf(resource).startsWith("no-"),
        ).length;
      };
      expect([name, left(one, other)]).toEqual([name, 2]);
      expect([name, left(one, one.toLowerCase())]).toEqual([name, 1]);
    }
  });

  test("and one of them merely suspects is stated; a doubt that came later is told beside it", () => {
    const doubt = (code: string) => coding(code, "http://terminology.hl7.org/CodeSystem/condition-ver-status");
    const told = (year: number, fact: FhirResource) =>
      letter(`urn:oid:1.${year}`, [fact], { date: `${year}-01-01T00:00:00Z` });
    const asthma = (rest: Partial<Condition> = {}) => condition("x", "J45", rest);
    const suspected = asthma({ verificationStatus: doubt("provisional") });
    const [later, ...none] = conditionsOf(summarise([told(2020, asthma()), told(2021, suspected)]));
    expect(none).toEqual([]);
    expect(later?.verificationStatus).toBeUndefined();
    expect(sourcesOf(later)).toEqual(["urn:oid:1.2021", "urn:oid:1.2020"]);
    expect(disagreementsOf(later)).toEqual(["urn:oid:1.2021 (2021-01-01) dit verificationStatus: provisional"]);
    // A suspicion that was borne out since contradicts nothing.
    const [borneOut] = conditionsOf(summarise([told(2020, suspected), told(2021, asthma())]));
    expect([borneOut?.verificationStatus, disagreementsOf(borneOut)]).toEqual([undefined, []]);
    // However much more the suspicion says.
    const dated = asthma({ verificationStatus: doubt("provisional"), onsetDateTime: "2015" });
    expect(conditionsOf(summarise([told(2020, asthma()), told(2021, dated)]))).toHaveLength(2);
    const words = sectionOf(summarise([told(2021, suspected)]), "11450-4")?.text?.div;
    expect(words).toContain("non confirmé");
  });

  test("of an allergy that another calls an intolerance stays an allergy", () => {
    const named = (id: string, type: AllergyIntolerance["type"]) =>
      letter(id, [{ ...allergy("x", "91936005"), ...(type ? { type } : {}) }]);
    const told = (...types: AllergyIntolerance["type"][]) =>
      factsOf(summarise(types.map((type, at) => named(`urn:oid:1.${at}`, type))), "AllergyIntolerance").map((one) => [
        (one as AllergyIntolerance).type,
        disagreementsOf(one).length,
      ]);
    expect(told("allergy", "intolerance").sort()).toEqual([
      ["allergy", 1],
      ["intolerance", 1],
    ]);
    expect(told("allergy", undefined)).toEqual([["allergy", 0]]);
  });

  test("of one result, preliminary then final, is the final one; that it was cancelled stands beside it", () => {
    const told = (...statuses: Observation["status"][]) =>
      (
        factsOf(
          summarise(
            statuses.map((status, at) =>
              letter(`urn:oid:1.${at}`, [result("x", 7, { status })], { date: `202${at}-01-01T00:00:00Z` }),
            ),
          ),
          "Observation",
        ) as Observation[]
      ).map((one) => [one.status, sourcesOf(one).length, disagreementsOf(one).length]);
    expect(told("final", "preliminary")).toEqual([["final", 2, 0]]);
    expect(told("preliminary", "final")).toEqual([["final", 2, 0]]);
    expect(told("preliminary")).toEqual([["preliminary", 1, 0]]);
    expect(told("final", "cancelled").sort()).toEqual([
      ["cancelled", 1, 1],
      ["final", 1, 1],
    ]);
  });

  test("of one instant is one result, in whatever zone each document writes it", () => {
    const told = (...instants: string[]) =>
      factsOf(
        summarise(
          instants.map((effectiveDateTime, at) =>
            letter(`urn:oid:1.${at}`, [result("x", 7, { effectiveDateTime })], { date: "2026-01-05" }),
          ),
        ),
        "Observation",
      ).length;
    expect(told("2026-01-01T08:00:00+01:00", "2026-01-01T07:00:00Z", "2026-01-01T03:00:00.000-04:00")).toBe(1);
    expect(told("2026-01-01T08:00:00+01:00", "2026-01-01T08:00:00Z")).toBe(2);
    expect(told("2026-01-01", "2026-01-01T00:00:00Z")).toBe(2);
  });

  test("done or given at a time in words is two when the words differ, however late in the sentence", () => {
    const count = (...facts: FhirResource[]) => {
      const summary = summarise(facts.map((fact, at) => letter(`urn:oid:1.${at}`, [fact])));
      return factsOf(summary, facts[0]?.resourceType ?? "").length;
    };
    const act = (performedString: string): FhirResource => ({
      resourceType: "Procedure",
      id: "x",
      status: "completed",
      code: coding("BGQP002", "urn:oid:1.2.250.1.213.2.5"),
      performedString,
      subject,
    });
    const vaccine = (occurrenceString: string): FhirResource => ({
      resourceType: "Immunization",
      id: "x",
      status: "completed",
      vaccineCode: coding("J07BB02", "http://www.whocc.no/atc"),
      occurrenceString,
      patient: subject,
    });
    for (const made of [act, vaccine]) {
      expect(count(made("printemps 2010"), made("printemps 2011"))).toBe(2);
      expect(count(made("printemps 2010"), made("printemps 2010"))).toBe(1);
    }
  });

  test("by pointing at it alone is two when what they point at differs: directives, plans, teams", () => {
    const text = (id: string, description: string): FhirResource => ({
      resourceType: "DocumentReference",
      id,
      status: "current",
      description,
      content: [{ attachment: { url: `https://example.org/${id}` } }],
    });
    const request = (id: string, words: string): FhirResource => ({
      resourceType: "ServiceRequest",
      id,
      status: "active",
      intent: "plan",
      code: { text: words },
      subject,
    });
    const doctor = (id: string, family: string): FhirResource => ({
      resourceType: "Practitioner",
      id,
      name: [{ family }],
    });
    const directive = (reference: string): FhirResource => ({
      resourceType: "Consent",
      id: "x",
      status: "active",
      scope: {},
      category: [{ text: "Directives anticipées" }],
      patient: subject,
      sourceReference: { reference },
    });
    const plan = (reference: string): FhirResource => ({
      resourceType: "CarePlan",
      id: "x",
      status: "active",
      intent: "plan",
      title: "Plan personnalisé",
      subject,
      activity: [{ reference: { reference } }],
    });
    const team = (reference: string): FhirResource => ({
      resourceType: "CareTeam",
      id: "x",
      name: "Équipe de soins",
      subject,
      participant: [{ member: { reference } }],
    });
    const count = (kind: string, ...told: (readonly [FhirResource, FhirResource])[]) => {
      const documents = told.map(([fact, target], at) => {
        const document = letter(`urn:oid:1.${at}`, [fact]);
        const fullUrl = `http://x/urn:oid:1.${at}/${target.resourceType}/${target.id}`;
        return { ...document, entry: [...(document.entry ?? []), { fullUrl, resource: target }] };
      });
      return factsOf(summarise(documents), kind).length;
    };
    const of = (
      reference: string,
      fact: (reference: string) => FhirResource,
      one: FhirResource,
      other: FhirResource,
    ) => {
      const { resourceType } = fact(reference);
      return [
        count(resourceType, [fact(reference), one], [fact(reference), other]),
        count(resourceType, [fact(reference), one], [fact(reference), one]),
      ];
    };
    expect(of("DocumentReference/d", directive, text("d", "Ne pas réanimer"), text("d", "Tout tenter"))).toEqual([
      2, 1,
    ]);
    expect(of("ServiceRequest/r", plan, request("r", "Kinésithérapie"), request("r", "IRM"))).toEqual([2, 1]);
    expect(of("Practitioner/d", team, doctor("d", "DUPONT"), doctor("d", "MARTIN"))).toEqual([2, 1]);
    const contacts = sectionOf(summarise([letter("urn:oid:1.9", [team("Practitioner/d")])]), "85847-2");
    expect(contacts?.text?.div).toContain("Équipe de soins");
  });

  test("under one code of the left and of the right side are two, be the side in words alone", () => {
    const arthrosis = (text: string) => condition("x", "M17.1", { code: { ...coding("M17.1"), text } });
    const prosthesis = (text: string): FhirResource => ({
      resourceType: "Procedure",
      id: "x",
      status: "completed",
      code: { ...coding("NFKA007", "urn:oid:1.2.250.1.213.2.5"), text },
      subject,
      performedDateTime: "2020",
    });
    for (const fact of [arthrosis, prosthesis]) {
      const told = (...texts: string[]) =>
        factsOf(
          summarise(
            texts.map((text, at) => letter(`urn:oid:1.${at}`, [fact(text)])),
            { now },
          ),
          fact("").resourceType,
        ).length;
      expect(told("Genou gauche", "Genou droit")).toBe(2);
      expect(told("Genou gauche", "Genou droit", "Genoux, bilatéral")).toBe(3);
      expect(told("Genou gauche", "GENOU GAUCHE", "genou, côté gauche")).toBe(1);
    }
  });
});

describe("results of one day under one code", () => {
  const drawn = (specimen: string | undefined, letterOf: string, id = "x"): Observation => {
    const { valueQuantity: _, ...rest } = result(id, 0);
    const interpretation = [coding(letterOf, "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation")];
    return { ...rest, interpretation, ...(specimen ? { specimen: { display: specimen } } : {}) };
  };
  const told = (...facts: readonly Observation[]) => {
    const summary = summarise(
      facts.map((fact, at) => letter(`urn:oid:1.${at + 1}`, [fact])),
      { now },
    );
    return factsOf(summary, "Observation") as Observation[];
  };

  test("of two germs, or two samples, are two, and neither speaks against the other", () => {
    const equal = told(drawn("Escherichia coli", "S"), drawn("Klebsiella pneumoniae", "S"));
    expect(equal.map((one) => one.specimen?.display).sort()).toEqual(["Escherichia coli", "Klebsiella pneumoniae"]);
    const [one, other] = told(drawn("Escherichia coli", "R"), drawn("Klebsiella pneumoniae", "S"));
    expect([disagreementsOf(one), disagreementsOf(other)]).toEqual([[], []]);
  });

  test("of one germ, or where one document leaves the sample out, are one; another answer stands against it", () => {
    for (const other of ["escherichia  COLI", undefined])
      expect(told(drawn("Escherichia coli", "S"), drawn(other, "S")).map((one) => sourcesOf(one).length)).toEqual([2]);
    const answers = told(drawn("Escherichia coli", "R"), drawn("Escherichia coli", "S"));
    expect(answers.map((one) => disagreementsOf(one).length)).toEqual([1, 1]);
  });
});

describe("two documents that tell of", () => {
  const snomed = (code: string) => coding(code, "http://snomed.info/sct");
  const act = (rest: Partial<Procedure>): Procedure => ({
    resourceType: "Procedure",
    id: "x",
    status: "completed",
    code: { text: "Radiographie" },
    subject,
    performedDateTime: "2026-01-05",
    ...rest,
  });
  const dose = (occurrenceDateTime: string): FhirResource => ({
    resourceType: "Immunization",
    id: "x",
    status: "completed",
    vaccineCode: { text: "Vaccin" },
    patient: subject,
    occurrenceDateTime,
  });
  const worn = (start: string, rest: Partial<DeviceUseStatement> = {}): DeviceUseStatement => ({
    resourceType: "DeviceUseStatement",
    id: "x",
    status: "active",
    subject,
    device: { display: "Prothèse" },
    timingPeriod: { start },
    ...rest,
  });
  const infusion = (start: string): FhirResource => ({
    resourceType: "MedicationAdministration",
    id: "x",
    status: "completed",
    medicationCodeableConcept: { text: "X" },
    subject,
    effectivePeriod: { start },
  });
  const problem = (rest: Partial<Condition>) => condition("x", "M17", rest);
  const value = (rest: Partial<Observation>) => result("x", 7, rest);
  const count = (...facts: readonly FhirResource[]) =>
    factsOf(summarise(facts.map((fact, at) => letter(`urn:oid:1.${at}`, [fact]))), facts[0]?.resourceType ?? "").filter(
      ({ meta }) => meta?.source,
    ).length;

  test.each<[what: string, one: FhirResource, other: FhirResource]>([
    ["two places", problem({ bodySite: [snomed("72696002")] }), problem({ bodySite: [snomed("6757004")] })],
    ["two beginnings", problem({ onsetDateTime: "2015-03" }), problem({ onsetDateTime: "2016" })],
    ["values of two instants", value({}), value({ effectiveDateTime: "2026-01-02" })],
    ["values of two places", value({ bodySite: snomed("1") }), value({ bodySite: snomed("2") })],
    ["values by two methods", value({ method: snomed("1") }), value({ method: snomed("2") })],
    ["acts of two days", act({}), act({ performedDateTime: "2026-01-06" })],
    ["acts at two places", act({ bodySite: [snomed("1")] }), act({ bodySite: [snomed("2")] })],
    ["doses of two days", dose("2026-01-05"), dose("2026-01-06")],
    ["infusions of one day", infusion("2026-01-05T08:00:00Z"), infusion("2026-01-05T18:00:00Z")],
    ["devices of two days", worn("2025-01-05"), worn("2025-01-06")],
    ["devices at two places", worn("2025", { bodySite: snomed("1") }), worn("2025", { bodySite: snomed("2") })],
  ])("%s tell of two facts", (_, one, other) => {
    expect([count(one, other), count(one, one)]).toEqual([2, 1]);
  });

  test.each<[what: string, one: FhirResource, other: FhirResource]>([
    ["a beginning at two precisions", problem({ onsetDateTime: "2015" }), problem({ onsetDateTime: "2015-03" })],
    ["one that leaves its beginning out", problem({}), problem({ onsetDateTime: "2015-03" })],
    [
      "an end at two precisions",
      problem({ clinicalStatus: clinical("resolved"), abatementDateTime: "2015" }),
      problem({ clinicalStatus: clinical("resolved"), abatementDateTime: "2015-03-01" }),
    ],
    [
      "two places in another order",
      problem({ bodySite: [snomed("1"), snomed("2")] }),
      problem({ bodySite: [snomed("2"), snomed("1")] }),
    ],
    ["a day and an hour of it", act({}), act({ performedDateTime: "2026-01-05T10:30:00+01:00" })],
    ["a dose of a day and of an hour", dose("2026-01-05"), dose("2026-01-05T10:30:00+01:00")],
    ["a device of a day and of an hour", worn("2025-01-05"), worn("2025-01-05T10:30:00+01:00")],
  ])("%s tell of one fact", (_, one, other) => {
    expect([count(one, other), count(other, one)]).toEqual([1, 1]);
  });

  test("one fact, the fuller of two tellings stands, whichever is newer", () => {
    const full = problem({ onsetDateTime: "2015-03" });
    for (const [older, newer] of [
      [full, problem({ onsetDateTime: "2015" })],
      [problem({ onsetDateTime: "2015" }), full],
    ] as const) {
      const told = [letter("urn:oid:1.1", [older], { date: "2025-01-01" }), letter("urn:oid:1.2", [newer])];
      expect(conditionsOf(summarise(told)).map((one) => one.onsetDateTime)).toEqual(["2015-03"]);
    }
  });

  test("one document that calls two things differently under one code tells of two, whatever others call them", () => {
    const called = (id: string, text: string) => condition(id, "", { code: { ...coding("M17"), text } });
    const own = letter("urn:oid:1.1", [called("a", "Gonarthrose"), called("b", "Coxarthrose")]);
    expect(conditionsOf(summarise([own]))).toHaveLength(2);
    const other = letter("urn:oid:1.2", [called("a", "Coxarthrose")]);
    expect(conditionsOf(summarise([own, other])).map((one) => sourcesOf(one).length)).toEqual([2, 1]);
    // Two documents may well word one thing in two ways.
    expect(conditionsOf(summarise([letter("urn:oid:1.3", [called("a", "Gonarthrose")]), other]))).toHaveLength(1);
  });

  test("nothing of a document that was entered in error stands, nor of a version that a newer one replaces", () => {
    const told = (id: string, code: string, rest: object) => letter(id, [condition("x", code)], rest);
    const codes = (...documents: readonly Bundle[]) => conditionsOf(summarise(documents)).map(codeOf).sort();
    const kept = told("urn:oid:1.1", "I10", {});
    expect(codes(kept, told("urn:oid:1.2", "E11", { status: "entered-in-error" }))).toEqual(["I10"]);
    const version = (id: string, code: string, version: number) => told(id, code, { setId: "urn:oid:2", version });
    expect(codes(version("urn:oid:1.3", "E11", 1), version("urn:oid:1.4", "J45", 2), kept)).toEqual(["I10", "J45"]);
    // One that says that it replaces itself is there all the same.
    expect(codes(told("urn:oid:1.5", "E11", { replaces: "urn:oid:1.5" }))).toEqual(["E11"]);
    // Of those that replace each other nobody knows the last: each is told, unless one from outside replaces it.
    const [one, two, three] = [
      told("urn:oid:1.6", "E11", { replaces: "urn:oid:1.7" }),
      told("urn:oid:1.7", "J45", { replaces: "urn:oid:1.8" }),
      told("urn:oid:1.8", "I48", { replaces: "urn:oid:1.6" }),
    ];
    expect(codes(one, two, three)).toEqual(["E11", "I48", "J45"]);
    expect(codes(one, two)).toEqual(["E11"]);
    const last = told("urn:oid:1.9", "N18", { replaces: "urn:oid:1.7" });
    expect(codes(one, two, three, last)).toEqual(["E11", "I48", "N18"]);
    // Received twice, it is one; of other content under its number, both are told.
    expect(conditionsOf(summarise([kept, kept])).map((one) => sourcesOf(one))).toEqual([["urn:oid:1.1"]]);
    expect(codes(kept, told("urn:oid:1.1", "E11", {}))).toEqual(["E11", "I10"]);
  });
});
