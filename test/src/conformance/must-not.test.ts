import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cdaToFhir } from "@carnet/sdk/cda";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../support/machine.ts";
import { judge, type MustNot } from "./must-not.ts";

describe.skipIf(!hasShared())("what the official samples must not be read as (needs ../shared)", () => {
  const folder = join(shared, "cda", "expected");
  const names = hasShared() ? readdirSync(folder).map((file) => file.replace(/\.json$/, "")) : [];

  it.each(names)("%s: every warning is judged, none is hit", (name) => {
    const expected = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as { mustNot?: readonly MustNot[] };
    const bundle = cdaToFhir(readFileSync(join(shared, "cda", "open", `${name}.xml`), "utf8"));
    for (const each of judge(name, bundle, expected.mustNot ?? [])) expect(each).toEqual({ ...each, hits: 0 });
  });

  it("a false answer is seen: an affirmed refusal, a second allergy", () => {
    const allergy = { resource: { resourceType: "AllergyIntolerance" as const, patient: {} } };
    const bundle = { resourceType: "Bundle" as const, type: "document" as const, entry: [allergy, allergy] };
    expect(judge("VSM_1.4_2022.01", bundle, [{ category: "allergies", what: "a second" }])[0]?.hits).toBe(1);
    expect(judge("unknown", bundle, [{ category: "allergies", what: "any" }])[0]?.hits).toBeUndefined();
  });
});
