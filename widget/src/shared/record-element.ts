import { type AccessToken, type CarnetClient, connect, type RecordHandle } from "@carnet/sdk";
import { LitElement, type PropertyValues } from "lit";
import { type Language, languageOf, speakers } from "./languages.ts";
import { missingWords } from "./load-words.ts";
import type { Locale } from "./locale.ts";
import type { Problem } from "./problem.ts";

/** An INS as an attribute: 15 characters, or `system|value` when the system is not the usual one. */
export function parseInsAttribute(value: string): string | { system: string; value: string } {
  const bar = value.lastIndexOf("|");
  return bar < 0 ? value.trim() : { system: value.slice(0, bar).trim(), value: value.slice(bar + 1).trim() };
}

/**
 * What the four elements share: the connection to one person's record, the language, the theme, and the law that a
 * change of patient cancels everything that was under way for the former one.
 */
export abstract class RecordElement extends LitElement {
  static override properties = {
    baseUrl: { attribute: "base-url" },
    ins: {},
    locale: {},
    words: {},
    theme: { reflect: true },
    density: { reflect: true },
    accessToken: { attribute: false },
    client: { attribute: false },
    record: { attribute: false },
  };

  /** Address of the record service, `https://…/fhir`. */
  declare baseUrl: string | undefined;
  /** INS of the person: 15 characters, or `system|value`. */
  declare ins: string | undefined;
  /** `fr` (default), `en`, or the language of `words`. */
  declare locale: string | undefined;
  /** Address of a language file: the words of a `locale` that is neither French nor English. */
  declare words: string | undefined;
  /** `light`, `dark` or `auto` (default: as the reader's system). */
  declare theme: "light" | "dark" | "auto" | undefined;
  /** `comfortable` (default) or `compact`. */
  declare density: "comfortable" | "compact" | undefined;
  /** Returns the access token of the caller; called for each request, never stored. */
  declare accessToken: AccessToken | undefined;
  /** A client made by the host with `connect()`; replaces `base-url` and `accessToken`. */
  declare client: CarnetClient | undefined;
  /** A record already opened; replaces `client` and `ins`. */
  declare record: RecordHandle | undefined;

  #controller = new AbortController();
  #handle: RecordHandle | undefined;
  #former: readonly unknown[] = [];

  /** Tag of the language in which the element speaks. */
  protected get language(): Locale {
    return this.#spoken.tag;
  }

  protected get direction(): Language["direction"] {
    return this.#spoken.direction;
  }

  get #spoken(): Language {
    return languageOf(this.locale);
  }

  /** A change of one of them is a change of patient or of caller; of the token, that it comes or goes with its reader. */
  protected get given(): readonly unknown[] {
    return [this.baseUrl, this.ins, this.client, this.record, this.accessToken && true];
  }

  /** Aborted as soon as the patient, the caller or the element goes away. */
  protected get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * The handle of the current record, or the problem that keeps us from one.
   * The token function is read at each call, so that a host may set or renew it at any time.
   */
  protected openRecord(): RecordHandle | Problem {
    if (this.record !== undefined) return this.record;
    if (this.#handle !== undefined) return this.#handle;
    const client = this.client ?? this.#connect();
    if (client === undefined || this.ins === undefined || this.ins.trim() === "") return { code: "not-configured" };
    try {
      this.#handle = client.record(parseInsAttribute(this.ins));
      return this.#handle;
    } catch {
      return { code: "ins-invalid" };
    }
  }

  /**
   * A client of the service that the host named. Pages without types give a token for its function, or an address that was
   * never filled in: those are settings, not a network to wait for.
   */
  #connect(): CarnetClient | undefined {
    if (this.baseUrl === undefined || typeof this.accessToken !== "function") return undefined;
    try {
      return connect({
        baseUrl: new URL(this.baseUrl, document.baseURI).href,
        accessToken: async (hint) => (await this.accessToken?.(hint)) ?? "",
        locale: this.#spoken.service,
      });
    } catch {
      return undefined;
    }
  }

  /**
   * A reader of another language waits for its words rather than see French first; unreachable, they give way to French.
   * Nobody waits under the name of the former patient.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: Lit's own signature.
  protected override scheduleUpdate(): void | Promise<unknown> {
    const update = () => super.scheduleUpdate();
    if (this.hasUpdated && this.#isOfAnother()) return update();
    // Once there, asked again: the language may have been changed meanwhile.
    return missingWords(this, this.locale, this.words)?.then(() => this.scheduleUpdate(), update) ?? update();
  }

  // Declared with what changed: those who override it are told.
  override willUpdate(_changed: PropertyValues<this>): void {
    if (this.#isOfAnother()) this.startOver();
    this.#former = this.given;
  }

  #isOfAnother(): boolean {
    return this.given.some((value, at) => value !== this.#former[at]);
  }

  /** Cancels what is under way and begins again for the current patient. */
  protected startOver(): void {
    this.cancel();
    this.#handle = undefined;
    this.forget();
    this.begin();
  }

  protected cancel(): void {
    this.#controller.abort();
    this.#controller = new AbortController();
  }

  /** Clears everything known of the former patient; called before the next paint. */
  protected abstract forget(): void;
  /** Starts loading for the current patient, if there is one. */
  protected abstract begin(): void;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    speakers.delete(this);
    // Moved within the page, it is back at once, with what is typed in it and what is under way.
    void Promise.resolve().then(() => this.isConnected || this.leave());
  }

  /** The element is out of the page: nobody waits for its answers. */
  protected leave(): void {
    this.#controller.abort();
  }

  override connectedCallback(): void {
    const isBack = this.hasUpdated && this.#controller.signal.aborted;
    super.connectedCallback();
    speakers.add(this);
    if (isBack) {
      this.startOver();
      this.requestUpdate();
    }
  }

  protected emit<T>(name: string, detail: T, options: { readonly cancelable?: boolean } = {}): boolean {
    return this.dispatchEvent(
      new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: options.cancelable ?? false }),
    );
  }
}

/** True for a problem, false for a handle. */
export function isProblem(value: RecordHandle | Problem): value is Problem {
  return "code" in value && !("ins" in value);
}
