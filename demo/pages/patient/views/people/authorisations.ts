/** Consents as the person reads them: one line per professional, those in force only. */
import type { Consent } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import type { KnownCare } from "../../parts/known-care.ts";

export interface Authorisation {
  /** Ids of the consents that stand behind the line: all of them go when the access is taken back. */
  readonly ids: readonly string[];
  /** Those among them that give the role of referring doctor alone. */
  readonly referringIds: readonly string[];
  /** Whom it is about; absent where the service names nobody. */
  readonly who?: KnownCare;
  readonly kind: "allowed" | "blocked";
  /** The person chose them as referring doctor (médecin traitant DMP, R62). */
  readonly isReferring: boolean;
  readonly name: string;
  readonly since?: string;
  readonly until?: string;
}

/** Code of the referring doctor among participations. */
const referringRole = "PPRF";

/** Applications (R168) and choices about one document have places of their own. */
const isAboutPeople = ({ status, provision }: Consent) =>
  status === "active" && !provision?.data && provision?.actor?.every(({ reference }) => reference.type !== "Device");

export function authorisationsOf(consents: readonly Consent[]): readonly Authorisation[] {
  const lines = new Map<string, Authorisation>();
  for (const consent of consents.filter(isAboutPeople)) {
    const line = authorisationOf(consent);
    const key = `${line.kind} ${consent.provision?.actor?.[0]?.reference.identifier?.value ?? line.name}`;
    const before = lines.get(key);
    lines.set(key, before ? merged(before, line) : line);
  }
  return [...lines.values()].sort((a, b) => a.name.localeCompare(b.name, "fr"));
}

/** The earliest start; the end only where every part has one. */
function merged(a: Authorisation, b: Authorisation): Authorisation {
  const [since] = [a.since, b.since].filter((one) => one !== undefined).sort();
  const { since: _since, until: _until, ...rest } = a;
  const until = a.until && b.until ? [a.until, b.until].sort()[1] : undefined;
  return {
    ...rest,
    ids: [...a.ids, ...b.ids],
    referringIds: [...a.referringIds, ...b.referringIds],
    isReferring: a.isReferring || b.isReferring,
    ...(since && { since }),
    ...(until && { until }),
  };
}

function authorisationOf(consent: Consent): Authorisation {
  const actor = consent.provision?.actor?.[0];
  const { start, end } = consent.provision?.period ?? {};
  const isReferring = actor?.role.coding?.some(({ code }) => code === referringRole) ?? false;
  const { identifier, display } = actor?.reference ?? {};
  const name = display ?? identifier?.value ?? "";
  const ids = consent.id ? [consent.id] : [];
  const kind = identifier?.system === identifierSystem.structure ? "structure" : "professional";
  return {
    ids,
    referringIds: isReferring ? ids : [],
    ...(identifier?.value && { who: { kind, id: identifier.value, name } }),
    kind: consent.provision?.type === "deny" ? "blocked" : "allowed",
    isReferring,
    name,
    ...(start && { since: start }),
    ...(end && { until: end }),
  };
}
