/** Who may see one document of a record that they may consult. R85, R89, R140 to R152. */
import type { PatientActor, ProfessionalActor, PurposeOfUse } from "./actor.ts";
import type { DocumentFacts, RecordFacts, RepresentativeKind, RuleParameters } from "./facts.ts";
import { isMinor } from "./lifecycle.ts";
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
export function isAwaitingAnnouncement(
  document: Pick<DocumentFacts, "isInvisibleToPatient" | "receivedAt" | "patientSeesFrom">,
  now: Date,
  parameters: Pick<RuleParameters, "announcementDays">,
): boolean {
  return document.isInvisibleToPatient && now < announcedBy(document, parameters);
}

/** When a document shows to the patient by itself: after the usual delay, or sooner where its own is shorter. R148. */
export function announcedBy(
  document: Pick<DocumentFacts, "receivedAt" | "patientSeesFrom">,
  { announcementDays }: Pick<RuleParameters, "announcementDays">,
): Date {
  const latest = new Date(document.receivedAt.getTime() + announcementDays * DAY_MS);
  const own = document.patientSeesFrom;
  return own !== null && own < latest ? own : latest;
}

/** Withheld by the patient from this professional, or from the structure in which they act now. */
export function isWithheldFrom(actor: ProfessionalActor, { withheldFrom }: DocumentFacts): boolean {
  if (withheldFrom.length === 0) return false;
  return (
    withheldFrom.includes(actor.rpps) || (actor.structure !== undefined && withheldFrom.includes(actor.structure.id))
  );
}

/** A professional who may consult the record and one document. Not visible is always answered as absent (R89, R145). */
export function visibleToProfessional(
  actor: ProfessionalActor,
  column: MatrixColumn,
  purposeOfUse: PurposeOfUse,
  record: RecordFacts,
  document: DocumentFacts,
  parameters: RuleParameters,
): Verdict {
  if (document.status === "entered-in-error") return refuse("R120", "concealed");
  const isEmergency = purposeOfUse !== "TREAT";
  // A promise that the patient can be told in one sentence: it has no exception, not even for the author.
  if (isEmergency && document.isNeverInEmergency) return refuse("R74", "concealed");
  const isOwn = isOwnDocument(actor, document);
  if (isOwn && !parameters.matrixLimitsAuthors) return permit("R85");
  if (!isOwn && isWithheldFrom(actor, document)) return refuse("R144", "concealed");
  if (document.isHidden && !isOwn) {
    if (isEmergency && !record.allowsMaskedInEmergency) return refuse("R74", "concealed");
    if (!isEmergency && !record.standing.isReferringDoctor) return refuse("R144", "concealed");
  }
  if (isEmergency && !parameters.matrixHoldsInEmergency) return permit("R86");
  if (mayConsult(column, document.typeCode)) return permit("R80");
  return refuse(isKnownType(document.typeCode) ? "R80" : "R84", "concealed");
}

/**
 * What somebody who signs in as a patient is to a record. A curator assists and does not represent: they read as a carer
 * does (R13). `heir`: reads the record of the dead (R22).
 */
export type PatientRelation = "self" | "representative" | "carer" | "heir" | "stranger";

/**
 * R9, R13: who acts in the person's place, and is told what they are told. Not a curator, who assists and reads (R1111-40
 * names those in charge of a representation); nor the parents of somebody who came of age.
 */
export function represents(kind: RepresentativeKind, isOfMinor: boolean): boolean {
  switch (kind) {
    case "tutor":
    case "mandatary":
      return true;
    case "parent":
      return isOfMinor;
    case "curator":
    case "heir":
      return false;
  }
}

/** R10, R13: a minor has one by law; an adult when the record names one in office, or a curator, who reads beside them. */
export function hasRepresentative(
  { birthDate, representatives }: RecordFacts,
  now: Date,
  { majorityAge }: Pick<RuleParameters, "majorityAge">,
): boolean {
  const isOfMinor = isMinor(birthDate, majorityAge, now);
  return isOfMinor || representatives.some(({ kind }) => kind === "curator" || represents(kind, isOfMinor));
}

/**
 * R78: the holder, a representative in office, a carer, or somebody else. Coming of age ends the representation by the
 * parents by itself (R9); a death ends every relation but that of heirs (R22).
 */
export function relationOf(
  actor: PatientActor,
  record: RecordFacts,
  now: Date,
  parameters: Pick<RuleParameters, "majorityAge" | "allowsHeirs">,
): PatientRelation {
  const isSame = (one: { system: string; value: string }) =>
    one.system === actor.ins.system && one.value === actor.ins.value;
  if (isSame(record.ins)) return "self";
  const mine = record.representatives.filter(isSame);
  if (record.isDeceased) {
    return parameters.allowsHeirs && mine.some(({ kind }) => kind === "heir") ? "heir" : "stranger";
  }
  const isOfMinor = isMinor(record.birthDate, parameters.majorityAge, now);
  if (mine.some(({ kind }) => represents(kind, isOfMinor))) return "representative";
  const assists = mine.some(({ kind }) => kind === "curator") || record.carers.some(isSame);
  return assists ? "carer" : "stranger";
}

/** The holder or somebody who acts for or beside them, and one document. R78, R148, R152. */
export function visibleToPatient(
  relation: Exclude<PatientRelation, "stranger">,
  document: DocumentFacts,
  now: Date,
  parameters: RuleParameters,
): Verdict {
  if (document.status === "entered-in-error") return refuse("R120", "concealed");
  if (isAwaitingAnnouncement(document, now, parameters)) return refuse("R148", "concealed");
  if (relation !== "self" && document.isInvisibleToRepresentatives) return refuse("R152", "concealed");
  return permit("R78");
}

/** The labels of a document that say who does not see it. R140. */
export type Labels = Pick<DocumentFacts, "isHidden" | "isInvisibleToPatient" | "isInvisibleToRepresentatives">;

/** A month, the longest that a document may be readable to its author alone. R141. */
const LONGEST_ALONE_DAYS = 31;

/**
 * R141: labels add up, unless that leaves the author alone to read the document for more than a month. Where the holder
 * is a minor, who has no access of their own (R9), the representatives are the ones who read.
 */
export function mayCombine(
  labels: Labels,
  { isHolderMinor }: { readonly isHolderMinor: boolean },
  parameters: Pick<RuleParameters, "cumulation" | "announcementDays">,
): boolean {
  if (!labels.isHidden) return true;
  switch (parameters.cumulation) {
    case "always":
      return true;
    case "never":
      return !labels.isInvisibleToPatient && !labels.isInvisibleToRepresentatives;
    case "bounded": {
      if (isHolderMinor && labels.isInvisibleToRepresentatives) return false;
      return !labels.isInvisibleToPatient || parameters.announcementDays <= LONGEST_ALONE_DAYS;
    }
  }
}
