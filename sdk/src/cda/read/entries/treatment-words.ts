import { dateInWords } from "../../../fhir/date-words.ts";
import type { Annotation, CodeableConcept, Dosage } from "../../../fhir/index.ts";
import { nameText } from "../actors.ts";
import { isAbsence } from "../concept.ts";
import { type Conversion, commentsOf } from "../conversion.ts";
import { humanName } from "../names.ts";
import { furtherAuthors } from "../participations.ts";
import { isFilling } from "../polarity.ts";
import { isQualifying } from "../qualifiers.ts";
import { fr, isNegated, isPlanned, pcc, related } from "../statements.ts";
import type { LabelledCell } from "../table-lines.ts";
import { participationTime, recordedTime } from "../times.ts";
import { deniedWords, inWords, observationValue, quantity } from "../values.ts";
import { at, attribute, child, children, hasTemplate, type XmlElement } from "../xml.ts";
import { materialOf, nameRemark } from "./products.ts";
import { isProblem } from "./recognise.ts";
import { renewalWords } from "./renewals.ts";
import { urgency } from "./states.ts";
import { stepsOf } from "./step-entries.ts";

/**
 * A posology that no code tells may stand only in the table, beside the medicine: it is then the text of the dosage.
 */
export function withNarrative(conversion: Conversion, statement: XmlElement, dosage: Dosage[]): Dosage[] {
  if (dosage.some((each) => each.text || each.doseAndRate || each.timing?.repeat?.period || each.timing?.code))
    return dosage;
  const line = lineOf(conversion, statement);
  const headed = line.filter(
    ({ heading, text }) => /posologie|dose|dosage|fr[ée]quence|rythme/i.test(heading) && /[\p{L}\d]/u.test(text),
  );
  const cells = headed.length > 0 ? headed : line.filter(({ text }) => howToTake.test(text));
  const pointer = child(statement, "text");
  const said = [conversion.reader.textOf(pointer), conversion.reader.sentence(pointer)];
  const words = cells.map(({ text }) => text).join(" ; ") || said.find((each) => each && howToTake.test(each));
  const [first, ...others] = dosage;
  return words ? [{ text: words, ...first }, ...others] : dosage;
}

/** Words that tell how a medicine is taken, where the entry points to them rather than to its name. */
const howToTake =
  /\b(matin|midi|soir|coucher|repas|fois|prises?|(si|au) besoin|si douleur|par (jour|semaine|mois)|toutes les|tous les|quotidien|hebdomadaire|mensuel)|\/ ?j(our)?\b|\b\d+ ?(-|–) ?\d+ ?(-|–) ?\d+\b/i;

/** Cells of the line about a treatment, found by what it, its code or its product points to. */
function lineOf(conversion: Conversion, statement: XmlElement): readonly LabelledCell[] {
  const material = materialOf(statement);
  const pointers = [
    child(statement, "text"),
    child(child(material, "code"), "originalText"),
    child(material, "name"),
    child(child(statement, "code"), "originalText"),
  ];
  for (const pointer of pointers) {
    const cells = conversion.reader.cells(pointer);
    if (cells.length > 0) return cells;
  }
  return [];
}

/** Yes/no remarks of a line (long-term illness, off-label, not reimbursed…) and notes to the pharmacist, in words. */
export function remarksOf(conversion: Conversion, statement: XmlElement, named?: CodeableConcept): Annotation[] {
  const kinds = new Set<string>();
  if (hasTemplate(statement, fr("42.3"))) kinds.add("Traitement au long cours");
  if (hasTemplate(statement, fr("42.4"))) kinds.add("Traitement aigu");
  const kind = kindOf(conversion, statement);
  if (kind) kinds.add(kind);
  const remarks: Annotation[] = [...kinds].map((text) => ({ text }));
  remarks.push(...furtherAuthors(conversion, statement));
  remarks.push(...nameRemark(materialOf(statement), named));
  const priority = conversion.concept(child(statement, "priorityCode"));
  const isCoded = isPlanned(statement) && urgency(priority);
  if (priority?.text && !isCoded) remarks.push({ text: `Priorité : ${priority.text}` });
  for (const each of related(statement)) {
    const inner = each.statement;
    if (inner.name === "act" && hasTemplate(inner, fr("34"), fr("207"), pcc("3.1"))) {
      const text = conversion.reader.textOf(child(inner, "text"));
      const by = hasTemplate(inner, fr("207")) ? "Du" : "Au";
      if (text && !/^[-–—]$/.test(text)) remarks.push({ text: `${by} dispensateur : ${text}` });
    }
  }
  remarks.push(...findingsIn(conversion, statement));
  for (const precondition of children(statement, "precondition")) {
    const criterion = child(precondition, "criterion");
    const name = attribute(child(criterion, "code"), "displayName");
    const value = inWords(observationValue(child(criterion, "value"), conversion.reader));
    if (name && (value === "oui" || value === "non")) remarks.push({ text: `${name} : ${value}` });
  }
  for (const { step } of stepsOf(statement))
    remarks.push(...commentsOf(conversion, step), ...remarksOf(conversion, step));
  return remarks;
}

/** Codes of "a medicine is given", which say no more than the entry does. */
const plainKinds = new Set(["DRUG", "MEDADMIN", "182832007", "432102000", "416118004", "18629005"]);

/** What kind of treatment it is said to be, where its code says more than that it is one. */
function kindOf(conversion: Conversion, statement: XmlElement): string | undefined {
  if (statement.name !== "substanceAdministration") return undefined;
  const kind = conversion.concept(child(statement, "code"));
  const product = conversion.concept(child(materialOf(statement), "code"));
  const isPlain = kind?.coding?.some(({ code }) => plainKinds.has(code ?? "")) || isAbsence(kind);
  const isProduct =
    kind?.text === product?.text ||
    kind?.coding?.some(({ code }) => product?.coding?.some((each) => each.code === code));
  return isPlain || isProduct || !kind?.text || isFilling(kind.text) ? undefined : kind.text;
}

/** Findings within a treatment or a vaccination, in words; those of some relations are told elsewhere. */
export function findingsIn(
  conversion: Conversion,
  statement: XmlElement,
  isTold: (type: string) => boolean = () => true,
): { text: string }[] {
  return related(statement).flatMap(({ statement: finding, type, isInverted }) => {
    if (type === "RSON" || !isTold(type)) return [];
    const text = findingInWords(conversion, finding, type, isInverted);
    return text ? [{ text }] : [];
  });
}

/** A finding within a treatment: what it led to, or what was measured or remarked for it. */
function findingInWords(
  conversion: Conversion,
  finding: XmlElement,
  type: string,
  isInverted: boolean,
): string | undefined {
  if (finding.name !== "observation" || isQualifying(finding) || hasTemplate(finding, fr("48.17"))) return undefined;
  const text = conversion.reader.textOf(child(finding, "text"));
  const value = inWords(observationValue(child(finding, "value"), conversion.reader)) ?? text;
  const isDenied = isNegated(finding);
  if (isProblem(finding)) {
    if (value === undefined) return undefined;
    const label = type === "CAUS" ? (isInverted ? "Cause" : "Conséquence") : "Lié à";
    return `${label} : ${isDenied ? "pas de " : ""}${value}`;
  }
  const name = conversion.concept(child(finding, "code"))?.text;
  if (!name || value === undefined) return undefined;
  return `${name} : ${isDenied ? deniedWords(value) : value}`;
}

/** What was, or is to be, supplied of a treatment or a vaccine (FR-Prescription), in words. */
export function suppliedIn(supply: XmlElement): { text: string }[] {
  const amount = quantity(child(supply, "quantity"));
  const time = isPlanned(supply) ? undefined : recordedTime(child(child(supply, "performer"), "time"));
  const day = time?.value ?? time?.low ?? time?.high;
  const word = isPlanned(supply) ? "prescrite" : "délivrée";
  return [
    ...(amount?.value === undefined ? [] : [{ text: `Quantité ${word} : ${inWords({ valueQuantity: amount })}` }]),
    ...(isPlanned(supply) ? renewalWords(supply) : []),
    ...prescribedIn(supply),
    ...(day ? [{ text: `Délivré le ${dateInWords(day, "fr")}` }] : []),
  ];
}

/** When and by whom it was prescribed (author of the prescription): "Prescrit le 2 janvier 2023 par Ada MODELE". */
function prescribedIn(supply: XmlElement): { text: string }[] {
  const day = participationTime(supply, "author");
  const name = humanName(at(supply, "author", "assignedAuthor", "assignedPerson", "name"));
  const said = [day && `le ${dateInWords(day, "fr")}`, name && `par ${nameText(name)}`].filter(Boolean);
  return said.length > 0 ? [{ text: `Prescrit ${said.join(" ")}` }] : [];
}
