import * as identifierSystem from "../fhir/identifier-systems.ts";

/** National health identity (INS): the system says NIR, NIA or test; the value has 15 characters, key included. */
export interface Ins {
  readonly system: string;
  readonly value: string;
}

export type InsErrorCode = "ins-shape" | "ins-key" | "ins-system";

const explanations: Record<InsErrorCode, string> = {
  "ins-shape": "An INS has 15 characters.",
  "ins-key": "Wrong key: check the number.",
  "ins-system": "This system holds no INS.",
};

/** Why a text is not an INS. The message never repeats the number. */
export class InsError extends Error {
  override readonly name = "InsError";
  readonly code: InsErrorCode;
  constructor(code: InsErrorCode) {
    super(explanations[code]);
    this.code = code;
  }
}

export interface ParseInsOptions {
  /** System of an INS given as text; by default INS-NIA when the number starts with 7 or 8, else INS-NIR. */
  readonly system?: string;
  /**
   * Let numbers with a wrong key or an impossible month pass under the test and demonstration systems (R34):
   * several published sample documents carry such numbers. Default `false`.
   */
  readonly acceptFaultyTestNumbers?: boolean;
}

const testSystems: readonly string[] = [identifierSystem.insTest, identifierSystem.insDemonstration];
const acceptedSystems: readonly string[] = [identifierSystem.insNir, identifierSystem.insNia, ...testSystems];

/** Sex, year, month (1–12, 20–42, 50–99), department (2A and 2B too), commune, order, key. Source: R32. */
const shape = /^[1-478]\d{2}(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)(?:\d{2}|2[AB])\d{6}\d{2}$/;
const looseShape = /^\d{5}(?:\d{2}|2[AB])\d{8}$/;

/**
 * Key (clé) of the 13 characters of a number: 97 − (number mod 97), with 2A read as 19 and 2B as 18. Source: R33.
 * @returns two digits, `01` to `97`
 * @throws {InsError} `ins-shape` when these are not 13 characters of a number
 */
export function computeInsKey(number: string): string {
  const compact = squeeze(number);
  if (!/^\d{5}(?:\d{2}|2[AB])\d{6}$/.test(compact)) throw new InsError("ins-shape");
  return keyOf(compact);
}

/** Of what begins with 13 characters of a number. */
function keyOf(compact: string): string {
  // 13 digits fit exactly in a double (< 2^53): no big integer needed.
  const digits = Number(compact.slice(0, 13).replace("2A", "19").replace("2B", "18"));
  return String(97 - (digits % 97)).padStart(2, "0");
}

/** Whether the two last digits are the key of the 13 first (R33). `false` for what is not a number at all. */
export function checkInsKey(value: string): boolean {
  const compact = squeeze(value);
  return looseShape.test(compact) && hasKey(compact);
}

function hasKey(compact: string): boolean {
  return keyOf(compact) === compact.slice(13);
}

/**
 * Reads an INS: 15 characters with or without blanks, `system|value`, or an object.
 *
 * @example
 * parseIns("1 85 05 78 006 084 91") // { system: "urn:oid:1.2.250.1.213.1.4.8", value: "185057800608491" }
 *
 * @throws {InsError} `ins-shape`, `ins-key` or `ins-system`. Sources: R30 to R34; the old INS-C and INS-A are refused (R31).
 */
export function parseIns(input: string | Ins, options: ParseInsOptions = {}): Ins {
  const { system: named, value: raw } = typeof input === "string" ? split(input) : Object(input);
  const value = squeeze(`${raw}`);
  const system = normaliseSystem(named ?? options.system) ?? defaultSystem(value);
  if (!acceptedSystems.includes(system)) throw new InsError("ins-system");
  const isLoose = options.acceptFaultyTestNumbers === true && testSystems.includes(system);
  if (!(isLoose ? looseShape : shape).test(value)) throw new InsError("ins-shape");
  if (!isLoose && !hasKey(value)) throw new InsError("ins-key");
  return { system, value };
}

/** Whether this system holds an INS (NIR, NIA, test or demonstration). */
export function isInsSystem(system: string): boolean {
  return acceptedSystems.includes(normaliseSystem(system) ?? "");
}

function split(input: string): { system?: string; value: string } {
  const bar = input.indexOf("|");
  return bar < 0 ? { value: input } : { system: input.slice(0, bar), value: input.slice(bar + 1) };
}

function squeeze(text: string): string {
  // Longer than any way of writing 15 characters: no need to look at it.
  return text.length > 64 ? "" : text.replace(/[\s\u00a0\u202f.\-/]/g, "").toUpperCase();
}

function normaliseSystem(system: string | undefined): string | undefined {
  return system !== undefined && /^\d+(?:\.\d+)+$/.test(system) ? `urn:oid:${system}` : system;
}

function defaultSystem(value: string): string {
  return /^[78]/.test(value) ? identifierSystem.insNia : identifierSystem.insNir;
}
