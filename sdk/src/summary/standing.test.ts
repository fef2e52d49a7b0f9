/** What was not done, refused, stopped, or said long ago must read so in the rows of the summary, not only in its codes. */
import type { FhirResource } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { convert, observationXml, sectionXml, treatmentXml } from "../cda/read/test-support.ts";
import { withChecks } from "./checks/index.ts";
import { summarise } from "./index.ts";
import {
  absent,
  allergy,
  condition,
  conditionsOf,
  delivery,
  disagreementsOf,
  factsOf,
  letter,
  paracetamol,
  prescription,
  result,
  sectionOf,
  statement,
  storyOf,
  subject,
} from "./test-support.ts";

const now = "2026-02-01T00:00:00Z";
/** The rows of a section, cells joined. */
const rowsOf = (code: string, ...documents: Parameters<typeof summarise>[0]) =>
  [...(sectionOf(summarise(documents, { now }), code)?.text?.div ?? "").matchAll(/<tr>(.*?)<\/tr>/g)].map(
    ([, row = ""]) => row.replaceAll("</td><td>", " | ").replace(/<\/?td>/g, ""),
  );
const told = (code: string, section: string, ...facts: readonly FhirResource[]) =>
  rowsOf(code, letter("urn:oid:1.1", facts, { section }));

describe("a row says what did not happen, or no longer is", () => {
  test("a vaccine refused, with the reason; one given, with its batch", () => {
    const vaccine = (id: string, rest: object): FhirResource => ({
      resourceType: "Immunization",
      id,
      status: "completed",
      vaccineCode: { text: `Vaccin ${id}` },
      patient: subject,
      occurrenceDateTime: "2025-01-02",
      ...rest,
    });
    expect(
      told(
        "11369-6",
        "11369-6",
        vaccine("a", { status: "not-done", statusReason: { text: "Refus" } }),
        vaccine("b", { lotNumber: "L1" }),
      ),
    ).toEqual(["2 janvier 2025 | Vaccin a | non fait — Refus", "2 janvier 2025 | Vaccin b | L1"]);
  });

  test("how much of a medicine is, or was, handed over, and how long it lasts", () => {
    const dispenseRequest = {
      quantity: { value: 20, unit: "{tablet}" },
      expectedSupplyDuration: { value: 1, unit: "mo" },
      numberOfRepeatsAllowed: 2,
    };
    expect(told("10160-0", "57828-6", prescription("r", "2026-01-01", { dispenseRequest }))[0]).toContain(
      "| quantité\u00a0: 20 comprimés, pour 1 mois — renouvelable 2 fois",
    );
    expect(told("10160-0", "60590-7", delivery("d", "2026-01-02", { quantity: { value: 2 } }))[0]).toContain(
      "| quantité\u00a0: 2",
    );
  });

  test("an act not done, a treatment not taken, a prescription called off, a resolved allergy, a refusal", () => {
    const act: FhirResource = {
      resourceType: "Procedure",
      id: "p",
      status: "not-done",
      code: { text: "Scanner" },
      subject,
    };
    expect(told("47519-4", "47519-4", act)[0]).toContain("Scanner | non fait");
    expect(told("10160-0", "10160-0", statement("s", { status: "not-taken" }))[0]).toContain("| non pris — passé");
    expect(told("10160-0", "57828-6", prescription("r", "2026-01-01", { status: "cancelled" }))[0]).toContain(
      "| annulé",
    );
    const resolved = { ...allergy("a", "91936005"), clinicalStatus: { coding: [{ code: "resolved" }] } };
    expect(told("48765-2", "48765-2", resolved)[0]).toContain("| résolue");
    const ownFirst = { coding: [{ system: "https://hospital.example/status", code: "K" }, { code: "resolved" }] };
    const alsoResolved = { ...allergy("a", "91936005"), clinicalStatus: ownFirst };
    expect(told("48765-2", "48765-2", alsoResolved)[0]).toContain("| résolue");
    for (const clinicalStatus of [ownFirst, { text: "Resolved" }]) {
      expect(told("11348-0", "11450-4", condition("c", "I10", { clinicalStatus }))[0]).toContain("| résolu");
    }
    const refusal: FhirResource = {
      resourceType: "Consent",
      id: "c",
      status: "active",
      scope: { text: "Réanimation" },
      category: [{ text: "Réanimation" }],
      patient: subject,
      provision: { type: "deny" },
    };
    expect(told("42348-3", "42348-3", refusal)[0]).toContain("Réanimation | refusé");
    const recommended = (forecastStatus: object): FhirResource => ({
      resourceType: "ImmunizationRecommendation",
      id: "i",
      patient: subject,
      date: "2026-01-01",
      recommendation: [{ vaccineCode: [{ text: "Grippe" }], forecastStatus }],
    });
    const status = (code: string) => told("18776-5", "18776-5", recommended({ coding: [{ code }] }))[0];
    expect(status("due")).toContain("Grippe | recommandé");
    expect(status("contraindicated")).toContain("Grippe | déconseillé ou contre-indiqué");
    expect(told("18776-5", "18776-5", recommended({ text: "annulée" }))[0]).toContain("Grippe | annulée");
  });

  test("a titre, a range and the illness of a relative are told", () => {
    const value = (xml: string) =>
      observationXml("80", '<code code="1-1" codeSystem="2.16.840.1.113883.6.1" displayName="Anticorps"/>', xml);
    const rows = rowsOf(
      "30954-2",
      convert(
        sectionXml(
          "18725-2",
          "Sérologie",
          "x",
          value('<value xsi:type="RTO"><numerator value="1"/><denominator value="128"/></value>'),
        ),
      ),
    );
    expect(rows[0]).toContain("Anticorps | 1 / 128");
    const mother: FhirResource = {
      resourceType: "FamilyMemberHistory",
      id: "f",
      status: "completed",
      patient: subject,
      relationship: { text: "Mère" },
      condition: [{ code: { text: "Cancer du sein" } }],
    };
    expect(told("10157-6", "10157-6", mother)[0]).toContain("Mère | Cancer du sein");
  });
});

describe("a treatment says how it is taken", () => {
  const dose = (value: number, more: object = {}) => ({
    doseAndRate: [{ doseQuantity: { value, unit: "mg" } }],
    timing: { repeat: { frequency: 1, period: 1, periodUnit: "d" as const } },
    ...more,
  });
  const row = (dosage: object[], locale: "fr" | "en" = "fr") => {
    const document = letter("urn:oid:1.1", [statement("s", { dosage })], { section: "10160-0" });
    return sectionOf(summarise([document], { now, locale }), "10160-0")?.text?.div ?? "";
  };

  test("in the document's own words, else from its structure, step by step and under its condition", () => {
    expect(row([{ text: "1 le soir", timing: { repeat: { boundsPeriod: { end: "2026-03-01" } } } }])).toContain(
      "1 le soir, jusqu&#39;au 1er mars 2026",
    );
    expect(row([dose(10, { sequence: 2 }), dose(15, { sequence: 1 })])).toContain(
      "15 mg, 1 fois par jour ; 10 mg, 1 fois par jour",
    );
    expect(row([dose(4, { asNeededCodeableConcept: { text: "glycémie élevée" } })])).toContain(
      "4 mg, 1 fois par jour, si glycémie élevée",
    );
  });

  test.each([
    [{ frequency: 1, period: 8, periodUnit: "h" }, "toutes les 8 heures", "every 8 hours"],
    [{ frequency: 2, period: 1, periodUnit: "wk" }, "2 fois par semaine", "2 times a week"],
    [{ frequency: 1, period: 4, periodMax: 6, periodUnit: "h" }, "toutes les 4–6 heures", "every 4–6 hours"],
    [{ when: ["MORN", "HS"] }, "le matin, au coucher", "in the morning, at bedtime"],
    [{ dayOfWeek: ["mon"], timeOfDay: ["08:00:00"] }, "le lundi, à 08:00", "on Monday, at 08:00"],
    [{ boundsDuration: { value: 3, code: "mo" } }, "pendant 3 mois", "for 3 months"],
  ])("%j", (repeat, french, english) => {
    const dosage = [{ doseAndRate: [{ doseQuantity: { value: 1.5 } }], timing: { repeat } }];
    expect(row(dosage)).toContain(`1,5 par prise, ${french}<`);
    expect(row(dosage, "en")).toContain(`1.5 at a time, ${english}<`);
  });
});

describe("a treatment tells its dose beside words that tell a part of its use", () => {
  const row = (dosage: object, locale: "fr" | "en" = "fr") => {
    const document = letter("urn:oid:1.1", [statement("s", { dosage: [dosage] })], { section: "10160-0" });
    return sectionOf(summarise([document], { now, locale }), "10160-0")?.text?.div ?? "";
  };
  const daily = { frequency: 1, period: 1, periodUnit: "d" };
  const one = [{ doseQuantity: { value: 1, unit: "{tablet}" } }];

  test("a day left out, a limit, a name", () => {
    expect(row({ text: "sauf le dimanche", doseAndRate: one, timing: { repeat: daily } })).toContain(
      "1 comprimé, 1 fois par jour, sauf le dimanche",
    );
    expect(row({ text: "maximum 4 comprimés", doseAndRate: one, timing: { repeat: daily } })).toContain(
      "1 comprimé, 1 fois par jour, maximum 4 comprimés",
    );
    // Words that tell the whole use are read alone.
    expect(row({ text: "un comprimé le soir", doseAndRate: one, timing: { repeat: daily } })).toContain(
      ">un comprimé le soir<",
    );
  });

  test("the greatest dose, how long each use lasts, and how long before a meal", () => {
    const most = { numerator: { value: 8, unit: "{tablet}" }, denominator: { value: 1, unit: "d" } };
    expect(row({ doseAndRate: one, maxDosePerPeriod: most })).toContain("1 comprimé, au plus 8 comprimés en 1 jour<");
    expect(row({ doseAndRate: one, maxDosePerPeriod: most }, "en")).toContain("1 tablet, at most 8 tablets in 1 day<");
    const infusion = { ...daily, duration: 2, durationUnit: "h" };
    expect(row({ doseAndRate: one, timing: { repeat: infusion } })).toContain("1 fois par jour, en 2 heures<");
    const before = { when: ["ACM"], offset: 30 };
    expect(row({ doseAndRate: one, timing: { repeat: before } })).toContain(
      "1 comprimé, avant le petit-déjeuner (30 minutes)<",
    );
    const after = { when: ["WAKE"], offset: 30 };
    expect(row({ doseAndRate: one, timing: { repeat: after } }, "en")).toContain("on waking (30 minutes after)<");
  });
});

describe("a row says what is only meant, seen or withheld", () => {
  test("what has no code is named by its own words: a plan, an examination, a refusal, a person", () => {
    const common = { id: "x", status: "active", subject } as const;
    const named = (section: string, fact: object) =>
      rowsOf(section, letter("urn:oid:1.1", [fact as FhirResource])).join();
    const detail = (rest: object) => ({ activity: [{ detail: { status: "scheduled", ...rest } }] });
    const plan = { ...common, resourceType: "CarePlan", intent: "plan" };
    expect(named("18776-5", { ...plan, ...detail({ code: { text: "Kinésithérapie" } }) })).toContain("Kinésithérapie");
    expect(named("18776-5", { ...plan, ...detail({ description: "Marcher" }) })).toContain("Marcher");
    const impression = { ...common, resourceType: "ClinicalImpression", status: "completed" };
    expect(named("47420-5", { ...impression, summary: "Marche avec une canne" })).toContain("Marche avec une canne");
    const study = { ...common, resourceType: "ImagingStudy", status: "available", description: "Scanner du thorax" };
    expect(named("51899-3", study)).toContain("Scanner du thorax");
    const meeting = { ...common, resourceType: "Appointment", status: "booked", description: "Bilan", participant: [] };
    expect(named("51899-3", meeting)).toContain("Bilan");
    const provision = { type: "deny", code: [{ text: "Réanimation" }] };
    const refusal = { ...common, resourceType: "Consent", scope: {}, category: [], patient: subject, provision };
    expect(named("42348-3", refusal)).toContain("Réanimation | refusé");
    const son = { ...common, resourceType: "RelatedPerson", patient: subject, relationship: [{ text: "fils" }] };
    expect(named("85847-2", { ...son, telecom: [{ system: "phone", value: "0102" }] })).toContain("fils");
    const risk = {
      ...common,
      resourceType: "RiskAssessment",
      status: "final",
      prediction: [{ outcome: { text: "Chute" } }],
    };
    expect(named("51899-3", risk)).toContain("Chute");
  });

  test("how a contact is reached and related, who is in a team, why an act was not done", () => {
    const one = (section: string, fact: object) => told(section, section, { id: "x", ...fact } as FhirResource);
    const son = {
      resourceType: "RelatedPerson",
      patient: subject,
      name: [{ text: "Paul DURAND" }],
      relationship: [{ text: "fils" }],
      telecom: [
        { system: "phone", value: "0102030405" },
        { system: "phone", use: "old", value: "0999" },
      ],
    };
    expect(one("85847-2", son)).toEqual([" | Paul DURAND | fils, 0102030405"]);
    expect(one("85847-2", { ...son, name: undefined })).toEqual([" | fils | 0102030405"]);
    const participant = [{ role: [{ text: "Médecin traitant" }], member: { display: "Dr MARTIN" } }];
    expect(one("85847-2", { resourceType: "CareTeam", name: "Équipe", subject, participant })).toEqual([
      " | Équipe | Médecin traitant Dr MARTIN",
    ]);
    const act = { resourceType: "Procedure", status: "not-done", subject, code: { text: "Coloscopie" } };
    expect(one("47519-4", { ...act, statusReason: { text: "refus" } })).toEqual([" | Coloscopie | non fait — refus"]);
    const tobacco = {
      resourceType: "Observation",
      status: "final",
      subject,
      code: { coding: [{ system: "http://loinc.org", code: "72166-2" }], text: "Tabac" },
      valueCodeableConcept: { text: "ancien fumeur" },
      component: [{ code: { text: "Paquets-années" }, valueQuantity: { value: 20 } }],
    };
    expect(one("29762-2", tobacco)).toEqual([" | Tabac | ancien fumeur, Paquets-années 20"]);
  });

  test("a device that its entry holds itself is named, and is one in two documents", () => {
    const use = (type: string): FhirResource => ({
      resourceType: "DeviceUseStatement",
      id: "u",
      status: "active",
      subject,
      device: { reference: "#d" },
      contained: [{ resourceType: "Device", id: "d", type: { text: type } }],
    });
    const devices = (...types: string[]) =>
      rowsOf("46264-8", ...types.map((type, at) => letter(`urn:oid:1.${at}`, [use(type)])));
    expect(devices("Stimulateur cardiaque", "Stimulateur cardiaque")).toEqual([
      expect.stringContaining("Stimulateur cardiaque"),
    ]);
    expect(devices("Stimulateur cardiaque", "Prothèse de hanche")).toHaveLength(2);
  });

  test("a request, a meeting, an adverse effect, a device taken off, a result withheld", () => {
    const request: FhirResource = {
      resourceType: "ServiceRequest",
      id: "r",
      status: "active",
      intent: "plan",
      code: { text: "Scanner" },
      subject,
      occurrenceDateTime: "2026-03-01",
    };
    const effect: FhirResource = {
      resourceType: "AdverseEvent",
      id: "e",
      actuality: "actual",
      event: { text: "Nausées" },
      subject,
    };
    const rows = told("51899-3", "18776-5", request, effect).join();
    expect(rows).toContain("Scanner | demandé ou prévu");
    expect(rows).toContain("Nausées | effet indésirable");
    const device: FhirResource = {
      resourceType: "DeviceUseStatement",
      id: "d",
      status: "completed",
      subject,
      device: { display: "Stent" },
    };
    expect(told("46264-8", "46264-8", device)[0]).toContain("Stent | n&#39;est plus porté");
    const { valueQuantity: _, ...masked } = result("o", 1, { dataAbsentReason: { coding: [{ code: "masked" }] } });
    expect(told("30954-2", "30954-2", masked)[0]).toContain("| masqué");
    const code = { text: "Amoxicilline" };
    const judged = { ...masked, code, interpretation: [{ coding: [{ code: "R", display: "Résistant" }] }] };
    const germ = { specimen: { display: "Escherichia coli" } };
    expect(told("30954-2", "30954-2", { ...judged, ...germ })[0]).toContain("masqué — Résistant — Escherichia coli");
    const { dataAbsentReason: __, ...letterAlone } = judged;
    expect(told("30954-2", "30954-2", letterAlone)[0]).toMatch(/Amoxicilline \| Résistant$/);
  });

  test("and that another document says otherwise", () => {
    const refuted = {
      verificationStatus: {
        coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-ver-status", code: "refuted" }],
      },
    };
    const documents = [
      letter("urn:oid:1.1", [condition("a", "J45")]),
      letter("urn:oid:1.2", [condition("b", "J45", refuted)], { date: "2026-01-03T10:00:00Z" }),
    ];
    expect(rowsOf("11450-4", ...documents)[0]).toContain("| actif — un autre document dit autre chose");
    expect(rowsOf("11450-4", documents[0] as (typeof documents)[number])[0]).toMatch(/\| actif$/);
  });
});

describe("two facts", () => {
  test("under one code that names nothing stay two, in several documents too", () => {
    const unknown = (id: string, text: string) =>
      condition(id, "R69", { code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "R69" }], text } });
    const found = summarise(
      [letter("urn:oid:1.1", [unknown("a", "Fatigue")]), letter("urn:oid:1.2", [unknown("b", "Vertiges")])],
      { now },
    );
    expect(
      conditionsOf(found)
        .map(({ code }) => code?.text)
        .sort(),
    ).toEqual(["Fatigue", "Vertiges"]);
  });

  test("of one treatment: a delivery under another product is told with the prescription that it names", () => {
    const identifier = { system: "urn:oid:1.2.9", value: "RX-1" };
    const other = { coding: [{ system: "urn:oid:1.2.250.1.213.2.3.1", code: "69999999" }], text: "Produit substitué" };
    const asked = prescription("m", "2026-01-01", { identifier: [identifier] });
    const handed = (value: string) =>
      delivery("d", "2026-01-03", {
        medicationCodeableConcept: other,
        authorizingPrescription: [{ type: "MedicationRequest", identifier: { ...identifier, value } }],
      });
    const treatments = (value: string) => {
      const found = summarise([letter("urn:oid:1.1", [asked]), letter("urn:oid:1.2", [handed(value)])], { now });
      return [...factsOf(found, "MedicationRequest"), ...factsOf(found, "MedicationDispense")];
    };
    const [only, ...others] = treatments("RX-1");
    expect(others).toEqual([]);
    expect(storyOf(only).events.map(({ kind }) => kind)).toEqual(["dispensed", "prescribed"]);
    expect(treatments("RX-2")).toHaveLength(2);
  });

  test("prescription and delivery are linked as their documents are read", () => {
    const product = '<code code="60000001" codeSystem="1.2.250.1.213.2.3.1"/>';
    const line = treatmentXml(product, '<id root="1.2.9" extension="RX-1"/>', 'moodCode="INT"', "83");
    const supply = `<supply classCode="SPLY" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.204"/><product><manufacturedProduct><manufacturedMaterial><name>Générique</name></manufacturedMaterial></manufacturedProduct></product><entryRelationship typeCode="REFR"><substanceAdministration classCode="SBADM" moodCode="INT"><templateId root="1.2.250.1.213.1.1.3.90"/><id root="1.2.9" extension="RX-1"/></substanceAdministration></entryRelationship></supply>`;
    const found = summarise([convert(sectionXml("57828-6", "P", "x", line), sectionXml("60590-7", "D", "x", supply))], {
      now,
    });
    expect(factsOf(found, "MedicationRequest")).toHaveLength(1);
    expect(factsOf(found, "MedicationDispense")).toEqual([]);
  });
});

describe("'takes none'", () => {
  const none = statement("n", {
    status: "unknown",
    medicationCodeableConcept: { coding: [{ system: absent, code: "no-known-medications" }], text: "Aucun traitement" },
  });
  const saidIn = (year: string) =>
    letter("urn:oid:1.1", [none], { date: `${year}-01-02T10:00:00Z`, section: "10160-0" });
  const ended = letter(
    "urn:oid:1.2",
    [statement("x", { status: "completed", effectivePeriod: { start: "2021-01-01", end: "2021-02-01" } })],
    { date: "2021-03-01T10:00:00Z", section: "10160-0" },
  );
  const safetyOf = (...documents: Parameters<typeof summarise>[0]) =>
    sectionOf(withChecks(summarise(documents, { now })), "safety")?.text?.div ?? "";
  const absences = (...documents: Parameters<typeof summarise>[0]) =>
    factsOf(summarise(documents, { now }), "MedicationStatement").filter((one) =>
      JSON.stringify(one).includes("no-known"),
    );

  test("bears the day on which it was said, never that of the summary", () => {
    expect(absences(saidIn("2015"))).toMatchObject([{ dateAsserted: "2015-01-02T10:00:00Z" }]);
    expect(safetyOf(saidIn("2015"))).toContain("Un document du 2 janvier 2015 dit que la personne ne prend aucun");
  });

  test("said before treatments that ended since was overtaken: the row says what was said, and when", () => {
    expect(absences(saidIn("2020"), ended)).toEqual([]);
    expect(rowsOf("10160-0", saidIn("2020"), ended).at(-1)).toBe(
      "2 janvier 2020 | Aucun traitement | déclaré à cette date",
    );
    expect(safetyOf(saidIn("2020"), ended)).not.toContain("ne prend aucun traitement");
  });

  test("said after them still holds, and contradicts nothing", () => {
    const summary = summarise([saidIn("2022"), ended], { now });
    expect(absences(saidIn("2022"), ended)).toHaveLength(1);
    expect(factsOf(summary, "MedicationStatement").flatMap(disagreementsOf)).toEqual([]);
    expect(safetyOf(saidIn("2022"), ended)).toContain("Un document du 2 janvier 2022 dit");
  });

  test("said beside a treatment that goes on stays a contradiction, not a fact", () => {
    const going = letter("urn:oid:1.2", [statement("x", { medicationCodeableConcept: paracetamol.brand })], {
      date: "2021-03-01T10:00:00Z",
    });
    expect(absences(saidIn("2022"), going)).toEqual([]);
    const [only] = factsOf(summarise([saidIn("2022"), going], { now }), "MedicationStatement");
    expect(disagreementsOf(only)).toEqual(['urn:oid:1.1 (2022-01-02) dit "Aucun traitement"']);
  });
});
