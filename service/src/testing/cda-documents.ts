/** CDA documents of the service's tests. */
import { documentBundle, fhirToCda, type WrapInput, wrapInCda } from "@carnet/sdk/cda";
import { codeSystem } from "@carnet/sdk/fhir";
import { newUniqueId, pdf, type TestDocument } from "./documents.ts";
import { cabinet, patients, rppsOf, type TestPatient } from "./people.ts";

const { anna } = patients;

/** A medical synthesis of a practice about Anna, with the sections that a test is about. */
export function synthesisOf(...sections: Parameters<typeof documentBundle>[0]["sections"]): TestDocument {
  const uniqueId = newUniqueId();
  const date = "2026-04-01T09:00:00Z";
  const bundle = documentBundle({
    uniqueId,
    type: "SYNTH",
    title: "Synthèse médicale",
    date,
    act: { start: date },
    patient: {
      ins: anna.ins,
      birthName: anna.birthName,
      firstGivenName: anna.given,
      birthGivenNames: [anna.given],
      sex: anna.sex,
      birthDate: anna.birthDate,
      birthPlaceCode: "99351",
    },
    author: {
      rpps: rppsOf("gp"),
      family: "ESSAI",
      given: "ODILE",
      profession: "G15_10",
      specialty: "SM26",
      organization: { ...cabinet, facilityType: "SA07", practiceSetting: "AMBULATOIRE" },
    },
    sections,
  });
  return {
    uniqueId,
    content: new TextEncoder().encode(fhirToCda(bundle)),
    contentType: "text/xml",
    typeCode: "SYNTH",
    typeSystem: codeSystem.documentTypeNational,
    classCode: "11",
  };
}

/** A letter (level 1) of the practice about this person. */
export function letterAbout(patient: TestPatient, change: Partial<WrapInput> = {}): string {
  return wrapInCda({
    content: pdf("lettre"),
    contentType: "application/pdf",
    title: "Lettre",
    uniqueId: newUniqueId(),
    effectiveTime: "2026-03-02T09:30:00Z",
    type: { code: "11488-4", system: codeSystem.loinc, display: "CR de consultation" },
    act: { start: "2026-03-02T09:00:00Z" },
    patient: {
      ins: patient.ins,
      birthName: patient.birthName,
      firstGivenName: patient.given,
      birthGivenNames: [patient.given],
      sex: patient.sex,
      birthDate: patient.birthDate,
      birthPlaceCode: "75056",
    },
    author: {
      rpps: rppsOf("gp"),
      family: "ESSAI",
      given: "Camille",
      profession: "G15_10",
      specialty: "SM26",
      organization: { ...cabinet, facilityType: "SA07", practiceSetting: "AMBULATOIRE" },
    },
    ...change,
  });
}
