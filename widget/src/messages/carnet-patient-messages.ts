import type { RecordHandle } from "@carnet/sdk";
import { type Communication, numberForm } from "@carnet/sdk/fhir";
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { card, longField } from "../shared/card.ts";
import { formatMoment } from "../shared/format-date.ts";
import { icon } from "../shared/icons.ts";
import { type Problem, toProblem } from "../shared/problem.ts";
import { isProblem, RecordElement } from "../shared/record-element.ts";
import { failure } from "../shared/refusals.ts";
import { sharedStrings } from "../shared/strings.ts";
import { base, tokens } from "../shared/tokens.ts";
import { acceptedTypes, readAttachments } from "./attachments.ts";
import { type Exchange, exchangesOf, isFromProfessional } from "./exchanges.ts";
import { messagesStrings } from "./strings.ts";
import { messagesStyles } from "./styles.ts";

/** The form that was last sent, by its exchange (`""`: a new one), and what came of it. */
interface Sending {
  readonly exchange: string;
  readonly state: "busy" | "sent" | Problem;
}

/** After these, the message may have arrived all the same: it is never said that it was not sent. */
const unsure: ReadonlySet<Problem["code"]> = new Set(["offline", "timeout", "unavailable", "invalid-answer"]);

/**
 * The reader's exchanges with the patient (R166): writes the first message, answers, reads, ends an exchange. What is
 * typed stays until the record has it.
 *
 * @event carnet-message-sent - The record has the message; detail `{}`.
 * @event carnet-error - Something failed; detail `{code, rule}`.
 */
export class CarnetPatientMessages extends RecordElement {
  static override styles = [tokens, base, card, longField, messagesStyles];

  #state: "loading" | "ready" | Problem = "loading";
  #exchanges: readonly Exchange[] = [];
  #sending: Sending | undefined;
  /** In words, what keeps a form from being sent. */
  #obstacle: { readonly exchange: string; readonly words: string } | undefined;
  /** The exchange that the reader is asked whether to end. */
  #ending: string | undefined;
  #problem: { readonly title: string; readonly problem: Problem } | undefined;
  /** After an answer that got lost, the message is sent again under its number. */
  #numberOf = numberForm();
  #generation = 0;

  protected override forget(): void {
    this.#generation++;
    this.#state = "loading";
    this.#exchanges = [];
    this.#sending = undefined;
    this.#obstacle = undefined;
    this.#ending = undefined;
    this.#problem = undefined;
  }

  protected override begin(): void {
    if (!isProblem(this.openRecord())) void this.#load();
  }

  async #load(): Promise<void> {
    await this.#with(
      async (record, signal) => {
        const all = await record.messages({ signal });
        if (signal.aborted) return;
        this.#exchanges = exchangesOf(all);
        this.#state = "ready";
      },
      (problem) => {
        this.#state = problem;
      },
    );
  }

  /** Asks something of the record; a late answer for a former patient is dropped. */
  async #with(
    work: (record: RecordHandle, signal: AbortSignal) => Promise<void>,
    failed: (problem: Problem) => void,
  ): Promise<void> {
    const { signal } = this;
    const record = this.openRecord();
    if (isProblem(record)) return;
    try {
      await work(record, signal);
    } catch (error) {
      if (signal.aborted) return;
      const problem = toProblem(error);
      failed(problem);
      this.emit("carnet-error", problem);
    }
    this.requestUpdate();
  }

  async #send(event: SubmitEvent, exchange: string): Promise<void> {
    event.preventDefault();
    if (this.#sending?.state === "busy") return;
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const say = messagesStrings(this.language);
    const text = String(data.get("text") ?? "").trim();
    const topic = String(data.get("topic") ?? "").trim();
    const { signal } = this;
    // A second click while the files are read would send the message twice.
    this.#sending = { exchange, state: "busy" };
    const attachments = await readAttachments(data, this.language);
    if (signal.aborted) return;
    const obstacle = text === "" ? say.missing : typeof attachments === "string" ? attachments : undefined;
    this.#obstacle = obstacle === undefined ? undefined : { exchange, words: obstacle };
    if (obstacle !== undefined) this.#sending = undefined;
    this.requestUpdate();
    if (typeof attachments === "string" || obstacle !== undefined) return;
    await this.#with(
      async (record) => {
        const answer = exchange === "" ? {} : { inResponseTo: exchange };
        const message = { text, ...(topic === "" ? {} : { topic }), ...answer, attachments };
        await record.sendMessage({ ...message, number: this.#numberOf([record.ins, message]) }, { signal });
        if (signal.aborted) return;
        this.#numberOf = numberForm();
        form.reset();
        this.#sending = { exchange, state: "sent" };
        this.emit("carnet-message-sent", {});
      },
      (problem) => {
        this.#sending = { exchange, state: problem };
      },
    );
    if (signal.aborted) return;
    const state = this.#sending?.state;
    if (state === "sent" || (typeof state === "object" && unsure.has(state.code))) await this.#load();
  }

  /** An exchange that is opened is read: its sender is told so. */
  #open({ fresh }: Exchange, isOpen: boolean): void {
    if (!isOpen || fresh.length === 0) return;
    void this.#with(
      async (record, signal) => {
        for (const message of fresh) await record.markMessageRead(message, { signal });
      },
      // The messages are read all the same; they stay marked as new.
      () => undefined,
    );
  }

  async #end(exchange: Exchange): Promise<void> {
    this.#ending = undefined;
    this.requestUpdate();
    const { signal } = this;
    await this.#with(
      (record) => record.endExchange(exchange.id, { signal }),
      this.#tell(messagesStrings(this.language).end),
    );
    if (!signal.aborted) await this.#load();
  }

  #tell(title: string): (problem: Problem) => void {
    return (problem) => {
      this.#problem = { title, problem };
    };
  }

  async #download(message: Communication, index: number, title: string): Promise<void> {
    await this.#with(
      async (record, signal) => {
        const { bytes } = await record.readAttachment(message, index, { signal });
        if (signal.aborted) return;
        // Never a type that the browser would open as a page of ours.
        const address = URL.createObjectURL(new Blob([bytes.slice()], { type: "application/octet-stream" }));
        const link = Object.assign(document.createElement("a"), { href: address, download: title });
        link.click();
        URL.revokeObjectURL(address);
      },
      this.#tell(messagesStrings(this.language).fileFailed),
    );
  }

  override render(): TemplateResult {
    const say = messagesStrings(this.language);
    return html`<div class="card" part="messages" lang=${this.language} dir=${this.direction}>
      <div class="title" role="heading" aria-level="3">${say.title}</div>
      <div><p>${say.intro}</p><p class="muted">${say.told}</p></div>
      ${keyed(
        this.#generation,
        html`${this.#form("", say.write)} ${this.#list()}
          ${this.#problem === undefined ? nothing : failure(this.#problem.title, this.#problem.problem, this.language)}`,
      )}
    </div>`;
  }

  #form(exchange: string, label: string): TemplateResult {
    const say = messagesStrings(this.language);
    const isBusy = this.#sending?.state === "busy";
    const sent = this.#sending?.exchange === exchange ? this.#sending.state : undefined;
    const obstacle = this.#obstacle?.exchange === exchange ? this.#obstacle.words : undefined;
    return html`<form novalidate aria-label=${label} data-exchange=${exchange} @submit=${(event: SubmitEvent) => void this.#send(event, exchange)}>
      ${exchange === "" ? html`<label>${say.topic}<input name="topic" maxlength="200" autocomplete="off" /></label>` : nothing}
      <label>${exchange === "" ? say.text : say.answer}<textarea name="text" maxlength="10000" required autocomplete="off"></textarea></label>
      <label>${say.files}<input type="file" name="files" multiple accept=${acceptedTypes} /></label>
      <p class="missing" role="alert" ?hidden=${obstacle === undefined}>${obstacle ?? nothing}</p>
      ${
        typeof sent === "object"
          ? failure(unsure.has(sent.code) ? say.unsure : say.notSent, sent, this.language)
          : html`<p role="status" ?hidden=${sent !== "sent"}>${sent === "sent" ? say.sent : nothing}</p>`
      }
      <button class="button primary" data-send ?disabled=${isBusy} aria-busy=${isBusy ? "true" : "false"}>
        ${isBusy && sent === "busy" ? say.sending : say.send}
      </button>
    </form>`;
  }

  #list(): TemplateResult {
    const say = messagesStrings(this.language);
    if (this.#state === "loading")
      return html`<div class="skeleton"><span class="visually-hidden" role="status">${say.loading}</span>
        ${Array.from({ length: 3 }, () => html`<span class="skeleton-line"></span>`)}</div>`;
    if (typeof this.#state === "object")
      return html`${failure(say.failed, this.#state, this.language)}
        <p><button class="button" data-retry @click=${() => void this.#load()}>${sharedStrings(this.language).retry}</button></p>`;
    if (this.#exchanges.length === 0) return html`<p class="empty">${say.none}</p>`;
    return html`<div>${repeat(
      this.#exchanges,
      ({ id }) => id,
      (exchange) => this.#exchange(exchange),
    )}</div>`;
  }

  #exchange(exchange: Exchange): TemplateResult {
    const say = messagesStrings(this.language);
    const { id, fresh, isEnded, topic, messages } = exchange;
    return html`<details class="exchange" data-exchange=${id} @toggle=${(event: Event) => this.#open(exchange, (event.target as HTMLDetailsElement).open)}>
      <summary>${topic ?? say.noTopic}
        ${fresh.length === 0 ? nothing : html`<span class="tag">${say.fresh(fresh.length)}</span>`}
        <span class="row-detail">${this.#when(messages.at(-1)?.sent)}</span>
      </summary>
      <ul class="said" role="list">${messages.map((one) => this.#message(one))}</ul>
      ${isEnded ? html`<p class="muted">${say.ended}</p>` : html`${this.#form(id, say.answer)}${this.#endButton(exchange)}`}
    </details>`;
  }

  #message(message: Communication): TemplateResult {
    const say = messagesStrings(this.language);
    const isMine = isFromProfessional(message);
    const payload = message.payload ?? [];
    const files = payload.flatMap(({ contentAttachment }) => contentAttachment ?? []);
    const read = message.received === undefined ? say.unread : say.read(this.#when(message.received));
    return html`<li class=${isMine ? "mine" : ""}>
      <p class="row-detail">${isMine ? say.you : (message.sender?.display ?? say.patient)} · ${this.#when(message.sent)}${isMine ? ` · ${read}` : nothing}</p>
      ${payload.map(({ contentString }) => (contentString ? html`<p class="text">${contentString}</p>` : nothing))}
      ${files.map(({ title }, index) => {
        const name = title ?? say.file;
        return html`<p><button class="button" type="button" data-file @click=${() => void this.#download(message, index, name)}>${icon("download")}${name}</button></p>`;
      })}
    </li>`;
  }

  #endButton(exchange: Exchange): TemplateResult {
    const say = messagesStrings(this.language);
    const ask = (id: string | undefined) => {
      this.#ending = id;
      this.requestUpdate();
    };
    if (this.#ending !== exchange.id)
      return html`<p><button class="button quiet" type="button" data-end @click=${() => ask(exchange.id)}>${say.end}</button></p>`;
    return html`<div class="ask" role="group" aria-label=${say.end}>
      <p>${say.endThen}</p>
      <div class="acts">
        <button class="button primary" type="button" data-confirm @click=${() => void this.#end(exchange)}>${say.confirm}</button>
        <button class="button" type="button" @click=${() => ask(undefined)}>${say.cancel}</button>
      </div>
    </div>`;
  }

  #when(iso: string | undefined): string {
    return iso === undefined ? sharedStrings(this.language).notRecorded : formatMoment(new Date(iso), this.language);
  }
}
