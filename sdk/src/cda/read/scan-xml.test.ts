import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { scanXml, XmlScanError } from "./scan-xml.ts";
import { documentXml, problemXml, sectionXml } from "./test-support.ts";

type Event = readonly ["open", string, readonly (readonly [string, string])[]] | readonly ["close"] | string;

/** What the scanner tells, runs of text joined; `undefined` when it refuses. */
function scanned(xml: string): Event[] | undefined {
  const events: Event[] = [];
  let isTwice = false;
  try {
    scanXml(xml, {
      open: (name, names, values, count) => {
        const attributes = names.slice(0, count).map((each, index) => [each, values[index] ?? ""] as const);
        // Attributes given twice are the reader's to refuse.
        isTwice ||= new Set(names.slice(0, count)).size !== count;
        events.push(["open", name, attributes]);
      },
      close: () => events.push(["close"]),
      text: (text) => joined(events, text),
    });
  } catch (error) {
    expect(error).toBeInstanceOf(XmlScanError);
    return undefined;
  }
  return isTwice ? undefined : events;
}

/** The same, as a general parser of XML understands it. */
function parsed(xml: string): Event[] | undefined {
  const events: Event[] = [];
  const parser = new SaxesParser({ xmlns: false, position: false, defaultXMLVersion: "1.0", forceXMLVersion: true });
  parser.ENTITIES = Object.assign(Object.create(null), { amp: "&", gt: ">", lt: "<", quot: '"', apos: "'" });
  const refuse = () => {
    throw new Error("refused");
  };
  parser.on("error", refuse);
  parser.on("doctype", refuse);
  parser.on("opentag", (tag) => events.push(["open", tag.name, Object.entries(tag.attributes)]));
  parser.on("closetag", () => events.push(["close"]));
  parser.on("text", (text) => joined(events, text));
  parser.on("cdata", (text) => joined(events, text));
  try {
    parser.write(xml).close();
    return events;
  } catch {
    return undefined;
  }
}

function joined(events: Event[], text: string): void {
  // Blanks around the root are told by one of the two.
  const isInside =
    events.reduce((depth, each) => depth + (typeof each === "string" ? 0 : each[0] === "open" ? 1 : -1), 0) > 0;
  if (!isInside || text === "") return;
  const last = events.at(-1);
  if (typeof last === "string") events[events.length - 1] = last + text;
  else events.push(text);
}

const pieces = [
  "<a>",
  "</a>",
  "<a/>",
  "<b c='d'>",
  "</b>",
  '<a b="1" c="2">',
  '<a b="1" b="2"/>',
  '<a b="1"c="2"/>',
  "<a b=1/>",
  "<a b/>",
  "< a>",
  "<a >",
  "</a >",
  "</ a>",
  "<a/ >",
  "<é à='ç'/>",
  "<1/>",
  "<-/>",
  "<a:b:c/>",
  "<a\u00d7/>",
  "<\u{10000}/>",
  "<a\u{F0000}/>",
  "&amp;",
  "&lt;",
  "&#10;",
  "&#13;",
  "&#x41;",
  "&#x1F600;",
  "&#0;",
  "&#xD800;",
  "&#xFFFE;",
  "&#x110000;",
  "&#;",
  "&;",
  "&",
  "&x;",
  "&amp",
  '<a b="&lt;&#9;x\ty\nz"/>',
  '<a b="<"/>',
  "<a b='\"'/>",
  '<a b="&bad;"/>',
  '<a b="]]>"/>',
  "]]>",
  "]]",
  ">",
  "<",
  "<![CDATA[x & <y>]]>",
  "<![CDATA[]]>",
  "<![CDATA[",
  "]]]>",
  "<!-- c -->",
  "<!---->",
  "<!--->",
  "<!-- a -- b -->",
  "<!-- c --->",
  "<!--",
  "<?p?>",
  "<?p x?>",
  "<?p",
  "<? p?>",
  "<?xml?>",
  "<?XML x?>",
  "<?xml-stylesheet href='x'?>",
  "<!DOCTYPE a>",
  "<!ELEMENT a>",
  '<?xml version="1.0"?>',
  "<?xml version='1.0' encoding='UTF-8'?>",
  '<?xml version="1.0" standalone="yes" ?>',
  '<?xml encoding="x"?>',
  '<?xml version="2.0"?>',
  " ",
  "\n",
  "\t",
  "\r",
  "\r\n",
  "mot",
  "\u0001",
  "\u007f",
  "\u0085",
  "\u2028",
  "\ufffe",
  "\udc00",
  "😀",
  '"',
  "'",
  "=",
  "/",
];

const document = documentXml({
  sections: sectionXml("11450-4", "Problèmes", "<paragraph>a &amp; b</paragraph>", problemXml("<x/>")),
});

describe("scanning XML", () => {
  it("tells of a whole document what a general parser tells", () => {
    expect(scanned(document)).toEqual(parsed(document));
    expect(scanned(document)?.length).toBeGreaterThan(50);
  });

  it("accepts and refuses what a general parser does, whatever pieces of XML are put together", () => {
    const run = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((each) => each.join(""));
    fc.assert(
      fc.property(fc.boolean(), run, run, (isInside, before, inner) => {
        const xml = isInside ? `${before}<r>${inner}</r>` : before + inner;
        expect(scanned(xml)).toEqual(parsed(xml));
      }),
      { numRuns: 4000 },
    );
  });

  it("accepts and refuses what a general parser does when a document is changed anywhere", () => {
    fc.assert(
      fc.property(fc.nat(document.length), fc.nat(12), fc.constantFrom("", ...pieces), (at, removed, added) => {
        const xml = document.slice(0, at) + added + document.slice(at + removed);
        expect(scanned(xml)).toEqual(parsed(xml));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["an instruction whose name holds a question mark", "<r><?p?q?></r>"],
    ["half of a pair of surrogates", "<r>\ud800x</r>"],
  ])("refuses %s, which XML forbids and general parsers let pass", (_, xml) => {
    expect(parsed(xml)).toBeDefined();
    expect(scanned(xml)).toBeUndefined();
  });
});
