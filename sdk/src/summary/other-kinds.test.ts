/** Facts of documents of many kinds, each in the section where it is looked for. */
import { describe, expect, it } from "vitest";
import { convert, observationXml, sectionXml, treatmentXml } from "../cda/read/test-support.ts";
import { resourcesOf } from "../fhir/resources.ts";
import { summarise } from "./index.ts";

const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const coded = (code: string, label: string, system = loinc) =>
  `<code code="${code}" displayName="${label}" ${system}/>`;
const yes = '<value xsi:type="BL" value="true"/>';

/** Titles of the sections that list something of these words. */
function sectionsOf(xml: string, words: string): (string | undefined)[] {
  const bundle = summarise([convert(xml)]);
  const known = new Map(bundle.entry?.map(({ fullUrl, resource }) => [fullUrl, JSON.stringify(resource)]));
  return (resourcesOf(bundle, "Composition")[0]?.section ?? [])
    .filter((section) => section.entry?.some(({ reference }) => known.get(reference)?.includes(words)))
    .map(({ title }) => title);
}

describe("in a summary", () => {
  it.each([
    [
      "a contrast medium",
      "72793-1",
      treatmentXml("<name>FICTIX</name>", "", 'moodCode="EVN"', "151"),
      "FICTIX",
      "Autres informations",
    ],
    ["a medicine", "10160-0", treatmentXml("<name>FICTIX</name>"), "FICTIX", "Traitements"],
    [
      "a status of pregnancy by SNOMED CT",
      "73569-6",
      observationXml("150", coded("364320009", "statut de grossesse", 'codeSystem="2.16.840.1.113883.6.96"'), yes),
      "statut de grossesse",
      "Grossesses",
    ],
    [
      "what a document says of itself",
      "33557-0",
      observationXml("48", coded("GEN-065", "Statut du document"), yes),
      "Statut du document",
      "Autres informations",
    ],
    ["a finding", "30954-2", observationXml("48", coded("1-1", "Opacité"), yes), "Opacité", "Résultats"],
  ])("%s stands where it is looked for", (_, section, entry, words, expected) => {
    expect(sectionsOf(sectionXml(section, "Section", "x", entry), words)).toEqual([expected]);
  });

  it("a weight at birth without date is no measure of today", () => {
    const weight = (time: string) =>
      observationXml("50", coded("29463-7", "Poids"), `${time}<value xsi:type="PQ" value="2500" unit="g"/>`);
    const birth = (time: string) =>
      `<component><section><code code="57075-4" ${loinc}/><title>Naissance</title>${sectionXml("8716-3", "Signes vitaux", "x", weight(time))}</section></component>`;
    expect(sectionsOf(birth(""), "2500")).toEqual(["Autres informations"]);
    expect(sectionsOf(birth('<effectiveTime value="19851213"/>'), "2500")).toEqual(["Constantes et mesures"]);
    expect(sectionsOf(birth('<effectiveTime value="20240101"/>'), "2500")).toEqual([]);
  });
});
