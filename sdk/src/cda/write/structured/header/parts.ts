import type { Bundle, Composition, Encounter, EncounterParticipant, Reference } from "../../../../fhir/index.ts";
import { nameText } from "../../../read/actors.ts";
import { oidOfSystem } from "../../../read/code-systems.ts";
import { readIdentifier } from "../../checks.ts";
import { CdaInputError } from "../../errors.ts";
import { writeAssignedEntity, writeRelatedDocument, writeSigner } from "../../header.ts";
import type { HeaderParts } from "../../header-data.ts";
import { toHl7Time } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { targetOf } from "../bundle-header.ts";
import { wordsOf } from "../codes.ts";
import { writeEntryAuthor } from "../entries/people.ts";
import type { FhirToCdaOptions } from "../fhir-to-cda.ts";
import {
  assigned,
  isDocumentAuthor,
  professionalNumber,
  whoIs,
  writeIdentity,
  writeOrganization,
} from "../identity.ts";
import type { DocumentKind } from "../kinds.ts";
import type { SectionContext } from "../sections.ts";
import { placedInHeader } from "../told/placed.ts";
import { toldOf } from "../told/told.ts";
import { isAct, writeActs } from "./acts.ts";
import { writeMeeting } from "./meeting.ts";
import { isReferringDoctor, participationsOf, referringDoctor, writeParticipations } from "./participations.ts";
import { isContact, type WrittenRelative, writePatientContact, writeRelatedPerson } from "./relatives.ts";

/** What the header says beyond patient, author and act, and the words for what no place of it can hold. */
export interface WrittenParts {
  readonly parts: HeaderParts;
  readonly words: readonly string[];
}

/**
 * Writes whom and what the Composition names: further authors, signers, who keeps the document, who took part in its
 * meeting and where, relatives of the patient, acts, other documents.
 *
 * @throws {CdaInputError} names somebody, or a document, of whom the Bundle has neither resource nor words
 */
export function writeHeaderParts(
  bundle: Bundle,
  composition: Composition,
  kind: DocumentKind,
  options: FhirToCdaOptions,
  context: SectionContext,
): WrittenParts {
  const { header } = context;
  const meeting = encounterOf(composition, context);
  const isAuthor = (who: Reference | undefined) =>
    header.author !== "patient" && (isDocumentAuthor(who, context) || isUnnumberedAuthor(who, composition, context));
  const people = peopleOf(composition, meeting, isAuthor, context);
  const participations = people.flatMap(({ participant, path }) =>
    whoIs(participant.individual, context).relative ? [] : participationsOf(participant, context, path),
  );
  const relatives = relativesOf(bundle, people, context);
  const placed = writeParticipations(participations, context);
  const { code, performers, acts } = writeActs(composition, kind, isAuthor, context);
  const [legal, ...others] = signers(composition, isAuthor, context);
  const all = (name: "guardians" | "informants" | "participants") => relatives.flatMap((each) => each[name]);
  return {
    parts: {
      guardians: all("guardians"),
      authors: composition.author.slice(1).flatMap((who) => writeEntryAuthor(who, composition.date, context) ?? []),
      dataEnterer: placed.dataEnterer,
      informants: [...all("informants"), ...placed.informants],
      custodian: options.author === undefined ? custodianOf(composition, context) : undefined,
      recipients: placed.recipients,
      // Nobody signed what another writes now.
      legalAuthenticator: options.author === undefined ? legal : undefined,
      authenticators: others.flatMap((each) => each ?? []),
      participants: [...placed.participants, ...all("participants")],
      actCode: code,
      performers,
      acts,
      relatedDocuments: relatedDocumentsOf(composition, options),
      encounter: meeting && writeMeeting(meeting, participations, header, context),
    },
    words: [
      ...relatives.flatMap(({ words }) => words),
      ...people.flatMap(({ participant }) => unplacedInWords(participant, context)),
      ...(meeting && !isListed(composition.section, meeting, context) ? meetingInWords(bundle, meeting, context) : []),
    ],
  };
}

/** LOINC: the section of meetings. */
export const meetings = "46240-8";

function encounterOf(composition: Composition, { resolve }: SectionContext): Encounter | undefined {
  const found = resolve(composition.encounter);
  return found?.resourceType === "Encounter" ? found : undefined;
}

/** The author whose number the options supply; one of another number is somebody else, and stays who did what they did. */
function isUnnumberedAuthor(who: Reference | undefined, { author }: Composition, context: SectionContext): boolean {
  const found = context.resolve(who);
  const { practitioner } = whoIs(who, context);
  return found !== undefined && found === context.resolve(author[0]) && professionalNumber(practitioner) === undefined;
}

interface Participant {
  readonly participant: EncounterParticipant;
  readonly path: string;
}

/** Those of the meeting, those of an event that tells nothing else, and the referring doctor of the patient. */
function peopleOf(
  composition: Composition,
  meeting: Encounter | undefined,
  isAuthor: (who: Reference | undefined) => boolean,
  context: SectionContext,
): readonly Participant[] {
  const inMeeting = (meeting?.participant ?? []).map((participant, index) => ({
    participant,
    path: `Composition.encounter.participant[${index}]`,
  }));
  const named = (composition.event ?? []).flatMap((event, place) =>
    isAct(event)
      ? []
      : (event.detail ?? []).map((individual, index) => ({
          participant: { individual },
          path: `Composition.event[${place}].detail[${index}]`,
        })),
  );
  const isNamed = inMeeting.some(({ participant }) => participant.type?.some(isReferringDoctor));
  const subject = context.resolve(composition.subject);
  const doctor = subject?.resourceType === "Patient" ? subject.generalPractitioner?.[0] : undefined;
  const isPerson = doctor && whoIs(doctor, context).practitioner !== undefined;
  return [
    ...inMeeting,
    ...named,
    ...(isPerson && !isNamed && !isAuthor(doctor)
      ? [{ participant: { individual: doctor, type: [referringDoctor] }, path: "Patient.generalPractitioner[0]" }]
      : []),
  ];
}

/** Relatives named in the meeting, those to call or to trust wherever the Bundle describes them, contacts of the Patient. */
function relativesOf(
  bundle: Bundle,
  people: readonly Participant[],
  context: SectionContext,
): readonly WrittenRelative[] {
  const inMeeting = people.flatMap(({ participant }) => whoIs(participant.individual, context).relative ?? []);
  const resources = (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
  const contacts = resources.filter((one) => one.resourceType === "RelatedPerson").filter(isContact);
  const subject = resources.find((one) => one.resourceType === "Patient");
  return [
    ...[...new Set([...contacts, ...inMeeting])].map(writeRelatedPerson),
    ...(subject?.resourceType === "Patient" ? (subject.contact ?? []).map(writePatientContact) : []),
  ];
}

/** What the header cannot hold of a part taken: that of a relative, or of nobody who is named. */
function unplacedInWords({ type, individual }: EncounterParticipant, context: SectionContext): readonly string[] {
  const name = whoIs(individual, context).relative?.name?.[0];
  if (individual && !name) return [];
  const who = name ? [nameText(name)] : [];
  return (type ?? []).map((one) => `Participant : ${[...who, wordsOf(one)].join(", ")}`);
}

/** Whoever answers for the document first, `undefined` where that is its author as always; then the others. */
function signers(
  { attester = [] }: Composition,
  isAuthor: (who: Reference | undefined) => boolean,
  context: SectionContext,
): readonly (XmlPiece | undefined)[] {
  const legal = attester.find(({ mode, party }) => mode === "legal" && party);
  const written = (one: NonNullable<Composition["attester"]>[number], name: Parameters<typeof writeSigner>[0]) => {
    const entity = signerOf(one.party, isAuthor, context);
    const place = `Composition.attester[${attester.indexOf(one)}]`;
    if (!entity) throw new CdaInputError("cda-input-shape", `${place}.party`);
    return writeSigner(name, one.time && toHl7Time(one.time, `${place}.time`), entity);
  };
  return [
    legal && written(legal, "legalAuthenticator"),
    ...attester.filter((one) => one !== legal && one.party).map((one) => written(one, "authenticator")),
  ];
}

function signerOf(
  party: Reference | undefined,
  isAuthor: (who: Reference | undefined) => boolean,
  context: SectionContext,
): XmlPiece | undefined {
  const { author } = context.header;
  if (author !== "patient" && isAuthor(party)) return writeAssignedEntity(author);
  const identity = writeIdentity(party, context, { ...assigned, isInHeader: true });
  return identity && element("assignedEntity", {}, identity);
}

/** Whoever keeps the document, when it is not the structure of its author. */
function custodianOf({ custodian }: Composition, context: SectionContext): XmlPiece | undefined {
  const { author } = context.header;
  const { organization } = whoIs(custodian, context);
  if (!organization?.name) return undefined;
  const isOwn =
    author !== "patient" && organization.identifier?.some(({ value }) => value === author.organization.id) === true;
  return isOwn ? undefined : writeOrganization("representedCustodianOrganization", organization, context);
}

const relations: Readonly<Record<string, "APND" | "RPLC" | "XFRM">> = {
  appends: "APND",
  replaces: "RPLC",
  transforms: "XFRM",
};

/** The other documents that this one does something to; the first that it replaces is written by the header. */
function relatedDocumentsOf({ relatesTo = [] }: Composition, { replaces }: FhirToCdaOptions): readonly XmlPiece[] {
  const inHeader = relatesTo.find(({ code }) => code === "replaces");
  return relatesTo.flatMap((each, index) => {
    const place = `Composition.relatesTo[${index}]`;
    const typeCode = relations[each.code];
    if (!typeCode) throw new CdaInputError("cda-input-shape", `${place}.code`);
    if (each === inHeader && replaces !== undefined) return [];
    const id = targetOf(each);
    if (id === undefined) throw new CdaInputError("cda-input-missing", `${place}.targetIdentifier.value`);
    const target = readIdentifier(id, `${place}.targetIdentifier.value`);
    return each === inHeader ? [] : [writeRelatedDocument(typeCode, target)];
  });
}

/** `true` when a section tells the meeting whole. */
function isListed(sections: Composition["section"], meeting: Encounter, context: SectionContext): boolean {
  return (sections ?? []).some(
    ({ entry, section }) =>
      entry?.some((one) => context.resolve(one) === meeting) || isListed(section, meeting, context),
  );
}

/** What no place of the header holds of the meeting: its reason, its diagnoses, how it went. */
function meetingInWords(bundle: Bundle, meeting: Encounter, context: SectionContext): readonly string[] {
  const index = bundle.entry?.findIndex(({ resource }) => resource === meeting);
  const { identifier, ...rest } = meeting;
  const unwritten = identifier?.filter(({ system }) => !system || oidOfSystem(system) === undefined) ?? [];
  const told = { ...rest, ...(unwritten.length > 0 ? { identifier: unwritten } : {}) };
  return toldOf(told, { ...context, sectionCode: meetings }, `Bundle.entry[${index}].resource`, placedInHeader());
}
