import type {
  CodeableConcept,
  Device,
  HumanName,
  Identifier,
  Organization,
  Practitioner,
  PractitionerRole,
  Reference,
} from "../../../fhir/index.ts";
import { codeSystem, identifierSystem } from "../../../fhir/systems.ts";
import { findSpecialty } from "../../../terminology/index.ts";
import { oidOfSystem } from "../../read/code-systems.ts";
import type { HeaderData, HeaderProfessional } from "../header-data.ts";
import { writeAddresses, writeKnownAddresses, writeKnownTelecoms, writeTelecoms } from "../reachable-at.ts";
import { element, pieces, type XmlPiece } from "../xml.ts";
import { isOfSystem, writeConcept } from "./codes.ts";
import type { Resolve } from "./context.ts";

/** What writing somebody needs: the other resources of the Bundle, the patient and the author of the document. */
export interface PeopleContext {
  readonly resolve: Resolve;
  readonly header: Pick<HeaderData, "author" | "patient">;
}

/** The elements that a role of CDA holds of somebody: their names differ from role to role, their order does not. */
export interface RoleParts {
  readonly person: "assignedPerson" | "associatedPerson" | "informationRecipient" | "playingEntity";
  /** None where a role knows no structure. */
  readonly organization?: "representedOrganization" | "scopingOrganization" | "receivedOrganization";
  /** A role without a code of its own, such as the recipient of a document. */
  readonly isWithoutCode?: boolean;
  readonly isAuthor?: boolean;
  /** In the header of the CI-SIS an address and a telephone that nobody knows are said to be so. */
  readonly isInHeader?: boolean;
}

export const assigned: RoleParts = { person: "assignedPerson", organization: "representedOrganization" };

/** The resource that a reference names, and the person behind a role. */
export function whoIs(who: Reference | undefined, { resolve }: Pick<PeopleContext, "resolve">) {
  const found = resolve(who);
  const role = found?.resourceType === "PractitionerRole" ? found : undefined;
  const person = role ? resolve(role.practitioner, role) : found;
  const structure = role ? resolve(role.organization, role) : found;
  return {
    role,
    practitioner: person?.resourceType === "Practitioner" ? person : undefined,
    relative: person?.resourceType === "RelatedPerson" ? person : undefined,
    device: person?.resourceType === "Device" ? person : undefined,
    isPatient: person?.resourceType === "Patient",
    organization: structure?.resourceType === "Organization" ? structure : undefined,
  };
}

/** `true` for whoever is written as the author of the whole document. */
export function isDocumentAuthor(who: Reference | undefined, context: PeopleContext): boolean {
  const { author } = context.header;
  return author !== "patient" && hasNumberOf(author, whoIs(who, context).practitioner);
}

/** Whether they bear the national number of the author. */
export function hasNumberOf(author: HeaderProfessional, person: Practitioner | undefined): boolean {
  const number = professionalNumber(person);
  return number !== undefined && author.id.endsWith(number);
}

export const professionalNumber = (person: Practitioner | undefined): string | undefined =>
  person?.identifier?.find(({ system }) => system === identifierSystem.professional)?.value;

/** What a role of CDA (assignedEntity, assignedAuthor, associatedEntity…) holds of somebody; `undefined` of nobody known. */
export function writeIdentity(
  who: Reference | undefined,
  context: PeopleContext,
  parts: RoleParts = assigned,
): XmlPiece | undefined {
  const { role, practitioner, relative, device, isPatient, organization } = whoIs(who, context);
  if (isPatient) {
    const { ins } = context.header.patient;
    return element("id", { root: ins.system.replace("urn:oid:", ""), extension: ins.value });
  }
  if (device && parts.isAuthor) return writeDevice(device, context, parts);
  const person = practitioner ?? relative;
  const name = person?.name?.[0];
  const ids = identifiersOf(person);
  // A participant of an entry has no structure: it is named as a person would be.
  const structureName = parts.organization || name || ids.length > 0 ? undefined : organization?.name;
  const words = structureName ?? (organization || name || ids.length > 0 ? undefined : who?.display);
  if (!name && ids.length === 0 && !organization && !words) return undefined;
  return pieces(
    ids.length > 0 ? ids : element("id", { nullFlavor: "UNK" }),
    parts.isWithoutCode ? undefined : writeProfession(role, practitioner),
    writeReach([...(person?.telecom ?? []), ...(role?.telecom ?? [])], person?.address, parts),
    name || words ? element(parts.person, {}, writeName(name ?? { text: words ?? "" })) : undefined,
    organization && parts.organization ? writeOrganization(parts.organization, organization, context) : undefined,
  );
}

function writeReach(
  telecoms: Practitioner["telecom"],
  addresses: Practitioner["address"],
  { isInHeader }: RoleParts,
): XmlPiece {
  return isInHeader
    ? pieces(writeAddresses(addresses), writeTelecoms(telecoms))
    : pieces(writeKnownAddresses(addresses), writeKnownTelecoms(telecoms));
}

/** A device or a software that wrote, and whose it is. */
function writeDevice(device: Device, context: PeopleContext, parts: RoleParts): XmlPiece {
  const names = device.deviceName ?? [];
  const model = names.find(({ type }) => type === "model-name")?.name ?? device.modelNumber;
  const software = names.find(({ type }) => type !== "model-name")?.name;
  const owner = context.resolve(device.owner, device);
  const ids = identifiersOf(device);
  return pieces(
    ids.length > 0 ? ids : element("id", { nullFlavor: "UNK" }),
    writeReach(undefined, undefined, parts),
    element(
      "assignedAuthoringDevice",
      {},
      device.type?.coding?.length ? writeConcept("code", device.type) : undefined,
      model && element("manufacturerModelName", {}, model),
      (software ?? (model ? undefined : device.type?.text)) &&
        element("softwareName", {}, software ?? device.type?.text ?? ""),
    ),
    owner?.resourceType === "Organization" && parts.organization
      ? writeOrganization(parts.organization, owner, context)
      : undefined,
  );
}

/** Numbers that have an OID, the national one first. */
export function identifiersOf(owner: { readonly identifier?: readonly Identifier[] } | undefined): readonly XmlPiece[] {
  const isNational = ({ system }: Identifier) =>
    system === identifierSystem.professional || system === identifierSystem.structure;
  const all = owner?.identifier ?? [];
  return [...all.filter(isNational), ...all.filter((one) => !isNational(one))].flatMap(writeIdentifier);
}

function writeIdentifier({ system, value }: Identifier): readonly XmlPiece[] {
  const own = /^urn:(?:oid|uuid):(.+)$/.exec(system === identifierSystem.uri ? (value ?? "") : "")?.[1];
  if (own) return [element("id", { root: own })];
  const root = system === undefined ? undefined : oidOfSystem(system);
  return root && value ? [element("id", { root, extension: value })] : [];
}

/** Profession, with the speciality where JDV_J01 has a code for both. */
function writeProfession(
  role: PractitionerRole | undefined,
  practitioner: Practitioner | undefined,
): XmlPiece | undefined {
  const [profession, ...others] = [
    ...(role?.code ?? []),
    ...(role?.specialty ?? []),
    ...(practitioner?.qualification ?? []).map(({ code }) => code),
  ];
  if (!profession) return undefined;
  const first = codeOf(profession);
  const joined = others.map((one) => findSpecialty(`${first}/${codeOf(one)}`)).find(Boolean);
  const concept: CodeableConcept =
    joined?.oid === undefined
      ? profession
      : { coding: [{ system: `urn:oid:${joined.oid}`, code: joined.code, display: joined.display }] };
  return concept.coding?.length || concept.text ? writeConcept("code", concept) : undefined;
}

const codeOf = ({ coding }: CodeableConcept): string => coding?.[0]?.code ?? "";

/** A structure, and the one it is part of. */
export function writeOrganization(
  name: string,
  organization: Organization,
  context: PeopleContext,
  setting?: XmlPiece,
): XmlPiece {
  const whole = context.resolve(organization.partOf, organization);
  const types = organization.type ?? [];
  const type =
    types.find((one) => isOfSystem(one, codeSystem.practiceSetting)) ?? types.find(({ coding }) => coding?.length);
  return element(
    name,
    {},
    identifiersOf(organization),
    organization.name && element("name", {}, organization.name),
    writeKnownTelecoms(organization.telecom),
    writeKnownAddresses(organization.address),
    type ? writeConcept("standardIndustryClassCode", type) : setting,
    whole?.resourceType === "Organization"
      ? element("asOrganizationPartOf", {}, writeOrganization("wholeOrganization", whole, context))
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
