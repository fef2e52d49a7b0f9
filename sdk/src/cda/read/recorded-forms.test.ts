/** Forms that the standard allows, or that producers use all the same, for references, codes, dates, products and files. */
import { describe, expect, it } from "vitest";
import { extensionUrl } from "../../fhir/index.ts";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { readCdaView } from "../narrative/index.ts";
import { cdaToFhir } from "./index.ts";
import {
  convert,
  documentXml,
  observationXml,
  problemXml,
  sectionXml,
  treatmentXml,
  unreferenced,
} from "./test-support.ts";

const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const icd = 'codeSystem="2.16.840.1.113883.6.3"';
const gout = (inner = "") => `<value xsi:type="CD" code="M10" displayName="Goutte" ${icd}>${inner}</value>`;
const pointing = (reference: string) => `<originalText><reference value="${reference}"/></originalText>`;
const conditionOf = (value: string, text = "x", options: Parameters<typeof problemXml>[1] = {}) =>
  all(convert(sectionXml("11450-4", "Problèmes", text, problemXml(value, options))), "Condition")[0];
const told = (resource: { extension?: { url: string; valueString?: string }[] } | undefined) =>
  resource?.extension?.filter((each) => each.url === extensionUrl.disagreement).map((each) => each.valueString);

describe("a reference", () => {
  it("to a whole table or list names no single problem: the label of the code does", () => {
    const table = '<table ID="s"><tbody><tr><td>Goutte depuis 2010</td></tr><tr><td>Asthme</td></tr></tbody></table>';
    expect(conditionOf(gout(pointing("#s")), table)?.code?.text).toBe("Goutte");
    const list = '<list ID="s"><item>Goutte depuis 2010</item><item>Asthme</item></list>';
    expect(conditionOf(gout(pointing("#s")), list)?.code?.text).toBe("Goutte");
  });

  it("may be written as an address, its accents encoded", () => {
    const value = `<value xsi:type="CD">${pointing("#Polynucl%C3%A9aires")}</value>`;
    expect(conditionOf(value, '<content ID="Polynucléaires">Goutte</content>')?.code?.text).toBe("Goutte");
    expect(
      conditionOf(`<value xsi:type="CD">${pointing("#100%")}</value>`, '<content ID="100%">x</content>'),
    ).toBeDefined();
  });

  it("under an ID that the document gives twice is to the one of its own section, or to none", () => {
    const value = `<value xsi:type="CD">${pointing("#p")}</value>`;
    const twice = (own: string) =>
      all(
        convert(
          sectionXml("11348-0", "Antécédents", '<content ID="p">Asthme</content>'),
          sectionXml("11450-4", "Problèmes", own, problemXml(value)),
        ),
        "Condition",
      ).map(({ code }) => code?.text);
    expect(twice('<content ID="p">Goutte</content>')).toEqual(["Goutte"]);
    expect(twice("x")).toEqual(["Asthme"]);
    expect(twice('<content ID="p">Goutte</content><content ID="p">Zona</content>')).toEqual([]);
  });

  it("into CDATA and fixed spaces gives the words alone", () => {
    const value = `<value xsi:type="CD">${pointing("#p")}</value>`;
    const text = '<content ID="p"><![CDATA[Goutte < 2 mois]]>&#160;&#xA0;droite</content>';
    expect(conditionOf(value, text)?.code?.text).toBe("Goutte < 2 mois droite");
  });
});

describe("a code", () => {
  it.each([
    ["658", "1.2.250.1.213.2.49", "urn:oid:1.2.250.1.213.2.49", "Orphanet"],
    ["T89", "2.16.840.1.113883.6.139", "http://hl7.org/fhir/sid/icpc-2", "CISP2"],
    ["43", "1.2.250.1.213.2.48", "urn:oid:1.2.250.1.213.2.48", "DRC"],
    ["FA25", "2.16.840.1.113883.6.347", "http://id.who.int/icd/release/11/mms", "CIM-11"],
  ])("of a problem may be %s under %s, kept as %s (%s)", (code, oid, system) => {
    const value = `<value xsi:type="CD" code="${code}" displayName="Maladie" codeSystem="${oid}"/>`;
    expect(conditionOf(value)?.code?.coding).toEqual([{ system, code, display: "Maladie" }]);
  });

  it("whose system is written as an address is the same code", () => {
    const value = '<value xsi:type="CD" code="M10" codeSystem="urn:oid:2.16.840.1.113883.6.3"/>';
    expect(conditionOf(value)?.code?.coding?.[0]?.system).toBe("http://hl7.org/fhir/sid/icd-10");
  });

  it("of dependence (GIR) keeps the question that a qualifier's name asks, and the answer", () => {
    const code =
      '<code code="GEN-1" displayName="Dépendance" codeSystem="1.2.250.1.213.1.1.4.322"><qualifier><name code="MED-9" displayName="Groupe iso-ressources" codeSystem="1.2.250.1.213.1.1.4.322"/></qualifier></code>';
    const value = '<value xsi:type="CD" code="MED-342" displayName="GIR 4" codeSystem="1.2.250.1.213.1.1.4.322"/>';
    const [observation] = all(
      convert(sectionXml("47420-5", "Statut fonctionnel", "x", observationXml("48", code, value))),
      "Observation",
    );
    expect(observation?.code.text).toBe("Dépendance (Groupe iso-ressources)");
    expect(observation?.valueCodeableConcept?.text).toBe("GIR 4");
    expect(observation?.category?.[0]?.coding?.[0]?.code).toBe("survey");
  });
});

describe("a date", () => {
  const time = (value: string) => ({ time: `<effectiveTime><low value="${value}"/></effectiveTime>` });

  it.each([
    ["2024-03-12T08:15:00+01:00", "2024-03-12T08:15:00+01:00"],
    ["2024-03-12T08:15:00.250Z", "2024-03-12T08:15:00.250Z"],
    ["20240312081500.123+01:00", "2024-03-12T08:15:00.123+01:00"],
    ["2024-03-12 08:15", "2024-03-12"],
    ["2024-03-12", "2024-03-12"],
    ["2024-03", "2024-03"],
  ])("in the extended form is read at its precision: %s", (written, expected) => {
    const condition = conditionOf(gout(), "x", time(written));
    expect(condition?.onsetDateTime).toBe(expected);
    expect(told(condition) ?? []).toEqual([]);
  });

  it.each(["20092012081500+0100", "20240231", "12/03/2024", "vers 2010"])(
    "that is none stays as written, told, and no other takes its place: %s",
    (written) => {
      const condition = conditionOf(gout(), "x", time(written));
      expect(condition?.onsetDateTime).toBeUndefined();
      expect(told(condition)).toEqual([`Le codage porte une date illisible : « ${written} ».`]);
    },
  );

  it("of an end before the start ends nothing, and both are told", () => {
    const interval = '<effectiveTime><low value="20240301"/><high value="20230101"/></effectiveTime>';
    const condition = conditionOf(gout(), "x", { time: interval });
    expect([condition?.onsetDateTime, condition?.abatementDateTime]).toEqual(["2024-03-01", undefined]);
    expect(condition?.clinicalStatus?.coding?.[0]?.code).toBe("active");
    expect(told(condition)).toEqual(["Le codage finit (1er janvier 2023) avant de commencer (1er mars 2024)."]);
  });

  it.each([
    ["2023", "completed"],
    ["2024", "active"],
    ["202402", "completed"],
    ["202403", "active"],
    ["20240312", "completed"],
    ["20240313", "active"],
  ])("of an end in %s makes a treatment %s on 12 March 2024", (end, status) => {
    const period = `<effectiveTime xsi:type="IVL_TS"><low value="2022"/><high value="${end}"/></effectiveTime>`;
    const [taken] = all(
      convert(sectionXml("10160-0", "T", "x", treatmentXml("<name>F</name>", period))),
      "MedicationStatement",
    );
    expect(taken?.status).toBe(status);
  });
});

describe("a product", () => {
  it("is delivered in a box, whose code and content are kept, its parts named in either namespace", () => {
    const material = `<code code="60000001" displayName="FICTIMAB 5 mg" codeSystem="1.2.250.1.213.2.3.1"/>
      <pharm:asContent><pharm:containerPackagedMedicine><pharm:code code="3400900000000" codeSystem="1.2.250.1.213.2.3.2"/>
      <pharm:formCode code="30009000" displayName="Boîte" codeSystem="0.4.0.127.0.16.1.1.2.1"/><pharm:capacityQuantity value="30" unit="{tablet}"/></pharm:containerPackagedMedicine></pharm:asContent>
      <pharm:ingredient><pharm:quantity><pharm:numerator value="5" unit="mg"/><pharm:denominator value="1"/></pharm:quantity><pharm:ingredient><pharm:name>fictimab</pharm:name></pharm:ingredient></pharm:ingredient>`;
    const [medication] = all(convert(sectionXml("10160-0", "T", "x", treatmentXml(material))), "Medication");
    expect(medication?.code?.coding?.map((each) => each.code)).toEqual(["60000001", "3400900000000"]);
    expect(medication?.amount).toMatchObject({
      numerator: { value: 30, unit: "{tablet}" },
      denominator: { unit: "Boîte" },
    });
    expect(medication?.ingredient?.[0]?.strength?.numerator).toMatchObject({ value: 5, unit: "mg" });
  });
});

describe("a statement", () => {
  it("beside another in one entry, or in one relation, is a fact as well", () => {
    const asthma = `<value xsi:type="CD" code="J45" displayName="Asthme" ${icd}/>`;
    const read = (entry: string) =>
      all(convert(sectionXml("11450-4", "Problèmes", "x", entry)), "Condition").map((each) => each.code?.text);
    expect(read(problemXml(gout()) + problemXml(asthma))).toEqual(["Goutte", "Asthme"]);
    const [, other = ""] = /(<observation.*<\/observation>)/s.exec(problemXml(asthma)) ?? [];
    expect(read(problemXml(gout()).replace("</observation>", `</observation>${other}`))).toEqual(["Goutte", "Asthme"]);
  });

  it("of a labelled drug, which CDA allows beside a material, names the treatment and the vaccine", () => {
    const labelled = (xml: string) => xml.replaceAll("manufacturedMaterial>", "manufacturedLabeledDrug>");
    const code = '<code code="J07BB02" displayName="grippe" codeSystem="2.16.840.1.113883.6.73"/>';
    const bundle = convert(
      sectionXml("10160-0", "T", "x", labelled(treatmentXml(code))),
      sectionXml("11369-6", "V", "x", labelled(treatmentXml(code, "", 'moodCode="EVN"', "45"))),
    );
    expect(all(bundle, "MedicationStatement")[0]?.medicationCodeableConcept?.text).toBe("grippe");
    expect(all(bundle, "Immunization")[0]?.vaccineCode.text).toBe("grippe");
  });

  it("of a meeting without code or words has no empty type, and a request of a medicine is an order", () => {
    const meeting =
      '<encounter classCode="ENC" moodCode="EVN"><effectiveTime><low value="2023"/></effectiveTime></encounter>';
    const bundle = convert(
      sectionXml("46240-8", "R", "x", meeting, treatmentXml("<name>F</name>", "", 'moodCode="RQO"')),
    );
    const found = all(bundle, "Encounter").find((each) => each.period?.start === "2023");
    expect([found?.class.display, found?.type]).toEqual(["non précisé", undefined]);
    expect(all(bundle, "MedicationRequest")[0]?.intent).toBe("order");
  });

  it("of a goal with one bound keeps it", () => {
    const value = '<value xsi:type="IVL_PQ"><high value="7" unit="%"/></value>';
    const goal = observationXml("48", `<code code="4548-4" displayName="HbA1c" ${loinc}/>`, value, 'moodCode="GOL"');
    expect(all(convert(sectionXml("18776-5", "S", "x", goal)), "Goal")[0]?.target?.[0]?.detailRange).toMatchObject({
      high: { value: 7, unit: "%" },
    });
  });
});

describe("several values", () => {
  const read = (...values: string[]) =>
    all(
      convert(
        sectionXml(
          "30954-2",
          "R",
          "x",
          observationXml("80", `<code code="718-7" displayName="Dosage" ${loinc}/>`, values.join("")),
        ),
      ),
      "Observation",
    )[0];

  it("in two units are one measure; others stand in parts, under words since FHIR repeats no code", () => {
    const units = read(
      '<value xsi:type="PQ" value="0.9" unit="g/L"/>',
      '<value xsi:type="PQ" value="5" unit="mmol/L"/>',
    );
    expect(units?.valueQuantity).toMatchObject({
      value: 0.9,
      extension: [{ valueQuantity: { value: 5, unit: "mmol/L" } }],
    });
    expect(units?.component).toBeUndefined();
    const others = read('<value xsi:type="PQ" value="3" unit="g/L"/>', '<value xsi:type="ST">trouble</value>');
    expect(others?.component).toEqual([{ code: { text: "Dosage (autre valeur)" }, valueString: "trouble" }]);
  });

  it("as bounds the wrong way round make no range, and stay as words", () => {
    const bounds = '<low value="5" unit="g/L"/><high value="3" unit="g/L"/>';
    const range = `<referenceRange><observationRange><value xsi:type="IVL_PQ">${bounds}</value></observationRange></referenceRange>`;
    const found = read(`<value xsi:type="IVL_PQ">${bounds}</value>`, range);
    expect([found?.valueRange, found?.valueString]).toEqual([undefined, "5 g/L – 3 g/L"]);
    expect(found?.referenceRange).toEqual([{ text: "5 g/L – 3 g/L" }]);
    const dose = treatmentXml("<name>F</name>", `<doseQuantity>${bounds}</doseQuantity>`);
    expect(all(convert(sectionXml("10160-0", "T", "x", dose)), "MedicationStatement")[0]?.dosage).toEqual([
      { text: "5 g/L – 3 g/L" },
    ]);
  });
});

describe("an identifier", () => {
  it.each([
    ["1750712184", "FINESS"],
    ["2123456789", "SIREN"],
    ["312345678901234", "SIRET"],
    ["512345678901234/1.2.250.1.999", "software of a structure"],
  ])("of a structure keeps the digit that says which it is: %s (%s)", (extension) => {
    const signer = `<authenticator><time value="20240101"/><signatureCode code="S"/><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="${extension}"/><assignedPerson><name><family>SIGNATAIRE</family></name></assignedPerson><representedOrganization><id root="1.2.250.1.71.4.2.2" extension="${extension}"/></representedOrganization></assignedEntity></authenticator>`;
    const bundle = cdaToFhir(documentXml({ header: signer, sections: sectionXml("11450-4", "P", "x") }));
    const numbers = (kind: "Organization" | "Practitioner") =>
      all(bundle, kind).flatMap((each) => each.identifier ?? []);
    const kept = (root: string) => ({ system: `urn:oid:1.2.250.1.71.4.2.${root}`, value: extension });
    expect(numbers("Organization")).toContainEqual(kept("2"));
    expect(numbers("Practitioner")).toContainEqual(kept("1"));
  });
});

describe("a file", () => {
  const image = '<value mediaType="image/jpeg" representation="B64">iVBORw0KGgo=</value>';
  const media = `<entryRelationship typeCode="COMP"><observationMedia classCode="OBS" moodCode="EVN" ID="M">${image}</observationMedia></entryRelationship>`;

  it("stands beside the act or the treatment that holds it", () => {
    const act = `<procedure classCode="PROC" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.62"/><code code="HHFA001" codeSystem="1.2.250.1.213.2.5"/>${media}</procedure>`;
    const bundle = convert(sectionXml("47519-4", "Actes", "x", act, treatmentXml("<name>F</name>", media)));
    expect(all(bundle, "DocumentReference").map((each) => each.content[0]?.attachment.contentType)).toEqual([
      "image/png",
      "image/png",
    ]);
  });

  it("of a laboratory report, and an act told in it, are listed by its section beside the report", () => {
    const part = (inner: string) => `<entryRelationship typeCode="COMP">${inner}</entryRelationship>`;
    const picture = `<component><observationMedia classCode="OBS" moodCode="EVN" ID="M">${image}</observationMedia></component>`;
    const battery = `<organizer classCode="BATTERY" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.78"/><code code="24351-9" displayName="Électrophorèse" ${loinc}/><component>${observationXml("80", `<code code="2862-1" ${loinc}/>`, '<value xsi:type="INT" value="1"/>')}</component>${picture}</organizer>`;
    const act =
      '<procedure classCode="PROC" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.62"/><code code="HHFA001" codeSystem="1.2.250.1.213.2.5"/></procedure>';
    const chapter = `<act classCode="ACT" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.21"/><code code="18719-5" ${loinc}/>${part(battery)}${part(act)}</act>`;
    const bundle = convert(sectionXml("18719-5", "Chimie", "x", chapter));
    const [composition] = all(bundle, "Composition");
    expect(composition?.section?.[0]?.entry?.map(({ type }) => type)).toEqual([
      "DiagnosticReport",
      "Procedure",
      "DocumentReference",
    ]);
    expect(unreferenced(bundle)).toEqual([]);
  });

  it("may be the value of an observation, which then refers to it", () => {
    const curve = `<code code="11524-6" displayName="Tracé" ${loinc}/>`;
    const value = image.replace("<value", '<value xsi:type="ED"');
    const section = sectionXml("30954-2", "Résultats", "x", observationXml("48", curve, value));
    const bundle = convert(section);
    expect(readCdaView(documentXml({ sections: section })).attachments).toMatchObject([{ contentType: "image/png" }]);
    const [file] = all(bundle, "DocumentReference");
    expect(file?.content[0]?.attachment).toEqual({ contentType: "image/png", size: 8, title: "Tracé" });
    expect(all(bundle, "Observation")[0]?.derivedFrom).toHaveLength(1);
  });
});
