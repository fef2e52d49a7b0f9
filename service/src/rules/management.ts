/**
 * What is done to a record itself: close, re-activate, have it destroyed, change its settings, name representatives and
 * carers, find it by traits. R10, R12 to R25, R43. Asked through `decide()`.
 */
import type { Actor, EstablishmentActor, PatientActor, ProfessionalActor, PurposeOfUse } from "./actor.ts";
import type { Question } from "./decide.ts";
import type { RecordFacts } from "./facts.ts";
import { isMinor } from "./lifecycle.ts";
import { isOccupationalDoctor } from "./matrix.ts";
import { permit, refuse, type Verdict } from "./rule.ts";
import { relationOf } from "./visibility.ts";

const managementActs = [
  /** TD1.3a: identity, representatives, objections. */
  "administrative",
  /** TD1.4, R15, R16. */
  "close",
  /** TD1.2, R21. */
  "reactivate",
  /** R20. */
  "request-deletion",
  /** R18: against a suspension. */
  "object",
  /** R10: the second holder of parental authority. */
  "represent",
  /** R14: carers. */
  "care",
  /** TD0.5, R43. */
  "find-by-traits",
] as const;

export type ManagementAct = (typeof managementActs)[number];

const known: ReadonlySet<string> = new Set(managementActs);

export function isManagement(act: string): act is ManagementAct {
  return known.has(act);
}

/** Private insurance, companies, recruitment (TRE_R02). R23. */
const BARRED_FACILITIES: ReadonlySet<string> = new Set(["SA23", "SA44", "SA48"]);

/**
 * R23: insurers and employers have no access at all; an occupational doctor feeds the record wherever they work (R65).
 * R12: only the acts of a minor can be kept from representatives.
 */
export function barredFromAll({ actor, record, isSecret, now, parameters }: Question): Verdict | undefined {
  if (actor.kind !== "patient" && BARRED_FACILITIES.has(actor.structure?.facilityType ?? "")) {
    if (actor.kind === "establishment" || !isOccupationalDoctor(actor)) return refuse("R23");
  }
  if (!isSecret) return undefined;
  const mayBeSecret = parameters.hasMinorManagement && isMinor(record.birthDate, parameters.majorityAge, now);
  return mayBeSecret ? undefined : refuse("R12");
}

/** R15, R18: whatever is asked, of a record that is closed or suspended. */
export function notOpen({ state }: RecordFacts): Verdict | undefined {
  if (state === "open") return undefined;
  return state === "closed" ? refuse("R15", "closed") : refuse("R18", "closed");
}

type ManagementQuestion = Omit<Question, "act" | "document"> & { readonly act: ManagementAct };

export function decideManagement(question: ManagementQuestion): Verdict {
  switch (question.actor.kind) {
    case "professional":
      return byProfessional(question, question.actor);
    case "establishment":
      return byEstablishment(question, question.actor);
    case "patient":
      return byPatient(question, question.actor);
  }
}

/** R43: may this caller search without INS at all? Asked before any record is looked for. */
export function mayFindByTraits(actor: Actor, purposeOfUse: PurposeOfUse): Verdict {
  const isDispatch = actor.kind === "professional" && actor.dispatchCentre === true && purposeOfUse === "ETREAT";
  return isDispatch ? permit("R43") : refuse("R43");
}

function byProfessional(question: ManagementQuestion, actor: ProfessionalActor): Verdict {
  const { act, record, purposeOfUse } = question;
  const isBlocked = record.standing.authorisation === "forbidden";
  switch (act) {
    case "find-by-traits": {
      const may = mayFindByTraits(actor, purposeOfUse);
      if (!may.permit) return may;
      // A search lists what it may: the others are not there.
      if (record.state !== "open") return refuse("R15", "concealed");
      if (isBlocked) return refuse("R77", "concealed");
      return record.allowsDispatch ? may : refuse("R73", "concealed");
    }
    case "administrative":
      return notOpen(record) ?? (isBlocked ? refuse("R59") : permit("R25"));
    case "close":
      return record.state === "closed" ? refuse("R15", "closed") : byCounter(question, "R16");
    case "reactivate":
      return record.state === "closed" ? byCounter(question, "R21") : refuse("R21");
    case "request-deletion":
      return refuse("R20");
    case "object":
      return refuse("R18");
    case "represent":
      return refuse("R10");
    case "care":
      return refuse("R14");
  }
}

/** R16: at the patient's request, only where the patient has no space of their own to do it. */
function byCounter({ record, purposeOfUse }: ManagementQuestion, rule: "R16" | "R21"): Verdict {
  if (purposeOfUse !== "TREAT") return refuse("R75");
  if (record.isDeceased) return refuse("R22");
  if (record.isAttachedToMes) return refuse("R16");
  switch (record.standing.authorisation) {
    case "valid":
      return permit(rule);
    case "expired":
      return refuse("R56");
    case "forbidden":
      return refuse("R59");
    case "none":
      return refuse("R51");
  }
}

function byEstablishment({ act, record }: ManagementQuestion, _actor: EstablishmentActor): Verdict {
  if (act === "find-by-traits") return refuse("R43");
  if (act !== "administrative") return refuse("R79");
  return notOpen(record) ?? permit("R25");
}

function byPatient(question: ManagementQuestion, actor: PatientActor): Verdict {
  const { act, record, now, parameters } = question;
  if (act === "find-by-traits") return refuse("R43");
  const relation = relationOf(actor, record, now, parameters);
  if (relation === "stranger") return refuse("R78", "concealed");
  if (relation === "self" && isMinor(record.birthDate, parameters.majorityAge, now)) return refuse("R9");
  if (relation === "carer") return refuse("R14");
  if (relation === "heir") return refuse("R22");
  const isClosed = record.state === "closed";
  switch (act) {
    case "administrative":
      return permit("R25");
    case "close":
      return isClosed ? refuse("R15", "closed") : permit("R15");
    case "reactivate":
      if (record.isDeceased) return refuse("R22");
      return isClosed ? permit("R21") : refuse("R21");
    case "request-deletion":
      // The archive of the dead is the heirs' (L1110-4 V), whoever still has the password.
      if (record.isDeceased) return refuse("R22");
      return isClosed ? permit("R20") : refuse("R20");
    case "object":
      return record.state === "suspended" ? permit("R18") : refuse("R18");
    case "care":
    case "represent":
      return notOpen(record) ?? (act === "care" ? permit("R14") : mayInvite(question, actor));
  }
}

/** R10: the parent who opened the record invites the second holder of parental authority. */
function mayInvite({ record }: ManagementQuestion, actor: PatientActor): Verdict {
  const isOpener = record.representatives.some(
    (one) => one.kind === "parent" && one.isOpener && one.system === actor.ins.system && one.value === actor.ins.value,
  );
  return isOpener ? permit("R10") : refuse("R10");
}
