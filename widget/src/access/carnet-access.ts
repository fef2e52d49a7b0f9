import type { RecordHandle } from "@carnet/sdk";
import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { longField } from "../shared/card.ts";
import { icon } from "../shared/icons.ts";
import { type Problem, toProblem } from "../shared/problem.ts";
import { isProblem, RecordElement } from "../shared/record-element.ts";
import { failure } from "../shared/refusals.ts";
import { base, tokens } from "../shared/tokens.ts";
import { accessStrings } from "./strings.ts";

/** Detail of `carnet-access`: how the record was opened, and the handle to read it with. */
export interface AccessDetail {
  readonly kind: "consent" | "break-glass" | "dispatch";
  readonly record: RecordHandle;
}

/** Longest reason that the service keeps. */
const maxReason = 500;

/**
 * The ways into a record that is not open to its reader yet: the patient's consent (TD0.3), breaking the glass with a
 * reason (R71), and the dispatch centre (R72). Each says first what it entails; a refusal says why.
 *
 * @event carnet-access - The reader may read; detail `AccessDetail`. An emergency is only refused when something is read: give the problem back in `problem`.
 * @event carnet-error - It was refused or did not arrive; detail `{code, rule}`.
 */
export class CarnetAccess extends RecordElement {
  static override properties = {
    ...RecordElement.properties,
    dispatchCentre: { type: Boolean, attribute: "dispatch-centre" },
    problem: { attribute: false },
  };
  static override styles = [
    tokens,
    base,
    longField,
    css`
      :host {
        inline-size: 100%;
        background: none;
      }
      .ways,
      form,
      .way {
        display: grid;
        gap: 0.7em;
        justify-items: start;
      }
      .failed,
      form > *,
      details {
        inline-size: 100%;
      }
      form > .button {
        inline-size: auto;
      }
      details {
        padding-block-start: 1em;
        border-block-start: 1px solid var(--_border);
      }
      summary {
        display: flex;
        align-items: center;
        gap: 0.45em;
        inline-size: fit-content;
        min-block-size: 32px;
        color: var(--_danger);
        font-weight: 600;
        cursor: pointer;
      }
      .way {
        margin-block-start: 0.7em;
        padding: var(--_space);
        border: 1px solid var(--_danger);
        border-radius: calc(var(--_radius) * 0.66);
        background: var(--_danger-soft);
      }
      .way-title {
        font-weight: 680;
      }
      ul {
        display: grid;
        gap: 0.25em;
        padding-inline-start: 1.2em;
        list-style: disc;
      }
      textarea {
        min-block-size: 4.5em;
        margin-block-start: 0.3em;
      }
      label {
        color: var(--_text);
      }
      .button.danger {
        border-color: var(--_danger);
        background: var(--_danger);
        color: var(--_surface);
      }
      .missing {
        color: var(--_danger);
        font-weight: 600;
      }
    `,
  ];

  /** The reader works at a dispatch centre: its access is offered (R72). */
  declare dispatchCentre: boolean;
  /** Why the emergency that was asked for came to nothing. */
  declare problem: Problem | undefined;

  #consent: "idle" | "busy" | Problem = "idle";
  #isReasonMissing = false;
  #isOpening = false;
  #generation = 0;

  constructor() {
    super();
    this.dispatchCentre = false;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has("problem")) this.#isOpening = false;
  }

  protected override forget(): void {
    this.#generation++;
    this.#consent = "idle";
    this.#isReasonMissing = false;
    this.#isOpening = false;
  }

  protected override begin(): void {
    // Nothing is asked of the record before the reader chooses a way.
  }

  async #declare(): Promise<void> {
    const { signal } = this;
    const record = this.openRecord();
    if (isProblem(record) || this.#consent === "busy") return;
    this.#consent = "busy";
    this.requestUpdate();
    try {
      await record.authorise({ signal });
      if (signal.aborted) return;
      this.#consent = "idle";
      this.#tell("consent", record);
    } catch (error) {
      if (signal.aborted) return;
      this.#consent = toProblem(error);
      this.emit("carnet-error", this.#consent);
    }
    this.requestUpdate();
  }

  #open(event: SubmitEvent, kind: "break-glass" | "dispatch"): void {
    event.preventDefault();
    const record = this.openRecord();
    if (isProblem(record) || this.#isOpening) return;
    const field = this.renderRoot.querySelector<HTMLTextAreaElement>("textarea");
    const reason = field?.value.trim() ?? "";
    this.#isReasonMissing = kind === "break-glass" && reason === "";
    if (this.#isReasonMissing) field?.focus();
    else {
      this.#isOpening = true;
      this.#tell(
        kind,
        record.inMode(kind === "dispatch" ? { purposeOfUse: "ETREAT" } : { purposeOfUse: "BTG", reason }),
      );
    }
    this.requestUpdate();
  }

  #tell(kind: AccessDetail["kind"], record: RecordHandle): void {
    this.emit<AccessDetail>("carnet-access", { kind, record });
  }

  override render(): TemplateResult {
    const say = accessStrings(this.language);
    const isBusy = this.#consent === "busy";
    return html`<div class="ways" lang=${this.language} dir=${this.direction}>${keyed(
      this.#generation,
      html`<p>${say.ask}</p>
        ${typeof this.#consent === "string" ? nothing : failure(say.consentFailed, this.#consent, this.language)}
        <button class="button primary" type="button" data-consent ?disabled=${isBusy} aria-busy=${isBusy ? "true" : "false"} @click=${() => void this.#declare()}>
          ${isBusy ? say.consentBusy : say.consent}
        </button>
        ${this.problem === undefined ? nothing : failure(say.emergencyFailed, this.problem, this.language)}
        <details data-emergency>
          <summary>${icon("alert")}${say.emergency}</summary>
          ${this.#breakGlass()} ${this.dispatchCentre ? this.#dispatch() : nothing}
        </details>`,
    )}</div>`;
  }

  #breakGlass(): TemplateResult {
    const say = accessStrings(this.language);
    return html`<form class="way" novalidate aria-labelledby="glass" @submit=${(event: SubmitEvent) => this.#open(event, "break-glass")}>
      <div class="way-title" id="glass">${say.breakGlass}</div>
      <p>${say.when}</p>
      ${this.#consequences()}
      <label>${say.reason}
        <textarea name="reason" required maxlength=${maxReason} autocomplete="off" aria-describedby="hint missing" aria-invalid=${this.#isReasonMissing ? "true" : "false"}></textarea>
      </label>
      <p class="row-detail" id="hint">${say.reasonHint}</p>
      <p class="missing" id="missing" role="alert" ?hidden=${!this.#isReasonMissing}>${this.#isReasonMissing ? say.reasonMissing : nothing}</p>
      ${this.#button("break-glass", say.open)}
    </form>`;
  }

  #dispatch(): TemplateResult {
    const say = accessStrings(this.language);
    return html`<form class="way" aria-labelledby="dispatch" @submit=${(event: SubmitEvent) => this.#open(event, "dispatch")}>
      <div class="way-title" id="dispatch">${say.dispatch}</div>
      <p>${say.dispatchWhen}</p>
      ${this.#consequences()}
      ${this.#button("dispatch", say.openDispatch)}
    </form>`;
  }

  #consequences(): TemplateResult {
    const say = accessStrings(this.language);
    return html`<div><p>${say.consequences}</p>
      <ul>${[say.told, say.kept, say.limits, say.lasts].map((line) => html`<li>${line}</li>`)}</ul></div>`;
  }

  #button(kind: string, words: string): TemplateResult {
    return html`<button class="button danger" data-open=${kind} ?disabled=${this.#isOpening}>
      ${this.#isOpening ? accessStrings(this.language).opening : words}
    </button>`;
  }
}
