import type { CodeableConcept, HumanName, Practitioner, Reference } from "../../../../fhir/index.ts";
import { identifierSystem } from "../../../../fhir/systems.ts";
import { writeAuthor } from "../../header.ts";
import { toHl7Time } from "../../times.ts";
import { element, pieces, type XmlPiece } from "../../xml.ts";
import { writeConcept } from "../codes.ts";
import type { EntryContext } from "../context.ts";
import { writeTime } from "./shared.ts";

const professionalRoot = "1.2.250.1.71.4.2.1";
const structureRoot = "1.2.250.1.71.4.2.2";

/** Who did it, as far as the Bundle says; `undefined` when it names nobody. */
export function writePerformer(
  who: Reference | undefined,
  time: string | undefined,
  context: EntryContext,
  role?: CodeableConcept,
): XmlPiece | undefined {
  const identity = identityOf(who, context);
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
export function writePerformers(who: readonly (Reference | undefined)[], context: EntryContext): readonly XmlPiece[] {
  return who.flatMap((one) => writePerformer(one, undefined, context) ?? []);
}

/** Who validated a result (participant AUTHEN). */
export function writeValidator(who: Reference, context: EntryContext): XmlPiece | undefined {
  const identity = identityOf(who, context, "playingEntity");
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
  context: EntryContext,
): XmlPiece | undefined {
  if (isDocumentAuthor(who, context)) return writeAuthor(context.header, time && toHl7Time(time, "date"));
  const identity = identityOf(who, context);
  if (!identity && time === undefined) return undefined;
  return element(
    "author",
    {},
    writeTime("time", time),
    element("assignedAuthor", {}, identity ?? element("id", { nullFlavor: "UNK" })),
  );
}

function isDocumentAuthor(who: Reference | undefined, context: EntryContext): boolean {
  const { author } = context.header;
  const number = numberOf(personOf(who, context));
  return author !== "patient" && number !== undefined && author.id.endsWith(number);
}

function personOf(who: Reference | undefined, context: EntryContext) {
  const found = context.resolve(who);
  return found?.resourceType === "PractitionerRole" ? context.resolve(found.practitioner, found) : found;
}

function numberOf(person: ReturnType<EntryContext["resolve"]>): string | undefined {
  const practitioner = person?.resourceType === "Practitioner" ? person : undefined;
  return practitioner?.identifier?.find(({ system }) => system === identifierSystem.professional)?.value;
}

/** What an `assignedEntity` or an `assignedAuthor` holds of somebody. */
function identityOf(
  who: Reference | undefined,
  context: EntryContext,
  personPart: "assignedPerson" | "playingEntity" = "assignedPerson",
): XmlPiece | undefined {
  const found = context.resolve(who);
  const role = found?.resourceType === "PractitionerRole" ? found : undefined;
  const person = personOf(who, context);
  const structure = role ? context.resolve(role.organization, role) : found;
  const organization = structure?.resourceType === "Organization" ? structure : undefined;
  if (person?.resourceType === "Patient") {
    const { ins } = context.header.patient;
    return element("id", { root: ins.system.replace("urn:oid:", ""), extension: ins.value });
  }
  const named: Pick<Practitioner, "name"> | undefined =
    person?.resourceType === "Practitioner" || person?.resourceType === "RelatedPerson" ? person : undefined;
  const name = named?.name?.[0];
  const number = numberOf(person);
  // A validator is a person, or a structure by its name: a participant has no structure.
  const structureName = personPart === "playingEntity" && !name && !number ? organization?.name : undefined;
  const words = structureName ?? (organization || name || number ? undefined : who?.display);
  if (!name && !number && !organization && !words) return undefined;
  const own = organization?.identifier?.find(({ system }) => system === identifierSystem.structure)?.value;
  const code = role?.code?.[0];
  return pieces(
    number ? element("id", { root: professionalRoot, extension: number }) : element("id", { nullFlavor: "UNK" }),
    code?.coding?.length ? writeConcept("code", code) : undefined,
    name || words ? element(personPart, {}, writeName(name ?? { text: words ?? "" })) : undefined,
    organization && personPart === "assignedPerson"
      ? element(
          "representedOrganization",
          {},
          own ? element("id", { root: structureRoot, extension: own }) : undefined,
          organization.name && element("name", {}, organization.name),
        )
      : undefined,
  );
}

export function writeName({ text, family, given, prefix, suffix }: HumanName): XmlPiece {
  const all = (part: string, written: readonly string[] | undefined) =>
    (written ?? []).map((one) => element(part, {}, one));
  return element(
    "name",
    {},
    all("prefix", prefix),
    element("family", {}, family ?? text ?? ""),
    all("given", given),
    all("suffix", suffix),
  );
}
