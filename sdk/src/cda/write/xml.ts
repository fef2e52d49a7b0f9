/** A piece of XML that is already written and escaped. Only this module makes it out of text. */
export interface XmlPiece {
  readonly xml: string;
}

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = XmlPiece | string | undefined | readonly Child[];

export const nothing: XmlPiece = { xml: "" };

/** Writes an element: attributes and text are escaped, `undefined` is left out, attributes keep their order. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly Child[]): XmlPiece {
  let opening = `<${name}`;
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) opening += ` ${key}="${escapeAttribute(String(value))}"`;
  const inner = children.map(writeChild).join("");
  return { xml: inner === "" ? `${opening}/>` : `${opening}>${inner}</${name}>` };
}

export function pieces(...children: readonly Child[]): XmlPiece {
  return { xml: children.map(writeChild).join("") };
}

/** Marks text that needs no escaping, such as base64: escaping megabytes would cost time and change nothing. */
export function verbatim(text: string): XmlPiece {
  return { xml: text };
}

function writeChild(child: Child): string {
  if (child === undefined) return "";
  if (typeof child === "string") return escapeText(child);
  return "xml" in child ? child.xml : child.map(writeChild).join("");
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

/** Escapes for text and attributes alike; characters that XML 1.0 cannot hold at all become U+FFFD. */
export function escapeText(text: string): string {
  return text.replace(unwritable, "\ufffd").replace(/[&<>"\r]/g, (character) => escapes[character] ?? character);
}

/** Line breaks and tabs too: a parser would turn them into blanks. */
function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");
}

/** What XML 1.0 does not allow: controls, two non-characters, halves of surrogate pairs. */
const unwritable = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

export const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
