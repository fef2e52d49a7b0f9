import fc from "fast-check";
import type { AllergyIntolerance, Bundle, Composition, Condition, FhirResource, Observation } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { extensionUrl, identifierSystem } from "../fhir/systems.ts";
import { SummaryError, summarise } from "./index.ts";

const ins = { system: identifierSystem.insTest, value: "279035121518989" };
const patient = (value = ins.value): FhirResource => ({
  resourceType: "Patient",
  id: "p",
  identifier: [{ system: ins.system, value }],
  name: [{ use: "official", family: "MARTIN", given: ["CAMILLE"] }],
  gender: "female",
  birthDate: "1979-03-12",
});

interface DocumentOptions {
  readonly date?: string;
  readonly replaces?: string;
  readonly setId?: string;
  readonly version?: number;
  readonly ins?: string;
  readonly section?: string;
}

/** A document of one section; facts point at its patient and author by relative references, as many documents do. */
function letter(id: string, facts: readonly FhirResource[], options: DocumentOptions = {}): Bundle {
  const { date = "2026-01-01T10:00:00Z", replaces, setId, version } = options;
  const composition: Composition = {
    resourceType: "Composition",
    id: "c",
    status: "final",
    type: {},
    date,
    title: "Document",
    subject: { reference: "Patient/p" },
    author: [{ reference: "Practitioner/a" }],
    ...(setId ? { identifier: { value: setId } } : {}),
    ...(version === undefined
      ? {}
      : {
          extension: [
            {
              url: "http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber",
              valueString: String(version),
            },
          ],
        }),
    ...(replaces ? { relatesTo: [{ code: "replaces" as const, targetIdentifier: { value: replaces } }] } : {}),
    section: [
      {
        code: { coding: [{ code: options.section ?? "11450-4" }] },
        entry: facts.map((fact) => ({ reference: `${fact.resourceType}/${fact.id}` })),
      },
    ],
  };
  const author: FhirResource = {
    resourceType: "Practitioner",
    id: "a",
    name: [{ family: "LEROY" }],
    identifier: [{ system: "s", value: "1" }],
  };
  const resources = [composition, patient(options.ins), author, ...facts];
  return {
    resourceType: "Bundle",
    type: "document",
    identifier: { system: identifierSystem.uri, value: id },
    timestamp: date,
    entry: resources.map((resource) => ({
      fullUrl: `http://x/${id}/${resource.resourceType}/${resource.id}`,
      resource,
    })),
  };
}

const subject = { reference: "Patient/p" };
const coding = (code: string, system = "http://hl7.org/fhir/sid/icd-10") => ({ coding: [{ system, code }] });
const clinical = (code: string) => ({
  coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code }],
});
const condition = (id: string, code: string, rest: Partial<Condition> = {}): Condition => ({
  resourceType: "Condition",
  id,
  clinicalStatus: clinical("active"),
  code: coding(code),
  subject,
  ...rest,
});
const result = (id: string, value: number, rest: Partial<Observation> = {}): Observation => ({
  resourceType: "Observation",
  id,
  status: "final",
  category: [
    { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] },
  ],
  code: coding("4548-4", "http://loinc.org"),
  subject,
  effectiveDateTime: "2026-01-01",
  valueQuantity: { value, unit: "%" },
  ...rest,
});
const allergy = (id: string, code: string, system = "http://snomed.info/sct"): AllergyIntolerance => ({
  resourceType: "AllergyIntolerance",
  id,
  clinicalStatus: {
    coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }],
  },
  code: coding(code, system),
  patient: subject,
});
const absent = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

const factsOf = (summary: Bundle, kind: string): FhirResource[] =>
  (summary.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === kind ? [resource] : []));
const conditionsOf = (summary: Bundle) =>
  (factsOf(summary, "Condition") as Condition[]).filter((one) => one.code?.coding?.[0]?.system !== absent);
const sourcesOf = (resource: FhirResource | undefined): string[] => {
  const extensions = resource && "extension" in resource ? (resource.extension ?? []) : [];
  return [
    resource?.meta?.source ?? "",
    ...extensions.flatMap((one) => (one.url === extensionUrl.factSource ? [one.valueUri ?? ""] : [])),
  ];
};
const disagreementsOf = (resource: FhirResource | undefined): string[] => {
  const extensions = resource && "extension" in resource ? (resource.extension ?? []) : [];
  return extensions.flatMap((one) => (one.url === extensionUrl.disagreement ? [one.valueString ?? ""] : []));
};
const sectionOf = (summary: Bundle, code: string) =>
  (summary.entry?.[0]?.resource as Composition | undefined)?.section?.find(
    (one) => one.code?.coding?.[0]?.code === code,
  );

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
    expect(sectionOf(summary, "48765-2")?.text?.div).toContain("2026-01-01");
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

/** Small worlds where facts meet: few codes, few dates, few documents. */
const anyFact = fc.oneof(
  fc
    .record({
      code: fc.constantFrom("I10", "E11", "J45"),
      status: fc.constantFrom("active", "resolved"),
      onset: fc.constantFrom(undefined, "2015", "2015-03"),
    })
    .map(
      ({ code, status, onset }) =>
        (id: string) =>
          condition(id, code, { clinicalStatus: clinical(status), ...(onset ? { onsetDateTime: onset } : {}) }),
    ),
  fc.record({ value: fc.constantFrom(6, 7), day: fc.constantFrom("2026-01-01", "2026-01-02") }).map(
    ({ value, day }) =>
      (id: string) =>
        result(id, value, { effectiveDateTime: day }),
  ),
  fc.constantFrom("Asthme", "asthme", "HTA").map((text) => (id: string) => condition(id, "", { code: { text } })),
  fc.constantFrom("91936005", "300916003").map((code) => (id: string) => allergy(id, code)),
);
const anyDocuments = fc
  .array(fc.record({ facts: fc.array(anyFact, { maxLength: 4 }), year: fc.integer({ min: 2018, max: 2026 }) }), {
    maxLength: 6,
  })
  .map((documents) =>
    documents.map(({ facts, year }, index) =>
      letter(
        `urn:oid:1.2.${index + 1}`,
        facts.map((make, at) => make(`f${at}`)),
        { date: `${year}-01-01T00:00:00Z` },
      ),
    ),
  );
const tellings = (bundles: readonly Bundle[]) =>
  bundles.flatMap((bundle) =>
    (bundle.entry ?? []).flatMap(({ resource }) =>
      resource && ["Condition", "Observation", "AllergyIntolerance"].includes(resource.resourceType)
        ? [{ source: bundle.identifier?.value ?? "", resource }]
        : [],
    ),
  );
const codeOf = (resource: FhirResource): string => {
  switch (resource.resourceType) {
    case "Condition":
    case "Observation":
    case "AllergyIntolerance":
      return resource.code?.coding?.[0]?.code ?? resource.code?.text?.toLowerCase() ?? "";
    default:
      return "";
  }
};

describe("properties", () => {
  test("the order of documents and a second copy change nothing", () => {
    fc.assert(
      fc.property(anyDocuments, fc.infiniteStream(fc.nat()), (documents, random) => {
        const shuffled = documents
          .map((document) => ({ document, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ document }) => document);
        const expected = JSON.stringify(summarise(documents));
        expect(JSON.stringify(summarise(shuffled))).toBe(expected);
        expect(JSON.stringify(summarise([...shuffled, ...documents]))).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });

  test("every fact of every document stands in the summary, under its own code, with its document as a source", () => {
    fc.assert(
      fc.property(anyDocuments, (documents) => {
        const output = (summarise(documents).entry ?? []).flatMap(({ resource }) => resource ?? []);
        for (const { source, resource } of tellings(documents)) {
          const found = output.some(
            (one) =>
              one.resourceType === resource.resourceType &&
              codeOf(one) === codeOf(resource) &&
              sourcesOf(one).includes(source),
          );
          expect(found).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("nothing is added: each entry's document does state it, and removing a document removes its name", () => {
    fc.assert(
      fc.property(anyDocuments, fc.nat(), (documents, which) => {
        const stated = new Set(
          tellings(documents).map(({ source, resource }) => `${source} ${resource.resourceType} ${codeOf(resource)}`),
        );
        for (const { resource } of summarise(documents).entry ?? []) {
          if (!resource?.meta?.source) continue;
          for (const source of sourcesOf(resource))
            expect(stated).toContain(`${source} ${resource.resourceType} ${codeOf(resource)}`);
        }
        const removed = documents[which % Math.max(1, documents.length)];
        const without = summarise(documents.filter((one) => one !== removed));
        if (removed) expect(JSON.stringify(without)).not.toContain(`"${removed.identifier?.value}"`);
      }),
      { numRuns: 60 },
    );
  });
});
