/** CDA documents of the service's tests: a medical synthesis of a practice about Anna, with the sections that a test is about. */
import { documentBundle, fhirToCda } from "@carnet/sdk/cda";
import { codeSystem } from "@carnet/sdk/fhir";
import { newUniqueId, type TestDocument } from "./documents.ts";
import { cabinet, patients, rppsOf } from "./people.ts";

const { anna } = patients;

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
