import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { AdmissionError, admitDocumentReference, admitProvideBundle } from "./index.ts";
import type { Damageable } from "./testing/submission.ts";

const shared = fileURLToPath(new URL("../../../../shared/", import.meta.url));

function refusal(admit: () => unknown): AdmissionError {
  try {
    admit();
  } catch (error) {
    if (error instanceof AdmissionError) return error;
    throw error;
  }
  throw new Error("was admitted");
}

const tools = `${shared}tools/fhir/selftest/`;

describe.skipIf(!existsSync(tools))("the planted faults of the validator's self-test (needs ../shared)", async () => {
  if (!existsSync(tools)) return;
  type Fault = [base: string, name: string, where: RegExp, damage: (resource: Damageable) => void];
  const { faults }: { faults: Fault[] } = await import(pathToFileURL(`${tools}faults.mjs`).href);
  const bases: Record<string, () => Damageable> = await import(pathToFileURL(`${tools}bases.mjs`).href);
  const base = (name: string) => bases[name]?.();

  /** Puts a resource where the service would receive it, and admits the whole. */
  function admit(name: string, resource: Damageable): unknown {
    if (name === "provide") return admitProvideBundle(resource);
    if (name === "simplified") return admitDocumentReference(resource);
    const bundle = base("provide");
    if (name === "docRef") {
      const attachment = resource.content?.[0]?.attachment;
      if (attachment) attachment.url = bundle.entry[1].resource.content[0].attachment.url;
      bundle.entry[1].resource = resource;
    } else if (name === "subset") {
      const item = resource.entry[0].item;
      if (item.reference === "DocumentReference/d1") item.reference = bundle.entry[0].resource.entry[0].item.reference;
      bundle.entry[0].resource = resource;
    } else if (name === "patient") {
      resource.id = resource.id === "p1" ? "src" : resource.id;
      bundle.entry[1].resource.contained[0] = resource;
      if (resource.id !== "src") bundle.entry[1].resource.context.sourcePatientInfo.reference = `#${resource.id}`;
    }
    return admitProvideBundle(bundle);
  }

  const names = ["docRef", "subset", "provide", "simplified", "patient"];
  it.each(names)("admits the right %s", (name) => {
    expect(() => admit(name, base(name))).not.toThrow();
  });

  it.each(faults.filter(([name]) => names.includes(name)))("%s: %s", (name, _, where, damage) => {
    const resource = base(name);
    damage(resource);
    const error = refusal(() => admit(name, resource));
    // A patient stands contained here: its place is written below the document.
    const places = error.issues.map((issue) => issue.expression.replace(/^.*\.contained\[0\]/, "Patient"));
    const expressions = [...places, ...error.issues.map((issue) => issue.expression)];
    expect(
      expressions.some((expression) => where.test(expression)),
      expressions.join(" "),
    ).toBe(true);
  });
});
