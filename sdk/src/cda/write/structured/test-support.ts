/** A fictitious person, their doctor, and documents about them: what the tests of this room share. */
import type { Bundle, FhirResource } from "../../../fhir/index.ts";
import { identifierSystem } from "../../../fhir/systems.ts";
import { computeInsKey } from "../../../identity/index.ts";
import { cdaToFhir } from "../../read/index.ts";
import { type DocumentInput, type DocumentSection, documentBundle } from "./document-bundle.ts";
import { fhirToCda } from "./fhir-to-cda.ts";

export const subject = { reference: "urn:uuid:somebody" };

export const patient: DocumentInput["patient"] = {
  ins: { system: identifierSystem.insTest, value: `2850578006084${computeInsKey("2850578006084")}` },
  birthName: "LEPRÊTRE",
  firstGivenName: "CAMILLE",
  birthGivenNames: ["CAMILLE", "ANNE-SOPHIE"],
  usedName: "D'ARGENT",
  usedGivenName: "CAMILLE",
  sex: "female",
  birthDate: "1985-05-12",
  birthPlaceCode: "78006",
};
export const author: DocumentInput["author"] = {
  rpps: "810000000012",
  family: "MARTIN",
  given: "Paul",
  prefix: "M",
  suffix: "DR",
  profession: "G15_10",
  specialty: "SM26",
  organization: {
    id: "1750000012",
    name: "Cabinet des Tilleuls",
    facilityType: "SA07",
    practiceSetting: "AMBULATOIRE",
  },
};
export const documentOf = (type: string, sections: DocumentInput["sections"]): Bundle =>
  documentBundle({
    uniqueId: "urn:oid:1.2.250.1.999.1.1.77",
    type,
    title: "Document fictif",
    date: "2026-01-15T10:30:00+01:00",
    act: { start: "2026-01-12T08:00:00+01:00" },
    patient,
    author,
    sections,
  });

export const synthesis = "SYNTH";
export const found = <Type extends FhirResource["resourceType"]>(bundle: Bundle, type: Type) =>
  (bundle.entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === type ? [resource as Extract<FhirResource, { resourceType: Type }>] : [],
  );
export const again = (section: DocumentSection, type: string = synthesis) =>
  cdaToFhir(fhirToCda(documentOf(type, [section])));
