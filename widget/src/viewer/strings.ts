import { defineStrings } from "../shared/locale.ts";

/** Words of `<carnet-document>`. */
export const viewerStrings = defineStrings({
  fr: {
    loading: "Ouverture du document…",
    failed: "Le document n’a pas pu être ouvert.",
    unreadable:
      "Ce document est abîmé ou n’est pas conforme : son contenu ne peut pas être affiché. Vous pouvez le télécharger.",
    unknownFormat: (format: string) => `Format non affichable ici : ${format}. Vous pouvez le télécharger.`,
    download: "Télécharger",
    header: "Toutes les mentions de l’en-tête",
    author: "Auteur",
    date: "Créé le",
    act: "Acte du",
    type: "Type",
    marks: "Visibilité",
    file: (title: string) => `Document : ${title}`,
    pageOf: (page: number, pages: number) => `Page ${page} sur ${pages}`,
    allPages: (pages: number) => `Afficher les ${pages} pages`,
    readPages: "Afficher page par page ici",
    attachment: "Pièce jointe au document",
    missingAttachment: "Pièce jointe absente du document",
    openAttachment: (name: string) => `Télécharger la pièce jointe ${name}`,
    contents: "Sommaire",
    noContent: "Ce document ne contient pas de texte.",
    untitledSection: "Partie sans titre",
    image: (title: string) => `Image du document ${title}`,
    otherPerson:
      "Attention : ce document porte le matricule INS d’une autre personne que le patient affiché. Signalez-le à son auteur.",
    superseded: "Une version plus récente de ce document existe.",
    none: "Aucun document choisi.",
  },
  en: {
    loading: "Opening the document…",
    failed: "The document could not be opened.",
    unreadable: "This document is damaged or not conformant: its content cannot be shown. You can download it.",
    unknownFormat: (format) => `This format cannot be shown here: ${format}. You can download it.`,
    download: "Download",
    header: "All header entries",
    author: "Author",
    date: "Created on",
    act: "Act of",
    type: "Kind",
    marks: "Visibility",
    file: (title) => `Document, ${title}`,
    pageOf: (page, pages) => `Page ${page} of ${pages}`,
    allPages: (pages) => `Show all ${pages} pages`,
    readPages: "Show page by page here",
    attachment: "Attachment of the document",
    missingAttachment: "Attachment missing from the document",
    openAttachment: (name) => `Download the attachment ${name}`,
    contents: "Contents",
    noContent: "This document holds no text.",
    untitledSection: "Untitled part",
    image: (title) => `Image of the document ${title}`,
    otherPerson:
      "Warning: this document carries the INS number of somebody other than the patient shown. Tell its author.",
    superseded: "A newer version of this document exists.",
    none: "No document chosen.",
  },
});

export type ViewerStrings = (typeof viewerStrings)["fr"];
