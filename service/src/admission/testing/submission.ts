/** Fictitious submissions for tests: a right ITI-65 Bundle and a right ITI-105 document, to be damaged. */

import { createHash } from "node:crypto";
import { codeSystem, extensionUrl, identifierSystem, profileUrl } from "@carnet/sdk/fhir";
import { computeInsKey } from "@carnet/sdk/identity";

/** JSON that a test may damage at will. */
// biome-ignore lint/suspicious/noExplicitAny: tests damage these bodies in ways no type allows
export type Damageable = any;

const number = "2850699351042";
/** A fictitious patient: test system, right key. */
export const ins = { system: identifierSystem.insTest, value: number + computeInsKey(number) };

export const bytes = new TextEncoder().encode("%PDF-1.4\n% courrier fictif\n");
export const sha1 = createHash("sha1").update(bytes).digest("base64");
const data = Buffer.from(bytes).toString("base64");
const frIdentifierType = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203";

const urn = (last: string) => `urn:uuid:3f1c2a50-7d1e-4a8e-9a55-${last.padStart(12, "0")}`;
const coding = (system: string, code: string) => ({ coding: [{ system, code }] });

const containedPatient = () => ({
  resourceType: "Patient",
  id: "patient",
  identifier: [{ use: "official", ...ins }],
  name: [{ use: "official", family: "LEGRAND", given: ["Camille"] }],
  gender: "female",
  birthDate: "1985-06-14",
});

const containedPractitioner = () => ({
  resourceType: "Practitioner",
  id: "author",
  identifier: [
    { system: identifierSystem.professional, value: "810009876543", type: coding(frIdentifierType, "IDNPS") },
  ],
  name: [{ family: "MARTIN", given: ["Hélène"], prefix: ["DR"] }],
});

const common = (uniqueId: string): Damageable => ({
  resourceType: "DocumentReference",
  masterIdentifier: { use: "usual", system: identifierSystem.uri, value: uniqueId },
  status: "current",
  type: coding(codeSystem.loinc, "11488-4"),
  category: [coding(codeSystem.documentClass, "10")],
  subject: { identifier: ins },
  date: "2026-05-04T10:00:00Z",
  custodian: { display: "Cabinet du Parc" },
});

/** A right comprehensive DocumentReference, as it stands in an ITI-65 Bundle. */
export function sampleDocument(last = "2", uniqueId = "urn:oid:1.2.250.1.999.7.1.1"): Damageable {
  return {
    ...common(uniqueId),
    meta: { profile: [profileUrl.comprehensiveDocumentReference] },
    contained: [containedPatient(), containedPractitioner()],
    author: [{ reference: "#author" }],
    securityLabel: [coding(codeSystem.confidentiality, "N")],
    content: [
      {
        attachment: {
          contentType: "application/pdf",
          language: "fr-FR",
          url: urn(`c${last}`),
          size: bytes.length,
          hash: sha1,
          title: "Courrier",
          creation: "2026-05-04T09:50:00Z",
        },
        format: { system: codeSystem.formatIhe, code: "urn:ihe:iti:xds-sd:pdf:2008" },
      },
    ],
    context: {
      period: { start: "2026-05-04T09:30:00Z" },
      facilityType: coding(codeSystem.facilityType, "SA07"),
      practiceSetting: coding(codeSystem.practiceSetting, "AMBULATOIRE"),
      sourcePatientInfo: { reference: "#patient" },
    },
  };
}

/** A right ITI-65 Bundle with one document. */
export function sampleBundle(document: Damageable = sampleDocument()): Damageable {
  const list = {
    resourceType: "List",
    meta: { profile: [profileUrl.submissionSet] },
    contained: [
      containedPractitioner(),
      { resourceType: "PractitionerRole", id: "sender", practitioner: { reference: "#author" } },
    ],
    extension: [
      { url: extensionUrl.designationType, valueCodeableConcept: coding("urn:oid:1.2.250.1.213.2.2", "07") },
      {
        url: extensionUrl.sourceId,
        valueIdentifier: { system: identifierSystem.uri, value: "urn:oid:1.2.250.1.999.7" },
      },
    ],
    identifier: [{ use: "usual", system: identifierSystem.uri, value: "urn:oid:1.2.250.1.999.7.9" }],
    status: "current",
    mode: "working",
    code: coding(codeSystem.mhdListType, "submissionset"),
    subject: { identifier: ins },
    date: "2026-05-04T10:00:00Z",
    source: { reference: "#sender" },
    entry: [{ item: { reference: urn("2") } }],
  };
  const post = (fullUrl: string, resource: Damageable) => ({
    fullUrl,
    resource,
    request: { method: "POST", url: resource.resourceType },
  });
  return {
    resourceType: "Bundle",
    meta: { profile: [profileUrl.provideBundle] },
    type: "transaction",
    entry: [
      post(urn("1"), list),
      post(urn("2"), document),
      post(urn("c2"), { resourceType: "Binary", contentType: "application/pdf", data }),
    ],
  };
}

/** A right ITI-105 DocumentReference. */
export function samplePublication(): Damageable {
  return {
    ...common("urn:uuid:3f1c2a50-7d1e-4a8e-9a55-0000000000ff"),
    author: [{ identifier: { system: identifierSystem.professional, value: "810009876543" } }],
    content: [{ attachment: { contentType: "application/pdf", data, title: "Courrier" } }],
  };
}
