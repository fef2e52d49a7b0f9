/** What the caller must not learn to be there (R145), for whoever asks about one document to change it. */
import { type Access, appendAccess } from "../log/access-log.ts";
import { decide, decideAttribute, type Verdict } from "../rules/index.ts";
import { type DocumentRow, factsOfRow } from "../store/documents.ts";
import type { frameOf } from "./access.ts";
import { notFound, refusalError } from "./outcome.ts";
import type { Services } from "./services.ts";

type Frame = ReturnType<typeof frameOf>;
type Refusal = Extract<Verdict, { permit: false }>;

/** May the caller know of documents in this record at all? */
export function decideInRecord(frame: Frame): Verdict {
  return decide({ ...frame, act: frame.actor.kind === "establishment" ? "reference" : "read" });
}

/** The refusal, when the caller must not learn that this document is there. */
export function unseen(frame: Frame, row: DocumentRow): Refusal | undefined {
  const inRecord = decideInRecord(frame);
  const probe = decideAttribute({ ...frame, document: factsOfRow(row), change: "hide" });
  if (probe.permit) return undefined;
  const isUnseen = probe.refusal !== "forbidden" || (!inRecord.permit && probe.rule === inRecord.rule);
  return isUnseen ? probe : undefined;
}

/** The answer about a document that is not there, the same as about one that the caller must not learn of. */
export async function refuseAbsent(
  services: Services,
  access: Omit<Access, "outcome" | "rule">,
  inRecord: Verdict,
): Promise<never> {
  const rule = inRecord.permit ? "none" : inRecord.rule;
  await appendAccess(services.store.database, { ...access, outcome: "refused", rule, isConcealed: inRecord.permit });
  throw inRecord.permit ? notFound() : refusalError(inRecord);
}
