/** A document whose header names everybody and everything that a header can name: what the tests of this room share. */
import type { Bundle, Composition, Encounter, FhirResource } from "../../../../fhir/index.ts";
import { codeSystem, identifierSystem } from "../../../../fhir/systems.ts";
import { subject } from "../test-support.ts";

const participationType = (code: string) => ({
  coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code }],
});
const doctor = (number: string, family: string) => ({
  resourceType: "Practitioner" as const,
  identifier: [{ system: identifierSystem.professional, value: `8100000000${number}` }],
  name: [{ family, given: ["Ada"] }],
  telecom: [{ system: "phone" as const, value: `01000000${number}`, use: "work" as const }],
  address: [{ use: "work" as const, line: ["2 rue du Test"], city: "Lyon", postalCode: "69001" }],
});
const relative = (family: string, quality: string, link: string) => ({
  resourceType: "RelatedPerson" as const,
  patient: subject,
  relationship: [
    { text: link },
    { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-RoleClass", code: quality }] },
  ],
  name: [{ family, given: ["Lou", "Max"] }],
  telecom: [{ system: "phone" as const, value: "0600000001", use: "mobile" as const }],
  address: [{ use: "home" as const, line: ["3 rue du Test"], city: "Lyon", postalCode: "69001" }],
});

/** Everybody and everything that a header can name beside its patient, its author and its act. */
export const named = {
  hospital: {
    resourceType: "Organization",
    identifier: [{ system: identifierSystem.structure, value: "1690000001" }],
    name: "Hôpital du Test",
    telecom: [{ system: "phone", value: "0400000000", use: "work" }],
    address: [{ line: ["1 place du Test"], city: "Lyon", postalCode: "69001" }],
  },
  place: {
    resourceType: "Location",
    identifier: [{ system: identifierSystem.structure, value: "1690000002" }],
    name: "Service de cardiologie",
    type: [{ coding: [{ system: codeSystem.facilityType, code: "SA01", display: "Etablissement public de santé" }] }],
    address: { line: ["1 place du Test"], city: "Lyon", postalCode: "69001" },
  },
  chief: doctor("21", "RESPONSABLE"),
  consultant: doctor("22", "CONSULTE"),
  teller: doctor("23", "INFORMATEUR"),
  recipient: doctor("24", "DESTINATAIRE"),
  typist: doctor("25", "SAISIE"),
  gp: doctor("26", "TRAITANT"),
  anaesthetist: doctor("27", "ANESTHESISTE"),
  plain: doctor("28", "PRESENT"),
  second: doctor("29", "COAUTEUR"),
  signer: doctor("30", "SIGNATAIRE"),
  checker: doctor("31", "VALIDEUR"),
  surgeon: doctor("32", "OPERATEUR"),
  software: {
    resourceType: "Device",
    identifier: [{ system: "urn:oid:1.2.250.1.999.9", value: "L-1" }],
    deviceName: [{ name: "Logiciel du Test", type: "user-friendly-name" }],
  },
  guardian: relative("TUTRICE", "GUARD", "Tutrice"),
  trusted: relative("CONFIANCE", "NOK", "Conjointe"),
  carer: relative("AIDANTE", "CAREGIVER", "Voisine"),
} satisfies Readonly<Record<string, FhirResource>>;

const at = (name: keyof typeof named) => ({ reference: `urn:uuid:${name}` });

/** The document with a meeting, and all that its header can name. */
export function withHeader(bundle: Bundle, more: Partial<Encounter> = {}): Bundle {
  const participant: Encounter["participant"] = [
    { type: [participationType("ATND")], individual: at("chief") },
    { type: [participationType("CON")], individual: at("consultant"), period: { start: "2026-01-13" } },
    { type: [participationType("INF")], individual: at("teller") },
    { type: [participationType("IRCP")], individual: at("recipient") },
    { type: [participationType("ENT"), { text: "secrétaire" }], individual: at("typist") },
    { type: [{ text: "anesthésiste" }], individual: at("anaesthetist") },
    { individual: at("plain") },
    { individual: at("carer") },
  ];
  const encounter: Encounter = {
    resourceType: "Encounter",
    identifier: [{ system: "urn:oid:1.2.250.1.999.4", value: "SEJOUR-7" }],
    status: "finished",
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "EMER", display: "Urgences" },
    subject,
    period: { start: "2026-01-12T08:00:00+01:00", end: "2026-01-14" },
    participant,
    serviceProvider: at("hospital"),
    location: [{ location: at("place") }],
    hospitalization: { dischargeDisposition: { text: "Retour à domicile" } },
    ...more,
  };
  const entry = (bundle.entry ?? []).map((one) => {
    const { resource } = one;
    if (resource?.resourceType === "Patient")
      return {
        ...one,
        resource: {
          ...resource,
          generalPractitioner: [at("gp")],
          contact: [{ relationship: [{ coding: [{ code: "C" }] }], name: { text: "Léo LEVOISIN" } }],
        },
      };
    if (resource?.resourceType !== "Composition") return one;
    return {
      ...one,
      resource: {
        ...resource,
        encounter: { reference: "urn:uuid:meeting" },
        author: [...resource.author, at("second"), at("software")],
        custodian: at("hospital"),
        attester: [
          { mode: "legal", time: "2026-01-15T11:00:00+01:00", party: at("signer") },
          { mode: "professional", party: at("checker") },
        ],
        relatesTo: [
          { code: "appends", targetIdentifier: { system: identifierSystem.uri, value: "urn:oid:1.2.250.1.999.1.1.5" } },
        ],
        event: [
          ...(resource.event ?? []),
          { code: [{ text: "Coronarographie" }], period: { start: "2026-01-13" }, detail: [at("surgeon")] },
        ],
      } satisfies Composition,
    };
  });
  return {
    ...bundle,
    entry: [
      ...entry,
      { fullUrl: "urn:uuid:meeting", resource: encounter },
      ...Object.entries(named).map(([name, resource]) => ({
        fullUrl: `urn:uuid:${name}`,
        resource: resource as FhirResource,
      })),
    ],
  };
}
