import type { Place } from "../conversion.ts";
import { isProblemKind } from "../problem-kinds.ts";
import { fr, isPlanned, isStatement, pcc, related } from "../statements.ts";
import { at, attribute, child, children, follows, type XmlElement } from "../xml.ts";

/**
 * What a statement is: told by its template; one that declares none is told by its code and by the section it stands in,
 * as the narrative around it is read.
 */
const templates = {
  problem: new Set([fr("37"), pcc("5"), "2.16.840.1.113883.10.20.1.28"]),
  problemConcern: new Set([fr("39"), fr("39.1"), pcc("5.2")]),
  allergy: new Set([fr("41"), pcc("6"), "2.16.840.1.113883.10.20.1.18"]),
  allergyConcern: new Set([fr("40"), pcc("5.3")]),
  adverseEvent: new Set([fr("210")]),
  family: new Set([fr("51"), pcc("13.3"), "2.16.840.1.113883.10.20.1.22"]),
  familyOrganizer: new Set([fr("59"), pcc("15"), "2.16.840.1.113883.10.20.1.23"]),
  directive: new Set([fr("54"), pcc("13.7"), "2.16.840.1.113883.10.20.1.17"]),
  immunization: new Set([fr("45"), fr("47"), pcc("12"), pcc("12.2")]),
  /** Laboratory report, isolate, battery and result (IHE XD-LAB). */
  laboratory: new Set([
    fr("21"),
    fr("78"),
    fr("79"),
    fr("80"),
    ...["1", "1.4", "1.5", "1.6"].map((part) => `1.3.6.1.4.1.19376.1.3.${part}`),
  ]),
};

const sections = {
  allergy: new Set(["48765-2"]),
  adverseEvent: new Set(["44939-7"]),
  family: new Set(["10157-6"]),
  directive: new Set(["42348-3"]),
  immunization: new Set(["11369-6", "87273-9"]),
};
const vaccineCodes = new Set(["IMMUNIZ", "INITIMMUNIZ", "BOOSTER"]);

const codeOf = (statement: XmlElement) => attribute(child(statement, "code"), "code") ?? "";
/** Templates that say what a statement is: of CI-SIS, IHE, HL7 (CCD) and DICOM. Those of others say nothing here. */
const known =
  /^(1\.2\.250\.1\.213\.1\.1\.3|1\.3\.6\.1\.4\.1\.19376|2\.16\.840\.1\.113883\.10\.20\.1|1\.2\.840\.10008)\./;
const isBare = (statement: XmlElement) => !statement.templates.some((each) => known.test(each));

/** `true` when the code of a statement says more than what kind of statement it is. */
export function namesProblem(statement: XmlElement): boolean {
  const code = codeOf(statement);
  return code !== "" && !isProblemKind(code);
}

export function isProblem(statement: XmlElement): boolean {
  if (isPlanned(statement)) return false;
  return follows(statement, templates.problem) || (isBare(statement) && isProblemKind(codeOf(statement)));
}

/** The model of adverse effects refines that of allergies: in their section the latter alone says the same. */
export function isAdverseEvent(statement: XmlElement, place: Place): boolean {
  return (
    follows(statement, templates.adverseEvent) ||
    (statement.name === "observation" &&
      sections.adverseEvent.has(place.sectionCode) &&
      (isBare(statement) || follows(statement, templates.allergy)))
  );
}

export function isAllergy(statement: XmlElement, place: Place): boolean {
  if (isPlanned(statement)) return false;
  if (statement.name === "observation" && allergyKinds.has(codeOf(statement)) && namesAgent(statement)) return true;
  return (
    follows(statement, templates.allergy) ||
    (isBare(statement) && sections.allergy.has(place.sectionCode) && statement.name === "observation")
  );
}

/** Kinds of allergy and intolerance (SNOMED CT). */
const allergyKinds: ReadonlySet<string> = new Set([
  ...["416098002", "419511003", "414285001", "418471000", "426232007", "232347008", "419199007", "420134006"],
  ...["418038007", "418634005", "59037007", "235719002", "782197009", "609396006", "609397002", "609398007"],
]);

/** An observation has no place for what was borne badly: an allergy does, whatever its model. */
const namesAgent = (statement: XmlElement) =>
  children(statement, "participant").some(
    (each) => attribute(each, "typeCode") === "CSM" && at(each, "participantRole", "playingEntity") !== undefined,
  );

export function isFamilyHistory(statement: XmlElement, place: Place): boolean {
  return (
    follows(statement, templates.family) ||
    // A problem listed among those of the family is a relative's, never the patient's.
    ((isBare(statement) || follows(statement, templates.problem)) &&
      sections.family.has(place.sectionCode) &&
      statement.name === "observation")
  );
}

export function isFamilyOrganizer(statement: XmlElement, place: Place): boolean {
  return (
    follows(statement, templates.familyOrganizer) ||
    (isBare(statement) && sections.family.has(place.sectionCode) && at(statement, "subject") !== undefined)
  );
}

export function isDirective(statement: XmlElement, place: Place): boolean {
  return follows(statement, templates.directive) || (isBare(statement) && sections.directive.has(place.sectionCode));
}

export function isImmunization(statement: XmlElement, place: Place): boolean {
  return (
    follows(statement, templates.immunization) ||
    vaccineCodes.has(codeOf(statement)) ||
    (isBare(statement) && sections.immunization.has(place.sectionCode))
  );
}

/** An act around problems, or around allergies, that are followed together. */
export function concernOf(statement: XmlElement, place: Place): "allergy" | "problem" | undefined {
  if (follows(statement, templates.allergyConcern)) return "allergy";
  if (follows(statement, templates.problemConcern)) return "problem";
  const inner = related(statement, "SUBJ").map((each) => each.statement);
  if (!isBare(statement) || inner.length === 0) return undefined;
  if (inner.every((each) => isAllergy(each, place))) return "allergy";
  return inner.every(isProblem) ? "problem" : undefined;
}

/** The act of a laboratory report entry: one chapter of results. The template may stand on its entry. */
export function isReport(statement: XmlElement, entry: XmlElement): boolean {
  return (
    follows(entry, templates.laboratory) ||
    follows(statement, templates.laboratory) ||
    related(statement, "COMP").some(({ statement: part }) => isLaboratory(part))
  );
}

function isLaboratory(statement: XmlElement): boolean {
  return (
    follows(statement, templates.laboratory) ||
    children(statement, "component").some((component) =>
      children(component).some((each) => isStatement(each) && follows(each, templates.laboratory)),
    )
  );
}
