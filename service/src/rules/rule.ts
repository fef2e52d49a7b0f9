/** The numbers of rules.md that a verdict may carry, and what each says to the caller, in French and English. */

/** What a refusal says. No value of the record, no hint of what is hidden. */
export interface RuleText {
  readonly fr: string;
  readonly en: string;
}

export const ruleTexts = {
  R2: {
    fr: "Le dossier s'ouvre six semaines après l'information de la personne, sauf opposition.",
    en: "The record opens six weeks after the person was told, unless they oppose.",
  },
  R3: {
    fr: "La personne s'est opposée à l'ouverture du dossier.",
    en: "The person opposed the opening of the record.",
  },
  R7: {
    fr: "Un logiciel n'ouvre pas de dossier : seule la personne le demande.",
    en: "Software opens no record: only the person asks for it.",
  },
  R9: {
    fr: "Un mineur n'a pas d'accès propre : son représentant légal agit pour lui.",
    en: "A minor has no access of their own: the legal representative acts for them.",
  },
  R10: {
    fr: "Seul le parent auquel l'enfant est rattaché ouvre son dossier et invite l'autre titulaire de l'autorité parentale.",
    en: "Only the parent to whom the child is attached opens the record and invites the other holder of parental authority.",
  },
  R12: {
    fr: "La connexion secrète concerne les patients mineurs.",
    en: "A secret connection is for patients who are minors.",
  },
  R13: {
    fr: "Le tuteur et le mandataire représentent la personne protégée ; le curateur l'assiste.",
    en: "A tutor and a protection mandatary represent the protected person; a curator assists.",
  },
  R14: {
    fr: "Un proche aidant ne gère ni le partage, ni les accès, ni la fermeture, ni le téléchargement du dossier.",
    en: "A carer manages neither the sharing, nor the accesses, nor the closure, nor the download of the record.",
  },
  R15: { fr: "Le dossier est fermé.", en: "The record is closed." },
  R16: {
    fr: "Ce dossier est rattaché à Mon espace santé : son titulaire fait cette démarche lui-même.",
    en: "This record is attached to Mon espace santé: its holder does this in person.",
  },
  R18: {
    fr: "Le dossier est suspendu par l'opérateur ; son titulaire peut s'y opposer.",
    en: "The record is suspended by the operator; its holder may object.",
  },
  R19: {
    fr: "Un dossier fermé est conservé dix ans, puis détruit.",
    en: "A closed record is kept for ten years, then destroyed.",
  },
  R20: {
    fr: "La suppression se demande pour un dossier fermé, par la personne ou son représentant légal.",
    en: "Deletion is asked for a closed record, by the person or the legal representative.",
  },
  R21: {
    fr: "Seul un dossier fermé, et pas encore détruit, se réactive.",
    en: "Only a record that is closed and not yet destroyed is re-activated.",
  },
  R22: {
    fr: "Le titulaire est décédé : le dossier est archivé, ses ayants droit s'adressent à l'opérateur.",
    en: "The holder has died: the record is archived, and the heirs turn to the operator.",
  },
  R23: {
    fr: "Les assureurs et les employeurs n'ont aucun accès au dossier.",
    en: "Insurers and employers have no access to the record.",
  },
  R25: { fr: "Données administratives du dossier.", en: "Administrative data of the record." },
  R31: {
    fr: "Cet identifiant n'est pas un INS accepté ici : INS de test hors démonstration, INS-C, INS-A ou autre.",
    en: "This identifier is not an INS accepted here: a test INS outside a demonstration, INS-C, INS-A or another.",
  },
  R34: { fr: "La clé du matricule INS est fausse.", en: "The key of the INS is wrong." },
  R36: {
    fr: "L'identité portée par le document est incomplète : nom et prénoms de naissance, premier prénom, sexe, date et code du lieu de naissance.",
    en: "The identity stated in the document is incomplete: birth name and given names, first given name, sex, date and place code of birth.",
  },
  R37: { fr: "Ce dépôt demande une identité INS qualifiée.", en: "This deposit needs a qualified INS." },
  R40: {
    fr: "L'identité portée par le document n'est pas celle du dossier.",
    en: "The identity stated in the document is not that of the record.",
  },
  R43: {
    fr: "La recherche sans INS est réservée au centre de régulation.",
    en: "Searching without INS is for the dispatch centre only.",
  },
  R50: { fr: "Cette profession ne consulte pas le dossier.", en: "This profession does not consult the record." },
  R51: {
    fr: "Le patient n'a pas encore autorisé ce professionnel : déclarez son consentement.",
    en: "The patient has not authorised this professional yet: declare the consent.",
  },
  R53: {
    fr: "Ce confrère doit déclarer lui-même l'accord du patient.",
    en: "This colleague must declare the patient's consent in person.",
  },
  R56: {
    fr: "L'autorisation a expiré : recueillez à nouveau le consentement du patient.",
    en: "The authorisation has expired: ask for the patient's consent again.",
  },
  R57: { fr: "Le dépôt ne demande pas d'autorisation.", en: "Depositing needs no authorisation." },
  R58: {
    fr: "Une structure ne déclare une autorisation que pour elle-même.",
    en: "A structure declares an authorisation for itself only.",
  },
  R59: { fr: "Le patient a bloqué l'accès de ce professionnel.", en: "The patient has blocked this professional." },
  R60: {
    fr: "Cette autorisation n'est pas accessible à ce compte.",
    en: "This authorisation is not open to this account.",
  },
  R61: {
    fr: "Ce compte ne peut pas retirer cette autorisation.",
    en: "This account cannot withdraw this authorisation.",
  },
  R62: { fr: "Droit du médecin traitant DMP.", en: "Right of the DMP referring doctor." },
  R64: {
    fr: "Le rôle de médecin traitant DMP est donné par le patient.",
    en: "The role of DMP referring doctor is given by the patient.",
  },
  R65: {
    fr: "Le médecin du travail alimente le dossier mais ne le consulte pas.",
    en: "An occupational doctor feeds the record and never consults it.",
  },
  R68: {
    fr: "Cette information s'adresse aux professionnels.",
    en: "This information is meant for professionals.",
  },
  R71: {
    fr: "Le bris de glace demande une justification (en-tête X-Reason).",
    en: "Breaking the glass needs a justification (header X-Reason).",
  },
  R72: {
    fr: "Ce mode d'accès est réservé au centre de régulation.",
    en: "This access mode is for the dispatch centre only.",
  },
  R73: {
    fr: "Le patient s'est opposé à ce mode d'accès en urgence.",
    en: "The patient has objected to this emergency access.",
  },
  R74: { fr: "Document non accessible en urgence.", en: "Document not available in emergency." },
  R75: {
    fr: "Cette action n'est pas possible dans un mode d'urgence.",
    en: "This action is not possible in an emergency mode.",
  },
  R77: {
    fr: "Un professionnel bloqué n'accède pas au dossier, même en urgence.",
    en: "A blocked professional has no access, even in emergency.",
  },
  R78: { fr: "Ce dossier n'est pas accessible à ce compte.", en: "This record is not open to this account." },
  R79: {
    fr: "Une structure dépose des documents mais ne consulte pas.",
    en: "An establishment deposits documents and does not consult.",
  },
  R80: { fr: "Matrice d'habilitations.", en: "Habilitation matrix." },
  R84: { fr: "Type de document inconnu.", en: "Unknown document type." },
  R85: { fr: "Document de l'auteur.", en: "The author's own document." },
  R86: {
    fr: "Lecture en urgence, hors matrice.",
    en: "Read in emergency, outside the matrix.",
  },
  R101: {
    fr: "Ce type de document n'appartient pas à cette classe.",
    en: "This type of document is not of this class.",
  },
  R102: {
    fr: "Un patient dépose des documents de patient (classe 90 ou type DOCPAT).",
    en: "A patient deposits patient documents (class 90 or a DOCPAT type).",
  },
  R108: { fr: "Ce compte ne peut pas déposer dans ce dossier.", en: "This account cannot deposit in this record." },
  R115: { fr: "Un document déposé ne change pas.", en: "A stored document never changes." },
  R116: {
    fr: "Cet identifiant de document est déjà utilisé pour un autre contenu.",
    en: "This document identifier is already used for another content.",
  },
  R117: {
    fr: "Seul l'auteur ou sa structure remplace un document en vigueur.",
    en: "Only the author or the author's structure replaces a current document.",
  },
  R119: {
    fr: "Seuls l'auteur et le médecin traitant DMP archivent ce document.",
    en: "Only the author and the DMP referring doctor archive this document.",
  },
  R120: {
    fr: "Seuls l'auteur et sa structure suppriment un document.",
    en: "Only the author and the author's structure delete a document.",
  },
  R121: {
    fr: "Seuls le patient et le médecin traitant DMP suppriment un document du patient.",
    en: "Only the patient and the DMP referring doctor delete a patient's document.",
  },
  R122: {
    fr: "Le patient peut masquer un document de professionnel, pas le supprimer.",
    en: "A patient may hide a professional's document, not delete it.",
  },
  R123: {
    fr: "Ce format ou cette taille n'est pas accepté d'un patient (5 Mo au plus).",
    en: "This format or size is not accepted from a patient (at most 5 MB).",
  },
  R124: {
    fr: "Seuls le statut, la confidentialité et l'archivage d'un document se modifient.",
    en: "Only the status, the confidentiality and the archiving of a document may be changed.",
  },
  R140: { fr: "Codes de confidentialité.", en: "Confidentiality codes." },
  R141: {
    fr: "Ces masquages ensemble ne laisseraient que l'auteur lire le document.",
    en: "These restrictions together would leave only the author to read the document.",
  },
  R142: { fr: "Ce compte ne peut pas masquer ce document.", en: "This account cannot hide this document." },
  R143: {
    fr: "Seuls le patient, le médecin traitant DMP et l'auteur démasquent un document.",
    en: "Only the patient, the DMP referring doctor and the author unhide a document.",
  },
  R144: { fr: "Document non accessible.", en: "Document not available." },
  R146: {
    fr: "Ce réglage appartient au patient et à ses représentants.",
    en: "This setting belongs to the patient and their representatives.",
  },
  R148: { fr: "Document non encore accessible.", en: "Document not available yet." },
  R149: {
    fr: "Un document visible du patient ne peut pas lui être rendu invisible.",
    en: "A document that the patient can see cannot be made invisible to them.",
  },
  R150: {
    fr: "Une structure ne modifie pas un document : elle dépose une nouvelle version.",
    en: "An establishment does not change a document: it deposits a new version.",
  },
  R152: {
    fr: "Ce compte ne peut pas changer la visibilité pour les représentants légaux.",
    en: "This account cannot change the visibility for legal representatives.",
  },
  R166: {
    fr: "Ce compte ne peut pas écrire ce message : le professionnel écrit le premier, sauf une pharmacie où le patient est déjà venu.",
    en: "This account cannot write this message: the professional writes first, except to a pharmacy that the patient has been to.",
  },
  R167: { fr: "L'agenda n'est pas accessible à ce compte.", en: "The agenda is not open to this account." },
  R168: {
    fr: "Le patient n'a pas donné son accord à cette application pour cet usage.",
    en: "The patient has not agreed to this use by this application.",
  },
  R169: {
    fr: "Le patient et ses représentants rangent le dossier : classeurs et documents épinglés sont les leurs.",
    en: "The patient and their representatives arrange the record: folders and pinned documents are theirs.",
  },
  R170: {
    fr: "Les professionnels n'ont pas accès à cette partie de l'espace du patient.",
    en: "Professionals have no access to this part of the patient's space.",
  },
  R171: {
    fr: "Seuls le patient et ses représentants légaux téléchargent le dossier entier.",
    en: "Only the patient and their legal representatives download the whole record.",
  },
  R181: { fr: "Ces traces ne sont pas accessibles à ce compte.", en: "These traces are not open to this account." },
  R186: { fr: "Seul le patient signale un accès.", en: "Only the patient reports an access." },
  R193: { fr: "Seul le patient règle ses notifications.", en: "Only the patient sets the notices." },
  R194: { fr: "Ces alertes sont pour les professionnels.", en: "These alerts are for professionals." },
  R201: {
    fr: "Ce mode d'authentification ne permet pas cette action.",
    en: "This way of signing in does not allow this action.",
  },
} as const satisfies Readonly<Record<string, RuleText>>;

export type Rule = keyof typeof ruleTexts;

/**
 * How a refusal is answered: `forbidden` says so (403), `concealed` answers as if nothing were there (404),
 * `closed` says that the record is closed (410).
 */
export type Refusal = "forbidden" | "concealed" | "closed";

export type Verdict =
  | { readonly permit: true; readonly rule: Rule }
  | { readonly permit: false; readonly rule: Rule; readonly refusal: Refusal };

export const permit = (rule: Rule): Verdict => ({ permit: true, rule });
export const refuse = (rule: Rule, refusal: Refusal = "forbidden"): Extract<Verdict, { permit: false }> => ({
  permit: false,
  rule,
  refusal,
});
