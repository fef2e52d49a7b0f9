/** Who has just been born: without a name of their own, and under the label of their mother. */
export const newborns: ReadonlySet<string> = new Set(
  "NOUVEAU NE|NOUVEAU NEE|NOUVEAUX NES|NOUVEAUX NEES|NOUVELLE NEE|NOUVELLES NEES|BEBE|BEBES|NOURRISSON|NOURRISSONS|PREMATURE|PREMATUREE|PREMATURES".split(
    "|",
  ),
);
/** Between the newborn and "de". */
export const besideNewborn: ReadonlySet<string> = new Set(
  "FILLE FILS GARCON SEXE DE MASCULIN FEMININ M F NN BB ( ) 1 2 3".split(" "),
);
export const children: ReadonlySet<string> = new Set(["FILS", "FILLE", "FILLES", "GARCON", "GARCONS"]);
export const twins: ReadonlySet<string> = new Set(
  "JUMEAU JUMELLE JUMEAUX JUMELLES TRIPLE TRIPLEE TRIPLES TRIPLEES".split(" "),
);
export const kin: ReadonlySet<string> = new Set(
  "CONJOINT CONJOINTE EPOUX EPOUSE MARI COMPAGNON COMPAGNE FRERE SOEUR PERE MERE VEUF VEUVE DONNEUR DONNEUSE RECEVEUR RECEVEUSE".split(
    " ",
  ),
);
export const givers: ReadonlySet<string> = new Set(["DONNEUR", "DONNEUSE", "RECEVEUR", "RECEVEUSE"]);
/** Before a relative, they speak of somebody known already: "la fille de Mme X nous dit que". */
export const determiners: ReadonlySet<string> = new Set(
  "LE LA LES UN UNE DES DU AU AUX SON SA SES LEUR LEURS CE CET CETTE NOTRE VOTRE PAR".split(" "),
);
/** Who is seen is the subject, whatever stands before. */
export const seen: ReadonlySet<string> = new Set(
  "VOIS VU VUE VUS VUES RECOIS RECU RECUE RECEVOIR EXAMINE EXAMINEE ADRESSE ADRESSEE CONCERNE CONCERNANT HOSPITALISE HOSPITALISEE CONSULTATION".split(
    " ",
  ),
);
/** "2e jumeau", "second jumeau". */
export const ordinals = /^(?:PREMIER|PREMIERE|SECOND|SECONDE|DEUXIEME|TROISIEME|ER|RE|E|EME|ND|NDE)$/;
/** Names of services, on every paper of theirs, whoever it is about. */
export const places: ReadonlySet<string> = new Set(
  "SERVICE POLE UNITE HOPITAL MATERNITE CENTRE CHU CHRU CHR CH REANIMATION FEMME MERE RESEAU DEPARTEMENT SECTEUR".split(
    " ",
  ),
);
/** Headings over the fields of a relative. */
export const headed: ReadonlySet<string> = new Set(
  "MERE PERE PARENT PARENTS CONJOINT CONJOINTE EPOUX TUTEUR TUTRICE REPRESENTANT REPRESENTANTE REPRESENTANTS ASSURE ASSUREE PREVENIR CONFIANCE".split(
    " ",
  ),
);
/** What else stands in such a heading. */
export const besideHeaded: ReadonlySet<string> = new Set(
  "IDENTITE COORDONNEES INFORMATIONS INFORMATION DE DU DES D LA LE LES L A LEGAL LEGALE LEGAUX PERSONNE MATERNELLE ET".split(
    " ",
  ),
);
