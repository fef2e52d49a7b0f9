/**
 * The fictitious patients of the demo: who they are, and nothing of their health.
 * Each INS is a test one (R31) with a right key; sex, birth month and birth place agree with it (R32, R35).
 */
import { identifierSystem } from "@carnet/sdk/fhir";

/** A fictitious person with the five strict traits of the INS and what a letterhead or a mail needs. */
export interface Person {
  /** Account id, for example `patient-camille`. */
  readonly id: string;
  readonly ins: { readonly system: string; readonly value: string };
  readonly birthName: string;
  readonly usedName?: string;
  readonly firstGivenName: string;
  readonly birthGivenNames: readonly string[];
  readonly sex: "male" | "female";
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  /** COG code of the commune of birth. */
  readonly birthPlaceCode: string;
  readonly birthPlace: string;
  readonly address: { readonly line: string; readonly postalCode: string; readonly city: string };
  readonly phone: string;
  readonly email: string;
  /** Account of the legal representative, for minors (R9). */
  readonly representativeId?: string;
}

type PersonInput = Omit<Person, "id" | "ins" | "email" | "phone" | "address"> & {
  readonly line: string;
  readonly digits: string;
};

function person(key: string, input: PersonInput): Person {
  const { line, digits, ...traits } = input;
  return {
    ...traits,
    id: `patient-${key}`,
    ins: { system: identifierSystem.insTest, value: digits },
    address: { line, postalCode: "37990", city: "Valmont-sur-Loire" },
    // Numbers reserved by the regulator for fiction.
    phone: `06 39 98 ${digits.slice(8, 10)} ${digits.slice(10, 12)}`,
    email: `${key}@patients.example`,
  };
}

export const people = {
  camille: person("camille", {
    digits: "288053726104286",
    birthName: "MOREAU",
    firstGivenName: "Camille",
    birthGivenNames: ["Camille", "Louise"],
    sex: "female",
    birthDate: "1988-05-14",
    birthPlaceCode: "37261",
    birthPlace: "Tours",
    line: "12 rue des Acacias",
  }),
  noe: person("noe", {
    digits: "121033726111813",
    birthName: "MOREAU",
    firstGivenName: "Noé",
    birthGivenNames: ["Noé", "Paul"],
    sex: "male",
    birthDate: "2021-03-09",
    birthPlaceCode: "37261",
    birthPlace: "Tours",
    line: "12 rue des Acacias",
    representativeId: "patient-camille",
  }),
  alix: person("alix", {
    digits: "279034410902731",
    birthName: "FONTAINE",
    firstGivenName: "Alix",
    birthGivenNames: ["Alix"],
    sex: "female",
    birthDate: "1979-03-22",
    birthPlaceCode: "44109",
    birthPlace: "Nantes",
    line: "3 place du Marché",
  }),
  sasha: person("sasha", {
    digits: "195063155508334",
    birthName: "DELMAS",
    firstGivenName: "Sasha",
    birthGivenNames: ["Sasha"],
    sex: "male",
    birthDate: "1995-06-30",
    birthPlaceCode: "31555",
    birthPlace: "Toulouse",
    line: "27 avenue de la Gare",
  }),
  jean: person("jean", {
    digits: "155074900703171",
    birthName: "LEFEBVRE",
    firstGivenName: "Jean",
    birthGivenNames: ["Jean", "Marie", "Robert"],
    sex: "male",
    birthDate: "1955-07-18",
    birthPlaceCode: "49007",
    birthPlace: "Angers",
    line: "8 quai de la Loire",
  }),
  monique: person("monique", {
    digits: "263021803301906",
    birthName: "CHEVRIER",
    usedName: "GARNIER",
    firstGivenName: "Monique",
    birthGivenNames: ["Monique", "Jeanne"],
    sex: "female",
    birthDate: "1963-02-11",
    birthPlaceCode: "18033",
    birthPlace: "Bourges",
    line: "41 rue Victor-Hugo",
  }),
  ines: person("ines", {
    digits: "297016938305489",
    birthName: "BENALI",
    firstGivenName: "Inès",
    birthGivenNames: ["Inès", "Sarah"],
    sex: "female",
    birthDate: "1997-01-25",
    birthPlaceCode: "69383",
    birthPlace: "Lyon 3e Arrondissement",
    line: "5 allée des Cerisiers",
  }),
  claire: person("claire", {
    digits: "274046311306212",
    birthName: "ROUX",
    usedName: "DUBREUIL",
    firstGivenName: "Claire",
    birthGivenNames: ["Claire", "Marie"],
    sex: "female",
    birthDate: "1974-04-03",
    birthPlaceCode: "63113",
    birthPlace: "Clermont-Ferrand",
    line: "18 chemin des Vignes",
  }),
  louis: person("louis", {
    digits: "142098619402554",
    birthName: "MARCHAND",
    firstGivenName: "Louis",
    birthGivenNames: ["Louis", "Émile", "André"],
    sex: "male",
    birthDate: "1942-09-27",
    birthPlaceCode: "86194",
    birthPlace: "Poitiers",
    line: "2 impasse du Moulin",
  }),
  gerard: person("gerard", {
    digits: "159035935004702",
    birthName: "VIDAL",
    firstGivenName: "Gérard",
    birthGivenNames: ["Gérard"],
    sex: "male",
    birthDate: "1959-03-05",
    birthPlaceCode: "59350",
    birthPlace: "Lille",
    line: "63 rue de la République",
  }),
  thomas: person("thomas", {
    digits: "188115612103348",
    birthName: "ROUSSEL",
    firstGivenName: "Thomas",
    birthGivenNames: ["Thomas", "Yann"],
    sex: "male",
    birthDate: "1988-11-16",
    birthPlaceCode: "56121",
    birthPlace: "Lorient",
    line: "9 rue du Port",
  }),
  philippe: person("philippe", {
    digits: "168087218102913",
    birthName: "CARON",
    firstGivenName: "Philippe",
    birthGivenNames: ["Philippe", "Alain"],
    sex: "male",
    birthDate: "1968-08-21",
    birthPlaceCode: "72181",
    birthPlace: "Le Mans",
    line: "30 boulevard Jean-Jaurès",
  }),
  lea: person("lea", {
    digits: "204051411801621",
    birthName: "FOURNIER",
    firstGivenName: "Léa",
    birthGivenNames: ["Léa", "Manon"],
    sex: "female",
    birthDate: "2004-05-19",
    birthPlaceCode: "14118",
    birthPlace: "Caen",
    line: "Résidence Voltaire, 14 rue des Lilas",
  }),
  rose: person("rose", {
    digits: "249108519101201",
    birthName: "GUÉRIN",
    usedName: "PASQUIER",
    firstGivenName: "Rose",
    birthGivenNames: ["Rose", "Yvonne"],
    sex: "female",
    birthDate: "1949-10-08",
    birthPlaceCode: "85191",
    birthPlace: "La Roche-sur-Yon",
    line: "21 rue du Lavoir",
  }),
} as const satisfies Record<string, Person>;

export type PersonKey = keyof typeof people;

/** Name as professionals read it: used name first when there is one. */
export function displayName(person: Person): string {
  return `${person.firstGivenName} ${person.usedName ?? person.birthName}`;
}
