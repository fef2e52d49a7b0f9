import type { IdentityTraits, Ins } from "@carnet/sdk/identity";
import type { Capture } from "../capture/capture.ts";
import type { PageContext } from "../capture/page-context.ts";
import { chooseRecord } from "../identify/judge.ts";
import type { Earlier } from "../outbox/earlier.ts";
import { Problem, toProblem } from "../shared/problem.ts";
import { askRecord } from "./ask-record.ts";
import { type Draft, obstacleOf } from "./draft.ts";
import { fileDraft } from "./file-draft.ts";
import type { PanelDesk } from "./panel-desk.ts";
import { peopleOf } from "./people-of-page.ts";

/** What the person may correct of a document. */
export type Corrections = Partial<
  Pick<Draft, "type" | "title" | "actDate" | "visibility" | "isConfirmed" | "earlierChoice">
>;

/** One document in front of the person: read, compared with the record, corrected, sent. */
export class OneDocument {
  readonly #desk: PanelDesk;

  constructor(desk: PanelDesk) {
    this.#desk = desk;
  }

  /** Capture, read what was captured, and show it; or the choice that it leaves. */
  async read(capture: (signal: AbortSignal) => Promise<Capture>): Promise<void> {
    const { signal } = this.#desk;
    try {
      const captured = await capture(signal);
      if (signal.aborted) return;
      this.#desk.page = captured.page;
      if (this.#desk.hasLoadedMeanwhile && this.#desk.target !== undefined) {
        const isSame = await this.#desk.ports.isSameDocument(this.#desk.target, captured.page);
        if (signal.aborted) return;
        if (!isSame) throw new Problem("capture-navigated");
      }
      if (captured.kind === "choice") {
        this.#desk.set({ stage: { name: "choice", candidates: captured.candidates } });
        return;
      }
      // Not loaded with the panel: it reads documents, and none is here before a click.
      const { draftOf } = await import("./new-draft.ts");
      if (signal.aborted) return;
      this.#desk.reader ??= this.#desk.ports.openReader();
      const draft = await draftOf(captured, this.#desk.reader, this.#desk.ports, signal);
      if (await this.#isLeft(draft, signal)) return;
      const page = await this.#peopleOf(captured.page);
      await this.#identify({ ...draft, evidence: { ...draft.evidence, page } }, signal);
    } catch (error) {
      if (signal.aborted) return;
      const problem = toProblem(error);
      // The target stays: a permission given or a page reloaded may be tried again with the same click. So does what was known of
      // its page: when it leaves, that is what is said.
      const page = this.#desk.page;
      this.#desk.endCapture({ name: "problem", problem });
      this.#desk.page = page;
    }
  }

  /** A refused document of ours: its file is taken out of the queue's copy, and everything about it can be changed. */
  async repair(rowId: string): Promise<void> {
    const { signedIn } = this.#desk.state;
    if (signedIn === undefined) return;
    this.#desk.endCapture({ name: "reading" });
    this.#desk.target = undefined;
    this.#desk.set({ view: "document" });
    const { signal } = this.#desk;
    try {
      const parcel = await this.#desk.ports.openRefused(rowId, signedIn.owner);
      const { draftOfRefused } = await import("./new-draft.ts");
      if (signal.aborted) return;
      if (parcel === undefined) throw new Problem("unknown");
      this.#desk.reader = this.#desk.ports.openReader();
      const draft = await draftOfRefused(rowId, parcel, this.#desk.reader, this.#desk.ports, signal);
      if (await this.#isLeft(draft, signal)) return;
      await this.#identify(draft, signal);
    } catch (error) {
      if (!signal.aborted) this.#desk.endCapture({ name: "problem", problem: toProblem(error) });
    }
  }

  edit(change: Corrections): void {
    const { stage } = this.#desk.state;
    if (stage.name !== "review" || stage.isSending) return;
    this.#desk.set({ stage: { ...stage, draft: { ...stage.draft, ...change } } });
  }

  /** The person typed the number: only asked when neither the document nor the page gives one. */
  async typeIns(ins: Ins): Promise<void> {
    const draft = this.#draft();
    if (draft === undefined || chooseRecord({ ...draft.evidence, typed: undefined }).kind !== "missing") return;
    await this.#identify({ ...draft, evidence: { ...draft.evidence, typed: ins } }, this.#desk.signal);
  }

  async retryRecord(): Promise<void> {
    const draft = this.#draft();
    if (draft !== undefined) await this.#identify(draft, this.#desk.signal);
  }

  /** Fix everything, put it in the sealed queue, ring the bell. */
  async send(): Promise<void> {
    const { stage, signedIn } = this.#desk.state;
    if (stage.name !== "review" || stage.isSending || signedIn === undefined) return;
    const { draft } = stage;
    if (obstacleOf(draft, signedIn.sender, this.#desk.ports.today()) !== undefined || draft.identity.name !== "judged")
      return;
    const { signal } = this.#desk;
    this.#desk.set({ stage: { name: "review", draft, isSending: true } });
    try {
      await this.#checkPageUnchanged(draft);
      const filing = await fileDraft(draft, signedIn, this.#desk.reader, this.#desk.ports, signal);
      if ("earlier" in filing) {
        const asked = { ...draft, earlier: filing.earlier, earlierChoice: undefined };
        this.#desk.set({ stage: { name: "review", draft: asked, isSending: false } });
        return;
      }
      // Another document may have been clicked meanwhile: it must not be taken for the one that is filed.
      if (!signal.aborted) {
        this.#desk.target = undefined;
        this.#desk.endCapture({ name: "filed", rowId: filing.rowId });
      }
      await this.#desk.refreshRows();
    } catch (error) {
      if (signal.aborted) return;
      const problem = toProblem(error);
      // No room is not the document's fault: it stays in front of the person, who makes some and sends again.
      if (problem.code === "outbox-full")
        this.#desk.set({ stage: { name: "review", draft, isSending: false, problem } });
      else this.#desk.endCapture({ name: "problem", problem });
      await this.#desk.refreshRows();
      return;
    }
    // The bell is not awaited for the state: the document is safe on disk already.
    await this.#desk.ports.ring().catch(() => undefined);
    await this.#desk.refreshRows();
  }

  #draft(): Draft | undefined {
    const { stage } = this.#desk.state;
    return stage.name === "review" && !stage.isSending ? stage.draft : undefined;
  }

  /** A single-page tool can show another patient without a navigation: what the page says must still be what it said. */
  async #checkPageUnchanged(draft: Draft): Promise<void> {
    if (this.#desk.target === undefined || this.#desk.page === undefined || this.#desk.reader === undefined) return;
    const { address, text } = this.#desk.page;
    const wasWordless = text === "" && draft.evidence.page.length === 0;
    const now = await this.#desk.ports.pageNow(this.#desk.target);
    // A viewer never says a word, then or now. A page that did and cannot be read any more may show somebody else.
    if (now === undefined && wasWordless) return;
    const people = now === undefined || wasWordless ? [] : await this.#peopleOf(now);
    const isSame = now?.address === address && JSON.stringify(people) === JSON.stringify(draft.evidence.page);
    if (!isSame) throw new Problem("capture-navigated");
  }

  async #peopleOf(page: PageContext): Promise<readonly IdentityTraits[]> {
    return this.#desk.reader === undefined ? [] : peopleOf(page, this.#desk.reader);
  }

  /** Whether the person has turned to another document while this one was being read: its pages close with it. */
  async #isLeft(draft: Draft, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) await draft.pdf?.close();
    else this.#desk.pdf = draft.pdf;
    return signal.aborted;
  }

  /**
   * Ask the record, compare, and show. Always starts from no verdict and no confirmation.
   * @param signal of the capture that the draft comes from: once that has ended, nothing of it is shown
   */
  async #identify(draft: Draft, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const choice = chooseRecord(draft.evidence);
    const show = (identity: Draft["identity"], earlier?: Earlier) => {
      if (signal.aborted) return;
      const edited = this.#draft() ?? draft;
      this.#desk.set({
        stage: {
          name: "review",
          isSending: false,
          draft: {
            ...edited,
            evidence: draft.evidence,
            identity,
            isConfirmed: false,
            earlier,
            earlierChoice: undefined,
          },
        },
      });
    };
    if (choice.kind === "missing") return show({ name: "missing" });
    if (choice.kind === "refused") return show({ name: "refused", why: choice.why });
    show({ name: "looking", ins: choice.ins });
    const { signedIn } = this.#desk.state;
    const { identity, earlier } = await askRecord(draft, choice, signedIn, this.#desk.ports, signal);
    show(identity, earlier);
  }
}
