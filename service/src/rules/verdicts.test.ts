/** What each caller is answered, act by act, with the rule that speaks: the edges that laws over random questions miss. */
import { describe, expect, test } from "vitest";
import type { Actor, ProfessionalActor } from "./actor.ts";
import { letterOf, mayListPatients, neverConsults } from "./decide.ts";
import type { DocumentFacts, RecordFacts } from "./facts.ts";
import { columnOf } from "./matrix.ts";
import { type Authorisation, standingOf } from "./standing.ts";
import {
  type Asked,
  acts,
  ask,
  btg,
  cared,
  change,
  changes,
  child,
  desk,
  dispatcher,
  doctor,
  etreat,
  HOSPITAL,
  holder,
  inherited,
  ins,
  ME,
  may,
  now,
  nurse,
  occupational,
  ofHospital,
  other,
  relative,
  represented,
  set,
  standing,
  system,
  told,
} from "./testing/cases.ts";

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
