/**
 * A plain practice software. What matters is how little it does to show the record: one script tag, then an element
 * with two attributes and a function that gives a token.
 */
import type { DepositAuthor } from "@carnet/widget";
import { type Account, fetchAccounts } from "../shared/accounts.ts";
import { depositAuthorOf } from "../shared/deposit-author.ts";
import { element, find, replaceContent } from "../shared/dom.ts";
import { goWhereAnswered, PageSession, type SignedIn } from "../shared/session.ts";
import { confirmSignOut, watchSessionEnd } from "../shared/session-end.ts";
import { TypedText } from "../shared/typed-text.ts";
import { type Appointment, agendaOfDay } from "./agenda.ts";

/** What this page uses of the widget's element. */
interface SummaryElement extends HTMLElement {
  accessToken: SignedIn["accessToken"];
  depositAuthor: DepositAuthor | undefined;
}

const session = new PageSession("carnet-practice", "/practice/");
const notes = new Map<string, string>();
let signedIn: SignedIn | undefined;
let accounts: readonly Account[] = [];
let patients: readonly Account[] = [];
let current: Account | undefined;
/** Chosen while the sign-in was being completed: opened as soon as it is. */
let wanted: Account | undefined;
let isSigningIn = false;

const dayFormat = new Intl.DateTimeFormat("fr-FR", { weekday: "long", day: "numeric", month: "long", year: "numeric" });

async function start(): Promise<void> {
  find("day").textContent = dayFormat.format(new Date());
  find("sign-in").addEventListener("click", () => void (signedIn ? signOut() : begin()));
  find("search").addEventListener("input", showPatients);
  isSigningIn = session.isReturning();
  if (isSigningIn) showOpening();
  else showWelcome();
  try {
    const signing = session.resume();
    accounts = await fetchAccounts();
    patients = accounts.filter(({ kind }) => kind === "patient");
    showPatients();
    showAgenda();
    signedIn = await signing;
    if (signedIn) showUser(signedIn);
  } catch {
    showFailure();
  } finally {
    isSigningIn = false;
  }
}

async function begin(): Promise<void> {
  try {
    await session.begin();
  } catch {
    showFailure();
  }
}

/** Notes of the patients seen before lie in this page too. */
const typed = new TypedText(window, () => [...notes.values()].some((text) => text.trim() !== ""));

async function signOut(): Promise<void> {
  if (!typed.isThere() || (await confirmSignOut("fr"))) leave();
}

async function leave(): Promise<void> {
  typed.letGo();
  const ending = signedIn?.end();
  // Nothing of a record stays in the page, however long the next one takes to come.
  showLeaving();
  await ending;
  await goOut();
}

async function goOut(): Promise<void> {
  if (!(await goWhereAnswered("/practice/"))) showLeft();
}

function showUser({ claims: { name }, expiresAt, renew, onEndElsewhere }: SignedIn): void {
  find("user").textContent = typeof name === "string" ? name : "Connecté";
  const button = find("sign-in");
  button.textContent = "Se déconnecter";
  const hasTypedText = () => typed.isThere();
  const watched = watchSessionEnd({ locale: () => "fr", expiresAt, renew, signOut: leave, hasTypedText });
  onEndElsewhere(() => {
    if (hasTypedText()) return watched.over();
    showLeaving();
    void goOut();
  });
  if (wanted) openChart(wanted);
  else showChoose();
}

function showPatients(): void {
  const wanted = normalised((find("search") as HTMLInputElement).value);
  const shown = patients.filter(({ name }) => normalised(name).includes(wanted));
  replaceContent(find("patients"), ...shown.map(patientEntry));
  // It stands in the page before it says anything, so that it is said aloud.
  find("none").textContent = shown.length > 0 ? "" : "Aucun patient de ce nom";
}

function patientEntry(patient: Account): HTMLElement {
  const button = element("button", { type: "button", "data-account": patient.id }, patient.name);
  button.append(element("small", {}, patient.ins ? printedIns(patient.ins.value) : "INS inconnue"));
  if (patient.id === current?.id) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => openChart(patient));
  return element("li", {}, button);
}

function showAgenda(): void {
  replaceContent(find("agenda"), ...agendaOfDay(patients).map(appointmentEntry));
}

function appointmentEntry({ time, patient, reason }: Appointment): HTMLElement {
  const button = element("button", { type: "button" }, element("time", {}, time), patient.name);
  button.append(element("small", {}, reason));
  if (patient.id === current?.id) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => openChart(patient));
  return element("li", {}, button);
}

/** Opens a patient. The former one's element goes in the same task: nothing of it may stay for a frame. */
function openChart(patient: Account): void {
  if (!patient.ins) return;
  if (!signedIn) {
    wanted = patient;
    if (isSigningIn) showOpening();
    else showWelcome();
    return;
  }
  current = patient;
  const summary = element("carnet-summary", {
    "base-url": "/fhir",
    ins: `${patient.ins.system}|${patient.ins.value}`,
    locale: "fr",
    theme: "auto",
  }) as SummaryElement;
  summary.accessToken = signedIn.accessToken;
  summary.depositAuthor = depositAuthorOf(accounts.find(({ id }) => id === signedIn?.claims.sub));
  const chart = find("chart-content");
  chart.className = "chart";
  replaceContent(chart, notesPanel(patient), summary);
  showPatients();
  showAgenda();
  find("chart").focus({ preventScroll: true });
}

function notesPanel(patient: Account): HTMLElement {
  const area = element("textarea", { id: "notes" }) as HTMLTextAreaElement;
  area.value = notes.get(patient.id) ?? "";
  area.addEventListener("input", () => notes.set(patient.id, area.value));
  const box = element(
    "details",
    { class: "notes" },
    element("summary", {}, "Consultation du jour", element("span", {}, "observations")),
    element(
      "div",
      {},
      element("label", { for: "notes" }, "Observations"),
      area,
      element("p", {}, "Ces notes restent dans cette page et disparaissent avec elle."),
    ),
  ) as HTMLDetailsElement;
  // Where there is room they stand beside the record, open; elsewhere the record keeps the width.
  box.open = area.value !== "" || matchMedia("(min-width: 1600px)").matches;
  return box;
}

function showMessage(title: string, text: string, action?: HTMLElement, role?: "alert"): void {
  const chart = find("chart-content");
  chart.className = "chart chart--empty";
  const box = element(
    "div",
    { class: "empty", ...(role && { role }) },
    element("h1", {}, title),
    element("p", {}, text),
  );
  if (action) box.append(action);
  replaceContent(chart, box);
}

function showWelcome(): void {
  const button = element("button", { type: "button", class: "button button--main" }, "Se connecter avec sa carte");
  button.addEventListener("click", () => void begin());
  showMessage(
    "Bonjour",
    "Connectez-vous pour ouvrir les dossiers de vos patients. Compte d'essai : dr-martin.",
    button,
  );
}

function showOpening(): void {
  showMessage("Connexion en cours…", wanted ? `Le dossier de ${wanted.name} s'ouvre ensuite.` : "Un instant.");
}

function showLeaving(): void {
  signedIn = undefined;
  current = undefined;
  notes.clear();
  find("user").textContent = "";
  find("sign-in").textContent = "Se connecter";
  showPatients();
  showAgenda();
  showMessage("Déconnexion en cours…", "Un instant.");
}

function showLeft(): void {
  showMessage(
    "Vous êtes déconnecté",
    "Le service ne répond pas. Rien d'un dossier ne reste sur cette page.",
    startAgain(),
    "alert",
  );
}

function showChoose(): void {
  showMessage("Choisissez un patient", "Dans la liste ou dans l'agenda du jour. Son dossier partagé s'affiche ici.");
}

function showFailure(): void {
  showMessage("La connexion n'a pas abouti", "Vérifiez que le service répond, puis réessayez.", startAgain(), "alert");
}

function startAgain(): HTMLElement {
  const button = element("button", { type: "button", class: "button" }, "Réessayer");
  button.addEventListener("click", () => void goWhereAnswered("/practice/"));
  return button;
}

const normalised = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const printedIns = (value: string) => value.replace(/^(.)(..)(..)(..)(...)(...)(..)$/, "$1 $2 $3 $4 $5 $6 $7");

void start();
