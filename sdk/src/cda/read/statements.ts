import { attribute, child, children, hasTemplate, rootOf, type XmlElement } from "./xml.ts";

/** Root of the entry templates of CI-SIS; `fr("37")` is FR-Probleme. */
export const fr = (number: string) => `1.2.250.1.213.1.1.3.${number}`;
/** Root of the entry templates of IHE PCC. */
export const pcc = (number: string) => `1.3.6.1.4.1.19376.1.5.3.1.4.${number}`;

/** Statements related to one, with the kind of relation; `types` filters it. */
export function related(statement: XmlElement, ...types: string[]): readonly Relation[] {
  // Most statements hold no other: the table of the others stays small.
  if (!child(statement, "entryRelationship")) return noRelations;
  let all = relations.get(statement);
  if (!all) {
    all = children(statement, "entryRelationship").flatMap((relationship) => {
      const type = attribute(relationship, "typeCode") ?? "";
      const isInverted = denies(relationship, "inversionInd");
      return children(relationship).flatMap((statement) =>
        isStatement(statement) ? [{ type, isInverted, statement }] : [],
      );
    });
    relations.set(statement, all);
  }
  return types.length === 0 || all.length === 0 ? all : all.filter((each) => types.includes(each.type));
}

interface Relation {
  readonly type: string;
  /** The inner statement is the source of the relation: it caused the outer one, rather than was caused by it. */
  readonly isInverted: boolean;
  readonly statement: XmlElement;
}

const noRelations: readonly Relation[] = [];

/** Asked some ten times of each statement. */
const relations = new WeakMap<XmlElement, readonly Relation[]>();

/** First related statement that follows one of the templates. */
export function relatedTemplate(statement: XmlElement, ...templates: string[]): XmlElement | undefined {
  return related(statement).find((each) => hasTemplate(each.statement, ...templates))?.statement;
}

const statementNames: ReadonlySet<string> = new Set([
  "act",
  "encounter",
  "observation",
  "observationMedia",
  "organizer",
  "procedure",
  "regionOfInterest",
  "substanceAdministration",
  "supply",
]);

export const statusOf = (statement: XmlElement | undefined) => attribute(child(statement, "statusCode"), "code");

/** `true` for what states something. One that its author declared null, or replaced by another, states nothing any more. */
export function isStatement(element: XmlElement): boolean {
  return statementNames.has(element.name) && !/^(nullified|obsolete)$/.test(statusOf(element) ?? "");
}

/** `negationInd` of a statement, of the relation that holds it (Localisation: no), or of the concern around it. */
export function isNegated(statement: XmlElement): boolean {
  const { parent } = statement;
  if (denies(statement) || denies(parent)) return true;
  // A concern (act) that is denied denies each of its problems.
  return parent?.name === "entryRelationship" && parent.parent?.name === "act" && denies(parent.parent);
}

/** An xs:boolean: `true` or `1`. */
function denies(element: XmlElement | undefined, flag = "negationInd"): boolean {
  const value = attribute(element, flag);
  return value === "true" || value === "1";
}

/** Denied, or given up before it took place: the schema lets supplies and meetings say it by their status alone. */
export function isCalledOff(statement: XmlElement): boolean {
  const status = statusOf(statement);
  return isNegated(statement) || status === "cancelled" || status === "aborted";
}

/** The entry elsewhere in the document that an internal reference (FR-Reference-interne) names by its identifier. */
export function referredEntry(reference: XmlElement): XmlElement | undefined {
  const root = rootOf(reference);
  let known = identified.get(root);
  if (!known) {
    known = new Map();
    identify(root, known);
    identified.set(root, known);
  }
  return known.get(idOf(reference) ?? "");
}

/** `true` for a statement that bears the identifier of one that stands before it: it is told there. */
export function standsElsewhere(statement: XmlElement): boolean {
  return (referredEntry(statement) ?? statement) !== statement;
}

function identify(element: XmlElement, known: Map<string, XmlElement>): void {
  for (const each of children(element)) {
    if (each.name === "text") continue;
    const id = isStatement(each) && !isReference(each) ? idOf(each) : undefined;
    if (id && !known.has(id)) known.set(id, each);
    identify(each, known);
  }
}

/** Gathered once, and only for a document that refers to its own entries. */
const identified = new WeakMap<XmlElement, Map<string, XmlElement>>();

const idOf = (statement: XmlElement) => {
  const id = child(statement, "id");
  const root = attribute(id, "root");
  return root && `${root}^${attribute(id, "extension") ?? ""}`;
};

/** An internal reference says again which entry is meant, and nothing of its own. */
export const isReference = (statement: XmlElement) => hasTemplate(statement, fr("36"), pcc("4.1"));

/** `true` for a statement of what is to come, or wished for, rather than of what is. */
export function isPlanned(statement: XmlElement): boolean {
  const mood = attribute(statement, "moodCode");
  return mood !== undefined && mood !== "EVN";
}

/** How often an observation is, or is to be, made: FHIR gives it no place. */
export function repetitions(statement: XmlElement): { text: string }[] {
  const number = child(statement, "repeatNumber");
  const bounds = ["low", "high"].map((bound) => attribute(child(number, bound), "value"));
  const said = [attribute(number, "value"), ...bounds].filter((each) => each !== undefined);
  return said.length === 0 || said.every((each) => each === "1")
    ? []
    : [{ text: `Nombre de fois : ${said.join(" – ")}` }];
}
