/**
 * TD3.3: hide, show, archive, delete a document (`PATCH DocumentReference`). JSON Patch and FHIRPath Parameters; only
 * status, security labels and the archived mark may change. R119 to R124, R140 to R152.
 */
import type { DocumentReference } from "@carnet/sdk/fhir";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sql } from "kysely";
import { type Access, appendAccess, outcomeOf } from "../log/access-log.ts";
import { type DocumentFacts, decide } from "../rules/index.ts";
import { findDocument } from "../store/documents.ts";
import { loadRecord, type RecordLocator, touchRecord } from "../store/records.ts";
import { frameOf } from "./access.ts";
import { LOOKED_FOR } from "./audit-view.ts";
import { type Caller, callerOf } from "./caller.ts";
import { attributesOf, decideChanges, writeChanges } from "./change-attributes.ts";
import { isOfUris, readToken } from "./coded-elements.ts";
import { parseWireId, wireId } from "./ids.ts";
import { badRequest, notFound, refusalError } from "./outcome.ts";
import { PATIENT_PARAMETERS, parametersOf, patientOf, requireKnown } from "./parameters.ts";
import { readPatch } from "./patch-document.ts";
import { checkIfMatch, preconditionFailed } from "./preconditions.ts";
import { sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";
import { decideInRecord, refuseAbsent, unseen } from "./unseen-document.ts";
import { withVisibleRelations } from "./visible-relations.ts";

export function registerPatch(fhir: FastifyInstance, services: Services): void {
  fhir.patch<{ Params: { id: string } }>("/DocumentReference/:id", async (request, reply) => {
    const member = parseWireId(request.params.id);
    if (!member) throw notFound();
    return patch(services, request, reply, { recordId: member.recordId, documentId: member.memberId, isNamed: true });
  });
  fhir.patch("/DocumentReference", async (request, reply) => {
    const parameters = parametersOf(request);
    requireKnown(parameters, ["identifier"], PATIENT_PARAMETERS);
    const token = parameters.get("identifier");
    if (!token)
      throw badRequest("Le paramètre identifier est exigé.", "The parameter identifier is required.", "identifier");
    const isPatientNamed = PATIENT_PARAMETERS.some((name) => parameters.has(name));
    const patient = isPatientNamed ? patientOf(parameters, services.config.rules.acceptsWrongTestKeys) : undefined;
    const number = readToken(token);
    const found = isOfUris(number) && (await locate(services, callerOf(request), number.code, patient));
    if (!found) throw notFound();
    return patch(services, request, reply, {
      recordId: found.record_id,
      documentId: found.document_id,
      isNamed: false,
    });
  });
}

/**
 * A conditional PATCH names a document and no record. The uniqueId is looked up across records, as the guide's own
 * examples do. Of several records that hold it only those count where the caller may know of the document: what lies in
 * the others changes nothing for them. When two remain, neither is touched.
 */
async function locate(
  services: Services,
  caller: Caller,
  identifier: string,
  patient: RecordLocator | undefined,
): Promise<{ record_id: string; document_id: string } | undefined> {
  const uuid = /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(identifier)?.[1] ?? null;
  const { rows } = await sql<{ record_id: string; document_id: string }>`
    select record_id, document_id from document where unique_id = ${identifier}
    union select record_id, document_id from document where document_id = ${uuid}::uuid
    limit ${MAX_CANDIDATES}`.execute(services.store.database);
  const now = services.now();
  if (patient) {
    const record = await loadRecord(services.store.database, patient, caller.actor, now);
    return rows.find(({ record_id }) => record_id === record?.id);
  }
  if (rows.length < 2) return rows[0];
  const seen: typeof rows = [];
  for (const one of rows) {
    const record = await loadRecord(services.store.database, { id: one.record_id }, caller.actor, now);
    const row = record && (await findDocument(services.store.database, one.record_id, one.document_id));
    if (row && !unseen(frameOf(services, caller, record, now), row)) seen.push(one);
  }
  return seen.length === 1 ? seen[0] : undefined;
}

/** Records that are looked at for one identifier. */
const MAX_CANDIDATES = 20;

type Frame = ReturnType<typeof frameOf>;

interface Target {
  readonly recordId: string;
  readonly documentId: string;
  /** The caller's address names the record. Otherwise a refusal would tell that some record holds the identifier. */
  readonly isNamed: boolean;
}

/** Versions of a row that change under our hands are tried again this often. */
const MAX_ROUNDS = 3;

async function patch(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { recordId, documentId, isNamed }: Target,
): Promise<FastifyReply> {
  const caller = callerOf(request);
  const now = services.now();
  const record = await loadRecord(services.store.database, { id: recordId }, caller.actor, now);
  if (!record) throw notFound();
  const access: Omit<Access, "outcome" | "rule"> = {
    recordId,
    caller,
    transaction: "TD3.3",
    action: "U",
    objectType: "DocumentReference",
    objectId: wireId(recordId, documentId),
    recorded: now,
  };
  const frame = frameOf(services, caller, record, now);
  for (let round = 1; ; round++) {
    const row = await findDocument(services.store.database, recordId, documentId);
    // May the caller know of documents here at all? A refusal is the same whether this one exists or not.
    if (!row) return refuseAbsent(services, access, decideInRecord(frame));
    const resource: DocumentReference = JSON.parse(row.resource);
    // Then of this one: a patch that cannot be understood says nothing about a hidden document.
    const refusal = unseen(frame, row);
    if (refusal) {
      await appendAccess(services.store.database, {
        ...access,
        ...outcomeOf(refusal),
        ...(isNamed ? {} : { isConcealed: true, detail: LOOKED_FOR }),
      });
      throw isNamed ? refusalError(refusal) : notFound();
    }
    const after = readPatch(request.body, request.headers["content-type"] ?? "", resource, attributesOf(row));
    const decided = decideChanges(frame, row, after);
    for (const { change, verdict } of decided.verdicts) {
      if (verdict.permit) continue;
      await appendAccess(services.store.database, { ...access, ...outcomeOf(verdict), detail: change });
      throw refusalError(verdict, change === "delete" ? "DocumentReference.status" : "DocumentReference.securityLabel");
    }
    checkIfMatch(request.headers["if-match"], row.version);
    if (decided.verdicts.length === 0) {
      await appendAccess(services.store.database, { ...access, outcome: "granted", rule: "R124", detail: "unchanged" });
      reply.header("etag", `W/"${row.version}"`);
      return sendFhirText(reply, 200, await shownTo(services, frame, recordId, resource));
    }
    const changed = await services.store.transaction(async (transaction) => {
      if (!(await touchRecord(transaction, recordId, now))) {
        throw refusalError({ permit: false, rule: "R15", refusal: "closed" });
      }
      return writeChanges(transaction, access, row, decided);
    });
    if (changed) {
      if (decided.verdicts.some(({ change }) => change === "show-to-patient")) services.onNotice();
      reply.header("etag", `W/"${changed.version}"`).header("last-modified", now.toUTCString());
      return sendFhirText(reply, 200, await shownTo(services, frame, recordId, changed.resource));
    }
    if (round === MAX_ROUNDS) throw preconditionFailed();
  }
}

/** The resource as the caller may read it: the versions before it only where they see them. */
async function shownTo(
  services: Services,
  frame: Frame,
  recordId: string,
  resource: DocumentReference,
): Promise<string> {
  const act = frame.actor.kind === "establishment" ? "reference" : "read";
  const isVisible = (document: DocumentFacts) => decide({ ...frame, act, document }).permit;
  const text = JSON.stringify(resource);
  return (await withVisibleRelations(services.store.database, recordId, [text], isVisible))[0] ?? text;
}
