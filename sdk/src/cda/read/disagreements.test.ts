/** Where entry and narrative contradict each other both stay, and the contradiction is told; what only looks so is not. */
import { describe, expect, it } from "vitest";
import { extensionUrl, type FhirResource } from "../../fhir/index.ts";
import { allergyXml, convert, observationXml, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const snomed = 'codeSystem="2.16.840.1.113883.6.96"';
const here = '<text><reference value="#r"/></text>';

const table = (headings: readonly string[], cells: readonly string[]) =>
  `<table>${headings.length > 0 ? `<thead><tr>${headings.map((each) => `<th>${each}</th>`).join("")}</tr></thead>` : ""}<tbody><tr ID="r">${cells.map((each) => `<td>${each}</td>`).join("")}</tr></tbody></table>`;

/** What is told of the one fact of a section. */
const told = (section: string, narrative: string, entry: string): (string | undefined)[] =>
  (convert(sectionXml(section, "S", narrative, entry)).entry ?? []).flatMap(({ resource }) =>
    ((resource as FhirResource & { extension?: { url: string; valueString?: string }[] }).extension ?? [])
      .filter((each) => each.url === extensionUrl.disagreement)
      .map((each) => each.valueString),
  );

describe("a posology", () => {
  const taken = (words: string, hours: number, dose = 1) =>
    told(
      "10160-0",
      table(["Médicament", "Posologie"], ["FICTIMAB", words]),
      treatmentXml(
        "<name>FICTIMAB</name>",
        `${here}<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="${hours}" unit="h"/></effectiveTime><doseQuantity value="${dose}"/>`,
      ),
    );

  it.each([
    ["1-0-1", 8, "Le codage compte 3 prise(s) par jour, le texte « 1-0-1 »."],
    ["toutes les 6 heures", 12, "Le codage compte 2 prise(s) par jour, le texte « toutes les 6 heures »."],
    ["matin, midi et soir", 24, "Le codage compte 1 prise(s) par jour, le texte « matin, midi, soir »."],
    ["tous les 2 jours", 24, "Le codage compte 1 prise(s) par jour, le texte « tous les 2 jours »."],
    ["3 fois par jour", 6, "Le codage compte 4 prise(s) par jour, le texte « 3 fois par jour »."],
  ])("that counts otherwise is told: %s", (words, hours, expected) => {
    expect(taken(words, hours)).toEqual([expected]);
  });

  it.each([
    ["1-0-1", 12],
    ["toutes les 6 heures si besoin", 12],
    ["matin ou soir", 24],
    ["matin et soir, un jour sur deux", 48],
    ["depuis le 01-02-2024", 24],
    ["2 fois par jour", 12],
  ])("that counts the same, or not plainly, is not: %s", (words, hours) => {
    expect(taken(words, hours)).toEqual([]);
  });
});

describe("a date", () => {
  const begun = (low: string, written: string, heading = "Date de début") =>
    told(
      "10160-0",
      table(["Médicament", heading], ["FICTIMAB", written]),
      treatmentXml(
        "<name>FICTIMAB</name>",
        `${here}<effectiveTime xsi:type="IVL_TS"><low value="${low}"/></effectiveTime>`,
      ),
    );

  it.each([
    ["20220312", "12 mars 2024", "2022-03-12", "2024-03-12"],
    ["20220312", "1er février 2022", "2022-03-12", "2022-02-01"],
    ["20220312", "12.03.2024", "2022-03-12", "2024-03-12"],
    ["20220312", "2024-03-12", "2022-03-12", "2024-03-12"],
    ["2022", "2024", "2022", "2024"],
    ["2022", "12/03/2024", "2022", "2024-03-12"],
  ])("%s beside %s is told", (low, written, coded, text) => {
    expect(begun(low, written)).toEqual([`Le codage porte la date ${coded}, le texte ${text}.`]);
  });

  it("at another precision is the same, and a year in other words is no date", () => {
    expect(begun("2022", "12 mars 2022")).toEqual([]);
    expect(begun("20220312", "2022")).toEqual([]);
    expect(begun("20220312", "Protocole 2020", "Remarque")).toEqual([]);
  });
});

describe("a result", () => {
  const read = (printed: string, value: string, headings = ["Analyse", "Résultat"]) =>
    told(
      "18719-5",
      table(headings, ["Dosage", printed]),
      observationXml("80", `<code code="718-7" displayName="Dosage" ${loinc}/>`, `${here}${value}`),
    );
  const measure = (value: string, unit = "mg/L") => `<value xsi:type="PQ" value="${value}" unit="${unit}"/>`;

  it("printed with other numbers is told, found by the words of its code in a table without headings too", () => {
    expect(read("0,0032", measure("0.032"))).toEqual(["Le codage donne 0,032 mg/L, le texte « 0,0032 »."]);
    const code = `<code code="18928-2" displayName="Gentamicine" ${loinc}><originalText><reference value="#g"/></originalText></code>`;
    const narrative =
      '<table><tbody><tr><td ID="g">Gentamicine</td><td>&lt;0,0032 µg/ml</td><td>S</td></tr></tbody></table>';
    const limit = '<value xsi:type="IVL_PQ"><high value="0.032" unit="ug/mL" inclusive="false"/></value>';
    expect(told("18725-2", narrative, observationXml("80", code, limit))).toEqual([
      "Le codage donne &lt;0,032 ug/mL, le texte « &lt;0,0032 µg/ml ».".replaceAll("&lt;", "<"),
    ]);
  });

  it.each([
    ["rounded", "4,9 mg/L", measure("4.8934")],
    ["in thousands", "250 000", measure("250000", "1")],
    ["in another unit", "5 mmol/L", measure("0.9", "g/L")],
    ["beside the same in a second unit", "0,9 g/L (5 mmol/L)", measure("0.9", "g/L")],
    ["as a power of ten", "10^5", measure("100000", "1")],
    ["as a titre", "1/128", '<value xsi:type="INT" value="128"/>'],
    ["in words", "négatif", measure("0")],
  ])("printed %s is the same", (_, printed, value) => {
    expect(read(printed, value)).toEqual([]);
  });
});

describe("a degree", () => {
  it("of severity, of an allergy or a problem, that the table gives otherwise is told", () => {
    const severity = (code: string, words: string) =>
      `<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.29"/><code code="SEV"/><value xsi:type="CD" code="${code}" displayName="${words}" ${snomed}/></observation></entryRelationship>`;
    const problem = (words: string) =>
      told(
        "11450-4",
        table(["Problème", "Sévérité"], ["Goutte", words]),
        problemXml(`<value xsi:type="CD" code="M10" displayName="Goutte"/>`, {
          text: "#r",
          inner: severity("24484000", "sévère"),
        }),
      );
    expect(problem("Légère")).toEqual(["Le codage dit « sévère », le texte « Sévérité : Légère »."]);
    expect(problem("Grave")).toEqual([]);
    const agent = '<code code="111" displayName="Noix"/>';
    const allergy = allergyXml(agent, { text: "#r" }).replace(
      "</observation>",
      `${severity("255604002", "légère")}</observation>`,
    );
    expect(told("48765-2", table(["Agent", "Sévérité"], ["Noix", "Sévère"]), allergy)).toEqual([
      "Le codage dit « légère », le texte « Sévérité : Sévère ».",
    ]);
  });
});

describe("a strength", () => {
  const named = (name: string, value: string, unit: string) =>
    told(
      "10160-0",
      "x",
      treatmentXml(
        `<code code="60000001" displayName="${name}" codeSystem="1.2.250.1.213.2.3.1"/><pharm:ingredient><pharm:quantity><numerator value="${value}" unit="${unit}"/><denominator value="1"/></pharm:quantity><pharm:ingredient><pharm:name>fictiroxine</pharm:name></pharm:ingredient></pharm:ingredient>`,
      ),
    );

  it("of a substance that is not the one in the name of the product is told", () => {
    expect(named("FICTIROX 75 microgrammes, comprimé", "75", "mg")).toEqual([
      "Le codage donne à la substance un dosage de 75 mg, le nom du médicament dit « 75 microgrammes ».",
    ]);
  });

  it("in another unit, or of a product of several strengths, is the same or open", () => {
    expect(named("FICTIROX 0,075 mg", "75", "ug")).toEqual([]);
    expect(named("FICTIMAB 500 mg/62,5 mg", "500", "mg")).toEqual([]);
    expect(named("FICTIMAB 5 mg/mL", "10", "mg")).toEqual([]);
  });
});
