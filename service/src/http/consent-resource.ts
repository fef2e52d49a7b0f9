/** Authorisations as FHIR Consents (TD0.3, TD1.6). Follows IHE PCF; wire.md, "who may read". */
import type { Consent, Reference } from "@carnet/sdk/fhir";
import { codeSystem, identifierSystem } from "@carnet/sdk/fhir";
import type { AuthorisationRow } from "../store/authorisations.ts";
import type { Ins } from "../store/records.ts";
import type { RestrictionRow } from "../store/restrictions.ts";
import { wireId } from "./ids.ts";

export const PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
/** Role of a reader, and of the DMP referring doctor (médecin traitant DMP, R62). */
export const READER = "IRCP";
export const REFERRING = "PPRF";
const POLICY = "https://carnet.example/policy/patient-consent";

type Details = "last_action_at" | "collected_by_name" | "proof" | "care_role";
type Row = Omit<AuthorisationRow, "granted_by" | "is_secret" | Details> & Partial<Pick<AuthorisationRow, Details>>;

/** Code system of the roles of R69, beside that of the participation. */
export const CARE_ROLE = "https://carnet.example/fhir/CodeSystem/care-role";
/** Who collected an agreement on behalf of somebody else (R53). */
const COLLECTED_BY = "https://carnet.example/fhir/StructureDefinition/collected-by";

/** A Consent whose state is that of the authorisation at `now`: expired or ended ones are inactive. */
export function consentResource(row: Row, holder: Ins, now: Date): Consent {
  const isOver = row.ended_at !== null || (row.expires_at !== null && row.expires_at <= now);
  const end = row.ended_at ?? row.expires_at;
  const role = { system: PARTICIPATION, code: row.kind === "referring" ? REFERRING : READER };
  return {
    ...frame(row.record_id, row.authorisation_id, holder),
    ...(row.last_action_at ? { meta: { lastUpdated: row.last_action_at.toISOString() } } : {}),
    ...(row.collected_by_name
      ? { extension: [{ url: COLLECTED_BY, valueReference: { type: "Practitioner", display: row.collected_by_name } }] }
      : {}),
    status: isOver ? "inactive" : "active",
    dateTime: row.granted_at.toISOString(),
    sourceAttachment: { title: row.proof ?? "Accord du patient, recueilli par tout moyen (R53, R54)" },
    provision: {
      type: row.kind === "block" ? "deny" : "permit",
      period: { start: row.granted_at.toISOString(), ...(end ? { end: end.toISOString() } : {}) },
      actor: [
        {
          role: { coding: [role, ...(row.care_role ? [{ system: CARE_ROLE, code: row.care_role }] : [])] },
          reference: actorReference(row.subject_kind, row.subject_id, row.subject_name),
        },
      ],
    },
  };
}

/** What the patient withholds of one document, as they read it back. */
export function restrictionResource(row: RestrictionRow, holder: Ins): Consent {
  const reference = `DocumentReference/${wireId(row.record_id, row.document_id)}`;
  return {
    ...frame(row.record_id, row.restriction_id, holder),
    status: row.ended_at === null ? "active" : "inactive",
    dateTime: row.created_at.toISOString(),
    sourceAttachment: { title: "Choix du patient pour ce document" },
    provision: {
      type: "deny",
      period: { start: row.created_at.toISOString(), ...(row.ended_at ? { end: row.ended_at.toISOString() } : {}) },
      ...(row.subject_id !== null
        ? {
            actor: [
              {
                role: { coding: [{ system: PARTICIPATION, code: READER }] },
                reference: actorReference(row.subject_kind, row.subject_id, row.subject_name),
              },
            ],
          }
        : { purpose: ["BTG", "ETREAT"].map((code) => ({ system: codeSystem.actReason, code })) }),
      data: [{ meaning: "instance", reference: { reference } }],
    },
  };
}

/** What every Consent of a record says. */
function frame(recordId: string, id: string, holder: Ins) {
  const patient = { reference: `Patient/${recordId}`, type: "Patient" };
  return {
    resourceType: "Consent" as const,
    id: wireId(recordId, id),
    scope: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentscope", code: "patient-privacy" }] },
    category: [{ coding: [{ system: "http://loinc.org", code: "59284-0" }] }],
    patient: { ...patient, identifier: { ...holder } },
    performer: [patient],
    organization: [{ type: "Organization", display: "Carnet" }],
    policy: [{ uri: POLICY }],
  };
}

function actorReference(kind: AuthorisationRow["subject_kind"] | null, id: string, name: string | null): Reference {
  const isProfessional = kind === "professional";
  return {
    type: isProfessional ? "Practitioner" : "Organization",
    identifier: { system: isProfessional ? identifierSystem.professional : identifierSystem.structure, value: id },
    display: name ?? id,
  };
}
