/** An imaging report (CR-IMG): what it concludes, of which acts and images, by whom. */
import { describe, expect, it } from "vitest";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { summarise } from "../../summary/index.ts";
import { fhirToCda } from "../write/index.ts";
import { author, patient } from "../write/structured/test-support.ts";
import { cdaToFhir } from "./index.ts";
import { documentXml, observationXml, sectionXml } from "./test-support.ts";

const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const dcm = 'codeSystem="1.2.840.10008.2.16.4"';
const fr = (number: string) => `<templateId root="1.2.250.1.213.1.1.3.${number}"/>`;
const done = (code: string, day: string) =>
  `<documentationOf><serviceEvent>${code}<effectiveTime><low value="${day}"/></effectiveTime><performer typeCode="PRF"><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="899700000025"/><assignedPerson><name><given>Ada</given><family>RADIOLOGUE</family></name></assignedPerson></assignedEntity></performer></serviceEvent></documentationOf>`;
const header =
  done(`<code code="24727-0" displayName="Scanner du crâne" ${loinc}/>`, "20240310") +
  done('<code code="Z13.9" displayName="Dépistage" codeSystem="2.16.840.1.113883.6.3"/>', "20240101");
const dose = observationXml(
  "154",
  `<code code="113813" displayName="PDL" ${dcm}/>`,
  '<value xsi:type="PQ" value="1140" unit="mGy.cm"/>',
);
const series = (modality: string) =>
  `<entryRelationship typeCode="COMP"><act classCode="ACT" moodCode="EVN">${fr("156")}<id root="1.2.3.4.5.1"/><code code="113015" ${dcm}>${modality}</code><text>Axiale</text></act></entryRelationship>`;
const study = (modality: string) =>
  `<act classCode="ACT" moodCode="EVN">${fr("155")}<id root="1.2.3.4.5"/><code code="113014" ${dcm}/><text>Scanner</text><effectiveTime value="20240310"/>${series(modality)}</act>`;
const ct = `<qualifier><name code="121139" ${dcm}/><value code="CT" ${dcm}/></qualifier>`;
const report = (conclusion: string) =>
  cdaToFhir(
    documentXml({
      header,
      sections: [
        sectionXml("73569-6", "Exposition", "x", dose),
        sectionXml("121181", "Images", "x", study(ct)),
        sectionXml("19005-8", "Conclusion", conclusion),
      ].join(""),
    }).replace(/<documentationOf><serviceEvent><code code="34117-2".*?<\/documentationOf>/s, ""),
  );

describe("an imaging report", () => {
  it("concludes, in words, on the acts and images that it is about", () => {
    const bundle = report("Pas d'<content>hématome</content>.");
    const [found] = all(bundle, "DiagnosticReport");
    const [images] = all(bundle, "ImagingStudy");
    expect(found).toMatchObject({
      status: "final",
      code: { coding: [{ code: "SYNTH" }], text: "Scanner du crâne" },
      effectivePeriod: { start: "2024-03-10" },
      issued: "2024-03-12T11:17:00+01:00",
      performer: [{ display: "Ada RADIOLOGUE" }],
      resultsInterpreter: [{ display: "DR M Ali TESTEUR" }],
      conclusion: "Pas d'hématome.",
    });
    expect(found?.imagingStudy).toEqual([{ reference: `urn:uuid:${images?.id}`, type: "ImagingStudy" }]);
    const composition = all(bundle, "Composition")[0];
    expect(composition?.section?.at(-1)?.entry).toEqual([
      { reference: `urn:uuid:${found?.id}`, type: "DiagnosticReport" },
    ]);
  });

  it("stands among the results of a summary", () => {
    const summary = summarise([report("Pas d'hématome.")]);
    const results = all(summary, "Composition")[0]?.section?.find(({ title }) => title === "Résultats");
    const [found] = all(summary, "DiagnosticReport");
    expect(found?.conclusion).toBe("Pas d'hématome.");
    expect(results?.entry?.map(({ reference }) => reference)).toContain(
      summary.entry?.find(({ resource }) => resource === found)?.fullUrl,
    );
  });

  it("is written back and read again as it was", () => {
    const once = report("<paragraph>Pas d'hématome.</paragraph><paragraph>Contrôle à un mois.</paragraph>");
    const again = cdaToFhir(fhirToCda(once, { patient, author }));
    expect(all(again, "DiagnosticReport").map(({ conclusion }) => conclusion)).toEqual([
      "Pas d'hématome.\nContrôle à un mois.",
    ]);
    expect(all(again, "Observation")).toHaveLength(1);
  });

  it("is one for each of its conclusions, as far as any real document has them", () => {
    const conclusions = (count: number) => sectionXml("19005-8", "Conclusion", "Sans particularité").repeat(count);
    const read = (count: number) => all(cdaToFhir(documentXml({ sections: conclusions(count) })), "DiagnosticReport");
    expect([2, 25].map((count) => read(count).length)).toEqual([2, 20]);
  });

  it("is none where it concludes nothing: empty, or filler", () => {
    for (const nothing of ["", "(texte libre)"]) expect(all(report(nothing), "DiagnosticReport")).toEqual([]);
  });

  it("keeps what its studies and series are called, and says that a modality is not known", () => {
    const read = (modality: string) =>
      all(
        cdaToFhir(documentXml({ sections: sectionXml("121181", "Images", "x", study(modality)) })),
        "ImagingStudy",
      )[0];
    expect(read(ct)).toMatchObject({
      description: "Scanner",
      series: [{ description: "Axiale", modality: { code: "CT" } }],
    });
    expect(read("")?.series?.[0]?.modality.code).toBeUndefined();
    expect(read("")?.series?.[0]?.modality.extension).toMatchObject([{ valueCode: "unknown" }]);
  });
});
