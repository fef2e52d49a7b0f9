/**
 * Narrative (Narrative.div): well-formed XHTML without active content. Source: FHIR R4 txt-1 and txt-2.
 * The check never builds a DOM: it walks the text once and refuses what it does not know.
 */

const elements = new Set(
  (
    "a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img " +
    "li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var"
  ).split(" "),
);
const attributes = new Set(
  (
    "abbr accesskey align alt axis border bordercolor cellhalign cellpadding cellspacing cellvalign char charoff charset " +
    "cite class color colspan compact coords datetime dir frame headers height href hreflang hspace id lang longdesc " +
    "name nowrap rel rev rowspan rules scope shape span src start style summary tabindex title type valign value vspace " +
    "width xml:base xml:id xml:lang xmlns"
  ).split(" "),
);
const safeAddress = /^(#|https?:|mailto:|tel:|data:image\/(png|jpeg|gif);base64,)/i;
const activeStyle = /expression\s*\(|url\s*\(|@import|behavior\s*:|-moz-binding/i;
const xhtmlNamespace = "http://www.w3.org/1999/xhtml";
const entityPattern = /&(?!(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#x[0-9a-fA-F]{1,6});)/;
const tagPattern = /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z_:][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/;
const attributePattern = /([a-zA-Z_:][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;

function areAttributesSafe(text: string): boolean {
  const seen = new Set<string>();
  for (const [, name = "", double, single] of text.matchAll(attributePattern)) {
    const value = double ?? single ?? "";
    if (seen.has(name) || !attributes.has(name) || entityPattern.test(value)) return false;
    seen.add(name);
    if (name === "xmlns" && value !== xhtmlNamespace) return false;
    // A reference such as &#106;avascript: hides the scheme from the test below.
    if ((name === "href" || name === "src") && (value.includes("&#") || !safeAddress.test(value.trim()))) return false;
    if (name === "style" && (value.includes("&") || value.includes("\\") || activeStyle.test(value))) return false;
  }
  return true;
}

/** Is this text one `<div xmlns="http://www.w3.org/1999/xhtml">` of well-formed, inactive XHTML with some content? */
export function isSafeNarrative(div: string): boolean {
  if (!/^\s*<div[\s>]/.test(div) || !div.includes(xhtmlNamespace)) return false;
  const open: string[] = [];
  let hasContent = false;
  let isClosed = false;
  let at = div.indexOf("<");
  while (at < div.length) {
    if (div[at] !== "<") {
      const next = div.indexOf("<", at);
      const end = next === -1 ? div.length : next;
      const text = div.slice(at, end);
      if (text.trim() !== "") {
        if (isClosed || entityPattern.test(text)) return false;
        hasContent = true;
      }
      at = end;
      continue;
    }
    if (isClosed) return false;
    if (div.startsWith("<!--", at)) {
      const end = div.indexOf("-->", at);
      if (end === -1) return false;
      at = end + 3;
      continue;
    }
    const tag = tagPattern.exec(div.slice(at, div.indexOf(">", at) + 1));
    if (!tag) return false;
    const [whole, slash, name = "", attributeText = "", selfClosing] = tag;
    if (!elements.has(name)) return false;
    if (slash === "/") {
      if (open.pop() !== name || attributeText !== "" || selfClosing === "/") return false;
      isClosed = open.length === 0;
    } else {
      if (!areAttributesSafe(attributeText)) return false;
      if (open.length === 0 && !attributeText.includes(xhtmlNamespace)) return false;
      if (name === "img") hasContent = true;
      if (selfClosing !== "/") open.push(name);
      if (open.length > 64) return false;
    }
    at += whole.length;
  }
  return isClosed && hasContent;
}
