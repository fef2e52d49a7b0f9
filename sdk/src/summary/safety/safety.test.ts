import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import type { Bundle, DetectedIssue, FhirResource } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import * as extensionUrl from "../../fhir/extension-urls.ts";
import { checkSafety, compileDrugData, isNotChecked, parseDrugData, safetySystem } from "./index.ts";
import { allergy, cis, filesIn, loadDrugData, noKnownAllergy, now, statement, summaryOf } from "./test-support.ts";

const folder = join(import.meta.dirname, "test-data");
const data = loadDrugData(folder);

const kinds = (issues: readonly DetectedIssue[]) =>
  issues.map((one) => one.code?.coding?.map((coding) => coding.code).join(" ") ?? "");
const check = (...facts: readonly FhirResource[]) => checkSafety(summaryOf(noKnownAllergy, ...facts), data);
const drugs = (...numbers: readonly number[]) => numbers.map((number) => statement(`m${number}`, cis(number)));
const text = (name: string) => ({ text: name });

describe("interactions", () => {
  test.each([
    ["warfarine, amiodarone", [1, 2], "PE", "moderate"],
    ["warfarine, ibuprofène", [1, 12], "AD", "high"],
    ["ramipril, potassium", [3, 4], "AD", "high"],
    ["clarithromycine, simvastatine", [5, 6], "CI", "high"],
    ["méthotrexate, cotrimoxazole", [7, 8], "CI", "high"],
    ["warfarine, simvastatine", [1, 6], "PC", "low"],
  ] as const)("of %s come out at their level", (_, pair, level, severity) => {
    const [issue] = check(...drugs(...pair)).filter((one) => !isNotChecked(one));
    expect(kinds(issue ? [issue] : [])).toEqual([`DRG ${level}`]);
    expect(issue?.severity).toBe(severity);
  });

  test("name both facts, their documents, the evidence, and the source with its date", () => {
    const [issue] = check(...drugs(5, 6));
    expect(issue?.implicated?.map((one) => one.reference)).toEqual(["urn:uuid:m5", "urn:uuid:m6"]);
    expect(issue?.extension?.filter((one) => one.url === extensionUrl.factSource).map((one) => one.valueUri)).toEqual([
      "urn:oid:1.2.3.m5",
      "urn:oid:1.2.3.m6",
    ]);
    const reference = issue?.extension?.filter((one) => one.url === safetySystem.referenceData) ?? [];
    expect(reference.map((one) => one.extension?.find((part) => part.url === "date")?.valueDate)).toEqual([
      "2026-11",
      "2026-11-01",
    ]);
    expect(issue?.evidence?.[0]?.code?.[0]?.text).toContain("Risque d'atteinte musculaire grave.");
    expect(issue?.detail).toMatch(/^Contre-indication : médicament 5 et médicament 6\./);
    expect(issue?.detail).toContain("(novembre 2026)");
  });

  test("say that a level depends on conditions, with all of them", () => {
    const [issue] = check(...drugs(7, 12));
    expect(issue?.detail).toContain("Le niveau dépend des conditions");
    expect(issue?.detail).toContain("à faible dose");
  });

  test("by the route concern every drug swallowed, and no injection", () => {
    expect(kinds(check(...drugs(13, 14)))).toEqual(["DRG PE"]);
    expect(kinds(check(...drugs(13, 11)))).toEqual([]);
  });

  test("are found by box code, old box code, ATC code and exact name", () => {
    const box = (code: string, table = 2) => ({ coding: [{ system: `urn:oid:1.2.250.1.213.2.3.${table}`, code }] });
    for (const warfarine of [
      box("3400990000010"),
      box("3400990000010", 3),
      box("9000001"),
      { coding: [{ system: "http://www.whocc.no/atc", code: "B01AA03" }] },
      text("Warfarine sodique"),
      text("warfarine"),
    ]) {
      expect(kinds(check(statement("w", warfarine), ...drugs(2)))).toEqual(["DRG PE"]);
    }
  });

  test("ignore treatments that are over at that time", () => {
    const over = { effectivePeriod: { end: "2026-10" } };
    expect(check(statement("w", cis(1), over), ...drugs(2))).toEqual([]);
    const before = checkSafety(summaryOf(noKnownAllergy, statement("w", cis(1), over), ...drugs(2)), data, {
      now: "2026-10-31T10:00:00Z",
    });
    expect(kinds(before)).toEqual(["DRG PE"]);
  });

  test("count what is, or may be, taken: all but what is said to be over, not taken or forbidden", () => {
    const told = (resourceType: string, status: string, more: object = {}) => {
      const fact = { ...statement("w", cis(1), { status, intent: "order", ...more }), resourceType } as FhirResource;
      return kinds(check(fact, ...drugs(2)));
    };
    const found = ["DRG PE"];
    for (const [kind, taken, over] of [
      [
        "MedicationStatement",
        ["active", "intended", "on-hold", "unknown"],
        ["completed", "stopped", "not-taken", "entered-in-error"],
      ],
      [
        "MedicationRequest",
        ["active", "on-hold", "unknown"],
        ["completed", "stopped", "cancelled", "entered-in-error"],
      ],
      [
        "MedicationDispense",
        ["completed", "in-progress", "preparation", "on-hold", "unknown"],
        ["cancelled", "declined", "stopped", "entered-in-error"],
      ],
      [
        "MedicationAdministration",
        ["in-progress", "on-hold"],
        ["completed", "stopped", "not-done", "entered-in-error"],
      ],
    ] as const) {
      for (const status of taken) expect([kind, status, told(kind, status)]).toEqual([kind, status, found]);
      for (const status of over) expect([kind, status, told(kind, status)]).toEqual([kind, status, []]);
    }
    expect(told("MedicationRequest", "active", { doNotPerform: true })).toEqual([]);
  });

  test("are told in English on request, the source's own words left as they are", () => {
    const [issue] = checkSafety(summaryOf(noKnownAllergy, ...drugs(5, 6)), data, { locale: "en" });
    expect(issue?.detail).toMatch(
      /^Contraindicated: médicament 5 et|^Contraindicated: médicament 5 and médicament 6\./,
    );
  });
});

describe("allergies against treatments", () => {
  const against = (code: Parameters<typeof allergy>[1], number: number, more: object = {}) =>
    checkSafety(summaryOf(allergy("a", code, more), statement("m", cis(number))), data).filter(
      (one) => !isNotChecked(one),
    );

  test("the same substance, however the allergen is written", () => {
    for (const code of [
      text("Amoxicilline"),
      text("Allergie à l'amoxicilline"),
      { coding: [{ system: "http://www.whocc.no/atc", code: "J01CA04" }] },
      { coding: [{ system: "http://snomed.info/sct", code: "294505008" }] },
      cis(9),
    ]) {
      const [issue] = against(code, 10);
      expect(kinds(issue ? [issue] : [])).toEqual(["ALGY"]);
      expect(issue?.severity).toBe("high");
    }
  });

  test("a family that the document names", () => {
    for (const code of [
      text("Pénicillines"),
      text("pénicilline"),
      { coding: [{ system: "http://www.whocc.no/atc", code: "J01C" }] },
    ]) {
      expect(kinds(against(code, 9))).toEqual(["ALGY"]);
    }
    expect(against(text("pénicilline"), 5)).toEqual([]);
  });

  test("another member of the family is a related allergy, a wider family a lesser one", () => {
    const [near] = against(text("amoxicilline"), 11);
    expect([kinds(near ? [near] : []), near?.severity]).toEqual([["RALG"], "high"]);
    const [far] = against(text("pénicilline"), 16);
    expect([kinds(far ? [far] : []), far?.severity]).toEqual([["RALG"], "low"]);
    expect(kinds(against(text("Aspirine"), 12))).toEqual(["RALG"]);
  });

  test("an intolerance weighs less; refuted, past, and food allergies do not count", () => {
    expect(against(text("amoxicilline"), 9, { type: "intolerance" })[0]?.severity).toBe("moderate");
    const verification = (code: string) => ({ verificationStatus: { coding: [{ code }] } });
    expect(against(text("amoxicilline"), 9, verification("refuted"))).toEqual([]);
    expect(against(text("amoxicilline"), 9, { clinicalStatus: { coding: [{ code: "resolved" }] } })).toEqual([]);
    expect(against(text("arachide"), 9, { category: ["food"] })).toEqual([]);
    // The substance is what reacts, wherever somebody filed it.
    expect(kinds(against(text("amoxicilline"), 9, { category: ["food"] }))).toEqual(["ALGY"]);
  });
});

describe("duplicates", () => {
  test("two products of one substance", () => {
    expect(kinds(check(...drugs(14, 15)))).toEqual(["DUPTHPGEN"]);
    expect(kinds(check(...drugs(9, 10)).filter((one) => !isNotChecked(one)))).toEqual(["DUPTHPGEN"]);
  });

  test("two products of one substance that a summary tells as one treatment, prescribed within a month", () => {
    const event = (number: number, date: string) => ({
      url: "event",
      extension: [
        { url: "kind", valueCode: "prescribed" },
        { url: "date", valueDateTime: date },
        { url: "product", valueCodeableConcept: cis(number) },
      ],
    });
    const told = (...events: readonly object[]) =>
      kinds(check(statement("p", cis(14), { extension: [{ url: extensionUrl.treatment, extension: events }] })));
    expect(told(event(14, "2026-11-10"), event(15, "2026-11-01"))).toEqual(["DUPTHPGEN"]);
    expect(told(event(14, "2026-11-10"), event(15, "2026-03-01"))).toEqual([]);
    expect(told(event(14, "2026-11-10"), event(14, "2026-11-01"))).toEqual([]);
  });

  test("a prescription, its dispensing by a generic, and its renewal are one treatment", () => {
    const dispense: FhirResource = {
      resourceType: "MedicationDispense",
      id: "d",
      status: "completed",
      whenHandedOver: "2026-11-02",
      medicationCodeableConcept: cis(15),
    };
    const prescribed = (id: string, authoredOn: string, requester = "Dr Un"): FhirResource => ({
      resourceType: "MedicationRequest",
      id,
      status: "active",
      intent: "order",
      subject: {},
      authoredOn,
      requester: { display: requester },
      medicationCodeableConcept: cis(14),
    });
    expect(check(prescribed("r", "2026-11-01"), dispense)).toEqual([]);
    expect(check(prescribed("r", "2026-07-01"), prescribed("s", "2026-10-01"))).toEqual([]);
    expect(kinds(check(prescribed("r", "2026-11-01"), prescribed("s", "2026-11-09", "Dr Deux")))).toEqual([
      "DUPTHPGEN",
    ]);
  });
});

describe("a prescription of a month, of two years ago", () => {
  const monthly = (dispenseRequest: object): FhirResource => ({
    resourceType: "MedicationRequest",
    id: "r",
    status: "active",
    intent: "order",
    subject: {},
    authoredOn: "2024-11-01",
    medicationCodeableConcept: cis(1),
    dosageInstruction: [{ timing: { repeat: { boundsDuration: { value: 1, unit: "mo", code: "mo" } } } }],
    dispenseRequest,
  });
  const because = (valueCode: string) => ({
    _numberOfRepeatsAllowed: {
      extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode }],
    },
  });

  test.each([
    ["never renewed is past", {}, []],
    ["renewed without limit still interacts", because("positive-infinity"), ["DRG PE"]],
    ["renewed nobody knows how often still interacts", because("unknown"), ["DRG PE"]],
    [
      "renewed until last year is past",
      {
        ...because("positive-infinity"),
        extension: [{ url: extensionUrl.renewalPeriod, valuePeriod: { end: "2025-06-30" } }],
      },
      [],
    ],
  ])("%s", (_, dispenseRequest, expected) => {
    expect(kinds(check(monthly(dispenseRequest), ...drugs(2)))).toEqual(expected);
  });
});

describe("what was not checked", () => {
  const reasons = (issues: readonly DetectedIssue[]) =>
    issues.filter(isNotChecked).map((one) => one.code?.coding?.[1]?.code);

  test("no data loaded: says so, with the treatments concerned, never an empty list", () => {
    const [issue, ...others] = checkSafety(summaryOf(...drugs(5, 6)), undefined);
    expect(others).toEqual([]);
    expect(isNotChecked(issue as DetectedIssue)).toBe(true);
    expect(issue?.status).toBe("preliminary");
    expect(issue?.implicated).toHaveLength(2);
    expect(issue?.detail).toMatch(/^Non vérifié : aucune base/);
  });

  test("an unknown medicine, by name; an unknown allergen, by name; a substance outside the thesaurus", () => {
    const issues = check(statement("x", text("Tisane de grand-mère")), allergy("a", text("Latex rose")), ...drugs(16));
    expect(reasons(issues).sort()).toEqual(["not-in-thesaurus", "unknown-allergen", "unknown-medicine"]);
    expect(issues.some((one) => one.detail?.includes("« Tisane de grand-mère »"))).toBe(true);
    expect(issues.some((one) => one.detail?.includes("« Latex rose »"))).toBe(true);
    expect(issues.some((one) => one.detail?.includes("céfazoline"))).toBe(true);
  });

  test("a record silent on treatments, or on allergies", () => {
    expect(reasons(checkSafety(summaryOf(), data))).toEqual(["no-treatment-information"]);
    expect(reasons(checkSafety(summaryOf(...drugs(1)), data))).toEqual(["no-allergy-information"]);
    const past = statement("w", cis(1), { status: "completed" });
    expect(reasons(checkSafety(summaryOf(past), data))).toEqual(["no-current-treatment"]);
    expect(reasons(checkSafety(summaryOf(past), undefined))).toEqual(["no-reference-data"]);
  });

  test("known to take nothing: nothing to check", () => {
    const system = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    const none = statement("n", { coding: [{ system, code: "no-known-medications" }] }, { status: "unknown" });
    expect(checkSafety(summaryOf(none), data)).toEqual([]);
    expect(checkSafety(summaryOf(none), undefined)).toEqual([]);
    // Half past eight in London is half an hour later than nine in Paris: a treatment told since overtakes it.
    const said = { ...none, dateAsserted: "2026-01-10T09:00:00+01:00" };
    const told = (dateAsserted: string) => statement("w", cis(1), { status: "completed", dateAsserted });
    const after = checkSafety(summaryOf(said, told("2026-01-10T08:30:00Z")), data);
    expect(reasons(after)).toEqual(["no-current-treatment"]);
    expect(checkSafety(summaryOf(said, told("2026-01-10T09:30:00+02:00")), data)).toEqual([]);
  });
});

describe("as rules", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 18 }), { minLength: 1, maxLength: 7 });
  const allergens = fc.subarray(["amoxicilline", "pénicilline", "AINS", "ramipril", "pollen"]);
  const facts = (list: readonly number[], names: readonly string[]) => [
    ...names.map((name) => allergy(`a-${name}`, text(name))),
    ...drugs(...list),
  ];

  test("adding an unrelated drug never removes an issue", () => {
    fc.assert(
      fc.property(numbers, allergens, fc.integer({ min: 1, max: 18 }), (list, names, more) => {
        // Unrelated: no substance in common with the others.
        const family = (one: number) => ({ 10: 9, 15: 14 })[one] ?? one;
        fc.pre(!list.map(family).includes(family(more)));
        const before = checkSafety(summaryOf(...facts(list, names)), data).map((one) => one.id);
        const after = checkSafety(summaryOf(...facts([...list, more], names)), data).map((one) => one.id);
        expect(after).toEqual(expect.arrayContaining(before));
      }),
      { numRuns: 60 },
    );
  });

  test("the order of entries does not matter", () => {
    fc.assert(
      fc.property(numbers, allergens, fc.infiniteStream(fc.nat()), (list, names, random) => {
        const summary = summaryOf(...facts(list, names));
        const entry = (summary.entry ?? [])
          .map((one) => [random.next().value as number, one] as const)
          .sort(([a], [b]) => a - b)
          .map(([, one]) => one);
        expect(checkSafety({ ...summary, entry }, data)).toEqual(checkSafety(summary, data));
      }),
      { numRuns: 60 },
    );
  });

  test("treatments without data are never silent", () => {
    fc.assert(
      fc.property(numbers, allergens, (list, names) => {
        const issues = checkSafety(summaryOf(...facts(list, names)), undefined);
        expect(issues.length).toBe(1);
        expect(issues.every(isNotChecked)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("a record with dates and references that make no sense is still checked", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (end, reference) => {
        const odd = statement("odd", cis(1), { effectivePeriod: { end }, informationSource: { reference } });
        const summary: Bundle = summaryOf(noKnownAllergy, odd, ...drugs(2));
        expect(() => checkSafety(summary, data, { now })).not.toThrow();
      }),
      { numRuns: 60 },
    );
  });
});

describe("reference data", () => {
  test("keeps the source, the date read in words, the licence and the warning", () => {
    expect(data.sources[0]).toEqual({
      part: "interactions",
      title: "Jeu d'essai de Carnet, interactions, novembre 2026",
      date: "2026-11",
      licence: "fait pour les tests",
      warning: "Jeu d'essai : ne pas utiliser pour soigner.",
    });
  });

  test("names files that are no drug data, and links to another salt that were refused", () => {
    const { ignored, refusedLinks } = compileDrugData(filesIn(folder));
    expect(ignored).toEqual(["not-drug-data.json"]);
    expect(refusedLinks).toEqual(["ACÉTATE BANAL"]);
  });

  test("is refused when a kind of file, a date or a form is missing", () => {
    const files = filesIn(folder);
    const without = (name: string) => files.filter((file) => file.name !== name);
    expect(() => compileDrugData(without("atc.json"))).toThrow(
      expect.objectContaining({ code: "drug-data-missing-part" }),
    );
    const undated = { name: "drug-substances.json", json: { meta: { source: "sans date" }, substances: [] } };
    expect(() => compileDrugData([...without("drug-substances.json"), undated])).toThrow(
      expect.objectContaining({ code: "drug-data-no-date" }),
    );
    const broken = { name: "atc.json", json: { meta: { source: "2026-01" }, atc: { J01CA04: "amoxicilline" } } };
    expect(() => compileDrugData([...without("atc.json"), broken])).toThrow(
      expect.objectContaining({ code: "drug-data-file", message: expect.stringContaining("atc.json") }),
    );
  });

  test("is refused when it is cut or points nowhere", () => {
    const refused = expect.objectContaining({ code: "drug-data-shape" });
    expect(() => parseDrugData({ ...data, sources: [] })).toThrow(refused);
    expect(() => parseDrugData({ ...data, entities: data.entities.slice(0, 3) })).toThrow(refused);
    expect(() => parseDrugData(null)).toThrow(refused);
  });
});

const shared = resolve(import.meta.dirname, "../../../../../shared/data/drugs");
describe.skipIf(!existsSync(shared))("the thesaurus of 2020 (needs ../shared)", () => {
  const full = existsSync(shared) ? loadDrugData(shared) : data;
  const named = (...names: readonly string[]) =>
    checkSafety(summaryOf(noKnownAllergy, ...names.map((name, at) => statement(`n${at}`, text(name)))), full);

  test.each([
    ["warfarine", "amiodarone", "PE"],
    ["warfarine", "ibuprofène", "AD"],
    ["warfarine", "miconazole", "CI"],
    ["ramipril", "potassium", "AD"],
    ["ramipril", "ibuprofène", "PE"],
    ["clarithromycine", "simvastatine", "CI"],
    ["simvastatine", "itraconazole", "CI"],
    ["méthotrexate", "triméthoprime", "CI"],
    ["allopurinol", "azathioprine", "CI"],
    ["sildénafil", "trinitrine", "CI"],
    ["lithium", "ibuprofène", "AD"],
    ["lévothyroxine", "fer", "PE"],
    ["metformine", "furosémide", "PE"],
    ["tramadol", "sertraline", "PC"],
    ["paracétamol", "amoxicilline", undefined],
  ])("%s and %s: %s", (a, b, level) => {
    const levels = named(a, b).flatMap(
      (one) => one.code?.coding?.find((coding) => coding.system === safetySystem.level)?.code ?? [],
    );
    expect(levels).toEqual(level ? [level] : []);
  });

  test("twenty usual treatments meet all of it", () => {
    const issues = named(
      ...["warfarine", "amiodarone", "simvastatine", "ramipril", "potassium", "furosémide", "spironolactone"],
      ...["bisoprolol", "digoxine", "metformine", "gliclazide", "ibuprofène", "clarithromycine", "fluconazole"],
      ...["tramadol", "sertraline", "allopurinol", "azathioprine", "lévothyroxine", "fer"],
    );
    expect(kinds(issues).filter((one) => one === "not-checked unknown-medicine")).toEqual([]);
    expect(issues.filter((one) => !isNotChecked(one)).length).toBeGreaterThan(40);
  });

  test("all pairs of three hundred of its substances are computed at once", () => {
    const known = full.substances.flatMap(([, name, entities]) => (entities.length > 0 ? [name] : []));
    expect(known.length).toBeGreaterThan(1000);
    const issues = named(...known.filter((_, at) => at % 4 === 0));
    expect(issues.length).toBeGreaterThan(2_000);
  });
});
