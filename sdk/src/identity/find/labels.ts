/** What a label announces. `name` is a name that may be of birth or in use; `person` a whole name after "Patient :". */
export type LabelKind =
  | "birthName"
  | "usedName"
  | "name"
  | "fullName"
  | "birthGivenNames"
  | "givenName"
  | "usedGivenName"
  | "person"
  | "birthDate"
  | "sex"
  | "birthPlaceCode";

/** Words of a label, folded; the longest that fits wins. A label in `colonOnly` counts only before a colon. */
const spelled: readonly (readonly [kind: LabelKind, ...labels: string[]])[] = [
  [
    "birthName",
    "NOM DE NAISSANCE",
    "NOM NAISSANCE",
    "NOM DE NAISS",
    "NOM NAISS",
    "NOM DE FAMILLE",
    "NOM PATRONYMIQUE",
    "NOM DE JEUNE FILLE",
    "PATRONYME",
  ],
  ["usedName", "NOM D USAGE", "NOM UTILISE", "NOM USUEL", "NOM MARITAL", "NOM D EPOUSE", "NOM D EPOUX"],
  [
    "fullName",
    "NOM ET PRENOM",
    "NOM ET PRENOMS",
    "NOM PRENOM",
    "NOM PRENOMS",
    "NOMS ET PRENOMS",
    "NOM DU PATIENT",
    "NOM DE LA PATIENTE",
    "NOM DU MALADE",
    "NOM DE LA MALADE",
    "NOM DE L OPERE",
    "NOM DE L OPEREE",
    "PRENOM ET NOM",
    "PRENOM NOM",
  ],
  ["name", "NOM", "NAME", "SURNAME"],
  [
    "birthGivenNames",
    "PRENOMS DE NAISSANCE",
    "PRENOM DE NAISSANCE",
    "LISTE DES PRENOMS",
    "LISTE DES PRENOMS DE NAISSANCE",
    "PRENOMS",
  ],
  ["usedGivenName", "PRENOM UTILISE", "PRENOM USUEL", "PRENOM D USAGE"],
  [
    "givenName",
    "PREMIER PRENOM DE NAISSANCE",
    "PREMIER PRENOM",
    "PRENOM",
    "FIRST NAME",
    "GIVEN NAME",
    "ER PRENOM",
    "ER PRENOM DE NAISSANCE",
  ],
  [
    "person",
    "PATIENT",
    "PATIENTE",
    "IDENTITE",
    "IDENTITE DU PATIENT",
    "CONCERNE",
    "CONCERNANT",
    "BENEFICIAIRE",
    "BENEFICIAIRE DES SOINS",
    "PERSONNE RECEVANT LES SOINS",
    "PATIENT NAME",
    "IDENTITE PATIENT",
    "IDENTITE DU MALADE",
    "IDENTITE DE LA PATIENTE",
    "MALADE",
    "OPERE",
    "OPEREE",
  ],
  [
    "birthDate",
    "DATE DE NAISSANCE",
    "DATE NAISSANCE",
    "DATE DE NAISS",
    "DATE NAISS",
    "DDN",
    "NAISSANCE LE",
    "DATE OF BIRTH",
    "DOB",
  ],
  ["sex", "SEXE"],
  [
    "birthPlaceCode",
    "CODE INSEE",
    "CODE COG",
    "COG",
    "CODE OFFICIEL GEOGRAPHIQUE",
    "CODE INSEE DE NAISSANCE",
    "CODE LIEU DE NAISSANCE",
  ],
];

export interface Label {
  readonly kind: LabelKind;
  readonly words: readonly string[];
  readonly needsColon: boolean;
}

const colonOnly: ReadonlySet<string> = new Set([
  "NOM",
  "PRENOM",
  "PRENOMS",
  "PATRONYME",
  "PATIENT",
  "PATIENTE",
  "IDENTITE",
  "CONCERNE",
  "CONCERNANT",
  "BENEFICIAIRE",
  "SEXE",
  "COG",
  "NAME",
  "SURNAME",
  "FIRST NAME",
  "GIVEN NAME",
  "MALADE",
  "OPERE",
  "OPEREE",
]);

/** Labels by their first word, longest first. */
export const labelsByFirstWord: ReadonlyMap<string, readonly Label[]> = buildLabels();

function buildLabels(): Map<string, readonly Label[]> {
  const all = spelled
    .flatMap(([kind, ...labels]) =>
      labels.map((text) => ({ kind, words: text.split(" "), needsColon: colonOnly.has(text) })),
    )
    .sort((one, other) => other.words.length - one.words.length);
  const byFirst = new Map<string, Label[]>();
  for (const label of all) {
    const first = label.words[0] ?? "";
    const list = byFirst.get(first);
    if (list) list.push(label);
    else byFirst.set(first, [label]);
  }
  return byFirst;
}

export const civilities: ReadonlyMap<string, "male" | "female" | "unknown"> = new Map([
  ["M", "male"],
  ["MR", "male"],
  ["MONSIEUR", "male"],
  ["MME", "female"],
  ["MADAME", "female"],
  ["MLLE", "female"],
  ["MADEMOISELLE", "female"],
  ["MRS", "female"],
  ["MISS", "female"],
  ["ENFANT", "unknown"],
  ["L ENFANT", "unknown"],
]);

/** Titles of those who write or receive letters: the name after them is never the patient's. */
export const doctorTitles: ReadonlySet<string> = new Set([
  "DR",
  "DRE",
  "DOCTEUR",
  "DOCTEURE",
  "PR",
  "PROFESSEUR",
  "PROFESSEURE",
  "CONFRERE",
  "CONSOEUR",
  "DRS",
  "DOCTEURS",
]);

/** Words that say the name beside them is a professional, a relative or a contact. */
export const otherPeople: ReadonlySet<string> = new Set(
  (
    "DESTINATAIRE DESTINATAIRES ATTENTION COPIE COPIES SIGNE SIGNEE SIGNATURE SIGNATAIRE PRESCRIPTEUR PRESCRIPTRICE REDACTEUR REDACTRICE AUTEUR " +
    "REDIGE VALIDE VALIDEE DICTE TRAITANT INFIRMIER INFIRMIERE SECRETAIRE PHARMACIEN PHARMACIENNE BIOLOGISTE KINESITHERAPEUTE MEDECIN " +
    "CHIRURGIEN RADIOLOGUE CARDIOLOGUE MERE PERE MARI EPOUX CONJOINT CONJOINTE COMPAGNE COMPAGNON FILS FILLE FRERE SOEUR TUTEUR TUTRICE " +
    "CURATEUR CURATRICE CONFIANCE PREVENIR ACCOMPAGNE ACCOMPAGNEE REPRESENTANT REPRESENTANTE ASSURE ASSUREE PARENT PARENTS RESPONSABLE " +
    "SAGE PRELEVEUR INTERNE AIDANT AIDANTE VOISIN VOISINE MAMAN PAPA ACCOMPAGNANT ACCOMPAGNANTE"
  ).split(" "),
);

/** Words that end a name even when written with a capital. */
export const nameEnders: ReadonlySet<string> = new Set(
  (
    "NE NEE NES NOM NOMS PRENOM PRENOMS DATE DDN SEXE AGE AGEE INS NIR NIA IPP IEP NDA ADRESSE TEL TELEPHONE EMAIL MAIL PORTABLE DR DOCTEUR PR PROFESSEUR M MR " +
    "MME MLLE MONSIEUR MADAME MADEMOISELLE PATIENT PATIENTE MATRICULE NUMERO CODE LIEU SERVICE HOPITAL CLINIQUE CENTRE CHU CHRU CHR CH LABORATOIRE CABINET " +
    "UTILISE USUEL USAGE EPOUSE EPOUX VEUVE DOSSIER SECURITE SOCIALE HOSPITALISE HOSPITALISEE CONSULTATION COMPTE RENDU CHER CHERE CHERS OBJET RUE AVENUE " +
    "MEDECIN TRAITANT PERSONNE PREVENIR CONFIANCE IDENTITE FEMININ MASCULIN FEMME HOMME PAGE EXAMEN PRELEVEMENT DEMANDE VALIDE EDITE ET OU POUR DIRECTEUR DIRECTRICE MAIRE PRESIDENT PRESIDENTE PROCUREUR JUGE A LE LA AU EN DU DES PAR SUR"
  ).split(" "),
);

/** Small words inside a name. */
export const particles: ReadonlySet<string> = new Set([
  "DE",
  "D",
  "DU",
  "DES",
  "LE",
  "LA",
  "LES",
  "VAN",
  "VON",
  "DER",
  "DEN",
  "BEN",
  "BIN",
  "EL",
  "AL",
  "DA",
  "DOS",
  "DI",
  "SAINT",
  "ST",
  "MAC",
  "AIT",
  "ABD",
  "OULD",
  "BENT",
  "BINT",
]);

/** Occupations written after a name, on its line or under it: "Mme Lefèvre, secrétaire". First words of hyphenated ones. */
export const occupations: ReadonlySet<string> = new Set(
  (
    "SECRETAIRE INFIRMIER INFIRMIERE KINESITHERAPEUTE MASSEUR PSYCHOLOGUE DIETETICIEN DIETETICIENNE CADRE ASSISTANT ASSISTANTE SAGE PHARMACIEN " +
    "PHARMACIENNE BIOLOGISTE RADIOLOGUE CARDIOLOGUE CHIRURGIEN CHIRURGIENNE ORTHOPHONISTE ORTHOPTISTE ERGOTHERAPEUTE PODOLOGUE PEDICURE OPTICIEN " +
    "OPTICIENNE INTERNE ANESTHESISTE PEDIATRE GYNECOLOGUE"
  ).split(" "),
);
