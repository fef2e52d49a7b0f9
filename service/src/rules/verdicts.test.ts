/** What each caller is answered, act by act, with the rule that speaks: the edges that laws over random questions miss. */
import { describe, expect, test } from "vitest";
import type { Actor, EstablishmentActor, PatientActor, ProfessionalActor } from "./actor.ts";
import { type AttributeChange, decideAttribute } from "./attributes.ts";
import { careReaderOf } from "./care-reader.ts";
import { type Act, decide, letterOf, mayListPatients, neverConsults, type Question } from "./decide.ts";
import { decideDeposit, decideLabels, decideReplacement } from "./deposit.ts";
import { recommendedExaminations } from "./examinations.ts";
import { type DocumentFacts, defaultParameters, type RecordFacts } from "./facts.ts";
import { seesFolder } from "./folders.ts";
import { columnOf } from "./matrix.ts";
import type { Verdict } from "./rule.ts";
import { type Authorisation, standingOf } from "./standing.ts";
import { mayCombine } from "./visibility.ts";

const now = new Date("2026-06-01T12:00:00Z");
const system = "urn:oid:1.2.250.1.213.1.4.10";
const ins = { system, value: "285069935104237" };
const relative = { system, value: "255069935104237" };
const ME = "810000000001";
const HOSPITAL = { id: "1750999992", name: "E" };

const doctor: ProfessionalActor = { kind: "professional", id: "p", name: "P", rpps: ME, profession: "10" };
const occupational = { ...doctor, specialty: "SM25" };
const nurse = { ...doctor, profession: "60" };
const dispatcher = { ...doctor, dispatchCentre: true };
const desk: EstablishmentActor = { kind: "establishment", id: "e", name: "E", structure: HOSPITAL };
const holder: PatientActor = { kind: "patient", id: "a", name: "A", ins };
const other: PatientActor = { ...holder, ins: relative };

const adult: RecordFacts = {
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
const standing = (authorisation: RecordFacts["standing"]["authorisation"], isReferringDoctor = false) => ({
  standing: { authorisation, isReferringDoctor },
});
const represented = (kind: RecordFacts["representatives"][number]["kind"], isOpener = false) => ({
  representatives: [{ ...relative, kind, isOpener }],
});
const child = { birthDate: "2015-01-01", ...represented("parent", true) };
const cared = { carers: [relative] };
const inherited = { isDeceased: true, state: "closed", ...represented("heir") } as const;

const letter: DocumentFacts = {
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
const mine = { authorIds: [ME] };
const ofPatient = { authorKind: "patient", authorIds: [], depositorKind: "patient", depositorId: ins.value } as const;
const ofHospital = { depositorStructureId: HOSPITAL.id };
const btg = { purposeOfUse: "BTG", reason: "urgence" } as const;
const etreat = { purposeOfUse: "ETREAT" } as const;

type Asked = Partial<Omit<Question, "act" | "actor" | "record" | "document">> & {
  readonly record?: Partial<RecordFacts>;
  readonly document?: Partial<DocumentFacts>;
};
const ask = (actor: Actor, { record, document: _, ...rest }: Asked = {}) => ({
  actor,
  purposeOfUse: "TREAT" as const,
  record: { ...adult, ...record },
  now,
  parameters: defaultParameters,
  ...rest,
});
const set = (parameters: Partial<Question["parameters"]>) => ({ parameters: { ...defaultParameters, ...parameters } });
/** "R51" permits; "no R51" refuses, "closed R15" and "hidden R78" as what they say. */
const told = (verdict: Verdict) =>
  verdict.permit
    ? verdict.rule
    : `${verdict.refusal === "forbidden" ? "no" : verdict.refusal === "closed" ? "closed" : "hidden"} ${verdict.rule}`;
const may = (actor: Actor, act: Act, asked: Asked = {}) =>
  told(decide({ ...ask(actor, asked), act, ...(asked.document && { document: { ...letter, ...asked.document } }) }));
const change = (actor: Actor, wanted: AttributeChange, asked: Asked = {}) =>
  told(decideAttribute({ ...ask(actor, asked), change: wanted, document: { ...letter, ...asked.document } }));

/** Rows of "act: verdict", for one caller and one record. */
function acts(actor: Actor, asked: Asked, expected: Readonly<Partial<Record<Act, string>>>): void {
  const said = Object.keys(expected).map((act) => [act, may(actor, act as Act, asked)]);
  expect(Object.fromEntries(said)).toEqual(expected);
}
function changes(actor: Actor, asked: Asked, expected: Readonly<Partial<Record<AttributeChange, string>>>): void {
  const said = Object.keys(expected).map((wanted) => [wanted, change(actor, wanted as AttributeChange, asked)]);
  expect(Object.fromEntries(said)).toEqual(expected);
}

describe("a professional", () => {
  test("R51, R55, R56 consults while an authorisation runs; declares, withdraws, lists and sees own traces without one", () => {
    acts(doctor, {}, { search: "R51", read: "R51", summary: "R51", reference: "R51" });
    acts(doctor, { record: standing("expired") }, { read: "no R56" });
    acts(
      doctor,
      { record: standing("none") },
      {
        status: "R57",
        read: "no R51",
        declare: "R51",
        renounce: "R51",
        "list-authorisations": "R51",
        trace: "R181",
        deposit: "R57",
        preferences: "no R146",
        restrict: "no R146",
        block: "no R62",
      },
    );
    acts({ ...doctor, profession: "unknown" }, {}, { read: "no R50", deposit: "R57" });
  });

  test("R15, R18 finds a closed or suspended record shut, and is told which", () => {
    const shut = (rule: string) => ({
      status: "R57",
      read: `closed ${rule}`,
      deposit: `closed ${rule}`,
      trace: `closed ${rule}`,
      administrative: `closed ${rule}`,
      message: `closed ${rule}`,
    });
    acts(doctor, { record: { state: "closed" } }, shut("R15"));
    acts(doctor, { record: { state: "suspended" } }, shut("R18"));
  });

  test("R71, R73, R75 breaks the glass with a reason, where the patient lets it, to consult alone", () => {
    const free = { ...btg, record: standing("none") };
    acts(doctor, free, {
      search: "R71",
      read: "R71",
      deposit: "R57",
      declare: "no R75",
      renounce: "no R75",
      "list-authorisations": "no R75",
      message: "no R75",
    });
    for (const reason of [undefined, "", " \u2800\u3164", "…"]) acts(doctor, { ...free, reason }, { read: "no R71" });
    acts(doctor, { ...btg, record: { allowsBreakGlass: false } }, { read: "no R73" });
    acts(doctor, { ...btg, record: { allowsDispatch: false } }, { read: "R71" });
    acts(doctor, { ...btg, record: standing("valid", true) }, { block: "no R62" });
  });

  test("R72, R73 of the dispatch centre consults without authorisation, unless the patient objected", () => {
    acts(dispatcher, { ...etreat, record: standing("none") }, { read: "R72", declare: "no R75" });
    acts(doctor, etreat, { read: "no R72" });
    acts(dispatcher, { ...etreat, record: { allowsDispatch: false } }, { read: "no R73" });
    acts(dispatcher, { ...etreat, record: { allowsBreakGlass: false } }, { read: "R72" });
  });

  test("R43 of the dispatch centre finds by traits who did not object, did not close and did not block", () => {
    const find = (actor: Actor, asked: Asked) => may(actor, "find-by-traits", asked);
    expect(find(dispatcher, etreat)).toBe("R43");
    expect([find(doctor, etreat), find(dispatcher, {}), find(dispatcher, btg)]).toEqual(["no R43", "no R43", "no R43"]);
    expect(find(dispatcher, { ...etreat, record: { state: "closed" } })).toBe("hidden R15");
    expect(find(dispatcher, { ...etreat, record: standing("forbidden") })).toBe("hidden R77");
    expect(find(dispatcher, { ...etreat, record: { allowsDispatch: false } })).toBe("hidden R73");
    expect([find(desk, etreat), find(holder, etreat)]).toEqual(["no R43", "no R43"]);
  });

  test("R59, R77 who is blocked consults in no mode, and deposits; in emergency alone where the operator lets it", () => {
    const record = standing("forbidden");
    acts(
      doctor,
      { record },
      { status: "R57", read: "no R59", declare: "no R59", administrative: "no R59", deposit: "R57" },
    );
    acts(doctor, { record, ...btg }, { read: "no R77", deposit: "R57" });
    acts(dispatcher, { record, ...etreat }, { read: "no R77" });
    acts(doctor, { record, ...btg, ...set({ blockedMayBreakGlass: true }) }, { read: "R71" });
    acts(doctor, { record, ...set({ blockedMayBreakGlass: true }) }, { read: "no R59", declare: "no R59" });
    changes(doctor, { record, ...btg, ...set({ blockedMayBreakGlass: true }) }, { archive: "no R59" });
    acts(doctor, { record }, { message: "R166", answer: "no R59", "write-first": "no R59" });
  });

  test("R65 of occupational medicine never consults, declares or withdraws, in any mode", () => {
    const none = { search: "no R65", read: "no R65", summary: "no R65", reference: "no R65", declare: "no R65" };
    acts(
      occupational,
      {},
      { ...none, renounce: "no R65", "list-authorisations": "R51", trace: "R181", deposit: "R57" },
    );
    acts(occupational, btg, none);
    for (const specialty of ["C41", "CAPA11"]) acts({ ...doctor, specialty }, {}, { read: "no R65" });
    // The code is of doctors: another profession with it is what it is.
    acts({ ...nurse, specialty: "SM25" }, {}, { read: "R51" });
    expect(neverConsults(ask(occupational))).toBe("R65");
    expect(neverConsults(ask(desk))).toBe("R79");
    expect(neverConsults(ask({ ...doctor, profession: "unknown" }, { record: standing("none") }))).toBe("R50");
    const refused = { ...btg, record: { state: "closed", ...standing("forbidden") } } as const;
    expect([neverConsults(ask(doctor, refused)), neverConsults(ask(other))]).toEqual([undefined, undefined]);
  });

  test("R62 the referring doctor blocks, at the patient's request", () => {
    acts(doctor, { record: standing("valid", true) }, { block: "R62", preferences: "no R146" });
  });

  test("R23 who works for an insurer or an employer gets nothing; their occupational doctor feeds", () => {
    for (const facilityType of ["SA23", "SA44", "SA48"]) {
      const structure = { ...HOSPITAL, facilityType };
      acts({ ...doctor, structure }, {}, { status: "no R23", read: "no R23", deposit: "no R23" });
      acts({ ...desk, structure }, {}, { status: "no R23", deposit: "no R23" });
      acts({ ...occupational, structure }, {}, { read: "no R65", deposit: "R57" });
    }
    acts({ ...doctor, structure: { ...HOSPITAL, facilityType: "SA07" } }, {}, { read: "R51" });
  });

  test("R12 acts in secret for a minor, where minors are managed", () => {
    acts(doctor, { isSecret: true }, { read: "no R12" });
    acts(doctor, { isSecret: true, record: child }, { read: "R51" });
    acts(doctor, { isSecret: true, record: child, ...set({ hasMinorManagement: false }) }, { read: "no R12" });
  });

  test("R16, R21 closes and re-activates for whom there is no Mon espace santé, with an authorisation in force", () => {
    acts(doctor, {}, { close: "R16", reactivate: "no R21", administrative: "R25" });
    acts(doctor, { record: { state: "closed" } }, { close: "closed R15", reactivate: "R21" });
    for (const [record, rule] of [
      [{ isAttachedToMes: true }, "R16"],
      [{ isDeceased: true }, "R22"],
      [standing("expired"), "R56"],
      [standing("forbidden"), "R59"],
      [standing("none"), "R51"],
    ] as const)
      acts(doctor, { record }, { close: `no ${rule}` });
    acts(doctor, btg, { close: "no R75" });
    acts(doctor, {}, { "request-deletion": "no R20", object: "no R18", represent: "no R10", care: "no R14" });
  });

  test("R170 sees of the patient's space the messages alone", () => {
    acts(
      doctor,
      { record: standing("none") },
      {
        message: "R166",
        answer: "R166",
        "write-first": "R166",
        "download-log": "no R170",
        notices: "no R170",
        agenda: "no R170",
        applications: "no R170",
        report: "no R170",
        arrange: "no R170",
        export: "no R170",
      },
    );
  });

  test("R201 falls in one line of the functional rights", () => {
    const lines = (actor: ProfessionalActor, isReferringDoctor: boolean) =>
      (["TREAT", "BTG", "ETREAT"] as const).map((mode) => letterOf(actor, mode, isReferringDoctor)).join("");
    expect([lines(nurse, false), lines(nurse, true)]).toEqual(["ACB", "ACB"]);
    expect([lines(doctor, false), lines(doctor, true)]).toEqual(["DFE", "HIE"]);
    expect(lines(occupational, true)).toBe("GGG");
    const lists = [doctor, occupational, desk, holder].map((actor) => told(mayListPatients(actor, "TREAT")));
    expect(lists).toEqual(["R60", "R60", "R58", "no R78"]);
  });

  test("R83 has the column of their role, section or activity", () => {
    const column = (profession: string, rest: Partial<ProfessionalActor> = {}) =>
      columnOf({ ...doctor, profession, ...rest });
    expect([column("G15_60"), column("60")]).toEqual(["infirmier", "infirmier"]);
    expect(column("60", { role: "316" })).toBe("infirmier");
    expect([column("39"), column("39", { role: "316" }), column("38", { role: "317" })]).toEqual([
      undefined,
      "pharmacien",
      "pharmacien",
    ]);
    expect([column("21"), column("21", { specialty: "A" }), column("21", { specialty: "SM65" })]).toEqual([
      "pharmacien",
      "pharmacien",
      "pharmacien-biologiste",
    ]);
    expect([column("99"), column("xG15_60"), column("__proto__")]).toEqual([undefined, undefined, undefined]);
    expect(columnOf(occupational)).toBeUndefined();
  });

  test("R55, R58, R59, R62 stands where the rows put them, to the moment at which they end", () => {
    const row = (rest: Partial<Authorisation> = {}): Authorisation => ({
      kind: "access",
      subjectKind: "professional",
      subjectId: ME,
      expiresAt: null,
      endedAt: null,
      ...rest,
    });
    const ofStructure = { subjectKind: "structure", subjectId: HOSPITAL.id } as const;
    const at = (actor: ProfessionalActor, ...rows: readonly Authorisation[]) => {
      const { authorisation, isReferringDoctor } = standingOf(actor, rows, now);
      return `${authorisation}${isReferringDoctor ? ", referring" : ""}`;
    };
    const member = { ...doctor, structure: HOSPITAL };
    const referring = row({ kind: "referring" });
    expect(at(doctor, row({ endedAt: now }))).toBe("none");
    expect(at(doctor, row({ expiresAt: now }))).toBe("expired");
    expect(at(doctor, row({ expiresAt: new Date(now.getTime() + 1) }))).toBe("valid");
    expect(at(member, row({ ...ofStructure, subjectId: "1750999991" }))).toBe("none");
    expect(at(member, row(), row({ ...ofStructure, kind: "block" }))).toBe("forbidden");
    expect(at(doctor, referring, row({ kind: "block" }))).toBe("forbidden");
    expect(at(doctor, referring, row())).toBe("valid, referring");
    expect([at(nurse, referring), at(occupational, referring)]).toEqual(["valid", "valid"]);
    expect(at(member, row({ ...ofStructure, kind: "referring" }))).toBe("valid");
    expect(at(doctor, row())).toBe("valid");
  });
});

describe("a structure", () => {
  test("R58, R79, R108 deposits, declares for itself and finds its own documents, and consults nothing", () => {
    acts(
      desk,
      {},
      {
        status: "R57",
        deposit: "R108",
        trace: "R181",
        declare: "R58",
        preferences: "no R146",
        restrict: "no R146",
        search: "no R79",
        read: "no R79",
        summary: "no R79",
        renounce: "no R79",
        "list-authorisations": "no R79",
        block: "no R79",
        reference: "R79",
        administrative: "R25",
        close: "no R79",
        message: "no R79",
        export: "no R79",
      },
    );
    const reference = (document: Partial<DocumentFacts>) => may(desk, "reference", { document });
    expect(reference(ofHospital)).toBe("R79");
    expect(reference({ authorStructureIds: [HOSPITAL.id] })).toBe("R79");
    expect([reference({}), reference({ ...ofHospital, status: "entered-in-error" })]).toEqual([
      "hidden R79",
      "hidden R79",
    ]);
    const shut = { status: "R57", deposit: "closed R15", administrative: "closed R15", reference: "closed R15" };
    acts(desk, { record: { state: "closed" } }, shut);
    acts(desk, { record: { state: "suspended" } }, { deposit: "closed R18", administrative: "closed R18" });
  });
});

describe("on the patient's side", () => {
  test("R78 the holder does all; a stranger, or the same number of another register, is told of nothing", () => {
    const own = { status: "R78", trace: "R78", search: "R78", deposit: "R78", preferences: "R78", restrict: "R78" };
    acts(holder, {}, { ...own, declare: "R78", renounce: "R78", block: "R78", "list-authorisations": "R78" });
    const stranger = { ...holder, ins: { ...ins, system: "urn:oid:1.2.250.1.213.1.4.8" } };
    const none = { status: "hidden R78", read: "hidden R78", deposit: "hidden R78", represent: "hidden R78" };
    for (const record of [represented("tutor"), child, cared, inherited]) {
      acts({ ...other, ins: { ...relative, value: "155069935104237" } }, { record }, none);
      acts({ ...other, ins: { ...relative, system: "urn:oid:1.2.250.1.213.1.4.8" } }, { record }, none);
    }
    changes(other, {}, { hide: "hidden R78", show: "hidden R78", delete: "hidden R78" });
    for (const actor of [other, stranger])
      acts(actor, {}, { status: "hidden R78", read: "hidden R78", close: "hidden R78", export: "hidden R78" });
  });

  test("R15, R18, R20, R21 closes at any time; of a closed record state and traces are left, and the way back", () => {
    acts(
      holder,
      {},
      {
        administrative: "R25",
        close: "R15",
        reactivate: "no R21",
        "request-deletion": "no R20",
        object: "no R18",
        care: "R14",
        represent: "no R10",
      },
    );
    acts(
      holder,
      { record: { state: "closed" } },
      {
        status: "R78",
        trace: "R78",
        read: "closed R15",
        preferences: "closed R15",
        administrative: "R25",
        close: "closed R15",
        reactivate: "R21",
        "request-deletion": "R20",
        object: "no R18",
        care: "closed R15",
        represent: "closed R15",
        "download-log": "R171",
        notices: "R193",
        report: "R186",
        message: "closed R15",
        agenda: "closed R15",
        export: "closed R15",
      },
    );
    acts(
      holder,
      { record: { state: "suspended" } },
      {
        read: "closed R18",
        object: "R18",
        close: "R15",
        care: "closed R18",
        represent: "closed R18",
        export: "closed R18",
      },
    );
  });

  test("R9, R10 a minor does nothing; the parent who opened does all, and alone invites the other", () => {
    const none = { status: "no R9", read: "no R9", close: "no R9", export: "no R9" };
    acts(holder, { record: child }, none);
    acts(other, { record: child }, { status: "R78", read: "R78", represent: "R10", close: "R15", export: "R171" });
    const second = { ...child, ...represented("parent") };
    acts(other, { record: second }, { read: "R78", represent: "no R10", care: "R14" });
    const opener = { system, value: "155069935104237", kind: "parent", isOpener: true } as const;
    const both = { ...child, representatives: [opener, ...second.representatives] };
    acts(other, { record: both }, { read: "R78", represent: "no R10" });
    acts({ ...other, ins: { ...ins, value: opener.value } }, { record: both }, { represent: "R10" });
    // Of age, the child is on their own.
    acts(other, { record: represented("parent", true) }, { status: "hidden R78", read: "hidden R78" });
  });

  test("R13, R14 a tutor and a mandatary act for the person; a curator and a carer read and add", () => {
    for (const kind of ["tutor", "mandatary"] as const)
      acts(other, { record: represented(kind) }, { trace: "R78", preferences: "R78", close: "R15", export: "R171" });
    for (const record of [represented("curator"), cared])
      acts(
        other,
        { record },
        {
          status: "R78",
          search: "R78",
          reference: "R78",
          read: "R78",
          summary: "R78",
          deposit: "R78",
          agenda: "R167",
          trace: "no R14",
          preferences: "no R14",
          restrict: "no R14",
          declare: "no R14",
          block: "no R14",
          close: "no R14",
          care: "no R14",
          administrative: "no R14",
          message: "no R14",
          export: "no R14",
        },
      );
  });

  test("R22 an heir reads the record of the dead, where heirs are let in, and does nothing else; nobody else is left", () => {
    acts(
      other,
      { record: inherited },
      {
        status: "R78",
        read: "R78",
        summary: "R78",
        deposit: "no R22",
        trace: "no R22",
        preferences: "no R22",
        close: "no R22",
        notices: "no R22",
      },
    );
    acts(other, { record: inherited, ...set({ allowsHeirs: false }) }, { read: "hidden R78" });
    for (const record of [represented("tutor"), cared, { ...child, carers: [relative] }])
      acts(other, { record: { ...record, isDeceased: true } }, { read: "hidden R78" });
    // An heir in name, of somebody alive.
    acts(other, { record: represented("heir") }, { status: "hidden R78" });
    acts(holder, { record: { ...inherited } }, { reactivate: "no R22", "request-deletion": "no R22" });
  });

  test("R168 an application does what was agreed to, and without an agreement finds no record", () => {
    const app = { ...holder, application: { id: "app", name: "App" } };
    const consented = (...applicationPurposes: NonNullable<RecordFacts["applicationPurposes"]>) => ({
      record: { applicationPurposes },
    });
    const all = { search: "R78", reference: "R78", read: "R78", summary: "R78" };
    const no = "no R168";
    acts(app, {}, { status: no, read: no });
    acts(app, consented(), { status: no });
    acts(app, consented("read-documents"), { status: "R78", ...all, deposit: no, agenda: no, trace: no, close: no });
    acts(app, consented("add-documents"), { status: "R78", deposit: "R78", read: no, agenda: no });
    acts(app, consented("agenda", "add-documents"), { agenda: "R167", deposit: "R78", read: no, export: no });
    changes(app, consented("read-documents", "add-documents"), { hide: no, delete: no });
  });

  test("R148, R152 one document: hidden until its announcement to the moment, and from relatives, not from the holder", () => {
    const read = (actor: Actor, document: Partial<DocumentFacts>, asked: Asked = {}) =>
      may(actor, "read", { document, ...asked });
    const awaited = { isInvisibleToPatient: true, patientSeesFrom: new Date("2026-06-01T12:00:00Z") };
    expect(read(holder, awaited)).toBe("R78");
    expect(read(holder, awaited, { now: new Date("2026-06-01T11:59:59.999Z") })).toBe("hidden R148");
    // Its own day never puts off the legal one.
    const late = { isInvisibleToPatient: true, patientSeesFrom: new Date("2026-12-01") };
    expect(read(holder, late, { now: new Date("2026-06-19T00:00:00Z") })).toBe("R78");
    expect(read(holder, { status: "entered-in-error" })).toBe("hidden R120");
    const before = { document: awaited, now: new Date("2026-06-01T11:00:00Z") };
    expect([change(holder, "hide", before), change(holder, "hide", { document: awaited })]).toEqual([
      "hidden R148",
      "R142",
    ]);
    const secret = { isInvisibleToRepresentatives: true };
    expect(read(holder, secret)).toBe("R78");
    for (const record of [child, cared, inherited])
      expect([read(other, secret, { record }), read(other, {}, { record })]).toEqual(["hidden R152", "R78"]);
    // Hidden from professionals is no matter of theirs.
    expect([read(holder, { isHidden: true }), read(other, { isHidden: true }, { record: child })]).toEqual([
      "R78",
      "R78",
    ]);
  });
});

describe("one document, for a professional", () => {
  const read = (document: Partial<DocumentFacts>, asked: Asked = {}, actor: Actor = doctor) =>
    may(actor, "read", { document, ...asked });

  test("R80, R84, R85, R89 is seen by the matrix, or by its author whatever its type", () => {
    expect([read({}), read({ typeCode: "00000-0" })]).toEqual(["R80", "hidden R84"]);
    for (const own of [{}, mine]) expect(read({ ...own, status: "entered-in-error" })).toBe("hidden R120");
    expect(read({}, {}, { ...doctor, profession: "28" })).toBe("hidden R80");
    for (const own of [mine, { depositorId: ME }]) expect(read({ ...own, typeCode: "00000-0" })).toBe("R85");
    // A patient whose number were that of a professional.
    expect(read({ depositorId: ME, depositorKind: "patient", typeCode: "00000-0" })).toBe("hidden R84");
    const limits = set({ matrixLimitsAuthors: true });
    expect([read({ ...mine, typeCode: "00000-0" }, limits), read({ ...mine, isHidden: true }, limits)]).toEqual([
      "hidden R84",
      "R80",
    ]);
  });

  test("R74, R86, R144 is masked but for its author, the referring doctor and, if permitted, an emergency", () => {
    const masked = { isHidden: true };
    expect([read(masked), read({ ...masked, ...mine })]).toEqual(["hidden R144", "R85"]);
    expect(read(masked, { record: standing("valid", true) })).toBe("R80");
    expect(read(masked, { record: { allowsMaskedInEmergency: true } })).toBe("hidden R144");
    expect(read(masked, { ...btg, record: standing("valid", true) })).toBe("hidden R74");
    expect(read(masked, { ...btg, record: { allowsMaskedInEmergency: true } })).toBe("R80");
    expect([read({ isNeverInEmergency: true }), read({ isNeverInEmergency: true, ...mine }, btg)]).toEqual([
      "R80",
      "hidden R74",
    ]);
    const lifted = set({ matrixHoldsInEmergency: false });
    expect([read({ typeCode: "00000-0" }, { ...btg, ...lifted }), read({ typeCode: "00000-0" }, lifted)]).toEqual([
      "R86",
      "hidden R84",
    ]);
  });

  test("R144 is withheld from a person or from a structure, in which they act now, and never from its author", () => {
    const member = { ...doctor, structure: HOSPITAL };
    expect(read({ withheldFrom: [HOSPITAL.id] }, {}, member)).toBe("hidden R144");
    expect([read({ withheldFrom: [HOSPITAL.id] }), read({ withheldFrom: ["1750999991"] }, {}, member)]).toEqual([
      "R80",
      "R80",
    ]);
    expect(read({ withheldFrom: [ME], ...mine }, set({ matrixLimitsAuthors: true }))).toBe("R80");
  });
});

describe("a change of one document", () => {
  test("R142, R143, R149 by a professional who sees it: hides, shows to the patient; the author undoes it", () => {
    changes(
      doctor,
      {},
      {
        hide: "R142",
        show: "no R143",
        "show-to-patient": "R149",
        "hide-from-patient": "no R149",
        "show-to-representatives": "no R152",
        "hide-from-representatives": "no R152",
        archive: "no R119",
        unarchive: "no R119",
        delete: "no R120",
      },
    );
    const own = {
      hide: "R142",
      show: "R143",
      "show-to-patient": "R149",
      "hide-from-patient": "no R149",
      "show-to-representatives": "R152",
      "hide-from-representatives": "R152",
      archive: "R119",
      unarchive: "R119",
      delete: "R120",
    };
    for (const record of [standing("none"), standing("forbidden")])
      for (const actor of [doctor, nurse, occupational]) changes(actor, { document: mine, record }, own);
    changes(doctor, { record: standing("none") }, { hide: "no R51" });
    changes(
      doctor,
      { document: { ...mine, status: "entered-in-error" } },
      { hide: "hidden R120", delete: "hidden R120" },
    );
    const none = { "show-to-representatives": "no R152", "hide-from-representatives": "no R152" };
    changes(doctor, { document: mine, ...set({ hasMinorManagement: false }) }, none);
  });

  test("R37, R62, R119, R121 by the referring doctor: archives all, deletes the patient's; of a qualified identity", () => {
    const record = standing("valid", true);
    const all = { hide: "R62", show: "R62", "show-to-patient": "R62", archive: "R62", unarchive: "R62" };
    changes(doctor, { record }, { ...all, delete: "no R120" });
    changes(doctor, { record, document: ofPatient }, { ...all, delete: "R62" });
    changes(doctor, { document: ofPatient }, { archive: "no R119", delete: "no R121" });
    const unsure = { record: { identityStatus: "validated" } } as const;
    changes(doctor, { ...unsure, document: mine }, { delete: "no R37", hide: "R142" });
    changes(desk, { ...unsure, document: ofHospital }, { delete: "no R37" });
    changes(holder, { ...unsure, document: ofPatient }, { delete: "no R37", archive: "R119" });
  });

  test("R75, R119, R120 in emergency: a doctor archives, an author deletes, and nothing else", () => {
    const none = { hide: "no R75", show: "no R75", "show-to-patient": "no R75", "show-to-representatives": "no R75" };
    changes(doctor, btg, { ...none, archive: "R119", unarchive: "R119", delete: "no R120" });
    changes(doctor, { ...btg, record: standing("valid", true) }, { ...none, archive: "R62", delete: "no R120" });
    changes(nurse, btg, { ...none, archive: "no R75", unarchive: "no R75", delete: "no R120" });
    changes(nurse, { ...btg, document: mine }, { ...none, archive: "no R75", delete: "R120" });
    changes(occupational, { ...btg, document: mine }, { ...none, archive: "R119", delete: "R120" });
  });

  test("R120, R150 by a structure: deletes its own, and changes nothing", () => {
    changes(desk, { document: ofHospital }, { hide: "no R150", archive: "no R150", delete: "R120" });
    changes(desk, {}, { hide: "hidden R79", delete: "hidden R79" });
  });

  test("R119, R122, R142, R149, R152 on the patient's side: hides and shows all, archives and deletes their own", () => {
    const labels = { "show-to-patient": "no R149", "hide-from-patient": "no R149" };
    const all = { hide: "R142", show: "R143", ...labels };
    const ofHolder = { "show-to-representatives": "R152", "hide-from-representatives": "R152" };
    const ofOthers = { "show-to-representatives": "no R152", "hide-from-representatives": "no R152" };
    changes(holder, {}, { ...all, ...ofHolder, archive: "no R119", unarchive: "no R119", delete: "no R122" });
    changes(holder, { document: ofPatient }, { ...all, archive: "R119", unarchive: "R119", delete: "R121" });
    changes(other, { record: child, document: ofPatient }, { ...all, ...ofOthers, archive: "R119", delete: "R121" });
    changes(holder, set({ hasMinorManagement: false }), ofOthers);
    changes(other, { record: cared, document: ofPatient }, { hide: "no R14", archive: "no R14", delete: "no R14" });
    changes(other, { record: inherited, document: ofPatient }, { hide: "no R22", delete: "no R22" });
  });

  test("R141 labels add up as the operator chose, for a month and no longer", () => {
    const combine = (cumulation: "bounded" | "always" | "never", announcementDays = 30, isHolderMinor = false) => {
      const both = [
        { isInvisibleToPatient: true, isInvisibleToRepresentatives: false },
        { isInvisibleToPatient: false, isInvisibleToRepresentatives: true },
        { isInvisibleToPatient: false, isInvisibleToRepresentatives: false },
      ];
      return both.map((labels) =>
        mayCombine({ isHidden: true, ...labels }, { isHolderMinor }, { cumulation, announcementDays }),
      );
    };
    expect(combine("always", 90, true)).toEqual([true, true, true]);
    expect(combine("never")).toEqual([false, false, true]);
    expect([combine("bounded", 31), combine("bounded", 32)]).toEqual([
      [true, true, true],
      [false, true, true],
    ]);
    expect(combine("bounded", 31, true)).toEqual([true, false, true]);
    const shown = { isHidden: false, isInvisibleToPatient: true, isInvisibleToRepresentatives: true };
    expect(mayCombine(shown, { isHolderMinor: true }, { cumulation: "never", announcementDays: 90 })).toBe(true);
  });
});

describe("a document that comes in", () => {
  const incoming = { typeCode: "11488-4", classCode: "10", contentType: "application/pdf", size: 1000 };
  const deposit = (actor: Actor, document: Partial<typeof incoming> = {}, asked: Asked = {}) =>
    told(decideDeposit(ask(actor, asked), { ...incoming, ...document }));

  test("R37, R84, R201 is of a known type, about a qualified identity, by a way that deposits", () => {
    expect([deposit(doctor), deposit(desk)]).toEqual(["R57", "R108"]);
    expect(deposit(doctor, {}, { record: { identityStatus: "validated" } })).toBe("no R37");
    expect(deposit(doctor, {}, { record: { state: "closed" } })).toBe("closed R15");
    expect(deposit(other, { typeCode: "DOCPAT01" })).toBe("hidden R78");
    expect(deposit(holder, { typeCode: "xDOCPAT01" }, {})).toBe("no R84");
    expect(deposit({ ...doctor, authentication: "reinforced-indirect" })).toBe("no R201");
    expect(deposit({ ...doctor, authentication: "direct" })).toBe("R57");
    expect(deposit({ ...desk, authentication: "indirect" })).toBe("R108");
    expect([deposit(doctor, { typeCode: "00000-0" }), deposit(doctor, { typeCode: "constructor" })]).toEqual([
      "no R84",
      "no R84",
    ]);
  });

  test("R102, R123 by a patient is a patient's, of an accepted kind, up to five megabytes", () => {
    const own = { typeCode: "DOCPAT01", classCode: "11" };
    expect(deposit(holder, { ...own, size: 5 * 1024 * 1024 })).toBe("R123");
    expect(deposit(holder, { ...own, size: 5 * 1024 * 1024 + 1 })).toBe("no R123");
    for (const contentType of ["text/plain", "text/rtf", "application/rtf", "image/jpeg", "image/tiff", "image/png"])
      expect(deposit(holder, { ...own, contentType })).toBe("R123");
    for (const contentType of ["application/fhir+json", "text/xml", "application/xml"])
      expect(deposit(holder, { ...own, contentType })).toBe("R123");
    for (const contentType of ["application/zip", "text/html", "image/svg+xml"])
      expect(deposit(holder, { ...own, contentType })).toBe("no R123");
    expect(deposit(holder, { typeCode: "EXPPAT_3", classCode: "11" })).toBe("R123");
    expect([deposit(holder), deposit(holder, { classCode: "90" })]).toEqual(["no R102", "R123"]);
  });

  test("R14, R117, R120, R145 takes the place of what its author wrote, and tells nobody of what they do not see", () => {
    const replace = (actor: Actor, previous: Partial<DocumentFacts>, asked: Asked = {}) =>
      told(decideReplacement(ask(actor, asked), { ...letter, ...previous }));
    expect([replace(doctor, mine), replace(doctor, { ...mine, status: "entered-in-error" })]).toEqual([
      "R117",
      "hidden R120",
    ]);
    const unknown = { ...doctor, profession: "unknown" };
    expect([replace(unknown, mine), replace(unknown, {})]).toEqual(["R117", "hidden R50"]);
    expect(replace({ ...doctor, structure: HOSPITAL }, {})).toBe("no R117");
    expect([replace(desk, ofHospital), replace(desk, {})]).toEqual(["R117", "no R117"]);
    expect([replace(holder, ofPatient), replace(holder, {})]).toEqual(["R117", "no R117"]);
    const record = cared;
    expect(replace(other, ofPatient, { record })).toBe("no R14");
    expect(replace(other, { ...ofPatient, depositorId: relative.value }, { record })).toBe("R117");
    expect(replace(other, ofPatient, { record: child })).toBe("R117");
    expect(replace(other, ofPatient)).toBe("hidden R78");
  });

  test("R14, R140, R149, R152 bears from the patient's side the labels that side might set", () => {
    const shown = { isHidden: false, isInvisibleToPatient: false, isInvisibleToRepresentatives: false };
    const label = (actor: Actor, labels: Partial<typeof shown>, record: Partial<RecordFacts> = {}) =>
      told(decideLabels(ask(actor, { record }), { ...shown, ...labels }));
    expect(label(holder, { isHidden: true, isInvisibleToRepresentatives: true })).toBe("R140");
    expect(label(holder, { isInvisibleToPatient: true })).toBe("no R149");
    expect(label(other, { isInvisibleToRepresentatives: true }, child)).toBe("no R152");
    expect([label(other, { isHidden: true }, child), label(other, { isHidden: true }, cared)]).toEqual([
      "R140",
      "no R14",
    ]);
    expect(label(other, {}, cared)).toBe("R140");
    expect(label(doctor, { isInvisibleToPatient: true, isInvisibleToRepresentatives: true })).toBe("R140");
  });
});

test("R145, R169 a folder shows to its owner, else by a document of it, when every founding one shows; the patient's to their side", () => {
  const seen = { isFounding: true, isDeleted: false, isVisible: true };
  const unseen = { ...seen, isVisible: false };
  const later = { ...unseen, isFounding: false };
  const gone = { ...unseen, isDeleted: true };
  const sees = (members: readonly (typeof seen)[], isOfPatientSide = false, isOfPatient = false) =>
    seesFolder({ isOwner: false, isOfPatientSide }, { isOfPatient }, members);
  expect(
    [[seen], [seen, later], [seen, gone], [later, { ...seen, isFounding: false }]].map((one) => sees(one)),
  ).toEqual([true, true, true, true]);
  expect([[], [unseen], [seen, unseen], [later], [{ ...seen, isDeleted: true }]].map((one) => sees(one))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
  expect([sees([seen], false, true), sees([seen], true, true), sees([seen], true, false)]).toEqual([false, true, true]);
  expect(seesFolder({ isOwner: true, isOfPatientSide: false }, { isOfPatient: true }, [])).toBe(true);
});

test("R167 an examination is recommended from the first day of an age to the last, to whom it is for", () => {
  const codes = (age: number, sex: "male" | "female" | "unknown") =>
    recommendedExaminations(`${2026 - age}-06-01`, sex, now)
      .map(({ code }) => code.replace(/-screening|-check-up/, ""))
      .join(" ");
  expect([17, 18, 24, 25, 26, 44, 45].map((age) => codes(age, "female"))).toEqual([
    "",
    "prevention",
    "prevention",
    "cervical prevention",
    "cervical",
    "cervical",
    "cervical prevention",
  ]);
  expect([49, 50, 51, 65, 66, 70, 74, 75, 76].map((age) => codes(age, "female"))).toEqual([
    "cervical prevention",
    "breast colorectal cervical prevention",
    "breast colorectal cervical",
    "breast colorectal cervical prevention",
    "breast colorectal",
    "breast colorectal prevention",
    "breast colorectal prevention",
    "prevention",
    "",
  ]);
  expect([codes(50, "male"), codes(60, "unknown"), codes(30, "male")]).toEqual([
    "colorectal prevention",
    "colorectal prevention",
    "",
  ]);
  expect(recommendedExaminations("1976", "female", now)).toEqual([]);
  expect(recommendedExaminations("1966-06-02", "male", now).map(({ everyYears }) => everyYears)).toEqual([2]);
});

test("a missing follow-up is told by what the token proves of the caller", () => {
  const readers = [doctor, { ...doctor, profession: "G15_10" }, nurse, desk, holder].map((actor) =>
    careReaderOf(actor, ["10"]),
  );
  expect(readers).toEqual(["prescriber", "prescriber", "professional", "all", "all"]);
});
