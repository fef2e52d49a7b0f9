import type { PlacedDocument } from "../capture/capture.ts";
import type { PageContext } from "../capture/page-context.ts";
import { captureTab, type PlacedTab } from "../capture/tabs.ts";
import type { Target } from "../capture/target.ts";
import { chooseRecord } from "../identify/judge.ts";
import type { SignedIn } from "../platform/session.ts";
import { Problem, toProblem } from "../shared/problem.ts";
import { askRecord } from "./ask-record.ts";
import { type Draft, obstacleOf } from "./draft.ts";
import { fileDraft } from "./file-draft.ts";
import type { PanelPorts, ReaderPort } from "./panel-ports.ts";
import { isSamePage, peopleOf } from "./people-of-page.ts";

/** A document of one page, or a tab of its own. */
export type BatchSource = PlacedDocument | PlacedTab;

/** One document of several, and how far it is. Each has its own identity check, against its own page. */
export type BatchItem = { readonly candidate: BatchSource } & (
  | { readonly state: "waiting" | "reading" }
  /** Certain and complete: may be sent with the others. */
  | { readonly state: "ready"; readonly draft: Draft; readonly page: PageContext }
  /** Something is to be looked at or filled in: opened alone. */
  | { readonly state: "unsure"; readonly draft: Draft; readonly page: PageContext }
  | { readonly state: "failed"; readonly problem: Problem }
  | { readonly state: "filed" }
);

export type Batch = readonly BatchItem[];

interface BatchContext {
  /** Page of the documents; none for tabs, which are pages of their own. */
  readonly from: { readonly target: Target; readonly page: PageContext } | undefined;
  readonly signedIn: SignedIn;
  readonly ports: PanelPorts;
  readonly signal: AbortSignal;
}

/** Read the documents one after the other, and tell each step. An aborted signal ends it before the next one. */
export async function readBatch(
  documents: readonly BatchSource[],
  context: BatchContext,
  changed: (batch: Batch) => void,
): Promise<void> {
  let batch: Batch = documents.map((candidate): BatchItem => ({ candidate, state: "waiting" }));
  const put = (index: number, item: BatchItem) => {
    batch = batch.map((former, place) => (place === index ? item : former));
    changed(batch);
  };
  for (const [index, candidate] of documents.entries()) {
    if (context.signal.aborted) return;
    put(index, { candidate, state: "reading" });
    try {
      put(index, { candidate, ...(await readOne(candidate, context)) });
    } catch (error) {
      put(index, { candidate, state: "failed", problem: toProblem(error) });
    }
  }
}

async function readOne(candidate: BatchSource, { from, signedIn, ports, signal }: BatchContext) {
  const reader = ports.openReader();
  try {
    const captured =
      candidate.kind === "tab"
        ? await captureTab(candidate, ports.capture, ports.captureCandidate, signal)
        : from === undefined
          ? undefined
          : await ports.captureCandidate(from.target, candidate, from.page, signal);
    if (captured?.kind !== "file") throw new Error("one candidate is one file");
    const { page } = captured;
    const { draftOf } = await import("./new-draft.ts");
    const read = await draftOf(captured, reader, ports, signal);
    // Its pages are drawn only when it is opened alone.
    await read.pdf?.close();
    const evidence = { ...read.evidence, page: await peopleOf(captured.page, reader) };
    const draft: Draft = { ...read, pdf: undefined, evidence };
    const choice = chooseRecord(evidence);
    if (choice.kind === "missing") return { state: "unsure" as const, draft, page };
    if (choice.kind === "refused") {
      return {
        state: "unsure" as const,
        draft: { ...draft, identity: { name: "refused" as const, why: choice.why } },
        page,
      };
    }
    const identified = { ...draft, ...(await askRecord(draft, choice, signedIn, ports, signal)) };
    // Whoever sends is told what else leaves with it.
    const isAlone = identified.enclosed.length === 0;
    const isReady = isAlone && obstacleOf(identified, signedIn.sender, ports.today()) === undefined;
    return { state: isReady ? ("ready" as const) : ("unsure" as const), draft: identified, page };
  } finally {
    reader.close();
  }
}

/**
 * Queue those that are ready, one after the other; each is safe on disk before the next. A tab that left its page, or shows
 * somebody else on it, since it was read is not sent.
 */
export async function fileBatch(
  batch: Batch,
  context: Pick<BatchContext, "signedIn" | "ports" | "signal"> & { readonly reader: ReaderPort },
  changed: (batch: Batch) => void,
): Promise<void> {
  let current = batch;
  for (const [index, item] of batch.entries()) {
    if (item.state !== "ready") continue;
    const { candidate } = item;
    let next: BatchItem = { candidate, state: "filed" };
    if (candidate.kind === "tab" && !(await isUnchanged(candidate, item.page, context))) {
      next = { candidate, state: "failed", problem: new Problem("capture-navigated") };
    } else {
      const filing = await fileDraft(item.draft, context.signedIn, context.reader, context.ports, context.signal);
      if ("earlier" in filing) next = { ...item, state: "unsure", draft: { ...item.draft, earlier: filing.earlier } };
    }
    current = current.map((former, place) => (place === index ? next : former));
    changed(current);
  }
}

async function isUnchanged(
  { target }: PlacedTab,
  page: PageContext,
  { ports, reader }: { readonly ports: PanelPorts; readonly reader: ReaderPort },
): Promise<boolean> {
  if (!(await ports.isSameDocument(target, page))) return false;
  // A tab that is the document itself has no words around it to compare.
  if (page.text === "") return true;
  const now = await ports.pageNow(target).catch((): undefined => undefined);
  return now !== undefined && isSamePage(now, page, reader);
}
