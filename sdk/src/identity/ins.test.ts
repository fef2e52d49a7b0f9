import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identifierSystem } from "../fhir/systems.ts";
import { checkInsKey, computeInsKey, InsError, isInsSystem, parseIns } from "./ins.ts";

const pad = (length: number) => (value: number) => String(value).padStart(length, "0");
const number = fc
  .tuple(
    fc.constantFrom("1", "2", "7", "8"),
    fc.integer({ min: 0, max: 99 }).map(pad(2)),
    fc.integer({ min: 1, max: 12 }).map(pad(2)),
    fc.oneof(fc.integer({ min: 1, max: 95 }).map(pad(2)), fc.constantFrom("2A", "2B")),
    fc.integer({ min: 1, max: 999 }).map(pad(3)),
    fc.integer({ min: 1, max: 999 }).map(pad(3)),
  )
  .map((parts) => parts.join(""));

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return error instanceof InsError ? error.code : undefined;
  }
}

describe("the key of an INS", () => {
  it.each([
    ["2061275111005", "64"],
    ["2790351215189", "89"],
    ["2770763220829", "10"],
    ["1850578006084", "91"],
  ])("R33: %s has the key %s", (value, key) => {
    expect(computeInsKey(value)).toBe(key);
    expect(checkInsKey(value + key)).toBe(true);
  });

  it("R33: Corsica counts 2A as 19 and 2B as 18", () => {
    expect(computeInsKey("180032A004001")).toBe(computeInsKey("1800319004001"));
    expect(computeInsKey("180032B004001")).toBe(computeInsKey("1800318004001"));
    const written = `1 80 03 2a 004 001 ${computeInsKey("180032A004001")}`;
    expect(checkInsKey(written)).toBe(true);
    expect(parseIns(written).value.slice(5, 7)).toBe("2A");
  });

  it("R33: each number has one right key, and no single digit can change unseen", () => {
    fc.assert(
      fc.property(number, fc.nat(14), fc.nat(8), (value, place, shift) => {
        const ins = value + computeInsKey(value);
        expect(checkInsKey(ins)).toBe(true);
        const digit = ins[place] ?? "";
        if (!/\d/.test(digit) || /2[AB]/.test(ins.slice(5, 7))) return;
        const other = ins.slice(0, place) + String((Number(digit) + 1 + shift) % 10) + ins.slice(place + 1);
        expect(checkInsKey(other)).toBe(false);
      }),
    );
  });
});

describe("reading an INS", () => {
  it("R30: takes blanks, dots and a key apart", () => {
    const expected = { system: identifierSystem.insNir, value: "185057800608491" };
    for (const text of [
      "185057800608491",
      "1 85 05 78 006 084 91",
      "1.85.05.78.006.084/91",
      "1\u00a085\u202f05 78006084 91",
    ])
      expect(parseIns(text)).toEqual(expected);
  });

  it("says of nothing, and of what is no text, that it is no INS", () => {
    for (const input of [undefined, null, 185057800608491, {}, { system: identifierSystem.insNir }, []])
      expect(() => parseIns(input as unknown as string), `${input}`).toThrow(InsError);
  });

  it("R31: keeps the system given, as a uri, an OID or before a bar", () => {
    const test = { system: identifierSystem.insTest, value: "279035121518989" };
    expect(parseIns(test)).toEqual(test);
    expect(parseIns("1.2.250.1.213.1.4.10|279035121518989")).toEqual(test);
    expect(parseIns("279035121518989", { system: identifierSystem.insTest })).toEqual(test);
  });

  it("R32: a number that starts with 7 or 8 is a NIA", () => {
    const value = `7850578006084${computeInsKey("7850578006084")}`;
    expect(parseIns(value).system).toBe(identifierSystem.insNia);
  });

  it("R32: takes the odd months of incomplete civil status, and no others", () => {
    for (const month of ["20", "30", "42", "50", "99"]) {
      const value = `185${month}78006084`;
      expect(parseIns(value + computeInsKey(value)).value).toHaveLength(15);
    }
    for (const month of ["00", "13", "19", "43", "49"]) {
      const value = `185${month}78006084`;
      expect(codeOf(() => parseIns(value + computeInsKey(value)))).toBe("ins-shape");
    }
  });

  it("R34: refuses a wrong key, and lets it pass only for test numbers when asked", () => {
    const faulty = "123456789012345";
    expect(codeOf(() => parseIns("185057800608490"))).toBe("ins-key");
    expect(codeOf(() => parseIns({ system: identifierSystem.insTest, value: "185057800608490" }))).toBe("ins-key");
    const options = { acceptFaultyTestNumbers: true };
    expect(parseIns({ system: identifierSystem.insTest, value: faulty }, options).value).toBe(faulty);
    expect(codeOf(() => parseIns({ system: identifierSystem.insNir, value: "185057800608490" }, options))).toBe(
      "ins-key",
    );
  });

  it("R31: refuses the old INS-C and systems that hold no INS", () => {
    expect(codeOf(() => parseIns({ system: "urn:oid:1.2.250.1.213.1.4.2", value: "185057800608491" }))).toBe(
      "ins-system",
    );
    expect(codeOf(() => parseIns("|185057800608491"))).toBe("ins-system");
    expect(isInsSystem("1.2.250.1.213.1.4.8")).toBe(true);
    expect(isInsSystem(identifierSystem.professional)).toBe(false);
  });

  it("refuses anything else without ever repeating it", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        try {
          const parsed = parseIns(text);
          expect(checkInsKey(parsed.value)).toBe(true);
        } catch (error) {
          if (!(error instanceof InsError)) throw error;
          if (text.trim().length > 4) expect(error.message).not.toContain(text);
        }
      }),
    );
  });
});

const samples = resolve(import.meta.dirname, "../../../../shared/cda/open");
describe.skipIf(!existsSync(samples))("R34: the numbers of the official samples (needs ../shared)", () => {
  it("have a right key, except those that are known to have a wrong one", () => {
    const numbers = new Set<string>();
    for (const file of readdirSync(samples)) {
      const head = readFileSync(join(samples, file), "utf8").slice(0, 20_000);
      const target = head.slice(head.indexOf("<recordTarget"), head.indexOf("</recordTarget"));
      for (const [, value = ""] of target.matchAll(
        /extension="(\w{15})"\s+root="1\.2\.250\.1\.213\.1\.4\.(?:8|9|10|11)"/g,
      ))
        numbers.add(value);
    }
    expect(numbers.size).toBeGreaterThan(3);
    const wrong = [...numbers].filter((value) => !checkInsKey(value)).sort();
    expect(
      wrong.every((value) => ["221042545611404", "222127505611201", "223042545611404"].includes(value)),
      wrong.join(" "),
    ).toBe(true);
    for (const value of numbers) if (!wrong.includes(value)) expect(parseIns(value).value).toBe(value);
  });
});
