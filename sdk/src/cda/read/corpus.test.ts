import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { Bundle, CompositionSection } from "../../fhir/index.ts";
import { readCdaView } from "../narrative/index.ts";
import { cdaToFhir, readCdaBody, readCdaHeader } from "./index.ts";
import { attribute, children, parseCda, type XmlElement } from "./xml.ts";

const shared = fileURLToPath(new URL("../../../../../shared", import.meta.url));
const folder = `${shared}/cda/open`;
const expectedFolder = `${shared}/cda/expected`;

interface Measure {
  expected: number;
  found: number;
  yielded: number;
  matched: number;
  checks: number;
  agreed: number;
  missed: unknown[];
  extra: unknown[];
}

describe.skipIf(!existsSync(folder))("the official samples (needs ../shared)", () => {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".xml")) : [];

  it("are all read: header, body, view and conversion", () => {
    for (const name of files) {
      const xml = readFileSync(`${folder}/${name}`, "utf8");
      const header = readCdaHeader(xml);
      expect(header.uniqueId, name).toMatch(/^urn:(oid|uuid):/);
      expect(header.patient.ins?.value, name).toMatch(/^\d{13}/);
      const body = readCdaBody(xml);
      const view = readCdaView(xml);
      expect(body.level === 1 ? view.body?.bytes.length : view.sections.length, name).toBeGreaterThan(0);
      const bundle = cdaToFhir(xml);
      expect(bundle.identifier?.value, name).toBe(header.uniqueId);
      const addresses = new Set(bundle.entry?.map((entry) => entry.fullUrl));
      expect(addresses.size, name).toBe(bundle.entry?.length);
      const named = JSON.stringify(bundle).match(/"reference":"urn:uuid:[^"]+"/g) ?? [];
      expect(named.filter((reference) => !addresses.has(reference.slice(13, -1)))).toEqual([]);
    }
  });

  it("lose no section, and no coded value or product of an entry but those of others and of what is left in words", () => {
    const lost: string[] = [];
    for (const name of files) {
      const { root } = parseCda(readFileSync(`${folder}/${name}`, "utf8"));
      const bundle = cdaToFhir(readFileSync(`${folder}/${name}`, "utf8"));
      const text = JSON.stringify(bundle);
      let sections = 0;
      const walk = (element: XmlElement, isEntry: boolean, isOther: boolean): void => {
        if (element.name === "section") sections += 1;
        // Reactions denied, other people's acts, coverage: what docs/cda.md says stays in the narrative.
        if (attribute(element, "negationInd") === "true") return;
        const others = isOther || children(element, "subject").length > 0;
        if (children(element, "templateId").some((each) => attribute(each, "root") === "1.2.250.1.213.1.1.3.61"))
          return;
        const code = attribute(element, "code");
        const label = attribute(element, "displayName");
        const isFact = element.name === "value" || element.parent?.name === "manufacturedMaterial";
        if (
          isEntry &&
          isFact &&
          !others &&
          code &&
          !text.includes(JSON.stringify(code)) &&
          !(label && text.includes(label))
        )
          lost.push(`${name}: ${element.name} ${code} ${label ?? ""}`);
        for (const each of children(element)) walk(each, isEntry || element.name === "entry", others);
      };
      walk(root, false, false);
      const count = (list: CompositionSection[] | undefined): number =>
        (list ?? []).reduce((total, each) => total + 1 + count(each.section), 0);
      const composition = bundle.entry?.[0]?.resource;
      if (composition?.resourceType === "Composition" && sections > 0)
        expect(count(composition.section), name).toBe(sections);
    }
    expect(lost).toEqual([]);
  });

  it("give the expected facts: recall and precision at least 0.99, details at least 0.98", async () => {
    const tool = (await import(/* @vite-ignore */ pathToFileURL(`${shared}/tools/compare-facts.mjs`).href)) as {
      compare(bundle: Bundle, expected: unknown): Measure;
    };
    const measures = readdirSync(expectedFolder).map((name) => {
      const xml = readFileSync(`${folder}/${name.replace(/json$/, "xml")}`, "utf8");
      return tool.compare(cdaToFhir(xml), JSON.parse(readFileSync(`${expectedFolder}/${name}`, "utf8")));
    });
    const sum = (pick: (measure: Measure) => number) => measures.reduce((total, each) => total + pick(each), 0);
    const missed = measures.flatMap((each) => [...each.missed, ...each.extra]);
    expect(sum((each) => each.found) / sum((each) => each.expected), JSON.stringify(missed)).toBeGreaterThanOrEqual(
      0.99,
    );
    expect(sum((each) => each.matched) / sum((each) => each.yielded), JSON.stringify(missed)).toBeGreaterThanOrEqual(
      0.99,
    );
    expect(sum((each) => each.agreed) / sum((each) => each.checks)).toBeGreaterThanOrEqual(0.98);
  });
});
