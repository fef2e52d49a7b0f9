import { Problem, toProblem } from "../shared/problem.ts";
import { type BatchSource, fileBatch, readBatch } from "./batch.ts";
import type { OneDocument } from "./one-document.ts";
import type { PanelDesk } from "./panel-desk.ts";
import { isSamePage } from "./people-of-page.ts";

/** Several documents in front of the person, of one page or of several tabs: read one by one, what is certain sent together. */
export class SeveralDocuments {
  readonly #desk: PanelDesk;
  readonly #one: OneDocument;

  constructor(desk: PanelDesk, one: OneDocument) {
    this.#desk = desk;
    this.#one = one;
  }

  /** Read every document that the page offers, one after the other: what is certain can then be sent in one go. */
  async takePage(): Promise<void> {
    const { stage, signedIn } = this.#desk.state;
    const page = this.#desk.page;
    const target = this.#desk.target;
    if (stage.name !== "choice" || page === undefined || target === undefined || signedIn === undefined) return;
    const { signal } = this.#desk;
    const documents = stage.candidates.filter((candidate) => candidate.kind === "document");
    await readBatch(documents, { from: { target, page }, signedIn, ports: this.#desk.ports, signal }, (batch) => {
      if (!signal.aborted) this.#desk.set({ stage: { name: "batch", batch, isSending: false } });
    });
  }

  /** Read the tool's tabs one after the other, each a page of its own: none is bound to the click any more. */
  async takeTabs(windowId: number, origin: string): Promise<void> {
    const { signedIn } = this.#desk.state;
    if (signedIn === undefined) return;
    this.#desk.target = undefined;
    this.#desk.endCapture({ name: "reading" });
    this.#desk.set({ view: "document" });
    const { signal } = this.#desk;
    try {
      const tabs = await this.#desk.ports.tabsOf(windowId, origin);
      if (tabs.length === 0) throw new Problem("capture-nothing");
      await readBatch(tabs, { from: undefined, signedIn, ports: this.#desk.ports, signal }, (batch) => {
        if (!signal.aborted) this.#desk.set({ stage: { name: "batch", batch, isSending: false } });
      });
    } catch (error) {
      if (!signal.aborted) this.#desk.endCapture({ name: "problem", problem: toProblem(error) });
    }
  }

  /** One of a batch that is not certain: looked at alone. */
  async open(candidate: Exclude<BatchSource, { readonly kind: "tab" }>): Promise<void> {
    const { stage } = this.#desk.state;
    const page = this.#desk.page;
    const target = this.#desk.target;
    if (stage.name !== "batch" || stage.isSending) return;
    if (page === undefined || target === undefined) return;
    this.#desk.endCapture({ name: "reading" });
    await this.#one.read((signal) => this.#desk.ports.captureCandidate(target, candidate, page, signal));
  }

  /** Queue what the batch holds ready, once the page still says what it said. */
  async send(): Promise<void> {
    const { stage, signedIn } = this.#desk.state;
    if (stage.name !== "batch" || stage.isSending || signedIn === undefined) return;
    const target = this.#desk.target;
    const { signal } = this.#desk;
    let { batch } = stage;
    this.#desk.set({ stage: { name: "batch", batch, isSending: true } });
    const reader = this.#desk.ports.openReader();
    try {
      // Tabs are looked at one by one as they are queued.
      const now = target === undefined ? undefined : await this.#desk.ports.pageNow(target);
      const isSame = now !== undefined && (await isSamePage(now, this.#desk.page, reader));
      if (target !== undefined && !isSame) throw new Problem("capture-navigated");
      await fileBatch(batch, { signedIn, reader, ports: this.#desk.ports, signal }, (filed) => {
        batch = filed;
        if (!signal.aborted) this.#desk.set({ stage: { name: "batch", batch, isSending: true } });
      });
      if (signal.aborted) return;
      // What could not leave is still to be looked at: it is not put away with the rest.
      const isLeft = batch.some(
        ({ state }, place) =>
          (state === "failed" || state === "unsure") && (target === undefined || stage.batch[place]?.state === "ready"),
      );
      if (isLeft) {
        this.#desk.set({ stage: { name: "batch", batch, isSending: false } });
        return;
      }
      this.#desk.target = undefined;
      this.#desk.endCapture({ name: "empty" });
      this.#desk.set({ view: "history" });
    } catch (error) {
      if (signal.aborted) return;
      const problem = toProblem(error);
      if (problem.code === "outbox-full")
        this.#desk.set({ stage: { name: "batch", batch, isSending: false, problem } });
      else this.#desk.endCapture({ name: "problem", problem });
    } finally {
      reader.close();
      await this.#desk.ports.ring().catch(() => undefined);
      await this.#desk.refreshRows();
    }
  }
}
