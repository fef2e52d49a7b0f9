/** The accounts of the demo (contract.md, "Accounts"): ids are fixed, outside scripts rely on them. */
import { displayName, type Person, people } from "./people.ts";
import {
  professionalName,
  professionals,
  type SeedProfessional,
  type SeedStructure,
  structures,
} from "./professionals.ts";

/** One line of `/demo/accounts.json`. */
export interface DemoAccount {
  readonly id: string;
  readonly kind: "patient" | "professional" | "establishment";
  readonly name: string;
  readonly ins?: { readonly system: string; readonly value: string };
  readonly rpps?: string;
  /** A professional's name in parts, as the header of a document wants it. */
  readonly person?: Pick<SeedProfessional, "family" | "given" | "prefix" | "suffix">;
  /** TRE_G15 code without its prefix, for example `10`. */
  readonly profession?: string;
  readonly specialty?: string;
  readonly structure?: Pick<SeedStructure, "id" | "name" | "facilityType" | "practiceSetting">;
  readonly email?: string;
  /** Account of the legal representative of a minor. */
  readonly representativeId?: string;
  readonly dispatchCentre?: boolean;
}

const structureOf = ({ id, name, facilityType, practiceSetting }: SeedStructure) => ({
  id,
  name,
  facilityType,
  practiceSetting,
});

const personOf = ({ family, given, prefix, suffix }: SeedProfessional) => ({
  family,
  given,
  prefix,
  ...(suffix && { suffix }),
});

function professional(id: string, source: SeedProfessional): DemoAccount {
  return {
    id,
    kind: "professional",
    name: professionalName(source),
    rpps: source.rpps,
    person: personOf(source),
    profession: source.profession.replace("G15_", ""),
    ...(source.specialty && { specialty: source.specialty }),
    structure: structureOf(source.structure),
    email: `${id}@professionnels.example`,
  };
}

function patient(source: Person): DemoAccount {
  return {
    id: source.id,
    kind: "patient",
    name: displayName(source),
    ins: source.ins,
    email: source.email,
    ...(source.representativeId && { representativeId: source.representativeId }),
  };
}

export const accounts: readonly DemoAccount[] = [
  professional("dr-martin", professionals.martin),
  professional("dr-leroy", professionals.leroy),
  professional("pharma-dubois", professionals.dubois),
  professional("ide-petit", professionals.petit),
  professional("bio-laurent", professionals.laurent),
  { ...professional("samu-15", professionals.samu), dispatchCentre: true },
  {
    id: "secretariat-chu",
    kind: "establishment",
    name: "Secrétariat médical, CHU de Valmont",
    structure: structureOf(structures.chu),
    email: "secretariat-chu@professionnels.example",
  },
  ...Object.values(people).map(patient),
];
