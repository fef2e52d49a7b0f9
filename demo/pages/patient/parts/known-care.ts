/** The professionals and structures that a record has met: whom its patient can name without knowing a number. */
import type { DocumentEntry } from "@carnet/sdk";
import { type AuditEvent, type Consent, type Identifier, identifierSystem } from "@carnet/sdk/fhir";

/** Somebody whom the service knows by a national identifier. */
export interface KnownCare {
  readonly kind: "professional" | "structure";
  /** National identifier. */
  readonly id: string;
  readonly name: string;
}

/** What the SDK's verbs take to name one of them. */
export const whoOf = ({ kind, id, name }: KnownCare) =>
  kind === "structure" ? { structure: id, name } : { rpps: id, name };

/** Each once, by name: those of authorisations and blocks, authors of documents, and those who opened the record. */
export function knownCare(
  consents: readonly Consent[],
  documents: readonly DocumentEntry[],
  accesses: readonly AuditEvent[],
): readonly KnownCare[] {
  const found = new Map<string, KnownCare>();
  const add = (identifier: Identifier | undefined, name: string | undefined) => {
    const kind =
      identifier?.system === identifierSystem.professional
        ? "professional"
        : identifier?.system === identifierSystem.structure
          ? "structure"
          : undefined;
    if (!kind || !identifier?.value || !name || found.has(identifier.value)) return;
    found.set(identifier.value, { kind, id: identifier.value, name });
  };
  for (const { reference } of consents.flatMap(({ provision }) => provision?.actor ?? []))
    add(reference.identifier, reference.display);
  for (const { who } of accesses.flatMap(({ agent }) => agent)) add(who?.identifier, who?.display);
  for (const { authors, resource } of documents) {
    for (const { rpps, name } of authors) if (rpps) add({ system: identifierSystem.professional, value: rpps }, name);
    for (const one of resource.contained ?? [])
      if (one.resourceType === "Organization") for (const identifier of one.identifier ?? []) add(identifier, one.name);
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, "fr"));
}
