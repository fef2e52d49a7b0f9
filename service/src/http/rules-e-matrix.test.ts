/**
 * Section E of the rules: the habilitation matrix. Each cell is asked over HTTP in test/src/conformance/matrix.test.ts;
 * here, how a column is chosen, what the table holds, and what its refusals look like.
 */
import type { Bundle } from "@carnet/sdk/fhir";
import { documentTypes } from "@carnet/sdk/terminology";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnsOfProfession } from "../rules/generated/columns.ts";
import { assumedTypes, matrixColumns } from "../rules/generated/matrix.ts";
import { columnOf, isKnownType, type MatrixColumn, matrixTypes, mayConsult, readableTypes } from "../rules/index.ts";
import { deposit, search, token } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { breakGlass, json, list, refusalOf } from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna } = patients;
const card = (profession: string, more: { specialty?: string; role?: string; activityKind?: string } = {}) =>
  columnOf({ kind: "professional", id: "p", name: "P", rpps: "810000000001", profession, ...more });

describe("R80 to R82, R87, R88: the table", () => {
  test("R80, R81 nineteen columns, 127 types of which 19 assumed: 2 052 sourced cells and 361 assumed ones", () => {
    expect(matrixColumns.length).toBe(19);
    expect(matrixTypes().length).toBe(127);
    expect((matrixTypes().length - assumedTypes.length) * matrixColumns.length).toBe(2052);
    expect(assumedTypes.length * matrixColumns.length).toBe(361);
  });

  test("R82 each profession reads as many sourced types as the table of the CNAM counts", () => {
    const sourced = (column: MatrixColumn) =>
      readableTypes(column).filter((type) => !assumedTypes.includes(type)).length;
    const counts = Object.fromEntries(matrixColumns.map((column) => [column, sourced(column)]));
    expect(counts).toEqual({
      medecin: 108,
      "pharmacien-biologiste": 78,
      pharmacien: 78,
      "chirurgien-dentiste": 74,
      "sage-femme": 75,
      infirmier: 78,
      "masseur-kinesitherapeute": 76,
      "pedicure-podologue": 70,
      orthophoniste: 61,
      "ergo-psychomot-orthopt-diet": 49,
      "audioprothesiste-appareillage": 19,
      "opticien-lunetier": 12,
      "manipulateur-erm": 38,
      "coordination-orientation": 34,
      "assistant-service-social": 9,
      "social-admin-appui": 5,
      "social-accompagnement-vie": 9,
      "social-accompagnement-soin": 26,
      "social-encadrement": 13,
    });
  });

  test("R161 advance directives are read by doctors, nurses and coordination only", () => {
    expect(matrixColumns.filter((column) => mayConsult(column, "EXPPAT_3"))).toEqual([
      "medecin",
      "infirmier",
      "coordination-orientation",
    ]);
  });
});

describe("R83: the column of a card", () => {
  test("R83 the profession alone decides, with or without the prefix of its code system", () => {
    for (const [code, columns] of Object.entries(columnsOfProfession)) {
      if (columns.length > 1) continue;
      expect(card(code), code).toBe(columns[0]);
      expect(card(`G15_${code}`), code).toBe(columns[0]);
    }
  });

  test.each([
    ["GENR08", "coordination-orientation"],
    ["GENR09", "social-admin-appui"],
    ["GENR10", "social-accompagnement-vie"],
    ["GENR11", "social-accompagnement-soin"],
    ["GENR12", "social-encadrement"],
    ["GENR07", undefined],
    ["constructor", undefined],
    ["", undefined],
  ] as const)("R83 code 99 with the activity %j is %s", (activityKind, column) => {
    expect(card("99", { activityKind })).toBe(column);
    // The activity of another profession counts for nothing.
    expect(card("60", { activityKind })).toBe("infirmier");
  });

  test("R83 pharmacy technicians read as pharmacists, by their role", () => {
    for (const role of ["316", "317"]) expect(card("99", { role })).toBe("pharmacien");
    expect(card("99", { role: "318" })).toBeUndefined();
    expect(card("60", { role: "316" })).toBe("infirmier");
  });

  test("R83 a pharmacist is a biologist by section or specialty, or is not", () => {
    for (const specialty of ["G", "EG", "SM03", "SM64"])
      expect(card("21", { specialty })).toBe("pharmacien-biologiste");
    for (const specialty of ["A", "B", "C", "D", "", "SM04"]) expect(card("21", { specialty })).toBe("pharmacien");
  });

  test("R84 an unknown profession has no column, whatever its name", () => {
    for (const code of ["", "00", "ZZ", "toString", "__proto__", "10 ", "G15_", "31"])
      expect(card(code), code).toBeUndefined();
  });
});

describe("R84 to R86, R89: over HTTP", () => {
  test("R84 a type that the matrix does not know is kept for its author and the patient, and found by nobody else", async () => {
    const outside = documentTypes.find(({ code, isDepositedByPatient }) => !isKnownType(code) && !isDepositedByPatient);
    if (!outside) throw new Error("every type has a row");
    const { id } = await deposit(carnet, {
      author: "cardiologist",
      typeCode: outside.code,
      typeSystem: outside.system,
      classCode: outside.classCode,
    });
    for (const account of ["cardiologist", "anna"]) expect((await search(carnet, account)).ids, account).toContain(id);
    for (const account of ["gp", "nurse"]) {
      expect((await search(carnet, account)).ids, account).not.toContain(id);
      expect((await carnet.call(account, `/Binary/${id}`)).status, account).toBe(404);
    }
  });

  test("R85 an author reads their own document though the matrix closes its type to them", async () => {
    const { id } = await deposit(carnet, { author: "optician", typeCode: "34875-5" });
    expect(mayConsult("opticien-lunetier", "34875-5")).toBe(false);
    expect((await search(carnet, "optician")).ids).toContain(id);
    expect((await carnet.call("optician", `/Binary/${id}`)).status).toBe(200);
  });

  test("R86 the matrix holds in emergency, and the refusal is traced with its rule for the patient", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist", typeCode: "34875-5" });
    expect(mayConsult("pharmacien", "34875-5")).toBe(false);
    expect((await carnet.call("pharmacist", `/Binary/${id}`, { headers: breakGlass })).status).toBe(404);
    const traces = await json<Bundle>(carnet.call("anna", `/AuditEvent?patient.identifier=${token(anna)}&_count=5`));
    const line = traces.entry?.find(({ resource }) => JSON.stringify(resource).includes(`Binary/${id}`));
    expect(JSON.stringify(line)).toContain('"code":"R80"');
  });

  test("R89 a closed type shows in no list, count, lot or summary: what is found is what may be read", async () => {
    const { id } = await deposit(carnet, { author: "cardiologist", typeCode: "34875-5", title: "Titre qui dit tout" });
    const { bundle, ids } = await search(carnet, "nurse", "_count=200");
    expect(ids).not.toContain(id);
    expect(bundle.total).toBe(ids.length);
    const lots = await carnet.call(
      "nurse",
      `/List?patient.identifier=${token(anna)}&code=submissionset&status=current&_count=200`,
    );
    expect(await lots.text()).not.toContain(id);
    expect((await search(carnet, "nurse", "type=34875-5")).bundle.total).toBe(0);
    expect((await search(carnet, "gp", "type=34875-5")).ids).toContain(id);
  });

  test("R50 a profession without a column is told so, with the number of the rule", async () => {
    expect(await refusalOf(list(carnet, "dental-assistant", anna))).toEqual([403, "R50"]);
  });
});
