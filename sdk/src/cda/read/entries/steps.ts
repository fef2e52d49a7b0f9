import type { CodeableConcept, Dosage } from "../../../fhir/index.ts";
import type { Conversion } from "../conversion.ts";
import { filled } from "../filled.ts";
import { fr, isNegated, pcc, related, statusOf } from "../statements.ts";
import { inWords, observationValue } from "../values.ts";
import { attribute, child, hasTemplate, readEach, type XmlElement } from "../xml.ts";
import { dosage, doseInWords } from "./posology.ts";
import { stepsOf } from "./step-entries.ts";

/** Dosage of a treatment: its own, then its steps in their order, each with what is told of it. */
export function dosages(conversion: Conversion, treatment: XmlElement): Dosage[] {
  const own = dosage(conversion, treatment);
  const all: Dosage[] = own ? [own] : [];
  const steps = stepDosages(conversion, treatment);
  all.push(...steps.dosages);
  const instructions = instructionsOf(conversion, treatment);
  const condition = conditionOfUse(conversion, treatment);
  if (all.length === 0 && (instructions || condition)) all.push({});
  const first = all[0];
  if (first && instructions)
    first.patientInstruction = first.patientInstruction ? `${instructions}\n${first.patientInstruction}` : instructions;
  if (first && condition) first.asNeededCodeableConcept ??= condition;
  // Steps within steps count anew: one order for all of them.
  if (steps.isNested) for (const [index, each] of steps.dosages.entries()) each.sequence = index + 1;
  return all.filter((each) => Object.keys(each).length > 0);
}

function stepDosages(conversion: Conversion, treatment: XmlElement): { dosages: Dosage[]; isNested: boolean } {
  const found: Dosage[] = [];
  let isNested = false;
  for (const { step, sequence } of stepsOf(treatment)) {
    const label = labelOfLeftOut(step);
    const own = label ? leftOut(conversion, step, label) : stepDosage(conversion, step);
    const inner = label ? { dosages: [], isNested: false } : stepDosages(conversion, step);
    if (inner.dosages.length === 0) {
      if (own) found.push(filled({ sequence, ...own }));
      continue;
    }
    isNested = true;
    const { timing, ...rest } = own ?? {};
    // A step that only says when its own steps hold says it of each of them.
    const isFrame = Object.keys(rest).length === 0;
    if (own && !isFrame) found.push(own);
    for (const each of inner.dosages) found.push(isFrame && timing ? { ...each, timing: within(timing, each) } : each);
  }
  return { dosages: found, isNested };
}

function within(frame: NonNullable<Dosage["timing"]>, { timing }: Dosage): NonNullable<Dosage["timing"]> {
  return { ...frame, ...timing, ...filled({ repeat: { ...frame.repeat, ...timing?.repeat } }) };
}

function stepDosage(conversion: Conversion, step: XmlElement): Dosage | undefined {
  const coded = dosage(conversion, step);
  // Words that a step points to are its posology where no code tells it.
  const text = coded ? undefined : conversion.reader.textOf(child(step, "text"));
  const said = filled<Dosage>({
    text,
    ...coded,
    asNeededCodeableConcept: conditionOfUse(conversion, step),
    patientInstruction: instructionsOf(conversion, step),
  });
  return Object.keys(said).length > 0 ? said : undefined;
}

/** What is said of a step that is not, or no longer, to be taken; `undefined` for one that is. */
function labelOfLeftOut(step: XmlElement): string | undefined {
  return isNegated(step) ? "Ne pas prendre" : labels[statusOf(step) ?? ""];
}

const labels: Readonly<Record<string, string>> = {
  aborted: "Arrêté",
  cancelled: "Annulé",
  suspended: "Suspendu",
  held: "Suspendu",
};

/** In words alone: a dose in its place would be taken. */
function leftOut(conversion: Conversion, step: XmlElement, label: string): Dosage {
  const { text } = dosage(conversion, step) ?? {};
  const words = conversion.reader.textOf(child(step, "text")) ?? [text, doseInWords(step)].filter(Boolean).join(", ");
  return { text: words ? `${label} : ${words}` : label };
}

/** What the patient is told about a treatment (FR-Instructions-au-patient). */
export function instructionsOf(conversion: Conversion, treatment: XmlElement): string | undefined {
  return (
    related(treatment)
      .filter((each) => hasTemplate(each.statement, fr("33"), pcc("3")))
      .flatMap((each) => conversion.reader.textOf(child(each.statement, "text")) ?? [])
      .join("\n") || undefined
  );
}

/** When to take it; FHIR has room for one condition: several are told together. */
function conditionOfUse(conversion: Conversion, treatment: XmlElement): CodeableConcept | undefined {
  const all = readEach(treatment, "precondition", (each) => conditionOf(conversion, each));
  return all.length > 1 ? { text: all.flatMap(({ text }) => text ?? []).join(" ; ") } : all[0];
}

function conditionOf(conversion: Conversion, precondition: XmlElement): CodeableConcept | undefined {
  const criterion = child(precondition, "criterion");
  const element = child(criterion, "value");
  // A criterion checked and answered by yes or no is no condition of use: it stays a remark.
  if (attribute(element, "xsi:type") === "BL") return undefined;
  const code = conversion.concept(child(criterion, "code"));
  const value = observationValue(element, conversion.reader);
  const named = code?.coding ? code : (value.valueCodeableConcept ?? code);
  const limit = inWords(value);
  // "Systolic pressure" is no condition: "systolic pressure: at least 180" is.
  const composed = code?.text && limit && limit !== code.text ? `${code.text} : ${limit}` : (named?.text ?? limit);
  const text = conversion.reader.textOf(child(criterion, "text")) ?? composed;
  // A dash in the table says that there is no condition.
  if (text && /^[-–—]$/.test(text.trim()) && !named?.coding) return undefined;
  return named?.coding || text ? filled<CodeableConcept>({ coding: named?.coding, text }) : undefined;
}
