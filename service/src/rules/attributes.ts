/** Changes of a stored document: hide, show, archive, delete. R119 to R124, R142, R143, R149, R152. */
import type { EstablishmentActor, PatientActor, ProfessionalActor } from "./actor.ts";
import { decide, isOfStructure, letterOf, type Question, rightOf } from "./decide.ts";
import type { DocumentFacts } from "./facts.ts";
import { permit, type Rule, refuse, type Verdict } from "./rule.ts";
import { isOwnDocument, relationOf } from "./visibility.ts";

export type AttributeChange =
  | "hide"
  | "show"
  | "show-to-patient"
  | "hide-from-patient"
  | "show-to-representatives"
  | "hide-from-representatives"
  | "archive"
  | "unarchive"
  | "delete";

export type AttributeQuestion = Omit<Question, "act" | "document"> & {
  readonly change: AttributeChange;
  readonly document: DocumentFacts;
};

const transactionOf = {
  hide: "TD3.3a-mask",
  show: "TD3.3a-unmask",
  "show-to-patient": "TD3.3b-show",
  archive: "TD3.3d-archive",
  unarchive: "TD3.3d-unarchive",
  delete: "TD3.3c-delete",
} as const;

const ruleOf: Readonly<Record<AttributeChange, Rule>> = {
  hide: "R142",
  show: "R143",
  "show-to-patient": "R149",
  "hide-from-patient": "R149",
  "show-to-representatives": "R152",
  "hide-from-representatives": "R152",
  archive: "R119",
  unarchive: "R119",
  delete: "R120",
};

/** What an emergency mode may still change (R75, and the rows of R119 and R120). */
const emergencyChanges: ReadonlySet<AttributeChange> = new Set(["archive", "unarchive", "delete"]);

/** The verdict on one change of one document. A document that the caller may not see is answered as absent. */
export function decideAttribute(question: AttributeQuestion): Verdict {
  // R168: no purpose of an application covers a change of the record's documents.
  if (question.actor.kind === "patient" && question.actor.application) {
    return refuse("R168");
  }
  switch (question.actor.kind) {
    case "professional":
      return byProfessional(question, question.actor);
    case "establishment":
      return byEstablishment(question, question.actor);
    case "patient":
      return byPatient(question, question.actor);
  }
}

function byProfessional(question: AttributeQuestion, actor: ProfessionalActor): Verdict {
  const { change, document, purposeOfUse, record, parameters } = question;
  const rule = ruleOf[change];
  const isOwn = isOwnDocument(actor, document);
  // R57: the author reaches their own documents without an authorisation; any other document must be visible first.
  const visible = decide({ ...question, act: isOwn ? "deposit" : "read" });
  if (!visible.permit) return visible;
  if (document.status === "entered-in-error") return refuse("R120", "concealed");
  if (change === "delete" && record.identityStatus !== "qualified") return refuse("R37");
  if (record.standing.authorisation === "forbidden" && !isOwn) return refuse("R59");

  // The table has one column for the occupational doctor, whatever the mode: the rule speaks before it.
  if (purposeOfUse !== "TREAT" && !emergencyChanges.has(change)) return refuse("R75");

  const letter = letterOf(actor, purposeOfUse, record.standing.isReferringDoctor);
  switch (change) {
    case "hide-from-patient":
      return refuse("R149");
    case "show-to-representatives":
    case "hide-from-representatives":
      return isOwn && parameters.hasMinorManagement ? permit("R152") : refuse("R152");
    default: {
      const right = rightOf(transactionOf[change], letter);
      if (right === undefined) return refuse(purposeOfUse === "TREAT" ? rule : "R75");
      if (right === true) return permit(record.standing.isReferringDoctor ? "R62" : rule);
      // c8: own documents; a patient's document is the referring doctor's to archive or delete (R62, R121).
      if (document.authorKind === "patient" && record.standing.isReferringDoctor) return permit("R62");
      if (isOwn) return permit(rule);
      return refuse(change === "delete" && document.authorKind === "patient" ? "R121" : rule);
    }
  }
}

function byEstablishment(question: AttributeQuestion, actor: EstablishmentActor): Verdict {
  const { change, document } = question;
  const visible = decide({ ...question, act: "reference" });
  if (!visible.permit) return visible;
  if (change !== "delete") return refuse("R150");
  if (question.record.identityStatus !== "qualified") return refuse("R37");
  return isOfStructure(actor.structure.id, document) ? permit("R120") : refuse("R79");
}

function byPatient(question: AttributeQuestion, actor: PatientActor): Verdict {
  const { change, document, record, parameters } = question;
  const visible = decide({ ...question, act: "read" });
  if (!visible.permit) return visible;
  const relation = relationOf(actor, record, question.now, parameters);
  if (relation === "carer") return refuse("R14");
  if (relation === "heir") return refuse("R22");
  if (change === "delete" && record.identityStatus !== "qualified") return refuse("R37");
  const isPatientDocument = document.authorKind === "patient";
  switch (change) {
    case "hide":
      return permit("R142");
    case "show":
      return permit("R143");
    case "archive":
    case "unarchive":
      return isPatientDocument ? permit("R119") : refuse("R119");
    case "delete":
      return isPatientDocument ? permit("R121") : refuse("R122");
    case "show-to-patient":
    case "hide-from-patient":
      return refuse("R149");
    case "show-to-representatives":
    case "hide-from-representatives":
      return relation === "self" && parameters.hasMinorManagement ? permit("R152") : refuse("R152");
  }
}
