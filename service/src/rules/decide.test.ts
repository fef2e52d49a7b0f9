import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Actor, PatientActor, ProfessionalActor, PurposeOfUse } from "./actor.ts";
import { type AttributeChange, decideAttribute } from "./attributes.ts";
import { type Act, decide, letterOf, rightOf } from "./decide.ts";
import { decideDeposit, decideReplacement } from "./deposit.ts";
import { type AuthorisationState, type DocumentFacts, defaultParameters, type RecordFacts } from "./facts.ts";
import type { functionalRights } from "./generated/functional-rights.ts";
import { assumedTypes, matrixColumns, matrixMarks } from "./generated/matrix.ts";
import { ageInYears, archivedUntil, isMinor } from "./lifecycle.ts";
import { columnOf, mayConsult } from "./matrix.ts";
import { noStanding, standingOf } from "./standing.ts";
import { adult, ins, letter, ME, now } from "./testing/cases.ts";

const parameters = defaultParameters;
const parent = { system: ins.system, value: "255069935104237" };
const asParent = { ...parent, kind: "parent", isOpener: true } as const;

const doctor: ProfessionalActor = {
  kind: "professional",
  id: "p",
  name: "P",
  rpps: ME,
  profession: "10",
  specialty: "SM26",
};
const self: PatientActor = { kind: "patient", id: "a", name: "A", ins };

const record = (change: Partial<RecordFacts> = {}): RecordFacts => ({
  ...adult,
  isAttachedToMes: true,
  representatives: [asParent],
  ...change,
});
const documentOf = (change: Partial<DocumentFacts> = {}): DocumentFacts => ({ ...letter, ...change });

const professions = [
  "10",
  "21",
  "28",
  "31",
  "38",
  "40",
  "41",
  "60",
  "70",
  "91",
  "98",
  "99",
  "G15_60",
  "unknown",
  "__proto__",
];
const someProfessional = fc.record({
  kind: fc.constant("professional" as const),
  id: fc.constant("p"),
  name: fc.constant("P"),
  rpps: fc.constantFrom(ME, "810000000099"),
  profession: fc.constantFrom(...professions),
  specialty: fc.constantFrom("SM26", "SM25", "G", "A", ""),
  role: fc.constantFrom("", "316", "317"),
  activityKind: fc.constantFrom("GENR08", "GENR12", "", "constructor"),
  dispatchCentre: fc.boolean(),
});
const someActor: fc.Arbitrary<Actor> = fc.oneof(
  someProfessional,
  fc.record({
    kind: fc.constant("patient" as const),
    id: fc.constant("a"),
    name: fc.constant("A"),
    ins: fc.constantFrom(ins, parent, { system: ins.system, value: "199999999999999" }),
  }),
  fc.constant<Actor>({ kind: "establishment", id: "e", name: "E", structure: { id: "1750999992", name: "E" } }),
);
const someRecord = fc.record({
  state: fc.constantFrom("open" as const, "closed" as const),
  ins: fc.constant(ins),
  birthDate: fc.constantFrom("1985-06-14", "2015-01-01"),
  allowsDispatch: fc.boolean(),
  allowsBreakGlass: fc.boolean(),
  allowsMaskedInEmergency: fc.boolean(),
  isAttachedToMes: fc.boolean(),
  identityStatus: fc.constant("qualified" as const),
  isDeceased: fc.constant(false),
  representatives: fc.constantFrom([], [asParent]),
  carers: fc.constant([]),
  standing: fc.record({
    authorisation: fc.constantFrom<AuthorisationState>("valid", "none", "expired", "forbidden"),
    isReferringDoctor: fc.boolean(),
  }),
});
const someDocument: fc.Arbitrary<DocumentFacts> = fc.record({
  status: fc.constantFrom("current" as const, "superseded" as const, "entered-in-error" as const),
  typeCode: fc.constantFrom("11488-4", "34875-5", "DOCPAT01", "REMB", "toString", "00000-0"),
  isHidden: fc.boolean(),
  isInvisibleToPatient: fc.boolean(),
  isInvisibleToRepresentatives: fc.boolean(),
  isArchived: fc.boolean(),
  receivedAt: fc.constantFrom(new Date("2026-05-20"), new Date("2026-01-01")),
  authorKind: fc.constantFrom("professional" as const, "patient" as const),
  authorIds: fc.constantFrom([], [ME], ["810000000099"]),
  authorStructureIds: fc.constantFrom([], ["1750999992"]),
  depositorKind: fc.constantFrom("professional" as const, "patient" as const, "establishment" as const),
  depositorId: fc.constantFrom(ME, "810000000099", ins.value),
  depositorStructureId: fc.constantFrom(null, "1750999992"),
  withheldFrom: fc.constantFrom([], [ME], ["1750999992"]),
  isNeverInEmergency: fc.boolean(),
  patientSeesFrom: fc.constantFrom(null, new Date("2026-05-22")),
});
const somePurpose = fc.constantFrom<PurposeOfUse>("TREAT", "BTG", "ETREAT");
const consulting: readonly Act[] = ["search", "read", "summary"];
const question = (actor: Actor, change: Partial<Parameters<typeof decide>[0]> = {}) => ({
  act: "read" as const,
  actor,
  purposeOfUse: "TREAT" as const,
  reason: "urgence",
  record: record(),
  now,
  parameters,
  ...change,
});

describe("decide", () => {
  test("R59, R77: a blocked professional consults nothing, whatever the mode, and may still deposit", () => {
    fc.assert(
      fc.property(
        someProfessional,
        somePurpose,
        someDocument,
        fc.constantFrom(...consulting),
        (actor, purposeOfUse, document, act) => {
          const blocked = record({ standing: { authorisation: "forbidden", isReferringDoctor: false } });
          expect(decide(question(actor, { act, purposeOfUse, document, record: blocked })).permit).toBe(false);
          const deposit = decide(question(actor, { act: "deposit", record: blocked }));
          expect(deposit).toEqual({ permit: true, rule: "R57" });
        },
      ),
    );
  });

  test("R15: nobody consults or deposits in a closed record", () => {
    fc.assert(
      fc.property(
        someActor,
        somePurpose,
        fc.constantFrom<Act>(...consulting, "deposit", "declare"),
        (actor, purposeOfUse, act) => {
          expect(decide(question(actor, { act, purposeOfUse, record: record({ state: "closed" }) })).permit).toBe(
            false,
          );
        },
      ),
    );
  });

  test("R50, R84: without a column of the matrix nothing is read; an unknown type is read by its author alone", () => {
    fc.assert(
      fc.property(someProfessional, someDocument, (actor, document) => {
        const verdict = decide(question(actor, { document }));
        if (!verdict.permit) return;
        const column = columnOf(actor);
        expect(column).toBeDefined();
        const isOwn = document.authorIds.includes(actor.rpps) || document.depositorId === actor.rpps;
        expect(isOwn || (column !== undefined && mayConsult(column, document.typeCode))).toBe(true);
      }),
    );
  });

  test("R144, R74: a masked document is read by its author, the referring doctor and, if permitted, in emergency", () => {
    fc.assert(
      fc.property(someProfessional, somePurpose, someRecord, someDocument, (actor, purposeOfUse, facts, document) => {
        const verdict = decide(
          question(actor, { purposeOfUse, record: facts, document: { ...document, isHidden: true } }),
        );
        if (!verdict.permit || verdict.rule === "R85") return;
        if (purposeOfUse === "TREAT") expect(facts.standing.isReferringDoctor).toBe(true);
        else expect(facts.allowsMaskedInEmergency).toBe(true);
      }),
    );
  });

  test("R120: a deleted document is there for nobody", () => {
    fc.assert(
      fc.property(someActor, somePurpose, someRecord, someDocument, (actor, purposeOfUse, facts, document) => {
        const deleted = { ...document, status: "entered-in-error" as const };
        for (const act of [...consulting, "reference"] as const) {
          expect(decide(question(actor, { act, purposeOfUse, record: facts, document: deleted })).permit).toBe(false);
        }
      }),
    );
  });

  test("R145: a refusal about one document is always answered as absent, whoever may act in the record", () => {
    fc.assert(
      fc.property(someActor, somePurpose, someRecord, someDocument, (actor, purposeOfUse, facts, document) => {
        const asked = question(actor, { purposeOfUse, record: facts });
        if (!decide(asked).permit) return;
        const verdict = decide({ ...asked, document });
        if (!verdict.permit) expect(verdict.refusal).toBe("concealed");
      }),
    );
  });

  test("R148: a result awaiting its announcement is hidden from the patient for exactly the configured days", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 * 24 }), (hours) => {
        const at = new Date(documentOf().receivedAt.getTime() + hours * 3_600_000);
        const verdict = decide(question(self, { now: at, document: documentOf({ isInvisibleToPatient: true }) }));
        expect(verdict.permit).toBe(hours >= 30 * 24);
      }),
    );
  });

  test("R78, R9: a stranger is told nothing, a minor acts through a representative", () => {
    const stranger = { ...self, ins: { ...ins, value: "199999999999999" } };
    expect(decide(question(stranger))).toEqual({ permit: false, rule: "R78", refusal: "concealed" });
    const child = record({ birthDate: "2015-01-01" });
    expect(decide(question(self, { record: child })).rule).toBe("R9");
    expect(decide(question({ ...self, ins: parent }, { record: child })).permit).toBe(true);
  });

  test("R65: an occupational doctor feeds and never consults", () => {
    const occupational = { ...doctor, specialty: "SM25" };
    for (const act of consulting) expect(decide(question(occupational, { act })).rule).toBe("R65");
    expect(decide(question(occupational, { act: "deposit" })).permit).toBe(true);
  });

  test("takes less than 20 µs per document, by a wide margin", () => {
    const asked = question(doctor, { document: documentOf() });
    let permitted = 0;
    for (let round = 0; round < 10_000; round++) if (decide(asked).permit) permitted++;
    expect(permitted).toBe(10_000);
  });
});

describe("standingOf", () => {
  const row = {
    kind: "access" as const,
    subjectKind: "professional" as const,
    subjectId: ME,
    expiresAt: null,
    endedAt: null,
  };
  test("R55: none, valid, expired, forbidden", () => {
    const past = new Date("2026-01-01");
    expect(standingOf(doctor, [], now).authorisation).toBe("none");
    expect(standingOf(doctor, [row], now).authorisation).toBe("valid");
    expect(standingOf(doctor, [{ ...row, expiresAt: past }], now).authorisation).toBe("expired");
    expect(standingOf(doctor, [row, { ...row, kind: "block" }], now).authorisation).toBe("forbidden");
    expect(standingOf(doctor, [{ ...row, kind: "referring" }], now)).toEqual({
      authorisation: "valid",
      isReferringDoctor: true,
    });
  });
  test("R58: an authorisation of the structure stands for its professionals only", () => {
    const ofStructure = { ...row, subjectKind: "structure" as const, subjectId: "1750999992" };
    expect(standingOf(doctor, [ofStructure], now).authorisation).toBe("none");
    const member = { ...doctor, structure: { id: "1750999992", name: "E" } };
    expect(standingOf(member, [ofStructure], now).authorisation).toBe("valid");
  });
});

describe("attributes", () => {
  const change = (actor: Actor, wanted: AttributeChange, facts = documentOf(), of = record()) =>
    decideAttribute({ ...question(actor), record: of, document: facts, change: wanted });
  const changes: readonly AttributeChange[] = [
    "hide",
    "show",
    "show-to-patient",
    "hide-from-patient",
    "show-to-representatives",
    "hide-from-representatives",
    "archive",
    "unarchive",
    "delete",
  ];

  test("R120 to R122: only the author, the structure, or for a patient's document the patient and the referring doctor, delete", () => {
    fc.assert(
      fc.property(someActor, somePurpose, someRecord, someDocument, (actor, purposeOfUse, facts, document) => {
        const asked = { ...question(actor), purposeOfUse, record: facts, document, change: "delete" as const };
        if (!decideAttribute(asked).permit) return;
        if (actor.kind === "patient") expect(document.authorKind).toBe("patient");
        else if (actor.kind === "establishment") {
          expect([...document.authorStructureIds, document.depositorStructureId]).toContain(actor.structure.id);
        } else {
          const isOwn = document.authorIds.includes(actor.rpps) || document.depositorId === actor.rpps;
          expect(isOwn || (document.authorKind === "patient" && facts.standing.isReferringDoctor)).toBe(true);
        }
      }),
    );
  });

  test("R75: no attribute but the archived mark and a deletion changes in emergency", () => {
    fc.assert(
      fc.property(
        someProfessional,
        fc.constantFrom<PurposeOfUse>("BTG", "ETREAT"),
        someRecord,
        someDocument,
        (actor, purposeOfUse, facts, document) => {
          for (const wanted of changes) {
            const verdict = decideAttribute({
              ...question(actor),
              purposeOfUse,
              record: facts,
              document,
              change: wanted,
            });
            if (verdict.permit) expect(["archive", "unarchive", "delete"]).toContain(wanted);
          }
        },
      ),
    );
  });

  test("R149: nobody makes a visible document invisible to the patient", () => {
    fc.assert(
      fc.property(someActor, somePurpose, someRecord, someDocument, (actor, purposeOfUse, facts, document) => {
        const asked = {
          ...question(actor),
          purposeOfUse,
          record: facts,
          document,
          change: "hide-from-patient" as const,
        };
        expect(decideAttribute(asked).permit).toBe(false);
      }),
    );
  });

  test("R142, R143: hiding is for all who see it; unhiding for patient, referring doctor and author", () => {
    expect(change(doctor, "hide").permit).toBe(true);
    expect(change(self, "hide").permit).toBe(true);
    const hidden = documentOf({ isHidden: true });
    expect(change(self, "show", hidden).permit).toBe(true);
    expect(change(doctor, "show", hidden).permit).toBe(false);
    expect(change(doctor, "show", { ...hidden, authorIds: [ME] }).permit).toBe(true);
    const referring = record({ standing: { authorisation: "valid", isReferringDoctor: true } });
    expect(change(doctor, "show", hidden, referring)).toEqual({ permit: true, rule: "R62" });
  });
});

describe("deposits", () => {
  const incoming = { typeCode: "11488-4", classCode: "10", contentType: "application/pdf", size: 1000 };
  test("R40, R84, R102, R123: identity, known type, and what a patient may add", () => {
    expect(decideDeposit(question(doctor), incoming).permit).toBe(true);
    expect(decideDeposit(question(doctor), { ...incoming, identity: "wrong" }).rule).toBe("R40");
    expect(decideDeposit(question(doctor), { ...incoming, typeCode: "00000-0" }).rule).toBe("R84");
    expect(decideDeposit(question(self), incoming).rule).toBe("R102");
    const own = { ...incoming, typeCode: "DOCPAT01", classCode: "11" };
    expect(decideDeposit(question(self), own).permit).toBe(true);
    expect(decideDeposit(question(self), { ...own, size: 6 * 1024 * 1024 }).rule).toBe("R123");
  });
  test("R117: only what is current, by its author or structure", () => {
    const by = question(doctor);
    expect(decideReplacement(by, documentOf()).rule).toBe("R117");
    expect(decideReplacement(by, documentOf({ authorIds: [ME] })).permit).toBe(true);
    expect(decideReplacement(by, documentOf({ authorIds: [ME], status: "superseded" })).permit).toBe(false);
    const lastLeft = { status: "superseded", isLastLeft: true } as const;
    expect(decideReplacement(by, documentOf({ authorIds: [ME], ...lastLeft })).permit).toBe(true);
    expect(decideReplacement(by, documentOf(lastLeft)).rule).toBe("R117");
  });
  test("R117, R145: a colleague of the structure replaces what they may see, and learns nothing of what is hidden", () => {
    const structure = { id: "1750999992", name: "E" };
    const colleague = question({ ...doctor, structure }, { record: record({ standing: noStanding }) });
    const theirs = documentOf({ depositorStructureId: structure.id });
    expect(decideReplacement(colleague, theirs).permit).toBe(true);
    for (const hidden of [{ isHidden: true }, { withheldFrom: [ME] }, { withheldFrom: [structure.id] }]) {
      const verdict = decideReplacement(colleague, { ...theirs, ...hidden });
      expect(verdict).toMatchObject({ permit: false, refusal: "concealed" });
    }
  });
});

describe("ages and ends", () => {
  test("R9, R19: age on the day, majority, ten years of archive", () => {
    expect(ageInYears("2008-06-01", now)).toBe(18);
    expect(ageInYears("2008-06-02", now)).toBe(17);
    expect(isMinor("2008-06-02", 18, now)).toBe(true);
    expect(isMinor("inconnue", 18, now)).toBe(false);
    expect(archivedUntil(new Date("2026-02-28T00:00:00Z")).toISOString()).toBe("2036-02-28T00:00:00.000Z");
  });
});

const shared = new URL("../../../../shared/data/", import.meta.url);
describe.skipIf(!existsSync(shared))("the generated tables (needs ../shared)", () => {
  const read = (name: string) => JSON.parse(readFileSync(new URL(name, shared), "utf8"));

  test("R80, R81: every cell of the matrix is as in the official table", () => {
    const { cells, counts } = read("habilitation-matrix.json");
    let sourced = 0;
    for (const [type, byColumn] of Object.entries<Record<string, { read: boolean; status: string }>>(cells)) {
      for (const column of matrixColumns) {
        expect(mayConsult(column, type), `${column} ${type}`).toBe(byColumn[column]?.read);
        if (byColumn[column]?.status === "sourced") sourced++;
      }
    }
    expect(sourced).toBe(counts.sourcedCells);
    expect(Object.keys(matrixMarks)).toHaveLength(counts.sourcedTypes + counts.assumedTypes);
    expect(assumedTypes).toHaveLength(counts.assumedTypes);
  });

  test("R83: each profession code leads to its column", () => {
    for (const { code, kind, matrixColumns: columns } of read("professions.json")) {
      if (kind === "non-professional-author" || kind === "in-training" || columns.length > 1) continue;
      if (code === "93") continue;
      const column = columnOf({ ...doctor, profession: code, specialty: "SM26" });
      expect(column, code).toBe(columns[0]);
    }
    expect(columnOf({ ...doctor, profession: "21", specialty: "G" })).toBe("pharmacien-biologiste");
    expect(columnOf({ ...doctor, profession: "99", activityKind: "GENR11" })).toBe("social-accompagnement-soin");
    expect(columnOf({ ...doctor, profession: "39", role: "317" })).toBe("pharmacien");
  });

  test("R201: every functional right is as in the official table", () => {
    for (const { id, byActor } of read("functional-rights.json").rights) {
      for (const [letter, { allowed, condition }] of Object.entries<{ allowed: boolean; condition?: string }>(
        byActor,
      )) {
        const right = rightOf(id as keyof typeof functionalRights, letter as Parameters<typeof rightOf>[1]);
        expect(right, `${id} ${letter}`).toBe(allowed ? (condition ?? true) : undefined);
      }
    }
    expect(letterOf(doctor, "ETREAT", true)).toBe("E");
  });
});
