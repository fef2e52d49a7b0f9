/**
 * What belongs to the person beside the documents: the whole log, notices, messages, agenda, applications, reports,
 * folders, the copy of the record. R166 to R171, R183, R186, R193. Asked through `decide()`.
 */
import type { PatientActor, ProfessionalActor } from "./actor.ts";
import type { Question } from "./decide.ts";
import { isMinor } from "./lifecycle.ts";
import { permit, type Rule, refuse, type Verdict } from "./rule.ts";
import { relationOf } from "./visibility.ts";

const personalActs = [
  /** R171, R183: the log as one file. */
  "download-log",
  /** R193: notices and which of them the person wants. */
  "notices",
  /** R166: read one's messages, end an exchange. */
  "message",
  /** R166: one more message in an exchange. */
  "answer",
  /** R166: the first message of an exchange. */
  "write-first",
  /** R167. */
  "agenda",
  /** R168: which applications act for the person. */
  "applications",
  /** R186. */
  "report",
  /** R169: folders and pinned documents. */
  "arrange",
  /** R171: a copy of the whole record. */
  "export",
] as const;

export type PersonalAct = (typeof personalActs)[number];

const known: ReadonlySet<string> = new Set(personalActs);

export function isPersonal(act: string): act is PersonalAct {
  return known.has(act);
}

/** What may still be done in a closed record: to look at what happened, and to complain of it. */
const IN_CLOSED: ReadonlySet<PersonalAct> = new Set(["download-log", "notices", "report"]);

/** The rule of each act, which permits it to some and refuses it to others. */
const ruleOf: Readonly<Record<PersonalAct, Rule>> = {
  "download-log": "R171",
  notices: "R193",
  message: "R166",
  answer: "R166",
  "write-first": "R166",
  agenda: "R167",
  applications: "R168",
  report: "R186",
  arrange: "R169",
  export: "R171",
};

type PersonalQuestion = Omit<Question, "act" | "document"> & { readonly act: PersonalAct };

export function decidePersonal(question: PersonalQuestion): Verdict {
  switch (question.actor.kind) {
    case "professional":
      return byProfessional(question, question.actor);
    case "establishment":
      // R79: a structure reads nothing; R166: a message is from one person to another.
      return refuse("R79");
    case "patient":
      return byPatient(question, question.actor);
  }
}

/** R170: of a person's space professionals see the documents, and the messages they exchange with that person. */
function byProfessional({ act, purposeOfUse, record }: PersonalQuestion, _actor: ProfessionalActor): Verdict {
  if (act !== "message" && act !== "answer" && act !== "write-first") return refuse("R170");
  if (record.state !== "open") return refuse(record.state === "closed" ? "R15" : "R18", "closed");
  if (purposeOfUse !== "TREAT") return refuse("R75");
  // Whom the patient blocked does not write to them; what was written before stays readable.
  if (act !== "message" && record.standing.authorisation === "forbidden") return refuse("R59");
  return permit("R166");
}

function byPatient(question: PersonalQuestion, actor: PatientActor): Verdict {
  const { act, record, now, parameters } = question;
  const relation = relationOf(actor, record, now, parameters);
  if (relation === "stranger") return refuse("R78", "concealed");
  // A carer helps with appointments, and manages nothing else (R14); an heir reads documents only (R22).
  if (relation === "carer" && act !== "agenda") return refuse("R14");
  if (relation === "heir") return refuse("R22");
  if (relation === "self" && isMinor(record.birthDate, parameters.majorityAge, now)) return refuse("R9");
  if (record.state !== "open" && !IN_CLOSED.has(act)) {
    return refuse(record.state === "closed" ? "R15" : "R18", "closed");
  }
  return permit(ruleOf[act]);
}
