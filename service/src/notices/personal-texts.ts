/** What the notices of the person's space say: messages, agenda, applications, alerts for professionals. R166 to R168, R193, R194. */
import type { PersonalNoticeKind } from "../store/tables.ts";
import type { Sentences } from "./texts.ts";

type Table = Readonly<Record<PersonalNoticeKind, Sentences>>;

export const personalFr: Table = {
  message: {
    subject: "Vous avez un message dans votre carnet",
    lead: (who, when) => `${who} vous a écrit, le ${when}.`,
    next: "Le message se lit dans votre carnet, pas dans ce courriel.",
  },
  "patient-message": {
    subject: "Un patient vous a écrit",
    lead: (_who, when) => `Un de vos patients vous a écrit, le ${when}.`,
    next: "Le message se lit dans le dossier, depuis votre logiciel.",
  },
  appointment: {
    subject: "Rappel de votre agenda",
    lead: (_who, when) => `Votre agenda contient un rappel pour le ${when}.`,
    next: "Le détail se trouve dans l’agenda de votre carnet.",
  },
  service: {
    subject: "Les services reliés à votre carnet",
    lead: (_who, when, count) =>
      count === 1
        ? `Un service est relié à votre carnet, au ${when}.`
        : `Des services sont reliés à votre carnet, au ${when}.`,
    next: "Vous pouvez voir ce que vous leur permettez, et le retirer, depuis votre carnet.",
  },
  examination: {
    subject: "Un rappel de prévention",
    lead: (_who, when) => `Un rappel de prévention a été ajouté à votre agenda, le ${when}.`,
    next: "Le détail se trouve dans l’agenda de votre carnet.",
  },
  alert: {
    subject: "Un document attendu est arrivé",
    lead: (_who, when) =>
      `Un document d’un type que vous suivez est arrivé dans le dossier d’un de vos patients, le ${when}.`,
    next: "Il se lit depuis votre logiciel, dans la liste des derniers documents.",
  },
};

export const personalEn: Table = {
  message: {
    subject: "You have a message in your record",
    lead: (who, when) => `${who} wrote to you, on ${when}.`,
    next: "The message is read in your record, not in this mail.",
  },
  "patient-message": {
    subject: "A patient wrote to you",
    lead: (_who, when) => `One of your patients wrote to you, on ${when}.`,
    next: "The message is read in the record, from your software.",
  },
  appointment: {
    subject: "A reminder from your agenda",
    lead: (_who, when) => `Your agenda holds a reminder for ${when}.`,
    next: "The details are in the agenda of your record.",
  },
  service: {
    subject: "The services connected to your record",
    lead: (_who, when, count) =>
      count === 1
        ? `A service is connected to your record, as of ${when}.`
        : `Services are connected to your record, as of ${when}.`,
    next: "You can see what you allow them, and take it back, from your record.",
  },
  examination: {
    subject: "A prevention reminder",
    lead: (_who, when) => `A prevention reminder was added to your agenda, on ${when}.`,
    next: "The details are in the agenda of your record.",
  },
  alert: {
    subject: "A document you wait for has come",
    lead: (_who, when) =>
      `A document of a type that you follow came into the record of one of your patients, on ${when}.`,
    next: "Read it from your software, in the list of the newest documents.",
  },
};
