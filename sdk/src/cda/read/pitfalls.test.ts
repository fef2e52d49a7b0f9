/** What official documents do to a naive reader, where no other file of tests holds it: see docs/cda-pitfalls.md. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { FhirResource } from "../../fhir/index.ts";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { extensionUrl } from "../../fhir/systems.ts";
import { cdaToFhir, readCdaHeader } from "./index.ts";
import {
  allergyXml,
  convert,
  documentXml,
  observationXml,
  problemXml,
  sectionXml,
  testIns,
  treatmentXml,
} from "./test-support.ts";

const withHeader = (header: string) => cdaToFhir(documentXml({ header, sections: sectionXml("11450-4", "P", "x") }));
const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const snomed = 'codeSystem="2.16.840.1.113883.6.96"';
const cim10 = 'codeSystem="2.16.840.1.113883.6.3"';
const measure = (value: string, code = `<code code="718-7" displayName="Mesure" ${loinc}/>`) =>
  observationXml("80", code, value);
const narrativeOf = (resource: FhirResource | undefined) =>
  (resource as { extension?: { url: string; valueString?: string }[] } | undefined)?.extension?.find(
    (each) => each.url === extensionUrl.narrativeText,
  )?.valueString;

describe("entry and narrative contradict each other", () => {
  it("a device's code and the words beside it both stay: a compress under the code of a pacemaker", () => {
    const supply = `<supply classCode="SPLY" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.20"/><text><reference value="#d"/></text><effectiveTime value="20240101"/><participant typeCode="DEV"><participantRole><playingDevice><code code="3404030" displayName="Stimulateur cardiaque" codeSystem="1.2.250.1.215.200.2.1"/></playingDevice></participantRole></participant></supply>`;
    const table =
      '<table><thead><tr><th>Date</th><th>Dispositif</th></tr></thead><tbody><tr ID="d"><td>01/01/2024</td><td>Compresse stérile</td></tr></tbody></table>';
    const bundle = convert(sectionXml("46264-8", "Dispositifs", table, supply));
    expect(JSON.stringify(bundle)).toContain("3404030");
    const told = (bundle.entry ?? []).map(({ resource }) => narrativeOf(resource)).filter(Boolean);
    expect(told).toEqual(["Date : 01/01/2024 | Dispositif : Compresse stérile"]);
  });

  it("a value and the words that print it otherwise, with a range and a unit that stand in words alone", () => {
    const table =
      '<table><thead><tr><th>Analyse</th><th>Résultat</th><th>Norme</th></tr></thead><tbody><tr ID="r"><td>CMI gentamicine</td><td>0,0032 mg/L (0,3 µmol/L)</td><td>&lt; 2</td></tr></tbody></table>';
    const [result] = all(
      convert(
        sectionXml(
          "18725-2",
          "Microbiologie",
          table,
          measure('<text><reference value="#r"/></text><value xsi:type="PQ" value="0.032" unit="mg/L"/>'),
        ),
      ),
      "Observation",
    );
    expect(result?.valueQuantity?.value).toBe(0.032);
    expect(result?.referenceRange).toBeUndefined();
    expect(narrativeOf(result)).toBe("Analyse : CMI gentamicine | Résultat : 0,0032 mg/L (0,3 µmol/L) | Norme : < 2");
  });

  it("an ingredient that is not the product: both names stay, the product's first", () => {
    const product =
      '<code code="60000001" displayName="FICTIROX 75 µg" codeSystem="1.2.250.1.213.2.3.1"/><name>FICTIROX 75 µg</name><pharm:ingredient><pharm:quantity><numerator value="75" unit="mg"/><denominator value="1"/></pharm:quantity><pharm:ingredient><pharm:code code="100" displayName="paracétamol" codeSystem="2.16.840.1.113883.3.6905.2"/></pharm:ingredient></pharm:ingredient>';
    const bundle = convert(sectionXml("10160-0", "Traitements", "x", treatmentXml(product)));
    const [medication] = all(bundle, "Medication");
    expect(medication?.code?.text).toBe("FICTIROX 75 µg");
    expect(medication?.ingredient?.[0]).toMatchObject({
      itemCodeableConcept: { coding: [{ display: "paracétamol" }] },
      strength: { numerator: { value: 75, unit: "mg" } },
    });
  });
});

describe("ways to say no", () => {
  it.each([
    [
      "in the code of a procedure",
      "29554-3",
      `<procedure classCode="PROC" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.62"/><code code="no-known-procedures" codeSystem="2.16.840.1.113883.5.1150.1"/></procedure>`,
      "no-known-procedures",
    ],
    [
      "in the code of a device",
      "46264-8",
      `<supply classCode="SPLY" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.20"/><participant typeCode="DEV"><participantRole><playingDevice><code code="no-known-devices" codeSystem="2.16.840.1.113883.5.1150.1"/></playingDevice></participantRole></participant></supply>`,
      "no-known-devices",
    ],
    [
      "in the code of a product",
      "10160-0",
      treatmentXml('<code code="no-known-medications" codeSystem="2.16.840.1.113883.5.1150.1"/>'),
      "no-known-medications",
    ],
  ])("%s", (_, section, entry, code) => {
    const text = JSON.stringify(convert(sectionXml(section, "S", "x", entry)));
    expect(text).toContain(`"system":"http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips","code":"${code}"`);
  });
});

describe("no, in other places", () => {
  it("the French 'aucun' of the nomenclature is an absence, never an allergy", () => {
    const agent = '<code code="02276797" displayName="Aucun" codeSystem="1.2.250.1.213.2.63"/>';
    const [allergy] = all(convert(sectionXml("48765-2", "A", "x", allergyXml(agent))), "AllergyIntolerance");
    expect(allergy?.code?.coding?.map(({ code }) => code)).toEqual(["no-known-allergies", "02276797"]);
    expect(allergy?.verificationStatus).toBeUndefined();
  });

  it("a meeting that the narrative says is not planned is told as a disagreement", () => {
    const meeting = `<encounter classCode="ENC" moodCode="ARQ"><templateId root="1.2.250.1.213.1.1.3.41"/><code code="GEN-1" displayName="Consultation spécialisée" codeSystem="1.2.250.1.213.1.1.4.322"/><text><reference value="#e"/></text></encounter>`;
    const table = '<table><tbody><tr><td>Consultation spécialisée</td><td ID="e">Non</td></tr></tbody></table>';
    const bundle = convert(sectionXml("18776-5", "Suite", table, meeting));
    expect(all(bundle, "Encounter").filter((each) => each.status === "finished")).toEqual([]);
    const told = all(bundle, "Appointment")[0]?.extension?.filter((each) => each.url === extensionUrl.disagreement);
    expect(told?.[0]?.valueString).toBe("Le codage demande une rencontre, le texte dit « Non ».");
  });
});

describe("references into the narrative", () => {
  it.each([
    ["td", '<table><tbody><tr><td ID="p">Goutte</td></tr></tbody></table>'],
    ["th", '<table><tbody><tr><th ID="p">Goutte</th></tr></tbody></table>'],
    ["tr", '<table><tbody><tr ID="p"><td>Goutte</td></tr></tbody></table>'],
    ["table", '<table ID="p"><tbody><tr><td>Goutte</td></tr></tbody></table>'],
    ["paragraph", '<paragraph ID="p">Goutte</paragraph>'],
    ["content", '<content ID="p">Goutte</content>'],
    ["item", '<list><item ID="p">Goutte</item></list>'],
  ])("are followed to a %s", (_, narrative) => {
    const problem = problemXml('<value xsi:type="CD"><originalText><reference value="#p"/></originalText></value>');
    expect(all(convert(sectionXml("11450-4", "P", narrative, problem)), "Condition")[0]?.code?.text).toBe("Goutte");
  });

  it("to the whole text of a section: it is no line beside the entry", () => {
    const section = sectionXml(
      "11450-4",
      "P",
      "<paragraph>Goutte</paragraph><paragraph>Asthme</paragraph>",
      problemXml(`<value xsi:type="CD" code="M10" displayName="Goutte" ${cim10}/>`, { text: "#s" }),
    ).replace("<text>", '<text ID="s">');
    const [condition] = all(convert(section), "Condition");
    expect(condition?.code?.text).toBe("Goutte");
    expect(narrativeOf(condition)).toBeUndefined();
  });
});

describe("codes", () => {
  it.each([
    ["1.2.250.1.213.2.3.1", "CIS"],
    ["1.2.250.1.213.2.3.2", "CIP"],
    ["1.2.250.1.213.2.3.3", "CIP of another table"],
    ["1.2.250.1.213.2.59", "Medicabase"],
    ["1.2.250.1.213.2.62", "UCD"],
    ["1.2.250.1.215.200.1.1", "base of the insurance"],
    ["2.16.840.1.113883.6.73", "ATC"],
  ])("of a medicine are kept under %s (%s), whatever the name of the system says", (oid) => {
    const code = `<code code="1234567" codeSystem="${oid}" codeSystemName="SNOMED CT"/>`;
    const [statement] = all(convert(sectionXml("10160-0", "T", "x", treatmentXml(code))), "MedicationStatement");
    const system = oid === "2.16.840.1.113883.6.73" ? "http://www.whocc.no/atc" : `urn:oid:${oid}`;
    expect(statement?.medicationCodeableConcept?.coding).toEqual([{ system, code: "1234567" }]);
  });

  it("'other, in free text' under a null flavour keeps the words, and the code that says so", () => {
    const problem = problemXml(
      '<value xsi:type="CD" nullFlavor="NA"><originalText>Maladie de Fiction</originalText><translation code="GEN-092.01" displayName="Autre" codeSystem="1.2.250.1.213.1.1.4.322"/></value>',
    );
    expect(all(convert(sectionXml("11450-4", "P", "x", problem)), "Condition")[0]?.code).toMatchObject({
      text: "Maladie de Fiction",
      coding: [{ code: "GEN-092.01" }],
    });
  });

  it("of a question may stand in the name of a qualifier", () => {
    const code = `<code code="GEN-175" displayName="Voyage" codeSystem="1.2.250.1.213.1.1.4.322"><qualifier><name code="GEN-176" displayName="Pays visité" codeSystem="1.2.250.1.213.1.1.4.322"/></qualifier></code>`;
    const bundle = convert(sectionXml("29762-2", "M", "x", measure('<value xsi:type="ST">Togo</value>', code)));
    expect(JSON.stringify(all(bundle, "Observation")[0]?.code)).toContain("Voyage");
  });

  it("invented under the name of LOINC stay as recorded", () => {
    const code = `<code code="xx-MCH-PsychoMDev" displayName="Développement" ${loinc}/>`;
    expect(
      all(
        convert(sectionXml("30954-2", "R", "x", measure('<value xsi:type="BL" value="true"/>', code))),
        "Observation",
      )[0]?.code,
    ).toEqual({
      coding: [{ system: "http://loinc.org", code: "xx-MCH-PsychoMDev", display: "Développement" }],
      text: "Développement",
    });
  });

  it.each(["2.16.840.1.113883.4.642.1.1075", "2.16.840.1.113883.4.642.4.1075", "2.16.840.1.113883.4.642.4.130"])(
    "of certainty are told under %s",
    (oid) => {
      const inner = `<entryRelationship typeCode="REFR">${observationXml("171", `<code code="66455-7" ${loinc}/>`, `<value xsi:type="CD" code="unconfirmed" codeSystem="${oid}"/>`)}</entryRelationship>`;
      const problem = problemXml(`<value xsi:type="CD" code="M10" ${cim10}/>`, { inner });
      expect(
        all(convert(sectionXml("11450-4", "P", "x", problem)), "Condition")[0]?.verificationStatus?.coding?.[0]?.code,
      ).toBe("unconfirmed");
    },
  );

  it("of sections, the same three times: told apart by translation and title", () => {
    const section = (code: string, title: string) =>
      sectionXml("29554-3", title, title).replace(
        `<code code="29554-3" ${loinc}/>`,
        `<code code="29554-3" ${loinc}><translation code="${code}" codeSystem="1.2.250.1.213.1.1.4.322"/></code>`,
      );
    const bundle = convert(section("GEN-1", "Soins"), section("GEN-2", "Transports"), section("GEN-3", "Actes"));
    expect(
      all(bundle, "Composition")[0]?.section?.map((each) => [each.title, each.code?.coding?.map(({ code }) => code)]),
    ).toEqual([
      ["Soins", ["29554-3", "GEN-1"]],
      ["Transports", ["29554-3", "GEN-2"]],
      ["Actes", ["29554-3", "GEN-3"]],
    ]);
  });
});

describe("medicines", () => {
  it("a preparation has no code: its name stands in the narrative", () => {
    const product = '<code nullFlavor="NA"><originalText><reference value="#m"/></originalText></code>';
    const bundle = convert(
      sectionXml(
        "57828-6",
        "Prescription",
        '<content ID="m">Vaseline salicylée 10 %</content>',
        treatmentXml(product, "", 'moodCode="INT"', "83"),
      ),
    );
    expect(JSON.stringify(all(bundle, "MedicationRequest")[0])).toContain("Vaseline salicylée 10 %");
  });

  it("a dose in words, a rate, a limit without unit and a lone period all stay", () => {
    const inner =
      '<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="8" unit="h"/></effectiveTime><doseQuantity><low value="1" unit="{tablet}"><translation><originalText>un comprimé</originalText></translation></low><high value="2" unit="{tablet}"/></doseQuantity><rateQuantity value="5" unit="mL/h"/><maxDoseQuantity><numerator value="6"/><denominator value="1" unit="d"/></maxDoseQuantity>';
    const [dosage] =
      all(
        convert(sectionXml("10160-0", "T", "x", treatmentXml("<name>FICTIMAB</name>", inner))),
        "MedicationStatement",
      )[0]?.dosage ?? [];
    expect(dosage).toMatchObject({
      timing: { repeat: { period: 8, periodUnit: "h" } },
      doseAndRate: [{ doseRange: { low: { value: 1 }, high: { value: 2 } }, rateQuantity: { value: 5, unit: "mL/h" } }],
      maxDosePerPeriod: { numerator: { value: 6 }, denominator: { value: 1, unit: "d" } },
    });
  });
});

describe("devices", () => {
  it.each(["1.2.250.1.213.2.68", "1.2.250.1.215.200.2.1", "1.2.250.1.213.2.65"])(
    "keep their code under %s, and an UDI under a root that is none",
    (oid) => {
      const device = `<supply classCode="SPLY" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.20"/><participant typeCode="DEV"><participantRole><id root="xxxxxxxx" extension="(01)03400000000000(21)A1"/><playingDevice><code code="P0101" displayName="Prothèse" codeSystem="${oid}"/></playingDevice></participantRole></participant></supply>`;
      const [found] = all(convert(sectionXml("46264-8", "D", "x", device)), "Device");
      expect(found?.type?.coding).toEqual([{ system: `urn:oid:${oid}`, code: "P0101", display: "Prothèse" }]);
      expect(JSON.stringify(found)).toContain("(01)03400000000000(21)A1");
    },
  );
});

describe("times and units", () => {
  it("a result older than its report, and an event before the birth, keep their own date", () => {
    const dated = (time: string) => measure(`<effectiveTime value="${time}"/><value xsi:type="INT" value="1"/>`);
    const bundle = convert(sectionXml("18719-5", "Biochimie", "x", dated("20140301"), dated("19840301")));
    expect(all(bundle, "Observation").map((each) => each.effectiveDateTime)).toEqual(["2014-03-01", "1984-03-01"]);
  });

  it("an act to come has the date that is foreseen for it", () => {
    const foreseen = `<entryRelationship typeCode="COMP">${observationXml("48", '<code code="GEN-177" displayName="Date(s) prévisionnelle(s)" codeSystem="1.2.250.1.213.1.1.4.322"/>', '<effectiveTime><low value="20241011"/><high value="20241113"/></effectiveTime><value xsi:type="CD" nullFlavor="NA"/>')}</entryRelationship>`;
    const act = (time: string) =>
      `<procedure classCode="PROC" moodCode="INT"><templateId root="1.2.250.1.213.1.1.3.62"/><code code="MED-569" displayName="Prévention" codeSystem="1.2.250.1.213.1.1.4.322"/><statusCode code="completed"/>${time}${foreseen}</procedure>`;
    const bundle = convert(
      sectionXml(
        "18776-5",
        "Soins",
        "x",
        act('<effectiveTime nullFlavor="UNK"/>'),
        act('<effectiveTime value="2025"/>'),
      ),
    );
    expect(all(bundle, "ServiceRequest").map((each) => each.occurrencePeriod ?? each.occurrenceDateTime)).toEqual([
      { start: "2024-10-11", end: "2024-11-13" },
      "2025",
    ]);
    expect(all(bundle, "ServiceRequest")[1]?.note?.[0]?.text).toBe(
      "Date(s) prévisionnelle(s) : 11 octobre 2024 – 13 novembre 2024",
    );
  });

  it("an injection keeps its moment beside the period of the treatment", () => {
    const time =
      '<effectiveTime xsi:type="IVL_TS"><low value="20240310"/><high value="20240311"/></effectiveTime><effectiveTime operator="A" value="20240310083000+0100"/>';
    const [statement] = all(
      convert(sectionXml("10160-0", "T", "x", treatmentXml("<name>FICTIMAB</name>", time))),
      "MedicationStatement",
    );
    expect(statement?.effectivePeriod).toEqual({ start: "2024-03-10", end: "2024-03-11" });
    expect(statement?.dosage?.[0]?.timing?.event).toEqual(["2024-03-10T08:30:00+01:00"]);
  });

  it("a joined document and a series of images keep their own dates", () => {
    const joined = `<organizer classCode="CLUSTER" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.18"/><code code="55107-7" ${loinc}/><statusCode code="completed"/><component>${observationXml("48", `<code code="69764-9" ${loinc}/>`, '<effectiveTime value="20191215"/><value xsi:type="CD"><originalText>Carte</originalText></value>')}</component><component><observationMedia classCode="OBS" moodCode="EVN" ID="D1"><value mediaType="application/pdf" representation="B64">JVBERi0=</value></observationMedia></component></organizer>`;
    const study = `<act classCode="ACT" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.155"/><id root="1.2.3.4"/><effectiveTime value="20200822"/><entryRelationship typeCode="COMP"><act classCode="ACT" moodCode="EVN"><id root="1.2.3.4.1"/><effectiveTime value="20200823"/></act></entryRelationship></act>`;
    const bundle = convert(sectionXml("77599-9", "Documents", "x", joined, study));
    expect(all(bundle, "DocumentReference")[0]?.context?.period).toEqual({ start: "2019-12-15" });
    expect(all(bundle, "ImagingStudy")[0]).toMatchObject({
      started: "2020-08-22",
      series: [{ started: "2020-08-23" }],
    });
  });

  it("a problem keeps its own period, not that of the concern around it", () => {
    const concern = problemXml(`<value xsi:type="CD" code="M10" ${cim10}/>`).replace(
      '<statusCode code="active"/>',
      '<statusCode code="active"/><effectiveTime><low value="20100101"/><high value="20110101"/></effectiveTime>',
    );
    const [condition] = all(convert(sectionXml("11450-4", "P", "x", concern)), "Condition");
    expect([condition?.onsetDateTime, condition?.onsetPeriod, condition?.abatementDateTime]).toEqual([
      "2020-01-05",
      undefined,
      undefined,
    ]);
  });

  it.each(["{count}", "{drink}/d", "{Tablet}", "J", "m"])("the unit %s is kept as recorded", (unit) => {
    const [result] = all(
      convert(sectionXml("30954-2", "R", "x", measure(`<value xsi:type="PQ" value="3" unit="${unit}"/>`))),
      "Observation",
    );
    expect(result?.valueQuantity).toMatchObject({ value: 3, unit });
  });

  it("one analysis in two units under two codes is two results of the report", () => {
    const glucose = (code: string, value: string) => measure(value, `<code code="${code}" ${loinc}/>`);
    const bundle = convert(
      sectionXml(
        "18719-5",
        "Biochimie",
        "x",
        glucose("2345-7", '<value xsi:type="PQ" value="0.9" unit="g/L"/>'),
        glucose("14749-6", '<value xsi:type="PQ" value="5" unit="mmol/L"/>'),
      ),
    );
    expect(all(bundle, "Observation").map((each) => each.valueQuantity?.unit)).toEqual(["g/L", "mmol/L"]);
  });
});

describe("people", () => {
  const person = (name: string, id = "899700000025") =>
    `<assignedEntity><id root="1.2.250.1.71.4.2.1" extension="${id}"/><assignedPerson><name>${name}</name></assignedPerson></assignedEntity>`;

  it("three persons under one RPPS stay three, their names as recorded", () => {
    const bundle = withHeader(
      ["<family>UN</family><given>Anne</given>", "<family>Bruno</family><given>DEUX</given>", "<family>TROIS</family>"]
        .map(
          (name) => `<authenticator><time value="20240312"/><signatureCode code="S"/>${person(name)}</authenticator>`,
        )
        .join(""),
    );
    expect(
      all(bundle, "Practitioner")
        .filter((each) => each.identifier?.some(({ value }) => value === "899700000025"))
        .map((each) => [each.name?.[0]?.family, ...(each.name?.[0]?.given ?? [])]),
    ).toEqual([["UN", "Anne"], ["Bruno", "DEUX"], ["TROIS"]]);
  });

  it("a software may be an author beside a person", () => {
    const device =
      '<author><time value="20240312"/><assignedAuthor><id root="1.2.250.1.213.4.1" extension="1"/><assignedAuthoringDevice><manufacturerModelName>Modèle</manufacturerModelName><softwareName>Logiciel Fictif</softwareName></assignedAuthoringDevice></assignedAuthor></author>';
    const authors = all(withHeader(device), "Composition")[0]?.author;
    expect(authors?.map((each) => each.type)).toEqual(["PractitionerRole", "Device"]);
  });

  it("the referring doctor named as author and as participant is one", () => {
    const participant =
      '<participant typeCode="INF"><functionCode code="PCP" codeSystem="2.16.840.1.113883.5.88"/><associatedEntity classCode="PROV"><id root="1.2.250.1.71.4.2.1" extension="899700000033"/><associatedPerson><name><family>AUTRE</family></name></associatedPerson></associatedEntity></participant>';
    expect(all(withHeader(participant), "Patient")[0]?.generalPractitioner).toHaveLength(1);
  });

  it("a section has authors of its own", () => {
    const author =
      '<author><time value="20240312"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="899700000041"/><assignedPerson><name><family>SECTION</family></name></assignedPerson></assignedAuthor></author>';
    const own = sectionXml("11450-4", "P", "x").replace("</section>", `${author}</section>`);
    const sections = all(convert(own, sectionXml("48765-2", "A", "x")), "Composition")[0]?.section;
    expect(sections?.map((each) => each.author?.map(({ display }) => display))).toEqual([["SECTION"], undefined]);
  });

  it("the trusted person who is also to be called is told in both qualities", () => {
    const relative = (kind: string) =>
      `<informant><relatedEntity classCode="${kind}"><code code="SIS" displayName="Sœur" codeSystem="2.16.840.1.113883.5.111"/><telecom value="tel:0600000000"/><relatedPerson><name><family>PROCHE</family></name></relatedPerson></relatedEntity></informant>`;
    const people = all(withHeader(relative("NOK") + relative("ECON")), "RelatedPerson");
    expect(people.every((each) => each.name?.[0]?.family === "PROCHE")).toBe(true);
    const codes = people.flatMap((each) => each.relationship?.flatMap(({ coding }) => coding?.map(({ code }) => code)));
    expect(codes).toEqual(expect.arrayContaining(["NOK", "ECON"]));
  });

  it("a wrong key of the INS stops no reading", () => {
    const wrong = `${testIns.value.slice(0, 13)}00`;
    const xml = documentXml().replaceAll(testIns.value, wrong);
    expect(readCdaHeader(xml).patient.birthName).toBe("EXEMPLE");
    expect(all(cdaToFhir(xml), "Patient")[0]?.identifier?.[0]?.value).toBe(wrong);
  });
});

describe("structure", () => {
  it("several problems, and several allergies, of one concern are each a fact", () => {
    const two = (xml: string, code: string, other: string) => {
      const start = xml.indexOf("<entryRelationship");
      const end = xml.lastIndexOf("</entryRelationship>") + "</entryRelationship>".length;
      return xml.slice(0, end) + xml.slice(start, end).replace(code, other) + xml.slice(end);
    };
    const bundle = convert(
      sectionXml("11450-4", "P", "x", two(problemXml(`<value xsi:type="CD" code="M10" ${cim10}/>`), "M10", "J45")),
      sectionXml("48765-2", "A", "x", two(allergyXml(`<code code="111" displayName="Un" ${snomed}/>`), "111", "222")),
    );
    expect(all(bundle, "Condition").map((each) => each.code?.coding?.[0]?.code)).toEqual(["M10", "J45"]);
    expect(all(bundle, "AllergyIntolerance").map((each) => each.code?.coding?.[0]?.code)).toEqual(["111", "222"]);
  });

  it("an act that only fills a place is none", () => {
    const filler =
      '<procedure classCode="PROC" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.62"/><code nullFlavor="NA"/><text>xxx</text><statusCode code="completed"/></procedure>';
    expect(all(convert(sectionXml("47519-4", "Actes", "x", filler)), "Procedure")).toEqual([]);
  });

  it("an act of laboratory that was reimbursed is an act, never a result", () => {
    const act = `<procedure classCode="PROC" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.62"/><code code="1104" displayName="Hémogramme" codeSystem="1.2.250.1.215.300.2"/><statusCode code="completed"/><effectiveTime value="20240101"/></procedure>`;
    const bundle = convert(sectionXml("29554-3", "Biologie", "x", act));
    expect(all(bundle, "Procedure").map((each) => each.code?.text)).toEqual(["Hémogramme"]);
    expect(all(bundle, "Observation")).toEqual([]);
    expect(all(bundle, "DiagnosticReport")).toEqual([]);
  });
});

describe("docs/cda-pitfalls.md", () => {
  it("names tests that exist", () => {
    const root = resolve(import.meta.dirname, "../../../..");
    const lines = readFileSync(resolve(root, "docs/cda-pitfalls.md"), "utf8").split("\n");
    const rows = lines.flatMap((line) => {
      const [, file, title] = /^\| \d+ \|.*\| `([^`]+)`: (.+) \|$/.exec(line) ?? [];
      return file && title ? [{ file, title }] : [];
    });
    expect(rows.length).toBe(lines.filter((line) => /^\| \d/.test(line)).length);
    expect(rows.filter(({ file, title }) => !readFileSync(resolve(root, file), "utf8").includes(title))).toEqual([]);
    expect(rows.length).toBeGreaterThan(80);
  });
});
