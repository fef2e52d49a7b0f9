/** Consents as the person reads them: one line per professional, those in force only. */
import type { Consent } from "@carnet/sdk/fhir";

export interface Authorisation {
  readonly id: string;
  readonly kind: "allowed" | "referring" | "blocked";
  readonly name: string;
  readonly since?: string;
  readonly until?: string;
}

/** Code of the referring doctor (médecin traitant DMP) among participations. */
const referringRole = "PPRF";

export function authorisationsOf(consents: readonly Consent[]): readonly Authorisation[] {
  return consents
    .filter(({ status }) => status === "active")
    .map(authorisationOf)
    .sort((a, b) => a.name.localeCompare(b.name, "fr"));
}

function authorisationOf(consent: Consent): Authorisation {
  const actor = consent.provision?.actor?.[0];
  const { start, end } = consent.provision?.period ?? {};
  const isReferring = actor?.role.coding?.some(({ code }) => code === referringRole) ?? false;
  return {
    id: consent.id ?? "",
    kind: consent.provision?.type === "deny" ? "blocked" : isReferring ? "referring" : "allowed",
    name: actor?.reference.display ?? actor?.reference.identifier?.value ?? "",
    ...(start && { since: start }),
    ...(end && { until: end }),
  };
}
