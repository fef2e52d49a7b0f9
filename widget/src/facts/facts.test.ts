import { type Bundle, extensionUrl } from "@carnet/sdk/fhir";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { odile, summaryBundle } from "../testing/fixtures.ts";
import { indexBundle } from "./bundle-index.ts";
import { readDisagreement } from "./disagreement.ts";
import { readSummary } from "./model.ts";
import { narrativeBlocks } from "./narratives.ts";

const now = new Date("2026-11-22T08:00:00Z");
const bundleOf = (...resources: object[]): Bundle =>
  ({ resourceType: "Bundle", type: "collection", entry: resources.map((resource) => ({ resource })) }) as Bundle;

function value<T>(part: { ok: true; value: T } | { ok: false }): T {
  if (!part.ok) throw new Error("the part could not be read");
  return part.value;
}

describe("references", () => {
  it("are resolved by whole identity, never by part of a string", () => {
    const index = indexBundle({
      resourceType: "Bundle",
      type: "document",
      entry: [
        { fullUrl: "https://a.test/fhir/Medication/12", resource: { resourceType: "Medication", id: "12" } },
        { fullUrl: "https://a.test/fhir/Medication/2", resource: { resourceType: "Medication", id: "2" } },
      ],
    });
    expect(index.resolve({ reference: "Medication/2" })?.id).toBe("2");
    expect(index.resolve({ reference: "https://a.test/fhir/Medication/12/_history/3" })?.id).toBe("12");
    expect(index.resolve({ reference: "Medication/1" })).toBeUndefined();
    expect(index.resolve({ reference: "2" })).toBeUndefined();
  });
});

describe("treatments", () => {
  const statement = (more: object) => ({
    resourceType: "MedicationStatement",
    id: "m",
    medicationCodeableConcept: { text: "X" },
    subject: {},
    ...more,
  });

  it("are past when stopped or when their end has passed, at the precision of the end", () => {
    const isPast = (more: object) =>
      value(readSummary(bundleOf(statement(more)), now).pastTreatments).facts.length === 1;
    expect(isPast({ status: "stopped" })).toBe(true);
    expect(isPast({ status: "active", effectivePeriod: { end: "2026-11-21" } })).toBe(true);
    expect(isPast({ status: "active", effectivePeriod: { end: "2026-11-22" } })).toBe(false);
    expect(isPast({ status: "active", effectivePeriod: { end: "2026" } })).toBe(false);
    expect(isPast({ status: "active", effectivePeriod: { end: "2025" } })).toBe(true);
    // The summary knows of renewals and of deliveries that are used up.
    const found = (over: boolean) => ({
      extension: [{ url: extensionUrl.treatment, extension: [{ url: "over", valueBoolean: over }] }],
    });
    expect(isPast({ status: "active", ...found(true) })).toBe(true);
    expect(isPast({ status: "active", ...found(false), effectivePeriod: { end: "2025" } })).toBe(false);
  });

  it("name the substance of the ATC code when no ingredient is told, never a class above it", () => {
    const substances = (code: string) => {
      const coding = [{ system: "http://www.whocc.no/atc", code, display: "Budésonide + formotérol" }];
      const medicationCodeableConcept = { coding, text: "SYMBICORT TURBUHALER" };
      const model = readSummary(bundleOf(statement({ status: "active", medicationCodeableConcept })), now);
      return value(model.currentTreatments).facts[0]?.substances.map(({ name }) => name);
    };
    expect(substances("R03AK07")).toEqual(["Budésonide + formotérol"]);
    expect(substances("R03AK")).toEqual([]);
  });

  it("prescribed with renewals are not past at the end of the first length", () => {
    const dosageInstruction = [{ timing: { repeat: { boundsPeriod: { end: "2026-01-31" } } } }];
    const isPast = (dispenseRequest: object) => {
      const ordered = {
        ...statement({ status: "active", dosageInstruction, dispenseRequest }),
        resourceType: "MedicationRequest",
      };
      return value(readSummary(bundleOf(ordered), now).pastTreatments).facts.length === 1;
    };
    expect(isPast({})).toBe(true);
    expect(isPast({ numberOfRepeatsAllowed: 0 })).toBe(true);
    expect(isPast({ numberOfRepeatsAllowed: 11 })).toBe(false);
    expect(isPast({ _numberOfRepeatsAllowed: { extension: [] } })).toBe(false);
  });

  it("that must not be taken say so, and are no treatment like the others", () => {
    const forbidden = { ...statement({ status: "active", doNotPerform: true }), resourceType: "MedicationRequest" };
    const [fact] = value(readSummary(bundleOf(forbidden), now).currentTreatments).facts;
    expect(fact?.status).toBe("forbidden");
  });

  it("entered in error are not shown", () => {
    const model = readSummary(bundleOf(statement({ status: "entered-in-error" })), now);
    expect(value(model.currentTreatments).facts).toEqual([]);
    expect(value(model.pastTreatments).facts).toEqual([]);
  });

  it("only drafted are shown as to come: what is checked for dangers counts them", () => {
    const draft = { ...statement({ status: "draft" }), resourceType: "MedicationRequest" };
    const [fact] = value(readSummary(bundleOf(draft), now).currentTreatments).facts;
    expect(fact?.status).toBe("intended");
  });
});

describe("an absence", () => {
  it("of which a document tells no author is not said by whoever put the documents together", () => {
    const composition = {
      resourceType: "Composition",
      date: "2026-11-22",
      author: [{ display: "Carnet" }],
      section: [],
    };
    const none = {
      resourceType: "AllergyIntolerance",
      meta: { source: "urn:oid:1.2.3" },
      code: { coding: [{ system: "http://snomed.info/sct", code: "716186003" }] },
    };
    const { absences } = value(readSummary(bundleOf(composition, none), now).allergies);
    expect(absences).toMatchObject([{ kind: "known-absent", sources: [{ uniqueId: "urn:oid:1.2.3" }] }]);
    expect(absences[0]).not.toHaveProperty("author");
  });
});

describe("vaccinations", () => {
  it("say what they are by their ATC code when the brand alone would not", () => {
    const vaccination = {
      resourceType: "Immunization",
      status: "completed",
      vaccineCode: { text: "VAXIGRIP", coding: [{ code: "J07BB02", display: "Grippe saisonnière" }] },
    };
    const [fact] = value(readSummary(bundleOf(vaccination), now).immunizations).facts;
    expect(fact).toMatchObject({ vaccine: "VAXIGRIP", kind: "Grippe saisonnière", targets: [] });
  });
});

describe("results", () => {
  const result = (unit: string, more: object = {}) => ({
    resourceType: "Observation",
    status: "final",
    code: { text: "Glucose" },
    valueQuantity: { value: 5, unit },
    ...more,
  });

  it("the right eye never shares a series with the left", () => {
    const eye = (text: string) => result("[diop]", { code: { text: "Sphère" }, bodySite: { text } });
    const { series } = value(readSummary(bundleOf(eye("œil droit"), eye("œil gauche"), eye("œil droit")), now).results);
    expect(series.map(({ name, values }) => [name, values.length]).sort()).toEqual([
      ["Sphère (œil droit)", 2],
      ["Sphère (œil gauche)", 1],
    ]);
  });

  it("of one antibiotic for two germs never share a series, and say of which germ", () => {
    const germ = (id: string, text: string) => ({
      resourceType: "Specimen",
      id,
      type: { text },
      note: [{ text: "Isolat microbiologique" }],
    });
    const urine = { resourceType: "Specimen", id: "u", type: { text: "Urine" } };
    const found = (id: string) => result("mg/L", { specimen: { reference: `Specimen/${id}` } });
    const bundle = bundleOf(
      germ("a", "Escherichia coli"),
      germ("b", "Klebsiella"),
      urine,
      ...["a", "b", "u"].map(found),
    );
    expect(
      value(readSummary(bundle, now).results)
        .series.map(({ name }) => name)
        .sort(),
    ).toEqual(["Glucose", "Glucose (Escherichia coli)", "Glucose (Klebsiella)"]);
  });

  it("that stand in the finding of a germ never share a series with those of another; in a meeting they do", () => {
    const within = (text: string, more: object = {}) =>
      result("mg/L", { note: [{ text: `Précise : ${text}` }], ...more });
    const encounter = { reference: "Encounter/e" };
    const bundle = bundleOf(
      within("Germe : Escherichia coli"),
      within("Germe : Klebsiella"),
      within("Consultation", { encounter }),
      result("mg/L"),
    );
    expect(
      value(readSummary(bundle, now).results)
        .series.map(({ name, values }) => [name, values.length])
        .sort(),
    ).toEqual([
      ["Glucose (Germe : Escherichia coli)", 1],
      ["Glucose (Germe : Klebsiella)", 1],
      ["Glucose", 2],
    ]);
  });

  it("withheld are said to be so, and the code of another reason is no value", () => {
    const absent = (code: string) => {
      const { valueQuantity: _, ...bare } = result("g/L", { dataAbsentReason: { coding: [{ code }] } });
      const [series] = value(readSummary(bundleOf(bare), now).results).series;
      return [series?.values[0]?.isMasked, series?.values[0]?.text];
    };
    expect(absent("masked")).toEqual([true, undefined]);
    expect(absent("not-applicable")).toEqual([undefined, undefined]);
  });

  it("that were called off stand among the other entries: they hide no value of their series", () => {
    const model = readSummary(bundleOf(result("g/L"), result("g/L", { status: "cancelled" })), now);
    expect(value(model.results).series.map(({ values }) => values.length)).toEqual([1]);
    expect(value(model.otherMeasures)).toMatchObject([{ name: "Glucose", resource: { status: "cancelled" } }]);
  });

  it("are not what a document says of itself", () => {
    const status = { ...result(""), id: "s", code: { text: "Statut du document" }, valueString: "approuvé" };
    const section = [
      { code: { coding: [{ code: "51899-3" }] }, entry: [{ reference: "urn:uuid:s" }], title: "Autres informations" },
    ];
    const { entry = [] } = bundleOf({ resourceType: "Composition", section }, status, result("g/L"));
    const told = entry.map((one) => ({ ...one, fullUrl: `urn:uuid:${one.resource?.id ?? "x"}` }));
    const model = readSummary({ resourceType: "Bundle", type: "document", entry: told }, now);
    expect(value(model.results).series.map(({ name }) => name)).toEqual(["Glucose"]);
    expect(value(model.otherMeasures).map(({ name }) => name)).toEqual(["Statut du document"]);
  });

  it("two units never share a series", () => {
    const series = value(readSummary(bundleOf(result("mmol/L"), result("g/L"), result("mmol/L")), now).results).series;
    expect(series.map(({ values }) => values.length).sort()).toEqual([1, 2]);
  });

  it("a flag of the report is kept; ours says so; a range in another unit is not compared", () => {
    const flagOf = (more: object) => {
      const [first] = value(readSummary(bundleOf(result("g/L", more)), now).results).series;
      return [first?.values[0]?.flag, first?.values[0]?.isFlagComputed];
    };
    expect(flagOf({ interpretation: [{ coding: [{ code: "H" }] }] })).toEqual(["high", false]);
    expect(flagOf({ referenceRange: [{ high: { value: 1, unit: "g/L" } }] })).toEqual(["high", true]);
    expect(flagOf({ referenceRange: [{ high: { value: 1, unit: "mmol/L" } }] })).toEqual([undefined, false]);
    expect(flagOf({})).toEqual([undefined, false]);
    // Of several ranges nobody knows which one is the patient's.
    const two = [{ high: { value: 1, unit: "g/L" } }, { high: { value: 9, unit: "g/L" } }];
    expect(flagOf({ referenceRange: two })).toEqual([undefined, false]);
  });
});

describe("what is not the patient's own finding", () => {
  const observation = (more: object) => ({
    resourceType: "Observation",
    status: "final",
    code: { text: "Tabagisme" },
    category: [{ coding: [{ code: "laboratory" }] }],
    ...more,
  });
  const measureOf = (...resources: object[]) =>
    value(readSummary(bundleOf(...resources), now).results).series[0]?.values[0];

  it("is said to be denied, never found", () => {
    const extension = [{ url: extensionUrl.deniedValue, valueCodeableConcept: { text: "Fumeur" } }];
    expect(measureOf(observation({ extension }))).toMatchObject({ denied: { text: "Fumeur" } });
    expect(measureOf(observation({ extension }))).not.toHaveProperty("text");
  });

  it("is said to be about somebody else, in a series of its own", () => {
    const weight = { valueQuantity: { value: 3, unit: "kg" } };
    const focus = [{ reference: "RelatedPerson/child" }];
    const child = { resourceType: "RelatedPerson", id: "child", relationship: [{ text: "Nouveau-né" }] };
    const model = readSummary(bundleOf(observation(weight), observation({ ...weight, focus }), child), now);
    const { series } = value(model.results);
    expect(series.map(({ values }) => values[0]?.about).sort()).toEqual(["Nouveau-né", undefined]);
  });

  it("is no current problem when it was the reason for one stay and nobody says that it goes on", () => {
    const stay = { category: [{ coding: [{ code: "encounter-diagnosis" }] }], code: { text: "Malaise" } };
    const problems = (more: object) =>
      value(readSummary(bundleOf({ resourceType: "Condition", ...stay, ...more }), now).problems).facts.length;
    expect(problems({})).toBe(0);
    expect(problems({ clinicalStatus: { coding: [{ code: "active" }] } })).toBe(1);
  });
});

describe("entries without a section of their own kind", () => {
  const others = (...resources: object[]) => {
    const model = readSummary(bundleOf(...resources), now);
    return [model.plan, model.directives, model.others].flatMap((part) => value(part));
  };

  it("say that they are refused, called off, ruled out or advised against", () => {
    const forecastStatus = { coding: [{ code: "contraindicated" }] };
    const resources = (isNot: boolean) => [
      { resourceType: "Consent", category: [{ text: "Réanimation" }], provision: { type: isNot ? "deny" : "permit" } },
      { resourceType: "ServiceRequest", code: { text: "IRM" }, status: isNot ? "revoked" : "active" },
      { resourceType: "ServiceRequest", code: { text: "Scanner" }, status: "active", doNotPerform: isNot },
      { resourceType: "Goal", description: { text: "HbA1c" }, lifecycleStatus: isNot ? "rejected" : "proposed" },
      {
        resourceType: "ImmunizationRecommendation",
        recommendation: [{ vaccineCode: [{ text: "Grippe" }], ...(isNot ? { forecastStatus } : {}) }],
      },
    ];
    for (const isNot of [true, false]) {
      const found = others(...resources(isNot));
      expect(found.map(({ text }) => text).sort()).toEqual(["Grippe", "HbA1c", "IRM", "Réanimation", "Scanner"]);
      expect(found.map(({ isRefuted }) => isRefuted)).toEqual(found.map(() => isNot));
    }
  });

  it("are named by what was given, handed over or examined", () => {
    expect(
      others(
        { resourceType: "MedicationAdministration", medicationCodeableConcept: { text: "Iode" } },
        { resourceType: "SupplyDelivery", suppliedItem: { itemCodeableConcept: { text: "Attelle" } } },
        { resourceType: "ImagingStudy", procedureCode: [{ text: "Scanner" }] },
      ).map(({ text }) => text),
    ).toEqual(["Iode", "Attelle", "Scanner"]);
  });
});

describe("a bounded summary", () => {
  it("counts the values and the past treatments that it left out, and says what was converted", () => {
    const hba1c = (unit: string, amount: number, extension: object[]) => ({
      resourceType: "Observation",
      status: "final",
      code: { text: "HbA1c" },
      valueQuantity: { value: amount, unit },
      extension,
    });
    const model = readSummary(
      bundleOf(
        {
          resourceType: "Composition",
          section: [{ extension: [{ url: extensionUrl.earlierTreatments, valueInteger: 115 }] }],
        },
        hba1c("%", 7.1, [{ url: extensionUrl.earlierValues, valueInteger: 432 }]),
        hba1c("mmol/mol", 54, [{ url: extensionUrl.convertedValue, valueQuantity: { value: 7.09, unit: "%" } }]),
      ),
      now,
    );
    const [series, ...others] = value(model.results).series;
    expect(others).toEqual([]);
    expect(series).toMatchObject({ earlier: 432, unit: "%" });
    expect(series?.values.map(({ original }) => original)).toContainEqual({ value: 54, unit: "mmol/mol" });
    expect(value(model.pastTreatments).earlier).toBe(115);
  });
});

describe("a disagreement", () => {
  const active = { resourceType: "Condition", clinicalStatus: { coding: [{ code: "active" }] } };

  it("is read with both sides, its document and its date", () => {
    expect(readDisagreement("urn:oid:1.2.3 (2024-03-05) dit clinicalStatus: resolved", active)).toEqual({
      kind: "document",
      uniqueId: "urn:oid:1.2.3",
      date: "2024-03-05",
      detail: "clinicalStatus",
      there: "resolved",
      here: "active",
    });
    expect(readDisagreement('urn:oid:1.2.3 (2024-03-05) dit "Aucune allergie connue"', active)).toMatchObject({
      there: "Aucune allergie connue",
    });
  });

  it("stays the sentence it is when it is written for people", () => {
    const text = "Le codage dit type 2, le texte type 1";
    expect(readDisagreement(text, active)).toEqual({ kind: "sentence", text });
  });
});

describe("a summary", () => {
  it("puts what was checked, and what could not be, among the alerts with its whole explanation", () => {
    const issue = {
      resourceType: "DetectedIssue",
      status: "preliminary",
      code: { text: "Non vérifié" },
      severity: "low",
      identifiedDateTime: "2026-11-22",
      detail: "Les interactions n’ont pas été vérifiées.",
    };
    const [alert] = value(readSummary(bundleOf(issue), now).alerts);
    expect(alert).toMatchObject({ text: "Non vérifié", date: "2026-11-22", narrative: issue.detail });
  });

  it("marks a danger by its severity, and what was not checked by none", () => {
    const issue = (severity: string, code: string) => ({
      resourceType: "DetectedIssue",
      status: "final",
      severity,
      code: { coding: [{ code }], text: "Interaction" },
      detail: "A et B",
    });
    const model = readSummary(bundleOf(issue("high", "DRG"), issue("moderate", "not-checked")), now);
    expect(value(model.alerts).map(({ severity }) => severity)).toEqual(["high", undefined]);
  });

  it("keeps follow-up that rules find missing apart from the plan, with what closes it", () => {
    const carnet = "https://carnet.example/fhir/StructureDefinition/";
    const extension = [{ url: `${carnet}closes`, valueString: "Un dosage d’HbA1c" }];
    const gap = {
      resourceType: "DetectedIssue",
      status: "final",
      extension,
      code: { text: "Suivi" },
      detail: "Aucune HbA1c",
    };
    const due = {
      resourceType: "ImmunizationRecommendation",
      extension,
      recommendation: [{ targetDisease: { text: "Zona" }, description: "Zona : à faire." }],
    };
    const planned = {
      resourceType: "ImmunizationRecommendation",
      recommendation: [{ targetDisease: { text: "Grippe" } }],
    };
    const model = readSummary(bundleOf(gap, due, planned), now);
    expect(value(model.gaps).map(({ text }) => text)).toEqual(["Aucune HbA1c", "Zona : à faire."]);
    expect(value(model.gaps)[0]?.closes).toBe("Un dosage d’HbA1c");
    expect(value(model.plan).map(({ text }) => text)).toEqual(["Grippe"]);
    expect(value(model.alerts)).toEqual([]);
  });

  it("the reason for an examination is neither a problem nor history, unless a list of problems holds it", () => {
    const reason = {
      resourceType: "Condition",
      id: "r",
      category: [{ coding: [{ code: "encounter-diagnosis" }] }],
      code: { text: "Céphalées" },
      subject: {},
    };
    const alone = readSummary(bundleOf(reason), now);
    expect(value(alone.history).facts).toEqual([]);
    expect(value(alone.problems).facts).toEqual([]);
    expect(value(alone.others).map(({ text }) => text)).toEqual(["Céphalées"]);
    const composition = {
      resourceType: "Composition",
      section: [{ code: { coding: [{ code: "11450-4" }] }, entry: [{ reference: "Condition/r" }] }],
    };
    const listed = readSummary(bundleOf(composition, reason), now);
    expect(value(listed.problems).facts.map(({ text }) => text)).toEqual(["Céphalées"]);
    expect(value(listed.others)).toEqual([]);
  });

  it("shows or counts every clinical entry", () => {
    const model = readSummary(summaryBundle(odile), now);
    expect(value(model.devices).map(({ type }) => type)).toEqual(["Device"]);
    expect(value(model.others)).toEqual([]);
    expect(value(model.problems).facts.length + value(model.history).facts.length).toBe(4);
    expect(value(model.results).series.flatMap(({ values }) => values)).toHaveLength(6);
  });

  it("survives any shape of entry: a part that cannot be read fails alone", () => {
    const types = [
      "AllergyIntolerance",
      "Condition",
      "MedicationStatement",
      "Observation",
      "Immunization",
      "Patient",
      "Composition",
      "Procedure",
      "CareTeam",
    ];
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom(...types),
            fc.dictionary(
              fc.constantFrom(
                "code",
                "reaction",
                "dosage",
                "name",
                "section",
                "component",
                "note",
                "identifier",
                "participant",
                "contact",
                "status",
              ),
              fc.jsonValue(),
            ),
          ),
          { maxLength: 5 },
        ),
        (entries) => {
          const model = readSummary(
            bundleOf(...entries.map(([resourceType, body]) => ({ ...body, resourceType }))),
            now,
          );
          expect(model.allergies).toBeDefined();
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("narratives", () => {
  it("become blocks of text: paragraphs, items, rows; entities are decoded, markup is dropped", () => {
    const blocks = narrativeBlocks(
      '<div xmlns="http://www.w3.org/1999/xhtml"><h2>Titre</h2><p>Un &amp; deux<br/>trois &#233;</p><ul><li>a</li></ul><table><tr><th>x</th></tr><tr><td>1</td><td><p>2</p><p>3</p></td></tr></table></div>',
    );
    expect(blocks).toEqual([
      { kind: "heading", text: "Titre" },
      { kind: "paragraph", text: "Un & deux" },
      { kind: "paragraph", text: "trois é" },
      { kind: "item", text: "a" },
      { kind: "row", cells: ["x"], isHeader: true },
      { kind: "row", cells: ["1", "2 3"], isHeader: false },
    ]);
  });

  it("never hang or throw, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("<", ">", "/", "p", "td", "tr", '"', "'", "&", "#", ";", "!", "-", " ", "a"),
        }),
        (text) => {
          expect(Array.isArray(narrativeBlocks(text))).toBe(true);
        },
      ),
    );
  });

  it("do not show the text of scripts and styles", () => {
    expect(narrativeBlocks("<div>a<script>alert(1)</script><style>p{}</style>b</div>")).toEqual([
      { kind: "paragraph", text: "ab" },
    ]);
  });
});
