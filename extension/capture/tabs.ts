import { browser } from "../platform/browser.ts";
import { Problem } from "../shared/problem.ts";
import type { Candidate, Capture } from "./capture.ts";
import type { PageContext } from "./page-context.ts";
import type { Target } from "./target.ts";

/** A tab that shows a document, or a report, of its own. */
export interface PlacedTab {
  readonly kind: "tab";
  readonly target: Target;
  readonly label: string;
  /** The browser put it to sleep: there is nothing in it to read before it is shown again. */
  readonly isAsleep: boolean;
}

/**
 * The tabs of a tool in one window: those that the person selected (Ctrl+click on the tabs), or all of them when only one is.
 * Their addresses are told by the browser only where the person allowed the tool's own (`origin`).
 */
export async function tabsOf(windowId: number, origin: string): Promise<readonly PlacedTab[]> {
  const tabs = (await browser.tabs.query({ windowId })).filter(
    ({ id, url }) => id !== undefined && url !== undefined && URL.canParse(url) && new URL(url).origin === origin,
  );
  const selected = tabs.filter(({ highlighted }) => highlighted);
  return (selected.length > 1 ? selected : tabs).map(({ id = -1, url = "", title = "", discarded }) => ({
    kind: "tab",
    target: { id: crypto.randomUUID(), tabId: id, windowId, kind: "tab", tabUrl: url },
    label: title,
    isAsleep: discarded === true,
  }));
}

/** What is read of a tab among several: its one document, or the report that the page itself is. */
export async function captureTab(
  { target, isAsleep }: PlacedTab,
  captureAll: (target: Target, signal: AbortSignal) => Promise<Capture>,
  capturePage: (target: Target, candidate: Candidate, page: PageContext, signal: AbortSignal) => Promise<Capture>,
  signal: AbortSignal,
): Promise<Extract<Capture, { kind: "file" }>> {
  if (isAsleep) throw new Problem("capture-tab-asleep");
  let captured = await captureAll(target, signal);
  if (captured.kind === "choice") {
    // A page that offers documents is asked which; never guessed for several tabs at once.
    if (captured.candidates.some(({ kind }) => kind === "document")) throw new Problem("capture-several-here");
    captured = await capturePage(target, { kind: "page" }, captured.page, signal);
  }
  if (captured.kind !== "file") throw new Problem("capture-nothing");
  return captured;
}
