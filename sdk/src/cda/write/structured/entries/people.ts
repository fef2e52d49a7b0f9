import type { CodeableConcept, Reference } from "../../../../fhir/index.ts";
import { writeAuthor } from "../../header.ts";
import { toHl7Time } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { writeConcept } from "../codes.ts";
import { assigned, isDocumentAuthor, type PeopleContext, writeIdentity } from "../identity.ts";
import { writeTime } from "./shared.ts";

/** Who did it, as far as the Bundle says; `undefined` when it names nobody. */
export function writePerformer(
  who: Reference | undefined,
  time: string | undefined,
  context: PeopleContext,
  role?: CodeableConcept,
): XmlPiece | undefined {
  const identity = writeIdentity(who, context);
  return (
    identity &&
    element(
      "performer",
      { typeCode: "PRF" },
      role?.coding?.length ? writeConcept("sdtc:functionCode", role) : undefined,
      time === undefined ? undefined : writeTime("time", time),
      element("assignedEntity", {}, identity),
    )
  );
}

/** All who did it. */
export function writePerformers(who: readonly (Reference | undefined)[], context: PeopleContext): readonly XmlPiece[] {
  return who.flatMap((one) => writePerformer(one, undefined, context) ?? []);
}

/** Who validated a result (participant AUTHEN). */
export function writeValidator(who: Reference, context: PeopleContext): XmlPiece | undefined {
  const identity = writeIdentity(who, context, { person: "playingEntity" });
  return (
    identity &&
    element("participant", { typeCode: "AUTHEN" }, element("participantRole", { classCode: "ASSIGNED" }, identity))
  );
}

/**
 * Who recorded, asked for or told it, and when; `undefined` when the Bundle says neither. The author of the document is
 * written as in its header.
 */
export function writeEntryAuthor(
  who: Reference | undefined,
  time: string | undefined,
  context: PeopleContext,
): XmlPiece | undefined {
  if (isDocumentAuthor(who, context)) return writeAuthor(context.header, time && toHl7Time(time, "date"));
  const identity = writeIdentity(who, context, { ...assigned, isAuthor: true });
  if (!identity && time === undefined) return undefined;
  return element(
    "author",
    {},
    writeTime("time", time),
    element("assignedAuthor", {}, identity ?? element("id", { nullFlavor: "UNK" })),
  );
}
