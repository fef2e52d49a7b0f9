/**
 * Bodies in JSON. The base64 of a document makes up nearly all of a deposit: it is decoded from the bytes where it
 * stands, and the parser sees the rest only. The answer is the parser's own in every other respect.
 */
import { isUtf8 } from "node:buffer";
import { randomBytes } from "node:crypto";
import { decodeBase64Bytes, EncodedContent } from "../admission/index.ts";
import { WireError } from "./outcome.ts";

/** Escapes of NUL and of halves of characters: no text that a database keeps, nor that FHIR allows. */
const ESCAPED_NON_TEXT = /\\u(?:0000|[dD][89a-fA-F])/;
const HALF_CHARACTER = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function refuseNonText(key: string, value: unknown): unknown {
  const isNonText = (text: string) => text.includes("\0") || HALF_CHARACTER.test(text);
  if (isNonText(key) || (typeof value === "string" && isNonText(value))) throw new SyntaxError("not text");
  return value;
}

/**
 * Parses a body.
 * @param holdsContents whether long values of `data` in strict base64 come out as {@link EncodedContent}
 * @throws WireError 400 when it is not JSON in UTF-8, or holds what is no text (NUL, halves of characters)
 */
export function parseJsonBody(body: Buffer, holdsContents: boolean): unknown {
  try {
    if (!isUtf8(body)) throw new SyntaxError("not UTF-8");
    const { text, contents } = holdsContents ? liftContents(body) : whole(body);
    const json: unknown = JSON.parse(text, ESCAPED_NON_TEXT.test(text) ? refuseNonText : undefined);
    if (contents.length > 0) putBack(json, contents);
    return json;
  } catch {
    throw new WireError(400, [
      { code: "structure", fr: "Le corps n'est pas du JSON en UTF-8.", en: "The body is not JSON in UTF-8." },
    ]);
  }
}

/** A body without its long contents. Mark number `n` stands for content `n`. */
interface Lifted {
  readonly text: string;
  readonly contents: readonly EncodedContent[];
}

const whole = (body: Buffer): Lifted => ({ text: body.toString(), contents: [] });

const NAME = Buffer.from('"data"');
const [COLON, QUOTE] = [0x3a, 0x22];
const BLANKS: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);
/** Shorter contents cost the parser nothing. */
const SHORTEST = 4096;
/** More names than this are not followed: no deposit has them, and each costs a search. */
const MAX_NAMES = 2000;

/** Nobody outside can guess it: a value that begins with it is one of ours. */
const MARK = `carnet-content-${randomBytes(16).toString("hex")}-`;

/**
 * What follows `"data"`, a colon and a quote is a string in the JSON, or the text before it is no JSON, with or without
 * that string: an escaped quote cannot follow the letter, the colon or a blank. And of a string made of base64 alone only
 * its quotes matter to the parser. So the marked text is JSON exactly when the body is.
 */
function liftContents(body: Buffer): Lifted {
  const contents: EncodedContent[] = [];
  let text = "";
  let kept = 0;
  let from = 0;
  for (let names = 0; names < MAX_NAMES; names++) {
    const name = body.indexOf(NAME, from);
    if (name < 0) break;
    from = name + NAME.length;
    const colon = afterBlanks(body, from);
    if (body[colon] !== COLON) continue;
    const quote = afterBlanks(body, colon + 1);
    if (body[quote] !== QUOTE) continue;
    const start = quote + 1;
    const end = body.indexOf(QUOTE, start);
    if (end < 0) break;
    from = end;
    if (end - start < SHORTEST) continue;
    const bytes = decodeBase64Bytes(body.subarray(start, end));
    if (!bytes) continue;
    text += `${body.toString("utf8", kept, start)}${MARK}${contents.length}`;
    kept = end;
    contents.push(new EncodedContent(bytes));
  }
  return contents.length === 0 ? whole(body) : { text: text + body.toString("utf8", kept), contents };
}

function afterBlanks(body: Buffer, from: number): number {
  let at = from;
  while (BLANKS.has(body[at])) at++;
  return at;
}

/** Puts each content where its mark stands. Without recursion: a body may be nested without end. */
function putBack(json: unknown, contents: readonly EncodedContent[]): void {
  const open: unknown[] = [json];
  // Of two values with one name the parser keeps the last: then marks are left that nobody finds.
  let left = contents.length;
  while (open.length > 0 && left > 0) {
    const node = open.pop();
    if (typeof node !== "object" || node === null) continue;
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === "object") open.push(value);
      else if (typeof value === "string" && value.startsWith(MARK)) {
        // Its name ends with "data", so it is none that JavaScript gives a meaning to.
        Object.assign(node, { [key]: contents[Number(value.slice(MARK.length))] });
        left -= 1;
      }
    }
  }
}
