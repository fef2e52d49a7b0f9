import { css, html, type TemplateResult } from "lit";
import { saveFile } from "../../parts/save-file.ts";
import { base } from "../../styles.ts";
import { type Problem, problemOf, RecordView } from "../../view.ts";
import { type ExportWords, exportWords } from "./export-words.ts";

type Copy =
  | { readonly state: "idle" | "done" | "cancelled" }
  | { readonly state: "running"; readonly doneBytes: number; readonly totalBytes?: number }
  | { readonly state: "failed"; readonly problem: Problem };

/** Progress is said aloud this many times at most: a counter that never stops talking helps nobody. */
const spokenSteps = 4;

/** The whole record as one file (R171): how far it is, and the way to stop it. */
export class ExportView extends RecordView {
  static override styles = [
    base,
    css`
      progress { width: 100%; max-width: 30rem; height: 0.9rem; accent-color: var(--accent); }
      .running { display: grid; gap: 0.7rem; }
      .said { margin-top: 0.9rem; }
      .said:empty { display: none; }
    `,
  ];

  #copy: Copy = { state: "idle" };
  #stop: AbortController | undefined;

  protected override load(): void {
    this.#stop?.abort();
    this.#copy = { state: "idle" };
  }

  get #words(): ExportWords {
    return exportWords[this.locale];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.abort();
  }

  override render(): TemplateResult {
    const words = this.#words;
    return html`<section class="part"><h2>${words.title}</h2><p class="intro">${words.intro}</p>
      <div class=${this.#copy.state === "idle" ? "card no-print" : "card"}>${this.#copy.state === "running" ? this.#running(this.#copy) : html`<p><button class="button button--main" data-action="export" @click=${this.#start}>${words.start}</button></p>`}
        <p class="said" role=${this.#copy.state === "failed" ? "alert" : "status"}>${this.#said()}</p></div></section>`;
  }

  #running({ doneBytes, totalBytes }: Extract<Copy, { state: "running" }>): TemplateResult {
    const words = this.#words;
    const said = words.progress(megabytes(doneBytes, this.locale), totalBytes && megabytes(totalBytes, this.locale));
    return html`<div class="running">
      <label>${words.running}<br />${totalBytes === undefined ? html`<progress></progress>` : html`<progress max=${totalBytes} .value=${doneBytes}></progress>`}</label>
      <p class="quiet">${said}</p>
      <p><button class="button" data-action="cancel-export" @click=${() => this.#stop?.abort()}>${words.cancel}</button></p>
    </div>`;
  }

  #said(): string {
    const words = this.#words;
    const copy = this.#copy;
    switch (copy.state) {
      case "idle":
        return "";
      case "running": {
        const { doneBytes, totalBytes } = copy;
        const step = totalBytes ? Math.floor((doneBytes / totalBytes) * spokenSteps) : 0;
        return step > 0 ? words.share((step * 100) / spokenSteps) : words.running;
      }
      case "done":
        return words.done;
      case "cancelled":
        return words.cancelled;
      case "failed":
        return words.failed[copy.problem];
    }
  }

  #show(copy: Copy): void {
    this.#copy = copy;
    this.requestUpdate();
  }

  readonly #start = async () => {
    const { record } = this;
    if (!record) return;
    const stop = new AbortController();
    this.#stop = stop;
    const signal = AbortSignal.any([this.signal, stop.signal]);
    this.#show({ state: "running", doneBytes: 0 });
    await this.updateComplete;
    // The button that was pressed is gone: focus goes to the one that stops it.
    this.renderRoot.querySelector<HTMLElement>("[data-action=cancel-export]")?.focus();
    try {
      const archive = await record.export({
        signal,
        onProgress: ({ doneBytes, totalBytes }) =>
          this.#show({ state: "running", doneBytes, ...(totalBytes !== undefined && { totalBytes }) }),
      });
      const bytes = await wholeOf(archive.body, signal);
      signal.throwIfAborted();
      saveFile(bytes, "application/zip", archive.fileName);
      this.#show({ state: "done" });
    } catch (error) {
      // Another person, or the section was left: nothing of this copy is told any more.
      if (this.#stop !== stop || this.signal.aborted) return;
      this.#show(stop.signal.aborted ? { state: "cancelled" } : { state: "failed", problem: problemOf(error) });
    }
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("[data-action=export]")?.focus();
  };
}

/** The whole content; stopping stops the transfer itself. */
async function wholeOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<Blob> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel(signal.reason);
  signal.addEventListener("abort", cancel, { once: true });
  const parts: Uint8Array<ArrayBuffer>[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Blob(parts, { type: "application/zip" });
      parts.push(value as Uint8Array<ArrayBuffer>);
    }
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

const megabytes = (bytes: number, locale: "fr" | "en") =>
  new Intl.NumberFormat(locale === "fr" ? "fr-FR" : "en-GB", { maximumFractionDigits: 1 }).format(bytes / 1_000_000);
