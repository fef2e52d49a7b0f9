/** Laws of decide(): what holds whatever the caller, the mode, the record and the document. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Actor, PurposeOfUse } from "./actor.ts";
import { type AttributeChange, decideAttribute } from "./attributes.ts";
import { type Act, decide, type Question } from "./decide.ts";
import { type AuthorisationState, type DocumentFacts, defaultParameters, type RecordFacts } from "./facts.ts";
import { columnOf, matrixTypes, mayConsult } from "./matrix.ts";
import { adult, ins, letter, ME, now } from "./testing/cases.ts";
import { mayCombine } from "./visibility.ts";

const parent = { system: ins.system, value: "255069935104237" };
const OTHER = "810000000099";
const MINE = "1750999992";

const someProfessional = fc.record({
  kind: fc.constant("professional" as const),
  id: fc.constant("p"),
  name: fc.constant("P"),
  rpps: fc.constantFrom(ME, OTHER),
  profession: fc.constantFrom("10", "21", "28", "31", "38", "40", "41", "60", "99", "G15_60", "__proto__"),
  specialty: fc.constantFrom("SM26", "SM25", "G", ""),
  role: fc.constantFrom("", "316", "317"),
  activityKind: fc.constantFrom("GENR08", "GENR12", ""),
  dispatchCentre: fc.boolean(),
  structure: fc.constantFrom({ id: MINE, name: "E" }, { id: "1750999991", name: "C" }),
});
const someActor: fc.Arbitrary<Actor> = fc.oneof(
  { weight: 5, arbitrary: someProfessional },
  fc.record({
    kind: fc.constant("patient" as const),
    id: fc.constant("a"),
    name: fc.constant("A"),
    ins: fc.constantFrom(ins, parent, { ...ins, value: "199999999999999" }),
  }),
  fc.constant<Actor>({ kind: "establishment", id: "e", name: "E", structure: { id: MINE, name: "E" } }),
);
const someRecord: fc.Arbitrary<RecordFacts> = fc.record({
  state: fc.constantFrom("open" as const, "open" as const, "suspended" as const, "closed" as const),
  ins: fc.constant(ins),
  birthDate: fc.constantFrom("1985-06-14", "2015-01-01"),
  allowsDispatch: fc.boolean(),
  allowsBreakGlass: fc.boolean(),
  allowsMaskedInEmergency: fc.boolean(),
  isAttachedToMes: fc.boolean(),
  identityStatus: fc.constantFrom("qualified" as const, "validated" as const),
  isDeceased: fc.boolean(),
  representatives: fc.constantFrom([], [{ ...parent, kind: "parent" as const, isOpener: true }]),
  carers: fc.constantFrom([], [parent]),
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
  authorIds: fc.constantFrom([], [ME], [OTHER]),
  authorStructureIds: fc.constantFrom([], [MINE]),
  depositorKind: fc.constantFrom("professional" as const, "patient" as const, "establishment" as const),
  depositorId: fc.constantFrom(ME, OTHER, ins.value),
  depositorStructureId: fc.constantFrom(null, MINE),
  withheldFrom: fc.constantFrom([], [ME], [MINE], [OTHER, "1750999991"]),
  isNeverInEmergency: fc.boolean(),
  patientSeesFrom: fc.constantFrom(null, new Date("2026-05-25"), new Date("2026-06-10")),
});
const somePurpose = fc.constantFrom<PurposeOfUse>("TREAT", "BTG", "ETREAT");
const someAct = fc.constantFrom<Act>("search", "reference", "read", "summary");
const acts: readonly Act[] = [
  "status",
  "declare",
  "renounce",
  "list-authorisations",
  "block",
  "deposit",
  "search",
  "reference",
  "read",
  "summary",
  "trace",
  "preferences",
  "restrict",
];
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
const parameters = fc.record({
  announcementDays: fc.constantFrom(30, 14),
  majorityAge: fc.constant(18),
  hasMinorManagement: fc.boolean(),
  blockedMayBreakGlass: fc.boolean(),
  matrixLimitsAuthors: fc.boolean(),
  matrixHoldsInEmergency: fc.boolean(),
  cumulation: fc.constantFrom("bounded" as const, "always" as const, "never" as const),
  allowsHeirs: fc.boolean(),
});
const someQuestion: fc.Arbitrary<Question & { readonly document: DocumentFacts }> = fc.record({
  act: someAct,
  actor: someActor,
  purposeOfUse: somePurpose,
  reason: fc.constantFrom("urgence", "", undefined),
  record: someRecord,
  document: someDocument,
  now: fc.constant(now),
  parameters,
});

/** One restriction more on the same question: of the document, of the record, or of the caller's standing. */
const restrictions: readonly ((question: Question & { readonly document: DocumentFacts }) => typeof question)[] = [
  (q) => ({ ...q, document: { ...q.document, isHidden: true } }),
  (q) => ({ ...q, document: { ...q.document, isInvisibleToPatient: true } }),
  (q) => ({ ...q, document: { ...q.document, isInvisibleToRepresentatives: true } }),
  (q) => ({ ...q, document: { ...q.document, isNeverInEmergency: true } }),
  (q) => ({ ...q, document: { ...q.document, withheldFrom: [ME, OTHER, MINE] } }),
  (q) => ({ ...q, document: { ...q.document, patientSeesFrom: null } }),
  (q) => ({ ...q, document: { ...q.document, status: "entered-in-error" } }),
  (q) => ({ ...q, document: { ...q.document, typeCode: "00000-0" } }),
  (q) => ({ ...q, record: { ...q.record, state: "closed" } }),
  (q) => ({ ...q, record: { ...q.record, allowsBreakGlass: false } }),
  (q) => ({ ...q, record: { ...q.record, allowsDispatch: false } }),
  (q) => ({ ...q, record: { ...q.record, allowsMaskedInEmergency: false } }),
  (q) => ({ ...q, record: { ...q.record, representatives: [], carers: [] } }),
  (q) => ({ ...q, record: { ...q.record, standing: { authorisation: "forbidden", isReferringDoctor: false } } }),
  (q) => ({ ...q, record: { ...q.record, standing: { ...q.record.standing, isReferringDoctor: false } } }),
  (q) => ({ ...q, reason: undefined }),
];
/** Two of the laws bear an exception that a parameter opens, and only that. */
const isOpened = (q: Question) =>
  q.parameters.blockedMayBreakGlass && q.purposeOfUse !== "TREAT" && q.record.standing.authorisation === "forbidden";

describe("laws of decide()", () => {
  test("R140 one restriction more never permits more", () => {
    fc.assert(
      fc.property(someQuestion, fc.constantFrom(...restrictions), (question, restrict) => {
        const restricted = restrict(question);
        if (decide(restricted).permit && !isOpened(restricted)) expect(decide(question).permit).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test("R148 when a document came in matters while it awaits its announcement, and to no rule else", () => {
    fc.assert(
      fc.property(someQuestion, (question) => {
        const received = (receivedAt: Date) => {
          const document = { ...question.document, isInvisibleToPatient: false, receivedAt };
          return decide({ ...question, document });
        };
        expect(received(new Date(0))).toEqual(received(now));
      }),
      { numRuns: 3000 },
    );
  });

  test("R145 what cannot be seen is answered as absent, wherever the record itself is open to the caller", () => {
    fc.assert(
      fc.property(someQuestion, (question) => {
        const { document, ...asked } = question;
        if (!decide(asked).permit) return;
        const verdict = decide({ ...asked, document });
        if (!verdict.permit) expect(verdict.refusal).toBe("concealed");
      }),
      { numRuns: 2000 },
    );
  });

  test("R145 where the record is not open, the answer does not depend on the document", () => {
    fc.assert(
      fc.property(someQuestion, someDocument, (question, other) => {
        const { document, ...asked } = question;
        const verdict = decide(asked);
        if (verdict.permit) return;
        expect(decide({ ...asked, document })).toEqual(verdict);
        expect(decide({ ...asked, document: other })).toEqual(verdict);
      }),
      { numRuns: 2000 },
    );
  });

  test("R59, R77 a blocked professional never reads, and may always deposit", () => {
    fc.assert(
      fc.property(someQuestion, someProfessional, (question, actor) => {
        const standing = { authorisation: "forbidden" as const, isReferringDoctor: false };
        const record = { ...question.record, standing };
        const asked = { ...question, actor, record, parameters: defaultParameters };
        expect(decide(asked).permit).toBe(false);
        const deposit = decide({ ...asked, act: "deposit", purposeOfUse: "TREAT", document: undefined });
        expect(deposit.permit).toBe(record.state === "open");
      }),
      { numRuns: 1000 },
    );
  });

  test("R15 nothing of a closed record is read, found, deposited, declared or changed", () => {
    fc.assert(
      fc.property(someQuestion, fc.constantFrom(...acts), fc.constantFrom(...changes), (question, act, change) => {
        const asked = { ...question, record: { ...question.record, state: "closed" as const } };
        // Its state and its traces stay open to those whom they were open to (R17, R181).
        if (act !== "status" && act !== "trace")
          expect(decide({ ...asked, act, document: undefined }).permit).toBe(false);
        expect(decide(asked).permit).toBe(false);
        expect(decideAttribute({ ...asked, change }).permit).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test("R50, R84 without a column of the matrix nobody but patients and structures gets anywhere near a document", () => {
    fc.assert(
      fc.property(someQuestion, someProfessional, (question, actor) => {
        if (columnOf(actor) === undefined) expect(decide({ ...question, actor }).permit).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test("R74 never in emergency means never, for anybody", () => {
    fc.assert(
      fc.property(someQuestion, fc.constantFrom<PurposeOfUse>("BTG", "ETREAT"), (question, purposeOfUse) => {
        if (question.actor.kind !== "professional") return;
        const document = { ...question.document, isNeverInEmergency: true };
        expect(decide({ ...question, purposeOfUse, document }).permit).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test("R144 a document withheld from somebody is read by them as its author only", () => {
    fc.assert(
      fc.property(someQuestion, someProfessional, (question, actor) => {
        const document = { ...question.document, withheldFrom: [actor.rpps] };
        const verdict = decide({ ...question, actor, document });
        const isOwn =
          document.authorIds.includes(actor.rpps) ||
          (document.depositorKind === "professional" && document.depositorId === actor.rpps);
        if (verdict.permit) expect(isOwn).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("R142, R143, R149 who may not see a document changes nothing of it, but the author", () => {
    fc.assert(
      fc.property(someQuestion, fc.constantFrom(...changes), (question, change) => {
        if (question.actor.kind === "establishment" || decide({ ...question, act: "read" }).permit) return;
        const verdict = decideAttribute({ ...question, change });
        if (!verdict.permit) return;
        const { actor, document } = question;
        expect(actor.kind).toBe("professional");
        if (actor.kind === "professional") {
          expect(document.authorIds.includes(actor.rpps) || document.depositorId === actor.rpps).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("R149 nobody hides from the patient what is there", () => {
    fc.assert(
      fc.property(someQuestion, (question) => {
        expect(decideAttribute({ ...question, change: "hide-from-patient" }).permit).toBe(false);
      }),
    );
  });

  test("R73, R146 the patient's settings are the patient's side alone to set", () => {
    fc.assert(
      fc.property(someQuestion, fc.constantFrom<Act>("preferences", "restrict"), (question, act) => {
        const verdict = decide({ ...question, act, document: undefined });
        if (verdict.permit) expect(question.actor.kind).toBe("patient");
      }),
    );
  });

  test("R148 a result shows at its own time or at the legal limit, whichever comes first, and stays shown", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 * 24 }),
        fc.option(fc.integer({ min: 0, max: 60 * 24 })),
        (hours, own) => {
          const receivedAt = new Date("2026-01-01");
          const after = (delay: number) => new Date(receivedAt.getTime() + delay * 3_600_000);
          const document: DocumentFacts = {
            ...letter,
            receivedAt,
            isInvisibleToPatient: true,
            patientSeesFrom: own === null ? null : after(own),
          };
          const verdict = decide({ ...asHolder, now: after(hours), document });
          expect(verdict.permit).toBe(hours >= Math.min(own ?? 30 * 24, 30 * 24));
        },
      ),
    );
  });

  test("R141 labels never leave the author alone for more than a month; fewer of them are always allowed", () => {
    const flags = fc.record({
      isHidden: fc.boolean(),
      isInvisibleToPatient: fc.boolean(),
      isInvisibleToRepresentatives: fc.boolean(),
    });
    fc.assert(
      fc.property(flags, fc.boolean(), parameters, (labels, isHolderMinor, given) => {
        if (!mayCombine(labels, { isHolderMinor }, given)) return;
        expect(mayCombine({ ...labels, isHidden: false }, { isHolderMinor }, given)).toBe(true);
        if (given.cumulation === "bounded" && labels.isHidden && isHolderMinor) {
          expect(labels.isInvisibleToRepresentatives).toBe(false);
        }
        if (given.cumulation === "never" && labels.isHidden) {
          expect(labels.isInvisibleToPatient || labels.isInvisibleToRepresentatives).toBe(false);
        }
      }),
    );
    const both = { isHidden: true, isInvisibleToPatient: true, isInvisibleToRepresentatives: false };
    expect(mayCombine(both, { isHolderMinor: false }, { cumulation: "bounded", announcementDays: 30 })).toBe(true);
    expect(mayCombine(both, { isHolderMinor: false }, { cumulation: "bounded", announcementDays: 90 })).toBe(false);
  });

  test("R86 the matrix closes a type in emergency too, unless the operator lifts it there", () => {
    const optician = { kind: "professional" as const, id: "o", name: "O", rpps: "810000000050", profession: "28" };
    const lifted = { ...defaultParameters, matrixHoldsInEmergency: false };
    for (const typeCode of matrixTypes().filter((type) => !mayConsult("opticien-lunetier", type))) {
      const asked = { ...asHolder, actor: optician, reason: "x", document: { ...letter, typeCode } };
      expect(decide({ ...asked, purposeOfUse: "BTG" }).permit).toBe(false);
      expect(decide({ ...asked, purposeOfUse: "BTG", parameters: lifted })).toEqual({ permit: true, rule: "R86" });
      expect(decide({ ...asked, parameters: lifted }).permit).toBe(false);
    }
  });
});

const asHolder: Question = {
  act: "read",
  actor: { kind: "patient", id: "a", name: "A", ins },
  purposeOfUse: "TREAT",
  record: { ...adult, isAttachedToMes: true },
  now,
  parameters: defaultParameters,
};
