import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { adapterOfPage, adapterSchema, adaptersFor } from "./adapter.ts";
import { shippedAdapters } from "./shipped.ts";

const read = (raw: unknown) => v.parse(adapterSchema, raw);
const ofTool = read({ id: "outil", version: 1, match: ["https://outil.example/dossier"], identity: { ins: "#ins" } });
const ofHabit = read({ id: "habitude", version: 1, match: ["*"], health: ["[data-x]"], identity: {} });
const shipped = shippedAdapters("https://dossier.example");
const published = JSON.parse(readFileSync(new URL("../../docs/adapter.schema.json", import.meta.url), "utf8")) as {
  required: string[];
  properties: Record<string, { properties?: Record<string, unknown>; pattern?: string; maxItems?: number }>;
};

describe("an adapter", () => {
  it("is for whole path segments of its address only", () => {
    const ids = (address: string) => adaptersFor([ofTool], address).map(({ id }) => id);
    expect(ids("https://outil.example/dossier/12")).toEqual(["outil"]);
    expect(ids("https://outil.example/dossier#12")).toEqual(["outil"]);
    expect(ids("https://outil.example/dossiers")).toEqual([]);
    expect(ids("https://outil.example.evil.example/dossier/")).toEqual([]);
  });

  it("of a tool is asked before that of a habit, whatever their order", () => {
    const found = adaptersFor([ofHabit, ofTool], "https://outil.example/dossier/12");
    expect(found.map(({ id }) => id)).toEqual(["outil", "habitude"]);
    expect(adaptersFor([ofHabit], "file:///tmp/a.html")).toEqual([]);
  });

  it("goes into the page as plain places: a selector, or a selector and an attribute", () => {
    const adapter = read({
      ...ofTool,
      identity: { ins: "#ins", sex: "#who @data-sex" },
      documents: ["a.doc"],
    });
    expect(adapterOfPage(adapter)).toEqual({
      id: "outil",
      health: [],
      places: [
        { name: "ins", css: "#ins" },
        { name: "sex", css: "#who", attribute: "data-sex" },
      ],
      documents: [{ css: "a.doc" }],
    });
  });

  it.each([
    ["more than a selector in a place", { identity: { ins: { css: "#ins", regex: "(a+)+" } } }],
    ["a place without end", { identity: { ins: "a".repeat(301) } }],
    ["an id that is no name", { id: "../x" }],
    ["a thousand addresses", { match: Array.from({ length: 1_000 }, () => "https://a.example") }],
  ])("is refused with %s", (_, change) => {
    expect(v.safeParse(adapterSchema, { ...ofTool, ...change }).success).toBe(false);
  });
});

describe("the shipped adapters", () => {
  it.each(shipped.map((adapter) => [adapter.id, adapter] as const))("%s is what the schema says", (_, adapter) => {
    expect(v.parse(adapterSchema, adapter)).toEqual(adapter);
    expect(Object.keys(adapter).filter((key) => !(key in published.properties))).toEqual([]);
  });

  it("for every tool say nothing of a page without their marks", () => {
    expect(shipped.filter(({ match, health }) => match.includes("*") && health.length === 0)).toEqual([]);
  });
});

describe("the published schema", () => {
  it("has the fields, the traits and the limits of the one that is applied", () => {
    expect(Object.keys(published.properties).sort()).toEqual(["$schema", ...Object.keys(adapterSchema.entries)].sort());
    expect(published.required.sort()).toEqual(["id", "identity", "match", "version"]);
    expect(Object.keys(published.properties.identity?.properties ?? {}).sort()).toEqual(
      Object.keys(adapterSchema.entries.identity.entries).sort(),
    );
    expect(published.properties.id?.pattern).toBe("^[a-z0-9-]{1,60}$");
    expect(published.properties.match?.maxItems).toBe(20);
  });
});
