import type { Reference } from "../../../../fhir/index.ts";
import { identifierSystem } from "../../../../fhir/systems.ts";
import { element, type XmlPiece } from "../../xml.ts";
import type { EntryContext } from "../context.ts";
import { writeTime } from "./shared.ts";

/** Who did it, as far as the Bundle says; `undefined` when it names nobody. */
export function writePerformer(
  who: Reference | undefined,
  time: string | undefined,
  context: EntryContext,
): XmlPiece | undefined {
  const found = context.resolve(who);
  const role = found?.resourceType === "PractitionerRole" ? found : undefined;
  const person = role ? context.resolve(role.practitioner, role) : found;
  const structure = role ? context.resolve(role.organization, role) : found;
  const practitioner = person?.resourceType === "Practitioner" ? person : undefined;
  const organization = structure?.resourceType === "Organization" ? structure : undefined;
  const name = practitioner?.name?.[0];
  const words = organization || practitioner ? undefined : who?.display;
  if (!practitioner && !organization && !words) return undefined;
  const national = practitioner?.identifier?.find(({ system }) => system === identifierSystem.professional)?.value;
  const own = organization?.identifier?.find(({ system }) => system === identifierSystem.structure)?.value;
  return element(
    "performer",
    { typeCode: "PRF" },
    time === undefined ? undefined : writeTime("time", time),
    element(
      "assignedEntity",
      {},
      national
        ? element("id", { root: "1.2.250.1.71.4.2.1", extension: national })
        : element("id", { nullFlavor: "UNK" }),
      name || words
        ? element(
            "assignedPerson",
            {},
            element(
              "name",
              {},
              element("family", {}, name?.family ?? name?.text ?? words ?? ""),
              name?.given?.[0] && element("given", {}, name.given[0]),
            ),
          )
        : undefined,
      organization &&
        element(
          "representedOrganization",
          {},
          own ? element("id", { root: "1.2.250.1.71.4.2.2", extension: own }) : undefined,
          organization.name && element("name", {}, organization.name),
        ),
    ),
  );
}
