/**
 * `/docs/playground`: the panel with every attribute at hand, on the demo's fictitious patients, with its events and the
 * code to copy. Changing the patient changes `ins` of the same element, as a practice software does.
 */
import { type Account, fetchAccounts } from "../shared/accounts.ts";
import { depositAuthorOf } from "../shared/deposit-author.ts";
import { element, find } from "../shared/dom.ts";
import { demoTokenOf } from "./demo-token.ts";
import { type HeardEvent, hearEvents } from "./event-log.ts";
import { renewedMinutes, snippetOf } from "./snippet.ts";
import { type Locale, localeOfReader, playgroundWords } from "./words.ts";

type SummaryElement = HTMLElement & {
  accessToken: ReturnType<typeof demoTokenOf>;
  depositAuthor: unknown;
  sessionEnd: number | undefined;
  renewSession: () => number;
};

/** Attributes that a field of the form sets; what is chosen first in a list is what the panel does without. */
const attributes = ["locale", "words", "theme", "density", "heading-level", "new-since", "dispatch-centre"] as const;

/** More would make the page longer than its reader's patience. */
const eventsShown = 50;

let language: Locale = localeOfReader();
let accounts: readonly Account[] = [];
let panel: SummaryElement | undefined;
let shownReader: string | undefined;
/** The choice that the panel was last given: its end is an instant, which no other choice may put off. */
let givenSession: string | undefined;
let events: HeardEvent[] = [];

const form = find("settings") as HTMLFormElement;
const stage = find("stage");

async function start(): Promise<void> {
  speak();
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-speak]"))
    button.addEventListener("click", () => {
      language = button.dataset.speak === "en" ? "en" : "fr";
      speak();
      if (panel !== undefined) apply();
    });
  find("copy").addEventListener("click", () => void copy());
  find("clear").addEventListener("click", () => {
    events = [];
    showEvents();
    announce(playgroundWords[language].cleared);
  });
  stage.addEventListener("carnet-open-document", (event) => {
    if (isOn("hold-documents")) event.preventDefault();
  });
  hearEvents(stage, (event) => {
    events = [event, ...events];
    showEvents();
  });
  // What scrolls by itself is reached by keyboard too.
  find("snippet").tabIndex = 0;
  find("events").tabIndex = 0;
  try {
    accounts = await fetchAccounts();
  } catch {
    stage.replaceChildren(element("p", { role: "alert", "data-say": "failed" }, playgroundWords[language].failed));
    return;
  }
  fill("patient", "patient", ({ ins }) => ins !== undefined);
  fill("reader", "professional", ({ rpps }) => rpps !== undefined);
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
}

function fill(name: string, kind: Account["kind"], isOffered: (account: Account) => boolean): void {
  const offered = accounts.filter((account) => account.kind === kind && isOffered(account));
  field(name).replaceChildren(...offered.map(({ id, name: label }) => element("option", { value: id }, label)));
}

function field(name: string): HTMLInputElement | HTMLSelectElement {
  const found = form.elements.namedItem(name);
  if (found instanceof HTMLInputElement || found instanceof HTMLSelectElement) return found;
  throw new Error(`the form has no ${name}`);
}

const isOn = (name: string): boolean => (field(name) as HTMLInputElement).checked;

/** Attributes as the form has them, in its order; an empty value is a flag. */
function chosenAttributes(): ReadonlyMap<string, string> {
  const chosen = new Map<string, string>();
  for (const name of attributes) {
    if (name === "words") {
      // A language that nobody speaks: what is not in it was forgotten.
      if (chosen.get("locale") === "ru-x-pseudo")
        chosen.set(name, new URL("/widget/languages/pseudo.json", location.href).href);
      continue;
    }
    const input = field(name);
    if (input.type === "checkbox") {
      if (isOn(name)) chosen.set(name, "");
    } else if (input.value !== "") chosen.set(name, input.type === "date" ? `${input.value}T00:00:00Z` : input.value);
  }
  return chosen;
}

/** Gives the panel what the form says. Another reader is another session: the element is made anew. */
function apply(): void {
  const patient = accounts.find(({ id }) => id === field("patient").value);
  const reader = accounts.find(({ id }) => id === field("reader").value);
  if (patient?.ins === undefined || reader === undefined) return;
  const ins = `${patient.ins.system}|${patient.ins.value}`;
  const chosen = chosenAttributes();
  if (panel === undefined || shownReader !== reader.id) {
    panel = document.createElement("carnet-summary") as SummaryElement;
    panel.accessToken = demoTokenOf(reader.id);
    panel.depositAuthor = depositAuthorOf(reader);
    panel.setAttribute("base-url", "/fhir");
    panel.renewSession = () => Date.now() + renewedMinutes * 60_000;
    shownReader = reader.id;
    givenSession = undefined;
  }
  const session = field("session-end").value;
  const sessionMinutes = session === "" ? undefined : Number(session);
  if (session !== givenSession) {
    panel.sessionEnd = sessionMinutes === undefined ? undefined : Date.now() + sessionMinutes * 60_000;
    givenSession = session;
  }
  for (const name of attributes) {
    const value = chosen.get(name);
    if (value === undefined) panel.removeAttribute(name);
    else panel.setAttribute(name, value);
  }
  panel.setAttribute("ins", ins);
  if (panel.parentElement !== stage) stage.replaceChildren(panel);
  stage.dataset.width = field("width").value;
  find("snippet").textContent = snippetOf(
    {
      origin: location.origin,
      ins,
      account: reader.id,
      attributes: chosen,
      opensDocuments: isOn("hold-documents"),
      sessionMinutes,
    },
    playgroundWords[language],
  );
}

function showEvents(): void {
  const say = playgroundWords[language];
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const shown = events.slice(0, eventsShown);
  find("events").replaceChildren(
    ...shown.map((event) =>
      element(
        "li",
        { "data-event": event.name },
        element("time", {}, time.format(event.time)),
        " ",
        element("strong", {}, event.name),
        " ",
        element("code", {}, event.detail),
        event.isPrevented ? element("em", {}, ` ${say.prevented}`) : "",
      ),
    ),
  );
  find("events-note").textContent =
    events.length === 0 ? say.noEvent : events.length > shown.length ? say.cutEvents(shown.length, events.length) : "";
}

async function copy(): Promise<void> {
  const say = playgroundWords[language];
  const snippet = find("snippet");
  try {
    await navigator.clipboard.writeText(snippet.textContent ?? "");
    announce(say.copied);
  } catch {
    getSelection()?.selectAllChildren(snippet);
    announce(say.notCopied);
  }
}

function announce(text: string): void {
  find("said").textContent = text;
}

/** The page's own words; the panel has a language of its own, among the attributes. */
function speak(): void {
  const say = playgroundWords[language];
  document.documentElement.lang = language;
  document.title = say.title;
  for (const place of document.querySelectorAll<HTMLElement>("[data-say]")) {
    const word = Reflect.get(say, place.dataset.say ?? "") as unknown;
    if (typeof word === "string") place.textContent = word;
  }
  for (const option of form.querySelectorAll<HTMLElement>("[data-width-word]"))
    option.textContent = say.widths[option.dataset.widthWord as keyof typeof say.widths];
  for (const button of document.querySelectorAll<HTMLElement>("[data-speak]"))
    button.setAttribute("aria-pressed", String(button.dataset.speak === language));
  showEvents();
}

void start();
