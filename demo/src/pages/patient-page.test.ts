import {
  type AuditEvent,
  type Bundle,
  type Communication,
  type Consent,
  extensionUrl,
  type FhirResource,
  type HealthcareService,
  identifierSystem,
  type Patient,
} from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import { decimalFormat, writtenDate } from "../../pages/patient/dates.ts";
import { personsOf } from "../../pages/patient/persons.ts";
import { strings } from "../../pages/patient/strings.ts";
import { accessDays, filtered, whoLooked } from "../../pages/patient/views/access/access-days.ts";
import { accessWords } from "../../pages/patient/views/access/words.ts";
import { leadOf, lineOf, readLine } from "../../pages/patient/views/agenda/lines.ts";
import { agendaWords } from "../../pages/patient/views/agenda/words.ts";
import { categories, categoryOf } from "../../pages/patient/views/documents/categories.ts";
import { unfitness } from "../../pages/patient/views/documents/own-document.ts";
import { restrictionsFor, restrictionsOf } from "../../pages/patient/views/documents/restrictions.ts";
import { piecesOf } from "../../pages/patient/views/documents/text-search.ts";
import { documentWords } from "../../pages/patient/views/documents/words.ts";
import { denials, plainSummary } from "../../pages/patient/views/health/plain-summary.ts";
import { exchangesOf, pharmacistsOf } from "../../pages/patient/views/messages/exchanges.ts";
import { messageWords } from "../../pages/patient/views/messages/words.ts";
import { authorisationsOf } from "../../pages/patient/views/people/authorisations.ts";
import { peopleWords } from "../../pages/patient/views/people/words.ts";
import { applicationsOf } from "../../pages/patient/views/settings/applications.ts";
import { exportWords } from "../../pages/patient/views/settings/export-words.ts";
import { lifeOf } from "../../pages/patient/views/settings/life.ts";
import { readNumber } from "../../pages/patient/views/settings/relative-form.ts";
import { ageOn, trustedPersonText } from "../../pages/patient/views/settings/wishes.ts";
import { settingsWords } from "../../pages/patient/views/settings/words.ts";

const speech = {
  ...strings.fr.health.values,
  decimal: decimalFormat("fr"),
  date: (iso: string) => writtenDate(iso, "fr"),
};
const now = new Date("2026-11-22T10:00:00Z");
const summaryOf = (...resources: FhirResource[]) =>
  plainSummary(
    { resourceType: "Bundle", type: "document", entry: resources.map((resource) => ({ resource })) },
    speech,
    now,
  );

describe("the summary in plain words", () => {
  const medicine = (end?: string): FhirResource => ({
    resourceType: "MedicationStatement",
    status: "active",
    subject: {},
    medicationCodeableConcept: { text: "KARDEGIC 75 mg" },
    effectivePeriod: { start: "2026-01-01", ...(end && { end }) },
    dosage: [{ text: "1 sachet le midi" }],
    meta: { source: "urn:oid:1.2.3" },
  });

  it("names a medicine, how to take it and the document that says so", () => {
    expect(summaryOf(medicine()).medicines).toEqual([
      { title: "KARDEGIC 75 mg", detail: "1 sachet le midi", source: "urn:oid:1.2.3" },
    ]);
  });

  it("leaves out a treatment that is over, and keeps one that ends today", () => {
    expect(summaryOf(medicine("2026-11-21")).medicines).toEqual([]);
    expect(summaryOf(medicine("2026-11-22")).medicines).toHaveLength(1);
  });

  it("never shows 'no known allergy' as an allergy, nor a refuted one", () => {
    const absent = [
      { system: "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", code: "no-known-allergies" },
    ];
    const refuted = { coding: [{ code: "refuted" }] };
    const summary = summaryOf(
      { resourceType: "AllergyIntolerance", patient: {}, code: { coding: absent } },
      { resourceType: "AllergyIntolerance", patient: {}, code: { text: "Lactose" }, verificationStatus: refuted },
    );
    expect(summary.allergies).toEqual([]);
  });

  it("leaves out of illnesses, present and past, the reason for one stay, and of the results those of somebody else", () => {
    const summary = summaryOf(
      {
        resourceType: "Condition",
        subject: {},
        category: [{ coding: [{ code: "encounter-diagnosis" }] }],
        code: { text: "Malaise" },
      },
      {
        resourceType: "Observation",
        status: "final",
        category: [{ coding: [{ code: "laboratory" }] }],
        focus: [{ display: "Nouveau-né" }],
        code: { text: "Bilirubine" },
        valueQuantity: { value: 12, unit: "µmol/L" },
      },
    );
    expect(summary.problems).toEqual([]);
    expect(summary.history).toEqual([]);
    expect(summary.results).toEqual([]);
  });

  it("tells follow-up that is due with what closes it, not what only a look at the record can settle", () => {
    const extension = [
      { url: "https://carnet.example/fhir/StructureDefinition/closes", valueString: "La vaccination" },
    ];
    const gap = (status: "final" | "preliminary", detail: string): FhirResource => ({
      resourceType: "DetectedIssue",
      status,
      detail,
      extension,
    });
    const due: FhirResource = {
      resourceType: "ImmunizationRecommendation",
      patient: {},
      date: "2026-11-22",
      extension,
      recommendation: [{ forecastStatus: {}, description: "Grippe : à faire." }],
    };
    const interaction: FhirResource = { resourceType: "DetectedIssue", status: "final", detail: "A et B" };
    expect(
      summaryOf(gap("final", "Aucune HbA1c"), gap("preliminary", "À vérifier"), due, interaction).followUp,
    ).toEqual([
      { title: "Aucune HbA1c", detail: "La vaccination" },
      { title: "Grippe : à faire.", detail: "La vaccination" },
    ]);
  });

  it("tells 'no known allergy', which somebody stated, from 'no information'", () => {
    const stated = (code: string): Bundle => ({
      resourceType: "Bundle",
      type: "document",
      entry: [
        {
          resource: {
            resourceType: "AllergyIntolerance",
            patient: {},
            code: { coding: [{ system: "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", code }] },
            meta: { source: "urn:oid:1.2.3" },
          },
        },
      ],
    });
    expect(denials(stated("no-known-allergies")).allergies?.source).toBe("urn:oid:1.2.3");
    expect(denials(stated("no-allergy-info")).allergies).toBeUndefined();
  });

  it("shows the newest value of each test with a decimal comma and a readable unit", () => {
    const tsh = (value: number, effectiveDateTime: string): FhirResource => ({
      resourceType: "Observation",
      status: "final",
      category: [{ coding: [{ code: "laboratory" }] }],
      code: { text: "TSH", coding: [{ code: "3016-3" }] },
      effectiveDateTime,
      valueQuantity: { value, unit: "m[IU]/L" },
    });
    const { results } = summaryOf(tsh(9.6, "2025-01-01"), tsh(1.9, "2026-09-09"), tsh(3, "2026-01-01"));
    expect(results.map(({ detail }) => detail)).toEqual(["1,9 mUI/L"]);
  });
});

describe("who looked", () => {
  const event = (recorded: string, transaction: string, change: Partial<AuditEvent> = {}): AuditEvent => ({
    resourceType: "AuditEvent",
    type: { code: "rest" },
    subtype: [{ code: "read" }, { code: transaction }],
    recorded,
    outcome: "0",
    source: { observer: {} },
    agent: [
      { requestor: false, who: { display: "machine" } },
      {
        requestor: true,
        who: { type: "Practitioner", display: "Dr Sophie MARTIN" },
        role: [{ coding: [{ code: "10" }] }, { text: "Maison de santé" }],
      },
    ],
    ...change,
  });

  it("says in one line what one person did in one day, and leaves out the mere check", () => {
    const days = accessDays([
      event("2026-11-22T08:00:00Z", "TD0.2"),
      event("2026-11-22T08:00:01Z", "SUMMARY"),
      event("2026-11-22T08:05:00Z", "TD3.2"),
      event("2026-11-22T08:06:00Z", "TD3.2"),
      event("2026-11-20T08:00:00Z", "TD0.2"),
    ]);
    expect(days.map(({ day }) => day)).toEqual(["2026-11-22", "2026-11-20"]);
    expect(days[0]?.lines).toHaveLength(1);
    expect(days[0]?.lines[0]).toMatchObject({
      who: "Dr Sophie MARTIN",
      profession: "10",
      structure: "Maison de santé",
      acts: [
        { act: "read-summary", count: 1 },
        { act: "read-document", count: 2 },
      ],
    });
    expect(days[1]?.lines[0]?.acts).toEqual([{ act: "check", count: 1 }]);
  });

  it("R185: shows a refusal apart, and an emergency with its reason", () => {
    const [day] = accessDays([
      event("2026-11-22T08:00:00Z", "SUMMARY"),
      event("2026-11-22T09:00:00Z", "SUMMARY", { outcome: "4" }),
      event("2026-11-22T10:00:00Z", "SUMMARY", {
        purposeOfEvent: [{ coding: [{ code: "BTG" }], text: "Patient inconscient" }],
      }),
    ]);
    expect(day?.lines.map(({ isRefused, isEmergency, reason }) => [isRefused, isEmergency, reason])).toEqual([
      [false, true, "Patient inconscient"],
      [true, false, undefined],
      [false, false, undefined],
    ]);
  });

  it("R183: shows the lines of one person, of one structure, of one kind of act", () => {
    const days = accessDays([
      event("2026-11-22T08:00:00Z", "SUMMARY"),
      event("2026-11-21T08:00:00Z", "TD2.1"),
      event("2026-11-20T08:00:00Z", "SUMMARY", { outcome: "4" }),
    ]);
    const dates = (filter: Partial<Parameters<typeof filtered>[1]>) =>
      filtered(days, { who: "", what: "all", withoutSelf: true, ...filter }).map(({ day }) => day);
    expect(whoLooked(days)).toEqual({ persons: ["Dr Sophie MARTIN"], structures: ["Maison de santé"] });
    expect(dates({ who: "Maison de santé" })).toHaveLength(3);
    expect(dates({ who: "Somebody else" })).toEqual([]);
    expect(dates({ what: "read" })).toEqual(["2026-11-22"]);
    expect(dates({ what: "deposit" })).toEqual(["2026-11-21"]);
    expect(dates({ what: "refused" })).toEqual(["2026-11-20"]);
  });

  it("says which categories of data were seen, each once", () => {
    const detail = ["imaging", "prescription", "imaging"].map((valueString) => ({
      type: "https://carnet.example/fhir/CodeSystem/data-category",
      valueString,
    }));
    const [day] = accessDays([event("2026-11-22T08:00:00Z", "TD3.2", { entity: [{ detail }] })]);
    expect(day?.lines[0]?.categories).toEqual(["imaging", "prescription"]);
  });

  it("puts an access just before midnight in Paris on its own day", () => {
    expect(accessDays([event("2026-11-21T23:30:00Z", "SUMMARY")])[0]?.day).toBe("2026-11-22");
  });
});

describe("who may look", () => {
  const consent = (id: string, code: string, change: Partial<Consent> = {}): Consent => ({
    resourceType: "Consent",
    id,
    status: "active",
    scope: {},
    category: [],
    provision: {
      type: "permit",
      period: { start: "2026-04-10" },
      actor: [
        { role: { coding: [{ code }] }, reference: { display: "Dr Sophie MARTIN", identifier: { value: "8997" } } },
      ],
    },
    ...change,
  });

  it("R63: gives one line to the referring doctor, whose whole access can be taken back", () => {
    expect(authorisationsOf([consent("a", "PPRF"), consent("b", "IRCP")])).toEqual([
      {
        ids: ["a", "b"],
        referringIds: ["a"],
        who: { kind: "professional", id: "8997", name: "Dr Sophie MARTIN" },
        kind: "allowed",
        isReferring: true,
        name: "Dr Sophie MARTIN",
        since: "2026-04-10",
      },
    ]);
  });

  it("leaves out what is no longer in force", () => {
    expect(authorisationsOf([consent("a", "IRCP", { status: "inactive" })])).toEqual([]);
  });
});

describe("a document of one's own", () => {
  it("R123: is of one of six kinds and of five megabytes at most", () => {
    expect(unfitness({ name: "radio.JPG", size: 5 * 1024 * 1024 })).toBeUndefined();
    expect(unfitness({ name: "radio.jpg", size: 5 * 1024 * 1024 + 1 })).toBe("size");
    expect(unfitness({ name: "radio.docx", size: 10 })).toBe("kind");
    expect(unfitness({ name: "radio.pdf", size: 0 })).toBe("empty");
  });

  it("marks what was found in a text, and leaves out places that make no sense", () => {
    const text = "Asthme et rhinite";
    const matches = [
      { start: 10, end: 17 },
      { start: 0, end: 6 },
      { start: 3, end: 90 },
    ];
    expect(piecesOf({ text, matches })).toEqual([
      { text: "Asthme", isMatch: true },
      { text: " et ", isMatch: false },
      { text: "rhinite", isMatch: true },
    ]);
  });

  it("reads who is kept from a document, and that it is never read in an emergency", () => {
    const about = [{ meaning: "instance", reference: { reference: "DocumentReference/d1" } }] as const;
    const choice = (id: string, provision: Consent["provision"]): Consent => ({
      resourceType: "Consent",
      id,
      status: "active",
      scope: {},
      category: [],
      provision: { type: "deny", data: [...about], ...provision },
    });
    const identifier = { system: identifierSystem.structure, value: "1750" };
    const all = restrictionsOf([
      choice("a", { actor: [{ role: {}, reference: { identifier, display: "Clinique" } }] }),
      choice("b", { purpose: [{ code: "BTG" }] }),
      { ...choice("c", { purpose: [{ code: "BTG" }] }), status: "inactive" },
    ]);
    expect(restrictionsFor(all, "d1")).toEqual({
      withheld: [{ who: { kind: "structure", id: "1750", name: "Clinique" }, consentId: "a" }],
      isNeverInEmergency: true,
    });
    expect(restrictionsFor(all, "d2").isNeverInEmergency).toBe(false);
  });
});

describe("messages and agenda", () => {
  const message = (id: string, change: Partial<Communication> = {}): Communication => ({
    resourceType: "Communication",
    id,
    status: "in-progress",
    sent: `2026-11-2${id}T08:00:00Z`,
    sender: { type: "Practitioner", display: "Dr X" },
    ...change,
  });

  it("R166 puts answers under their first message, newest exchange first, and counts what is unread", () => {
    const mine = { sender: { type: "Patient" } };
    const all = exchangesOf([
      message("1", { received: "2026-11-21T09:00:00Z" }),
      message("2", { status: "stopped" }),
      message("3", { ...mine, inResponseTo: [{ reference: "Communication/1" }] }),
      message("4", { inResponseTo: [{ reference: "Communication/gone" }] }),
    ]);
    expect(all.map(({ id, isEnded, unread, messages }) => [id, isEnded, unread.length, messages.length])).toEqual([
      ["1", false, 0, 2],
      ["2", true, 1, 1],
    ]);
  });

  it("R166 offers to write first to pharmacists who acted in the record, and to nobody else", () => {
    const acted = (value: string, code: string): AuditEvent => ({
      resourceType: "AuditEvent",
      type: {},
      recorded: "2026-11-22T08:00:00Z",
      source: { observer: {} },
      agent: [
        {
          requestor: true,
          who: { identifier: { system: identifierSystem.professional, value }, display: `N ${value}` },
          role: [{ coding: [{ code }] }],
        },
      ],
    });
    expect(pharmacistsOf([acted("1", "21"), acted("2", "10"), acted("1", "21")])).toEqual([{ id: "1", name: "N 1" }]);
  });

  it("R167 reads the form of a line, and refuses a reminder that would be in the past", () => {
    const form = (fields: Readonly<Record<string, string>>) => {
      const data = new FormData();
      for (const [name, value] of Object.entries(fields)) data.set(name, value);
      return data;
    };
    const whole = { description: "Dr Martin", day: "2027-01-10", time: "09:30", kind: "examination", remind: "day" };
    const start = new Date("2027-01-10T09:30");
    expect(readLine(form(whole), Date.parse("2026-12-01"))).toEqual({
      kind: "examination",
      start: start.toISOString(),
      description: "Dr Martin",
      remindAt: new Date(start.getTime() - 86_400_000).toISOString(),
    });
    expect(readLine(form(whole), start.getTime() - 3_600_000)).toBe("past");
    expect(readLine(form({ ...whole, day: "" }))).toBe("missing");
    const line = { start: start.toISOString(), remindAt: new Date(start.getTime() - 3_600_000).toISOString() };
    expect([leadOf(line), leadOf({ start: line.start })]).toEqual(["hour", "none"]);
    expect(lineOf({ resourceType: "Appointment", status: "booked", participant: [] })).toEqual([]);
  });
});

describe("settings", () => {
  it("R15, R20 reads what becomes of a closed record", () => {
    const patient: Patient = {
      resourceType: "Patient",
      active: false,
      extension: [
        {
          url: extensionUrl.closure,
          extension: [
            { url: "dateFermeture", valueDateTime: "2026-01-02" },
            { url: "raisonFermeture", valueString: "Plus besoin" },
          ],
        },
        { url: extensionUrl.deletionRequested, valueDateTime: "2026-02-02" },
        { url: extensionUrl.destroyedOn, valueDateTime: "2026-05-02" },
      ],
    };
    expect(lifeOf(patient)).toEqual({
      state: "closed",
      closedOn: "2026-01-02",
      reason: "Plus besoin",
      deletionAsked: "2026-02-02",
      destroyedOn: "2026-05-02",
    });
    expect(lifeOf({ resourceType: "Patient", active: false }).state).toBe("suspended");
    expect(lifeOf({ resourceType: "Patient", active: true }).state).toBe("open");
  });

  it("R168 says what each application was granted, withdrawn consents left out", () => {
    const catalogue: HealthcareService = {
      resourceType: "HealthcareService",
      id: "agenda-plus",
      name: "Agenda Plus",
      program: [{ coding: [{ code: "agenda" }, { code: "read-documents" }] }],
    };
    const consent = (status: Consent["status"], code: string): Consent => ({
      resourceType: "Consent",
      status,
      scope: {},
      category: [],
      provision: {
        type: "permit",
        actor: [{ role: {}, reference: { type: "Device", identifier: { value: "agenda-plus" } } }],
        purpose: [{ code }],
      },
    });
    const [application] = applicationsOf(
      [catalogue],
      [consent("inactive", "read-documents"), consent("active", "agenda")],
    );
    expect(application).toMatchObject({ purposes: ["agenda", "read-documents"], granted: ["agenda"] });
  });

  it("reads a social security number as people write it, and an age on the day", () => {
    expect(readNumber(" 2 85 06 99 351 042 37 ")).toBe("285069935104237");
    expect(readNumber("1 85 06 2a 004 005 36")).toBe("185062A00400536");
    expect(readNumber("28506993510423")).toBeUndefined();
    expect(ageOn("2008-11-29", new Date(2026, 10, 28))).toBe(17);
    expect(ageOn("2008-11-28", new Date(2026, 10, 28))).toBe(18);
  });

  it("R162 writes the trusted person as a text that a professional understands alone", () => {
    const text = trustedPersonText(
      { name: "Paul PETIT", link: "", phone: "06 00 00 00 00", address: "" },
      "28 novembre 2026",
    );
    expect(text).toContain("Nom : Paul PETIT\nTéléphone : 06 00 00 00 00");
    expect(text).not.toContain("Lien");
  });
});

describe("the rest", () => {
  it("R169: finds a category for every class, and 'other' for what it does not know", () => {
    expect(categoryOf({ type: { code: "11502-2" }, category: { code: "10" } })).toBe("biology");
    expect(categoryOf({ type: { code: "11488-4" }, category: { code: "10" } })).toBe("reports");
    expect(categoryOf({ type: {}, category: { code: "none" } })).toBe("other");
  });

  it("R9: lists the person and the minors they represent, by the name they use", () => {
    const patient = (family: string, relation: string): Patient => ({
      resourceType: "Patient",
      extension: [{ url: extensionUrl.relation, valueCode: relation }],
      identifier: [{ system: "urn:oid:1.2.250.1.213.1.4.10", value: "288053726104286" }],
      name: [
        { use: "official", family: "BIRTH", given: ["A", "B"] },
        { use: "usual", family, given: ["Camille"] },
      ],
    });
    const persons = personsOf([patient("PETIT", "carer"), patient("MOREAU", "self")]);
    expect(persons.map(({ name, state, relation }) => [name, state, relation])).toEqual([
      ["Camille MOREAU", "open", "self"],
      ["Camille PETIT", "open", "carer"],
    ]);
  });

  it("writes dates at the precision recorded, never completed", () => {
    expect(writtenDate("1996", "fr")).toBe("1996");
    expect(writtenDate("2001-05", "fr")).toBe("mai 2001");
    expect(writtenDate("2002-08-14", "fr")).toBe("14 août 2002");
    expect(writtenDate("2026-10-16T22:30:00Z", "en")).toBe("17 October 2026");
  });

  const tables = [
    strings,
    accessWords,
    agendaWords,
    documentWords,
    exportWords,
    messageWords,
    peopleWords,
    settingsWords,
  ];
  const words = (value: unknown): unknown[] =>
    typeof value === "object" && value !== null ? Object.values(value).flatMap(words) : [value];

  it("keeps French marks on the line of their word, by a no-break space", () => {
    const french = tables.flatMap(({ fr }) => words(fr)).filter((text) => typeof text === "string");
    expect(french.filter((text) => / [:;?!»]|« /.test(text))).toEqual([]);
  });

  it("says everything in both languages, each in its own words", () => {
    const same: unknown[] = [];
    for (const { fr, en } of tables) {
      const french = words(fr);
      const english = words(en);
      expect(english).toHaveLength(french.length);
      same.push(...french.filter((text, index) => typeof text === "string" && text === english[index]));
    }
    // Words that are written alike in both languages.
    expect(same).toEqual(["Documentation", "Allergies"]);
    expect(Object.keys(documentWords.fr.categories)).toEqual([...categories]);
  });
});
