import type { CodeableConcept, Period, Reference } from "../../fhir/index.ts";
import { actor, relatedPerson } from "./actors.ts";
import type { Conversion } from "./conversion.ts";
import { periodOf, recordedTime } from "./times.ts";
import { at, attribute, child, children, type XmlElement } from "./xml.ts";

/** Someone named in the header beside authors and signers, in what qualities, and when. */
export interface Contact {
  readonly reference: Reference;
  readonly types: CodeableConcept[];
  readonly period?: Period;
}

const relativeClasses = new Set(["ECON", "NOK", "CON", "CAREGIVER", "GUARD", "PRS"]);

/** Relatives, referring doctor, participants and recipients of the header. */
export function contacts(conversion: Conversion, root: XmlElement): Contact[] {
  const found: Contact[] = [];
  const add = (reference: Reference | undefined, type?: CodeableConcept, period?: Period) => {
    if (!reference) return;
    const types = type ? [type] : [];
    const same = found.find((each) => each.reference.reference === reference.reference);
    if (!same) found.push({ reference, types, ...(period ? { period } : {}) });
    else if (!same.types.some((each) => JSON.stringify(each) === JSON.stringify(type))) same.types.push(...types);
  };
  for (const guardian of children(at(root, "recordTarget", "patientRole", "patient"), "guardian"))
    add(relative(conversion, guardian, at(guardian, "guardianPerson", "name"), "GUARD"));
  for (const informant of children(root, "informant")) {
    const entity = child(informant, "relatedEntity");
    if (entity) add(relative(conversion, entity, at(entity, "relatedPerson", "name"), attribute(entity, "classCode")));
    else add(actor(conversion, child(informant, "assignedEntity")), participation("INF"));
  }
  for (const participant of children(root, "participant")) {
    const entity = child(participant, "associatedEntity");
    const roleClass = attribute(entity, "classCode");
    const quality =
      conversion.concept(child(participant, "functionCode")) ?? participation(attribute(participant, "typeCode"));
    if (roleClass && relativeClasses.has(roleClass))
      add(relative(conversion, entity, at(entity, "associatedPerson", "name"), roleClass));
    else add(actor(conversion, entity), quality, periodOf(recordedTime(child(participant, "time"))));
  }
  for (const recipient of children(root, "informationRecipient"))
    add(actor(conversion, child(recipient, "intendedRecipient")), participation("IRCP"));
  add(actor(conversion, at(root, "dataEnterer", "assignedEntity")), participation("ENT"));
  return found;
}

/** The referring doctor (médecin traitant): the author or participant whose function is PCP. */
export function referringDoctor(conversion: Conversion, root: XmlElement): Reference | undefined {
  for (const each of [...children(root, "participant"), ...children(root, "author")])
    if (attribute(child(each, "functionCode"), "code") === "PCP")
      return actor(conversion, child(each, "associatedEntity") ?? child(each, "assignedAuthor"));
  return undefined;
}

function relative(
  conversion: Conversion,
  owner: XmlElement | undefined,
  name: XmlElement | undefined,
  roleClass: string | undefined,
): Reference | undefined {
  const known = roleClass && relativeClasses.has(roleClass) ? roleClass : undefined;
  return relatedPerson(conversion, { owner, name, code: child(owner, "code"), roleClass: known });
}

function participation(code: string | undefined): CodeableConcept | undefined {
  return code
    ? { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code }] }
    : undefined;
}
