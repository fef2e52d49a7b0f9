import type { Ins } from "@carnet/sdk/identity";
import { withoutProvenance } from "../capture/report/provenance.ts";
import { type Evidence, type InsSource, judge } from "../identify/judge.ts";
import type { Earlier } from "../outbox/earlier.ts";
import type { Trace } from "../outbox/row.ts";
import { sketchOf } from "../outbox/sketch.ts";
import type { SignedIn } from "../platform/session.ts";
import { sha256 } from "../shared/bytes.ts";
import { toProblem } from "../shared/problem.ts";
import { type Draft, isCompleteForHeader } from "./draft.ts";
import type { PanelPorts, RecordAnswer } from "./panel-ports.ts";

/** Ask the record of this number, compare its person with the document's, and look for what was sent before for them. */
export async function askRecord(
  draft: Draft,
  choice: { readonly ins: Ins; readonly source: InsSource },
  signedIn: SignedIn | undefined,
  ports: Pick<PanelPorts, "record" | "earlier">,
  signal: AbortSignal,
): Promise<{ readonly identity: Draft["identity"]; readonly earlier: Earlier | undefined }> {
  const { ins, source } = choice;
  const isCda = draft.cda !== undefined;
  try {
    const answer = await ports.record(ins, { isExact: isCda, signal });
    const identity = identityOf(answer, source, draft.evidence, isCda);
    const isKnown = identity.name === "judged" && signedIn !== undefined;
    return { identity, earlier: isKnown ? await earlierOf({ ...draft, identity }, signedIn, ports) : undefined };
  } catch (error) {
    const problem = toProblem(error, "service-unreachable");
    return { identity: { name: "failed", ins, source, problem }, earlier: undefined };
  }
}

/** What this person sent before and is alike. */
export async function earlierOf(draft: Draft, signedIn: SignedIn, ports: Pick<PanelPorts, "earlier">) {
  if (draft.identity.name !== "judged") return undefined;
  const { uniqueId, replaces } = draft.cda?.header ?? {};
  return ports.earlier(signedIn, { ...(await traceOf(draft, draft.identity.ins)), uniqueId, replaces });
}

/** What this document is recognised by later: its own words, without the foot that we put under a page made a PDF. */
export async function traceOf(draft: Draft, ins: Ins): Promise<Pick<Trace, "patient" | "content" | "sketch">> {
  return {
    patient: ins.value,
    content: await sha256(draft.file.bytes),
    sketch: sketchOf(withoutProvenance(draft.text)),
  };
}

function identityOf(answer: RecordAnswer, source: InsSource, evidence: Evidence, isCda: boolean): Draft["identity"] {
  const { ins } = answer;
  if (answer.state === "none") return { name: "no-record", ins, source };
  if (answer.state === "closed") return { name: "closed", ins, source };
  if (answer.traits === undefined || (!isCda && !isCompleteForHeader(answer.traits))) {
    return { name: "incomplete", ins, source };
  }
  return { name: "judged", ins, source, record: answer.traits, judgement: judge(evidence, answer.traits) };
}
