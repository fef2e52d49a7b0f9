/** The reader of markup against saxes, which is known for its strictness: the same documents are refused. */
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { CdaError, readCdaHeader } from "./index.ts";
import { documentXml, sectionXml } from "./test-support.ts";

const base = documentXml({
  prolog: '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet href="x.xsl"?>\n',
  header: "<!-- remarque --><desc><![CDATA[a < b]]> &amp; &#233;</desc><empty a='1'/>",
  sections: sectionXml("48765-2", "Allergies", '<content ID="p" styleCode="Bold">mot</content> '),
});

/** What breaks a document, and what does not although it looks so. */
const pieces = [
  ..."<>/&=\"'? \t\n-]a1.éœ😀\u0001\u000b\uffff\u00a0\u2028",
  ...["\r\n", "\r", "&amp;", "&#65;", "&#x1F600;", "&#0;", "&#xD800;", "&#x;", "&#X41;", "&nbsp;", "&;", "& ", "]]>"],
  ...["--", "--->", "<!--", "-->", "<!-- c -->", "<!-->", "<![CDATA[", "]]", "<![CDATA[x]]>", "<![cdata[x]]>", "<!"],
  ...[
    "<?a b?>",
    "<?a?>",
    "<?a=b?>",
    "<?xml?>",
    '<?xml version="1.0"?>',
    "<?XmL x?>",
    "<?",
    "?>",
    "<??>",
    "<!ELEMENT a>",
  ],
  ...["<a/>", "<a />", "<a/ >", "<a></a>", "<a></a >", "</a>", "< a/>", "<a b=1/>", "<a b/>", "<1a/>", "<a.-1/>"],
  ...[' b="1"', 'b="1"', ' b="1"c="2"', ' b = "1" ', ' b="1" b="2"', ' b="<"', ' b=">"', ' b="&lt;"', ' b="]]>"'],
];

function refusedBySaxes(xml: string): boolean {
  const parser = new SaxesParser();
  let isRefused = false;
  parser.on("error", () => {
    isRefused = true;
  });
  parser.write(xml).close();
  return isRefused;
}

/** `undefined` for what is no CDA document from its first element on, however well it is written. */
function refused(xml: string): boolean | undefined {
  try {
    readCdaHeader(xml);
    return false;
  } catch (error) {
    if (!(error instanceof CdaError)) throw error;
    // One that has lost its identifier is written well.
    return error.code === "cda-not-clinical-document" ? undefined : error.code !== "cda-no-identifier";
  }
}

/** Says which document is judged otherwise than saxes judges it. */
function expectSameJudgement(xml: string): void {
  const isRefused = refused(xml);
  if (isRefused !== undefined) expect({ xml, isRefused }).toEqual({ xml, isRefused: refusedBySaxes(xml) });
}

describe("a document is well-formed, or it is refused", () => {
  it("as one that is known to be strict refuses it, whatever is put in it or taken out of it", () => {
    // Behind its first tag: saxes is asked for no namespaces.
    const place = fc.integer({ min: base.indexOf("<realmCode"), max: base.length });
    const put = fc.tuple(place, fc.nat(3), fc.constantFrom(...pieces));
    fc.assert(
      fc.property(fc.array(put, { minLength: 1, maxLength: 3 }), (changes) => {
        const xml = changes.reduce(
          (text, [at, taken, piece]) => text.slice(0, at) + piece + text.slice(at + taken),
          base,
        );
        expectSameJudgement(xml);
      }),
      { numRuns: 3000 },
    );
  });

  it.each(pieces.map((piece) => [JSON.stringify(piece), piece]))("with %s in each kind of place", (_, piece) => {
    const places = [
      "<?xml version",
      "\n<?xml-style",
      "encoding",
      "x.xsl",
      "<ClinicalDocument",
      " xmlns:pharm",
      "SYNTH",
    ];
    places.push(
      ' code="SYNTH"',
      "/><typeId",
      "Synthèse de",
      " < b]]>",
      "emarque",
      "mot<",
      "desc>",
      "\n</ClinicalDocument>",
    );
    for (const each of places) {
      const xml = base.replace(each, () => piece + each);
      expect(xml).not.toBe(base);
      expectSameJudgement(xml);
    }
    expectSameJudgement(base + piece);
  });

  it("reads its lines, its references and the blanks of its attributes as XML says", () => {
    const title = "<title>A&#13;&#x42;\r\nC\rD<![CDATA[ <E> ]]>&lt;</title>";
    const xml = documentXml().replace(/<title>.*<\/title>/, title);
    expect(readCdaHeader(xml).title).toBe("A B C D <E> <");
    const named = documentXml().replace('displayName="Synthèse"', "displayName='Synthèse\r\n\tdu&#10;&quot;15&quot;'");
    expect(readCdaHeader(named).type.display?.replace(/\s+/g, " ")).toBe('Synthèse du "15"');
  });

  it("tells where the fault is, also that of a character which XML forbids", () => {
    const place = (xml: string) => {
      try {
        readCdaHeader(xml);
      } catch (error) {
        return (error as CdaError).place;
      }
      return undefined;
    };
    expect(place(documentXml({ header: "<x><y>\u0001</y></x>" }))).toBe("/ClinicalDocument/x/y");
    expect(place(documentXml({ header: "<x><y></x>" }))).toBe("/ClinicalDocument/x/y");
    expect(place(documentXml({ header: "<x>\ud800</x>" }))).toBe("/ClinicalDocument/x");
  });
});
