import type { DocumentEntry, DocumentRight } from "@carnet/sdk";
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { type Problem, toProblem } from "../shared/problem.ts";
import { isProblem, RecordElement } from "../shared/record-element.ts";
import { problemWords } from "../shared/refusals.ts";
import { base, tokens } from "../shared/tokens.ts";
import { asksFirst, type Change, makeChange, opposite } from "./change.ts";
import { actingStrings } from "./strings.ts";

/** Detail of `carnet-document-changed`. */
export interface DocumentChangedDetail {
  readonly uniqueId: string;
  readonly change: DocumentRight;
  /** The document as it is now; absent when it was deleted. */
  readonly document?: DocumentEntry;
}

type Step =
  | { readonly kind: "offer" }
  | { readonly kind: "ask"; readonly change: Change }
  | { readonly kind: "busy"; readonly change: Change }
  | { readonly kind: "replace" }
  | { readonly kind: "done"; readonly change: DocumentRight; readonly isUndo?: boolean }
  | { readonly kind: "failed"; readonly change: Change; readonly problem: Problem };

/**
 * What the caller may do to one document: mask, show, archive, replace, delete. Only what the record grants is offered
 * (R117 to R124, R142 to R152); what cannot be taken back asks first and says what will happen; the rest can be undone.
 *
 * @event carnet-document-changed - The record changed the document; detail `DocumentChangedDetail`.
 * @event carnet-error - It was refused or did not arrive; detail `{code, rule}`.
 */
export class CarnetDocumentActions extends RecordElement {
  static override properties = {
    ...RecordElement.properties,
    entry: { attribute: false },
    depositAuthor: { attribute: false },
  };
  static override styles = [
    tokens,
    base,
    css`
      :host {
        background: none;
      }
      .acts {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5em;
        align-items: center;
      }
      .ask,
      .told {
        display: grid;
        gap: 0.6em;
        justify-items: start;
        padding: calc(var(--_space) * 0.75);
        border: 1px solid var(--_border);
        border-radius: calc(var(--_radius) * 0.66);
        background: var(--_surface-sunken);
      }
      .told {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
      }
      .ask.grave {
        border-color: var(--_danger);
        background: var(--_danger-soft);
      }
      .button.danger {
        background: var(--_danger);
        border-color: var(--_danger);
        color: var(--_surface);
      }
      :focus:not(:focus-visible) {
        outline: none;
      }
    `,
  ];

  /** The document. */
  declare entry: DocumentEntry | undefined;
  /** Who deposits a replacement, see `<carnet-deposit>`. */
  declare depositAuthor: unknown;

  #rights: readonly DocumentRight[] = [];
  #current: DocumentEntry | undefined;
  #step: Step = { kind: "offer" };

  override willUpdate(changed: PropertyValues<this>): void {
    const former = changed.get("entry") as DocumentEntry | undefined;
    const { signal } = this;
    super.willUpdate(changed);
    const isOther = changed.has("entry") && former?.uniqueId !== this.entry?.uniqueId;
    if (isOther && signal === this.signal) this.startOver();
  }

  protected override forget(): void {
    this.#rights = [];
    this.#current = undefined;
    this.#step = { kind: "offer" };
  }

  protected override begin(): void {
    this.#current = this.entry;
    if (this.entry !== undefined) void this.#readRights();
  }

  /** Without an answer nothing is offered: the document can still be read. */
  async #readRights(): Promise<void> {
    const { signal } = this;
    const record = this.openRecord();
    const entry = this.#current;
    if (isProblem(record) || entry === undefined) return;
    try {
      const rights = await record.rights(entry, { signal });
      if (signal.aborted) return;
      this.#rights = rights ?? [];
    } catch (error) {
      if (signal.aborted) return;
      this.#rights = [];
      const { code, rule } = toProblem(error);
      this.emit("carnet-error", { code, ...(rule === undefined ? {} : { rule }) });
    }
    this.requestUpdate();
  }

  async #make(change: Change, isUndo = false): Promise<void> {
    const { signal } = this;
    const record = this.openRecord();
    const entry = this.#current;
    if (isProblem(record) || entry === undefined || this.#step.kind === "busy") return;
    this.#go({ kind: "busy", change });
    try {
      const document = await makeChange(record, entry, change, { signal });
      if (signal.aborted) return;
      this.#current = document;
      this.#rights = [];
      this.#go({ kind: "done", change, isUndo });
      this.emit<DocumentChangedDetail>("carnet-document-changed", {
        uniqueId: entry.uniqueId,
        change,
        ...(document === undefined ? {} : { document }),
      });
      if (document !== undefined) await this.#readRights();
    } catch (error) {
      if (signal.aborted) return;
      const problem = toProblem(error);
      this.emit("carnet-error", problem);
      this.#go({ kind: "failed", change, problem });
    }
  }

  #go(step: Step): void {
    this.#step = step;
    this.requestUpdate();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("[data-focus]")?.focus());
  }

  #choose(right: DocumentRight): void {
    if (right === "replace") {
      void import("../deposit/define.ts");
      this.#go({ kind: "replace" });
    } else if (asksFirst.has(right)) this.#go({ kind: "ask", change: right });
    else void this.#make(right);
  }

  override render(): TemplateResult | typeof nothing {
    const say = actingStrings(this.language);
    const step = this.#step;
    const isOffering = step.kind === "offer" || step.kind === "done" || step.kind === "failed";
    if (step.kind === "offer" && this.#rights.length === 0) return nothing;
    return html`<div lang=${this.language} dir=${this.direction} role="group" aria-label=${say.label}>
      ${this.#notice(step)}
      ${
        isOffering && this.#rights.length > 0
          ? html`<div class="acts">${this.#rights.map(
              (right) =>
                html`<button class="button" type="button" data-act=${right} @click=${() => this.#choose(right)}>${say.rights[right]}</button>`,
            )}</div>`
          : nothing
      }
    </div>`;
  }

  #notice(step: Step): TemplateResult | typeof nothing {
    const say = actingStrings(this.language);
    const cancel = html`<button class="button" type="button" data-cancel @click=${() => this.#go({ kind: "offer" })}>${say.cancel}</button>`;
    switch (step.kind) {
      case "offer":
        return nothing;
      case "ask":
        return html`<div class="ask ${step.change === "delete" ? "grave" : ""}" tabindex="-1" data-focus role="group" aria-labelledby="asked" aria-describedby="then">
          <p id="asked"><strong>${say.rights[step.change]}</strong></p>
          <p id="then">${say.consequences[step.change]}</p>
          <div class="acts">
            <button class="button ${step.change === "delete" ? "danger" : "primary"}" type="button" data-confirm @click=${() => void this.#make(step.change)}>${say.confirm}</button>
            ${cancel}
          </div>
        </div>`;
      case "busy":
        return html`<p role="status" class="muted">${say.busy}</p>`;
      case "replace":
        return html`<div class="ask" tabindex="-1" data-focus>
          <p>${say.consequences.replace}</p>
          ${this.#deposit()}
          ${cancel}
        </div>`;
      case "done": {
        const back = step.isUndo === true || step.change === "replace" ? undefined : opposite[step.change];
        const canUndo = back !== undefined && this.#rights.includes(back);
        return html`<div class="told" tabindex="-1" data-focus role="status">
          <span>${step.isUndo === true ? say.undone : say.done[step.change]}</span>
          ${canUndo ? html`<button class="button quiet" type="button" data-undo @click=${() => void this.#make(back, true)}>${say.undo}</button>` : nothing}
        </div>`;
      }
      case "failed": {
        const { problem } = step;
        return html`<div class="failed" role="alert" tabindex="-1" data-focus>
          <p><strong>${say.failed}</strong> ${problemWords(problem, this.language)}</p>
        </div>`;
      }
    }
  }

  #deposit(): unknown {
    const record = this.openRecord();
    if (isProblem(record)) return nothing;
    return html`<carnet-deposit .record=${record} .replaces=${this.#current} .author=${this.depositAuthor}
      locale=${this.language} theme=${this.theme ?? nothing}
      @carnet-deposited=${() => {
        const uniqueId = this.#current?.uniqueId ?? "";
        this.#rights = [];
        this.emit<DocumentChangedDetail>("carnet-document-changed", { uniqueId, change: "replace" });
      }}></carnet-deposit>`;
  }
}
