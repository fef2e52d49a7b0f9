/** Whose time a time is: of the fact, of who recorded or did it, of the follow-up around it, of the sample. */
import { describe, expect, it } from "vitest";
import { type Extension, extensionUrl } from "../../fhir/index.ts";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { allergyXml, convert, observationXml, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const icd = 'codeSystem="2.16.840.1.113883.6.3"';
const fr = (number: string) => `<templateId root="1.2.250.1.213.1.1.3.${number}"/>`;
const person =
  '<id root="1.2.250.1.71.4.2.1" extension="899700000033"/><assignedPerson><name><family>AUTRE</family></name></assignedPerson>';
const author = (time: string) => `<author><time value="${time}"/><assignedAuthor>${person}</assignedAuthor></author>`;
const gout = `<value xsi:type="CD" code="M10" displayName="Goutte" ${icd}/>`;

describe("the time of who recorded or did something", () => {
  it("stands beside that of the fact, in each kind", () => {
    const written = author("20240311");
    const planned = `<procedure classCode="PROC" moodCode="RQO">${fr("62")}<code code="HHFA001" codeSystem="1.2.250.1.213.2.5"/>${written}</procedure>`;
    const bundle = convert(
      sectionXml("11450-4", "P", "x", problemXml(gout + written)),
      sectionXml(
        "48765-2",
        "A",
        "x",
        allergyXml('<code code="111" displayName="Noix"/>').replace("</observation>", `${written}</observation>`),
      ),
      sectionXml("10160-0", "T", "x", treatmentXml("<name>F</name>", written)),
      sectionXml("57828-6", "O", "x", treatmentXml("<name>F</name>", written, 'moodCode="INT"', "83")),
      sectionXml(
        "11369-6",
        "V",
        "x",
        treatmentXml("<name>F</name>", `<effectiveTime value="20100101"/>${written}`, 'moodCode="EVN"', "45"),
      ),
      sectionXml("18776-5", "S", "x", planned),
      sectionXml(
        "42348-3",
        "D",
        "x",
        observationXml("54", `<code code="281789004" ${loinc}/>`, `<value xsi:type="BL" value="true"/>${written}`),
      ),
    );
    expect({
      problem: [all(bundle, "Condition")[0]?.onsetDateTime, all(bundle, "Condition")[0]?.recordedDate],
      allergy: all(bundle, "AllergyIntolerance")[0]?.recordedDate,
      treatment: all(bundle, "MedicationStatement")[0]?.dateAsserted,
      prescription: all(bundle, "MedicationRequest")[0]?.authoredOn,
      vaccination: [all(bundle, "Immunization")[0]?.occurrenceDateTime, all(bundle, "Immunization")[0]?.recorded],
      request: all(bundle, "ServiceRequest")[0]?.authoredOn,
      directive: all(bundle, "Consent")[0]?.dateTime,
    }).toEqual({
      problem: ["2020-01-05", "2024-03-11"],
      allergy: "2024-03-11",
      treatment: "2024-03-11",
      prescription: "2024-03-11",
      vaccination: ["2010-01-01", "2024-03-11"],
      request: "2024-03-11",
      directive: "2024-03-11",
    });
  });

  it("of a result is an instant, or words where only the day is known", () => {
    const result = (time: string) =>
      observationXml(
        "80",
        `<code code="718-7" ${loinc}/>`,
        `<effectiveTime value="20240309"/><value xsi:type="INT" value="1"/><performer><time value="20240310"/><assignedEntity>${person}</assignedEntity></performer>${author(time)}`,
      );
    const [exact, day] = all(
      convert(sectionXml("18719-5", "B", "x", result("20240311081500+0100"), result("20240311"))),
      "Observation",
    );
    expect([exact?.effectiveDateTime, exact?.issued]).toEqual(["2024-03-09", "2024-03-11T08:15:00+01:00"]);
    expect(exact?.note?.map((each) => each.text)).toEqual(["Réalisé le 10 mars 2024"]);
    expect(day?.note?.map((each) => each.text)).toEqual(["Rendu le 11 mars 2024", "Réalisé le 10 mars 2024"]);
  });
});

describe("the period of a concern", () => {
  const followed = (concern: string, own: string) =>
    all(
      convert(
        sectionXml(
          "11450-4",
          "P",
          "x",
          problemXml(gout, { time: own }).replace(
            '<statusCode code="active"/>',
            `<statusCode code="active"/>${concern}`,
          ),
        ),
      ),
      "Condition",
    )[0];
  const period = '<effectiveTime><low value="20100101"/><high value="201106"/></effectiveTime>';

  it("is that of its follow-up: told in words, never the period of the problem", () => {
    const undated = followed(period, '<effectiveTime nullFlavor="UNK"/>');
    expect([undated?.onsetDateTime, undated?.abatementDateTime]).toEqual([undefined, undefined]);
    expect(undated?.note?.[0]?.text).toBe("Suivi : début 1er janvier 2010, fin juin 2011");
  });

  it("is not told when the problem has the same", () => {
    expect(followed(period, period)?.note).toBeUndefined();
  });
});

describe("the time of a sample", () => {
  const sample = (id: string, time: string, words: string) =>
    `<procedure classCode="PROC" moodCode="EVN">${fr("77")}<code code="33882-2" ${loinc}/><effectiveTime value="${time}"/><participant typeCode="PRD"><participantRole classCode="SPEC"><id root="1.2.3" extension="${id}"/><playingEntity><code code="${id}" displayName="${words}" codeSystem="1.2.4"/></playingEntity></participantRole></participant></procedure>`;
  const result = (inner: string) =>
    observationXml("80", `<code code="718-7" ${loinc}/>`, '<value xsi:type="INT" value="1"/>', undefined, inner);
  const report = (...parts: string[]) =>
    `<act classCode="ACT" moodCode="EVN"><templateId root="1.3.6.1.4.1.19376.1.3.1"/><code code="18719-5" ${loinc}/><statusCode code="completed"/>${parts.map((part) => `<entryRelationship typeCode="COMP">${part}</entryRelationship>`).join("")}</act>`;
  const blood = sample("S1", "20240310080000+0100", "Sang");
  const urine = sample("S2", "20240311", "Urine");

  it("dates the results found in it that have no date of their own, and the report", () => {
    const bundle = convert(sectionXml("18719-5", "B", "x", report(blood, result(""))));
    const [found] = all(bundle, "Observation");
    const [taken] = all(bundle, "Specimen");
    expect(found?.effectiveDateTime).toBe("2024-03-10T08:00:00+01:00");
    expect(taken?.collection?.collectedDateTime).toBe("2024-03-10T08:00:00+01:00");
    expect(found?.specimen?.reference).toBe(bundle.entry?.find((each) => each.resource === taken)?.fullUrl);
    expect(all(bundle, "DiagnosticReport")[0]?.effectiveDateTime).toBe("2024-03-10T08:00:00+01:00");
  });

  it("of two is that of the one that a result names by its number alone", () => {
    const named = '<specimen><specimenRole><id root="1.2.3" extension="S2"/></specimenRole></specimen>';
    const [found] = all(convert(sectionXml("18719-5", "B", "x", report(blood, urine, result(named)))), "Observation");
    expect(found?.specimen?.display).toBe("Urine");
    expect(found?.effectiveDateTime).toBeUndefined();
  });

  it("taken within a battery holds for what is in it, batteries inside it included", () => {
    const battery = (code: string, ...parts: string[]) =>
      `<organizer classCode="BATTERY" moodCode="EVN"><code code="${code}" displayName="Bilan ${code}" codeSystem="1.2.5"/><statusCode code="completed"/>${parts.map((part) => `<component>${part}</component>`).join("")}</organizer>`;
    const bundle = convert(
      sectionXml("18719-5", "B", "x", report(battery("1", result(""), battery("2", result("")), urine), result(""))),
    );
    const results = all(bundle, "Observation").filter((each) => each.valueInteger !== undefined);
    expect(results.map((each) => [each.effectiveDateTime, each.specimen !== undefined])).toEqual([
      ["2024-03-11", true],
      ["2024-03-11", true],
      [undefined, false],
    ]);
    expect(all(bundle, "Specimen")).toHaveLength(1);
  });
});

describe("relations the other way round, and in earlier editions", () => {
  it("a treatment that caused a problem is its cause; one that it led to is its consequence", () => {
    const caused = (inverted: boolean) =>
      all(
        convert(
          sectionXml(
            "11450-4",
            "P",
            "x",
            problemXml(gout, {
              inner: `<entryRelationship typeCode="CAUS" inversionInd="${inverted}">${treatmentXml("<name>FICTIMAB</name>")}</entryRelationship>`,
            }),
          ),
        ),
        "Condition",
      )[0]?.note?.[0]?.text;
    expect([caused(true), caused(false)]).toEqual(["Cause : FICTIMAB", "Conséquence : FICTIMAB"]);
  });

  it("a problem inside an allergy is its reaction, whatever relates it", () => {
    const problem = observationXml(
      "37",
      '<code code="55607006"/>',
      `<value xsi:type="CD" code="L50" displayName="Urticaire" ${icd}/>`,
    );
    const allergy = allergyXml('<code code="111" displayName="Noix"/>').replace(
      "</observation>",
      `<entryRelationship typeCode="SUBJ">${problem}</entryRelationship></observation>`,
    );
    const bundle = convert(sectionXml("48765-2", "A", "x", allergy));
    expect(all(bundle, "AllergyIntolerance")[0]?.reaction?.[0]?.manifestation[0]?.text).toBe("Urticaire");
    expect(all(bundle, "Condition")).toEqual([]);
  });
});

describe("an interval given by one bound and a length", () => {
  const period = (inner: string) => `<effectiveTime xsi:type="IVL_TS">${inner}</effectiveTime>`;
  const width = (value: number | string, unit: string) => `<width value="${value}" unit="${unit}"/>`;
  const wordsOf = (fact: { extension?: Extension[] } | undefined) =>
    (fact?.extension ?? []).flatMap(({ url, valueString }) => (url === extensionUrl.recordedForm ? [valueString] : []));
  const low = '<low value="20240301"/>';
  const statement = (name: string, kind: string, mood: string, inner: string) =>
    `<${name} classCode="${kind}" moodCode="${mood}"><code code="X" displayName="Soin" codeSystem="1.2.3"/>${inner}</${name}>`;
  const measured = (time: string) =>
    all(
      convert(
        sectionXml(
          "30954-2",
          "R",
          "x",
          observationXml("48", `<code code="718-7" ${loinc}/>`, `${time}<value xsi:type="INT" value="1"/>`),
        ),
      ),
      "Observation",
    )[0];

  it("has its other bound, in each kind of fact", () => {
    const time = period(low + width(2, "wk"));
    const device = `<supply classCode="SPLY" moodCode="EVN">${fr("20")}${time}<participant typeCode="DEV"><participantRole><playingDevice><code code="J01" displayName="Attelle" codeSystem="1.2.250.1.213.2.68"/></playingDevice></participantRole></participant></supply>`;
    const bundle = convert(
      sectionXml("11450-4", "P", "x", problemXml(gout, { time })),
      sectionXml("46240-8", "E", "x", statement("encounter", "ENC", "EVN", time)),
      sectionXml("47519-4", "A", "x", statement("procedure", "PROC", "EVN", time)),
      sectionXml("18776-5", "S", "x", statement("procedure", "PROC", "RQO", time)),
      sectionXml("46264-8", "D", "x", device),
    );
    const both = { start: "2024-03-01", end: "2024-03-15" };
    expect(all(bundle, "Condition")[0]).toMatchObject({ onsetDateTime: both.start });
    expect(all(bundle, "Condition")[0]?.note?.[0]?.text).toBe("Fin prévue : 15 mars 2024");
    expect(all(bundle, "Encounter").map((each) => each.period)).toContainEqual(both);
    expect(all(bundle, "Procedure")[0]?.performedPeriod).toEqual(both);
    expect(all(bundle, "ServiceRequest")[0]?.occurrencePeriod).toEqual(both);
    expect(all(bundle, "DeviceUseStatement")[0]?.timingPeriod).toEqual(both);
    expect(measured(time)?.effectivePeriod).toEqual(both);
  });

  it.each([
    ["an end and a length", `<high value="20240315"/>${width(14, "j")}`, "2024-03-01", "2024-03-15"],
    ["a middle and a length", `<center value="20240308"/>${width(2, "semaines")}`, "2024-03-01", "2024-03-15"],
    [
      "hours after a moment",
      `<low value="202403012330+0100"/>${width(90, "min")}`,
      "2024-03-01T23:30:00+01:00",
      "2024-03-02T01:00:00+01:00",
    ],
    ["whole days in hours", low + width(48, "h"), "2024-03-01", "2024-03-03"],
  ])("by %s", (_name, inner, start, end) => {
    const found = measured(period(inner));
    expect(found?.effectivePeriod).toEqual({ start, end });
    expect(wordsOf(found)).toEqual([]);
  });

  it.each([
    ["months have no fixed length", low + width(3, "mois"), { effectivePeriod: { start: "2024-03-01" } }, "P3M"],
    [
      "the start is a month",
      `<low value="202403"/>${width(10, "d")}`,
      { effectivePeriod: { start: "2024-03" } },
      "P10D",
    ],
    ["the start is a day", low + width("1,5", "h"), { effectivePeriod: { start: "2024-03-01" } }, "PT1.5H"],
    [
      "the middle falls within a day",
      `<center value="20240308"/>${width(1, "d")}`,
      { effectiveDateTime: "2024-03-08" },
      "P1D",
    ],
    ["no bound is told", width(2, "a"), {}, "P2Y"],
  ])("keeps its length beside it where %s", (_why, inner, expected, words) => {
    const found = measured(period(inner));
    expect({ effectivePeriod: found?.effectivePeriod, effectiveDateTime: found?.effectiveDateTime }).toEqual({
      effectivePeriod: undefined,
      effectiveDateTime: undefined,
      ...expected,
    });
    expect(wordsOf(found)).toEqual([words]);
  });

  it("whose length cannot be read says so, and one that has both bounds needs none", () => {
    const odd = measured(period(low + width(3, "lunes")));
    expect(JSON.stringify(odd?.extension)).toContain("durée illisible : « 3 lunes »");
    expect(measured(period(`${low}<high value="20240302"/>${width(3, "mo")}`))?.extension).toBeUndefined();
  });

  it("is told once of a treatment, and of a dose that has no such place", () => {
    const time = period(low + width(3, "mo"));
    const [taken] = all(
      convert(sectionXml("10160-0", "T", "x", treatmentXml("<name>F</name>", time))),
      "MedicationStatement",
    );
    expect(taken?.dosage?.[0]?.timing?.repeat?.boundsDuration).toMatchObject({ value: 3, code: "mo" });
    expect(wordsOf(taken)).toEqual([]);
    const [advised] = all(
      convert(sectionXml("11369-6", "V", "x", treatmentXml("<name>F</name>", time, 'moodCode="INT"', "47"))),
      "ImmunizationRecommendation",
    );
    expect(wordsOf(advised)).toEqual(["P3M"]);
  });

  it("puts no goal on the day that it begins", () => {
    const goal = (time: string) =>
      all(
        convert(
          sectionXml(
            "18776-5",
            "S",
            "x",
            observationXml(
              "48",
              `<code code="4548-4" ${loinc}/>`,
              `${time}<value xsi:type="PQ" value="7" unit="%"/>`,
              'moodCode="GOL"',
            ),
          ),
        ),
        "Goal",
      )[0];
    expect(goal(period(low + width(3, "mo")))?.target?.[0]?.dueDate).toBeUndefined();
    expect(goal(period(low + width(30, "d")))?.target?.[0]?.dueDate).toBe("2024-03-31");
  });

  it("is a length where it is a value", () => {
    const [found] = all(
      convert(
        sectionXml(
          "30954-2",
          "R",
          "x",
          observationXml("48", `<code code="718-7" ${loinc}/>`, `<value xsi:type="IVL_TS">${width(3, "mo")}</value>`),
        ),
      ),
      "Observation",
    );
    expect(found?.valueQuantity).toMatchObject({ value: 3, code: "mo" });
    expect(wordsOf(found)).toEqual([]);
  });
});
