import { writeFileSync } from "node:fs";
import { it } from "vitest";
import { Calendar } from "../../../../../demo/src/seed/calendar.ts";
import { fhirDocument } from "../../../../../demo/src/seed/fhir-document.ts";
import { histories } from "../../../../../demo/src/seed/histories.ts";
import { cdaToFhir, readCdaHeader } from "../../read/index.ts";
import { fhirToCda } from "./fhir-to-cda.ts";

it("demo", () => {
  const all = histories(new Calendar(new Date("2026-11-22T08:00:00Z")));
  let n = 0;
  const by: Record<string, number> = {};
  let bad = 0;
  let ms = 0;
  for (const h of all)
    for (const d of h.documents) {
      if (d.kind === "letter") continue;
      const b = fhirDocument(d);
      try {
        const t = performance.now();
        const xml = fhirToCda(b);
        ms += performance.now() - t;
        n++;
        readCdaHeader(xml);
        const back = cdaToFhir(xml);
        const count = (x: any) => {
          const c: Record<string, number> = {};
          for (const e of x.entry) c[e.resource.resourceType] = (c[e.resource.resourceType] ?? 0) + 1;
          return c;
        };
        const a = count(b),
          z = count(back);
        for (const k of [
          "Condition",
          "AllergyIntolerance",
          "MedicationStatement",
          "MedicationRequest",
          "Immunization",
          "Observation",
          "Procedure",
          "FamilyMemberHistory",
        ])
          if ((a[k] ?? 0) !== (z[k] ?? 0)) console.log(d.type, d.key, k, a[k], z[k]);
        const dis = JSON.stringify(back).match(/extension[^}]*disagreement[^}]*}/g) ?? [];
        if (dis.length) {
          console.log(d.type, d.key, dis.slice(0, 2));
        }
        by[d.type] = (by[d.type] ?? 0) + 1;
        writeFileSync(`/tmp/cw/${d.type}.xml`, xml);
        writeFileSync(`/tmp/cw/${d.type}.json`, JSON.stringify(back, null, 1));
      } catch (e) {
        if (bad++ < 10) console.log(d.type, d.key, String(e), (e as Error).stack?.split("\n").slice(1, 4).join("\n"));
      }
    }
  console.log(n, by, bad, ms);
});
