/**
 * Fictitious professionals and structures of Valmont-sur-Loire, a town that is on no map.
 * Their RPPS numbers stand in the range that the national test cards use, so that no real person can be meant.
 */

/** A structure of care. `id` is the national identifier with its prefix (1 FINESS, 3 SIRET). */
export interface SeedStructure {
  readonly id: string;
  readonly name: string;
  /** TRE_R02 code. */
  readonly facilityType: string;
  /** TRE_A01 code. */
  readonly practiceSetting: string;
  readonly address: readonly string[];
  readonly phone: string;
}

/** A professional as the author of a document. */
export interface SeedProfessional {
  /** `8` followed by 11 digits. */
  readonly rpps: string;
  readonly family: string;
  readonly given: string;
  /** Civility: `M` or `MME`. */
  readonly prefix: "M" | "MME";
  /** Title: `DR` for doctors. */
  readonly suffix?: "DR";
  /** Code of the profession as a CDA author carries it, for example `G15_10`. */
  readonly profession: string;
  readonly specialty?: string;
  /** What the letterhead says under the name. */
  readonly title: string;
  readonly structure: SeedStructure;
}

const town = "37990 Valmont-sur-Loire";

export const structures = {
  tilleuls: {
    id: "1990000011",
    name: "Maison de santé des Tilleuls",
    facilityType: "SA52",
    practiceSetting: "AMBULATOIRE",
    address: ["4 place des Tilleuls", town],
    phone: "02 61 91 00 11",
  },
  chu: {
    id: "1990000029",
    name: "Centre hospitalier universitaire de Valmont",
    facilityType: "SA01",
    practiceSetting: "ETABLISSEMENT",
    address: ["1 avenue de l'Hôpital", town],
    phone: "02 61 91 00 29",
  },
  samu: {
    id: "1990000029",
    name: "SAMU – Centre 15, CHU de Valmont",
    facilityType: "SA01",
    practiceSetting: "SAMU_SMUR",
    address: ["1 avenue de l'Hôpital", town],
    phone: "15",
  },
  halles: {
    id: "1990000037",
    name: "Pharmacie des Halles",
    facilityType: "SA33",
    practiceSetting: "AMBULATOIRE",
    address: ["17 rue des Halles", town],
    phone: "02 61 91 00 37",
  },
  laboratory: {
    id: "1990000045",
    name: "Laboratoire de biologie du Val",
    facilityType: "SA25",
    practiceSetting: "AMBULATOIRE",
    address: ["22 rue Pasteur", town],
    phone: "02 61 91 00 45",
  },
  nurses: {
    id: "399000005300010",
    name: "Cabinet infirmier du Pont",
    facilityType: "SA08",
    practiceSetting: "AMBULATOIRE",
    address: ["6 rue du Pont", town],
    phone: "02 61 91 00 53",
  },
  imaging: {
    id: "1990000061",
    name: "Centre d'imagerie du Parc",
    facilityType: "SA08",
    practiceSetting: "AMBULATOIRE",
    address: ["50 avenue du Parc", town],
    phone: "02 61 91 00 61",
  },
  dialysis: {
    id: "1990000078",
    name: "Centre de néphrologie et de dialyse des Bords de Loire",
    facilityType: "SA04",
    practiceSetting: "ETABLISSEMENT",
    address: ["10 quai des Mariniers", town],
    phone: "02 61 91 00 78",
  },
  specialists: {
    id: "399000008600018",
    name: "Cabinet de spécialistes Jean-Moulin",
    facilityType: "SA08",
    practiceSetting: "AMBULATOIRE",
    address: ["33 rue Jean-Moulin", town],
    phone: "02 61 91 00 86",
  },
} as const satisfies Record<string, SeedStructure>;

interface DoctorInput {
  readonly number: string;
  readonly prefix: "M" | "MME";
  readonly given: string;
  readonly family: string;
  readonly specialty: string;
  readonly title: string;
  readonly structure: SeedStructure;
}

const rpps = (number: string) => `899700${number}`;

function doctor({ number, ...rest }: DoctorInput): SeedProfessional {
  return { ...rest, rpps: rpps(number), suffix: "DR", profession: "G15_10" };
}

export const professionals = {
  martin: doctor({
    number: "100014",
    prefix: "MME",
    given: "Sophie",
    family: "MARTIN",
    specialty: "SM54",
    title: "Médecin généraliste",
    structure: structures.tilleuls,
  }),
  leroy: doctor({
    number: "100022",
    prefix: "M",
    given: "Antoine",
    family: "LEROY",
    specialty: "SM04",
    title: "Cardiologue, praticien hospitalier",
    structure: structures.chu,
  }),
  dubois: {
    rpps: rpps("100030"),
    given: "Hélène",
    family: "DUBOIS",
    prefix: "MME",
    profession: "G15_21",
    specialty: "A",
    title: "Pharmacienne titulaire",
    structure: structures.halles,
  },
  petit: {
    rpps: rpps("100048"),
    given: "Julie",
    family: "PETIT",
    prefix: "MME",
    profession: "G15_60",
    title: "Infirmière diplômée d'État",
    structure: structures.nurses,
  },
  laurent: {
    rpps: rpps("100055"),
    given: "Marc",
    family: "LAURENT",
    prefix: "M",
    profession: "G15_21",
    specialty: "G",
    title: "Pharmacien biologiste",
    structure: structures.laboratory,
  },
  samu: doctor({
    number: "100063",
    prefix: "M",
    given: "Hugo",
    family: "LAMBERT",
    specialty: "SM59",
    title: "Médecin régulateur",
    structure: structures.samu,
  }),
  emergency: doctor({
    number: "100071",
    prefix: "MME",
    given: "Agathe",
    family: "RENAULT",
    specialty: "SM59",
    title: "Médecin urgentiste",
    structure: structures.chu,
  }),
  endocrinologist: doctor({
    number: "100089",
    prefix: "MME",
    given: "Isabelle",
    family: "FABRE",
    specialty: "SM62",
    title: "Endocrinologue, diabétologue",
    structure: structures.specialists,
  }),
  ophthalmologist: doctor({
    number: "100097",
    prefix: "MME",
    given: "Marion",
    family: "BLANC",
    specialty: "SM38",
    title: "Ophtalmologue",
    structure: structures.specialists,
  }),
  pneumologist: doctor({
    number: "100105",
    prefix: "M",
    given: "Karim",
    family: "HADDAD",
    specialty: "SM41",
    title: "Pneumologue",
    structure: structures.specialists,
  }),
  allergologist: doctor({
    number: "100113",
    prefix: "M",
    given: "Simon",
    family: "REY",
    specialty: "SM57",
    title: "Allergologue",
    structure: structures.specialists,
  }),
  psychiatrist: doctor({
    number: "100121",
    prefix: "MME",
    given: "Élise",
    family: "ROBIN",
    specialty: "SM42",
    title: "Psychiatre",
    structure: structures.specialists,
  }),
  paediatrician: doctor({
    number: "100139",
    prefix: "MME",
    given: "Nathalie",
    family: "GIRARD",
    specialty: "SM40",
    title: "Pédiatre",
    structure: structures.tilleuls,
  }),
  midwife: {
    rpps: rpps("100147"),
    given: "Laure",
    family: "VASSEUR",
    prefix: "MME",
    profession: "G15_50",
    title: "Sage-femme",
    structure: structures.tilleuls,
  },
  obstetrician: doctor({
    number: "100154",
    prefix: "MME",
    given: "Anne",
    family: "CHEVALIER",
    specialty: "SM20",
    title: "Gynécologue-obstétricienne",
    structure: structures.chu,
  }),
  radiologist: doctor({
    number: "100162",
    prefix: "M",
    given: "Paul",
    family: "BERNARD",
    specialty: "SM74",
    title: "Radiologue",
    structure: structures.imaging,
  }),
  oncologist: doctor({
    number: "100170",
    prefix: "MME",
    given: "Claire",
    family: "NGUYEN",
    specialty: "SM36",
    title: "Oncologue médicale",
    structure: structures.chu,
  }),
  surgeon: doctor({
    number: "100188",
    prefix: "M",
    given: "Luc",
    family: "GAUTHIER",
    specialty: "SM20",
    title: "Chirurgien gynécologue et sénologue",
    structure: structures.chu,
  }),
  pathologist: doctor({
    number: "100196",
    prefix: "M",
    given: "Yves",
    family: "COLLET",
    specialty: "SM01",
    title: "Anatomopathologiste",
    structure: structures.chu,
  }),
  nephrologist: doctor({
    number: "100204",
    prefix: "M",
    given: "Olivier",
    family: "PERRIN",
    specialty: "SM30",
    title: "Néphrologue",
    structure: structures.dialysis,
  }),
  geriatrician: doctor({
    number: "100212",
    prefix: "MME",
    given: "Béatrice",
    family: "MOREL",
    specialty: "SM18",
    title: "Gériatre",
    structure: structures.chu,
  }),
  anaesthetist: doctor({
    number: "100238",
    prefix: "M",
    given: "Étienne",
    family: "MASSON",
    specialty: "SM02",
    title: "Anesthésiste-réanimateur",
    structure: structures.chu,
  }),
  rheumatologist: doctor({
    number: "100220",
    prefix: "M",
    given: "Damien",
    family: "POIRIER",
    specialty: "SM48",
    title: "Rhumatologue",
    structure: structures.specialists,
  }),
} as const satisfies Record<string, SeedProfessional>;

/** Name as a letter prints it, for example `Dr Sophie MARTIN`. */
export function professionalName(professional: SeedProfessional): string {
  const civility = professional.suffix ? "Dr" : { MME: "Mme", M: "M." }[professional.prefix];
  return `${civility} ${professional.given} ${professional.family}`;
}
