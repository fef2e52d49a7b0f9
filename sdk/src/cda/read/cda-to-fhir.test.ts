import { describe, expect, it } from "vitest";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { extensionUrl } from "../../fhir/systems.ts";
import { cdaToFhir } from "./index.ts";
import {
  allergyXml,
  convert,
  documentXml,
  inPollutedPage,
  observationXml,
  problemXml,
  sectionXml,
  treatmentXml,
} from "./test-support.ts";

const cim10 = 'codeSystem="2.16.840.1.113883.6.3"';
const penicillin = '<code code="J01CA" displayName="Pénicillines" codeSystem="2.16.840.1.113883.6.73"/>';

describe("the document and its patient", () => {
  const bundle = convert(sectionXml("11450-4", "Problèmes", "<paragraph>Rien</paragraph>"));

  it("is a document Bundle named by the document's uniqueId, Composition first, every resource naming its source", () => {
    expect(bundle).toMatchObject({
      type: "document",
      identifier: { value: "urn:oid:1.2.250.1.999.1.7.1" },
      timestamp: "2024-03-12T11:17:00+01:00",
    });
    expect(bundle.entry?.[0]?.resource?.resourceType).toBe("Composition");
    for (const entry of bundle.entry ?? []) expect(entry.resource?.meta?.source).toBe("urn:oid:1.2.250.1.999.1.7.1");
  });

  it("gives the same Bundle each time, with addresses that no other document has", () => {
    const again = convert(sectionXml("11450-4", "Problèmes", "<paragraph>Rien</paragraph>"));
    expect(again).toEqual(bundle);
    const other = cdaToFhir(documentXml({ id: '<id root="1.2.250.1.999.1.8.1"/>' }));
    const addresses = new Set(bundle.entry?.map((entry) => entry.fullUrl));
    expect(other.entry?.some((entry) => addresses.has(entry.fullUrl))).toBe(false);
    expect(addresses.size).toBe(bundle.entry?.length);
  });

  it("tells nothing that a page put into every object", () => {
    const section = sectionXml(
      "11450-4",
      "Problèmes",
      "<paragraph>Asthme</paragraph>",
      problemXml(`<value xsi:type="CD" code="J45" ${cim10}/>`),
    );
    expect(inPollutedPage(() => JSON.stringify(convert(section)))).toBe(JSON.stringify(convert(section)));
  });

  it("keeps every identifier and name of the patient, and says that a masked telecom is masked", () => {
    const [patient] = all(bundle, "Patient");
    expect(patient).toMatchObject({
      identifier: [{ system: "urn:oid:1.2.250.1.213.1.4.10" }, { system: "urn:oid:1.2.250.1.999.5", value: "IPP-42" }],
      name: [
        { use: "official", family: "EXEMPLE", given: ["LOUISE", "ANNE"] },
        { use: "usual", family: "MODELE", given: ["LISE"] },
      ],
      gender: "female",
      birthDate: "1985-12-12",
    });
    expect(patient?.telecom?.[1]?.extension?.[0]?.valueCode).toBe("masked");
    expect(JSON.stringify(patient)).toContain('"75120"');
    expect(patient?.generalPractitioner?.[0]?.display).toContain("TESTEUR");
  });
});

describe("yes and no", () => {
  it("a negated problem is refuted, never a condition the patient has", () => {
    const bundle = convert(
      sectionXml(
        "11450-4",
        "Problèmes",
        "x",
        problemXml(`<value xsi:type="CD" code="E11" displayName="Diabète" ${cim10}/>`, { negated: true }),
      ),
    );
    expect(all(bundle, "Condition")).toMatchObject([{ verificationStatus: { coding: [{ code: "refuted" }] } }]);
  });

  it("no known problems, medications and allergies become the IPS codes of absence", () => {
    const absent = (code: string) => `code="${code}" codeSystem="2.16.840.1.113883.5.1150.1"`;
    const bundle = convert(
      sectionXml(
        "11450-4",
        "Problèmes",
        "x",
        problemXml(`<value xsi:type="CD" ${absent("no-known-problems")}/>`, { negated: true }),
      ),
      sectionXml("10160-0", "Traitements", "x", treatmentXml("", `<code ${absent("no-known-medications")}/>`)),
      sectionXml(
        "48765-2",
        "Allergies",
        "x",
        allergyXml(undefined, { value: `<value xsi:type="CD" ${absent("no-known-allergies")}/>` }),
      ),
    );
    const system = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    expect(all(bundle, "Condition")[0]?.code?.coding?.[0]).toEqual({ system, code: "no-known-problems" });
    expect(all(bundle, "Condition")[0]?.verificationStatus).toBeUndefined();
    expect(all(bundle, "MedicationStatement")[0]?.medicationCodeableConcept?.coding?.[0]?.code).toBe(
      "no-known-medications",
    );
    expect(all(bundle, "AllergyIntolerance")[0]?.code?.coding?.[0]?.code).toBe("no-known-allergies");
  });

  it.each([
    ["Aucune allergie connue", "no-known-allergies"],
    ["Pas d'allergie", "no-known-allergies"],
    ["Absence d’allergie médicamenteuse", "no-known-medication-allergies"],
    ["AUCUNE", "no-known-allergies"],
  ])("an empty allergy entry beside the words %j is no allergy", (words, code) => {
    const narrative = `<content ID="al">${words}</content>`;
    const bundle = convert(sectionXml("48765-2", "Allergies", narrative, allergyXml(undefined, { text: "#al" })));
    const allergies = all(bundle, "AllergyIntolerance");
    expect(allergies.map((each) => each.code?.coding?.[0]?.code)).toEqual([code]);
    expect(JSON.stringify(allergies)).not.toContain("416098002");
  });

  it("an empty allergy entry without any words is nothing at all", () => {
    expect(all(convert(sectionXml("48765-2", "Allergies", "", allergyXml(undefined))), "AllergyIntolerance")).toEqual(
      [],
    );
  });

  it("a refused vaccine, a refused act and a denied observation never read as done or found", () => {
    const vaccine = treatmentXml(
      '<code code="J07BM" displayName="HPV" codeSystem="2.16.840.1.113883.6.73"/>',
      '<effectiveTime nullFlavor="NA"/>',
      'moodCode="EVN" negationInd="true"',
      "45",
    );
    const act =
      '<procedure classCode="PROC" moodCode="EVN" negationInd="true"><templateId root="1.2.250.1.213.1.1.3.62"/><code code="103735009" codeSystem="2.16.840.1.113883.6.96" displayName="Soins palliatifs"/><statusCode code="active"/></procedure>';
    const denied = observationXml(
      "48",
      '<code code="MED-1" displayName="Anesthésie" codeSystem="1.2.250.1.213.1.1.4.322"/>',
      '<value xsi:type="CD" code="50697003" displayName="générale" codeSystem="2.16.840.1.113883.6.96"/>',
      'moodCode="EVN" negationInd="true"',
    );
    const bundle = convert(sectionXml("11369-6", "Divers", "x", vaccine, act, denied));
    expect(all(bundle, "Immunization")).toMatchObject([{ status: "not-done" }]);
    expect(all(bundle, "Procedure")).toMatchObject([{ status: "not-done" }]);
    const [observation] = all(bundle, "Observation");
    expect(observation).toMatchObject({ valueBoolean: false });
    expect(observation?.valueCodeableConcept).toBeUndefined();
    expect(
      observation?.extension?.find((each) => each.url === extensionUrl.deniedValue)?.valueCodeableConcept?.text,
    ).toBe("générale");
  });

  it("details of a problem stay inside it: 'burn: no' under an accident is never a fact of its own", () => {
    const detail = `<entryRelationship typeCode="CAUS">${observationXml("48", '<code code="T30" displayName="Brûlures" codeSystem="2.16.840.1.113883.6.3"/>', '<value xsi:type="BL" value="false"/>')}</entryRelationship>`;
    const bundle = convert(
      sectionXml(
        "11348-0",
        "Antécédents",
        "x",
        problemXml(`<value xsi:type="CD" code="X59" displayName="Accident" ${cim10}/>`, { inner: detail }),
      ),
    );
    expect(all(bundle, "Observation")).toEqual([]);
    expect(all(bundle, "Condition")[0]?.contained).toMatchObject([{ valueBoolean: false, code: { text: "Brûlures" } }]);
  });

  it("an advance directive tells permission from refusal", () => {
    const directive = (value: boolean) =>
      observationXml(
        "54",
        '<code code="75779-9" displayName="Réanimation" codeSystem="2.16.840.1.113883.6.1"/>',
        `<value xsi:type="BL" value="${value}"/>`,
      );
    const bundle = convert(sectionXml("42348-3", "Directives", "x", directive(false), directive(true)));
    expect(all(bundle, "Consent").map((each) => each.provision?.type)).toEqual(["deny", "permit"]);
  });
});

describe("somebody else in the patient's document", () => {
  const child =
    '<subject><relatedSubject classCode="PRS"><code code="CHILD" displayName="Enfant" codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject>';
  const malformation = problemXml(`<value xsi:type="CD" code="Q39.0" displayName="Atrésie" ${cim10}/>`);

  it("an illness of the child never becomes a condition of its mother, wherever the child is named", () => {
    const inEntry = malformation.replace('<statusCode code="active"/>', `<statusCode code="active"/>${child}`);
    const inSection = sectionXml("11450-4", "P", "x", malformation).replace("<entry>", `${child}<entry>`);
    for (const bundle of [convert(sectionXml("11450-4", "P", "x", inEntry)), convert(inSection)]) {
      expect(all(bundle, "Condition")).toEqual([]);
      const [observation] = all(bundle, "Observation");
      expect(observation?.valueCodeableConcept?.coding?.[0]?.code).toBe("Q39.0");
      const focus = bundle.entry?.find((entry) => entry.fullUrl === observation?.focus?.[0]?.reference)?.resource;
      expect(focus).toMatchObject({ resourceType: "RelatedPerson", relationship: [{ coding: [{ code: "CHILD" }] }] });
    }
  });

  it("a treatment or an allergy of somebody else is left in the narrative", () => {
    const bundle = convert(
      sectionXml("10160-0", "T", "x", treatmentXml("<name>X</name>", child)),
      sectionXml("48765-2", "A", "x", allergyXml(penicillin)).replace("<entry>", `${child}<entry>`),
    );
    expect(all(bundle, "MedicationStatement")).toEqual([]);
    expect(all(bundle, "AllergyIntolerance")).toEqual([]);
  });
});

describe("entry and narrative", () => {
  const row = (cells: string) =>
    `<table><thead><tr><th>Date</th><th>Médicament</th><th>Posologie</th></tr></thead><tbody><tr>${cells}</tr></tbody></table>`;

  it("keeps both when they disagree, and says where", () => {
    const narrative = row('<td>01/02/2019</td><td ID="med">FICTIMAB 5 mg</td><td>1 cp/j</td>');
    const treatment = treatmentXml(
      '<code code="60000001" codeSystem="1.2.250.1.213.2.3.1"><originalText><reference value="#med"/></originalText></code>',
      '<text><reference value="#med"/></text><effectiveTime xsi:type="IVL_TS"><low value="20190811"/><high nullFlavor="UNK"/></effectiveTime><effectiveTime xsi:type="PIVL_TS" operator="A"><period value="6" unit="h"/></effectiveTime><doseQuantity><low value="1" unit="{tablet}"/><high value="1" unit="{tablet}"/></doseQuantity>',
    );
    const [statement] = all(convert(sectionXml("10160-0", "Traitements", narrative, treatment)), "MedicationStatement");
    expect(statement).toMatchObject({
      status: "active",
      effectivePeriod: { start: "2019-08-11" },
      dosage: [
        {
          timing: { repeat: { frequency: 1, period: 6, periodUnit: "h" } },
          doseAndRate: [{ doseQuantity: { value: 1, unit: "{tablet}" } }],
        },
      ],
    });
    expect(statement?.effectivePeriod?.end).toBeUndefined();
    const said = (url: string) =>
      statement?.extension?.filter((each) => each.url === url).map((each) => each.valueString);
    expect(said(extensionUrl.narrativeText)).toEqual([
      "Date : 01/02/2019 | Médicament : FICTIMAB 5 mg | Posologie : 1 cp/j",
    ]);
    expect(said(extensionUrl.disagreement)).toHaveLength(2);
  });

  it("says nothing of disagreement when they agree or one is silent", () => {
    const narrative = row('<td>11/08/2019</td><td ID="med">FICTIMAB 5 mg</td><td>4 cp/j</td>');
    const treatment = treatmentXml(
      "<name>FICTIMAB</name>",
      '<text><reference value="#med"/></text><effectiveTime xsi:type="IVL_TS"><low value="20190811"/></effectiveTime><effectiveTime xsi:type="PIVL_TS"><period value="6" unit="h"/></effectiveTime><doseQuantity value="1" unit="{tablet}"/>',
    );
    const [statement] = all(convert(sectionXml("10160-0", "Traitements", narrative, treatment)), "MedicationStatement");
    expect(JSON.stringify(statement)).not.toContain(extensionUrl.disagreement);
  });

  it.each([
    ["with #", "#p1", "Asthme"],
    ["without #", "p1", "Asthme"],
    ["of another accent", "#prôblème", "Goutte"],
    ["dangling", "#nowhere", undefined],
    ["empty", "#", undefined],
    ["to an address", "https://example.org/#p1", undefined],
    ["to a file", "#media", undefined],
  ])("resolves a reference %s", (_, reference, expected) => {
    const narrative = '<content ID="p1">Asthme</content><content ID="probleme">Goutte</content>';
    const media =
      '<observationMedia classCode="OBS" moodCode="EVN" ID="media"><value mediaType="application/pdf" representation="B64">JVBERi0=</value></observationMedia>';
    const bundle = convert(
      sectionXml(
        "11450-4",
        "P",
        narrative,
        problemXml(
          `<value xsi:type="CD" code="R69" ${cim10}><originalText><reference value="${reference}"/></originalText></value>`,
        ),
        media,
      ),
    );
    expect(all(bundle, "Condition")[0]?.code?.text).toBe(expected);
  });

  it("names a code by its label when the narrative only answers yes", () => {
    const bundle = convert(
      sectionXml(
        "11348-0",
        "A",
        '<content ID="r">Non</content>',
        problemXml(
          `<value xsi:type="CD" code="MED-183" displayName="Prématurité" ${cim10}><originalText><reference value="#r"/></originalText></value>`,
          { text: "#r" },
        ),
      ),
    );
    const [condition] = all(bundle, "Condition");
    expect(condition?.code?.text).toBe("Prématurité");
    expect(condition?.extension?.some((each) => each.url === extensionUrl.disagreement)).toBe(true);
  });

  it("keeps a section that has narrative only, with its sub-sections, as safe XHTML", () => {
    const inner = sectionXml("30954-2", "Points de vigilance", "<list><item>Chute &lt;récente&gt;</item></list>");
    const outer = inner.replace(
      "</section>",
      `${sectionXml("10161-8", "Risques", "<paragraph styleCode='Bold'>Amiante</paragraph>")}</section>`,
    );
    const [composition] = all(convert(outer), "Composition");
    expect(composition?.section).toMatchObject([
      {
        title: "Points de vigilance",
        text: { div: '<div xmlns="http://www.w3.org/1999/xhtml"><ul><li>Chute &lt;récente&gt;</li></ul></div>' },
        section: [{ title: "Risques", text: { div: expect.stringContaining("<strong>Amiante</strong>") } }],
      },
    ]);
  });
});

describe("codes, values and times", () => {
  const hemoglobin = '<code code="718-7" displayName="Hémoglobine" codeSystem="2.16.840.1.113883.6.1"/>';
  const resultOf = (value: string) =>
    all(convert(sectionXml("30954-2", "R", "x", observationXml("80", hemoglobin, value))), "Observation")[0];

  it.each([
    ['<value xsi:type="PQ" value="13.2" unit="g/dL"/>', { valueQuantity: { value: 13.2, unit: "g/dL", code: "g/dL" } }],
    ['<value xsi:type="PQ" value="2" unit="boîte"/>', { valueQuantity: { value: 2, unit: "boîte" } }],
    ['<value xsi:type="INT" value="3"/>', { valueInteger: 3 }],
    ['<value xsi:type="REAL" value="2.5"/>', { valueQuantity: { value: 2.5 } }],
    ['<value xsi:type="BL" value="false"/>', { valueBoolean: false }],
    [
      '<value xsi:type="IVL_PQ"><high value="0.032" unit="ug/mL" inclusive="false"/></value>',
      { valueQuantity: { value: 0.032, comparator: "<" } },
    ],
    ['<value xsi:type="IVL_PQ"><low value="4" unit="g"/></value>', { valueQuantity: { value: 4, comparator: ">=" } }],
    [
      '<value xsi:type="IVL_PQ"><low value="4" unit="g"/><high value="9" unit="g"/></value>',
      { valueRange: { low: { value: 4 }, high: { value: 9 } } },
    ],
    ['<value xsi:type="ED">&lt;1.0 mg/L</value>', { valueString: "<1.0 mg/L" }],
    ['<value xsi:type="ST">Positif</value>', { valueString: "Positif" }],
    ['<value xsi:type="TS" value="202409"/>', { valueDateTime: "2024-09" }],
    ['<value xsi:type="CD"><originalText>paille</originalText></value>', { valueCodeableConcept: { text: "paille" } }],
    ['<value xsi:type="PQ" nullFlavor="MSK"/>', { dataAbsentReason: { coding: [{ code: "masked" }] } }],
    [
      '<value xsi:type="RTO"><numerator value="1"/><denominator value="64"/></value>',
      { valueRatio: { denominator: { value: 64 } } },
    ],
  ])("reads %s", (value, expected) => {
    expect(resultOf(value)).toMatchObject({ status: "final", ...expected });
  });

  it("keeps a second unit, the interpretation and the range as printed, and recomputes neither", () => {
    const result = resultOf(
      '<value xsi:type="PQ" value="4.89" unit="mmol/L"><translation value="0.88" code="g/L"/></value><interpretationCode code="N" codeSystem="2.16.840.1.113883.5.83"/><referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="3.89" unit="mmol/L"/><high value="3.89" unit="mmol/L"/></value></observationRange></referenceRange>',
    );
    expect(result?.valueQuantity?.extension?.[0]?.valueQuantity).toMatchObject({ value: 0.88, unit: "g/L" });
    expect(result?.interpretation?.[0]?.coding?.[0]?.code).toBe("N");
    expect(result?.referenceRange).toMatchObject([{ low: { value: 3.89 }, high: { value: 3.89 } }]);
  });

  it.each([
    ["1975", "1975"],
    ["202003", "2020-03"],
    ["20200312", "2020-03-12"],
    ["20200312111700+0100", "2020-03-12T11:17:00+01:00"],
    ["202003121117", "2020-03-12"],
    ["20092012081500+0100", undefined],
    ["20230230", undefined],
  ])("keeps the time %s at its precision", (recorded, expected) => {
    expect(resultOf(`<effectiveTime value="${recorded}"/><value xsi:type="INT" value="1"/>`)?.effectiveDateTime).toBe(
      expected,
    );
  });

  it("gathers translations at any depth and answers that stand in qualifiers", () => {
    const product =
      '<code><originalText>FICTIMAB</originalText><translation code="3400900000000" codeSystem="1.2.250.1.213.2.3.2"/><translation><translation code="L01" codeSystem="2.16.840.1.113883.6.73"/></translation></code>';
    const question = observationXml(
      "52",
      '<code code="11345-6" codeSystem="2.16.840.1.113883.6.1"><qualifier><value code="ORG-099" displayName="Profession" codeSystem="1.2.250.1.213.1.1.4.322"/></qualifier></code>',
      '<value xsi:type="ST">Pilote</value>',
    );
    const bundle = convert(
      sectionXml("10160-0", "T", "x", treatmentXml(product)),
      sectionXml("29762-2", "M", "x", question),
    );
    expect(all(bundle, "MedicationStatement")[0]?.medicationCodeableConcept).toEqual({
      coding: [
        { system: "urn:oid:1.2.250.1.213.2.3.2", code: "3400900000000" },
        { system: "http://www.whocc.no/atc", code: "L01" },
      ],
      text: "FICTIMAB",
    });
    expect(all(bundle, "Observation")[0]?.code.text).toBe("Profession");
  });

  it("gives a length in metres as FHIR wants it, the recorded one beside it", () => {
    const height = observationXml(
      "50",
      '<code code="8302-2" codeSystem="2.16.840.1.113883.6.1"/>',
      '<value xsi:type="PQ" value="1.6" unit="m"/>',
    );
    const [observation] = all(convert(sectionXml("8716-3", "S", "x", height)), "Observation");
    expect(observation?.valueQuantity).toMatchObject({
      value: 160,
      code: "cm",
      extension: [{ valueQuantity: { value: 1.6, unit: "m" } }],
    });
  });

  it.each([
    ["8310-5", "37.9", "°C", "Cel"],
    ["8480-6", "12.5", "mmHg", "mm[Hg]"],
    ["39156-5", "22", "kg/m²", "kg/m2"],
  ])("gives the vital sign %s in %s %s the code of that unit, its words as recorded", (code, value, unit, ucum) => {
    const sign = observationXml(
      "50",
      `<code code="${code}" codeSystem="2.16.840.1.113883.6.1"/>`,
      `<value xsi:type="PQ" value="${value}" unit="${unit}"/>`,
    );
    const [observation] = all(convert(sectionXml("8716-3", "S", "x", sign)), "Observation");
    expect(observation?.valueQuantity).toEqual({
      value: Number(value),
      unit,
      system: "http://unitsofmeasure.org",
      code: ucum,
    });
  });
});

describe("treatments", () => {
  it("an allergy names its agent, keeps its kind apart, and a plan is never a current treatment", () => {
    const bundle = convert(
      sectionXml("48765-2", "Allergies", "x", allergyXml(penicillin)),
      sectionXml("18776-5", "Plan", "x", treatmentXml("<name>FICTIMAB</name>", "", 'moodCode="INT"')),
    );
    expect(all(bundle, "AllergyIntolerance")).toMatchObject([
      { code: { coding: [{ code: "J01CA" }] }, category: ["medication"], onsetDateTime: "2018" },
    ]);
    expect(all(bundle, "MedicationStatement")).toEqual([]);
    expect(all(bundle, "MedicationRequest")).toMatchObject([{ intent: "plan" }]);
    expect(all(bundle, "CarePlan")).toHaveLength(1);
  });

  it("reads a prescription with its steps, repeats, quantity and substitution", () => {
    const step = (number: number, start: string, days: number, hours: number) =>
      `<entryRelationship typeCode="COMP"><sequenceNumber value="${number}"/><substanceAdministration classCode="SBADM" moodCode="INT"><effectiveTime xsi:type="SXPR_TS"><comp xsi:type="IVL_TS"><low value="${start}"/><width value="${days}" unit="d"/></comp><comp xsi:type="PIVL_TS"><period value="${hours}" unit="h"/></comp></effectiveTime><doseQuantity><low value="1" unit="{tablet}"/><high value="2" unit="{tablet}"/></doseQuantity></substanceAdministration></entryRelationship>`;
    const prescription = treatmentXml(
      '<code code="60000001" codeSystem="1.2.250.1.213.2.3.1"/><name>FICTIMAB</name><pharm:ingredient><pharm:quantity><numerator value="500" unit="mg"/><denominator value="1"/></pharm:quantity><pharm:ingredient><pharm:code code="100" displayName="fictine" codeSystem="2.16.840.1.113883.3.6905.2"/></pharm:ingredient></pharm:ingredient>',
      `<effectiveTime xsi:type="IVL_TS"><low value="20240312"/><high value="20240318"/></effectiveTime><repeatNumber value="3"/>${step(1, "20240312", 2, 8)}${step(2, "20240314", 4, 12)}<entryRelationship typeCode="COMP"><supply classCode="SPLY" moodCode="RQO"><templateId root="1.2.250.1.213.1.1.3.86"/><quantity value="2" unit="30009000"/></supply></entryRelationship><entryRelationship typeCode="COMP"><act classCode="ACT" moodCode="DEF"><templateId root="1.2.250.1.213.1.1.3.87"/><code code="N" codeSystem="2.16.840.1.113883.5.1070"/></act></entryRelationship>`,
      'moodCode="INT"',
      "83",
    );
    const bundle = convert(sectionXml("57828-6", "Prescription", "x", prescription));
    expect(all(bundle, "MedicationRequest")).toMatchObject([
      {
        intent: "order",
        dispenseRequest: {
          numberOfRepeatsAllowed: 3,
          quantity: { value: 2, system: "http://standardterms.edqm.eu", code: "30009000" },
        },
        substitution: { allowedCodeableConcept: { coding: [{ code: "N" }] } },
        dosageInstruction: [
          { timing: { repeat: { boundsPeriod: { start: "2024-03-12", end: "2024-03-18" } } } },
          { sequence: 1, timing: { repeat: { period: 8, boundsPeriod: { start: "2024-03-12", end: "2024-03-14" } } } },
          { sequence: 2, doseAndRate: [{ doseRange: { low: { value: 1 }, high: { value: 2 } } }] },
        ],
      },
    ]);
    expect(all(bundle, "Medication")[0]?.ingredient?.[0]).toMatchObject({
      strength: { numerator: { value: 500, unit: "mg" } },
    });
  });

  it("a treatment whose period ended before the document is over", () => {
    const ended = treatmentXml(
      "<name>X</name>",
      '<effectiveTime xsi:type="IVL_TS"><low value="2023"/><high value="20240101"/></effectiveTime>',
    );
    expect(all(convert(sectionXml("10160-0", "T", "x", ended)), "MedicationStatement")).toMatchObject([
      { status: "completed" },
    ]);
  });
});
