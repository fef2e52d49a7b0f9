/** What the views share: the record of one person, the language, and the states of an answer that is being waited for. */
import type { CarnetClient, RecordHandle } from "@carnet/sdk";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { ask, type Keep, type Question } from "./parts/dialog.ts";
import type { PersonOfRecord } from "./persons.ts";
import { type Locale, type Strings, strings } from "./strings.ts";

/** Something asked of the service. */
export type Answer<T> =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly value: T }
  | { readonly state: "failed"; readonly problem: Problem };

export type Problem = "offline" | "unanswered" | "forbidden" | "expired" | "other";

/** Which of the five failures that a patient can do something about an error is. */
export function problemOf(error: unknown): Problem {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  if (!navigator.onLine) return "offline";
  if (code === "offline" || code === "timeout" || code === "issuer-unreachable") return "unanswered";
  if (code === "access-refused" || code === "consent-required" || code === "forbidden") return "forbidden";
  if (code === "unauthorised" || code.startsWith("sign-in")) return "expired";
  return "other";
}

/** What came of a change that the person asked for. */
export interface Outcome {
  readonly text: string;
  readonly isFailure: boolean;
  /** Makes it as it was before. */
  readonly undo?: () => void;
}

/** A change of the record, and what to say when it is done. */
export interface Change {
  readonly run: (record: RecordHandle, signal: AbortSignal) => Promise<unknown>;
  readonly done: string;
  /** What a refusal means here, where it is more than "you may not". */
  readonly isRefusedBecause?: string;
  /** The change that takes this one back, where there is one. */
  readonly undo?: Omit<Change, "undo">;
}

/** A double click is one act: its second half would fall on what the first one brought, or do the same again. */
function onceOfDouble(event: MouseEvent): void {
  const isAct = event.composedPath().some((one) => one instanceof HTMLElement && one.dataset.action !== undefined);
  if (event.detail < 2 || !isAct) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** @event session-over - The service knows the person no more; composed. */
export abstract class RecordView extends LitElement {
  static override properties = {
    client: { attribute: false },
    record: { attribute: false },
    locale: {},
    of: {},
    person: { attribute: false },
  };

  declare client: CarnetClient | undefined;
  declare record: RecordHandle | undefined;
  declare locale: Locale;
  /** Name of the person, when the record is not that of who reads it. */
  declare of: string | undefined;
  /** Whose record it is, in which state, and what the reader is to them. */
  declare person: PersonOfRecord | undefined;

  #controller = new AbortController();
  /** Aborted when the person changes: another language asks for everything anew, and breaks off no change. */
  #changing = new AbortController();
  #outcome: Outcome | undefined;
  /** Changes are made one after the other: one that is asked for meanwhile waits. */
  #last: Promise<unknown> = Promise.resolve();
  /** What the person was at before they answered what is said of an act. */
  #place: HTMLElement | undefined;

  constructor() {
    super();
    this.locale = "fr";
    this.addEventListener("click", onceOfDouble, { capture: true });
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    root.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLElement && !target.closest(".notice, dialog")) this.#place = target;
    });
    return root;
  }

  /** A row that goes, or an answer that was given, takes its button along: who has no mouse would begin at the top of the page. */
  protected override update(changed: PropertyValues<this>): void {
    const root = this.shadowRoot;
    const held = root?.activeElement;
    const rows = held?.matches("[data-more]") ? new Set(root?.querySelectorAll("li")) : undefined;
    super.update(changed);
    if (rows && this.#goOnAfter(rows)) return;
    if (!held || held.isConnected || root.activeElement) return;
    const place = this.#place?.isConnected ? this.#place : root.querySelector<HTMLElement>("h1, h2");
    if (place?.matches("h1, h2")) place.tabIndex = -1;
    place?.focus({ preventScroll: true });
  }

  /**
   * Who asked for the rest of a list reads on at its first row; the button stands behind the last one, or is gone.
   * @returns whether there is such a row
   */
  #goOnAfter(rows: ReadonlySet<HTMLElement>): boolean {
    const added = [...this.renderRoot.querySelectorAll("li")].find((row) => !rows.has(row));
    if (!added) return false;
    const button = added.querySelector("button");
    if (!button) added.tabIndex = -1;
    (button ?? added).focus({ preventScroll: true });
    return true;
  }

  protected get say(): Strings {
    return strings[this.locale];
  }

  /** Aborted when the person changes or the view goes. */
  protected get signal(): AbortSignal {
    return this.#controller.signal;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("record")) return;
    this.#controller.abort();
    this.#controller = new AbortController();
    this.#outcome = undefined;
    const isSame = changed.get("record")?.ins.value === this.record?.ins.value;
    if (!isSame || this.#changing.signal.aborted) {
      this.#changing.abort();
      this.#changing = new AbortController();
      this.#last = Promise.resolve();
    }
    // What is being asked is about the former person: answered now, it would be done to the next.
    for (const dialog of this.renderRoot.querySelectorAll("dialog")) dialog.close();
    if (this.record) this.load(this.record, this.#controller.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#controller.abort();
    this.#changing.abort();
  }

  /** Starts over for the current person: what was shown of another one goes before the next frame. */
  protected abstract load(record: RecordHandle, signal: AbortSignal): void;

  /**
   * Asks, and hands each state of the answer to `show`; an answer for a former person is dropped.
   * `isQuiet`: what is shown stays until the new answer is there.
   */
  protected async ask<T>(
    question: (signal: AbortSignal) => Promise<T>,
    show: (answer: Answer<T>) => void,
    { isQuiet = false }: { readonly isQuiet?: boolean } = {},
  ): Promise<void> {
    const { signal } = this;
    if (!isQuiet) show({ state: "loading" });
    this.requestUpdate();
    try {
      const value = await question(signal);
      if (signal.aborted) return;
      show({ state: "ready", value });
    } catch (error) {
      if (signal.aborted) return;
      show({ state: "failed", problem: this.#problemOf(error) });
    }
    this.requestUpdate();
  }

  /** What an error is; the page asks the person to sign in again when it is that the session is over. */
  #problemOf(error: unknown): Problem {
    const problem = problemOf(error);
    if (problem === "expired") this.dispatchEvent(new CustomEvent("session-over", { bubbles: true, composed: true }));
    return problem;
  }

  /** Asks before an act, with its consequence. */
  protected confirm(question: Omit<Question, "cancel">): Promise<boolean> {
    return ask(this.renderRoot, { cancel: this.say.cancel, ...question });
  }

  /**
   * Makes one change after the other and says what came of it; then everything is read again, so that what is shown is
   * what the service holds.
   * @returns whether it was made
   */
  protected async change(change: Change): Promise<boolean> {
    const outcome = await this.#make(change);
    // Another person is shown by now: nothing of it is theirs.
    if (outcome) this.tell(outcome);
    return outcome?.isFailure === false;
  }

  /**
   * The same for what was written in a form: the form stays, with its content, until the record has it.
   * @param ask shows the form, and hands what it says to the given function
   * @returns whether it was made
   */
  protected async changeByForm<T>(
    ask: (keep: Keep<T>) => Promise<unknown>,
    changeOf: (answer: T) => Change,
  ): Promise<boolean> {
    const { signal } = this;
    let making: Promise<Outcome | undefined> | undefined;
    await ask(async (answer) => {
      // While the form was being read, another person may have been chosen.
      if (signal.aborted) return undefined;
      making = this.#make(changeOf(answer));
      const outcome = await making;
      return outcome?.isFailure ? outcome.text : undefined;
    });
    // Said once the dialog is gone: what lies behind one is not read out.
    const outcome = await making;
    if (outcome) this.tell(outcome);
    return outcome?.isFailure === false;
  }

  /** @returns what came of it; `undefined` when another person was chosen meanwhile */
  #make(change: Change): Promise<Outcome | undefined> {
    const { record } = this;
    const { signal } = this.#changing;
    const made = this.#last.then(async () => (record ? this.#run(change, record, signal) : undefined));
    this.#last = made;
    return made;
  }

  async #run(change: Change, record: RecordHandle, signal: AbortSignal): Promise<Outcome | undefined> {
    if (signal.aborted) return undefined;
    const { run, done, undo, isRefusedBecause } = change;
    this.tell(undefined);
    try {
      await run(record, signal);
      if (signal.aborted) return undefined;
      await this.refresh(this.record ?? record);
      if (signal.aborted) return undefined;
      return { text: done, isFailure: false, ...(undo && { undo: () => void this.change(undo) }) };
    } catch (error) {
      if (signal.aborted) return undefined;
      const problem = this.#problemOf(error);
      const isRefused = problem === "forbidden" || problem === "other";
      return { text: (isRefused && isRefusedBecause) || this.say.unchanged[problem], isFailure: true };
    }
  }

  /** Reads again after a change; what is shown stays until the answer is there. */
  protected async refresh(_record: RecordHandle): Promise<void> {}

  /** Says what came of an act; `undefined` says nothing. */
  protected tell(outcome: Outcome | undefined): void {
    this.#outcome = outcome;
    this.requestUpdate();
  }

  /** Where outcomes are said. It stands in the view at all times: a status that appears with its text is not read out. */
  protected outcomeBlock(): TemplateResult {
    const outcome = this.#outcome;
    const { undo, close } = this.say;
    return html`<div class=${`notice no-print${outcome?.isFailure ? " notice--failed" : ""}`} role=${outcome?.isFailure ? "alert" : "status"}>${
      outcome
        ? html`<span>${outcome.text}</span><span class="actions">
            ${outcome.undo ? html`<button class="button" data-action="undo" @click=${outcome.undo}>${undo}</button>` : nothing}
            <button class="button button--plain" data-action="dismiss" @click=${() => this.tell(undefined)}>${close}</button></span>`
        : nothing
    }</div>`;
  }

  protected reload = (): void => {
    if (this.record) this.load(this.record, this.signal);
  };

  /** One of the four states of an answer: being asked, refused or failed, empty, there. */
  protected answered<T>(answer: Answer<T>, ready: (value: T) => TemplateResult): TemplateResult {
    switch (answer.state) {
      case "loading":
        return this.loadingBlock();
      case "failed":
        return this.failureBlock(answer.problem);
      case "ready":
        return ready(answer.value);
    }
  }

  protected loadingBlock(): TemplateResult {
    return html`<div class="skeleton"><p class="visually-hidden" role="status">${this.say.loading}</p><span></span><span></span><span></span></div>`;
  }

  protected failureBlock(problem: Problem): TemplateResult {
    const [title, text] = this.say.failed[problem];
    return html`<div class="message card" role="alert" data-problem=${problem}>
      <h2>${title}</h2><p>${text}</p>
      <button class="button" @click=${this.reload}>${this.say.retry}</button>
    </div>`;
  }
}

/** A view of one answer: read when the person comes, and again in silence after each change. */
export abstract class AnswerView<T> extends RecordView {
  #answer: Answer<T> = { state: "loading" };

  /** What the view shows. */
  protected abstract read(record: RecordHandle, signal: AbortSignal): Promise<T>;

  protected override load(record: RecordHandle): void {
    void this.#ask(record);
  }

  protected override refresh(record: RecordHandle): Promise<void> {
    return this.#ask(record, true);
  }

  /** The answer in its state. */
  protected shown(ready: (value: T) => TemplateResult): TemplateResult {
    return this.answered(this.#answer, ready);
  }

  #ask(record: RecordHandle, isQuiet = false): Promise<void> {
    return this.ask(
      (signal) => this.read(record, signal),
      (answer) => {
        this.#answer = answer;
      },
      { isQuiet },
    );
  }
}
