import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64 } from "./decode-base64.ts";
import { CdaError, cdaToFhir, readCdaBody, readCdaHeader } from "./index.ts";
import { documentXml, sectionXml, testIns } from "./test-support.ts";

describe("reading a header", () => {
  it("gives identity traits as recorded: birth names, names in use, sex, birth date and place", () => {
    expect(readCdaHeader(documentXml()).patient).toEqual({
      ins: testIns,
      birthName: "EXEMPLE",
      birthGivenNames: ["LOUISE", "ANNE"],
      firstGivenName: "LOUISE",
      usedName: "MODELE",
      usedGivenName: "LISE",
      sex: "female",
      birthDate: "1985-12-12",
      birthPlaceCode: "75120",
    });
  });

  it("gives the document's identity, version, type, act and actors", () => {
    const header = readCdaHeader(
      documentXml({
        header:
          '<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.250.1.999.1.6.9"/></parentDocument></relatedDocument>',
      }),
    );
    expect(header).toMatchObject({
      uniqueId: "urn:oid:1.2.250.1.999.1.7.1",
      setId: "urn:oid:1.2.250.1.999.1.7",
      version: 2,
      replaces: "urn:oid:1.2.250.1.999.1.6.9",
      type: { code: "SYNTH", display: "Synthèse" },
      effectiveTime: "2024-03-12T11:17:00+01:00",
      act: { start: "2024-03-12", code: { system: "http://loinc.org", code: "34117-2" } },
      facilityType: { code: "SA07" },
      practiceSetting: { code: "AMBULATOIRE" },
      custodian: { id: "1999999999", name: "Cabinet du Test" },
    });
    expect(header.authors).toMatchObject([
      {
        kind: "professional",
        rpps: "99700000017",
        professionCode: "G15_10",
        specialtyCode: "SM26",
        functionCode: "PCP",
      },
    ]);
  });

  it.each([
    ['<id root="0CD5C8FE-1D2A-4E55-8E0D-7B1F5D6A9C11"/>', "urn:uuid:0cd5c8fe-1d2a-4e55-8e0d-7b1f5d6a9c11"],
    ['<id root="1.2.3.4" extension="77"/>', "urn:oid:1.2.3.4^77"],
  ])("names a document %s as %s", (id, uniqueId) => {
    expect(readCdaHeader(documentXml({ id })).uniqueId).toBe(uniqueId);
  });

  it("refuses a document without usable identifier", () => {
    for (const id of ["", '<id nullFlavor="UNK"/>', '<id root="not an oid"/>'])
      expect(() => readCdaHeader(documentXml({ id }))).toThrow(expect.objectContaining({ code: "cda-no-identifier" }));
  });
});

describe("a document of several patients", () => {
  const own = documentXml({ sections: sectionXml("11450-4", "Problèmes", "x") });
  const target = /<recordTarget>[\s\S]*?<\/recordTarget>/.exec(own)?.[0] ?? "";
  const beside = (other: string) => own.replace(target, target + other);

  it("is refused: nobody could say whose its facts are", () => {
    const twin = target.replaceAll("LOUISE", "ANNA").replace(testIns.value, "285127512345739");
    const nameless = twin.replace(/<id root="1\.2\.250\.1\.213[^>]*>/, "");
    for (const xml of [beside(twin), beside(nameless)])
      for (const read of [readCdaHeader, cdaToFhir])
        expect(() => read(xml)).toThrow(expect.objectContaining({ code: "cda-several-patients" }));
  });

  it("is one of a single patient who is named twice", () => {
    expect(readCdaHeader(beside(target)).patient.ins).toEqual(testIns);
    expect(readCdaHeader(beside(target.replace("Rue des Lilas", "Rue des Roses"))).patient.ins).toEqual(testIns);
  });
});

describe("reading the file of a document of level 1", () => {
  const levelOne = (text: string, declared = "application/pdf") =>
    documentXml({ body: `<nonXMLBody><text mediaType="${declared}" representation="B64">${text}</text></nonXMLBody>` });

  it("decodes base64 with line breaks and tells the type from the bytes, not from what is declared", () => {
    const png = [
      0x89,
      0x50,
      0x4e,
      0x47,
      0x0d,
      0x0a,
      0x1a,
      0x0a,
      ...Array.from({ length: 6000 }, (_, index) => index % 251),
    ];
    const text = btoa(String.fromCharCode(...png)).replace(/(.{76})/g, "$1\r\n");
    const body = readCdaBody(levelOne(text, "image/jpeg"));
    expect(body).toMatchObject({ level: 1, contentType: "image/png" });
    expect(body.level === 1 && [...body.bytes]).toEqual(png);
  });

  it("refuses base64 that is cut short or is none", () => {
    for (const text of ["QUJD=", "Q", "QU_D", "QUJD%%%%"])
      expect(() => readCdaBody(levelOne(text))).toThrow(expect.objectContaining({ code: "cda-encoding" }));
  });

  it("says that a structured document is of level 3 and that one without body has none", () => {
    expect(readCdaBody(documentXml())).toEqual({ level: 3 });
    for (const read of [readCdaBody, cdaToFhir])
      expect(() => read(documentXml({ body: "" }))).toThrow(expect.objectContaining({ code: "cda-no-body" }));
  });

  it("decodes what the platform encodes, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeBase64(btoa(String.fromCharCode(...bytes)))).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });

  it("reads a payload set aside exactly as one that is not", () => {
    const long = btoa("%PDF-".padEnd(30_000, "carnet"));
    const whole = readCdaBody(levelOne(long));
    // A private-use character anywhere makes the reader parse the payload in place.
    const inPlace = readCdaBody(levelOne(long).replace("Cabinet", "\ue000Cabinet"));
    expect(whole).toEqual(inPlace);
    expect(() => readCdaBody(levelOne(`${long.slice(0, 9000)}&x;${long.slice(9000)}`))).toThrow(CdaError);
    expect(() => readCdaBody(levelOne(`${long.slice(0, 9000)}<x>${long.slice(9000)}`))).toThrow(CdaError);
  });
});
