/** What the patient page says, in French then in English. Plain words: no jargon, no code. */

export type Locale = "fr" | "en";

/** `de Noé`, `d'Inès`. */
export const from = (name: string) => (/^[aeiouyhéèêàâîôœ]/i.test(name) ? `d'${name}` : `de ${name}`);

const fr = {
  name: "Mon carnet",
  skip: "Aller au contenu",
  language: "Langue",
  signIn: "Me connecter",
  signOut: "Me déconnecter",
  person: "Carnet de",
  representing: {
    representative: (name: string) => `Carnet ${from(name)}, que vous représentez.`,
    carer: (name: string) => `Carnet ${from(name)}, que vous aidez. Vous lisez, sans rien changer.`,
    heir: (name: string) => `Carnet ${from(name)}, dont vous êtes ayant droit.`,
  },
  printed: (name: string, birth: string, day: string) =>
    `Carnet ${from(name)}. Naissance : ${birth}. Imprimé le ${day}.`,
  tabs: {
    health: "Ma santé",
    documents: "Mes documents",
    access: "Qui a regardé",
    people: "Qui peut regarder",
    messages: "Messages",
    agenda: "Agenda",
    settings: "Réglages",
  },
  left: ["Vous êtes déconnecté", "Le service ne répond pas. Rien de votre carnet ne reste sur cette page."],
  loading: "Chargement…",
  retry: "Réessayer",
  showAll: (count: number) => `Tout afficher (${count})`,
  shownOf: (shown: number, count: number) => `${shown} sur ${count}`,
  showMore: (count: number) => `Afficher ${count} de plus`,
  close: "Fermer",
  cancel: "Annuler",
  confirm: "Confirmer",
  document: "Document affiché",
  save: "Enregistrer",
  menu: "Menu",
  undo: "Annuler ce changement",
  unknown: "Non renseigné",
  landing: {
    title: "Votre santé réunie, et vous savez qui la regarde.",
    lead: "Carnet rassemble ce que vos soignants écrivent sur votre santé : ordonnances, résultats, comptes rendus. Vous le lisez, vous décidez qui peut le lire, et vous voyez qui l'a fait.",
    points: [
      [
        "Tout au même endroit",
        "Votre médecin, l'hôpital, le laboratoire et la pharmacie déposent leurs documents dans un seul carnet.",
      ],
      [
        "L'essentiel en un coup d'œil",
        "Allergies, traitements, vaccins, derniers résultats. Chaque information montre le document d'où elle vient.",
      ],
      [
        "Vous gardez la main",
        "Vous pouvez cacher un document, retirer un accès, et lire le journal de chaque consultation.",
      ],
    ],
    try: "Pour essayer",
    tryText: "Tout est fictif ici : les personnes, les soignants, les documents.",
    account: "Identifiant",
    password: "Mot de passe",
    code: "Un code à usage unique arrive dans la boîte aux lettres d'essai.",
    links: {
      practice: ["Logiciel de cabinet", "Ce que voit un médecin."],
      hospital: ["Logiciel d'hôpital", "D'où partent les documents."],
      mailbox: ["Boîte aux lettres", "Les messages envoyés aux patients."],
      docs: ["Documentation", "Pour les éditeurs de logiciels."],
    },
    extension: "L'extension de navigateur",
    extensionText:
      "Elle envoie un document depuis n'importe quelle page. Dans Chromium : ouvrez chrome://extensions, activez le mode développeur, choisissez « Charger l'extension non empaquetée », puis le dossier",
  },
  failed: {
    offline: ["Vous êtes hors connexion", "Vérifiez votre accès à internet, puis réessayez."],
    unanswered: ["Le service ne répond pas", "Réessayez dans un instant."],
    forbidden: [
      "Vous n'avez pas accès à ce carnet",
      "Seule la personne concernée ou son représentant légal peut l'ouvrir.",
    ],
    expired: ["Votre session est terminée", "Connectez-vous de nouveau pour continuer."],
    other: ["Ceci n'a pas pu être chargé", "Le reste de votre carnet n'est pas touché. Réessayez dans un instant."],
    signIn: ["La connexion n'a pas abouti", "Réessayez. Si cela recommence, le service est peut-être arrêté."],
  },
  /** The same, when a change was asked for: the first word is that nothing was changed, where that is known. */
  unchanged: {
    offline: "Rien n'a changé : vous êtes hors connexion. Réessayez quand internet sera revenu.",
    unanswered:
      "Pas de réponse : nous ne savons pas si votre demande est enregistrée. Regardez ce qui est affiché avant de recommencer.",
    forbidden: "Rien n'a changé : vous n'avez pas le droit de faire ceci dans ce carnet.",
    expired: "Rien n'a changé : votre session est terminée. Connectez-vous de nouveau.",
    other: "Rien n'a changé : votre demande n'a pas pu être enregistrée. Réessayez dans un instant.",
  },
  record: {
    none: [
      "Vous n'avez pas de carnet",
      "Vous vous êtes opposé à son ouverture, ou il n'a pas encore été créé. Rien n'est conservé ici.",
    ],
    closed: ["Votre carnet est fermé", "Plus personne ne peut le lire. Son contenu est gardé dix ans, puis détruit."],
  },
  health: {
    title: (of?: string) => (of ? `La santé ${from(of)}` : "Ma santé en bref"),
    intro: "Ce que vos soignants ont écrit, rassemblé. Chaque ligne ouvre le document d'où elle vient.",
    sections: {
      allergies: "Allergies",
      medicines: "Traitements en cours",
      problems: "Maladies suivies",
      vaccines: "Vaccins",
      results: "Derniers résultats",
      history: "Dans le passé",
      followUp: "À prévoir avec votre médecin",
    },
    followUpBasis: "D'après les documents de votre carnet : un examen ou un vaccin a pu être fait sans y figurer.",
    empty: "Rien n'est noté ici.",
    denied: {
      allergies: "Aucune allergie connue.",
      medicines: "Aucun traitement en cours.",
      problems: "Aucune maladie suivie.",
    },
    serious: "Réaction grave",
    marks: {
      unconfirmed: "À confirmer",
      former: "N'est plus d'actualité",
      paused: "En pause",
      forbidden: "À ne pas prendre",
      proposed: "Proposé, pas prescrit",
      planned: "Pas encore commencé",
      interrupted: "Interrompu",
      provisional: "Résultat provisoire",
    },
    values: {
      yes: "Oui",
      no: "Non",
      comparators: { "<": "moins de", "<=": "au plus", ">": "plus de", ">=": "au moins" },
      internationalUnit: "UI",
      between: (low: string, high: string) => `de ${low} à ${high}`,
      howInDocument: "comment le prendre : voir le document",
    },
    source: "Voir le document",
    since: (date: string) => `depuis ${date}`,
    caution: "Cette page ne remplace pas l'avis d'un soignant.",
  },
};

type Strings = typeof fr;

const en: Strings = {
  name: "My record",
  skip: "Skip to content",
  language: "Language",
  signIn: "Sign in",
  signOut: "Sign out",
  person: "Record of",
  representing: {
    representative: (name) => `Record of ${name}, whom you represent.`,
    carer: (name) => `Record of ${name}, whom you help. You read, and change nothing.`,
    heir: (name) => `Record of ${name}, whose heir you are.`,
  },
  printed: (name, birth, day) => `Record of ${name}. Born: ${birth}. Printed on ${day}.`,
  tabs: {
    health: "My health",
    documents: "My documents",
    access: "Who looked",
    people: "Who may look",
    messages: "Mail",
    agenda: "Diary",
    settings: "Settings",
  },
  left: ["You are signed out", "The service does not answer. Nothing of your record stays on this page."],
  loading: "Loading…",
  retry: "Try again",
  showAll: (count) => `Show all (${count})`,
  shownOf: (shown, count) => `${shown} of ${count}`,
  showMore: (count) => `Show ${count} more`,
  close: "Close",
  cancel: "Cancel",
  confirm: "Confirm",
  document: "Document shown",
  save: "Save",
  menu: "Sections",
  undo: "Undo this change",
  unknown: "Not recorded",
  landing: {
    title: "Your health in one place, and you know who looks at it.",
    lead: "Carnet brings together what those who care for you write: prescriptions, results, reports. You read it, you decide who may read it, and you see who did.",
    points: [
      [
        "Everything in one place",
        "Your doctor, the hospital, the laboratory and the pharmacy put their documents in a single record.",
      ],
      [
        "What matters at a glance",
        "Allergies, treatments, vaccines, latest results. Each line shows the document it comes from.",
      ],
      ["You stay in control", "You can hide a document, take back an access, and read the log of every visit."],
    ],
    try: "Try it",
    tryText: "Everything here is fictitious: people, professionals, documents.",
    account: "User name",
    password: "Password",
    code: "A one-time code arrives in the trial mailbox.",
    links: {
      practice: ["Practice software", "What a doctor sees."],
      hospital: ["Hospital software", "Where documents leave from."],
      mailbox: ["Mailbox", "The messages sent to patients."],
      docs: ["Documentation", "For software vendors."],
    },
    extension: "The browser extension",
    extensionText:
      "It sends a document from any page. In Chromium: open chrome://extensions, switch developer mode on, choose “Load unpacked”, then the folder",
  },
  failed: {
    offline: ["You are offline", "Check your connection, then try again."],
    unanswered: ["The service does not answer", "Try again in a moment."],
    forbidden: ["You may not open this record", "Only the person concerned or their legal representative can open it."],
    expired: ["Your session has ended", "Sign in again to go on."],
    other: ["This could not be loaded", "The rest of your record is untouched. Try again in a moment."],
    signIn: ["Sign-in did not succeed", "Try again. If it happens again, the service may be stopped."],
  },
  unchanged: {
    offline: "Nothing has changed: you are offline. Try again when the internet is back.",
    unanswered:
      "No answer came: we do not know whether what you asked is saved. Look at what is shown before you try again.",
    forbidden: "Nothing has changed: you may not do this in this record.",
    expired: "Nothing has changed: your session has ended. Sign in again.",
    other: "Nothing has changed: what you asked could not be saved. Try again in a moment.",
  },
  record: {
    none: ["You have no record", "You objected to its opening, or it has not been created yet. Nothing is kept here."],
    closed: [
      "Your record is closed",
      "Nobody can read it any more. Its content is kept for ten years, then destroyed.",
    ],
  },
  health: {
    title: (of) => (of ? `The health of ${of}` : "My health in short"),
    intro: "What those who care for you wrote, brought together. Each line opens the document it comes from.",
    sections: {
      allergies: "Allergies",
      medicines: "Current treatments",
      problems: "Conditions followed",
      vaccines: "Vaccines",
      results: "Latest results",
      history: "In the past",
      followUp: "To plan with your doctor",
    },
    followUpBasis: "From the documents of your record: a test or a vaccine may have been done without being in it.",
    empty: "Nothing is noted here.",
    denied: {
      allergies: "No known allergy.",
      medicines: "No current treatment.",
      problems: "No condition followed.",
    },
    serious: "Serious reaction",
    marks: {
      unconfirmed: "To be confirmed",
      former: "No longer current",
      paused: "On hold",
      forbidden: "Do not take",
      proposed: "Proposed, not prescribed",
      planned: "Not begun yet",
      interrupted: "Interrupted",
      provisional: "Provisional result",
    },
    values: {
      yes: "Yes",
      no: "No",
      comparators: { "<": "less than", "<=": "at most", ">": "more than", ">=": "at least" },
      internationalUnit: "IU",
      between: (low, high) => `${low} to ${high}`,
      howInDocument: "how to take it: see the document",
    },
    source: "See the document",
    since: (date) => `since ${date}`,
    caution: "This page does not replace a professional's advice.",
  },
};

export const strings: Readonly<Record<Locale, Strings>> = { fr, en };
export type { Strings };
