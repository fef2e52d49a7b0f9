import { professionalName } from "@carnet/sdk";
import type { Address, ContactPoint, FhirResource, HumanName, Reference } from "@carnet/sdk/fhir";
import { list, str } from "../shared/guards.ts";
import type { BundleIndex } from "./bundle-index.ts";

/** "Dr Camille MARTIN" from a FHIR name; its own `text` when it has no parts. */
export function humanName(name: HumanName | undefined): string | undefined {
  if (name === undefined || typeof name !== "object") return undefined;
  const words = professionalName({
    text: str(name.text),
    family: str(name.family),
    given: list(name.given).flatMap((part) => str(part) ?? []),
    prefix: list(name.prefix).flatMap((part) => str(part) ?? []),
    suffix: list(name.suffix).flatMap((part) => str(part) ?? []),
  });
  // A title at the end of a line, its name on the next, reads badly.
  return words?.replace(/^(Dr|Pr|M\.|Mme|Mlle) /, "$1\u00a0");
}

/** Names, numbers or addresses but former ones, unless there is nothing else. */
export function inUse<T extends { readonly use?: string }>(all: readonly T[]): readonly T[] {
  const present = all.filter(({ use }) => use !== "old");
  return present.length === 0 ? all : present;
}

/** The official or usual name first, then what there is. */
export function bestName(names: readonly HumanName[] | HumanName | undefined): string | undefined {
  const all = inUse(list(names as readonly HumanName[] | undefined));
  return humanName(all.find((name) => name.use === "usual") ?? all.find((name) => name.use === "official") ?? all[0]);
}

/** The name of whoever a reference points at: the person, then the organisation; or its own `display`. */
export function nameOf(reference: Reference | undefined, index: BundleIndex, owner?: unknown): string | undefined {
  if (reference === undefined || typeof reference !== "object") return undefined;
  const resource = index.resolve(reference, owner);
  return (resource === undefined ? undefined : resourceName(resource, index)) ?? str(reference.display);
}

function resourceName(resource: FhirResource, index: BundleIndex): string | undefined {
  switch (resource.resourceType) {
    case "Practitioner":
    case "Patient":
    case "RelatedPerson":
      return bestName(resource.name);
    case "Organization":
    case "CareTeam":
      return str(resource.name);
    case "PractitionerRole": {
      const person = nameOf(resource.practitioner, index, resource);
      const organization = nameOf(resource.organization, index, resource);
      return person !== undefined && organization !== undefined
        ? `${person}, ${organization}`
        : (person ?? organization);
    }
    case "Device":
      return str(list(resource.deviceName)[0]?.name) ?? str(resource.distinctIdentifier);
    default:
      return undefined;
  }
}

/** First name among several references. */
export function firstName(
  references: readonly (Reference | undefined)[],
  index: BundleIndex,
  owner?: unknown,
): string | undefined {
  return references.map((reference) => nameOf(reference, index, owner)).find((name) => name !== undefined);
}

/** Telephone numbers and mail addresses in words, without the `tel:` prefix. */
export function telecomText(points: readonly ContactPoint[] | undefined): readonly string[] {
  return list(points)
    .filter(({ use }) => use !== "old")
    .map((point) => str(point.value)?.replace(/^(tel|mailto):/, ""))
    .filter((value) => value !== undefined);
}

/** An address on one line. */
export function addressText(address: Address | undefined): string | undefined {
  if (address === undefined || typeof address !== "object") return undefined;
  const city = [str(address.postalCode), str(address.city)].filter((part) => part !== undefined).join(" ");
  const line = [...list(address.line).map(str), str(city), str(address.country)].filter((part) => part !== undefined);
  return str(line.join(", ")) ?? str(address.text);
}
