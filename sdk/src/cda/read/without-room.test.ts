/** What a document records and FHIR has no room for: kept in words, never lost, never guessed. */
import { describe, expect, test } from "vitest";
import type { Bundle, Extension, FhirResource } from "../../fhir/index.ts";
import { extensionUrl } from "../../fhir/systems.ts";
import { allergyXml, convert, observationXml, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

const glucose = '<code code="2339-0" codeSystem="2.16.840.1.113883.6.1" displayName="Glucose"/>';
const all = (bundle: Bundle, kind: FhirResource["resourceType"]) =>
  (bundle.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === kind ? [resource] : []));
const wordsIn = (extension: readonly Extension[] = []) =>
  extension.flatMap((each) => (each.url === extensionUrl.recordedForm ? [each.valueString] : []));
const observationOf = (inner: string) => {
  const [found] = all(convert(sectionXml("30954-2", "Résultats", "", inner)), "Observation");
  return found?.resourceType === "Observation" ? found : undefined;
};
const value = '<value xsi:type="PQ" value="5" unit="mmol/L"/>';

describe("a time of day without zone", () => {
  test.each([
    ["20180923203015", "2018-09-23T20:30"],
    ["201809232030", "2018-09-23T20:30"],
    ["2018092320", "2018-09-23T20"],
    ["2018-09-23T20:30:00", "2018-09-23T20:30"],
  ])("%s keeps its day as date, and the time beside it in no language", (written, expected) => {
    const found = observationOf(observationXml("48", glucose, `<effectiveTime value="${written}"/>${value}`));
    expect(found?.effectiveDateTime).toBe("2018-09-23");
    expect(wordsIn(found?.extension)).toEqual([expected]);
  });

  test("of a start, an end and a value that is a date are kept too; with a zone, or as no time, nothing is added", () => {
    const period = '<effectiveTime><low value="201809230800"/><high value="201809231000"/></effectiveTime>';
    const date = '<value xsi:type="TS" value="201809240715"/>';
    expect(wordsIn(observationOf(observationXml("48", glucose, period + date))?.extension)).toHaveLength(3);
    for (const written of ["201809232030+0200", "20180923", "2018", "201809239930"]) {
      const time = `<effectiveTime value="${written}"/>`;
      expect(wordsIn(observationOf(observationXml("48", glucose, time + value))?.extension)).toEqual([]);
    }
  });
});

test("bounds that are excluded make a range, and say so beside it", () => {
  const interval = (low: string, high: string) =>
    observationOf(
      observationXml(
        "48",
        glucose,
        `<value xsi:type="IVL_PQ"><low value="1" unit="g/L" ${low}/><high value="9" unit="g/L" ${high}/></value>`,
      ),
    )?.valueRange;
  const out = 'inclusive="false"';
  expect(wordsIn(interval(out, out)?.extension)).toEqual(["> 1 g/L, < 9 g/L"]);
  expect(wordsIn(interval("", out)?.extension)).toEqual(["≥ 1 g/L, < 9 g/L"]);
  expect(interval(out, "")).toMatchObject({ low: { value: 1 }, high: { value: 9 } });
  expect(interval("", "")?.extension).toBeUndefined();
});

test("a definition is what nobody did, has or plans: no fact, and no plan", () => {
  const bundle = convert(
    sectionXml("10160-0", "Traitements", "", treatmentXml("<name>Aspirine</name>", "", 'moodCode="DEF"')),
    sectionXml("30954-2", "Résultats", "", observationXml("48", glucose, value, 'moodCode="DEF"')),
  );
  for (const kind of ["MedicationRequest", "MedicationStatement", "Observation", "ServiceRequest"] as const)
    expect(all(bundle, kind)).toEqual([]);
});

describe("a reason", () => {
  const reason = (attributes: string) =>
    convert(
      sectionXml(
        "10160-0",
        "Traitements",
        "",
        treatmentXml(
          "<name>Aspirine</name>",
          `<entryRelationship typeCode="RSON" ${attributes}>${observationXml("48", glucose, value)}</entryRelationship>`,
        ),
      ),
    );

  test("of a treatment is told with it; of an inverted relation, the treatment is the reason of a fact of its own", () => {
    const [plain] = all(reason(""), "MedicationStatement");
    expect(plain).toMatchObject({ reasonCode: [{ text: "Glucose" }] });
    const inverted = reason('inversionInd="true"');
    expect(all(inverted, "MedicationStatement")[0]).not.toHaveProperty("reasonCode");
    expect(all(inverted, "Observation")).toHaveLength(1);
  });
});

describe("in the notes of an entry", () => {
  const notesOf = (bundle: Bundle, kind: "AllergyIntolerance" | "Condition" | "MedicationDispense") =>
    all(bundle, kind).map((each) => ("note" in each ? each.note : []));
  const comment = (text: string, author = "") =>
    `<entryRelationship typeCode="SUBJ" inversionInd="true"><act classCode="ACT" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.32"/><code code="48767-8" codeSystem="2.16.840.1.113883.6.1"/><text>${text}</text>${author}</act></entryRelationship>`;
  const icd = (code: string, name: string) =>
    `<value xsi:type="CD" code="${code}" displayName="${name}" codeSystem="2.16.840.1.113883.6.3"/>`;

  test("stands what is remarked about a reaction to an allergen, with who remarked it and when", () => {
    const author =
      '<author><time value="20240301"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="899700000099"/><assignedPerson><name><given>Ada</given><family>MODELE</family></name></assignedPerson></assignedAuthor></author>';
    const reaction = `<entryRelationship typeCode="MFST"><observation classCode="OBS" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.37"/><code code="418799008" codeSystem="2.16.840.1.113883.6.96"/>${icd("T78.2", "Choc anaphylactique")}${comment("Adrénaline donnée, réanimation", author)}</observation></entryRelationship>`;
    const allergy = allergyXml("<name>Pénicilline</name>").replace("</observation>", `${reaction}</observation>`);
    const [found] = notesOf(convert(sectionXml("48765-2", "Allergies", "", allergy)), "AllergyIntolerance");
    expect(found).toContainEqual({
      authorString: "Ada MODELE",
      time: "2024-03-01",
      text: "Réaction, Choc anaphylactique : Adrénaline donnée, réanimation",
    });
  });

  test("stands a second value of a problem, which is no problem of its own", () => {
    const values = `${icd("I10", "Hypertension")}${icd("I50", "Insuffisance cardiaque")}<value xsi:type="PQ" value="2"/>`;
    const bundle = convert(sectionXml("11450-4", "Problèmes", "", problemXml(values)));
    expect(all(bundle, "Condition")).toHaveLength(1);
    const [found] = notesOf(bundle, "Condition");
    expect(found).toEqual([{ text: "Autre valeur : Insuffisance cardiaque" }, { text: "Autre valeur : 2" }]);
  });

  test("stands how often what was dispensed may be dispensed again", () => {
    const supply =
      '<supply classCode="SPLY" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.204"/><repeatNumber value="2"/><quantity value="1"/><product><manufacturedProduct><manufacturedMaterial><name>FICTIMAB</name></manufacturedMaterial></manufacturedProduct></product></supply>';
    const [found] = notesOf(convert(sectionXml("60590-7", "Dispensation", "", supply)), "MedicationDispense");
    expect(found).toEqual([{ text: "Renouvellements : 2" }]);
  });
});
