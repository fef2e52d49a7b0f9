/**
 * The end of a session, said before it comes: what is being typed must not be lost (WCAG 2.2.1). The session is renewed
 * in a window of its own, so that the page stays as it is.
 */
export type SessionLocale = "fr" | "en";

const words = {
  fr: {
    soon: "Votre session se termine bientôt",
    soonText: (time: string) => `Elle s'arrête à ${time}. Voulez-vous rester connecté ?`,
    over: "Votre session est terminée",
    overText: "Reconnectez-vous dans la fenêtre qui va s'ouvrir : cette page reste comme elle est.",
    typed: "Ce que vous avez écrit est encore là, et serait perdu si vous vous déconnectiez.",
    renew: "Rester connecté",
    again: "Me reconnecter",
    leave: "Me déconnecter",
    failed: "La connexion n'a pas été renouvelée. Réessayez.",
    leaveTitle: "Vous avez écrit un texte qui n'est pas envoyé",
    leaveText: "Si vous vous déconnectez, il sera perdu.",
    stay: "Rester sur la page",
  },
  en: {
    soon: "Your session ends soon",
    soonText: (time: string) => `It ends at ${time}. Do you want to stay signed in?`,
    over: "Your session has ended",
    overText: "Sign in again in the window that will open: this page stays as it is.",
    typed: "What you wrote is still there, and would be lost if you signed out.",
    renew: "Stay signed in",
    again: "Sign in again",
    leave: "Sign out",
    failed: "You were not signed in again. Try once more.",
    leaveTitle: "You wrote a text that is not sent",
    leaveText: "If you sign out, it will be lost.",
    stay: "Stay on the page",
  },
} as const;

/** How long before the end it is said: enough to finish a sentence. */
const warnBeforeMs = 5 * 60_000;
/** The longest wait that a timer takes; longer ones are taken up again. */
const longestTimerMs = 2_000_000_000;

export interface SessionWatch {
  readonly locale: () => SessionLocale;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Signs in again beside the page. @returns the new end */
  readonly renew: (signal: AbortSignal) => Promise<number>;
  readonly signOut: () => void;
  readonly hasTypedText: () => boolean;
}

/** A session that is being watched. */
export interface WatchedSession {
  readonly stop: () => void;
  /** It ended before its time: in another tab, or the service said so. Said once, until the person answers. */
  readonly over: () => void;
}

/** Watches one session until it is stopped. */
export function watchSessionEnd(watch: SessionWatch): WatchedSession {
  let { expiresAt } = watch;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told: TellingDialog | undefined;
  const wait = () => {
    const left = expiresAt - warnBeforeMs - Date.now();
    timer = setTimeout(() => (left > longestTimerMs ? wait() : warn()), Math.min(Math.max(left, 0), longestTimerMs));
  };
  const warn = () => {
    clearTimeout(timer);
    told ??= sessionEndDialog(watch, expiresAt, (renewed) => {
      expiresAt = renewed;
      told?.close();
      told = undefined;
      wait();
    });
  };
  wait();
  return {
    stop: () => clearTimeout(timer),
    over: () => {
      warn();
      told?.sayOver();
    },
  };
}

interface TellingDialog {
  close(): void;
  /** The end has come. */
  sayOver(): void;
}

function sessionEndDialog(watch: SessionWatch, expiresAt: number, renewed: (expiresAt: number) => void): TellingDialog {
  const say = words[watch.locale()];
  const dialog = frame("alertdialog", watch.locale());
  const [title, text, typed, failure] = [element("h2"), element("p"), element("p"), element("p", "session-wrong")];
  failure.setAttribute("role", "alert");
  typed.textContent = watch.hasTypedText() ? say.typed : "";
  const stay = button("renew", "");
  const tell = (isOver = Date.now() >= expiresAt) => {
    // Whoever sits down at a page that was left reads nothing of a record behind the question.
    dialog.classList.toggle("session-end--over", isOver);
    const time = new Intl.DateTimeFormat(watch.locale(), { hour: "2-digit", minute: "2-digit" }).format(expiresAt);
    title.textContent = isOver ? say.over : say.soon;
    text.textContent = isOver ? say.overText : say.soonText(time);
    stay.textContent = isOver ? say.again : say.renew;
  };
  tell();
  const turning = setTimeout(() => tell(true), Math.max(0, expiresAt - Date.now()));
  let attempt = new AbortController();
  stay.addEventListener("click", () => {
    // A window that was left open is given up: a click begins again.
    attempt.abort();
    attempt = new AbortController();
    const { signal } = attempt;
    failure.textContent = "";
    watch.renew(signal).then(renewed, () => {
      if (!signal.aborted) failure.textContent = say.failed;
    });
  });
  const leave = button("leave", say.leave);
  leave.addEventListener("click", () => watch.signOut());
  title.id = "session-end-title";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(title, text, typed, failure, row(leave, stay));
  // Escape must not send away a warning that has not been answered.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  stay.focus();
  return {
    close: () => {
      clearTimeout(turning);
      dialog.close();
      dialog.remove();
    },
    sayOver: () => tell(true),
  };
}

/** Before a person signs out: what they wrote would go. @returns true to sign out */
export function confirmSignOut(locale: SessionLocale): Promise<boolean> {
  const say = words[locale];
  const dialog = frame("alertdialog", locale);
  const title = element("h2");
  title.textContent = say.leaveTitle;
  title.id = "sign-out-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const text = element("p");
  text.textContent = say.leaveText;
  const stay = button("stay", say.stay);
  const leave = button("leave", say.leave);
  stay.addEventListener("click", () => dialog.close("stay"));
  leave.addEventListener("click", () => dialog.close("leave"));
  dialog.append(title, text, row(leave, stay));
  document.body.append(dialog);
  dialog.showModal();
  stay.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "leave");
    });
  });
}

function frame(role: string, locale: SessionLocale): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  dialog.className = "session-end";
  dialog.lang = locale;
  dialog.setAttribute("role", role);
  return dialog;
}

function element(tag: string, className = ""): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}

function button(action: string, text: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.action = action;
  made.textContent = text;
  return made;
}

function row(...buttons: readonly HTMLElement[]): HTMLElement {
  const made = element("p", "session-actions");
  made.append(...buttons);
  return made;
}
