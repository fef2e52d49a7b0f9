/** One act on a record by itself, by its people or by the operator: the change, its line in the log, its notice, together. */
import { randomUUID } from "node:crypto";
import type { Caller } from "../http/caller.ts";
import type { Services } from "../http/services.ts";
import { appendAccess, appendLine, systemLineOf } from "../log/access-log.ts";
import { writeNotice } from "../log/notice.ts";
import type { Rule } from "../rules/index.ts";
import type { Database } from "../store/store.ts";
import type { AccessLogTable, LifeCycleNoticeKind } from "../store/tables.ts";

/** Who acts: somebody with a token, the operator of the service, or the record by itself when time has passed. */
export type Agent = Caller | "operator" | "system";

/** How an act is named in the log. */
export interface ActLine {
  readonly transaction: string;
  readonly action: AccessLogTable["action"];
  readonly rule: Rule;
  readonly objectType?: string;
  readonly objectId?: string | undefined;
  readonly detail?: string | undefined;
}

export interface RecordAct {
  readonly recordId: string;
  readonly by: Agent;
  readonly line: ActLine;
  /** What the person is told, if anything. */
  readonly notice?: LifeCycleNoticeKind;
  readonly now: Date;
  /** No notice and no line: for seeding fictitious histories only. */
  readonly isSilent?: boolean;
}

const names = { operator: "Opérateur du service", system: "Carnet" } as const;

/** Writes the line of an act. Use the handle of the act's transaction. */
export async function logAct(
  database: Database,
  { recordId, by, line, now }: Omit<RecordAct, "notice">,
): Promise<void> {
  const { objectType = "Patient", objectId = recordId, ...rest } = line;
  const access = { recordId, ...rest, objectType, objectId, recorded: now, outcome: "granted" } as const;
  if (typeof by !== "string") await appendAccess(database, { ...access, caller: by });
  else await appendLine(database, systemLineOf(access, { id: by, name: names[by] }));
}

/**
 * Runs `change`; when it took place, the line and the notice are written in the same transaction.
 * @returns whether it took place
 */
export async function perform(
  services: Services,
  act: RecordAct,
  change: (transaction: Database) => Promise<boolean>,
): Promise<boolean> {
  const { recordId, notice, now } = act;
  const isDone = await services.store.transaction(async (transaction) => {
    if (!(await change(transaction))) return false;
    if (act.isSilent) return true;
    await logAct(transaction, act);
    if (notice) {
      const key = `${notice}:${randomUUID()}`;
      await writeNotice(transaction, { recordId, key, kind: notice, now });
    }
    return true;
  });
  if (isDone && notice) services.onNotice();
  return isDone;
}
