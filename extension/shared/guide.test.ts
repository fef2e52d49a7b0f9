import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { adapterSchema } from "../adapters/adapter.ts";
import { shippedAdapters } from "../adapters/shipped.ts";
import { mergeSettings } from "./settings.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const guide = read("../../docs/extension.md");
const policy = JSON.parse(read("../public/managed-schema.json")) as {
  readonly properties: Record<string, { readonly properties?: Record<string, unknown> }>;
};
const manifest = read("../wxt.config.ts");

/** First cells of the table under this heading, its code spans only. */
const firstCells = (heading: string) => {
  const [, after = ""] = guide.split(heading);
  const rows =
    after
      .split("\n\n")
      .find((block) => block.includes("|---"))
      ?.split("\n") ?? [];
  return rows.slice(2).flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map((found) => found[1]));
};
const examples = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map((found) => found[1] ?? "");

describe("the guide of the extension", () => {
  it("gives an adapter that works as it stands, put in a policy", () => {
    const [example = ""] = examples("json");
    const adapter = v.parse(adapterSchema, JSON.parse(example));
    const settings = mergeSettings({ adapters: [JSON.parse(example)] }, {}, "fr", "https://dossier.example");
    expect(settings.adapters[0]).toEqual(adapter);
  });

  it("names every key of the managed policy, and no other", () => {
    expect(firstCells("### Managed policy").sort()).toEqual(Object.keys(policy.properties).sort());
    const [, defaults = ""] = /`defaults` \| `\{ ([^`]*) \}`/.exec(guide) ?? [];
    expect([...defaults.matchAll(/(\w+):/g)].map((found) => found[1]).sort()).toEqual(
      Object.keys(policy.properties.defaults?.properties ?? {}).sort(),
    );
  });

  it("names every adapter that is shipped, and no other", () => {
    expect(firstCells("| shipped | for |").sort()).toEqual(
      shippedAdapters("https://dossier.example")
        .map(({ id }) => id)
        .sort(),
    );
  });

  it("says why each permission of the manifest is asked", () => {
    const asked = [.../permissions: \[([\s\S]*?)\]/g[Symbol.matchAll](manifest)]
      .flatMap((found) => [...(found[1] ?? "").matchAll(/"([a-zA-Z]+)"/g)].map((name) => name[1] ?? ""))
      .filter((name) => name !== "firefox");
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !firstCells("### Permissions").includes(name))).toEqual([]);
  });

  it("drives a browser with functions that are there", () => {
    const [example = ""] = examples("ts");
    const driver = read("../e2e/drive-chromium.ts") + read("../e2e/panel-driver.ts");
    const called = [...example.matchAll(/(?:panel\.)?(\w+)\(/g)].map((found) => found[1] ?? "");
    const playwright = ["newPage", "goto"];
    expect(called.filter((name) => !playwright.includes(name) && !new RegExp(`\\b${name}\\b`).test(driver))).toEqual(
      [],
    );
  });
});
