import type { Encounter } from "../../../../fhir/index.ts";
import { codeSystem } from "../../../../fhir/systems.ts";
import { writeCode, writeFacility, writePlace } from "../../header.ts";
import type { HeaderData } from "../../header-data.ts";
import { writeKnownAddresses } from "../../reachable-at.ts";
import { element, pieces, type XmlPiece } from "../../xml.ts";
import { isOfSystem, wordsOf, writeConcept } from "../codes.ts";
import { writeInterval } from "../entries/shared.ts";
import { assigned, identifiersOf, type PeopleContext, writeOrganization } from "../identity.ts";
import { attendance, isInMeeting, type Participation } from "./participations.ts";

/** The meeting or stay that a document is about (encompassingEncounter), with those who took part in it and its place. */
export function writeMeeting(
  encounter: Encounter,
  participations: readonly Participation[],
  header: Pick<HeaderData, "author" | "encounterCode" | "patient">,
  context: PeopleContext,
): XmlPiece {
  const { period, hospitalization } = encounter;
  const inMeeting = participations.filter(isInMeeting);
  const responsible = inMeeting.find(({ kind, period: when }) => kind === attendance && !when);
  return element(
    "encompassingEncounter",
    {},
    identifiersOf(encounter),
    writeKind(encounter, header),
    period?.start || period?.end
      ? writeInterval("effectiveTime", period.start, period.end)
      : element("effectiveTime", { nullFlavor: "UNK" }),
    hospitalization?.dischargeDisposition &&
      writeConcept("dischargeDispositionCode", hospitalization.dischargeDisposition),
    responsible && element("responsibleParty", {}, element("assignedEntity", {}, responsible.identity(assigned))),
    inMeeting
      .filter((each) => each !== responsible)
      .map(({ kind, period: when, identity }) =>
        element(
          "encounterParticipant",
          { typeCode: kind },
          when && writeInterval("time", when.start, when.end),
          element("assignedEntity", {}, identity(assigned)),
        ),
      ),
    writeWhere(encounter, header, context),
  );
}

/** The code of a meeting is its type, else its class, else that of the content model. */
function writeKind(
  { type, class: own }: Encounter,
  { encounterCode }: Pick<HeaderData, "encounterCode">,
): XmlPiece | undefined {
  const [first] = type ?? [];
  if (first && wordsOf(first)) return writeConcept("code", first);
  if (own.code) return writeConcept("code", { coding: [own] });
  if (encounterCode) return writeCode("code", encounterCode);
  return own.display && own.display !== unknownKind ? writeConcept("code", { text: own.display }) : undefined;
}

/** How a meeting whose kind no document tells is read. */
const unknownKind = "inconnu";

function writeWhere(encounter: Encounter, { author }: Pick<HeaderData, "author">, context: PeopleContext): XmlPiece {
  const place = encounter.location?.[0]?.location;
  const found = context.resolve(place, encounter);
  const location = found?.resourceType === "Location" ? found : undefined;
  const name = location?.name ?? place?.display;
  const addresses = writeKnownAddresses(location?.address ? [location.address] : []);
  const provider = context.resolve(encounter.serviceProvider, encounter);
  const types = location?.type ?? [];
  const type =
    types.find((one) => isOfSystem(one, codeSystem.facilityType)) ?? types.find(({ coding }) => coding?.length);
  return writeFacility(
    {
      ids: pieces(identifiersOf(location)),
      ...(type ? { type: writeConcept("code", type) } : {}),
      ...(name || addresses ? { place: writePlace(name, addresses) } : {}),
      ...(provider?.resourceType === "Organization"
        ? { provider: writeOrganization("serviceProviderOrganization", provider, context) }
        : {}),
    },
    author,
  );
}
