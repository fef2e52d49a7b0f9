import type { CodeableConcept, Composition, CompositionSection } from "fhir/r4.js";
import { dateInWords } from "../fhir/date-words.ts";
import { extensionUrl } from "../fhir/systems.ts";
import { checkSectionSystem } from "./computed.ts";
import { toWords } from "./narrative.ts";
import { type PlainBlock, plainBlocks } from "./plain-blocks.ts";
import { sectionRules } from "./sections.ts";
import type { SourceDocument } from "./source-document.ts";
import { normalise } from "./words.ts";

/** Syntheses: the French medical synthesis (volet de synthèse médicale, VSM), the patient summary. */
const SYNTHESES: ReadonlySet<string> = new Set(["SYNTH", "60591-5"]);
const MOST_DOCUMENTS = 3;
/** Of one document, over all its sections. */
const MOST_CHARACTERS = 4000;
const MOST_SECTIONS = 24;
const LONGEST_TITLE = 200;
const DEEPEST = 10;

const LOINC = "http://loinc.org";
/** Points of vigilance (points de vigilance): the French synthesis files them under the code of results. */
const VIGILANCE = "44944-7";
/** For a section whose code this summary uses for a section of entries: IPS lets each of those stand once. */
const WORDS = "55112-7";
const STORY = "81338-6";
const TAKEN: ReadonlySet<string> = new Set([...Object.values(sectionRules).map(({ code }) => code), STORY]);
/** Said where nothing was said. */
const NOT_STATED: ReadonlySet<string> = new Set(["", "non renseigne", "non precise", "section vide", "not recorded"]);

const words = {
  fr: { untitled: "Texte du document", from: "Document du", rest: "… La suite est dans le document." },
  en: { untitled: "Text of the document", from: "Document of", rest: "… The rest is in the document." },
} as const;

/** A section of a synthesis that is told in words only, as a section of the summary. */
export interface ToldInWords {
  readonly section: CompositionSection;
  /** Points of vigilance are read first. */
  readonly isVigilance: boolean;
  /** Code of the section in its document. */
  readonly code: string | undefined;
}

interface Told extends ToldInWords {
  readonly key: string;
}

/**
 * What the newest syntheses tell without any entry: points of vigilance, risk factors, conclusions. The text is written
 * anew from plain text; nothing of the markup is kept. Bounded: three documents, 4 000 characters each.
 *
 * @param documents current ones, newest first
 * @param known uniqueIds of all documents: a section copied out of one of them is left to that document
 */
export function toldInWords(
  documents: readonly SourceDocument[],
  known: ReadonlySet<string>,
  locale: "fr" | "en",
): ToldInWords[] {
  const told = new Map<string, Told>();
  let count = 0;
  for (const document of documents) {
    if (count === MOST_DOCUMENTS) break;
    const composition = compositionOf(document);
    if (!composition?.type?.coding?.some(({ code }) => SYNTHESES.has(code ?? ""))) continue;
    const sections = narrativeSections(composition, document, known);
    if (sections.length > 0) count++;
    for (const one of toSections(sections, document, locale)) {
      const same = told.get(one.key);
      if (same) same.section.extension?.push({ url: extensionUrl.factSource, valueUri: document.id });
      else told.set(one.key, one);
    }
  }
  // IPS has one place for the patient's own story: the newest takes it.
  const story = [...told.values()].find(({ code }) => code === STORY);
  if (story) story.section.code = concept(STORY);
  return [...told.values()];
}

function compositionOf({ bundle }: SourceDocument): Composition | undefined {
  for (const { resource } of bundle.entry ?? []) if (resource?.resourceType === "Composition") return resource;
  return undefined;
}

/** Sections that say something and have no entry, in reading order, about the patient. */
function narrativeSections(
  composition: Composition,
  document: SourceDocument,
  known: ReadonlySet<string>,
): CompositionSection[] {
  const found: CompositionSection[] = [];
  const visit = (sections: readonly CompositionSection[] | undefined, depth: number) => {
    for (const section of sections ?? []) {
      // A section about somebody else has sections about somebody else.
      if (!isAbout(section, document) || isOfChecks(section)) continue;
      if (isToldInWords(section, document) && !isCopy(section, known)) found.push(section);
      if (depth < DEEPEST) visit(section.section, depth + 1);
    }
  };
  visit(composition.section, 0);
  return found;
}

/** What an earlier summary checked was true on its day. */
function isOfChecks({ code }: CompositionSection): boolean {
  return code?.coding?.some(({ system }) => system === checkSectionSystem) ?? false;
}

function isAbout({ focus }: CompositionSection, document: SourceDocument): boolean {
  if (!focus) return true;
  const target = focus.reference ? document.resolve(focus.reference) : undefined;
  return target !== undefined && target === document.patient;
}

function isToldInWords({ text, entry, emptyReason }: CompositionSection, document: SourceDocument): boolean {
  if (emptyReason || !text?.div || text.status === "empty") return false;
  if (entry?.some(({ reference }) => reference !== undefined && document.resolve(reference))) return false;
  const { blocks } = plainBlocks(text.div, 40);
  return !NOT_STATED.has(normalise(blocks.map(textOf).join(" ")));
}

function isCopy({ extension }: CompositionSection, known: ReadonlySet<string>): boolean {
  return extension?.some(({ url, valueUri }) => url === extensionUrl.factSource && known.has(valueUri ?? "")) ?? false;
}

function toSections(sections: readonly CompositionSection[], document: SourceDocument, locale: "fr" | "en"): Told[] {
  const text = words[locale];
  let left = MOST_CHARACTERS;
  return sections.slice(0, MOST_SECTIONS).map((section, index): Told => {
    const { blocks, isCut } = plainBlocks(section.text?.div ?? "", left);
    left = Math.max(0, left - blocks.reduce((sum, block) => sum + textOf(block).length, 0));
    const title = titleOf(section) ?? text.untitled;
    const code = section.code?.coding?.find((one) => one.code)?.code;
    const isVigilance = code === VIGILANCE || /vigilance/i.test(title);
    const isRestLeftOut = isCut || (index === MOST_SECTIONS - 1 && sections.length > MOST_SECTIONS);
    return {
      key: JSON.stringify([normalise(title), blocks, isRestLeftOut]),
      isVigilance,
      code,
      section: {
        extension: [{ url: extensionUrl.factSource, valueUri: document.id }],
        title,
        code: isVigilance ? concept(VIGILANCE) : ownCode(section.code),
        text: toWords([
          ...(document.date ? [line(`${text.from} ${dateInWords(document.date, locale)}`)] : []),
          ...blocks,
          ...(isRestLeftOut ? [line(text.rest)] : []),
        ]),
      },
    };
  });
}

function titleOf({ title, code }: CompositionSection): string | undefined {
  const given = title ?? code?.text ?? code?.coding?.find((one) => one.display)?.display ?? "";
  const plain = given.replace(/[\s\p{Cc}\p{Cs}]+/gu, " ").trim();
  if (plain === "") return undefined;
  return plain.length > LONGEST_TITLE ? `${plain.slice(0, LONGEST_TITLE).trimEnd()}…` : plain;
}

function ownCode(code: CodeableConcept | undefined): CodeableConcept {
  const coding = (code?.coding ?? []).flatMap(({ system, code: value, display }) =>
    system && value ? [{ system, code: value, ...(display ? { display } : {}) }] : [],
  );
  return coding.length === 0 || coding.some((one) => TAKEN.has(one.code)) ? concept(WORDS) : { coding };
}

function concept(code: string): CodeableConcept {
  return { coding: [{ system: LOINC, code }] };
}

function line(text: string): PlainBlock {
  return { kind: "p", text };
}

function textOf(block: PlainBlock): string {
  return block.kind === "row" ? block.cells.join(" ") : block.text;
}
