import fc from "fast-check";
import type { Bundle, FhirResource } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { summarise, summariseInSteps } from "./index.ts";
import {
  allergy,
  clinical,
  codeOf,
  condition,
  delivery,
  letter,
  longRecord,
  paracetamol,
  prescription,
  result,
  saidOf,
  statement,
} from "./test-support.ts";

/** Small worlds where facts meet: few codes, few dates, few documents. */
const anyFact = fc.oneof(
  fc
    .record({
      code: fc.constantFrom("I10", "E11", "J45"),
      status: fc.constantFrom("active", "resolved"),
      onset: fc.constantFrom(undefined, "2015", "2015-03"),
    })
    .map(
      ({ code, status, onset }) =>
        (id: string) =>
          condition(id, code, { clinicalStatus: clinical(status), ...(onset ? { onsetDateTime: onset } : {}) }),
    ),
  fc.record({ value: fc.constantFrom(6, 7), day: fc.constantFrom("2026-01-01", "2026-01-02") }).map(
    ({ value, day }) =>
      (id: string) =>
        result(id, value, { effectiveDateTime: day }),
  ),
  fc.constantFrom("Asthme", "asthme", "HTA").map((text) => (id: string) => condition(id, "", { code: { text } })),
  fc.constantFrom("91936005", "300916003").map((code) => (id: string) => allergy(id, code)),
  fc
    .record({
      make: fc.constantFrom(
        (id: string, rest: object) => statement(id, rest),
        (id: string, rest: object) => prescription(id, "2026-01-01", rest),
        (id: string, rest: object) => prescription(id, "2025-01-01", rest),
        (id: string, rest: object) => delivery(id, "2026-01-02", rest),
      ),
      product: fc.constantFrom(paracetamol.brand, paracetamol.generic, paracetamol.strong),
      isStopped: fc.boolean(),
    })
    .map(
      ({ make, product, isStopped }) =>
        (id: string): FhirResource =>
          make(id, { medicationCodeableConcept: product, ...(isStopped ? { status: "stopped" } : {}) }),
    ),
);
const anyDocuments = fc
  .array(fc.record({ facts: fc.array(anyFact, { maxLength: 4 }), year: fc.integer({ min: 2018, max: 2026 }) }), {
    maxLength: 6,
  })
  .map((documents) =>
    documents.map(({ facts, year }, index) =>
      letter(
        `urn:oid:1.2.${index + 1}`,
        facts.map((make, at) => make(`f${at}`)),
        { date: `${year}-01-01T00:00:00Z` },
      ),
    ),
  );
const tellings = (bundles: readonly Bundle[]) =>
  bundles.flatMap((bundle) =>
    (bundle.entry ?? []).flatMap(({ resource }) =>
      resource && /^(Condition|Observation|AllergyIntolerance|Medication.+)$/.test(resource.resourceType)
        ? [{ source: bundle.identifier?.value ?? "", resource }]
        : [],
    ),
  );
test("composed in steps, a summary is the same, and others get their turn", async () => {
  const documents = longRecord(600);
  let turns = 0;
  const summary = await summariseInSteps(documents, {}, async () => {
    turns++;
  });
  expect(JSON.stringify(summary)).toBe(JSON.stringify(summarise(documents)));
  expect(turns).toBeGreaterThan(4);
  const stopped = summariseInSteps(documents, {}, () => Promise.reject(new Error("aborted")));
  await expect(stopped).rejects.toThrow("aborted");
});

describe("properties", () => {
  test("nor does it where clocks write one second in several zones, with and without its parts", () => {
    const written = [
      "T23:30:00Z",
      "T23:30:00.500Z",
      "T23:30Z",
      "T22:30:00-01:00",
      "T22:30:00.500-01:00",
      "T22:30-01:00",
    ];
    // Their ids stand in another order than their instants.
    const documents = fc
      .shuffledSubarray(written, { minLength: written.length })
      .map((instants) =>
        instants.map((instant, index) =>
          letter(`urn:oid:1.2.${index + 1}`, [condition("f", "I10")], { date: `2025-12-31${instant}` }),
        ),
      );
    fc.assert(
      fc.property(documents, (list) => {
        const expected = JSON.stringify(summarise(list));
        for (let turn = 1; turn < list.length; turn++)
          expect(JSON.stringify(summarise([...list.slice(turn), ...list.slice(0, turn)]))).toBe(expected);
        expect(JSON.stringify(summarise([...list].reverse()))).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });

  test("the order of documents and a second copy change nothing", () => {
    fc.assert(
      fc.property(anyDocuments, fc.infiniteStream(fc.nat()), (documents, random) => {
        const shuffled = documents
          .map((document) => ({ document, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ document }) => document);
        for (const options of [{}, { valuesPerAnalyte: 1, pastTreatments: 1 }]) {
          const expected = JSON.stringify(summarise(documents, options));
          expect(JSON.stringify(summarise(shuffled, options))).toBe(expected);
          expect(JSON.stringify(summarise([...shuffled, ...documents], options))).toBe(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("every fact of every document stands in the summary, under its own code, with its document as a source", () => {
    fc.assert(
      fc.property(anyDocuments, (documents) => {
        const output = new Set(
          (summarise(documents).entry ?? []).flatMap(({ resource }) => (resource ? saidOf(resource) : [])),
        );
        for (const { source, resource } of tellings(documents)) {
          const kind = resource.resourceType.startsWith("Medication") ? "medicine" : resource.resourceType;
          expect(output).toContain(`${source} ${kind} ${codeOf(resource)}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("nothing is added: each entry's document does state it, and removing a document removes its name", () => {
    fc.assert(
      fc.property(anyDocuments, fc.nat(), (documents, which) => {
        const stated = new Set(
          tellings(documents).flatMap(({ source, resource }) => {
            const kind = resource.resourceType.startsWith("Medication") ? "medicine" : resource.resourceType;
            return `${source} ${kind} ${codeOf(resource)}`;
          }),
        );
        for (const { resource } of summarise(documents).entry ?? []) {
          if (!resource?.meta?.source) continue;
          for (const said of saidOf(resource)) expect(stated).toContain(said);
        }
        const removed = documents[which % Math.max(1, documents.length)];
        const without = summarise(documents.filter((one) => one !== removed));
        if (removed) expect(JSON.stringify(without)).not.toContain(`"${removed.identifier?.value}"`);
      }),
      { numRuns: 60 },
    );
  });
});
