import type { CodeableConcept, Composition, CompositionEvent, Reference } from "../../../../fhir/index.ts";
import { writeAssignedEntity, writeCode } from "../../header.ts";
import { element, pieces, type XmlPiece } from "../../xml.ts";
import { writeConcept } from "../codes.ts";
import { writeInterval } from "../entries/shared.ts";
import { assigned, type PeopleContext, whoIs, writeIdentity, writeOrganization } from "../identity.ts";
import type { DocumentKind } from "../kinds.ts";

/** The event whose act is the main one of the document: the first that says when. */
export function mainEvent({ event }: Composition): CompositionEvent | undefined {
  const acts = event?.filter(isAct);
  return acts?.find(({ period }) => period?.start !== undefined) ?? acts?.[0];
}

/** Of an event without code and period only the people are known: they had a part in the meeting. */
export const isAct = ({ code, period }: CompositionEvent): boolean =>
  (code?.length ?? 0) > 0 || period?.start !== undefined || period?.end !== undefined;

export interface WrittenActs {
  /** The main act where it has several codes or words of its own: a plain code is written by the header. */
  readonly code: XmlPiece | undefined;
  /** Who did the main act; `undefined` when nobody says. */
  readonly performers: readonly XmlPiece[] | undefined;
  /** The further acts. */
  readonly acts: readonly XmlPiece[];
}

/**
 * The acts that a document is about (documentationOf), after the main one, which the header writes itself.
 * @param isAuthor - Tells the author of the document.
 */
export function writeActs(
  composition: Composition,
  kind: DocumentKind,
  isAuthor: (who: Reference) => boolean,
  context: PeopleContext,
): WrittenActs {
  const main = mainEvent(composition);
  const others = (composition.event ?? []).filter((event) => event !== main && isAct(event));
  const performersOf = ({ detail }: CompositionEvent) =>
    (detail ?? []).flatMap((who) => writePerformerOfAct(who, isAuthor(who), context) ?? []);
  // The main act has one code, in some models always the same.
  const [first, ...codes] = main?.code ?? [];
  const lost = kind.act && first && !first.coding?.some(({ code }) => code === kind.act?.code) ? [first] : [];
  // What the patient writes is what the patient did, as the header says unless somebody else is named.
  const isPatientAlone =
    context.header.author === "patient" && main?.detail?.every((who) => whoIs(who, context).isPatient) === true;
  const performers = main && !isPatientAlone ? performersOf(main) : [];
  return {
    code: kind.act ? undefined : writeWholeCode(first),
    performers: performers.length > 0 ? performers : undefined,
    acts: [
      ...[...lost, ...codes].map((code) => writeAct(code, main, [])),
      ...others.flatMap((event) => {
        const [own, ...more] = event.code ?? [];
        return [writeAct(own, event, performersOf(event)), ...more.map((code) => writeAct(code, event, []))];
      }),
    ],
  };
}

function writeWholeCode(concept: CodeableConcept | undefined): XmlPiece | undefined {
  const { coding = [], text } = concept ?? {};
  const isPlain = coding.length < 2 && (!text || text === coding[0]?.display);
  if (isPlain) return undefined;
  return writeConcept("code", {
    ...concept,
    coding: coding.map((one) => ({ ...one, display: one.display ?? one.code })),
  });
}

function writeAct(
  code: CodeableConcept | undefined,
  event: CompositionEvent | undefined,
  performers: readonly XmlPiece[],
): XmlPiece {
  const { start, end } = event?.period ?? {};
  return element(
    "documentationOf",
    {},
    element(
      "serviceEvent",
      {},
      code && writeConcept("code", code),
      start || end ? writeInterval("effectiveTime", start, end) : undefined,
      performers,
    ),
  );
}

/** The CI-SIS wants a cadre d'exercice of whoever did the act: that of the author where theirs is unknown. */
function writePerformerOfAct(who: Reference, isAuthor: boolean, context: PeopleContext): XmlPiece | undefined {
  const { author } = context.header;
  const performer = (entity: XmlPiece) => element("performer", { typeCode: "PRF" }, entity);
  if (author === "patient") {
    const identity = writeIdentity(who, context, { ...assigned, isInHeader: true });
    return identity && performer(element("assignedEntity", {}, identity));
  }
  if (isAuthor) return performer(writeAssignedEntity(author));
  const identity = writeIdentity(who, context, { person: "assignedPerson", isInHeader: true });
  const { organization } = whoIs(who, context);
  if (!identity && !organization) return undefined;
  const setting = writeCode("standardIndustryClassCode", author.organization.practiceSetting);
  return performer(
    element(
      "assignedEntity",
      {},
      pieces(identity ?? element("id", { nullFlavor: "UNK" })),
      organization
        ? writeOrganization("representedOrganization", organization, context, setting)
        : element("representedOrganization", {}, setting),
    ),
  );
}
