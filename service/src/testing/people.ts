/** Fictitious people of the service's tests. Test INS with right keys; nobody of these exists. */
import { identifierSystem } from "@carnet/sdk/fhir";
import { computeInsKey, type Ins } from "@carnet/sdk/identity";
import type { AccountInput } from "../identity-provider/index.ts";
import type { NewRecord, Records } from "../records.ts";
import type { ProfessionalActor, Structure } from "../rules/index.ts";

const ins = (number: string): Ins => ({ system: identifierSystem.insTest, value: number + computeInsKey(number) });

export interface TestPatient {
  readonly ins: Ins;
  readonly birthName: string;
  readonly given: string;
  readonly sex: "male" | "female";
  readonly birthDate: string;
}

const patient = (number: string, birthName: string, given: string, sex: "male" | "female", birthDate: string) => ({
  ins: ins(number),
  birthName,
  given,
  sex,
  birthDate,
});

export const patients = {
  anna: patient("2850699351042", "FICTIVE", "ANNA", "female", "1985-06-14"),
  bruno: patient("1780375056021", "INVENTE", "BRUNO", "male", "1978-03-02"),
  /** A minor; anna is the legal representative. */
  leo: patient("1170675056033", "FICTIVE", "LEO", "male", "2017-06-20"),
  /** A closed record. */
  clara: patient("2600475056044", "FERMEE", "CLARA", "female", "1960-04-11"),
  /** Opposed: no record. */
  omar: patient("1900175056055", "OPPOSE", "OMAR", "male", "1990-01-05"),
  /** Never heard of. */
  nobody: patient("1910275056066", "INCONNU", "NIL", "male", "1991-02-06"),
} as const satisfies Readonly<Record<string, TestPatient>>;

export const cabinet: Structure = {
  id: "1750999991",
  name: "Cabinet d'essai",
  facilityType: "SA07",
  practiceSetting: "AMBULATOIRE",
};
export const hospital: Structure = {
  id: "1750999992",
  name: "Hôpital d'essai",
  facilityType: "SA01",
  practiceSetting: "ETABLISSEMENT",
};

export const rppsOf = (account: string): string => {
  const claims = accounts.find(({ id }) => id === account)?.claims;
  if (claims?.kind !== "professional") throw new Error(`${account} is not a professional`);
  return claims.rpps;
};

type Professional = Omit<ProfessionalActor, "kind" | "id" | "name" | "rpps">;

const professional = (id: string, number: number, given: Professional): AccountInput => ({
  id,
  login: `card-${id}`,
  secret: "0000",
  claims: { kind: "professional", name: `Dr ${id}`, rpps: `8${String(10_000_000_000 + number)}`, ...given },
});
const patientAccount = (id: string, { ins: of, given, birthName }: TestPatient): AccountInput => ({
  id,
  login: `${id}.essai`,
  secret: "Essai-2026!",
  email: `${id}@mail.example`,
  claims: { kind: "patient", name: `${given} ${birthName}`, ins: of },
});

export const accounts: readonly AccountInput[] = [
  professional("gp", 1, { profession: "10", specialty: "SM26", structure: cabinet }),
  professional("cardiologist", 2, { profession: "10", specialty: "SM04", structure: hospital }),
  professional("nurse", 3, { profession: "60", structure: cabinet }),
  professional("pharmacist", 4, { profession: "21", specialty: "A" }),
  professional("occupational", 5, { profession: "10", specialty: "SM25" }),
  professional("dispatch", 6, { profession: "10", specialty: "SM26", dispatchCentre: true }),
  professional("blocked", 7, { profession: "10", specialty: "SM26" }),
  professional("dental-assistant", 8, { profession: "31" }),
  professional("optician", 9, { profession: "28" }),
  professional("expired", 10, { profession: "10", specialty: "SM26" }),
  professional("colleague", 11, { profession: "10", specialty: "SM04", structure: hospital }),
  {
    id: "secretariat",
    login: "card-secretariat",
    secret: "0000",
    claims: { kind: "establishment", name: "Secrétariat d'essai", structure: hospital },
  },
  patientAccount("anna", patients.anna),
  patientAccount("bruno", patients.bruno),
  patientAccount("leo", patients.leo),
  patientAccount("clara", patients.clara),
];

const openedAt = new Date("2022-01-31T09:00:00Z");
const recordOf = (who: TestPatient): NewRecord => ({
  ins: who.ins,
  traits: {
    birthName: who.birthName,
    birthGivenNames: [who.given],
    sex: who.sex,
    birthDate: who.birthDate,
    birthPlaceCode: "75056",
  },
  openedAt,
});

export const records: readonly { record: NewRecord; setUp?: (records: Records) => Promise<void> }[] = [
  {
    record: recordOf(patients.anna),
    async setUp(all) {
      const subject = (account: string) => ({ subjectId: rppsOf(account), subjectName: account });
      await all.declareAuthorisation(patients.anna.ins, { ...subject("gp"), kind: "referring" });
      for (const account of ["cardiologist", "nurse", "optician"]) {
        await all.declareAuthorisation(patients.anna.ins, subject(account));
      }
      await all.declareAuthorisation(patients.anna.ins, { ...subject("blocked"), kind: "block" });
      const grantedAt = new Date("2020-01-01T00:00:00Z");
      const expiresAt = new Date("2021-01-01T00:00:00Z");
      await all.declareAuthorisation(patients.anna.ins, { ...subject("expired"), grantedAt, expiresAt });
    },
  },
  { record: { ...recordOf(patients.bruno), allowsBreakGlass: false, allowsDispatch: false } },
  {
    record: recordOf(patients.leo),
    async setUp(all) {
      const { ins: of, given, birthName } = patients.anna;
      await all.addRepresentative(patients.leo.ins, {
        ins: of,
        name: `${given} ${birthName}`,
        kind: "parent",
        since: openedAt,
      });
      await all.declareAuthorisation(patients.leo.ins, { subjectId: rppsOf("gp"), subjectName: "gp" });
    },
  },
  {
    record: recordOf(patients.clara),
    setUp: (all) =>
      all.close(patients.clara.ins, {
        motive: "FERMETURE_DEMANDE_PATIENT",
        reason: "essai",
        closedAt: new Date("2026-01-15T10:00:00Z"),
      }),
  },
];
