/** Every way of looking into a record, and what the model expects of some. A new route is added here, and walked. */
import type { Bundle } from "@carnet/sdk/fhir";
import { token } from "../documents.ts";
import type { TestPatient } from "../people.ts";
import type { ModelDocument } from "./record-model.ts";
import type { Answer, Place } from "./watched-carnet.ts";

export interface ReadingContext {
  readonly patient: TestPatient;
  readonly recordId: string;
  /** Some document of the record, seen or not. */
  readonly target: ModelDocument | undefined;
  readonly at: Place;
}

export interface ReadingOutcome extends ReadingContext {
  readonly answer: Answer;
  readonly visible: readonly ModelDocument[];
  readonly isAllowed: boolean;
}

export interface Reading {
  readonly name: string;
  /** Undefined: nothing to look at yet. */
  path(context: ReadingContext): string | undefined;
  /** GET unless given. */
  readonly method?: "POST";
  /** The address names one document: a hidden one must answer as one that never was. */
  readonly isOfOneDocument?: boolean;
  check?(outcome: ReadingOutcome): void;
}

const ALL = "status=current,superseded";
const idsOf = (answer: Answer): readonly string[] => {
  const bundle: Bundle = JSON.parse(answer.body);
  return (bundle.entry ?? []).flatMap(({ resource }) => (resource?.id ? [resource.id] : []));
};

/** The documents of a search are those of the model, all of them and no other. */
function sameDocuments({ answer, visible, isAllowed }: ReadingOutcome): void {
  if (isAllowed !== (answer.status === 200)) throw new Error(`${answer.about}: the model says ${isAllowed}`);
  if (!isAllowed) return;
  const found = [...idsOf(answer)].sort();
  const expected = visible.map(({ id }) => id).sort();
  if (found.join() !== expected.join()) {
    throw new Error(`${answer.about}\nfound    ${found.join()}\nexpected ${expected.join()}`);
  }
}

const search =
  (parameters: string) =>
  ({ patient }: ReadingContext) =>
    `/DocumentReference?patient.identifier=${token(patient)}&${parameters}`;
const ofOne =
  (path: (document: ModelDocument, patient: TestPatient) => string) =>
  ({ target, patient }: ReadingContext) =>
    target && path(target, patient);

export const readings: readonly Reading[] = [
  { name: "status", path: ({ patient }) => `/Patient?identifier=${token(patient)}` },
  {
    name: "search",
    path: search(`${ALL}&_count=200`),
    check: (outcome) => sameDocuments({ ...outcome, visible: outcome.visible.filter(({ isArchived }) => !isArchived) }),
  },
  { name: "search archived", path: search(`${ALL}&isArchived=true&_count=200`) },
  { name: "search a page", path: search("status=current&_count=1") },
  { name: "search by type", path: search("status=current&type=http://loinc.org|60591-5") },
  { name: "search by label", path: search(`${ALL}&security-label=MASQUE_PS`) },
  {
    name: "search by uniqueId",
    isOfOneDocument: true,
    path: ofOne(
      ({ uniqueId }, patient) =>
        `/DocumentReference?patient.identifier=${token(patient)}&${ALL}&identifier=${encodeURIComponent(uniqueId)}`,
    ),
  },
  {
    name: "search what replaces it",
    isOfOneDocument: true,
    path: ofOne(
      ({ id }, patient) =>
        `/DocumentReference?patient.identifier=${token(patient)}&${ALL}&related=DocumentReference/${id}`,
    ),
  },
  {
    name: "lots",
    path: ({ patient }) => `/List?patient.identifier=${token(patient)}&code=submissionset&status=current`,
  },
  {
    name: "lots of a day with their documents",
    path: ({ patient }) =>
      `/List?patient.identifier=${token(patient)}&code=submissionset&status=current&_include=List:item&_lastUpdated=ge2026-01-01`,
  },
  {
    name: "folders with their documents",
    path: ({ patient }) =>
      `/List?patient.identifier=${token(patient)}&code=folder,pinned&status=current&_include=List:item`,
  },
  {
    name: "search with versions, lots and folders",
    path: search(`${ALL}&_include=DocumentReference:relatesto&_revinclude=List:item`),
  },
  { name: "search every word", path: search(`${ALL}&_content=titre*`) },
  {
    name: "search its words",
    isOfOneDocument: true,
    path: ofOne(
      ({ substance, title }, patient) =>
        `/DocumentReference?patient.identifier=${token(patient)}&${ALL}&_content=${title.length % 2 ? title : substance}`,
    ),
  },
  { name: "notices", path: ({ patient }) => `/Communication?patient.identifier=${token(patient)}&category=notice` },
  { name: "messages", path: ({ patient }) => `/Communication?patient.identifier=${token(patient)}&category=message` },
  { name: "appointments", path: ({ patient }) => `/Appointment?patient.identifier=${token(patient)}` },
  { name: "the record", path: ({ recordId }) => `/Patient/${recordId}` },
  {
    name: "a copy of everything",
    method: "POST",
    path: ({ recordId }) => `/Patient/${recordId}/$export-record`,
    check: wholeCopy,
  },
  {
    name: "rights",
    isOfOneDocument: true,
    path: ofOne(({ id }) => `/DocumentReference/${id}/$rights`),
  },
  { name: "summary", path: ({ patient }) => `/Patient/$summary?identifier=${token(patient)}` },
  { name: "traces", path: ({ patient }) => `/AuditEvent?patient.identifier=${token(patient)}&_count=200` },
  {
    name: "traces as a file",
    path: ({ patient }) => `/AuditEvent/$download?patient.identifier=${token(patient)}&_format=csv`,
  },
  { name: "relatives", path: ({ patient }) => `/RelatedPerson?patient.identifier=${token(patient)}` },
  { name: "consents", path: ({ patient }) => `/Consent?patient.identifier=${token(patient)}` },
  {
    name: "metadata",
    isOfOneDocument: true,
    path: ofOne(({ id }) => `/DocumentReference/${id}`),
    check: onlyIfVisibleOrOfStructure,
  },
  { name: "content", isOfOneDocument: true, path: ofOne(({ id }) => `/Bundle/${id}`), check: onlyIfVisible },
  { name: "content as a file", isOfOneDocument: true, path: ofOne(({ id }) => `/Binary/${id}`) },
];

/** R171: every document that its reader may see, and it is theirs alone. */
function wholeCopy({ answer, at, visible, isAllowed }: ReadingOutcome): void {
  const isHolders = at.person.kind === "holder" || at.person.kind === "representative";
  if (answer.status === 200 && !isHolders) throw new Error(`${answer.about}: it is not theirs to copy`);
  if (!isAllowed || !isHolders) return;
  const missing = visible.filter(({ substance }) => !answer.body.includes(substance));
  if (missing.length > 0) throw new Error(`${answer.about}: without ${missing.map(({ title }) => title).join()}`);
}

/** R79: a structure finds again what was written in its name. */
function onlyIfVisibleOrOfStructure(outcome: ReadingOutcome): void {
  if (outcome.at.person.kind !== "establishment") onlyIfVisible(outcome);
}

function onlyIfVisible({ answer, visible, target, isAllowed }: ReadingOutcome): void {
  const isVisible = isAllowed && target !== undefined && visible.includes(target);
  if (isVisible !== (answer.status === 200)) throw new Error(`${answer.about}: the model says ${isVisible}`);
}
