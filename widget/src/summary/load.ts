import type { RecordHandle, RecordStatus } from "@carnet/sdk";
import type { Bundle } from "@carnet/sdk/fhir";
import { readSummaryByParts, type SummaryModel } from "../facts/model.ts";
import { isAbort, type PanelState, type Problem, stateOf, toProblem } from "../shared/problem.ts";
import type { Loadable } from "./context.ts";
import { fetchFurther } from "./further.ts";
import type { DocumentHead } from "./sections-other.ts";

/** Everything the panel knows of one patient. A new patient is a new object: nothing can remain of the former. */
export interface PanelData {
  readonly state: PanelState;
  readonly problem?: Problem;
  readonly status?: RecordStatus;
  readonly summary: Loadable<SummaryModel>;
  readonly documents: Loadable<DocumentHead>;
}

export const emptyPanel: PanelData = {
  state: "loading",
  summary: { state: "loading" },
  documents: { state: "loading" },
};

/** Why the record cannot be read, as its status says; `undefined` when it can. */
export function barrierOf(status: RecordStatus): PanelState | undefined {
  if (status.state === "none") return "no-record";
  if (status.state === "closed") return "closed";
  switch (status.authorisation) {
    case "none":
    case "expired":
      return "consent-needed";
    case "forbidden":
      return "forbidden";
    case "valid":
      return undefined;
  }
}

/** Longest that a part of the reading may hold the page before what waits has its turn, milliseconds. */
const turn = 8;

/**
 * Reads a summary without holding the page up: whoever types in the host beside it is answered between two parts, and
 * before what was read is drawn.
 * @throws DOMException - `AbortError`, when the patient changed in between.
 * @throws Problem - `invalid-answer`, when it was entered in error: without facts, it would read as a record that has none.
 */
export async function readInTurns(bundle: Bundle, now: Date, signal: AbortSignal): Promise<SummaryModel> {
  const reading = readSummaryByParts(bundle, now);
  let since = performance.now();
  for (;;) {
    const step = reading.next();
    if (step.done || performance.now() - since >= turn) {
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      since = performance.now();
    }
    if (step.done) {
      if (step.value.isWithdrawn) throw { code: "invalid-answer" } satisfies Problem;
      return step.value;
    }
  }
}

/** The summary, read into what the panel shows. An answer about somebody else is refused whole. */
export async function loadSummary(record: RecordHandle, signal: AbortSignal): Promise<Loadable<SummaryModel>> {
  try {
    const [bundle] = await Promise.all([record.summary({ signal }), fetchFurther()]);
    const resources = bundle.entry?.map(({ resource }) => resource) ?? [];
    // What is no summary holds no facts, and would read as a record in which nobody recorded anything.
    if (!resources.some((resource) => resource?.resourceType === "Composition"))
      return { state: "failed", problem: { code: "invalid-answer" } };
    const at = new Date();
    const value = await readInTurns(bundle, at, signal);
    // Of several persons whom it does not tell apart, none is known to be the patient.
    const isNobody = value.identity === undefined && resources.some((resource) => resource?.resourceType === "Patient");
    const found = value.identity?.ins ?? record.ins;
    if (isNobody || found.value !== record.ins.value)
      return { state: "failed", problem: { code: "identity-mismatch" } };
    return { state: "ready", value, at };
  } catch (error) {
    if (isAbort(error) || signal.aborted) throw error;
    return { state: "failed", problem: toProblem(error) };
  }
}

/** The first documents of the record: enough for the five rows and for the count. */
export async function loadDocuments(record: RecordHandle, signal: AbortSignal): Promise<Loadable<DocumentHead>> {
  try {
    for await (const page of record.documents({ pageSize: 20 }, { signal }).pages()) {
      return {
        state: "ready",
        value: { documents: page.documents, ...(page.total === undefined ? {} : { total: page.total }) },
        at: new Date(),
      };
    }
    return { state: "ready", value: { documents: [], total: 0 }, at: new Date() };
  } catch (error) {
    if (isAbort(error) || signal.aborted) throw error;
    return { state: "failed", problem: toProblem(error) };
  }
}

/**
 * The panel's state from its two parts: one that came is enough to be ready, with the other saying in its own place
 * what is missing. Only when nothing came does the whole panel speak.
 */
export function settle(data: PanelData): PanelData {
  const { summary, documents } = data;
  if (summary.state === "ready") return { ...data, state: "ready" };
  if (summary.state === "loading") return { ...data, state: "loading" };
  if (documents.state === "loading") return { ...data, state: "loading" };
  const state = stateOf(summary.problem);
  if (summary.problem.code === "identity-mismatch") return { ...data, state: "error", problem: summary.problem };
  if (documents.state === "ready" && state !== "consent-needed" && state !== "closed")
    return { ...data, state: "ready" };
  return { ...data, state, problem: summary.problem };
}
