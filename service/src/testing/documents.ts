/** Submissions about the fictitious people, and what their receipts say. */
import { createHash, randomBytes } from "node:crypto";
import type { Bundle, DocumentReference, List } from "@carnet/sdk/fhir";
import { codeSystem, extensionUrl, identifierSystem, profileUrl } from "@carnet/sdk/fhir";
import { patients, rppsOf, type TestPatient } from "./people.ts";
import type { TestCarnet } from "./service.ts";

export interface TestDocument {
  readonly patient?: TestPatient;
  readonly uniqueId?: string;
  readonly typeCode?: string;
  readonly typeSystem?: string;
  readonly classCode?: string;
  readonly title?: string;
  /** Account of the author; a patient's account makes a patient's document. */
  readonly author?: string;
  readonly content?: Uint8Array;
  readonly contentType?: string;
  readonly flags?: readonly ("MASQUE_PS" | "INVISIBLE_PATIENT" | "INVISIBLE_REPRESENTANTS_LEGAUX")[];
  readonly date?: string;
  readonly actStart?: string;
  readonly replaces?: string;
  readonly isArchived?: boolean;
  /** Acts and problems, by code alone. */
  readonly eventCodes?: readonly string[];
}

export const newUniqueId = () => `urn:oid:1.2.250.1.999.2.${BigInt(`0x${randomBytes(8).toString("hex")}`)}`;
const uuid = () => `urn:uuid:${crypto.randomUUID()}`;
const concept = (system: string, code: string) => ({ coding: [{ system, code }] });
/** The service looks at the codes of acts and problems, whatever classification they come from. */
const EVENTS = "http://hl7.org/fhir/sid/icd-10";
const ID_TYPE = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203";
const PATIENT_ACCOUNTS: ReadonlySet<string> = new Set(["anna", "bruno", "leo", "clara"]);

export function documentReference(document: TestDocument, url: string): DocumentReference {
  const {
    patient = patients.anna,
    author = "gp",
    content = pdf(),
    contentType = "application/pdf",
    date = "2026-03-02T09:30:00Z",
  } = document;
  const isPatient = PATIENT_ACCOUNTS.has(author);
  return {
    resourceType: "DocumentReference",
    meta: { profile: [profileUrl.comprehensiveDocumentReference] },
    contained: [
      {
        resourceType: "Patient",
        id: "holder",
        identifier: [
          {
            use: "official",
            type: concept("http://terminology.hl7.org/CodeSystem/v2-0203", "NI"),
            ...patient.ins,
          },
        ],
        name: [{ use: "official", family: patient.birthName, given: [patient.given] }],
        gender: patient.sex,
        birthDate: patient.birthDate,
      },
      ...(isPatient
        ? []
        : [
            {
              resourceType: "Practitioner" as const,
              id: "author",
              identifier: [
                {
                  use: "official" as const,
                  type: concept(ID_TYPE, "IDNPS"),
                  system: identifierSystem.professional,
                  value: rppsOf(author),
                },
                {
                  use: "official" as const,
                  type: concept(ID_TYPE, "RPPS"),
                  system: "https://rpps.esante.gouv.fr",
                  value: rppsOf(author).slice(1),
                },
              ],
              name: [{ family: author.toUpperCase(), given: ["Camille"] }],
            },
          ]),
    ],
    ...(document.isArchived ? { extension: [{ url: extensionUrl.isArchived, valueBoolean: true }] } : {}),
    masterIdentifier: { use: "usual", system: identifierSystem.uri, value: document.uniqueId ?? newUniqueId() },
    status: "current",
    type: concept(document.typeSystem ?? codeSystem.loinc, document.typeCode ?? "11488-4"),
    category: [concept(codeSystem.documentClass, document.classCode ?? "10")],
    subject: { type: "Patient", identifier: { ...patient.ins } },
    date,
    author: [{ reference: isPatient ? "#holder" : "#author" }],
    custodian: { type: "Organization", display: "Cabinet d'essai" },
    ...(document.replaces
      ? { relatesTo: [{ code: "replaces" as const, target: { reference: `DocumentReference/${document.replaces}` } }] }
      : {}),
    description: document.title ?? "Courrier",
    securityLabel: [
      concept(codeSystem.confidentiality, "N"),
      ...(document.flags ?? []).map((flag) => concept(codeSystem.visibility, flag)),
    ],
    content: [
      {
        attachment: {
          contentType,
          language: "fr-FR",
          url,
          size: content.length,
          hash: createHash("sha1").update(content).digest("base64"),
          title: document.title ?? "Courrier",
          creation: date,
        },
        format: { system: codeSystem.formatIhe, code: "urn:ihe:iti:xds-sd:pdf:2008" },
      },
    ],
    context: {
      ...(document.eventCodes ? { event: document.eventCodes.map((code) => concept(EVENTS, code)) } : {}),
      period: { start: document.actStart ?? date },
      facilityType: concept(codeSystem.facilityType, "SA07"),
      practiceSetting: concept(codeSystem.practiceSetting, "AMBULATOIRE"),
      sourcePatientInfo: { reference: "#holder" },
    },
  };
}

/** An ITI-65 Bundle of one or several documents. */
export function provideBundle(...documents: readonly TestDocument[]): Bundle {
  const patient = documents[0]?.patient ?? patients.anna;
  const author = documents[0]?.author ?? "gp";
  const isPatient = PATIENT_ACCOUNTS.has(author);
  const parts = documents.map((document) => {
    const content = document.content ?? pdf();
    const [referenceUrl, binaryUrl] = [uuid(), uuid()];
    return {
      referenceUrl,
      binaryUrl,
      content,
      reference: documentReference({ ...document, content }, binaryUrl),
      document,
    };
  });
  const list: List = {
    resourceType: "List",
    meta: { profile: [profileUrl.submissionSet] },
    contained: isPatient
      ? [{ resourceType: "Patient", id: "sender", identifier: [{ ...patient.ins }] }]
      : [
          {
            resourceType: "PractitionerRole",
            id: "sender",
            practitioner: {
              type: "Practitioner",
              identifier: { system: identifierSystem.professional, value: rppsOf(author) },
            },
          },
        ],
    extension: [
      {
        url: extensionUrl.designationType,
        valueCodeableConcept: concept(
          "https://mos.esante.gouv.fr/NOS/TRE_R209-TypeActivite/FHIR/TRE-R209-TypeActivite",
          "07",
        ),
      },
      {
        url: extensionUrl.sourceId,
        valueIdentifier: { system: identifierSystem.uri, value: "urn:oid:1.2.250.1.999.2" },
      },
    ],
    identifier: [{ use: "usual", system: identifierSystem.uri, value: newUniqueId() }],
    status: "current",
    mode: "working",
    title: "Dépôt d'essai",
    code: concept(codeSystem.mhdListType, "submissionset"),
    subject: { type: "Patient", identifier: { ...patient.ins } },
    date: "2026-03-02T09:31:00Z",
    source: { reference: "#sender" },
    entry: parts.map(({ referenceUrl }) => ({ item: { reference: referenceUrl } })),
  };
  const post = (
    fullUrl: string,
    resource: List | DocumentReference | { resourceType: "Binary"; contentType: string; data: string },
  ) => ({
    fullUrl,
    resource,
    request: { method: "POST" as const, url: resource.resourceType },
  });
  return {
    resourceType: "Bundle",
    meta: { profile: [profileUrl.provideBundle] },
    type: "transaction",
    entry: [
      post(uuid(), list),
      ...parts.flatMap(({ referenceUrl, binaryUrl, reference, content, document }) => [
        post(referenceUrl, reference),
        post(binaryUrl, {
          resourceType: "Binary",
          contentType: document.contentType ?? "application/pdf",
          data: Buffer.from(content).toString("base64"),
        }),
      ]),
    ],
  };
}

/** A small PDF, different each time. */
export function pdf(text = randomBytes(8).toString("hex")): Uint8Array {
  return new TextEncoder().encode(`%PDF-1.4\n% ${text}\n%%EOF\n`);
}

export interface TestReceipt {
  readonly status: string;
  readonly id: string;
  readonly location: string;
  readonly lastModified: string;
}

/** Deposits and gives the receipt of the first document. @throws when it is refused */
export async function deposit(carnet: TestCarnet, document: TestDocument = {}, as?: string): Promise<TestReceipt> {
  const response = await carnet.call(as ?? document.author ?? "gp", "/", {
    method: "POST",
    body: JSON.stringify(provideBundle(document)),
  });
  if (response.status !== 200) throw new Error(`deposit refused: ${response.status} ${await response.text()}`);
  return receiptOf(await response.json());
}

export function receiptOf(bundle: Bundle): TestReceipt {
  const response = bundle.entry?.find((entry) => entry.response?.location?.startsWith("DocumentReference/"))?.response;
  const id = response?.location?.split("/")[1];
  if (!response || !id) throw new Error("no receipt");
  return {
    id,
    status: response.status,
    location: response.location ?? "",
    lastModified: response.lastModified ?? "",
  };
}

/** `system|value` in an address. */
export const token = ({ ins }: TestPatient) => encodeURIComponent(`${ins.system}|${ins.value}`);

/** Ids of the documents that a search gives to `account`. */
export async function search(carnet: TestCarnet, account: string, query = "", patient: TestPatient = patients.anna) {
  const parameters = query.includes("status=") ? query : `status=current${query ? `&${query}` : ""}`;
  const response = await carnet.call(account, `/DocumentReference?patient.identifier=${token(patient)}&${parameters}`);
  if (response.status !== 200) throw new Error(`search refused: ${response.status} ${await response.text()}`);
  const bundle: Bundle = await response.json();
  return { bundle, ids: (bundle.entry ?? []).flatMap((entry) => entry.resource?.id ?? []) };
}
