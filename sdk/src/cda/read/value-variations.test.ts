/** The types of values, the places of words and the forms of posology that the standard allows. */
import { describe, expect, it } from "vitest";
import type { Dosage, Observation } from "../../fhir/index.ts";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { cdaToFhir } from "./index.ts";
import { convert, documentXml, observationXml, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const ucum = (value: number, unit: string) => ({ value, unit, system: "http://unitsofmeasure.org", code: unit });

describe("a value, whatever its type", () => {
  const narrative = '<content ID="v">environ dix</content>';
  const read = (value: string, inner = ""): Observation | undefined =>
    all(
      convert(
        sectionXml(
          "30954-2",
          "Résultats",
          narrative,
          observationXml("80", `<code code="718-7" displayName="Mesure" ${loinc}/>`, value, 'moodCode="EVN"', inner),
        ),
      ),
      "Observation",
    )[0];

  it.each([
    [
      "a titre",
      '<value xsi:type="RTO"><numerator xsi:type="INT" value="1"/><denominator xsi:type="INT" value="128"/></value>',
      { valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } },
    ],
    [
      "a titre of counts",
      '<value xsi:type="RTO_INT_INT"><numerator value="1"/><denominator value="128"/></value>',
      { valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } },
    ],
    [
      "a range",
      '<value xsi:type="IVL_PQ"><low value="3" unit="g/L"/><high value="5" unit="g/L"/></value>',
      { valueRange: { low: ucum(3, "g/L"), high: ucum(5, "g/L") } },
    ],
    [
      "an open range",
      '<value xsi:type="IVL_PQ"><high value="5" unit="g/L" inclusive="false"/></value>',
      { valueQuantity: { ...ucum(5, "g/L"), comparator: "<" } },
    ],
    [
      "a bound written before the number",
      '<value xsi:type="PQ" value="&lt;0.5" unit="g/L"/>',
      { valueQuantity: { ...ucum(0.5, "g/L"), comparator: "<" } },
    ],
    [
      "blanks between thousands",
      '<value xsi:type="PQ" value="1 234,5" unit="g/L"/>',
      { valueQuantity: ucum(1234.5, "g/L") },
    ],
    [
      "a bound written as one sign",
      '<value xsi:type="PQ" value="≥ 120" unit="g/L"/>',
      { valueQuantity: { ...ucum(120, "g/L"), comparator: ">=" } },
    ],
    [
      "an amount of money",
      '<value xsi:type="MO" value="25.50" currency="EUR"/>',
      { valueQuantity: { value: 25.5, unit: "EUR", system: "urn:iso:std:iso:4217", code: "EUR" } },
    ],
    [
      "an amount of money that is no number",
      '<value xsi:type="MO" value="env. 25" currency="EUR"/>',
      { valueString: "env. 25 EUR" },
    ],
    ["traces, which are some", '<value xsi:type="PQ" nullFlavor="TRC"/>', { valueString: "traces" }],
    ["a titre in one attribute", '<value xsi:type="RTO" value="1:160"/>', { valueString: "1:160" }],
    [
      "words in two lines",
      '<value xsi:type="ED">Présence de<br/>cristaux</value>',
      { valueString: "Présence de cristaux" },
    ],
    ["no number under a unit", '<value xsi:type="PQ" value="traces" unit="g/L"/>', { valueString: "traces g/L" }],
    ["no whole number", '<value xsi:type="INT" value="1/128"/>', { valueString: "1/128" }],
    ["a French decimal", '<value xsi:type="PQ" value="13,5" unit="g/dL"/>', { valueQuantity: ucum(13.5, "g/dL") }],
    [
      "another unit alone",
      '<value xsi:type="PQ" nullFlavor="OTH"><translation value="7" code="mmol/L" codeSystem="2.16.840.1.113883.6.8"/></value>',
      { valueQuantity: ucum(7, "mmol/L") },
    ],
    [
      "words alone",
      '<value xsi:type="PQ" nullFlavor="OTH"><translation><originalText><reference value="#v"/></originalText></translation></value>',
      { valueString: "environ dix" },
    ],
    ["a real", '<value xsi:type="REAL" value="2.5"/>', { valueQuantity: { value: 2.5 } }],
    ["a number without type", '<value value="4" unit="g/L"/>', { valueQuantity: ucum(4, "g/L") }],
    ["a text that points", '<value xsi:type="ED"><reference value="#v"/></value>', { valueString: "environ dix" }],
    [
      "a text that points nowhere, with words",
      '<value xsi:type="ED">cent<reference value="#w"/></value>',
      { valueString: "cent" },
    ],
    [
      "a code without code",
      '<value xsi:type="CE" nullFlavor="OTH"><originalText><reference value="#v"/></originalText></value>',
      { valueCodeableConcept: { text: "environ dix" } },
    ],
    [
      "a string with a code",
      `<value xsi:type="SC" code="LA1" ${loinc}>jaune</value>`,
      { valueCodeableConcept: { coding: [{ system: "http://loinc.org", code: "LA1" }], text: "jaune" } },
    ],
    [
      "an ordinal",
      `<value xsi:type="CO" code="LA2" ${loinc} displayName="2+"/>`,
      { valueCodeableConcept: { coding: [{ system: "http://loinc.org", code: "LA2", display: "2+" }], text: "2+" } },
    ],
    ["a moment", '<value xsi:type="TS" value="20240102"/>', { valueDateTime: "2024-01-02" }],
    ["a period", '<value xsi:type="IVL_TS"><low value="2024"/></value>', { valuePeriod: { start: "2024" } }],
    ["an identifier", '<value xsi:type="II" root="1.2.3" extension="LOT-7"/>', { valueString: "LOT-7" }],
    [
      "withheld",
      '<value xsi:type="PQ" nullFlavor="MSK"/>',
      {
        dataAbsentReason: {
          coding: [{ system: "http://terminology.hl7.org/CodeSystem/data-absent-reason", code: "masked" }],
        },
      },
    ],
  ])("%s", (_, xml, expected) => {
    expect(read(xml)).toMatchObject(expected);
  });

  it.each([
    ["of words", "<text>inférieur à 5</text>", { text: "inférieur à 5" }],
    ["of words pointed to", '<text><reference value="#v"/></text>', { text: "environ dix" }],
    ["of a string", '<value xsi:type="ST">négatif</value>', { text: "négatif" }],
    [
      "of a code",
      `<value xsi:type="CD" code="260385009" codeSystem="2.16.840.1.113883.6.96" displayName="négatif"/>`,
      { text: "négatif" },
    ],
    ["from a bound up", '<value xsi:type="IVL_PQ"><low value="4" unit="g/L"/></value>', { low: ucum(4, "g/L") }],
    [
      "of real numbers",
      '<value xsi:type="IVL_REAL"><low value="2"/><high value="3"/></value>',
      { low: { value: 2 }, high: { value: 3 } },
    ],
  ])("a reference range %s", (_, xml, expected) => {
    const range = `<referenceRange><observationRange>${xml}</observationRange></referenceRange>`;
    expect(read('<value xsi:type="INT" value="4"/>', range)?.referenceRange).toEqual([expected]);
  });
});

describe("a code", () => {
  it("that is a label alone names what it stands for, unless it says that nobody knows", () => {
    const read = (code: string, value: string) =>
      all(convert(sectionXml("30954-2", "R", "x", observationXml("80", code, value))), "Observation")[0];
    const number = '<value xsi:type="PQ" value="5" unit="g/L"/>';
    expect(read('<code displayName="Glycémie"/>', number)?.code).toEqual({ text: "Glycémie" });
    expect(read('<code nullFlavor="OTH" displayName="Dosage local"/>', number)?.code).toEqual({ text: "Dosage local" });
    expect(read('<code nullFlavor="UNK" displayName="Inconnu"/>', number)).toBeUndefined();
    const problem = problemXml('<value xsi:type="CD" displayName="Asthme"/>');
    expect(all(convert(sectionXml("11450-4", "P", "x", problem)), "Condition")[0]?.code).toEqual({ text: "Asthme" });
    const unknown = problemXml('<value xsi:type="CD" nullFlavor="UNK" displayName="Non renseigné"/>');
    expect(all(convert(sectionXml("11450-4", "P", "x", unknown)), "Condition")).toEqual([]);
  });
});

describe("a posology, whatever its form", () => {
  const product = "<name>FICTIMAB 5 mg</name>";
  const read = (inner: string, text = "x"): Dosage[] | undefined =>
    all(
      convert(sectionXml("57828-6", "Prescription", text, treatmentXml(product, inner, 'moodCode="INT"', "83"))),
      "MedicationRequest",
    )[0]?.dosageInstruction;

  it("on given days: each of them, and their period", () => {
    const days = ["20240314", "20240321", "20240328"].map((day) => `<effectiveTime value="${day}"/>`).join("");
    expect(read(days)?.[0]?.timing).toEqual({ event: ["2024-03-14", "2024-03-21", "2024-03-28"] });
    const taken = all(convert(sectionXml("18610-6", "Cures", "x", treatmentXml(product, days))), "MedicationStatement");
    expect(taken[0]?.effectivePeriod).toEqual({ start: "2024-03-14", end: "2024-03-28" });
  });

  it("at given hours of each day", () => {
    const at = (hour: string) =>
      `<comp xsi:type="PIVL_TS"><phase><low value="20240312${hour}0000+0100"/></phase><period value="1" unit="d"/></comp>`;
    const dosage = read(`<effectiveTime xsi:type="SXPR_TS">${at("08")}${at("20")}</effectiveTime>`)?.[0];
    expect(dosage?.timing?.repeat).toEqual({
      frequency: 2,
      period: 1,
      periodUnit: "d",
      timeOfDay: ["08:00:00", "20:00:00"],
    });
  });

  it("half an hour before a meal", () => {
    const meal =
      '<effectiveTime xsi:type="EIVL_TS" operator="A"><event code="ACM"/><offset><low value="30" unit="min"/></offset></effectiveTime>';
    expect(read(meal)?.[0]?.timing?.repeat).toEqual({ when: ["ACM"], offset: 30 });
  });

  it.each([
    ["3", "m", ucum(3, "mo")],
    ["3", "mois", ucum(3, "mo")],
    ["7", "{jours}", ucum(7, "d")],
    ["2", "semaines", ucum(2, "wk")],
  ])("for %s %s", (value, unit, expected) => {
    const dosage = read(
      `<effectiveTime xsi:type="IVL_TS"><width value="${value}" unit="${unit}"/></effectiveTime>`,
    )?.[0];
    expect(dosage?.timing?.repeat).toEqual({ boundsDuration: expected });
  });

  it("every four to six hours, or in a rhythm of hours and one of weeks", () => {
    const periodic = (inner: string) => `<effectiveTime xsi:type="PIVL_TS" operator="A">${inner}</effectiveTime>`;
    const between = '<period xsi:type="IVL_PQ"><low value="4" unit="h"/><high value="6" unit="heures"/></period>';
    expect(read(periodic(between))?.[0]?.timing?.repeat).toEqual({
      frequency: 1,
      period: 4,
      periodMax: 6,
      periodUnit: "h",
    });
    const two = read(periodic('<period value="8" unit="h"/>') + periodic('<period value="1" unit="wk"/>'))?.[0];
    expect(two?.timing?.repeat).toEqual({ frequency: 1, period: 8, periodUnit: "h" });
    expect(two?.text).toBe("autre rythme : période de 1 semaine(s)");
  });

  const periodic = (inner: string, attributes = 'operator="A"') =>
    `<effectiveTime xsi:type="PIVL_TS" ${attributes}>${inner}</effectiveTime>`;
  const moment = (event: string, offset = "") =>
    `<effectiveTime xsi:type="EIVL_TS" operator="A">${event}${offset && `<offset><low value="${offset}" unit="min"/></offset>`}</effectiveTime>`;
  const daily = periodic('<period value="1" unit="d"/>');
  const sunday = '<phase><low value="20240107"/></phase><period value="1" unit="wk"/>';

  it("each day but Sundays: the day that is left out is none to take it on", () => {
    const weekly = periodic(sunday, 'operator="E" alignment="DW"');
    const nested = `<effectiveTime xsi:type="SXPR_TS"><comp xsi:type="PIVL_TS"><period value="1" unit="d"/></comp><comp xsi:type="PIVL_TS" operator="E" alignment="DW">${sunday}</comp></effectiveTime>`;
    for (const times of [daily + weekly, weekly + daily, nested]) {
      const [found] = read(times) ?? [];
      expect(found?.timing?.repeat).toEqual({ frequency: 1, period: 1, periodUnit: "d" });
      expect(found?.text).toBe("sauf le dimanche");
    }
    expect(read(daily + moment('<event code="HS"/>').replace('"A"', '"E"'))?.[0]?.text).toBe("sauf au coucher");
  });

  it("21 days of 28: the cycle is no rhythm of a single dose", () => {
    const cycle = periodic(
      '<phase><low value="20240101"/><width value="21" unit="d"/></phase><period value="28" unit="d"/>',
    );
    const bounded = cycle.replace('<width value="21" unit="d"/>', '<high value="20240121"/>');
    expect(read(cycle)?.[0]).toEqual({ text: "21 jour(s) sur 28 jour(s)" });
    expect(read(bounded)?.[0]?.text).toBe("du 1er janvier 2024 au 21 janvier 2024, puis tous les 28 jour(s)");
    expect(read(daily + cycle)?.[0]).toEqual({
      text: "21 jour(s) sur 28 jour(s)",
      timing: { repeat: { frequency: 1, period: 1, periodUnit: "d" } },
    });
    const infusion =
      '<phase><low value="202401010800"/><width value="2" unit="h"/></phase><period value="1" unit="d"/>';
    expect(read(periodic(infusion))?.[0]?.timing?.repeat).toMatchObject({ period: 1, duration: 2, durationUnit: "h" });
  });

  it("at moments that FHIR cannot tell together, or does not know: all are told, each with its own delay", () => {
    const eight = periodic('<phase><low value="202401010800"/></phase><period value="1" unit="d"/>');
    const mixed = read(eight + moment('<event code="HS"/>'))?.[0];
    expect([mixed?.timing?.repeat?.when, mixed?.text]).toEqual([["HS"], "à 08:00"]);
    const two = read(moment('<event code="ACM"/>', "-30") + moment('<event code="PCV"/>', "60"))?.[0];
    expect(two?.timing?.repeat).toEqual({ when: ["ACM", "PCV"] });
    expect(two?.text).toBe("avant le petit-déjeuner (30 minute(s)) ; après le dîner (60 minute(s))");
    // FHIR counts from an event onwards.
    const early = read(moment('<event code="HS"/>', "-30"))?.[0];
    expect(early).toEqual({ text: "au coucher (30 minute(s) avant)", timing: { repeat: { when: ["HS"] } } });
    expect(read(moment('<event code="WAKE"/>', "30"))?.[0]?.timing?.repeat?.offset).toBe(30);
    const own = moment('<event code="DIAL" displayName="après la dialyse"/>');
    expect(
      read(own + moment('<event nullFlavor="OTH"><originalText>lors des crises</originalText></event>'))?.[0],
    ).toEqual({ text: "après la dialyse ; lors des crises" });
  });

  const span = (low: string, high: string, operator = "I") =>
    `<effectiveTime xsi:type="IVL_TS" operator="${operator}"><low value="${low}"/>${high && `<high value="${high}"/>`}</effectiveTime>`;
  const listed = (times: string) =>
    all(convert(sectionXml("10160-0", "T", "x", treatmentXml(product, times))), "MedicationStatement")[0];

  it("stopped and taken up again: it goes on, and each of its periods is told", () => {
    const again = listed(span("20230101", "20230301") + span("20240101", ""));
    expect(again).toMatchObject({ status: "active", effectivePeriod: { start: "2023-01-01" } });
    expect(again?.effectivePeriod?.end).toBeUndefined();
    expect(again?.dosage?.[0]?.text).toBe("du 1er janvier 2023 au 1er mars 2023 ; à partir du 1er janvier 2024");
    const over = listed(span("20230601", "20230605") + span("20230501", "20230505"));
    expect(over).toMatchObject({ status: "completed", effectivePeriod: { start: "2023-05-01", end: "2023-06-05" } });
  });

  it("with a pause: the pause is none of its periods", () => {
    const [course, pause] = [span("20240101", "", "A"), span("20240201", "20240210", "E")];
    for (const paused of [listed(course + pause), listed(pause + course)]) {
      expect(paused).toMatchObject({ status: "active", effectivePeriod: { start: "2024-01-01" } });
      expect(paused?.dosage?.[0]?.text).toBe("sauf du 1er février 2024 au 10 février 2024");
    }
  });

  it("with a limit that holds for no stated time, and a supply that lasts", () => {
    const limit =
      '<maxDoseQuantity><numerator value="4" unit="{tablet}"/><denominator nullFlavor="NA"/></maxDoseQuantity>';
    expect(read(limit)?.[0]?.text).toBe("maximum 4 comprimés");
    const supply = `<entryRelationship typeCode="COMP"><supply classCode="SPLY" moodCode="RQO"><templateId root="1.2.250.1.213.1.1.3.86"/><quantity value="2"/><expectedUseTime><width value="30" unit="J"/></expectedUseTime></supply></entryRelationship>`;
    const [asked] = all(
      convert(sectionXml("57828-6", "P", "x", treatmentXml(product, supply, 'moodCode="INT"', "83"))),
      "MedicationRequest",
    );
    expect(asked?.dispenseRequest).toEqual({ quantity: { value: 2 }, expectedSupplyDuration: ucum(30, "d") });
  });

  it("in steps, each with its own condition, and each with its own product", () => {
    const step = (number: number, inner: string, name = "FICTIMAB 5 mg") =>
      `<entryRelationship typeCode="COMP"><sequenceNumber value="${number}"/><substanceAdministration classCode="SBADM" moodCode="INT"><templateId root="1.2.250.1.213.1.1.3.83.1"/>${inner}<consumable><manufacturedProduct><manufacturedMaterial><name>${name}</name></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entryRelationship>`;
    const dose = (value: number) => `<doseQuantity><low value="${value}"/><high value="${value}"/></doseQuantity>`;
    const condition = "<precondition><criterion><text>si fièvre</text></criterion></precondition>";
    const steps = read(step(1, dose(1)) + step(2, dose(2) + condition) + step(3, dose(3), "AUTREMAB"));
    expect(steps?.map((each) => each.doseAndRate?.[0]?.doseQuantity?.value)).toEqual([1, 2, 3]);
    expect(steps?.map((each) => each.asNeededCodeableConcept?.text)).toEqual([undefined, "si fièvre", undefined]);
    expect(steps?.map((each) => each.text)).toEqual([undefined, undefined, "AUTREMAB"]);
  });

  it.each([
    [
      "a paragraph",
      '<paragraph>FICTIMAB <content ID="p">1 comprimé matin et soir pendant 5 jours</content></paragraph>',
      "1 comprimé matin et soir pendant 5 jours",
    ],
    ["an item", '<list><item ID="p">FICTIMAB : 1-0-1</item></list>', "FICTIMAB : 1-0-1"],
    ["a name alone, which is none", '<paragraph ID="p">FICTIMAB 5 mg</paragraph>', undefined],
  ])("in free words: %s", (_, text, expected) => {
    expect(read('<text><reference value="#p"/></text>', text)?.[0]?.text).toBe(expected);
  });
});

describe("ways to reach somebody", () => {
  it("keep every use and kind: mobile, pager, fax, mail without scheme", () => {
    const telecom = [
      '<telecom use="H MC" value="tel:+33600000001"/>',
      '<telecom use="PG" value="tel:0100000002"/>',
      '<telecom use="WP" value="fax:0100000003"/>',
      '<telecom value="ali.testeur@exemple.fr"/>',
      '<telecom use="DIR" value="0100000004"/>',
    ].join("");
    const header = `<informant><relatedEntity classCode="ECON"><code code="SPS" codeSystem="2.16.840.1.113883.5.111"/>${telecom}<relatedPerson><name><given>Ali</given><family>TESTEUR</family></name></relatedPerson></relatedEntity></informant>`;
    const [person] = all(
      cdaToFhir(documentXml({ header, sections: sectionXml("11450-4", "x", "x") })),
      "RelatedPerson",
    );
    expect(person?.telecom).toEqual([
      { system: "phone", value: "+33600000001", use: "mobile" },
      { system: "pager", value: "0100000002" },
      { system: "fax", value: "0100000003", use: "work" },
      { system: "email", value: "ali.testeur@exemple.fr" },
      { system: "phone", value: "0100000004", use: "work" },
    ]);
  });
});
