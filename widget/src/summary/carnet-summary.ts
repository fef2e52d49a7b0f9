import type { RecordHandle } from "@carnet/sdk";
import type { Bundle } from "@carnet/sdk/fhir";
import type { IdentityTraits } from "@carnet/sdk/identity";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { AccessDetail } from "../access/carnet-access.ts";
import { isReceivedAfter } from "../documents/document-row.ts";
import type { FactSource } from "../facts/fact.ts";
import type { Identity } from "../facts/identity.ts";
import type { RenewSession, SessionEnd } from "../session/carnet-session-end.ts";
import { formatMoment } from "../shared/format-date.ts";
import { icon } from "../shared/icons.ts";
import { type PanelState, type Problem, toProblem } from "../shared/problem.ts";
import { isProblem, parseInsAttribute, RecordElement } from "../shared/record-element.ts";
import { sharedStrings } from "../shared/strings.ts";
import { base, tokens } from "../shared/tokens.ts";
import { alertLine, alertLineStyles } from "./alert-line.ts";
import type { SectionContext } from "./context.ts";
import { fetchFurther } from "./further.ts";
import { identityStrip } from "./identity-strip.ts";
import { barrierOf, emptyPanel, loadDocuments, loadSummary, type PanelData, readInTurns, settle } from "./load.ts";
import { sectionStyles } from "./section-styles.ts";
import { shownIdentity } from "./shown-identity.ts";
import { sourceIndex } from "./source-index.ts";
import { statePanel } from "./state-panel.ts";
import { summaryStrings } from "./strings.ts";
import { summaryStyles } from "./styles.ts";
import { summaryBody } from "./summary-body.ts";
import type { OpenDocumentDetail, View } from "./views.ts";

/**
 * One patient's summary: identity, allergies, problems, treatments, vaccinations, results, documents, each fact with
 * its source. Shows a record of a service (`base-url`, `ins`, `accessToken`; or `client`) or an IPS `bundle`.
 *
 * @event carnet-ready - The summary is on screen.
 * @event carnet-state - The state changed; detail `{state}`.
 * @event carnet-open-document - Cancelable; detail `OpenDocumentDetail`. Not canceled, the panel shows the document.
 * @event carnet-deposited - A document was deposited; detail: the receipt.
 * @event carnet-session-ending - Cancelable; what is typed would be lost soon; detail `SessionEndingDetail`.
 * @event carnet-error - Something failed; detail `{code, rule}`, without patient data.
 */
export class CarnetSummary extends RecordElement {
  static override properties = {
    ...RecordElement.properties,
    bundle: { attribute: false },
    patient: { attribute: false },
    depositAuthor: { attribute: false },
    newSince: { attribute: "new-since" },
    headingLevel: { type: Number, attribute: "heading-level" },
    dispatchCentre: { type: Boolean, attribute: "dispatch-centre" },
    sessionEnd: { attribute: false },
    renewSession: { attribute: false },
  };
  static override styles = [tokens, base, sectionStyles, summaryStyles, alertLineStyles];

  /** Shows this IPS Bundle; no service is asked. */
  declare bundle: Bundle | undefined;
  /** Identity known to the host, shown before and over what documents say (R41). */
  declare patient: IdentityTraits | undefined;
  /** Who deposits, for documents that need a header written; see `<carnet-deposit>`. */
  declare depositAuthor: unknown;
  /** ISO instant of the reader's last look, kept by the host: documents received since are marked as new. */
  declare newSince: string | undefined;
  /** Level of the section headings in the host's outline. Default 3. */
  declare headingLevel: number;
  /** The caller works at a dispatch centre (SAMU, centre 15): its emergency access is offered (R72). */
  declare dispatchCentre: boolean;
  /** When the reader's session ends: they are warned before it takes what they are typing. */
  declare sessionEnd: SessionEnd | undefined;
  /** Signs the reader in again, beside the page; called in their click. @returns the new end, when it is known */
  declare renewSession: RenewSession | undefined;

  #data: PanelData = emptyPanel;
  #view: View = { kind: "summary" };
  /** Fetched at the first click that leaves the summary: a first paint does without. */
  #inner: typeof import("./inner-view.ts") | undefined;
  #focusBack: (() => void) | undefined;
  #limits = new Map<string, number>();
  /** uniqueIds opened from here: no longer new. */
  readonly #opened = new Set<string>();
  /** Fetched once the summary is there: it prints every row. */
  #paper: import("./print-styles.ts").Paper | undefined;
  #sources = sourceIndex(() => this.requestUpdate());
  /** Fetched when the record is not open to the reader, who may then ask for their way in. */
  #access: typeof import("../access/define.ts") | undefined;
  /** The record as read in an emergency (R71, R72), until the reader leaves it. */
  #emergency: AccessDetail | undefined;
  #emergencyProblem: Problem | undefined;
  /** Grows with each change of patient: what is keyed by it is rebuilt, so no typed text or open list survives. */
  #generation = 0;
  /** What the host told of the former patient, when it has told nothing of this one. */
  #formerPatient: IdentityTraits | undefined;
  #announced: PanelState | undefined;

  constructor() {
    super();
    this.headingLevel = 3;
    this.dispatchCentre = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("online", this.#onOnline);
    addEventListener("offline", this.#onOffline);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("online", this.#onOnline);
    removeEventListener("offline", this.#onOffline);
  }

  protected override get given(): readonly unknown[] {
    return [...super.given, this.bundle];
  }

  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const shown = changed.has("bundle") ? (changed.get("bundle") ?? this.ins ?? this.record) : undefined;
    if (!changed.has("patient") && (shown ?? changed.get("ins") ?? changed.get("record")) !== undefined)
      this.#formerPatient = this.patient;
    if (this.#generation === 0) this.startOver();
    if (changed.has("locale") && this.bundle === undefined && this.#data.state === "ready") this.#sources.touch();
  }

  protected override forget(): void {
    this.#generation++;
    this.#data = emptyPanel;
    this.#view = { kind: "summary" };
    this.#focusBack = undefined;
    this.#limits = new Map();
    this.#sources.clear();
    this.#emergency = undefined;
    this.#emergencyProblem = undefined;
  }

  protected override begin(): void {
    if (this.bundle !== undefined) {
      void this.#showBundle(this.bundle);
      return;
    }
    // An element that was not given anything yet waits: its host may set the properties one after the other.
    if (
      this.client === undefined &&
      this.record === undefined &&
      (this.baseUrl === undefined || this.accessToken === undefined)
    )
      return;
    if (this.record === undefined && (this.ins ?? "").trim() === "") return;
    void this.#load(emptyPanel);
  }

  async #showBundle(bundle: Bundle): Promise<void> {
    const { signal } = this;
    const at = new Date();
    try {
      await fetchFurther();
      const summary = { state: "ready" as const, value: await readInTurns(bundle, at, signal), at };
      this.#set({ state: "ready", summary, documents: { state: "ready", value: { documents: [] }, at } });
    } catch (error) {
      const problem = toProblem(error);
      if (!signal.aborted) this.#fail(problem.code === "offline" ? problem : { code: "invalid-answer" }, undefined);
    }
  }

  /** Loads the record again; what is on screen stays until the new answer is there. */
  async reload(): Promise<void> {
    this.cancel();
    if (this.bundle !== undefined) await this.#showBundle(this.bundle);
    else await this.#load(this.#data.summary.state === "ready" ? this.#data : emptyPanel);
  }

  /** `before` is what is kept on screen while loading, and shown again when the network is gone. */
  async #load(before: PanelData): Promise<void> {
    const { signal } = this;
    const record = this.openRecord();
    if (isProblem(record)) {
      this.#fail(record, "error");
      return;
    }
    if (before.summary.state !== "ready") this.#set({ ...emptyPanel });
    try {
      const status = await record.status({ signal });
      if (signal.aborted) return;
      const barrier = barrierOf(status);
      if (barrier !== undefined && (this.#emergency === undefined || barrier !== "consent-needed")) {
        this.#emergency = undefined;
        if (barrier === "consent-needed") {
          this.#access ??= await import("../access/define.ts").catch((cause: unknown) => {
            throw Object.assign(new Error("offline", { cause }), { code: "offline" });
          });
          if (signal.aborted) return;
        }
        this.#set({ ...emptyPanel, status, state: barrier });
        return;
      }
      let next: PanelData = { ...emptyPanel, status };
      const show = () => {
        const settled = settle(next);
        if (/^(forbidden|consent-needed)$/.test(settled.state) && this.#emergency !== undefined) {
          // The emergency is refused, not the reader: they are back before the closed door, and told why.
          this.#emergency = undefined;
          this.#emergencyProblem = settled.problem;
          this.#set({ ...emptyPanel, status, state: "consent-needed" });
          if (settled.problem !== undefined) this.#report(settled.problem);
          return;
        }
        // A reload that fails for want of network keeps what is on screen (and says from when it is).
        if (before.summary.state === "ready" && settled.state !== "ready") {
          if (settled.state === "offline") this.#set({ ...before, state: "offline" });
          else if (settled.state === "error")
            this.#set({ ...before, ...(settled.problem ? { problem: settled.problem } : {}) });
          else if (settled.state !== "loading") this.#set(settled);
          return;
        }
        this.#set(settled);
        if (settled.problem !== undefined) this.#report(settled.problem);
      };
      const documents = loadDocuments(record, signal).then((loaded) => {
        if (signal.aborted) return;
        next = { ...next, documents: loaded };
        if (loaded.state === "ready") this.#sources.learn(loaded.value.documents);
        else if (loaded.state === "failed") this.#report(loaded.problem);
        show();
      });
      const summary = loadSummary(record, signal).then((loaded) => {
        if (signal.aborted) return;
        next = { ...next, summary: loaded };
        if (loaded.state === "failed") this.#report(loaded.problem);
        show();
      });
      await Promise.all([documents, summary]);
    } catch (error) {
      if (signal.aborted) return;
      const problem = toProblem(error);
      if (before.summary.state === "ready" && problem.code === "offline") this.#set({ ...before, state: "offline" });
      else this.#fail(problem, undefined);
    }
  }

  #set(data: PanelData): void {
    this.#data = data;
    this.requestUpdate();
  }

  #fail(problem: Problem, state: PanelState | undefined): void {
    const settled = settle({
      ...emptyPanel,
      summary: { state: "failed", problem },
      documents: { state: "failed", problem },
    });
    this.#set({ ...settled, state: state ?? settled.state, problem });
    this.#report(problem);
  }

  #report(problem: Problem): void {
    this.emit("carnet-error", { code: problem.code, ...(problem.rule === undefined ? {} : { rule: problem.rule }) });
  }

  readonly #onOnline = () => {
    if (this.#data.state === "offline") void this.reload();
  };

  readonly #onOffline = () => {
    if (this.#data.state === "ready" && this.bundle === undefined) this.#set({ ...this.#data, state: "offline" });
  };

  protected override openRecord(): RecordHandle | Problem {
    return this.#emergency?.record ?? super.openRecord();
  }

  /** Reads the record that its reader has just opened: by the patient's consent, or in an emergency. */
  #enter(detail: AccessDetail | undefined): void {
    this.cancel();
    this.#emergency = detail?.kind === "consent" ? undefined : detail;
    this.#emergencyProblem = undefined;
    this.#view = { kind: "summary" };
    // The button pressed goes with the closed door: who has no mouse goes on from the record, not from the page's top.
    const root = this.shadowRoot?.querySelector<HTMLElement>(".root");
    if (root && (this.matches(":focus-within") || document.activeElement === document.body)) {
      root.tabIndex = -1;
      root.focus({ preventScroll: true });
    }
    void this.#load(emptyPanel);
  }

  /** Shows a document, unless the host cancels `carnet-open-document` and shows it itself. */
  #open(detail: OpenDocumentDetail, from: "summary" | "documents"): void {
    this.#opened.add(detail.uniqueId);
    this.requestUpdate();
    if (!this.emit("carnet-open-document", detail, { cancelable: true })) return;
    void this.#go({ kind: "document", detail, from });
  }

  async #go(view: View): Promise<void> {
    const { signal } = this;
    if (view.kind !== "summary") {
      try {
        this.#inner ??= await import("./inner-view.ts");
        await this.#inner.loadView(view.kind);
      } catch {
        // The network is gone: the summary stays, with the banner that says so.
        this.#set({ ...this.#data, problem: { code: "offline" } });
        return;
      }
      if (signal.aborted) return;
    }
    const root = this.shadowRoot;
    if (this.#view.kind === "summary" && root) this.#focusBack = this.#inner?.placeIn(root);
    this.#view = view;
    this.requestUpdate();
    await this.updateComplete;
    if (view.kind === "summary") {
      this.#focusBack?.();
      this.#focusBack = undefined;
    } else root?.querySelector<HTMLElement>("[data-back]")?.focus();
  }

  override updated(): void {
    const { state } = this.#data;
    if (this.#announced === state) return;
    this.#announced = state;
    this.dataset.state = state;
    this.emit("carnet-state", { state });
    if (state === "ready") {
      this.emit("carnet-ready", {});
      // Nobody prints before the summary is there. Unreachable, it prints as it looks on screen.
      void import("./print-styles.ts").then(
        ({ dressForPaper }) => {
          this.#paper ??= dressForPaper(this);
        },
        () => undefined,
      );
    }
  }

  #context(): SectionContext {
    const locale = this.language;
    return {
      say: summaryStrings(locale),
      shared: sharedStrings(locale),
      locale,
      headingLevel: this.headingLevel,
      limit: (section) => this.#paper?.limitOf(section) ?? this.#limits.get(section) ?? 0,
      setLimit: (section, rows) => {
        this.#limits.set(section, rows);
        this.requestUpdate();
      },
      isNew: (document) => !this.#opened.has(document.uniqueId) && isReceivedAfter(document, this.newSince),
      canOpen: this.bundle === undefined,
      open: (source: FactSource) => {
        const document = this.#sources.get(source.uniqueId);
        this.#open({ ...source, ...(document === undefined ? {} : { document }) }, "summary");
      },
      documentOf: (uniqueId) => this.#sources.get(uniqueId),
      describe: (sources) => {
        const record = this.openRecord();
        if (!isProblem(record)) this.#sources.describe(record, sources, this.signal);
      },
      retry: () => void this.reload(),
    };
  }

  #identity(): Identity | undefined {
    const { summary } = this.#data;
    const given = this.record?.ins ?? (this.ins === undefined ? undefined : parseInsAttribute(this.ins));
    return shownIdentity({
      told: this.patient,
      isFormer: this.patient === this.#formerPatient,
      read: summary.state === "ready" ? summary.value.identity : undefined,
      asked: this.bundle !== undefined ? undefined : typeof given === "string" ? { system: "", value: given } : given,
    });
  }

  override render(): TemplateResult {
    const context = this.#context();
    const { state } = this.#data;
    return html`<div class="root" part="panel" lang=${context.locale} dir=${this.direction} role="group" aria-label=${context.say.panel}>
      ${keyed(
        this.#generation,
        html`<div class="top">${identityStrip(context, this.#identity(), this.#data.status, new Date())}${alertLine(context, this.#data.summary)}${this.#emergencyBanner()}</div>
          <div class="panel" aria-busy=${state === "loading" ? "true" : "false"}>${this.#main(context)}</div>`,
      )}
      <div class="visually-hidden" role="status">${context.say.states[state]}</div>
      ${this.#sessionWatch()}
    </div>`;
  }

  #sessionWatch(): unknown {
    if (this.sessionEnd === undefined) return nothing;
    void import("../session/define.ts");
    return html`<carnet-session-end
      .sessionEnd=${this.sessionEnd}
      .renewSession=${this.renewSession}
      locale=${this.language}
      theme=${this.theme ?? nothing}
    ></carnet-session-end>`;
  }

  #emergencyBanner(): unknown {
    const { kind } = this.#emergency ?? {};
    return kind === undefined
      ? nothing
      : this.#access?.emergencyBanner(this.language, kind, () => this.#enter(undefined));
  }

  #main(context: SectionContext): unknown {
    const { state, summary } = this.#data;
    const isKept = state === "offline" && summary.state === "ready";
    const isRead = state === "ready" || state === "loading" || isKept;
    const banner =
      summary.state !== "ready" || (!isKept && this.#data.problem === undefined)
        ? nothing
        : html`<div class="banner" role="status">
            ${icon("offline")}<span>${(isKept ? context.say.explain.offlineSince : context.say.explain.stale)(formatMoment(summary.at, context.locale))}</span>
            <button class="button" @click=${() => void this.reload()}>${context.shared.retry}</button>
          </div>`;
    // Depositing needs no consent to read (R57), and a receipt on screen stays while the state changes around it.
    const canDeposit = isRead || state === "consent-needed" || state === "forbidden";
    if (this.#view.kind !== "summary" && (isRead || (this.#view.kind === "deposit" && canDeposit)))
      return html`${banner}${this.#inner?.innerView(context, this.#view, {
        record: this.openRecord(),
        theme: this.theme,
        depositAuthor: this.depositAuthor,
        newSince: this.newSince,
        go: (view) => void this.#go(view),
        open: (detail) => this.#open(detail, "documents"),
        changed: () => {
          if (this.#data.state === "ready") void this.reload();
        },
      })}`;
    if (!isRead) {
      return statePanel(context, this.#data, {
        record: this.openRecord(),
        theme: this.theme,
        dispatchCentre: this.dispatchCentre,
        emergencyProblem: this.#emergencyProblem,
        entered: (detail) => this.#enter(detail),
        retry: () => void this.reload(),
        deposit: () => void this.#go({ kind: "deposit" }),
      });
    }
    return html`${banner}${summaryBody(context, this.#data, {
      openDocument: (document) => this.#open({ uniqueId: document.uniqueId, document }, "summary"),
      showAll: () => void this.#go({ kind: "documents" }),
      deposit: () => void this.#go({ kind: "deposit" }),
      // Nothing is written to the patient in an emergency (R75).
      message: this.#emergency === undefined ? () => void this.#go({ kind: "messages" }) : undefined,
      reload: () => void this.reload(),
    })}`;
  }
}
