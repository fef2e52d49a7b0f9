import { type CarnetClient, connect, type DocumentEntry, type RecordHandle } from "@carnet/sdk";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { PageSession, type SignedIn } from "../shared/session.ts";
import { landing, landingStyles } from "./landing.ts";
import { fetchPersons, type PersonOfRecord } from "./persons.ts";
import { type Locale, type Strings, strings } from "./strings.ts";
import { base } from "./styles.ts";
import { type Problem, problemOf } from "./view.ts";

const tabs = ["health", "documents", "access", "people"] as const;
type Tab = (typeof tabs)[number];

/** Names in the address: they say nothing of a health. */
const addresses: Readonly<Record<Tab, string>> = {
  health: "#sante",
  documents: "#documents",
  access: "#acces",
  people: "#autorisations",
};

const tabOf = (hash: string): Tab => tabs.find((tab) => addresses[tab] === hash) ?? "health";

type Stage =
  | { readonly name: "starting" }
  | { readonly name: "out"; readonly isFailed: boolean }
  | {
      readonly name: "in";
      readonly signedIn: SignedIn;
      readonly client: CarnetClient;
      readonly persons: readonly PersonOfRecord[];
    }
  | { readonly name: "failed"; readonly problem: Problem };

/** "Mon carnet": sign-in, whose record, four views, one document at a time. */
export class MonCarnet extends LitElement {
  static override styles = [
    base,
    landingStyles,
    css`
      .skip { position: absolute; left: -999px; }
      .skip:focus { left: 0.5rem; top: 0.5rem; padding: 0.5rem 1rem; background: var(--surface); z-index: 3; }
      .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 1.2rem; max-width: 74rem; margin: 0 auto; padding: 0.9rem 1.25rem 0.4rem; }
      .brand { display: flex; align-items: center; gap: 0.6rem; font-weight: 700; font-size: 1.12rem; color: inherit; text-decoration: none; }
      .brand svg { width: 1.9rem; height: 1.9rem; }
      .bar > .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; margin-left: auto; }
      select { min-height: 42px; padding: 0.3rem 0.7rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); color: inherit; font: inherit; max-width: 100%; }
      .languages { display: flex; }
      .languages button { min-height: 38px; min-width: 38px; border: 0; border-radius: 8px; background: none; color: var(--quiet); font: inherit; cursor: pointer; }
      .languages [aria-pressed="true"] { color: var(--accent); font-weight: 700; text-decoration: underline; text-underline-offset: 5px; }
      .tabs { border-bottom: 1px solid var(--line); }
      .tabs ul { display: flex; flex-wrap: wrap; gap: 0 0.3rem; max-width: 74rem; margin: 0 auto; padding: 0 0.75rem; overflow-x: auto; }
      .tabs a { display: block; padding: 0.75rem 0.85rem; border-bottom: 3px solid transparent; color: var(--quiet); text-decoration: none; white-space: nowrap; }
      .tabs a:hover { color: var(--accent); }
      .tabs a:focus-visible { outline-offset: -4px; }
      .tabs [aria-current] { color: var(--accent); border-color: var(--accent); font-weight: 600; }
      main { max-width: 74rem; margin: 0 auto; padding: 1.8rem 1.25rem 4rem; }
      .representing {
        width: fit-content;
        margin-bottom: 1.4rem;
        padding: 0.45rem 1rem;
        border: 1px solid var(--warm);
        border-radius: 999px;
        color: var(--warm);
        background: var(--warm-tint);
        font-weight: 600;
      }
      main:focus { outline: none; }
      dialog { width: min(62rem, calc(100vw - 2rem)); max-width: none; height: min(56rem, calc(100dvh - 2rem)); max-height: none; padding: 0; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: inherit; overflow: hidden; }
      dialog[open] { display: flex; flex-direction: column; }
      dialog::backdrop { background: rgb(10 20 22 / 55%); }
      .dialog-bar { display: flex; justify-content: flex-end; padding: 0.5rem 0.7rem 0; }
      carnet-document { display: block; flex: 1; min-height: 0; overflow: auto; padding: 0.2rem 1.4rem 1.4rem; --carnet-accent: var(--accent); }
      @media (max-width: 560px) { .bar > .tools { margin-left: 0; } dialog { width: 100vw; height: 100dvh; border-radius: 0; } carnet-document { padding-inline: 0.8rem; } }
      @media print { .bar > .tools, .tabs { display: none; } }
    `,
  ];

  readonly #session = new PageSession("carnet-patient", "/");
  #stage: Stage = { name: "starting" };
  #tab: Tab = tabOf(location.hash);
  #locale: Locale = navigator.language.startsWith("fr") || !navigator.language.startsWith("en") ? "fr" : "en";
  #person = 0;
  #record: RecordHandle | undefined;
  #opened: { readonly entry?: DocumentEntry; readonly uniqueId?: string } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#followAddress);
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#followAddress);
  }

  get #say(): Strings {
    return strings[this.#locale];
  }

  async #start(): Promise<void> {
    try {
      const signedIn = await this.#session.resume();
      this.#stage = signedIn ? await this.#enter(signedIn) : { name: "out", isFailed: false };
    } catch {
      this.#stage = { name: "out", isFailed: true };
    }
    this.requestUpdate();
  }

  async #enter(signedIn: SignedIn): Promise<Stage> {
    const { accessToken } = signedIn;
    try {
      const persons = await fetchPersons(accessToken);
      const client = connect({ baseUrl: `${location.origin}/fhir`, accessToken, locale: this.#locale });
      this.#record = persons[0] && client.record(persons[0].ins);
      return { name: "in", signedIn, client, persons };
    } catch (error) {
      return { name: "failed", problem: problemOf(error) };
    }
  }

  override render(): TemplateResult {
    document.documentElement.lang = this.#locale;
    document.title = this.#say.name;
    return html`<div lang=${this.#locale}>
      <a class="skip" href="#main" @click=${this.#skip}>${this.#say.skip}</a>
      ${this.#header()} ${this.#isReadable() ? this.#navigation() : nothing} ${this.#content()}
    </div>`;
  }

  #header(): TemplateResult {
    const say = this.#say;
    return html`<header class="bar">
      <a class="brand" href="/"><svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0f5f6b" /><path d="M9 7h12a3 3 0 0 1 3 3v15H12a3 3 0 0 1-3-3z" fill="#fff" /><path d="M15.2 11.5h2.6v3.2H21v2.6h-3.2v3.2h-2.6v-3.2H12v-2.6h3.2z" fill="#0f5f6b" /></svg>${say.name}</a>
      <div class="tools">
        ${this.#personSwitch()}
        <div class="languages" role="group" aria-label=${say.language}>${(["fr", "en"] as const).map((locale) => html`<button lang=${locale} aria-pressed=${this.#locale === locale} aria-label=${locale === "fr" ? "Français" : "English"} @click=${() => this.#speak(locale)}>${locale.toUpperCase()}</button>`)}</div>
        ${this.#stage.name === "in" ? html`<button class="button button--plain" data-action="sign-out" @click=${() => location.assign("/")}>${say.signOut}</button>` : nothing}
      </div>
    </header>`;
  }

  /** There is a record, and it is open: only then is there something to go to. */
  #isReadable(): boolean {
    return this.#stage.name === "in" && this.#stage.persons[this.#person]?.isClosed === false;
  }

  /** Name of the person, when it is somebody whom the reader represents. */
  #represented(): string | undefined {
    const own = this.#stage.name === "in" ? this.#stage.persons[0] : undefined;
    const shown = this.#stage.name === "in" ? this.#stage.persons[this.#person] : undefined;
    return shown === own ? undefined : shown?.name;
  }

  /** Whose record this is, when it is not one's own: nobody must take a child's treatment for theirs. */
  #representing(): TemplateResult | typeof nothing {
    const name = this.#represented();
    return name ? html`<p class="representing" role="status">${this.#say.representing(name)}</p>` : nothing;
  }

  #personSwitch(): TemplateResult | typeof nothing {
    if (this.#stage.name !== "in" || this.#stage.persons.length < 2) return nothing;
    return html`<label><span class="visually-hidden">${this.#say.person}</span>
      <select @change=${this.#changePerson}>${this.#stage.persons.map(({ name }, index) => html`<option value=${index} ?selected=${index === this.#person}>${name}</option>`)}</select></label>`;
  }

  #navigation(): TemplateResult {
    const say = this.#say;
    return html`<nav class="tabs" aria-label=${say.name}><ul>${tabs.map((tab) => (tab === this.#tab ? html`<li><a href=${addresses[tab]} aria-current="page">${say.tabs[tab]}</a></li>` : html`<li><a href=${addresses[tab]}>${say.tabs[tab]}</a></li>`))}</ul></nav>`;
  }

  #content(): TemplateResult {
    const stage = this.#stage;
    const say = this.#say;
    switch (stage.name) {
      case "starting":
        return html`<main id="main" aria-busy="true"><div class="skeleton"><p class="visually-hidden" role="status">${say.loading}</p><span></span><span></span></div></main>`;
      case "out":
        return html`<main id="main" class="main--landing">${stage.isFailed ? this.#message(say.failed.signIn, true) : nothing}${landing(say, { name: "patient-camille", password: "Carnet-2026!" }, this.#begin)}</main>`;
      case "failed":
        return html`<main id="main">${this.#message(say.failed[stage.problem], true)}</main>`;
      case "in":
        return html`<main id="main" tabindex="-1" @open-document=${this.#openEntry} @open-source=${this.#openSource}>${this.#representing()}${this.#view(stage)}</main>${this.#viewer(stage)}`;
    }
  }

  #view(stage: Extract<Stage, { name: "in" }>): TemplateResult {
    const person = stage.persons[this.#person];
    if (!person) return this.#message(this.#say.record.none);
    if (person.isClosed) return this.#message(this.#say.record.closed);
    const shared = { record: this.#record, locale: this.#locale, of: this.#represented() };
    switch (this.#tab) {
      case "health":
        return html`<carnet-health .record=${shared.record} .locale=${shared.locale} .of=${shared.of}></carnet-health>`;
      case "documents":
        return html`<carnet-my-documents .record=${shared.record} .locale=${shared.locale} .of=${shared.of}></carnet-my-documents>`;
      case "access":
        return html`<carnet-access .record=${shared.record} .locale=${shared.locale} .of=${shared.of}></carnet-access>`;
      case "people":
        return html`<carnet-people .record=${shared.record} .locale=${shared.locale} .of=${shared.of} .withdraw=${this.#withdraw}></carnet-people>`;
    }
  }

  #viewer(stage: Extract<Stage, { name: "in" }>): TemplateResult {
    const opened = this.#opened;
    const ins = stage.persons[this.#person]?.ins;
    return html`<dialog aria-label=${this.#say.documents.open} @close=${this.#closed}>
      <div class="dialog-bar"><button class="button button--plain" @click=${() => this.#dialog()?.close()}>${this.#say.close}</button></div>
      ${opened && ins ? html`<carnet-document .record=${this.#record} .entry=${opened.entry} .uniqueId=${opened.uniqueId} locale=${this.#locale} theme="auto"></carnet-document>` : nothing}
    </dialog>`;
  }

  #message([title, text]: readonly string[], isFailure = false): TemplateResult {
    return html`<div class="message card" role=${isFailure ? "alert" : "status"}><h2>${title}</h2><p>${text}</p>${isFailure ? html`<button class="button" @click=${() => location.assign("/")}>${this.#say.retry}</button>` : nothing}</div>`;
  }

  readonly #begin = async () => {
    try {
      await this.#session.begin();
    } catch {
      this.#stage = { name: "out", isFailed: true };
      this.requestUpdate();
    }
  };

  readonly #withdraw = async (id: string, signal: AbortSignal): Promise<void> => {
    if (this.#stage.name !== "in") return;
    const response = await fetch(`/fhir/Consent/${encodeURIComponent(id)}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${await this.#stage.signedIn.accessToken()}` },
      signal,
    });
    if (!response.ok) throw new Error(`Consent: ${response.status}`);
  };

  readonly #followAddress = async () => {
    if (location.hash === "#main") return;
    this.#tab = tabOf(location.hash);
    this.requestUpdate();
    await this.updateComplete;
    // A new view begins at its title, for those who listen as for those who look.
    this.renderRoot
      .querySelector<HTMLElement>("main > *:not(.representing)")
      ?.shadowRoot?.querySelector<HTMLElement>("h1")
      ?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  };

  readonly #skip = (event: Event) => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>("main")?.focus();
  };

  readonly #changePerson = (event: Event) => {
    if (this.#stage.name !== "in" || !(event.target instanceof HTMLSelectElement)) return;
    this.#person = Number(event.target.value);
    this.#opened = undefined;
    this.#stage.client.forget();
    const person = this.#stage.persons[this.#person];
    this.#record = person && this.#stage.client.record(person.ins);
    this.requestUpdate();
  };

  readonly #openEntry = (event: CustomEvent<{ entry: DocumentEntry }>) => this.#open({ entry: event.detail.entry });
  readonly #openSource = (event: CustomEvent<{ uniqueId: string }>) => this.#open({ uniqueId: event.detail.uniqueId });

  async #open(opened: { readonly entry?: DocumentEntry; readonly uniqueId?: string }): Promise<void> {
    loadViewer();
    this.#opened = opened;
    this.requestUpdate();
    await this.updateComplete;
    this.#dialog()?.showModal();
  }

  readonly #closed = () => {
    this.#opened = undefined;
    this.requestUpdate();
  };

  #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  #speak(locale: Locale): void {
    this.#locale = locale;
    this.requestUpdate();
  }
}

/** The widget fetches its viewer when the tag first stands in the page itself, which our shadow tree hides from it. */
function loadViewer(): void {
  if (customElements.get("carnet-document") || document.querySelector("carnet-document")) return;
  const call = document.createElement("carnet-document");
  call.hidden = true;
  document.body.append(call);
}
