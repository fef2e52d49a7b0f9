import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { attributeRead, linkOf, type Pointed, pointedSchema, waysTo } from "./place-of.ts";

type Named = [tag: string, attributes?: Record<string, string>, nth?: number];

/** From the element outwards; each the first of its kind unless said. */
const pointed = (text: string, ...path: readonly Named[]): Pointed =>
  v.parse(pointedSchema, {
    text,
    path: path.map(([tag, attributes = {}, nth = 1]) => ({
      tag,
      attributes: Object.entries(attributes),
      nth,
      child: nth - 1,
    })),
  });

describe("ways to find an element again", () => {
  it("begin with what the tool's makers named, and end with its place in the page", () => {
    const ways = waysTo(
      pointed(
        "TESTARD",
        ["b", { class: "value strong", "data-field": "birth-name", id: "nom" }, 2],
        ["header", { id: "banner" }],
        ["body"],
      ),
    );
    expect(ways.slice(0, 2)).toEqual(["#nom", '[data-field="birth-name"]']);
    expect(ways).toContain("#banner b.value");
    expect(ways.indexOf("b.value")).toBeLessThan(ways.indexOf("#banner > b:nth-of-type(2)"));
    expect(ways.at(-1)).toBe("body > header:nth-of-type(1) > b:nth-of-type(2)");
  });

  it.each<[string, Record<string, string>]>([
    ["a number of the patient", { id: "patient-285037800604251" }],
    ["a word that the element shows", { id: "row-testard", class: "testard", "aria-label": "Nom Testàrd" }],
    ["what a build writes", { class: "css-1q2w3e sc-bdVaJa", "data-v-1a2b3c": "", id: ":r1:" }],
    ["a state of the moment", { class: "active is-open" }],
    ["a quotation mark", { "data-field": 'a"],b' }],
  ])("never hold %s", (_, attributes) => {
    const ways = waysTo(pointed("TESTARD", ["b", attributes], ["body"]));
    expect(ways.filter((way) => way !== "[data-field]")).toEqual(["body > b:nth-of-type(1)"]);
  });

  it("name a patient's data by the name of its attribute, not by its value", () => {
    const ways = waysTo(pointed("", ["div", { "data-patient-ins": "285037800604251" }], ["body"]));
    expect(ways[0]).toBe("[data-patient-ins]");
    expect(ways.join()).not.toContain("2850");
  });

  it("to a document are those of all its like", () => {
    const link = pointed(
      "Lettre",
      ["a", { id: "one", class: "doc", href: "/d/1" }, 3],
      ["ul", { id: "docs" }],
      ["body"],
    );
    const ways = waysTo(link, { isOfMany: true });
    expect(ways.slice(0, 2)).toEqual(["a.doc", "#docs a.doc"]);
    expect(ways.join()).not.toMatch(/#one|nth/);
    const nameless = pointed("Lettre", ["a"], ["li"], ["ul", { class: "docs" }], ["main", { id: "record" }], ["body"]);
    expect(waysTo(nameless, { isOfMany: true }).slice(0, 2)).toEqual(["ul.docs a", "#record a"]);
  });
});

describe("what is read of an element", () => {
  const isNumber = (text: string) => /^\d+$/.test(text);
  it("is its text, or an attribute where only that says it", () => {
    expect(attributeRead(pointed("42", ["b"]), isNumber)).toBeUndefined();
    expect(attributeRead(pointed("INS", ["b", { id: "7", "data-ins": "42" }]), isNumber)).toBe("data-ins");
  });

  it("as a document is the address of the link in which it stands", () => {
    const found = linkOf(pointed("Lettre", ["span"], ["a", { href: "/d/1" }], ["body"]));
    expect(found?.attribute).toBe("href");
    expect(found?.link.path.map(({ tag }) => tag)).toEqual(["a", "body"]);
    expect(linkOf(pointed("Lettre", ["li", { "data-href": "/d/1" }], ["body"]))?.attribute).toBe("data-href");
    expect(linkOf(pointed("Lettre", ["span"], ["body"]))).toBeUndefined();
  });
});
