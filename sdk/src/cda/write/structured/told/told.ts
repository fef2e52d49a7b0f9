import type {
  Annotation,
  CodeableConcept,
  DiagnosticReport,
  Encounter,
  FhirResource,
  Identifier,
  Reference,
} from "../../../../fhir/index.ts";
import { codeSystem, extensionUrl } from "../../../../fhir/systems.ts";
import { CdaInputError } from "../../errors.ts";
import { wordsOf } from "../codes.ts";
import type { EntryContext } from "../context.ts";
import { kindOfProblem } from "../entries/problem.ts";
import { labels } from "./labels.ts";
import { type Placed, placedIn } from "./placed.ts";
import { type ValueContext, valueInWords } from "./value-words.ts";

/** Elements that say nothing of the patient, or that are looked at one by one below. */
const apart: ReadonlySet<string> = new Set([
  "resourceType",
  "id",
  "meta",
  "implicitRules",
  "language",
  "text",
  "contained",
  "extension",
  "identifier",
  "category",
  "clinicalStatus",
  "verificationStatus",
  "encounter",
  "class",
]);

/**
 * What a fact says that no part of its entry can hold, in words ("Provenance : Domicile"): nothing of it is lost on paper.
 *
 * @param path - Place of the fact in the Bundle.
 * @param placed - What is written of it elsewhere, when that is no entry of its kind.
 * @throws {CdaInputError} names the element that has no words either (a file, a reference to nothing)
 */
export function toldOf(
  fact: FhirResource,
  context: EntryContext,
  path: string,
  placed: Placed | undefined = placedIn(fact.resourceType),
): readonly string[] {
  if (!placed) return [];
  const within: ValueContext = { fact, resolve: context.named };
  const { identifier, category, clinicalStatus, verificationStatus, encounter } = fact as Apart;
  const words: string[] = [];
  const tell = (name: string, values: readonly unknown[]) => {
    for (const [index, value] of values.entries())
      words.push(
        sayOne(labels[name], value, within, values.length > 1 ? `${path}.${name}[${index}]` : `${path}.${name}`),
      );
  };
  tell(
    "identifier",
    listed(identifier).filter((one) => isNumber(one, fact)),
  );
  tell(
    "category",
    listed(category).filter((one) => isSaid(one, fact, context)),
  );
  tell("clinicalStatus", listed(clinicalStatus).filter(isInWordsAlone));
  tell("verificationStatus", listed(verificationStatus).filter(isInWordsAlone));
  if (encounter && !isStay(encounter, fact, context)) tell("encounter", [encounter]);
  for (const [name, other] of otherOf(fact as Apart & FhirResource)) tell(name, [other]);
  if (fact.resourceType === "Encounter" && isOtherClass(fact)) tell("class", [fact.class]);
  for (const { url, valueString } of fact.resourceType === "Encounter" ? [] : ((fact as Apart).extension ?? []))
    if (url === extensionUrl.recordedForm && valueString) words.push(`Noté : ${valueInWords(valueString, within)}`);
  const isImaging = fact.resourceType === "DiagnosticReport" && context.sectionCode === imagingConclusion;
  if (fact.resourceType === "DiagnosticReport") words.push(...reportInWords(fact, within, context));
  const passed = isImaging ? new Set([...apart, "issued", "imagingStudy"]) : apart;
  return [...new Set([...words, ...walk(fact, placed, within, path, "", passed)])];
}

interface Apart {
  readonly identifier?: Identifier | readonly Identifier[];
  readonly category?: CodeableConcept | readonly CodeableConcept[];
  readonly clinicalStatus?: CodeableConcept;
  readonly verificationStatus?: CodeableConcept;
  readonly encounter?: Reference;
  readonly recorder?: Reference;
  readonly asserter?: Reference;
  readonly requester?: Reference;
  readonly extension?: readonly { readonly url: string; readonly valueString?: string }[];
}

const listed = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

function walk(
  value: object,
  placed: Placed,
  context: ValueContext,
  path: string,
  around: string,
  passed: ReadonlySet<string> = new Set(["id", "extension"]),
): readonly string[] {
  return Object.entries(value as Record<string, unknown>).flatMap(([name, member]) => {
    if (passed.has(name) || name.startsWith("_") || member === undefined || member === null) return [];
    const part = placed.parts.get(name);
    const label = around && labels[name] ? `${around}, ${labels[name].toLowerCase()}` : labels[name];
    if (isReadBack(value, name)) return [];
    return listed(member).flatMap((one: unknown, index) => {
      const place = Array.isArray(member) ? `${path}.${name}[${index}]` : `${path}.${name}`;
      if (isEmpty(one)) return [];
      if (!part || (part.isFirstAlone && index > 0)) return sayOne(label, one, context, place);
      if (typeof one === "string" && part.told.includes(one)) return sayOne(label, one, context, place);
      if (part.parts.size === 0 || typeof one !== "object" || one === null) return [];
      return walk(one, part, context, place, labels[name] ?? around);
    });
  });
}

/** Elements that are written in some of their forms alone. */
function isReadBack(around: object, name: string): boolean {
  const { sex, dataAbsentReason, type } = around as {
    sex?: CodeableConcept;
    dataAbsentReason?: CodeableConcept;
    type?: CodeableConcept;
  };
  switch (name) {
    case "sex":
      return /^(male|female)$/.test(sex?.coding?.[0]?.code ?? "");
    case "dataAbsentReason":
      return absences.test(dataAbsentReason?.coding?.[0]?.code ?? "") && !Object.keys(around).some(isValue);
    case "wasSubstituted":
      return (type?.coding?.length ?? 0) > 0;
    default:
      return false;
  }
}

const isValue = (name: string) => name.startsWith("value");
const absences = /^(unknown|masked|not-asked|asked-unknown|temp-unknown|not-applicable|not-performed)$/;

const isEmpty = (value: unknown) => typeof value === "object" && value !== null && Object.keys(value).length === 0;

function sayOne(label: string | undefined, value: unknown, context: ValueContext, path: string): string {
  const words = label ? valueInWords(value, context) : "";
  if (!words) throw new CdaInputError("cda-input-shape", path);
  return `${label} : ${words}`;
}

/** A number that somebody gave it; an address of its own (a UUID, an OID) says nothing to a reader. */
function isNumber({ system, value }: Identifier, fact: FhirResource): boolean {
  if (!value || /^urn:(uuid|oid):/.test(value)) return false;
  return !(fact.resourceType === "MedicationRequest" && system?.startsWith("urn:oid:"));
}

/** Read back from the section that a fact stands in, or from its entry. */
const readBack = /^(problem-list-item|encounter-diagnosis|vital-signs|laboratory|social-history|LAB|acd)$/;

function isSaid(category: CodeableConcept | string, fact: FhirResource, context: EntryContext): boolean {
  if (fact.resourceType === "AllergyIntolerance" || typeof category === "string") return false;
  const codings = category.coding ?? [];
  const isOwn = codings.some(
    ({ system, code }) =>
      system === codeSystem.loinc || code === context.sectionCode || (code !== undefined && readBack.test(code)),
  );
  const codes = fact.resourceType === "Consent" ? (fact.provision?.code ?? []) : [];
  if (
    isOwn ||
    codes.some((one) => wordsOf(one) === wordsOf(category)) ||
    (fact.resourceType === "Condition" && category === kindOfProblem(fact))
  )
    return false;
  return !/^(Radiopharmaceutique|Produit de contraste)$/.test(codings.length === 0 ? (category.text ?? "") : "");
}

/** Who made an imaging report, when, of which images: its document says it, and its conclusion is all that this section holds. */
const imagingConclusion = "19005-8";

/** Outside a laboratory report a report has no entry of its own: its results do. */
function reportInWords(report: DiagnosticReport, within: ValueContext, context: EntryContext): readonly string[] {
  const results = (report.result ?? []).map((one) => context.resolve(one, report));
  const known = results.map((one) => one?.resourceType === "Observation" && context.resolve(one.specimen, one));
  const samples = (report.specimen ?? []).filter((one) => {
    const found = context.resolve(one, report);
    return !found || !known.includes(found);
  });
  const isEntry =
    context.sectionCode === imagingConclusion ||
    (context.kind === "laboratory" && results.some((one) => one?.resourceType === "Observation"));
  const { code, effectiveDateTime, effectivePeriod, performer, resultsInterpreter } = report;
  const isTitle =
    wordsOf(code) === context.sectionTitle || code.coding?.some((one) => one.code === context.sectionCode);
  const told = {
    Prélèvement: samples,
    ...(isEntry
      ? {}
      : {
          Statut: /^(partial|cancelled)$/.test(report.status) ? report.status : undefined,
          Examen: isTitle ? undefined : code,
          Date: effectiveDateTime ?? effectivePeriod,
          Intervenant: performer,
          "Interprété par": resultsInterpreter,
        }),
  };
  return Object.entries(told).flatMap(([label, value]) => {
    const words = valueInWords(value, within);
    return words ? [`${label} : ${words}`] : [];
  });
}

/** The code of FHIR alone is written, and read again. */
const isInWordsAlone = ({ coding }: CodeableConcept) => !statusCodes.test(coding?.[0]?.code ?? "");
const statusCodes =
  /^(active|recurrence|relapse|inactive|remission|resolved|unconfirmed|provisional|differential|confirmed|refuted)$/;

/** The meeting that the document is about goes without saying. */
const isStay = (encounter: Reference, fact: FhirResource, { resolve, stay }: EntryContext) =>
  stay !== undefined && resolve(encounter, fact) === stay;

/** The code of a meeting is its type: where that is known, its class is told. */
function isOtherClass({ class: own, type }: Encounter): boolean {
  const [first] = type ?? [];
  if (!first || (!own.code && !own.display)) return false;
  return !(first.coding ?? []).some(({ code }) => code === own.code) && first.text !== own.display;
}

/** Of two who answer for a fact its entry names one. */
function otherOf({ recorder, asserter, requester, resourceType }: Apart & FhirResource): [string, Reference][] {
  const isAct = resourceType === "Procedure";
  const named = isAct ? recorder : (asserter ?? requester);
  const other = isAct ? asserter : recorder;
  const isSame = named?.reference === other?.reference && named?.display === other?.display;
  return named && other && !isSame ? [[isAct ? "asserter" : "recorder", other]] : [];
}

/** The fact with what its entry cannot hold among its notes. */
export function withTold<T extends FhirResource>(fact: T, context: EntryContext, path: string): T {
  if (tellThemselves.has(fact.resourceType)) return fact;
  const words = toldOf(fact, context, path);
  if (words.length === 0) return fact;
  if (fact.resourceType === "Appointment") return { ...fact, comment: lines(fact.comment, words) };
  if (fact.resourceType === "DiagnosticReport") return { ...fact, conclusion: lines(fact.conclusion, words) };
  return { ...fact, note: [...((fact as Noted).note ?? []), ...words.map((text) => ({ text }))] };
}

/** FHIR gives these no place for remarks: their writers tell them. */
const tellThemselves: ReadonlySet<string> = new Set([
  "AdverseEvent",
  "Consent",
  "DocumentReference",
  "Encounter",
  "ImmunizationRecommendation",
  "SupplyDelivery",
]);

type Noted = { readonly note?: readonly Annotation[] };

/** Words, and others under them. */
export const lines = (own: string | undefined, words: readonly string[]): string =>
  [...(own ? [own] : []), ...words].join("\n");
