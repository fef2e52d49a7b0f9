import { DocumentRejected } from "../../fhir/http/index.ts";
import { type Fields, isFields } from "../../fhir/parse.ts";

const isText = (value: unknown) => typeof value === "string";
const isCode = (value: unknown) => isFields(value) && isText(value.code);
// By its tag: bytes of another window, or of a test's, are bytes.
const isBytes = (value: unknown) => Object.prototype.toString.call(value) === "[object Uint8Array]";

type Check = readonly [isGood: (value: unknown) => boolean, wanted: string];

const bytes: Check = [isBytes, "a Uint8Array"];
const text: Check = [isText, "a text"];
const code: Check = [isCode, "{ code, system? }"];

/** What each kind of input cannot do without. */
const parts: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  cda: { xml: text, content: [(value) => value === undefined || isBytes(value), "a Uint8Array, or nothing"] },
  // `wrapInCda` tells each field of it.
  wrap: {},
  fhir: { bundle: [(value) => isFields(value) && value.resourceType === "Bundle", "a Bundle"] },
  raw: { content: bytes, contentType: text },
};

const metadata: Readonly<Record<string, Check>> = {
  uniqueId: text,
  title: text,
  type: code,
  date: text,
  act: [(value) => isFields(value) && isText(value.start), "{ start }"],
  patient: [isFields, "{ ins, … }"],
  authors: [(value) => Array.isArray(value) && value.every(isFields), "a list of authors"],
  facilityType: code,
  practiceSetting: code,
};

/**
 * Whether something was given that can be deposited: software without types finds here what it forgot, by name.
 * @throws DocumentRejected its place is the field of the input; the cause says what it should be
 */
export function assertInput(input: unknown): void {
  const fields = isFields(input) ? input : {};
  const { kind } = fields;
  const wanted = isText(kind) && Object.hasOwn(parts, `${kind}`) ? parts[`${kind}`] : undefined;
  if (!wanted) throw missing("kind", '"cda", "wrap", "fhir" or "raw"');
  check(fields, wanted, "");
  if (kind !== "fhir" && kind !== "raw") return;
  if (!isFields(fields.metadata)) throw missing("metadata", "what the document does not say itself");
  check(fields.metadata, metadata, "metadata.");
}

function check(fields: Fields, wanted: Readonly<Record<string, Check>>, before: string): void {
  for (const [name, [isGood, what]] of Object.entries(wanted)) {
    if (!isGood(fields[name])) throw missing(before + name, what);
  }
}

function missing(place: string, what: string): DocumentRejected {
  return new DocumentRejected(`deposit (${place})`, { place, cause: new TypeError(`${place}: ${what}`) });
}
