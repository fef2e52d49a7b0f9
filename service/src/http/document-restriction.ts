/**
 * A document that the patient withholds from one professional or structure, or from every emergency for good. Beyond the
 * DMP: Consents of the patient about one document. Nobody else learns that there are any (R145).
 */
import { type Access, appendAccess, outcomeOf } from "../log/access-log.ts";
import { factsOfRow, findDocument } from "../store/documents.ts";
import type { RecordLocator } from "../store/records.ts";
import { touchRecord } from "../store/records.ts";
import {
  endRestriction,
  findRestriction,
  listRestrictions,
  type RestrictionRow,
  restrictDocument,
} from "../store/restrictions.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { actorKey, type Caller } from "./caller.ts";
import type { WantedRestriction } from "./consent-request.ts";
import { parseWireId, wireId } from "./ids.ts";
import { notFound, refusalError, WireError } from "./outcome.ts";
import type { Services } from "./services.ts";

/** @throws WireError 403 for anybody but the patient, 404 for a document that they do not see */
export async function restrict(
  services: Services,
  caller: Caller,
  locator: RecordLocator,
  { documentId, restriction }: WantedRestriction,
): Promise<{ readonly record: OpenRecord; readonly row: RestrictionRow }> {
  const trace = { transaction: "TD0.3", action: "C", objectType: "Consent" } as const;
  const record = await openRecord(services, caller, locator, "restrict", trace);
  const access = { ...trace, recordId: record.id, caller, recorded: record.now };
  const member = parseWireId(documentId);
  const isHere = member?.recordId === record.id && (await isSeen(services, record, member.memberId));
  if (!member || !isHere) {
    await appendAccess(services.store.database, { ...access, outcome: "refused", rule: "none", isConcealed: true });
    throw notFound();
  }
  const row = await services.store.transaction(async (transaction) => {
    if (!(await touchRecord(transaction, record.id, record.now))) {
      throw refusalError({ permit: false, rule: "R15", refusal: "closed" });
    }
    const target = { recordId: record.id, documentId: member.memberId };
    const kept = await restrictDocument(transaction, target, restriction, actorKey(caller.actor), record.now);
    await appendAccess(transaction, {
      ...access,
      objectId: wireId(record.id, kept.restriction_id),
      outcome: "granted",
      rule: "R146",
      detail: restriction.kind,
    });
    return kept;
  });
  return { record, row };
}

/** What the caller may see: the patient, of documents that they see. */
export async function visibleRestrictions(services: Services, record: OpenRecord): Promise<readonly RestrictionRow[]> {
  if (record.caller.actor.kind !== "patient") return [];
  const seen: RestrictionRow[] = [];
  for (const row of await listRestrictions(services.store.database, record.id)) {
    if (await isSeen(services, record, row.document_id)) seen.push(row);
  }
  return seen;
}

export async function visibleRestriction(
  services: Services,
  record: OpenRecord,
  restrictionId: string,
): Promise<RestrictionRow | undefined> {
  if (record.caller.actor.kind !== "patient") return undefined;
  const row = await findRestriction(services.store.database, record.id, restrictionId);
  return row && (await isSeen(services, record, row.document_id)) ? row : undefined;
}

/** @throws WireError 403: never in emergency is for good */
export async function lift(
  services: Services,
  record: OpenRecord,
  row: RestrictionRow,
  access: Omit<Access, "outcome" | "rule">,
): Promise<void> {
  if (row.kind === "never-in-emergency") {
    await appendAccess(services.store.database, {
      ...access,
      ...outcomeOf({ permit: false, rule: "R74", refusal: "forbidden" }),
    });
    throw irrevocable();
  }
  await services.store.transaction(async (transaction) => {
    if (!(await touchRecord(transaction, record.id, record.now))) {
      throw refusalError({ permit: false, rule: "R15", refusal: "closed" });
    }
    await endRestriction(transaction, row, record.now);
    await appendAccess(transaction, { ...access, outcome: "granted", rule: "R146", detail: row.kind });
  });
}

async function isSeen(services: Services, record: OpenRecord, documentId: string): Promise<boolean> {
  const row = await findDocument(services.store.database, record.id, documentId);
  return row !== undefined && record.decideOn("read", factsOfRow(row)).permit;
}

function irrevocable(): WireError {
  return new WireError(403, [
    {
      code: "forbidden",
      fr: "Ce choix est définitif : ce document ne sera lu dans aucune urgence.",
      en: "This choice is final: this document will not be read in any emergency.",
      rule: "R74",
    },
  ]);
}
