/** What a problem entry (FR-Probleme) says of its kind and of its end: a symptom is no diagnosis, a future end is none yet. */
import { describe, expect, it } from "vitest";
import type { Condition } from "../../fhir/index.ts";
import { summarise } from "../../summary/index.ts";
import { again } from "../write/structured/test-support.ts";
import { convert, problemXml, sectionXml } from "./test-support.ts";

const snomed = "http://snomed.info/sct";
const gout = '<value xsi:type="CD" code="M10" displayName="Goutte" codeSystem="2.16.840.1.113883.6.3"/>';
const symptom = { system: snomed, code: "418799008", display: "symptôme" };

/** A problem of a kind, in a list of problems. */
const stated = (code: string, value = gout) =>
  convert(sectionXml("11450-4", "Problèmes", "x", problemXml(value).replace(/<code code="282291009"[^>]*>/, code)));
const conditionOf = (bundle: ReturnType<typeof convert>) =>
  bundle.entry?.map(({ resource }) => resource).find((one) => one?.resourceType === "Condition") as
    | Condition
    | undefined;
const codesOf = (condition: Condition | undefined) =>
  condition?.category?.map(({ coding }) => coding?.map(({ code }) => code).join());

it("a problem whose end is still ahead of its document is not over", () => {
  const ending = (high: string) =>
    conditionOf(
      convert(
        sectionXml(
          "11450-4",
          "Problèmes",
          "x",
          problemXml(gout, { time: `<effectiveTime><low value="2020"/><high value="${high}"/></effectiveTime>` }),
        ),
      ),
    );
  // The document is of the 12th of March 2024.
  for (const high of ["20281231", "202404", "2025"]) {
    const { clinicalStatus, abatementDateTime, note } = ending(high) ?? {};
    expect([clinicalStatus?.coding?.[0]?.code, abatementDateTime]).toEqual(["active", undefined]);
    expect(note?.[0]?.text).toMatch(/^Fin prévue : /);
  }
  for (const high of ["20240312", "202403", "2024"])
    expect(ending(high)).toMatchObject({
      clinicalStatus: { coding: [{ code: "resolved" }] },
      abatementDateTime: expect.any(String),
    });
});

/** Gout, with the context that SNOMED CT gives a finding in a qualifier. */
const inContext = (name: string, value: string) =>
  gout.replace(
    "/>",
    `><qualifier><name code="${name}" codeSystem="2.16.840.1.113883.6.96"/><value code="${value}" displayName="contexte" codeSystem="2.16.840.1.113883.6.96"/></qualifier></value>`,
  );

it.each([
  ["410516002", "refuted"],
  ["415684004", "unconfirmed"],
  ["410515003", undefined],
])("a finding whose context is %s is %s", (context, expected) => {
  const found = conditionOf(convert(sectionXml("11450-4", "P", "x", problemXml(inContext("408729009", context)))));
  expect([found?.code?.coding?.[0]?.code, found?.verificationStatus?.coding?.[0]?.code]).toEqual(["M10", expected]);
});

it("a finding whose context is somebody of the family is no illness of the patient", () => {
  const of = (subject: string) => convert(sectionXml("11450-4", "P", "x", problemXml(inContext("408732007", subject))));
  expect(conditionOf(of("444148008"))).toBeUndefined();
  expect(of("444148008").entry?.map(({ resource }) => resource)).toContainEqual(
    expect.objectContaining({ resourceType: "Observation", focus: [expect.objectContaining({ display: "contexte" })] }),
  );
  expect(conditionOf(of("410604004"))).toBeDefined();
});

it("a problem listed among those of the family is a relative's", () => {
  const bare = `<observation classCode="OBS" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.37"/><code code="282291009"/><statusCode code="completed"/>${gout}</observation>`;
  for (const entry of [problemXml(gout), bare]) {
    const read = convert(sectionXml("10157-6", "Antécédents familiaux", "x", entry));
    expect(conditionOf(read)).toBeUndefined();
    expect(read.entry?.map(({ resource }) => resource)).toContainEqual(
      expect.objectContaining({
        resourceType: "FamilyMemberHistory",
        condition: [expect.objectContaining({ code: expect.objectContaining({ text: "Goutte" }) })],
      }),
    );
  }
});

describe("the kind of a problem", () => {
  it("is a category beside FHIR's own and the section, in the document and in the summary", () => {
    const read = stated('<code code="418799008" displayName="symptôme" codeSystem="2.16.840.1.113883.6.96"/>');
    expect(codesOf(conditionOf(read))).toEqual(["problem-list-item", "11450-4", "418799008"]);
    expect(codesOf(conditionOf(summarise([read])))).toContain("418799008");
  });

  it("is not the code that is answered by yes or no, nor one that is not there", () => {
    const asked = '<code code="M10" displayName="Goutte" codeSystem="2.16.840.1.113883.6.3"/>';
    expect(codesOf(conditionOf(stated(asked, '<value xsi:type="BL" value="true"/>')))).toEqual([
      "problem-list-item",
      "11450-4",
    ]);
    expect(codesOf(conditionOf(stated('<code nullFlavor="UNK"/>')))).toEqual(["problem-list-item", "11450-4"]);
  });

  it("is written back, and what was read in another section is no kind", () => {
    const categories = (...more: Condition["category"] & object): Condition["category"] => [
      {
        coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-category", code: "problem-list-item" }],
      },
      { coding: [{ system: "http://loinc.org", code: "46241-6", display: "Motif" }] },
      ...more,
    ];
    const written = again({
      code: "11450-4",
      title: "Problèmes",
      facts: [categories({ coding: [symptom] }), categories()].map((category, index) => ({
        resourceType: "Condition",
        subject: { reference: "urn:uuid:patient" },
        code: { text: `Goutte ${index}` },
        ...(category ? { category } : {}),
      })),
    });
    const kinds = (written.entry ?? []).flatMap(({ resource }) =>
      resource?.resourceType === "Condition" ? [codesOf(resource)?.at(-1)] : [],
    );
    expect(kinds).toEqual(["418799008", "55607006"]);
  });
});
