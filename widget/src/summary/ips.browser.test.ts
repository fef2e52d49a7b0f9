/// <reference types="vite/client" />
import type { Bundle } from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import { axeViolations, reached, section, summaryElement, textOf } from "../testing/mount.ts";

/** IPS documents of other makers; the folder stands beside the checkout or is absent. */
const files = import.meta.glob<Bundle>(["../../../../shared/ips/*.json", "!**/index.json"], { import: "default" });

describe.skipIf(Object.keys(files).length === 0)("IPS documents of other makers (needs ../shared)", () => {
  for (const [path, load] of Object.entries(files)) {
    const name = path.split("/").at(-1) ?? path;

    it(`${name}: is shown without a crash, "undefined" or "[object Object]"`, async () => {
      const panel = summaryElement({ bundle: await load() });
      await reached(panel, "ready");
      const text = textOf(panel);
      expect(text).not.toMatch(/undefined|\[object|NaN|Invalid Date|null/);
      expect(text).not.toContain("non chargé");
      for (const button of panel.shadowRoot?.querySelectorAll<HTMLButtonElement>("[data-more]") ?? []) button.click();
      await panel.updateComplete;
      expect(textOf(panel)).not.toMatch(/undefined|\[object|NaN|Invalid Date|null/);
      expect(await axeViolations(panel)).toEqual([]);
    });
  }

  it("says no known allergy where the maker says so, and unknown where nobody says anything", async () => {
    const load = (name: string) => files[`../../../../shared/ips/${name}`]?.();
    const known = await load("bundle-aups-noknownx.json");
    const panel = summaryElement({ bundle: known });
    await reached(panel, "ready");
    expect(section(panel, "allergies").querySelector("[data-state=known-absent]")).not.toBeNull();
    expect(section(panel, "problems").querySelector("[data-state=known-absent]")).not.toBeNull();
    expect(section(panel, "immunizations").querySelector("[data-state=nothing-recorded]")).not.toBeNull();
  });
});
