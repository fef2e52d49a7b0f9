/**
 * XML 1.0 as CDA uses it, read strictly: no document type, no entity of its own, nothing that is not well-formed. A
 * general parser goes through a document letter by letter, for files that arrive in pieces; this one has it whole and
 * looks for where the next part ends, which takes a third of the time.
 */

/** An attribute as the file writes it, references resolved. */
export interface WrittenAttribute {
  readonly name: string;
  readonly value: string;
}

export type MarkupFault = "cda-malformed" | "cda-entity" | "cda-doctype";

/** What is done with the parts of a document, in their order. Namespaces and names are the reader's own to check. */
export interface MarkupReader {
  /** `true` where blanks alone between two tags mean something. */
  readonly keepsBlanks: boolean;
  open(name: string, attributes: readonly WrittenAttribute[]): void;
  close(): void;
  /** A run of text, or of CDATA. */
  text(run: string): void;
  fail(fault: MarkupFault): never;
}

const nameStart =
  ":A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}";
const nameForm = new RegExp(`^[${nameStart}][-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040${nameStart}]*$`, "u");

/** A name of XML. A document repeats few: each is asked once, by whoever keeps them. */
export const isXmlName = (name: string) => nameForm.test(name);

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/u;
const declaration =
  /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"1\.\d+"|'1\.\d+')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\n]*\?>/;

const [blank, bang, quote, apostrophe, slash, less, equals, greater, question] = [32, 33, 34, 39, 47, 60, 61, 62, 63];
const ampersand = 38;

/** Reads a document from end to end. */
export function readMarkup(source: string, reader: MarkupReader): void {
  const lines = source.includes("\r") ? source.replace(/\r\n?/g, "\n") : source;
  // Read as if it ended at the first character that XML forbids: the place of the fault is then the right one.
  const forbidden = lines.search(notXml);
  const text = forbidden < 0 ? lines : lines.slice(0, forbidden);
  const opened: string[] = [];
  let hasRoot = false;
  let at = /^<\?xml[ \t\n]/.test(text) ? (declaration.exec(text)?.[0].length ?? reader.fail("cda-malformed")) : 0;

  while (at < text.length) {
    const start = skipBlanks(text, at);
    const found = text.charCodeAt(start) === less ? start : text.indexOf("<", start);
    const tag = found < 0 ? text.length : found;
    if (opened.length === 0 && start < tag) reader.fail("cda-malformed");
    if (tag > at && opened.length > 0 && (start < tag || reader.keepsBlanks)) {
      const run = text.slice(at, tag);
      if (run.includes("]]>")) reader.fail("cda-malformed");
      reader.text(resolved(run, reader));
    }
    if (tag === text.length) break;
    const mark = text.charCodeAt(tag + 1);
    if (mark === slash) {
      const name = opened.pop();
      if (name === undefined || !text.startsWith(name, tag + 2)) reader.fail("cda-malformed");
      const end = skipBlanks(text, tag + 2 + name.length);
      if (text.charCodeAt(end) !== greater) reader.fail("cda-malformed");
      reader.close();
      at = end + 1;
    } else if (mark === bang || mark === question) at = aside(text, tag, opened.length > 0, reader);
    else {
      if (opened.length === 0 && hasRoot) reader.fail("cda-malformed");
      hasRoot = true;
      at = element(text, tag, opened, reader);
    }
  }
  if (opened.length > 0 || !hasRoot || forbidden >= 0) reader.fail("cda-malformed");
}

/** A start tag; returns where it ends. */
function element(text: string, tag: number, opened: string[], reader: MarkupReader): number {
  let at = nameEnd(text, tag + 1);
  const name = text.slice(tag + 1, at);
  let attributes = noAttributes;
  for (;;) {
    const begin = skipBlanks(text, at);
    const next = text.charCodeAt(begin);
    if (next === greater) {
      opened.push(name);
      reader.open(name, attributes);
      return begin + 1;
    }
    if (next === slash && text.charCodeAt(begin + 1) === greater) {
      reader.open(name, attributes);
      reader.close();
      return begin + 2;
    }
    const nameStop = nameEnd(text, begin);
    const equal = skipBlanks(text, nameStop);
    const opening = skipBlanks(text, equal + 1);
    const mark = text.charCodeAt(opening);
    if (begin === at || text.charCodeAt(equal) !== equals || (mark !== quote && mark !== apostrophe))
      reader.fail("cda-malformed");
    let isPlain = true;
    let closing = opening + 1;
    for (let code = text.charCodeAt(closing); code !== mark; code = text.charCodeAt(closing)) {
      if (code === less || closing >= text.length) reader.fail("cda-malformed");
      if (code === ampersand || code < blank) isPlain = false;
      closing += 1;
    }
    const written = text.slice(opening + 1, closing);
    const value = isPlain ? written : resolved(written.replace(/[\t\n]/g, " "), reader);
    if (attributes === noAttributes) attributes = [];
    attributes.push({ name: text.slice(begin, nameStop), value });
    at = closing + 1;
  }
}

const noAttributes: WrittenAttribute[] = [];
Object.freeze(noAttributes);

/** What is no element: a comment, CDATA, a processing instruction; returns where it ends. */
function aside(text: string, tag: number, isInside: boolean, reader: MarkupReader): number {
  if (text.charCodeAt(tag + 1) === question) {
    const end = text.indexOf("?>", tag + 2);
    const [target = ""] = end < 0 ? [] : text.slice(tag + 2, end).split(/[ \t\n?]/, 1);
    return isXmlName(target) && !/^xml$/i.test(target) ? end + 2 : reader.fail("cda-malformed");
  }
  if (text.startsWith("<!--", tag)) {
    const end = text.indexOf("--", tag + 4);
    return end >= 0 && text.charCodeAt(end + 2) === greater ? end + 3 : reader.fail("cda-malformed");
  }
  if (text.startsWith("<!DOCTYPE", tag)) reader.fail("cda-doctype");
  const end = isInside && text.startsWith("<![CDATA[", tag) ? text.indexOf("]]>", tag + 9) : -1;
  if (end < 0) reader.fail("cda-malformed");
  if (end > tag + 9) reader.text(text.slice(tag + 9, end));
  return end + 3;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= blank) at += 1;
  return at;
}

/** Where a name that begins there ends: at a blank or at what may follow it in a tag. */
function nameEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= blank || code === equals || code === greater || code === slash) break;
    at += 1;
  }
  return at;
}

const entities: Readonly<Record<string, string>> = { amp: "&", gt: ">", lt: "<", quot: '"', apos: "'" };
const reference = /&(?:(amp|gt|lt|quot|apos)|#x([\da-fA-F]+)|#(\d+));|&/g;

/** A run of text with its references replaced by what they stand for: the five entities of XML, and characters. */
function resolved(run: string, reader: MarkupReader): string {
  if (!run.includes("&")) return run;
  return run.replace(reference, (_, entity?: string, hexadecimal?: string, decimal?: string) => {
    if (entity) return entities[entity] ?? "";
    const code = hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : "";
    return character === "" || notXml.test(character) ? reader.fail("cda-entity") : character;
  });
}
