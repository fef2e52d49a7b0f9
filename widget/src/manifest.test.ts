/** `custom-elements.json` is what editors complete from: it says what the elements are, no more and no less. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PropertyDeclaration } from "lit";
import { describe, expect, it } from "vitest";
import { CarnetAccess } from "./access/carnet-access.ts";
import { CarnetDocumentActions } from "./acting/carnet-document-actions.ts";
import { CarnetDeposit } from "./deposit/carnet-deposit.ts";
import { CarnetDocuments } from "./documents/carnet-documents.ts";
import { CarnetPatientMessages } from "./messages/carnet-patient-messages.ts";
import { CarnetSummary } from "./summary/carnet-summary.ts";
import { CarnetDocument } from "./viewer/carnet-document.ts";

interface Named {
  readonly name: string;
  readonly fieldName?: string;
}
interface Declaration {
  readonly tagName: string;
  readonly attributes: readonly Named[];
  readonly members: readonly (Named & { readonly kind: string })[];
  readonly events: readonly Named[];
  readonly cssParts?: readonly Named[];
  readonly cssProperties?: readonly Named[];
}

const folder = import.meta.dirname;
const manifest = JSON.parse(readFileSync(join(folder, "..", "custom-elements.json"), "utf8")) as {
  modules: { path: string; declarations: Declaration[] }[];
};
const declarations = manifest.modules.flatMap((module) => module.declarations);
const guide = readFileSync(join(folder, "..", "..", "docs", "widget.md"), "utf8");
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  .map((path) => readFileSync(join(folder, path), "utf8"));

const elements = {
  "carnet-summary": CarnetSummary,
  "carnet-documents": CarnetDocuments,
  "carnet-document": CarnetDocument,
  "carnet-deposit": CarnetDeposit,
  "carnet-document-actions": CarnetDocumentActions,
  "carnet-access": CarnetAccess,
  "carnet-patient-messages": CarnetPatientMessages,
} as const;

const names = (list: readonly Named[] | undefined) => (list ?? []).map(({ name }) => name).sort();
const unique = (list: Iterable<string>) => [...new Set(list)].sort();

describe("custom-elements.json", () => {
  it("declares the elements that the page may write, each in a file that exists", () => {
    expect(declarations.map(({ tagName }) => tagName).sort()).toEqual(Object.keys(elements).sort());
    for (const { path } of manifest.modules) expect(() => readFileSync(join(folder, "..", path))).not.toThrow();
  });

  it.each(Object.entries(elements))("says the attributes and properties of <%s>", (tag, element) => {
    const declared = declarations.find(({ tagName }) => tagName === tag);
    // What is only a state of the element is nobody else's.
    const properties = Object.entries(element.properties as Record<string, PropertyDeclaration>).filter(
      ([, { state }]) => state !== true,
    );
    const attributes = properties.flatMap(([name, { attribute }]) =>
      attribute === false ? [] : [typeof attribute === "string" ? attribute : name.toLowerCase()],
    );
    expect(names(declared?.attributes)).toEqual(attributes.sort());
    const fields = declared?.members.filter(({ kind }) => kind === "field");
    expect(names(fields)).toEqual(properties.map(([name]) => name).sort());
    const methods = declared?.members.filter(({ kind }) => kind === "method") ?? [];
    for (const { name } of methods) expect(Reflect.get(element.prototype, name), name).toBeTypeOf("function");
  });

  it("names every event and part of the source, and none that is not there; the guide names the events too", () => {
    const said = unique(
      sources.flatMap((text) =>
        [...text.matchAll(/(?:emit(?:<\w+>)?|CustomEvent)\(\s*"(carnet-[a-z-]+)"/g)].map(([, name]) => name ?? ""),
      ),
    );
    expect(unique(declarations.flatMap(({ events }) => names(events)))).toEqual(said);
    for (const name of said) expect(guide).toContain(`\`${name}\``);
    const parts = unique(
      sources.flatMap((text) => [...text.matchAll(/part="([a-z-]+)/g)].map(([, name]) => name ?? "")),
    );
    expect(unique(declarations.flatMap(({ cssParts }) => names(cssParts)))).toEqual(parts);
  });

  it("names custom properties that the styles read", () => {
    for (const name of unique(declarations.flatMap(({ cssProperties }) => names(cssProperties))))
      expect(
        sources.some((text) => text.includes(`var(${name}`)),
        name,
      ).toBe(true);
  });

  it("is imported where there is no page: a server renders its own markup around the elements", async () => {
    expect(globalThis.document).toBeUndefined();
    await expect(import("./index.ts")).resolves.toHaveProperty("CarnetSummary");
  });
});
