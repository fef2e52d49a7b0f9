/** Words of the playground, French first. */
export type Locale = "fr" | "en";

/** French for everybody but readers of English. */
export const localeOfReader = (): Locale => (navigator.language.startsWith("en") ? "en" : "fr");

const fr = {
  title: "Terrain d’essai – Carnet",
  skip: "Aller au panneau",
  documentation: "Documentation",
  heading: "Terrain d’essai du panneau",
  intro:
    "Réglez les attributs, changez de patient, regardez les événements, copiez le code. Tous les patients sont fictifs.",
  who: "Qui regarde qui",
  patient: "Patient fictif",
  reader: "Professionnel connecté",
  attributes: "Attributs",
  width: "Largeur donnée au panneau",
  widths: { full: "Toute la place", wide: "900 px", side: "320 px" },
  locale: "Langue",
  theme: "Thème",
  density: "Densité",
  headingLevel: "Niveau des titres",
  newSince: "Dernière visite",
  byDefault: "par défaut",
  dispatchCentre: "Centre de régulation (SAMU)",
  holdDocuments: "La page ouvre elle-même les documents (preventDefault)",
  panel: "Le panneau",
  snippet: "Le code de cette page",
  copy: "Copier le code",
  copied: "Code copié.",
  notCopied: "La copie a été refusée : le code est sélectionné, copiez-le au clavier.",
  tokenComment: [
    "Dans votre logiciel : le jeton de la personne connectée (fonction appelée à chaque requête).",
    "Ici, celui d’un compte fictif, que la démonstration ne donne qu’à ses propres pages.",
  ],
  openComment: "Votre page ouvre le document elle-même.",
  events: "Événements",
  noEvent: "Aucun événement pour l’instant.",
  cutEvents: (shown: number, all: number) => `Les ${shown} derniers événements sur ${all}.`,
  clear: "Effacer la liste",
  cleared: "Liste effacée.",
  prevented: "retenu par la page",
  failed: "La démonstration ne répond pas : rechargez la page quand elle est démarrée.",
};

export type PlaygroundWords = typeof fr;

const en: PlaygroundWords = {
  title: "Playground – Carnet",
  skip: "Skip to the panel",
  documentation: "Documentation",
  heading: "Playground of the panel",
  intro: "Set attributes, change patient, watch the events, copy the code. All patients are fictitious.",
  who: "Who looks at whom",
  patient: "Fictitious patient",
  reader: "Professional signed in",
  attributes: "Attributes",
  width: "Width given to the panel",
  widths: { full: "All there is", wide: "900 px", side: "320 px" },
  locale: "Language",
  theme: "Theme",
  density: "Density",
  headingLevel: "Heading level",
  newSince: "Last look",
  byDefault: "default",
  dispatchCentre: "Dispatch centre (SAMU)",
  holdDocuments: "The page opens documents itself (preventDefault)",
  panel: "The panel",
  snippet: "The code of this page",
  copy: "Copy the code",
  copied: "Code copied.",
  notCopied: "Copying was refused: the code is selected, copy it by keyboard.",
  tokenComment: [
    "In your software: the token of whoever is signed in (a function, called for each request).",
    "Here that of a fictitious account, which the demo gives to its own pages only.",
  ],
  openComment: "Your page opens the document itself.",
  events: "Events",
  noEvent: "No event yet.",
  cutEvents: (shown, all) => `The last ${shown} events of ${all}.`,
  clear: "Clear the list",
  cleared: "List cleared.",
  prevented: "held back by the page",
  failed: "The demo does not answer: load this page again once it is started.",
};

export const playgroundWords: Readonly<Record<Locale, PlaygroundWords>> = { fr, en };
