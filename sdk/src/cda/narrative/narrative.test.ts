// @vitest-environment happy-dom
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CdaError, cdaToFhir, readCdaHeader } from "../read/index.ts";
import { documentXml, inPollutedPage, sectionXml, testIns } from "../read/test-support.ts";
import { narrativeToXhtml } from "./html.ts";
import { type NarrativeNode, narrativeElementNames, narrativeToHtml, readCdaView, renderNarrative } from "./index.ts";
import { payloads } from "./payloads.ts";

const view = (text: string) => readCdaView(documentXml({ sections: sectionXml("30954-2", "S", text) }));
const blocks = (text: string) => view(text).sections[0]?.blocks ?? [];
/** A payload that is not even XML is refused as a whole. */
const blocksUnlessRefused = (text: string) => {
  try {
    return blocks(text);
  } catch (error) {
    expect(error).toBeInstanceOf(CdaError);
    return [];
  }
};
const html = (text: string) => narrativeToHtml(blocks(text));

const allowedValues: Readonly<Record<string, RegExp>> = {
  id: /^cda-[\p{L}\p{N}_.-]+$/u,
  colspan: /^[1-9]\d{0,2}$/,
  rowspan: /^[1-9]\d{0,2}$/,
  scope: /^(col|row)$/,
  href: /^(https?:\/\/[^\s"'<>`\\]+|(mailto|tel):[^\s"'<>`\\]*|#cda-[^\s"'<>]+)$/i,
  class: /^(align-(left|center|right)|footnote)$/,
};

function expectAllowed(nodes: readonly NarrativeNode[]): void {
  for (const node of nodes) {
    if (node.kind !== "element") continue;
    expect(narrativeElementNames).toContain(node.name);
    for (const [name, value] of Object.entries(node.attributes))
      expect(String(value)).toMatch(allowedValues[name] ?? /^never$/);
    expectAllowed(node.children);
  }
}

function expectHarmless(root: ParentNode): void {
  for (const element of root.querySelectorAll("*")) {
    expect([...narrativeElementNames, "span"]).toContain(element.tagName.toLowerCase());
    for (const { name, value } of [...element.attributes]) {
      expect(["id", "colspan", "rowspan", "scope", "href", "class", "target", "rel", "data-attachment"]).toContain(
        name,
      );
      if (name === "href") expect(value).toMatch(allowedValues.href as RegExp);
    }
  }
}

describe("narrative that attacks", () => {
  it("has at least 300 payloads to face", () => {
    expect(payloads.length).toBeGreaterThanOrEqual(300);
  });

  it("yields allowed elements and attributes only, as tree, in the page, as HTML and as XHTML", () => {
    for (const payload of payloads) {
      const nodes = blocksUnlessRefused(payload);
      expectAllowed(nodes);
      const host = document.createElement("div");
      host.append(renderNarrative(nodes, document));
      expectHarmless(host);
      for (const markup of [narrativeToHtml(nodes), narrativeToXhtml(nodes)]) {
        expect(markup).not.toMatch(/<(script|style|iframe|object|embed|svg|math|img|form|base|link|template)\b/i);
        expect(markup.replace(/>[^<]*</g, "><")).not.toMatch(/javascript|vbscript|data:|\son\w+\s*=|style=/i);
      }
    }
  });

  it("writes no attribute that a page put into every object", () => {
    const nodes = blocks('<paragraph ID="p">Un mot</paragraph>');
    const write = () => [narrativeToHtml(nodes), narrativeToXhtml(nodes)];
    const own = write();
    expect(inPollutedPage(write)).toEqual(own);
  });

  it("keeps the text of what it does not know and drops the text of programs", () => {
    expect(html("<blink>Important</blink><script>alert(1)</script><style>p{}</style>")).toBe("Important");
  });
});

describe("narrative of French documents", () => {
  it("shows tables with headings, spans and captions", () => {
    expect(
      html(
        '<table border="0"><caption>Bilan</caption><col width="3"/><thead><tr><th>Date</th></tr></thead> <tbody> <tr><td colspan="2" rowspan="1" align="Right">12</td></tr></tbody></table>',
      ),
    ).toBe(
      '<table><caption>Bilan</caption><thead><tr><th scope="col">Date</th></tr></thead><tbody><tr><td colspan="2" class="align-right">12</td></tr></tbody></table>',
    );
  });

  it("shows lists, styles, breaks, sub- and superscripts, footnotes and revisions", () => {
    expect(html('<list listType="ordered"><caption>Suites</caption><item>un</item></list>')).toBe(
      "<ol><li><strong>Suites</strong></li><li>un</li></ol>",
    );
    expect(html('<content styleCode="BoldItalics">a</content><br/><sub>2</sub><sup>3</sup>')).toBe(
      "<span><em><strong>a</strong></em></span><br><sub>2</sub><sup>3</sup>",
    );
    expect(html('<content revised="delete">a</content><content revised="insert">b</content>')).toBe(
      "<del>a</del><ins>b</ins>",
    );
    expect(html('<footnoteRef IDREF="n"/><footnote ID="n">note</footnote>')).toBe(
      '<sup>*</sup><small id="cda-n" class="footnote">note</small>',
    );
  });

  it("keeps https, http, mailto and tel links, and drops relative ones", () => {
    expect(html('<linkHtml href="https://www.example.org/x?a=1&amp;b=2">site</linkHtml>')).toBe(
      '<a href="https://www.example.org/x?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">site</a>',
    );
    expect(html('<linkHtml href="documentsAnnexes/x.pdf">fichier</linkHtml>')).toBe("<span>fichier</span>");
  });

  it("names the places of files and gives the files with their true type", () => {
    const png = btoa("\x89PNG\r\n\x1a\n0000");
    const shown = readCdaView(
      documentXml({
        sections: sectionXml(
          "57723-9",
          "Image",
          '<renderMultiMedia referencedObject="img"><caption>Figure 1</caption></renderMultiMedia>',
          `<observationMedia classCode="OBS" moodCode="EVN" ID="img"><value mediaType="image/jpeg" representation="B64">${png}</value></observationMedia>`,
          '<observationMedia classCode="OBS" moodCode="EVN" ID="bad"><value mediaType="image/jpeg" representation="B64">%%</value></observationMedia>',
        ),
      }),
    );
    expect(shown.sections[0]?.blocks).toEqual([{ kind: "media", attachmentId: "img", caption: "Figure 1" }]);
    expect(shown.attachments).toMatchObject([{ id: "img", contentType: "image/png" }]);
  });

  it("gives the header in French order: the patient, the document, its authors, the act, the custodian", () => {
    const { header, title } = view("x");
    expect(title).toBe("Synthèse de Mme Exemple");
    expect(header.map((row) => row.key)).toEqual([
      "birthName",
      "birthGivenNames",
      "usedName",
      "usedGivenName",
      "birth",
      "sex",
      "birthPlace",
      "ins",
      "patientAddress",
      "patientTelecom",
      "documentType",
      "date",
      "version",
      "author",
      "act",
      "encounter",
      "custodian",
    ]);
    expect(header.find((row) => row.key === "birth")).toMatchObject({
      label: "Date de naissance",
      value: "12 décembre 1985",
    });
    const english = readCdaView(documentXml(), { locale: "en" }).header;
    expect(english.find((row) => row.key === "birth")).toMatchObject({
      label: "Date of birth",
      value: "12 December 1985",
    });
    const words = { date: (recorded: string) => `[${recorded}]`, sex: { male: "M", female: "V", unknown: "O" } };
    const dutch = readCdaView(documentXml(), { words }).header;
    expect(dutch.find((row) => row.key === "birth")?.value).toBe("[1985-12-12]");
    expect(dutch.find((row) => row.key === "sex")?.value).toMatch(/^[MV]$/);
    expect(JSON.stringify(dutch)).not.toMatch(/\d (décembre|janvier)/);
  });

  it("tells an author or a signer who is known by number alone by that, and never by the patient's", () => {
    const by = (id: string) => `<author><time value="20240312"/><assignedAuthor><id ${id}/></assignedAuthor></author>`;
    const header = [
      by('root="1.2.250.1.71.4.2.1" extension="899700000041"'),
      by(`root="${testIns.system.slice(8)}" extension="${testIns.value}"`),
      '<authenticator><time value="20240313"/><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="899700000058"/><representedOrganization><name>Clinique</name></representedOrganization></assignedEntity></authenticator>',
    ].join("");
    const rows = readCdaView(documentXml({ header })).header.filter(({ key }) => /^auth/.test(key));
    expect(rows.map(({ value }) => value)).toEqual([
      expect.stringContaining("TESTEUR"),
      "n°\u00a0899700000041, 12 mars 2024",
      "EXEMPLE LOUISE, 12 mars 2024",
      "n°\u00a0899700000058, Clinique, 13 mars 2024",
    ]);
    const english = readCdaView(documentXml({ header }), { locale: "en" }).header;
    expect(JSON.stringify(english)).toContain("No.\u00a0899700000041");
  });

  it("nests sections and numbers them", () => {
    const inner = sectionXml("10161-8", "Dedans", "b");
    const outer = sectionXml("30954-2", "Dehors", "a").replace("</section>", `${inner}</section>`);
    expect(readCdaView(documentXml({ sections: outer })).sections).toMatchObject([
      { id: "section-1", title: "Dehors", sections: [{ id: "section-1-1", title: "Dedans" }] },
    ]);
  });
});

describe("whatever is thrown at the readers", () => {
  const base = documentXml({
    sections: sectionXml("30954-2", "S", `<table><tr><td ID="a">x</td></tr></table>${payloads.slice(0, 3).join("")}`),
  });
  const safely = (xml: string) => {
    for (const read of [readCdaHeader, cdaToFhir, readCdaView]) {
      try {
        const result = read(xml);
        if ("sections" in result) for (const section of result.sections) expectAllowed(section.blocks);
      } catch (error) {
        if (!(error instanceof CdaError)) throw error;
      }
    }
  };

  it("never throws anything but CdaError on a document changed anywhere", () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom(
        "<",
        ">",
        "&",
        '"',
        "</td>",
        "<!DOCTYPE x>",
        "&#x0;",
        "]]>",
        "<![CDATA[",
        "xmlns=''",
        "\ue000",
        "\ud800",
        "--",
      ),
      fc.constantFrom(...payloads),
    );
    fc.assert(
      fc.property(fc.nat(base.length), fc.nat(40), piece, (at, removed, added) => {
        safely(base.slice(0, at) + added + base.slice(at + removed));
      }),
      { numRuns: 400 },
    );
  });

  it("never throws anything but CdaError on values changed inside a well-formed document", () => {
    const values = [...base.matchAll(/"([^"<>]*)"/g)].map((match) => match.index + 1);
    const odd = fc.constantFrom(
      "",
      " ",
      "#",
      "NaN",
      "1e999",
      "20249999",
      "null",
      "__proto__",
      "constructor",
      "urn:x",
      "é".repeat(200),
    );
    fc.assert(
      fc.property(fc.constantFrom(...values), odd, (at, added) => {
        safely(base.slice(0, at) + added + base.slice(base.indexOf('"', at)));
      }),
      { numRuns: 300 },
    );
  });
});
