import type { RecordHandle } from "@carnet/sdk";
import type { Consent } from "@carnet/sdk/fhir";
import { css, html, nothing, type TemplateResult } from "lit";
import { type Authorisation, authorisationsOf } from "../authorisations.ts";
import { writtenDate } from "../dates.ts";
import { base } from "../styles.ts";
import { type Answer, RecordView } from "../view.ts";

/**
 * "Qui peut regarder": the professionals whom the person authorised or blocked.
 *
 */
export class PeopleView extends RecordView {
  static override properties = { ...RecordView.properties, withdraw: { attribute: false } };
  static override styles = [
    base,
    css`
      h2 { margin: 1.8rem 0 0.6rem; }
      .card { padding: 0.2rem 1.4rem; }
      li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1.2rem; padding: 1rem 0; border-top: 1px solid var(--line); }
      li:first-child { border-top: 0; }
      .who { font-weight: 600; }
      .meta { color: var(--quiet); font-size: 0.94rem; }
      .notice { margin-top: 1.2rem; padding: 0.7rem 1.2rem; border: 1px solid var(--accent); border-radius: var(--radius); background: var(--tint); }
      .notice:empty { display: none; }
      .notice--failed { border-color: var(--danger); background: var(--danger-tint); }
      dialog { max-width: 30rem; padding: 1.6rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: inherit; }
      dialog::backdrop { background: rgb(10 20 22 / 55%); }
      dialog h2 { margin: 0 0 0.6rem; }
      .actions { display: flex; flex-wrap: wrap; gap: 0.5rem; justify-content: flex-end; margin-top: 1.4rem; }
    `,
  ];

  /** Withdraws one authorisation on the service. */
  declare withdraw: ((id: string, signal: AbortSignal) => Promise<void>) | undefined;

  #consents: Answer<readonly Consent[]> = { state: "loading" };
  #asked: Authorisation | undefined;
  #outcome: "removed" | "failed" | undefined;

  protected override load(record: RecordHandle): void {
    this.#outcome = undefined;
    void this.#read(record);
  }

  #read(record: RecordHandle): Promise<void> {
    return this.ask(
      (signal) => record.consents({ signal }),
      (answer) => {
        this.#consents = answer;
      },
    );
  }

  override render(): TemplateResult {
    const { people } = this.say;
    return html`<h1 tabindex="-1">${people.title(this.of)}</h1><p class="intro">${people.intro}</p>${this.#content()}${this.#dialog()}`;
  }

  #content(): TemplateResult {
    const { people } = this.say;
    if (this.#consents.state === "loading") return html`<p>&nbsp;</p>${this.loadingBlock()}`;
    if (this.#consents.state === "failed") return this.failureBlock(this.#consents.problem);
    const all = authorisationsOf(this.#consents.value);
    const allowed = all.filter(({ kind }) => kind === "allowed");
    const blocked = all.filter(({ kind }) => kind === "blocked");
    return html`
      <h2>${people.allowed}</h2>
      ${allowed.length === 0 ? html`<p class="quiet">${people.none}</p>` : html`<ul class="card">${allowed.map((one) => this.#row(one))}</ul>`}
      ${blocked.length === 0 ? nothing : html`<h2>${people.blocked}</h2><p class="intro">${people.blockedText}</p><p>&nbsp;</p><ul class="card">${blocked.map((one) => this.#row(one))}</ul>`}
      <div class=${`notice${this.#outcome === "failed" ? " notice--failed" : ""}`} role=${this.#outcome === "failed" ? "alert" : "status"}>${this.#outcome ? people[this.#outcome] : nothing}</div>`;
  }

  #row(one: Authorisation): TemplateResult {
    const { people } = this.say;
    return html`<li>
      <div>
        <p><span class="who">${one.name}</span> ${one.isReferring ? html`<span class="tag">${people.referring}</span>` : nothing}</p>
        <p class="meta">${one.since ? people.since(writtenDate(one.since, this.locale)) : nothing}${one.until ? html`, ${people.until(writtenDate(one.until, this.locale))}` : nothing}</p>
      </div>
      ${one.kind === "allowed" && this.withdraw ? html`<button class="button button--danger no-print" @click=${() => this.#ask(one)}>${people.remove}<span class="visually-hidden"> : ${one.name}</span></button>` : nothing}
    </li>`;
  }

  #dialog(): TemplateResult {
    const { people, cancel } = this.say;
    return html`<dialog aria-labelledby="remove-title">
      <h2 id="remove-title">${people.removeTitle(this.#asked?.name ?? "")}</h2>
      <p>${people.removeText}</p>
      <p class="actions">
        <button class="button" autofocus @click=${() => this.#dialogElement()?.close()}>${cancel}</button>
        <button class="button button--danger" data-action="confirm" @click=${this.#confirm}>${people.remove}</button>
      </p>
    </dialog>`;
  }

  #dialogElement = () => this.renderRoot.querySelector("dialog");

  async #ask(one: Authorisation): Promise<void> {
    this.#asked = one;
    this.#outcome = undefined;
    this.requestUpdate();
    await this.updateComplete;
    this.#dialogElement()?.showModal();
  }

  readonly #confirm = async () => {
    const { record, signal, withdraw } = this;
    const asked = this.#asked;
    this.#dialogElement()?.close();
    if (!record || !asked || !withdraw) return;
    try {
      for (const id of asked.ids) await withdraw(id, signal);
      if (signal.aborted) return;
      await this.#read(record);
      this.#outcome = "removed";
    } catch {
      if (signal.aborted) return;
      this.#outcome = "failed";
    }
    this.requestUpdate();
  };
}
