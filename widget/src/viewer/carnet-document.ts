import type { DocumentEntry, Progress } from "@carnet/sdk";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { until } from "lit/directives/until.js";
import { replacedId } from "../comparison/versions.ts";
import { authorText, typeText } from "../documents/document-row.ts";
import { rowStrings } from "../documents/row-strings.ts";
import { card } from "../shared/card.ts";
import { formatDate } from "../shared/format-date.ts";
import { icon } from "../shared/icons.ts";
import { type Problem, toProblem } from "../shared/problem.ts";
import { isProblem, RecordElement } from "../shared/record-element.ts";
import { sharedStrings } from "../shared/strings.ts";
import { base, tokens } from "../shared/tokens.ts";
import { printStyles } from "../summary/print-styles.ts";
import { sectionStyles } from "../summary/section-styles.ts";
import { summaryStyles } from "../summary/styles.ts";
import { cdaSections, findSection } from "./cda-body.ts";
import { decodeText, extensionOf, formatName } from "./content-kind.ts";
import { fhirBody } from "./fhir-body.ts";
import { paperLine } from "./on-paper.ts";
import { findEntry, type OpenedDocument, openDocument, prepare } from "./open-document.ts";
import { openingBody, progressWords, stoppedBody } from "./opening.ts";
import { PdfPagesController } from "./pdf-controller.ts";
import { viewerStrings } from "./strings.ts";
import { viewerStyles } from "./styles.ts";

/** In place of a body: why there is none, and what to do. */
const notShown = (words: string) => html`<div class="failed" data-state="unreadable"><p>${words}</p></div>`;

/**
 * One document: CDA (structured, or wrapping a PDF, an image, a text), PDF, image, text or FHIR document.
 * Give it a record and `entry` or `unique-id`; or the `content` itself, with no service.
 *
 * @event carnet-document-changed - The caller changed it; detail `DocumentChangedDetail`.
 * @event carnet-error - The document could not be opened; detail `{code, rule}`.
 */
export class CarnetDocument extends RecordElement {
  static override properties = {
    ...RecordElement.properties,
    entry: { attribute: false },
    uniqueId: { attribute: "unique-id" },
    section: {},
    content: { attribute: false },
    depositAuthor: { attribute: false },
  };
  static override styles = [tokens, base, sectionStyles, summaryStyles, card, viewerStyles, printStyles];

  /** The document, from a list. */
  declare entry: DocumentEntry | undefined;
  /** Its unique id, when the entry is not at hand. */
  declare uniqueId: string | undefined;
  /** Section to show first: LOINC code, or identifier in the document. */
  declare section: string | undefined;
  /** Bytes already at hand; nothing is asked of a service. */
  declare content: { readonly bytes: Uint8Array; readonly contentType: string } | undefined;

  /** Who deposits a replacement, see `<carnet-deposit>`. */
  declare depositAuthor: unknown;

  #state: "idle" | "loading" | "stopped" | "ready" | Problem = "idle";
  #progress: Progress | undefined;
  #opened: OpenedDocument | undefined;
  #body: unknown;
  #addresses: string[] = [];
  #pdf = new PdfPagesController(this);
  #isComparing = false;
  /** The host's policy forbids a frame: pages are drawn here instead. */
  #framesRefused = false;

  protected override get given(): readonly unknown[] {
    return [...super.given, this.entry, this.uniqueId, this.content];
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const { signal } = this;
    super.willUpdate(changed);
    // What a document says of itself is read into the words of its reader.
    if (changed.has("locale") && signal === this.signal) this.startOver();
  }

  protected override forget(): void {
    this.#opened = undefined;
    this.#body = undefined;
    this.#state = "idle";
    this.#progress = undefined;
    this.#isComparing = false;
    this.#release();
  }

  protected override begin(): void {
    if (this.content === undefined && this.entry === undefined && (this.uniqueId ?? "") === "") return;
    void this.#load();
  }

  protected override leave(): void {
    super.leave();
    this.#release();
  }

  #release(): void {
    for (const address of this.#addresses) URL.revokeObjectURL(address);
    this.#addresses = [];
    removeEventListener("securitypolicyviolation", this.#onRefusedFrame);
    this.#pdf.close();
  }

  /** A blob address that lives as long as the document is shown. */
  readonly #address = (bytes: Uint8Array, contentType: string): string => {
    const address = URL.createObjectURL(new Blob([bytes.slice()], { type: contentType }));
    this.#addresses.push(address);
    return address;
  };

  async #load(): Promise<void> {
    const { signal } = this;
    this.#state = "loading";
    try {
      const opened =
        this.content === undefined ? await this.#fetch(signal) : await prepare(this.content, this.language, this.entry);
      if (signal.aborted) return;
      this.#opened = opened;
      this.#body = this.#makeBody(opened);
      this.#state = "ready";
    } catch (error) {
      if (signal.aborted) return;
      this.#state = toProblem(error);
      this.emit("carnet-error", this.#state);
    }
    const isOnStop = this.#focused("[data-stop]");
    this.requestUpdate();
    await this.updateComplete;
    if (signal.aborted) return;
    if (isOnStop) this.renderRoot.querySelector<HTMLElement>("[data-retry], .document-title")?.focus();
    if (this.#state === "ready") this.#showSection();
  }

  #focused(selector: string): boolean {
    return this.shadowRoot?.activeElement?.matches(selector) === true;
  }

  /** The reader waits no more; what is still on its way is let go. */
  readonly #stop = () => {
    this.cancel();
    this.#state = "stopped";
    this.requestUpdate();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("[data-retry]")?.focus());
  };

  readonly #openAgain = () => {
    this.startOver();
    this.requestUpdate();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".document-title")?.focus());
  };

  async #fetch(signal: AbortSignal): Promise<OpenedDocument> {
    const record = this.openRecord();
    if (isProblem(record)) throw Object.assign(new Error(record.code), record);
    const entry = this.entry ?? (await findEntry(record, this.uniqueId ?? "", signal));
    if (entry === undefined) throw Object.assign(new Error("document-not-found"), { code: "document-not-found" });
    return openDocument(record, entry, this.language, signal, (progress) => {
      if (signal.aborted) return;
      const isTold = progressWords(progress, this.language) === progressWords(this.#progress, this.language);
      this.#progress = progress;
      if (!isTold) this.requestUpdate();
    });
  }

  #showSection(): void {
    const view = this.#opened?.view;
    if (view === undefined || this.section === undefined) return;
    const found = findSection(view.sections, this.section);
    const place =
      found === undefined
        ? this.renderRoot.querySelector(`#${CSS.escape(this.section)}`)
        : this.renderRoot.querySelector(`#${CSS.escape(found.id)}`);
    place?.classList.add("from-fact");
    place?.scrollIntoView({ block: "start" });
  }

  override render(): TemplateResult {
    const say = viewerStrings(this.language);
    const shared = sharedStrings(this.language);
    if (this.#state === "idle")
      return html`<div class="card" lang=${this.language} dir=${this.direction}><p class="empty">${say.none}</p></div>`;
    if (typeof this.#state === "object") {
      return html`<div class="card" part="document" lang=${this.language} dir=${this.direction}>
        ${this.#header()}
        <div class="failed" role="alert" data-state="failed">
          <p><strong>${say.failed}</strong></p>
          <p>${shared.problems[this.#state.code]} ${this.#state.rule === undefined ? nothing : shared.refusedByRule(this.#state.rule)}</p>
          <button class="button" data-retry @click=${this.#openAgain}>${shared.retry}</button>
        </div>
      </div>`;
    }
    return html`<article class="card" part="document" lang=${this.language} dir=${this.direction} aria-busy=${this.#state === "loading" ? "true" : "false"}>
      <p class="on-paper head">${paperLine(this.#opened, this.#title(), this.#recordIns(), this.language)}</p>
      ${this.#header()}
      ${
        this.#state === "loading"
          ? openingBody(this.#progress, this.language, this.#stop)
          : this.#state === "stopped"
            ? stoppedBody(this.language, this.#openAgain)
            : html`${this.#comparison()}<div class="body" part="body" dir=${this.#opened?.fhir === undefined ? "auto" : nothing}>${this.#body}</div>`
      }
    </article>`;
  }

  #title(): string {
    const opened = this.#opened;
    const entry = opened?.entry ?? this.entry;
    return (
      opened?.view?.title ||
      entry?.title ||
      (entry === undefined ? "" : typeText(entry)) ||
      rowStrings(this.language).untitled
    );
  }

  /** Whose record the document is read from. */
  #recordIns(): string | undefined {
    const record = this.content === undefined ? this.openRecord() : undefined;
    return record === undefined || isProblem(record) ? undefined : record.ins.value;
  }

  #header(): TemplateResult {
    const say = viewerStrings(this.language);
    const shared = sharedStrings(this.language);
    const mentions: Readonly<Record<string, string>> = say.mentions;
    const opened = this.#opened;
    const entry = opened?.entry ?? this.entry;
    const rows = opened?.view?.header ?? [];
    const row = (...keys: string[]) => rows.find(({ key }) => keys.includes(key))?.value;
    const title = this.#title();
    const author = (entry === undefined ? "" : authorText(entry)) || row("author", "authors") || shared.notRecorded;
    const date =
      entry === undefined || entry.date === ""
        ? (row("date", "effectiveTime", "created") ?? shared.notRecorded)
        : formatDate(entry.date, this.language, { time: true });
    const fact = (label: string, value: string) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
    return html`<header class="document-header" part="document-header">
      <div class="document-title" role="heading" aria-level="3" tabindex="-1">${title}</div>
      <dl class="facts">
        ${fact(say.author, author)} ${fact(say.date, date)}
        ${entry?.actStart === undefined ? nothing : fact(say.act, formatDate(entry.actStart, this.language))}
        ${entry === undefined || typeText(entry) === "" ? nothing : fact(say.type, typeText(entry))}
      </dl>
      ${this.#isAboutSomebodyElse(row("ins") ?? opened?.fhir?.identity?.ins?.value) ? html`<p class="other-person" role="alert">${icon("alert")} ${say.otherPerson}</p>` : nothing}
      ${entry?.status === "superseded" ? html`<p class="tag">${say.superseded}</p>` : nothing}
      ${
        opened === undefined
          ? nothing
          : html`<div class="tools">
              ${this.#download(opened, title)} ${this.#compare(opened)}
              ${
                rows.length === 0
                  ? nothing
                  : html`<details><summary>${say.header}</summary>
                      <dl class="all-rows">${rows.map(({ key, label, value }) => fact(mentions[key] ?? label, value))}</dl>
                      ${
                        opened.view === undefined || opened.file === undefined
                          ? nothing
                          : this.#saves({ ...opened.content, sniffed: opened.sniffed }, title, say.downloadWhole)
                      }
                    </details>`
              }
            </div>`
      }
      ${opened?.entry === undefined ? nothing : this.#actions(opened.entry)}
    </header>`;
  }

  #actions(entry: DocumentEntry): unknown {
    const record = this.content === undefined ? this.openRecord() : undefined;
    if (record === undefined || isProblem(record)) return nothing;
    void import("../acting/define.ts");
    return html`<carnet-document-actions .record=${record} .entry=${entry} .depositAuthor=${this.depositAuthor}
      locale=${this.language} theme=${this.theme ?? nothing}></carnet-document-actions>`;
  }

  /** Offered when the document replaces another one that the reader may know of (R117, R118). */
  #compare({ entry }: OpenedDocument): unknown {
    const say = viewerStrings(this.language);
    if (entry === undefined || replacedId(entry) === undefined || this.content !== undefined) return nothing;
    return html`<button class="button" data-compare aria-expanded=${this.#isComparing ? "true" : "false"} @click=${() => {
      this.#isComparing = !this.#isComparing;
      this.requestUpdate();
    }}>${this.#isComparing ? say.endComparison : say.compare}</button>`;
  }

  #comparison(): unknown {
    const record = this.openRecord();
    if (!this.#isComparing || isProblem(record)) return nothing;
    void import("../comparison/define.ts");
    return html`<carnet-document-comparison .record=${record} .opened=${this.#opened} locale=${this.language}
      theme=${this.theme ?? nothing}></carnet-document-comparison>`;
  }

  /** A document filed in the wrong record must not be read as this patient's (identitovigilance). */
  #isAboutSomebodyElse(ins: string | undefined): boolean {
    const own = this.#recordIns();
    return ins !== undefined && own !== undefined && !ins.replace(/\s/g, "").includes(own);
  }

  /** What is read: the file that a CDA of level 1 holds, which its readers' software opens; else the document. */
  #download({ content, file, sniffed }: OpenedDocument, title: string): TemplateResult {
    const say = viewerStrings(this.language);
    return this.#saves(file ?? { ...content, sniffed }, title, say.download);
  }

  #saves({ bytes, contentType, sniffed }: NonNullable<OpenedDocument["file"]>, title: string, label: string) {
    const type = sniffed.contentType === "application/octet-stream" ? contentType : sniffed.contentType;
    const name = `${title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "document"}.${extensionOf(type)}`;
    return html`<button class="button" data-download=${extensionOf(type)} @click=${() => {
      const link = document.createElement("a");
      // Never a type that the browser would open as a page of ours.
      link.href = this.#address(bytes, "application/octet-stream");
      link.download = name;
      link.click();
    }}>${icon("download")}${label}</button>`;
  }

  /** Built once per document: the narrative is real nodes, which a second render must not move. */
  #makeBody(opened: OpenedDocument): unknown {
    const say = viewerStrings(this.language);
    const file = opened.file ?? { ...opened.content, sniffed: opened.sniffed };
    if (file.bytes.length === 0) return notShown(say.noBytes);
    if (opened.isUnreadable === true) return notShown(say.unreadable);
    if (opened.file !== undefined) return this.#fileBody(opened.file, opened);
    if (opened.view !== undefined) return cdaSections(opened.view, say, this.#address);
    if (opened.text !== undefined) return html`<pre>${opened.text}</pre>`;
    if (opened.fhir?.isWithdrawn) return notShown(say.withdrawn);
    if (opened.fhir !== undefined) return fhirBody(opened.fhir, this.language);
    return this.#fileBody(file, opened);
  }

  #fileBody(
    { bytes, contentType, sniffed }: NonNullable<OpenedDocument["file"]>,
    { view, entry }: OpenedDocument,
  ): unknown {
    const say = viewerStrings(this.language);
    const title = view?.title ?? entry?.title ?? "";
    switch (sniffed.kind) {
      case "image":
        return html`<img src=${this.#address(bytes, sniffed.contentType)} alt=${say.image(title)} @error=${() => {
          this.#body = notShown(say.brokenImage);
          this.requestUpdate();
        }} />`;
      case "pdf":
        return this.#pdfBody(bytes, title);
      case "tiff":
        return this.#fetched(async () => {
          const { tiffToPdf } = await import("./tiff-to-pdf.ts");
          return () => this.#pdfBody(tiffToPdf(bytes), title);
        });
      case "rtf":
        return this.#fetched(async () => {
          const { rtfToRuns } = await import("@carnet/sdk/narrative");
          const { rtfBody } = await import("./rtf-body.ts");
          return () => rtfBody(rtfToRuns(bytes, { maxCharacters: Number.POSITIVE_INFINITY, withMargins: true }), say);
        });
      case "text":
        return html`<pre>${decodeText(bytes)}</pre>`;
      default:
        return notShown(say.unknownFormat(formatName(sniffed.contentType) ?? formatName(contentType) ?? contentType));
    }
  }

  #pdfBody(bytes: Uint8Array, title: string): unknown {
    if (navigator.pdfViewerEnabled && !this.#framesRefused) {
      // Whole width, no side pane: what the reader came for is the page.
      const address = `${this.#address(bytes, "application/pdf")}#navpanes=0&view=FitH`;
      addEventListener("securitypolicyviolation", this.#onRefusedFrame);
      return html`<iframe class="frame" part="frame" title=${viewerStrings(this.language).file(title)} src=${address}></iframe>
        <p class="on-paper note">${viewerStrings(this.language).printFile}</p>`;
    }
    return this.#pdf.render(bytes, this.language);
  }

  /** A body whose reader is fetched first: away, that is the network's failure and not the document's. */
  #fetched(reader: () => Promise<() => unknown>): unknown {
    const say = viewerStrings(this.language);
    const { signal } = this;
    const load = async () => {
      const read = await reader().catch(() => undefined);
      if (signal.aborted) return nothing;
      if (read === undefined) return notShown(sharedStrings(this.language).problems.offline);
      try {
        return read();
      } catch (error) {
        return notShown(
          error instanceof Error && error.name === "UnknownTiff" ? say.unknownFormat("TIFF") : say.unreadable,
        );
      }
    };
    return until(load(), html`<div class="skeleton" aria-hidden="true"><span class="skeleton-line"></span></div>`);
  }

  /** A host whose policy allows no blob frame still shows the pages, drawn here. */
  readonly #onRefusedFrame = (event: SecurityPolicyViolationEvent) => {
    if (!/^(frame|child|object|default)-src/.test(event.effectiveDirective) || !event.blockedURI.startsWith("blob"))
      return;
    removeEventListener("securitypolicyviolation", this.#onRefusedFrame);
    this.#framesRefused = true;
    if (this.#opened !== undefined) this.#body = this.#makeBody(this.#opened);
    this.requestUpdate();
  };
}
