import type { CodeableConcept, EncounterParticipant, Period, Reference } from "../../../../fhir/index.ts";
import { CdaInputError } from "../../errors.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { writeConcept } from "../codes.ts";
import { writeInterval } from "../entries/shared.ts";
import { assigned, type PeopleContext, type RoleParts, whoIs, writeIdentity } from "../identity.ts";

/** Somebody who had a part in what the document is about, in one quality. */
export interface Participation {
  readonly who: Reference;
  /** HL7 participation type: `ATND`, `INF`, `IRCP`… */
  readonly kind: string;
  /** The quality where its words or codes say more than the type: "anesthésiste", médecin traitant. */
  readonly quality?: CodeableConcept | undefined;
  readonly period?: Period | undefined;
  /** What a role of the header holds of them. */
  readonly identity: (parts: RoleParts) => XmlPiece;
}

/** Who answers for the meeting. */
export const attendance = "ATND";
const meetingKinds: ReadonlySet<string> = new Set(["ADM", attendance, "CON", "DIS", "REF"]);

/** Participations that the schema of CDA knows; for others, and for none, somebody is an indirect target. */
const kinds =
  /^(ADM|ATND|AUTHEN|BBY|BEN|CALLBCK|CON|COV|DIS|DIST|ENT|ESC|HLD|IND|INF|IRCP|NOT|PPRF|PRCP|PRF|RCV|REF|REFB|REFT|RESP|SPRF|TRC|VRF|WIT)$/;
const unnamedKind = "IND";
const participationTypes = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

/** Function of the referring doctor (médecin traitant). */
export const referringDoctor: CodeableConcept = {
  coding: [
    {
      system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationFunction",
      code: "PCP",
      display: "Médecin traitant",
    },
  ],
};

/**
 * The participations of somebody: one for each quality.
 * @param path - Place of the participant in the Bundle.
 * @throws {CdaInputError} names somebody of whom the Bundle has neither resource nor words
 */
export function participationsOf(
  { type, period, individual }: EncounterParticipant,
  context: PeopleContext,
  path: string,
): readonly Participation[] {
  if (!individual) return [];
  const identity = (parts: RoleParts): XmlPiece => {
    const written = writeIdentity(individual, context, { ...parts, isInHeader: true });
    if (!written) throw new CdaInputError("cda-input-shape", path);
    return written;
  };
  const common = { who: individual, identity, ...(period?.start || period?.end ? { period } : {}) };
  const types = (type ?? []).filter(({ coding, text }) => text || coding?.some(({ code }) => code));
  if (types.length === 0) return [{ ...common, kind: unnamedKind }];
  return types.map((quality) => ({ ...common, ...qualityOf(quality) }));
}

function qualityOf(concept: CodeableConcept): Pick<Participation, "kind" | "quality"> {
  const { coding = [], text } = concept;
  const kind = coding.find(({ system, code }) => system === participationTypes && kinds.test(code ?? ""))?.code;
  if (kind && coding.length === 1 && (!text || text === coding[0]?.display)) return { kind };
  return { kind: kind ?? (isReferringDoctor(concept) ? "INF" : unnamedKind), quality: concept };
}

export const isReferringDoctor = ({ coding }: CodeableConcept): boolean =>
  coding?.some(({ code }) => code === "PCP") === true;

/** `true` for those whom the meeting itself names. */
export const isInMeeting = ({ kind, quality }: Participation): boolean => !quality && meetingKinds.has(kind);

/** The places of a header for those who had a part in what it is about. */
export interface WrittenParticipations {
  readonly dataEnterer: XmlPiece | undefined;
  readonly informants: readonly XmlPiece[];
  readonly recipients: readonly XmlPiece[];
  readonly participants: readonly XmlPiece[];
}

/** Everybody but those of the meeting itself, in the place that the CI-SIS gives to their quality. */
export function writeParticipations(all: readonly Participation[], context: PeopleContext): WrittenParticipations {
  const outside = all.filter((each) => !isInMeeting(each));
  const enterer = outside.find((each) => each.kind === "ENT" && isPlain(each));
  const informants = outside.filter((each) => each.kind === "INF" && isPlain(each));
  const recipients = outside.filter(
    (each) => each.kind === "IRCP" && isPlain(each) && !whoIs(each.who, context).role?.code?.length,
  );
  const placed = new Set([enterer, ...informants, ...recipients]);
  const entity = ({ identity }: Participation) => element("assignedEntity", {}, identity(assigned));
  return {
    dataEnterer: enterer && element("dataEnterer", {}, entity(enterer)),
    informants: informants.map((each) => element("informant", {}, entity(each))),
    recipients: recipients.map(({ identity }) =>
      element("informationRecipient", { typeCode: "PRCP" }, element("intendedRecipient", {}, identity(recipient))),
    ),
    participants: outside.filter((each) => !placed.has(each)).map(writeParticipant),
  };
}

const isPlain = ({ quality, period }: Participation): boolean => !quality && !period;

const recipient: RoleParts = {
  person: "informationRecipient",
  organization: "receivedOrganization",
  isWithoutCode: true,
};
const associated: RoleParts = { person: "associatedPerson", organization: "scopingOrganization" };

function writeParticipant({ kind, quality, period, identity }: Participation): XmlPiece {
  return element(
    "participant",
    { typeCode: kind },
    quality && writeConcept("functionCode", quality),
    period && writeInterval("time", period.start, period.end),
    element("associatedEntity", { classCode: "PROV" }, identity(associated)),
  );
}
