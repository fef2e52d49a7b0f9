/** What a walk is made of: one move after another, by random people, in random modes. */
import fc from "fast-check";
import type { RecordName } from "./people.ts";

/** One step of a walk. Numbers choose among what there is when the step comes. */
export type Step =
  | { readonly kind: "deposit"; readonly type: number; readonly flags: number; readonly replaces: number | null }
  | { readonly kind: "read"; readonly reading: number; readonly document: number }
  | { readonly kind: "change"; readonly change: number; readonly document: number }
  | { readonly kind: "declare"; readonly role: number }
  | { readonly kind: "renounce" }
  | { readonly kind: "withhold"; readonly document: number; readonly from: number }
  | { readonly kind: "folder"; readonly documents: readonly number[] }
  | { readonly kind: "work" }
  | { readonly kind: "prefer"; readonly preference: number; readonly value: boolean }
  | { readonly kind: "live"; readonly isByHolder: boolean }
  | { readonly kind: "wait"; readonly days: number };

export type StepOf<Kind extends Step["kind"]> = Extract<Step, { kind: Kind }>;

/** The one that a number of a step means. */
export function pick<T>(from: readonly T[], number: number): T {
  const one = from[number % from.length];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
}

export interface Move {
  readonly record: RecordName;
  readonly person: number;
  readonly mode: number;
  readonly step: Step;
}

const nat = fc.nat({ max: 999 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("deposit" as const),
      type: nat,
      flags: fc.integer({ min: 0, max: 15 }),
      replaces: fc.option(nat, { freq: 4 }),
    }),
  },
  { weight: 14, arbitrary: fc.record({ kind: fc.constant("read" as const), reading: nat, document: nat }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("change" as const), change: nat, document: nat }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("declare" as const), role: nat }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("renounce" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("withhold" as const), document: nat, from: nat }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("folder" as const),
      documents: fc.array(nat, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("work" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("prefer" as const), preference: nat, value: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("live" as const), isByHolder: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 200 }) }) },
);

/** A walk of `length` moves. */
export function walks(length: number): fc.Arbitrary<readonly Move[]> {
  const move = fc.record({
    record: fc.constantFrom<RecordName>("anna", "anna", "leo"),
    person: nat,
    mode: nat,
    step,
  });
  return fc.array(move, { minLength: length, maxLength: length });
}
