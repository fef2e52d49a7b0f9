import fc from "fast-check";
import type { Bundle, FhirResource } from "fhir/r4.js";
import { expect, test } from "vitest";
import { summarise } from "./index.ts";
import {
  allergy,
  clinical,
  codeOf,
  coding,
  condition,
  delivery,
  disagreementsOf,
  letter,
  paracetamol,
  prescription,
  result,
  saidOf,
  statement,
  subject,
} from "./test-support.ts";

/**
 * Records as they grow: documents of several kinds that replace each other, carry versions, are entered in error, and
 * contradict each other. Beside each, a model of a few lines says what its summary must say: no more, no less.
 */
interface Made {
  readonly id: string;
  readonly bundle: Bundle;
  readonly replaces: string | undefined;
  readonly set: { readonly id: string; readonly version: number } | undefined;
  readonly isWithdrawn: boolean;
  readonly facts: readonly FhirResource[];
}

type MakeFact = (id: string) => FhirResource;
const verified = (status: string) => ({
  verificationStatus: {
    coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-ver-status", code: status }],
  },
});
const vaccination =
  (code: string, occurrenceDateTime: string): MakeFact =>
  (id) => ({
    resourceType: "Immunization",
    id,
    status: "completed",
    patient: subject,
    vaccineCode: coding(code, "http://www.whocc.no/atc"),
    occurrenceDateTime,
  });
const days = fc.constantFrom("2025-03-01", "2025-06-01", "2026-01-15");
const products = fc.constantFrom(paracetamol.brand, paracetamol.generic, paracetamol.strong);
const doses = fc.constantFrom("1 le matin", "2 par jour").map((text) => [{ text }]);

const problem: fc.Arbitrary<MakeFact> = fc
  .record({
    code: fc.constantFrom("I10", "E11"),
    status: fc.constantFrom("active", "resolved"),
    standing: fc.constantFrom("confirmed", "confirmed", "refuted", "entered-in-error"),
  })
  .map(
    ({ code, status, standing }) =>
      (id) =>
        condition(id, code, { clinicalStatus: clinical(status), ...verified(standing) }),
  );
const facts = {
  synthesis: fc.oneof(
    problem,
    fc.constantFrom("91936005", "300916003").map(
      (code): MakeFact =>
        (id) =>
          allergy(id, code),
    ),
    fc.record({ product: products, dosage: doses }).map(
      ({ product, dosage }): MakeFact =>
        (id) =>
          statement(id, { medicationCodeableConcept: product, dosage }),
    ),
  ),
  prescription: fc.record({ product: products, day: days, dosageInstruction: doses }).map(
    ({ product, day, dosageInstruction }): MakeFact =>
      (id) =>
        prescription(id, day, { medicationCodeableConcept: product, dosageInstruction }),
  ),
  dispensing: fc.record({ product: products, day: days }).map(
    ({ product, day }): MakeFact =>
      (id) =>
        delivery(id, day, { medicationCodeableConcept: product }),
  ),
  laboratory: fc.record({ value: fc.constantFrom(6, 7), day: days }).map(
    ({ value, day }): MakeFact =>
      (id) =>
        result(id, value, { effectiveDateTime: day }),
  ),
  vaccination: fc
    .record({ code: fc.constantFrom("J07BB02", "J07CA02"), day: days })
    .map(({ code, day }) => vaccination(code, day)),
} as const;
const kinds = [
  { facts: facts.synthesis, section: "11450-4", type: "SYNTH" },
  { facts: facts.prescription, section: "57828-6", type: "57833-6" },
  { facts: facts.dispensing, section: "60590-7", type: "60593-1" },
  // The health insurance tells of the same deliveries.
  { facts: facts.dispensing, section: "60590-7", type: "REMB" },
  { facts: facts.laboratory, section: "18723-7", type: "11502-2" },
  { facts: facts.vaccination, section: "11369-6", type: "87273-9" },
] as const;

interface Kind {
  readonly facts: fc.Arbitrary<MakeFact>;
  readonly section: string;
  readonly type: string;
}

const documentOf = ({ facts: fact, section, type }: Kind) =>
  fc.record({
    facts: fc.array(fact, { maxLength: 3 }),
    section: fc.constant(section),
    type: fc.constant(type),
    month: fc.integer({ min: 1, max: 12 }),
    replaces: fc.option(fc.nat(), { freq: 4, nil: undefined }),
    version: fc.option(fc.record({ set: fc.constantFrom("a", "b"), version: fc.integer({ min: 1, max: 3 }) }), {
      freq: 4,
      nil: undefined,
    }),
    isWithdrawn: fc.nat(9).map((one) => one === 0),
  });

const recordOf = (kind: ReturnType<typeof documentOf>): fc.Arbitrary<readonly Made[]> =>
  fc.array(kind, { maxLength: 9 }).map((documents) =>
    documents.map(({ facts: makers, section, type, month, replaces, version, isWithdrawn }, index): Made => {
      const id = `urn:oid:1.2.${index + 1}`;
      const own = makers.map((make, at) => make(`f${at}`));
      // A new version names an older document, never itself.
      const replaced = replaces === undefined || index === 0 ? undefined : `urn:oid:1.2.${(replaces % index) + 1}`;
      const bundle = letter(id, own, {
        date: `2026-${String(month).padStart(2, "0")}-10T08:00:00Z`,
        section,
        type,
        status: isWithdrawn ? "entered-in-error" : "final",
        ...(replaced ? { replaces: replaced } : {}),
        ...(version ? { setId: version.set, version: version.version } : {}),
      });
      const set = version ? { id: version.set, version: version.version } : undefined;
      return { id, bundle, replaces: replaced, set, isWithdrawn, facts: own };
    }),
  );

const anyRecord = recordOf(fc.oneof(...kinds.map(documentOf)));
/** Where conditions meet: every document is a synthesis. */
const anySyntheses = recordOf(documentOf({ facts: problem, section: "11450-4", type: "SYNTH" }));

/** The documents that count: neither withdrawn, nor replaced, nor of an older version than another of their set. */
function current(record: readonly Made[]): readonly Made[] {
  return record.filter(
    ({ id, set, isWithdrawn }) =>
      !isWithdrawn &&
      !record.some((other) => other.replaces === id) &&
      !record.some((other) => set && other.set?.id === set.id && other.set.version > set.version),
  );
}

const isStanding = (fact: FhirResource) =>
  fact.resourceType !== "Condition" || fact.verificationStatus?.coding?.[0]?.code === "confirmed";
const kindOf = (fact: FhirResource) => (fact.resourceType.startsWith("Medication") ? "medicine" : fact.resourceType);

/** What the summary of a record must say: "this document says that". */
function expected(record: readonly Made[]): readonly string[] {
  const said = current(record).flatMap(({ id, facts: own }) =>
    own.filter(isStanding).map((fact) => `${id} ${kindOf(fact)} ${codeOf(fact)}`),
  );
  return [...new Set(said)].sort();
}

function saidBy(summary: Bundle): readonly string[] {
  const said = (summary.entry ?? []).flatMap(({ resource }) => (resource?.meta?.source ? saidOf(resource) : []));
  return [...new Set(said)].sort();
}

const bundlesOf = (record: readonly Made[]) => record.map(({ bundle }) => bundle);

test("a summary says what the current documents of its record say: no more, no less", () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      expect(saidBy(summarise(bundlesOf(record)))).toEqual(expected(record));
    }),
    { numRuns: 200 },
  );
});

test("taking a document away takes exactly its facts, and gives back those of what it replaced", () => {
  fc.assert(
    fc.property(anyRecord, fc.nat(), (record, which) => {
      const without = record.filter((_, index) => index !== which % Math.max(1, record.length));
      expect(saidBy(summarise(bundlesOf(without)))).toEqual(expected(without));
    }),
    { numRuns: 100 },
  );
});

test("neither the order of documents nor a second copy changes a byte", () => {
  fc.assert(
    fc.property(anyRecord, fc.infiniteStream(fc.nat()), (record, random) => {
      const now = "2026-12-31T00:00:00Z";
      const whole = JSON.stringify(summarise(bundlesOf(record), { now }));
      const shuffled = record
        .map((one) => ({ one, at: random.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      expect(JSON.stringify(summarise(bundlesOf(shuffled), { now }))).toBe(whole);
      expect(JSON.stringify(summarise(bundlesOf([...shuffled, ...record]), { now }))).toBe(whole);
    }),
    { numRuns: 100 },
  );
});

test("a problem that a current document refutes and another states is told with both", () => {
  fc.assert(
    fc.property(anySyntheses, (record) => {
      const alive = current(record);
      const refuters = alive.filter(({ facts: own }) =>
        own.some(
          (fact) => fact.resourceType === "Condition" && fact.verificationStatus?.coding?.[0]?.code === "refuted",
        ),
      );
      for (const { resource } of summarise(bundlesOf(record)).entry ?? []) {
        if (resource?.resourceType !== "Condition" || !resource.meta?.source) continue;
        const told = disagreementsOf(resource).join("\n");
        for (const { id, facts: own } of refuters) {
          const isMeant = own.some(
            (fact) =>
              fact.resourceType === "Condition" &&
              fact.verificationStatus?.coding?.[0]?.code === "refuted" &&
              codeOf(fact) === codeOf(resource),
          );
          if (isMeant) expect(told).toContain(`${id} (`);
        }
      }
    }),
    { numRuns: 100 },
  );
});
