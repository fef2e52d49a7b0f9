/** What the person decided about single documents, read from their Consents. */
import { type Consent, identifierSystem } from "@carnet/sdk/fhir";
import type { KnownCare } from "../../parts/known-care.ts";

export interface Restrictions {
  /** Whom the document is withheld from, with the Consent that says so. */
  readonly withheld: readonly { readonly who: KnownCare; readonly consentId: string }[];
  /** For good: nothing lifts it. */
  readonly isNeverInEmergency: boolean;
}

const none: Restrictions = { withheld: [], isNeverInEmergency: false };

/** By id of the document. */
export type RestrictionsByDocument = ReadonlyMap<string, Restrictions>;

export function restrictionsOf(consents: readonly Consent[]): RestrictionsByDocument {
  const found = new Map<string, Restrictions>();
  for (const { id, status, provision } of consents) {
    const reference = provision?.data?.[0]?.reference.reference;
    const documentId = reference?.split("/").pop();
    if (status !== "active" || provision?.type !== "deny" || !documentId || !id) continue;
    const before = found.get(documentId) ?? none;
    const { identifier, display } = provision.actor?.[0]?.reference ?? {};
    const kind = identifier?.system === identifierSystem.structure ? "structure" : "professional";
    found.set(
      documentId,
      identifier?.value
        ? {
            ...before,
            withheld: [
              ...before.withheld,
              { who: { kind, id: identifier.value, name: display ?? identifier.value }, consentId: id },
            ],
          }
        : { ...before, isNeverInEmergency: true },
    );
  }
  return found;
}

export const restrictionsFor = (all: RestrictionsByDocument, documentId: string): Restrictions =>
  all.get(documentId) ?? none;
