import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Bundle } from "../../../fhir/index.ts";
import { identifierSystem } from "../../../fhir/systems.ts";
import { cdaToFhir } from "../../read/index.ts";
import type { WrapAuthor, WrapPatient } from "../wrap-input.ts";
import { fhirToCda } from "./fhir-to-cda.ts";

const samples = resolve(import.meta.dirname, "../../../../../../shared/cda/open");

const patient: WrapPatient = {
  ins: { system: identifierSystem.insTest, value: "279035121518989" },
  birthName: "EXEMPLE",
  firstGivenName: "DOMINIQUE",
  birthGivenNames: ["DOMINIQUE"],
  sex: "female",
  birthDate: "1979-03-28",
  birthPlaceCode: "51215",
};
const author: WrapAuthor = {
  rpps: "10000000012",
  family: "MARTIN",
  given: "Paul",
  profession: "G15_10",
  specialty: "SM26",
  organization: { id: "1750000012", name: "Cabinet", facilityType: "SA07", practiceSetting: "AMBULATOIRE" },
};

const factTypes: ReadonlySet<string> = new Set([
  "AllergyIntolerance",
  "Condition",
  "AdverseEvent",
  "Consent",
  "DeviceRequest",
  "DeviceUseStatement",
  "FamilyMemberHistory",
  "Goal",
  "ImagingStudy",
  "Immunization",
  "MedicationDispense",
  "MedicationRequest",
  "MedicationStatement",
  "Observation",
  "Procedure",
  "ServiceRequest",
  "SupplyDelivery",
]);

/** Kind, codes and words of the facts of a Bundle, in an order of their own. */
function statements(bundle: Bundle): readonly string[] {
  return (bundle.entry ?? [])
    .flatMap(({ resource }) => {
      if (!resource || !factTypes.has(resource.resourceType)) return [];
      const { code, vaccineCode, medicationCodeableConcept } = resource as {
        code?: { coding?: { code?: string }[] };
        vaccineCode?: { coding?: { code?: string }[] };
        medicationCodeableConcept?: { coding?: { code?: string }[] };
      };
      const codings = (code ?? vaccineCode ?? medicationCodeableConcept)?.coding ?? [];
      return [
        `${resource.resourceType} ${codings
          .map((coding) => coding.code)
          .sort()
          .join(" ")}`,
      ];
    })
    .sort();
}

/** Who took part in the meeting of the document, and in which qualities, in an order of their own. */
function participants(bundle: Bundle): readonly string[] {
  const resources = new Map((bundle.entry ?? []).map(({ fullUrl, resource }) => [fullUrl, resource]));
  const composition = bundle.entry?.[0]?.resource;
  const meeting =
    composition?.resourceType === "Composition" ? resources.get(composition.encounter?.reference) : undefined;
  if (meeting?.resourceType !== "Encounter") return [];
  return (meeting.participant ?? [])
    .map(({ individual, type }) => {
      const codes = (type ?? []).map(({ coding }) => coding?.[0]?.code);
      return `${individual?.type} ${individual?.display} ${codes.join(" ")}`;
    })
    .sort();
}

describe.skipIf(!existsSync(samples))("official documents written anew hold the same facts (needs ../shared)", () => {
  it.each([
    "VSM_1.4_2022.01",
    "VAC_2023.01",
    "BIO-CR-BIO_2021.01_Electrophorese",
    "OBP-SEM_2024.01",
    "CARD-F-PRC-PPV_2022.01",
    "CNAM-HR_2021.01",
    "LDL-SES_2022.01",
    "eDISP-MED_2024.01",
    "eP-MED-DM_2024.01_PosoStruct",
    "DLU-EHPAD-DLU_2022.01",
    "SDM-MR_2022.01",
    "IPS-FR_2024.01",
    "IMG_CR_IMG_2024.01",
  ])("%s", (name) => {
    const original = cdaToFhir(readFileSync(join(samples, `${name}.xml`), "utf8"));
    const again = cdaToFhir(fhirToCda(original, { patient, author, uniqueId: "urn:oid:1.2.250.1.999.1.1.5" }));
    expect(statements(original).length).toBeGreaterThan(1);
    expect(statements(again)).toEqual(statements(original));
    expect(participants(again)).toEqual(participants(original));
  });
});
