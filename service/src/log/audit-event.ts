/** A line of the access log as a BALP AuditEvent. Source: IHE BALP 1.1; wire.md, "who did what". */
import type { AuditEvent, AuditEventAgent, AuditEventEntity, Coding, Reference } from "@carnet/sdk/fhir";
import { codeSystem, identifierSystem } from "@carnet/sdk/fhir";
import { wireId } from "../http/ids.ts";
import { RULE_SYSTEM } from "../http/outcome.ts";
import type { LogLine } from "./access-log.ts";
import { ACTOR_KIND_SYSTEM, actorKindOf } from "./actor-kind.ts";

const BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";
const DICOM = "http://dicom.nema.org/resources/ontology/DCM";
/** Type of an entity's detail: a category of the data that was shown (Regulation 2025/327, article 9). */
export const DATA_CATEGORY = "https://carnet.example/fhir/CodeSystem/data-category";
/** Identifiers of applications of the catalogue. */
export const APPLICATION_SYSTEM = "https://carnet.example/fhir/identifier/application";
const TRANSACTION_SYSTEM = "https://carnet.example/fhir/CodeSystem/transaction";

/** What the interaction of each action is called, and the BALP profile about one patient. */
const interactions = {
  C: { code: "create", profile: "PatientCreate" },
  R: { code: "read", profile: "PatientRead" },
  U: { code: "patch", profile: "PatientUpdate" },
  D: { code: "delete", profile: "PatientDelete" },
  E: { code: "search", profile: "PatientQuery" },
} as const;

/**
 * @param isWhole whether the reader may know why something was concealed from a professional: only the patient. To others
 *   a concealed refusal is what it looked like: nothing was found. So is one of a patient or a representative to
 *   themselves: its rule would tell what is hidden from them.
 */
export function auditEvent(
  line: LogLine,
  publicUrl: string,
  holder: { readonly ins_system: string; readonly ins_value: string },
  isWhole: boolean,
): AuditEvent {
  const { code, profile } = interactions[line.action];
  const isSecret = line.is_concealed && (!isWhole || line.actor_kind === "patient");
  const rule: Coding[] = isSecret || line.rule === "none" ? [] : [{ system: RULE_SYSTEM, code: line.rule }];
  return {
    resourceType: "AuditEvent",
    id: wireId(line.record_id, line.event_id),
    // The BALP profiles of one patient speak of what succeeded.
    ...(line.outcome === "granted" ? { meta: { profile: [`${BALP}${profile}`] } } : {}),
    type: {
      system: "http://terminology.hl7.org/CodeSystem/audit-event-type",
      code: "rest",
      display: "RESTful Operation",
    },
    subtype: [
      { system: "http://hl7.org/fhir/restful-interaction", code, display: code },
      { system: TRANSACTION_SYSTEM, code: line.transaction },
      ...rule,
    ],
    action: line.action,
    recorded: line.recorded.toISOString(),
    outcome: line.outcome === "granted" ? "0" : "4",
    ...(line.outcome === "granted"
      ? {}
      : {
          outcomeDesc:
            isSecret || line.outcome === "failed" || line.rule === "none" ? "Aucun résultat" : `Refusé (${line.rule})`,
        }),
    purposeOfEvent: [
      {
        coding: [{ system: codeSystem.actReason, code: line.purpose_of_use }],
        ...(line.reason ? { text: line.reason } : {}),
      },
    ],
    agent: agentsOf(line, { system: holder.ins_system, value: holder.ins_value }, publicUrl),
    source: { observer: { display: publicUrl } },
    entity: entitiesOf(line, holder, publicUrl),
  };
}

type Holder = Parameters<typeof actorKindOf>[1];

/** The software that asked: named when it is an application of the catalogue (R168). */
function applicationOf({ application_id: id, application_name: name }: LogLine): Reference {
  if (id === null) return { display: "Logiciel de l'appelant" };
  return { type: "Device", identifier: { system: APPLICATION_SYSTEM, value: id }, display: name ?? id };
}

function role(code: "110153" | "110152"): Coding {
  return { system: DICOM, code, display: code === "110153" ? "Source Role ID" : "Destination Role ID" };
}

/** Types of the two machines: which one the data comes from, and which one it goes to. */
const machines: Readonly<Record<LogLine["action"], readonly [client: Coding, server: Coding]>> = {
  C: [role("110153"), role("110152")],
  U: [role("110153"), role("110152")],
  E: [role("110153"), role("110152")],
  R: [role("110152"), role("110153")],
  D: [
    { system: DICOM, code: "110150", display: "Application" },
    {
      system: "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
      code: "custodian",
      display: "Custodian",
    },
  ],
};

/** The two machines, then the person who asked. */
function agentsOf(line: LogLine, holder: Holder, publicUrl: string): AuditEventAgent[] {
  const isRead = line.action === "R" || line.action === "E";
  const [client, server] = machines[line.action];
  return [
    {
      type: { coding: [server] },
      who: { display: publicUrl },
      requestor: false,
      network: { address: `${publicUrl}/fhir`, type: "5" },
    },
    {
      type: { coding: [client] },
      who: applicationOf(line),
      requestor: false,
      // The address of the caller's machine is not kept: it says nothing that its owner's identity does not.
      network: { address: "urn:carnet:caller", type: "5" },
    },
    {
      type: {
        coding: [
          { system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code: isRead ? "IRCP" : "AUT" },
        ],
      },
      who: { ...whoOf(line), display: line.actor_name },
      requestor: true,
      role: [
        { coding: [{ system: ACTOR_KIND_SYSTEM, code: actorKindOf(line, holder) }] },
        ...(line.actor_profession
          ? [{ coding: [{ system: codeSystem.profession, code: line.actor_profession.replace(/^G15_/, "") }] }]
          : []),
        ...(line.structure_name ? [{ text: line.structure_name }] : []),
      ],
    },
  ];
}

function whoOf(line: LogLine): Reference {
  switch (line.actor_kind) {
    case "professional":
      return { type: "Practitioner", identifier: { system: identifierSystem.professional, value: line.actor_id } };
    case "establishment":
      return { type: "Organization", identifier: { system: identifierSystem.structure, value: line.actor_id } };
    case "patient":
      return { type: "Patient" };
    case "system":
      return {};
  }
}

const ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT = "http://terminology.hl7.org/CodeSystem/object-role";

function entitiesOf(
  line: LogLine,
  holder: { readonly ins_system: string; readonly ins_value: string },
  publicUrl: string,
): AuditEventEntity[] {
  const patient: AuditEventEntity = {
    what: {
      reference: `Patient/${line.record_id}`,
      type: "Patient",
      identifier: { system: holder.ins_system, value: holder.ins_value },
    },
    type: { system: ENTITY, code: "1", display: "Person" },
    role: { system: OBJECT, code: "1", display: "Patient" },
  };
  const detail = [
    ...(line.detail ? [{ type: "detail", valueString: line.detail }] : []),
    ...(line.data_categories ?? "")
      .split(" ")
      .filter((code) => code !== "")
      .map((code) => ({ type: DATA_CATEGORY, valueString: code })),
  ];
  const details = detail.length > 0 ? { detail } : {};
  const query: AuditEventEntity = {
    type: { system: ENTITY, code: "2", display: "System Object" },
    role: { system: OBJECT, code: "24", display: "Query" },
    query: Buffer.from(`${publicUrl}/fhir/${line.object_type}?${line.query ?? ""}`).toString("base64"),
  };
  const object: AuditEventEntity = {
    what: line.object_id
      ? { reference: `${line.object_type}/${line.object_id}`, type: line.object_type }
      : { type: line.object_type, display: line.object_type },
    type: { system: ENTITY, code: "2", display: "System Object" },
    role: { system: OBJECT, code: "4", display: "Domain Resource" },
    ...details,
  };
  // BALP lets the entity of a query have no details: what was found is said of the patient.
  return line.action === "E" ? [{ ...patient, ...details }, query] : [patient, object];
}
