import { defineStrings } from "../shared/define-strings.ts";

/** Words of `<carnet-deposit>`. */
export const depositStrings = defineStrings("deposit", {
  fr: {
    title: "Déposer un document",
    drop: "Glissez un fichier ici, ou",
    choose: "Choisir un fichier",
    another: "Choisir un autre fichier",
    formats: "PDF, JPEG, TIFF, texte, RTF ou CDA (XML), 40 Mo au plus.",
    file: (name: string, size: string) => `${name}, ${size}`,
    kilobytes: (size: string) => `${size}\u00a0ko`,
    megabytes: (size: string) => `${size}\u00a0Mo`,
    type: "Type de document",
    chooseType: "Choisissez un type",
    name: "Titre",
    date: "Date de l’acte",
    hide: "Masquer aux autres professionnels",
    hideFromPatient: "Ne pas montrer au patient avant la consultation d’annonce",
    fromDocument: "Type, titre, date et auteur sont lus dans le document.",
    send: "Déposer dans le dossier",
    sending: "Dépôt en cours…",
    done: "Document déposé",
    alreadyThere: "Ce document était déjà dans le dossier : rien n’a été ajouté.",
    receipt: "Accusé de réception",
    receivedAt: "Reçu le",
    number: "Identifiant unique",
    next: "Déposer un autre document",
    failed: "Le document n’a pas été déposé.",
    keep: "Rien n’est perdu : corrigez ou réessayez, le même document ne sera jamais déposé deux fois.",
    required: (label: string) => `${label} : à renseigner.`,
    futureDate: "La date de l’acte ne peut pas être dans le futur.",
    tooLarge: "Ce fichier dépasse 40 Mo.",
    empty: "Ce fichier est vide.",
    unsupported:
      "Ce format n’est pas accepté par le dossier. Déposez un PDF, une image JPEG ou TIFF, un texte, un RTF ou un CDA.",
    badCda: "Ce document XML n’est pas un CDA lisible. Rien n’a été envoyé.",
    noAuthor:
      "Le logiciel n’a pas indiqué qui dépose. Seul un document CDA, qui porte son auteur, peut être déposé ici.",
    noIdentity: "L’identité du patient est incomplète : ce fichier ne peut pas être rattaché avec certitude.",
    wrongPatient: "Ce document concerne une autre personne. Il ne peut pas être déposé dans ce dossier.",
    doubtful: "Certains traits d’identité du document diffèrent de ceux du dossier :",
    confirm: "J’ai vérifié : ce document concerne bien ce patient",
    sensitive: (subjects: string) => `Document sensible : ${subjects}.`,
    sensitiveAsk:
      "Demandez au patient s’il accepte que ce document soit dans son dossier, et s’il veut le masquer. Rien n’a encore été déposé.",
    acknowledge: "Le patient a été consulté : déposer",
    subjects: {
      genetics: "génétique",
      psychiatry: "psychiatrie",
      hiv: "VIH",
      abortion: "interruption de grossesse",
    },
    traits: {
      ins: "matricule INS",
      birthName: "nom de naissance",
      usedName: "nom utilisé",
      birthGivenNames: "prénoms de naissance",
      firstGivenName: "premier prénom",
      usedGivenName: "prénom utilisé",
      sex: "sexe",
      birthDate: "date de naissance",
      birthPlaceCode: "lieu de naissance",
    },
  },
  en: {
    title: "Deposit a document",
    drop: "Drop a file here, or",
    choose: "Choose a file",
    another: "Choose another file",
    formats: "PDF, JPEG, TIFF, text, RTF or CDA (XML), 40 MB at most.",
    file: (name, size) => `${name} (${size})`,
    kilobytes: (size) => `${size}\u00a0kB`,
    megabytes: (size) => `${size}\u00a0MB`,
    type: "Kind of document",
    chooseType: "Choose a kind",
    name: "Title",
    date: "Date of the act",
    hide: "Hide from other professionals",
    hideFromPatient: "Do not show to the patient before the announcement consultation",
    fromDocument: "Kind, title, date and author are read from the document.",
    send: "Deposit in the record",
    sending: "Depositing…",
    done: "Document deposited",
    alreadyThere: "This document was already in the record: nothing was added.",
    receipt: "Receipt",
    receivedAt: "Received on",
    number: "Unique identifier",
    next: "Deposit another document",
    failed: "The document was not deposited.",
    keep: "Nothing is lost: correct or try again, the same document is never deposited twice.",
    required: (label) => `${label}: required.`,
    futureDate: "The date of the act cannot be in the future.",
    tooLarge: "This file exceeds 40 MB.",
    empty: "This file is empty.",
    unsupported: "The record does not take this format. Deposit a PDF, a JPEG or TIFF image, a text, an RTF or a CDA.",
    badCda: "This XML document is not a readable CDA. Nothing was sent.",
    noAuthor:
      "The software did not say who deposits. Only a CDA document, which carries its author, can be deposited here.",
    noIdentity: "The patient’s identity is incomplete: this file cannot be attached with certainty.",
    wrongPatient: "This document is about somebody else. It cannot be deposited in this record.",
    doubtful: "Some identity traits of the document differ from those of the record:",
    confirm: "I checked: this document is about this patient",
    sensitive: (subjects) => `Sensitive document: ${subjects}.`,
    sensitiveAsk:
      "Ask the patient whether it may be in their record, and whether to hide it. Nothing has been deposited yet.",
    acknowledge: "The patient was asked: deposit",
    subjects: {
      genetics: "genetics",
      psychiatry: "psychiatry",
      hiv: "HIV",
      abortion: "termination of pregnancy",
    },
    traits: {
      ins: "INS number",
      birthName: "birth name",
      usedName: "name used",
      birthGivenNames: "birth given names",
      firstGivenName: "first given name",
      usedGivenName: "given name used",
      sex: "sex",
      birthDate: "date of birth",
      birthPlaceCode: "place of birth",
    },
  },
});

export type DepositStrings = (typeof depositStrings)["tables"]["fr"];
/** What keeps a chosen file from being sent; each is a sentence of the table. */
export type DepositObstacle =
  | "tooLarge"
  | "empty"
  | "unsupported"
  | "badCda"
  | "noAuthor"
  | "noIdentity"
  | "wrongPatient";
