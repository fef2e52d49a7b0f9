/** What the sign-in pages say. French first; both languages change together. */

const fr = {
  language: "fr",
  otherLanguage: "English",
  product: "Carnet",
  tagline: "Le dossier médical partagé, à portée de main.",
  patientTitle: "Ouvrir mon carnet",
  patientLead: "Votre identifiant et votre mot de passe, puis un code reçu par courriel.",
  professionalTitle: "Espace des professionnels",
  professionalLead: "Identifiez-vous avec votre carte de démonstration et son code.",
  login: "Identifiant",
  password: "Mot de passe",
  card: "Numéro de carte",
  pin: "Code de la carte (4 chiffres)",
  submit: "Continuer",
  signIn: "Se connecter",
  cancel: "Annuler",
  codeTitle: "Votre code à six chiffres",
  codeLead: "Nous venons de l’envoyer par courriel. Il reste valable 10 minutes.",
  code: "Code reçu",
  resend: "Recevoir un nouveau code",
  restart: "Recommencer avec un autre identifiant",
  resent: "Un nouveau code vient de partir.",
  openMailbox: "Ouvrir la boîte aux lettres de démonstration",
  newTab: "(nouvel onglet)",
  demoTitle: "Comptes fictifs",
  demoLead: "Démonstration : choisissez une personne, le formulaire se remplit.",
  demoFilled: "Formulaire rempli pour",
  wrongCredentials: "Identifiant ou mot de passe inconnu. Vérifiez les deux, puis réessayez.",
  wrongCard: "Carte ou code inconnu. Vérifiez les deux, puis réessayez.",
  locked: "Trop d’essais. Par sécurité, attendez 15 minutes avant de réessayer.",
  wrongCode: "Ce code n’est pas le bon. Vérifiez les six chiffres.",
  codeSpent: "Trop d’essais avec ce code. Recommencez depuis le début.",
  codeExpired: "Ce code n’est plus valable. Demandez-en un nouveau.",
  resendTooSoon: "Patientez 30 secondes avant de demander un nouveau code.",
  resendLimit: "Plus aucun code ne peut être envoyé. Recommencez depuis le début.",
  missing: "Remplissez ce champ.",
  errorPrefix: "Erreur :",
  mailDown: "Le courriel n’a pas pu partir. Réessayez dans un instant.",
  patientPrivacy: "Aucune donnée de santé n’apparaît sur cette page ni dans le courriel.",
  professionalPrivacy: "Chaque accès à un dossier est inscrit dans la liste que le patient peut lire.",
  expiredTitle: "Cette page a expiré",
  expiredLead: "Retournez à l’application et recommencez la connexion.",
  errorTitle: "La connexion n’a pas abouti",
  errorLead: "Retournez à l’application et recommencez. Si cela continue, prévenez votre éditeur avec ce code :",
  logoutTitle: "Se déconnecter ?",
  logoutLead: "Vous devrez vous identifier de nouveau pour rouvrir le dossier.",
  logoutYes: "Se déconnecter",
  logoutNo: "Rester connecté",
  loggedOutTitle: "Vous êtes déconnecté",
  loggedOutLead: "Vous pouvez fermer cette page.",
  signedInTitle: "Vous êtes connecté",
  signedInLead: "L’extension reprend la main. Cette page peut être fermée.",
  codeMailSubject: "Votre code de connexion à Carnet",
  codeMail: (code: string) =>
    [
      "Bonjour,",
      "",
      `Votre code de connexion : ${code}`,
      "",
      "Il reste valable 10 minutes et ne sert qu’une fois.",
      "Si vous n’avez rien demandé, ignorez ce message et ne donnez ce code",
      "à personne : nous ne vous le demanderons jamais.",
      "",
      "Carnet",
    ].join("\n"),
};

export type Strings = typeof fr;

const en: Strings = {
  language: "en",
  otherLanguage: "Français",
  product: "Carnet",
  tagline: "The shared medical record, within reach.",
  patientTitle: "Open my record",
  patientLead: "Your user name and password, then a code sent by e-mail.",
  professionalTitle: "Health professionals",
  professionalLead: "Identify yourself with your demonstration card and its PIN.",
  login: "User name",
  password: "Password",
  card: "Card number",
  pin: "PIN of the card (4 digits)",
  submit: "Continue",
  signIn: "Sign in",
  cancel: "Cancel",
  codeTitle: "Your six-digit code",
  codeLead: "We have just sent it by e-mail. It is valid for 10 minutes.",
  code: "Code received",
  resend: "Send a new code",
  restart: "Start again with another user name",
  resent: "A new code is on its way.",
  openMailbox: "Open the demonstration mailbox",
  newTab: "(new tab)",
  demoTitle: "Fictitious accounts",
  demoLead: "Demonstration: choose a person, the form fills itself in.",
  demoFilled: "Form filled in for",
  wrongCredentials: "Unknown user name or password. Check both, then try again.",
  wrongCard: "Unknown card or PIN. Check both, then try again.",
  locked: "Too many attempts. For safety, wait 15 minutes before trying again.",
  wrongCode: "This is not the right code. Check the six digits.",
  codeSpent: "Too many attempts with this code. Start again from the beginning.",
  codeExpired: "This code is no longer valid. Ask for a new one.",
  resendTooSoon: "Wait 30 seconds before asking for a new code.",
  resendLimit: "No more codes can be sent. Start again from the beginning.",
  missing: "Fill in this field.",
  errorPrefix: "Error:",
  mailDown: "The e-mail could not be sent. Try again in a moment.",
  patientPrivacy: "No health data appears on this page or in the e-mail.",
  professionalPrivacy: "Each access to a record is written in the list that the patient can read.",
  expiredTitle: "This page has expired",
  expiredLead: "Go back to the application and start signing in again.",
  errorTitle: "Signing in did not work",
  errorLead: "Go back to the application and start again. If it goes on, tell your vendor this code:",
  logoutTitle: "Sign out?",
  logoutLead: "You will have to identify yourself again to reopen the record.",
  logoutYes: "Sign out",
  logoutNo: "Stay signed in",
  loggedOutTitle: "You are signed out",
  loggedOutLead: "You may close this page.",
  signedInTitle: "You are signed in",
  signedInLead: "The extension takes over. This page may be closed.",
  codeMailSubject: "Your code to sign in to Carnet",
  codeMail: (code) =>
    [
      "Hello,",
      "",
      `Your code to sign in: ${code}`,
      "",
      "It is valid for 10 minutes and works once.",
      "If you did not ask for it, ignore this message and give this code to",
      "nobody: we will never ask you for it.",
      "",
      "Carnet",
    ].join("\n"),
};

export type Locale = "fr" | "en";

export function stringsOf(locale: Locale): Strings {
  return locale === "en" ? en : fr;
}

/** First of our two languages that the reader accepts; French by default. */
export function localeOf(...preferences: readonly (string | undefined)[]): Locale {
  for (const preference of preferences) {
    const found = preference
      ?.split(/[,\s]+/)
      .map((tag) => tag.slice(0, 2).toLowerCase())
      .find((tag) => tag === "fr" || tag === "en");
    if (found === "fr" || found === "en") return found;
  }
  return "fr";
}
