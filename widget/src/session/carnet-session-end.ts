import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { formatClock } from "../shared/format-date.ts";
import { icon } from "../shared/icons.ts";
import { languageOf, speakers } from "../shared/languages.ts";
import { base, tokens } from "../shared/tokens.ts";
import { sessionStrings } from "./strings.ts";
import { uncover } from "./uncover.ts";
import { WrittenFields } from "./written-fields.ts";

/** An instant: a date, milliseconds since 1970, or ISO 8601. */
export type SessionEnd = Date | number | string;

/** @returns the new end; nothing when the host sets `sessionEnd` itself */
export type RenewSession = () => Promise<SessionEnd | undefined> | SessionEnd | undefined;

/** Detail of `carnet-session-ending`. Nothing of what is written. */
export interface SessionEndingDetail {
  /** ISO 8601. */
  readonly endsAt: string;
  readonly isOver: boolean;
}

/** How long before the end it is said: enough to finish a sentence and send it (WCAG 2.2.1 asks for 20 seconds). */
const warnBeforeMs = 5 * 60_000;
const lookEveryMs = 1000;
/** The longest wait that a timer takes; longer ones are taken up again. */
const longestTimerMs = 2_000_000_000;

/**
 * Warns whoever is writing in the panel (a message, a reason, a deposit) before their session ends, and keeps saying it
 * after. Who writes nothing is told nothing: a host that signs people out has words of its own for that.
 *
 * @event carnet-session-ending - Said for the first time, or over; cancelable, for a host that warns by itself.
 */
export class CarnetSessionEnd extends LitElement {
  static override properties = {
    sessionEnd: { attribute: false },
    renewSession: { attribute: false },
    locale: {},
    theme: { reflect: true },
  };
  static override styles = [
    tokens,
    base,
    css`
      :host {
        position: sticky;
        inset-block-end: 0;
        z-index: 2;
        background: none;
      }
      .ending {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5em 1em;
        padding: calc(var(--_space) * 0.7) var(--_space);
        border: 1px solid var(--_warning);
        border-inline-start-width: 5px;
        border-radius: var(--_radius);
        background: var(--_warning-soft);
        color: var(--_text);
      }
      .ending > div {
        flex: 1 1 16em;
      }
      /* In a side panel the field that is being written in needs the room more than the words about it. */
      @container (max-width: 460px) {
        .ending {
          gap: 0.3em 0.6em;
          padding: 0.4em 0.6em;
          font-size: 0.875em;
          line-height: 1.35;
        }
      }
      .wrong {
        color: var(--_danger);
        font-weight: 600;
      }
    `,
  ];

  declare sessionEnd: SessionEnd | undefined;
  declare renewSession: RenewSession | undefined;
  declare locale: string | undefined;
  declare theme: "light" | "dark" | "auto" | undefined;

  #timer: ReturnType<typeof setTimeout> | undefined;
  #written = new WrittenFields(() => this.#look());
  #state: "quiet" | "soon" | "over" = "quiet";
  #renewal: "idle" | "busy" | "failed" | "done" = "idle";
  /** What the host was last told, and left to us. */
  #told: "quiet" | "soon" | "over" = "quiet";
  #isLeftToHost = false;
  /** What was on screen at the last rendering. */
  #shown: "quiet" | "soon" | "over" = "quiet";
  #place: EventTarget | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    const root = this.getRootNode();
    // Inside the panel what is written anywhere in it counts; alone on a page, what is written in the page's panels.
    this.#place = root instanceof ShadowRoot ? root.host : root;
    this.#written.watch(this.#place);
    this.#place.addEventListener("keyup", this.#onKey);
    speakers.add(this);
    if (this.hasUpdated) this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    speakers.delete(this);
    this.#written.stop();
    this.#place?.removeEventListener("keyup", this.#onKey);
    this.#place = undefined;
    clearTimeout(this.#timer);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("sessionEnd")) {
      this.#told = "quiet";
      this.#look();
    }
  }

  /** Once as it appears, not at every second after: who scrolls away is not pulled back. */
  override updated(): void {
    const shown = this.#isLeftToHost ? "quiet" : this.#state;
    if (shown !== this.#shown && shown !== "quiet") uncover(this);
    this.#shown = shown;
  }

  /**
   * After the browser's own scroll. `focusin` does not leave the shadow root in which the focus moves; the key does. Under
   * a mouse nothing moves: what moves between press and release is not clicked.
   */
  readonly #onKey = (event: Event) => {
    if (this.#shown !== "quiet" && (event as KeyboardEvent).key === "Tab") uncover(this);
  };

  #endMs(): number {
    return this.sessionEnd === undefined ? Number.NaN : new Date(this.sessionEnd).getTime();
  }

  /** What is to be said now, and when to look again. */
  #look(): void {
    clearTimeout(this.#timer);
    const end = this.#endMs();
    const left = end - Date.now();
    // An end that is no instant is none: nothing can be said of it.
    if (Number.isNaN(left) || !this.isConnected) this.#state = "quiet";
    else {
      this.#state = left > warnBeforeMs || !this.#written.isThere() ? "quiet" : left > 0 ? "soon" : "over";
      this.#lookAgainIn(left);
    }
    this.#tell(end);
    this.requestUpdate();
  }

  /** While something is said, often: what was sent meanwhile is no more at stake. Else when there may be something to say. */
  #lookAgainIn(left: number): void {
    const wait = this.#state === "quiet" ? (left > warnBeforeMs ? left - warnBeforeMs : left) : lookEveryMs;
    if (wait > 0) this.#timer = setTimeout(() => this.#look(), Math.min(wait, longestTimerMs));
  }

  #tell(end: number): void {
    if (this.#state === "quiet" || this.#state === this.#told) return;
    this.#told = this.#state;
    if (this.#renewal === "done") this.#renewal = "idle";
    const detail: SessionEndingDetail = { endsAt: new Date(end).toISOString(), isOver: this.#state === "over" };
    const event = new CustomEvent("carnet-session-ending", { detail, bubbles: true, composed: true, cancelable: true });
    this.#isLeftToHost = !this.dispatchEvent(event);
  }

  readonly #renew = async () => {
    if (this.renewSession === undefined || this.#renewal === "busy") return;
    this.#renewal = "busy";
    this.requestUpdate();
    try {
      const end = await this.renewSession();
      this.#renewal = "done";
      if (end !== undefined) this.sessionEnd = end;
    } catch {
      // Refused, closed or offline: the host's own window said which; what is written stays.
      this.#renewal = "failed";
    }
    this.requestUpdate();
  };

  override render(): TemplateResult | typeof nothing {
    const { tag: locale, direction } = languageOf(this.locale);
    const say = sessionStrings(locale);
    if (this.#isLeftToHost) return nothing;
    if (this.#state === "quiet")
      return html`<div class="visually-hidden" role="status" lang=${locale} dir=${direction}>${this.#renewal === "done" ? say.renewed : ""}</div>`;
    const isOver = this.#state === "over";
    const end = new Date(this.#endMs());
    const pad = (value: number) => String(value).padStart(2, "0");
    const time = formatClock(`${pad(end.getHours())}:${pad(end.getMinutes())}`, locale) ?? "";
    return html`<div class="ending" role="alert" lang=${locale} dir=${direction} data-session=${this.#state}>
      <div>
        <p><strong>${icon("alert")} ${isOver ? say.over(time) : say.soon(time)}</strong></p>
        <p>${isOver ? say.overText : say.soonText}</p>
        ${this.#renewal === "failed" ? html`<p class="wrong">${say.failed}</p>` : nothing}
      </div>
      ${
        this.renewSession === undefined
          ? nothing
          : html`<button class="button" data-renew ?disabled=${this.#renewal === "busy"} @click=${this.#renew}>
              ${this.#renewal === "busy" ? say.busy : isOver ? say.again : say.renew}
            </button>`
      }
    </div>`;
  }
}
