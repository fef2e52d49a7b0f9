/** What the page of figures says. French first; both change together. */
import type { AuthorKind, channels, consultants, Indicator } from "./definitions.ts";

interface Sentences {
  readonly title: string;
  readonly note: string;
  /** Head of the first column. */
  readonly category: string;
}

const fr = {
  title: "Les chiffres de Carnet",
  lead: "Combien de carnets sont ouverts, par qui ils sont alimentés et consultés.",
  none: "Les chiffres sont comptés dans la minute qui suit le démarrage. Revenez dans un instant.",
  countedAt: "Comptés le",
  hiddenRule: (threshold: number) =>
    `Un nombre inférieur à ${threshold} n’est pas publié, ni ceux qui permettraient de le calculer.`,
  hidden: "non publié",
  count: "Nombre",
  total: "Total",
  downloads: "Télécharger :",
  tableOf: "Tableau",
  chartOf: (title: string, best: string) => `Graphique : ${title}. Le plus grand nombre : ${best}.`,
  chartEmpty: (title: string) => `Graphique : ${title}. Aucun nombre publié.`,
  unknown: "Non renseigné",
  indicators: {
    beneficiaries: {
      title: "Bénéficiaires",
      note: "Carnets ouverts, carnets qui contiennent un document, carnets dont un professionnel a ouvert un document.",
      category: "Carnets",
    },
    "records-by-department": {
      title: "Carnets par département",
      note: "Département de la structure qui a déposé le document le plus récent.",
      category: "Département",
    },
    "records-by-channel": {
      title: "Carnets par mode d’ouverture",
      note: "Ouverture automatique, par la personne, ou par l’opérateur.",
      category: "Mode",
    },
    "records-fed-by": {
      title: "Carnets alimentés, par type d’auteur",
      note: "Un carnet peut être alimenté par plusieurs types d’auteurs : ces nombres ne s’additionnent pas.",
      category: "Auteur",
    },
    "documents-by-author": {
      title: "Documents déposés, par type d’auteur",
      note: "Documents en vigueur ou remplacés.",
      category: "Auteur",
    },
    "documents-by-month": { title: "Documents déposés, par mois", note: "Les douze derniers mois.", category: "Mois" },
    "consultations-by-profession": {
      title: "Consultations, par profession",
      note: "Documents ouverts par des professionnels depuis douze mois.",
      category: "Profession",
    },
    "consultations-by-month": {
      title: "Consultations, par mois",
      note: "Documents ouverts par des professionnels.",
      category: "Mois",
    },
  } satisfies Readonly<Record<Indicator, Sentences>>,
  cells: {
    open: "Ouverts",
    fed: "Avec un document",
    consulted: "Consultés par un professionnel",
    "opt-out": "Automatique",
    person: "Par la personne",
    operator: "Par l’opérateur",
    establishment: "Établissements de santé",
    pharmacy: "Pharmacies",
    laboratory: "Laboratoires de biologie",
    practice: "Cabinets, centres et maisons de santé",
    social: "Établissements médico-sociaux",
    "other-structure": "Autres professionnels et structures",
    patient: "Patients",
    insurance: "Assurance maladie",
    device: "Appareils",
    doctor: "Médecins",
    pharmacist: "Pharmaciens",
    nurse: "Infirmiers",
    midwife: "Sages-femmes",
    dentist: "Chirurgiens-dentistes",
    "other-professional": "Autres professionnels",
  } satisfies Readonly<
    Record<AuthorKind | (typeof channels)[number] | (typeof consultants)[number] | "open" | "fed" | "consulted", string>
  >,
};

export type IndicatorStrings = typeof fr;

const en: IndicatorStrings = {
  title: "Carnet in figures",
  lead: "How many records are open, who feeds them and who consults them.",
  none: "The figures are counted within a minute of the start. Come back in a moment.",
  countedAt: "Counted on",
  hiddenRule: (threshold) => `A number under ${threshold} is not published, nor those from which it could be computed.`,
  hidden: "not published",
  count: "Number",
  total: "Total",
  downloads: "Download:",
  tableOf: "Table",
  chartOf: (title, best) => `Chart: ${title}. Largest number: ${best}.`,
  chartEmpty: (title) => `Chart: ${title}. No number published.`,
  unknown: "Not recorded",
  indicators: {
    beneficiaries: {
      title: "Beneficiaries",
      note: "Open records, records that hold a document, records of which a professional has opened a document.",
      category: "Records",
    },
    "records-by-department": {
      title: "Records by department",
      note: "Department of the structure that deposited the newest document.",
      category: "Department",
    },
    "records-by-channel": {
      title: "Records by way of opening",
      note: "Opened automatically, by the person, or by the operator.",
      category: "Way",
    },
    "records-fed-by": {
      title: "Records fed, by kind of author",
      note: "A record may be fed by several kinds of authors: these numbers do not add up.",
      category: "Author",
    },
    "documents-by-author": {
      title: "Documents deposited, by kind of author",
      note: "Current and replaced documents.",
      category: "Author",
    },
    "documents-by-month": {
      title: "Documents deposited, by month",
      note: "The last twelve months.",
      category: "Month",
    },
    "consultations-by-profession": {
      title: "Consultations, by profession",
      note: "Documents opened by professionals in the last twelve months.",
      category: "Profession",
    },
    "consultations-by-month": {
      title: "Consultations, by month",
      note: "Documents opened by professionals.",
      category: "Month",
    },
  },
  cells: {
    open: "Open",
    fed: "With a document",
    consulted: "Consulted by a professional",
    "opt-out": "Automatic",
    person: "By the person",
    operator: "By the operator",
    establishment: "Hospitals and clinics",
    pharmacy: "Pharmacies",
    laboratory: "Medical laboratories",
    practice: "Practices and health centres",
    social: "Social care homes",
    "other-structure": "Other professionals and structures",
    patient: "Patients",
    insurance: "Health insurance",
    device: "Devices",
    doctor: "Doctors",
    pharmacist: "Pharmacists",
    nurse: "Nurses",
    midwife: "Midwives",
    dentist: "Dentists",
    "other-professional": "Other professionals",
  },
};

export function indicatorStringsOf(locale: "fr" | "en"): IndicatorStrings {
  return locale === "en" ? en : fr;
}
