/** Whose record the panel shows: one name never stands over the facts of another. */
import type { Bundle, FhirResource } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import { describe, expect, it } from "vitest";
import { insAttribute, marcel, odile, summaryBundle, type TestPerson } from "../testing/fixtures.ts";
import { find, reached, section, summaryElement, textOf, until } from "../testing/mount.ts";
import { startService } from "../testing/record-server.ts";

const traitsOf = ({ family, given, birthDate, ins }: TestPerson, withIns = true) => ({
  birthName: family,
  birthGivenNames: [given],
  birthDate,
  ...(withIns ? { ins: { system: identifierSystem.insTest, value: ins } } : {}),
});

const both = () =>
  startService([odile, marcel].map((person) => ({ person, authorisation: "valid" as const, documents: [] })));
const strip = (panel: HTMLElement) => textOf(find(panel, "[part=identity]"));

/** The summary of `person`, and one more Patient entry before all others. */
function withAnother(person: TestPerson, another: TestPerson, facts: readonly object[] = []): Bundle {
  const patient = {
    resourceType: "Patient",
    id: "another",
    name: [{ use: "official", family: another.family }],
    identifier: [{ system: identifierSystem.insTest, value: another.ins }],
  };
  const summary = summaryBundle(person);
  const entry = [patient, ...facts].map((resource) => ({ resource: resource as FhirResource }));
  return { ...summary, entry: [...entry, ...(summary.entry ?? [])] };
}

describe("<carnet-summary>, whose record", () => {
  it("the host's words about one person are not shown over the record of another", async () => {
    const panel = summaryElement({ client: both().client(), ins: insAttribute(marcel), patient: traitsOf(odile) });
    await reached(panel, "ready");
    expect(strip(panel)).toContain("FICTIF");
    expect(strip(panel)).not.toContain("TESTARD");
  });

  it("nor over the Bundle of another", async () => {
    const panel = summaryElement({ bundle: summaryBundle(marcel), patient: traitsOf(odile) });
    await reached(panel, "ready");
    expect(strip(panel)).toContain("FICTIF");
    expect(strip(panel)).not.toContain("TESTARD");
  });

  it("nor when the host changes the patient and leaves its words of the former one", async () => {
    const panel = summaryElement({
      client: both().client(),
      ins: insAttribute(odile),
      patient: traitsOf(odile, false),
    });
    await reached(panel, "ready");
    expect(strip(panel)).toContain("TESTARD");
    panel.ins = insAttribute(marcel);
    await panel.updateComplete;
    expect(strip(panel)).not.toContain("TESTARD");
    await until(() => strip(panel).includes("FICTIF"), "the new patient's own name");
    panel.patient = traitsOf(marcel, false);
    await panel.updateComplete;
    expect(strip(panel)).toContain("FICTIF");
    panel.bundle = summaryBundle(odile);
    await until(() => strip(panel).includes("TESTARD"), "the Bundle's name");
    expect(strip(panel)).not.toContain("FICTIF");
  });

  it("a summary whose subject is another is refused, even when the patient is in it first", async () => {
    const service = startService([
      { person: odile, authorisation: "valid", documents: [], summary: withAnother(marcel, odile) },
    ]);
    const panel = summaryElement({ client: service.client(), ins: insAttribute(odile) });
    await reached(panel, "error");
    expect(textOf(panel)).toContain("La réponse ne concerne pas ce patient");
    expect(textOf(panel)).not.toContain("Pénicilline");
  });

  it("a fact about another person of the Bundle is told by its owner's name alone", async () => {
    const iodine = {
      resourceType: "AllergyIntolerance",
      patient: { reference: "Patient/another" },
      code: { text: "Iode" },
    };
    const panel = summaryElement({ bundle: withAnother(odile, marcel, [iodine]) });
    await reached(panel, "ready");
    expect(strip(panel)).toContain("TESTARD");
    expect(textOf(panel)).not.toContain("Iode");
    expect(textOf(section(panel, "others"))).toContain("Concerne : FICTIF");
  });
});
