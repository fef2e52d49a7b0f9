import type { Bundle, Composition, CompositionSection, FhirResource, Observation } from "../../../fhir/index.ts";
import { codeSystem } from "../../../fhir/systems.ts";
import { CdaInputError } from "../errors.ts";
import { writeDocument } from "../header.ts";
import type { WrapAuthor, WrapPatient } from "../wrap-input.ts";
import { element } from "../xml.ts";
import { arrange, provisional } from "./arrange.ts";
import { readBundleHeader } from "./bundle-header.ts";
import { type Resolve, resolver, uuidSequence } from "./context.ts";
import { isInError } from "./entries/shared.ts";
import { meetings, writeHeaderParts } from "./header/parts.ts";
import { narrativeOf } from "./narrative.ts";
import { writeSection } from "./sections.ts";
import { isFact } from "./told/placed.ts";

/** What the Bundle does not say, or what must be said otherwise. Every member may be left out. */
export interface FhirToCdaOptions {
  /** Identity of the document; by default `Bundle.identifier`. */
  readonly uniqueId?: string;
  /** Shared by all versions; by default `Composition.identifier`, else `replaces`, else the uniqueId. */
  readonly setId?: string;
  /** Default: 2 when the document replaces another, else 1. */
  readonly version?: number;
  /** uniqueId of the document this one replaces; by default `Composition.relatesTo` with code `replaces`. */
  readonly replaces?: string;
  /** Replaces what the Bundle says of the patient. */
  readonly patient?: WrapPatient;
  /**
   * Replaces what the Bundle says of the author and their structure, and signs; `"patient"` for the patient's own documents.
   * An author of another national number stays who did what the Bundle says they did.
   */
  readonly author?: WrapAuthor | "patient";
  /** Secteur d'activité where the author's Organization has no type of TRE_R02. */
  readonly facilityType?: string;
  /** Cadre d'exercice where the Organization has no type of TRE_A01; by default derived from the facility type. */
  readonly practiceSetting?: string;
  /** The author is the referring doctor (médecin traitant). */
  readonly isReferringDoctor?: boolean;
}

/**
 * Writes a FHIR R4 document as structured CDA (level 3) with a complete CI-SIS header: coded entries, and beside them the
 * narrative that says the same, tied by identifiers. Reading the result with `cdaToFhir` finds every fact again.
 *
 * The type of the Composition chooses the content model: `SYNTH` medical synthesis (VSM), `60591-5` patient summary,
 * `11502-2` laboratory report, `11369-6` vaccination history, `87273-9` vaccination note, `11490-0` discharge letter (LDL-SES), `57833-6`
 * prescription; any other type of JDV_J07 becomes a document of coded sections.
 *
 * The Bundle holds, in this order or any other:
 * - `Bundle.identifier` = uniqueId (`urn:oid:…` or `urn:uuid:…`), type `document`, first entry the Composition;
 * - `Composition`: `type`, `title`, `date` (of creation), `event[0].period` (of the act), `subject`, `author[0]`, `custodian`, `section[]`
 *   with LOINC `code`, `title`, `entry[]` and, for words without a fact, `text.div`. Sections of a synthesis may stand flat;
 * - `Patient`: INS in `identifier`, name `official` (birth name, first names) and `usual` (in use), `gender`, `birthDate`,
 *   extension patient-birthPlace with the INSEE code (`…insee-code`, or `valueAddress.district`);
 * - author: the `Patient` for the patient's own documents, else `PractitionerRole` (code `G15_10` or `10` of TRE_G15, specialty `SM26`, organization) → `Practitioner` (identifier
 *   with the RPPS, name) and `Organization` (national identifier, name, type of TRE_R02 and TRE_A01);
 * - facts: Condition, AllergyIntolerance, MedicationStatement, MedicationRequest, Immunization, Observation, DiagnosticReport,
 *   Procedure, FamilyMemberHistory, DeviceUseStatement, DeviceRequest, SupplyDelivery, MedicationDispense, AdverseEvent, ImagingStudy, MedicationAdministration (contrast medium), Consent (directive), ServiceRequest, ImmunizationRecommendation, Goal, Encounter, Appointment,
 *   DocumentReference (a file, in `attachment.data` or a Binary of the Bundle); RelatedPerson (ECON, NOK, GUARD) for contacts. Treatments in section 57828-6 are prescribed;
 * - `Composition.encounter`: the meeting or stay, with those who took part in it and where. What the header cannot hold of it is told in a last section.
 *
 * @returns XML text; encode it as UTF-8.
 * @throws {CdaInputError} names the field that is missing, malformed, outside its value set, or a resource that no entry can hold or no section lists.
 */
export function fhirToCda(bundle: Bundle, options: FhirToCdaOptions = {}): string {
  const composition = compositionOf(bundle);
  // A document would state what its author has taken back.
  if (composition.status === "entered-in-error") throw new CdaInputError("cda-input-shape", "Composition.status");
  const find = resolver(bundle);
  const reached = new Set<FhirResource>();
  const resolve: Resolve = (reference, from) => {
    const found = find(reference, from);
    if (found) reached.add(found);
    return found;
  };
  const { header, kind } = readBundleHeader(bundle, composition, resolve, options);
  const counters = new Map<string, number>();
  const context = {
    kind: kind.name,
    header,
    resolve: ((reference, from) =>
      reference?.reference === statusAddress ? status : resolve(reference, from)) satisfies Resolve as Resolve,
    named: find,
    stay: resolve(composition.encounter),
    nextUuid: uuidSequence(`${header.id.root}^${header.id.extension ?? ""}`),
    nextId(prefix: string) {
      const count = (counters.get(prefix) ?? 0) + 1;
      counters.set(prefix, count);
      return `${prefix}-${count}`;
    },
  };
  const status = documentStatus(composition);
  const { parts, words } = writeHeaderParts(bundle, composition, kind, options, context);
  const sections = [
    ...(composition.status === "preliminary" ? provisional(kind, composition.section ?? []) : []),
    ...arrange(kind, composition.section ?? [], { reference: statusAddress }),
    ...(words.length > 0 ? [meetingSection(words)] : []),
  ];
  if (sections.length === 0) throw new CdaInputError("cda-input-missing", "Composition.section");
  const body = sections.map((section, index) => writeSection(section, context, `Composition.section[${index}]`));
  refuseUnlisted(bundle, reached);
  return writeDocument({ ...header, parts }, element("structuredBody", {}, body));
}

/** What no part of the header holds of whom and what it names. */
function meetingSection(words: readonly string[]): CompositionSection {
  return {
    title: "Prise en charge",
    code: { coding: [{ system: codeSystem.loinc, code: meetings, display: "Historique des prises en charge" }] },
    text: { status: "generated", div: narrativeOf(words) },
  };
}

/** @throws {CdaInputError} names a fact of the Bundle that no section lists, nor another fact as a part of it: it would be lost. */
function refuseUnlisted(bundle: Bundle, reached: ReadonlySet<FhirResource>): void {
  for (const [index, { resource }] of (bundle.entry ?? []).entries())
    if (resource && isFact(resource) && !isInError(resource) && !reached.has(resource))
      throw new CdaInputError("cda-input-unlisted", `Bundle.entry[${index}].resource`);
}

const statusAddress = "#carnet-document-status";

/** Whether the letter is final, as the models that ask for it say it (Statut du document). */
function documentStatus(composition: Composition): Observation {
  const isFinal = composition.status !== "preliminary";
  const value = isFinal ? ["9571008", "approuvé"] : ["385651009", "en cours d'exécution"];
  const display = "Statut du document";
  return {
    resourceType: "Observation",
    status: "final",
    code: { coding: [{ system: "urn:oid:1.2.250.1.213.1.1.4.322", code: "GEN-065", display }], text: display },
    ...(composition.date ? { effectiveDateTime: composition.date.slice(0, 10) } : {}),
    valueCodeableConcept: { coding: [{ system: codeSystem.snomed, code: value[0] ?? "", display: value[1] ?? "" }] },
  };
}

function compositionOf(bundle: Bundle): Composition {
  const found = bundle?.entry?.find(({ resource }) => resource?.resourceType === "Composition")?.resource;
  if (found?.resourceType !== "Composition") throw new CdaInputError("cda-input-missing", "Bundle.entry[0].resource");
  return found;
}
