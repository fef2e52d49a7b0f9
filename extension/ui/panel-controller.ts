import type { Ins } from "@carnet/sdk/identity";
import type { Candidate } from "../capture/capture.ts";
import type { PlacedDownload } from "../capture/downloads.ts";
import { wordlessPage } from "../capture/page-context.ts";
import type { Target } from "../capture/target.ts";
import type { SignedIn } from "../platform/session.ts";
import { Problem } from "../shared/problem.ts";
import type { BatchSource } from "./batch.ts";
import { fileOfDropped } from "./dropped-files.ts";
import { patientOnScreen } from "./on-screen.ts";
import { type Corrections, OneDocument } from "./one-document.ts";
import { PanelDesk } from "./panel-desk.ts";
import type { DroppedFile, PanelPorts } from "./panel-ports.ts";
import type { PanelState } from "./panel-state.ts";
import { SeveralDocuments } from "./several-documents.ts";

const elsewhere = { name: "elsewhere" } as const;

/**
 * The panel's one state and every way it changes. A capture lives under one AbortController: a new click, a navigation
 * of the page or a sign-out ends it, and what answers later is dropped. Nothing of a former patient is ever carried over.
 */
export class PanelController {
  readonly #desk: PanelDesk;
  readonly #one: OneDocument;
  readonly #several: SeveralDocuments;

  constructor(ports: PanelPorts) {
    this.#desk = new PanelDesk(ports);
    this.#one = new OneDocument(this.#desk);
    this.#several = new SeveralDocuments(this.#desk, this.#one);
  }

  get state(): PanelState {
    return this.#desk.state;
  }

  /** Tab that the capture is bound to. */
  get boundTab(): number | undefined {
    return this.#desk.target?.tabId;
  }

  /** Origin of the tool whose page is in front, when it has one. */
  get toolOrigin(): string | undefined {
    const address = this.#desk.page?.address ?? "";
    return this.#desk.target !== undefined && /^https?:/.test(address) ? new URL(address).origin : undefined;
  }

  subscribe(listener: () => void): () => void {
    return this.#desk.subscribe(listener);
  }

  setSignedIn(signedIn: SignedIn | undefined): void {
    const isOther =
      signedIn?.owner !== this.#desk.state.signedIn?.owner ||
      signedIn?.serviceUrl !== this.#desk.state.signedIn?.serviceUrl;
    this.#desk.set({ signedIn, ...(signedIn === undefined ? {} : { isSigningIn: false, signInProblem: undefined }) });
    if (!isOther) return;
    this.#desk.set({ rows: [] });
    void this.#desk.refreshRows();
    // The record answers to a person: what one was told is not shown to the next.
    const { target } = this.#desk;
    if (signedIn !== undefined && target !== undefined) void this.take(target);
    // What belongs to no page (a file, a refused document) is the former person's, and cannot be looked at anew.
    else this.#desk.endCapture({ name: "empty" });
  }

  setSigningIn(isSigningIn: boolean, signInProblem?: Problem): void {
    this.#desk.set({ isSigningIn, signInProblem });
  }

  setOnline(isOnline: boolean): void {
    this.#desk.set({ isOnline });
  }

  setView(view: PanelState["view"]): void {
    this.#desk.set({ view });
    const name = this.#desk.state.onScreen?.name;
    if (view === "record" && (name === undefined || name === "elsewhere")) void this.lookAtRecord();
  }

  /** Whose record is it, by what the page says now? Asked by a person's own click only: reading leaves a trace. */
  async lookAtRecord(): Promise<void> {
    if (this.#desk.state.isElsewhere) return this.#desk.set({ onScreen: elsewhere });
    const { signal } = this.#desk;
    this.#desk.set({ onScreen: { name: "looking" } });
    const page =
      this.#desk.target === undefined
        ? undefined
        : await this.#desk.ports.pageNow(this.#desk.target).catch(() => undefined);
    if (signal.aborted) return;
    // Bound to the page as a capture is: it leaves with it.
    this.#desk.page ??= page;
    const onScreen = await patientOnScreen(page, this.#desk.ports, signal);
    if (!signal.aborted) this.#desk.set({ onScreen: this.#desk.state.isElsewhere ? elsewhere : onScreen });
  }

  /** A document was given up: when it is the one that just left, the panel says so. */
  rowDiscarded(id: string): void {
    const { stage, rows } = this.#desk.state;
    if (stage.name !== "filed" || stage.rowId !== id) return;
    const row = rows.find((one) => one.id === id);
    const reach =
      row?.state === "refused" && row.mayBeThere !== true ? "refused" : row?.tries === 0 ? "none" : "unknown";
    this.#desk.set({ stage: { name: "undone", reach } });
  }

  /** A click: forget everything and look at what it points at. */
  async take(target: Target | undefined): Promise<void> {
    // Signed out, the click is remembered and the page left alone: it is read once somebody answers for it.
    const isWaiting = target === undefined || this.#desk.state.signedIn === undefined;
    this.#desk.endCapture({ name: isWaiting ? "empty" : "reading" });
    this.#desk.target = target;
    // A click is about the tab in front.
    this.#desk.set({ view: "document", isElsewhere: false });
    if (target === undefined || isWaiting) return;
    await this.#one.read((signal) => this.#desk.ports.capture(target, signal));
  }

  async choose(candidate: Candidate): Promise<void> {
    const { stage } = this.#desk.state;
    const page = this.#desk.page;
    const target = this.#desk.target;
    if (stage.name !== "choice" || page === undefined || target === undefined) return;
    this.#desk.set({ stage: { name: "reading" } });
    await this.#one.read((signal) => this.#desk.ports.captureCandidate(target, candidate, page, signal));
  }

  /** The latest downloads of the browser, to choose one. */
  async offerDownloads(): Promise<void> {
    this.#desk.target = undefined;
    this.#desk.endCapture({ name: "reading" });
    const { signal } = this.#desk;
    const downloads = await this.#desk.ports.recentDownloads();
    if (!signal.aborted) this.#desk.set({ view: "document", stage: { name: "downloads", downloads } });
  }

  /** A download read again from its address, saved or still on its way. It belongs to no page. */
  async takeDownload(download: PlacedDownload): Promise<void> {
    this.#desk.target = undefined;
    this.#desk.endCapture({ name: "reading" });
    await this.#one.read((signal) => this.#desk.ports.captureDownload(download, signal));
    const { stage } = this.#desk.state;
    if (stage.name === "problem") this.#desk.set({ stage: { ...stage, download } });
  }

  /** Files dropped on the panel or chosen: they belong to no page. Several images become one document. */
  async takeFiles(files: readonly DroppedFile[]): Promise<void> {
    this.#desk.endCapture({ name: "reading" });
    this.#desk.target = undefined;
    this.#desk.set({ view: "document" });
    await this.#one.read(async () => ({
      kind: "file",
      file: await fileOfDropped(files, this.#desk.ports),
      page: wordlessPage(),
    }));
  }

  /** The tab loads something: a late echo of the same document, or another one. */
  async pageLoading(tabId: number): Promise<void> {
    const target = this.#desk.target;
    if (target === undefined || tabId !== target.tabId) return;
    const { signal } = this.#desk;
    const page = this.#desk.page;
    if (page === undefined) {
      // Still reading: looked at again when the document is there.
      this.#desk.hasLoadedMeanwhile = true;
      return;
    }
    const isSame = await this.#desk.ports.isSameDocument(target, page);
    if (!isSame && !signal.aborted) this.pageGone(tabId);
  }

  /** The page left or closed under the capture. */
  pageGone(tabId: number): void {
    if (tabId !== this.#desk.target?.tabId) return;
    this.#desk.target = undefined;
    const { name } = this.#desk.state.stage;
    if (name === "filed" || name === "undone" || name === "empty") return;
    this.#desk.endCapture({ name: "problem", problem: new Problem("capture-navigated") });
  }

  /** Another tab comes in front, or this one again: a record read for the page behind is not left beside the page of somebody else. */
  tabInFront(tabId: number): void {
    const isElsewhere = this.#desk.target !== undefined && tabId !== this.#desk.target.tabId;
    this.#desk.set({
      isElsewhere,
      ...(isElsewhere && this.#desk.state.onScreen !== undefined ? { onScreen: elsewhere } : {}),
    });
  }

  dismiss(): void {
    this.#desk.target = undefined;
    this.#desk.endCapture({ name: "empty" });
  }

  refreshRows(): Promise<void> {
    return this.#desk.refreshRows();
  }

  /** Read every document that the page offers, one after the other: what is certain can then be sent in one go. */
  takeAll(): Promise<void> {
    return this.#several.takePage();
  }

  /** Read the tool's tabs one after the other. */
  takeTabs(windowId: number, origin: string): Promise<void> {
    return this.#several.takeTabs(windowId, origin);
  }

  /** One of a batch that is not certain: looked at alone. */
  async openOfBatch(candidate: BatchSource): Promise<void> {
    const { stage } = this.state;
    if (stage.name !== "batch" || stage.isSending) return;
    await (candidate.kind === "tab" ? this.take(candidate.target) : this.#several.open(candidate));
  }

  sendBatch(): Promise<void> {
    return this.#several.send();
  }

  /** A refused document of ours, to be corrected. */
  repair(rowId: string): Promise<void> {
    return this.#one.repair(rowId);
  }

  edit(change: Corrections): void {
    this.#one.edit(change);
  }

  /** The person typed the number: only asked when neither the document nor the page gives one. */
  typeIns(ins: Ins): Promise<void> {
    return this.#one.typeIns(ins);
  }

  retryRecord(): Promise<void> {
    return this.#one.retryRecord();
  }

  /** Fix everything, put it in the sealed queue, ring the bell. */
  send(): Promise<void> {
    return this.#one.send();
  }
}
