/** R147: the patient changes several documents at once, all or none. `Patient/[id]/$change-documents`. */
import type { FastifyInstance } from "fastify";
import { type Access, appendAccess, outcomeOf } from "../log/access-log.ts";
import type { DocumentRow } from "../store/documents.ts";
import { factsOfRow, findDocument } from "../store/documents.ts";
import { touchRecord } from "../store/records.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { callerOf } from "./caller.ts";
import { attributesOf, type Decided, decideChanges, writeChanges } from "./change-attributes.ts";
import { isUuid, parseWireId, wireId } from "./ids.ts";
import { malformedParameters, readOperationParameters } from "./operation-parameters.ts";
import { notFound, refusalError, unprocessable, WireError } from "./outcome.ts";
import type { Attributes } from "./patch-document.ts";
import { sendFhir } from "./respond.ts";
import type { Services } from "./services.ts";

const changes: Readonly<Record<string, Partial<Attributes>>> = {
  hide: { is_hidden: true },
  show: { is_hidden: false },
  "hide-from-representatives": { is_invisible_to_representatives: true },
  "show-to-representatives": { is_invisible_to_representatives: false },
  archive: { is_archived: true },
  unarchive: { is_archived: false },
  delete: { status: "entered-in-error" },
};
const MAX_DOCUMENTS = 200;
/** R122. */
const MAX_DELETED = 10;

export function registerChangeDocuments(fhir: FastifyInstance, services: Services): void {
  fhir.post<{ Params: { id: string } }>("/Patient/:id/$change-documents", async (request, reply) => {
    const { id } = request.params;
    if (!isUuid(id)) throw notFound();
    const caller = callerOf(request);
    const trace = { transaction: "TD3.3", action: "U", objectType: "DocumentReference" } as const;
    const record = await openRecord(services, caller, { id }, "restrict", trace);
    const { change, members } = readRequest(request.body, id);
    const access = { ...trace, recordId: id, caller, recorded: record.now };
    const decided = await decideAll(services, record, change, members, access);
    await services.store.transaction(async (transaction) => {
      if (!(await touchRecord(transaction, id, record.now))) {
        throw refusalError({ permit: false, rule: "R15", refusal: "closed" });
      }
      for (const [row, one] of decided) {
        const line = { ...access, objectId: wireId(id, row.document_id) };
        if (!(await writeChanges(transaction, line, row, one))) throw changedMeanwhile();
      }
    });
    return sendFhir(reply, 200, {
      resourceType: "Parameters",
      parameter: decided.map(([row]) => ({
        name: "document",
        valueReference: { reference: `DocumentReference/${wireId(id, row.document_id)}` },
      })),
    });
  });
}

/** Every document is decided before anything is written; those that are so already are left out. */
async function decideAll(
  services: Services,
  record: OpenRecord,
  change: Partial<Attributes>,
  members: readonly string[],
  access: Omit<Access, "outcome" | "rule">,
): Promise<readonly (readonly [DocumentRow, Decided])[]> {
  const decided: (readonly [DocumentRow, Decided])[] = [];
  for (const member of members) {
    const row = await findDocument(services.store.database, record.id, member);
    const objectId = wireId(record.id, member);
    const verdict = row && record.decideOn("read", factsOfRow(row));
    if (!row || !verdict?.permit) {
      const rule = verdict?.rule ?? "none";
      await appendAccess(services.store.database, { ...access, objectId, outcome: "refused", rule, isConcealed: true });
      throw notFound();
    }
    const one = decideChanges(record.question, row, { ...attributesOf(row), ...change });
    for (const { verdict: part, change: name } of one.verdicts) {
      if (part.permit) continue;
      await appendAccess(services.store.database, { ...access, objectId, ...outcomeOf(part), detail: name });
      throw refusalError(part);
    }
    if (one.verdicts.length > 0) decided.push([row, one]);
  }
  return decided;
}

/** @throws WireError 422 */
function readRequest(body: unknown, recordId: string): { change: Partial<Attributes>; members: readonly string[] } {
  const parameters = readOperationParameters(body);
  const name = parameters.find((one) => one.name === "change")?.valueCode;
  const change = name !== undefined && Object.hasOwn(changes, name) ? changes[name] : undefined;
  if (!change) throw malformedParameters("parameter.change");
  const references = parameters.filter((one) => one.name === "document");
  const members = references.map(({ valueReference }) => {
    const id = /^DocumentReference\/([0-9a-f]{64})$/.exec(valueReference?.reference ?? "")?.[1];
    const member = id ? parseWireId(id) : undefined;
    if (!member) throw malformedParameters("parameter.document");
    // One of another record is no document of this one.
    if (member.recordId !== recordId) throw notFound();
    return member.memberId;
  });
  const wanted = [...new Set(members)];
  if (wanted.length === 0 || wanted.length > MAX_DOCUMENTS) throw malformedParameters("parameter.document");
  if (name === "delete" && wanted.length > MAX_DELETED) {
    throw unprocessable("R122", "Parameters.parameter.document", {
      fr: "Au plus 10 documents supprimés à la fois.",
      en: "At most 10 documents are deleted at once.",
    });
  }
  return { change, members: wanted };
}

function changedMeanwhile(): WireError {
  return new WireError(412, [
    {
      code: "conflict",
      fr: "Un des documents a changé entre-temps : recommencez.",
      en: "One of the documents changed meanwhile: try again.",
    },
  ]);
}
