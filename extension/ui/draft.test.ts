import { readCdaBody, readCdaHeader, wrapInCda } from "@carnet/sdk/cda";
import { computeInsKey } from "@carnet/sdk/identity";
import { findDocumentType } from "@carnet/sdk/terminology";
import { describe, expect, it } from "vitest";
import type { Sender } from "../platform/session.ts";
import { type Draft, obstacleOf, splitName, wrapInputOf } from "./draft.ts";
import { searchTypes } from "./type-list.ts";

const number = "2850378006042";
const ins = { system: "urn:oid:1.2.250.1.213.1.4.10", value: `${number}${computeInsKey(number)}` };
const record = {
  ins,
  birthName: "TESTARD",
  birthGivenNames: ["CAMILLE", "ROSE"],
  firstGivenName: "CAMILLE",
  sex: "female",
  birthDate: "1985-03-14",
} as const;
const sender: Extract<Sender, { kind: "professional" }> = {
  kind: "professional",
  name: "Dr Paul LEROY",
  rpps: "810000000019",
  profession: "10",
  specialty: "SM04",
  structure: { id: "1750000018", name: "CH des essais", facilityType: "SA01", practiceSetting: "ETABLISSEMENT" },
};
const type = findDocumentType("11490-0");
if (type === undefined) throw new Error("type");

const draft: Draft & { type: NonNullable<Draft["type"]> } = {
  file: {
    kind: "pdf",
    contentType: "application/pdf",
    bytes: Uint8Array.from(Buffer.from("%PDF-1.7 contenu")),
    fileName: "",
    calledOnPage: "",
  },
  pdf: undefined,
  cda: undefined,
  text: "",
  places: [],
  placesOfOthers: [],
  enclosed: [],
  evidence: { document: [record], page: [], typed: undefined },
  identity: {
    name: "judged",
    ins,
    source: "document",
    record,
    judgement: { verdict: "certain", reasons: [], rows: [], readOn: "document", mentions: [] },
  },
  isConfirmed: false,
  proposals: [],
  type,
  title: "Lettre de liaison",
  actDate: "2026-10-12",
  visibility: "normal",
  earlier: undefined,
  earlierChoice: undefined,
};
const judged = (verdict: "doubtful" | "wrong"): Draft["identity"] => ({
  name: "judged",
  ins,
  source: "document",
  record,
  judgement: { verdict, reasons: [], rows: [], readOn: "document", mentions: [] },
});
const today = "2026-11-22";

describe("what stands in the way of sending", () => {
  it("is nothing for a certain patient and a described document", () => {
    expect(obstacleOf(draft, sender, today)).toBeUndefined();
  });
  it("is the wrong patient, whatever was ticked", () => {
    expect(obstacleOf({ ...draft, identity: judged("wrong"), isConfirmed: true }, sender, today)).toBe("wrong-patient");
    const identity = { name: "refused", why: "several-patients" } as const;
    expect(obstacleOf({ ...draft, identity, isConfirmed: true }, sender, today)).toBe("wrong-patient");
  });
  it("is the confirmation of a doubtful one", () => {
    expect(obstacleOf({ ...draft, identity: judged("doubtful") }, sender, today)).toBe("confirmation");
    expect(obstacleOf({ ...draft, identity: judged("doubtful"), isConfirmed: true }, sender, today)).toBeUndefined();
  });
  it.each(["missing", "looking", "no-record", "closed", "incomplete", "failed"])(
    "is the identity while it is %s",
    (name) => {
      expect(obstacleOf({ ...draft, identity: { name } as Draft["identity"] }, sender, today)).toBe("identity");
    },
  );
  it("is each thing that is missing, and an act in the future or before the patient was born", () => {
    expect(obstacleOf({ ...draft, type: undefined }, sender, today)).toBe("type");
    expect(obstacleOf({ ...draft, title: "  " }, sender, today)).toBe("title");
    expect(obstacleOf({ ...draft, actDate: "" }, sender, today)).toBe("act-date");
    expect(obstacleOf({ ...draft, actDate: "2026-11-23" }, sender, today)).toBe("act-date");
    expect(obstacleOf({ ...draft, actDate: "1985-03-13" }, sender, today)).toBe("before-birth");
    expect(obstacleOf({ ...draft, actDate: "1985-03-14" }, sender, today)).toBeUndefined();
  });
  it("is an account that cannot author a document", () => {
    expect(obstacleOf(draft, { kind: "patient", name: "Camille" }, today)).toBe("sender");
    const { structure: _structure, ...alone } = sender;
    expect(obstacleOf(draft, alone, today)).toBe("sender");
    expect(obstacleOf(draft, undefined, today)).toBe("sender");
  });
});

describe("the CDA around a document", () => {
  it("carries the record's identity, the signed-in author, and the very bytes", () => {
    const fixed = { uniqueId: "urn:oid:2.25.42", effectiveTime: "2026-11-22T09:00:00+01:00" };
    const xml = wrapInCda(wrapInputOf(draft, record, ins, sender, fixed));
    const header = readCdaHeader(xml);
    expect(header.uniqueId).toBe("urn:oid:2.25.42");
    expect(header.patient).toMatchObject({
      ins,
      birthName: "TESTARD",
      firstGivenName: "CAMILLE",
      birthDate: "1985-03-14",
    });
    expect(header.authors[0]).toMatchObject({ family: "LEROY", given: "Paul" });
    const body = readCdaBody(xml);
    expect(body.level === 1 && Buffer.from(body.bytes).toString()).toBe("%PDF-1.7 contenu");
  });

  it.each([
    ["Dr Paul LEROY", { prefix: "", suffix: "DR", given: "Paul", family: "LEROY" }],
    ["Mme Anne-Marie DE LA TOUR", { prefix: "MME", suffix: "", given: "Anne-Marie", family: "DE LA TOUR" }],
    ["Pr. Jeanne Petit", { prefix: "", suffix: "PR", given: "Jeanne", family: "Petit" }],
  ])("splits the name %s", (name, expected) => {
    expect(splitName(name)).toEqual(expected);
  });
});

describe("the search over document types", () => {
  it("finds any words in any order, without accents", () => {
    expect(searchTypes("operatoire cr").map(({ code }) => code)).toContain("34874-8");
    expect(searchTypes("urgences passage")[0]?.code).toBe("15507-7");
    expect(searchTypes("zzz")).toEqual([]);
  });
  it("offers no type that a patient deposits or that only machines use", () => {
    expect(searchTypes("").some(({ code }) => code.startsWith("DOCPAT") || code === "IMG-KOS")).toBe(false);
  });
});
