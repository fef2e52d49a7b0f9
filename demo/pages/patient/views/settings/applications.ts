/** Applications of the catalogue, with what the person granted each. R168. */
import type { Consent, HealthcareService } from "@carnet/sdk/fhir";

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly publisher: string;
  readonly description: string;
  /** What it asks for, and what it was granted. */
  readonly purposes: readonly string[];
  readonly granted: readonly string[];
}

/** The catalogue with what the person granted of it. */
export function applicationsOf(
  catalogue: readonly HealthcareService[],
  consents: readonly Consent[],
): readonly Application[] {
  return catalogue.flatMap(({ id, name = "", providedBy, comment = "", program }) => {
    if (!id) return [];
    const isTheirs = ({ status, provision }: Consent) =>
      status === "active" &&
      provision?.type === "permit" &&
      provision.actor?.some(({ reference }) => reference.type === "Device" && reference.identifier?.value === id);
    const granted = consents.filter(isTheirs).flatMap(({ provision }) => provision?.purpose ?? []);
    const codes = (all: readonly { readonly code?: string }[]) => all.flatMap(({ code }) => code ?? []);
    const purposes = codes((program ?? []).flatMap(({ coding }) => coding ?? []));
    return [
      { id, name, publisher: providedBy?.display ?? "", description: comment, purposes, granted: codes(granted) },
    ];
  });
}
