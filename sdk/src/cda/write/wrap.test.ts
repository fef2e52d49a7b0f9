import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identifierSystem } from "../../fhir/systems.ts";
import { computeInsKey } from "../../identity/index.ts";
import { findFacilityType, findPracticeSetting } from "../../terminology/index.ts";
import { readCdaBody, readCdaHeader } from "../read/index.ts";
import { encode, toBase64 } from "./base64.ts";
import { CdaInputError } from "./errors.ts";
import { wrapInCda } from "./wrap.ts";
import type { WrapInput } from "./wrap-input.ts";

/** A fictitious patient, doctor and letter, complete. */
const wrapFixture: WrapInput = {
  content: new TextEncoder().encode("%PDF-1.7\n% lettre fictive\n"),
  contentType: "application/pdf",
  title: "Lettre de liaison <sortie> & suites",
  uniqueId: "urn:oid:1.2.250.1.999.1.1.4012",
  effectiveTime: "2026-01-15T10:30:00+01:00",
  type: {
    code: "11490-0",
    system: "http://loinc.org",
    display: "Un libellé qui n'est pas celui de la nomenclature",
  },
  act: { start: "2026-01-12T08:00:00+01:00", end: "2026-01-15T10:00:00+01:00" },
  patient: {
    ins: { system: identifierSystem.insTest, value: `2850578006084${computeInsKey("2850578006084")}` },
    birthName: "LEPRÊTRE",
    firstGivenName: "CAMILLE",
    birthGivenNames: ["CAMILLE", "ANNE-SOPHIE"],
    usedName: "D'ARGENT",
    usedGivenName: "CAMILLE",
    sex: "female",
    birthDate: "1985-05-12",
    birthPlaceCode: "78006",
  },
  author: {
    rpps: "10000000012",
    family: "MARTIN",
    given: "Paul",
    prefix: "M.",
    suffix: "Dr",
    profession: "G15_10",
    specialty: "SM26",
    organization: {
      id: "1750000012",
      name: "Hôpital Fictif des Tilleuls",
      facilityType: "SA01",
      practiceSetting: "ETABLISSEMENT",
    },
  },
};

/** Names of the children of the document, in order. */
function topElements(xml: string): string[] {
  const inner = xml.slice(xml.indexOf(">", xml.indexOf("<ClinicalDocument")) + 1);
  const names: string[] = [];
  let depth = 0;
  for (const [, slash, name = "", selfClosed] of inner.matchAll(/<(\/?)([A-Za-z]+)[^>]*?(\/?)>/g)) {
    if (slash) depth--;
    else {
      if (depth === 0) names.push(name);
      if (!selfClosed) depth++;
    }
  }
  return names;
}

function failure(change: (input: Record<string, unknown>) => unknown): { code?: string; path?: string } {
  const input = structuredClone({ ...wrapFixture, content: undefined }) as unknown as Record<string, unknown>;
  input.content = wrapFixture.content;
  change(input);
  try {
    wrapInCda(input as unknown as WrapInput);
  } catch (error) {
    if (error instanceof CdaInputError) return { code: error.code, path: error.path };
    throw error;
  }
  return {};
}

describe("R36, R103, R104: a file wrapped at level 1", () => {
  const xml = wrapInCda(wrapFixture);
  const header = readCdaHeader(xml);

  it("R103, R104: carries exactly the three templates of an unstructured document", () => {
    expect(header.templateIds).toEqual([
      "2.16.840.1.113883.2.8.2.1",
      "1.2.250.1.213.1.1.1.1",
      "1.3.6.1.4.1.19376.1.2.20",
    ]);
  });

  it("keeps the order of the schema", () => {
    const order =
      "realmCode typeId templateId id code title effectiveTime confidentialityCode languageCode setId versionNumber recordTarget author " +
      "custodian legalAuthenticator documentationOf componentOf component";
    expect([...new Set(topElements(xml))].join(" ")).toBe(order);
  });

  it("says of the patient all the strict traits, and the names in use", () => {
    const { birthGivenNames, ...traits } = wrapFixture.patient;
    expect(header.patient).toEqual({ ...traits, birthGivenNames });
    expect(xml).toContain("<given>CAMILLE ANNE-SOPHIE</given>");
  });

  it("takes the labels from the nomenclature and not from the input", () => {
    expect(header.type.display).toBe("Lettre de liaison à la sortie d'un établissement de soins");
    expect(header.facilityType?.display).toBe(findFacilityType("SA01")?.display);
    expect(header.practiceSetting?.display).toBe(findPracticeSetting("ETABLISSEMENT")?.display);
  });

  it("names the author with profession and specialty, their structure, and the custodian", () => {
    expect(header.authors).toMatchObject([
      {
        id: "810000000012",
        family: "MARTIN",
        given: "Paul",
        prefix: "M",
        suffix: "DR",
        professionCode: "G15_10",
        specialtyCode: "SM26",
        organization: { id: "1750000012", name: "Hôpital Fictif des Tilleuls" },
      },
    ]);
    expect(header.custodian).toEqual({ id: "1750000012", name: "Hôpital Fictif des Tilleuls" });
    expect(xml).toContain('<signatureCode code="S"/>');
  });

  it("R105: gives creation and act their own dates", () => {
    expect(header.effectiveTime).toBe("2026-01-15T10:30:00+01:00");
    expect(header.act).toMatchObject({ start: "2026-01-12T08:00:00+01:00", end: "2026-01-15T10:00:00+01:00" });
  });

  it("escapes what would be markup, and replaces what XML cannot hold", () => {
    expect(header.title).toBe(wrapFixture.title);
    const odd = wrapInCda({ ...wrapFixture, title: "a\u0000b\ud800c ]]> \"d\" 'e'" });
    expect(readCdaHeader(odd).title).toBe("a\ufffdb\ufffdc ]]> \"d\" 'e'");
  });

  it("is read back byte for byte", () => {
    expect(readCdaBody(xml)).toEqual({ level: 1, contentType: "application/pdf", bytes: wrapFixture.content });
  });
});

describe("R107: a file that the patient writes", () => {
  it("R107: is written, signed and kept by the patient", () => {
    const xml = wrapInCda({ ...wrapFixture, author: "patient" });
    const header = readCdaHeader(xml);
    const { value } = wrapFixture.patient.ins;
    expect(header).toMatchObject({
      facilityType: { code: "EXP_PATIENT" },
      practiceSetting: { code: "EXP_PATIENT" },
      custodian: { name: "Mon espace santé" },
    });
    const parts = ["author", "legalAuthenticator", "documentationOf"];
    for (const part of parts)
      expect(xml.slice(xml.indexOf(`<${part}>`), xml.indexOf(`</${part}>`)), part).toContain(`extension="${value}"`);
    expect(xml).not.toContain("1.2.250.1.71.4.2.1");
  });
});

describe("R106, R117: identifiers and versions", () => {
  it("starts a set with its first version", () => {
    const header = readCdaHeader(wrapInCda(wrapFixture));
    expect(header).toMatchObject({ uniqueId: wrapFixture.uniqueId, setId: wrapFixture.uniqueId, version: 1 });
    expect(header.replaces).toBeUndefined();
  });

  it("a replacement names the document it replaces and stays in its set", () => {
    const header = readCdaHeader(
      wrapInCda({
        ...wrapFixture,
        uniqueId: "urn:uuid:3f1c0b54-4d0f-4a7e-9a53-6a2f0a3f9d11",
        replaces: wrapFixture.uniqueId,
      }),
    );
    expect(header).toMatchObject({
      uniqueId: "urn:uuid:3f1c0b54-4d0f-4a7e-9a53-6a2f0a3f9d11",
      replaces: wrapFixture.uniqueId,
      setId: wrapFixture.uniqueId,
      version: 2,
    });
  });

  it("keeps the set and version given", () => {
    const header = readCdaHeader(
      wrapInCda({
        ...wrapFixture,
        replaces: "urn:oid:1.2.3.4",
        setId: "1.2.250.1.999.7",
        version: 5,
        confidentiality: "R",
      }),
    );
    expect(header).toMatchObject({ setId: "urn:oid:1.2.250.1.999.7", version: 5, confidentiality: "R" });
  });
});

describe("R103: the bodies", () => {
  it.each<[string, number[], string]>([
    ["image/jpeg", [0xff, 0xd8, 0xff, 0xe0, 1, 2], "image/jpeg"],
    ["image/tiff", [0x49, 0x49, 0x2a, 0x00, 8], "image/tiff"],
    ["application/rtf", [...new TextEncoder().encode("{\\rtf1 été}")], "text/rtf"],
    ["text/plain; charset=iso-8859-1", [0xe9, 0x74, 0xe9, 0x0d, 0x0a], "text/plain"],
  ])("%s keeps its bytes", (contentType, bytes, expected) => {
    const content = Uint8Array.from(bytes);
    const xml = wrapInCda({ ...wrapFixture, content, contentType });
    expect(xml).toContain(`mediaType="${expected}"`);
    const body = readCdaBody(xml);
    expect(body.level === 1 && body.bytes).toEqual(content);
  });

  it("refuses an empty content, an unknown type, and bytes that are something else", () => {
    expect(failure((input) => Object.assign(input, { content: new Uint8Array() }))).toEqual({
      code: "cda-input-content",
      path: "content",
    });
    expect(failure((input) => Object.assign(input, { contentType: "image/png" }))).toEqual({
      code: "cda-input-code",
      path: "contentType",
    });
    expect(failure((input) => Object.assign(input, { contentType: "image/jpeg" }))).toEqual({
      code: "cda-input-content",
      path: "content",
    });
  });
});

describe("R34, R36, R84: a wrong input is refused and its field named", () => {
  const set = (path: string, value: unknown) => (input: Record<string, unknown>) => {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const target = keys.reduce((object, key) => object[key] as Record<string, unknown>, input);
    if (value === undefined) delete target[last];
    else target[last] = value;
  };

  it.each<[string, unknown, string]>([
    ["title", undefined, "cda-input-missing"],
    ["uniqueId", "urn:oid:not-an-oid", "cda-input-identifier"],
    ["replaces", "", "cda-input-missing"],
    ["version", 0, "cda-input-shape"],
    ["language", "français", "cda-input-shape"],
    ["confidentiality", "MASQUE_PS", "cda-input-code"],
    ["effectiveTime", "15/01/2026", "cda-input-date"],
    ["type.code", "00000-0", "cda-input-code"],
    ["act.start", "2026-02-30", "cda-input-date"],
    ["act.end", "2025-01-01T00:00:00Z", "cda-input-date"],
    ["patient.ins.value", "285057800608400", "cda-input-identifier"],
    ["patient.ins.system", "urn:oid:1.2.3", "cda-input-identifier"],
    ["patient.birthName", " ", "cda-input-missing"],
    ["patient.firstGivenName", undefined, "cda-input-missing"],
    ["patient.birthGivenNames", [], "cda-input-missing"],
    ["patient.sex", "F", "cda-input-shape"],
    ["patient.birthDate", "1985", "cda-input-date"],
    ["patient.birthPlaceCode", "Versailles", "cda-input-shape"],
    ["author.rpps", "123", "cda-input-identifier"],
    ["author.family", undefined, "cda-input-missing"],
    ["author.profession", "G15_ZZ", "cda-input-code"],
    ["author.specialty", "SM999", "cda-input-code"],
    ["author.organization.id", "999", "cda-input-identifier"],
    ["author.organization.facilityType", "SA999", "cda-input-code"],
    ["author.organization.practiceSetting", "NULLE_PART", "cda-input-code"],
  ])("%s = %j", (path, value, code) => {
    const found = failure(
      path === "author.profession"
        ? (input) => {
            set("author.specialty", undefined)(input);
            set(path, value)(input);
          }
        : set(path, value),
    );
    expect(found).toEqual({ code, path });
  });

  it("never repeats what was wrong", () => {
    try {
      wrapInCda({
        ...wrapFixture,
        patient: { ...wrapFixture.patient, ins: { ...wrapFixture.patient.ins, value: "285057800608400" } },
      });
    } catch (error) {
      expect(String(error)).not.toContain("2850578");
    }
  });
});

describe("base64", () => {
  it("is that of the platform, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const expected = btoa(String.fromCharCode(...bytes));
        expect(encode(bytes)).toBe(expected);
        expect(toBase64(bytes)).toBe(expected);
      }),
    );
  });
});
