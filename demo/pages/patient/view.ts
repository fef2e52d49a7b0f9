/** What the views share: the record of one person, the language, and the states of an answer that is being waited for. */
import type { CarnetClient, RecordHandle } from "@carnet/sdk";
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { type Locale, type Strings, strings } from "./strings.ts";

/** Something asked of the service. */
export type Answer<T> =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly value: T }
  | { readonly state: "failed"; readonly problem: Problem };

export type Problem = "offline" | "forbidden" | "expired" | "other";

/** Which of the four failures that a patient can do something about an error is. */
export function problemOf(error: unknown): Problem {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  if (!navigator.onLine || code === "offline" || code === "timeout") return "offline";
  if (code === "access-refused" || code === "consent-required" || code === "forbidden") return "forbidden";
  if (code === "unauthorised" || code.startsWith("sign-in")) return "expired";
  return "other";
}

export abstract class RecordView extends LitElement {
  static override properties = {
    client: { attribute: false },
    record: { attribute: false },
    locale: {},
    of: {},
  };

  declare client: CarnetClient | undefined;
  declare record: RecordHandle | undefined;
  declare locale: Locale;
  /** Name of the person, when the record is not that of who reads it. */
  declare of: string | undefined;

  #controller = new AbortController();

  constructor() {
    super();
    this.locale = "fr";
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
    if (this.record) this.load(this.record, this.#controller.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#controller.abort();
  }

  /** Starts over for the current person: what was shown of another one goes before the next frame. */
  protected abstract load(record: RecordHandle, signal: AbortSignal): void;

  /** Asks, and hands each state of the answer to `show`; an answer for a former person is dropped. */
  protected async ask<T>(
    question: (signal: AbortSignal) => Promise<T>,
    show: (answer: Answer<T>) => void,
  ): Promise<void> {
    const { signal } = this;
    show({ state: "loading" });
    this.requestUpdate();
    try {
      const value = await question(signal);
      if (signal.aborted) return;
      show({ state: "ready", value });
    } catch (error) {
      if (signal.aborted) return;
      show({ state: "failed", problem: problemOf(error) });
    }
    this.requestUpdate();
  }

  protected reload = (): void => {
    if (this.record) this.load(this.record, this.signal);
  };

  protected loadingBlock(): TemplateResult {
    return html`<div class="skeleton"><p class="visually-hidden" role="status">${this.say.loading}</p><span></span><span></span><span></span></div>`;
  }

  protected failureBlock(problem: Problem): TemplateResult {
    const [title, text] = this.say.failed[problem];
    return html`<div class="message card" role="alert" data-problem=${problem}>
      <h2>${title}</h2><p>${text}</p>
      <button class="button" @click=${problem === "expired" ? () => location.assign("/") : this.reload}>${problem === "expired" ? this.say.signIn : this.say.retry}</button>
    </div>`;
  }
}
