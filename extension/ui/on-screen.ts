import type { IdentityTraits, Ins } from "@carnet/sdk/identity";
import type { PageContext } from "../capture/page-context.ts";
import { chooseRecord, judge } from "../identify/judge.ts";
import { type Problem, toProblem } from "../shared/problem.ts";
import type { PanelPorts } from "./panel-ports.ts";
import { peopleOf } from "./people-of-page.ts";

/** Whose record may be read beside the page: one person, named by the page itself, the same as the record's. */
export type OnScreen =
  | { readonly name: "looking" }
  | { readonly name: "certain"; readonly ins: Ins; readonly traits: IdentityTraits }
  /** Nobody, or somebody whose number the page does not show. */
  | { readonly name: "nobody" }
  | { readonly name: "several" }
  /** Another tab came in front of the page. */
  | { readonly name: "elsewhere" }
  /** The record's person is not, or not surely, the one on the page: nothing of it is shown. */
  | { readonly name: "unsure" }
  | { readonly name: "no-record" }
  | { readonly name: "failed"; readonly problem: Problem };

/**
 * The patient of a page, for reading. Stricter than for sending: a doubtful identity cannot be confirmed here, because
 * what would be shown is somebody's health.
 */
export async function patientOnScreen(
  page: PageContext | undefined,
  ports: Pick<PanelPorts, "openReader" | "record">,
  signal: AbortSignal,
): Promise<OnScreen> {
  if (page === undefined) return { name: "nobody" };
  const reader = ports.openReader();
  try {
    const people = await peopleOf(page, reader);
    const evidence = { document: people, page: [], typed: undefined };
    const choice = chooseRecord(evidence);
    if (choice.kind === "missing") return { name: "nobody" };
    if (choice.kind === "refused") return { name: "several" };
    const answer = await ports.record(choice.ins, { isExact: false, signal });
    if (answer.state !== "open" || answer.traits === undefined) return { name: "no-record" };
    const { verdict } = judge(evidence, answer.traits);
    return verdict === "certain" ? { name: "certain", ins: answer.ins, traits: answer.traits } : { name: "unsure" };
  } catch (error) {
    return { name: "failed", problem: toProblem(error, "service-unreachable") };
  } finally {
    reader.close();
  }
}
