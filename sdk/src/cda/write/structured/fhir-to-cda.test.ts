import { describe, expect, it } from "vitest";
import type { Bundle, FhirResource } from "../../../fhir/index.ts";
import { identifierSystem } from "../../../fhir/systems.ts";
import { cdaToFhir, readCdaBody, readCdaHeader } from "../../read/index.ts";
import { CdaInputError } from "../errors.ts";
import { documentBundle } from "./document-bundle.ts";
import { fhirToCda } from "./fhir-to-cda.ts";
import { documentOf, found, patient, subject, synthesis } from "./test-support.ts";

const diabetes: FhirResource = {
  resourceType: "Condition",
  subject,
  code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "E11.9", display: "Diabète de type 2" }] },
};

describe("R36, R104: the header of a structured document", () => {
  const xml = fhirToCda(documentOf("11490-0", [{ code: "42349-1", title: "Motif", text: "Chute & fracture" }]));
  const header = readCdaHeader(xml);

  it("carries the template of its content model after the two French ones", () => {
    expect(header.templateIds).toEqual([
      "2.16.840.1.113883.2.8.2.1",
      "1.2.250.1.213.1.1.1.1",
      "1.2.250.1.213.1.1.1.29",
    ]);
    expect(readCdaBody(xml)).toEqual({ level: 3 });
  });

  it("keeps of the patient other numbers, addresses, telephones, death and rank of birth", () => {
    const said = {
      identifier: [{ system: "urn:oid:1.2.250.1.999.3", value: "IPP-7" }],
      address: [{ use: "home", line: ["3 rue des Lilas"], postalCode: "75001", city: "Paris" }],
      telecom: [
        { system: "phone", value: "06 00 00 00 00", use: "mobile" },
        { system: "email", value: "camille@exemple.fr" },
      ],
      deceasedDateTime: "2026-01-13",
      multipleBirthInteger: 2,
    } as const;
    const bundle = documentOf("11490-0", [{ code: "42349-1", title: "Motif", text: "Chute" }]);
    const entry = (bundle.entry ?? []).map((one) =>
      one.resource?.resourceType === "Patient"
        ? {
            ...one,
            resource: {
              ...one.resource,
              ...said,
              identifier: [...(one.resource.identifier ?? []), ...said.identifier],
            },
          }
        : one,
    ) as Bundle["entry"] & object;
    const read = found(cdaToFhir(fhirToCda({ ...bundle, entry })), "Patient")[0];
    const telecom = [{ system: "phone", value: "0600000000", use: "mobile" }, said.telecom[1]];
    expect(read).toMatchObject({ ...said, identifier: [{ value: patient.ins.value }, said.identifier[0]], telecom });
  });

  it("says who the patient is, who wrote, where and about which act", () => {
    expect(header.patient).toMatchObject({
      birthName: "LEPRÊTRE",
      usedName: "D'ARGENT",
      firstGivenName: "CAMILLE",
      birthGivenNames: ["CAMILLE", "ANNE-SOPHIE"],
      birthDate: "1985-05-12",
      birthPlaceCode: "78006",
      sex: "female",
    });
    expect(header.authors[0]).toMatchObject({ rpps: "10000000012", professionCode: "G15_10", specialtyCode: "SM26" });
    expect(header).toMatchObject({
      uniqueId: "urn:oid:1.2.250.1.999.1.1.77",
      facilityType: { code: "SA07" },
      practiceSetting: { code: "AMBULATOIRE" },
      act: { start: "2026-01-12T08:00:00+01:00", code: { code: "IMP" } },
    });
  });

  it("R117: a replacement stays in the set of the document it replaces", () => {
    const type = "11490-0";
    const replacement = fhirToCda(documentOf(type, [{ code: "42349-1", title: "Motif", text: "Chute" }]), {
      uniqueId: "urn:oid:1.2.250.1.999.1.1.78",
      replaces: "urn:oid:1.2.250.1.999.1.1.77",
    });
    expect(readCdaHeader(replacement)).toMatchObject({
      uniqueId: "urn:oid:1.2.250.1.999.1.1.78",
      replaces: "urn:oid:1.2.250.1.999.1.1.77",
      setId: "urn:oid:1.2.250.1.999.1.1.77",
      version: 2,
    });
  });

  it("writes the same document the same way", () => {
    const bundle = documentOf(synthesis, [{ code: "11450-4", title: "Pathologies", facts: [diabetes] }]);
    expect(fhirToCda(bundle)).toBe(fhirToCda(bundle));
  });
});

describe("what cannot be written is refused and named", () => {
  const pathOf = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      return error instanceof CdaInputError ? error.path : undefined;
    }
    return undefined;
  };
  const section = { code: "11450-4", title: "Pathologies", facts: [diabetes] };

  it("a Bundle without Composition, a type outside the value set, an entry that points nowhere", () => {
    expect(pathOf(() => fhirToCda({ resourceType: "Bundle", type: "document" }))).toBe("Bundle.entry[0].resource");
    expect(pathOf(() => documentOf("00000-0", [section]))).toBe("type");
    const lost = documentOf(synthesis, [section]);
    lost.entry = lost.entry?.filter(({ resource }) => resource?.resourceType !== "Condition") ?? [];
    expect(pathOf(() => fhirToCda(lost))).toMatch(/entry\[0\]$/);
  });

  it("a resource that no entry can hold, rather than losing it", () => {
    const questionnaire: FhirResource = { resourceType: "QuestionnaireResponse", status: "completed" };
    expect(pathOf(() => fhirToCda(documentOf(synthesis, [{ ...section, facts: [questionnaire] }])))).toMatch(
      /resourceType$/,
    );
  });

  it("R34: a patient whose INS has a wrong key", () => {
    const bundle = documentOf(synthesis, [section]);
    const changed = structuredClone(bundle);
    for (const { resource } of changed.entry ?? [])
      if (resource?.resourceType === "Patient")
        resource.identifier = [{ system: identifierSystem.insTest, value: "285057800608400" }];
    expect(pathOf(() => fhirToCda(changed))).toBe("Patient.ins.value");
  });
});

describe("documents of their own kind", () => {
  const vaccine: FhirResource = {
    resourceType: "Immunization",
    status: "completed",
    patient: subject,
    vaccineCode: {
      coding: [
        { system: "urn:oid:1.2.250.1.213.2.3.1", code: "60000001", display: "FICTIVAX" },
        { system: "http://www.whocc.no/atc", code: "J07AM01", display: "Tétanos" },
      ],
      text: "FICTIVAX",
    },
    occurrenceDateTime: "2026-01-12T08:00:00+01:00",
    lotNumber: "L1",
  };
  const all = <Type extends FhirResource["resourceType"]>(xml: string, type: Type) =>
    (cdaToFhir(xml).entry ?? []).flatMap(({ resource }) =>
      resource?.resourceType === type ? [resource as Extract<FhirResource, { resourceType: Type }>] : [],
    );

  it("a vaccination note has its own template, the day of the dose alone, and who vouches for it", () => {
    const xml = fhirToCda(documentOf("87273-9", [{ code: "11369-6", title: "Vaccination", facts: [vaccine] }]));
    expect(readCdaHeader(xml).templateIds).toContain("1.2.250.1.213.1.1.1.46");
    const entry = xml.slice(xml.indexOf("<entry>"), xml.indexOf("</entry>"));
    expect(entry).toContain('<effectiveTime value="20260112"/>');
    expect(entry).toContain("<author>");
    expect(entry).toMatch(/<code code="60000001"[^>]*codeSystem="1.2.250.1.213.2.3.1"/);
    expect(entry).toContain("<lotNumberText>L1</lotNumberText>");
    expect(all(xml, "Immunization")).toMatchObject([{ lotNumber: "L1", occurrenceDateTime: "2026-01-12" }]);
  });

  it("a discharge letter says whether it is final, once, and first", () => {
    const bundle = documentOf("11490-0", [{ code: "42349-1", title: "Motif", text: "Chute" }]);
    const status = (given: Bundle) => {
      const xml = fhirToCda(given);
      expect(xml.indexOf("33557-0")).toBeLessThan(xml.indexOf("42349-1"));
      return all(xml, "Observation").map((each) => each.valueCodeableConcept?.coding?.[0]?.code);
    };
    expect(status(bundle)).toEqual(["9571008"]);
    const draft = structuredClone(bundle);
    for (const { resource } of draft.entry ?? [])
      if (resource?.resourceType === "Composition") resource.status = "preliminary";
    expect(status(draft)).toEqual(["385651009"]);
  });

  it("the patient's own profile is written, kept and signed by the patient", () => {
    const own = documentBundle({
      uniqueId: "urn:oid:1.2.250.1.999.1.1.79",
      type: "DOCPAT08",
      title: "Mon profil",
      date: "2026-01-15T10:30:00+01:00",
      patient,
      author: "patient",
      sections: [{ code: "11450-4", title: "Mes maladies", facts: [diabetes] }],
    });
    const xml = fhirToCda(own);
    expect(readCdaHeader(xml)).toMatchObject({
      facilityType: { code: "EXP_PATIENT" },
      practiceSetting: { code: "EXP_PATIENT" },
      custodian: { name: "Mon espace santé" },
    });
    const [composition] = all(xml, "Composition");
    expect(composition?.author).toEqual([composition?.subject]);
    expect(composition?.attester?.[0]?.party).toEqual(composition?.subject);
    expect(all(xml, "Practitioner")).toEqual([]);
    expect(all(xml, "Condition")).toHaveLength(1);
  });

  it("a file whose bytes are elsewhere is told, a device handed over by nobody known is told, neither is invented", () => {
    const cited: FhirResource = {
      resourceType: "DocumentReference",
      status: "current",
      content: [{ attachment: { contentType: "application/pdf", size: 40_960, title: "Radio du genou" } }],
    };
    const walker: FhirResource = {
      resourceType: "SupplyDelivery",
      suppliedItem: { itemCodeableConcept: { text: "Déambulateur" } },
    };
    const xml = fhirToCda(
      documentOf("11490-0", [
        { code: "55107-7", title: "Documents", facts: [cited] },
        { code: "46264-8", title: "Dispositifs", facts: [walker] },
      ]),
    );
    expect(xml).toContain("Radio du genou, application/pdf, 41 ko");
    expect(xml).toContain("Déambulateur");
    expect(all(xml, "DeviceUseStatement")).toEqual([]);
  });

  it("a study of images keeps its UID, its series and their modality", () => {
    const study: FhirResource = {
      resourceType: "ImagingStudy",
      status: "available",
      subject,
      identifier: [{ system: "urn:dicom:uid", value: "urn:oid:1.2.3.4" }],
      started: "2026-01-12",
      series: [
        {
          uid: "1.2.3.4.1",
          modality: { system: "http://dicom.nema.org/resources/ontology/DCM", code: "CT", display: "Scanner" },
          instance: [
            {
              uid: "1.2.3.4.1.1",
              sopClass: { system: "urn:ietf:rfc:3986", code: "urn:oid:1.2.840.10008.5.1.4.1.1.2" },
            },
          ],
        },
      ],
    };
    const xml = fhirToCda(documentOf("11490-0", [{ code: "55113-5", title: "Images", facts: [study] }]));
    expect(all(xml, "ImagingStudy")).toMatchObject([
      {
        identifier: [{ value: "urn:oid:1.2.3.4" }],
        started: "2026-01-12",
        series: [{ uid: "1.2.3.4.1", modality: { code: "CT" }, instance: [{ uid: "1.2.3.4.1.1" }] }],
      },
    ]);
  });

  it("a care plan's words stand in its section", () => {
    const plan: FhirResource = {
      resourceType: "CarePlan",
      status: "active",
      intent: "plan",
      subject,
      title: "Retour à domicile",
      description: "Kinésithérapie deux fois par semaine",
      activity: [{ detail: { status: "scheduled", code: { text: "Marche" }, description: "30 minutes" } }],
    };
    const xml = fhirToCda(documentOf("11490-0", [{ code: "18776-5", title: "Plan", facts: [plan] }]));
    for (const said of ["Retour à domicile", "Kinésithérapie deux fois par semaine", "Marche : 30 minutes"])
      expect(xml).toContain(`<paragraph>${said}</paragraph>`);
  });
});
