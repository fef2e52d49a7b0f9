import type { CodeableConcept, Coding, ServiceRequest } from "../../../fhir/index.ts";
import { clinicalStates, certainties as verifications } from "../../../fhir/status-code.ts";
import { coding, codings } from "../concept.ts";
import type { Conversion } from "../conversion.ts";
import { qualifierOf } from "../qualifiers.ts";
import { attribute, child, children, type XmlElement } from "../xml.ts";
import { certaintyInWords, statusInWords } from "./state-words.ts";

/**
 * Statuses and certainties under the codes of other editions: SNOMED CT (IHE PCC problem status, CI-SIS before the FHIR
 * codes), HL7 v3. Two of the statuses say how certain the problem is: they are no status.
 */
const statuses: Readonly<Record<string, string>> = {
  "55561003": "active",
  "90734009": "active",
  "73425007": "inactive",
  "7087005": "inactive",
  "255227004": "recurrence",
  "263853000": "relapse",
  "277022003": "remission",
  "413322009": "resolved",
};
const certainties: Readonly<Record<string, string>> = {
  "410605003": "confirmed",
  "410592001": "provisional",
  "410590009": "unconfirmed",
  "415684004": "unconfirmed",
  "410516002": "refuted",
  "410594000": "refuted",
};
const clinicalCodes: ReadonlySet<string> = new Set(clinicalStates);
const verificationCodes: ReadonlySet<string> = new Set(verifications);
const criticalities: Readonly<Record<string, "low" | "high" | "unable-to-assess">> = {
  low: "low",
  high: "high",
  "unable-to-assess": "unable-to-assess",
  CRITL: "low",
  CRITH: "high",
  CRITU: "unable-to-assess",
};
/** SNOMED CT, then HL7 v3 (`2.16.840.1.113883.5.1063`). */
const severities: Readonly<Record<string, "mild" | "moderate" | "severe">> = {
  "255604002": "mild",
  "6736007": "moderate",
  "371924009": "moderate",
  "371923003": "moderate",
  "24484000": "severe",
  "399166001": "severe",
  "442452003": "severe",
  L: "mild",
  M: "moderate",
  H: "severe",
};

const known = <T>(table: Readonly<Record<string, T>>, code: string): T | undefined =>
  Object.hasOwn(table, code) ? table[code] : undefined;

interface Given {
  readonly codes: readonly string[];
  readonly words: string | undefined;
}

/** What a qualifier says: the codes of its value, those of its translations among them, and its words. */
function given(conversion: Conversion, observation: XmlElement, kind: Parameters<typeof qualifierOf>[1]): Given {
  const value = child(qualifierOf(observation, kind), "value");
  const words = conversion.concept(value)?.text;
  return { codes: codings(value).flatMap((each) => each.code ?? []), words };
}

function firstKnown<T>(codes: readonly string[], read: (code: string) => T | undefined): T | undefined {
  for (const code of codes) {
    const found = read(code);
    if (found !== undefined) return found;
  }
  return undefined;
}

const statusFrom = ({ codes, words }: Given): string | undefined =>
  firstKnown(codes, (code) => (clinicalCodes.has(code) ? code : known(statuses, code))) ??
  (words === undefined ? undefined : statusInWords(words));

const certaintyFrom = ({ codes, words }: Given): string | undefined =>
  firstKnown(codes, (code) => (verificationCodes.has(code) ? code : known(certainties, code))) ??
  (words === undefined ? undefined : certaintyInWords(words));

/** FHIR code of a nested status observation (FR-Statut-du-probleme), by its codes, else by its words. */
export function statedStatus(conversion: Conversion, observation: XmlElement): string | undefined {
  return statusFrom(given(conversion, observation, "status"));
}

/** FHIR code of a nested certainty (FR-Certitude), accepted under any system; "ruled out" may stand as status. */
export function certainty(conversion: Conversion, observation: XmlElement): string | undefined {
  return (
    certaintyFrom(given(conversion, observation, "certainty")) ??
    certaintyFrom(given(conversion, observation, "status")) ??
    known(certainties, contextOf(observation, "408729009")?.code ?? "")
  );
}

/** A status and a certainty that FHIR has no code for, in words: they must not read as if nothing was said. */
export function otherStates(conversion: Conversion, observation: XmlElement): { text: string }[] {
  const status = given(conversion, observation, "status");
  const doubt = given(conversion, observation, "certainty");
  return [
    ...(status.words && !statusFrom(status) && !certaintyFrom(status) ? [{ text: `Statut : ${status.words}` }] : []),
    ...(doubt.words && !certaintyFrom(doubt) ? [{ text: `Certitude : ${doubt.words}` }] : []),
  ];
}

/** What a qualifier of the value says of a finding: SNOMED CT's finding context, its subject. */
function contextOf(observation: XmlElement, name: string): Coding | undefined {
  const qualifier = children(child(observation, "value"), "qualifier").find(
    (each) => attribute(child(each, "name"), "code") === name,
  );
  return coding(child(qualifier, "value"));
}

/** Whom a finding is about by its code, where that is not the patient ("subject of record"): a person of the family. */
export function otherSubject(observation: XmlElement): string | undefined {
  const subject = contextOf(observation, "408732007");
  return subject && !/^(410604004|410603009)$/.test(subject.code ?? "")
    ? (subject.display ?? "Autre personne")
    : undefined;
}

export function criticality(
  conversion: Conversion,
  observation: XmlElement,
): "low" | "high" | "unable-to-assess" | undefined {
  return firstKnown(given(conversion, observation, "criticality").codes, (code) => known(criticalities, code));
}

/** Severity as recorded (FR-Severite). */
export function severityOf(conversion: Conversion, observation: XmlElement): CodeableConcept | undefined {
  return conversion.concept(child(qualifierOf(observation, "severity"), "value"));
}

/** FHIR's three degrees, when the severity is one of them. */
export function severityCode(severity: CodeableConcept | undefined): "mild" | "moderate" | "severe" | undefined {
  return severity?.coding?.map((each) => known(severities, each.code ?? "")).find(Boolean);
}

/** How soon it is asked for, in the codes of FHIR. */
export function urgency(priority: CodeableConcept | undefined): NonNullable<ServiceRequest["priority"]> | undefined {
  switch (priority?.coding?.[0]?.code) {
    case "UR":
      return "urgent";
    case "A":
      return "asap";
    case "S":
      return "stat";
    case "R":
    case "EL":
      return "routine";
    default:
      return undefined;
  }
}
