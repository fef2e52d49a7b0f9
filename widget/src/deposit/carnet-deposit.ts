import { type DocumentEntry, isAcknowledgementRequired, type Receipt } from "@carnet/sdk";
import type { IdentityMatch, IdentityTraits } from "@carnet/sdk/identity";
import type { DocumentType } from "@carnet/sdk/terminology";
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { card } from "../shared/card.ts";
import { formatDate } from "../shared/format-date.ts";
import { formatNumber } from "../shared/format-number.ts";
import { icon } from "../shared/icons.ts";
import { type Problem, toProblem } from "../shared/problem.ts";
import { isProblem, RecordElement } from "../shared/record-element.ts";
import { problemWords } from "../shared/refusals.ts";
import { base, tokens } from "../shared/tokens.ts";
import { type DepositAuthor, type ReadFile, readFile, toDeposit } from "./draft.ts";
import { type DepositObstacle, depositStrings } from "./strings.ts";
import { depositStyles } from "./styles.ts";

type UsableFile = Extract<ReadFile, { kind: "cda" | "file" }>;

interface Draft {
  readonly name: string;
  readonly size: number;
  readonly file: UsableFile;
  /** Fixed when the file is chosen: a second try is the same document. */
  readonly fixed: { readonly uniqueId: string; readonly effectiveTime: string };
  readonly match?: IdentityMatch;
}

/** A local instant with its offset: the record refuses times without one. */
function nowWithOffset(): string {
  const now = new Date();
  const offset = -now.getTimezoneOffset();
  const pad = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, "0");
  const local = new Date(now.getTime() + offset * 60_000).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? "-" : "+"}${pad(offset / 60)}:${pad(offset % 60)}`;
}

const today = () => nowWithOffset().slice(0, 10);

/**
 * Deposits one document: a CDA as it is, or a PDF, image or text wrapped in a CDA. A document about somebody else
 * cannot be sent; a doubtful one asks first. What is sent once is never sent twice.
 *
 * @event carnet-deposited - The record has the document; detail: the receipt.
 * @event carnet-error - It was refused or did not arrive; detail `{code, rule}`.
 */
export class CarnetDeposit extends RecordElement {
  static override properties = {
    ...RecordElement.properties,
    author: { attribute: false },
    patient: { attribute: false },
    replaces: { attribute: false },
  };
  static override styles = [tokens, base, card, depositStyles];

  /** Who deposits; needed for files that are not CDA documents. */
  declare author: DepositAuthor | undefined;
  /** The patient's traits as the host knows them. Default: those of the record, compared and written, never shown (R41). */
  declare patient: IdentityTraits | undefined;
  /** The document that the new one replaces (TD2.1). */
  declare replaces: DocumentEntry | undefined;

  #draft: Draft | undefined;
  #obstacle: DepositObstacle | undefined;
  #missing: string | undefined;
  #problem: Problem | undefined;
  #receipt: Receipt | undefined;
  #isBusy = false;
  #isOver = false;
  #isConfirmed = false;
  /** Sensitive subjects that the record asks about, and what would be sent once they are acknowledged. */
  #sensitive: { readonly subjects: readonly string[]; readonly send: () => void } | undefined;
  #traits: IdentityTraits | undefined;
  #types: readonly DocumentType[] = [];
  #generation = 0;

  protected override forget(): void {
    this.#generation++;
    this.#draft = undefined;
    this.#obstacle = undefined;
    this.#missing = undefined;
    this.#problem = undefined;
    this.#receipt = undefined;
    this.#isBusy = false;
    this.#isOver = false;
    this.#isConfirmed = false;
    this.#sensitive = undefined;
    this.#traits = undefined;
  }

  protected override begin(): void {
    // Nothing is asked of the record before a file is there.
  }

  /** Prepares a file given by the host, as if the user had chosen it. */
  async choose(file: Blob & { readonly name?: string }): Promise<void> {
    // A change of patient that was just asked for must have happened: it would forget the file.
    await this.updateComplete;
    this.startOver();
    const { signal } = this;
    this.requestUpdate();
    const read = await readFile(file);
    if (signal.aborted) return;
    if ("obstacle" in read) {
      this.#obstacle = read.obstacle;
      this.requestUpdate();
      return;
    }
    try {
      const record = this.openRecord();
      if (isProblem(record)) throw record;
      const status = await record.status({ signal });
      if (signal.aborted) return;
      this.#traits = { ...status.traits, ...this.patient, ins: record.ins };
      const match = await this.#compare(read);
      if (signal.aborted) return;
      if (read.kind === "file" && this.#types.length === 0) {
        const { documentTypes } = await import("@carnet/sdk/terminology");
        this.#types = documentTypes.filter((type) => type.status === "active" && type.isInValueSet);
      }
      if (signal.aborted) return;
      if (match?.verdict === "wrong") this.#obstacle = "wrongPatient";
      else if (read.kind === "file" && this.author === undefined) this.#obstacle = "noAuthor";
      else {
        this.#draft = {
          name: file.name ?? "",
          size: file.size,
          file: read,
          fixed: { uniqueId: `urn:uuid:${crypto.randomUUID()}`, effectiveTime: nowWithOffset() },
          ...(match === undefined ? {} : { match }),
        };
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#problem = toProblem(error);
      this.emit("carnet-error", this.#problem);
    }
    this.requestUpdate();
  }

  /** A CDA names its patient: compared with the record's identity before anything is sent (R40). */
  async #compare(read: UsableFile): Promise<IdentityMatch | undefined> {
    if (read.kind !== "cda" || this.#traits === undefined) return undefined;
    const { matchTraits } = await import("@carnet/sdk/identity");
    return matchTraits(read.traits, this.#traits);
  }

  async #send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const draft = this.#draft;
    if (draft === undefined || this.#isBusy) return;
    const say = depositStrings(this.language);
    const data = new FormData(event.target as HTMLFormElement);
    const field = (name: string) => String(data.get(name) ?? "").trim();
    const values = {
      title: field("title"),
      type: field("type"),
      date: field("date"),
      visibility: { hiddenFromProfessionals: data.has("hide"), invisibleToPatient: data.has("invisible") },
    };
    if (draft.file.kind === "file") {
      const missing =
        values.type === "" ? say.type : values.title === "" ? say.name : values.date === "" ? say.date : undefined;
      this.#missing =
        missing === undefined ? (values.date > today() ? say.futureDate : undefined) : say.required(missing);
    }
    if (draft.match?.verdict === "doubtful" && !this.#isConfirmed) this.#missing = say.required(say.confirm);
    if (this.#missing !== undefined) {
      this.requestUpdate();
      return;
    }
    await this.#deposit(draft, values);
  }

  async #deposit(
    draft: Draft,
    values: Parameters<typeof toDeposit>[1],
    acknowledgeSensitive?: readonly string[],
  ): Promise<void> {
    const { signal } = this;
    this.#isBusy = true;
    this.#problem = undefined;
    this.#sensitive = undefined;
    this.requestUpdate();
    try {
      const record = this.openRecord();
      if (isProblem(record)) throw record;
      const input = await toDeposit(draft.file, values, draft.fixed, this.#traits, this.author);
      if ("obstacle" in input) {
        this.#obstacle = input.obstacle;
      } else {
        const options = { signal, ...(acknowledgeSensitive === undefined ? {} : { acknowledgeSensitive }) };
        const receipt = await (this.replaces === undefined
          ? record.deposit(input, options)
          : record.replace(this.replaces, input, options));
        if (signal.aborted) return;
        this.#receipt = receipt;
        this.#draft = undefined;
        this.emit("carnet-deposited", receipt);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isAcknowledgementRequired(error)) {
        const { subjects } = error;
        this.#sensitive = { subjects, send: () => void this.#deposit(draft, values, subjects) };
      } else {
        this.#problem = toProblem(error);
        this.emit("carnet-error", this.#problem);
      }
    }
    this.#isBusy = false;
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".receipt, .sensitive")?.focus();
  }

  override render(): TemplateResult {
    const say = depositStrings(this.language);
    return html`<div class="card" part="deposit" lang=${this.language} dir=${this.direction}>
      <div class="title" role="heading" aria-level="3">${say.title}</div>
      ${keyed(
        this.#generation,
        html`${this.#receipt === undefined ? (this.#draft === undefined ? this.#drop() : this.#form(this.#draft)) : this.#done(this.#receipt)}
        ${this.#obstacle === undefined ? nothing : html`<div class="failed" role="alert" data-obstacle=${this.#obstacle}><p>${say[this.#obstacle]}</p></div>`}
        ${this.#warning()}
        ${this.#refusal()}`,
      )}
    </div>`;
  }

  /** R145: a sensitive document is sent only once the depositor says that the patient was asked. */
  #warning(): TemplateResult | typeof nothing {
    const sensitive = this.#sensitive;
    if (sensitive === undefined) return nothing;
    const say = depositStrings(this.language);
    const subjects = sensitive.subjects.map((subject) => say.subjects[subject as keyof typeof say.subjects] ?? subject);
    return html`<div class="failed sensitive" role="alertdialog" tabindex="-1" aria-labelledby="sensitive" data-sensitive>
      <p id="sensitive"><strong>${say.sensitive(subjects.join(", "))}</strong></p>
      <p>${say.sensitiveAsk}</p>
      <button class="button primary" type="button" data-acknowledge @click=${() => sensitive.send()}>${say.acknowledge}</button>
    </div>`;
  }

  #refusal(): TemplateResult | typeof nothing {
    const problem = this.#problem;
    if (problem === undefined) return nothing;
    const say = depositStrings(this.language);
    return html`<div class="failed" role="alert" data-state="failed">
      <p><strong>${say.failed}</strong></p>
      <p>${problemWords(problem, this.language)}</p>
      <p>${say.keep}</p>
    </div>`;
  }

  #picker(label: string, isPrimary: boolean): TemplateResult {
    return html`<button class="button ${isPrimary ? "primary" : ""}" type="button" data-choose @click=${() => this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click()}>${label}</button>
      <input class="visually-hidden" type="file" tabindex="-1" aria-hidden="true" accept=".pdf,.jpg,.jpeg,.tif,.tiff,.txt,.rtf,.xml,application/pdf,image/jpeg,image/tiff,text/plain,text/xml,application/xml"
        @change=${(event: Event) => {
          const file = (event.target as HTMLInputElement).files?.[0];
          if (file !== undefined) void this.choose(file);
        }} />`;
  }

  #drop(): TemplateResult {
    const say = depositStrings(this.language);
    const over = (isOver: boolean) => {
      this.#isOver = isOver;
      this.requestUpdate();
    };
    return html`<div class="drop ${this.#isOver ? "over" : ""}" part="drop"
      @dragover=${(event: DragEvent) => {
        event.preventDefault();
        if (!this.#isOver) over(true);
      }}
      @dragleave=${() => over(false)}
      @drop=${(event: DragEvent) => {
        event.preventDefault();
        over(false);
        const file = event.dataTransfer?.files[0];
        if (file !== undefined) void this.choose(file);
      }}>
      ${icon("add")}
      <p>${say.drop}</p>
      ${this.#picker(say.choose, true)}
      <p class="muted">${say.formats}</p>
    </div>`;
  }

  #form(draft: Draft): TemplateResult {
    const say = depositStrings(this.language);
    const { file, match } = draft;
    return html`<div class="chosen">
        <span>${say.file(draft.name === "" ? file.title : draft.name, this.#size(draft.size))}</span>
        ${this.#picker(say.another, false)}
      </div>
      <form novalidate @submit=${(event: SubmitEvent) => void this.#send(event)}>
        ${
          file.kind === "cda"
            ? html`<div class="full"><p><strong>${file.title}</strong></p>
                <p class="muted">${file.type}${file.date === "" ? nothing : html` · ${formatDate(file.date, this.language)}`}</p>
                <p class="muted">${say.fromDocument}</p></div>`
            : html`<label>${say.type}<select name="type" required>
                <option value="">${say.chooseType}</option>
                ${this.#groups()}
              </select></label>
              <label>${say.date}<input name="date" type="date" required max=${today()} /></label>
              <label class="full">${say.name}<input name="title" required autocomplete="off" maxlength="200" .defaultValue=${file.title} /></label>`
        }
        <div class="full">
          <label class="check"><input type="checkbox" name="hide" />${say.hide}</label>
          <label class="check"><input type="checkbox" name="invisible" />${say.hideFromPatient}</label>
        </div>
        ${match?.verdict === "doubtful" ? this.#doubt(match) : nothing}
        ${this.#missing === undefined ? nothing : html`<p class="failed full" role="alert">${this.#missing}</p>`}
        <div class="actions full">
          <button class="button primary" data-send ?disabled=${this.#isBusy} aria-busy=${this.#isBusy ? "true" : "false"}>
            ${this.#isBusy ? say.sending : say.send}
          </button>
        </div>
      </form>`;
  }

  #doubt(match: IdentityMatch): TemplateResult {
    const say = depositStrings(this.language);
    const differing = match.reasons.filter(({ outcome }) => outcome !== "same").map(({ trait }) => say.traits[trait]);
    return html`<div class="failed full" data-doubt>
      <p><strong>${say.doubtful}</strong> ${differing.join(", ")}.</p>
      <label class="check"><input type="checkbox" @change=${(event: Event) => {
        this.#isConfirmed = (event.target as HTMLInputElement).checked;
        this.#missing = undefined;
        this.requestUpdate();
      }} />${say.confirm}</label>
    </div>`;
  }

  #groups(): TemplateResult[] {
    const groups = new Map<string, DocumentType[]>();
    for (const type of this.#types) {
      const group = groups.get(type.category ?? "");
      if (group === undefined) groups.set(type.category ?? "", [type]);
      else group.push(type);
    }
    return [...groups].map(
      ([label, types]) =>
        html`<optgroup label=${label}>${types.map((type) => html`<option value=${type.code}>${type.display}</option>`)}</optgroup>`,
    );
  }

  #size(bytes: number): string {
    const say = depositStrings(this.language);
    return bytes < 1_000_000
      ? say.kilobytes(formatNumber(Math.max(1, Math.round(bytes / 1000)), this.language))
      : say.megabytes(formatNumber(Math.round(bytes / 100_000) / 10, this.language));
  }

  #done(receipt: Receipt): TemplateResult {
    const say = depositStrings(this.language);
    return html`<div class="receipt" role="status" tabindex="-1" data-receipt=${receipt.uniqueId}>
        <p><strong>${receipt.alreadyInRecord ? say.alreadyThere : say.done}</strong></p>
        <dl>
          <div><dt>${say.receivedAt}</dt><dd>${formatDate(receipt.receivedAt, this.language, { time: true })}</dd></div>
          <div><dt>${say.number}</dt><dd>${receipt.uniqueId}</dd></div>
        </dl>
      </div>
      <div class="actions"><button class="button" @click=${() => {
        this.startOver();
        this.requestUpdate();
      }}>${say.next}</button></div>`;
  }
}
