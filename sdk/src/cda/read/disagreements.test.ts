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
  const coded = (rhythm: string, dose = '<doseQuantity value="1"/>', cells: Record<string, string> = {}) =>
    told(
      "10160-0",
      table(["Médicament", ...Object.keys(cells)], ["FICTIMAB", ...Object.values(cells)]),
      treatmentXml("<name>FICTIMAB</name>", `${here}${rhythm}${dose}`),
    );
  const every = (value: number, unit = "h") =>
    `<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="${value}" unit="${unit}"/></effectiveTime>`;
  const at = (...events: string[]) =>
    events
      .map((code) => `<effectiveTime xsi:type="EIVL_TS" operator="A"><event code="${code}"/></effectiveTime>`)
      .join("");
  const on = (...days: string[]) =>
    days
      .map(
        (day) =>
          `<effectiveTime xsi:type="PIVL_TS" operator="A" alignment="DW"><phase><low value="${day}"/></phase><period value="1" unit="wk"/></effectiveTime>`,
      )
      .join("");
  const taken = (words: string, rhythm: string, dose?: string) => coded(rhythm, dose, { Posologie: words });
  const units = (value: number | string, unit?: string) =>
    `<doseQuantity value="${value}"${unit ? ` unit="${unit}"` : ""}/>`;

  it.each([
    ["1-0-1", every(8), "3 prise(s) par jour", "1-0-1"],
    ["toutes les 6 heures", every(12), "2 prise(s) par jour", "toutes les 6 heures"],
    ["matin, midi et soir", every(24), "1 prise(s) par jour", "matin, midi, soir"],
    ["matin, midi et soir", every(12), "2 prise(s) par jour", "matin, midi, soir"],
    ["au petit-déjeuner, au déjeuner et au dîner", every(12), "2 prise(s) par jour", "matin, midi, soir"],
    ["1 le soir", every(12), "2 prise(s) par jour", "soir"],
    ["tous les 2 jours", every(24), "1 prise(s) par jour", "tous les 2 jours"],
    ["3 fois par jour", every(6), "4 prise(s) par jour", "3 fois par jour"],
    ["deux fois par jour", every(8), "3 prise(s) par jour", "2 fois par jour"],
    ["3 fois par jour", every(1, "d") + every(1, "d"), "2 prise(s) par jour", "3 fois par jour"],
    ["3 fois par jour", at("ACM", "ACV"), "2 prise(s) par jour", "3 fois par jour"],
    ["matin et soir", at("HS"), "1 prise(s) par jour", "matin, soir"],
    ["une fois par semaine", every(1, "d"), "1 prise(s) par jour", "1 fois par semaine"],
    ["10 mg le lundi", every(24), "1 prise(s) par jour", "lundi"],
    ["hebdomadaire", every(1, "d"), "1 prise(s) par jour", "hebdomadaire"],
    ["1 fois par jour", every(1, "wk"), "1 prise(s) par semaine", "1 fois par jour"],
    ["matin et soir", on("20240311"), "1 prise(s) par semaine", "matin, soir"],
    ["1 fois par mois", every(1, "wk"), "1 prise(s) par semaine", "1 fois par mois"],
    ["toutes les 4 semaines", every(14, "d"), "une prise tous les 14 jours", "toutes les 4 semaines"],
  ])("that counts otherwise is told: %s", (words, rhythm, code, text) => {
    expect(taken(words, rhythm)).toEqual([`Le codage compte ${code}, le texte « ${text} ».`]);
  });

  it.each([
    ["2-0-1", every(12), units(2), "Le codage compte 4 unité(s) par jour, le texte « 2-0-1 »."],
    [
      "15 mg par semaine",
      every(24),
      units(15, "mg"),
      "Le codage compte 105 mg par semaine, le texte « 15 mg par sem ».",
    ],
    [
      "1 comprimé par semaine",
      every(24),
      units(1),
      "Le codage compte 7 unité(s) par semaine, le texte « 1 par semaine ».",
    ],
    ["1/2 comprimé le soir", every(24), units(2), "Le codage compte 2 unité(s) par prise, le texte « 0,5 »."],
    ["1 comprimé et demi", every(24), units(1, "{tablet}"), "Le codage compte 1 unité(s) par prise, le texte « 1,5 »."],
  ])("whose doses count otherwise is told: %s", (words, rhythm, dose, expected) => {
    expect(taken(words, rhythm, dose)).toEqual([expected]);
  });

  it("in a column for each moment counts those that are filled", () => {
    const grid = (rhythm: string) => coded(rhythm, units(1), { Matin: "1", Midi: "0", Soir: "1" });
    expect(grid(every(12))).toEqual([]);
    expect(grid(at("MORN", "EVE"))).toEqual([]);
    expect(grid(every(8))).toEqual([
      "Le codage compte 3 prise(s) par jour, le texte « Matin : 1, Midi : 0, Soir : 1 ».",
    ]);
  });

  it.each([
    ["1-0-1", every(12), undefined],
    ["toutes les 6 heures si besoin", every(12), undefined],
    ["matin ou soir", every(24), undefined],
    ["1 matin ou midi", every(12), undefined],
    ["matin et soir, un jour sur deux", every(48), undefined],
    ["depuis le 01-02-2024", every(24), undefined],
    ["2 fois par jour", every(12), undefined],
    ["le soir au coucher", every(24), undefined],
    ["le matin au petit-déjeuner", every(24), undefined],
    ["1 le matin, 1 l'après-midi", every(12), undefined],
    ["3 fois par jour pendant 2 jours puis 2 fois par jour", every(12), undefined],
    ["1 à 2 fois par jour", every(24), undefined],
    ["1 fois par jour pendant une semaine", every(24), undefined],
    ["2 fois par semaine", on("20240311", "20240314"), undefined],
    ["le lundi et le jeudi", on("20240311", "20240314"), undefined],
    ["le lundi, mercredi et vendredi", every(1, "wk") + every(1, "wk") + every(1, "wk"), undefined],
    ["tous les jours sauf le lundi", every(24), undefined],
    ["à partir du lundi 11 mars, le soir", every(24), undefined],
    ["tous les 15 jours", every(2, "wk"), undefined],
    ["1 fois par mois", every(1, "mo"), undefined],
    ["1 fois par jour, NFS 1 fois par semaine", every(24), undefined],
    ["le soir, contrôle de l'INR 1 fois par semaine", every(24), undefined],
    ["avant chaque repas", at("AC"), undefined],
    ["le matin et le soir", every(1, "d") + at("MORN", "EVE"), undefined],
    ["le soir, à débuter le lundi", every(24), undefined],
    ["le lundi 11 mars au soir", every(24), undefined],
    ["le soir, dans un pilulier hebdomadaire", every(24), undefined],
    ["15 mg par semaine", every(1, "wk"), units(15, "mg")],
    ["20 mg/j", every(12), units(10, "mg")],
    ["10 mg/kg/j", every(12), units(200, "mg")],
    ["2 comprimés le matin, 1 comprimé le soir", every(12), units(2)],
    ["1 cp/j", every(24), units(20, "mg")],
    ["½ comprimé le soir", every(24), units(0.5)],
    ["1/2 comprimé", every(24), units(0.5)],
    ["1 comprimé 1/2 par jour", every(24), units(1.5)],
    ["un demi-comprimé", every(24), units(0.5)],
    ["1 à 2 comprimés", every(24), units(1)],
    ["1 comprimé matin et soir, maximum 4 comprimés par jour", every(12), units(1)],
    ["1 comprimé par jour sans dépasser 3 comprimés", every(24), units(1)],
    ["1-0-1", every(12), units(500, "mg")],
  ])("that counts the same, or not plainly, is not: %s", (words, rhythm, dose) => {
    expect(taken(words, rhythm, dose)).toEqual([]);
  });

  it("is not told by the name of the product, its box, a limit or a remark", () => {
    for (const cells of <Record<string, string>[]>[
      { Présentation: "boîte de 30 comprimés" },
      { "Quantité à délivrer": "28 gélules" },
      { "Dose max": "4 comprimés par jour" },
      { Commentaire: "était à 3 comprimés par jour, 2 fois par semaine" },
    ])
      expect(coded(every(24), units(1), { Posologie: "1 le soir", ...cells })).toEqual([]);
    const named = table(["Médicament", "Posologie"], ["FICTIMAB 16 comprimés", "1 le soir"]);
    expect(told("10160-0", named, treatmentXml("<name>FICTIMAB</name>", `${here}${every(24)}${units(1)}`))).toEqual([]);
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
