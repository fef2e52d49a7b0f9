import type { IdentityTraits, Ins } from "@carnet/sdk/identity";
import type { Candidate, Capture } from "../capture/capture.ts";
import type { PlacedDownload } from "../capture/downloads.ts";
import { type PageContext, wordlessPage } from "../capture/page-context.ts";
import type { Target } from "../capture/target.ts";
import { chooseRecord } from "../identify/judge.ts";
import type { OpenPdf } from "../identify/pdf.ts";
import type { Earlier } from "../outbox/earlier.ts";
import type { SignedIn } from "../platform/session.ts";
import { Problem, toProblem } from "../shared/problem.ts";
import { askRecord } from "./ask-record.ts";
import { type BatchSource, fileBatch, readBatch } from "./batch.ts";
import { type Draft, obstacleOf } from "./draft.ts";
import { fileOfDropped } from "./dropped-files.ts";
import { fileDraft } from "./file-draft.ts";
import { patientOnScreen } from "./on-screen.ts";
import type { DroppedFile, PanelPorts, ReaderPort } from "./panel-ports.ts";
import { initialState, type PanelState, type Stage } from "./panel-state.ts";
import { isSamePage, peopleOf } from "./people-of-page.ts";

const elsewhere = { name: "elsewhere" } as const;

/**
 * The panel's one state and every way it changes. A capture lives under one AbortController: a new click, a navigation
 * of the page or a sign-out ends it, and what answers later is dropped. Nothing of a former patient is ever carried over.
 */
export class PanelController {
  #state: PanelState = initialState;
  readonly #listeners = new Set<() => void>();
  readonly #ports: PanelPorts;
  #target: Target | undefined;
  #page: PageContext | undefined;
  #capture = new AbortController();
  #hasLoadedMeanwhile = false;
  #refreshes = 0;
  #reader: ReaderPort | undefined;
  #pdf: OpenPdf | undefined;

  constructor(ports: PanelPorts) {
    this.#ports = ports;
  }

  get state(): PanelState {
    return this.#state;
  }

  /** Tab that the capture is bound to. */
  get boundTab(): number | undefined {
    return this.#target?.tabId;
  }

  /** Origin of the tool whose page is in front, when it has one. */
  get toolOrigin(): string | undefined {
    const address = this.#page?.address ?? "";
    return this.#target !== undefined && /^https?:/.test(address) ? new URL(address).origin : undefined;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setSignedIn(signedIn: SignedIn | undefined): void {
    const isOther =
      signedIn?.owner !== this.#state.signedIn?.owner || signedIn?.serviceUrl !== this.#state.signedIn?.serviceUrl;
    this.#set({ signedIn, ...(signedIn === undefined ? {} : { isSigningIn: false, signInProblem: undefined }) });
    if (!isOther) return;
    this.#set({ rows: [] });
    void this.refreshRows();
    // The record answers to a person: what one was told is not shown to the next.
    if (signedIn === undefined) this.#endCapture({ name: "empty" });
    else if (this.#target !== undefined) void this.take(this.#target);
  }

  setSigningIn(isSigningIn: boolean, signInProblem?: Problem): void {
    this.#set({ isSigningIn, signInProblem });
  }

  setOnline(isOnline: boolean): void {
    this.#set({ isOnline });
  }

  setView(view: PanelState["view"]): void {
    this.#set({ view });
    const name = this.#state.onScreen?.name;
    if (view === "record" && (name === undefined || name === "elsewhere")) void this.lookAtRecord();
  }

  /** Whose record is it, by what the page says now? Asked by a person's own click only: reading leaves a trace. */
  async lookAtRecord(): Promise<void> {
    if (this.#state.isElsewhere) return this.#set({ onScreen: elsewhere });
    const { signal } = this.#capture;
    this.#set({ onScreen: { name: "looking" } });
    const page =
      this.#target === undefined ? undefined : await this.#ports.pageNow(this.#target).catch(() => undefined);
    if (signal.aborted) return;
    // Bound to the page as a capture is: it leaves with it.
    this.#page ??= page;
    const onScreen = await patientOnScreen(page, this.#ports, signal);
    if (!signal.aborted) this.#set({ onScreen: this.#state.isElsewhere ? elsewhere : onScreen });
  }

  /** A document was given up: when it is the one that just left, the panel says so. */
  rowDiscarded(id: string): void {
    const { stage, rows } = this.#state;
    if (stage.name !== "filed" || stage.rowId !== id) return;
    const row = rows.find((one) => one.id === id);
    const reach = row?.state === "refused" ? "refused" : row?.tries === 0 ? "none" : "unknown";
    this.#set({ stage: { name: "undone", reach } });
  }

  async refreshRows(): Promise<void> {
    this.#refreshes += 1;
    const turn = this.#refreshes;
    const owner = this.#state.signedIn?.owner;
    const [rows, waiting, room] = await Promise.all([
      owner === undefined ? [] : this.#ports.rows(owner),
      owner === undefined ? this.#ports.waiting() : 0,
      this.#ports.room(),
    ]);
    // Asked again meanwhile: the later answer knows more, and this one could arrive after it.
    if (turn !== this.#refreshes) return;
    this.#set(owner === this.#state.signedIn?.owner ? { rows, waiting, room } : { room });
  }

  /** A click: forget everything and look at what it points at. */
  async take(target: Target | undefined): Promise<void> {
    // Signed out, the click is remembered and the page left alone: it is read once somebody answers for it.
    const isWaiting = target === undefined || this.#state.signedIn === undefined;
    this.#endCapture({ name: isWaiting ? "empty" : "reading" });
    this.#target = target;
    // A click is about the tab in front.
    this.#set({ view: "document", isElsewhere: false });
    if (target === undefined || isWaiting) return;
    await this.#run((signal) => this.#ports.capture(target, signal));
  }

  async choose(candidate: Candidate): Promise<void> {
    const { stage } = this.#state;
    const page = this.#page;
    const target = this.#target;
    if (stage.name !== "choice" || page === undefined || target === undefined) return;
    this.#set({ stage: { name: "reading" } });
    await this.#run((signal) => this.#ports.captureCandidate(target, candidate, page, signal));
  }

  /** Read every document that the page offers, one after the other: what is certain can then be sent in one go. */
  async takeAll(): Promise<void> {
    const { stage, signedIn } = this.#state;
    const page = this.#page;
    const target = this.#target;
    if (stage.name !== "choice" || page === undefined || target === undefined || signedIn === undefined) return;
    const { signal } = this.#capture;
    const documents = stage.candidates.filter((candidate) => candidate.kind === "document");
    await readBatch(documents, { from: { target, page }, signedIn, ports: this.#ports, signal }, (batch) => {
      if (!signal.aborted) this.#set({ stage: { name: "batch", batch, isSending: false } });
    });
  }

  /** Read the tool's tabs one after the other, each a page of its own: none is bound to the click any more. */
  async takeTabs(windowId: number, origin: string): Promise<void> {
    const { signedIn } = this.#state;
    if (signedIn === undefined) return;
    this.#target = undefined;
    this.#endCapture({ name: "reading" });
    this.#set({ view: "document" });
    const { signal } = this.#capture;
    try {
      const tabs = await this.#ports.tabsOf(windowId, origin);
      if (tabs.length === 0) throw new Problem("capture-nothing");
      await readBatch(tabs, { from: undefined, signedIn, ports: this.#ports, signal }, (batch) => {
        if (!signal.aborted) this.#set({ stage: { name: "batch", batch, isSending: false } });
      });
    } catch (error) {
      if (!signal.aborted) this.#endCapture({ name: "problem", problem: toProblem(error) });
    }
  }

  /** The latest downloads of the browser, to choose one. */
  async offerDownloads(): Promise<void> {
    this.#target = undefined;
    this.#endCapture({ name: "reading" });
    const { signal } = this.#capture;
    const downloads = await this.#ports.recentDownloads();
    if (!signal.aborted) this.#set({ view: "document", stage: { name: "downloads", downloads } });
  }

  /** A download read again from its address, saved or still on its way. It belongs to no page. */
  async takeDownload(download: PlacedDownload): Promise<void> {
    this.#target = undefined;
    this.#endCapture({ name: "reading" });
    await this.#run((signal) => this.#ports.captureDownload(download, signal));
    const { stage } = this.#state;
    if (stage.name === "problem") this.#set({ stage: { ...stage, download } });
  }

  /** One of a batch that is not certain: looked at alone. */
  async openOfBatch(candidate: BatchSource): Promise<void> {
    const { stage } = this.#state;
    const page = this.#page;
    const target = this.#target;
    if (stage.name !== "batch" || stage.isSending) return;
    if (candidate.kind === "tab") return this.take(candidate.target);
    if (page === undefined || target === undefined) return;
    this.#endCapture({ name: "reading" });
    await this.#run((signal) => this.#ports.captureCandidate(target, candidate, page, signal));
  }

  /** Queue what the batch holds ready, once the page still says what it said. */
  async sendBatch(): Promise<void> {
    const { stage, signedIn } = this.#state;
    if (stage.name !== "batch" || stage.isSending || signedIn === undefined) return;
    const target = this.#target;
    const { signal } = this.#capture;
    let { batch } = stage;
    this.#set({ stage: { name: "batch", batch, isSending: true } });
    const reader = this.#ports.openReader();
    try {
      // Tabs are looked at one by one as they are queued.
      const now = target === undefined ? undefined : await this.#ports.pageNow(target);
      const isSame = now !== undefined && (await isSamePage(now, this.#page, reader));
      if (target !== undefined && !isSame) throw new Problem("capture-navigated");
      await fileBatch(batch, { signedIn, reader, ports: this.#ports, signal }, (filed) => {
        batch = filed;
        if (!signal.aborted) this.#set({ stage: { name: "batch", batch, isSending: true } });
      });
      if (signal.aborted) return;
      // What could not leave is still to be looked at: it is not put away with the rest.
      const isLeft = batch.some(
        ({ state }, place) =>
          (state === "failed" || state === "unsure") && (target === undefined || stage.batch[place]?.state === "ready"),
      );
      if (isLeft) {
        this.#set({ stage: { name: "batch", batch, isSending: false } });
        return;
      }
      this.#target = undefined;
      this.#endCapture({ name: "empty" });
      this.#set({ view: "history" });
    } catch (error) {
      if (signal.aborted) return;
      const problem = toProblem(error);
      if (problem.code === "outbox-full") this.#set({ stage: { name: "batch", batch, isSending: false, problem } });
      else this.#endCapture({ name: "problem", problem });
    } finally {
      reader.close();
      await this.#ports.ring().catch(() => undefined);
      await this.refreshRows();
    }
  }

  /** A refused document of ours: its file is taken out of the queue's copy, and everything about it can be changed. */
  async repair(rowId: string): Promise<void> {
    const { signedIn } = this.#state;
    if (signedIn === undefined) return;
    this.#endCapture({ name: "reading" });
    this.#target = undefined;
    this.#set({ view: "document" });
    const { signal } = this.#capture;
    try {
      const parcel = await this.#ports.openRefused(rowId, signedIn.owner);
      const { draftOfRefused } = await import("./new-draft.ts");
      if (signal.aborted) return;
      if (parcel === undefined) throw new Problem("unknown");
      this.#reader = this.#ports.openReader();
      const draft = await draftOfRefused(rowId, parcel, this.#reader, this.#ports, signal);
      if (await this.#isLeft(draft, signal)) return;
      await this.#identify(draft, signal);
    } catch (error) {
      if (!signal.aborted) this.#endCapture({ name: "problem", problem: toProblem(error) });
    }
  }

  /** Files dropped on the panel or chosen: they belong to no page. Several images become one document. */
  async takeFiles(files: readonly DroppedFile[]): Promise<void> {
    this.#endCapture({ name: "reading" });
    this.#target = undefined;
    this.#set({ view: "document" });
    await this.#run(async () => ({
      kind: "file",
      file: await fileOfDropped(files, this.#ports),
      page: wordlessPage(),
    }));
  }

  /** The tab loads something: a late echo of the same document, or another one. */
  async pageLoading(tabId: number): Promise<void> {
    const target = this.#target;
    if (target === undefined || tabId !== target.tabId) return;
    const { signal } = this.#capture;
    const page = this.#page;
    if (page === undefined) {
      // Still reading: looked at again when the document is there.
      this.#hasLoadedMeanwhile = true;
      return;
    }
    const isSame = await this.#ports.isSameDocument(target, page);
    if (!isSame && !signal.aborted) this.pageGone(tabId);
  }

  /** The page left or closed under the capture. */
  pageGone(tabId: number): void {
    if (tabId !== this.#target?.tabId) return;
    this.#target = undefined;
    const { name } = this.#state.stage;
    if (name === "filed" || name === "undone" || name === "empty") return;
    this.#endCapture({ name: "problem", problem: new Problem("capture-navigated") });
  }

  /** Another tab comes in front, or this one again: a record read for the page behind is not left beside the page of somebody else. */
  tabInFront(tabId: number): void {
    const isElsewhere = this.#target !== undefined && tabId !== this.#target.tabId;
    this.#set({ isElsewhere, ...(isElsewhere && this.#state.onScreen !== undefined ? { onScreen: elsewhere } : {}) });
  }

  dismiss(): void {
    this.#target = undefined;
    this.#endCapture({ name: "empty" });
  }

  edit(
    change: Partial<Pick<Draft, "type" | "title" | "actDate" | "visibility" | "isConfirmed" | "earlierChoice">>,
  ): void {
    const { stage } = this.#state;
    if (stage.name !== "review" || stage.isSending) return;
    this.#set({ stage: { ...stage, draft: { ...stage.draft, ...change } } });
  }

  /** The person typed the number: only asked when neither the document nor the page gives one. */
  async typeIns(ins: Ins): Promise<void> {
    const draft = this.#draft();
    if (draft === undefined || chooseRecord({ ...draft.evidence, typed: undefined }).kind !== "missing") return;
    await this.#identify({ ...draft, evidence: { ...draft.evidence, typed: ins } }, this.#capture.signal);
  }

  async retryRecord(): Promise<void> {
    const draft = this.#draft();
    if (draft !== undefined) await this.#identify(draft, this.#capture.signal);
  }

  /** Fix everything, put it in the sealed queue, ring the bell. */
  async send(): Promise<void> {
    const { stage, signedIn } = this.#state;
    if (stage.name !== "review" || stage.isSending || signedIn === undefined) return;
    const { draft } = stage;
    if (obstacleOf(draft, signedIn.sender, this.#ports.today()) !== undefined || draft.identity.name !== "judged")
      return;
    const { signal } = this.#capture;
    this.#set({ stage: { name: "review", draft, isSending: true } });
    try {
      await this.#checkPageUnchanged(draft);
      const filing = await fileDraft(draft, signedIn, this.#reader, this.#ports, signal);
      if ("earlier" in filing) {
        const asked = { ...draft, earlier: filing.earlier, earlierChoice: undefined };
        this.#set({ stage: { name: "review", draft: asked, isSending: false } });
        return;
      }
      // Another document may have been clicked meanwhile: it must not be taken for the one that is filed.
      if (!signal.aborted) {
        this.#target = undefined;
        this.#endCapture({ name: "filed", rowId: filing.rowId });
      }
      await this.refreshRows();
    } catch (error) {
      if (signal.aborted) return;
      const problem = toProblem(error);
      // No room is not the document's fault: it stays in front of the person, who makes some and sends again.
      if (problem.code === "outbox-full") this.#set({ stage: { name: "review", draft, isSending: false, problem } });
      else this.#endCapture({ name: "problem", problem });
      await this.refreshRows();
      return;
    }
    // The bell is not awaited for the state: the document is safe on disk already.
    await this.#ports.ring().catch(() => undefined);
    await this.refreshRows();
  }

  #draft(): Draft | undefined {
    const { stage } = this.#state;
    return stage.name === "review" && !stage.isSending ? stage.draft : undefined;
  }

  /** A single-page tool can show another patient without a navigation: what the page says must still be what it said. */
  async #checkPageUnchanged(draft: Draft): Promise<void> {
    if (this.#target === undefined || this.#page === undefined || this.#reader === undefined) return;
    const { address, text } = this.#page;
    const wasWordless = text === "" && draft.evidence.page.length === 0;
    const now = await this.#ports.pageNow(this.#target);
    // A viewer never says a word, then or now. A page that did and cannot be read any more may show somebody else.
    if (now === undefined && wasWordless) return;
    const people = now === undefined || wasWordless ? [] : await this.#peopleOf(now);
    const isSame = now?.address === address && JSON.stringify(people) === JSON.stringify(draft.evidence.page);
    if (!isSame) throw new Problem("capture-navigated");
  }

  async #peopleOf(page: PageContext): Promise<readonly IdentityTraits[]> {
    return this.#reader === undefined ? [] : peopleOf(page, this.#reader);
  }

  async #run(read: (signal: AbortSignal) => Promise<Capture>): Promise<void> {
    const { signal } = this.#capture;
    try {
      const captured = await read(signal);
      if (signal.aborted) return;
      this.#page = captured.page;
      if (this.#hasLoadedMeanwhile && this.#target !== undefined) {
        const isSame = await this.#ports.isSameDocument(this.#target, captured.page);
        if (signal.aborted) return;
        if (!isSame) throw new Problem("capture-navigated");
      }
      if (captured.kind === "choice") {
        this.#set({ stage: { name: "choice", candidates: captured.candidates } });
        return;
      }
      // Not loaded with the panel: it reads documents, and none is here before a click.
      const { draftOf } = await import("./new-draft.ts");
      if (signal.aborted) return;
      this.#reader ??= this.#ports.openReader();
      const draft = await draftOf(captured, this.#reader, this.#ports, signal);
      if (await this.#isLeft(draft, signal)) return;
      const page = await this.#peopleOf(captured.page);
      await this.#identify({ ...draft, evidence: { ...draft.evidence, page } }, signal);
    } catch (error) {
      if (signal.aborted) return;
      const problem = toProblem(error);
      // The target stays: a permission given or a page reloaded may be tried again with the same click. So does what was known of
      // its page: when it leaves, that is what is said.
      const page = this.#page;
      this.#endCapture({ name: "problem", problem });
      this.#page = page;
    }
  }

  /** Whether the person has turned to another document while this one was being read: its pages close with it. */
  async #isLeft(draft: Draft, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) await draft.pdf?.close();
    else this.#pdf = draft.pdf;
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
      this.#set({
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
    const { signedIn } = this.#state;
    const { identity, earlier } = await askRecord(draft, choice, signedIn, this.#ports, signal);
    show(identity, earlier);
  }

  #endCapture(stage: Stage): void {
    this.#capture.abort();
    this.#capture = new AbortController();
    this.#reader?.close();
    this.#reader = undefined;
    void this.#pdf?.close();
    this.#pdf = undefined;
    this.#page = undefined;
    this.#hasLoadedMeanwhile = false;
    this.#set({ stage, onScreen: undefined });
  }

  #set(change: Partial<PanelState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
