import type { Reference } from "../../../fhir/index.ts";
import { relatedPerson } from "../actors.ts";
import { type Conversion, type Place, timeOf } from "../conversion.ts";
import { at, attribute, child, children, type XmlElement } from "../xml.ts";

/** The place of what stands in a statement: about the person whom it names. */
export function aboutSubject(conversion: Conversion, statement: XmlElement, around: Place): Place {
  const subject = subjectOf(statement);
  if (!subject) return around;
  if (isPatientOf(subject)) {
    const { focus: _, ...ofPatient } = around;
    return ofPatient;
  }
  const focus = otherPerson(conversion, subject);
  return focus ? { ...around, focus } : around;
}

/** Another person whom the observation describes: a parent in a child's certificate, the newborn in its mother's file. */
function otherPerson(conversion: Conversion, subject: XmlElement): Reference | undefined {
  return relatedPerson(conversion, {
    owner: subject,
    name: at(subject, "subject", "name") ?? at(subject, "playingEntity", "name"),
    person: child(subject, "subject"),
    code: child(subject, "code"),
    // Of whom is not said: still not of the patient.
    fallback: "Autre personne",
  });
}

/** Whom a statement says it is about. */
const subjectOf = (statement: XmlElement): XmlElement | undefined =>
  at(statement, "subject", "relatedSubject") ??
  child(
    children(statement, "participant").find((each) => attribute(each, "typeCode") === "SBJ"),
    "participantRole",
  );

/** The patient may be said to be the subject, where the section or the group around is about another. */
export function saysPatient(statement: XmlElement): boolean {
  const subject = subjectOf(statement);
  return subject !== undefined && isPatientOf(subject);
}

const isPatientOf = (subject: XmlElement) =>
  attribute(subject, "classCode") === "PAT" || /^(SELF|ONESELF)$/.test(attribute(child(subject, "code"), "code") ?? "");

/** Whoever bore the patient, of whom a document about the patient may tell the pregnancy. */
export function motherOf(conversion: Conversion): Reference | undefined {
  return relatedPerson(conversion, { owner: undefined, fallback: "Mère" });
}

/** A section about a birth that tells of a day long after the patient's own tells of a child of hers. */
export function newbornOf(conversion: Conversion, statement: XmlElement, place: Place): Reference | undefined {
  const time = place.birth && timeOf(statement, place);
  const year = Number((time?.value ?? time?.low ?? "").slice(0, 4));
  const isOwn = !year || !conversion.patientBirth || year - Number(conversion.patientBirth.slice(0, 4)) < 10;
  return isOwn ? undefined : relatedPerson(conversion, { owner: undefined, fallback: "Nouveau-né" });
}
