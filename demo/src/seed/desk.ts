/** Writes the documents of one person, so that a history reads as a list of what happened. */
import type { MedicationStatement, Observation } from "@carnet/sdk/fhir";
import { daysAfter } from "./calendar.ts";
import type { FhirDocument, LetterDocument, Section, SeedDocument, StructuredDocument } from "./document.ts";
import { type Finding, foundObservation, type Measure, measuredObservation } from "./facts/laboratory.ts";
import { type LetterBlock, table, text } from "./letter/letter.ts";
import type { Person } from "./people.ts";
import { professionals, type SeedProfessional } from "./professionals.ts";
import { laboratorySection, prescriptionSection, type SynthesisFacts, synthesisSections } from "./sections.ts";

type Extra = Partial<Omit<SeedDocument, "kind" | "key" | "person" | "type" | "title" | "author" | "date">>;

export class Desk {
  readonly person: Person;

  constructor(person: Person) {
    this.person = person;
  }

  /** A letter on paper. */
  letter(
    key: string,
    type: string,
    title: string,
    author: SeedProfessional,
    date: string,
    body: readonly LetterBlock[],
    extra: Extra & Partial<Pick<LetterDocument, "recipient" | "unit" | "accent" | "form">> = {},
  ): LetterDocument {
    return { kind: "letter", key, person: this.person, type, title, author, date, body, ...extra };
  }

  /** A structured document. */
  structured(
    key: string,
    type: string,
    title: string,
    author: SeedProfessional,
    date: string,
    sections: readonly Section[],
    extra: Extra = {},
  ): StructuredDocument {
    return { kind: "structured", key, person: this.person, type, title, author, date, sections, ...extra };
  }

  /** The same, kept as a FHIR document. */
  fhir(
    key: string,
    type: string,
    title: string,
    author: SeedProfessional,
    date: string,
    sections: readonly Section[],
    extra: Extra = {},
  ): FhirDocument {
    return { ...this.structured(key, type, title, author, date, sections, extra), kind: "fhir" };
  }

  /** The treating doctor's synthesis (VSM). */
  synthesis(date: string, facts: SynthesisFacts, extra: Extra & { readonly key?: string } = {}): StructuredDocument {
    const { key = "synthesis", ...rest } = extra;
    return this.structured(
      key,
      "SYNTH",
      "Synthèse médicale",
      professionals.martin,
      date,
      synthesisSections(facts),
      rest,
    );
  }

  /** A laboratory report. */
  laboratory(
    date: string,
    results: {
      readonly chemistry?: readonly Measure[];
      readonly haematology?: readonly Measure[];
      readonly serology?: readonly Finding[];
    },
    extra: Extra & { readonly key?: string; readonly title?: string; readonly author?: SeedProfessional } = {},
  ): StructuredDocument {
    const {
      key = `laboratory-${date.slice(0, 10)}`,
      title = "Compte rendu d'examens biologiques",
      author,
      ...rest
    } = extra;
    const measured = (measures: readonly Measure[] = []): Observation[] =>
      measures.map((one) => measuredObservation(one, date));
    const found = (findings: readonly Finding[] = []): Observation[] =>
      findings.map((one) => foundObservation(one, date));
    const sections = [
      ...(results.chemistry ? [laboratorySection("chemistry", measured(results.chemistry))] : []),
      ...(results.haematology ? [laboratorySection("haematology", measured(results.haematology))] : []),
      ...(results.serology ? [laboratorySection("serology", found(results.serology))] : []),
    ];
    return this.structured(key, "11502-2", title, author ?? professionals.laurent, date, sections, rest);
  }

  /** A prescription of drugs, valid twelve weeks unless said otherwise. */
  prescription(
    key: string,
    author: SeedProfessional,
    date: string,
    treatments: readonly MedicationStatement[],
    { days = 84, ...extra }: Extra & { readonly days?: number } = {},
  ): StructuredDocument {
    const effectivePeriod = { start: date, end: daysAfter(date, days) };
    const sections = [prescriptionSection(treatments.map((one) => ({ ...one, effectivePeriod })))];
    return this.structured(key, "57833-6", "Ordonnance de médicaments", author, date, sections, extra);
  }

  /** The same on paper: what a patient is handed. */
  paperPrescription(
    key: string,
    author: SeedProfessional,
    date: string,
    treatments: readonly MedicationStatement[],
    extra: Extra = {},
  ): LetterDocument {
    const rows = treatments.map((one) => [one.medicationReference?.display ?? "", one.dosage?.[0]?.text ?? ""]);
    const body = [table(["Médicament", "Posologie"], ...rows), text("Qsp un mois, à renouveler deux fois.")];
    return this.letter(key, "57833-6", "Ordonnance de médicaments", author, date, body, extra);
  }
}
