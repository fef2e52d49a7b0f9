/**
 * Families of medicines within which an allergy to one member counts for the others. Members are given by the ATC
 * classification (WHO Collaborating Centre, index of 2026) and by classes of the thesaurus; names are how French and
 * English documents write the family. Nothing outside this table or the loaded data makes two medicines related.
 */
export interface AllergenGroup {
  readonly key: string;
  readonly fr: string;
  readonly en: string;
  /** Without accents, singular. */
  readonly names: readonly string[];
  readonly atc: readonly string[];
  /** Name of the class in the thesaurus. */
  readonly thesaurus?: string;
  /** How much an allergy to one member says about another one. */
  readonly related: "high" | "moderate" | "low";
}

export const allergenGroups: readonly AllergenGroup[] = [
  {
    key: "penicillins",
    fr: "pénicillines",
    en: "penicillins",
    names: ["penicilline", "penicillin"],
    atc: ["J01C"],
    thesaurus: "pénicillines",
    related: "high",
  },
  {
    key: "cephalosporins",
    fr: "céphalosporines",
    en: "cephalosporins",
    names: ["cephalosporine", "cephalosporin"],
    atc: ["J01DB", "J01DC", "J01DD", "J01DE", "J01DI"],
    related: "moderate",
  },
  {
    key: "carbapenems",
    fr: "pénèmes",
    en: "carbapenems",
    names: ["peneme", "penem", "carbapeneme", "carbapenem"],
    atc: ["J01DH"],
    thesaurus: "pénems",
    related: "moderate",
  },
  {
    key: "beta-lactams",
    fr: "bêta-lactamines",
    en: "beta-lactams",
    names: ["beta lactamine", "betalactamine", "beta lactam"],
    atc: ["J01C", "J01D"],
    related: "low",
  },
  {
    key: "macrolides",
    fr: "macrolides",
    en: "macrolides",
    names: ["macrolide"],
    atc: ["J01FA"],
    related: "moderate",
  },
  {
    key: "quinolones",
    fr: "quinolones",
    en: "quinolones",
    names: ["quinolone", "fluoroquinolone"],
    atc: ["J01M"],
    thesaurus: "fluoroquinolones",
    related: "high",
  },
  {
    key: "aminoglycosides",
    fr: "aminosides",
    en: "aminoglycosides",
    names: ["aminoside", "aminoglycoside"],
    atc: ["J01G"],
    thesaurus: "aminosides",
    related: "high",
  },
  {
    key: "tetracyclines",
    fr: "cyclines",
    en: "tetracyclines",
    names: ["cycline", "tetracycline"],
    atc: ["J01AA"],
    thesaurus: "cyclines",
    related: "high",
  },
  {
    key: "antibacterial-sulfonamides",
    fr: "sulfamides antibactériens",
    en: "antibacterial sulfonamides",
    names: ["sulfamide", "sulfamide antibacterien", "sulfonamide"],
    atc: ["J01EB", "J01EC", "J01ED", "J01EE"],
    thesaurus: "sulfamides antibactériens",
    related: "high",
  },
  {
    key: "nsaids",
    fr: "anti-inflammatoires non stéroïdiens (aspirine comprise)",
    en: "non-steroidal anti-inflammatory drugs (aspirin included)",
    names: ["ain", "anti inflammatoire non steroidien", "nsaid", "aspirine et ain"],
    atc: ["M01A", "N02BA", "B01AC06"],
    thesaurus: "anti-inflammatoires non stéroïdiens",
    related: "high",
  },
  {
    key: "iodinated-contrast",
    fr: "produits de contraste iodés",
    en: "iodinated contrast media",
    names: ["produit de contraste iode", "produit de contraste", "iodinated contrast media"],
    atc: ["V08A"],
    thesaurus: "produits de contraste iodés",
    related: "high",
  },
  {
    key: "heparins",
    fr: "héparines",
    en: "heparins",
    names: ["heparine", "heparin"],
    atc: ["B01AB01", "B01AB04", "B01AB05", "B01AB06", "B01AB07", "B01AB08", "B01AB10", "B01AB12"],
    thesaurus: "héparines",
    related: "high",
  },
  {
    key: "ace-inhibitors",
    fr: "inhibiteurs de l'enzyme de conversion",
    en: "ACE inhibitors",
    names: ["iec", "inhibiteur de l enzyme de conversion", "ace inhibitor"],
    atc: ["C09A", "C09B"],
    thesaurus: "inhibiteurs de l'enzyme de conversion",
    related: "high",
  },
  {
    key: "opioids",
    fr: "morphiniques",
    en: "opioids",
    names: ["morphinique", "opiace", "opioide", "opioid"],
    atc: ["N02A"],
    thesaurus: "morphiniques",
    related: "moderate",
  },
  {
    key: "statins",
    fr: "statines",
    en: "statins",
    names: ["statine", "statin"],
    atc: ["C10AA"],
    thesaurus: "inhibiteurs de l'HMG-CoA réductase (statines)",
    related: "moderate",
  },
];

/** Other names of substances, without accents, and SNOMED CT codes of allergens with the name they stand for. */
export const otherNames: Readonly<Record<string, string>> = {
  aspirine: "acide acetylsalicylique",
  aspirin: "acide acetylsalicylique",
  amoxicillin: "amoxicilline",
  ibuprofen: "ibuprofene",
};

export const snomedNames: Readonly<Record<string, string>> = {
  "91936005": "penicilline",
  "373270004": "penicilline",
  "764146007": "penicilline",
  "293586001": "aspirine",
  "387458008": "aspirine",
  "294505008": "amoxicilline",
  "372687004": "amoxicilline",
  "387207008": "ibuprofene",
};
