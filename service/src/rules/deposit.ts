/** Whether a document may enter the record. R34, R37, R40, R84, R102, R108, R115 to R118, R123. */
import { findDocumentType } from "@carnet/sdk/terminology";
import type { Actor } from "./actor.ts";
import { decide, isOfStructure, type Question } from "./decide.ts";
import type { DocumentFacts } from "./facts.ts";
import { columnOf, isKnownType } from "./matrix.ts";
import { permit, refuse, type Verdict } from "./rule.ts";
import { isOwnDocument, type Labels, relationOf, visibleToProfessional } from "./visibility.ts";

/** What the rules look at in a document that comes in. */
export interface IncomingDocument {
  readonly typeCode: string;
  readonly classCode: string;
  /** Media type of the content itself: of the body, for a CDA that wraps one. */
  readonly contentType: string;
  readonly size: number;
  /** Outcome of the comparison of the identity stated in the document with that of the record; absent: none is stated. */
  readonly identity?: "certain" | "doubtful" | "wrong" | undefined;
}

/** R123. */
const PATIENT_MAX_BYTES = 5 * 1024 * 1024;
const PATIENT_TYPES: ReadonlySet<string> = new Set([
  "application/pdf",
  "text/plain",
  "text/rtf",
  "application/rtf",
  "image/jpeg",
  "image/tiff",
  "image/png",
]);
/** Structured documents that the patient's own application makes (medical profile, vaccinations). R160, R164. */
const PATIENT_STRUCTURED_TYPES: ReadonlySet<string> = new Set(["application/fhir+json", "text/xml", "application/xml"]);

/** May this document be kept? Asked after the shape was admitted, before anything is stored. */
export function decideDeposit(question: Omit<Question, "act" | "document">, document: IncomingDocument): Verdict {
  const access = decide({ ...question, act: "deposit" });
  if (!access.permit) return access;
  // PDT-INF-606: the table of the reinforced indirect mode has neither TD2.1 nor TD2.2. Such software deposits in the name
  // of its structure, with the structure's own credentials.
  if (question.actor.kind === "professional" && question.actor.authentication === "reinforced-indirect")
    return refuse("R201");
  if (question.record.identityStatus !== "qualified") return refuse("R37");
  // A type of the value set that the matrix lacks may be kept: only its author and the patient will read it (R84).
  if (!isKnownType(document.typeCode) && !findDocumentType(document.typeCode)) return refuse("R84");
  if (document.identity === "wrong") return refuse("R40");
  if (question.actor.kind !== "patient") return access;
  if (!isPatientDocument(document)) return refuse("R102");
  const isAccepted = PATIENT_TYPES.has(document.contentType) || PATIENT_STRUCTURED_TYPES.has(document.contentType);
  return isAccepted && document.size <= PATIENT_MAX_BYTES ? permit("R123") : refuse("R123");
}

/** R102. */
export function isPatientDocument({ typeCode, classCode }: Pick<IncomingDocument, "typeCode" | "classCode">): boolean {
  return classCode === "90" || typeCode.startsWith("DOCPAT") || typeCode.startsWith("EXPPAT");
}

/**
 * R117: only a current document, or the last one left of a chain whose newer versions were deleted (R120), by its author
 * or the same structure; a patient's by the patient. A colleague from whom it is hidden must not learn by trying that it is
 * there (R145); no authorisation is needed for it (R57).
 */
export function decideReplacement(question: Omit<Question, "act" | "document">, previous: DocumentFacts): Verdict {
  const { actor, record, now, parameters } = question;
  if (previous.status === "entered-in-error") return refuse("R120", "concealed");
  const seen = seenByReplacing(question, previous);
  if (!seen.permit) return seen;
  if (previous.status !== "current" && previous.isLastLeft !== true) return refuse("R117");
  if (!isByAuthor(actor, previous)) return refuse("R117");
  // A carer may add, and takes the place of nothing that the holder or a representative wrote.
  const isCarer = actor.kind === "patient" && relationOf(actor, record, now, parameters) === "carer";
  return isCarer && previous.depositorId !== actor.ins.value ? refuse("R14") : permit("R117");
}

/**
 * What somebody on the patient's side may ask of who sees a document that they add: what they might change of it once it
 * is there. Nobody hides it from themselves, and a carer manages no sharing. R14, R149, R152.
 */
export function decideLabels(question: Omit<Question, "act" | "document">, labels: Labels): Verdict {
  const { actor, record, now, parameters } = question;
  if (actor.kind !== "patient") return permit("R140");
  const relation = relationOf(actor, record, now, parameters);
  if (labels.isInvisibleToPatient) return refuse("R149");
  if (labels.isInvisibleToRepresentatives && relation !== "self") return refuse("R152");
  return labels.isHidden && relation === "carer" ? refuse("R14") : permit("R140");
}

function seenByReplacing(question: Omit<Question, "act" | "document">, previous: DocumentFacts): Verdict {
  const { actor, purposeOfUse, record, parameters } = question;
  switch (actor.kind) {
    case "professional": {
      if (isOwnDocument(actor, previous)) return permit("R85");
      const column = columnOf(actor);
      if (!column) return refuse("R50", "concealed");
      return visibleToProfessional(actor, column, purposeOfUse, record, previous, parameters);
    }
    case "establishment":
      return permit("R79");
    case "patient":
      return decide({ ...question, act: "read", document: previous });
  }
}

/** Written or deposited by this person or this structure. */
export function isByAuthor(actor: Actor, previous: DocumentFacts): boolean {
  switch (actor.kind) {
    case "professional":
      return (
        isOwnDocument(actor, previous) || (actor.structure !== undefined && isOfStructure(actor.structure.id, previous))
      );
    case "establishment":
      return isOfStructure(actor.structure.id, previous);
    case "patient":
      return previous.authorKind === "patient";
  }
}
