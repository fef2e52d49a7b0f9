/** A line of the log in plain words, French and English: for the file that the patient downloads. R183, article 9. */
import { findProfession } from "@carnet/sdk/terminology";
import { type DataCategory, dataCategories } from "../rules/index.ts";
import type { LogLine } from "./access-log.ts";
import type { ActorKind } from "./actor-kind.ts";

export type LogLocale = "fr" | "en";

type Words<Key extends string> = Readonly<Record<Key, readonly [fr: string, en: string]>>;

const kinds: Words<ActorKind> = {
  professional: ["Professionnel de santé", "Health professional"],
  establishment: ["Établissement", "Establishment"],
  support: ["Assistance", "Support"],
  patient: ["Vous", "You"],
  representative: ["Représentant ou aidant", "Representative or carer"],
  service: ["Application", "Application"],
  system: ["Le carnet lui-même", "The record itself"],
  enrolment: ["Ouverture du carnet", "Opening of the record"],
};

const categories: Words<DataCategory> = {
  "patient-summary": ["synthèse", "patient summary"],
  prescription: ["ordonnances", "prescriptions"],
  dispensation: ["médicaments délivrés", "dispensed medicines"],
  imaging: ["imagerie", "imaging"],
  "test-result": ["résultats d’examens", "test results"],
  "discharge-report": ["comptes rendus de sortie d’hôpital", "discharge reports"],
  report: ["comptes rendus", "reports"],
  vaccination: ["vaccinations", "vaccinations"],
  "care-plan": ["plans de soins", "care plans"],
  treatment: ["traitements administrés", "administered treatments"],
  certificate: ["certificats", "certificates"],
  reimbursement: ["soins remboursés", "reimbursed care"],
  wishes: ["volontés", "wishes"],
  "patient-entered": ["documents ajoutés par vous", "documents that you added"],
  administrative: ["documents administratifs", "administrative documents"],
  other: ["autres documents", "other documents"],
};

const actions: Words<LogLine["action"]> = {
  C: ["a ajouté", "added"],
  R: ["a lu", "read"],
  U: ["a modifié", "changed"],
  D: ["a retiré", "removed"],
  E: ["a cherché", "searched"],
};

const objects: Words<string> = {
  Patient: ["l’état du carnet", "the state of the record"],
  DocumentReference: ["des documents", "documents"],
  Binary: ["un document", "a document"],
  Bundle: ["un document", "a document"],
  Composition: ["la synthèse du carnet", "the summary of the record"],
  List: ["les dépôts de documents", "deposits of documents"],
  Consent: ["une autorisation", "an authorisation"],
  AuditEvent: ["la liste des accès", "the list of accesses"],
  Communication: ["des messages", "messages"],
  Appointment: ["l’agenda", "the agenda"],
  HealthcareService: ["une application", "an application"],
};

const modes: Words<string> = {
  TREAT: ["soins", "care"],
  BTG: ["urgence (bris de glace)", "emergency (break the glass)"],
  ETREAT: ["urgence (centre 15)", "emergency (dispatch centre)"],
};

const outcomes: Words<LogLine["outcome"]> = {
  granted: ["accordé", "granted"],
  refused: ["refusé", "refused"],
  failed: ["sans résultat", "without result"],
};

const pick = (pair: readonly [string, string] | undefined, locale: LogLocale) => pair?.[locale === "fr" ? 0 : 1];

export const kindWords = (kind: ActorKind, locale: LogLocale): string => pick(kinds[kind], locale) ?? kind;

/** Categories of a line, in words. */
export function categoryWords(codes: string | null, locale: LogLocale): string {
  return (codes ?? "")
    .split(" ")
    .flatMap((code) => dataCategories.find((one) => one === code) ?? [])
    .map((code) => pick(categories[code], locale))
    .join(", ");
}

/** Acts that their own words name, whatever the object. */
const acts: Words<string> = {
  "TD0.4": ["a affiché la liste de ses patients", "listed their patients"],
  EXPORT: ["a copié tout le carnet", "copied the whole record"],
};

/** What was done: "a lu un document". */
export function actWords(line: Pick<LogLine, "action" | "object_type" | "transaction">, locale: LogLocale): string {
  const own = pick(acts[line.transaction], locale);
  if (own) return own;
  const object = pick(objects[line.object_type], locale) ?? (locale === "fr" ? "le carnet" : "the record");
  return `${pick(actions[line.action], locale)} ${object}`;
}

export const modeWords = (purpose: string, locale: LogLocale): string => pick(modes[purpose], locale) ?? purpose;
export const outcomeWords = (outcome: LogLine["outcome"], locale: LogLocale): string =>
  pick(outcomes[outcome], locale) ?? outcome;

/** The profession as the national table names it, in French. */
export function professionWords(code: string | null): string {
  return code ? (findProfession(code.replace(/^G15_/, ""))?.display ?? code) : "";
}
