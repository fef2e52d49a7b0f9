/**
 * TD0.4: the records of the people who gave a professional or a structure their agreement ("mes patients"): `GET Patient`
 * without an identifier. Last acted on first, or, for who reads documents, last document first. R56, R58, R60.
 */
import { appendAccess } from "../log/access-log.ts";
import { type Actor, columnOf, decide, mayListPatients, readableTypes } from "../rules/index.ts";
import { type AuthorisedQuery, authorisedRecords } from "../store/authorisations.ts";
import { type LoadedRecord, loadRecord } from "../store/records.ts";
import { frameOf } from "./access.ts";
import type { Caller } from "./caller.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { readCount } from "./document-query.ts";
import { badRequest, refusalError } from "./outcome.ts";
import { unknownParameter } from "./parameters.ts";
import type { Services } from "./services.ts";

const PARAMETERS: ReadonlySet<string> = new Set(["_count", "_cursor", "_format", "_sort"]);

export interface PatientPage {
  readonly records: readonly LoadedRecord[];
  /** Cursor of the next page. */
  readonly next: string | undefined;
  /** How many there are, when that alone is asked. */
  readonly total?: number;
}

/**
 * One page. Each record on it keeps a line of it: the patient sees who listed them.
 * @throws WireError 400, 403
 */
export async function myPatients(
  services: Services,
  caller: Caller,
  parameters: URLSearchParams,
  now: Date,
): Promise<PatientPage> {
  const { actor } = caller;
  const may = mayListPatients(actor, caller.purposeOfUse);
  if (!may.permit) throw refusalError(may);
  for (const name of parameters.keys()) if (!PARAMETERS.has(name)) throw unknownParameter(name);
  const count = readCount(parameters);
  const cursor = parameters.get("_cursor");
  const query: AuthorisedQuery = {
    rpps: actor.kind === "professional" ? actor.rpps : undefined,
    structure: actor.kind === "patient" ? undefined : actor.structure?.id,
    order: orderOf(actor, parameters),
    from: cursor ? decodeCursor(cursor) : undefined,
    limit: count + 1,
  };
  const { database } = services.store;
  if (count === 0) {
    // Nobody is shown: no record keeps a line of it.
    const all = await authorisedRecords(database, { ...query, order: "authorisation", limit: null }, now);
    return { records: [], next: undefined, total: all.length };
  }
  const found = await authorisedRecords(database, query, now);
  const records: LoadedRecord[] = [];
  for (const { record_id: id } of found.slice(0, count)) {
    const record = await loadRecord(database, { id }, actor, now);
    const frame = record && frameOf(services, caller, record, now);
    if (!frame || !decide({ ...frame, act: "status" }).permit) continue;
    // Closed or blocked between the two questions.
    const { state, standing } = frame.record;
    if (state !== "open" || (actor.kind === "professional" && standing.authorisation !== "valid")) continue;
    await appendAccess(database, {
      recordId: id,
      caller,
      transaction: "TD0.4",
      action: "E",
      objectType: "Patient",
      recorded: now,
      outcome: "granted",
      rule: may.rule,
    });
    records.push(record);
  }
  const last = found[count - 1];
  const isMore = found.length > count && last !== undefined;
  return { records, next: isMore ? encodeCursor({ position: last.at, id: last.record_id }) : undefined };
}

/** @throws WireError 400 for an order that is not known, or of documents that the caller may never read */
function orderOf(actor: Actor, parameters: URLSearchParams): AuthorisedQuery["order"] {
  const written = parameters.get("_sort") ?? "-authorisation";
  if (written === "-authorisation") return "authorisation";
  const column = written === "-document" && actor.kind === "professional" ? columnOf(actor) : undefined;
  if (column) return { lastDocumentOf: [...readableTypes(column)] };
  throw badRequest(
    "_sort est -authorisation, ou -document pour qui lit des documents.",
    "_sort is -authorisation, or -document for who reads documents.",
    "_sort",
  );
}
