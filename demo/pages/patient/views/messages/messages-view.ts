import type { MessageInput, RecordHandle } from "@carnet/sdk";
import { type Communication, numberForm } from "@carnet/sdk/fhir";
import { css, html, nothing, type TemplateResult } from "lit";
import { writtenDate, writtenTime } from "../../dates.ts";
import { type DialogContent, type Keep, showDialog } from "../../parts/dialog.ts";
import { saveFile } from "../../parts/save-file.ts";
import { base } from "../../styles.ts";
import { AnswerView, problemOf } from "../../view.ts";
import { accepted } from "../documents/own-document.ts";
import { draftOf, keepDraft } from "./drafts.ts";
import { type Exchange, exchangesOf, isFromProfessional, pharmacistsOf } from "./exchanges.ts";
import { readFiles } from "./files.ts";
import { type MessageWords, messageWords } from "./words.ts";

/** "Messages": exchanges with professionals; one at a time is read and answered. R166. */
export class MessagesView extends AnswerView<readonly Communication[]> {
  static override styles = [
    base,
    css`
      .rows { margin-top: 1.4rem; }
      .new { margin-top: 1.2rem; }
      .said { display: grid; gap: 0.9rem; margin: 1.2rem 0 1.8rem; }
      .said li { max-width: 40rem; width: fit-content; min-width: min(100%, 14rem); padding: 0.8rem 1.1rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
      .said .mine { justify-self: end; background: var(--tint); border-color: transparent; }
      .body { white-space: pre-line; overflow-wrap: anywhere; margin: 0.2rem 0; }
      .answer { max-width: 44rem; }
      .answer .actions { margin-top: 1rem; }
      .urgent { margin-top: 0.8rem; color: var(--warm); font-weight: 600; }
    `,
  ];

  #openedId: string | undefined;
  #insOfOpened: string | undefined;
  /** Of whose record an answer is on its way. */
  #sending: AbortSignal | undefined;
  /** After an answer that got lost, the message is sent again under its number. */
  #numberOf = numberForm();

  protected override load(record: RecordHandle): void {
    // The same person in the other language goes on where they were.
    if (record.ins.value !== this.#insOfOpened) this.#openedId = undefined;
    this.#insOfOpened = record.ins.value;
    super.load(record);
  }

  protected override read(record: RecordHandle, signal: AbortSignal): Promise<readonly Communication[]> {
    return record.messages({ signal });
  }

  get #words(): MessageWords {
    return messageWords[this.locale];
  }

  override render(): TemplateResult {
    const words = this.#words;
    return html`<h1 tabindex="-1">${words.title(this.of)}</h1><p class="intro">${words.intro}</p><p class="urgent">${words.urgent}</p>
      ${this.shown((all) => this.#content(exchangesOf(all)))}
      ${this.outcomeBlock()}`;
  }

  #content(exchanges: readonly Exchange[]): TemplateResult {
    const words = this.#words;
    const opened = exchanges.find(({ id }) => id === this.#openedId);
    if (opened) return this.#exchange(opened);
    return html`${exchanges.length === 0 ? html`<p class="message quiet">${words.empty}</p>` : html`<ul class="card rows">${exchanges.map((one) => this.#row(one))}</ul>`}
      <p class="new no-print"><button class="button" data-action="pharmacy" @click=${this.#writeToPharmacy}>${words.pharmacy}</button></p>`;
  }

  #row(exchange: Exchange): TemplateResult {
    const words = this.#words;
    const { unread, isEnded, newest, topic } = exchange;
    return html`<li>
      <div>
        <p><span class="who">${exchange.with}</span>
          ${unread.length > 0 ? html`<span class="tag tag--warm">${words.unread(unread.length)}</span>` : nothing}
          ${isEnded ? html`<span class="tag">${words.ended}</span>` : nothing}</p>
        <p>${topic ?? words.noTopic}</p>
        <p class="meta">${this.#when(newest)}</p>
      </div>
      <button class="button" data-action="open" @click=${() => this.#open(exchange)}>${words.open}<span class="visually-hidden"> : ${exchange.with}, ${topic ?? words.noTopic}</span></button>
    </li>`;
  }

  #when(iso: string | undefined): string {
    return iso ? `${writtenDate(iso, this.locale)}, ${writtenTime(iso, this.locale)}` : "";
  }

  #exchange(exchange: Exchange): TemplateResult {
    const words = this.#words;
    return html`
      <p class="new no-print"><button class="button button--plain" data-action="back" @click=${this.#close}>← ${words.back}</button></p>
      <h2 tabindex="-1" id="exchange">${exchange.topic ?? words.noTopic} · ${exchange.with}</h2>
      <ol class="said">${exchange.messages.map((one) => this.#message(one))}</ol>
      ${exchange.isEnded ? html`<p class="card">${words.endedText}</p>` : this.#answerForm(exchange)}`;
  }

  #message(message: Communication): TemplateResult {
    const words = this.#words;
    const isMine = !isFromProfessional(message);
    const files = (message.payload ?? []).flatMap(({ contentAttachment }) => contentAttachment ?? []);
    const state = isMine
      ? message.received
        ? words.read(writtenDate(message.received, this.locale))
        : words.notRead
      : "";
    return html`<li class=${isMine ? "mine" : ""}>
      <p class="who">${isMine && message.sender?.type !== "RelatedPerson" ? words.you : message.sender?.display}</p>
      ${(message.payload ?? []).map(({ contentString }) => (contentString ? html`<p class="body">${contentString}</p>` : nothing))}
      ${files.map(({ title }, index) => html`<p><button class="button" data-action="file" @click=${() => this.#download(message, index, title)}>${words.download}<span>${title ?? words.file}</span></button></p>`)}
      <p class="meta">${this.#when(message.sent)}${state ? html` · ${state}` : nothing}</p>
    </li>`;
  }

  #answerForm(exchange: Exchange): TemplateResult {
    const words = this.#words;
    return html`<form class="card answer no-print" novalidate @submit=${(event: Event) => this.#answer(event, exchange)}>
      <label class="field"><span>${words.answer}</span><textarea name="text" maxlength="10000" .value=${draftOf(exchange.id)} @input=${(event: Event) => keepDraft(exchange.id, (event.currentTarget as HTMLTextAreaElement).value)}></textarea></label>
      <label class="field"><span>${words.files}</span><small>${words.filesHelp}</small><input type="file" name="files" multiple accept=${accepted} /></label>
      <p class="wrong" role="alert"></p>
      <p class="actions"><button class="button button--main" data-action="send">${words.send}</button></p>
    </form>`;
  }

  async #answer(event: Event, { root }: Exchange): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const { signal } = this;
    // Pressed again on a slow line: the message goes once.
    if (this.#sending === signal) return;
    this.#sending = signal;
    try {
      await this.#send(form, root, signal);
    } finally {
      if (this.#sending === signal) this.#sending = undefined;
    }
  }

  async #send(form: HTMLFormElement, root: Communication, signal: AbortSignal): Promise<void> {
    const input = await this.#messageOf(form);
    // While the files were read, another person may have been chosen.
    if (!input || signal.aborted) return;
    const message = { ...input, inResponseTo: root.id ?? "" };
    const number = this.#numberOf(message);
    const isSent = await this.change({
      run: (record, signal) => record.sendMessage({ ...message, number }, { signal }),
      done: this.#words.sent,
    });
    // What was written stays until the record has it.
    if (!isSent) return;
    this.#numberOf = numberForm();
    keepDraft(root.id ?? "", "");
    form.reset();
  }

  /** What a form says; `undefined`, said beside it, when something is missing. */
  async #messageOf(form: HTMLFormElement): Promise<Pick<MessageInput, "text" | "attachments"> | undefined> {
    const words = this.#words;
    const data = new FormData(form);
    const text = String(data.get("text") ?? "").trim();
    const attachments = text ? await readFiles(data, words) : words.missing;
    const wrong = form.querySelector(".wrong");
    const isWrong = typeof attachments === "string";
    if (wrong) wrong.textContent = isWrong ? attachments : "";
    if (!isWrong) return { text, attachments };
    form.querySelector<HTMLElement>(text ? "[name=files]" : "textarea")?.focus();
    return undefined;
  }

  async #open({ id, unread }: Exchange): Promise<void> {
    const { record, signal } = this;
    this.#openedId = id;
    this.tell(undefined);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#exchange")?.focus();
    if (!record || unread.length === 0) return;
    try {
      for (const message of unread) await record.markMessageRead(message, { signal });
      await this.refresh(record);
    } catch (error) {
      // Read all the same: the sender is told at the next opening.
      if (!signal.aborted && problemOf(error) === "expired")
        this.tell({ text: this.say.unchanged.expired, isFailure: true });
    }
  }

  readonly #close = async () => {
    this.#openedId = undefined;
    this.tell(undefined);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  };

  #download(message: Communication, index: number, title: string | undefined): Promise<boolean> {
    const words = this.#words;
    return this.change({
      run: async (record, signal) => {
        const { bytes, contentType } = await record.readAttachment(message, index, { signal });
        saveFile(bytes, contentType, title ?? words.file);
      },
      done: words.downloaded,
    });
  }

  readonly #writeToPharmacy = async () => {
    const { record, signal } = this;
    if (!record) return;
    const words = this.#words;
    try {
      const pharmacists = pharmacistsOf(await record.accessLog({ signal }));
      if (signal.aborted) return;
      if (pharmacists.length === 0) return this.tell({ text: words.pharmacyNone, isFailure: false });
      const numberOf = numberForm();
      await this.changeByForm<MessageInput>(
        (keep) => this.#askFirst(pharmacists, keep),
        (input) => {
          const message = { ...input, number: numberOf(input) };
          return { run: (record, signal) => record.sendMessage(message, { signal }), done: words.sent };
        },
      );
    } catch (error) {
      if (!signal.aborted) this.tell({ text: this.say.unchanged[problemOf(error)], isFailure: true });
    }
  };

  #askFirst(pharmacists: ReturnType<typeof pharmacistsOf>, keep: Keep<MessageInput>): Promise<unknown> {
    const words = this.#words;
    const content: DialogContent<MessageInput | undefined> = (finish) => {
      const submit = async (event: Event) => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        const data = new FormData(form);
        const topic = String(data.get("topic") ?? "").trim();
        const message = await this.#messageOf(form);
        if (message) finish({ ...message, to: String(data.get("to")), ...(topic && { topic }) });
      };
      return html`<form novalidate @submit=${submit}>
        <h2>${words.pharmacyTitle}</h2><p>${words.pharmacyText}</p>
        <label class="field"><span>${words.to}</span><select name="to">${pharmacists.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}</select></label>
        <label class="field"><span>${words.topic}</span><input type="text" name="topic" maxlength="200" autocomplete="off" /></label>
        <label class="field"><span>${words.text}</span><textarea name="text" maxlength="10000"></textarea></label>
        <label class="field"><span>${words.files}</span><small>${words.filesHelp}</small><input type="file" name="files" multiple accept=${accepted} /></label>
        <p class="wrong" role="alert"></p>
        <p class="actions">
          <button type="button" class="button" data-action="cancel" @click=${() => finish(undefined)}>${this.say.cancel}</button>
          <button class="button button--main" data-action="confirm">${words.send}</button>
        </p>
      </form>`;
    };
    return showDialog(this.renderRoot, words.pharmacyTitle, content, keep);
  }
}
