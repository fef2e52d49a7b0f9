/** Authorisations as FHIR Consents (TD0.3, TD1.6). Follows IHE PCF; wire.md, "who may read". */
import type { Consent } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import type { AuthorisationRow } from "../store/authorisations.ts";
import type { Ins } from "../store/records.ts";
import { wireId } from "./ids.ts";

export const PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
/** Role of a reader, and of the DMP referring doctor (médecin traitant DMP, R62). */
export const READER = "IRCP";
export const REFERRING = "PPRF";
const POLICY = "https://carnet.example/policy/patient-consent";

type Details = "last_action_at" | "collected_by_name" | "proof" | "care_role";
type Row = Omit<AuthorisationRow, "granted_by" | Details> & Partial<Pick<AuthorisationRow, Details>>;

/** A Consent whose state is that of the authorisation at `now`: expired or ended ones are inactive. */
export function consentResource(row: Row, holder: Ins, now: Date): Consent {
  const isOver = row.ended_at !== null || (row.expires_at !== null && row.expires_at <= now);
  const end = row.ended_at ?? row.expires_at;
  return {
    resourceType: "Consent",
    id: wireId(row.record_id, row.authorisation_id),
    status: isOver ? "inactive" : "active",
    scope: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentscope", code: "patient-privacy" }] },
    category: [{ coding: [{ system: "http://loinc.org", code: "59284-0" }] }],
    patient: { reference: `Patient/${row.record_id}`, type: "Patient", identifier: { ...holder } },
    dateTime: row.granted_at.toISOString(),
    performer: [{ reference: `Patient/${row.record_id}`, type: "Patient" }],
    organization: [{ type: "Organization", display: "Carnet" }],
    sourceAttachment: { title: "Accord du patient, recueilli par tout moyen (R53, R54)" },
    policy: [{ uri: POLICY }],
    provision: {
      type: row.kind === "block" ? "deny" : "permit",
      period: { start: row.granted_at.toISOString(), ...(end ? { end: end.toISOString() } : {}) },
      actor: [
        {
          role: { coding: [{ system: PARTICIPATION, code: row.kind === "referring" ? REFERRING : READER }] },
          reference: {
            type: row.subject_kind === "professional" ? "Practitioner" : "Organization",
            identifier: {
              system: row.subject_kind === "professional" ? identifierSystem.professional : identifierSystem.structure,
              value: row.subject_id,
            },
            display: row.subject_name,
          },
        },
      ],
    },
  };
}
