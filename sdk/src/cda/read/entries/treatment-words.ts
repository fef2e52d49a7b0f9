import { dateInWords } from "../../../fhir/date-words.ts";
import type { Dosage } from "../../../fhir/index.ts";
import { nameText } from "../actors.ts";
import type { Conversion } from "../conversion.ts";
import { humanName } from "../names.ts";
import { fr, isPlanned, pcc, related } from "../statements.ts";
import type { LabelledCell } from "../table-lines.ts";
import { participationTime, recordedTime } from "../times.ts";
import { inWords, observationValue, quantity } from "../values.ts";
import { at, attribute, child, children, hasTemplate, type XmlElement } from "../xml.ts";
import { materialOf } from "./products.ts";
import { renewalWords } from "./renewals.ts";

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
export function remarksOf(conversion: Conversion, statement: XmlElement): { text: string }[] {
  const remarks: { text: string }[] = [];
  if (hasTemplate(statement, fr("42.3"))) remarks.push({ text: "Traitement au long cours" });
  if (hasTemplate(statement, fr("42.4"))) remarks.push({ text: "Traitement aigu" });
  for (const each of related(statement)) {
    const inner = each.statement;
    if (inner.name === "act" && hasTemplate(inner, fr("34"), fr("207"), pcc("3.1"))) {
      const text = conversion.reader.textOf(child(inner, "text"));
      const by = hasTemplate(inner, fr("207")) ? "Du" : "Au";
      if (text && !/^[-–—]$/.test(text)) remarks.push({ text: `${by} dispensateur : ${text}` });
    }
    if (inner.name !== "observation" || !hasTemplate(inner, fr("48"), pcc("13"))) continue;
    const name = attribute(child(inner, "code"), "displayName");
    const value =
      inWords(observationValue(child(inner, "value"), conversion.reader)) ??
      conversion.reader.textOf(child(inner, "text"));
    if (name && value !== undefined) remarks.push({ text: `${name} : ${value}` });
  }
  for (const precondition of children(statement, "precondition")) {
    const criterion = child(precondition, "criterion");
    const name = attribute(child(criterion, "code"), "displayName");
    const value = inWords(observationValue(child(criterion, "value"), conversion.reader));
    if (name && (value === "oui" || value === "non")) remarks.push({ text: `${name} : ${value}` });
  }
  return remarks;
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
