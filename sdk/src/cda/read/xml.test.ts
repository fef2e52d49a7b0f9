import { describe, expect, it } from "vitest";
import { CdaError, cdaToFhir, readCdaBody, readCdaHeader } from "./index.ts";
import { documentXml, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

function codeOf(xml: string): string {
  for (const read of [readCdaHeader, readCdaBody, cdaToFhir]) {
    try {
      read(xml);
    } catch (error) {
      expect(error).toBeInstanceOf(CdaError);
      if (read === cdaToFhir) return (error as CdaError).code;
      continue;
    }
    return "read";
  }
  return "read";
}

describe("refusing hostile documents", () => {
  const bomb = `<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;

  it("refuses a document type declaration, external entities and entity bombs before reading any further", () => {
    expect(codeOf(documentXml({ prolog: bomb, sections: sectionXml("48765-2", "x", "&b;") }))).toBe("cda-doctype");
    const external = `<!DOCTYPE x SYSTEM "http://127.0.0.1/evil.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>`;
    expect(codeOf(documentXml({ prolog: external, sections: sectionXml("48765-2", "x", "&x;") }))).toBe("cda-doctype");
  });

  it.each(["&nbsp;", "&constructor;", "&__proto__;", "&toString;", "&#0;", "&#xFFFFFFFFF;"])(
    "refuses the entity %s",
    (entity) => {
      expect(codeOf(documentXml({ sections: sectionXml("48765-2", "x", entity) }))).toBe("cda-entity");
    },
  );

  it("accepts the five entities of XML and character references", () => {
    const xml = documentXml({ sections: sectionXml("48765-2", "&lt;&gt;&amp;&quot;&apos;&#233;&#x1F600;", "texte") });
    expect(JSON.stringify(cdaToFhir(xml))).toContain("<>&\\\"'é😀");
  });

  it("refuses 10 000 nested elements in bounded time", () => {
    const deep = "<list><item>".repeat(5000) + "</item></list>".repeat(5000);
    expect(codeOf(documentXml({ sections: sectionXml("48765-2", "x", deep) }))).toBe("cda-too-deep");
  });

  it("refuses a huge attribute and an element of many attributes", () => {
    expect(codeOf(documentXml({ header: `<x y="${"z".repeat(200_000)}"/>` }))).toBe("cda-too-large");
    const many = Array.from({ length: 400 }, (_, index) => `a${index}="1"`).join(" ");
    expect(codeOf(documentXml({ header: `<x ${many}/>` }))).toBe("cda-too-large");
  });

  it("refuses more elements or markup than any real document holds", () => {
    expect(codeOf(documentXml({ header: "<x/>".repeat(250_000) }))).toBe("cda-too-large");
    expect(codeOf(documentXml({ header: `<x>${"mot ".repeat(2_500_000)}</x>` }))).toBe("cda-too-large");
  });

  it("reads in bounded time a document whose thousands of entries all point to one huge table", () => {
    const table = `<table ID="all">${"<tr><td>mot</td></tr>".repeat(5000)}</table>`;
    const entry = problemXml('<value xsi:type="CD"><originalText><reference value="#all"/></originalText></value>', {
      text: "#all",
    });
    const bundle = cdaToFhir(
      documentXml({ sections: sectionXml("11450-4", "x", table, ...Array.from({ length: 500 }, () => entry)) }),
    );
    expect(bundle.entry?.filter((each) => each.resource?.resourceType === "Condition")).toHaveLength(500);
  });

  it("reads in bounded time a document whose entries point to an ID given everywhere", () => {
    const value =
      '<value xsi:type="CD" code="M10" displayName="Goutte" codeSystem="2.16.840.1.113883.6.3"><originalText><reference value="#p"/></originalText></value>';
    const entry = problemXml(value, { text: "#p" });
    const sections = sectionXml(
      "11450-4",
      "x",
      '<content ID="p">mot</content>'.repeat(80_000),
      ...Array.from({ length: 1000 }, () => entry),
    );
    const conditions = cdaToFhir(documentXml({ sections })).entry?.flatMap(({ resource }) =>
      resource?.resourceType === "Condition" ? [resource.code?.text] : [],
    );
    expect(conditions).toHaveLength(1000);
    expect(new Set(conditions)).toEqual(new Set(["Goutte"]));
  });

  it.each([
    ["cut short", documentXml().slice(0, -40)],
    ["with something after its end", `${documentXml()}<x/>`],
    ["with an attribute given twice", documentXml({ header: '<x y="1" y="2"/>' })],
    ["with an unbound prefix", documentXml({ header: "<nowhere:x/>" })],
    ["with a prefix unbound on an attribute", documentXml({ header: '<x nowhere:y="1"/>' })],
    ["with crossed elements", documentXml({ header: "<x><y></x></y>" })],
    ["with a character XML forbids", documentXml({ header: "<x>\u0001</x>" })],
  ])("refuses a document %s, even when only the header is read", (_, xml) => {
    expect(() => readCdaHeader(xml)).toThrow(CdaError);
    expect(codeOf(xml)).toBe("cda-malformed");
  });

  it.each(["", "hello", "<html/>", "<ClinicalDocument/>", '<ClinicalDocument xmlns="urn:other"/>', "{}"])(
    "says that %j is no CDA document",
    (xml) => {
      expect(["cda-malformed", "cda-not-clinical-document"]).toContain(codeOf(xml));
    },
  );

  it("never repeats a word of the document in its message", () => {
    try {
      readCdaHeader(documentXml({ header: "<DUPONTEL>SECRET" }));
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).not.toMatch(/SECRET|EXEMPLE|LOUISE|285127/);
    }
  });
});

describe("reading whatever the producer writes legally", () => {
  it("reads types without prefix where the elements bear one", () => {
    const every8Hours = '<effectiveTime xsi:type="PIVL_TS"><period value="8" unit="h"/></effectiveTime>';
    const plain = documentXml({
      sections: sectionXml("10160-0", "x", "x", treatmentXml("<name>Exemplol</name>", every8Hours)),
    });
    const prefixed = plain
      .replace(/<(\/?)(?=[A-Za-z]+[\s>/])/g, "<$1h:")
      .replace('xmlns="urn:hl7-org:v3"', 'xmlns:h="urn:hl7-org:v3"');
    const timeless = (xml: string) => JSON.stringify(cdaToFhir(xml).entry).replaceAll("h:", "");
    expect(timeless(prefixed)).toBe(timeless(plain));
  });

  it("resolves prefixes, also of xsi:type, and takes the document out of a self-presenting stylesheet", () => {
    const prefixed = documentXml({
      sections: sectionXml(
        "30954-2",
        "Résultats",
        "x",
        '<observation classCode="OBS" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.80"/><code code="718-7" codeSystem="2.16.840.1.113883.6.1"/><value xsi:type="PQ" value="13.2" unit="g/dL"/></observation>',
      ),
    })
      .replace(/xmlns="urn:hl7-org:v3"/, "")
      .replace(/<(\/?)(?!pharm)(\w)/g, "<$1c:$2")
      .replace(/xsi:type="/g, 'xsi:type="c:');
    const sheet = `<?xml-stylesheet type="text/xsl" href="#"?><xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:c="urn:hl7-org:v3"><xsl:variable name="d">${prefixed}</xsl:variable><xsl:template match="/"><script>alert(1)</script></xsl:template></xsl:stylesheet>`;
    expect(readCdaHeader(sheet).patient.birthName).toBe("EXEMPLE");
    const observation = cdaToFhir(sheet)
      .entry?.map((each) => each.resource)
      .find((each) => each?.resourceType === "Observation");
    expect(observation).toMatchObject({ valueQuantity: { value: 13.2, unit: "g/dL" } });
  });

  it.each([
    ["with a prefix of HL7", 'xmlns:c="urn:hl7-org:v3" c:ID="p1"'],
    ["beside an attribute with a prefix", 'ID="p1" xml:lang="fr-FR"'],
    ["beside a declaration of namespace", 'xmlns:c="urn:hl7-org:v3" ID="p1"'],
    ["between blanks", 'ID=" p1\n"'],
  ])("finds the words that an ID marks, written %s", (_, written) => {
    const value = '<value xsi:type="CD"><originalText><reference value=" #p1 "/></originalText></value>';
    const conditions = cdaToFhir(
      documentXml({ sections: sectionXml("11450-4", "x", `<content ${written}>Goutte</content>`, problemXml(value)) }),
    ).entry?.filter((each) => each.resource?.resourceType === "Condition");
    expect(conditions).toMatchObject([{ resource: { code: { text: "Goutte" } } }]);
  });

  it("reads a document with byte order mark, CRLF, comments, CDATA and processing instructions", () => {
    const xml = documentXml({
      header: "<!-- a -- b -->".replace(" -- b", ""),
      sections: sectionXml("48765-2", "<![CDATA[A & B]]>", "x"),
    });
    const bundle = cdaToFhir(
      `\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<?oxygen x="y"?>${xml.replaceAll("\n", "\r\n")}`,
    );
    expect(bundle.entry?.[0]?.resource).toMatchObject({ section: [{ title: "A & B" }] });
  });
});
