/** Whose a fact is: what concerns somebody else is never read as the patient's. */
import type { Bundle } from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import { indexBundle } from "./bundle-index.ts";
import { insOf } from "./identity.ts";
import { readSummary } from "./model.ts";

const now = new Date("2026-11-22T08:00:00Z");
const ins = "urn:oid:1.2.250.1.213.1.4.10";
const person = (id: string, family: string, more: object = {}) => ({
  resourceType: "Patient",
  id,
  name: [{ family }],
  ...more,
});
const allergy = (patient: object, text = "Pénicilline") => ({
  resourceType: "AllergyIntolerance",
  patient,
  code: { text },
});
const bundleOf = (...resources: object[]) =>
  ({ resourceType: "Bundle", type: "document", entry: resources.map((resource) => ({ resource })) }) as Bundle;
const about = (id: string) => ({ resourceType: "Composition", subject: { reference: `Patient/${id}` } });

function read(bundle: Bundle) {
  const { allergies, results, others } = readSummary(bundle, now);
  if (!allergies.ok || !results.ok || !others.ok) throw new Error("the summary could not be read");
  return {
    allergies: allergies.value.facts.map(({ substance }) => substance),
    results: results.value.series.map(({ name }) => name),
    others: others.value.map(({ type, about, text }) => ({ type, about, text })),
  };
}

describe("an entry about another Patient of the Bundle", () => {
  const mother = person("mother", "TESTARD");
  const child = person("child", "FICTIF");

  it("is not the patient's: it is counted with its owner's name, and its content is not told", () => {
    const weight = { resourceType: "Observation", subject: { reference: "Patient/child" }, code: { text: "Poids" } };
    const bundle = bundleOf(about("mother"), mother, child, allergy({ reference: "Patient/child" }), weight);
    expect(read(bundle)).toEqual({
      allergies: [],
      results: [],
      others: [
        { type: "AllergyIntolerance", about: "FICTIF", text: undefined },
        { type: "Observation", about: "FICTIF", text: undefined },
      ],
    });
  });

  it("is nobody's while the Bundle does not say which of its Patients it is about", () => {
    const { allergies, others } = read(bundleOf(mother, child, allergy({ reference: "Patient/mother" })));
    expect(allergies).toEqual([]);
    expect(others).toHaveLength(1);
  });

  it("is the patient's when the two entries are one person, by a shared identifier", () => {
    const identifier = [{ system: ins, value: "258076322001162" }];
    const twice = [person("a", "TESTARD", { identifier }), person("b", "TESTARD", { identifier })];
    expect(read(bundleOf(about("a"), ...twice, allergy({ reference: "Patient/b" }))).allergies).toEqual([
      "Pénicilline",
    ]);
    expect(read(bundleOf(...twice, allergy({ reference: "Patient/b" }))).allergies).toEqual(["Pénicilline"]);
  });

  it("is another's too when the Patient stands inside the entry, with another number", () => {
    const numbered = (value: string) => ({ identifier: [{ system: ins, value }] });
    const mine = person("mother", "TESTARD", numbered("258076322001162"));
    const holding = (contained: object) => ({ ...allergy({ reference: "#p" }), contained: [contained] });
    const of = (contained: object) => read(bundleOf(about("mother"), mine, holding(contained)));
    expect(of(person("p", "FICTIF", numbered("279035121518989")))).toMatchObject({
      allergies: [],
      others: [{ type: "AllergyIntolerance", about: "FICTIF", text: undefined }],
    });
    expect(of(person("p", "TESTARD", numbered("258076322001162"))).allergies).toEqual(["Pénicilline"]);
    // A laboratory's own Patient, by name alone.
    expect(of(person("p", "TESTARD")).allergies).toEqual(["Pénicilline"]);
  });

  it("is another's too when that Patient is not in the Bundle, and is named by an address or a number alone", () => {
    const mine = { ...mother, identifier: [{ system: ins, value: "258076322001162" }] };
    const of = (patient: object) => read(bundleOf(about("mother"), mine, allergy(patient)));
    const numbered = (value: string) => ({ identifier: { system: ins, value }, display: "FICTIF" });
    for (const patient of [{ reference: "Patient/elsewhere", display: "FICTIF" }, numbered("279035121518989")]) {
      expect(of(patient)).toMatchObject({ allergies: [], others: [{ type: "AllergyIntolerance", about: "FICTIF" }] });
    }
    const own = [
      { reference: "https://a.test/FHIR/Patient/mother/_history/2" },
      numbered("258076322001162"),
      { display: "FICTIF" },
    ];
    for (const patient of own) expect(of(patient).allergies).toEqual(["Pénicilline"]);
  });

  it("is the patient's when the document itself names them by that address", () => {
    const reference = "Patient/elsewhere";
    const bundle = bundleOf({ resourceType: "Composition", subject: { reference } }, mother, allergy({ reference }));
    expect(read(bundle).allergies).toEqual(["Pénicilline"]);
  });

  it("is nobody's when it is about a group of people or a place", () => {
    const group = { resourceType: "Observation", subject: { reference: "Group/1" }, code: { text: "Grippe" } };
    const place = { resourceType: "Location", id: "1", name: "Chambre 3" };
    const air = { resourceType: "Observation", subject: { reference: "Location/1" }, code: { text: "Radon" } };
    expect(read(bundleOf(about("mother"), mother, place, group, air))).toMatchObject({
      results: [],
      others: [{ type: "Observation" }, { type: "Observation" }],
    });
  });

  it("is the patient's when nothing in the Bundle says whom it is about", () => {
    expect(read(bundleOf(about("mother"), mother, child, allergy({}))).allergies).toEqual(["Pénicilline"]);
  });
});

describe("a reference", () => {
  const medication = (base: string, text: string) => ({
    fullUrl: `${base}/Medication/1`,
    resource: { resourceType: "Medication", id: "1", code: { text } },
  });
  const statement = (base: string) => ({
    fullUrl: `${base}/MedicationStatement/1`,
    resource: { resourceType: "MedicationStatement", id: "1", status: "active" },
  });

  it("to another server is not answered by an entry of this one that has the same number", () => {
    const index = indexBundle({
      resourceType: "Bundle",
      type: "document",
      entry: [medication("https://a.test/fhir", "Warfarine")],
    } as Bundle);
    expect(index.resolve({ reference: "https://b.test/fhir/Medication/1" })).toBeUndefined();
    expect(index.resolve({ reference: "https://a.test/fhir/Medication/1/_history/2" })).toBeDefined();
  });

  it("without a server is answered by its owner's, when two have the same number", () => {
    const entry = ["https://a.test/fhir", "https://b.test/fhir"].flatMap((base) => [
      medication(base, base),
      statement(base),
    ]);
    const index = indexBundle({ resourceType: "Bundle", type: "document", entry } as Bundle);
    const owners = index.resources.filter(({ resourceType }) => resourceType === "MedicationStatement");
    const found = owners.map((owner) => index.resolve({ reference: "Medication/1" }, owner));
    expect(found).toMatchObject([{ code: { text: "https://a.test/fhir" } }, { code: { text: "https://b.test/fhir" } }]);
    // Nobody says whose: no guess.
    expect(index.resolve({ reference: "Medication/1" })).toBeUndefined();
  });
});

describe("the INS of a Patient", () => {
  it("is the one in use, not a former one", () => {
    const identifier = [
      { use: "old", system: ins, value: "279035121518989" },
      { system: ins, value: "258076322001162" },
    ];
    expect(insOf({ resourceType: "Patient", identifier } as never)?.value).toBe("258076322001162");
  });
});

describe("a person", () => {
  const maiden = { use: "old", family: "ANCIEN" };

  it("bears the name in use, not a former one", () => {
    const patient = { resourceType: "Patient", id: "a", name: [maiden, { family: "TESTARD" }] };
    const { identity } = readSummary(bundleOf(patient), now);
    expect(identity?.birthName).toBe("TESTARD");
  });

  it("is called at the numbers and the address in use; a team that is no more is not told", () => {
    const relative = {
      resourceType: "RelatedPerson",
      name: [maiden, { family: "FICTIF" }],
      telecom: [
        { use: "old", value: "0102030405" },
        { use: "mobile", value: "0605040302" },
      ],
      address: [{ use: "old", city: "Ici" }, { city: "Ailleurs" }],
    };
    const team = { resourceType: "CareTeam", status: "inactive", participant: [{ member: { display: "Dr PARTI" } }] };
    const { contacts } = readSummary(bundleOf(relative, team), now);
    expect(contacts.ok && contacts.value).toMatchObject([
      { name: "FICTIF", telecoms: ["0605040302"], address: "Ailleurs" },
    ]);
    expect(contacts.ok && contacts.value).toHaveLength(1);
  });
});

describe("a sign that turns the direction of writing", () => {
  it("does not turn the digits of a name", () => {
    const drug = { ...allergy({}, "Aspirine \u202e75 mg\u202c"), id: "x" };
    expect(read(bundleOf(drug)).allergies).toEqual(["Aspirine 75 mg"]);
  });
});
