import { defineStrings } from "../shared/define-strings.ts";

/** Words of the end of a session. */
export const sessionStrings = defineStrings("session", {
  fr: {
    soon: (time: string) => `Votre session se termine à ${time}.`,
    over: (time: string) => `Votre session est terminée depuis ${time}.`,
    soonText: "Ce que vous avez écrit n’est pas envoyé : envoyez-le avant, ou restez connecté.",
    overText: "Ce que vous avez écrit est encore là. Reconnectez-vous pour l’envoyer ; ne quittez pas cette page.",
    renew: "Rester connecté",
    again: "Me reconnecter",
    busy: "Reconnexion en cours…",
    failed: "La connexion n’a pas été renouvelée. Réessayez : ce que vous avez écrit est encore là.",
    renewed: "Session renouvelée. Ce que vous avez écrit est resté.",
  },
  en: {
    soon: (time) => `Your session ends at ${time}.`,
    over: (time) => `Your session ended at ${time}.`,
    soonText: "What you wrote is not sent: send it before then, or stay signed in.",
    overText: "What you wrote is still there. Sign in again to send it; do not leave this page.",
    renew: "Stay signed in",
    again: "Sign in again",
    busy: "Signing in again…",
    failed: "You were not signed in again. Try once more: what you wrote is still there.",
    renewed: "Session renewed. What you wrote has stayed.",
  },
});
