/**
 * Applications of the catalogue that act for a patient. Consent is given per purpose and withdrawn at once: what no
 * purpose covers is refused, and without a consent in force everything is. R168.
 */
import type { Question } from "./decide.ts";
import { refuse, type Verdict } from "./rule.ts";

/** The purposes that a patient consents to, one by one. */
export const applicationPurposes = ["read-documents", "add-documents", "agenda"] as const;

export type ApplicationPurpose = (typeof applicationPurposes)[number];

const actsOf: Readonly<Record<ApplicationPurpose, readonly Question["act"][]>> = {
  "read-documents": ["search", "reference", "read", "summary"],
  "add-documents": ["deposit"],
  agenda: ["agenda"],
};

/** What any consent covers: an application must find the record it was let into. */
const ALWAYS: ReadonlySet<Question["act"]> = new Set(["status"]);

/** The refusal of what the caller's application may not do; undefined for a person who calls without an application. */
export function refuseApplication({
  act,
  actor,
  record,
}: Pick<Question, "act" | "actor" | "record">): Verdict | undefined {
  if (actor.kind !== "patient" || !actor.application) return undefined;
  const purposes = record.applicationPurposes ?? [];
  if (purposes.length === 0) return refuse("R168");
  if (ALWAYS.has(act)) return undefined;
  return purposes.some((purpose) => actsOf[purpose].includes(act)) ? undefined : refuse("R168");
}
