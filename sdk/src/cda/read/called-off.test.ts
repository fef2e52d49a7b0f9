/** What is denied or called off, whatever it is, is told of nobody as a fact. */
import { describe, expect, it } from "vitest";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { allergyXml, convert, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

const snomed = 'codeSystem="2.16.840.1.113883.6.96"';
const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const icd = 'codeSystem="2.16.840.1.113883.6.3"';
const fr = (number: string) => `<templateId root="1.2.250.1.213.1.1.3.${number}"/>`;
const related = (inner: string) => `<entryRelationship typeCode="SUBJ">${inner}</entryRelationship>`;
const denied = (inner: string) =>
  related(`<observation classCode="OBS" moodCode="EVN" negationInd="true">${inner}</observation>`);

describe("what is denied of a fact is not said of it", () => {
  it("a severity, a certainty, a status of a problem", () => {
    const qualifiers = [
      `${fr("29")}<code code="SEV" codeSystem="2.16.840.1.113883.5.4"/><value xsi:type="CD" code="24484000" displayName="sévère" ${snomed}/>`,
      `${fr("171")}<code code="66455-7" ${loinc}/><value xsi:type="CD" code="confirmed"/>`,
      `${fr("30")}<code code="33999-4" ${loinc}/><value xsi:type="CE" code="resolved"/>`,
    ];
    const asthma = `<value xsi:type="CD" code="J45" displayName="Asthme" ${icd}/>`;
    const problem = problemXml(asthma, { inner: qualifiers.map(denied).join("") });
    const [found] = all(convert(sectionXml("11450-4", "P", "x", problem)), "Condition");
    expect([found?.severity, found?.verificationStatus]).toEqual([undefined, undefined]);
    expect(found?.clinicalStatus?.coding?.[0]?.code).toBe("active");
  });

  it("the rank of a vaccine, a sample, what a request and a device are described with", () => {
    const rank = denied(`${fr("82")}<code code="30973-2" ${loinc}/><value xsi:type="INT" value="2"/>`);
    const vaccine = treatmentXml("<name>FICTIGRIP</name>", rank, 'moodCode="EVN"', "45");
    const [given] = all(convert(sectionXml("11369-6", "V", "x", vaccine)), "Immunization");
    expect(given?.protocolApplied).toBeUndefined();
    const sample = `<procedure classCode="PROC" moodCode="EVN" negationInd="true">${fr("77")}<code code="1" displayName="Ponction" codeSystem="1.2.3"/><effectiveTime value="20240101"/></procedure>`;
    expect(all(convert(sectionXml("18719-5", "L", "x", sample)), "Specimen")).toEqual([]);
    const remark = denied(
      '<code code="Y" displayName="À jeun" codeSystem="1.2.3"/><value xsi:type="BL" value="true"/>',
    );
    const request = `<observation classCode="OBS" moodCode="INT">${fr("27")}<code code="24627-2" displayName="Scanner" ${loinc}/><statusCode code="active"/>${remark}</observation>`;
    const device = `<supply classCode="SPLY" moodCode="EVN">${fr("20")}${remark}<participant typeCode="DEV"><participantRole><playingDevice><code code="J01" displayName="Pompe" codeSystem="1.2.250.1.213.2.68"/></playingDevice></participantRole></participant></supply>`;
    const bundle = convert(sectionXml("18776-5", "Plan", "x", request), sectionXml("46264-8", "D", "x", device));
    expect(all(bundle, "ServiceRequest")[0]?.note).toEqual([{ text: "À jeun : non" }]);
    expect(all(bundle, "DeviceUseStatement")[0]?.note).toEqual([{ text: "À jeun : non" }]);
  });
});

describe("what is called off", () => {
  const illness = (status: string, mood = "EVN") =>
    `<organizer classCode="CLUSTER" moodCode="EVN">${fr("59")}<statusCode code="completed"/><subject><relatedSubject classCode="PRS"><code code="FTH" displayName="Père" codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject><component><observation classCode="OBS" moodCode="${mood}">${fr("51")}<code code="282291009" ${snomed}/><statusCode code="${status}"/><value xsi:type="CD" code="I21" displayName="Infarctus" ${icd}/></observation></component></organizer>`;

  it.each(["nullified", "cancelled", "aborted"])("an illness of the family that is %s is none", (status) => {
    const count = (state: string) =>
      all(convert(sectionXml("10157-6", "F", "x", illness(state))), "FamilyMemberHistory").length;
    expect([count("completed"), count(status)]).toEqual([1, 0]);
  });

  it.each(["INT", "GOL", "RQO", "DEF", "EVN.CRT"])(
    "an illness of the family in mood %s is none that somebody has",
    (mood) => {
      const bundle = convert(sectionXml("10157-6", "F", "x", illness("completed", mood)));
      expect(all(bundle, "FamilyMemberHistory")).toEqual([]);
    },
  );

  it("an allergy is inactive, a directive holds no more, a transfer did not take place", () => {
    const allergy = allergyXml("<name>pollens</name>").replace("completed", "cancelled");
    const directive = `<observation classCode="OBS" moodCode="EVN">${fr("54")}<code code="304253006" displayName="Réanimation" ${snomed}/><statusCode code="cancelled"/><value xsi:type="BL" value="true"/></observation>`;
    const transfer = `<act classCode="ACT" moodCode="EVN">${fr("28")}<code code="80413-8" displayName="Transfert" ${loinc}/><statusCode code="cancelled"/></act>`;
    const bundle = convert(
      sectionXml("48765-2", "A", "x", allergy),
      sectionXml("42348-3", "D", "x", directive),
      sectionXml("46240-8", "S", "x", transfer),
    );
    expect(all(bundle, "AllergyIntolerance")[0]?.clinicalStatus?.coding?.[0]?.code).toBe("inactive");
    expect(all(bundle, "Consent")[0]?.status).toBe("inactive");
    expect(all(bundle, "Observation").map(({ status }) => status)).toEqual(["cancelled"]);
  });

  it("a delivery that was reimbursed, a contrast medium that was not given", () => {
    const supply = (status: string) =>
      `<entryRelationship typeCode="COMP"><supply classCode="SPLY" moodCode="EVN">${fr("44")}<statusCode code="${status}"/><quantity value="1"/></supply></entryRelationship>`;
    const delivered = (status: string) =>
      all(
        convert(sectionXml("10160-0", "T", "x", treatmentXml("<name>FICTIMAB</name>", supply(status)))),
        "MedicationDispense",
      )[0]?.status;
    expect([delivered("completed"), delivered("cancelled")]).toEqual(["completed", "declined"]);
    const medium = (status: string) =>
      all(
        convert(
          sectionXml(
            "55111-9",
            "I",
            "x",
            treatmentXml("<name>IODE</name>", "", 'moodCode="EVN"', "151").replace("completed", status),
          ),
        ),
        "MedicationAdministration",
      )[0]?.status;
    expect([medium("completed"), medium("cancelled"), medium("aborted")]).toEqual(["completed", "not-done", "stopped"]);
  });
});
