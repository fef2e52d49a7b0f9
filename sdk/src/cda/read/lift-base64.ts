/**
 * Embedded files make up most of a document's characters and hold no markup. Their base64 is set aside before the
 * parser runs, which then passes over a 200 kB document of level 1 in the time of its header. Only runs made wholly of
 * the base64 alphabet and blanks, between `>` and `<`, are set aside: well-formedness is the same with or without them.
 */
export interface LiftedText {
  readonly text: string;
  readonly payloads: readonly string[];
}

/** Private-use character: marks the place of a payload. A document that uses it itself is parsed whole. */
const mark = "\ue000";
const shortestRun = 2048;

/** Sets base64 payloads of 2 048 characters and more aside. */
export function liftBase64(xml: string): LiftedText {
  if (xml.length < shortestRun || !xml.includes("B64") || xml.includes(mark)) return { text: xml, payloads: [] };
  const payloads: string[] = [];
  let text = "";
  let kept = 0;
  let from = 0;
  for (;;) {
    const found = xml.indexOf("B64", from);
    if (found < 0) break;
    const start = xml.indexOf(">", found) + 1;
    if (start === 0) break;
    // Whatever else says "B64" before this `>` would lead to the same place.
    from = start;
    const end = xml.indexOf("<", start);
    if (end - start < shortestRun || !isBase64(xml, start, end)) continue;
    text += `${xml.slice(kept, start)}${mark}${payloads.length}${mark}`;
    payloads.push(xml.slice(start, end));
    kept = end;
    from = end;
  }
  return payloads.length === 0 ? { text: xml, payloads } : { text: text + xml.slice(kept), payloads };
}

/** Puts payloads back into a text that holds their marks. */
export function restoreBase64(text: string, lifted: LiftedText): string {
  if (lifted.payloads.length === 0 || !text.includes(mark)) return text;
  if (text.startsWith(mark) && text.indexOf(mark, 1) === text.length - 1)
    return lifted.payloads[Number(text.slice(1, -1))] ?? "";
  return text.replace(new RegExp(`${mark}(\\d+)${mark}`, "g"), (_, index) => lifted.payloads[Number(index)] ?? "");
}

/** `true` when nothing foreign to base64 stands before that end. */
function isBase64(text: string, start: number, end: number): boolean {
  foreign.lastIndex = start;
  return foreign.exec(text)?.index === end;
}

const foreign = /[^A-Za-z0-9+/=\t\n\r ]/g;
