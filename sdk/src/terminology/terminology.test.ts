import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import {
  confidentialityCodes,
  documentClasses,
  documentTypes,
  facilityTypes,
  findDocumentClass,
  findDocumentType,
  findFacilityType,
  findFormat,
  findFormatByBody,
  findFormatByTemplate,
  findPracticeSetting,
  findProfession,
  findSpecialty,
  formats,
  practiceSettings,
  professions,
  specialties,
} from "./index.ts";

describe("document types", () => {
  it("R100: finds a LOINC type and a national one, with the label that CDA headers need", () => {
    expect(findDocumentType("11490-0")).toMatchObject({
      system: "http://loinc.org",
      oid: "2.16.840.1.113883.6.1",
      display: "Lettre de liaison à la sortie d'un établissement de soins",
      classCode: "10",
      category: "Compte rendu",
    });
    expect(findDocumentType("SYNTH")?.oid).toBe("1.2.250.1.213.1.1.4.12");
    expect(findDocumentType("no-such-type")).toBeUndefined();
  });

  it("R101: gives each type one class of the table", () => {
    for (const type of documentTypes) expect(findDocumentClass(type.classCode), type.code).toBeDefined();
  });

  it("says which code took the place of a superseded one", () => {
    const old = documentTypes.find((type) => type.status === "superseded");
    expect(old?.replacedBy && findDocumentType(old.replacedBy)?.status).toBe("active");
  });

  it("takes the system as a uri, an OID or a urn:oid, and refuses the code under another one", () => {
    for (const system of ["http://loinc.org", "2.16.840.1.113883.6.1", "urn:oid:2.16.840.1.113883.6.1"])
      expect(findDocumentType("11502-2", system)?.code).toBe("11502-2");
    expect(findDocumentType("11502-2", "http://snomed.info/sct")).toBeUndefined();
  });
});

describe("professions and settings", () => {
  it("R83: a pharmacist may fall in two columns, an unlisted profession in none", () => {
    expect(findProfession("21")?.matrixColumns).toEqual(["pharmacien-biologiste", "pharmacien"]);
    expect(findProfession("31")?.matrixColumns).toEqual([]);
  });

  it("keeps the doctor and the doctor in training apart", () => {
    expect(findProfession("G15_10")?.kind).toBe("health-profession");
    expect(findProfession("G16_10")?.kind).toBe("in-training");
    expect(findProfession("10")?.display).toBe("Médecin");
  });

  it("finds specialties, facility types and practice settings by the codes of the contract", () => {
    expect(findSpecialty("G15_10/SM26")?.oid).toBe("1.2.250.1.213.1.1.4.5");
    expect(findFacilityType("SA07")?.display).toBe("Cabinet individuel");
    expect(findPracticeSetting("AMBULATOIRE")?.oid).toBe("1.2.250.1.213.1.1.4.9");
  });
});

describe("formats", () => {
  it("R103: names the format of each unstructured body", () => {
    for (const mediaType of ["application/pdf", "text/plain", "text/rtf", "image/jpeg", "image/tiff"])
      expect(findFormatByBody(mediaType)?.isStructured, mediaType).toBe(false);
    expect(findFormat("urn:ihe:iti:xds-sd:pdf:2008")?.bodyMediaType).toBe("application/pdf");
  });

  it("names the format of a structured CDA from its templateIds", () => {
    const format = findFormatByTemplate(["2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.13"]);
    expect(format?.code).toContain("vsm");
  });
});

const data = resolve(import.meta.dirname, "../../../../shared/data");
describe.skipIf(!existsSync(data))("the generated tables are those of the reference data (needs ../shared)", () => {
  it.each([
    ["document-types", documentTypes],
    ["class-codes", documentClasses],
    ["format-codes", formats],
    ["professions", professions],
    ["specialties", specialties],
    ["practice-settings", practiceSettings],
    ["healthcare-facility-types", facilityTypes],
    ["confidentiality", confidentialityCodes],
  ] as const)("%s", (file, table) => {
    const expected: Record<string, unknown>[] = JSON.parse(readFileSync(join(data, `${file}.json`), "utf8"));
    expect(table.map(({ code, system, oid, display }) => ({ code, system, oid: oid ?? null, display }))).toEqual(
      expected.map(({ code, system, oid, display }) => ({ code, system, oid, display })),
    );
  });

  it("carries class, status and matrix columns unchanged", () => {
    const types: { code: string; classCode: string; status: string; category: string | null }[] = JSON.parse(
      readFileSync(join(data, "document-types.json"), "utf8"),
    );
    expect(
      documentTypes.map(({ code, classCode, status, category }) => ({
        code,
        classCode,
        status,
        category: category ?? null,
      })),
    ).toEqual(types.map(({ code, classCode, status, category }) => ({ code, classCode, status, category })));
    const rows: { matrixColumns: string[]; kind: string }[] = JSON.parse(
      readFileSync(join(data, "professions.json"), "utf8"),
    );
    expect(professions.map(({ matrixColumns, kind }) => ({ matrixColumns, kind }))).toEqual(
      rows.map(({ matrixColumns, kind }) => ({ matrixColumns, kind })),
    );
  });
});
