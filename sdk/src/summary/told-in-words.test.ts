import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import type { Bundle, Composition, CompositionSection } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { cdaToFhir } from "../cda/read/index.ts";
import { summarise } from "./index.ts";
import { plainBlocks } from "./plain-blocks.ts";
import { condition, type DocumentOptions, letter, result, sectionOf } from "./test-support.ts";

const official = resolve(import.meta.dirname, "../../../../shared/cda/open");
const div = (inner: string) => `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`;
const section = (title: string, inner: string, code = "30954-2"): CompositionSection => ({
  title,
  code: { coding: [{ system: "http://loinc.org", code }] },
  text: { status: "additional", div: div(inner) },
});

/** A synthesis with sections in words beside its section of entries. */
const synthesis = (
  id: string,
  told: readonly CompositionSection[],
  { type = "SYNTH", ...options }: DocumentOptions & { readonly type?: string } = {},
): Bundle => {
  const document = letter(id, [condition("x", "I10"), result("r", 7)], options);
  return {
    ...document,
    entry: (document.entry ?? []).map((entry) =>
      entry.resource?.resourceType === "Composition"
        ? {
            ...entry,
            resource: {
              ...entry.resource,
              type: { coding: [{ code: type }] },
              section: [...(entry.resource.section ?? []), ...told],
            },
          }
        : entry,
    ),
  };
};
const sectionsOf = (summary: Bundle): readonly CompositionSection[] =>
  (summary.entry?.[0]?.resource as Composition | undefined)?.section ?? [];
const toldIn = (summary: Bundle) => sectionsOf(summary).filter((one) => one.entry === undefined);
const sourcesOf = (one: CompositionSection | undefined) => one?.extension?.map(({ valueUri }) => valueUri);
const wordsOf = (one: CompositionSection | undefined) =>
  (one?.text?.div ?? "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

describe("what a synthesis tells in words only", () => {
  test("stands in the summary under its own title, with its document and its date; vigilance comes first", () => {
    const summary = summarise([
      synthesis(
        "urn:oid:1.1",
        [section("Exposition", "<p>Amiante</p>", "10161-8"), section("Points de vigilance", "<p>Anticoagulant</p>")],
        { date: "2026-03-04T10:00:00Z" },
      ),
    ]);
    const [vigilance, exposition, ...rest] = toldIn(summary);
    expect(rest).toEqual([]);
    expect(vigilance?.title).toBe("Points de vigilance");
    expect(wordsOf(vigilance)).toBe("Document du 4 mars 2026 Anticoagulant");
    expect(sourcesOf(vigilance)).toEqual(["urn:oid:1.1"]);
    expect(exposition?.code?.coding?.[0]?.code).toBe("10161-8");
    const sections = sectionsOf(summary);
    expect(sections[0]).toBe(vigilance);
    // The results keep their code for themselves: IPS lets one section have it.
    expect(sections.filter((one) => one.code?.coding?.[0]?.code === "30954-2")).toHaveLength(1);
    expect(sectionOf(summary, "30954-2")?.entry).toHaveLength(1);
  });

  test("is found in sub-sections, and nothing is told of sections that are empty, unsaid, masked or about others", () => {
    const nested = { title: "Facteurs", section: [section("Travail", "<p>Bruit</p>", "10161-8")] };
    const withheld = { coding: [{ code: "withheld" }] };
    const told = toldIn(
      summarise([
        synthesis("urn:oid:1.1", [
          nested,
          section("A", "<p>Non renseigné</p>"),
          section("B", " <p/> "),
          { ...section("C", "<p>Masqué</p>"), emptyReason: withheld },
          { ...section("D", "<p>Mère : diabète</p>"), focus: { reference: "RelatedPerson/gone" } },
        ]),
      ]),
    );
    expect(told.map(({ title }) => title)).toEqual(["Travail"]);
  });

  test("comes from syntheses only, and from no replaced one", () => {
    const words = (text: string) => [section("Points de vigilance", `<p>${text}</p>`)];
    const first = synthesis("urn:oid:1.1", words("Ancien"));
    const second = synthesis("urn:oid:1.2", words("Nouveau"), { replaces: "urn:oid:1.1" });
    const note = synthesis("urn:oid:1.3", words("Lettre"), { type: "11490-0" });
    expect(toldIn(summarise([first, second, note])).map(wordsOf)).toEqual(["Document du 1er janvier 2026 Nouveau"]);
  });

  test("of several syntheses: the newest three, newest first; the same words are told once with all their sources", () => {
    const at = (year: number, text: string) =>
      synthesis(`urn:oid:1.${year}`, [section("Conclusion", `<p>${text}</p>`, "55112-7")], {
        date: `${year}-01-01T00:00:00Z`,
      });
    const told = toldIn(summarise([at(2020, "a"), at(2024, "b"), at(2023, "c"), at(2022, "b")]));
    expect(told.map(wordsOf)).toEqual(["Document du 1er janvier 2024 b", "Document du 1er janvier 2023 c"]);
    expect(sourcesOf(told[0])).toEqual(["urn:oid:1.2024", "urn:oid:1.2022"]);
  });

  test("is bounded, and says that the rest is in the document", () => {
    const long = section("Histoire", `<p>${"mot ".repeat(1500)}</p>`, "10164-2");
    const told = toldIn(summarise([synthesis("urn:oid:1.1", [long, section("Suite", "<p>fin</p>", "55109-3")])]));
    expect(wordsOf(told[0]).length).toBeLessThan(4100);
    expect(told.map((one) => wordsOf(one).endsWith("… La suite est dans le document."))).toEqual([true, true]);
    const many = Array.from({ length: 60 }, (_, index) => section(`${index}`, `<p>${index}</p>`, "x"));
    const cut = toldIn(summarise([synthesis("urn:oid:1.2", many)], { locale: "en" }));
    expect(cut).toHaveLength(24);
    expect(wordsOf(cut[23])).toContain("The rest is in the document.");
  });

  test("never lets a required section say that there is no information", () => {
    const told = section("Allergies", "<p>Pénicilline</p>", "48765-2");
    const summary = summarise([synthesis("urn:oid:1.1", [told])]);
    expect(sectionOf(summary, "48765-2")?.text?.div).toContain("en mots : Allergies");
    expect(toldIn(summary)[0]?.code?.coding?.[0]?.code).toBe("55112-7");
  });

  test("a summary of a summary leaves the words to their own document where it is there, else keeps them", () => {
    const source = synthesis("urn:oid:1.1", [section("Points de vigilance", "<p>Chutes</p>")]);
    const summary = summarise([source]);
    expect(toldIn(summarise([summary, source]))).toHaveLength(1);
    expect(toldIn(summarise([summary])).map(wordsOf)[0]).toContain("Chutes");
  });

  test("no markup of others survives, whatever they wrote", () => {
    const pieces = fc.constantFrom(
      "<script>alert(1)</script>",
      '<img src="https://x.example/?a" onerror="alert(1)"/>',
      "&lt;script&gt;",
      "<![CDATA[<b onclick='x'>]]>",
      "<!-- <i> -->",
      "<a href='javascript:x'>lien</a>",
      "<table><tr><th>a</th><td>b</td></tr></table>",
      "<ul><li>c</li></ul>",
      "<b '",
      "<",
      "&#x3C;b&#62;",
      "&amp;lt;",
      "texte",
      "<div style='display:none'>",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 6 })), { maxLength: 8 }), (all) => {
        const [one] = toldIn(summarise([synthesis("urn:oid:1.1", [section("Titre", `mots ${all.join("")}`)])]));
        const markup = [...(one?.text?.div ?? "").matchAll(/<[^>]*>?/g)].map(([tag]) => tag);
        for (const tag of markup)
          expect(tag).toMatch(
            /^<(div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml"|\/?(p|ul|li|table|tbody|tr|th|td)|\/div)>$/,
          );
      }),
      { numRuns: 60 },
    );
  });
});

describe("plain text of a narrative", () => {
  const lines = (source: string, limit = 1000) =>
    plainBlocks(source, limit).blocks.map((block) => (block.kind === "row" ? block.cells.join("|") : block.text));

  test("keeps lines, list items, rows and characters", () => {
    expect(lines(div("PA<br/>14 &lt; 15 &amp; d&eacute;j&agrave; &#233; &unknown; <p>a <b>b</b></p>"))).toEqual([
      "PA",
      "14 < 15 & déjà é &unknown;",
      "a b",
    ]);
    expect(plainBlocks("<ul><li>x</li></ul>y", 9).blocks.map(({ kind }) => kind)).toEqual(["li", "p"]);
    expect(lines("<table><tr><th>a</th><th/></tr><tr><td><p>b</p><p>c</p></td><td>d</td></tr></table>")).toEqual([
      "a|",
      "b c|d",
    ]);
  });

  test("stops at the end of a word, and says so; reads what is no markup as text", () => {
    expect(plainBlocks("<p>un deux trois</p><p>quatre</p>", 9)).toEqual({
      blocks: [{ kind: "p", text: "un deux" }],
      isCut: true,
    });
    expect(lines("a < b <c")).toEqual(["a < b <c"]);
    expect(lines("<script>x</scrip")).toEqual([]);
    expect(lines("a<script>x</script><style>y</style>b")).toEqual(["ab"]);
  });

  test("takes hostile markup in its stride", () => {
    for (const piece of ["<!--", '<a "', "<b '>", "<", "</", "<script>", "<![CDATA[", "&", "<td>"]) {
      expect(plainBlocks(piece.repeat(50_000), 4000).blocks.length).toBeLessThan(4001);
    }
  });
});

describe.skipIf(!existsSync(official))("official syntheses (needs ../shared)", () => {
  test.each([
    ["VSM_1.4_2022.01.xml", ["Points de vigilance", "Facteurs de risques professionnels"], "Hémibloc antérieur gauche"],
    ["IPS-FR_2024.01.xml", ["Points de vigilance", "Facteurs de risques professionnels"], "(texte libre)"],
  ])("%s: its points of vigilance are kept", (file, titles, words) => {
    const told = toldIn(summarise([cdaToFhir(readFileSync(join(official, file)).toString())]));
    expect(told.map(({ title }) => title)).toEqual(titles);
    expect(wordsOf(told[0])).toContain(words);
  });
});
