import { findIdentities } from "@carnet/sdk/identity";
import { describe, expect, it } from "vitest";
import { chooseRecord, type Evidence, judge } from "./judge.ts";
import { type IdentityPair, identityPairs } from "./testing/identity-pairs.ts";

/**
 * What the panel does with this document in front of this record: the tool's page shows the record's patient (the
 * hazard is a page that stayed on somebody else), the document says what it says.
 */
function outcomeOf({ text, record }: IdentityPair): "sent" | "asked" | "refused" {
  const evidence: Evidence = {
    document: findIdentities(text).map(({ traits }) => traits),
    page: [record],
    typed: undefined,
  };
  const choice = chooseRecord(evidence);
  if (choice.kind === "refused") return "refused";
  const { verdict } = judge(evidence, record);
  return { certain: "sent", doubtful: "asked", wrong: "refused" }[verdict] as "sent" | "asked" | "refused";
}

const outcomes = identityPairs.map((pair) => ({ ...pair, outcome: outcomeOf(pair) }));
const rulesOf = (found: readonly IdentityPair[]) =>
  found.map(({ rule, record }) => `${rule}: ${record.birthName} ${record.firstGivenName}`);

describe("the wrong-patient set", () => {
  const same = outcomes.filter(({ isSamePerson }) => isSamePerson);
  const others = outcomes.filter(({ isSamePerson }) => !isSamePerson);

  it("has at least 400 pairs, of both kinds", () => {
    expect(identityPairs.length).toBeGreaterThanOrEqual(400);
    expect(Math.min(same.length, others.length)).toBeGreaterThanOrEqual(200);
  });

  it("R40 sends no document of somebody else without asking", () => {
    expect(rulesOf(others.filter(({ outcome }) => outcome === "sent"))).toEqual([]);
  });

  it("R40 refuses at most 2 % of the documents of the right person", () => {
    const refused = same.filter(({ outcome }) => outcome === "refused");
    expect(refused.length / same.length, rulesOf(refused).join("\n")).toBeLessThanOrEqual(0.02);
  });

  it("R40 refuses outright, without a question, at least four in five of the documents of somebody else", () => {
    const asked = others.filter(({ outcome }) => outcome === "asked");
    expect(asked.length / others.length, rulesOf(asked).join("\n")).toBeLessThanOrEqual(0.2);
  });

  it("R40 asks nothing for most documents that name the right person in full", () => {
    const full = same.filter(({ rule }) => /form|letter|capitals|accents|separators|date$|given name only/.test(rule));
    const asked = full.filter(({ outcome }) => outcome !== "sent");
    expect(asked.length / full.length, rulesOf(asked).join("\n")).toBeLessThanOrEqual(0.25);
  });
});
