/**
 * `GET DocumentReference/[id]/$rights`: what the caller may change of a document, so that software offers that and
 * nothing else. The same decisions as the changes themselves (R117 to R124, R142 to R152). It shows no content.
 */
import type { FastifyInstance } from "fastify";
import { type Access, appendAccess, outcomeOf } from "../log/access-log.ts";
import { type DocumentFacts, decide, decideReplacement, hasRepresentative } from "../rules/index.ts";
import { type DocumentRow, factsToReplace, findDocument } from "../store/documents.ts";
import { loadRecord } from "../store/records.ts";
import { frameOf } from "./access.ts";
import { callerOf } from "./caller.ts";
import { attributesOf, decideChanges } from "./change-attributes.ts";
import { parseWireId } from "./ids.ts";
import { notFound, refusalError } from "./outcome.ts";
import type { Attributes } from "./patch-document.ts";
import { sendFhir } from "./respond.ts";
import type { Services } from "./services.ts";
import { decideInRecord, refuseAbsent, unseen } from "./unseen-document.ts";

export function registerDocumentRights(fhir: FastifyInstance, services: Services): void {
  fhir.get<{ Params: { id: string } }>("/DocumentReference/:id/$rights", async (request, reply) => {
    const caller = callerOf(request);
    const member = parseWireId(request.params.id);
    if (!member) throw notFound();
    const now = services.now();
    const { database } = services.store;
    const record = await loadRecord(database, { id: member.recordId }, caller.actor, now);
    if (!record) throw notFound();
    const access: Omit<Access, "outcome" | "rule"> = {
      recordId: record.id,
      caller,
      transaction: "TD3.1b",
      action: "R",
      objectType: "DocumentReference",
      objectId: request.params.id,
      recorded: now,
    };
    const frame = frameOf(services, caller, record, now);
    const row = await findDocument(database, record.id, member.memberId);
    if (!row) return refuseAbsent(services, access, decideInRecord(frame));
    const refusal = unseen(frame, row);
    if (refusal) {
      await appendAccess(database, { ...access, ...outcomeOf(refusal) });
      throw refusalError(refusal);
    }
    await appendAccess(database, { ...access, outcome: "granted", rule: "R124" });
    const toReplace = await factsToReplace(database, row);
    const rights = rightsOn(frame, row, toReplace).map((right) => ({ name: "right", valueCode: right }));
    // FHIR has no empty array: nothing may be changed when there is none.
    return sendFhir(reply, 200, { resourceType: "Parameters", ...(rights.length > 0 ? { parameter: rights } : {}) });
  });
}

type Frame = ReturnType<typeof frameOf>;

const changes: Readonly<Record<string, (now: Attributes) => Attributes | undefined>> = {
  hide: (now) => (now.is_hidden ? undefined : { ...now, is_hidden: true }),
  show: (now) => (now.is_hidden ? { ...now, is_hidden: false } : undefined),
  "show-to-patient": (now) => (now.is_invisible_to_patient ? { ...now, is_invisible_to_patient: false } : undefined),
  "show-to-representatives": (now) =>
    now.is_invisible_to_representatives ? { ...now, is_invisible_to_representatives: false } : undefined,
  "hide-from-representatives": (now) =>
    now.is_invisible_to_representatives ? undefined : { ...now, is_invisible_to_representatives: true },
  archive: (now) => (now.is_archived ? undefined : { ...now, is_archived: true }),
  unarchive: (now) => (now.is_archived ? { ...now, is_archived: false } : undefined),
  delete: (now) => (now.status === "entered-in-error" ? undefined : { ...now, status: "entered-in-error" }),
};

function rightsOn(frame: Frame, row: DocumentRow, toReplace: DocumentFacts): readonly string[] {
  const rights = Object.entries(changes).flatMap(([name, change]) => {
    const after = change(attributesOf(row));
    if (!after) return [];
    // R152: nobody is there to keep it from. Still accepted, as a label is at deposit: somebody may be named later.
    if (name === "hide-from-representatives" && !hasRepresentative(frame.record, frame.now, frame.parameters))
      return [];
    const { verdicts } = decideChanges(frame, row, after);
    return verdicts.length > 0 && verdicts.every(({ verdict }) => verdict.permit) ? [name] : [];
  });
  // A new version is a deposit too: who may not feed the record is not offered one (R57, R150).
  const mayReplace = decideReplacement(frame, toReplace).permit && decide({ ...frame, act: "deposit" }).permit;
  return mayReplace ? [...rights, "replace"] : rights;
}
