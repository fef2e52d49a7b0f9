import { fr, isNegated, pcc, related } from "./statements.ts";
import { attribute, child, follows, type XmlElement } from "./xml.ts";

const ccd = (number: string) => `2.16.840.1.113883.10.20.1.${number}`;

/** Statements that qualify the one around them: by the code that each bears, and by their templates. */
const qualifiers = {
  severity: { code: "SEV", templates: new Set([fr("29"), pcc("1"), ccd("55")]) },
  status: { code: "33999-4", templates: new Set([fr("30"), pcc("1.1"), ccd("50")]) },
  patientStatus: { code: "11323-3", templates: new Set([fr("31"), pcc("1.2"), ccd("51")]) },
  comment: { code: "48767-8", templates: new Set([fr("32"), pcc("2"), ccd("40")]) },
  rank: { code: "30973-2", templates: new Set([fr("82"), ccd("46")]) },
  certainty: { code: "66455-7", templates: new Set([fr("171")]) },
  criticality: { code: "82606-5", templates: new Set([fr("172")]) },
  causality: { code: "GEN-318", templates: new Set([fr("211")]) },
  seriousness: { code: "94030-4", templates: new Set([fr("212")]) },
  outcome: { code: "GEN-319", templates: new Set([fr("213")]) },
};

type Qualifier = keyof typeof qualifiers;

/** Instructions to patient and pharmacist, and internal references. */
const otherTemplates = [fr("33"), fr("34"), fr("36"), fr("207"), pcc("4.1")];
const templates = new Set([...otherTemplates, ...Object.values(qualifiers).flatMap((each) => [...each.templates])]);
const codes: ReadonlySet<string | undefined> = new Set(Object.values(qualifiers).map((each) => each.code));

const codeOf = (statement: XmlElement) => attribute(child(statement, "code"), "code");

/** `true` for a nested statement that qualifies its parent rather than states a fact: it is read where it belongs. */
export function isQualifying(statement: XmlElement): boolean {
  return follows(statement, templates) || codes.has(codeOf(statement));
}

/** The qualifier of that kind within a statement, told by its template, else by its code; one that is denied says nothing. */
export function qualifierOf(statement: XmlElement, kind: Qualifier): XmlElement | undefined {
  return related(statement).find((each) => isQualifier(each.statement, kind) && !isNegated(each.statement))?.statement;
}

/** `true` for a statement that is a qualifier of that kind. */
export function isQualifier(statement: XmlElement, kind: Qualifier): boolean {
  const { code, templates: known } = qualifiers[kind];
  return follows(statement, known) || codeOf(statement) === code;
}
