/** Who wrote a document, from the contained resources of its DocumentReference. R85, R107. */
import type { DocumentReference, Identifier, Reference } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import type { AuthorKind } from "../rules/index.ts";

export interface DocumentAuthors {
  readonly kind: AuthorKind;
  /** National ids of the professionals, `8` + RPPS. */
  readonly ids: readonly string[];
  readonly structureIds: readonly string[];
  readonly families: readonly string[];
  readonly givens: readonly string[];
}

const RPPS = "https://rpps.esante.gouv.fr";

/** Reads every author; the first one that says it decides the kind. */
export function authorsOf(resource: DocumentReference): DocumentAuthors {
  const ids = new Set<string>();
  const structureIds = new Set<string>();
  const families: string[] = [];
  const givens: string[] = [];
  let kind: AuthorKind | undefined;

  const contained = (reference: Reference | undefined) => {
    const id = reference?.reference?.startsWith("#") ? reference.reference.slice(1) : undefined;
    return id === undefined ? undefined : resource.contained?.find((one) => one.id === id);
  };
  const visit = (reference: Reference | undefined): AuthorKind | undefined => {
    const target = contained(reference);
    addIdentifier(reference?.identifier);
    switch (target?.resourceType) {
      case "Practitioner":
        for (const identifier of target.identifier ?? []) addIdentifier(identifier);
        for (const name of target.name ?? []) {
          if (name.family) families.push(name.family);
          givens.push(...(name.given ?? []));
        }
        return "professional";
      case "PractitionerRole":
        for (const identifier of target.identifier ?? []) addIdentifier(identifier);
        visit(target.practitioner);
        visit(target.organization);
        return "professional";
      case "Organization":
        for (const identifier of target.identifier ?? []) addIdentifier(identifier);
        return "structure";
      case "Patient":
        for (const name of target.name ?? []) {
          if (name.family) families.push(name.family);
          givens.push(...(name.given ?? []));
        }
        return "patient";
      case "Device":
        return "device";
      default:
        return reference?.reference?.startsWith("Patient/") || reference?.type === "Patient" ? "patient" : undefined;
    }
  };
  const addIdentifier = (identifier: Identifier | undefined) => {
    if (!identifier?.value) return;
    if (identifier.system === identifierSystem.professional) ids.add(identifier.value);
    else if (identifier.system === RPPS) ids.add(`8${identifier.value}`);
    else if (identifier.system === identifierSystem.structure) structureIds.add(identifier.value);
  };

  for (const author of resource.author ?? []) {
    const found = visit(author);
    kind ??= found;
  }
  return {
    kind: kind ?? "structure",
    ids: [...ids],
    structureIds: [...structureIds],
    families,
    givens,
  };
}
