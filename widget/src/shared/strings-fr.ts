import { table } from "./locale.ts";

const plural = (count: number, one: string, many: string) => (count >= 2 ? many : one);

/** Words that every element shares, in French. */
export const sharedFrench = table({
  notRecorded: "Non renseigné",
  yes: "Oui",
  no: "Non",
  retry: "Réessayer",
  close: "Fermer",
  back: "Retour à la synthèse",
  backToList: "Retour à la liste",
  loading: "Chargement…",
  source: "Source",
  openSource: (what: string) => `Ouvrir la source : ${what}`,
  sources: (count: number) => `${count} sources`,
  sourceNumber: (position: number) => `Document ${position}, à ouvrir`,
  by: (who: string) => `par ${who}`,
  problems: {
    "record-not-found": "Aucun dossier pour cette personne.",
    "document-not-found": "Ce document n’est pas dans le dossier, ou vous n’y avez pas accès.",
    "record-closed": "Ce dossier est fermé.",
    "consent-required": "L’accord du patient n’est pas encore déclaré.",
    "access-refused": "Accès refusé par les règles du dossier.",
    "identity-mismatch": "La réponse ne concerne pas ce patient : rien n’est affiché.",
    "document-rejected": "Le dossier a refusé ce document.",
    "acknowledgement-required": "Document sensible : demandez au patient, puis confirmez.",
    unauthorised: "Votre session est terminée. Reconnectez-vous, puis réessayez.",
    conflict: "Le dossier a changé entre-temps. Rechargez, puis recommencez.",
    "too-many-requests": "Trop de demandes à la fois. Patientez un instant, puis réessayez.",
    unavailable: "Le service du dossier ne répond pas pour le moment.",
    "content-lost":
      "Le dossier a perdu ce contenu. Prévenez qui tient le service : réessayer n’y changera rien. L’auteur en garde l’original.",
    offline: "Pas de réponse du réseau.",
    timeout: "Le service met trop de temps à répondre.",
    "not-supported": "Ce service ne propose pas cette fonction.",
    "invalid-answer": "La réponse du service est illisible : elle n’est pas affichée.",
    "ins-invalid": "Le matricule INS donné à ce panneau n’est pas valide.",
    "not-configured": "Ce panneau n’est pas relié à un service (base-url et accessToken, ou client).",
    unexpected: "Une erreur inattendue est survenue.",
  },
  refusedByRule: (rule: string) => `Règle ${rule}`,
  documents: (count: number) => `${count} ${plural(count, "document", "documents")}`,
});

export type SharedStrings = typeof sharedFrench;
export type ProblemCode = keyof SharedStrings["problems"];
