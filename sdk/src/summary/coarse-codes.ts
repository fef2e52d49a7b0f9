import type { Coding } from "fhir/r4.js";
import * as codeSystem from "../fhir/code-systems.ts";
import { atcCode } from "./safety/codes.ts";

/** ATC numbers single substances up to 19; what follows names combinations, which share a code. */
const FIRST_COMBINATION = 20;

/**
 * A code that says of which kind a thing is, not which one: the penicillins, an analgesic that is not tolerated, "other"
 * diseases of an organ. Two facts that share it are one only in the same words.
 */
export function isCoarse(kind: string, coding: Coding): boolean {
  const atc = atcCode(coding);
  if (atc !== undefined) {
    return atc.length < 7 || (kind !== "Immunization" && Number(atc.slice(5)) >= FIRST_COMBINATION);
  }
  // Classifications of diseases have no allergens: Z88.6 is any analgesic.
  if (kind === "AllergyIntolerance") return coding.system !== codeSystem.snomed && isOfDiseases(coding.code ?? "");
  return isResidual(coding.code ?? "");
}

/** ICD-10, ICD-11, ICPC-2. */
const isOfDiseases = (code: string) => /^([A-Z]\d\d(\.?\w{1,4})?|\d[A-Z]\d\w(\.\w{1,2})?)$/.test(code);

/** "Other specified": .8 of ICD-10, 99 of ICPC-2. */
const isResidual = (code: string) => /^[A-Z](\d\d\.?8\w?|99)$/.test(code);
