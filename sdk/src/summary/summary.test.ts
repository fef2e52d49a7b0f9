import fc from "fast-check";
import type {
  Bundle,
  CodeableConcept,
  Composition,
  DiagnosticReport,
  FhirResource,
  Observation,
  Patient,
} from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { cdaToFhir } from "../cda/read/index.ts";
import { documentXml, inPollutedPage, problemXml, sectionXml } from "../cda/read/test-support.ts";
import { extensionUrl } from "../fhir/systems.ts";
import { SummaryError, summarise } from "./index.ts";
import {
  absent,
  allergy,
  coding,
  condition,
  conditionsOf,
  disagreementsOf,
  factsOf,
  ins,
  letter,
  patient,
  result,
  sectionOf,
  sourcesOf,
  subject,
} from "./test-support.ts";

const now = "2026-02-01T00:00:00Z";
const versionNumber = "http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber";
/** A chapter that says no more than its results: the summary leaves it out. */
const chapter: DiagnosticReport = {
  resourceType: "DiagnosticReport",
  id: "d",
  status: "final",
  code: { text: "Biochimie" },
  subject,
};

describe("one fact, many documents", () => {
  test("is one entry that names all its sources, newest first", () => {
    const old = letter("urn:oid:1.1", [condition("x", "I10")], { date: "2020-01-01T00:00:00Z" });
    const recent = letter("urn:oid:1.2", [condition("y", "I10", { onsetDateTime: "2015" })], {
      date: "2025-01-01T00:00:00Z",
    });
    const [only, ...others] = conditionsOf(summarise([old, recent]));
    expect(others).toEqual([]);
    expect(sourcesOf(only)).toEqual(["urn:oid:1.2", "urn:oid:1.1"]);
    expect(only?.onsetDateTime).toBe("2015");
  });

  test("of a CDA is that of the newest version of its set, be what it says to replace a document that nobody has", () => {
    const version = (number: number, code: string, parent = "") => {
      const value = `<value xsi:type="CD" code="${code}" codeSystem="2.16.840.1.113883.6.3"/>`;
      const id = `<id root="1.2.250.1.999.1.7.${number}"/>`;
      const xml = documentXml({ id, header: parent, sections: sectionXml("11450-4", "P", "x", problemXml(value)) });
      return cdaToFhir(xml.replace('versionNumber value="2"', `versionNumber value="${number}"`));
    };
    const parent =
      '<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.250.1.999.8"/></parentDocument></relatedDocument>';
    const documents = [version(9, "I10"), version(10, "E11", parent)];
    const codes = (...added: Bundle[]) =>
      conditionsOf(summarise([...documents, ...added])).map((one) => one.code?.coding?.[0]?.code);
    expect(codes()).toEqual(["E11"]);
    // An addendum stands beside what it adds to, be it numbered as the next version.
    expect(codes(version(11, "J45", parent.replace("RPLC", "APND"))).sort()).toEqual(["E11", "J45"]);
  });

  test("is told without what a page put into every object", () => {
    const tell = () => {
      const facts = [condition("x", "I10"), result("r", 7), { ...chapter, result: [{ reference: "Observation/r" }] }];
      const recent = condition("y", "I10", { onsetDateTime: "2015" });
      return JSON.stringify(summarise([letter("urn:oid:1.1", facts), letter("urn:oid:1.2", [recent])], { now }));
    };
    expect(inPollutedPage(tell)).toBe(tell());
  });

  test("known under two codes is linked by the document that gives both, and keeps both codes", () => {
    const both = { coding: [...coding("I10").coding, { system: "http://snomed.info/sct", code: "38341003" }] };
    const facts = conditionsOf(
      summarise([
        letter("urn:oid:1.1", [condition("x", "I10")]),
        letter("urn:oid:1.2", [condition("x", "38341003", { code: coding("38341003", "http://snomed.info/sct") })]),
        letter("urn:oid:1.3", [condition("x", "", { code: both })]),
      ]),
    );
    expect(facts).toHaveLength(1);
    expect(sourcesOf(facts[0]).sort()).toEqual(["urn:oid:1.1", "urn:oid:1.2", "urn:oid:1.3"]);
    expect(facts[0]?.code?.coding).toHaveLength(2);
  });

  test("in words alone joins the code that is called so, but never chooses between two codes", () => {
    const words = (id: string) => condition(id, "", { code: { text: "Diabète" } });
    const named = (id: string, code: string) => condition(id, code, { code: { ...coding(code), text: "diabete" } });
    expect(
      conditionsOf(summarise([letter("urn:oid:1.1", [words("x")]), letter("urn:oid:1.2", [named("y", "E11")])])),
    ).toHaveLength(1);
    const ambiguous = [words("x"), named("y", "E11"), named("z", "E10")];
    expect(conditionsOf(summarise([letter("urn:oid:1.1", ambiguous)]))).toHaveLength(3);
  });

  test("a placeholder, a kind or a code too coarse never makes one allergy of two", () => {
    const named = (id: string, code: string, text: string) => ({
      ...allergy(id, code),
      code: { ...coding(code), text },
    });
    const kind = (id: string, text: string) => ({
      ...allergy(id, "414285001"),
      code: { ...coding("414285001", "http://snomed.info/sct"), text },
    });
    const summary = summarise([
      letter("urn:oid:1.1", [named("x", "-", "céphalosporines"), named("y", "-", "fruits de mer")]),
      letter("urn:oid:1.2", [named("z", "999", "arachide"), named("t", "999", "latex")]),
      letter("urn:oid:1.3", [kind("u", "kiwi")]),
      letter("urn:oid:1.4", [kind("v", "sésame")]),
    ]);
    expect(factsOf(summary, "AllergyIntolerance")).toHaveLength(6);
  });

  test("a qualifier that two different things share does not make them one", () => {
    const left = { system: "http://snomed.info/sct", code: "7771000" };
    const sided = (id: string, code: string, text: string) =>
      condition(id, code, { code: { coding: [...coding(code).coding, left], text } });
    const summary = summarise([
      letter("urn:oid:1.1", [sided("x", "S52", "Fracture du poignet")]),
      letter("urn:oid:1.2", [sided("x", "M16", "Coxarthrose")]),
      letter("urn:oid:1.3", [condition("x", "", { code: { coding: [left], text: "Gauche" } })]),
    ]);
    expect(conditionsOf(summary)).toHaveLength(3);
  });

  test("two results of one analyte on two days are two results", () => {
    const summary = summarise([
      letter("urn:oid:1.1", [result("x", 7), result("y", 6, { effectiveDateTime: "2025-01-01" })]),
    ]);
    expect(factsOf(summary, "Observation")).toHaveLength(2);
  });
});

describe("merging", () => {
  test("never joins a denied value with a found one", () => {
    const denied = { extension: [{ url: extensionUrl.deniedValue, valueCodeableConcept: { text: "tabac" } }] };
    const { valueQuantity: _, ...empty } = result("x", 1);
    const summary = summarise([
      letter("urn:oid:1.1", [{ ...empty, ...denied }]),
      letter("urn:oid:1.2", [result("x", 1)]),
    ]);
    expect(factsOf(summary, "Observation")).toHaveLength(2);
    expect(sectionOf(summary, "30954-2")?.text?.div).toContain("absent : tabac");
  });

  test("never makes one of two things that one document tells apart, were it by a word", () => {
    const eye = (id: string, side: string) => result(id, 2.5, { component: [{ code: { text: side } }] });
    const eyes = (id: string) => letter(id, [eye("x", "droit"), eye("y", "gauche")]);
    expect(factsOf(summarise([eyes("urn:oid:1.1")]), "Observation")).toHaveLength(2);
    const twice = factsOf(summarise([eyes("urn:oid:1.1"), eyes("urn:oid:1.2")]), "Observation");
    expect(twice.map((one) => sourcesOf(one).length)).toEqual([2, 2]);
    const panel = (id: string, member: string) =>
      result(id, 1, { hasMember: [{ reference: `Observation/${member}` }] });
    const panels = [panel("p", "x"), panel("q", "y"), eye("x", "droit"), eye("y", "gauche")];
    expect(factsOf(summarise([letter("urn:oid:1.1", panels)]), "Observation")).toHaveLength(4);
    const listed = [condition("x", "I10"), condition("y", "I10", { onsetDateTime: "2015" }), condition("z", "I10")];
    expect(conditionsOf(summarise([letter("urn:oid:1.1", listed)]))).toHaveLength(2);
  });

  test("keeps reactions, notes and remarks of every document", () => {
    const reacting = (id: string, manifestation: string, remark: string) => ({
      ...allergy(id, "91936005"),
      reaction: [{ manifestation: [{ text: manifestation }] }],
      note: [{ text: "vu" }],
      extension: [{ url: extensionUrl.disagreement, valueString: remark }],
    });
    const summary = summarise([
      letter("urn:oid:1.1", [reacting("x", "urticaire", "a")]),
      letter("urn:oid:1.2", [reacting("x", "œdème", "b")]),
    ]);
    const [only, ...others] = factsOf(summary, "AllergyIntolerance");
    expect(others).toEqual([]);
    expect(JSON.stringify(only)).toMatch(/urticaire.*œdème|œdème.*urticaire/);
    expect(only && "note" in only ? only.note : []).toHaveLength(1);
    expect(disagreementsOf(only).sort()).toEqual(["a", "b"]);
  });
});

describe("versions and corrections", () => {
  test("a replaced document gives no fact, by its link or by its version number", () => {
    const first = letter("urn:oid:1.1", [condition("x", "I10")], { setId: "s", version: 1 });
    const second = letter("urn:oid:1.2", [condition("x", "I11")], { setId: "s", version: 2 });
    const third = letter("urn:oid:1.3", [condition("x", "I12")], { replaces: "urn:oid:1.2" });
    expect(conditionsOf(summarise([third, first, second])).map((one) => one.code?.coding?.[0]?.code)).toEqual(["I12"]);
  });

  test("two hospitals that number their documents alike replace their own alone", () => {
    const numbered = (hospital: string, value: string, code: string, replaces?: string): Bundle => {
      const document = letter(value, [condition("x", code)]);
      const system = `https://${hospital}.example/documents`;
      const composition = document.entry?.[0]?.resource as Composition;
      composition.identifier = { system, value: `set-${value}` };
      if (replaces) composition.relatesTo = [{ code: "replaces", targetIdentifier: { system, value: replaces } }];
      return { ...document, identifier: { system, value } };
    };
    const left = (...documents: Bundle[]) =>
      conditionsOf(summarise(documents))
        .map((one) => one.code?.coding?.[0]?.code)
        .sort();
    const here = [numbered("here", "1", "I10"), numbered("here", "2", "I11", "1")];
    expect(left(...here, numbered("there", "1", "E11"))).toEqual(["E11", "I11"]);
    // FHIR lets a version name the one before by its Composition too.
    expect(left(numbered("here", "1", "I10"), numbered("here", "2", "I11", "set-1"))).toEqual(["I11"]);
    const version = (document: Bundle, number: number) => {
      const composition = document.entry?.[0]?.resource as Composition;
      composition.identifier = { ...composition.identifier, value: "same" };
      composition.extension = [{ url: versionNumber, valueString: String(number) }];
      return document;
    };
    expect(left(version(numbered("here", "1", "I10"), 1), version(numbered("there", "2", "E11"), 2))).toEqual([
      "E11",
      "I10",
    ]);
  });

  test("the newest document is that of the latest instant, in whatever zone its date is written", () => {
    const told = (id: string, date: string) => letter(id, [condition("x", "I10")], { date });
    // A quarter past ten in Paris is a quarter past nine in London.
    const paris = told("urn:oid:1.2.1", "2026-01-01T10:15:00+01:00");
    const london = told("urn:oid:1.2.2", "2026-01-01T09:30:00Z");
    expect(sourcesOf(conditionsOf(summarise([paris, london]))[0])).toEqual(["urn:oid:1.2.2", "urn:oid:1.2.1"]);
    expect(summarise([paris, london]).timestamp).toBe("2026-01-01T09:30:00Z");
    const value = (id: string, effectiveDateTime: string, number: number) =>
      letter(id, [result("x", number, { effectiveDateTime })]);
    const values = [
      value("urn:oid:1.2.3", "2026-01-01T10:15:00+01:00", 6),
      value("urn:oid:1.2.4", "2026-01-01T09:30:00Z", 7),
    ];
    const kept = factsOf(summarise(values, { valuesPerAnalyte: 1 }), "Observation") as Observation[];
    expect(kept.map((one) => one.valueQuantity?.value)).toEqual([7]);
  });

  test("a goal that was entered in error vanishes too", () => {
    const goal = (lifecycleStatus: "active" | "entered-in-error"): FhirResource => ({
      resourceType: "Goal",
      id: "g",
      lifecycleStatus,
      description: { text: "Perdre 5 kg" },
      subject,
    });
    const count = (status: "active" | "entered-in-error") =>
      factsOf(summarise([letter("urn:oid:1.2.1", [goal(status)])]), "Goal").length;
    expect([count("active"), count("entered-in-error")]).toEqual([1, 0]);
  });

  test("refuted and entered-in-error facts vanish; a refutation of a fact that stands is told", () => {
    const verification = (code: string) => ({
      verificationStatus: coding(code, "http://terminology.hl7.org/CodeSystem/condition-ver-status"),
    });
    const summary = summarise([
      letter("urn:oid:1.1", [
        condition("x", "I10"),
        condition("y", "I11", verification("entered-in-error")),
        condition("z", "I12", verification("refuted")),
      ]),
      letter("urn:oid:1.2", [condition("x", "I10", verification("refuted"))], { date: "2026-02-01T00:00:00Z" }),
    ]);
    const facts = conditionsOf(summary);
    expect(facts.map((one) => one.code?.coding?.[0]?.code)).toEqual(["I10"]);
    expect(disagreementsOf(facts[0])).toEqual(["urn:oid:1.2 (2026-02-01) dit verificationStatus: refuted"]);
  });

  test("what rules a fact out counts wherever it stands among other codes, and in words alone", () => {
    const system = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
    const local = { system: "https://hospital.example/status", code: "K", display: "Écarté" };
    for (const verificationStatus of [
      { coding: [local, { system, code: "refuted" }] },
      { text: "Refuted" },
      { coding: [local, { system, code: "entered-in-error" }] },
    ] satisfies CodeableConcept[]) {
      const stated = letter("urn:oid:1.1", [condition("x", "I10"), allergy("a", "91936005")]);
      const denied = letter(
        "urn:oid:1.2",
        [condition("x", "I10", { verificationStatus }), { ...allergy("a", "91936005"), verificationStatus }],
        { date: "2026-02-01T00:00:00Z" },
      );
      expect(conditionsOf(summarise([denied]))).toEqual([]);
      const summary = summarise([stated, denied]);
      const facts = [...conditionsOf(summary), ...factsOf(summary, "AllergyIntolerance")];
      expect(facts.map(sourcesOf)).toEqual([["urn:oid:1.1"], ["urn:oid:1.1"]]);
      const isRefuted = !JSON.stringify(verificationStatus).includes("error");
      const said = isRefuted ? ["urn:oid:1.2 (2026-02-01) dit verificationStatus: refuted"] : [];
      expect(facts.map(disagreementsOf)).toEqual([said, said]);
    }
  });

  test("two values for one result stay side by side, each saying what the other says", () => {
    const facts = factsOf(
      summarise([letter("urn:oid:1.1", [result("x", 7)]), letter("urn:oid:1.2", [result("x", 9)])]),
      "Observation",
    );
    expect(facts).toHaveLength(2);
    expect(facts.flatMap(disagreementsOf).sort()).toEqual([
      "urn:oid:1.1 (2026-01-01) dit value: 7 %",
      "urn:oid:1.2 (2026-01-01) dit value: 9 %",
    ]);
  });
});

test("two values in one document are two measures, not a contradiction", () => {
  const facts = factsOf(summarise([letter("urn:oid:1.1", [result("x", 7), result("y", 9)])]), "Observation");
  expect(facts).toHaveLength(2);
  expect(facts.flatMap(disagreementsOf)).toEqual([]);
});

describe("absence", () => {
  test("without any document the three required sections say that nobody wrote anything", () => {
    const summary = summarise([], { now: "2026-01-01T00:00:00Z", patient: patient() as never });
    expect(factsOf(summary, "AllergyIntolerance")[0]).toMatchObject({
      code: { coding: [{ system: absent, code: "no-allergy-info" }] },
    });
    expect(factsOf(summary, "Condition")[0]).toMatchObject({ code: { coding: [{ code: "no-problem-info" }] } });
    expect(factsOf(summary, "MedicationStatement")[0]).toMatchObject({
      medicationCodeableConcept: { coding: [{ code: "no-medication-info" }] },
    });
  });

  test("none known is said only when a document says it, with its date and source", () => {
    const summary = summarise([letter("urn:oid:1.1", [allergy("x", "no-known-allergies", absent)])]);
    const [statement] = factsOf(summary, "AllergyIntolerance");
    expect(statement).toMatchObject({
      meta: { source: "urn:oid:1.1" },
      code: { coding: [{ code: "no-known-allergies" }] },
    });
    expect(sectionOf(summary, "48765-2")?.text?.div).toContain("déclaré le 1er janvier 2026");
  });

  test("none known is none in the words of SNOMED CT too, and no fact", () => {
    const system = "http://snomed.info/sct";
    const none: readonly FhirResource[] = [
      allergy("a", "160244002"),
      condition("c", "", { code: coding("160245001", system) }),
      {
        resourceType: "MedicationStatement",
        id: "m",
        status: "unknown",
        medicationCodeableConcept: coding("1234391000168107", system),
        subject,
      },
      {
        resourceType: "Immunization",
        id: "i",
        status: "not-done",
        vaccineCode: coding("787482006", system),
        patient: subject,
      },
      { resourceType: "Procedure", id: "p", status: "completed", code: coding("787480003", system), subject },
    ];
    const summary = summarise([letter("urn:oid:1.1", none)]);
    for (const section of ["48765-2", "11450-4", "10160-0", "11369-6", "47519-4"]) {
      const { text, entry } = sectionOf(summary, section) ?? {};
      expect([section, text?.div.includes("déclaré le 1er janvier 2026"), entry?.length]).toEqual([section, true, 1]);
    }
    const found = letter("urn:oid:1.2", [allergy("a", "91936005")], { date: "2025-06-01T00:00:00Z" });
    const [denied, ...others] = factsOf(summarise([found, letter("urn:oid:1.1", none)]), "AllergyIntolerance");
    expect([disagreementsOf(denied).length, others]).toEqual([1, []]);
  });

  test("an allergy beats an older none known, and a later one is told as a disagreement", () => {
    const none = (id: string, date: string) => letter(id, [allergy("x", "no-known-allergies", absent)], { date });
    const found = letter("urn:oid:1.2", [allergy("y", "91936005")], { date: "2025-06-01T00:00:00Z" });
    const overtaken = factsOf(summarise([none("urn:oid:1.1", "2020-01-01T00:00:00Z"), found]), "AllergyIntolerance");
    expect(overtaken).toHaveLength(1);
    expect(disagreementsOf(overtaken[0])).toEqual([]);
    const denied = factsOf(summarise([none("urn:oid:1.3", "2026-01-01T00:00:00Z"), found]), "AllergyIntolerance");
    expect(denied).toHaveLength(1);
    expect(disagreementsOf(denied[0])[0]).toContain("urn:oid:1.3");
  });

  test("no known food allergy does not hide behind another allergy", () => {
    const facts = [allergy("x", "no-known-food-allergies", absent), allergy("y", "91936005")];
    expect(factsOf(summarise([letter("urn:oid:1.1", facts)]), "AllergyIntolerance")).toHaveLength(2);
  });
});

describe("safety", () => {
  test("documents of two persons are never put together", () => {
    const mixed = () => summarise([letter("urn:oid:1.1", []), letter("urn:oid:1.2", [], { ins: "185057800608491" })]);
    expect(mixed).toThrow(SummaryError);
    expect(mixed).toThrow(expect.objectContaining({ code: "several-patients" }));
    expect(() => summarise([letter("urn:oid:1.1", [])], { patient: patient("185057800608491") as never })).toThrow(
      SummaryError,
    );
  });

  test("a document without INS is another's when it bears another birth date, or another number of one register", () => {
    const local = (value: string) => ({ system: "urn:oid:1.2.250.1.999.1", value });
    const unnumbered = (who: Partial<Patient>) => {
      const document = letter("urn:oid:1.2", [condition("x", "I10")]);
      const [, entry] = document.entry ?? [];
      if (entry) entry.resource = { resourceType: "Patient", id: "p", ...who };
      return document;
    };
    const numbered = letter("urn:oid:1.1", []);
    const withLocal = { ...(patient() as Patient), identifier: [ins, local("7")] };
    const put = (who: Partial<Patient>, given?: Patient) => () =>
      summarise([numbered, unnumbered(who)], given ? { patient: given } : {});
    const several = expect.objectContaining({ code: "several-patients" });
    expect(put({ birthDate: "1950-01-01" })).toThrow(several);
    expect(put({ identifier: [local("8")] }, withLocal)).toThrow(several);
    // The person that the caller gives need not say when they were born.
    expect(put({ birthDate: "1950-01-01" }, { resourceType: "Patient", identifier: [ins] })).toThrow(several);
    for (const same of [{}, { birthDate: "1979-03-12" }, { birthDate: "1979" }])
      expect(conditionsOf(put(same)())).toHaveLength(1);
    expect(conditionsOf(put({ identifier: [local("7")], birthDate: "1979-12-03" }, withLocal)())).toHaveLength(1);
  });

  test("what is not a document is refused", () => {
    expect(() => summarise([{ resourceType: "Patient" } as never])).toThrow(
      expect.objectContaining({ code: "not-a-document" }),
    );
  });

  test("no markup of a document survives in a narrative", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (noise) => {
        const hostile = `<script>alert(1)</script>${noise}"'&<img onerror=x>`;
        const summary = summarise([letter("urn:oid:1.1", [condition("x", "", { code: { text: hostile } })])]);
        const div = sectionOf(summary, "11450-4")?.text?.div ?? "";
        expect(
          div
            .match(/<(\/?[a-z]+)/g)
            ?.every((tag) =>
              ["<div", "<table", "<tbody", "<tr", "<td", "</td", "</tr", "</tbody", "</table", "</div"].includes(tag),
            ),
        ).toBe(true);
        expect(div).toContain("&lt;script&gt;");
      }),
      { numRuns: 30 },
    );
  });

  test("every reference leads inside the summary", () => {
    const panel = result("p", 1, {
      hasMember: [{ reference: "Observation/m" }, { reference: "Observation/gone" }],
      performer: [{ reference: "Practitioner/a" }],
    });
    const summary = summarise([letter("urn:oid:1.1", [panel, result("m", 2, { code: coding("m") })])]);
    const urls = new Set(summary.entry?.map((one) => one.fullUrl));
    const references = [...JSON.stringify(summary).matchAll(/"reference":"([^"]+)"/g)].map((match) => match[1]);
    expect(references.filter((one) => !urls.has(one))).toEqual([]);
    expect(references.length).toBeGreaterThan(5);
  });
});

test("treatments under way come before ended ones, by status and by the end of their period", () => {
  const treatment = (id: string, status: "active" | "completed", end?: string): FhirResource => ({
    resourceType: "MedicationStatement",
    id,
    status,
    medicationCodeableConcept: { text: id },
    subject,
    effectivePeriod: { start: "2024-01-01", ...(end ? { end } : {}) },
  });
  const summary = summarise(
    [
      letter("urn:oid:1.1", [
        treatment("ended", "completed"),
        treatment("over", "active", "2024-02-01"),
        treatment("going", "active"),
      ]),
    ],
    { now: "2026-01-01T00:00:00Z" },
  );
  const labels = [...(sectionOf(summary, "10160-0")?.text?.div.matchAll(/<td>(ended|over|going)/g) ?? [])].map(
    (match) => match[1],
  );
  expect(labels).toEqual(["going", "ended", "over"]);
});
