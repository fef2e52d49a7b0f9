/** What is answered about one document, one folder, one examination: the edges that laws over random questions miss. */
import { describe, expect, test } from "vitest";
import type { Actor } from "./actor.ts";
import { careReaderOf } from "./care-reader.ts";
import { decideDeposit, decideLabels, decideReplacement } from "./deposit.ts";
import { recommendedExaminations } from "./examinations.ts";
import type { DocumentFacts, RecordFacts } from "./facts.ts";
import { seesFolder } from "./folders.ts";
import {
  type Asked,
  ask,
  btg,
  cared,
  changes,
  child,
  desk,
  doctor,
  HOSPITAL,
  holder,
  inherited,
  letter,
  ME,
  may,
  mine,
  now,
  nurse,
  occupational,
  ofHospital,
  ofPatient,
  other,
  relative,
  set,
  standing,
  told,
} from "./testing/cases.ts";
import { mayCombine } from "./visibility.ts";

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
