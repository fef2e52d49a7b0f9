/** The patient that a document or a lot names: by INS, or by the record's own id. Source: wire.md (`subject`). */

import { isInsSystem } from "@carnet/sdk/identity";
import type { Report } from "./issue.ts";
import { isObject } from "./json.ts";
import { checkIns } from "./people.ts";
import { type BusinessIdentifier, identifierOfSearch, readReference } from "./reference.ts";

export interface PatientReference {
  /** INS, when the reference states one (logical identifier or `Patient?identifier=…`). */
  readonly ins?: BusinessIdentifier;
  /** Record id, when the reference is `Patient/[id]`. */
  readonly id?: string;
}

/** Reads a subject whose shape was checked. @returns undefined when it names no patient. */
export function readSubject(subject: unknown, expression: string, report: Report): PatientReference | undefined {
  if (!isObject(subject)) return undefined;
  const target = typeof subject.reference === "string" ? readReference(subject.reference) : undefined;
  const logical = isObject(subject.identifier) ? subject.identifier : undefined;
  const isSearch = target?.kind === "search" && target.type === "Patient";
  const searched = isSearch ? identifierOfSearch(target.query) : undefined;
  const stated =
    logical && typeof logical.system === "string" && typeof logical.value === "string"
      ? { system: logical.system, value: logical.value }
      : undefined;
  const place = stated ? `${expression}.identifier.value` : `${expression}.reference`;
  const ins = stated ?? searched;
  if (ins && !isInsSystem(ins.system)) {
    report.refuse("value", place, "Un INS est attendu (R30, R31).", "An INS is expected (R30, R31).");
    return undefined;
  }
  if (ins) checkIns(ins.system, ins.value, true, place, report);
  if (stated && searched && stated.value !== searched.value) {
    report.refuse("invariant", expression, "Deux patients différents.", "Two different patients.");
  }
  const id = target?.kind === "resource" && target.type === "Patient" ? target.id : undefined;
  if (!ins && id === undefined) {
    const fr = "Le patient se nomme par son INS ou par Patient/[id].";
    report.refuse("value", expression, fr, "Name the patient by INS or by Patient/[id].");
    return undefined;
  }
  return { ...(ins && { ins }), ...(id !== undefined && { id }) };
}

/** Do two references surely name different patients? */
export function isOtherPatient(one: PatientReference, other: PatientReference): boolean {
  if (one.ins && other.ins) return one.ins.system !== other.ins.system || one.ins.value !== other.ins.value;
  return one.id !== undefined && other.id !== undefined && one.id !== other.id;
}
