/**
 * The one place that says who may do what. Five conditions, all required to consult: an authenticated actor, an open
 * record, a valid authorisation or an emergency mode, a mark of the matrix, a document that is not hidden.
 * Pure: inputs in, verdict with its rule number out; time is an argument.
 */

import type { Actor, EstablishmentActor, PatientActor, ProfessionalActor, PurposeOfUse } from "./actor.ts";
import { refuseApplication } from "./application.ts";
import type { DocumentFacts, RecordFacts, RuleParameters } from "./facts.ts";
import { type ActorLetter, type Condition, functionalRights } from "./generated/functional-rights.ts";
import { isMinor } from "./lifecycle.ts";
import { barredFromAll, decideManagement, isManagement, type ManagementAct, notOpen } from "./management.ts";
import { columnOf, isDoctor, isOccupationalDoctor } from "./matrix.ts";
import { decidePersonal, isPersonal, type PersonalAct } from "./personal.ts";
import { permit, type Rule, refuse, type Verdict } from "./rule.ts";
import { relationOf, visibleToPatient, visibleToProfessional } from "./visibility.ts";

/**
 * What is asked. `status` TD0.2, `declare`/`renounce` TD0.3, `list-authorisations` TD1.6, `deposit` TD2, `search`
 * TD3.1a (and lots), `reference` TD3.1b, `read` TD3.2 and one document's metadata, `summary`, `block` R59,
 * `trace` R181, `preferences` R73 and R146, `restrict` one document (beyond the DMP). Changes of attributes have their own
 * function (attributes.ts), and so has what is done to the record itself (management.ts).
 */
export type Act =
  | ManagementAct
  | "status"
  | "declare"
  | "renounce"
  | "list-authorisations"
  | "block"
  | "deposit"
  | "search"
  | "reference"
  | "read"
  | "summary"
  | "trace"
  | "preferences"
  | "restrict"
  | PersonalAct;

export interface Question {
  readonly act: Act;
  readonly actor: Actor;
  readonly purposeOfUse: PurposeOfUse;
  /** Justification of a break-glass. */
  readonly reason?: string | undefined;
  /** R12: the minor keeps this act from the legal representatives (connexion secrète). */
  readonly isSecret?: boolean | undefined;
  readonly record: RecordFacts;
  /** Asked of one document; absent: may the caller act in the record at all? */
  readonly document?: DocumentFacts | undefined;
  readonly now: Date;
  readonly parameters: RuleParameters;
}

/** The verdict on one act. */
export function decide(question: Question): Verdict {
  const barred = barredFromAll(question) ?? refuseApplication(question);
  if (barred) return barred;
  const { act } = question;
  if (isManagement(act)) return decideManagement({ ...question, act });
  if (isPersonal(act)) return decidePersonal({ ...question, act });
  switch (question.actor.kind) {
    case "professional":
      return decideProfessional(question, question.actor);
    case "establishment":
      return decideEstablishment(question, question.actor);
    case "patient":
      return decidePatient(question, question.actor);
  }
}

/**
 * The rule that keeps this caller from ever consulting, whatever the patient agrees to: a secretary (R79), an occupational
 * doctor (R65), a profession without a column (R50). Undefined for everybody else.
 */
export function neverConsults(question: Omit<Question, "act" | "document">): Rule | undefined {
  if (question.actor.kind === "patient") return undefined;
  const standing = { authorisation: "valid", isReferringDoctor: false } as const;
  const record = { ...question.record, state: "open" as const, standing };
  const verdict = decide({ ...question, purposeOfUse: "TREAT", act: "search", record });
  return verdict.permit ? undefined : verdict.rule;
}

/**
 * TD0.4: may this caller list the people who agreed? A structure lists its own (condition c2 of the functional rights); an
 * occupational doctor gets a list of those who agreed, and reads none of their documents (R65).
 */
export function mayListPatients(actor: Actor, purposeOfUse: PurposeOfUse): Verdict {
  if (actor.kind === "patient") return refuse("R78");
  if (actor.kind === "establishment") return permit("R58");
  return rightOf("TD0.4", letterOf(actor, purposeOfUse, false)) === true ? permit("R60") : refuse("R60");
}

/** Transaction of the functional rights (PDT-INF-526) behind each act. */
const transactionOf = {
  status: "TD0.2",
  declare: "TD0.3-declare",
  renounce: "TD0.3-remove-own",
  "list-authorisations": "TD1.6",
  block: "TD1.6",
  deposit: "TD2.1",
  search: "TD3.1-metadata",
  reference: "TD3.1-reference",
  read: "TD3.2-normal",
  summary: "TD3.2-normal",
  trace: "TD1.3a",
} as const satisfies Readonly<
  Record<Exclude<Act, ManagementAct | "preferences" | "restrict" | PersonalAct>, keyof typeof functionalRights>
>;

const CONSULTING: ReadonlySet<Act> = new Set(["search", "reference", "read", "summary"]);

/** Line of the functional rights that a professional falls in. */
export function letterOf(
  actor: ProfessionalActor,
  purposeOfUse: PurposeOfUse,
  isReferringDoctor: boolean,
): ActorLetter {
  if (isOccupationalDoctor(actor)) return "G";
  if (!isDoctor(actor)) return purposeOfUse === "TREAT" ? "A" : purposeOfUse === "ETREAT" ? "B" : "C";
  if (purposeOfUse === "ETREAT") return "E";
  if (isReferringDoctor) return purposeOfUse === "TREAT" ? "H" : "I";
  return purposeOfUse === "TREAT" ? "D" : "F";
}

/** The cell of the functional rights: refused, allowed, or allowed under a condition. */
export function rightOf(transaction: keyof typeof functionalRights, letter: ActorLetter): true | Condition | undefined {
  const cells: Readonly<Partial<Record<ActorLetter, true | Condition>>> = functionalRights[transaction];
  return cells[letter];
}

function decideProfessional(question: Question, actor: ProfessionalActor): Verdict {
  const { act, purposeOfUse, record, document } = question;
  if (act === "status") return permit("R57");
  const gone = notOpen(record);
  if (gone) return gone;
  const mode = checkMode(question, actor);
  if (mode) return mode;

  const isBlocked = record.standing.authorisation === "forbidden";
  const letter = letterOf(actor, purposeOfUse, record.standing.isReferringDoctor);
  if (act === "deposit") return rightOf("TD2.1", letter) ? permit("R57") : refuse("R108");
  if (isBlocked && (purposeOfUse === "TREAT" || !question.parameters.blockedMayBreakGlass))
    return refuse(purposeOfUse === "TREAT" ? "R59" : "R77");
  if (act === "preferences" || act === "restrict") return refuse("R146");
  if (act === "trace") return permit("R181");
  if (act === "block")
    return record.standing.isReferringDoctor && purposeOfUse === "TREAT" ? permit("R62") : refuse("R62");
  if (isOccupationalDoctor(actor) && (CONSULTING.has(act) || act === "declare" || act === "renounce"))
    return refuse("R65");
  if (isManagement(act)) return refuse("R201");
  if (!isPersonal(act) && !rightOf(transactionOf[act], letter))
    return refuse(purposeOfUse === "TREAT" ? "R201" : "R75");
  if (!CONSULTING.has(act)) return permit("R51");

  const column = columnOf(actor);
  if (!column) return refuse("R50");
  const lacking = checkAuthorisation(question);
  if (lacking) return lacking;
  if (document) return visibleToProfessional(actor, column, purposeOfUse, record, document, question.parameters);
  return permit(purposeOfUse === "BTG" ? "R71" : purposeOfUse === "ETREAT" ? "R72" : "R51");
}

/** The emergency modes and their conditions. R71 to R73. */
function checkMode({ purposeOfUse, reason, record }: Question, actor: ProfessionalActor): Verdict | undefined {
  switch (purposeOfUse) {
    case "TREAT":
      return undefined;
    case "BTG":
      // Blanks that Unicode does not call so are no justification either, be they letters to it (U+3164).
      if (!/(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}]/u.test(reason ?? "")) return refuse("R71");
      return record.allowsBreakGlass ? undefined : refuse("R73");
    case "ETREAT":
      if (actor.dispatchCentre !== true) return refuse("R72");
      return record.allowsDispatch ? undefined : refuse("R73");
  }
}

function checkAuthorisation({ purposeOfUse, record }: Question): Verdict | undefined {
  if (purposeOfUse !== "TREAT") return undefined;
  switch (record.standing.authorisation) {
    case "valid":
      return undefined;
    case "none":
      return refuse("R51");
    case "expired":
      return refuse("R56");
    case "forbidden":
      return refuse("R59");
  }
}

/** A structure deposits, finds again and deletes its own documents; it consults nothing. R58, R79. */
function decideEstablishment({ act, record, document }: Question, actor: EstablishmentActor): Verdict {
  if (act === "status") return permit("R57");
  const gone = notOpen(record);
  if (gone) return gone;
  if (act === "deposit") return permit("R108");
  if (act === "trace") return permit("R181");
  // Of its own structure only: whoever grants checks the subject.
  if (act === "declare") return permit("R58");
  if (act === "preferences" || act === "restrict") return refuse("R146");
  if (act !== "reference") return refuse("R79");
  if (!document) return permit("R79");
  return document.status !== "entered-in-error" && isOfStructure(actor.structure.id, document)
    ? permit("R79")
    : refuse("R79", "concealed");
}

/** Written or deposited in the name of the structure. */
export function isOfStructure(structureId: string, document: DocumentFacts): boolean {
  return document.depositorStructureId === structureId || document.authorStructureIds.includes(structureId);
}

/** What a carer (R14) or a heir (R22) may do beside reading: nothing that shares, manages or traces. */
const READING: ReadonlySet<Act> = new Set(["status", "search", "reference", "read", "summary"]);

function decidePatient(question: Question, actor: PatientActor): Verdict {
  const { act, record, document, now, parameters } = question;
  const relation = relationOf(actor, record, now, parameters);
  // To a stranger, the record is not even there.
  if (relation === "stranger") return refuse("R78", "concealed");
  if (relation === "self" && isMinor(record.birthDate, parameters.majorityAge, now)) return refuse("R9");
  if (relation === "carer" && !READING.has(act) && act !== "deposit") return refuse("R14");
  if (relation === "heir" && !READING.has(act)) return refuse("R22");
  if (act === "status" || act === "trace") return permit("R78");
  const gone = relation === "heir" ? undefined : notOpen(record);
  if (gone) return gone;
  if (act === "declare" || act === "renounce" || !document) return permit("R78");
  return visibleToPatient(relation, document, now, parameters);
}
