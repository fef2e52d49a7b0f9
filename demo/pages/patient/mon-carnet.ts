import { type CarnetClient, connect, type DocumentEntry, type RecordHandle } from "@carnet/sdk";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import * as v from "valibot";
import { goWhereAnswered, PageSession, type SignedIn } from "../shared/session.ts";
import { confirmSignOut, type WatchedSession, watchSessionEnd } from "../shared/session-end.ts";
import { TypedText } from "../shared/typed-text.ts";
import { writtenDate } from "./dates.ts";
import { landing, landingStyles } from "./landing.ts";
import { pageStyles } from "./page-styles.ts";
import { fetchPersons, type PersonOfRecord } from "./persons.ts";
import { createSection, type SectionName, sectionNames, sectionOf, sections } from "./sections.ts";
import { type Locale, type Strings, strings } from "./strings.ts";
import { base } from "./styles.ts";
import { type Problem, problemOf, type RecordView } from "./view.ts";
import { hasDrafts } from "./views/messages/drafts.ts";

type Stage =
  | { readonly name: "starting" }
  | { readonly name: "out"; readonly isFailed: boolean }
  | {
      readonly name: "in";
      readonly signedIn: SignedIn;
      readonly client: CarnetClient;
      readonly persons: readonly PersonOfRecord[];
    }
  /** Signed out, with a service that does not answer: this page stays, empty. */
  | { readonly name: "left" }
  | { readonly name: "failed"; readonly problem: Problem };

/** What a reader is not offered: a carer reads and helps with the agenda (R14), an heir reads documents (R22). */
const closedTo: Readonly<Record<PersonOfRecord["relation"], readonly SectionName[]>> = {
  self: [],
  representative: [],
  carer: ["people", "messages", "settings"],
  heir: ["access", "people", "messages", "agenda", "settings"],
};

/** "Mon carnet": sign-in, whose record, its sections, one document at a time. */
export class MonCarnet extends LitElement {
  static override styles = [base, landingStyles, pageStyles];

  readonly #session = new PageSession("carnet-patient", "/");
  #stage: Stage = { name: "starting" };
  readonly #typed = new TypedText(window, hasDrafts);
  #section: SectionName = sectionOf(location.hash);
  #isMenuOpen = false;
  /** The section that stands in the page, and those whose code could not be fetched. */
  #view: { readonly name: SectionName; readonly element: RecordView } | undefined;
  #missing: SectionName | undefined;
  #watched: WatchedSession | undefined;
  /** What came of the last change of a record as a whole. */
  #said = "";
  #locale: Locale = navigator.language.startsWith("fr") || !navigator.language.startsWith("en") ? "fr" : "en";
  #person = 0;
  #record: RecordHandle | undefined;
  #opened: { readonly entry?: DocumentEntry; readonly uniqueId?: string } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#followAddress);
    addEventListener("beforeprint", this.#dateThePrint);
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#followAddress);
    removeEventListener("beforeprint", this.#dateThePrint);
    this.#watched?.stop();
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
      const client = connect({ baseUrl: `${location.origin}/fhir`, accessToken, locale: this.#locale });
      const persons = await fetchPersons(client);
      this.#record = recordOf(client, persons[0], signedIn);
      signedIn.onEndElsewhere(this.#endedElsewhere);
      this.#watched = watchSessionEnd({
        locale: () => this.#locale,
        expiresAt: signedIn.expiresAt,
        renew: signedIn.renew,
        signOut: this.#leave,
        hasTypedText: () => this.#typed.isThere(),
      });
      return { name: "in", signedIn, client, persons };
    } catch (error) {
      return { name: "failed", problem: problemOf(error) };
    }
  }

  override render(): TemplateResult {
    document.documentElement.lang = this.#locale;
    document.title = this.#say.name;
    return html`<div lang=${this.#locale}>
      ${this.#header()} ${this.#isReadable() ? this.#navigation() : nothing} ${this.#content()}
    </div>`;
  }

  #header(): TemplateResult {
    const say = this.#say;
    return html`<header class="bar">
      <button class="skip" @click=${this.#skip}>${say.skip}</button>
      <a class="brand" href=${this.#stage.name === "in" ? sections.health.address : "/"}><svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0f5f6b" /><path d="M9 7h12a3 3 0 0 1 3 3v15H12a3 3 0 0 1-3-3z" fill="#fff" /><path d="M15.2 11.5h2.6v3.2H21v2.6h-3.2v3.2h-2.6v-3.2H12v-2.6h3.2z" fill="#0f5f6b" /></svg>${say.name}</a>
      <div class="tools">
        ${this.#personSwitch()}
        <div class="languages" role="group" aria-label=${say.language}>${(["fr", "en"] as const).map((locale) => html`<button lang=${locale} aria-pressed=${this.#locale === locale} title=${locale === "fr" ? "Français" : "English"} @click=${() => this.#speak(locale)}>${locale.toUpperCase()}</button>`)}</div>
        ${this.#stage.name === "in" ? html`<button class="button button--plain" data-action="sign-out" @click=${this.#signOut}>${say.signOut}</button>` : nothing}
      </div>
    </header>`;
  }

  /** There is a record, and it is open: only then is there something to go to. */
  #isReadable(): boolean {
    return this.#shown()?.state === "open";
  }

  #shown(): PersonOfRecord | undefined {
    return this.#stage.name === "in" ? this.#stage.persons[this.#person] : undefined;
  }

  #offered(): readonly SectionName[] {
    const closed = closedTo[this.#shown()?.relation ?? "self"];
    return sectionNames.filter((name) => !closed.includes(name));
  }

  /** Name of the person, when it is somebody else's record. */
  #represented(): string | undefined {
    const shown = this.#shown();
    return shown?.relation === "self" ? undefined : shown?.name;
  }

  /** On paper alone: whose record it is, and of which day. A sheet that names nobody is taken for anybody's. */
  #printed(): TemplateResult | typeof nothing {
    const shown = this.#shown();
    if (!shown) return nothing;
    const born = shown.birthDate ? writtenDate(shown.birthDate, this.#locale) : this.#say.unknown;
    return html`<div class="printed"><p>${this.#say.printed(shown.name, born, writtenDate(new Date().toISOString(), this.#locale))}</p></div>`;
  }

  readonly #dateThePrint = () => this.requestUpdate();

  /** Whose record this is, when it is not one's own: nobody must take a child's treatment for theirs. */
  #representing(): TemplateResult | typeof nothing {
    const shown = this.#shown();
    if (!shown || shown.relation === "self") return nothing;
    return html`<p class="representing" role="status">${this.#say.representing[shown.relation](shown.name)}</p>`;
  }

  #personSwitch(): TemplateResult | typeof nothing {
    if (this.#stage.name !== "in" || this.#stage.persons.length < 2) return nothing;
    return html`<label><span class="visually-hidden">${this.#say.person}</span>
      <select @change=${this.#changePerson}>${this.#stage.persons.map(({ name }, index) => html`<option value=${index} .selected=${index === this.#person}>${name}</option>`)}</select></label>`;
  }

  #navigation(): TemplateResult {
    const say = this.#say;
    const current = this.#current();
    const link = (name: SectionName) =>
      name === current
        ? html`<li><a href=${sections[name].address} aria-current="page" @click=${this.#closeMenu}>${say.tabs[name]}</a></li>`
        : html`<li><a href=${sections[name].address} @click=${this.#closeMenu}>${say.tabs[name]}</a></li>`;
    return html`<nav class="tabs" aria-label=${say.name} @keydown=${this.#menuKey}>
      <button class="menu" aria-expanded=${this.#isMenuOpen} aria-controls="sections" @click=${this.#toggleMenu}>
        <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="M4 7h16M4 12h16M4 17h16" /></svg>
        <span>${say.menu}</span><strong>${say.tabs[current]}</strong></button>
      <ul id="sections">${this.#offered().map(link)}</ul></nav>`;
  }

  /** The section of the address, where this reader may open it. */
  #current(): SectionName {
    return this.#offered().includes(this.#section) ? this.#section : "health";
  }

  #content(): TemplateResult {
    const stage = this.#stage;
    const say = this.#say;
    switch (stage.name) {
      case "starting":
        return html`<main id="main" aria-busy="true"><div class="skeleton"><p class="visually-hidden" role="status">${say.loading}</p><span></span><span></span></div></main>`;
      case "out":
        return html`<main id="main" class="main--landing">${stage.isFailed ? this.#message(say.failed.signIn, true) : nothing}${landing(say, { name: "patient-camille", password: "Carnet-2026!" }, this.#begin)}</main>`;
      case "left":
        return html`<main id="main">${this.#message(say.left, true)}</main>`;
      case "failed":
        return html`<main id="main">${this.#message(say.failed[stage.problem], true)}</main>`;
      case "in":
        return html`<main id="main" tabindex="-1" @open-document=${this.#openEntry} @open-source=${this.#openSource} @record-changed=${this.#readPersons} @session-over=${() => this.#watched?.over()}><p class="turned" role="status">${this.#said}</p>${this.#printed()}${this.#representing()}${this.#sectionOf(stage)}</main>${this.#viewer(stage)}`;
    }
  }

  /** What there is to see: a section, or for somebody without a record the way to open one. */
  #sectionOf(stage: Extract<Stage, { name: "in" }>): unknown {
    const person = this.#shown();
    // A record that is not open has one section left: what may become of it.
    const name = person?.state === "open" ? this.#current() : "settings";
    if (person && person.state !== "open" && closedTo[person.relation].includes("settings"))
      return this.#message(this.#say.record.closed);
    if (!person && !insOf(stage.signedIn)) return this.#message(this.#say.record.none);
    if (this.#missing === name) return this.#message(this.#say.failed.offline, true);
    if (this.#view?.name !== name) {
      void this.#fetchSection(name);
      return html`<div class="skeleton"><p class="visually-hidden" role="status">${this.#say.loading}</p><span></span><span></span></div>`;
    }
    if (!person) return html`<carnet-opening .record=${this.#record} .locale=${this.#locale}></carnet-opening>`;
    const { element } = this.#view;
    element.client = stage.client;
    element.record = this.#record;
    element.locale = this.#locale;
    element.of = this.#represented();
    element.person = person;
    return element;
  }

  async #fetchSection(name: SectionName): Promise<void> {
    try {
      await sections[name].load();
      this.#view = { name, element: createSection(name) };
    } catch {
      this.#missing = name;
    }
    this.requestUpdate();
  }

  #viewer(stage: Extract<Stage, { name: "in" }>): TemplateResult {
    const opened = this.#opened;
    const ins = stage.persons[this.#person]?.ins;
    return html`<dialog aria-label=${this.#say.document} @close=${this.#closed}>
      <div class="dialog-bar"><button class="button button--plain" @click=${() => this.#dialog()?.close()}>${this.#say.close}</button></div>
      ${opened && ins ? html`<carnet-document .record=${this.#record} .entry=${opened.entry} .uniqueId=${opened.uniqueId} locale=${this.#locale} theme="auto"></carnet-document>` : nothing}
    </dialog>`;
  }

  #message([title, text]: readonly string[], isFailure = false): TemplateResult {
    return html`<div class="message card" role=${isFailure ? "alert" : "status"}><h2>${title}</h2><p>${text}</p>${isFailure ? html`<button class="button" @click=${() => void goWhereAnswered("/")}>${this.#say.retry}</button>` : nothing}</div>`;
  }

  readonly #begin = async () => {
    try {
      await this.#session.begin();
    } catch {
      this.#stage = { name: "out", isFailed: true };
      this.requestUpdate();
    }
  };

  /** A record was opened, closed or brought back: what can be gone to depends on it. */
  readonly #readPersons = async (event: CustomEvent<{ said: string }>) => {
    if (this.#stage.name !== "in") return;
    const { client, signedIn } = this.#stage;
    this.#said = event.detail.said;
    try {
      const persons = await fetchPersons(client);
      // The one on screen now: another may have been chosen meanwhile.
      const former = this.#shown()?.ins.value;
      this.#stage = { ...this.#stage, persons };
      this.#person = Math.max(
        0,
        persons.findIndex(({ ins }) => ins.value === former),
      );
      this.#record = recordOf(client, persons[this.#person], signedIn);
    } catch (error) {
      this.#stage = { name: "failed", problem: problemOf(error) };
    }
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("main")?.focus();
  };

  readonly #signOut = async () => {
    if (!this.#typed.isThere() || (await confirmSignOut(this.#locale))) this.#leave();
  };

  readonly #leave = async () => {
    this.#typed.letGo();
    const ending = this.#stage.name === "in" ? this.#stage.signedIn.end() : undefined;
    this.#empty();
    await ending;
    await this.#goOut();
  };

  async #goOut(): Promise<void> {
    if (await goWhereAnswered("/")) return;
    this.#stage = { name: "left" };
    this.requestUpdate();
  }

  /** Nothing of a record stays in the page, however long the next one takes to come. */
  #empty(): void {
    this.#watched?.stop();
    this.#stage = { name: "starting" };
    this.#view = undefined;
    this.#record = undefined;
    this.#opened = undefined;
    this.#said = "";
    this.requestUpdate();
  }

  /** The same person signed out in another tab: what is being written here waits for them, and nothing else does. */
  readonly #endedElsewhere = () => {
    if (this.#typed.isThere()) return this.#watched?.over();
    this.#empty();
    void this.#goOut();
  };

  readonly #toggleMenu = () => {
    this.#isMenuOpen = !this.#isMenuOpen;
    this.requestUpdate();
  };

  readonly #closeMenu = () => {
    this.#isMenuOpen = false;
    this.requestUpdate();
  };

  readonly #menuKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !this.#isMenuOpen) return;
    this.#closeMenu();
    this.renderRoot.querySelector<HTMLElement>(".menu")?.focus();
  };

  readonly #followAddress = async () => {
    this.#section = sectionOf(location.hash);
    this.#said = "";
    this.#isMenuOpen = false;
    this.#missing = undefined;
    // Who goes back leaves the document: it would stand over another section.
    this.#dialog()?.close();
    const name = this.#current();
    if (this.#isReadable() && this.#view?.name !== name) await this.#fetchSection(name);
    this.requestUpdate();
    await this.updateComplete;
    // A new section begins at its title, for those who listen as for those who look.
    await this.#view?.element.updateComplete;
    this.#view?.element.shadowRoot?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  };

  readonly #skip = () => {
    this.renderRoot.querySelector<HTMLElement>("main")?.focus();
  };

  readonly #changePerson = (event: Event) => {
    if (this.#stage.name !== "in" || !(event.target instanceof HTMLSelectElement)) return;
    this.#person = Number(event.target.value);
    this.#opened = undefined;
    this.#said = "";
    this.#stage.client.forget();
    this.#record = recordOf(this.#stage.client, this.#shown(), this.#stage.signedIn);
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
    // Some words come from the service: it is asked again in the other language.
    if (this.#stage.name === "in") {
      const { accessToken } = this.#stage.signedIn;
      const client = connect({ baseUrl: `${location.origin}/fhir`, accessToken, locale });
      this.#stage = { ...this.#stage, client };
      this.#record = recordOf(client, this.#shown(), this.#stage.signedIn);
    }
    this.requestUpdate();
  }
}

/** One's own number, as the provider tells it: needed where there is no record yet. */
function insOf({ claims: { carnet } }: SignedIn): { readonly system: string; readonly value: string } | undefined {
  const parsed = v.safeParse(v.looseObject({ ins: v.object({ system: v.string(), value: v.string() }) }), carnet);
  return parsed.success ? parsed.output.ins : undefined;
}

function recordOf(client: CarnetClient, person: PersonOfRecord | undefined, signedIn: SignedIn) {
  const ins = person?.ins ?? insOf(signedIn);
  return ins && client.record(ins);
}

/** The widget fetches its viewer when the tag first stands in the page itself, which our shadow tree hides from it. */
function loadViewer(): void {
  if (customElements.get("carnet-document") || document.querySelector("carnet-document")) return;
  const call = document.createElement("carnet-document");
  call.hidden = true;
  document.body.append(call);
}
