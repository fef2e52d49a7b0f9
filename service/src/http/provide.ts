/** ITI-65 (`POST [base]`, a lot of documents) and ITI-105 (`POST DocumentReference`, one). TD2, TD2.1. */
import type { List } from "@carnet/sdk/fhir";
import { codeSystem, extensionUrl, identifierSystem, profileUrl } from "@carnet/sdk/fhir";
import type { FastifyInstance } from "fastify";
import {
  type AdmittedPublication,
  type AdmittedSubmission,
  admitDocumentReference,
  admitProvideBundle,
} from "../admission/index.ts";
import { type Actor, type DocumentFacts, isOfStructure, isOwnDocument } from "../rules/index.ts";
import { factsOfRow, findDocument } from "../store/documents.ts";
import { actorKey, type Caller, callerOf } from "./caller.ts";
import { depositSubmission } from "./deposit.ts";
import { contentUrl } from "./document-resource.ts";
import { derivedOid, wireId } from "./ids.ts";
import { operationOutcome } from "./outcome.ts";
import { sendFhir } from "./respond.ts";
import { acknowledgedIn } from "./sensitive-deposit.ts";
import type { Services } from "./services.ts";
import type { DocumentReceipt, Submission, SubmissionReceipt } from "./submission.ts";

const holdsContents = { config: { holdsContents: true } } as const;

export function registerProvide(fhir: FastifyInstance, services: Services): void {
  // The base address, with and without a final slash.
  fhir.post("/", holdsContents, async (request, reply) => {
    const admitted = admitProvideBundle(request.body);
    const receipt = await depositSubmission(services, callerOf(request), submissionOf(admitted), {
      acknowledged: acknowledgedIn(request),
    });
    return sendFhir(reply, 200, transactionResponse(admitted, receipt));
  });
  fhir.post("/DocumentReference", holdsContents, async (request, reply) => {
    const caller = callerOf(request);
    const admitted = admitDocumentReference(request.body);
    const receipt = await depositSubmission(services, caller, publicationOf(admitted, caller), {
      acknowledged: acknowledgedIn(request),
    });
    const [document] = receipt.documents;
    const kept = document && (await findDocument(services.store.database, receipt.recordId, document.documentId));
    if (!kept) throw new Error("a deposit without a document passed");
    const location = `${services.config.publicUrl}/fhir/DocumentReference/${document.id}`;
    if (document.alreadyInRecord && !isDepositedBy(caller.actor, factsOfRow(kept))) {
      // Who merely holds a document that somebody else deposited learns that it is kept, and nothing of it (R116, R145).
      return sendFhir(reply.header("location", location), 200, operationOutcome([alreadyKept]));
    }
    // Sent again after a change of its attributes, it answers with the version that is there now.
    reply.header("location", `${location}/_history/${kept.version}`).header("etag", `W/"${kept.version}"`);
    reply.code(document.alreadyInRecord ? 200 : 201).header("content-type", "application/fhir+json; charset=utf-8");
    return reply.send(kept.resource);
  });
}

const alreadyKept = {
  severity: "information",
  code: "duplicate",
  fr: "Ce document est déjà dans le dossier.",
  en: "This document is in the record already.",
  rule: "R116",
} as const;

/** Written or deposited by the caller: what they sent may be sent back to them. */
function isDepositedBy(actor: Actor, document: DocumentFacts): boolean {
  switch (actor.kind) {
    case "professional":
      return isOwnDocument(actor, document);
    case "establishment":
      return isOfStructure(actor.structure.id, document);
    case "patient":
      return document.depositorKind === "patient" && document.depositorId === actor.ins.value;
  }
}

/** The deposit of an admitted ITI-65 Bundle. */
export function submissionOf(admitted: AdmittedSubmission): Submission {
  const { submissionSet } = admitted;
  const identifier = submissionSet.resource.identifier?.find((one) => one.use === "official")?.value;
  const members = admitted.documents.map(({ uniqueId }) => uniqueId).join(" ");
  const lotId = submissionSet.uniqueId ?? derivedOid(`lot ${identifier ?? members}`);
  const uniqueIds = new Map(
    admitted.documents.map(({ uniqueId }, index) => [admitted.documentUrls[index] ?? "", uniqueId] as const),
  );
  return {
    transaction: "TD2.1",
    subject: submissionSet.subject,
    documents: admitted.documents,
    patches: admitted.patches,
    folders: admitted.folders.map((folder, index) => ({
      admitted: folder,
      uniqueId: folder.uniqueId ?? derivedOid(`folder ${index} ${lotId}`),
      uniqueIds,
    })),
    lot: {
      uniqueId: lotId,
      date: submissionSet.date,
      resource: submissionSet.resource,
    },
  };
}

/** The deposit of an admitted ITI-105 document: a lot of its own, made from what is known. */
export function publicationOf({ document }: AdmittedPublication, { actor }: Caller): Submission {
  const uniqueId = derivedOid(`lot ${document.uniqueId}`);
  const date = document.resource.date ?? new Date().toISOString();
  const isPatient = actor.kind === "patient";
  const structure = isPatient ? undefined : actor.structure;
  const resource: List = {
    resourceType: "List",
    meta: { profile: [profileUrl.submissionSet] },
    contained: [
      isPatient
        ? { resourceType: "Patient", id: "source", identifier: [{ ...actor.ins }], name: [{ text: actor.name }] }
        : {
            resourceType: "PractitionerRole",
            id: "source",
            ...(actor.kind === "professional"
              ? {
                  practitioner: {
                    type: "Practitioner",
                    identifier: { system: identifierSystem.professional, value: actor.rpps },
                    display: actor.name,
                  },
                }
              : {}),
            ...(structure
              ? {
                  organization: {
                    type: "Organization",
                    identifier: { system: identifierSystem.structure, value: structure.id },
                    display: structure.name,
                  },
                }
              : {}),
          },
    ],
    extension: [
      {
        url: extensionUrl.designationType,
        valueCodeableConcept: {
          coding: [{ system: codeSystem.documentClass, code: document.category.code }],
        },
      },
      {
        url: extensionUrl.sourceId,
        valueIdentifier: { system: identifierSystem.structure, value: structure?.id ?? actorKey(actor) },
      },
    ],
    identifier: [{ use: "usual", system: identifierSystem.uri, value: uniqueId }],
    status: "current",
    mode: "working",
    title: document.resource.content[0]?.attachment.title ?? "Dépôt",
    code: { coding: [{ system: codeSystem.mhdListType, code: "submissionset" }] },
    subject: { type: "Patient" },
    date,
    source: { reference: "#source" },
  };
  return {
    transaction: "TD2.1",
    subject: document.subject,
    documents: [document],
    patches: [],
    folders: [],
    lot: { uniqueId, date, resource },
  };
}

/** The answer keeps the order of the Bundle; a document that was there already answers 200 with its first address. */
function transactionResponse(admitted: AdmittedSubmission, receipt: SubmissionReceipt) {
  const responseOf = (document: DocumentReceipt | undefined, location: (id: string) => string) => {
    if (!document) throw new Error("a document without a receipt passed");
    return {
      status: document.alreadyInRecord ? "200 OK" : "201 Created",
      location: location(document.id),
      etag: 'W/"1"',
      lastModified: document.receivedAt.toISOString(),
    };
  };
  const isReplay = receipt.documents.every((document) => document.alreadyInRecord);
  const warnings = admitted.warnings.map((issue) => ({ ...issue }));
  return {
    resourceType: "Bundle",
    type: "transaction-response",
    entry: admitted.entries.map((entry) => {
      switch (entry.kind) {
        case "submission-set":
          return {
            response: {
              status: isReplay ? "200 OK" : "201 Created",
              location: `List/${wireId(receipt.recordId, receipt.submissionSetId)}/_history/1`,
              etag: 'W/"1"',
              ...(warnings.length > 0 ? { outcome: operationOutcome(warnings) } : {}),
            },
          };
        case "document":
          return { response: responseOf(receipt.documents[entry.index], (id) => `DocumentReference/${id}/_history/1`) };
        case "content": {
          const document = receipt.documents[entry.index];
          return { response: responseOf(document, (id) => contentUrl(id, document?.contentType ?? "")) };
        }
        case "folder": {
          const folder = receipt.folders[entry.index];
          if (!folder) throw new Error("a folder without a receipt passed");
          return {
            response: {
              status: folder.alreadyInRecord ? "200 OK" : "201 Created",
              location: `List/${folder.id}/_history/1`,
              etag: 'W/"1"',
              lastModified: folder.receivedAt.toISOString(),
            },
          };
        }
        default:
          return { response: { status: "200 OK" } };
      }
    }),
  };
}
