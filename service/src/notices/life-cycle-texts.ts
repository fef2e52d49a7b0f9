/** What the notices about the record itself say: opened, closed, suspended… R2, R10, R14, R15, R18, R20, R21, R196. */
import type { LifeCycleNoticeKind } from "../store/tables.ts";
import type { Sentences } from "./texts.ts";

type Table = Readonly<Record<LifeCycleNoticeKind, Sentences>>;

export const lifeCycleFr: Table = {
  opened: {
    subject: "Votre carnet est ouvert",
    lead: (_who, when) => `Votre carnet a été ouvert le ${when}.`,
    next: "Vous choisissez qui peut le lire, et vous pouvez le fermer à tout moment.",
  },
  closed: {
    subject: "Votre carnet est fermé",
    lead: (_who, when) => `Votre carnet a été fermé le ${when}. Plus aucun professionnel ne peut le lire.`,
    next: "Ses documents sont conservés dix ans, puis détruits. D’ici là, vous pouvez le réactiver ou demander leur suppression.",
  },
  suspended: {
    subject: "Votre carnet est suspendu",
    lead: (_who, when) => `L’opérateur a suspendu votre carnet le ${when}.`,
    next: "Sans opposition de votre part dans les six semaines, il sera fermé. Vous pouvez vous y opposer depuis votre carnet.",
  },
  reactivated: {
    subject: "Votre carnet est de nouveau ouvert",
    lead: (_who, when) => `Votre carnet a été réactivé le ${when}, avec les documents qui y étaient.`,
    next: "Si vous ne l’avez pas demandé, fermez-le depuis votre carnet.",
  },
  "deletion-requested": {
    subject: "La suppression de votre carnet est demandée",
    lead: (_who, when) => `La suppression de votre carnet a été demandée le ${when}.`,
    next: "Tout ce qu’il contient sera détruit dans les trois mois. Pour annuler cette demande, réactivez le carnet.",
  },
  "representative-added": {
    subject: "Une personne peut agir pour votre carnet",
    lead: (_who, when) => `Un représentant légal a été ajouté à votre carnet le ${when}.`,
    next: "La liste des représentants se trouve dans votre carnet.",
  },
  "carer-added": {
    subject: "Un proche aidant a accès à votre carnet",
    lead: (_who, when) => `Un proche aidant a été ajouté à votre carnet le ${when}.`,
    next: "Vous pouvez mettre fin à cet accès à tout moment depuis votre carnet.",
  },
};

export const lifeCycleEn: Table = {
  opened: {
    subject: "Your record is open",
    lead: (_who, when) => `Your record was opened on ${when}.`,
    next: "You choose who may read it, and you can close it at any time.",
  },
  closed: {
    subject: "Your record is closed",
    lead: (_who, when) => `Your record was closed on ${when}. No professional can read it any more.`,
    next: "Its documents are kept for ten years, then destroyed. Until then you can re-activate it or ask for their deletion.",
  },
  suspended: {
    subject: "Your record is suspended",
    lead: (_who, when) => `The operator suspended your record on ${when}.`,
    next: "Without an objection from you within six weeks, it will be closed. You can object from your record.",
  },
  reactivated: {
    subject: "Your record is open again",
    lead: (_who, when) => `Your record was re-activated on ${when}, with the documents that it held.`,
    next: "If you did not ask for this, close it from your record.",
  },
  "deletion-requested": {
    subject: "The deletion of your record was asked for",
    lead: (_who, when) => `The deletion of your record was asked for on ${when}.`,
    next: "All that it holds will be destroyed within three months. To cancel this, re-activate the record.",
  },
  "representative-added": {
    subject: "Somebody may act for your record",
    lead: (_who, when) => `A legal representative was added to your record on ${when}.`,
    next: "The list of representatives is in your record.",
  },
  "carer-added": {
    subject: "A carer has access to your record",
    lead: (_who, when) => `A carer was added to your record on ${when}.`,
    next: "You can end this access at any time from your record.",
  },
};
