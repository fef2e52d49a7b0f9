/** The primitive types of FHIR R4 (https://hl7.org/fhir/R4/datatypes.html), as tests on JSON values. */

/** JSON type of each primitive. */
export const primitiveJsonType = {
  boolean: "boolean",
  integer: "number",
  unsignedInt: "number",
  positiveInt: "number",
  decimal: "number",
  string: "string",
  markdown: "string",
  code: "string",
  id: "string",
  uri: "string",
  url: "string",
  canonical: "string",
  oid: "string",
  uuid: "string",
  date: "string",
  dateTime: "string",
  instant: "string",
  time: "string",
  base64Binary: "string",
  xhtml: "string",
} as const;

export type PrimitiveType = keyof typeof primitiveJsonType;

export function isPrimitiveType(type: string): type is PrimitiveType {
  return Object.hasOwn(primitiveJsonType, type);
}

const datePattern = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
// FHIR allows the 60th second, and neither JavaScript nor the database knows it: what bears it could be kept by nobody.
const dateTimePattern =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))$/;
const timePattern = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?$/;
const codePattern = /^\S+(\s\S+)*$/;
const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;
const oidPattern = /^urn:oid:[0-2](\.(0|[1-9]\d*))+$/;
const uuidPattern = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: FHIR strings forbid exactly these characters
const forbiddenInString = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/u;
const maxStringLength = 1_048_576;

function isRealDay(year: string, month: string | undefined, day: string | undefined): boolean {
  if (year === "0000") return false;
  if (month === undefined) return true;
  const monthNumber = Number(month);
  if (monthNumber < 1 || monthNumber > 12) return false;
  if (day === undefined) return true;
  const lastDay = new Date(Date.UTC(Number(year) % 400 === 0 ? 2000 : Number(year), monthNumber, 0)).getUTCDate();
  return Number(day) >= 1 && Number(day) <= lastDay;
}

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, a day that exists. */
export function isDate(text: string): boolean {
  const match = datePattern.exec(text);
  return match !== null && isRealDay(match[1] ?? "", match[2], match[3]);
}

/** Full date and time with its zone. */
export function isInstant(text: string): boolean {
  const match = dateTimePattern.exec(text);
  return match !== null && isRealDay(match[1] ?? "", match[2], match[3]);
}

export function isOid(text: string): boolean {
  return oidPattern.test(text);
}

/** Lower-case `urn:uuid:` (RFC 4122 output form, asked for by FHIR). */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

function isUri(text: string): boolean {
  if (text === "" || /\s/.test(text) || forbiddenInString.test(text)) return false;
  if (text.startsWith("urn:oid:")) return isOid(text);
  if (text.startsWith("urn:uuid:")) return isUuid(text);
  return true;
}

function isText(text: string): boolean {
  return text.length <= maxStringLength && text.trim() !== "" && !forbiddenInString.test(text);
}

/**
 * Decodes base64 strictly: standard alphabet, right padding, complete groups, no stray bits. White space between
 * characters is allowed, as in FHIR.
 * @returns undefined when the text is not base64 (truncated texts included).
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  // Node's decoder is lenient: it skips foreign characters and takes the url alphabet. Each lenience shows as a
  // difference of length, or is excluded by name: so the long text is read once, by native code.
  if (text.includes("-") || text.includes("_")) return undefined;
  // White space is the one lenience that FHIR allows. It is rare: the text is searched for it only after a first failure.
  return decodeCompact(text) ?? (/\s/.test(text) ? decodeCompact(text.replace(/\s+/g, "")) : undefined);
}

function decodeCompact(compact: string): Uint8Array | undefined {
  if (compact === "" || compact.length % 4 !== 0) return undefined;
  const padding = compact.endsWith("==") ? 2 : compact.endsWith("=") ? 1 : 0;
  const bytes = Buffer.from(compact, "base64");
  if (bytes.length !== (compact.length / 4) * 3 - padding) return undefined;
  const tail = bytes.subarray(Math.max(0, bytes.length - (3 - padding)));
  if (padding > 0 && tail.toString("base64") !== compact.slice(-4)) return undefined;
  return bytes;
}

const tests: Readonly<Record<PrimitiveType, (value: never) => boolean>> = {
  boolean: () => true,
  integer: (value: number) => Number.isInteger(value) && Math.abs(value) < 2 ** 31,
  unsignedInt: (value: number) => Number.isInteger(value) && value >= 0 && value < 2 ** 31,
  positiveInt: (value: number) => Number.isInteger(value) && value > 0 && value < 2 ** 31,
  decimal: (value: number) => Number.isFinite(value),
  string: isText,
  markdown: isText,
  code: (value: string) => codePattern.test(value) && !forbiddenInString.test(value),
  id: (value: string) => idPattern.test(value),
  uri: isUri,
  url: isUri,
  canonical: isUri,
  oid: isOid,
  uuid: isUuid,
  date: isDate,
  dateTime: (value: string) => isDate(value) || isInstant(value),
  instant: isInstant,
  time: (value: string) => timePattern.test(value),
  base64Binary: (value: string) => decodeBase64(value) !== undefined,
  xhtml: (value: string) => value !== "",
};

/** Is this JSON value a valid primitive of that type? The JSON type is checked first, by the caller. */
export function isValidPrimitive(type: PrimitiveType, value: unknown): boolean {
  return tests[type](value as never);
}

/**
 * Does a period end before it starts (invariant per-1)? Dates of different precision are compared on what both state.
 */
export function endsBeforeStart(start: string, end: string): boolean {
  if (start.length > 10 && end.length > 10) return Date.parse(end) < Date.parse(start);
  const shared = Math.min(start.length, end.length, 10);
  return end.slice(0, shared) < start.slice(0, shared);
}
