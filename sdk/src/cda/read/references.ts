import { saysNothing } from "./polarity.ts";
import { longest, proseOf } from "./prose.ts";
import { aboutOne, type LabelledCell, type Lines, labelledCells } from "./table-lines.ts";
import { attribute, child, children, type ParsedCda, type XmlElement } from "./xml.ts";

/** Reads what coded entries point to in the narrative. */
export interface NarrativeReader {
  /** Text of the element that a `reference` names; `undefined` for dangling, empty, outside or non-text references. */
  text(reference: XmlElement | undefined): string | undefined;
  /** Text of a `text` or `originalText` element: what it points to, else its own words. */
  textOf(element: XmlElement | undefined): string | undefined;
  /** `true` when a `text` or `originalText` points to a whole section, table or list, which names no single thing. */
  pointsToBlock(element: XmlElement | undefined): boolean;
  /** The table row, item or paragraph around what a `text` points to, cells labelled by their headings. */
  surroundings(element: XmlElement | undefined): string | undefined;
  /** The sentence (item, paragraph) that a `text` points into, when it is about that alone. */
  sentence(element: XmlElement | undefined): string | undefined;
  /** Cells about what a `text` points to, with their headings: its row and those that go on about it. */
  cells(element: XmlElement | undefined): readonly LabelledCell[];
}

export function narrativeReader(parsed: ParsedCda): NarrativeReader {
  let folded: Map<string, XmlElement | undefined> | undefined;
  const find = (reference: XmlElement | undefined): XmlElement | undefined => {
    const value = attribute(reference, "value");
    if (!value || value === "#") return undefined;
    const id = value.startsWith("#") ? value.slice(1) : value;
    const exact = parsed.ids.get(id) ?? (id.includes("%") ? parsed.ids.get(decoded(id)) : undefined);
    if (exact)
      return parsed.repeatedIds.has(id)
        ? theOneMeant(reference, [exact, ...(parsed.repeatedIds.get(id) ?? [])])
        : exact;
    // Producers drop accents in one of the two places: an ID that differs by them alone, and is the only one, is meant.
    if (!folded) {
      folded = new Map();
      for (const [key, element] of parsed.ids) {
        const name = fold(key);
        folded.set(name, folded.has(name) ? undefined : element);
      }
    }
    return folded.get(fold(id));
  };
  const known = new Map<XmlElement, string | undefined>();
  const rows = new Map<XmlElement, string | undefined>();
  const tables = new Map<XmlElement | undefined, Lines>();
  const linesOf = (row: XmlElement): Lines => {
    const found = tables.get(row.parent);
    if (found) return found;
    const all = children(row.parent, "tr");
    const lines = { rows: all, at: new Map(all.map((each, index) => [each, index])) };
    tables.set(row.parent, lines);
    return lines;
  };
  const target = (element: XmlElement | undefined) => find(child(element, "reference"));
  const prose = (element: XmlElement | undefined): string | undefined => {
    if (!element || element.name === "observationMedia" || element.name === "regionOfInterest") return undefined;
    // Thousands of entries may point to one table: its words are gathered once.
    if (!known.has(element)) known.set(element, shorten(proseOf(element)));
    return known.get(element);
  };
  const place = (element: XmlElement | undefined): XmlElement | undefined => {
    let around = target(element);
    while (around && !["tr", "item", "paragraph", "text"].includes(around.name)) around = around.parent;
    return around;
  };
  return {
    text: (reference) => prose(find(reference)),
    textOf(element) {
      if (!element) return undefined;
      // A reference that leads nowhere leaves the words beside it.
      const said = (child(element, "reference") ? prose(target(element)) : undefined) ?? proseOf(element);
      // Filling is nothing that a fact could be named by.
      return said === undefined || saysNothing(said) ? undefined : said;
    },
    pointsToBlock: (element) => blocks.has(target(element)?.name ?? ""),
    cells(element) {
      let pointed = target(element);
      while (pointed && !["td", "th", "tr"].includes(pointed.name)) pointed = pointed.parent;
      const row = pointed?.name === "tr" ? pointed : pointed?.parent;
      return row?.name === "tr" ? aboutOne(row, linesOf(row), pointed) : [];
    },
    sentence(element) {
      const around = place(element);
      const isSentence = around?.name === "item" || around?.name === "paragraph";
      return isSentence && identified(around) < 2 ? prose(around) : undefined;
    },
    surroundings(element) {
      const around = place(element);
      if (!around || around.name === "text") return undefined;
      if (around.name !== "tr") return prose(around);
      if (!rows.has(around)) rows.set(around, rowText(around, linesOf(around)));
      return rows.get(around);
    },
  };
}

/** Of several elements under one ID, the one in the section of the reference; none where that leaves it open. */
function theOneMeant(reference: XmlElement | undefined, candidates: readonly XmlElement[]): XmlElement | undefined {
  // One that stands everywhere names nothing, and is not looked for at every reference.
  if (candidates.length > 16) return undefined;
  for (let around = reference?.parent; around; around = around.parent) {
    if (around.name !== "section") continue;
    const inside = candidates.filter((each) => isWithin(each, around));
    if (inside.length > 0) return inside.length === 1 ? inside[0] : undefined;
  }
  return undefined;
}

function isWithin(element: XmlElement, ancestor: XmlElement): boolean {
  for (let around = element.parent; around; around = around.parent) if (around === ancestor) return true;
  return false;
}

/** How many things of a sentence entries may point to. */
function identified(element: XmlElement): number {
  return children(element).reduce((sum, each) => sum + identified(each), attribute(element, "ID") ? 1 : 0);
}

const blocks = new Set(["list", "table", "tbody", "text"]);

/** A reference is an address: producers may write its accents as such. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

const shorten = (text: string | undefined) => (text && text.length > longest ? text.slice(0, longest) : text);

const fold = (id: string) =>
  id
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();

function rowText(row: XmlElement, lines: Lines): string | undefined {
  const filled = labelledCells(row, lines).filter(({ text }) => text !== "");
  const parts = filled.map(({ heading, text }) => (heading ? `${heading} : ${text}` : text));
  return parts.join(" | ").slice(0, longest) || undefined;
}
