/** The usual caller, record and document, of which each test changes what it is about, and verdicts in a word. */
import { expect } from "vitest";
import type { Actor, EstablishmentActor, PatientActor, ProfessionalActor } from "../actor.ts";
import { type AttributeChange, decideAttribute } from "../attributes.ts";
import { type Act, decide, type Question } from "../decide.ts";
import { type DocumentFacts, defaultParameters, type RecordFacts } from "../facts.ts";
import type { Verdict } from "../rule.ts";

export const now = new Date("2026-06-01T12:00:00Z");
export const system = "urn:oid:1.2.250.1.213.1.4.10";
export const ins = { system, value: "285069935104237" };
export const relative = { system, value: "255069935104237" };
export const ME = "810000000001";
export const HOSPITAL = { id: "1750999992", name: "E" };

export const doctor: ProfessionalActor = { kind: "professional", id: "p", name: "P", rpps: ME, profession: "10" };
export const occupational = { ...doctor, specialty: "SM25" };
export const nurse = { ...doctor, profession: "60" };
export const dispatcher = { ...doctor, dispatchCentre: true };
export const desk: EstablishmentActor = { kind: "establishment", id: "e", name: "E", structure: HOSPITAL };
export const holder: PatientActor = { kind: "patient", id: "a", name: "A", ins };
export const other: PatientActor = { ...holder, ins: relative };

export const adult: RecordFacts = {
  state: "open",
  ins,
  birthDate: "1985-06-14",
  allowsDispatch: true,
  allowsBreakGlass: true,
  allowsMaskedInEmergency: false,
  isAttachedToMes: false,
  identityStatus: "qualified",
  isDeceased: false,
  representatives: [],
  carers: [],
  standing: { authorisation: "valid", isReferringDoctor: false },
};
export const standing = (authorisation: RecordFacts["standing"]["authorisation"], isReferringDoctor = false) => ({
  standing: { authorisation, isReferringDoctor },
});
export const represented = (kind: RecordFacts["representatives"][number]["kind"], isOpener = false) => ({
  representatives: [{ ...relative, kind, isOpener }],
});
export const child = { birthDate: "2015-01-01", ...represented("parent", true) };
export const cared = { carers: [relative] };
export const inherited = { isDeceased: true, state: "closed", ...represented("heir") } as const;

export const letter: DocumentFacts = {
  status: "current",
  typeCode: "11488-4",
  isHidden: false,
  isInvisibleToPatient: false,
  isInvisibleToRepresentatives: false,
  isArchived: false,
  receivedAt: new Date("2026-05-20T00:00:00Z"),
  authorKind: "professional",
  authorIds: ["810000000099"],
  authorStructureIds: [],
  depositorKind: "professional",
  depositorId: "810000000099",
  depositorStructureId: null,
  withheldFrom: [],
  isNeverInEmergency: false,
  patientSeesFrom: null,
};
export const mine = { authorIds: [ME] };
export const ofPatient = {
  authorKind: "patient",
  authorIds: [],
  depositorKind: "patient",
  depositorId: ins.value,
} as const;
export const ofHospital = { depositorStructureId: HOSPITAL.id };
export const btg = { purposeOfUse: "BTG", reason: "urgence" } as const;
export const etreat = { purposeOfUse: "ETREAT" } as const;

export type Asked = Partial<Omit<Question, "act" | "actor" | "record" | "document">> & {
  readonly record?: Partial<RecordFacts>;
  readonly document?: Partial<DocumentFacts>;
};
export const ask = (actor: Actor, { record, document: _, ...rest }: Asked = {}) => ({
  actor,
  purposeOfUse: "TREAT" as const,
  record: { ...adult, ...record },
  now,
  parameters: defaultParameters,
  ...rest,
});
export const set = (parameters: Partial<Question["parameters"]>) => ({
  parameters: { ...defaultParameters, ...parameters },
});
/** "R51" permits; "no R51" refuses, "closed R15" and "hidden R78" as what they say. */
export const told = (verdict: Verdict) =>
  verdict.permit
    ? verdict.rule
    : `${verdict.refusal === "forbidden" ? "no" : verdict.refusal === "closed" ? "closed" : "hidden"} ${verdict.rule}`;
export const may = (actor: Actor, act: Act, asked: Asked = {}) =>
  told(decide({ ...ask(actor, asked), act, ...(asked.document && { document: { ...letter, ...asked.document } }) }));
export const change = (actor: Actor, wanted: AttributeChange, asked: Asked = {}) =>
  told(decideAttribute({ ...ask(actor, asked), change: wanted, document: { ...letter, ...asked.document } }));

/** Rows of "act: verdict", for one caller and one record. */
export function acts(actor: Actor, asked: Asked, expected: Readonly<Partial<Record<Act, string>>>): void {
  const said = Object.keys(expected).map((act) => [act, may(actor, act as Act, asked)]);
  expect(Object.fromEntries(said)).toEqual(expected);
}
export function changes(
  actor: Actor,
  asked: Asked,
  expected: Readonly<Partial<Record<AttributeChange, string>>>,
): void {
  const said = Object.keys(expected).map((wanted) => [wanted, change(actor, wanted as AttributeChange, asked)]);
  expect(Object.fromEntries(said)).toEqual(expected);
}
