import type { WrapInput } from "@carnet/sdk/cda";
import type { FoundIdentity, IdentityTraits, Ins } from "@carnet/sdk/identity";
import type { DocumentType } from "@carnet/sdk/terminology";
import { admit } from "../capture/admit.ts";
import type { Candidate, Capture, PageContext } from "../capture/capture.ts";
import type { Target } from "../capture/target.ts";
import { chooseRecord, type Evidence, judge } from "../identify/judge.ts";
import { traitsOfAdapted } from "../identify/page-traits.ts";
import type { OpenPdf } from "../identify/pdf.ts";
import type { Pixels } from "../identify/pixels.ts";
import type { CdaReading } from "../identify/reader.worker.ts";
import type { Compared, Earlier } from "../outbox/earlier.ts";
import type { ListedRow } from "../outbox/outbox.ts";
import type { Label, Parcel, Trace } from "../outbox/row.ts";
import { sketchOf } from "../outbox/sketch.ts";
import type { SignedIn } from "../platform/session.ts";
import { newOid, sha256 } from "../shared/bytes.ts";
import { Problem, toProblem } from "../shared/problem.ts";
import { type Draft, isCompleteForHeader, obstacleOf, replacedBy, wrapInputOf } from "./draft.ts";
import { draftOf } from "./new-draft.ts";
import { initialState, type PanelState, type Stage } from "./panel-state.ts";

/** The record's answer to "may this be filed?" (TD0.2). */
export interface RecordAnswer {
  readonly state: "none" | "open" | "closed";
  readonly traits: IdentityTraits | undefined;
  /** The record's own system for this number. */
  readonly ins: Ins;
}

/** Reading of one document, in a worker that lives as long as the draft. */
export interface ReaderPort {
  identities(text: string): Promise<readonly FoundIdentity[]>;
  /** Identities in the INS datamatrix codes of these pixels. */
  codes(pixels: Pixels): Promise<readonly IdentityTraits[]>;
  cda(bytes: Uint8Array<ArrayBuffer>): Promise<CdaReading>;
  wrap(input: WrapInput): Promise<string>;
  close(): void;
}

/** What the panel needs of the browser, the service and the disk. */
export interface PanelPorts {
  capture(target: Target, signal: AbortSignal): Promise<Capture>;
  captureCandidate(target: Target, candidate: Candidate, page: PageContext, signal: AbortSignal): Promise<Capture>;
  /** The page as it is now; undefined when it cannot be read (the tab is the document itself). */
  pageNow(target: Target): Promise<PageContext | undefined>;
  /** Whether the tab still holds the very document that was captured. */
  isSameDocument(target: Target, page: PageContext): Promise<boolean>;
  openReader(): ReaderPort;
  openPdf(bytes: Uint8Array<ArrayBuffer>): Promise<OpenPdf>;
  /** Draws an image the record does not take (PNG…) into a PDF. */
  imageToPdf(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<Uint8Array<ArrayBuffer>>;
  /** An image as pixels; undefined when the browser cannot draw it. */
  imagePixels(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<Pixels | undefined>;
  /** `isExact`: the document itself names the system of its number (a CDA does, a printed number does not). */
  record(ins: Ins, options: { isExact: boolean; signal: AbortSignal }): Promise<RecordAnswer>;
  enqueue(entry: {
    owner: string;
    serviceUrl: string;
    uniqueId: string;
    parcel: Parcel;
    label: Label;
    trace: Trace;
  }): Promise<string>;
  /** What this person sent before for this patient and is alike. */
  earlier(sender: SignedIn, compared: Compared): Promise<Earlier | undefined>;
  ring(): Promise<void>;
  rows(owner: string): Promise<readonly ListedRow[]>;
  today(): string;
  now(): Date;
  defaultType: DocumentType | undefined;
}

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
  }

  /** A document was given up: when it is the one that just left, the panel says so. */
  rowDiscarded(id: string): void {
    const { stage } = this.#state;
    if (stage.name === "filed" && stage.rowId === id) this.#set({ stage: { name: "undone" } });
  }

  async refreshRows(): Promise<void> {
    const owner = this.#state.signedIn?.owner;
    const rows = owner === undefined ? [] : await this.#ports.rows(owner);
    if (owner === this.#state.signedIn?.owner) this.#set({ rows });
  }

  /** A click: forget everything and look at what it points at. */
  async take(target: Target | undefined): Promise<void> {
    // Signed out, the click is remembered and the page left alone: it is read once somebody answers for it.
    const isWaiting = target === undefined || this.#state.signedIn === undefined;
    this.#endCapture({ name: isWaiting ? "empty" : "reading" });
    this.#target = target;
    this.#set({ view: "document" });
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

  /** A file dropped on the panel or chosen: it belongs to no page. */
  async takeFile(file: { name: string; bytes: Uint8Array<ArrayBuffer>; type: string }): Promise<void> {
    this.#endCapture({ name: "reading" });
    this.#target = undefined;
    this.#set({ view: "document" });
    await this.#run(async () => ({
      kind: "file",
      file: admit(file.bytes, [file.type], file.name),
      page: { address: "", title: "", text: "", adapted: {}, adapterId: undefined, documentId: undefined },
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
    await this.#identify({ ...draft, evidence: { ...draft.evidence, typed: ins } });
  }

  async retryRecord(): Promise<void> {
    const draft = this.#draft();
    if (draft !== undefined) await this.#identify(draft);
  }

  /** Fix everything, put it in the sealed queue, ring the bell. */
  async send(): Promise<void> {
    const { stage, signedIn } = this.#state;
    if (stage.name !== "review" || stage.isSending || signedIn === undefined) return;
    const { draft } = stage;
    if (obstacleOf(draft, signedIn.sender, this.#ports.today()) !== undefined || draft.identity.name !== "judged")
      return;
    const { ins, record } = draft.identity;
    const { signal } = this.#capture;
    this.#set({ stage: { ...stage, isSending: true } });
    try {
      await this.#checkPageUnchanged(draft);
      signal.throwIfAborted();
      const { uniqueId, xml } = await this.#write(draft, record, ins, signedIn);
      const former = replacedBy(draft);
      signal.throwIfAborted();
      const rowId = await this.#ports.enqueue({
        owner: signedIn.owner,
        serviceUrl: signedIn.serviceUrl,
        uniqueId,
        parcel: {
          ins: { system: ins.system, value: ins.value },
          xml,
          visibility: {
            hiddenFromProfessionals: draft.visibility === "hidden",
            invisibleToPatient: draft.visibility === "announcement",
          },
          submissionSetId: `urn:oid:${newOid()}`,
          ...(former?.documentId === undefined ? {} : { replaces: former.documentId }),
        },
        trace: {
          ...(await traceOf(draft, ins)),
          setId: former?.setId ?? uniqueId,
          version: former === undefined ? 1 : former.version + 1,
        },
        label: {
          title: draft.cda?.header.title ?? draft.title.trim(),
          typeDisplay: draft.type?.display ?? draft.cda?.header.type.display ?? "",
          patientName: [record.firstGivenName ?? record.birthGivenNames?.[0], record.birthName]
            .filter(Boolean)
            .join(" "),
        },
      });
      this.#target = undefined;
      this.#endCapture({ name: "filed", rowId });
      await this.refreshRows();
    } catch (error) {
      if (signal.aborted) return;
      this.#endCapture({ name: "problem", problem: toProblem(error) });
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

  async #write(draft: Draft, record: IdentityTraits, ins: Ins, signedIn: SignedIn) {
    if (draft.cda !== undefined) return { uniqueId: draft.cda.header.uniqueId, xml: draft.cda.xml };
    if (draft.type === undefined || signedIn.sender.kind !== "professional" || this.#reader === undefined) {
      throw new Problem("unknown");
    }
    const uniqueId = `urn:oid:${newOid()}`;
    const fixed = { uniqueId, effectiveTime: this.#ports.now().toISOString() };
    const input = wrapInputOf({ ...draft, type: draft.type }, record, ins, signedIn.sender, fixed);
    return { uniqueId, xml: await this.#reader.wrap(input) };
  }

  /** A single-page tool can show another patient without a navigation: what the page says must still be what it said. */
  async #checkPageUnchanged(draft: Draft): Promise<void> {
    if (this.#target === undefined || this.#page === undefined || this.#reader === undefined) return;
    const now = await this.#ports.pageNow(this.#target);
    if (now === undefined) return;
    const people = draft.evidence.page.length === 0 && this.#page.text === "" ? [] : await this.#peopleOf(now);
    const isSame = now.address === this.#page.address && JSON.stringify(people) === JSON.stringify(draft.evidence.page);
    if (!isSame) throw new Problem("capture-navigated");
  }

  async #peopleOf(page: PageContext): Promise<readonly IdentityTraits[]> {
    const adapted = traitsOfAdapted(page.adapted);
    if (adapted !== undefined) return [adapted];
    if (page.text.trim() === "" || this.#reader === undefined) return [];
    return (await this.#reader.identities(page.text)).map(({ traits }) => traits);
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
      this.#reader ??= this.#ports.openReader();
      const draft = await draftOf(captured, this.#reader, this.#ports, signal);
      if (signal.aborted) {
        await draft.pdf?.close();
        return;
      }
      this.#pdf = draft.pdf;
      const page = await this.#peopleOf(captured.page);
      if (signal.aborted) return;
      await this.#identify({ ...draft, evidence: { ...draft.evidence, page } });
    } catch (error) {
      if (signal.aborted) return;
      const problem = toProblem(error);
      // The target stays: a permission given or a page reloaded may be tried again with the same click.
      this.#endCapture({ name: "problem", problem });
    }
  }

  /** Ask the record, compare, and show. Always starts from no verdict and no confirmation. */
  async #identify(draft: Draft): Promise<void> {
    const { signal } = this.#capture;
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
    const { source } = choice;
    show({ name: "looking", ins: choice.ins });
    try {
      const answer = await this.#ports.record(choice.ins, { isExact: draft.cda !== undefined, signal });
      const identity = identityOf(answer, source, draft.evidence, draft.cda !== undefined);
      show(identity, identity.name === "judged" ? await this.#earlierOf(draft, identity.ins) : undefined);
    } catch (error) {
      show({ name: "failed", ins: choice.ins, source, problem: toProblem(error, "service-unreachable") });
    }
  }

  async #earlierOf(draft: Draft, ins: Ins): Promise<Earlier | undefined> {
    const { signedIn } = this.#state;
    if (signedIn === undefined) return undefined;
    const { uniqueId, replaces } = draft.cda?.header ?? {};
    return this.#ports.earlier(signedIn, { ...(await traceOf(draft, ins)), uniqueId, replaces });
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
    this.#set({ stage });
  }

  #set(change: Partial<PanelState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

async function traceOf(draft: Draft, ins: Ins): Promise<Pick<Trace, "patient" | "content" | "sketch">> {
  return { patient: ins.value, content: await sha256(draft.file.bytes), sketch: sketchOf(draft.text) };
}

function identityOf(
  answer: RecordAnswer,
  source: "document" | "page" | "typed",
  evidence: Evidence,
  isCda: boolean,
): Draft["identity"] {
  const { ins } = answer;
  if (answer.state === "none") return { name: "no-record", ins, source };
  if (answer.state === "closed") return { name: "closed", ins, source };
  if (answer.traits === undefined || (!isCda && !isCompleteForHeader(answer.traits))) {
    return { name: "incomplete", ins, source };
  }
  return { name: "judged", ins, source, record: answer.traits, judgement: judge(evidence, answer.traits) };
}
