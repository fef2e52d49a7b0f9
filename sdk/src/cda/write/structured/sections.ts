import type { CarePlan, CompositionSection, DiagnosticReport, FhirResource, Observation } from "../../../fhir/index.ts";
import { CdaInputError } from "../errors.ts";
import { toFrenchDate } from "../times.ts";
import { element, type XmlPiece } from "../xml.ts";
import { fixedCode, loincOid, templates, wordsOf, writeConcept } from "./codes.ts";
import type { EntryContext, WrittenFact } from "./context.ts";
import { writeAdverseEvent } from "./entries/adverse-event.ts";
import { writeAllergy } from "./entries/allergy.ts";
import { writeAttachment } from "./entries/attachment.ts";
import { writeCollections } from "./entries/collection.ts";
import { writeContrast } from "./entries/contrast.ts";
import { writeDeviceDelivery, writeDeviceRequest, writeDeviceUse } from "./entries/device.ts";
import { writeDirective } from "./entries/directive.ts";
import { writeDispense } from "./entries/dispense.ts";
import { writeFamilyHistory } from "./entries/family.ts";
import { writeImagingStudy } from "./entries/imaging.ts";
import { writeImmunization } from "./entries/immunization.ts";
import { writeReports } from "./entries/laboratory-report.ts";
import { writeMedication } from "./entries/medication.ts";
import { writeAppointment, writeEncounterFact } from "./entries/meeting.ts";
import { kindOfObservation, type ObservationKind, writeObservations, writeOrganizer } from "./entries/observation.ts";
import { writeGoal, writeRecommendations, writeServiceRequest } from "./entries/plan.ts";
import { writeProblem } from "./entries/problem.ts";
import { writeProcedure } from "./entries/procedure.ts";
import { isInError } from "./entries/shared.ts";
import { paragraphsOf, type Row, writeNarrative } from "./narrative.ts";
import { laboratoryChapter, laboratoryDetail, longTermTreatment, sectionModel } from "./section-models.ts";
import { withTold } from "./told/told.ts";

/** What writing a section needs beyond the section itself. */
export type SectionContext = Omit<EntryContext, "sectionCode" | "sectionTitle">;

/** A section with its sub-sections, its narrative and its entries. */
export function writeSection(section: CompositionSection, context: SectionContext, path: string): XmlPiece {
  const coding = section.code?.coding?.[0];
  const sectionCode = coding?.code ?? "";
  const inner: EntryContext = { ...context, sectionCode, sectionTitle: section.title };
  const { facts, placeOf, reported } = factsOf(section, inner, path);
  const nested = (section.section ?? []).map((one, index) => writeSection(one, context, `${path}.section[${index}]`));
  const observations = facts.filter((fact): fact is Observation => fact.resourceType === "Observation");
  const title = section.title ?? coding?.display;
  const told = paragraphsOf(section.text?.div);
  const words = [
    ...told,
    ...facts.flatMap((fact) =>
      fact.resourceType === "DiagnosticReport"
        ? (fact.conclusion?.split("\n") ?? []).filter((line) => line !== "" && !isSaid(line, told))
        : [],
    ),
    ...facts.flatMap((fact) => (fact.resourceType === "CarePlan" ? carePlanWords(fact, section.title) : [])),
  ];
  if (context.kind === "laboratory" && observations.length > 0)
    return writeLaboratoryChapter(section, facts, told, nested, inner, placeOf, reported);
  const written = writeFacts(facts, inner, placeOf);
  const isTreatmentChapter = context.kind === "synthesis" && sectionCode === "18776-5" && facts.length === 0;
  const model = isTreatmentChapter ? longTermTreatment : sectionModel(sectionCode);
  return element(
    "component",
    {},
    element(
      "section",
      {},
      templates(...(model?.templateIds ?? [])),
      element("id", { root: context.nextUuid() }),
      writeSectionCode(section, model?.display),
      title && element("title", {}, title),
      words.length > 0 || written.rows.length > 0 || nested.length === 0
        ? writeNarrative(words, written.rows)
        : undefined,
      written.entries,
      nested,
    ),
  );
}

/** An imaging report's conclusion is the narrative of its section: once is enough. */
function isSaid(words: string, paragraphs: readonly string[]): boolean {
  const bare = (text: string) => text.replace(/\s+/g, "");
  return bare(paragraphs.join("")).includes(bare(words));
}

function writeSectionCode(section: CompositionSection, display: string | undefined): XmlPiece | undefined {
  const coding = section.code?.coding?.[0];
  if (!coding?.code) return undefined;
  if (display !== undefined) return fixedCode("code", coding.code, display, loincOid);
  return writeConcept("code", {
    coding: [{ ...coding, ...(coding.display ? {} : { display: section.title ?? coding.code }) }],
  });
}

/** A care plan has no entry: what it gathers stands in the section, its own words are told. */
function carePlanWords(plan: CarePlan, sectionTitle: string | undefined): readonly string[] {
  const period = [plan.period?.start, plan.period?.end].flatMap((date) => (date ? [toFrenchDate(date)] : []));
  const activities = (plan.activity ?? []).flatMap(({ detail }) =>
    detail ? [[wordsOf(detail.code), detail.description].filter(Boolean).join(" : ")] : [],
  );
  return [
    ...(plan.title && plan.title !== sectionTitle ? [plan.title] : []),
    ...(plan.description ? [plan.description] : []),
    ...(period.length > 0 ? [`Période : ${period.join(" - ")}`] : []),
    ...activities,
    ...(plan.note ?? []).map((note) => note.text),
  ].filter((words) => words !== "");
}

/** Chapter of a laboratory report: an outer section with the title, an inner one with results. */
function writeLaboratoryChapter(
  section: CompositionSection,
  facts: readonly FhirResource[],
  told: readonly string[],
  nested: readonly XmlPiece[],
  context: EntryContext,
  placeOf: PlaceOf,
  reported: SectionFacts["reported"],
): XmlPiece {
  const code = writeSectionCode(section, undefined);
  const observations = facts.filter((fact): fact is Observation => fact.resourceType === "Observation");
  const chapter = code ?? element("code", { nullFlavor: "NA" });
  const written = writeReports(
    { reported, observations, chapter, placeOf, isTold: (words) => isSaid(words, told) },
    context,
  );
  const others = writeFacts(
    facts.filter((fact) => fact.resourceType !== "Observation" && fact.resourceType !== "DiagnosticReport"),
    context,
    placeOf,
  );
  const plans = facts.flatMap((fact) => (fact.resourceType === "CarePlan" ? carePlanWords(fact, section.title) : []));
  return element(
    "component",
    {},
    element(
      "section",
      {},
      templates(...laboratoryChapter),
      code,
      section.title && element("title", {}, section.title),
      element(
        "component",
        {},
        element(
          "section",
          {},
          templates(...laboratoryDetail),
          code,
          writeNarrative([...told, ...plans], [...written.rows, ...others.rows]),
          written.entries,
          others.entries,
        ),
      ),
      nested,
    ),
  );
}

type PlaceOf = (fact: FhirResource) => string;

interface SectionFacts {
  readonly facts: readonly FhirResource[];
  /** Where a fact stands in the Composition, to name it when it is refused. */
  readonly placeOf: PlaceOf;
  /** Results of each report. */
  readonly reported: ReadonlyMap<DiagnosticReport, readonly Observation[]>;
}

/**
 * Resources of a section in their order, each once; a report stands for its results, in its place. What was entered in error
 * is no fact: CDA has no word for it, and it would read as one.
 */
function factsOf(section: CompositionSection, context: EntryContext, path: string): SectionFacts {
  const places = new Map<FhirResource, string>();
  const owners = new Map<FhirResource, FhirResource>();
  const placeOf = (fact: FhirResource) => places.get(fact) ?? path;
  const take = (fact: FhirResource, place: string, owner?: FhirResource): FhirResource[] => {
    refuseUnsayable(fact, place);
    if (owner && !owners.has(fact)) owners.set(fact, owner);
    if (places.has(fact)) return [];
    places.set(fact, place);
    return [fact];
  };
  const listed = (section.entry ?? []).flatMap((reference, index) => {
    const resource = context.resolve(reference);
    const place = `${path}.entry[${index}]`;
    if (!resource) throw new CdaInputError("cda-input-missing", place);
    if (isInError(resource)) return [];
    if (resource.resourceType !== "DiagnosticReport") return take(resource, place);
    const results = resultsOf(resource, context, place).flatMap((fact) => take(fact, place, resource));
    return [...take(resource, place), ...results, ...filesOf(resource)];
  });
  const known = new Set(listed);
  const taken = listed.flatMap((fact) => [
    fact,
    ...membersOf(fact, context, placeOf(fact), known).flatMap((member) =>
      take(member, placeOf(fact), owners.get(fact)),
    ),
  ]);
  const wholes = new Map(taken.map((fact) => [fact, withTold(fact, context, placeOf(fact))]));
  for (const [fact, whole] of wholes) places.set(whole, placeOf(fact));
  const reported = new Map<DiagnosticReport, readonly Observation[]>();
  for (const [fact, whole] of wholes) {
    const report = wholes.get(owners.get(fact) ?? fact);
    if (report?.resourceType !== "DiagnosticReport") continue;
    const results = reported.get(report) ?? [];
    reported.set(report, whole.resourceType === "Observation" ? [...results, whole] : results);
  }
  return { facts: [...wholes.values()], placeOf, reported };
}

/** The files of a report stand beside it. */
function filesOf({ presentedForm, status }: DiagnosticReport): FhirResource[] {
  return (presentedForm ?? []).map((attachment) => ({
    resourceType: "DocumentReference",
    status: status === "entered-in-error" ? status : "current",
    content: [{ attachment }],
  }));
}

/** What would change the meaning of a fact, or has no form in CDA, is refused rather than left out. */
function refuseUnsayable(fact: FhirResource, path: string): void {
  for (const member of ["modifierExtension", "implicitRules", "valueSampledData"])
    if (member in fact) throw new CdaInputError("cda-input-shape", `${path}.${member}`);
  if (fact.resourceType === "AdverseEvent" && fact.actuality === "potential")
    throw new CdaInputError("cda-input-shape", `${path}.actuality`);
}

/** Results that only their panel points at: a panel of CDA does not hold them, they stand behind it. */
function membersOf(
  panel: FhirResource,
  context: EntryContext,
  path: string,
  known: Set<FhirResource>,
): readonly FhirResource[] {
  if (panel.resourceType !== "Observation") return [];
  return (panel.hasMember ?? []).flatMap((reference, index) => {
    const member = context.resolve(reference, panel);
    const place = `${path}.hasMember[${index}]`;
    // One that stands elsewhere is told by its name, in the words of the panel.
    if (!member && reference.display) return [];
    if (!member) throw new CdaInputError("cda-input-missing", place);
    refuseUnsayable(member, place);
    if (known.has(member) || isInError(member)) return [];
    known.add(member);
    return [member, ...membersOf(member, context, place, known)];
  });
}

function resultsOf(report: DiagnosticReport, context: EntryContext, path: string): readonly FhirResource[] {
  return (report.result ?? []).flatMap((reference, index) => {
    const resource = context.resolve(reference, report);
    if (!resource) throw new CdaInputError("cda-input-missing", `${path}.result[${index}]`);
    return isInError(resource) ? [] : [resource];
  });
}

interface WrittenFacts {
  readonly entries: readonly XmlPiece[];
  readonly rows: readonly Row[];
}

function writeFacts(facts: readonly FhirResource[], context: EntryContext, placeOf: PlaceOf): WrittenFacts {
  const entries: XmlPiece[] = [];
  const rows: Row[] = [];
  const collections = writeCollections(
    facts.filter((fact) => fact.resourceType === "Observation"),
    context,
  );
  const within = { ...context, sampleNumbers: collections.numbers };
  entries.push(...collections.entries.map((entry) => element("entry", {}, entry)));
  rows.push(...collections.rows);
  const grouped = new Map<
    string,
    { kind: "result" | "vital-sign"; when: string | undefined; observations: XmlPiece[] }
  >();
  facts.forEach((fact) => {
    if (fact.resourceType === "Observation") {
      const kind = kindOfObservation(fact, context.sectionCode);
      const written = writeObservations(fact, kind, within, placeOf(fact));
      rows.push(...written.rows);
      if (isGrouped(kind)) addToGroup(grouped, kind, fact.effectiveDateTime, written.entries);
      else entries.push(...written.entries.map((entry) => element("entry", {}, entry)));
      return;
    }
    if (fact.resourceType === "ImmunizationRecommendation") {
      const written = writeRecommendations(fact, context, placeOf(fact));
      rows.push(...written.rows);
      entries.push(...written.entries.map((entry) => element("entry", {}, entry)));
      return;
    }
    const written = writeFact(fact, context, placeOf(fact));
    if (!written) return;
    rows.push(...written.rows);
    if (!written.entry) return;
    entries.push(element("entry", isTreatment(fact) ? { typeCode: "DRIV" } : {}, written.entry));
  });
  for (const { kind, when, observations } of grouped.values())
    entries.push(element("entry", {}, writeOrganizer(kind, when, observations, context)));
  return { entries, rows };
}

function isGrouped(kind: ObservationKind): kind is "result" | "vital-sign" {
  return kind === "result" || kind === "vital-sign";
}

function isTreatment(fact: FhirResource): boolean {
  return fact.resourceType === "MedicationStatement" || fact.resourceType === "MedicationRequest";
}

function addToGroup(
  groups: Map<string, { kind: "result" | "vital-sign"; when: string | undefined; observations: XmlPiece[] }>,
  kind: "result" | "vital-sign",
  when: string | undefined,
  observations: readonly XmlPiece[],
): void {
  const key = `${kind} ${when ?? ""}`;
  const group = groups.get(key);
  if (group) group.observations.push(...observations);
  else groups.set(key, { kind, when, observations: [...observations] });
}

/** A fact that no entry can hold is refused: left out, it would be lost without a word. */
function writeFact(fact: FhirResource, context: EntryContext, path: string): WrittenFact | undefined {
  switch (fact.resourceType) {
    case "Condition":
      return writeProblem(fact, context);
    case "AllergyIntolerance":
      return writeAllergy(fact, context);
    case "MedicationStatement":
    case "MedicationRequest":
      return writeMedication(fact, context);
    case "Immunization":
      return writeImmunization(fact, context);
    case "Procedure":
      return writeProcedure(fact, context);
    case "FamilyMemberHistory":
      return writeFamilyHistory(fact, context);
    case "DeviceUseStatement":
      return writeDeviceUse(fact, context, path);
    case "ServiceRequest":
      return writeServiceRequest(fact, context);
    case "Goal":
      return writeGoal(fact, context);
    case "Encounter":
      return writeEncounterFact(fact, context, path);
    case "Appointment":
      return writeAppointment(fact, context);
    case "DocumentReference":
      return writeAttachment(fact, context, path);
    case "DeviceRequest":
      return writeDeviceRequest(fact, context, path);
    case "SupplyDelivery":
      return writeDeviceDelivery(fact, context, path);
    case "MedicationDispense":
      return writeDispense(fact, context);
    case "MedicationAdministration":
      return writeContrast(fact, context);
    case "ImagingStudy":
      return writeImagingStudy(fact, context);
    case "AdverseEvent":
      return writeAdverseEvent(fact, context, path);
    case "Consent":
      return writeDirective(fact, context, path);
    case "CarePlan":
    case "DiagnosticReport":
      return undefined;
    default:
      throw new CdaInputError("cda-input-shape", `${path}.resourceType`);
  }
}
