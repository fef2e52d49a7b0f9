/**
 * A strict scanner of XML 1.0 without document types: it tells elements, attributes and text in their order, and stops
 * at the first thing that is not well-formed. It knows the five entities of XML and character references alone, and no
 * namespaces. CDA needs no more, and a general parser costs twice the time and four times the bytes.
 */
export interface XmlEvents {
  /**
   * @param names - Names of the attributes, then what the list held before: only the first `count` count. The scanner
   *   does not look for attributes given twice.
   * @param isEmpty - `true` for `<a/>`; its `close` follows at once.
   */
  open(name: string, names: readonly string[], values: readonly string[], count: number, isEmpty: boolean): void;
  close(): void;
  /** Text or CDATA, each run as it stands between tags, comments and instructions. */
  text(text: string): void;
}

/** `doctype` and `entity` name what is refused; `malformed` anything else that is not well-formed. */
export class XmlScanError extends Error {
  readonly kind: "doctype" | "entity" | "malformed";

  constructor(kind: "doctype" | "entity" | "malformed") {
    super(kind);
    this.kind = kind;
  }
}

const entities: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

const nameStart =
  ":A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}";
const wholeName = new RegExp(`^[${nameStart}][${nameStart}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}]*$`, "u");
/** A cheap look first: half of a surrogate pair is suspect, and then looked at closely. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const suspect = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/u;
const blanks = "[ \\t\\n]";
const declaration = new RegExp(
  `^<\\?xml${blanks}+version${blanks}*=${blanks}*(?:"1\\.\\d+"|'1\\.\\d+')` +
    `(?:${blanks}+encoding${blanks}*=${blanks}*(?:"[A-Za-z][\\w.-]*"|'[A-Za-z][\\w.-]*'))?` +
    `(?:${blanks}+standalone${blanks}*=${blanks}*(?:"(?:yes|no)"|'(?:yes|no)'))?${blanks}*\\?>`,
);
/** Where a name must have ended: blanks, markup and quotes; other characters are judged with the whole name. */
const endsName = new Uint8Array(128);
for (const character of "\t\n =/><'\"?&") endsName[character.charCodeAt(0)] = 1;

const isBlankCode = (code: number) => code === 32 || code === 10 || code === 9;

/**
 * Scans a document from its declaration to its end.
 *
 * @throws XmlScanError, and whatever the events throw.
 */
export function scanXml(source: string, events: XmlEvents): void {
  const xml = source.includes("\r") ? source.replace(/\r\n?/g, "\n") : source;
  if (suspect.test(xml) && forbidden.test(xml)) fail();
  const mayEndCdata = xml.includes("]]>");
  const open: string[] = [];
  const known = new Map<string, string>();
  const names: string[] = [];
  const values: string[] = [];
  let hasRoot = false;
  let at = /^<\?xml[ \t\n]/.test(xml) ? (declaration.exec(xml) ?? fail())[0].length : 0;

  const nameAt = (from: number): string => {
    let end = from;
    for (let code = xml.charCodeAt(end); code > 127 || endsName[code] === 0; code = xml.charCodeAt(end)) end += 1;
    at = end;
    const name = xml.slice(from, end);
    const same = known.get(name);
    if (same !== undefined) return same;
    if (!wholeName.test(name)) fail();
    known.set(name, name);
    return name;
  };
  const skipBlanks = () => {
    while (isBlankCode(xml.charCodeAt(at))) at += 1;
  };
  const attributeValue = (): string => {
    skipBlanks();
    if (xml.charCodeAt(at) !== 61) fail();
    at += 1;
    skipBlanks();
    const quote = xml.charCodeAt(at);
    if (quote !== 34 && quote !== 39) fail();
    const from = at + 1;
    let isPlain = true;
    let end = from;
    for (let code = xml.charCodeAt(end); code !== quote; code = xml.charCodeAt(end)) {
      // NaN: the document ends within the value.
      if (code === 60 || Number.isNaN(code)) fail();
      if (code === 38 || code < 32) isPlain = false;
      end += 1;
    }
    at = end + 1;
    const value = xml.slice(from, end);
    return isPlain ? value : decoded(value.replace(/[\t\n]/g, " "));
  };
  const startTag = () => {
    if (open.length === 0 && hasRoot) fail();
    hasRoot = true;
    const name = nameAt(at + 1);
    let count = 0;
    for (;;) {
      const before = at;
      skipBlanks();
      const code = xml.charCodeAt(at);
      if (code === 62) {
        at += 1;
        open.push(name);
        events.open(name, names, values, count, false);
        return;
      }
      if (code === 47) {
        if (xml.charCodeAt(at + 1) !== 62) fail();
        at += 2;
        events.open(name, names, values, count, true);
        events.close();
        return;
      }
      if (at === before) fail();
      names[count] = nameAt(at);
      values[count] = attributeValue();
      count += 1;
    }
  };
  const endTag = () => {
    const name = open.pop();
    if (name === undefined || !xml.startsWith(name, at + 2)) fail();
    at += 2 + name.length;
    skipBlanks();
    if (xml.charCodeAt(at) !== 62) fail();
    at += 1;
    events.close();
  };
  /** Where that text begins, from there on. */
  const find = (text: string, from: number): number => {
    const found = xml.indexOf(text, from);
    return found < 0 ? fail() : found;
  };
  const instruction = () => {
    const target = nameAt(at + 2);
    if (target.toLowerCase() === "xml") fail();
    if (!isBlankCode(xml.charCodeAt(at)) && !xml.startsWith("?>", at)) fail();
    at = find("?>", at) + 2;
  };
  const declared = () => {
    if (xml.startsWith("<!--", at)) {
      const end = find("--", at + 4);
      if (xml.charCodeAt(end + 2) !== 62) fail();
      at = end + 3;
    } else if (xml.startsWith("<![CDATA[", at) && open.length > 0) {
      const end = find("]]>", at + 9);
      events.text(xml.slice(at + 9, end));
      at = end + 3;
    } else throw new XmlScanError(xml.startsWith("<!DOCTYPE", at) ? "doctype" : "malformed");
  };

  while (at < xml.length) {
    if (xml.charCodeAt(at) !== 60) {
      const next = xml.indexOf("<", at);
      const end = next < 0 ? xml.length : next;
      const text = xml.slice(at, end);
      if (mayEndCdata && text.includes("]]>")) fail();
      if (open.length > 0) events.text(text.includes("&") ? decoded(text) : text);
      else if (/[^ \t\n]/.test(text)) fail();
      at = end;
      continue;
    }
    const code = xml.charCodeAt(at + 1);
    if (code === 47) endTag();
    else if (code === 33) declared();
    else if (code === 63) instruction();
    else startTag();
  }
  if (!hasRoot || open.length > 0) fail();
}

function fail(): never {
  throw new XmlScanError("malformed");
}

/** Text with its entities and character references replaced. */
function decoded(text: string): string {
  return text.replace(/&([^;&]*)(;?)/g, (_, name: string, end: string) => {
    const character = end === ";" ? (entities.get(name) ?? referenced(name)) : undefined;
    if (character === undefined) throw new XmlScanError("entity");
    return character;
  });
}

function referenced(name: string): string | undefined {
  const [, hexadecimal, decimal] = /^#(?:x([\da-fA-F]+)|(\d+))$/.exec(name) ?? [];
  const digits = hexadecimal ?? decimal;
  if (digits === undefined) return undefined;
  const code = Number.parseInt(digits, hexadecimal === undefined ? 10 : 16);
  if (!(code <= 0x10ffff)) return undefined;
  const character = String.fromCodePoint(code);
  return forbidden.test(character) ? undefined : character;
}
