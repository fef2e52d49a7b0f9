/** Who may see one document of a record that they may consult. R85, R89, R140 to R152. */
import type { PatientActor, ProfessionalActor, PurposeOfUse } from "./actor.ts";
import type { DocumentFacts, RecordFacts, RuleParameters } from "./facts.ts";
import { isKnownType, type MatrixColumn, mayConsult } from "./matrix.ts";
import { permit, refuse, type Verdict } from "./rule.ts";

const DAY_MS = 86_400_000;

/** R85: written or deposited by this professional in person. */
export function isOwnDocument(actor: ProfessionalActor, document: DocumentFacts): boolean {
  return (
    document.authorIds.includes(actor.rpps) ||
    (document.depositorKind === "professional" && document.depositorId === actor.rpps)
  );
}

/** R148: still hidden until the announcement. It lifts by itself, no job is needed. */
export function isAwaitingAnnouncement(document: DocumentFacts, now: Date, parameters: RuleParameters): boolean {
  if (!document.isInvisibleToPatient) return false;
  return now.getTime() < document.receivedAt.getTime() + parameters.announcementDays * DAY_MS;
}

/** A professional who may consult the record and one document. Not visible is always answered as absent (R89, R145). */
export function visibleToProfessional(
  actor: ProfessionalActor,
  column: MatrixColumn,
  purposeOfUse: PurposeOfUse,
  record: RecordFacts,
  document: DocumentFacts,
): Verdict {
  if (document.status === "entered-in-error") return refuse("R120", "concealed");
  if (isOwnDocument(actor, document)) return permit("R85");
  if (document.isHidden) {
    const isEmergency = purposeOfUse !== "TREAT";
    if (isEmergency && !record.allowsMaskedInEmergency) return refuse("R74", "concealed");
    if (!isEmergency && !record.standing.isReferringDoctor) return refuse("R144", "concealed");
  }
  if (mayConsult(column, document.typeCode)) return permit("R80");
  return refuse(isKnownType(document.typeCode) ? "R80" : "R84", "concealed");
}

export type PatientRelation = "self" | "representative" | "stranger";

/** R78: the holder, a representative in office, or somebody else. */
export function relationOf(actor: PatientActor, record: RecordFacts): PatientRelation {
  const isSame = (one: { system: string; value: string }) =>
    one.system === actor.ins.system && one.value === actor.ins.value;
  if (isSame(record.ins)) return "self";
  return record.representatives.some(isSame) ? "representative" : "stranger";
}

/** The holder or a representative and one document. R78, R148, R152. */
export function visibleToPatient(
  relation: Exclude<PatientRelation, "stranger">,
  document: DocumentFacts,
  now: Date,
  parameters: RuleParameters,
): Verdict {
  if (document.status === "entered-in-error") return refuse("R120", "concealed");
  if (isAwaitingAnnouncement(document, now, parameters)) return refuse("R148", "concealed");
  if (relation === "representative" && document.isInvisibleToRepresentatives) return refuse("R152", "concealed");
  return permit("R78");
}
