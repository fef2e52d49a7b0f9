/** French texts of the pages that are only read: first steps, and what becomes of data. */
export const frenchPages = {
  "welcome.title": "Premiers pas avec Carnet",
  "welcome.text":
    "« Envoyer au dossier » dépose dans le dossier médical partagé le document que votre outil affiche, pour le bon patient, sans le saisir deux fois.",
  "welcome.steps": "En quatre gestes",
  "welcome.pin": "Épinglez le bouton de Carnet dans la barre du navigateur.",
  "welcome.show": "Affichez un document : PDF, image, compte rendu, page de résultats.",
  "welcome.click": "Cliquez sur le bouton, ou faites un clic droit puis « Envoyer au dossier ».",
  "welcome.click.shortcut":
    "Cliquez sur le bouton ou tapez {shortcut}, ou faites un clic droit puis « Envoyer au dossier ».",
  "welcome.check": "Vérifiez le patient et le document, puis envoyez. Vous avez quelques secondes pour annuler.",
  "welcome.service": "Service du dossier : {service}",
  "welcome.never": "Ce que Carnet ne fait jamais",
  "welcome.never.wrong": "Envoyer un document dont le patient n’est pas celui du dossier.",
  "welcome.never.read": "Lire une page sans un clic de votre part.",
  "welcome.never.lost": "Perdre un document : sans réseau, il attend, chiffré, sur ce poste.",

  "privacy.title": "Ce que Carnet fait des données",
  "privacy.text":
    "Cette extension envoie des documents de santé au service du dossier ({service}). Elle ne sert à rien d’autre.",
  "privacy.read": "Ce qui est lu",
  "privacy.read.click": "Une page n’est lue qu’à votre clic, et seulement celle-là. Rien n’est ajouté aux pages.",
  "privacy.read.what": "Le document, et l’identité du patient que la page affiche autour de lui.",
  "privacy.read.hosts":
    "Relire certains documents demande votre accord pour l’adresse de l’outil ; vous pouvez le retirer dans les réglages.",
  "privacy.read.downloads": "La liste des téléchargements n’est lue qu’à votre demande, et avec votre accord.",
  "privacy.sent": "Ce qui est envoyé, et à qui",
  "privacy.sent.record":
    "Le document, sa description et votre identité de professionnel : au service du dossier, et à lui seul.",
  "privacy.sent.nobody": "Ni statistique, ni publicité, ni mesure d’audience, ni envoi à un tiers.",
  "privacy.kept": "Ce qui reste sur ce poste",
  "privacy.kept.queue":
    "Un document qui attend son envoi est chiffré avec une clé que rien ne peut exporter, et détruit dès que le dossier l’a reçu.",
  "privacy.kept.receipt":
    "Un reçu sans contenu médical, et une empreinte chiffrée qui sert à reconnaître une nouvelle version.",
  "privacy.kept.session":
    "Votre session, en mémoire seulement : elle disparaît avec le navigateur ou après un temps sans geste.",
  "privacy.kept.settings": "Vos réglages : adresse du service, langue et adaptateurs écrits ici.",
  "privacy.erase": "Effacer",
  "privacy.erase.wipe": "Dans « Envois », « tout effacer de mes envois » retire de ce poste tout ce qui est à vous.",
  "privacy.erase.remove": "Retirer l’extension du navigateur efface le reste. Ce qui est dans le dossier y demeure.",
} as const;
