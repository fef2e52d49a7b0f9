/** From a request to a record that the caller may act in: load, decide, and trace every refusal. */
import { appendAccess, outcomeOf } from "../log/access-log.ts";
import { type Act, type DocumentFacts, decide, type Question, type Verdict } from "../rules/index.ts";
import { type LoadedRecord, loadRecord, type RecordLocator } from "../store/records.ts";
import type { AccessLogTable } from "../store/tables.ts";
import type { Caller } from "./caller.ts";
import { pretendedRecordId } from "./ids.ts";
import { notFound, refusalError } from "./outcome.ts";
import type { Services } from "./services.ts";

/** How a request is named in the log. */
export interface Trace {
  readonly transaction: string;
  readonly action: AccessLogTable["action"];
  readonly objectType: string;
  readonly objectId?: string | undefined;
  readonly query?: string | undefined;
}

/** A record that the caller may act in, and the frame for further questions about its documents. */
export interface OpenRecord extends LoadedRecord {
  readonly caller: Caller;
  readonly now: Date;
  /** The same caller asks about one document. */
  decideOn(act: Act, document: DocumentFacts): Verdict;
  readonly question: Omit<Question, "act" | "document">;
}

/** The frame of every question about one record. */
export function frameOf(
  services: Services,
  caller: Caller,
  record: LoadedRecord,
  now: Date,
): Omit<Question, "act" | "document"> {
  return {
    actor: caller.actor,
    purposeOfUse: caller.purposeOfUse,
    reason: caller.reason,
    isSecret: caller.isSecret,
    record: record.facts,
    now,
    parameters: services.config.rules,
  };
}

/**
 * Loads the record and asks whether the caller may do `act` in it. An unknown record and a refusal leave a line in the
 * log and throw.
 * @throws WireError 403, 404, 410
 */
export async function openRecord(
  services: Services,
  caller: Caller,
  locator: RecordLocator,
  act: Act,
  trace: Trace,
): Promise<OpenRecord> {
  const now = services.now();
  const record = await loadRecord(services.store.database, locator, caller.actor, now);
  if (!record) {
    await traceUnknown(services, caller, locator, trace, now);
    throw notFound();
  }
  const question = frameOf(services, caller, record, now);
  const verdict = decide({ ...question, act });
  if (!verdict.permit) {
    await appendAccess(services.store.database, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: now,
      ...outcomeOf(verdict),
    });
    throw refusalError(verdict);
  }
  const { actor, purposeOfUse, reason, isSecret, record: facts, parameters } = question;
  // Written out, for it is asked of each document of a list: to copy the frame takes longer than to decide. All
  // its parts are there, also one that it may get some day.
  const decideOn = (act: Act, document: DocumentFacts) => {
    const asked = { act, document, actor, purposeOfUse, reason, isSecret, record: facts, now, parameters };
    return decide(asked satisfies Record<keyof Question, unknown>);
  };
  return { ...record, caller, now, question, decideOn };
}

/** A question about somebody who has no record is traced under a pretended one. */
export async function traceUnknown(
  services: Services,
  caller: Caller,
  locator: RecordLocator,
  trace: Trace,
  now: Date,
): Promise<void> {
  await appendAccess(services.store.database, {
    ...trace,
    recordId: "ins" in locator ? pretendedRecordId(locator.ins.system, locator.ins.value) : locator.id,
    caller,
    recorded: now,
    outcome: "failed",
    rule: "none",
  });
}
