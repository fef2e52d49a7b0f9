/** A document of the seed before it takes its form: who, when, what, and who may see it. */
import type {
  AllergyIntolerance,
  Condition,
  DiagnosticReport,
  FamilyMemberHistory,
  Immunization,
  MedicationRequest,
  MedicationStatement,
  Observation,
  Procedure,
} from "@carnet/sdk/fhir";
import type { Accent, LetterBlock } from "./letter/letter.ts";
import type { Person } from "./people.ts";
import type { SeedProfessional, SeedStructure } from "./professionals.ts";
import { oidOf } from "./unique-id.ts";

/** A fact that a section of a document states. */
export type Fact =
  | AllergyIntolerance
  | Condition
  | DiagnosticReport
  | FamilyMemberHistory
  | Immunization
  | MedicationRequest
  | MedicationStatement
  | Observation
  | Procedure;

/** A section of a structured document: a LOINC code, a title, facts and, where there are none, words. */
export interface Section {
  readonly code: string;
  readonly title: string;
  readonly facts?: readonly Fact[];
  readonly text?: string;
}

/** What every document has. */
interface DocumentBase {
  /** Name of the document within the patient's history: its identifiers are made from it. */
  readonly key: string;
  readonly person: Person;
  /** Code of the document type (R100). */
  readonly type: string;
  readonly title: string;
  readonly author: SeedProfessional;
  readonly structure?: SeedStructure;
  /** Creation, ISO 8601 UTC. */
  readonly date: string;
  /** Act; the creation when absent. */
  readonly act?: { readonly start: string; readonly end?: string };
  readonly visibility?: {
    readonly hiddenFromProfessionals?: boolean;
    readonly invisibleToPatient?: boolean;
    readonly invisibleToRepresentatives?: boolean;
  };
  readonly isArchived?: boolean;
  /** Key of the document that this one replaces. */
  readonly replaces?: string;
}

/** A letter on paper: CDA level 1 around a PDF or a text. */
export interface LetterDocument extends DocumentBase {
  readonly kind: "letter";
  readonly body: readonly LetterBlock[];
  readonly recipient?: readonly string[];
  readonly unit?: string;
  readonly accent?: Accent;
  /** `text`: plain text, as machines print their sheets. PDF by default. */
  readonly form?: "pdf" | "text";
}

/** Facts in sections: CDA level 3. */
export interface StructuredDocument extends DocumentBase {
  readonly kind: "structured";
  readonly sections: readonly Section[];
}

/** Facts in sections, kept as a FHIR document. */
export interface FhirDocument extends DocumentBase {
  readonly kind: "fhir";
  readonly sections: readonly Section[];
}

export type SeedDocument = LetterDocument | StructuredDocument | FhirDocument;

/** The producer's identifier of a document (`uniqueId`), the same at each start. */
export function uniqueIdOf(document: Pick<DocumentBase, "person" | "key">): string {
  return oidOf(`${document.person.id}/${document.key}`);
}

/** A history: a patient's documents, oldest first, and who may read them. */
export interface History {
  readonly person: Person;
  readonly documents: readonly SeedDocument[];
  /** Account ids of the professionals whom the patient authorised (R54), with the day it was declared. */
  readonly authorised?: readonly { readonly account: string; readonly since: string }[];
  /** Account ids of the professionals whom the patient blocked (R59). */
  readonly blocked?: readonly { readonly account: string; readonly since: string }[];
  /** Account id of the referring doctor (R62). */
  readonly referringDoctor?: string;
  /** Closing date of the record, when it is closed (R15). */
  readonly closedOn?: string;
}
