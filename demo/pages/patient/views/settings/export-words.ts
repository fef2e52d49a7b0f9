/** What the copy of the whole record says. */
import type { Locale } from "../../strings.ts";

const fr = {
  title: "Une copie de tout mon carnet",
  intro:
    "Un seul fichier (ZIP) avec vos documents, votre résumé, vos messages et le journal des accès. Ouvrez d'abord la page qu'il contient. Gardez-le en lieu sûr : il n'est pas protégé.",
  start: "Préparer ma copie",
  running: "Votre copie arrive…",
  progress: (done: string, total: string | 0 | undefined) => (total ? `${done} Mo sur ${total} Mo` : `${done} Mo`),
  share: (percent: number) => `${percent} % de votre copie sont arrivés.`,
  cancel: "Arrêter",
  done: "Votre copie est dans vos téléchargements.",
  cancelled: "La copie est arrêtée. Rien n'est gardé.",
  failed: {
    offline: "Vous êtes hors connexion. Réessayez quand internet sera revenu.",
    unanswered: "Le service ne répond pas : rien n'est gardé. Réessayez dans un instant.",
    forbidden: "Vous n'avez pas le droit de copier ce carnet.",
    expired: "Votre session est terminée. Connectez-vous de nouveau.",
    other: "La copie n'est pas arrivée entière : elle n'est pas gardée. Réessayez.",
  },
};

export type ExportWords = typeof fr;

const en: ExportWords = {
  title: "A copy of my whole record",
  intro:
    "One file (ZIP) with your documents, your summary, your messages and the access log. Open first the page that is in it. Keep it in a safe place: it is not protected.",
  start: "Prepare my copy",
  running: "Your copy is coming…",
  progress: (done, total) => (total ? `${done} MB of ${total} MB` : `${done} MB`),
  share: (percent) => `${percent}% of your copy has come.`,
  cancel: "Stop",
  done: "Your copy is in your downloads.",
  cancelled: "The copy is stopped. Nothing is kept.",
  failed: {
    offline: "You are offline. Try again when the internet is back.",
    unanswered: "The service does not answer: nothing is kept. Try again in a moment.",
    forbidden: "You may not copy this record.",
    expired: "Your session has ended. Sign in again.",
    other: "The copy did not come whole: it is not kept. Try again.",
  },
};

export const exportWords: Readonly<Record<Locale, ExportWords>> = { fr, en };
