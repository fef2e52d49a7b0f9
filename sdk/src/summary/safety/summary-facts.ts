import type {
  Bundle,
  CodeableConcept,
  Composition,
  FhirResource,
  Medication,
  MedicationDispense,
  MedicationRequest,
  MedicationStatement,
  Reference,
} from "fhir/r4.js";
import * as extensionUrl from "../../fhir/extension-urls.ts";
import { type FactReading, readFact } from "../reading.ts";
import { earliestOf } from "./time.ts";

export type ResourceOf<T extends FhirResource["resourceType"]> = Extract<FhirResource, { resourceType: T }>;

/** One resource of a summary with its address. */
export interface SummaryFact<T extends FhirResource = FhirResource> {
  readonly url: string;
  readonly resource: T;
  readonly reading: FactReading;
}

/** What is known about a kind of fact: nobody wrote anything, somebody wrote "none", or there are facts. */
export type Knowledge = "unknown" | "known-none" | "stated";

/** A summary, read once: facts by kind, with their standing. Accepts any FHIR document Bundle. */
export class SummaryFacts {
  readonly bundle: Bundle;
  readonly #byUrl = new Map<string, FhirResource>();
  readonly #byKind = new Map<string, { readonly url: string; readonly resource: FhirResource }[]>();
  #sections: Map<string, string> | undefined;
  readonly #read = new Map<string, readonly SummaryFact[]>();

  constructor(bundle: Bundle) {
    this.bundle = bundle;
    for (const { fullUrl, resource } of bundle.entry ?? []) {
      if (!resource) continue;
      if (fullUrl) this.#byUrl.set(fullUrl, resource);
      if (resource.id) this.#byUrl.set(`${resource.resourceType}/${resource.id}`, resource);
    }
    for (const { fullUrl, resource } of bundle.entry ?? []) {
      if (!resource) continue;
      const url = fullUrl ?? `${resource.resourceType}/${resource.id ?? ""}`;
      const list = this.#byKind.get(resource.resourceType);
      if (list) list.push({ url, resource });
      else this.#byKind.set(resource.resourceType, [{ url, resource }]);
    }
  }

  /** Read when a kind is first asked for: most of a summary is results, and few questions are about them. */
  #of(kind: string): readonly SummaryFact[] {
    const known = this.#read.get(kind);
    if (known) return known;
    const resolve = (reference: string) => this.#byUrl.get(reference);
    const read = (this.#byKind.get(kind) ?? []).map((one) => ({ ...one, reading: readFact(one.resource, resolve) }));
    this.#read.set(kind, read);
    return read;
  }

  /** Facts of a kind that stand (neither refuted, nor withdrawn, nor a statement of absence). */
  facts<T extends FhirResource["resourceType"]>(kind: T): readonly SummaryFact<ResourceOf<T>>[] {
    return this.#of(kind).filter(({ reading }) => reading.standing === "fact") as unknown as SummaryFact<
      ResourceOf<T>
    >[];
  }

  /** Does somebody write that there is nothing of this kind? Facts may stand beside it: past ones, or a contradiction. */
  saysNone(...kinds: readonly FhirResource["resourceType"][]): boolean {
    return this.absences(...kinds).length > 0;
  }

  /** The statements that there is nothing of these kinds. */
  absences(...kinds: readonly FhirResource["resourceType"][]): readonly SummaryFact[] {
    return kinds.flatMap((kind) => this.#of(kind)).filter(({ reading }) => reading.standing === "absence");
  }

  knows(...kinds: readonly FhirResource["resourceType"][]): Knowledge {
    const standings = new Set(kinds.flatMap((kind) => this.#of(kind)).map(({ reading }) => reading.standing));
    if (standings.has("fact")) return "stated";
    return standings.has("absence") ? "known-none" : "unknown";
  }

  resolve(reference: Reference | undefined): FhirResource | undefined {
    return reference?.reference === undefined ? undefined : this.#byUrl.get(reference.reference);
  }

  get composition(): Composition | undefined {
    return this.#byKind.get("Composition")?.[0]?.resource as Composition | undefined;
  }

  /** LOINC code of the section that lists an entry; of several, of the first. */
  sectionOf(url: string): string | undefined {
    if (this.#sections === undefined) {
      this.#sections = new Map();
      for (const { code, entry } of this.composition?.section ?? []) {
        const loinc = code?.coding?.[0]?.code;
        for (const { reference } of entry ?? [])
          if (loinc && reference && !this.#sections.has(reference)) this.#sections.set(reference, loinc);
      }
    }
    return this.#sections.get(url);
  }

  get patient(): SummaryFact<ResourceOf<"Patient">> | undefined {
    return this.#of("Patient")[0] as SummaryFact<ResourceOf<"Patient">> | undefined;
  }

  /** Codes and names of a medicine: of the fact, of its Medication, and the parts of a preparation apart. */
  medicine(
    resource: MedicationStatement | MedicationRequest | MedicationDispense | ResourceOf<"MedicationAdministration">,
  ): {
    readonly concept: CodeableConcept;
    readonly ingredients: readonly CodeableConcept[];
  } {
    const given = resource.medicationCodeableConcept;
    const reference = resource.medicationReference;
    const target = reference?.reference?.startsWith("#")
      ? resource.contained?.find((one) => `#${one.id}` === reference.reference)
      : this.resolve(reference);
    const medication: Medication | undefined = target?.resourceType === "Medication" ? target : undefined;
    const text = given?.text ?? medication?.code?.text ?? reference?.display;
    const concept: CodeableConcept = {
      coding: [...(given?.coding ?? []), ...(medication?.code?.coding ?? [])],
      ...(text ? { text } : {}),
    };
    const ingredients = (medication?.ingredient ?? [])
      .filter((one) => one.isActive !== false)
      .flatMap((one) => one.itemCodeableConcept ?? []);
    return { concept, ingredients };
  }
}

/** Does the record say that the person has died? A date that lies ahead says so of nobody. */
export function isDeceased({ patient }: SummaryFacts, now: string): boolean {
  const { deceasedBoolean, deceasedDateTime } = patient?.resource ?? {};
  if (deceasedDateTime === undefined) return deceasedBoolean === true;
  return (earliestOf(deceasedDateTime) ?? "") <= now.slice(0, 10);
}

/** uniqueIds of the documents that state a fact, newest first. */
export function sourcesOf(resource: FhirResource): string[] {
  const extensions = "extension" in resource ? (resource.extension ?? []) : [];
  const others = extensions.flatMap((one) => (one.url === extensionUrl.factSource ? (one.valueUri ?? []) : []));
  return [...(resource.meta?.source ? [resource.meta.source] : []), ...others];
}

/** The words of a concept: its text, else its first display, else its code. */
export function wordsOf(concept: CodeableConcept | undefined): string {
  const coding = concept?.coding;
  return concept?.text || coding?.find((one) => one.display)?.display || coding?.find((one) => one.code)?.code || "";
}
